from odoo import fields, models


class SaleOriginalKind(models.Model):
    """What an original of an order is: contract, e-mail, chat record (SPEC A3)."""

    _name = "sale.original.kind"
    _description = "Kind of Original"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True,
        help="A short word for imports and interfaces; also kept with each approval.",
    )
    sequence = fields.Integer(
        default=10, help="The first kind is what a new file is taken for."
    )
    active = fields.Boolean(default=True)
    is_internal = fields.Boolean(
        string="Internal",
        default=True,
        help="New originals of this kind are kept from customers on the portal. Each "
        "original can be set differently.",
    )

    _code_uniq = models.UniqueIndex(
        "(lower(code))", "Another kind of original has this code already."
    )

    def _get_default(self):
        """Return the kind a file is taken for when nobody says otherwise."""
        return self.search([], limit=1)
