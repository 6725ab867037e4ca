from odoo import api, fields, models
from odoo.exceptions import MissingError, UserError
from odoo.tools import format_list


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "document.approval.mixin"]

    _approval_protected_states = ("sale",)
    _approval_released_states = ("cancel",)
    _approval_material_fields = (
        "partner_id",
        "partner_invoice_id",
        "partner_shipping_id",
        "payment_term_id",
        "pricelist_id",
        "currency_id",
        "commitment_date",
        "company_id",
        "policy_type_id",
    )
    _approval_people_fields = frozenset({"user_id"})
    _approval_line_field = "order_line"
    _approval_material_line_fields = (
        "product_id",
        "product_uom_qty",
        "product_uom_id",
        "price_unit",
        "discount",
        "tax_ids",
        "customer_lead",
        "warehouse_id",
        "product_no_variant_attribute_value_ids",
        "policy_requirement",
    )

    policy_type_id = fields.Many2one(
        comodel_name="sale.order.type",
        string="Order Type",
        compute="_compute_policy_type_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        help="Says what the order must contain before it can be submitted.",
    )
    policy_contact_id = fields.Many2one(
        comodel_name="res.partner",
        string="Contact Person",
        compute="_compute_policy_contact_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        domain="[('id', 'child_of', partner_id), ('is_company', '=', False)]",
        help="Whom to call or write to about this order.",
    )

    @api.depends("company_id")
    def _compute_policy_type_id(self):
        types = self.env["sale.order.type"]
        for order in self:
            company = order.company_id
            allowed = order.policy_type_id.company_id
            if not order.policy_type_id or (
                # sudo: parent companies need not be allowed
                allowed and allowed not in company.sudo().parent_ids
            ):
                order.policy_type_id = types._get_default(company)

    @api.depends("partner_id")
    def _compute_policy_contact_id(self):
        for order in self:
            partner = order.partner_id
            contact = order.policy_contact_id
            if contact.commercial_partner_id != partner.commercial_partner_id:
                order.policy_contact_id = partner if not partner.is_company else False

    @api.model
    def get_view(self, view_id=None, view_type="form", **options):
        """EXTENDS 'base': show reviewers of other departments a form of their own.

        The usual form asks for invoices, transfers and coupons, not all of which
        accountants or storekeepers may read.
        """
        if view_type == "form" and not view_id and self._policy_only_reviews():
            view_id = self.env.ref("sale_order_policy.sale_order_view_form_review").id
        return super().get_view(view_id, view_type, **options)

    @api.model
    def _policy_only_reviews(self):
        """Tell whether the user reviews orders without working in sales."""
        user = self.env.user
        return user.has_group("document_approval.group_reviewer") and not (
            user.has_group("sales_team.group_sale_salesman")
        )

    # Findings ------------------------------------------------------------------

    def _approval_findings(self):
        """EXTENDS 'document_approval': completeness, prices, special products."""
        findings = super()._approval_findings()
        # sudo: the facts about an order are the same whoever asks for them
        orders_sudo = self.sudo()
        for found in (
            self.env["sale.order.completeness"]._get_findings(orders_sudo),
            self.env["sale.order.price.check"]._get_findings(orders_sudo),
            orders_sudo._policy_pricelist_findings(),
            orders_sudo._policy_special_findings(),
        ):
            for order_id, order_findings in found.items():
                findings[order_id] += order_findings
        return findings

    def _policy_special_findings(self):
        """Return {id: [finding]}: special products go to the joint review (B2)."""
        return {
            order.id: [
                order._approval_make_finding(
                    "special_product",
                    department,
                    "review",
                    product_ids=products.ids,
                    products=format_list(self.env, products.mapped("display_name")),
                )
                for department in ("technical", "production", "finance")
            ]
            if (
                products := order.order_line.product_id.filtered(
                    "policy_special_review"
                )
            )
            else []
            for order in self
        }

    def _policy_pricelist_findings(self):
        """Return {id: [finding]}: another pricelist than the customer's own (C1, C3).

        A cheaper pricelist would be a discount that no limit shows.
        """
        findings = {}
        for company, orders in self.grouped("company_id").items():
            for order in orders.with_company(company):
                own = order.partner_id.property_product_pricelist
                used = order.pricelist_id
                findings[order.id] = []
                if used and used != own and order._policy_pricelist_is_chosen():
                    findings[order.id].append(
                        order._approval_make_finding(
                            "pricelist",
                            "sales",
                            "review",
                            used=used.name,
                            own=own.name or "",
                        )
                    )
        return findings

    def _policy_pricelist_is_chosen(self):
        """Tell whether a person chose the pricelist. Made to be extended."""
        return True

    @api.model
    def _approval_finding_text(self, code, values):
        """EXTENDS 'document_approval'."""
        if code == "incomplete":
            return self.env["sale.order.completeness"]._get_text(values)
        if code == "special_product":
            return self._policy_special_text(values)
        if code == "pricelist":
            return self.env._(
                "pricelist %(used)s is used, the customer's is %(own)s",
                used=values["used"],
                own=values["own"] or "–",
            )
        text = self.env["sale.order.price.check"]._get_text(code, values)
        return text or super()._approval_finding_text(code, values)

    @api.model
    def _policy_special_text(self, values):
        """Name the products for the reader; as they were then, if they are gone."""
        # sudo: only names, of products on an order the reader may see
        products_sudo = self.env["product.product"].sudo()
        try:
            names = [
                products_sudo.browse(product_id).display_name
                for product_id in values["product_ids"]
            ]
        except (KeyError, MissingError):
            names = [values["products"]]
        return self.env._(
            "special product: %(products)s", products=format_list(self.env, names)
        )

    @api.model
    def _approval_line_label(self, label):
        """EXTENDS 'document_approval': "Line 2 (Desk)"."""
        return self.env._("Line %s", label) if label else ""

    # What was approved -----------------------------------------------------------

    def _approval_amounts(self):
        """EXTENDS 'document_approval'."""
        today = fields.Date.context_today(self)
        return {
            order.id: order.currency_id._convert(
                order.amount_untaxed,
                order.company_id.currency_id,
                order.company_id,
                today,
            )
            for order in self
        }

    def _approval_line_is_material(self, line):
        """EXTENDS 'document_approval': no texts, and not what Odoo itself adds."""
        return (
            super()._approval_line_is_material(line)
            and not line.display_type
            and not line._policy_is_system_line()
        )

    def _approval_line_values(self, line):
        """EXTENDS 'document_approval': one net price instead of price and discount."""
        values = super()._approval_line_values(line)
        del values["price_unit"], values["discount"]
        values["price_net"] = line._policy_get_net_price()
        if line.extra_tax_data:
            values["extra_tax_data"] = line.extra_tax_data
        return values

    @api.model
    def _approval_extra_line_fields(self):
        """EXTENDS 'document_approval'."""
        return (
            *super()._approval_extra_line_fields(),
            "display_type",
            "extra_tax_data",
            "is_downpayment",
            "is_expense",
            "policy_reinvoiced_line_id",
        )

    def _approval_line_relevant_fields(self):
        """EXTENDS 'document_approval': what tells a line of Odoo's own from others."""
        return super()._approval_line_relevant_fields() | {
            "qty_delivered",
            "qty_invoiced",
            "qty_to_invoice",
            "invoice_lines",
            "move_ids",
        }

    @api.model
    def _approval_claim_key(self, name):
        """EXTENDS 'document_approval': price and discount are kept as net price."""
        if name in ("price_unit", "discount"):
            return "price_net"
        return super()._approval_claim_key(name)

    @api.model
    def _approval_material_label(self, key):
        """EXTENDS 'document_approval'."""
        if key == "price_net":
            return self.env._("Net price")
        if key == "extra_tax_data":
            return self.env._("Fixed tax amounts")
        return super()._approval_material_label(key)

    # People ----------------------------------------------------------------------

    def _approval_excluded_users(self):
        """EXTENDS 'document_approval': nor the salesperson (SPEC B5)."""
        return super()._approval_excluded_users() | self.sudo().user_id

    def _approval_owner(self):
        """EXTENDS 'document_approval': the salesperson, else somebody of the staff."""
        self.ensure_one()
        order_sudo = self.sudo()
        department_sudo = (
            self.env["document.approval.department"]
            .sudo()
            .search(
                [
                    ("company_id", "=", order_sudo.company_id.id),
                    ("code", "=ilike", "sales"),
                ],
                limit=1,
            )
        )
        users_sudo = (
            order_sudo.user_id,
            super()._approval_owner(),
            order_sudo.team_id.user_id,
            department_sudo.head_id,
            department_sudo._get_eligible_members()
            if department_sudo
            else self.env.user,
        )
        for user_sudo in users_sudo:
            staff = user_sudo.filtered(lambda user: user.active and not user.share)
            if staff:
                return staff[:1]
        return super()._approval_owner()

    def _policy_get_level(self):
        """Return the salesperson level whose price limits count for this order.

        The salesperson's. When somebody of a lower level submits it, that one: nobody
        gets more by naming a colleague as salesperson.
        """
        self.ensure_one()
        users = self.user_id if self.env.user.share else self.user_id | self.env.user
        # sudo: the level is not shown to everybody
        return users.sudo().sale_policy_level_id.sorted("sequence")[:1]

    def _policy_get_net_share(self):
        """Return the share of the lines' subtotals that is left after deductions.

        What lowers the total without being sold (negative lines, global discounts,
        rewards) is spread over the positive lines in proportion to their untaxed
        subtotals.

        :return: 1.0 without deductions, 0.0 when everything is free
        """
        self.ensure_one()
        subtotals = self.order_line.filtered(lambda line: not line.display_type).mapped(
            "price_subtotal"
        )
        positive = sum(amount for amount in subtotals if amount > 0)
        negative = sum(amount for amount in subtotals if amount < 0)
        return max(positive + negative, 0.0) / positive if positive else 1.0

    def _policy_tell_owner(self, text, summary=None, also_note=False):
        """Give the owner an activity, unless the owner is the one acting.

        :param bool also_note: keep the text in the order's history too
        """
        self.ensure_one()
        if also_note:
            self._approval_post(text)
        owner = self._approval_owner()
        if owner != self.env.user:
            self._approval_attention(
                owner, summary or self.env._("Please look at this order"), text
            )

    @api.model
    def _policy_check_deletion(self, path, records):
        """Refuse to delete what orders under approval were approved with.

        :param str path: from the order to ``records``
        :raise UserError: naming some of the orders; archiving stays possible
        """
        # sudo: orders the user may not see count as well
        orders_sudo = self.sudo()
        used_sudo = orders_sudo.search(
            [
                (path, "in", records.ids),
                ("approval_state", "in", ("pending", "approved")),
            ],
            limit=5,
        )
        if used_sudo:
            raise UserError(
                self.env._(
                    "%(records)s cannot be deleted: it is part of what was submitted "
                    "or approved on %(orders)s. Archive it instead.",
                    records=format_list(self.env, records.mapped("display_name")),
                    orders=format_list(self.env, used_sudo.mapped("name")),
                )
            )

    # Confirmation ------------------------------------------------------------------

    def _confirmation_error_message(self):
        """EXTENDS 'sale': say beforehand whom the order waits for.

        Only the friendly words; the gate is on the resulting values.
        """
        return super()._confirmation_error_message() or self._approval_waiting_text()
