from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

KINDS = [
    ("fair", "Order Fair"),
    ("quarter", "Quarterly Rebate"),
    ("year", "Yearly Rebate"),
    ("growth", "Growth Rebate"),
    ("product", "Product Rebate"),
    ("other", "Other"),
]
PERIODS = [
    ("once", "One period"),
    ("month", "Months"),
    ("quarter", "Quarters"),
    ("year", "Years"),
]
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


class RebateProgramme(models.Model):
    """An order fair or another rebate programme, and who takes part (SPEC M1, M5).

    What it grants is said by its versions; amounts are in the programme's currency.
    """

    _name = "rebate.programme"
    _inherit = ["mail.thread", "mail.activity.mixin", "document.approval.home.mixin"]
    _description = "Rebate Programme"
    _order = "sequence, date_from desc, id"

    name = fields.Char(required=True, translate=True, tracking=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        domain=[("parent_id", "=", False)],
        default=lambda self: self.env.company.root_id,
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    kind = fields.Selection(selection=KINDS, default="fair", required=True)
    period_type = fields.Selection(
        selection=PERIODS,
        string="Counted By",
        default="once",
        required=True,
        help="The rebate starts again from nothing in each of these.",
    )
    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(string="To", required=True, help="This day included.")
    stack_group = fields.Char(
        string="Stacking Group",
        help="A document counts once among the programmes with the same word here: in "
        "the first of them, by their order in the list. Empty: it counts beside all "
        "others.",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
    )
    version_ids = fields.One2many(
        comodel_name="rebate.version", inverse_name="programme_id", string="Versions"
    )
    version_id = fields.Many2one(
        comodel_name="rebate.version",
        string="Version in Force",
        compute="_compute_version_id",
    )
    state = fields.Selection(
        selection=[
            ("draft", "In Preparation"),
            ("running", "Running"),
            ("over", "Over"),
        ],
        compute="_compute_version_id",
        search="_search_state",
        string="Status",
    )
    participant_ids = fields.One2many(
        comodel_name="rebate.participant",
        inverse_name="programme_id",
        string="Participants",
    )
    participant_count = fields.Integer(compute="_compute_participant_count")
    period_ids = fields.One2many(
        comodel_name="rebate.period", inverse_name="programme_id", string="Periods"
    )
    note = fields.Html(string="Notes")

    _dates_check = models.Constraint(
        "CHECK(date_from <= date_to)", "The programme cannot end before it begins."
    )

    @api.depends("version_ids.state", "date_to")
    def _compute_version_id(self):
        today = fields.Date.context_today(self)
        for programme in self:
            active = programme.version_ids.filtered(lambda v: v.state == "active")
            programme.version_id = active.sorted("number")[-1:]
            if not active:
                programme.state = "draft"
            else:
                over = programme.date_to and programme.date_to < today
                programme.state = "over" if over else "running"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        found = self.env["rebate.programme"]
        for programme in self.with_context(active_test=False).search(
            [("version_ids.state", "=", "active")]
        ):
            state = "over" if programme.date_to < today else "running"
            if state in value:
                found |= programme
        if "draft" in value:
            found |= self.search(
                [("version_ids", "not any", [("state", "=", "active")])]
            )
        return [("id", "in", found.ids)]

    def _compute_participant_count(self):
        counts = dict(
            self.env["rebate.participant"]._read_group(
                [("programme_id", "in", self.ids)], ["programme_id"], ["__count"]
            )
        )
        for programme in self:
            programme.participant_count = counts.get(programme._origin, 0)

    @api.constrains("period_type", "date_from", "date_to", "currency_id", "company_id")
    def _check_frozen(self):
        """What figures rest on stays as it is once it is approved or being approved."""
        for programme in self:
            if programme._is_fixed():
                raise ValidationError(
                    self.env._(
                        "%(programme)s is running or being approved: its dates, "
                        "periods, currency and company stay as they are.",
                        programme=programme.name,
                    )
                )

    @api.constrains("company_id")
    def _check_company_root(self):
        """Branches' documents count in the programmes of their main company."""
        for programme in self:
            if programme.company_id.parent_id:
                raise ValidationError(
                    self.env._(
                        "A programme belongs to the main company %(company)s; the "
                        "documents of its branches count in it.",
                        company=programme.company_id.root_id.name,
                    )
                )

    def _check_stacking(self, vals):
        """In which programme a document counts stays as it was approved.

        :raise UserError: naming the programme
        """
        for programme in self:
            group = programme.stack_group or ""
            new = vals.get("stack_group", group) or ""
            moved = vals.get("sequence", programme.sequence) != programme.sequence
            if (new != group or (moved and group)) and programme._is_fixed():
                raise UserError(
                    self.env._(
                        "%(programme)s is running or being approved: its stacking "
                        "group, and its place in it, stay as they are.",
                        programme=programme.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        programmes = super().create(vals_list)
        programmes.company_id._rebate_create_default_flows()
        return programmes

    def write(self, vals):
        """What was approved stays; a programme taken up again is counted anew."""
        self._check_stacking(vals)
        result = super().write(vals)
        if {"stack_group", "sequence", "active"}.intersection(vals):
            self.env["rebate.queue"]._push_programmes(self)
        return result

    def _is_fixed(self):
        """Tell whether a version is in force or being approved, or figures exist."""
        self.ensure_one()
        # sudo: whoever asks, versions count
        return self._has_figures() or any(
            version.state == "active" or version.approval_state == "pending"
            for version in self.sudo().version_ids
        )

    def _touch(self):
        """Write the programmes' rows: of a rival change one is rerun (DESIGN 3)."""
        self.env.execute_query(
            SQL(
                "UPDATE rebate_programme SET write_date = write_date"
                " WHERE id = ANY(%s) RETURNING id",
                self.ids,
            )
        )

    def _has_figures(self):
        # sudo: whoever asks, figures count
        return bool(self.sudo().period_ids.filtered(lambda period: period.balance_ids))

    @api.ondelete(at_uninstall=True)
    def _unlink_except_used(self):
        for programme in self:
            # sudo: whoever asks, versions count
            versions = programme.sudo().version_ids
            if programme._has_figures() or versions.approval_round_ids:
                raise UserError(
                    self.env._(
                        "%(programme)s has figures or was approved and is kept. "
                        "Archive it instead.",
                        programme=programme.name,
                    )
                )

    def _get_period_dates(self):
        """Return the first and last day of each period, in order.

        Periods are whole calendar months, quarters or years, cut at both ends of the
        programme.
        """
        self.ensure_one()
        if self.period_type == "once":
            return [(self.date_from, self.date_to)]
        months = _MONTHS[self.period_type]
        first = self.date_from.replace(day=1)
        first -= relativedelta(months=(first.month - 1) % months)
        dates = []
        while first <= self.date_to:
            last = first + relativedelta(months=months, days=-1)
            dates.append((max(first, self.date_from), min(last, self.date_to)))
            first += relativedelta(months=months)
        return dates

    def _prepare_periods(self):
        """Make missing periods and name the version that counts for each of them.

        :return: periods whose version has changed
        """
        changed = self.env["rebate.period"]
        # sudo: whoever put the version in force, by approval
        for programme in self.sudo():
            present = {period.date_from: period for period in programme.period_ids}
            for date_from, date_to in programme._get_period_dates():
                version = programme._get_version(date_from)
                period = present.get(date_from)
                if not period and version:
                    # sudo: as above
                    changed |= changed.sudo().create(
                        {
                            "programme_id": programme.id,
                            "date_from": date_from,
                            "date_to": date_to,
                            "version_id": version.id,
                        }
                    )
                elif version and period.version_id != version:
                    period.version_id = version
                    changed |= period
        return changed

    def _get_version(self, date_from):
        """Return the version that counts for a period that begins on this day."""
        self.ensure_one()
        return self.version_ids.filtered(
            lambda v: v.state == "active"
            and (v.valid_from or self.date_from) <= date_from
        ).sorted("number")[-1:]

    def _prepare_balances(self):
        """Give each participant its balance in each period, in one statement."""
        self.env["rebate.balance"]._make_missing(self)

    def action_open_board(self):
        """Open the board of this programme (SPEC M3)."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "channel_rebate.rebate_balance_action"
        )
        action["domain"] = [("programme_id", "=", self.id)]
        action["display_name"] = self.name
        return action

    def action_new_version(self):
        """Prepare the next version, as a copy of the one in force."""
        self.ensure_one()
        self.check_access("write")
        last = self.version_ids.sorted("number")[-1:]
        version = (
            last.copy({"number": last.number + 1})
            if last
            else self.env["rebate.version"].create({"programme_id": self.id})
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": "rebate.version",
            "view_mode": "form",
            "res_id": version.id,
        }
