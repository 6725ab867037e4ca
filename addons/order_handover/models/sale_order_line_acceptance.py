from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_compare


class SaleOrderLine(models.Model):
    """Quantities of orders that require acceptance (SPEC I1).

    Delivered is what was accepted; what was shipped and waits is not free to be
    ordered less.
    """

    _inherit = "sale.order.line"

    handover_acceptance_line_ids = fields.One2many(
        comodel_name="order.acceptance.line",
        inverse_name="sale_line_id",
        string="Accepted",
        readonly=True,
    )

    def _handover_is_service(self):
        """Tell whether the customer accepts this line as a service on site."""
        self.ensure_one()
        return (
            not self.display_type
            and not self.is_downpayment
            and self.product_id.type == "service"
            and self.qty_delivered_method == "manual"
            and self.product_uom_qty > 0
            and not self._is_delivery()
        )

    def _handover_get_waiting(self):
        """Return what of this line waits in 待签收, in its unit."""
        self.ensure_one()
        waiting = 0.0
        for move in self.move_ids:
            if move.state != "done" or move.product_id != self.product_id:
                continue
            sign = move._handover_enters_waiting() - move._handover_leaves_waiting()
            if sign:
                waiting += sign * move.product_uom._compute_quantity(
                    move.quantity, self.product_uom_id, rounding_method="HALF-UP"
                )
        return waiting

    # Delivered -----------------------------------------------------------------------

    @api.depends(
        "handover_acceptance_line_ids.accepted_qty",
        "handover_acceptance_line_ids.acceptance_id.state",
    )
    def _compute_qty_delivered(self):
        """EXTENDS 'sale': as :meth:`_prepare_qty_delivered`."""
        return super()._compute_qty_delivered()

    def _prepare_qty_delivered(self):
        """EXTENDS 'sale': services on site are delivered as far as accepted."""
        quantities = super()._prepare_qty_delivered()
        lines = self.filtered(
            lambda line: (
                line.order_id.handover_requires_acceptance
                and line._handover_is_service()
            )
        )
        if lines:
            # sudo: slips count whoever computes
            slip_lines_sudo = self.env["order.acceptance.line"].sudo()
            accepted = dict(
                slip_lines_sudo._read_group(
                    [
                        ("sale_line_id", "in", lines.ids),
                        ("acceptance_id.kind", "=", "service"),
                        ("acceptance_id.state", "=", "signed"),
                    ],
                    ["sale_line_id"],
                    ["accepted_qty:sum"],
                )
            )
            for line in lines:
                quantities[line] = accepted.get(line._origin, 0.0)
        return quantities

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        given = [bool(vals.get("qty_delivered")) for vals in vals_list]
        if any(given):
            self.browse(
                line.id for line, is_given in zip(lines, given, strict=True) if is_given
            )._handover_check_delivered()
        return lines

    def write(self, vals):
        if "product_uom_qty" in vals:
            self._handover_check_decrease(vals["product_uom_qty"])
        result = super().write(vals)
        if "qty_delivered" in vals:
            self._handover_check_delivered()
        return result

    def _handover_check_delivered(self):
        """Refuse delivered quantities that no signature stands for.

        :raise UserError: naming the line
        """
        lines = self.filtered(
            lambda line: (
                line.order_id.handover_requires_acceptance
                and (
                    line.qty_delivered_method == "stock_move"
                    or line._handover_is_service()
                )
            )
        )
        if not lines:
            return
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        quantities = lines._prepare_qty_delivered()
        for line in lines:
            if float_compare(
                line.qty_delivered, quantities[line], precision_digits=digits
            ):
                raise UserError(
                    self.env._(
                        "%(line)s: what is delivered follows from what the customer "
                        "accepted (%(quantity)s). Have the acceptance slip signed.",
                        line=line.product_id.display_name,
                        quantity=quantities[line],
                    )
                )

    # Ordered -----------------------------------------------------------------------

    def _handover_check_decrease(self, quantity):
        """Refuse to order less than what has been shipped.

        Odoo would take goods back that are at the customer's, or cancel what he is
        about to sign.

        :raise UserError: naming the line and what to do first
        """
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        for line in self:
            if (
                line.state != "sale"
                or not line.order_id.handover_requires_acceptance
                or line.product_id.type != "consu"
                or float_compare(
                    quantity, line.product_uom_qty, precision_digits=digits
                )
                >= 0
            ):
                continue
            waiting = line._handover_get_waiting()
            shipped = line.qty_delivered + waiting
            is_less = float_compare(quantity, shipped, precision_digits=digits) < 0
            if waiting and is_less or line._handover_has_parts_waiting():
                raise UserError(
                    self.env._(
                        "%(product)s: %(shipped)s are shipped, of which %(waiting)s "
                        "wait for the customer's acceptance. To order less, let the "
                        "customer accept or reject them first, or take them back by a "
                        "return.",
                        product=line.product_id.display_name,
                        shipped=shipped,
                        waiting=waiting,
                    )
                )

    def _handover_has_parts_waiting(self):
        """Tell whether parts of this kit wait for acceptance, or came back from it."""
        self.ensure_one()
        parts = self.move_ids.filtered(
            lambda move: (
                move.product_id != self.product_id and move.state not in ("cancel",)
            )
        )
        return any(
            move._handover_leaves_waiting()
            and (move.state != "done" or move._handover_is_return())
            for move in parts
        )

    def _get_outgoing_incoming_moves(self, strict=True):
        """EXTENDS 'sale_stock': what came back from 待签收 has not been supplied.

        Odoo looks at the first step only and would take the goods back once more when
        the line is decreased, or not supply them again when it is increased.
        """
        outgoing, incoming = super()._get_outgoing_incoming_moves(strict=strict)
        if strict or not self.order_id.handover_requires_acceptance:
            return outgoing, incoming
        for move in self.move_ids:
            if move.state == "cancel" or move.product_id != self.product_id:
                continue
            if move._handover_is_return():
                incoming |= move
            elif move._handover_enters_waiting() and move.origin_returned_move_id:
                outgoing |= move
        return outgoing - incoming, incoming

    def _create_procurements(self, product_qty, procurement_uom, values):
        """EXTENDS 'sale_stock'.

        :raise UserError: when a supplier would send the goods to the customer
        """
        if self.order_id.handover_requires_acceptance:
            # sudo: the salesperson need not know of operation types
            rule_sudo = (
                self.env["stock.rule"]
                .sudo()
                ._get_rule(self.product_id, self._get_location_final(), values)
            )
            source = rule_sudo.location_src_id
            if rule_sudo and (
                rule_sudo.action not in ("pull", "pull_push")
                or source.usage in ("supplier", "customer")
            ):
                raise UserError(
                    self.env._(
                        "%(order)s requires the customer's acceptance, but "
                        "%(product)s goes from the supplier to the customer directly "
                        "(%(rule)s). Deliver it from your own stock, or choose an "
                        "order type without acceptance.",
                        order=self.order_id.name,
                        product=self.product_id.display_name,
                        rule=rule_sudo.route_id.display_name,
                    )
                )
        return super()._create_procurements(product_qty, procurement_uom, values)
