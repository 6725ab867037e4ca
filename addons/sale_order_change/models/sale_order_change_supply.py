from odoo import models

from ..supply import STAYS


class SaleOrderChange(models.Model):
    """What hangs on the order: purchases and production behind its lines (SPEC J2)."""

    _inherit = "sale.order.change"

    def _get_facts(self):
        """EXTENDS: the plan knows where the goods of the lines concerned come from."""
        facts = super()._get_facts()
        for _line, supply in self._get_supplies():
            fact = (supply.code, supply.values)
            if fact not in facts["plan"]:
                facts["plan"].append(fact)
        return facts

    def _get_supplies(self):
        """Return [(line of the order, supply)] of the lines this request concerns."""
        return [
            (line, supply)
            for line, less in self._get_lessened().items()
            for supply in line._change_get_supplies(less)
        ]

    def _get_lessened(self):
        """Return ``{line of the order: how much less of it is needed}``.

        Of all lines that are changed; 0 where it is as much or more.
        """
        self.ensure_one()
        change_sudo = self.sudo()  # sudo: the same facts whoever asks
        if self.kind == "cancel":
            return {
                line: max(
                    line.product_uom_qty - line._change_get_moved()["shipped"], 0.0
                )
                for line in change_sudo.order_id._change_get_lines()
            }
        return {
            line.order_line_id: max(line.old_quantity - line.quantity, 0.0)
            for line in change_sudo.line_ids
            if line.order_line_id and line._is_changed()
        }

    def _approval_findings(self):
        """EXTENDS 'document_approval': what stays although less of it is needed."""
        findings = super()._approval_findings()
        for change in self:
            findings[change.id] += [
                change._approval_make_finding(
                    f"{supply.code}_stays",
                    supply.department,
                    "review",
                    line_label=line.product_id.display_name,
                    **supply.values,
                )
                for line, supply in change._get_supplies()
                if supply.fate == STAYS
            ]
        return findings


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _change_get_supplies(self, less=0.0):
        """Return what hangs on this line: a list of ``supply.Supply``.

        Hook: purchases and production orders are added by who knows of them.

        :param float less: how much less is needed, in the unit of the line
        """
        self.ensure_one()
        return []
