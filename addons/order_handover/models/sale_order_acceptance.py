from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_list
from odoo.tools.sql import column_exists, create_column


class SaleOrder(models.Model):
    """Whether the customer signs for what is delivered (SPEC I1, G4)."""

    _inherit = "sale.order"

    handover_requires_acceptance = fields.Boolean(
        string="Requires Acceptance",
        compute="_compute_handover_requires_acceptance",
        store=True,
        precompute=True,
        copy=False,
        help="Deliveries count as delivered when the customer has signed for them. "
        "Follows from customer and order type; fixed once the order is confirmed.",
    )
    handover_acceptance_ids = fields.One2many(
        comodel_name="order.acceptance",
        inverse_name="order_id",
        string="Acceptance Slips",
        readonly=True,
    )
    handover_acceptance_count = fields.Integer(
        string="Slips", compute="_compute_handover_acceptance_count"
    )

    def _auto_init(self):
        # existing orders require nothing: no need to compute them one by one
        if not column_exists(self.env.cr, "sale_order", "handover_requires_acceptance"):
            create_column(
                self.env.cr, "sale_order", "handover_requires_acceptance", "bool"
            )
        return super()._auto_init()

    @api.depends("partner_id", "policy_type_id")
    def _compute_handover_requires_acceptance(self):
        for order in self:
            if order._origin and order.state == "sale":
                order.handover_requires_acceptance = order.handover_requires_acceptance
            else:
                order.handover_requires_acceptance = order._handover_decide()

    @api.depends("handover_acceptance_ids")
    def _compute_handover_acceptance_count(self):
        counts = dict(
            self.env["order.acceptance"]._read_group(
                [("order_id", "in", self.ids)], ["order_id"], ["__count"]
            )
        )
        for order in self:
            order.handover_acceptance_count = counts.get(order._origin, 0)

    def _handover_decide(self):
        """Tell whether an order like this requires acceptance. Made to be extended.

        Goods for another company of the database are accepted by its receipt.
        """
        self.ensure_one()
        # sudo: set by administrators, counts whoever sells
        order_sudo = self.sudo()
        customer = order_sudo.partner_id.commercial_partner_id
        place = order_sudo.partner_shipping_id.with_company(
            order_sudo.company_id
        ).property_stock_customer
        if (
            place
            and place.usage != "customer"
            and order_sudo.env["res.company"].search_count(
                [("partner_id", "=", customer.id)], limit=1
            )
        ):
            return False
        if customer.handover_acceptance:
            return customer.handover_acceptance == "always"
        return order_sudo.policy_type_id.handover_requires_acceptance

    @api.model
    def _handover_decide_again(self, domain):
        """Decide anew for the quotations of ``domain``."""
        quotations = self.search(
            Domain(domain) & Domain("state", "in", ("draft", "sent"))
        )
        self.env.add_to_compute(
            self._fields["handover_requires_acceptance"], quotations
        )

    def _handover_freeze(self):
        """Fix at confirmation whether acceptance is required."""
        for order in self:
            decided = order._handover_decide()
            if decided != order.handover_requires_acceptance:
                order._handover_set_required(decided)

    def _handover_bump(self):
        """Write the row all who make slips of this order write (DESIGN 3)."""
        self.env.flush_all()
        self.env.execute_query(
            SQL(
                "UPDATE sale_order SET write_date = write_date"
                " WHERE id = %s RETURNING id",
                self.id,
            )
        )

    def _handover_set_required(self, required):
        return super().write({"handover_requires_acceptance": required})

    # Kept by the system ----------------------------------------------------------

    @api.model
    def default_get(self, fields):
        """EXTENDS: a default somebody set decides nothing here."""
        values = super().default_get(fields)
        values.pop("handover_requires_acceptance", None)
        return values

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._handover_refuse(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._handover_refuse(vals)
        if vals.get("state") != "sale":
            return super().write(vals)
        confirmed = self.filtered(lambda order: order.state != "sale")
        result = super().write(vals)
        confirmed._handover_freeze()
        return result

    @api.model
    def _handover_refuse(self, vals):
        """Refuse to say by hand what follows from customer and order type."""
        if "handover_requires_acceptance" in vals:
            raise AccessError(
                self.env._(
                    "Whether an order requires acceptance follows from its customer "
                    "and its type."
                )
            )

    # Hooks ------------------------------------------------------------------------

    def _handover_redirect(self, destination):
        """Return where goods of this order have to wait instead of ``destination``.

        :return: 待签收, or nothing where the destination is right
        """
        locations = self.env["stock.location"]
        if len(self) != 1 or not self.handover_requires_acceptance:
            return locations
        if not destination or destination.usage != "customer":
            return locations
        return self.company_id._handover_get_acceptance_location()

    def _policy_may_be_parked(self):
        """EXTENDS 'sale_order_policy': what cannot be accepted cannot be confirmed."""
        return super()._policy_may_be_parked() or self.handover_requires_acceptance

    def _action_cancel(self):
        """EXTENDS 'sale': not while goods are at the customer's.

        :raise UserError: naming the slips
        """
        # sudo: slips of orders the user may cancel
        waiting = self.sudo().handover_acceptance_ids.filtered(
            lambda slip: slip.kind == "goods" and slip.state == "waiting"
        )
        if waiting:
            raise UserError(
                self.env._(
                    "Goods of %(order)s are at the customer's and wait for acceptance "
                    "(%(slips)s). Let the customer accept or reject them, or take them "
                    "back by a return, then cancel.",
                    order=waiting[0].order_id.name,
                    slips=format_list(self.env, waiting.mapped("name")),
                )
            )
        result = super()._action_cancel()
        # sudo: as above, services nobody has to accept any more
        self.sudo().handover_acceptance_ids.filtered(
            lambda slip: slip.state == "waiting"
        )._cancel_system()
        return result

    def action_handover_acceptances(self):
        """Open the acceptance slips of this order."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "order_handover.order_acceptance_action"
        )
        action["domain"] = [("order_id", "=", self.id)]
        action["context"] = {}
        slips = self.handover_acceptance_ids
        if len(slips) == 1:
            action["res_id"] = slips.id
            action["views"] = [(False, "form")]
        return action
