from datetime import date, datetime

from dateutil.relativedelta import relativedelta

from odoo.fields import Command

from odoo.addons.customer_credit_grade.tests.common import CreditCommon

#: the quarter that is looked at: 2025 Q3
START, END = date(2025, 7, 1), date(2025, 9, 30)


class ChannelAssessmentCommon(CreditCommon):
    """One channel partner of the salesman, an officer and an administrator."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.credit_mode = "off"
        cls.officer = cls._create_user("officer", "channel_rebate.group_officer")
        cls.channel_manager = cls._create_user(
            "channel manager", "channel_rebate.group_manager"
        )
        cls.channel = cls._create_channel(cls.partner)
        cls.goods = (
            cls.env["product.product"]
            .sudo()
            .create(
                {
                    "name": "Goods",
                    "type": "consu",
                    "list_price": 100.0,
                    "standard_price": 60.0,
                    "taxes_id": [Command.clear()],
                }
            )
        )

    @classmethod
    def _create_channel(cls, partner, **values):
        return (
            cls.env["channel.partner"]
            .sudo()
            .create(
                {
                    "partner_id": partner.id,
                    "company_id": cls.company.id,
                    "state": "active",
                    **values,
                }
            )
        )

    @classmethod
    def _create_card(cls, *criteria, results=None, **values):
        """Return a scorecard in use; ``criteria`` are values of its criteria."""
        cards = cls.env["channel.scorecard"].sudo()
        cards.search(
            [("company_id", "=", cls.company.id), ("state", "=", "active")]
        )._set_state("archived")
        card = cards.create(
            {
                "name": "Distributors",
                "company_id": cls.company.id,
                "criterion_ids": [Command.create(each) for each in criteria],
                "result_ids": [
                    Command.create(each)
                    for each in results
                    or (
                        {
                            "score_from": 90,
                            "result": "reward",
                            "rebate_extra_rate": 1.5,
                            "priority": "2",
                            "support_amount": 3000,
                        },
                        {"score_from": 70, "result": "keep"},
                        {
                            "score_from": 50,
                            "result": "rectification",
                            "deadline_days": 30,
                        },
                        {"score_from": 0, "result": "termination"},
                    )
                ],
                **values,
            }
        )
        card.action_activate()
        return card

    @classmethod
    def _create_simple_card(cls):
        """Return a scorecard in use with one entered criterion: its value."""
        return cls._create_card(
            {"name": "Market effect", "weight": 100, "method": "direct"}
        )

    @classmethod
    def _create_assessment(cls, channel=None, user=None, **values):
        return (
            cls.env["channel.assessment"]
            .with_user(user or cls.officer)
            .create(
                {
                    "channel_partner_id": (channel or cls.channel).id,
                    "period_kind": "quarter",
                    "date_from": START,
                    **values,
                }
            )
        )

    @classmethod
    def _assess(cls, value, channel=None, user=None, **values):
        """Return an assessment with its only criterion answered."""
        assessment = cls._create_assessment(channel, user, **values)
        assessment.line_ids.write({"value": value, "source_text": "Visit"})
        return assessment

    @classmethod
    def _sell(cls, amount, delivered, due, partner=None, **values):
        """Confirm an order of ``amount`` due on a day, of which a part is delivered."""
        order = cls._order_of(
            amount,
            partner=partner,
            product=cls.goods,
            commitment_date=datetime.combine(due, datetime.min.time()).replace(hour=12),
            **values,
        ).sudo()
        order.state = "sale"
        # sudo: what goods issue would say
        line = order.order_line
        line.flush_recordset()
        line.qty_delivered_method = "manual"
        line.qty_delivered = delivered / 100
        return order

    @classmethod
    def _invoice(
        cls, amount, day, due=None, partner=None, kind="out_invoice", **values
    ):
        """Post an invoice over ``amount``, in units of 100."""
        move = (
            cls.env["account.move"]
            .sudo()
            .create(
                {
                    "move_type": kind,
                    "partner_id": (partner or cls.partner).id,
                    "invoice_date": day,
                    "invoice_date_due": due or day,
                    "invoice_payment_term_id": False,
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "product_id": cls.goods.id,
                                "quantity": amount / 100,
                                "price_unit": 100.0,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                    **values,
                }
            )
        )
        move.action_post()
        return move

    @classmethod
    def _settle(cls, invoice, amount, day, **values):
        """Pay a part of an invoice on a day."""
        wizard = (
            cls.env["account.payment.register"]
            .sudo()
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"payment_date": day, "amount": amount, **values})
        )
        return wizard._create_payments()

    def _day(self, days):
        """Return a day of the quarter, counted from its first."""
        return START + relativedelta(days=days)
