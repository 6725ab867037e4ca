from odoo import api, models


class SaleOrderCompleteness(models.AbstractModel):
    """Finds the originals an order lacks, each kind by its name (SPEC A2)."""

    _inherit = "sale.order.completeness"

    @api.model
    def _get_header_checks(self, order):
        """EXTENDS 'sale_order_policy': that there is any original."""
        current = order.policy_original_ids.filtered(lambda o: not o.replaced_by_id)
        return {
            **super()._get_header_checks(order),
            "require_original": ("policy_original_ids", bool(current)),
        }

    @api.model
    def _check_header(self, order):
        """EXTENDS 'sale_order_policy': one finding per kind that is missing."""
        current = order.policy_original_ids.filtered(lambda o: not o.replaced_by_id)
        missing = order.policy_type_id.required_original_kind_ids - current.kind_id
        return super()._check_header(order) + [
            self._make(order, "original", kind_id=kind.id, kind=kind.name)
            for kind in missing.sorted()
        ]

    @api.model
    def _get_text(self, values):
        """EXTENDS 'sale_order_policy'."""
        if values.get("problem") != "original":
            return super()._get_text(values)
        # sudo: only the name; as it was then, if the kind is gone
        kind_sudo = self.env["sale.original.kind"].sudo().browse(values["kind_id"])
        name = kind_sudo.exists().name or values["kind"]
        return self.env._("An original of kind %(kind)s is missing", kind=name)

    @api.model
    def _get_missing_text(self, field):
        """EXTENDS 'sale_order_policy'."""
        if field == "policy_original_ids":
            return self.env._(
                "An original is missing: attach the order as it came in writing"
            )
        return super()._get_missing_text(field)
