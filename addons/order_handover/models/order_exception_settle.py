from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class OrderException(models.Model):
    """Steps and the documents of Odoo they make (SPEC I2, H3)."""

    _inherit = "order.exception"

    def action_take_step(self):
        """Choose what is done about the exception."""
        self.ensure_one()
        self._refuse_without_access()
        if self.state == "closed":
            raise UserError(
                self.env._(
                    "%(exception)s is closed. Open it again first.", exception=self.name
                )
            )
        wizard = self.env["order.exception.act"]._create_for(self)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What Is Done About It"),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def _take_step(self, kind, lines=(), amount=0.0, note=None):
        """Take a step and make its document.

        :param str kind: of ``order.exception.step``
        :param list lines: of dicts as the exception's lines hold them: ``product_id``,
            ``quantity``, ``product_uom_id``, ``sale_line_id``, ``move_id`` (ids)
        :param float amount: untaxed, in the order's currency; for price reductions
        :return: the step, with elevated rights
        :raise AccessError: for who may not write the exception
        :raise UserError: when its document cannot be made
        """
        self.ensure_one()
        self._refuse_without_access()
        if self.state == "closed":
            raise UserError(
                self.env._(
                    "%(exception)s is closed. Open it again first.", exception=self.name
                )
            )
        # sudo: who settles exceptions of an order waits for one another
        self.sudo().order_id._handover_bump()
        # sudo: who settles an exception need not make transfers or credit notes; they
        # are finished by those who may
        step_sudo = (
            self.env["order.exception.step"]
            .sudo()
            .create(
                {
                    "exception_id": self.id,
                    "company_id": self.company_id.id,
                    "kind": kind,
                    "note": note,
                    "amount": amount if kind == "price" else 0.0,
                    "cancel_reason": False,
                    "credit_note_id": False,
                    "line_ids": [
                        Command.create(self._prepare_step_line(line)) for line in lines
                    ],
                }
            )
        )
        step_sudo.with_company(self.company_id)._make_document()
        return step_sudo

    def _prepare_step_line(self, line):
        """Return the values of a step's line; only goods of this order.

        :raise UserError: for others, and for quantities that are not above zero
        """
        names = ("sale_line_id", "move_id", "product_id", "product_uom_id")
        values = {name: line.get(name) or False for name in names}
        values["quantity"] = line["quantity"]
        # sudo: goods of the order, whoever settles it
        env = self.sudo().env
        sale_line = env["sale.order.line"].browse(values["sale_line_id"] or ())
        move = env["stock.move"].browse(values["move_id"] or ())
        product = env["product.product"].browse(values["product_id"] or ())
        values["product_uom_id"] = values["product_uom_id"] or product.uom_id.id
        unit = env["uom.uom"].browse(values["product_uom_id"] or ())
        if (
            not self._has_goods(sale_line, move, product)
            or not line["quantity"] > 0
            or unit.is_zero(line["quantity"])
        ):
            raise UserError(
                self.env._("A step is about goods of its order, one or more of them.")
            )
        return values


