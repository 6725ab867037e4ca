from odoo import fields, models


class SalePriceRevisionSheetLine(models.TransientModel):
    """A price on the sheet of a department (SPEC C3)."""

    _name = "sale.price.revision.sheet.line"
    _description = "Price on a Sheet"

    sheet_id = fields.Many2one(
        comodel_name="sale.price.revision.sheet", required=True, ondelete="cascade"
    )
    line_id = fields.Many2one(
        comodel_name="sale.price.revision.line", required=True, ondelete="cascade"
    )
    old_price = fields.Float(related="line_id.old_price", digits="Product Price")
    new_price = fields.Float(related="line_id.new_price", digits="Product Price")
    figure = fields.Float(digits="Product Price")
