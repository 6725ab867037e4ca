from odoo import api, fields, models
from odoo.tools import SQL

from .channel_statement import LIVE

#: What the books hold against what statements have stated so far, for many targets at
#: once. A chain is all live statements of a customer before the target; from the day
#: it begins lines are known one by one, before that by their sum only (source 0).
#: Rows are added up rather than joined: the cost does not depend on estimates.
FOUND = """
    chain AS (
        SELECT t.id AS target_id, p.id, p.date_from, p.opening_balance,
               p.closing_balance
          FROM target t
          JOIN channel_statement p
            ON p.company_id = t.company_id AND p.partner_id = t.partner_id
           AND p.date_to < t.date_from
           AND p.state IN ('issued', 'disputed', 'confirmed', 'closed')
    ), start AS (
        SELECT t.id AS target_id, t.company_id, t.partner_id, t.currency_id,
               t.date_from, t.date_to,
               COALESCE(MIN(c.date_from), t.date_from) AS day,
               (ARRAY_AGG(c.opening_balance ORDER BY c.date_from))[1] AS opening,
               (ARRAY_AGG(c.closing_balance ORDER BY c.date_from DESC))[1] AS closing
          FROM target t LEFT JOIN chain c ON c.target_id = t.id
      GROUP BY t.id, t.company_id, t.partner_id, t.currency_id, t.date_from, t.date_to
    ), booked AS MATERIALIZED (
        SELECT t.target_id, t.opening IS NOT NULL AS is_chained, i.id AS source_id,
               i.date, i.date >= t.day AS is_known, i.date >= t.date_from AS is_new,
               i.debit, i.credit, i.balance,
               CASE WHEN i.currency_id = t.currency_id THEN 0
                    ELSE COALESCE(i.amount_currency, 0) END AS amount_currency
          FROM start t
          JOIN res_partner p ON p.commercial_partner_id = t.partner_id
          JOIN account_move_line i
            ON i.partner_id = p.id AND i.parent_state = 'posted'
           AND i.date <= t.date_to
          JOIN account_account a
            ON a.id = i.account_id AND a.account_type = 'asset_receivable'
          JOIN res_company c
            ON c.id = i.company_id
           AND SPLIT_PART(c.parent_path, '/', 1) = t.company_id::text
    ), opened AS (
        SELECT target_id, COALESCE(MAX(closing), SUM(balance)) AS opening
          FROM (SELECT target_id, closing, 0 AS balance FROM start
             UNION ALL
                SELECT target_id, NULL, balance FROM booked WHERE NOT is_known) x
      GROUP BY target_id
    ), compared AS (
        SELECT target_id, source_id, date, is_new, NULL::int AS last_id, debit, credit,
               amount_currency
          FROM booked WHERE is_known
     UNION ALL
        SELECT target_id, 0, NULL, FALSE, NULL, balance, 0, 0
          FROM booked WHERE NOT is_known AND is_chained
     UNION ALL
        SELECT target_id, 0, NULL, FALSE, NULL, -opening, 0, 0
          FROM start WHERE opening IS NOT NULL
     UNION ALL
        SELECT c.target_id, COALESCE(l.source_id, 0), NULL, FALSE, l.id,
               -CASE WHEN l.source_id IS NULL THEN l.debit - l.credit ELSE l.debit END,
               -CASE WHEN l.source_id IS NULL THEN 0 ELSE l.credit END,
               -COALESCE(l.amount_currency, 0)
          FROM chain c
          JOIN LATERAL (
            SELECT * FROM channel_statement_line
             WHERE statement_id = c.id AND section IN ('late', 'movement') OFFSET 0
          ) l ON TRUE
    ), summed AS (
        SELECT target_id, source_id, MAX(date) AS date, MAX(last_id) AS last_id,
               BOOL_OR(is_new) AND MAX(last_id) IS NULL AS is_movement,
               SUM(debit) AS debit, SUM(credit) AS credit,
               SUM(amount_currency) AS amount_currency
          FROM compared GROUP BY target_id, source_id
    ), found AS (
        SELECT target_id, source_id, date, last_id, is_movement, amount_currency,
               CASE WHEN source_id = 0 THEN GREATEST(debit, 0) ELSE debit END AS debit,
               CASE WHEN source_id = 0 THEN GREATEST(-debit, 0) ELSE credit END
                   AS credit
          FROM summed WHERE debit != 0 OR credit != 0 OR amount_currency != 0
    )
"""
#: the texts of a line that is found, copied from its entry, or from where it was stated
TEXTS = """
    CASE WHEN f.source_id = 0 THEN 'earlier'
         WHEN old.id IS NOT NULL THEN old.kind
         WHEN m.move_type IN ('out_invoice', 'out_receipt') THEN 'invoice'
         WHEN m.move_type = 'out_refund' THEN 'credit_note'
         WHEN m.origin_payment_id IS NOT NULL OR m.statement_line_id IS NOT NULL
         THEN 'payment'
         WHEN m.journal_id = c.currency_exchange_journal_id THEN 'exchange'
         ELSE 'other' END AS kind,
    COALESCE(f.date, old.date) AS date,
    COALESCE(old.document, m.name) AS document,
    COALESCE(old.reference, NULLIF(m.ref, ''), NULLIF(m.payment_reference, ''))
        AS reference,
    COALESCE(old.orders, o.orders) AS orders,
    COALESCE(old.date_due, i.date_maturity) AS date_due,
    COALESCE(old.foreign_currency_id, NULLIF(i.currency_id, i.company_currency_id))
        AS foreign_currency_id,
    NULLIF(f.source_id, 0) AS source_id,
    i.id AS move_line_id, COALESCE(i.move_id, old.move_id) AS move_id
"""
SOURCES = """
    LEFT JOIN account_move_line i ON i.id = f.source_id
    LEFT JOIN account_move m ON m.id = i.move_id
    LEFT JOIN res_company c ON c.id = i.company_id
    LEFT JOIN LATERAL (
        SELECT * FROM channel_statement_line
         WHERE id = f.last_id AND f.source_id != 0 OFFSET 0) old ON TRUE
    LEFT JOIN LATERAL (
        SELECT STRING_AGG(DISTINCT so.name, ', ' ORDER BY so.name) AS orders
          FROM account_move_line il
          JOIN sale_order_line_invoice_rel r ON r.invoice_line_id = il.id
          JOIN sale_order_line sol ON sol.id = r.order_line_id
          JOIN sale_order so ON so.id = sol.order_id
         WHERE il.move_id = m.id AND m.move_type IN ('out_invoice', 'out_refund')) o
      ON TRUE
"""
_FILL = f"""
    WITH target AS (
        SELECT id, company_id, partner_id, currency_id, date_from, date_to
          FROM channel_statement WHERE id = ANY(%(ids)s) AND state = 'draft'
    ), {FOUND}, totals AS (
        SELECT target_id, SUM(opening) AS opening, SUM(debit) AS debit,
               SUM(credit) AS credit
          FROM (SELECT target_id, opening, 0 AS debit, 0 AS credit FROM opened
             UNION ALL
                SELECT target_id, 0, debit, credit FROM found) x
      GROUP BY target_id
    ), headed AS (
        UPDATE channel_statement s
           SET opening_balance = t.opening, debit_total = t.debit,
               credit_total = t.credit,
               closing_balance = t.opening + t.debit - t.credit
          FROM totals t WHERE s.id = t.target_id
    ), texts AS (
        SELECT f.target_id, f.is_movement, f.debit, f.credit, f.amount_currency,
               {TEXTS}
          FROM found f {SOURCES}
    ), ordered AS (
        SELECT x.*, ROW_NUMBER() OVER byday - 1 AS sequence,
               SUM(x.debit - x.credit) OVER byday AS balance
          FROM (SELECT *, FALSE AS is_opening FROM texts
             UNION ALL
                SELECT target_id, FALSE, opening, 0, 0, 'other', NULL, NULL, NULL, NULL,
                       NULL, NULL, NULL, NULL, NULL, TRUE FROM opened) x
        WINDOW byday AS (PARTITION BY x.target_id
            ORDER BY x.is_opening DESC, x.is_movement, x.date NULLS FIRST, x.document,
                     x.source_id
            ROWS UNBOUNDED PRECEDING)
    )
    INSERT INTO channel_statement_line (
        statement_id, company_id, currency_id, section, kind, date, document,
        reference, orders, date_due, debit, credit, foreign_currency_id,
        amount_currency, source_id, move_line_id, move_id, sequence, balance,
        rebate_amount, create_uid, create_date, write_uid, write_date)
    SELECT x.target_id, t.company_id, t.currency_id,
           CASE WHEN x.is_movement THEN 'movement' ELSE 'late' END, x.kind, x.date,
           x.document, x.reference, x.orders, x.date_due, x.debit, x.credit,
           x.foreign_currency_id, x.amount_currency, x.source_id, x.move_line_id,
           x.move_id, x.sequence, x.balance, 0, %(uid)s, %(now)s, %(uid)s, %(now)s
      FROM ordered x JOIN channel_statement t ON t.id = x.target_id
     WHERE NOT x.is_opening
"""
_MOVED = """
    SELECT p.commercial_partner_id
      FROM account_move_line i
      JOIN account_account a
        ON a.id = i.account_id AND a.account_type = 'asset_receivable'
      JOIN res_partner p ON p.id = i.partner_id
      JOIN res_company c
        ON c.id = i.company_id AND SPLIT_PART(c.parent_path, '/', 1) = %(company)s
     WHERE i.parent_state = 'posted' AND i.date <= %(date_to)s AND %(wanted)s
  GROUP BY p.commercial_partner_id
    HAVING SUM(i.balance) != 0 OR BOOL_OR(i.date >= %(date_from)s)
"""


