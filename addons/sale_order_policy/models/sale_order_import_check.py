from dataclasses import dataclass, field
from datetime import UTC, datetime, time

from odoo import api, fields, models

from ..spreadsheet import (
    BY_KEY,
    COLUMNS,
    AmbiguousValue,
    normalise,
    parse_date,
)

LOOKED_UP = ("type", "customer", "product", "unit", "terms", "salesperson", "source")
ORDER_KEYS = tuple(column.key for column in COLUMNS if column.of_order)
ERROR_VALUES = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!"}
)


@dataclass
class Plan:
    """An order as a spreadsheet has it: its rows, what is wrong, what to create."""

    key: str
    #: staged rows in the file's order, and their texts by column
    rows: list
    texts: dict
    #: {id of a row: [reason]}; notes do not keep the order from being made
    errors: dict = field(default_factory=dict)
    notes: dict = field(default_factory=dict)
    #: the order that has the registration number already, or True if it is hidden
    existing: object = None
    values: dict = field(default_factory=dict)
    line_values: list = field(default_factory=list)
    #: values of a contact to create
    contact: dict | None = None

    def add(self, row, reason):
        """Note what is wrong with a row."""
        reasons = self.errors.setdefault(row.id, [])
        if reason not in reasons:
            reasons.append(reason)


