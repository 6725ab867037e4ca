from odoo import api, fields, models
from odoo.fields import Command


class SalePriceRevisionSheet(models.TransientModel):
    """The sheet of finance (cost) or marketing (market) (SPEC C3)."""

    _name = "sale.price.revision.sheet"
    _description = "Sheet of a Price Revision"

    revision_id = fields.Many2one(
        comodel_name="sale.price.revision", required=True, ondelete="cascade"
    )
    kind = fields.Selection(
        selection=[("cost", "Cost"), ("market", "Market")], required=True
    )
    statement = fields.Text(required=True)
    line_ids = fields.One2many(
        comodel_name="sale.price.revision.sheet.line", inverse_name="sheet_id"
    )

    @api.model
    def default_get(self, fields):
        """Begin with what was stated before."""
        values = super().default_get(fields)
        revision = self.env["sale.price.revision"].browse(values.get("revision_id"))
        if revision:
            revision.check_access("read")
            kind = values.get("kind")
            is_cost = kind == "cost"
            values["statement"] = revision[f"{kind}_statement"]
            values["line_ids"] = [
                Command.create(
                    {
                        "line_id": line.id,
                        "figure": line.stated_cost if is_cost else line.market_price,
                    }
                )
                for line in revision.line_ids
            ]
        return values

    def action_save(self):
        """Keep it on the revision, which checks who may."""
        for sheet in self:
            sheet.revision_id.action_state(
                sheet.kind,
                sheet.statement,
                {line.line_id.id: line.figure for line in sheet.line_ids},
            )
        return {"type": "ir.actions.act_window_close"}
