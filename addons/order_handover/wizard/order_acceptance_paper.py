import base64
import binascii

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class OrderAcceptancePaper(models.TransientModel):
    """Enter what the customer signed on paper, with the scan (SPEC I1)."""

    _name = "order.acceptance.paper"
    _description = "Enter a Signed Acceptance Slip"

    acceptance_id = fields.Many2one(
        comodel_name="order.acceptance", required=True, ondelete="cascade"
    )
    signed_by = fields.Char(required=True, help="Who signed for the customer.")
    filename = fields.Char()
    content = fields.Binary(
        string="Signed Paper",
        required=True,
        attachment=False,
        help="PDF or picture; kept as it is, it cannot be replaced afterwards.",
    )
    line_ids = fields.One2many(
        comodel_name="order.acceptance.paper.line",
        inverse_name="paper_id",
        string="Lines",
    )

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        slip = self.env["order.acceptance"].browse(values.get("acceptance_id") or ())
        if slip.exists() and "line_ids" in fields:
            slip.check_access("read")
            values["line_ids"] = [
                Command.create({"line_id": line.id})
                for line in slip.line_ids
                if line.quantity
            ]
        return values

    def action_sign(self):
        """Sign the slip as the paper says.

        :raise UserError: when file or quantities do not fit, or it is signed already
        """
        self.ensure_one()
        slip = self.acceptance_id
        slip.check_access("read")
        try:
            content = base64.b64decode(self.content or b"")
        except (binascii.Error, ValueError) as error:
            raise UserError(self.env._("Upload the signed paper.")) from error
        answers = {
            line.line_id.id: {
                "rejected": line.rejected_qty,
                "remark": line.remark or "",
            }
            for line in self.line_ids
            if line.rejected_qty
        }
        slip._sign_on_paper(
            self.signed_by, self.filename or f"{slip.name}.pdf", content, answers
        )
        return {"type": "ir.actions.act_window_close"}


class OrderAcceptancePaperLine(models.TransientModel):
    """What the customer rejected of one line, as on the paper."""

    _name = "order.acceptance.paper.line"
    _description = "Line of a Signed Acceptance Slip"

    paper_id = fields.Many2one(
        comodel_name="order.acceptance.paper", required=True, ondelete="cascade"
    )
    line_id = fields.Many2one(
        comodel_name="order.acceptance.line", required=True, ondelete="cascade"
    )
    name = fields.Text(related="line_id.name", related_sudo=False)
    lot_id = fields.Many2one(related="line_id.lot_id", related_sudo=False)
    quantity = fields.Float(related="line_id.quantity", related_sudo=False)
    product_uom_id = fields.Many2one(
        related="line_id.product_uom_id", related_sudo=False
    )
    rejected_qty = fields.Float(string="Rejected", digits="Product Unit")
    remark = fields.Text(string="To Be Put Right")