class SaleOrderImportCheck(models.AbstractModel):
    """Finds out what the rows of a spreadsheet mean and what is wrong with them.

    A fixed number of queries for whatever number of rows. Made to be extended:
    ``_check_order`` and ``_check_line`` see one order and one line.
    """

    _name = "sale.order.import.check"
    _description = "Check of Order Imports"

    @api.model
    def _make_plans(self, job, rows):
        """Return a plan for each order of the rows.

        :param rows: all rows of these orders that are not left out or imported
        """
        names = ["row_number", "order_key", *rows._get_text_fields()]
        plans = {}
        for row, values in zip(rows, rows.read(names, load=None), strict=True):
            key = values["order_key"]
            plan = plans.setdefault(key, Plan(key, [], {}))
            plan.rows.append(row)
            texts = {
                column.key: (values[column.field] or "").strip() for column in COLUMNS
            }
            plan.texts[row.id] = texts
        plans = list(plans.values())
        self._find_existing(job, plans)
        texts = {
            kind: {
                row_texts[kind]
                for plan in plans
                for row_texts in plan.texts.values()
                if row_texts[kind] and not self._is_formula(row_texts[kind])
            }
            for kind in LOOKED_UP
        }
        found = self.env["sale.order.import.lookup"]._find_all(job, texts)
        found["family"] = self._find_families(found["customer"])
        found["names"] = {}
        for plan in plans:
            if not plan.existing:
                self._check_plan(job, plan, found)
        return plans

    @api.model
    def _find_existing(self, job, plans):
        """Find the orders that have these registration numbers already."""
        # sudo: an order the user may not see has its number, too
        orders_sudo = (
            self.env["sale.order"]
            .sudo()
            .search_fetch(
                [
                    ("company_id", "=", job.company_id.id),
                    ("policy_external_number", "in", [plan.key for plan in plans]),
                ],
                ["policy_external_number", "name", "state"],
            )
        )
        existing = {order.policy_external_number: order for order in orders_sudo}
        visible = orders_sudo.sudo(False)._filtered_access("read") if existing else ()
        for plan in plans:
            if order := existing.get(plan.key):
                plan.existing = order if order in visible else True

    @api.model
    def _find_families(self, customers):
        """Return {id of a commercial partner: its addresses and contacts}."""
        partners = self.env["res.partner"].union(
            *(partner for partner, _reason in customers.values() if partner)
        )
        # sudo: only to know which partners belong together
        commercial_ids = partners.sudo().commercial_partner_id.ids
        family = self.env["res.partner"].search_fetch(
            [("commercial_partner_id", "in", commercial_ids)],
            [
                *("name", "phone", "email", "street", "street2", "city", "type"),
                *("is_company", "commercial_partner_id", "parent_id", "lang"),
            ],
        )
        return family.grouped(lambda p: p.commercial_partner_id.id)

    @api.model
    def _is_formula(self, text):
        """Tell whether a cell holds an error or a formula that was not calculated."""
        return text in ERROR_VALUES or (text.startswith("=") and len(text) > 1)

    @api.model
    def _label(self, key):
        return BY_KEY[key].label(self.env.lang)

    # One order ---------------------------------------------------------------------

    @api.model
    def _check_plan(self, job, plan, found):
        """Fill in the plan's values and what is wrong with its rows."""
        self._check_texts(plan)
        self._check_twins(plan)
        self._check_order(job, plan, self._get_order_texts(plan), found)
        for row in plan.rows:
            plan.line_values.append(self._check_line(job, plan, row, found))

    @api.model
    def _check_texts(self, plan):
        for row in plan.rows:
            texts = plan.texts[row.id]
            for key, text in texts.items():
                if self._is_formula(text):
                    plan.add(
                        row,
                        self.env._(
                            "%(column)s: the cell says %(text)s. Calculate it in the "
                            "spreadsheet, or write the value.",
                            column=self._label(key),
                            text=text,
                        ),
                    )
                    texts[key] = ""
                elif not text and BY_KEY[key].required and key != "customer":
                    self._add_missing(plan, row, key)

    @api.model
    def _add_missing(self, plan, row, key):
        reasons = {
            "number": self.env._(
                "The registration number is missing. It says which rows are one order."
            ),
            "quantity": self.env._(
                "The quantity is missing. A cell merged over several rows counts for "
                "the first one only."
            ),
        }
        plan.add(
            row,
            reasons.get(key)
            or self.env._("%(column)s is missing.", column=self._label(key)),
        )

    @api.model
    def _check_twins(self, plan):
        seen = {}
        for row in plan.rows:
            content = tuple(plan.texts[row.id].values())
            if content in seen:
                plan.add(
                    row,
                    self.env._(
                        "The same as row %(row)s, word for word. Leave one out, or "
                        "make one of it.",
                        row=seen[content],
                    ),
                )
            seen.setdefault(content, row.row_number)

    @api.model
    def _get_order_texts(self, plan):
        """Return what the rows say about the order; they may not contradict."""
        result = {}
        for key in ORDER_KEYS:
            for row in plan.rows:
                text = plan.texts[row.id][key]
                if not text or key == "number":
                    continue
                first, first_row = result.setdefault(key, (text, row))
                if normalise(first) != normalise(text):
                    plan.add(
                        row,
                        self.env._(
                            "%(column)s: “%(text)s” here and “%(other)s” in row "
                            "%(row)s, in one order.",
                            column=self._label(key),
                            text=text,
                            other=first,
                            row=first_row.row_number,
                        ),
                    )
        return result

    @api.model
    def _check_order(self, job, plan, texts, found):
        """Fill in the values of the order itself.

        :param texts: {key: (text, row)}
        """
        values = plan.values
        values["company_id"] = job.company_id.id
        values["policy_external_number"] = plan.key
        if job.order_type_id:
            values["policy_type_id"] = job.order_type_id.id
        for key, name in (
            ("type", "policy_type_id"),
            ("terms", "payment_term_id"),
            ("salesperson", "user_id"),
            ("source", "source_id"),
            ("customer", "partner_id"),
        ):
            if key in texts:
                record, reason = found[key][texts[key][0]]
                if record:
                    values[name] = record.id
                else:
                    plan.add(texts[key][1], reason)
        if "customer" not in texts:
            self._add_missing(plan, plan.rows[0], "customer")
        if "reference" in texts:
            values["client_order_ref"] = texts["reference"][0]
        self._check_dates(plan, texts)
        if customer := found["customer"].get(texts.get("customer", ("",))[0], (None,))[
            0
        ]:
            self.env["sale.order.import.place"]._check(
                job, plan, texts, customer, found
            )

    @api.model
    def _check_dates(self, plan, texts):
        for key, name in (("date", "date_order"), ("delivery", "commitment_date")):
            if key not in texts:
                continue
            text, row = texts[key]
            try:
                day = parse_date(text)
            except ValueError as error:
                plan.add(row, self._get_date_reason(key, text, error))
                continue
            plan.values[name] = self._noon(day)
            if key == "delivery" and day < fields.Date.context_today(self):
                plan.notes.setdefault(row.id, []).append(
                    self.env._("Note: the delivery date %(day)s is past.", day=day)
                )

    @api.model
    def _get_date_reason(self, key, text, error):
        if isinstance(error, AmbiguousValue):
            return self.env._(
                "%(column)s: it cannot be told which part of “%(text)s” is the month. "
                "Write year, month, day: 2026-11-22.",
                column=self._label(key),
                text=text,
            )
        return self.env._(
            "%(column)s: “%(text)s” is no date. Write it like 2026-11-22.",
            column=self._label(key),
            text=text,
        )

    @api.model
    def _noon(self, day):
        """Return noon of the day where the user is, as Odoo keeps a moment."""
        moment = datetime.combine(day, time(12))
        return self.env.tz.localize(moment).astimezone(UTC).replace(tzinfo=None)
