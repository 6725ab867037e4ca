from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models

from .sale_contract import SIGNED

_BATCH = 200


class SaleContract(models.Model):
    """How late a signed contract's order is entered (SPEC A5)."""

    _inherit = "sale.contract"

    entry_deadline = fields.Date(
        string="Order to Be Entered By",
        compute="_compute_entry_deadline",
        store=True,
        help="The last day on which the order is in time: working days of the "
        "company after the signing, holidays left out.",
    )
    entry_late_days = fields.Integer(
        string="Entered Late By",
        compute="_compute_entry_late_days",
        store=True,
        aggregator="sum",
        help="Working days. Without an order: until yesterday.",
    )

    @api.depends("date_signed", "kind", "date_delivery", "company_id")
    def _compute_entry_deadline(self):
        """Frameworks have one only when they name a delivery."""
        for contract in self:
            needs = contract.kind == "order" or (
                contract.kind == "framework" and contract.date_delivery
            )
            contract.entry_deadline = (
                contract._plan_working_day(
                    contract.date_signed, contract.company_id.contract_entry_days
                )
                if needs and contract.date_signed
                else False
            )

    @api.depends(
        "entry_deadline", "state", "order_ids.contract_late_days", "order_ids.state"
    )
    def _compute_entry_late_days(self):
        for contract in self:
            orders = contract.order_ids
            if not contract.entry_deadline:
                contract.entry_late_days = 0
            elif orders:
                days = orders.mapped("contract_late_days")
                single = contract.kind == "order"
                contract.entry_late_days = max(days) if single else min(days)
            elif contract.state != "signed":
                contract.entry_late_days = 0
            else:
                yesterday = contract._get_today() - timedelta(days=1)
                contract.entry_late_days = contract._count_working_days(
                    contract.entry_deadline, yesterday
                )

    def _get_today(self):
        """Return the company's day."""
        self.ensure_one()
        reader = self.with_context(tz=self._get_zone())
        return fields.Date.context_today(reader)

    def _plan_working_day(self, day, days):
        """Return the day that many working days after ``day``."""
        self.ensure_one()
        # sudo: the calendar, whoever signs
        calendar = self.sudo().company_id.resource_calendar_id
        if not days or not calendar:
            return day + timedelta(days=days)
        zone = pytz.timezone(self._get_zone())
        start = zone.localize(datetime.combine(day + timedelta(days=1), time.min))
        planned = calendar.plan_days(days, start, compute_leaves=True)
        return planned.astimezone(zone).date() if planned else day

    def _count_working_days(self, after, until):
        """Return the number of working days after one day, up to another one."""
        self.ensure_one()
        if not after or not until or until <= after:
            return 0
        # sudo: the calendar, whoever asks
        calendar = self.sudo().company_id.resource_calendar_id
        if not calendar:
            return (until - after).days
        zone = pytz.timezone(self._get_zone())
        start = zone.localize(datetime.combine(after + timedelta(days=1), time.min))
        end = zone.localize(datetime.combine(until, time.max))
        intervals = calendar._work_intervals_batch(start, end)[False]
        return len({begin.astimezone(zone).date() for begin, _end, _r in intervals})

    @api.model
    def _cron_entry(self, batch_size=_BATCH):
        """Count the days of contracts without orders, and remind who is responsible."""
        # sudo: all companies
        waiting = self.sudo().search(
            [
                ("state", "=", "signed"),
                ("entry_deadline", "!=", False),
                ("order_ids", "=", False),
            ],
            order="id",
        )
        self.env["ir.cron"]._commit_progress(remaining=len(waiting))
        for start in range(0, len(waiting), batch_size):
            part = waiting[start : start + batch_size]
            part._follow_entry()
            if not self.env["ir.cron"]._commit_progress(len(part)):
                break

    def _follow_entry(self):
        """Count anew and give one activity to who is responsible."""
        self.env.add_to_compute(self._fields["entry_late_days"], self)
        self.flush_recordset(["entry_late_days"])
        for contract in self:
            if contract._get_today() < contract.entry_deadline:
                continue
            owner = contract._approval_owner()
            reader = contract.with_context(lang=owner.lang)
            contract._approval_attention(
                owner, reader.env._("Enter the order of the signed contract")
            )

    def _contract_has_signed(self):
        """Tell whether both sides have signed and it is in force or was."""
        self.ensure_one()
        return self.state in SIGNED
