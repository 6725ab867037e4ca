from contextlib import suppress

from odoo.exceptions import UserError
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from .common_rebate_books import RebateBooksCommon

#: what the figures of a balance are
FIGURES = (
    "ordered_amount",
    "invoiced_amount",
    "earned_amount",
    "releasable_amount",
    "released_amount",
    "open_amount",
)


class _WithoutEffectError(Exception):
    """What was tried was let through and has changed nothing."""


class RebateAttackCommon(RebateBooksCommon):
    """A programme in force at 5 %, 1,000 invoiced, 50 released, 50 more releasable."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.programme = cls._create_programme(stack_group="fair")
        cls._invoice(1000)
        cls.done = cls._settle_as_officer(cls.programme)
        cls._approve(cls.done)
        cls._invoice(1000, "2026-04-01")
        cls._drain()
        cls.note = cls.done.sudo().move_ids
        cls.balance = cls.programme.sudo().period_ids.balance_ids
        cls.accountant = cls._create_user("accountant", "account.group_account_manager")
        cls.portal = new_test_user(cls.env, "rebate portal", groups="base.group_portal")
        cls.people = (
            cls.salesman
            | cls.manager
            | cls.officer
            | cls.rebate_admin
            | cls.financier
            | cls.accountant
            | cls.director
            | cls.portal
        )

    def _figures(self):
        """Return everything that is or leads to money, as it is stored."""
        self._drain()
        self.env.flush_all()
        facts = []
        for query in (
            f"SELECT id, {', '.join(FIGURES)} FROM rebate_balance ORDER BY id",
            "SELECT id, state, form, currency_id, company_id FROM rebate_settlement"
            " ORDER BY id",
            "SELECT id, state, amount, posted_amount FROM rebate_settlement_line"
            " ORDER BY id",
            "SELECT id, rebate_released, rebate_accrued, balance, parent_state"
            " FROM account_move_line WHERE rebate_balance_id IS NOT NULL ORDER BY id",
            "SELECT id, state, stack_group, version_id FROM rebate_version"
            " JOIN (SELECT id AS pid, stack_group FROM rebate_programme) p"
            " ON pid = programme_id LEFT JOIN (SELECT DISTINCT programme_id AS q,"
            " version_id FROM rebate_period) r ON q = programme_id ORDER BY id",
            "SELECT version_id, value_from, rate FROM rebate_tier ORDER BY 1, 2",
            "SELECT COUNT(*), SUM(invoiced), SUM(cash) FROM rebate_ledger",
            "SELECT id, rebate_settlement_id, state, amount_total FROM account_move"
            " WHERE rebate_settlement_id IS NOT NULL ORDER BY id",
        ):
            self.cr.execute(query)
            facts.append(self.cr.fetchall())
        return facts

    @mute_logger("odoo.sql_db", "odoo.models")
    def _attack(self, label, attack, user=None, refused=True):
        """Try something; it is refused in words, or without effect on any figure.

        :param attack: a function of an environment of the user
        :param refused: whether it must be refused, for whoever tries
        """
        before = self._figures()
        for person in user or self.people:
            with self.subTest(attack=label, user=person.name):
                try:
                    with suppress(_WithoutEffectError), self.cr.savepoint():
                        attack(self.env(user=person))
                        self.env.flush_all()
                        self.assertFalse(refused, "it was not refused")
                        self.assertEqual(self._figures(), before)
                        raise _WithoutEffectError
                except UserError as refusal:
                    self.assertTrue(str(refusal))
