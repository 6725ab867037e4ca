from odoo import api, models
from odoo.exceptions import AccessError


class StockRegionKept(models.AbstractModel):
    """Records of which people write some fields, and the system keeps the rest.

    Odoo lets anybody who may write a record write its stored computed fields and its
    state as well; here nobody's call reaches those, elevated or not.
    """

    _name = "stock.region.kept"
    _description = "Record the System Keeps"

    @api.model
    def _get_open_fields(self):
        """Return the names of the fields people write. Made to be extended."""
        return set()

    @api.model
    def _kept_refuse(self, vals_list):
        """Refuse values for what the system keeps.

        :raise AccessError: naming the field
        """
        allowed = self._get_open_fields()
        for vals in vals_list:
            for name in vals.keys() - allowed:
                if name in self._fields:
                    raise AccessError(
                        self.env._(
                            "%(field)s of %(document)s is kept by the system.",
                            field=self._fields[name]._description_string(self.env),
                            document=self.env["ir.model"]._get(self._name).name,
                        )
                    )

    @api.model
    def default_get(self, fields):
        """Give nobody's own default to what the system keeps."""
        allowed = self._get_open_fields()
        kept = [name for name in fields if name not in allowed]
        values = super().default_get([name for name in fields if name in allowed])
        values = {name: value for name, value in values.items() if name in allowed}
        for name in kept:
            field = self._fields.get(name)
            if field is not None and field.default:
                values[name] = field.default(self)
        return values
