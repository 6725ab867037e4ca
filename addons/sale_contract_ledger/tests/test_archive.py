from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import ContractCommon


@tagged("post_install", "-at_install")
class TestContractArchive(ContractCommon):
    """Originals, places, loans (SPEC E2)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._signed(cls._create_order())
        places = cls.env["sale.contract.place"].with_user(cls.archivist)
        room = places.create({"name": "Room 2", "kind": "room"})
        cabinet = places.create(
            {"name": "Cabinet B", "kind": "cabinet", "parent_id": room.id}
        )
        cls.place = places.create({"name": "Box 7", "parent_id": cabinet.id})
        cls.original = (
            cls.env["sale.contract.original"]
            .with_user(cls.archivist)
            .create(
                {
                    "name": "A-001",
                    "class_name": "Sales contracts",
                    "contract_id": cls.contract.id,
                    "place_id": cls.place.id,
                }
            )
        )
        cls.today = fields.Date.context_today(cls.original)

    def _lend(self, **values):
        return (
            self.env["sale.contract.loan"]
            .with_user(self.archivist)
            .create(
                {
                    "original_id": self.original.id,
                    "borrower_id": self.salesman.id,
                    "purpose": "Court",
                    "date_due": self.today + timedelta(days=3),
                    **values,
                }
            )
        )

    def test_the_place_is_named_in_full(self):
        self.assertEqual(self.place.display_name, "Room 2 / Cabinet B / Box 7")

    def test_no_more_copies_are_lent_than_there_are(self):
        loan = self._lend()
        self.assertEqual(loan.lent_by_id, self.archivist)
        with self.assertRaises(ValidationError):
            self._lend()
        loan.action_return()
        self.assertEqual(loan.received_by_id, self.archivist)
        self.assertEqual(loan.date_returned, self.today)
        self._lend()
        with self.assertRaises(UserError):
            loan.action_return()

    def test_history_is_kept(self):
        loan = self._lend()
        for values in (
            {"borrower_id": self.manager.id},
            {"date_returned": self.today},
            {"received_by_id": self.archivist.id},
            {"original_id": self.original.id},
        ):
            with self.assertRaises(AccessError):
                loan.sudo().write(values)
        for record in (loan.sudo(), self.original.sudo()):
            with self.assertRaises(UserError):
                record.with_context(_force_unlink=True).unlink()
        loan.action_return()
        with self.assertRaises(UserError):
            loan.write({"date_due": self.today})

    def test_only_the_archive_lends(self):
        loan = self._lend()
        for user in (self.salesman, self.manager):
            with self.assertRaises(AccessError):
                loan.with_user(user).action_return()
            with self.assertRaises(AccessError):
                self.original.with_user(user).write({"note": "mine"})
        self.assertEqual(loan.with_user(self.salesman).purpose, "Court")

    def test_drafts_are_not_archived(self):
        draft = self._draft()
        with self.assertRaises(UserError):
            self.original.create(
                {
                    "name": "A-002",
                    "class_name": "x",
                    "contract_id": draft.id,
                    "place_id": self.place.id,
                }
            )

    def test_overdue_loans_are_listed_and_reminded_once_a_day(self):
        loan = self._lend(
            date_from=self.today - timedelta(days=9),
            date_due=self.today - timedelta(days=2),
        )
        found = loan.search([("is_overdue", "=", True)])
        self.assertIn(loan, found)
        self.assertTrue(self.original.is_overdue)
        self._run_cron("ir_cron_contract_loan")
        self.assertEqual(loan.sudo().activity_ids.user_id, self.salesman)
        loan.sudo().activity_ids.unlink()
        self._run_cron("ir_cron_contract_loan")
        self.assertFalse(loan.sudo().activity_ids)
        loan.action_return()
        self.assertFalse(loan.is_overdue)
