from odoo import api, models
from odoo.exceptions import AccessError, UserError

#: what makes a done move another one
_WATCHED = frozenset(
    {
        "state",
        "sale_line_id",
        "location_id",
        "location_dest_id",
        "picking_id",
        "product_id",
        "product_uom",
        "origin_returned_move_id",
        "handover_acceptance_id",
    }
)


class StockMove(models.Model):
    """Nothing gets to a customer past 待签收, or out of it without a signature.

    A post-condition on moves and lines that are done, whatever the route: not the
    button decides but what has been moved (DESIGN 2, 6).
    """

    _inherit = "stock.move"

    @api.model
    def default_get(self, fields):
        """EXTENDS 'stock': no default says which slip goods belong to."""
        values = super().default_get(fields)
        values.pop("handover_acceptance_id", None)
        return values

    @api.model_create_multi
    def create(self, vals_list):
        self._handover_refuse_slips(vals_list)
        if not any(vals.get("state") == "done" for vals in vals_list):
            return super().create(vals_list)
        with self.env["sale.order"]._approval_savepoint():
            moves = super().create(vals_list)
            moves.filtered(lambda m: m.state == "done")._handover_check_done()
        return moves

    def write(self, vals):
        self._handover_refuse_slips([vals])
        if "sale_line_id" in vals:
            self._handover_refuse_other_line(vals["sale_line_id"])
        watched = _WATCHED.intersection(vals)
        if watched == {"state"} and vals["state"] not in ("done", "cancel", "draft"):
            watched = frozenset()
        leaving = self.browse()
        if watched or "product_uom_qty" in vals:
            leaving = self._handover_get_open_leaving()
        if not watched:  # returns are split when only a part has come back
            leaving = leaving.filtered("handover_acceptance_id")
        if not watched and not leaving:
            return super().write(vals)
        done = vals.get("state") == "done"
        if not leaving and not self._handover_is_concerned(watched, done):
            return super().write(vals)
        slips = leaving._handover_get_slips()
        with self.env["sale.order"]._approval_savepoint():
            result = super().write(vals)
            self.filtered(lambda m: m.state == "done")._handover_check_done()
            if not done:
                slips._check_settled()
        return result

    def _handover_is_concerned(self, watched, done):
        """Tell whether writing ``watched`` could make a done move a wrong one."""
        if not done:
            return any(move.state == "done" for move in self)
        if watched != {"state"}:
            return True
        # what is done now is where it was going; nothing else is written with it
        return any(
            source._handover_is_waiting()
            or destination._handover_is_waiting()
            or (
                destination._is_outgoing()
                and move._handover_get_order().handover_requires_acceptance
            )
            for move in self
            for source, destination in move.sudo()._handover_get_ways()  # sudo: places
        )

    def _handover_refuse_slips(self, vals_list):
        """Refuse users to say which slip goods belong to."""
        if not self.env.su and any("handover_acceptance_id" in v for v in vals_list):
            raise AccessError(
                self.env._("The acceptance slip of goods is kept by the system.")
            )

    def _handover_refuse_other_line(self, line_id):
        """Refuse to take goods off an order whose customer has to accept them.

        Without the order they would go to the customer past 待签收. What comes back
        from him, and transfers that are not confirmed yet, may be put right.

        :raise UserError: naming product and order
        """
        # sudo: the warehouse need not read orders
        for move_sudo in self.sudo():
            line_sudo = move_sudo.sale_line_id
            if (
                line_sudo.id != (line_id or False)
                and line_sudo.order_id.handover_requires_acceptance
                and move_sudo.state != "draft"
                and move_sudo.location_id.usage != "customer"
            ):
                raise UserError(
                    self.env._(
                        "%(product)s is on its way for %(order)s, whose customer has "
                        "to accept it: the transfer stays with the order. Cancel the "
                        "transfer if it is not to be delivered.",
                        product=move_sudo.product_id.display_name,
                        order=line_sudo.order_id.name,
                    )
                )

    def _handover_get_open_leaving(self):
        """Return the moves that are to take goods out of 待签收 for a slip."""
        return self.filtered(
            lambda move: (
                move.state not in ("done", "cancel")
                and move.location_id._handover_is_waiting()
                and move._handover_get_slips()
            )
        )

    def _handover_get_slips(self):
        """Return the slips that these moves out of 待签收 serve, elevated."""
        # sudo: slips are looked after whoever moves goods
        moves_sudo = self.sudo()
        return (
            moves_sudo.handover_acceptance_id
            | moves_sudo.origin_returned_move_id.handover_acceptance_id
        )

    def _handover_check_done(self):
        """Hold done moves against what customers have signed.

        :raise UserError: in words, what to do instead
        """
        # sudo: whoever moves goods need not read orders and slips
        slips_sudo = self.env["order.acceptance"].sudo()
        for move_sudo in self.sudo():
            for source, destination in move_sudo._handover_get_ways():
                leaves = source._handover_is_waiting()
                enters = destination._handover_is_waiting()
                if leaves and enters:
                    continue
                if leaves:
                    slips_sudo |= move_sudo._handover_check_leaving(destination)
                elif enters:
                    move_sudo._handover_check_entering(source)
                elif destination._is_outgoing() and not source._is_outgoing():
                    move_sudo._handover_check_past()
        slips_sudo._check_covered()

    def _handover_get_ways(self):
        """Return the pairs of locations between which this move has moved goods."""
        ways = {(self.location_id, self.location_dest_id)}
        ways |= {
            (line.location_id, line.location_dest_id)
            for line in self.move_line_ids
            if line.quantity
        }
        return ways

    def _handover_check_leaving(self, destination):
        """Return the slip that lets these goods out of 待签收.

        :raise UserError: when there is none
        """
        slip = self.handover_acceptance_id
        if destination._is_outgoing():
            if slip:
                return slip
            raise UserError(self._handover_get_unsigned_text())
        origin = self.origin_returned_move_id
        if (
            origin._handover_enters_waiting() if origin else False
        ) and origin.product_id == self.product_id:
            return origin.handover_acceptance_id
        raise UserError(
            self.env._(
                "%(product)s waits for a customer's acceptance. To take it back, make "
                "a return of the delivery it was shipped with.",
                product=self.product_id.display_name,
            )
        )

    def _handover_get_unsigned_text(self):
        return self.env._(
            "%(product)s waits for the customer's acceptance. It counts as delivered "
            "when the acceptance slip is signed: in the portal, or by uploading the "
            "signed paper. Nothing else is to be done here.",
            product=self.product_id.display_name,
        )

    def _handover_check_entering(self, source):
        """Refuse what nobody could accept: from outside, or for nobody."""
        if source.usage not in ("internal", "transit"):
            raise UserError(
                self.env._(
                    "%(product)s comes from %(location)s: only goods from your own "
                    "stock can wait for a customer's acceptance. Receive them first.",
                    product=self.product_id.display_name,
                    location=source.display_name,
                )
            )
        if not self._handover_get_order() and not self.picking_id.partner_id:
            raise UserError(
                self.env._(
                    "Who is to accept %(product)s? Enter the contact on the transfer.",
                    product=self.product_id.display_name,
                )
            )

    def _handover_check_past(self):
        """Refuse goods that reach a customer who has to accept them first."""
        order = self._handover_get_order()
        if not order.handover_requires_acceptance:
            return
        waiting = order.company_id._handover_get_acceptance_location()
        raise UserError(
            self.env._(
                "%(order)s requires the customer's acceptance: %(product)s cannot go "
                "to %(location)s directly. Send it to %(waiting)s; it leaves from "
                "there when the customer has signed.",
                order=order.name,
                product=self.product_id.display_name,
                location=self.location_dest_id.display_name,
                waiting=waiting.display_name,
            )
        )

    # Credit -------------------------------------------------------------------------

    def _credit_reaches_customer(self):
        """EXTENDS 'customer_credit_grade': to 待签收 is to the customer.

        By whatever transfer. From there on nothing is stopped: it has left already.
        """
        self.ensure_one()
        ways = self.sudo()._handover_get_ways()  # sudo: places only
        if all(source._handover_is_waiting() for source, _destination in ways):
            return False
        if any(destination._handover_is_waiting() for _source, destination in ways):
            return True
        return super()._credit_reaches_customer()