class OrderExceptionStep(models.Model):
    """How the documents are made; everything here runs with elevated rights."""

    _inherit = "order.exception.step"

    def _make_document(self):
        """Make what this kind of step needs. Made to be extended."""
        self.ensure_one()
        if self.kind == "price":
            self._make_credit_note()
            return
        if not self.line_ids:
            raise UserError(self.env._("Say which goods, and how many."))
        if self.kind == "replacement":
            self._make_replacement()
        else:
            self._make_return()

    def _get_priority(self):
        """Return the priority of transfers: urgent for urgent exceptions."""
        return self.exception_id.priority or "0"

    # Replacement --------------------------------------------------------------------

    def _make_replacement(self):
        """Procure the goods once more for the customer; they are not charged again."""
        self._check_replaceable()
        self._procure([(line, line.quantity) for line in self.line_ids])

    def _procure(self, goods):
        """Procure goods for the customer the way their order does it.

        Picking and packing, and 待签收 where the customer accepts, come with it.

        :param list goods: of (line of this step, quantity in the line's unit)
        :raise UserError: for what is on no line of the order
        """
        order = self.exception_id.order_id
        procurements = []
        for line, quantity in goods:
            sale_line = line.sale_line_id or line.move_id.sale_line_id
            if not sale_line:
                sale_line = order.order_line.filtered(
                    lambda sale_line, line=line: (
                        sale_line.product_id == line.product_id
                    )
                )[:1]
            if not sale_line:
                raise UserError(
                    self.env._(
                        "%(product)s is on no line of order %(order)s.",
                        product=line.product_id.display_name,
                        order=order.name,
                    )
                )
            values = {
                **sale_line._prepare_procurement_values(),
                "date_planned": fields.Datetime.now(),
                "date_deadline": False,
                "priority": self._get_priority(),
                "handover_step_id": self.id,
            }
            procurements.append(
                self.env["stock.rule"].Procurement(
                    line.product_id,
                    quantity,
                    line.product_uom_id,
                    sale_line._get_location_final(),
                    line.product_id.display_name,
                    order.name,
                    order.company_id,
                    values,
                )
            )
        self.env["stock.rule"].run(procurements)
        self._start_transfers()

    def _start_transfers(self):
        """Confirm what was procured, and mark urgent transfers as such."""
        pickings = self.move_ids.picking_id
        pickings.filtered(lambda p: p.state == "draft").action_confirm()
        if self._get_priority() == "1":
            waiting = pickings.filtered(lambda p: p.state not in ("done", "cancel"))
            waiting.priority = "1"

    # Return and exchange ------------------------------------------------------------

    def _make_return(self):
        """Make Odoo's own return of the goods, and for an exchange the new delivery."""
        by_picking = {}
        for line in self.line_ids:
            move = line.move_id or self._get_delivered_move(line)
            self._check_returnable(move, line)
            quantities = by_picking.setdefault(move.picking_id, {})
            quantity = line.product_uom_id._compute_quantity(
                line.quantity, move.product_uom
            )
            quantities[move] = quantities.get(move, 0.0) + quantity
        for picking, quantities in by_picking.items():
            wizard = (
                self.env["stock.return.picking"]
                .with_context(active_id=picking.id, active_model="stock.picking")
                .create({"picking_id": picking.id, "handover_step_id": self.id})
            )
            for line in wizard.product_return_moves:
                line.quantity = quantities.get(line.move_id, 0.0)
            if self.kind == "exchange":
                wizard.action_create_exchanges()
            else:
                wizard.action_create_returns()
        self._start_transfers()

    def _get_delivered_move(self, line):
        """Return the done move by which the goods of ``line`` came to the customer.

        :raise UserError: when they were not delivered
        """
        order = self.exception_id.order_id
        moves = self.exception_id.picking_id.move_ids or (
            line.sale_line_id.move_ids or order.order_line.move_ids
        )
        moves |= moves.move_dest_ids  # accepted later
        came = moves.filtered(
            lambda move: (
                move.state == "done"
                and move.product_id == line.product_id
                and move._handover_is_delivered()
            )
        )
        at_customer = came.filtered(lambda m: m.location_dest_usage == "customer")
        if not came:
            raise UserError(
                self.env._(
                    "%(product)s has not been delivered yet; it cannot come back.",
                    product=line.product_id.display_name,
                )
            )
        return (at_customer or came).sorted("id")[-1:]

    def _check_returnable(self, move, line):
        """Refuse to take back more than was delivered and is still out."""
        came_back = move.returned_move_ids.filtered(lambda m: m.state != "cancel")
        left = move.quantity - sum(
            back.product_uom._compute_quantity(
                back.quantity if back.state == "done" else back.product_uom_qty,
                move.product_uom,
                round=False,
            )
            for back in came_back
        )
        wanted = line.product_uom_id._compute_quantity(
            line.quantity, move.product_uom, round=False
        )
        if (
            move.state != "done"
            or not move._handover_is_delivered()
            or move.product_uom.compare(wanted, left) > 0
        ):
            raise UserError(
                self.env._(
                    "%(delivery)s: at most %(left)s %(unit)s of %(product)s can come "
                    "back.",
                    delivery=move.picking_id.name or move.display_name,
                    left=f"{max(left, 0.0):g}",
                    unit=move.product_uom.name,
                    product=move.product_id.display_name,
                )
            )
