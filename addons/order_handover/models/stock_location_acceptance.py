from odoo import models
from odoo.exceptions import UserError


class StockLocation(models.Model):
    """待签收 stays what it is: turned into something else, goods would be delivered."""

    _inherit = "stock.location"

    def _handover_is_waiting(self):
        """Tell whether goods in this location wait for a customer's acceptance."""
        self.ensure_one()
        # sudo: which location it is, whoever moves goods
        location_sudo = self.sudo()
        waiting = location_sudo.company_id.handover_acceptance_location_id
        return bool(waiting) and location_sudo._child_of(waiting)

    def write(self, vals):
        """EXTENDS 'stock'.

        :raise UserError: when 待签收 would become another kind of place
        """
        for name in {"usage", "company_id", "active", "location_id"} & vals.keys():
            for location in self:
                value = self._fields[name].convert_to_write(location[name], location)
                if value != vals[name] and location._handover_is_waiting():
                    raise UserError(
                        self.env._(
                            "%(location)s holds goods that customers have not accepted "
                            "yet. It has to stay as it is.",
                            location=location.display_name,
                        )
                    )
        return super().write(vals)
