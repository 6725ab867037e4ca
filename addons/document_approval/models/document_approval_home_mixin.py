from odoo import models


class DocumentApprovalHomeMixin(models.AbstractModel):
    """Set-up that nobody moves to where he may not write (SPEC B1).

    Odoo holds records against the rules of a user before they are written. A record
    of one's own company could be moved to another company by that, and with it the
    say in who reviews there.
    """

    _name = "document.approval.home.mixin"
    _description = "Set-Up That Stays at Home"

    #: fields that say to what a record belongs
    _home_fields = frozenset({"company_id"})

    def write(self, vals):
        """Hold the records against the rules afterwards too, when they were moved."""
        result = super().write(vals)
        if self._home_fields.intersection(vals):
            self.check_access("write")
        return result
