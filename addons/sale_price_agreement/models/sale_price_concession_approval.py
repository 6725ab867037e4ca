from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_compare, float_round, formatLang

#: products whose depth is worked out for the reviewers
_SHOWN = 20


class SalePriceConcession(models.Model):
    """Who agrees to a concession, what he sees, and what happens then (SPEC B8, C2)."""

    _inherit = "sale.price.concession"

    def _approval_get_company(self):
        """EXTENDS 'document_approval'."""
        return self.company_id.root_id

    def _approval_excluded_users(self):
        """EXTENDS 'document_approval': nor who is responsible (SPEC B5)."""
        # sudo: who is responsible, whoever asks
        return super()._approval_excluded_users() | self.sudo().user_id

    def _approval_owner(self):
        """EXTENDS 'document_approval': who is responsible."""
        user = self.sudo().user_id  # sudo: as above
        return user if user.active and not user.share else super()._approval_owner()

    def _approval_amounts(self):
        """EXTENDS 'document_approval': the largest amount, in company currency."""
        return {
            one.id: one.currency_id._convert(
                one.max_amount or (one.price * one.max_quantity),
                one.company_id.currency_id,
                one.company_id,
                fields.Date.context_today(one),
            )
            for one in self
        }

    def _approval_plan(self, flows_sudo, findings):
        """EXTENDS 'document_approval': complete, and with somebody to approve it."""
        plan = super()._approval_plan(flows_sudo, findings)
        plan.problems.extend(self._get_gaps())
        if not plan.needs_review and not plan.problems:
            plan.problems.append(
                self.env._(
                    "Nobody approves price concessions yet. Ask the approvals "
                    "administrator for a flow of “Price Concession” with somebody on "
                    "it."
                )
            )
        return plan

    def _approval_on_approved(self):
        """EXTENDS 'document_approval': what was approved counts at once."""
        result = super()._approval_on_approved()
        for concession in self.filtered(lambda one: one.state == "draft"):
            if gaps := concession._get_gaps():
                raise UserError("\n".join(gaps))
            concession._keep({"state": "active"})
        self.env["sale.order"]._concession_forget()
        return result

    # What reviewers see --------------------------------------------------------

    def _approval_abouts(self):
        """EXTENDS 'document_approval': for whom, and why (SPEC B4)."""
        abouts = {}
        for concession in self.exists():
            names = ", ".join(concession.partner_ids.mapped("name"))
            abouts[concession.id] = f"{names}: {concession.reason}"
        return abouts

    def _approval_findings(self):
        """EXTENDS 'document_approval': below floor prices, limits and cost."""
        findings = super()._approval_findings()
        # sudo: limits count whoever asks
        for concession in self.sudo():
            company = concession.company_id
            own = concession.with_company(company)
            products = own._get_shown_products()
            rules = self.env["sale.price.rule"]._load_rules(
                company, products, self._get_today(company)
            )
            for product in products:
                findings[concession.id] += own._get_depth(product, rules)
            if not concession.max_quantity and not concession.max_amount:
                findings[concession.id].append(
                    self._approval_make_finding("pc_no_cap", "sales", "review")
                )
        return findings

    def _get_shown_products(self):
        """Return the first of the products it is for."""
        self.ensure_one()
        products = self.product_ids
        if self.categ_ids and len(products) < _SHOWN:
            products |= products.search(
                [("categ_id", "child_of", self.categ_ids.ids), ("sale_ok", "=", True)],
                limit=_SHOWN - len(products),
            )
        return products[:_SHOWN]

    def _get_depth(self, product, rules):
        """Return the findings about one product: floor price, discount, cost."""
        self.ensure_one()
        currency = self.company_id.currency_id
        today = self._get_today(self.company_id)
        own = self._get_untaxed_price(product, currency, today)
        listed = product.lst_price
        found = []
        targets = self.env["sale.order.line"]._policy_get_product_targets(product)
        ranked = [
            rule
            for target in targets
            for rule in rules[target]
            if not (rule.level_id or rule.order_type_id or rule.region_id)
        ]
        floor = next((r for r in ranked if r.is_price_limited), None)
        limit = next((r for r in ranked if r.is_discount_limited), None)
        if floor:
            unit = floor.floor_uom_id or product.uom_id
            least = floor.currency_id._convert(
                unit._compute_price(floor.floor_price, product.uom_id),
                currency,
                self.company_id,
                today,
                round=False,
            )
            found += self._make_depth("pc_floor", product, own, least, own < least)
        actual = 100 * (1 - own / listed) if listed else 0.0
        if limit and float_compare(actual, limit.max_discount, 2) > 0:
            found += self._make_depth(
                "pc_discount", product, actual, limit.max_discount, True
            )
        cost = product.standard_price
        return found + self._make_depth("pc_cost", product, own, cost, own < cost)

    def _make_depth(self, code, product, actual, allowed, is_deep):
        if not is_deep:
            return []
        return [
            self._approval_make_finding(
                code,
                "finance" if code == "pc_cost" else "sales",
                "review",
                line_label=product.display_name,
                actual=float_round(actual, precision_digits=2),
                allowed=float_round(allowed, precision_digits=2),
                currency=self.company_id.currency_id.name,
            )
        ]

    def _get_untaxed_price(self, product, currency, date):
        """Return the price granted for one product unit, untaxed, in ``currency``."""
        self.ensure_one()
        taxes = product.taxes_id._filter_taxes_by_company(self.company_id)
        if self.method == "discount":
            listed = taxes.compute_all(product.lst_price, product=product)
            return listed["total_excluded"] * (1 - self.discount / 100)
        price = self.currency_id._convert(
            (self.uom_id or product.uom_id)._compute_price(self.price, product.uom_id),
            currency,
            self.company_id,
            date,
            round=False,
        )
        if not self.price_includes_tax:
            return price
        taxes = taxes.with_context(force_price_include=True, round=False)
        return taxes.compute_all(price, product=product)["total_excluded"]

    @api.model
    def _approval_finding_text(self, code, values):
        """EXTENDS 'document_approval'."""
        numbers = {
            key: formatLang(self.env, values[key], digits=2)
            for key in ("actual", "allowed")
            if key in values
        }
        if code == "pc_no_cap":
            return self.env._("no cap: neither a quantity nor an amount limits it")
        if code == "pc_discount":
            return self.env._(
                "discount %(actual)s %%, allowed %(allowed)s %%", **numbers
            )
        if code == "pc_floor":
            return self.env._(
                "price %(actual)s %(currency)s, floor price %(allowed)s",
                currency=values["currency"],
                **numbers,
            )
        if code == "pc_cost":
            return self.env._(
                "price %(actual)s %(currency)s is below the cost %(allowed)s",
                currency=values["currency"],
                **numbers,
            )
        return super()._approval_finding_text(code, values)
