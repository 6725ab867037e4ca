from odoo import api, models
from odoo.exceptions import UserError

#: what makes a done move one that delivers an order, or one of another order
_NAMING = frozenset({"sale_line_id", "location_dest_id"})


class StockMove(models.Model):
    """Goods are delivered for confirmed orders only (SPEC B6).

    A transfer that names an order in review would deliver it without its approval. By
    whatever route such a move is done, or is sent elsewhere afterwards, it is all
    undone. Transfers that name no order, and goods that come back, are no business of
    the order's approval.
    """

    _inherit = "stock.move"

    @api.model_create_multi
    def create(self, vals_list):
        if not any(vals.get("state") == "done" for vals in vals_list):
            return super().create(vals_list)
        with self.env["sale.order"]._approval_savepoint():
            moves = super().create(vals_list)
            moves._sale_policy_check_delivered()
        return moves

    def write(self, vals):
        is_done = vals.get("state") == "done" and self._sale_policy_get_unconfirmed()
        is_named = _NAMING.intersection(vals) and "done" in self.mapped("state")
        if not is_done and not is_named:
            return super().write(vals)
        with self.env["sale.order"]._approval_savepoint():
            result = super().write(vals)
            self._sale_policy_check_delivered()
        return result

    def _action_done(self, cancel_backorder=False):
        if not self._sale_policy_get_unconfirmed():
            return super()._action_done(cancel_backorder=cancel_backorder)
        with self.env["sale.order"]._approval_savepoint():
            moves = super()._action_done(cancel_backorder=cancel_backorder)
            self.exists()._sale_policy_check_delivered()
        return moves

    def _sale_policy_check_delivered(self):
        """Refuse what was delivered for orders that are not confirmed.

        :raise UserError: naming the order
        """
        # sudo: the warehouse may not see the orders
        for move in self._sale_policy_get_unconfirmed().sudo():
            if move.state == "done":
                raise UserError(
                    self.env._(
                        "%(product)s cannot be delivered for %(order)s: the order is "
                        "not confirmed. Have it approved and confirmed first.",
                        product=move.product_id.display_name,
                        order=move._sale_policy_get_order().name,
                    )
                )

    def _sale_policy_get_unconfirmed(self):
        """Return moves to customers that name an order that still needs approval."""
        # sudo: the gate sees the same whoever acts
        return self.filtered(
            lambda move: (
                move.sudo()._sale_policy_reaches_customer()
                and (order := move.sudo()._sale_policy_get_order())
                and order.state not in order._approval_protected_states
                and order._approval_mode() == "enforce"
            )
        )

    def _sale_policy_get_order(self):
        self.ensure_one()
        return self.sale_line_id.order_id or self.picking_id.sale_id

    def _sale_policy_reaches_customer(self):
        """Tell whether it ends at a customer, at once or by way of transit.

        From wherever it comes: Odoo counts as delivered what arrives there.
        """
        self.ensure_one()
        places = self.location_dest_id | self.move_line_ids.location_dest_id
        usages = set(places.mapped("usage"))
        return "customer" in usages or (
            "transit" in usages and self.location_final_id.usage == "customer"
        )
