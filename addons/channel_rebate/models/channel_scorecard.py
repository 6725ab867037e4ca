from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import float_compare


class ChannelScorecard(models.Model):
    """What channel partners are assessed by, in versions (SPEC L4).

    A draft can be changed; in use it is frozen, so that an assessment says for good
    how its score came about. One is in use per root company.
    """

    _name = "channel.scorecard"
    _inherit = ["mail.thread", "document.approval.home.mixin"]
    _description = "Channel Scorecard"
    _order = "company_id, version desc, id desc"

    name = fields.Char(required=True, translate=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        domain=[("parent_id", "=", False)],
        default=lambda self: self.env.company.root_id,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    version = fields.Integer(readonly=True, default=1, copy=False)
    state = fields.Selection(
        selection=[("draft", "Draft"), ("active", "In Use"), ("archived", "Replaced")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    criterion_ids = fields.One2many(
        comodel_name="channel.scorecard.criterion",
        inverse_name="scorecard_id",
        string="Criteria",
        copy=True,
    )
    result_ids = fields.One2many(
        comodel_name="channel.assessment.result",
        inverse_name="scorecard_id",
        string="Results",
        copy=True,
    )
    weight_total = fields.Float(
        string="Sum of Weights", compute="_compute_weight_total", digits=(16, 2)
    )
    weight_least = fields.Float(
        string="Weight Needed for a Result",
        digits=(16, 2),
        default=50.0,
        help="Criteria without data take their weight out of the score. When less "
        "weight than this is left, too little is known and there is no result.",
    )

    _active_uniq = models.UniqueIndex(
        "(company_id) WHERE state = 'active'",
        "This company has a scorecard in use already.",
    )

    @api.depends("criterion_ids.weight")
    def _compute_weight_total(self):
        for card in self:
            card.weight_total = sum(card.criterion_ids.mapped("weight"))

    @api.depends("name", "version")
    def _compute_display_name(self):
        for card in self:
            card.display_name = self.env._(
                "%(name)s, version %(version)s",
                name=card.name or "",
                version=card.version,
            )

    @api.constrains("weight_least")
    def _check_weight_least(self):
        if any(not 0 <= card.weight_least <= 100 for card in self):  # nor NaN
            raise ValidationError(self.env._("Weights are between 0 and 100."))

    @api.constrains("company_id")
    def _check_company_id(self):
        if any(card.company_id.parent_id for card in self):
            raise ValidationError(
                self.env._("Branches use the scorecard of their company.")
            )

    # Guard -----------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """:raise AccessError: for another state than draft, or a version"""
        for vals in vals_list:
            self._refuse_state(vals)
        return super().create(vals_list)

    def write(self, vals):
        """:raise UserError: for scorecards in use"""
        self._refuse_state(vals)
        if not all(name.startswith(("message_", "activity_")) for name in vals):
            self._check_draft()
        return super().write(vals)

    @api.model
    def default_get(self, fields):
        """EXTENDS 'base': give nobody's own default to state and version."""
        values = super().default_get(fields)
        kept = {"state": "draft", "version": 1}
        return {**values, **{n: v for n, v in kept.items() if n in values}}

    @api.model
    def _refuse_state(self, vals):
        if vals.get("state", "draft") != "draft" or vals.get("version", 1) != 1:
            raise AccessError(
                self.env._("A scorecard is put into use by its button only.")
            )

    def _check_draft(self):
        """Refuse changes of what assessments rely on.

        :raise UserError: naming the scorecard
        """
        for card in self:
            if card.state != "draft":
                raise UserError(
                    self.env._(
                        "%(scorecard)s is in use and stays as it is. Make a new "
                        "version and change that.",
                        scorecard=card.display_name,
                    )
                )

    @api.ondelete(at_uninstall=True)
    def _unlink_except_used(self):
        self._check_draft()

    def _set_state(self, state, **values):
        result = super().write({"state": state, **values})
        self.flush_recordset(["state"])  # the next one needs the place
        return result

    # Actions ---------------------------------------------------------------------

    def action_activate(self):
        """Put drafts into use; the one each replaces is kept for its assessments.

        :raise ValidationError: saying what is missing
        """
        self.check_access("write")
        for card in self.filtered(lambda card: card.state == "draft"):
            if problem := card._get_problem():
                raise ValidationError(problem)
            self.search(
                Domain("state", "=", "active")
                & Domain("company_id", "=", card.company_id.id)
            )._set_state("archived")
            card._set_state("active")

    def _get_problem(self):
        """Return in words what keeps the scorecard from being used, or None."""
        self.ensure_one()
        if float_compare(self.weight_total, 100.0, precision_digits=2):
            return self.env._(
                "The weights add up to %(total)s, not to 100.",
                total=f"{self.weight_total:.10g}",
            )
        for criterion in self.criterion_ids:
            if criterion.method == "bands" and not criterion.band_ids:
                return self.env._(
                    "“%(criterion)s” has no bands: say what gives how many points.",
                    criterion=criterion.name,
                )
        if not any(rule.score_from == 0 for rule in self.result_ids):
            return self.env._("Say what a score of 0 leads to.")
        return None

    def action_new_version(self):
        """Copy the scorecard as the draft of its next version and open that."""
        self.ensure_one()
        self.check_access("write")
        highest = self.search(
            Domain("company_id", "=", self.company_id.id), order="version desc", limit=1
        )
        draft = self.copy({"name": self.name})
        draft._set_state("draft", version=highest.version + 1)
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": draft.id,
            "view_mode": "form",
        }

    @api.model
    def _get_active(self, company):
        """Return the scorecard a company assesses by, with elevated rights."""
        # sudo: the same scorecard for whoever assesses
        return self.sudo().search(
            Domain("state", "=", "active")
            & Domain("company_id", "=", company.sudo().root_id.id),
            limit=1,
        )

    def _get_rule(self, score):
        """Return the result of a score: the highest bound the score reaches."""
        self.ensure_one()
        reached = self.result_ids.filtered(
            lambda rule: float_compare(rule.score_from, score, precision_digits=2) <= 0
        )
        return reached.sorted("score_from")[-1:]
