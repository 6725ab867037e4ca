from odoo import api, models

#: what may send more to a customer than was sent when the move was done
_SENDING = frozenset({"quantity", "product_uom_id", "location_dest_id", "move_id"})


class StockMoveLine(models.Model):
    """What was delivered does not grow while its order is not confirmed (SPEC B6).

    A done move can be corrected in Odoo. Less always may be.
    """

    _inherit = "stock.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        moves = self.env["stock.move"].browse(
            [vals["move_id"] for vals in vals_list if vals.get("move_id")]
        )
        if "done" not in moves.mapped("state"):
            return super().create(vals_list)
        with self.env["sale.order"]._approval_savepoint():
            lines = super().create(vals_list)
            lines.move_id._sale_policy_check_delivered()
        return lines

    def write(self, vals):
        if not _SENDING.intersection(vals) or "done" not in self.mapped("state"):
            return super().write(vals)
        before = {}
        if "move_id" not in vals:
            unconfirmed = self.move_id._sale_policy_get_unconfirmed()
            before = {
                line.id: line._sale_policy_get_sent()
                for line in self
                if line.move_id in unconfirmed
            }
        with self.env["sale.order"]._approval_savepoint():
            result = super().write(vals)
            self.exists().filtered(
                lambda line: (
                    line.product_id.uom_id.compare(
                        line._sale_policy_get_sent(), before.get(line.id, 0.0)
                    )
                    > 0
                )
            ).move_id._sale_policy_check_delivered()
        return result

    def _sale_policy_get_sent(self):
        """Return how much counts as sent, by the line or its move, in stock's unit."""
        self.ensure_one()
        line_sudo = self.sudo()  # sudo: places only, also of other companies
        places = line_sudo.location_dest_id | line_sudo.move_id.location_dest_id
        is_sent = {"customer", "transit"} & set(places.mapped("usage"))
        return self.quantity_product_uom if is_sent else 0.0
