from odoo import fields, models


class SaleOrderOriginalReplace(models.TransientModel):
    """Puts a newer file in the place of an original, with a reason (SPEC A3)."""

    _name = "sale.order.original.replace"
    _description = "Replace an Original"

    original_id = fields.Many2one(
        comodel_name="sale.order.original",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    old_name = fields.Char(
        string="Replaced File", related="original_id.name", related_sudo=False
    )
    file = fields.Binary(string="New File", required=True, attachment=False)
    file_name = fields.Char(string="Name of the New File")
    reason = fields.Char(required=True)

    def action_replace(self):
        """Replace as the user.

        :raise AccessError, UserError: as for new originals, and without a reason
        """
        self.ensure_one()
        original = self.original_id
        content = original._decode(
            self.file_name, self.with_context(bin_size=False).file
        )
        original._replace(self.file_name or original.name, content, self.reason)
        return {"type": "ir.actions.act_window_close"}
