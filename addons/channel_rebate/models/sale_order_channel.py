from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.sql import column_exists, create_column


class SaleOrder(models.Model):
    """Through whom an order came, and for whom it is (SPEC L2, F5)."""

    _inherit = "sale.order"

    channel_partner_id = fields.Many2one(
        comodel_name="channel.partner",
        string="Channel Partner",
        compute="_compute_channel_partner_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        tracking=True,
        check_company=True,
        ondelete="restrict",
        groups="base.group_user",
        help="Whoever brought the order. Usually the customer, when he is a channel "
        "partner; another one for the order of an end customer.",
    )
    channel_end_customer = fields.Char(string="End Customer")
    channel_end_contact = fields.Char(string="Contact of the End Customer")
    channel_end_phone = fields.Char(string="Phone of the End Customer")
    channel_end_place = fields.Char(string="Place of the End Customer")
    channel_demand_ids = fields.One2many(
        comodel_name="channel.demand",
        inverse_name="order_id",
        readonly=True,
        groups="base.group_user",
    )
    channel_demand_id = fields.Many2one(
        comodel_name="channel.demand",
        string="Demand",
        compute="_compute_channel_demand_id",
        groups="base.group_user",
        help="What the channel partner sent in, and the order was made of.",
    )

    def _auto_init(self):
        """EXTENDS: existing orders keep no channel partner; none is looked for."""
        if not column_exists(self.env.cr, "sale_order", "channel_partner_id"):
            create_column(self.env.cr, "sale_order", "channel_partner_id", "int4")
        return super()._auto_init()

    @api.depends("partner_id", "company_id")
    def _compute_channel_partner_id(self):
        """Name the customer's own file; whoever enters the order may name another."""
        files = self.env["channel.partner"]
        for company, orders in self.grouped("company_id").items():
            by_customer = files._channel_get(company, orders.partner_id).grouped(
                "partner_id"
            )
            for order in orders:
                # sudo: whether the customer is a partner, whoever asks
                customer_sudo = order.partner_id.sudo().commercial_partner_id
                own_sudo = by_customer.get(customer_sudo, files)
                order.channel_partner_id = own_sudo.filtered(
                    lambda file: file.active and file.state in file._placing_states
                )[:1].id

    @api.depends("channel_demand_ids")
    def _compute_channel_demand_id(self):
        for order in self:
            order.channel_demand_id = order.channel_demand_ids[:1]

    @api.ondelete(at_uninstall=True)
    def _unlink_except_channel_demand(self):
        # sudo: demands of others count as well
        if demands_sudo := self.sudo().channel_demand_ids:
            raise UserError(
                self.env._(
                    "%(order)s was made of %(demand)s, which a channel partner sent "
                    "in. Cancel it instead.",
                    order=demands_sudo[:1].order_id.name,
                    demand=demands_sudo[:1].name,
                )
            )
