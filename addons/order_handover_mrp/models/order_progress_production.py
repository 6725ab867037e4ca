from odoo import models

from odoo.addons.order_handover.progress import latest


class SaleOrder(models.Model):
    """What is made for an order, as a step of its progress (SPEC F3, F5)."""

    _inherit = "sale.order"

    def _handover_extra_steps(self, facts):
        """EXTENDS 'order_handover': one step for all production of an order."""
        result = super()._handover_extra_steps(facts)
        made = {
            order.id: [move.id for move in facts[order.id].of_kind("make")]
            for order in self
        }
        moves = self.env["stock.move"].browse(
            [move_id for ids in made.values() for move_id in ids]
        )
        for order in self:
            productions = moves.browse(made[order.id]).with_prefetch(moves.ids)
            productions = productions.production_id
            if productions:
                result.setdefault(order.id, []).append(
                    order._handover_step_production(
                        productions.with_prefetch(moves.production_id.ids)
                    )
                )
        return result

    def _handover_step_production(self, productions):
        """Return the step of the production orders.

        What they were planned for is their deadline; without one, their end.
        """
        self.ensure_one()
        open_ones = productions.filtered(lambda made: made.state != "done")
        words = dict(productions._fields["state"]._description_selection(self.env))
        wanted = sum(productions.mapped("product_qty"))
        done = sum(productions.mapped("qty_produced"))
        return self._handover_make_step(
            "production",
            self.env._("Production"),
            sequence=50,
            planned=latest(
                made.date_deadline or made.date_finished for made in productions
            ),
            expected=latest(open_ones.mapped("date_finished")),
            actual=None if open_ones else latest(productions.mapped("date_finished")),
            share=min(done / wanted, 1.0) if wanted else 0.0,
            internal="\n".join(
                self.env._(
                    "%(name)s: %(state)s, %(done)g of %(quantity)g",
                    name=made.name,
                    state=words[made.state],
                    done=made.qty_produced,
                    quantity=made.product_qty,
                )
                for made in productions
            ),
        )
