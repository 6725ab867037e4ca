from odoo import models


class CustomerCreditAccount(models.Model):
    """What the customer himself may see of his account: no grade, no notes."""

    _inherit = "customer.credit.account"

    def _prepare_portal_values(self):
        """Return plain data for the portal page; company currency, taxes included.

        Called with elevated rights for the customer's own account only.
        """
        self.ensure_one()
        figures = self._get_figures()[self.id]
        limited = self.mode == "limited"
        used = max(figures.exposure, 0.0)
        scale = max(figures.limit, used) or 1.0
        return {
            "currency": self.currency_id,
            "customer": self.partner_id.display_name,
            "mode": self.mode,
            "is_limited": limited,
            "limit": figures.limit,
            "used": used,
            "available": max(figures.headroom, 0.0),
            "over": max(used - figures.limit, 0.0) if limited else 0.0,
            "receivable": figures.receivable,
            "ordered": figures.ordered,
            "paid": figures.online,
            "extra": figures.extra,
            "overdue": figures.overdue,
            "bar_width": round(min(used, figures.limit) / scale * 100, 2),
            "over_width": round(max(used - figures.limit, 0.0) / scale * 100, 2),
            "is_near": used >= figures.limit * self._get_near_percent() / 100,
            "items": self._prepare_portal_items(),
        }

    def _prepare_portal_items(self):
        """Return the customer's open items, due first, as plain data."""
        today = self._get_today(self.company_id)
        rows = self.env["customer.credit.exposure"]._get_items(
            self.company_id, self.partner_id, "receivable"
        )
        lines = self.env["account.move.line"].browse([row[0] for row in rows])
        items = [
            {
                "name": line.move_name,
                "date": line.date,
                "due": due,
                "amount": amount,
                "is_overdue": amount > 0 and due < today,
                "url": f"/my/invoices/{line.move_id.id}"
                if line.move_id.is_sale_document()
                else False,
            }
            for line, (_id, amount, due) in zip(lines, rows, strict=True)
        ]
        return sorted(items, key=lambda item: (item["amount"] < 0, item["due"]))
