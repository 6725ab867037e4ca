from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from .document_approval_finding import SEVERITIES


class DocumentApprovalMixin(models.AbstractModel):
    """What a document inherits to be approved before it is confirmed (SPEC B8).

    A model that has ``mail.thread`` and ``mail.activity.mixin`` joins by naming its
    protected states, its material fields and its findings. The gate is a
    post-condition on the resulting values
    (``document_approval_mixin_gate``); a model never has to guard its own methods.
    """

    _name = "document.approval.mixin"
    _description = "Document Under Approval"

    #: field whose protected values only an approved document may have
    _approval_state_field = "state"
    _approval_protected_states = ()
    #: states a confirmed document may be taken back to, which ends its approval
    _approval_released_states = ("cancel",)
    #: fields of the document that were approved and may not change unseen
    _approval_material_fields = ()
    #: fields that say to whom the document belongs: who they name may not decide
    _approval_people_fields = frozenset()
    #: one2many to the lines, and the material fields of a line
    _approval_line_field = None
    _approval_material_line_fields = ()

    approval_state = fields.Selection(
        selection="_selection_approval_state",
        string="Approval",
        default="none",
        readonly=True,
        copy=False,
        index=True,
    )
    approval_round_id = fields.Many2one(
        comodel_name="document.approval.round",
        string="Approval Round",
        readonly=True,
        copy=False,
        groups="base.group_user",
        ondelete="set null",
        index="btree_not_null",
    )
    approval_round_ids = fields.One2many(
        comodel_name="document.approval.round",
        inverse_name="res_id",
        string="Approval Rounds",
        domain=lambda self: [("res_model", "=", self._name)],
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    approval_editor_id = fields.Many2one(
        comodel_name="res.users",
        string="Last Changed By",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="Who last changed something that has to be approved; he may not decide.",
    )
    approval_editor_ids = fields.Many2many(
        comodel_name="res.users",
        context={"active_test": False},  # who left stays in the history
        string="Changed By",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="Who changed something that has to be approved since the last approval; "
        "they may not decide.",
    )
    approval_revision = fields.Integer(
        readonly=True, copy=False, groups="base.group_user"
    )
    approval_is_required = fields.Boolean(compute="_compute_approval_is_required")
    approval_can_submit = fields.Boolean(compute="_compute_approval_must_wait")
    approval_must_wait = fields.Boolean(
        compute="_compute_approval_must_wait",
        help="The document cannot be confirmed yet.",
    )
    approval_panel = fields.Json(
        compute="_compute_approval_panel", groups="base.group_user"
    )

    @api.model
    def _selection_approval_state(self):
        """Return the states of a round, and the one before the first.

        Made anew in the language of the environment: the labels of a list would
        belong to this add-on and stay English on models that join after it.
        """
        rounds = self.env["document.approval.round"]
        return [
            ("none", self.env._("Not submitted")),
            *rounds._fields["state"]._description_selection(self.env),
        ]

    @api.depends(lambda self: self._approval_depends("company_id"))
    def _compute_approval_is_required(self):
        for document in self:
            document.approval_is_required = document._approval_mode() != "off"

    @api.depends(
        lambda self: self._approval_depends(
            "company_id", "approval_state", self._approval_state_field
        )
    )
    @api.depends_context("uid")
    def _compute_approval_must_wait(self):
        for document in self:
            mode = document._approval_mode() if document.id else "off"
            is_open = document._approval_is_open()
            waits = (
                mode == "enforce" and is_open and not document._approval_is_cleared()
            )
            document.approval_must_wait = waits
            document.approval_can_submit = (
                document.approval_state not in ("pending", "approved")
                and is_open
                and (waits or mode == "observe")
            )

    @api.depends_context("uid", "lang")
    def _compute_approval_panel(self):
        for document in self:
            document.approval_panel = (
                document._approval_panel_data() if document.id else False
            )

    @api.model
    def _approval_depends(self, *names):
        return [name for name in names if name in self._fields]

    def _approval_is_open(self):
        """Tell whether the document is neither confirmed nor cancelled."""
        self.ensure_one()
        return self[self._approval_state_field] not in (
            *self._approval_protected_states,
            *self._approval_released_states,
        )

    # Hooks -----------------------------------------------------------------

    def _approval_get_company(self):
        """Return the company whose switch and flows count for this document."""
        return self.company_id

    def _approval_findings(self):
        """Return the facts somebody must look at: ``{id: [finding, ...]}`` (B4).

        The only place that decides who reviews. Extend it, call super, and make
        findings with :meth:`_approval_make_finding`. Computed for all of ``self``
        in a constant number of queries.
        """
        return {document.id: [] for document in self}

    @api.model
    def _approval_finding_text(self, code, values):
        """Return what a finding says, in the language of the environment.

        :param str code: the code given to :meth:`_approval_make_finding`
        :param dict values: the values given there
        :return: a sentence without the line, which is put in front of it
        """
        return code

    def _approval_amounts(self):
        """Return ``{id: amount}``, untaxed, company currency, today's rate."""
        return {document.id: 0.0 for document in self}

    def _approval_excluded_users(self):
        """Return the users who may not decide on this document (SPEC B5).

        Extend it with the people a document belongs to, such as its salesperson.
        """
        self.ensure_one()
        document_sudo = self.sudo()
        return (
            document_sudo.create_uid
            | document_sudo.approval_editor_id
            | document_sudo.approval_editor_ids
        )

    def _approval_owner(self):
        """Return the user who is told what happens to the document."""
        self.ensure_one()
        document_sudo = self.sudo()
        return document_sudo.approval_round_id.requester_id or document_sudo.create_uid

    def _approval_on_approved(self):
        """Hook: the last level has agreed; the documents may be confirmed now."""

    def _approval_on_refused(self):
        """Hook: the documents were returned for correction."""

    # Helpers for joining models ----------------------------------------------

    def _approval_make_finding(
        self, code, department, severity, line=None, line_label=None, **values
    ):
        """Return a finding for :meth:`_approval_findings`.

        :param str code: what was found; its text is made at display
        :param str department: code of the department that must look at it
        :param str severity: ``block`` (cannot be submitted), ``review`` or ``info``
        :param line: the record of the line it is about
        :param str line_label: how to name the line; its display name by default
        :param values: JSON-able facts: allowed, actual, unit, ...
        """
        if severity not in dict(SEVERITIES):
            raise ValueError(f"unknown severity {severity!r}")
        return {
            "code": code,
            "department": department,
            "severity": severity,
            "line_id": line.id if line else False,
            "line_label": line_label or (line.display_name if line else False),
            "values": values,
        }

    @api.model
    def _approval_finding_message(self, finding):
        """Return the full text of a finding, its line in front."""
        text = self._approval_finding_text(finding["code"], finding["values"])
        label = self._approval_line_label(finding.get("line_label"))
        if not label:
            return text
        return self.env._("%(line)s: %(text)s", line=label, text=text)

    @api.model
    def _approval_line_label(self, label):
        """Return how to name a line to the reader; ``label`` may be empty."""
        return label or ""

    @api.model
    def _approval_guarded_fields(self):
        """Return the fields only the engine writes."""
        return {
            "approval_state",
            "approval_round_id",
            "approval_round_ids",
            "approval_editor_id",
            "approval_editor_ids",
            "approval_revision",
        }

    def _approval_abouts(self):
        """Return ``{id: what is asked for}``, shown first on the reviewers' cards.

        Hook (SPEC B4), called with elevated rights; some of these may not exist any
        more. Nothing by default: the findings say what to look at.
        """
        return {}

    def _approval_mode(self):
        """Return off, observe or enforce for this document's company and type."""
        self.ensure_one()
        gated = self.env["document.approval.flow"]._get_gated_companies(self._name)
        document_sudo = self.sudo()
        return gated.get(document_sudo._approval_get_company().id, "off")

    def _approval_round(self):
        """Return the latest round of this document, with elevated rights."""
        self.ensure_one()
        round_sudo = self.sudo().approval_round_id
        if (round_sudo.res_model, round_sudo.res_id) != (self._name, self.id):
            return round_sudo.browse()
        return round_sudo

    @api.model
    def _approval_refuse_guarded(self, vals_list):
        """Refuse values for fields that only the engine writes.

        :raise AccessError: naming the field; also for the superuser, since no user's
            call may reach these by way of elevated rights
        """
        guarded = self._approval_guarded_fields()
        for vals in vals_list:
            for name in guarded.intersection(vals):
                raise AccessError(
                    self.env._(
                        "%(field)s is kept by the approval engine and cannot be "
                        "written.",
                        field=self._fields[name]._description_string(self.env),
                    )
                )

    @api.model
    def default_get(self, fields):
        """Give nobody's own default to what only the engine writes."""
        guarded = self._approval_guarded_fields()
        values = super().default_get([name for name in fields if name not in guarded])
        return {
            **{name: value for name, value in values.items() if name not in guarded},
            **{
                name: self._fields[name].default(self)
                for name in guarded.intersection(fields)
                if self._fields[name].default
            },
        }

    @api.ondelete(at_uninstall=True)
    def _unlink_except_submitted(self):
        """Keep what was submitted (SPEC A3, B3)."""
        rounds_sudo = self.env["document.approval.round"].sudo()
        counted = rounds_sudo._read_group(
            Domain("res_model", "=", self._name)
            & Domain("res_id", "in", self.ids)
            & Domain("state", "!=", "observed"),
            groupby=["res_name"],
        )
        if counted:
            raise UserError(
                self.env._(
                    "%(documents)s: what was submitted for approval is kept. Cancel "
                    "it instead of deleting it.",
                    documents=", ".join(name for (name,) in counted),
                )
            )
