from datetime import timedelta

from odoo.fields import Command
from odoo.tests import tagged

from .channel_portal_common import ChannelPortalCommon


@tagged("post_install", "-at_install")
class TestChannelDemandForm(ChannelPortalCommon):
    """What is typed is read strictly; errors name line and field (SPEC L2)."""

    def _read(self, **typed):
        forms = self.env["channel.demand.form"].with_user(self.dealer)
        return forms._read_typed(
            self.channel.sudo(), forms._get_typed(self._type(**typed))
        )

    def _assert_error(self, words, **typed):
        _values, _lines, errors = self._read(**typed)
        self.assertEqual(len(errors), 1, errors)
        self.assertIn(words, errors[0][1])

    def test_good_input(self):
        values, lines, errors = self._read(
            **{"line-7-product": "A big table", "line-7-quantity": "1.5"}
        )
        self.assertFalse(errors)
        self.assertEqual(values["end_customer_place"], "Hangzhou")
        self.assertEqual([line["quantity"] for line in lines], [5.0, 1.5])
        self.assertEqual([bool(line["product_id"]) for line in lines], [True, False])

    def test_quantities_that_are_none(self):
        for text in (
            "nan",
            "inf",
            "-inf",
            "-5",
            "1e9",
            "0",
            "0.0000001",
            "1.23456",
            "5,5",
            "",
            "9" * 400,
            "2000000000",
            "٣",
            "5; DROP TABLE",
        ):
            self._assert_error("Line 1, Quantity", **{"line-0-quantity": text})

    def test_products_he_may_not_order(self):
        foreign = self.env["product.product"].create(
            {
                "name": "Foreign",
                "company_id": self.env["res.company"].create({"name": "F"}).id,
            }
        )
        for product_id in (
            self.unsold.id,
            foreign.id,
            999999999,
            "0",
            "-1",
            "x",
            "1e3",
        ):
            self._assert_error(
                "Line 1, Product or wish: this product cannot be ordered",
                **{"line-0-product_id": str(product_id)},
            )
        # by its number or name it is just words
        for text in ("CH-9", "Machine of Ours"):
            _values, lines, _errors = self._read(**{"line-0-product": text})
            self.assertFalse(lines[0]["product_id"])

    def test_a_name_two_products_share_is_words(self):
        self.env["product.product"].create([{"name": "Twin"}, {"name": "Twin"}])
        _values, lines, errors = self._read(**{"line-0-product": "Twin"})
        self.assertFalse(lines[0]["product_id"] or errors)

    def test_texts_dates_and_units(self):
        long = "长" * 3000
        for words, typed in (
            ("End customer: at most 120", {"end_customer_name": long}),
            ("Remarks: at most 2000", {"remark": long}),
            ("Line 1, Remark: at most 250", {"line-0-remark": long}),
            ("Line 1, Product or wish: at most", {"line-0-product": long}),
            ("Line 1, Product or wish is missing", {"line-0-product": " "}),
            ("Wanted on: this is no date", {"date_wanted": "2026-02-31"}),
            ("Wanted on: this is no date", {"date_wanted": "tomorrow"}),
            ("Wanted on: this day is over", {"date_wanted": "2001-01-01"}),
            ("Wanted on: this day is too far", {"date_wanted": "9999-12-31"}),
            ("Line 1, Wanted on: this day is over", {"line-0-date": "2001-01-01"}),
            ("is sold by Units", {"line-0-unit": "tons"}),
        ):
            self._assert_error(words, **typed)

    def test_packs(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        self.product.sudo().uom_ids = dozen
        _values, lines, _errors = self._read(**{"line-0-unit": dozen.name.upper()})
        self.assertEqual(lines[0]["product_uom_id"], dozen.id)
        demand = self._create_demand(lines[0], kind="order")
        demand.action_submit()
        demand.action_accept()
        # 5 dozen at 12 x 80
        self.assertEqual(demand.order_id.amount_untaxed, 4800.0)

    def test_too_many_lines(self):
        typed = {}
        for number in range(101):
            typed[f"line-{number}-product"] = "x"
            typed[f"line-{number}-quantity"] = "1"
        self._assert_error("At most 100 lines", **typed)

    def test_typed_again_is_the_same(self):
        tomorrow = self.today + timedelta(days=1)
        demand = self._create_demand(
            {
                "product_id": self.product.id,
                "quantity": 0.5,
                "date_wanted": tomorrow,
                "remark": "Blue",
            },
            date_wanted=tomorrow,
        )
        forms = self.env["channel.demand.form"]
        typed = forms._get_typed_of(demand)
        values, lines, errors = forms._read_typed(self.channel, typed)
        self.assertFalse(errors)
        self.assertEqual(values["date_wanted"], tomorrow)
        demand.write({"line_ids": [Command.clear(), Command.create(lines[0])]})
        self.assertEqual(forms._get_typed_of(demand), typed)
