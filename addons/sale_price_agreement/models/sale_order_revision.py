from odoo import api, fields, models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    """Open quotations show what a price revision changed (SPEC C3)."""

    _inherit = "sale.order"

    price_effect_ids = fields.One2many(
        comodel_name="sale.price.revision.effect",
        inverse_name="order_id",
        string="Revised Prices",
        domain=[("is_taken", "=", False)],
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    price_is_revised = fields.Boolean(
        compute="_compute_price_is_revised",
        search="_search_price_is_revised",
        groups="base.group_user",
    )
    price_revised_promise = fields.Boolean(
        compute="_compute_price_is_revised",
        groups="base.group_user",
        help="The quotation was sent before and keeps its prices until it ends.",
    )

    @api.depends("price_effect_ids", "state", "validity_date", "price_promise")
    def _compute_price_is_revised(self):
        for order in self:
            # sudo: whoever sees the order sees that
            effects_sudo = order.sudo().price_effect_ids
            is_open = order.state in ("draft", "sent")
            order.price_is_revised = bool(effects_sudo) and is_open
            order.price_revised_promise = is_open and any(
                effect._is_promised() for effect in effects_sudo
            )

    @api.model
    def _search_price_is_revised(self, operator, value):
        if operator != "in":
            return NotImplemented
        # sudo: only which orders; rules on orders hold as ever
        effects_sudo = self.env["sale.price.revision.effect"].sudo()
        ids = effects_sudo._search([("is_taken", "=", False)]).subselect("order_id")
        return [
            ("id", "in" if True in value else "not in", ids),
            ("state", "in", ("draft", "sent")),
        ]

    def action_take_revised_prices(self):
        """Take the prices in force into these drafts, where a revision changed them.

        :raise UserError: for what was sent or confirmed already
        """
        self.check_access("write")
        for order in self:
            if order.state != "draft":
                raise UserError(
                    self.env._(
                        "%(order)s was sent: it keeps its prices until its validity "
                        "date. Set it back to draft to take the new ones.",
                        order=order.name,
                    )
                )
            # sudo: which lines; the lines are written with the user's rights
            effects_sudo = order.sudo().price_effect_ids
            lines = order.order_line & effects_sudo.line_id.with_env(order.env)
            order.date_order = fields.Datetime.now()
            lines.invalidate_recordset(["pricelist_item_id"])
            lines.with_context(force_price_recomputation=True)._compute_price_unit()
            lines.discount = 0.0
            lines._compute_discount()
            effects_sudo._take()
            order.invalidate_recordset(["price_effect_ids"])
