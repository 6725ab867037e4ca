from odoo.fields import Command
from odoo.tests import Form, tagged

from odoo.addons.order_handover.tests.common_progress import ProgressCommon


@tagged("post_install", "-at_install")
class TestProgressMrp(ProgressCommon):
    """What is made for an order shows in its progress (SPEC F3, F5)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warehouse.manufacture_to_resupply = True
        mto = cls.warehouse.mto_pull_id.route_id
        mto.active = True
        cls.cloth = cls.env["product.product"].create(
            {"name": "Cloth", "is_storable": True}
        )
        cls._put_in_stock(cls.cloth, 500.0)
        cls.coat = cls.env["product.product"].create(
            {
                "name": "Coat",
                "is_storable": True,
                "route_ids": [
                    Command.set((mto | cls.warehouse.manufacture_pull_id.route_id).ids)
                ],
                "bom_ids": [
                    Command.create(
                        {
                            "bom_line_ids": [
                                Command.create(
                                    {"product_id": cls.cloth.id, "product_qty": 2}
                                )
                            ]
                        }
                    )
                ],
            }
        )
        cls.coat.bom_ids.product_tmpl_id = cls.coat.product_tmpl_id

    def _confirm_coats(self, quantity=10.0):
        order = self._confirm_order(
            {"product_id": self.coat.id, "product_uom_qty": quantity},
            commitment_date=self._in_days(20),
        ).sudo()
        made = self.env["mrp.production"].search(
            [("sale_line_id", "in", order.order_line.ids)]
        )
        self.assertEqual(len(made), 1)
        return order, made

    def test_production_is_a_step(self):
        order, made = self._confirm_coats()
        step = self._step(order, "production")
        self.assertEqual((step["state"], step["audience"]), ("current", "all"))
        self.assertIn(made.name, step["internal"])
        public = order._handover_public_steps([step])
        self.assertNotIn(made.name, str(public))
        row = self._row(order)
        self.assertEqual((row.phase, row.is_in_production), ("goods", True))
        made.action_confirm()
        made.qty_producing = 10.0
        made.move_raw_ids.picked = True
        made.button_mark_done()
        self.assertEqual(made.state, "done")
        self.assertEqual(self._states(order)["production"], "done")
        row = self._row(order)
        self.assertEqual((row.phase, row.is_in_production), ("shipment", False))

    def test_expected_date_follows_production(self):
        order, made = self._confirm_coats()
        self._look_at(order)
        made.action_confirm()
        made.date_start = self._in_days(25)
        self.env.flush_all()
        self.assertEqual(self._lines(order)[0]["expected"], made.date_finished)
        self.assertEqual(self._lines(order)[0]["state"], "late")
        self.env["order.progress.change"].sudo()._notice(order)
        change = self._changes(order)
        self.assertEqual(
            (change.date_new, change.source), (made.date_finished, made.name)
        )
        self.assertTrue(self._row(order).is_late)

    def test_half_done(self):
        order, made = self._confirm_coats()
        made.action_confirm()
        form = Form(made)
        form.qty_producing = 4.0
        action = form.save().button_mark_done()
        Form.from_action(self.env, action).save().action_backorder()
        step = self._step(order, "production")
        self.assertEqual(step["share"], 0.4)
        self.assertEqual(step["state"], "current")
