from odoo import models
from odoo.tools import formatLang


class SaleOrderChange(models.Model):
    _inherit = "sale.order.change"

    def _get_topics(self):
        """EXTENDS 'sale_order_change': purchasing looks at the plan, too."""
        return {**super()._get_topics(), "purchasing": "plan"}

    def _get_fact_text(self, code, values):
        """EXTENDS 'sale_order_change': what is bought, and what becomes of it."""
        if code != "purchase":
            return super()._get_fact_text(code, values)
        words = self._word_purchase(values)
        if values["left"] is None:
            return self.env._(
                "%(product)s: %(order)s, %(vendor)s (%(state)s), bought %(bought)s "
                "%(unit)s, received %(received)s",
                **words,
            )
        return self.env._(
            "%(product)s: %(order)s, %(vendor)s (%(state)s), %(bought)s → %(left)s "
            "%(unit)s with this change",
            **words,
        )

    def _word_purchase(self, values):
        """Return the values of a purchase as the reader writes them."""
        states = self.env["purchase.order"]._fields["state"]
        words = dict(states._description_selection(self.env))
        return {
            **values,
            "state": words.get(values["state"], values["state"]),
            **{
                name: formatLang(self.env, values[name] or 0.0, dp="Product Unit")
                for name in ("bought", "received", "left")
            },
        }

    def _approval_finding_text(self, code, values):
        """EXTENDS 'document_approval'."""
        if code == "purchase_stays":
            return self.env._(
                "%(order)s, %(vendor)s (%(state)s), stays as it is: bought %(bought)s "
                "%(unit)s, received %(received)s. Agree on less with the vendor",
                **self._word_purchase(values),
            )
        return super()._approval_finding_text(code, values)
