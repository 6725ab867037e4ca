from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html


class OrderExceptionStep(models.Model):
    """Repair: a return, repair orders, and a delivery back (SPEC I2)."""

    _inherit = "order.exception.step"

    kind = fields.Selection(
        selection_add=[("repair", "Repair"), ("price",)],
        ondelete={"repair": lambda steps: steps._write_system({"kind": "return"})},
    )
    repair_ids = fields.One2many(
        comodel_name="repair.order",
        inverse_name="handover_step_id",
        string="Repair Orders",
        readonly=True,
    )

    @api.depends("repair_ids.state")
    def _compute_state(self):
        """EXTENDS 'order_handover': a repair under way is not done."""
        return super()._compute_state()

    @api.depends("repair_ids.name")
    def _compute_document_text(self):
        """EXTENDS 'order_handover': with the repair orders."""
        result = super()._compute_document_text()
        for step in self.filtered("repair_ids"):
            names = [step.document_text, *step.repair_ids.mapped("name")]
            step.document_text = ", ".join(name for name in names if name)
        return result

    def _get_parts(self, back, out):
        """EXTENDS 'order_handover': repaired goods came back and left again."""
        if self.kind == "repair":
            return [back, out]
        return super()._get_parts(back, out)

    def _get_state(self):
        """EXTENDS 'order_handover': done when everything is repaired and has left."""
        state = super()._get_state()
        if self.kind != "repair" or state != "done":
            return state
        repairs = self.repair_ids.filtered(lambda repair: repair.state != "cancel")
        if not repairs or any(repair.state != "done" for repair in repairs):
            return "running"
        return state

    def _get_open_documents(self):
        """EXTENDS 'order_handover': repair orders are cancelled before their step."""
        return [
            *super()._get_open_documents(),
            *self.repair_ids.filtered(
                lambda repair: repair.state not in ("done", "cancel")
            ).mapped("name"),
        ]

    def _make_document(self):
        """EXTENDS 'order_handover': the return, and a repair order for what it brings.

        A repair order for each piece, where pieces have serial numbers.
        """
        result = super()._make_document()
        if self.kind == "repair":
            self.env["repair.order"].create(
                [
                    self._prepare_repair(move, quantity)
                    for move in self.move_ids
                    for quantity in self._get_repair_quantities(move)
                ]
            )
        return result

    def _get_repair_quantities(self, move):
        if move.product_id.tracking != "serial":
            return [move.product_uom_qty]
        return [1.0] * round(move.product_qty)

    def _prepare_repair(self, move, quantity):
        """Return the values of a repair order of returned goods."""
        exception = self.exception_id
        unit = move.product_uom
        if move.product_id.tracking == "serial":
            unit = move.product_id.uom_id
        warehouse = move.picking_id.picking_type_id.warehouse_id
        warehouse = warehouse or exception.order_id.warehouse_id
        return {
            "company_id": self.company_id.id,
            "handover_step_id": self.id,
            "partner_id": exception.order_id.partner_id.id,
            "picking_id": move.picking_id.id,
            "picking_type_id": warehouse.repair_type_id.id,
            "priority": self._get_priority(),
            "product_id": move.product_id.id,
            "product_qty": quantity,
            "product_uom": unit.id,
            "product_location_src_id": move.location_dest_id.id,
            "product_location_dest_id": move.location_dest_id.id,
            "internal_notes": plaintext2html(exception.description or ""),
            "under_warranty": True,
            "user_id": exception.user_id.id or self.env.uid,
        }

    def _check_came_back(self):
        """Refuse to finish a repair of goods that have not come back.

        :raise UserError: naming the transfer to receive
        """
        for step_sudo in self.sudo():  # sudo: exceptions of other departments
            missing = step_sudo.move_ids.filtered(
                lambda move: (
                    move._handover_comes_back() and move.state not in ("done", "cancel")
                )
            )
            if missing:
                raise UserError(
                    self.env._(
                        "The goods have not come back yet. Receive %(transfer)s first.",
                        transfer=missing.picking_id[:1].name,
                    )
                )

    def _deliver_back(self):
        """Make the delivery of what is repaired, once nothing is open; all as sudo.

        It is charged as what came back was: no more and no less than before.
        """
        for step in self.filtered(lambda step: not step.cancel_reason):
            if all(repair.state in ("done", "cancel") for repair in step.repair_ids):
                if goods := step._get_to_deliver():
                    step._procure(goods)

    def _get_to_deliver(self):
        """Return what is repaired and on no way yet: (line of the step, quantity)."""
        left = {}
        for repair in self.repair_ids.filtered(lambda repair: repair.state == "done"):
            product = repair.product_id
            quantity = repair.product_uom._compute_quantity(
                repair.product_qty, product.uom_id
            )
            left[product] = left.get(product, 0.0) + quantity
        for move in self.move_ids:
            # of picking, packing and shipping, the first
            if move.state == "cancel" or move._handover_comes_back():
                continue
            if not move.move_orig_ids & self.move_ids:
                left[move.product_id] = (
                    left.get(move.product_id, 0.0) - move.product_qty
                )
        goods = []
        for line in self.line_ids:
            product, unit = line.product_id, line.product_uom_id
            rest = product.uom_id._compute_quantity(left.get(product, 0.0), unit)
            quantity = min(line.quantity, rest)
            if unit.compare(quantity, 0.0) > 0:
                goods.append((line, quantity))
                left[product] -= unit._compute_quantity(quantity, product.uom_id)
        return goods
