from odoo import api, models
from odoo.tools import float_compare, format_date, formatLang

#: differences of quantities and amounts smaller than this are rounding
EPSILON = 1e-6


class SalePriceConcession(models.Model):
    """Whether an order may use a concession (SPEC C2)."""

    _inherit = "sale.price.concession"

    def _is_for_product(self, product):
        """Tell whether a product is in the scope."""
        self.ensure_one()
        if product in self.product_ids:
            return True
        path = (product.categ_id.parent_path or "").split("/")
        return any(str(category.id) in path for category in self.categ_ids)

    def _is_in_unit(self, line):
        """Tell whether the line's unit can be converted to the concession's."""
        self.ensure_one()
        return not self.uom_id or self.uom_id._has_common_reference(line.product_uom_id)

    def _get_last_day(self):
        """Return the last day a customer could be promised it."""
        self.ensure_one()
        return min(filter(None, (self.date_to, self.date_closed)))

    # Problems of orders --------------------------------------------------------

    @api.model
    def _get_order_problems(self, order, lines, taken, is_confirmed):
        """Return why lines of one order may not use their concessions.

        :param lines: those that take more than before
        :param dict taken: what the order has drawn already: ``{(concession id,
            line id): (quantity, amount, ...)}``
        :param bool is_confirmed: now, not only submitted: what is asked for as
            prepayment has to be there
        :return: ``{line: [(code, values)]}``
        """
        problems = {}
        for concession, own in lines.grouped("price_concession_id").items():
            common = concession._get_common_problems(order, taken, is_confirmed)
            for line in own:
                found = concession._get_line_problems(order, line)
                if line == own[0]:
                    found += common
                if found:
                    problems[line] = found
        return problems

    def _get_line_problems(self, order, line):
        """Return the problems of one line: whether the concession is for it."""
        self.ensure_one()
        name = self.name
        found = []
        if self.state not in ("active", "closed"):
            return [("pc_state", {"name": name})]
        if order.company_id.root_id != self.company_id:
            found.append(("pc_company", {"name": name}))
        if order.partner_id.commercial_partner_id not in self.partner_ids:
            found.append(("pc_customer", {"name": name}))
        if not self._is_for_product(line.product_id):
            found.append(("pc_product", {"name": name}))
        elif not self._is_in_unit(line):
            found.append(("pc_unit", {"name": name, "unit": self.uom_id.name}))
        if not self._is_in_term(order, line):
            found.append(
                (
                    "pc_term",
                    {
                        "name": name,
                        "from": str(self.date_from),
                        "to": str(self._get_last_day()),
                    },
                )
            )
        return found

    def _is_in_term(self, order, line):
        """Tell whether it holds today, or was promised while it did.

        A quotation sent to the customer while the concession held keeps it until the
        validity date it was sent with; not when the line was changed since.
        """
        self.ensure_one()
        today = self._get_today(self.company_id)
        if today < self.date_from:
            return False
        if self.state == "active" and today <= self.date_to:
            return True
        return order._price_is_promised(line, today, self._get_last_day())

    def _get_common_problems(self, order, taken, is_confirmed):
        """Return the problems of all the order's lines that use it, together."""
        self.ensure_one()
        lines = order._concession_get_lines(self)
        demands = [self._get_demand(line) for line in lines]
        quantity = sum(demand[0] for demand in demands)
        amount = sum(demand[1] for demand in demands)
        had = [value for key, value in taken.items() if key[0] == self.id]
        used = self._get_used()[self.id]
        left = (
            self.max_quantity - used[0] + sum(value[0] for value in had),
            self.max_amount - used[1] + sum(value[1] for value in had),
        )
        found = []
        if quantity < self.min_quantity - EPSILON:
            found.append(self._make_problem("pc_minimum", self.min_quantity, quantity))
        if self.max_quantity and quantity > left[0] + EPSILON:
            found.append(self._make_problem("pc_quantity", left[0], quantity))
        if self.max_amount and self.currency_id.compare_amounts(amount, left[1]) > 0:
            found.append(self._make_problem("pc_amount", left[1], amount))
        if not self._is_prepaid(order, is_confirmed):
            found.append(
                ("pc_prepayment", {"name": self.name, "share": self.prepayment})
            )
        return found

    def _make_problem(self, code, allowed, actual):
        unit = self.currency_id.name if code == "pc_amount" else self.uom_id.name
        return code, {
            "name": self.name,
            "allowed": max(allowed, 0.0),
            "actual": actual,
            "unit": unit or "",
        }

    def _is_prepaid(self, order, is_confirmed):
        """Tell whether the order meets the prepayment that is asked for.

        By its payment term, when the share falls due at once; by what was paid or
        authorised online; before confirmation also by an online prepayment of that
        share, without which the customer cannot confirm.
        """
        self.ensure_one()
        share = self.prepayment
        if float_compare(share, 0.0, precision_digits=4) <= 0:
            return True
        at_once = sum(
            line.value_amount
            for line in order.payment_term_id.line_ids
            if line.value == "percent"
            and line.delay_type == "days_after"
            and not line.nb_days
        )
        paid = 100 * order.amount_paid / order.amount_total if order.amount_total else 0
        asked = (
            100 * order.prepayment_percent
            if order.require_payment and not is_confirmed
            else 0.0
        )
        return float_compare(max(at_once, paid, asked), share, precision_digits=2) >= 0

    # Words -------------------------------------------------------------------

    @api.model
    def _get_problem_text(self, code, values):
        """Return a problem in words, in the language of the environment."""
        maker = {
            "pc_state": lambda: self.env._("%(name)s is not granted", **values),
            "pc_company": lambda: self.env._(
                "%(name)s is of another company", **values
            ),
            "pc_customer": lambda: self.env._(
                "%(name)s is not for this customer", **values
            ),
            "pc_product": lambda: self.env._(
                "%(name)s is not for this product", **values
            ),
            "pc_unit": lambda: self.env._(
                "%(name)s is per %(unit)s, which this unit cannot be converted to",
                **values,
            ),
            "pc_term": lambda: self.env._(
                "%(name)s holds from %(from_day)s to %(to_day)s only",
                name=values["name"],
                from_day=format_date(self.env, values["from"]),
                to_day=format_date(self.env, values["to"]),
            ),
            "pc_prepayment": lambda: self.env._(
                "%(name)s asks for a prepayment of %(share)s %%: by a payment term "
                "due at once, or paid online",
                name=values["name"],
                share=formatLang(self.env, values["share"], digits=2),
            ),
        }.get(code)
        return maker() if maker else self._get_number_text(code, values)

    @api.model
    def _get_number_text(self, code, values):
        numbers = {
            "name": values["name"],
            "unit": values["unit"],
            "allowed": formatLang(self.env, values["allowed"], digits=2),
            "actual": formatLang(self.env, values["actual"], digits=2),
        }
        if code == "pc_minimum":
            return self.env._(
                "%(name)s asks for at least %(allowed)s %(unit)s per order, these are "
                "%(actual)s",
                **numbers,
            )
        return self.env._(
            "%(name)s: %(allowed)s %(unit)s are left, %(actual)s are asked for",
            **numbers,
        )

    # Finding one -----------------------------------------------------------------

    @api.model
    def _find_for(self, order):
        """Return the concessions an order's customer may use today, with rights.

        The caller looks at product, quantity and price.
        """
        company = order.company_id or self.env.company
        partner = order.partner_id.commercial_partner_id._origin
        # sudo: who granted what to whom is found whoever enters the order
        concessions_sudo = self.sudo()
        if not partner or not self.env["sale.order"]._concession_exists():
            return concessions_sudo.browse()
        root = company.sudo().root_id  # sudo: need not be allowed
        today = self._get_today(root)
        return concessions_sudo.search(
            [
                ("company_id", "=", root.id),
                ("state", "=", "active"),
                ("date_from", "<=", today),
                ("date_to", ">=", today),
                ("partner_ids", "in", partner.ids),
            ]
        )

    def _suits(self, line):
        """Tell whether it may be offered for a line that is being entered.

        Reads no price of the line: that is computed afterwards.
        """
        self.ensure_one()
        quantity = self._get_quantity(line)
        others = line.order_id.order_line.filtered(
            lambda other: other != line and other.price_concession_id == self
        )
        return (
            self._is_for_product(line.product_id)
            and self._is_in_unit(line)
            and (not self.max_quantity or self.left_quantity > EPSILON)
            and (not self.max_amount or self.left_amount > EPSILON)
            and quantity + sum(self._get_quantity(other) for other in others)
            >= self.min_quantity - EPSILON
        )

    @api.model
    def _get_hint_text(self, code, values):
        """Return a finding about a concession in words."""
        if code == "pc_planned":
            return self.env._(
                "%(name)s: %(allowed)s %(unit)s are left, others who wait for "
                "approval ask for %(actual)s",
                name=values["name"],
                unit=values["unit"],
                allowed=formatLang(self.env, values["allowed"], digits=2),
                actual=formatLang(self.env, values["actual"], digits=2),
            )
        if code == "pc_validity":
            return self.env._(
                "%(name)s ends on %(to)s, the quotation is valid until %(validity)s",
                name=values["name"],
                to=format_date(self.env, values["to"]),
                validity=format_date(self.env, values["validity"]),
            )
        return self._get_problem_text(code, values)
