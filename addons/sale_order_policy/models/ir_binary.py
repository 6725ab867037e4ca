from odoo import models


class IrBinary(models.AbstractModel):
    _inherit = "ir.binary"

    def _find_record(
        self,
        xmlid=None,
        res_model="ir.attachment",
        res_id=None,
        access_token=None,
        field=None,
    ):
        """EXTENDS 'base': no token and no flag opens an internal original (SPEC A3).

        :raise AccessError: to whoever may not read the order as one of the staff
        """
        record = super()._find_record(xmlid, res_model, res_id, access_token, field)
        if record._name == "ir.attachment" and record.sudo()._policy_get_internal():
            record.with_user(self.env.user).check_access("read")
        return record
