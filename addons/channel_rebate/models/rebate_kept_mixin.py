from odoo import api, models
from odoo.exceptions import UserError


class RebateKeptMixin(models.AbstractModel):
    """Rows the system writes past the ORM, and nobody else (DESIGN 5).

    Refused whoever asks, the superuser too: no figure may come from anywhere but the
    books.
    """

    _name = "rebate.kept.mixin"
    _description = "Kept by the Rebate Engine"

    #: fields that are written by hand all the same
    _kept_open_fields = frozenset()

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse rows made by hand."""
        self._kept_refuse()
        return super().create(vals_list)

    def write(self, vals):
        """Refuse values written by hand."""
        if not self._kept_open_fields.issuperset(vals):
            self._kept_refuse()
        return super().write(vals)

    @api.model
    def _kept_refuse(self):
        raise UserError(
            self.env._(
                "%(what)s: written by the system only, from orders, invoices and "
                "payments.",
                what=self.env["ir.model"]._get(self._name).name,
            )
        )
