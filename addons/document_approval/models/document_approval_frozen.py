from odoo import api, models
from odoo.exceptions import UserError


class DocumentApprovalFrozen(models.AbstractModel):
    """What only the engine writes: rounds, seats, decisions and findings.

    No group may create, write or delete these records; the engine's methods do, with
    elevated rights but as the user. So neither that user's own defaults nor defaults
    in the context may fill what the engine did not name.
    """

    _name = "document.approval.frozen"
    _description = "Frozen Part of an Approval Round"

    @api.model
    def default_get(self, fields):
        """Return the defaults of the code, and no others (DESIGN 2)."""
        return super().default_get([]) | {
            name: self._fields[name].default(self)
            for name in fields
            if name in self._fields and self._fields[name].default
        }

    @api.ondelete(at_uninstall=True)
    def _unlink_never(self):
        raise UserError(self.env._("What belongs to an approval round is kept."))
