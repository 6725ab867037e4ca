from odoo import api, fields, models
from odoo.exceptions import UserError

KINDS = [
    ("distributor", "Distributor"),
    ("agent", "Agent"),
    ("franchisee", "Franchisee"),
    ("retailer", "Retailer"),
    ("other", "Other"),
]
STATES = [
    ("draft", "Candidate"),
    ("active", "Active"),
    ("rectification", "Under Rectification"),
    ("terminated", "Terminated"),
]


class ChannelPartner(models.Model):
    """The file of a company that sells on for us (SPEC L1).

    One per root company and commercial partner. Price system and terms are those of
    the customer; the agreement in force says since when and until when.
    """

    _name = "channel.partner"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _description = "Channel Partner"
    _order = "partner_name, id"
    _rec_name = "partner_id"
    _rec_names_search = ["partner_id", "code"]

    #: never changed once the file is there
    _fixed_fields = frozenset({"company_id", "partner_id"})

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        domain=[("parent_id", "=", False)],
        default=lambda self: self.env.company.root_id,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Company of the Partner",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("parent_id", "=", False)],
    )
    partner_name = fields.Char(
        related="partner_id.name", string="Partner Name", store=True
    )
    code = fields.Char(string="Partner Number", copy=False, tracking=True)
    kind = fields.Selection(selection=KINDS, default="distributor", required=True)
    state = fields.Selection(
        selection=STATES, default="draft", required=True, copy=False, tracking=True
    )
    active = fields.Boolean(default=True)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Responsible Salesperson",
        compute="_compute_user_id",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        index=True,
        domain=[("share", "=", False)],
    )
    sale_region_id = fields.Many2one(
        related="partner_id.sale_region_id", string="Region", store=True, index=True
    )
    pricelist_id = fields.Many2one(
        comodel_name="product.pricelist",
        string="Price System",
        compute="_compute_terms",
        help="Pricelist of the customer.",
    )
    payment_term_id = fields.Many2one(
        comodel_name="account.payment.term",
        string="Payment Terms",
        compute="_compute_terms",
        help="Payment terms of the customer.",
    )
    contact_ids = fields.One2many(related="partner_id.child_ids", string="Contacts")
    agreement_ids = fields.One2many(
        comodel_name="channel.agreement",
        inverse_name="channel_partner_id",
        string="Agreements",
    )
    agreement_id = fields.Many2one(
        comodel_name="channel.agreement",
        string="Agreement in Force",
        compute="_compute_agreement_id",
        search="_search_agreement_id",
    )
    agreement_until = fields.Date(compute="_compute_agreement_id")
    note = fields.Html(string="Notes")

    _partner_uniq = models.UniqueIndex(
        "(company_id, partner_id)", "This customer is a channel partner already."
    )

    @api.depends("partner_id")
    def _compute_user_id(self):
        for partner in self:
            if not partner.user_id:
                partner.user_id = partner.partner_id.user_id

    @api.depends("partner_id", "company_id")
    def _compute_terms(self):
        for channel in self:
            partner = channel.partner_id.with_company(channel.company_id)
            channel.pricelist_id = partner.property_product_pricelist
            channel.payment_term_id = partner.property_payment_term_id

    @api.depends("agreement_ids.date_from", "agreement_ids.date_to")
    def _compute_agreement_id(self):
        for channel in self:
            agreement = channel.agreement_ids.filtered("is_in_force").sorted(
                "date_from"
            )[-1:]
            channel.agreement_id = agreement
            channel.agreement_until = agreement.date_to

    def _search_agreement_id(self, operator, value):
        if operator != "in" or set(value) != {False}:
            return NotImplemented
        in_force = self.env["channel.agreement"].search([("is_in_force", "=", True)])
        return [("id", "not in", in_force.channel_partner_id.ids)]

    @api.model_create_multi
    def create(self, vals_list):
        channels = super().create(vals_list)
        for channel in channels:
            customer = channel.partner_id.commercial_partner_id
            if customer != channel.partner_id:
                raise UserError(
                    self.env._(
                        "%(contact)s belongs to %(customer)s: the channel partner is "
                        "%(customer)s.",
                        contact=channel.partner_id.display_name,
                        customer=customer.display_name,
                    )
                )
        return channels

    def write(self, vals):
        for name in self._fixed_fields.intersection(vals):
            if any(channel[name].id != vals[name] for channel in self):
                raise UserError(
                    self.env._(
                        "The channel partner and its company stay as they are. Open "
                        "a new file instead."
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=True)
    def _unlink_except_used(self):
        if any(channel.state != "draft" for channel in self):
            raise UserError(
                self.env._("Channel partners are kept with their history. Archive it.")
            )

    def _channel_get_today(self):
        """Return today as a date in the time zone of the company's address."""
        return fields.Date.context_today(self)

    @api.model
    def _channel_get(self, company, partners):
        """Return the files of these customers, with elevated rights.

        :param company: any company; its root counts
        :param partners: any contacts; their commercial partners count
        """
        # sudo: it counts whoever may read customer and company
        files_sudo, company_sudo, partners_sudo = (
            records.sudo() for records in (self, company, partners)
        )
        return files_sudo.with_context(active_test=False).search(
            [
                ("company_id", "=", company_sudo.root_id.id),
                ("partner_id", "in", partners_sudo.commercial_partner_id.ids),
            ]
        )

    def action_activate(self):
        """Take the candidate on as a channel partner."""
        self.check_access("write")
        self.filtered(lambda c: c.state == "draft").write({"state": "active"})

    def action_open_orders(self):
        """Show the partner's orders."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Orders of %(partner)s", partner=self.display_name),
            "res_model": "sale.order",
            "view_mode": "list,form,pivot,graph",
            "domain": [("partner_id", "child_of", self.partner_id.id)],
            "context": {"default_partner_id": self.partner_id.id},
        }
