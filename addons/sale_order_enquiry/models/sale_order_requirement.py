from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang


class SaleOrder(models.Model):
    """The requirement lists an order stands on (SPEC A7)."""

    _inherit = "sale.order"

    requirement_list_ids = fields.One2many(
        comodel_name="sale.requirement.list",
        inverse_name="order_id",
        string="Requirement Lists",
        readonly=True,
        copy=False,
        groups="sales_team.group_sale_salesman",
    )
    requirement_list_count = fields.Integer(
        string="Number of Requirement Lists",
        compute="_compute_requirement_list_count",
        groups="sales_team.group_sale_salesman",
    )

    @api.depends("requirement_list_ids")
    def _compute_requirement_list_count(self):
        for order in self:
            order.requirement_list_count = len(order.requirement_list_ids)

    def action_requirement_lists(self):
        """Show the requirement lists of this order."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sale_order_enquiry.sale_requirement_list_action"
        )
        return {
            **action,
            "domain": [("order_id", "=", self.id)],
            "context": {
                "default_partner_id": self.partner_id.id,
                "default_order_id": self.id,
            },
        }

    def _requirement_check_open(self):
        """:raise UserError: for orders that stand as they were submitted"""
        for order in self.sudo():  # sudo: the state of orders, whoever links lists
            if order.state not in ("draft", "sent") or (
                order.approval_state in ("pending", "approved")
            ):
                raise UserError(
                    self.env._(
                        "%(order)s was submitted or confirmed: its requirement lists "
                        "stay as they are.",
                        order=order.name,
                    )
                )

    # Findings ---------------------------------------------------------------------

    def _approval_findings(self):
        """EXTENDS 'sale_order_policy': order and confirmed list differ."""
        findings = super()._approval_findings()
        for order_sudo in self.sudo():  # sudo: the same whoever asks
            findings[order_sudo.id] += order_sudo._requirement_findings()
        return findings

    def _requirement_findings(self):
        """Return findings about products and quantities other than confirmed."""
        self.ensure_one()
        lists = self.requirement_list_ids.filtered(lambda r: r.state == "confirmed")
        if not lists:
            return []
        wanted, ordered = {}, {}
        for line in lists.line_ids.filtered("product_id"):
            product = line.product_id
            wanted[product] = wanted.get(product, 0.0) + (
                line.uom_id._compute_quantity(line.quantity, product.uom_id)
            )
        for line in self.order_line.filtered("product_id"):
            if self._approval_line_is_material(line):
                product = line.product_id
                ordered[product] = ordered.get(product, 0.0) + (
                    line.product_uom_id._compute_quantity(
                        line.product_uom_qty, product.uom_id
                    )
                )
        findings = [
            self._requirement_make(product, wanted, ordered, lists)
            for product in sorted(wanted.keys() | ordered.keys(), key=lambda p: p.id)
            if product.uom_id.compare(
                wanted.get(product, 0.0), ordered.get(product, 0.0)
            )
        ]
        return findings + [
            self._approval_make_finding(
                "requirement_free",
                "sales",
                "info",
                lists=line.list_id.name,
                name=line.name,
            )
            for line in lists.line_ids
            if not line.product_id
        ]

    def _requirement_make(self, product, wanted, ordered, lists):
        return self._approval_make_finding(
            "requirement_differs",
            "sales",
            "review",
            product=product.display_name,
            wanted=wanted.get(product, 0.0),
            ordered=ordered.get(product, 0.0),
            unit=product.uom_id.name,
            lists=", ".join(lists.mapped("name")),
        )

    @api.model
    def _approval_finding_text(self, code, values):
        """EXTENDS 'sale_order_policy'."""
        if code == "requirement_differs":
            return self.env._(
                "%(product)s: %(ordered)s %(unit)s ordered, the customer confirmed "
                "%(wanted)s (%(lists)s)",
                product=values["product"],
                ordered=formatLang(self.env, values["ordered"], dp="Product Unit"),
                wanted=formatLang(self.env, values["wanted"], dp="Product Unit"),
                unit=values["unit"],
                lists=values["lists"],
            )
        if code == "requirement_free":
            return self.env._(
                "%(name)s (%(lists)s) is a requirement without a product",
                name=values["name"],
                lists=values["lists"],
            )
        return super()._approval_finding_text(code, values)
