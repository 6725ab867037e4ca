from odoo import models
from odoo.exceptions import AccessError

_COMPUTED = frozenset({"amount_residual", "amount_residual_currency", "reconciled"})


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    #: the few entries reset to draft that kept reconciliations: what they took from
    #: posted entries is looked up for every exposure
    _credit_draft_idx = models.Index(
        "(id) WHERE parent_state = 'draft' AND matching_number IS NOT NULL"
    )

    def write(self, vals):
        """EXTENDS 'account': nobody enters what is left to pay.

        :raise AccessError: naming the field
        """
        for name in _COMPUTED.intersection(vals):
            raise AccessError(
                self.env._(
                    "%(field)s is computed and cannot be written.",
                    field=self._fields[name]._description_string(self.env),
                )
            )
        return super().write(vals)
