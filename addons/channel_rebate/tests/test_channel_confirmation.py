from odoo.tests import HttpCase, tagged

from .channel_portal_common import ChannelPortalCommon


@tagged("post_install", "-at_install")
class TestChannelConfirmation(ChannelPortalCommon, HttpCase):
    """Channel partners are asked by their agreements (SPEC L3)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {
                "document_approval_mode": "enforce",
                "sale_policy_letter": True,
                "channel_confirmation_days": 3,
            }
        )
        cls.flow.level_ids.participation = "finding"  # nobody has to look
        cls.letters = cls.env.ref("sale_order_policy.ir_cron_follow_confirmations")

    def _asked(self, **values):
        order = self._create_order(**values)
        order.action_confirm()
        self.letters.method_direct_trigger()
        self.env.invalidate_all()
        return order

    def test_letter_asks_the_partner(self):
        order = self._asked()
        answer = order.policy_letter_answer_id
        self.assertRecordValues(
            answer,
            [
                {
                    "state": "waiting",
                    "channel_partner_id": self.channel.id,
                    "partner_id": self.partner.id,
                }
            ],
        )
        self.assertEqual(
            answer.with_user(self.officer).read(["state"])[0]["state"], "waiting"
        )
        self.authenticate("dealer", "dealer")
        page = self.url_open("/my/channel").text
        self.assertIn("Please confirm these orders", page)
        self.assertIn(order.name, page)

    def test_who_is_not_asked(self):
        self.company.channel_confirmation_days = 0
        self.assertFalse(self._asked().policy_letter_answer_id)
        self.company.channel_confirmation_days = 3
        customer = self.env["res.partner"].create(
            {"name": "No partner", "email": "n@example.com"}
        )
        self.assertFalse(self._asked(partner_id=customer.id).policy_letter_answer_id)
        agreement = self.channel.agreement_ids
        agreement.confirmation_rule = "none"
        self.assertFalse(self._asked().policy_letter_answer_id)
        self.company.channel_confirmation_days = 0
        agreement.write({"confirmation_rule": "own", "confirmation_days": 9})
        self.assertTrue(self._asked().policy_letter_answer_id)

    def test_channel_terms_go_before_those_for_all(self):
        self.company.write(
            {
                "sale_policy_answer": True,
                "sale_policy_objection_days": 5,
                "sale_policy_answer_rule": "confirmed",
                "channel_confirmation_rule": "both",
            }
        )
        other = self.env["res.partner"].create({"name": "X", "email": "n@example.com"})
        order = self._create_order()
        self.assertEqual(order._policy_get_answer_terms(), (3, "both"))
        order = self._create_order(partner_id=other.id)
        self.assertEqual(order._policy_get_answer_terms(), (5, "confirmed"))

    def test_officer_reads_answers_of_channel_partners_only(self):
        self.company.sale_policy_answer = True
        other = self.env["res.partner"].create({"name": "X", "email": "n@example.com"})
        partner_order, order = self._asked(), self._asked(partner_id=other.id)
        answers = (partner_order | order).policy_letter_answer_ids
        self.assertEqual(
            self.env["sale.order.letter.answer"]
            .with_user(self.officer)
            .search([("id", "in", answers.ids)]),
            partner_order.policy_letter_answer_ids,
        )
