"""Many documents from a few: copies of rows with all that hangs on them.

The few were made by the engine, step by step; the copies differ from them in nothing
but their ids and names.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from graphlib import TopologicalSorter

from odoo.tools import SQL

#: References that are no foreign keys: {table: column}, beside its res_model.
GENERIC = {
    "document_approval_round": "res_id",
    "document_approval_seat": "res_id",
    "mail_activity": "res_id",
}
#: What a reader tells documents apart by.
NAMES = {
    "account_move": "name",
    "sale_order": "name",
    "stock_picking": "name",
    "document_approval_round": "res_name",
    "document_approval_seat": "res_name",
}


@dataclass(frozen=True)
class Reference:
    """A column that names rows of another table."""

    table: str
    column: str
    target: str
    #: what res_model says, where the column is no foreign key
    model: str = ""

    def where(self, ids: Iterable[int]) -> SQL:
        """Return the condition that a row names one of `ids`."""
        condition = SQL("%s IN %s", SQL.identifier(self.column), tuple(ids))
        if self.model:
            condition = SQL("%s AND res_model = %s", condition, self.model)
        return condition


def multiply(records, copies: int) -> None:
    """Copy records and all rows that refer to them, directly or not, so many times."""
    records.env.flush_all()
    copier = _Copier(records)
    copier.collect()
    copier.copy(copies)
    records.env.invalidate_all()


class _Copier:
    """Finds the rows of documents and copies them, with references among them."""

    def __init__(self, records) -> None:
        self.cr = records.env.cr
        #: the ids to copy by table; of tables without ids, the conditions
        self.rows: dict[str, set[int]] = {records._table: set(records.ids)}
        self.relations: dict[str, list[SQL]] = {}
        #: those by which rows were found: others hold nothing to be shifted
        self.found_by: set[Reference] = set()
        self.columns = self._read_columns()
        self.references = [
            *self._read_foreign_keys(),
            *(
                Reference(table, column, records._table, records._name)
                for table, column in GENERIC.items()
            ),
        ]

    def _fetch(self, query: SQL) -> list[tuple]:
        self.cr.execute(query)
        return self.cr.fetchall()

    def _read_columns(self) -> dict[str, list[str]]:
        query = SQL(
            "SELECT table_name, array_agg(column_name::text) FROM"
            " information_schema.columns WHERE table_schema = current_schema"
            " GROUP BY table_name"
        )
        return dict(self._fetch(query))

    def _read_foreign_keys(self) -> list[Reference]:
        query = SQL(
            "SELECT own.relname, a.attname, target.relname FROM pg_constraint c"
            " JOIN pg_class own ON own.oid = c.conrelid"
            " JOIN pg_class target ON target.oid = c.confrelid"
            " JOIN pg_attribute a ON a.attrelid = c.conrelid"
            " AND a.attnum = c.conkey[1] WHERE c.contype = 'f'"
        )
        return [Reference(*row) for row in self._fetch(query)]

    def collect(self) -> None:
        """Find every row that refers to one that is copied."""
        waiting = list(self.rows)
        while waiting:
            target = waiting.pop()
            for reference in self.references:
                if reference.target == target and self._take(reference):
                    waiting.append(reference.table)

    def _take(self, reference: Reference) -> bool:
        """Take the rows of one reference; tell whether there were new ones."""
        table = SQL.identifier(reference.table)
        condition = reference.where(self.rows[reference.target])
        if "id" not in self.columns[reference.table]:
            if self._fetch(SQL("SELECT 1 FROM %s WHERE %s LIMIT 1", table, condition)):
                self.relations.setdefault(reference.table, []).append(condition)
                self.found_by.add(reference)
            return False
        found = self._fetch(SQL("SELECT id FROM %s WHERE %s", table, condition))
        if found:
            self.found_by.add(reference)
        known = self.rows.get(reference.table, set())
        new = {row_id for (row_id,) in found} - known
        if new:
            self.rows[reference.table] = known | new
        return bool(new)

    def copy(self, copies: int) -> None:
        """Insert the copies; what is referred to comes first."""
        steps = {table: self._step(table) for table in self.rows}
        graph = TopologicalSorter()
        for table in (*self.rows, *self.relations):
            named = {
                reference.target
                for reference in self.found_by
                if reference.table == table and not reference.model
            }
            graph.add(table, *(named & {*self.rows} - {table}))
        for table in graph.static_order():
            self._insert(table, steps, copies)

    def _step(self, table: str) -> int:
        """Return how far the ids of one copy lie behind those of the one before."""
        query = SQL("SELECT max(id) FROM %s", SQL.identifier(table))
        return self._fetch(query)[0][0] - min(self.rows[table]) + 1

    def _insert(self, table: str, steps: dict[str, int], copies: int) -> None:
        shifts = {
            r.column: steps[r.target]
            for r in self.references
            if r.table == table and r.target in steps
        }
        if table in steps:
            shifts["id"] = steps[table]
            rows = SQL("id IN %s", tuple(self.rows[table]))
        else:
            rows = SQL(" OR ").join(self.relations[table])
        columns = self.columns[table]
        values = [
            SQL("%s + copy * %s", SQL.identifier(column), shifts[column])
            if column in shifts
            else SQL("%s || '-' || copy", SQL.identifier(column))
            if column == NAMES.get(table)
            else SQL.identifier(column)
            for column in columns
        ]
        self.cr.execute(
            SQL(
                "INSERT INTO %s (%s) SELECT %s FROM %s, generate_series(1, %s) AS copy"
                " WHERE %s",
                SQL.identifier(table),
                SQL(", ").join(map(SQL.identifier, columns)),
                SQL(", ").join(values),
                SQL.identifier(table),
                copies,
                rows,
            )
        )
        if table in steps:
            query = "SELECT setval(pg_get_serial_sequence(%s, 'id'), max(id)) FROM %s"
            self.cr.execute(SQL(query, table, SQL.identifier(table)))
        self.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))
