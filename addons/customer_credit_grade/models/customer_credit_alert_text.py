from odoo import api, models
from odoo.tools import format_date

from .customer_credit_event import KINDS


class CustomerCreditAlert(models.Model):
    """What an alert says, made for its reader from what was kept (SPEC D5)."""

    _inherit = "customer.credit.alert"

    @api.depends("trigger", "figures", "company_id")
    @api.depends_context("lang")
    def _compute_text(self):
        for alert in self:
            makers = {
                "near": alert._text_near,
                "over": alert._text_over,
                "overdue": alert._text_overdue,
                "downgrade": alert._text_downgrade,
                "event": alert._text_event,
                "expiring": alert._text_expiring,
            }
            make = makers.get(alert.trigger)
            alert.text = make(alert.figures or {}) if make else False

    def _format(self, amount):
        # sudo: the currency of whoever is told need not be readable
        return self.sudo().currency_id.format(amount or 0.0)

    def _text_near(self, figures):
        return self.env._(
            "%(used)s %% of the limit is used: %(exposure)s of %(limit)s.",
            used=f"{figures.get('used') or 0:.0f}",
            exposure=self._format(figures.get("exposure")),
            limit=self._format(figures.get("limit")),
        )

    def _text_over(self, figures):
        if figures.get("group"):
            return self.env._(
                "The group %(group)s exceeds its limit by %(over)s.",
                group=figures["group"],
                over=self._format(figures.get("over")),
            )
        return self.env._(
            "The limit is exceeded by %(over)s: %(exposure)s of %(limit)s.",
            over=self._format(figures.get("over")),
            exposure=self._format(figures.get("exposure")),
            limit=self._format(figures.get("limit")),
        )

    def _text_overdue(self, figures):
        return self.env._(
            "%(amount)s overdue, the oldest for %(days)s days; tolerated %(tolerated)s "
            "days.",
            amount=self._format(figures.get("amount")),
            days=figures.get("days"),
            tolerated=figures.get("tolerated"),
        )

    def _text_downgrade(self, figures):
        # sudo: the grade may have been archived or removed meanwhile
        grades_sudo = self.env["customer.credit.grade"].sudo()
        old, new = (
            grades_sudo.browse(figures.get(name)).exists().name
            or figures.get(f"{name}_code")
            or "–"
            for name in ("old", "new")
        )
        return self.env._("Downgraded from %(old)s to %(new)s.", old=old, new=new)

    def _text_event(self, figures):
        kinds = self.env["customer.credit.event"]._fields["kind"]
        labels = dict(kinds._description_selection(self.env))
        return self.env._(
            "%(kind)s: %(words)s",
            kind=labels.get(figures.get("kind"), dict(KINDS)["other"]),
            words=figures.get("words") or "",
        )

    def _text_expiring(self, figures):
        kinds = self.env["customer.credit.entitlement"]._fields["kind"]
        labels = dict(kinds._description_selection(self.env))
        values = {
            "amount": self._format(figures.get("amount")),
            "date": format_date(self.env, figures.get("date")),
        }
        if (figures.get("count") or 1) > 1:
            return self.env._(
                "%(count)s guarantees or limits of %(amount)s in all end, the first on "
                "%(date)s.",
                count=figures["count"],
                **values,
            )
        return self.env._(
            "%(kind)s of %(amount)s ends on %(date)s.",
            kind=labels.get(figures.get("kind"), ""),
            **values,
        )

    @api.depends("stops", "prepayment", "demands_guarantee")
    @api.depends_context("lang")
    def _compute_measures_text(self):
        stops = {
            "orders": self.env._("no new orders"),
            "shipping": self.env._("no shipments"),
            "both": self.env._("no new orders, no shipments"),
        }
        for alert in self:
            parts = [stops.get(alert.stops)]
            if alert.prepayment:
                parts.append(
                    self.env._(
                        "prepayment of %(share)s %%", share=f"{alert.prepayment:g}"
                    )
                )
            if alert.demands_guarantee:
                parts.append(self.env._("guarantee demanded"))
            alert.measures_text = ", ".join(part for part in parts if part)
