from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .channel_portal_common import ChannelPortalCommon


@tagged("post_install", "-at_install")
class TestChannelPartnerCare(ChannelPortalCommon):
    """Agreements end in time, are renewed, and survive merged contacts (SPEC L1)."""

    def _remind(self, days=30):
        self.company.channel_agreement_days = days
        cron = self.env.ref("channel_rebate.ir_cron_channel_agreement_remind")
        cron.code = "model._cron_remind(batch_size=1)"
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()
        return self.channel.sudo().activity_ids

    def test_reminded_once_before_the_end(self):
        agreement = self.channel.agreement_ids
        self.assertFalse(self._remind(days=99))
        self.assertFalse(self._remind(days=0))
        activity = self._remind(days=100)
        self.assertEqual(activity.user_id, self.salesman)
        self.assertEqual(activity.date_deadline, agreement.date_to)
        self.assertEqual(self._remind(days=100), activity)
        # a new end is reminded of anew
        agreement.with_user(self.officer).date_to = self.today + timedelta(days=50)
        self.assertEqual(len(self._remind(days=60)), 2)

    def test_not_reminded_when_renewed_or_over(self):
        self.channel.agreement_ids.with_user(self.officer).action_renew()
        self.other_channel._write_assessed({"state": "terminated"})
        self.assertFalse(self._remind(days=100))
        self.assertFalse(self.other_channel.sudo().activity_ids)

    def test_renewed_for_the_next_period(self):
        agreement = self.channel.agreement_ids.with_user(self.officer)
        for start, end, next_start, next_end in (
            ((2026, 1, 1), (2026, 12, 31), (2027, 1, 1), (2027, 12, 31)),
            ((2027, 3, 1), (2028, 2, 29), (2028, 3, 1), (2029, 2, 28)),
            ((2026, 4, 1), (2026, 6, 30), (2026, 7, 1), (2026, 9, 30)),
            ((2026, 4, 10), (2026, 4, 19), (2026, 4, 20), (2026, 4, 29)),
        ):
            agreement.write({"date_from": date(*start), "date_to": date(*end)})
            self.assertEqual(
                agreement._get_next_period(), (date(*next_start), date(*next_end))
            )
        papers = self.env["ir.attachment"].with_user(self.officer)
        paper = papers.create({"name": "signed.pdf", "raw": b"x"})
        agreement.write({"terms": "<p>Thirty days</p>", "attachment_ids": paper.ids})
        action = agreement.action_renew()
        renewed = self.channel.agreement_ids - agreement
        self.assertEqual(action["res_id"], renewed.id)
        self.assertEqual(renewed.terms, agreement.terms)
        self.assertFalse(renewed.attachment_ids)
        # pressed again it opens the same
        self.assertEqual(agreement.action_renew()["res_id"], renewed.id)
        with self.assertRaises(AccessError):
            agreement.with_user(self.salesman).action_renew()

    def test_warning_of_the_file(self):
        agreement = self.channel.agreement_ids
        self.assertEqual(self.channel.agreement_warning, "fine")
        agreement.date_to = self.today + timedelta(days=30)
        self.assertEqual(self.channel.agreement_warning, "soon")
        agreement.date_to = self.today - timedelta(days=1)
        self.assertEqual(self.channel.agreement_warning, "none")

    def test_days_of_a_letter(self):
        agreement = self.channel.agreement_ids
        self.company.channel_confirmation_days = 5
        self.assertEqual(self.channel._channel_get_confirmation_days(), 5)
        agreement.write({"confirmation_rule": "own", "confirmation_days": 2})
        self.assertEqual(self.channel._channel_get_confirmation_days(), 2)
        with self.assertRaises(ValidationError):
            agreement.confirmation_days = 0
        with self.assertRaises(ValidationError):
            self.company.channel_confirmation_days = -1

    def _merge(self, partners, into):
        self.env.flush_all()
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            partners.ids, into
        )
        self.env.invalidate_all()

    def test_merged_the_file_follows(self):
        demand = self._create_demand()
        customer = self.env["res.partner"].create(
            {"name": "Dealer North Ltd.", "is_company": True}
        )
        source = self.env["res.partner"].create({"name": "Old", "is_company": True})
        channel = self._create_channel(source)
        self._merge(source | customer, customer)
        self.assertRecordValues(
            channel, [{"partner_id": customer.id, "partner_name": "Dealer North Ltd."}]
        )
        self.assertEqual(channel.agreement_ids.partner_id, customer)
        self.assertEqual(
            self.env["channel.partner"].search([("partner_name", "=", "Old")]),
            self.env["channel.partner"],
        )
        self.assertEqual(demand.partner_id, self.partner)

    def test_two_partners_are_not_merged(self):
        both = self.channel.partner_id | self.other_channel.partner_id
        with self.assertRaises(UserError) as refused:
            self._merge(both, self.other_channel.partner_id)
        self.assertIn("Dealer North", str(refused.exception))
        self.assertEqual(len(both.exists()), 2)

    def test_a_contact_takes_over_no_file(self):
        contact = self.env["res.partner"].create(
            {"name": "Contact", "parent_id": self.other_channel.partner_id.id}
        )
        with self.assertRaises(UserError):
            self._merge(self.partner | contact, contact)

    def test_imported_with_agreements(self):
        self.env["res.partner"].create({"name": "Dealer East", "is_company": True})
        result = (
            self.env["channel.partner"]
            .with_user(self.officer)
            .load(
                [
                    "partner_id",
                    "code",
                    "kind",
                    "demand_products",
                    "agreement_ids/name",
                    "agreement_ids/date_from",
                    "agreement_ids/date_to",
                ],
                [
                    [
                        "Dealer East",
                        "E-1",
                        "Distributor",
                        "Products of the price system",
                        "A-1",
                        "2026-01-01",
                        "2026-12-31",
                    ],
                    ["", "", "", "", "A-2", "2027-01-01", "2027-12-31"],
                ],
            )
        )
        self.assertFalse([m for m in result["messages"] if m["type"] == "error"])
        file = self.env["channel.partner"].browse(result["ids"])
        self.assertEqual(len(file.agreement_ids), 2)
        self.assertEqual(file.demand_products, "pricelist")

    def test_partner_of_an_order(self):
        order = self._create_order()
        self.assertEqual(order.channel_partner_id, self.channel)
        end = self.env["res.partner"].create({"name": "Hotel"})
        order = self._create_order(partner_id=end.id)
        self.assertFalse(order.channel_partner_id)
        order.channel_partner_id = self.other_channel
        self.env.flush_all()
        self.assertEqual(order.channel_partner_id, self.other_channel)
        foreign = self.env["res.company"].create({"name": "Foreign"})
        strange = self.env["channel.partner"].create(
            {"partner_id": end.id, "company_id": foreign.id}
        )
        with self.assertRaises(UserError):
            order.sudo().channel_partner_id = strange
        with self.assertRaises(AccessError):
            order.with_user(self.dealer).read(["channel_partner_id"])

    def test_partner_may_be_changed_on_a_confirmed_order(self):
        order = self._create_order()
        order.action_confirm()
        order.channel_partner_id = self.other_channel
        self.assertEqual(order.state, "sale")
