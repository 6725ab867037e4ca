from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL

STATES = [
    ("draft", "Draft"),
    ("submitted", "Submitted"),
    ("accepted", "Accepted"),
    ("returned", "Returned"),
    ("withdrawn", "Withdrawn"),
]


class ChannelDemand(models.Model):
    """A demand or an order a channel partner passes on (SPEC L2).

    The partner writes it in the portal; he has no access to the model itself. Prices
    are no part of it: they come from the price system when it becomes an order.
    """

    _name = "channel.demand"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _description = "Channel Demand"
    _order = "id desc"
    _check_company_auto = True

    #: written by methods only, whoever asks
    _system_fields = frozenset(
        {
            "decided_by_id",
            "decided_on",
            "name",
            "order_id",
            "request_key",
            "return_reason",
            "revision",
            "state",
            "submitted_by_id",
            "submitted_on",
        }
    )
    #: while these last, the partner's words may change
    _editable_states = ("draft", "returned")

    # identity
    name = fields.Char(string="Number", readonly=True, copy=False, default="/")
    kind = fields.Selection(
        selection=[("demand", "Demand"), ("order", "Order")],
        default="demand",
        required=True,
        help="A demand asks what is possible; an order is meant to be carried out.",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        compute="_compute_company_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        help="The company the order is made in: the partner's, or a branch of it.",
    )
    # parties
    channel_partner_id = fields.Many2one(
        comodel_name="channel.partner",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain=[("state", "in", ("active", "rectification"))],
    )
    partner_id = fields.Many2one(
        related="channel_partner_id.partner_id", store=True, index=True
    )
    user_id = fields.Many2one(
        related="channel_partner_id.user_id",
        string="Responsible Salesperson",
        store=True,
        index=True,
    )
    sale_region_id = fields.Many2one(
        related="channel_partner_id.sale_region_id", string="Region", store=True
    )
    end_customer_name = fields.Char(string="End Customer")
    end_customer_contact = fields.Char(string="Contact of the End Customer")
    end_customer_phone = fields.Char(string="Phone of the End Customer")
    end_customer_place = fields.Char(string="Place")
    # what
    partner_reference = fields.Char(string="Partner's Reference")
    date_wanted = fields.Date(string="Wanted On")
    remark = fields.Text(string="Remarks of the Partner")
    line_ids = fields.One2many(
        comodel_name="channel.demand.line", inverse_name="demand_id", copy=True
    )
    # state
    state = fields.Selection(
        selection=STATES,
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    submitted_on = fields.Datetime(readonly=True, copy=False)
    submitted_by_id = fields.Many2one(
        comodel_name="res.users", readonly=True, copy=False
    )
    decided_on = fields.Datetime(readonly=True, copy=False)
    decided_by_id = fields.Many2one(comodel_name="res.users", readonly=True, copy=False)
    return_reason = fields.Text(
        string="Reason of the Return", readonly=True, copy=False
    )
    order_id = fields.Many2one(
        comodel_name="sale.order",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    request_key = fields.Char(readonly=True, copy=False)
    revision = fields.Integer(readonly=True, copy=False)

    _order_uniq = models.UniqueIndex(
        "(order_id) WHERE order_id IS NOT NULL",
        "This order belongs to another demand already.",
    )
    _request_uniq = models.UniqueIndex(
        "(channel_partner_id, request_key) WHERE request_key IS NOT NULL",
        "This form was sent already.",
    )

    @api.depends("channel_partner_id")
    def _compute_company_id(self):
        for demand in self:
            root = demand.channel_partner_id.company_id
            # sudo: branches need not be allowed
            if demand.company_id.sudo().root_id != root:
                own = self.env.company
                # sudo: as above
                demand.company_id = own if own.sudo().root_id == root else root

    @api.constrains("channel_partner_id", "company_id")
    def _check_company_is_partners(self):
        for demand in self.sudo():  # sudo: branches need not be allowed
            if demand.company_id.root_id != demand.channel_partner_id.company_id:
                raise ValidationError(
                    self.env._(
                        "%(partner)s is no channel partner of %(company)s.",
                        partner=demand.partner_id.display_name,
                        company=demand.company_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """EXTENDS: a new demand is a draft, whatever defaults or callers say."""
        return super().create([self._prepare_new(vals) for vals in vals_list])

    @api.model
    def _prepare_new(self, vals):
        clean = {n: v for n, v in vals.items() if n not in self._system_fields}
        # sudo: only the next number
        sequences_sudo = self.env["ir.sequence"].sudo()
        return {
            **clean,
            **dict.fromkeys(self._system_fields, False),
            "state": "draft",
            "revision": 0,
            "name": sequences_sudo.next_by_code("channel.demand") or "/",
        }

    def write(self, vals):
        """Refuse what only the system writes, and changes of what was sent in.

        :raise AccessError: naming the field
        :raise UserError: when the demand is not being written any more
        """
        for name in self._system_fields.intersection(vals):
            raise AccessError(
                self.env._(
                    "%(field)s of a demand is kept by the system.",
                    field=self._fields[name]._description_string(self.env),
                )
            )
        if self._is_content(vals):
            self._check_editable()
        return super().write(vals)

    @api.model
    def _is_content(self, vals):
        """Tell whether these values are the partner's words."""
        content = {
            "kind",
            "channel_partner_id",
            "company_id",
            "partner_reference",
            "date_wanted",
            "remark",
        }
        return any(n in content or n.startswith("end_customer") for n in vals)

    def _check_editable(self):
        for demand in self:
            if demand.state not in self._editable_states:
                raise UserError(
                    self.env._(
                        "%(demand)s was sent in and stays as it is. Return it to the "
                        "partner if something has to change.",
                        demand=demand.name,
                    )
                )

    @api.ondelete(at_uninstall=True)
    def _unlink_except_sent(self):
        if any(demand.state != "draft" or demand.submitted_on for demand in self):
            raise UserError(
                self.env._("Demands that were sent in are kept. Withdraw it instead.")
            )

    def _write_system(self, vals):
        # sudo: states are moved by those who may, as the methods have checked
        return super(ChannelDemand, self.sudo()).write(vals)

    def _bump(self):
        """Write the demand's row first, so that rivals are rerun (DESIGN 3)."""
        self.flush_recordset()
        self.env.execute_query(
            SQL(
                "UPDATE channel_demand SET revision = COALESCE(revision, 0) + 1"
                " WHERE id = ANY(%s) RETURNING id",
                sorted(self.ids),
            )
        )
        self.invalidate_recordset(flush=False)
