from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class ChannelPartner(models.Model):
    """What a channel partner may place, and of which products (SPEC L2)."""

    _inherit = "channel.partner"
    _check_company_domain = models.check_company_domain_parent_of

    #: states in which the partner reads his pages, and those in which he places
    _reading_states = ("active", "rectification", "terminated")
    _placing_states = ("active", "rectification")

    demand_ids = fields.One2many(
        comodel_name="channel.demand",
        inverse_name="channel_partner_id",
        string="Demands",
    )
    demand_open_count = fields.Integer(
        string="Open Demands", compute="_compute_demand_open_count"
    )
    demand_direct = fields.Selection(
        selection=[
            ("company", "As set for the company"),
            ("yes", "Become quotations at once"),
            ("no", "Are accepted by us first"),
        ],
        string="Orders From the Portal",
        default="company",
        required=True,
        tracking=True,
        help="At once: an order that names products only becomes a quotation when it "
        "is sent in. Confirming it always takes our own approval.",
    )
    demand_products = fields.Selection(
        selection=[
            ("all", "All products that are sold"),
            ("pricelist", "Products of the price system"),
        ],
        string="May Order",
        default="all",
        required=True,
        tracking=True,
        help="Products of the price system: those the pricelist has a price for, by "
        "product, variant or category.",
    )
    demand_revision = fields.Integer(readonly=True, copy=False)

    def _compute_demand_open_count(self):
        counts = dict(
            self.env["channel.demand"]._read_group(
                [("channel_partner_id", "in", self.ids), ("state", "=", "submitted")],
                groupby=["channel_partner_id"],
                aggregates=["__count"],
            )
        )
        for channel in self:
            channel.demand_open_count = counts.get(channel, 0)

    def write(self, vals):
        """EXTENDS: the revision is the system's."""
        vals = {name: vals[name] for name in vals if name != "demand_revision"}
        return super().write(vals)

    def _channel_bump(self):
        """Write the partner's row first, so that repeated requests are rerun."""
        self.flush_recordset()
        self.env.execute_query(
            SQL(
                "UPDATE channel_partner"
                " SET demand_revision = COALESCE(demand_revision, 0) + 1"
                " WHERE id = ANY(%s) RETURNING id",
                sorted(self.ids),
            )
        )
        self.invalidate_recordset(flush=False)

    def _channel_get_refusal(self):
        """Return in words why this partner cannot place anything now, or ``""``."""
        self.ensure_one()
        if self.state not in self._placing_states or not self.active:
            return self.env._(
                "Your partnership has ended. You can look at everything, but place "
                "nothing new. Please call us if this surprises you."
            )
        needs_agreement = self.company_id._channel_get_setting(
            "channel_demand_agreement"
        )
        if needs_agreement and not self.agreement_id:
            return self.env._(
                "There is no agreement in force. Please call your contact person to "
                "renew it; then you can place demands and orders again."
            )
        return ""

    def _channel_is_direct(self):
        """Tell whether orders of this partner become quotations at once."""
        self.ensure_one()
        if self.demand_direct == "company":
            return self.company_id._channel_get_setting("channel_demand_direct")
        return self.demand_direct == "yes"

    # Products ----------------------------------------------------------------------

    def _channel_product_domain(self):
        """Return the domain of the products this partner may order; call as sudo.

        Hook. What is sold, in this company; with "Products of the price system" what
        the pricelist has a price for.
        """
        self.ensure_one()
        products = self.env["product.product"]
        domain = Domain("sale_ok", "=", True) & Domain("type", "!=", "combo")
        domain &= Domain(products._check_company_domain(self.company_id))
        if self.demand_products == "pricelist":
            domain &= self._channel_pricelist_domain()
        return domain

    def _channel_pricelist_domain(self):
        """Return the products the pricelist has a price for, as a domain."""
        items = self.pricelist_id.item_ids
        if not items:
            return Domain.FALSE
        if any(item.applied_on == "3_global" for item in items):
            return Domain.TRUE
        by_kind = items.grouped("applied_on")
        none = items.browse()
        return (
            Domain("id", "in", by_kind.get("0_product_variant", none).product_id.ids)
            | Domain(
                "product_tmpl_id",
                "in",
                by_kind.get("1_product", none).product_tmpl_id.ids,
            )
            | Domain(
                "categ_id",
                "child_of",
                by_kind.get("2_product_category", none).categ_id.ids,
            )
        )

    def _channel_search_products(self, domain, limit=None):
        """Return the partner's products of ``domain``, as sudo."""
        self.ensure_one()
        # sudo: partners read no products; these are the ones they may order
        products_sudo = self.env["product.product"].sudo()
        products_sudo = products_sudo.with_company(self.company_id)
        return products_sudo.search(
            Domain(domain) & self.sudo()._channel_product_domain(), limit=limit
        )

    def _channel_find_products(self, text, limit=20):
        """Return the products whose name or number contains ``text``, as sudo."""
        text = (text or "").strip()[:100]
        if not text:
            return self.env["product.product"]
        domain = (
            Domain("name", "ilike", text)
            | Domain("default_code", "ilike", text)
            | Domain("barcode", "=", text)
        )
        return self._channel_search_products(domain, limit=limit)

    # The portal --------------------------------------------------------------------

    def _channel_of_user(self, user, company):
        """Return the file of the partner this portal user works for, as sudo.

        :param user: only portal users are partners; staff and visitors are not
        :return: nothing for candidates, who have no pages yet
        """
        files_sudo = self.sudo().browse()  # sudo: partners read no files
        if not user.share or user._is_public():
            return files_sudo
        files_sudo = self._channel_get(company, user.partner_id)
        return files_sudo.filtered(lambda file: file.state in self._reading_states)

    def action_open_demands(self):
        """Show the partner's demands."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "channel_rebate.channel_demand_action"
        )
        return {
            **action,
            "domain": [("channel_partner_id", "=", self.id)],
            "context": {"default_channel_partner_id": self.id},
        }
