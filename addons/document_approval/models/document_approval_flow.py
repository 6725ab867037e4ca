import ast

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

#: key of what the transaction knows about companies under control
_GATED = "document_approval.gated"


class DocumentApprovalFlow(models.Model):
    """Which departments look at a document, level after level (SPEC B1, B2)."""

    _name = "document.approval.flow"
    _inherit = ["document.approval.home.mixin"]
    _description = "Approval Flow"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(
        default=10,
        help="The first flow whose condition matches a document is the one used.",
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    model_id = fields.Many2one(
        comodel_name="ir.model",
        string="Document Type",
        required=True,
        ondelete="cascade",
        domain=lambda self: [("model", "in", self._get_document_models())],
    )
    model = fields.Char(
        related="model_id.model", string="Model", store=True, precompute=True
    )
    domain = fields.Char(
        string="Applies To",
        default="[]",
        help="Only documents matching this condition use the flow. Empty: all.",
    )
    level_ids = fields.One2many(
        comodel_name="document.approval.flow.level",
        inverse_name="flow_id",
        string="Levels",
        copy=True,
    )
    fallback_department_id = fields.Many2one(
        comodel_name="document.approval.department",
        string="Fallback",
        check_company=True,
        help="Takes findings of departments without a seat here, and the seats "
        "nobody else may fill.",
    )
    is_carry_over = fields.Boolean(
        string="Keep Agreements",
        default=True,
        help="When a document is submitted again, departments whose own values and "
        "findings did not change need not agree again.",
    )
    setup_problems = fields.Text(
        string="Not Ready Yet",
        compute="_compute_setup_problems",
        help="What keeps this flow from being enforced.",
    )

    @api.depends(
        "level_ids.seat_ids.department_id.member_ids",
        "level_ids.seat_ids.department_id.head_id",
        "level_ids.seat_ids.department_id.fallback_id",
        "level_ids.seat_ids.rule",
        "level_ids.seat_ids.quorum",
        "fallback_department_id.member_ids",
    )
    def _compute_setup_problems(self):
        for flow in self:
            flow.setup_problems = "\n".join(flow._get_setup_problems())

    @api.model
    def _get_document_models(self):
        """Return the technical names of the models that joined the engine."""
        return sorted(
            name
            for name, model in self.env.registry.items()
            if not model._abstract
            and not model._transient
            and issubclass(model, self.env.registry["document.approval.mixin"])
        )

    @api.constrains("model_id")
    def _check_model_id(self):
        allowed = self._get_document_models()
        for flow in self:
            if flow.model not in allowed:
                raise ValidationError(
                    self.env._(
                        "Documents of type %(type)s cannot be approved: they did not "
                        "join the approval engine.",
                        type=flow.model_id.name,
                    )
                )
        self.level_ids.seat_ids._check_claimed_fields()

    @api.constrains("domain", "model_id")
    def _check_domain(self):
        for flow in self:
            flow._try_domain(flow.domain, flow.name)

    @api.constrains("company_id")
    def _check_departments_company(self):
        self.level_ids.seat_ids._check_department_company()

    def _parse_domain(self, text, where):
        """Return ``text`` as a valid Domain on the flow's documents.

        :raise ValidationError: naming ``where`` when it is no domain on the model
        """
        self.ensure_one()
        try:
            domain = Domain(ast.literal_eval(text or "[]"))
            domain.validate(self.env[self.model])
        except (
            *(ValueError, SyntaxError, TypeError, KeyError),
            *(RecursionError, MemoryError),  # nested too deeply
        ) as error:
            raise self._make_domain_error(where, error) from error
        return domain

    def _try_domain(self, text, where):
        """Refuse a condition that cannot be used, before any document meets it.

        Some can be read but not evaluated, such as an amount above a word.
        """
        example_sudo = self.env[self.model].sudo().new({})  # sudo: only an example
        self._meets(example_sudo, text, where)

    def _meets(self, document, text, where):
        """Tell whether a document meets the condition ``text``.

        :raise ValidationError: naming ``where`` when the condition cannot be used
        """
        domain = self._parse_domain(text, where)
        try:
            return bool(document.filtered_domain(domain))
        except (ValueError, TypeError) as error:
            raise self._make_domain_error(where, error) from error

    def _make_domain_error(self, where, error):
        return ValidationError(
            self.env._(
                "The condition of %(where)s cannot be used on %(type)s: %(error)s",
                where=where,
                type=self.model_id.name,
                error=error,
            )
        )

    def _get_setup_problems(self):
        """Return in words what keeps these flows from being enforced."""
        problems = []
        for flow in self:
            if not flow.level_ids.seat_ids:
                problems.append(
                    self.env._("Flow %(flow)s has no seats.", flow=flow.name)
                )
            for seat in flow.level_ids.seat_ids:
                problems += seat._get_setup_problems()
        return problems

    def _is_enforced(self):
        """Tell whether documents cannot pass without this flow right now."""
        self.ensure_one()
        return self.active and self.company_id.document_approval_mode == "enforce"

    def _check_enforceable_with(self, levels):
        """Refuse to leave an enforced flow without any of ``levels`` seated."""
        self.ensure_one()
        if self._is_enforced() and not levels.seat_ids:
            raise ValidationError(
                self.env._("Flow %(flow)s has no seats.", flow=self.name)
            )

    @api.constrains("level_ids", "active", "company_id")
    def _check_enforceable(self):
        """Keep an enforced company from getting a flow that nobody could pass."""
        for flow in self:
            if flow.company_id.document_approval_mode == "enforce" and flow.active:
                problems = flow._get_setup_problems()
                if problems:
                    raise ValidationError("\n".join(problems))

    @api.model
    def _get_gated_companies(self, model_name):
        """Return {company id: mode} of companies that control this document type.

        Remembered for the transaction only: a switch thrown elsewhere counts from
        the next transaction on, in every process.
        """
        cursor = self.env.cr
        known = cursor.precommit.data.setdefault(_GATED, {})
        key = (model_name, cursor.now())
        if key not in known:
            # sudo: the switch counts for users who may not read flows
            groups = self.sudo()._read_group(
                [
                    ("active", "=", True),  # whatever the context says
                    ("model", "=", model_name),
                    ("company_id.document_approval_mode", "!=", "off"),
                ],
                groupby=["company_id"],
            )
            known[key] = {
                company.id: company.document_approval_mode for (company,) in groups
            }
        return known[key]

    @api.model
    def _forget_gated_companies(self):
        """Have :meth:`_get_gated_companies` look again, after a change."""
        self.env.cr.precommit.data.pop(_GATED, None)

    @api.model_create_multi
    def create(self, vals_list):
        flows = super().create(vals_list)
        self._forget_gated_companies()
        return flows

    def write(self, vals):
        enforced = self._get_enforced_types()
        result = super().write(vals)
        self._forget_gated_companies()
        self._check_still_enforced(enforced)
        return result

    @api.ondelete(at_uninstall=True)
    def _unlink_except_last(self):
        """Keep an enforced company from losing its control by a deleted flow."""
        self._check_still_enforced(self._get_enforced_types(), without=self)

    def _get_enforced_types(self):
        """Return the (company, model) pairs these flows keep under control."""
        return {
            (flow.company_id, flow.model)
            for flow in self.sudo()  # the companies need not be readable
            if flow.active and flow.company_id.document_approval_mode == "enforce"
        }

    def _check_still_enforced(self, types, without=None):
        """Refuse a change that takes the last flow of an enforced document type.

        :raise ValidationError: control is switched off in the settings, not by the
            way of a flow
        """
        gone = without.ids if without else []
        for company, model in types:
            # sudo: flows the user may not see keep control as well
            if not self.sudo().search_count(
                [
                    ("active", "=", True),
                    ("company_id", "=", company.id),
                    ("model", "=", model),
                    ("id", "not in", gone),
                ],
                limit=1,
            ):
                raise ValidationError(
                    self.env._(
                        "This is the only flow for %(type)s in %(company)s, where "
                        "approval control is enforced. Switch the control off in the "
                        "settings first, or add another flow.",
                        type=self.env["ir.model"]._get(model).name,
                        company=company.name,
                    )
                )

    def unlink(self):
        result = super().unlink()
        self._forget_gated_companies()
        return result

    def action_preview(self):
        """Open "who would review this?" for a document of the flow's type."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Who Would Review This?"),
            "res_model": "document.approval.preview",
            "view_mode": "form",
            "target": "new",
            "context": {"default_flow_id": self.id},
        }