class ChannelStatement(models.Model):
    """What the books say: filling drafts, and what differs from them later."""

    _inherit = "channel.statement"

    books_difference = fields.Monetary(
        string="Difference to the Books",
        compute="_compute_books_difference",
        help="Books today less this statement, at the end of its period.",
    )
    difference_count = fields.Integer(
        string="Late Postings",
        compute="_compute_books_difference",
        search="_search_difference_count",
        help="Entries of this or an earlier period that are not in the books as they "
        "were stated: booked later, changed or taken back.",
    )

    @api.depends("state", "closing_balance")
    def _compute_books_difference(self):
        figures = self._get_differences()
        for statement in self:
            count, amount = figures.get(statement._origin.id, (0, 0.0))
            statement.difference_count = count
            statement.books_difference = amount

    def _search_difference_count(self, operator, value):
        """Find the latest statements of customers that differ: ``!= 0`` only."""
        if operator not in ("in", "not in") or set(value) - {0}:
            return NotImplemented
        # sudo: ids only; the rules of the user are applied to what is found
        statements_sudo = self.sudo().search(
            [
                ("state", "in", LIVE),
                ("company_id", "parent_of", self.env.companies.ids),
            ],
            order="date_to",
        )
        last = {(s.company_id, s.partner_id): s.id for s in statements_sudo}
        last_sudo = statements_sudo.browse(last.values())
        different = list(last_sudo._get_differences())
        return [("id", "in" if operator == "not in" else "not in", different)]

    @api.model
    def _get_target(self, statement_ids):
        """Return as SQL what to compare after these statements, as ``target``.

        :param statement_ids: None for the latest of each customer, which stands for
            all before it
        """
        chosen = SQL("TRUE")
        if statement_ids is not None:
            chosen = SQL("id = ANY(%s)", list(statement_ids))
        latest = SQL("DISTINCT ON (company_id, partner_id)")
        return SQL(
            "SELECT %(latest)s id, company_id, partner_id, currency_id,"
            " date_to + 1 AS date_from, date_to FROM channel_statement"
            " WHERE %(chosen)s"
            " AND state IN ('issued', 'disputed', 'confirmed', 'closed')"
            " ORDER BY company_id, partner_id, date_to DESC",
            latest=latest if statement_ids is None else SQL(),
            chosen=chosen,
        )

    def _get_differences(self):
        """Return ``{id: (number, amount)}`` of those that differ from the books."""
        ids = [statement_id for statement_id in self._origin.ids if statement_id]
        if not ids:
            return {}
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                f"WITH target AS (%(target)s), {FOUND}"
                " SELECT target_id, COUNT(*), SUM(debit - credit) FROM found"
                " GROUP BY target_id",
                target=self._get_target(ids),
            )
        )
        return {target: (count, float(amount)) for target, count, amount in rows}

    def _fill(self):
        """Make the lines of drafts anew from the books, in one statement for all."""
        drafts = self.filtered(lambda statement: statement.state == "draft")
        if not drafts:
            return
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "DELETE FROM channel_statement_line WHERE statement_id = ANY(%s)",
                drafts.ids,
            )
        )
        self.env.cr.execute(
            SQL(_FILL, ids=drafts.ids, uid=self.env.uid, now=fields.Datetime.now())
        )
        self.env.invalidate_all(flush=False)
        drafts._fill_rebates()

    def _fill_rebates(self):
        """Add what :meth:`_statement_get_rebate_rows` tells, after the movements."""
        values, totals = [], {}
        for statement, rows in self._statement_get_rebate_rows().items():
            for number, row in enumerate(rows):
                values.append(statement._prepare_rebate_line(row, number))
            totals[statement] = sum(row["amount"] for row in rows)
        # sudo: lines are made by the system
        self.env["channel.statement.line"].sudo().create(values)
        for statement in self:
            statement.rebate_total = statement.currency_id.round(
                totals.get(statement, 0.0)
            )

    def _prepare_rebate_line(self, row, number):
        self.ensure_one()
        return {
            "statement_id": self.id,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "sequence": 1_000_000 + number,
            "section": "rebate",
            "kind": "rebate",
            "date": row.get("date") or self.date_to,
            "document": row["label"],
            "reference": row.get("reference") or False,
            "rebate_amount": self.currency_id.round(row["amount"]),
            "move_id": row.get("move_id") or False,
        }

    def _statement_get_rebate_rows(self):
        """Hook: tell what of rebates the statements show, for all of them at once.

        Called with elevated rights whenever drafts are filled; frozen and part of the
        fingerprint from issue on. They do not count in the balance. Made to be
        extended.

        :return: ``{statement: [{"label": text, "amount": in the currency of the
            statement, "reference": text, "date": date, "move_id": id}]}``, all but
            label and amount optional
        """
        return {}

    @api.model
    def _get_partners_with_movement(self, company, date_from, date_to, partners=None):
        """Return customers with movement in the period or a balance at its end.

        :param company: a root company
        :param partners: only of these; None for all
        """
        wanted = SQL("TRUE")
        if partners is not None:
            wanted = SQL("p.commercial_partner_id = ANY(%s)", partners.ids)
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                _MOVED,
                company=str(company.id),
                date_from=date_from,
                date_to=date_to,
                wanted=wanted,
            )
        )
        return self.env["res.partner"].browse([partner for (partner,) in rows])


