from odoo import models


class MrpProduction(models.Model):
    _inherit = "mrp.production"

    def button_mark_done(self):
        """EXTENDS 'mrp': queue the handovers of what was made for orders (SPEC F2)."""
        result = super().button_mark_done()
        # sudo: production users need not read orders
        self.sudo()._handover_list_queue()
        return result

    def _handover_list_queue(self):
        """Queue one event per done production order and order it is for."""
        events = self.env["order.handover.event"]
        done = self.exists().filtered(lambda production: production.state == "done")
        if done and events._is_used():
            events._queue(
                "production_done",
                [
                    {
                        "order_id": order.id,
                        "key": f"production {production.id}",
                        "document": production.name,
                        "source_model": "mrp.production",
                        "source_ids": production.ids,
                    }
                    for production in done
                    for order in production._handover_list_get_orders()
                ],
            )

    def _handover_list_get_orders(self):
        """Return the orders this is made for; parts for other production are not."""
        self.ensure_one()
        following = self.move_finished_ids.move_dest_ids
        if following and all(move.raw_material_production_id for move in following):
            return self.env["sale.order"]
        return self.reference_ids.sale_ids | self.sale_line_id.order_id
