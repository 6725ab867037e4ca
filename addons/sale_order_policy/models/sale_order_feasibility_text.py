from datetime import date

from odoo import api, models
from odoo.exceptions import MissingError
from odoo.tools import format_date, formatLang

#: so many dates of arrival are named before the last one
MOST_ARRIVALS = 3


class SaleOrderFeasibilityReport(models.AbstractModel):
    """Says findings about delivery dates in the reader's words, dates and numbers."""

    _inherit = "sale.order.feasibility.report"

    @api.model
    def _get_text(self, code, values):
        """Return a finding in words, or nothing for a code of somebody else."""
        makers = {
            "delivery_past": self._get_past_text,
            "delivery_lead": self._get_lead_text,
            "delivery_ordered": self._get_ordered_text,
            "delivery_order_by": self._get_order_by_text,
            "delivery_overdue": self._get_overdue_text,
            "delivery_short": self._get_short_text,
        }
        if code not in makers:
            return ""
        text = makers[code](values)
        if not values.get("part"):
            return text
        return self.env._(
            "part %(product)s: %(text)s", product=self._get_part_name(values), text=text
        )

    @api.model
    def _get_part_name(self, values):
        # sudo: only the name, of a part of what is on an order the reader may see
        product_sudo = self.env["product.product"].sudo().browse(values["part_id"])
        try:
            return product_sudo.display_name
        except MissingError:
            return values["part"]

    @api.model
    def _get_past_text(self, values):
        return self.env._(
            "the delivery date %(date)s is over", date=self._show_day(values["date"])
        )

    @api.model
    def _get_lead_text(self, values):
        return self.env._(
            "lead time %(days)s days: %(date)s at the earliest",
            days=self._show_number(values["days"]),
            date=self._show_day(values["earliest"]),
        )

    @api.model
    def _get_ordered_text(self, values):
        return self.env._(
            "bought or made for this order, which takes %(days)s days: %(date)s at "
            "the earliest",
            days=self._show_number(values["days"]),
            date=self._show_day(values["earliest"]),
        )

    @api.model
    def _get_order_by_text(self, values):
        return self.env._(
            "%(quantity)s must be ordered by %(date)s",
            quantity=self._show_quantity(values, "short"),
            date=self._show_day(values["order_by"]),
        )

    @api.model
    def _get_overdue_text(self, values):
        return self.env._(
            "%(quantity)s of %(wanted)s depend on a receipt that is overdue",
            quantity=self._show_number(values["overdue"]),
            wanted=self._show_quantity(values, "wanted"),
        )

    @api.model
    def _get_short_text(self, values):
        """Return how many are short, and when they come."""
        text = self.env._(
            "%(short)s of %(wanted)s short on %(date)s",
            short=self._show_number(values["short"]),
            wanted=self._show_quantity(values, "wanted"),
            date=self._show_day(values["date"]),
        )
        if values.get("kits") is not None and values.get("part"):
            kits = {"unit": values["kit_unit"], "unit_id": values["kit_unit_id"]}
            text = self.env._(
                "%(text)s, enough for %(kits)s of %(wanted)s",
                text=text,
                kits=self._show_number(values["kits"]),
                wanted=self._show_quantity(
                    {**kits, "wanted": values["kits_wanted"]}, "wanted"
                ),
            )
        comings = self._get_coming_texts(values)
        if comings:
            text = self.env._(
                "%(text)s: %(comings)s",
                text=text,
                comings=self.env._(", ").join(comings),
            )
        for remark in self._get_remark_texts(values):
            text = self.env._("%(text)s (%(remark)s)", text=text, remark=remark)
        return text

    @api.model
    def _get_coming_texts(self, values):
        """Return in words, piece by piece, when the missing pieces come."""
        arrivals = values["arrivals"]
        texts = [
            self.env._(
                "%(quantity)s come %(date)s",
                quantity=self._show_number(quantity),
                date=self._show_day(day),
            )
            for day, quantity in arrivals[:MOST_ARRIVALS]
        ]
        if values["uncovered"]:
            if not arrivals:
                texts.append(self.env._("nothing is on its way"))
            else:
                texts.append(
                    self.env._(
                        "%(quantity)s are not on their way",
                        quantity=self._show_number(values["uncovered"]),
                    )
                )
            if values["lead_days"] is not None:
                texts.append(
                    self._get_lead_text({**values, "days": values["lead_days"]})
                )
        elif arrivals:
            if len(arrivals) <= MOST_ARRIVALS:
                texts.pop()
            texts.append(
                self.env._("all by %(date)s", date=self._show_day(arrivals[-1][0]))
            )
        return texts

    @api.model
    def _get_remark_texts(self, values):
        """Return what else has to be known about the missing pieces."""
        texts = []
        if values.get("tentative"):
            texts.append(
                self.env._(
                    "%(quantity)s of them go to orders still in review",
                    quantity=self._show_number(values["tentative"]),
                )
            )
        if values.get("overdue"):
            texts.append(
                self.env._(
                    "%(quantity)s of the others depend on an overdue receipt",
                    quantity=self._show_number(values["overdue"]),
                )
            )
        return texts

    @api.model
    def _show_day(self, value):
        return format_date(self.env, date.fromisoformat(value))

    @api.model
    def _show_number(self, value):
        """Return a number without needless decimals."""
        digits = self.env["sale.order.feasibility"]._get_digits()
        return formatLang(
            self.env, value, digits=0 if float(value).is_integer() else digits
        )

    @api.model
    def _show_quantity(self, values, key):
        unit = self.env["sale.order.price.check"]._get_unit(values)
        return self.env._(
            "%(quantity)s %(unit)s",
            quantity=self._show_number(values[key]),
            unit=unit,
        )
