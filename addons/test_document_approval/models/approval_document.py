from odoo import api, fields, models


class ApprovalTestDocument(models.Model):
    """The smallest document that can be approved; it shows how a model joins."""

    _name = "test.approval.document"
    _inherit = ["mail.thread", "mail.activity.mixin", "document.approval.mixin"]
    _description = "Approval Test Document"

    _approval_protected_states = ("done",)
    _approval_material_fields = ("partner_id", "total")
    _approval_people_fields = frozenset({"user_id"})
    _approval_line_field = "line_ids"
    _approval_material_line_fields = ("name", "quantity", "price")

    name = fields.Char(required=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
    )
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("sent", "Sent"),
            ("done", "Done"),
            ("cancel", "Cancelled"),
        ],
        default="draft",
        required=True,
        copy=False,
        tracking=True,
    )
    partner_id = fields.Many2one(comodel_name="res.partner")
    user_id = fields.Many2one(comodel_name="res.users")
    note = fields.Text()
    is_special = fields.Boolean()
    rate_id = fields.Many2one(comodel_name="test.approval.rate")
    enclosed = fields.Json(help="What counts as enclosed, as the hook returns it.")
    line_ids = fields.One2many(
        comodel_name="test.approval.line", inverse_name="document_id", copy=True
    )
    total = fields.Float(compute="_compute_total", store=True)

    @api.depends("line_ids.quantity", "line_ids.price", "rate_id.rate")
    def _compute_total(self):
        for document in self:
            rate = document.rate_id.rate or 1.0
            document.total = rate * sum(
                line.quantity * line.price for line in document.line_ids
            )

    def _approval_findings(self):
        findings = super()._approval_findings()
        for document in self:
            if not document.partner_id:
                findings[document.id].append(
                    self._approval_make_finding("no_partner", "sales", "block")
                )
            if document.is_special:
                findings[document.id] += [
                    self._approval_make_finding("special", code, "review")
                    for code in ("technical", "production")
                ]
            for line in document.line_ids:
                if line.price < 5:
                    findings[document.id].append(
                        self._approval_make_finding(
                            "low_price",
                            "finance",
                            "review",
                            line=line,
                            price=line.price,
                        )
                    )
        return findings

    @api.model
    def _approval_finding_text(self, code, values):
        if code == "no_partner":
            return self.env._("The customer is missing.")
        if code == "special":
            return self.env._("Special product.")
        if code == "low_price":
            return self.env._("Price %(price)s is below 5.", price=values.get("price"))
        return super()._approval_finding_text(code, values)

    def _approval_enclosures(self):
        return {document.id: document.enclosed or [] for document in self}

    def _approval_amounts(self):
        return {document.id: document.total for document in self}

    def _approval_excluded_users(self):
        # sudo: the same whoever asks
        return super()._approval_excluded_users() | self.sudo().user_id

    def action_done(self):
        """Confirm."""
        self.write({"state": "done"})
        return True

    def action_cancel(self):
        """Cancel."""
        self.write({"state": "cancel"})
        return True


class ApprovalTestRate(models.Model):
    """Something outside the document that one of its material values depends on."""

    _name = "test.approval.rate"
    _description = "Approval Test Rate"

    rate = fields.Float(default=1.0)
