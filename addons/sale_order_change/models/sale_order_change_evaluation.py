from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError


class SaleOrderChangeEvaluation(models.Model):
    """One department's sheet on a change request: facts, words, cost, delay (J2).

    Made by the system when the request is submitted, one for each department with a
    seat, and filled in by whoever may decide there. A department cannot agree before.
    Kept with its round.
    """

    _name = "sale.order.change.evaluation"
    _description = "Evaluation Sheet of an Order Change"
    _order = "change_id desc, round_id desc, id"
    _rec_name = "department_id"
    _check_company_auto = True

    change_id = fields.Many2one(
        comodel_name="sale.order.change",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    change_summary = fields.Char(related="change_id.summary", string="What Changes")
    change_reason = fields.Text(related="change_id.reason", string="Reason")
    company_id = fields.Many2one(related="change_id.company_id", store=True)
    company_currency_id = fields.Many2one(related="company_id.currency_id")
    round_id = fields.Many2one(
        comodel_name="document.approval.round",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    seat_id = fields.Many2one(
        comodel_name="document.approval.seat",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    department_id = fields.Many2one(
        comodel_name="document.approval.department",
        required=True,
        readonly=True,
        check_company=True,
        ondelete="restrict",
    )
    topic = fields.Selection(
        selection=[
            ("plan", "Production plan"),
            ("stock", "Stock"),
            ("cost", "Cost"),
            ("delivery", "Delivery"),
        ],
        required=True,
        readonly=True,
    )
    facts = fields.Json(readonly=True)
    facts_text = fields.Text(string="What Is Known", compute="_compute_facts_text")
    words = fields.Text(string="Evaluation")
    extra_cost = fields.Monetary(
        currency_field="company_currency_id",
        help="What the change costs beside its own amount, in the company's currency.",
    )
    delay_days = fields.Float(string="Delay (Days)")
    is_filled = fields.Boolean(string="Filled In", compute="_compute_is_filled")
    user_id = fields.Many2one(
        comodel_name="res.users", string="Filled In By", readonly=True
    )
    date = fields.Datetime(string="Filled In On", readonly=True)
    can_fill = fields.Boolean(compute="_compute_can_fill")

    _seat_uniq = models.UniqueIndex("(seat_id)", "This seat has its sheet already.")

    @api.depends("facts")
    @api.depends_context("lang")
    def _compute_facts_text(self):
        for sheet in self:
            sheet.facts_text = "\n".join(
                text
                for code, values in sheet.facts or []
                if (text := sheet.change_id._get_fact_text(code, values))
            )

    @api.depends("words")
    def _compute_is_filled(self):
        for sheet in self:
            sheet.is_filled = bool((sheet.words or "").strip())

    @api.depends_context("uid")
    @api.depends("seat_id")
    def _compute_can_fill(self):
        for sheet in self:
            sheet.can_fill = bool(sheet.id) and not sheet._get_objection()

    def _get_objection(self):
        """Return in words why the user may not fill this sheet in now, or None."""
        self.ensure_one()
        seat_sudo = self.sudo().seat_id  # sudo: seats are shown to those asked only
        return seat_sudo._get_objection(self.env.user)

    @api.constrains("extra_cost", "delay_days")
    def _check_numbers(self):
        for sheet in self:
            if not abs(sheet.extra_cost) <= 1e12 or not abs(sheet.delay_days) <= 3650:
                raise ValidationError(
                    self.env._("Extra cost and delay are not plausible.")
                )

    def write(self, vals):
        """Let only those fill it in who may decide for the department now.

        :raise AccessError: somebody else, or the seat is decided
        """
        for name in set(vals) - {"words", "extra_cost", "delay_days"}:
            raise AccessError(
                self.env._(
                    "%(field)s of a sheet is kept by the system.",
                    field=self._fields[name]._description_string(self.env)
                    if name in self._fields
                    else name,
                )
            )
        for sheet in self:
            objection = sheet._get_objection()
            if objection:
                raise AccessError(objection)
        # of a sheet being filled in and a decision at once, one is rerun
        self.sudo().round_id._bump()  # sudo: rounds are the engine's
        return super().write(
            {**vals, "user_id": self.env.uid, "date": fields.Datetime.now()}
        )

    @api.model
    def default_get(self, fields):
        """Give nobody's own default to a sheet."""
        return super().default_get([])

    @api.ondelete(at_uninstall=True)
    def _unlink_never(self):
        raise UserError(self.env._("Evaluation sheets are kept."))

    def action_open(self):
        """Open this sheet to fill it in."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Evaluation"),
            "res_model": self._name,
            "view_mode": "form",
            "views": [(False, "form")],
            "res_id": self.id,
            "target": "new",
        }


class SaleOrderChange(models.Model):
    _inherit = "sale.order.change"

    evaluation_ids = fields.One2many(
        comodel_name="sale.order.change.evaluation",
        inverse_name="change_id",
        string="Evaluation Sheets",
        readonly=True,
        copy=False,
    )
    extra_cost = fields.Monetary(
        currency_field="company_currency_id", compute="_compute_evaluation"
    )
    delay_days = fields.Float(string="Delay (Days)", compute="_compute_evaluation")
    has_my_sheet = fields.Boolean(compute="_compute_has_my_sheet")

    @api.depends_context("uid")
    @api.depends("evaluation_ids.words")
    def _compute_has_my_sheet(self):
        """Tell whether a sheet waits for the user before he can agree."""
        for change in self:
            change.has_my_sheet = change.approval_state == "pending" and any(
                sheet.can_fill and not sheet.is_filled
                for sheet in change.evaluation_ids
            )

    @api.depends("evaluation_ids.extra_cost", "evaluation_ids.delay_days")
    def _compute_evaluation(self):
        """Sum up the sheets of the last round: cost adds up, delay does not."""
        for change in self:
            # sudo: the sum is no secret to who may read the request
            change_sudo = change.sudo()
            sheets = change_sudo.evaluation_ids.filtered(
                lambda sheet, last=change_sudo.approval_round_id: sheet.round_id == last
            )
            change.extra_cost = sum(sheets.mapped("extra_cost"))
            change.delay_days = max(sheets.mapped("delay_days"), default=0.0)

    def _make_sheets(self, round_sudo):
        """Give each department with a seat that is to decide a sheet with facts."""
        self.ensure_one()
        topics = self._get_topics()
        facts = self._get_facts()
        # sudo: sheets are made by the system
        self.env["sale.order.change.evaluation"].sudo().create(
            [
                {
                    "change_id": self.id,
                    "round_id": round_sudo.id,
                    "seat_id": seat.id,
                    "department_id": seat.department_id.id,
                    "topic": topic,
                    "facts": facts.get(topic) or [],
                }
                for seat in round_sudo.seat_ids
                if seat.state in ("open", "waiting")
                and (topic := topics.get((seat.department_id.code or "").lower()))
            ]
        )
