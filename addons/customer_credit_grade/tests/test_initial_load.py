from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestInitialLoad(CreditCommon):
    """Many limits at once before control begins; customers who are merged."""

    def _load(self, user=None, **values):
        return (
            self.env["customer.credit.initial.load"]
            .with_user(user or self.director)
            .create(
                {
                    "company_id": self.company.id,
                    "scope": "chosen",
                    "partner_ids": [Command.set(self.partner.ids)],
                    "limit_method": "fixed",
                    "amount": 700,
                    **values,
                }
            )
        )

    def test_only_while_control_is_off(self):
        for mode in ("observe", "enforce"):
            self.company.credit_mode = mode
            with self.assertRaises(UserError):
                self._load().action_load()
        self.assertEqual(self.credit_account.limit, 5000)

    def test_only_by_administrators(self):
        self.company.credit_mode = "off"
        with self.assertRaises(AccessError):
            self._load(self.financier)
        with self.assertRaises(AccessError):
            self._load(self.salesman)

    def test_limit_replaces_the_one_before(self):
        self.company.credit_mode = "off"
        self._load().action_load()
        self.credit_account.invalidate_recordset()
        self.assertEqual(self.credit_account.limit, 700)
        self.assertEqual(self.partner.sudo().credit_limit, 700)

    def test_merged_customers_keep_one_limit(self):
        twin = self.env["res.partner"].sudo().create({"name": "Twin"})
        self._set_limit(twin, 3000.0)
        wizard = self.env["base.partner.merge.automatic.wizard"].sudo().create({})
        wizard._merge((self.partner | twin).ids, self.partner)
        kept = self.credit_accounts._get_accounts(self.company, self.partner)
        self.assertEqual(kept, self.credit_account)
        kept.invalidate_recordset()
        self.assertEqual(kept.limit, 5000)
        self.assertIn(3000, kept.entitlement_ids.mapped("amount"))
