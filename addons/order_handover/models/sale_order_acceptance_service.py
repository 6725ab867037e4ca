from odoo import api, fields, models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    """Services on site are accepted in parts (SPEC I1)."""

    _inherit = "sale.order"

    handover_has_services = fields.Boolean(
        string="Services to Be Accepted", compute="_compute_handover_has_services"
    )

    @api.depends("state", "order_line.product_uom_qty", "order_line.qty_delivered")
    def _compute_handover_has_services(self):
        for order in self:
            order.handover_has_services = bool(order._handover_get_open_services())

    def _handover_get_open_services(self):
        """Return ``{line: quantity}`` of services nobody has been asked to accept."""
        self.ensure_one()
        lines = self.order_line.filtered(lambda line: line._handover_is_service())
        if self.state != "sale" or not self.handover_requires_acceptance or not lines:
            return {}
        # sudo: slips of the order at hand
        asked = (
            self.env["order.acceptance.line"]
            .sudo()
            .search(
                [
                    ("sale_line_id", "in", lines.ids),
                    ("acceptance_id.kind", "=", "service"),
                    ("acceptance_id.state", "!=", "cancelled"),
                ]
            )
        )
        taken = {}
        for line in asked:
            state = line.acceptance_id.state
            quantity = line.accepted_qty if state == "signed" else line.quantity
            taken[line.sale_line_id] = taken.get(line.sale_line_id, 0.0) + quantity
        result = {}
        for line in lines:
            rest = line.product_uom_id.round(
                line.product_uom_qty - taken.get(line, 0.0)
            )
            if rest > 0:
                result[line] = rest
        return result

    def action_handover_services(self):
        """Open the form to have services on site accepted."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Acceptance of Services"),
            "res_model": "order.acceptance.service",
            "view_mode": "form",
            "target": "new",
            "context": {"default_order_id": self.id},
        }

    def _handover_create_service_slip(self, quantities):
        """Make a slip for a part of the services, for salesperson and coordinators.

        :param dict quantities: ``{order line: quantity}``, in the line's unit
        :return: the slip
        :raise UserError: in words
        """
        self.ensure_one()
        self.check_access("read")
        slips = self.env["order.acceptance"]
        if not slips._is_keeper_of(self):
            slips._refuse_keeper(self.name)
        # first the row two rivals both write
        self._handover_bump()
        still_open = self._handover_get_open_services()
        wanted = {line: q for line, q in quantities.items() if q}
        if not wanted:
            raise UserError(
                self.env._("%(order)s: no service is left to accept.", order=self.name)
            )
        for line, quantity in wanted.items():
            most = still_open.get(line, 0.0)
            if not 0 < quantity <= most:  # refuses NaN as well
                raise UserError(
                    self.env._(
                        "%(line)s: enter a quantity from 0 to %(quantity)s.",
                        line=line.product_id.display_name,
                        quantity=most,
                    )
                )
        return slips._create_for_services(self, wanted)