class ChannelStatementDifference(models.Model):
    """What differs from the books by now, entry by entry (SPEC H5).

    Of the statements in the context, or of the latest of each customer; the rules of
    the user apply.
    """

    _name = "channel.statement.difference"
    _description = "Difference of a Statement to the Books"
    _auto = False
    _order = "statement_id, date, id"
    _rec_name = "document"
    _depends = {
        "account.move": ["name", "ref", "move_type", "state"],
        "account.move.line": ["date", "debit", "credit", "parent_state", "partner_id"],
        "channel.statement": ["state", "date_to", "opening_balance"],
        "channel.statement.line": ["debit", "credit", "source_id"],
        "res.partner": ["commercial_partner_id"],
    }

    statement_id = fields.Many2one(comodel_name="channel.statement", readonly=True)
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    kind = fields.Selection(
        selection=lambda self: self.env["channel.statement.line"]
        ._fields["kind"]
        .selection,
        readonly=True,
    )
    date = fields.Date(readonly=True)
    document = fields.Char(readonly=True)
    reference = fields.Char(readonly=True)
    move_id = fields.Many2one(
        comodel_name="account.move", string="Journal Entry", readonly=True
    )
    amount = fields.Monetary(
        string="Difference", readonly=True, help="Books today less what was stated."
    )

    @property
    def _table_query(self):
        ids = self.env.context.get("channel_statement_ids")
        wanted = None
        if isinstance(ids, list | tuple):
            wanted = [key for key in ids if isinstance(key, int)]
        return SQL(
            f"WITH target AS (%(target)s), {FOUND}, texts AS ("
            f" SELECT f.target_id, f.debit, f.credit, {TEXTS} FROM found f {SOURCES})"
            " SELECT ROW_NUMBER() OVER (ORDER BY x.target_id, x.source_id) AS id,"
            " x.target_id AS statement_id, s.company_id, s.currency_id, x.kind, x.date,"
            " x.document, x.reference, x.move_id, x.debit - x.credit AS amount"
            " FROM texts x JOIN channel_statement s ON s.id = x.target_id",
            target=self.env["channel.statement"]._get_target(wanted),
        )
