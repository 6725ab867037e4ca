from odoo import models
from odoo.exceptions import AccessError, UserError


class SaleOrderLetterAnswer(models.Model):
    """An objection leads to a change of the order (SPEC L3, J1)."""

    _inherit = "sale.order.letter.answer"

    def action_request_change(self):
        """Ask for the change that settles the objection; its words are the reason.

        :raise AccessError: for who may not write the order
        :raise UserError: when nobody objects any more
        """
        self.ensure_one()
        self.check_access("read")
        self.order_id.check_access("write")
        if not self.env.user._is_internal():
            raise AccessError(self.env._("Customers ask on the page of the order."))
        if not self.is_current or self.state != "objected":
            raise UserError(self.env._("There is no objection to settle any more."))
        action = self.order_id.action_request_change()
        return {
            **action,
            "context": {**action["context"], "default_reason": self._get_objection()},
        }

    def _get_objection(self):
        """Return what the customer objects to, line by line."""
        self.ensure_one()
        said = [self.words] if self.words else []
        said += [f"{line.name}: {line.words}" for line in self.line_ids]
        return self.env._(
            "%(name)s objects to the confirmation letter, version %(version)s: "
            "%(words)s",
            name=self.answered_name,
            version=self.version,
            words="\n".join(said),
        )
