from odoo import fields
from odoo.fields import Command

from odoo.addons.sale_order_policy.tests.common import SaleOrderPolicyCommon


class RebateCommon(SaleOrderPolicyCommon):
    """A company whose finance and management approve rebates; a customer.

    Orders need no approval. The planner administers rebates, the operator is a channel
    officer. The product costs 100 without taxes.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.document_approval_mode = "off"
        cls.rebate_admin = cls.planner
        cls.rebate_admin.group_ids += cls.env.ref("channel_rebate.group_manager")
        cls.officer = cls.operator
        cls.officer.group_ids += cls.env.ref("channel_rebate.group_officer")
        cls.financier.group_ids += cls.env.ref("account.group_account_invoice")
        cls.product.sudo().write(
            {
                "taxes_id": [Command.clear()],
                "invoice_policy": "order",
                "is_storable": False,
            }
        )
        cls.engine = cls.env["rebate.engine"].sudo()

    @classmethod
    def _create_programme(cls, tiers=((0, 5),), partners=None, version=None, **values):
        """Create a programme with a version in force, approved as it has to be."""
        programme = cls._prepare_programme(tiers, partners, version, **values)
        cls._put_in_force(programme.version_ids)
        return programme

    @classmethod
    def _prepare_programme(cls, tiers=((0, 5),), partners=None, version=None, **values):
        target = (version or {}).pop("target", 0.0)
        programme = (
            cls.env["rebate.programme"]
            .with_user(cls.rebate_admin)
            .create(
                {
                    "name": "Rebate",
                    "kind": "year",
                    "date_from": "2026-01-01",
                    "date_to": "2026-12-31",
                    "participant_ids": [
                        Command.create({"partner_id": partner.id})
                        for partner in partners or cls.partner
                    ],
                    **values,
                }
            )
        )
        programme.version_ids = [
            Command.create(
                {
                    "payment_rule": "none",
                    "tier_ids": [
                        Command.create({"value_from": low, "rate": rate})
                        for low, rate in tiers
                    ],
                    "target_ids": [
                        Command.create({"participant_id": p.id, "target": target})
                        for p in programme.participant_ids
                        if target
                    ],
                    **(version or {}),
                }
            )
        ]
        return programme

    @classmethod
    def _put_in_force(cls, version):
        version.with_user(cls.rebate_admin).action_submit_for_approval()
        cls._approve(version)
        cls._drain()

    @classmethod
    def _drain(cls):
        cls.engine._drain()

    @classmethod
    def _invoice(
        cls, amount, date="2026-03-01", partner=None, kind="out_invoice", **vals
    ):
        """Post an invoice, or a credit note, of one line of this amount."""
        move = (
            cls.env["account.move"]
            .sudo()
            .create(
                {
                    "move_type": kind,
                    "partner_id": (partner or cls.partner).id,
                    "invoice_date": date,
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "product_id": cls.product.id,
                                "quantity": vals.pop("quantity", 1),
                                "price_unit": amount,
                                "tax_ids": vals.pop("tax_ids", [Command.clear()]),
                            }
                        )
                    ],
                    **vals,
                }
            )
        )
        move.action_post()
        return move

    @classmethod
    def _return(cls, move, amount, date="2026-05-01"):
        """Post a credit note of an invoice, of this amount, applied to it."""
        wizard = (
            cls.env["account.move.reversal"]
            .sudo()
            .with_context(active_model="account.move", active_ids=move.ids)
            .create({"date": date, "journal_id": move.journal_id.id})
        )
        wizard.reverse_moves()
        refund = wizard.new_move_ids
        refund.invoice_date = date
        refund.invoice_line_ids.price_unit = amount
        refund.action_post()
        lines = (move | refund).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        lines.filtered(lambda line: not line.reconciled).reconcile()
        return refund

    @classmethod
    def _pay(cls, move, amount, date="2026-03-10", writeoff=0.0):
        """Pay a part of an invoice; the rest as a write-off where asked for."""
        values = {"amount": amount, "payment_date": date}
        if writeoff:
            account = (
                cls.env["account.account"]
                .sudo()
                .search([("account_type", "=", "expense")], limit=1)
            )
            values |= {
                "payment_difference_handling": "reconcile",
                "writeoff_account_id": account.id,
            }
        return (
            cls.env["account.payment.register"]
            .sudo()
            .with_context(active_model="account.move", active_ids=move.ids)
            .create(values)
            ._create_payments()
        )

    def _assert_balance(self, programme, partner=None, date=None, **figures):
        """Bring the figures up to date and compare them."""
        self._drain()
        balance = programme.sudo().period_ids.balance_ids.filtered(
            lambda b: (
                b.partner_id == (partner or self.partner)
                and (not date or b.date_from <= fields.Date.to_date(date) <= b.date_to)
            )
        )
        self.assertEqual(len(balance), 1)
        self.assertRecordValues(balance, [figures])
        return balance
