from itertools import combinations

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from .common_rebate import RebateCommon

#: every stored figure of a balance, set to what it cannot be
_SPOILT = """
    UPDATE rebate_balance
       SET ordered_amount = -1, delivered_amount = -1, invoiced_amount = -1,
           invoiced_qty = -1, cash_amount = -1, paid_amount = -1,
           provisional_amount = -1, earned_amount = -1, releasable_amount = -1,
           open_amount = -1, tier_rate = -1, next_tier_distance = -1,
           next_tier_gain = -1, paid_share = -1, executed_share = -1
     WHERE id = ANY(%s)
"""
_FIGURES = [
    "ordered_amount",
    "delivered_amount",
    "invoiced_amount",
    "invoiced_qty",
    "cash_amount",
    "paid_amount",
    "provisional_amount",
    "earned_amount",
    "releasable_amount",
    "open_amount",
    "tier_rate",
    "next_tier_distance",
    "next_tier_gain",
    "paid_share",
    "executed_share",
]


@tagged("post_install", "-at_install")
class TestRebateDrift(RebateCommon):
    """The nightly derivation finds what was changed past Odoo, and mends it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.partner.copy({"name": "Other Customer"})
        cls.programme = cls._create_programme(
            tiers=((0, 2), (1000, 5), (5000, 8)),
            partners=cls.partner | cls.other,
            version={"payment_rule": "pro_rata"},
            period_type="quarter",
            stack_group="volume",
            sequence=1,
        ).sudo()
        cls.invoice = cls._invoice(
            0,
            invoice_line_ids=[
                Command.create(
                    {
                        "product_id": cls.product.id,
                        "quantity": quantity,
                        "price_unit": 500,
                        "tax_ids": [Command.clear()],
                    }
                )
                for quantity in (2, 3)
            ],
        )
        cls.second = cls._invoice(300, "2026-03-20")
        cls._invoice(700, "2026-02-01", partner=cls.other)
        cls._pay(cls.invoice, 800)
        cls._drain()
        cls.balances = cls.programme.period_ids.balance_ids
        cls.balance = cls.balances.filtered(
            lambda b: b.partner_id == cls.partner and b.invoiced_amount
        )
        cls.right = cls.balances.read(_FIGURES)

    def _check(self, wrong, programmes=None):
        """Derive everything, after what was changed by SQL: these are corrected."""
        self.env.invalidate_all()
        found = self.engine._check_balances(programmes or self.programme)
        self.assertEqual(found, wrong)
        self.env.invalidate_all()
        self.assertEqual(self.balances.read(_FIGURES), self.right)
        self.assertFalse(self.engine._check_balances(programmes or self.programme))

    def _execute(self, query, *values):
        self.env.flush_all()
        self.env.cr.execute(SQL(query, *values))
        self.assertTrue(self.env.cr.rowcount)

    def _get_lines(self, document=None):
        """Return the ids of one ledger line of each line of an invoice."""
        return [
            row[0]
            for row in self.env.execute_query(
                SQL(
                    "SELECT MAX(id) FROM rebate_ledger WHERE balance_id = %s"
                    " AND document_id = %s AND source_kind = 'i' GROUP BY source_id"
                    " ORDER BY source_id",
                    self.balance.id,
                    (document or self.invoice).id,
                )
            )
        ]

    def test_nothing(self):
        """Where nothing was changed, nothing is written."""
        self.assertEqual(self.balance.invoiced_amount, 2800)
        self.assertEqual(self.balance.cash_amount, 800)
        rows = "SELECT array_agg(xmin::text ORDER BY id) FROM rebate_balance"
        before = self.env.execute_query(SQL(rows))
        self._check(self.balance.browse())
        self.assertEqual(self.env.execute_query(SQL(rows)), before)

    def test_figures(self):
        """Every figure is computed anew, where the ledger is right as well."""
        self._execute(_SPOILT, self.balances.ids)
        self._check(self.balance.browse())

    def test_figures_beside_wrong_ledger(self):
        """Figures of balances whose ledger is right are, where another's is not."""
        self._execute(_SPOILT, self.balances.ids)
        self._execute("DELETE FROM rebate_ledger WHERE id = %s", self._get_lines()[0])
        self._check(self.balance)

    def test_line_altered(self):
        """A measure of a line was changed."""
        for measure in ("invoiced", "invoiced_qty", "cash", "paid", "reference"):
            with self.subTest(measure=measure):
                self._execute(
                    "UPDATE rebate_ledger SET %s = %s - 0.0000000001 WHERE id = %s",
                    SQL.identifier(measure),
                    SQL.identifier(measure),
                    self._get_lines()[0],
                )
                self._check(self.balance)

    def test_line_missing(self):
        """A line is not there any more."""
        self._execute("DELETE FROM rebate_ledger WHERE id = %s", self._get_lines()[0])
        self._check(self.balance)

    def test_line_twice(self):
        """A line is there twice."""
        columns = SQL(
            "balance_id, version_id, source_kind, source_id, document_id, date,"
            " ordered, ordered_qty, delivered, invoiced, invoiced_qty, cash, paid,"
            " reference"
        )
        self._execute(
            "INSERT INTO rebate_ledger (%s) SELECT %s FROM rebate_ledger WHERE id = %s",
            columns,
            columns,
            self._get_lines()[0],
        )
        self._check(self.balance)

    def test_shifted_between_lines(self):
        """A line has too much of what another of the same invoice lacks."""
        one, other = self._get_lines()
        self._execute(
            "UPDATE rebate_ledger SET invoiced = invoiced"
            " + CASE id WHEN %s THEN 1 ELSE -1 END WHERE id IN (%s, %s)",
            one,
            one,
            other,
        )
        self._check(self.balance)

    def test_shifted_between_measures(self):
        """A measure of a line has too much of what another lacks."""
        measures = ("invoiced", "invoiced_qty", "cash", "paid", "reference")
        for one, other in combinations(measures, 2):
            with self.subTest(one=one, other=other):
                self._execute(
                    "UPDATE rebate_ledger SET %s = %s + 1, %s = %s - 1 WHERE id = %s",
                    *map(SQL.identifier, (one, one, other, other)),
                    self._get_lines()[0],
                )
                self._check(self.balance)

    def test_shifted_between_balances(self):
        """Another customer has a line."""
        other = self.balances.filtered(
            lambda b: b.partner_id == self.other and b.invoiced_amount
        )
        self._execute(
            "UPDATE rebate_ledger SET balance_id = %s WHERE document_id = %s",
            other.id,
            self.second.id,
        )
        self._check(self.balance | other)

    def test_stacked(self):
        """Of programmes that share invoices, only the first one has them."""
        later = self._create_programme(
            partners=self.partner, stack_group="volume", sequence=99
        ).sudo()
        self._drain()
        self.assertFalse(later.period_ids.balance_ids.invoiced_amount)
        self._check(self.balance.browse(), self.programme | later)
        self._check(self.balance.browse(), later)
        self._execute(
            "UPDATE rebate_ledger SET balance_id = %s WHERE document_id = %s",
            later.period_ids.balance_ids.id,
            self.second.id,
        )
        self._check(self.balance | later.period_ids.balance_ids, self.programme | later)
