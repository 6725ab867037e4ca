from odoo import models


class SaleOrderChange(models.Model):
    """A change is held against the price limits as an order is (SPEC C1, B4)."""

    _inherit = "sale.order.change"

    def _approval_findings(self):
        """EXTENDS 'document_approval': discounts and floor prices, as for orders."""
        findings = super()._approval_findings()
        for change in self.sudo():  # sudo: the same facts whoever asks
            if change.kind == "change" and change.order_id:
                findings[change.id] += change._get_price_findings()
        return findings

    def _get_price_findings(self):
        """Return what the price check finds on the order as it would be.

        Without what it finds on the order as it is: that was agreed to, as long as
        not more is sold so.
        """
        self.ensure_one()
        company = self.order_id.company_id
        checks = self.env["sale.order.price.check"].with_company(company)
        before = self._check_prices(checks, self.order_id.order_line)
        lines = self._imagine_lines()
        findings = []
        for line, found in self._check_prices(checks, lines).items():
            present = line._origin
            known = before.get(present) or []
            if present and line.product_uom_qty <= present.product_uom_qty:
                found = [one for one in found if not self._is_known(one, known)]
            findings += [self._adopt_finding(one, line, lines[line]) for one in found]
        return findings

    def _check_prices(self, checks, lines):
        lines = self.env["sale.order.line"].concat(*lines)
        return checks._check_lines(
            lines.filtered(lambda line: line._policy_has_list_price())
        )

    def _is_known(self, finding, known):
        return any(
            (finding["code"], finding["values"]) == (one["code"], one["values"])
            for one in known
        )

    def _adopt_finding(self, finding, line, asked):
        return self._approval_make_finding(
            finding["code"],
            finding["department"],
            finding["severity"],
            line=asked,
            line_label=line.product_id.display_name,
            **finding["values"],
        )

    def _imagine_lines(self):
        """Return the lines as they would be, of an order that is never saved.

        :return: ``{line: line of this request, if it has one}``
        """
        order = self.order_id
        asked_for = {line.order_line_id: line for line in self.line_ids}
        imagined = order.new(origin=order)
        lines = {}
        for line in imagined.order_line:
            asked = asked_for.get(line._origin)
            values = {"order_id": imagined}
            if asked and asked._is_changed():
                values |= asked._prepare_imagined()
            # past the ORM: it would compute anew what the line was agreed to with
            line._update_cache(values, validate=False)
            lines[line] = asked
        imagined.order_line._compute_amount()
        for asked in self.line_ids:
            if not asked.order_line_id and asked._is_changed():
                line = line.new({"order_id": imagined, **asked._prepare_new(order)})
                lines[line] = asked
        return lines

    def _approval_finding_text(self, code, values):
        """EXTENDS 'document_approval': in the words of the price check."""
        return self.env["sale.order.price.check"]._get_text(
            code, values
        ) or super()._approval_finding_text(code, values)


class SaleOrderChangeLine(models.Model):
    _inherit = "sale.order.change.line"

    def _prepare_imagined(self):
        """Return what differs on the imagined line, by the names it has there."""
        self.ensure_one()
        return {
            "product_uom_qty": self.quantity,
            "price_unit": self.price_unit,
            "discount": self.discount,
        }
