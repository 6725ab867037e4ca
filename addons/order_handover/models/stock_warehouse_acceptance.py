from odoo import api, fields, models
from odoo.fields import Command


class StockWarehouse(models.Model):
    """A warehouse's own operation type and rule for acceptance."""

    _inherit = "stock.warehouse"

    handover_acceptance_type_id = fields.Many2one(
        comodel_name="stock.picking.type",
        string="Acceptance Type",
        readonly=True,
        copy=False,
        check_company=True,
    )

    @api.model_create_multi
    def create(self, vals_list):
        warehouses = super().create(vals_list)
        warehouses.filtered(
            lambda w: w.company_id.handover_acceptance_location_id
        ).sudo()._handover_prepare_acceptance()  # sudo: companies and routes
        return warehouses

    def _handover_prepare_acceptance(self):
        """Lead from 待签收 on to the customer, for warehouses that do not yet.

        The rule names its warehouse, else Odoo would count what was shipped twice;
        returns go by the warehouse's receipts, else they would land in 待签收.
        """
        for warehouse in self.filtered(lambda w: not w.handover_acceptance_type_id):
            company = warehouse.company_id
            warehouse = warehouse.with_company(company)
            location = company.handover_acceptance_location_id
            route = company.handover_acceptance_route_id
            customers, _suppliers = warehouse._get_partner_locations()
            name = self.env._("Acceptance")
            picking_type = warehouse.env["stock.picking.type"].create(
                {
                    "name": name,
                    "code": "outgoing",
                    "sequence_code": "ACC",
                    "company_id": company.id,
                    "warehouse_id": warehouse.id,
                    "default_location_src_id": location.id,
                    "default_location_dest_id": customers.id,
                    "reservation_method": "at_confirm",
                    "return_picking_type_id": warehouse.in_type_id.id,
                    "use_create_lots": False,
                    "use_existing_lots": True,
                    "print_label": False,
                    "sequence": 90,
                }
            )
            warehouse.env["stock.rule"].create(
                {
                    "name": f"{warehouse.code}: {location.name} → {customers.name}",
                    "action": "push",
                    "auto": "manual",
                    "route_id": route.id,
                    "company_id": company.id,
                    "warehouse_id": warehouse.id,
                    "picking_type_id": picking_type.id,
                    "location_src_id": location.id,
                    "location_dest_id": customers.id,
                }
            )
            warehouse.handover_acceptance_type_id = picking_type
            route.warehouse_ids = [Command.link(warehouse.id)]
