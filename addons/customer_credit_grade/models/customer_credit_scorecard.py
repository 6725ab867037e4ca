from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import float_compare, float_round


class CustomerCreditScorecard(models.Model):
    """What customers are assessed by, in versions (SPEC D1).

    A draft can be changed; once active it is frozen, so that an assessment says for
    good how its score came about. One is active per company; one without company
    serves the companies that have none of their own.
    """

    _name = "customer.credit.scorecard"
    _inherit = ["mail.thread", "document.approval.home.mixin"]
    _description = "Credit Scorecard"
    _order = "name, version desc, id desc"

    name = fields.Char(required=True, translate=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        index="btree_not_null",
        domain=[("parent_id", "=", False)],
        help="Empty: for all companies that have no scorecard of their own.",
    )
    version = fields.Integer(readonly=True, default=1, copy=False)
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("active", "Active"),
            ("archived", "Replaced"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    criterion_ids = fields.One2many(
        comodel_name="customer.credit.criterion",
        inverse_name="scorecard_id",
        string="Criteria",
        copy=True,
    )
    grade_ids = fields.One2many(
        comodel_name="customer.credit.scorecard.grade",
        inverse_name="scorecard_id",
        string="Grades",
        copy=True,
    )
    weight_total = fields.Float(string="Sum of Weights", compute="_compute_weight")

    _active_uniq = models.UniqueIndex(
        "(COALESCE(company_id, 0)) WHERE state = 'active'",
        "This company has an active scorecard already.",
    )

    @api.depends("criterion_ids.weight")
    def _compute_weight(self):
        for scorecard in self:
            scorecard.weight_total = sum(scorecard.criterion_ids.mapped("weight"))

    @api.depends("name", "version")
    def _compute_display_name(self):
        for scorecard in self:
            scorecard.display_name = self.env._(
                "%(name)s, version %(version)s",
                name=scorecard.name or "",
                version=scorecard.version,
            )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_state(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_state(vals)
        if not all(name.startswith(("message_", "activity_")) for name in vals):
            self._check_draft()
        return super().write(vals)

    @api.model
    def default_get(self, fields):
        """Give nobody's own default to the state."""
        values = super().default_get(fields)
        return {**values, "state": "draft"} if "state" in values else values

    @api.model
    def _refuse_state(self, vals):
        if vals.get("state", "draft") != "draft" or vals.get("version", 1) != 1:
            raise AccessError(
                self.env._("A scorecard becomes active by its button “Activate” only.")
            )

    def _check_draft(self):
        """Refuse changes of what assessments rely on.

        :raise UserError: naming the scorecard
        """
        for scorecard in self:
            if scorecard.state != "draft":
                raise UserError(
                    self.env._(
                        "%(scorecard)s is in use and stays as it is. Make a new "
                        "version and change that.",
                        scorecard=scorecard.display_name,
                    )
                )

    @api.ondelete(at_uninstall=True)
    def _unlink_except_used(self):
        self._check_draft()

    def action_activate(self):
        """Put a draft into use; the one it replaces is kept for its assessments.

        :raise ValidationError: saying what is missing
        """
        self.check_access("write")
        for scorecard in self.filtered(lambda card: card.state == "draft"):
            if problem := scorecard._get_problem():
                raise ValidationError(problem)
            before = self.search(
                Domain("state", "=", "active")
                & Domain("company_id", "=", scorecard.company_id.id)
            )
            before._set_state("archived")
            scorecard._set_state("active")

    def _set_state(self, state):
        result = super().write({"state": state})
        self.flush_recordset(["state"])
        return result

    def _get_problem(self):
        """Return in words what keeps the scorecard from being used, or None."""
        self.ensure_one()
        if float_compare(self.weight_total, 100.0, precision_digits=2):
            return self.env._(
                "The weights add up to %(total)s, not to 100.",
                total=float_round(self.weight_total, precision_digits=2),
            )
        for criterion in self.criterion_ids:
            if not criterion.band_ids:
                return self.env._(
                    "“%(criterion)s” has no bands: say what gives how many points.",
                    criterion=criterion.name,
                )
        if not any(band.score_from == 0 for band in self.grade_ids):
            return self.env._("Say which grade a score of 0 gives.")
        return None

    def action_new_version(self):
        """Copy the scorecard as the draft of its next version and open that."""
        self.ensure_one()
        self.check_access("write")
        highest = self.search(
            Domain("company_id", "=", self.company_id.id), order="version desc", limit=1
        )
        draft = self.copy({"name": self.name})
        super(CustomerCreditScorecard, draft).write({"version": highest.version + 1})
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": draft.id,
            "view_mode": "form",
        }

    @api.model
    def _get_active(self, company):
        """Return the scorecard a company assesses by: its own, else the shared one."""
        # sudo: the same scorecard for whoever assesses
        cards = self.sudo().search(
            Domain("state", "=", "active")
            & Domain("company_id", "in", [company.sudo().root_id.id, False])
        )
        return (cards.filtered("company_id") or cards)[:1]

    def _get_grade(self, score):
        """Return the grade of a score: the highest band the score reaches."""
        self.ensure_one()
        bands = self.grade_ids.filtered(
            lambda band: float_compare(band.score_from, score, precision_digits=2) <= 0
        )
        return bands.sorted("score_from")[-1:].grade_id
