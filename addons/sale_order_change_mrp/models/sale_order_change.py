from odoo import models
from odoo.tools import formatLang


class SaleOrderChange(models.Model):
    _inherit = "sale.order.change"

    def _get_fact_text(self, code, values):
        """EXTENDS 'sale_order_change': what is made, and what becomes of it."""
        if code != "production":
            return super()._get_fact_text(code, values)
        words = self._word_production(values)
        if values["left"] is None:
            return self.env._(
                "%(product)s: %(order)s (%(state)s), %(quantity)s %(unit)s, made "
                "%(made)s",
                **words,
            )
        return self.env._(
            "%(product)s: %(order)s (%(state)s), %(quantity)s → %(left)s %(unit)s with "
            "this change",
            **words,
        )

    def _word_production(self, values):
        """Return the values of a production order as the reader writes them."""
        states = self.env["mrp.production"]._fields["state"]
        words = dict(states._description_selection(self.env))
        return {
            **values,
            "state": words.get(values["state"], values["state"]),
            **{
                name: formatLang(self.env, values[name] or 0.0, dp="Product Unit")
                for name in ("quantity", "made", "left")
            },
        }

    def _approval_finding_text(self, code, values):
        """EXTENDS 'document_approval'."""
        if code == "production_stays":
            return self.env._(
                "%(order)s (%(state)s), %(quantity)s %(unit)s, made %(made)s, goes on "
                "as it is: more is made than is needed",
                **self._word_production(values),
            )
        return super()._approval_finding_text(code, values)
