from odoo import models
from odoo.tools import format_date, format_datetime

from ..progress import local_day

#: icon of a step by its state
_ICONS = {
    "done": "fa-check",
    "current": "fa-circle",
    "late": "fa-exclamation",
    "waiting": "fa-circle-o",
    "skipped": "fa-minus",
}


class SaleOrder(models.Model):
    """How the timeline is shown, to staff and in the portal (SPEC F5)."""

    _inherit = "sale.order"

    def _handover_lines_of(self, steps):
        """Return the order's lines in detail from its steps."""
        return next((s["lines"] for s in steps if s["code"] == "complete"), [])

    def _handover_timeline_values(self, steps, is_staff=False, user=None):
        """Return what the template of the timeline needs to show the steps.

        Days are those of the reader, else of the company.

        :param user: the reader, where another one asks for him
        """
        self.ensure_one()
        user = user or self.env.user
        zone = (not user._is_public() and user.tz) or self.company_id._handover_zone()
        return {
            "steps": steps,
            "step_states": self._handover_state_names(),
            "step_icons": _ICONS,
            "order_lines": self._handover_lines_of(steps),
            "is_staff": is_staff,
            "day": lambda moment: format_date(self.env, local_day(moment, zone)),
            "moment": lambda moment: format_datetime(
                self.env, moment, tz=zone, dt_format="medium"
            ),
            "number": lambda value: f"{value:,.2f}".rstrip("0").rstrip("."),
        }

    def _handover_state_names(self):
        """Return {state of a step: what it is called}."""
        return {
            "done": self.env._("Done"),
            "current": self.env._("In progress"),
            "late": self.env._("Late"),
            "waiting": self.env._("To come"),
            "skipped": self.env._("Dropped"),
        }

    def _handover_portal_bar(self):
        """Return the steps for the small bar on the order's portal page, or nothing."""
        self.ensure_one()
        if not (
            self.company_id.handover_progress_portal
            and self._handover_progress_was_confirmed()
        ):
            return []
        steps = self._handover_get_public_progress()[self.id]
        return [step for step in steps if step["code"] != "return"]
