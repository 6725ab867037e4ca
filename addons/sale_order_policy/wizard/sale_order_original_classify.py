from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class SaleOrderOriginalClassify(models.TransientModel):
    """Makes files that are in the order's history its originals (SPEC A3)."""

    _name = "sale.order.original.classify"
    _description = "Classify Files of an Order"

    order_id = fields.Many2one(
        comodel_name="sale.order", required=True, readonly=True, ondelete="cascade"
    )
    line_ids = fields.One2many(
        comodel_name="sale.order.original.classify.line",
        inverse_name="wizard_id",
        string="Files",
    )

    @api.model
    def default_get(self, fields):
        """Offer the files of the order that are no originals yet, the newest first."""
        values = super().default_get(fields)
        if "line_ids" in fields and values.get("order_id"):
            order = self.env["sale.order"].browse(values["order_id"])
            order.check_access("write")
            values["line_ids"] = [
                Command.create({"attachment_id": file.id, "kind_id": False})
                for file in order._policy_get_unclassified_files()
            ]
        return values

    def action_classify(self):
        """Make originals of the files that were given a kind.

        :raise UserError: when none was, or as for new originals
        """
        self.ensure_one()
        chosen = self.line_ids.filtered("kind_id")
        if not chosen:
            raise UserError(
                self.env._("Say what a file is to make it an original of the order.")
            )
        self.env["sale.order.original"].create(
            [
                {
                    "order_id": self.order_id.id,
                    "attachment_id": line.attachment_id.id,
                    "kind_id": line.kind_id.id,
                }
                for line in chosen
            ]
        )
        return {"type": "ir.actions.act_window_close"}


class SaleOrderOriginalClassifyLine(models.TransientModel):
    """One file of the order that is no original yet."""

    _name = "sale.order.original.classify.line"
    _description = "File to Classify"

    wizard_id = fields.Many2one(
        comodel_name="sale.order.original.classify", required=True, ondelete="cascade"
    )
    attachment_id = fields.Many2one(
        comodel_name="ir.attachment", string="File", required=True, ondelete="cascade"
    )
    name = fields.Char(
        string="File Name", related="attachment_id.name", related_sudo=False
    )
    mimetype = fields.Char(related="attachment_id.mimetype", related_sudo=False)
    size = fields.Integer(related="attachment_id.file_size", related_sudo=False)
    date = fields.Datetime(
        string="Attached On", related="attachment_id.create_date", related_sudo=False
    )
    kind_id = fields.Many2one(comodel_name="sale.original.kind", string="This Is")
