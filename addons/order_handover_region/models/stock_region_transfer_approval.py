from odoo import api, models


class StockRegionTransfer(models.Model):
    """Who agrees to a regional transfer, and what he is told (SPEC B4, B8, G3)."""

    _inherit = "stock.region.transfer"

    def _approval_findings(self):
        """EXTENDS 'document_approval': what the donor would be left with."""
        findings = super()._approval_findings()
        # sudo: the same facts whoever submits
        for company, transfers in self.sudo().grouped("company_id").items():
            lines = transfers.line_ids
            facts = self.env["stock.region.facts"]._get(
                company, lines.product_id, transfers.from_warehouse_id
            )
            for transfer in transfers:
                findings[transfer.id] += transfer._get_stock_findings(facts)
        return findings

    def _get_stock_findings(self, facts):
        """Return what reviewers should know of the donor's stock."""
        self.ensure_one()
        company = self.company_id
        window = max(1, company.region_transfer_window_days)
        result = []
        if not self.line_ids:
            result.append(
                self._approval_make_finding("transfer_empty", "operations", "block")
            )
        for product, lines in self.line_ids.grouped("product_id").items():
            fact = facts.get((product.id, self.from_warehouse_id.id))
            wanted = sum(lines.mapped("product_qty"))
            free = max(0.0, fact.on_hand - fact.demand) if fact else 0.0
            values = {
                "warehouse": self.from_warehouse_id.name,
                "wanted": wanted,
                "free": free,
                "unit": product.uom_id.name,
                "sold": fact.sold if fact else 0.0,
                "window": window,
                "keep_days": company.region_transfer_keep_days,
            }
            label = {"line": lines[0], "line_label": product.display_name}
            if product.uom_id.compare(wanted, free) > 0:
                result.append(
                    self._approval_make_finding(
                        "transfer_free", "operations", "block", **label, **values
                    )
                )
                continue
            keep = max(0.0, values["sold"]) / window * values["keep_days"]
            if product.uom_id.compare(free - wanted, keep) < 0:
                result.append(
                    self._approval_make_finding(
                        "transfer_keep", "operations", "review", **label, **values
                    )
                )
        return result

    @api.model
    def _approval_finding_text(self, code, values):
        """EXTENDS 'document_approval'."""
        if code == "transfer_empty":
            return self.env._("Nothing to transfer has been entered.")
        if code not in ("transfer_free", "transfer_keep"):
            return super()._approval_finding_text(code, values)
        numbers = {
            name: f"{value:g}" if isinstance(value, float) else value
            for name, value in values.items()
        }
        if code == "transfer_free":
            return self.env._(
                "%(wanted)s wanted, but %(warehouse)s has only %(free)s %(unit)s free.",
                **numbers,
            )
        return self.env._(
            "%(wanted)s of %(free)s free %(unit)s leave %(warehouse)s with less than "
            "it sells in %(keep_days)s days (sold %(sold)s in %(window)s days).",
            **numbers,
        )

    def _approval_amounts(self):
        """EXTENDS 'document_approval': what the goods cost."""
        return {
            transfer.id: transfer.company_id.currency_id.round(
                sum(
                    line.product_qty
                    * line.product_id.with_company(transfer.company_id).standard_price
                    for line in transfer.line_ids
                )
            )
            for transfer in self
        }

    def _approval_on_approved(self):
        """EXTENDS 'document_approval': what was approved is released at once.

        Of two who approve the same goods, the second is told here what is left.
        """
        result = super()._approval_on_approved()
        self.sudo()._release()  # sudo: the last reviewer need not plan transfers
        return result

    @api.depends("name", "from_warehouse_id", "to_warehouse_id")
    def _compute_display_name(self):
        for transfer in self:
            ends = (transfer.from_warehouse_id.name, transfer.to_warehouse_id.name)
            way = " → ".join(name for name in ends if name)
            number = transfer.name if transfer.name != "/" else self.env._("Transfer")
            transfer.display_name = f"{number} ({way})" if way else number
