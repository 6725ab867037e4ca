from odoo import api, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @property
    def _approval_material_fields(self):
        """The pick-up point becomes the delivery address on confirmation."""
        return (*super()._approval_material_fields, "pickup_location_data")

    def _approval_header_values(self):
        """EXTENDS 'document_approval'.

        Odoo makes an address of the pick-up point when the order is confirmed: that
        is the address it was approved for, as long as it is that very point.
        """
        values = super()._approval_header_values()
        address = self.partner_shipping_id
        if self.pickup_location_data and self._policy_is_pickup_point(address):
            values["partner_shipping_id"] = address.parent_id.id
        return values

    def _policy_is_pickup_point(self, address):
        """Tell whether Odoo made ``address`` of the order's pick-up point."""
        point = self.pickup_location_data
        return bool(
            address.parent_id
            and address.type == "delivery"
            and (address.street or "") == (point.get("street") or "")
            and (address.city or "") == (point.get("city") or "")
            and (address.country_id.code or "") == (point.get("country_code") or "")
        )

    @api.model
    def _approval_extra_line_fields(self):
        """EXTENDS 'document_approval'."""
        return (*super()._approval_extra_line_fields(), "is_delivery")

    @api.model
    def _approval_show(self, model, key, value):
        """EXTENDS 'document_approval': the pick-up point by its name and address."""
        if key == "pickup_location_data" and isinstance(value, dict):
            parts = (value.get(part) for part in ("name", "street", "city"))
            return ", ".join(str(part) for part in parts if part)
        return super()._approval_show(model, key, value)
