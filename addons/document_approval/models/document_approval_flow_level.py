from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_list


class DocumentApprovalFlowLevel(models.Model):
    """A level of a flow; its seats sit side by side (SPEC B1, B2)."""

    _name = "document.approval.flow.level"
    _inherit = ["document.approval.home.mixin"]
    _description = "Approval Level"
    _order = "sequence, id"

    _home_fields = frozenset({"flow_id"})

    name = fields.Char(required=True, translate=True)
    flow_id = fields.Many2one(
        comodel_name="document.approval.flow",
        required=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(related="flow_id.company_id")
    model = fields.Char(related="flow_id.model", string="Document Model")
    sequence = fields.Integer(default=10)
    participation = fields.Selection(
        selection=[
            ("always", "Always"),
            ("domain", "When the document matches"),
            ("finding", "When something was found for its departments"),
            ("domain_or_finding", "When it matches or something was found"),
        ],
        default="always",
        required=True,
        help="A finding opens this level when no level that takes part anyway seats "
        "the department it names.",
    )
    domain = fields.Char(string="Condition", default="[]")
    seat_ids = fields.One2many(
        comodel_name="document.approval.flow.seat",
        inverse_name="level_id",
        string="Seats",
        copy=True,
    )
    is_joint = fields.Boolean(
        string="Joint Review",
        compute="_compute_is_joint",
        help="Several departments decide side by side. A joint seat replaces the "
        "ordinary seat of its department in the same round.",
    )
    claimable_field_ids = fields.Many2many(
        comodel_name="ir.model.fields",
        string="What Is Approved",
        compute="_compute_claimable_field_ids",
        help="What seats may answer for.",
    )
    seat_summary = fields.Char(string="Who Reviews", compute="_compute_seat_summary")

    @api.depends("seat_ids.department_id", "seat_ids.rule", "seat_ids.quorum")
    @api.depends_context("lang")
    def _compute_seat_summary(self):
        for level in self:
            seats = level.seat_ids.filtered("department_id")
            level.seat_summary = format_list(
                self.env, [seat._get_summary() for seat in seats]
            )

    @api.depends("model")
    def _compute_claimable_field_ids(self):
        for level in self:
            level.claimable_field_ids = level.seat_ids._get_claimable_fields(
                level.model
            )

    @api.depends("seat_ids")
    def _compute_is_joint(self):
        for level in self:
            level.is_joint = len(level.seat_ids) > 1

    @api.constrains("domain", "participation", "flow_id")
    def _check_domain(self):
        for level in self:
            level.flow_id._try_domain(level.domain, level.name)

    @api.constrains("seat_ids")
    def _check_seats(self):
        for level in self:
            departments = level.seat_ids.mapped("department_id")
            if len(departments) < len(level.seat_ids):
                raise ValidationError(
                    self.env._(
                        "Level %(level)s seats a department twice. Use one seat and "
                        "its rule instead.",
                        level=level.name,
                    )
                )

    def _check_required_seats(self):
        """Refuse levels that nobody would be waited for on."""
        for level in self:
            if level.seat_ids and not any(level.seat_ids.mapped("is_required")):
                raise ValidationError(
                    self.env._(
                        "Level %(level)s needs at least one required seat; otherwise "
                        "nobody would be waited for.",
                        level=level.name,
                    )
                )

    @api.ondelete(at_uninstall=True)
    def _unlink_except_last(self):
        """Keep an enforced flow passable."""
        for flow in self.flow_id:
            flow._check_enforceable_with(flow.level_ids - self)

    def _matches(self, document):
        """Tell whether the document meets the level's own condition."""
        self.ensure_one()
        if self.participation == "always":
            return True
        if self.participation == "finding":
            return False
        return self.flow_id._meets(document, self.domain, self.name)
