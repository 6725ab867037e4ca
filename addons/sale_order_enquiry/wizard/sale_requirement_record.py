from odoo import fields, models
from odoo.exceptions import UserError

from ..models.sale_answer_kept import STAFF_WAYS


class SaleRequirementRecord(models.TransientModel):
    """What a customer answered to a requirement list by other means (SPEC A7)."""

    _name = "sale.requirement.record"
    _description = "Record the Answer to a Requirement List"

    list_id = fields.Many2one(
        comodel_name="sale.requirement.list", required=True, readonly=True
    )
    version = fields.Integer(
        required=True,
        help="The one the dialog was opened for: a newer one is not answered by it.",
    )
    kind = fields.Selection(
        selection=[("confirm", "Confirms"), ("object", "Objects")],
        string="The Customer",
        required=True,
        default="confirm",
    )
    way = fields.Selection(
        selection=STAFF_WAYS, string="How", required=True, default="email"
    )
    name = fields.Char(string="Who Said So", required=True)
    said_on = fields.Date(string="When", required=True)
    words = fields.Text(help="As the customer said it.")
    attachment_ids = fields.Many2many(
        comodel_name="ir.attachment",
        string="Original",
        help="The mail, the chat record, the signed scan. It is kept.",
    )

    def action_record(self):
        """Keep the answer with its proof.

        :raise UserError: without the original of a reply in writing
        """
        self.ensure_one()
        document = self.list_id
        document.check_access("write")
        answers = self.env["sale.requirement.answer"]
        files = answers._read_files(self.attachment_ids)
        if not files and (self.kind == "confirm" or self.way != "phone"):
            raise UserError(
                self.env._(
                    "Attach the original: the mail, the chat record or the signed scan."
                )
            )
        # sudo: no group writes answers; who may write the list was checked
        document.sudo()._answer(
            self.kind,
            self.name,
            self.way,
            self.version,
            words=self.words,
            said_on=self.said_on,
            files=files,
        )
        return True
