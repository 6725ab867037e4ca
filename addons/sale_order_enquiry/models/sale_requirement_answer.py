from odoo import fields, models
from odoo.exceptions import UserError


class SaleRequirementAnswer(models.Model):
    """What a customer said to one version of a requirement list (SPEC A7)."""

    _name = "sale.requirement.answer"
    _inherit = ["sale.answer.kept"]
    _description = "Answer to a Requirement List"

    list_id = fields.Many2one(
        comodel_name="sale.requirement.list",
        string="Requirement List",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    version_id = fields.Many2one(
        comodel_name="sale.requirement.version",
        string="Version",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    kind = fields.Selection(
        selection=[("confirm", "Confirmed"), ("object", "Objected")],
        string="Answer",
        required=True,
        readonly=True,
    )
    content_hash = fields.Char(
        string="Fingerprint",
        required=True,
        readonly=True,
        help="Of the content that was answered.",
    )
    signature = fields.Binary(readonly=True, attachment=False)
    line_ids = fields.One2many(
        comodel_name="sale.requirement.objection",
        inverse_name="answer_id",
        string="Objections",
        readonly=True,
    )


class SaleRequirementObjection(models.Model):
    """What a customer objects to on one line of a requirement list (SPEC A7)."""

    _name = "sale.requirement.objection"
    _inherit = ["document.approval.frozen"]
    _description = "Objection to a Requirement"
    _order = "id"

    answer_id = fields.Many2one(
        comodel_name="sale.requirement.answer",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True
    )
    number = fields.Integer(
        string="Line", required=True, readonly=True, aggregator=None
    )
    name = fields.Char(string="Requirement", required=True, readonly=True)
    words = fields.Text(required=True, readonly=True)

    def write(self, vals):
        """Refuse it, whoever asks.

        :raise UserError: always
        """
        if vals:
            raise UserError(self.env._("What was answered is kept as it is."))
        return super().write(vals)
