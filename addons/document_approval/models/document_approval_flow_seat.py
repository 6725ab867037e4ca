from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_list

#: beyond these, a number is a typing error
MOST_MEMBERS = 1000
MOST_DAYS = 3650


class DocumentApprovalFlowSeat(models.Model):
    """The place of one department on a level (SPEC B2)."""

    _name = "document.approval.flow.seat"
    _inherit = ["document.approval.home.mixin"]
    _description = "Approval Seat of a Flow"
    _order = "sequence, id"
    _rec_name = "department_id"

    _home_fields = frozenset({"level_id"})

    level_id = fields.Many2one(
        comodel_name="document.approval.flow.level",
        required=True,
        ondelete="cascade",
        index=True,
    )
    flow_id = fields.Many2one(related="level_id.flow_id")
    company_id = fields.Many2one(related="level_id.flow_id.company_id")
    sequence = fields.Integer(default=10)
    department_id = fields.Many2one(
        comodel_name="document.approval.department",
        required=True,
        ondelete="restrict",
        domain="[('company_id', '=', company_id)]",
    )
    rule = fields.Selection(
        selection=[
            ("one", "One member"),
            ("all", "All members"),
            ("quorum", "At least n members"),
        ],
        default="one",
        required=True,
        help="How many members of the department have to agree.",
    )
    quorum = fields.Integer(string="At Least", default=1)
    is_required = fields.Boolean(
        string="Required",
        default=True,
        help="The next level opens when all required seats have agreed. A refusal "
        "by any seat returns the document.",
    )
    agreement_summary = fields.Char(
        string="Who Has to Agree", compute="_compute_agreement_summary"
    )
    deadline_days = fields.Float(
        string="Time Limit (Days)",
        help="Working days of the department from the moment its turn comes. "
        "0: no limit.",
    )

    check_ids = fields.One2many(
        comodel_name="document.approval.flow.check",
        inverse_name="seat_id",
        string="Checklist",
        copy=True,
        help="Questions the department answers before it agrees.",
    )
    check_count = fields.Integer(string="Questions", compute="_compute_check_count")
    model = fields.Char(related="level_id.flow_id.model", string="Document Model")
    claimed_field_ids = fields.Many2many(
        comodel_name="ir.model.fields",
        relation="document_approval_flow_seat_field_rel",
        column1="seat_id",
        column2="field_id",
        string="Answers For",
        help="What the department looks at. When a document is submitted again and "
        "none of this changed, nor anything nobody answers for, its agreement is "
        "carried over. Empty: it looks at everything.",
    )

    @api.depends("rule", "quorum", "is_required")
    @api.depends_context("lang")
    def _compute_agreement_summary(self):
        rules = dict(self._fields["rule"]._description_selection(self.env))
        for seat in self:
            summary = rules.get(seat.rule, "")
            if seat.rule == "quorum":
                summary = self.env._("At least %(number)s members", number=seat.quorum)
            if not seat.is_required:
                summary = self.env._("%(summary)s, not required", summary=summary)
            seat.agreement_summary = summary

    @api.depends("check_ids")
    def _compute_check_count(self):
        for seat in self:
            seat.check_count = len(seat.check_ids)

    @api.model
    def _get_claimable_fields(self, model_name):
        """Return the fields of a document type, and of its lines, that are approved.

        :return: records of ir.model.fields; none when the type did not join
        """
        fields_sudo = self.env["ir.model.fields"].sudo()  # names of fields only
        if model_name not in self.env["document.approval.flow"]._get_document_models():
            return fields_sudo.browse().sudo(self.env.su)
        document = self.env[model_name]
        found = fields_sudo.browse()
        for name in document._approval_material_fields:
            found |= fields_sudo._get(model_name, name)
        line_field = document._fields.get(document._approval_line_field or "")
        for name in document._approval_material_line_fields if line_field else ():
            found |= fields_sudo._get(line_field.comodel_name, name)
        return found.sudo(self.env.su)

    @api.model
    def _get_claim_name(self, model_name, field):
        """Return how to name a claimed field in a file; those of lines have a dot."""
        document = self.env[model_name]
        if field.model == model_name:
            return field.name
        return f"{document._approval_line_field}.{field.name}"

    @api.constrains("claimed_field_ids", "level_id")
    def _check_claimed_fields(self):
        """Refuse claims on what is not approved: they would never mean anything."""
        for seat in self:
            allowed = seat._get_claimable_fields(seat.flow_id.model)
            # sudo: names of fields only
            foreign_sudo = (seat.claimed_field_ids - allowed).sudo()
            if foreign_sudo:
                raise ValidationError(
                    self.env._(
                        "Level %(level)s, seat %(seat)s: %(fields)s is not among what "
                        "is approved on %(type)s, so nobody can answer for it.",
                        level=seat.level_id.name,
                        seat=seat.department_id.name,
                        fields=format_list(
                            self.env, foreign_sudo.mapped("display_name")
                        ),
                        type=seat.flow_id.model_id.name,
                    )
                )

    @api.constrains("quorum", "rule", "deadline_days")
    def _check_numbers(self):
        for seat in self:
            if not 0 <= seat.quorum <= MOST_MEMBERS or (
                seat.rule == "quorum" and seat.quorum < 1
            ):
                raise ValidationError(
                    self.env._(
                        "Seat %(seat)s: between 1 and %(most)s members have to agree.",
                        seat=seat.department_id.name,
                        most=MOST_MEMBERS,
                    )
                )
            if not 0 <= seat.deadline_days <= MOST_DAYS:  # refuses NaN too
                raise ValidationError(
                    self.env._(
                        "Seat %(seat)s: the time limit is between 0 and %(most)s days.",
                        seat=seat.department_id.name,
                        most=MOST_DAYS,
                    )
                )

    @api.constrains("is_required", "level_id")
    def _check_is_required(self):
        self.level_id._check_required_seats()

    @api.constrains("department_id", "level_id")
    def _check_department_company(self):
        for seat in self:
            if seat.department_id.company_id != seat.flow_id.company_id:
                raise ValidationError(
                    self.env._(
                        "Department %(department)s belongs to another company than "
                        "flow %(flow)s.",
                        department=seat.department_id.name,
                        flow=seat.flow_id.name,
                    )
                )

    def _get_summary(self):
        """Return the department and its rule in a few words."""
        self.ensure_one()
        if self.rule == "one":
            return self.department_id.name
        if self.rule == "all":
            return self.env._(
                "%(department)s (all members)", department=self.department_id.name
            )
        return self.env._(
            "%(department)s (at least %(number)s)",
            department=self.department_id.name,
            number=self.quorum,
        )

    @api.ondelete(at_uninstall=True)
    def _unlink_except_last(self):
        """Keep the levels of an enforced flow seated."""
        for level in self.level_id:
            if not level.seat_ids - self and level.flow_id._is_enforced():
                raise ValidationError(
                    self.env._(
                        "Level %(level)s needs a seat while approval control is "
                        "enforced. Remove the level instead.",
                        level=level.name,
                    )
                )

    def _get_needed(self, candidates):
        """Return how many of ``candidates`` have to agree."""
        self.ensure_one()
        if self.rule == "all":
            return max(len(candidates), 1)
        return self.quorum if self.rule == "quorum" else 1

    def _get_candidate_pools(self):
        """Return the departments asked in turn: the seat's, its fallbacks, the flow's.

        :return: list of departments, each once
        """
        self.ensure_one()
        pools = []
        department = self.department_id
        while department and department not in pools:
            pools.append(department)
            department = department.fallback_id
        department = self.flow_id.fallback_department_id
        if department and department not in pools:
            pools.append(department)
        return pools

    def _get_setup_problems(self):
        """Return in words why nobody could ever fill this seat, or nothing."""
        self.ensure_one()
        for pool in self._get_candidate_pools():
            members = pool._get_eligible_members()
            if members and len(members) >= self._get_needed(members):
                return []
        return [
            self.env._(
                "Flow %(flow)s, level %(level)s: department %(department)s and its "
                "fallbacks have too few active members.",
                flow=self.flow_id.name,
                level=self.level_id.name,
                department=self.department_id.name,
            )
        ]
