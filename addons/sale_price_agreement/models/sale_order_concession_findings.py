from odoo import api, models


class SaleOrder(models.Model):
    """What reviewers learn of concessions, and what is kept of them (SPEC C2, B4)."""

    _inherit = "sale.order"

    def _approval_findings(self):
        """EXTENDS 'document_approval': a concession that does not match."""
        findings = super()._approval_findings()
        # sudo: the facts about an order are the same whoever asks for them
        for order in self.sudo():
            lines = order._concession_get_lines()
            if not lines or order.state == "sale":
                continue
            problems = self.env["sale.price.concession"]._get_order_problems(
                order, lines, {}, False
            )
            findings[order.id] += [
                order._approval_make_finding(
                    code,
                    "sales",
                    "block",
                    line=line,
                    line_label=line._policy_get_label(),
                    **values,
                )
                for line, found in problems.items()
                for code, values in found
            ]
            findings[order.id] += order._concession_hints(lines)
        return findings

    def _concession_hints(self, lines):
        """Return findings on what is planned elsewhere, and on long validity."""
        self.ensure_one()
        found = []
        concessions = lines.price_concession_id
        planned = concessions._get_planned(except_orders=self)
        used = concessions._get_used()
        for concession in concessions:
            own = [concession._get_demand(line) for line in lines]
            quantity = sum(
                demand[0]
                for line, demand in zip(lines, own, strict=True)
                if line.price_concession_id == concession
            )
            others = planned[concession.id][0]
            left = concession.max_quantity - used[concession.id][0]
            if concession.max_quantity and others and quantity + others > left:
                found.append(
                    self._approval_make_finding(
                        "pc_planned",
                        "sales",
                        "info",
                        name=concession.name,
                        allowed=left,
                        actual=others,
                        unit=concession.uom_id.name or "",
                    )
                )
            if self.validity_date and self.validity_date > concession.date_to:
                found.append(
                    self._approval_make_finding(
                        "pc_validity",
                        "sales",
                        "review",
                        name=concession.name,
                        to=str(concession.date_to),
                        validity=str(self.validity_date),
                    )
                )
        return found

    @api.model
    def _approval_finding_text(self, code, values):
        """EXTENDS 'document_approval'."""
        if code.startswith("pc_"):
            return self.env["sale.price.concession"]._get_hint_text(code, values)
        return super()._approval_finding_text(code, values)

    # What was approved -----------------------------------------------------------

    def _approval_line_values(self, line):
        """EXTENDS 'document_approval': the concession, where one is used.

        Left out elsewhere: what was approved before stays what it was.
        """
        values = super()._approval_line_values(line)
        if line.price_concession_id:
            values["price_concession_id"] = line.price_concession_id.id
        return values

    @api.model
    def _approval_extra_line_fields(self):
        """EXTENDS 'document_approval'."""
        return (*super()._approval_extra_line_fields(), "price_concession_id")

    def _approval_header_values(self):
        """EXTENDS 'document_approval': how long the concession is promised."""
        values = super()._approval_header_values()
        if self._concession_get_lines():
            values["validity_date"] = self._approval_raw_value(self, "validity_date")
        return values

    @api.model
    def _approval_relevant_fields(self):
        """EXTENDS 'document_approval'."""
        return super()._approval_relevant_fields() | {"validity_date"}
