from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

#: what Odoo itself or an administrator may not turn round once it is used
_KEPT = frozenset({"handover_acceptance_location_id", "handover_acceptance_route_id"})


class ResCompany(models.Model):
    """Where shipped goods wait for the customer's acceptance (SPEC I1, G4; DESIGN 6).

    Nothing is made before the first order that requires acceptance needs it, so that
    installing changes no warehouse.
    """

    _inherit = "res.company"

    handover_acceptance_location_id = fields.Many2one(
        comodel_name="stock.location",
        string="Awaiting Acceptance",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="Goods that were shipped and not accepted yet. They still belong to you.",
    )
    handover_acceptance_route_id = fields.Many2one(
        comodel_name="stock.route",
        string="Route of Acceptance",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    handover_acceptance_mail = fields.Boolean(
        string="Mail Acceptance Slips",
        help="The customer gets a mail with a link as soon as the goods have left.",
    )
    handover_acceptance_reminder_days = fields.Integer(
        string="Remind of Acceptance After (Days)",
        help="The customer is reminded once, so many days after the goods have left. "
        "0: never.",
    )
    handover_acceptance_default_days = fields.Integer(
        string="Accepted by Default After (Days)",
        help="What nobody has answered so many days after the goods have left counts "
        "as accepted. Say so in your terms. 0: never.",
    )

    _handover_acceptance_days = models.Constraint(
        "CHECK (COALESCE(handover_acceptance_reminder_days, 0) >= 0"
        " AND COALESCE(handover_acceptance_default_days, 0) >= 0)",
        "Days of acceptance cannot be negative.",
    )

    def write(self, vals):
        for name in _KEPT.intersection(vals):
            if any(c[name] and c[name].id != vals[name] for c in self):
                raise UserError(
                    self.env._(
                        "%(field)s of %(company)s is in use and cannot be another one.",
                        field=self._fields[name]._description_string(self.env),
                        company=self[:1].name,
                    )
                )
        return super().write(vals)

    def _handover_get_acceptance_location(self):
        """Return where goods of this company wait; made when it is first needed.

        With it come the operation types, the route and its rules, one per warehouse.
        """
        self.ensure_one()
        # sudo: whoever confirms an order need not be able to set up warehouses
        company_sudo = self.sudo()
        if not company_sudo.handover_acceptance_location_id:
            company_sudo._handover_make_acceptance()
        return company_sudo.handover_acceptance_location_id

    def _handover_make_acceptance(self):
        """Make location and route, once: of two at a time, the second is run again."""
        self.ensure_one()
        self.env.flush_all()
        self.env.execute_query(
            SQL(
                "UPDATE res_company SET write_date = write_date"
                " WHERE id = %s RETURNING id",
                self.id,
            )
        )
        company = self.with_company(self).with_context(
            lang=self.partner_id.lang or self.env.user.lang
        )
        parent = self.env.ref(
            "stock.stock_location_locations", raise_if_not_found=False
        )
        location = company.env["stock.location"].create(
            {
                "name": company.env._("Awaiting Acceptance"),
                "usage": "transit",
                "location_id": parent.id if parent else False,
                "company_id": self.id,
            }
        )
        route = company.env["stock.route"].create(
            {
                "name": company.env._("Acceptance by the customer"),
                "company_id": self.id,
                "product_selectable": False,
                "warehouse_selectable": True,
                "sequence": 5,
            }
        )
        self.write(
            {
                "handover_acceptance_location_id": location.id,
                "handover_acceptance_route_id": route.id,
            }
        )
        warehouses = company.env["stock.warehouse"].with_context(active_test=False)
        warehouses.search([("company_id", "=", self.id)])._handover_prepare_acceptance()
