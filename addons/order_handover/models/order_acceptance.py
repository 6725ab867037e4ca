from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import SQL

from .order_acceptance_line import get_code_defaults

STATES = [
    ("waiting", "Waiting for Signature"),
    ("signed", "Signed"),
    ("cancelled", "Cancelled"),
]
RESULTS = [
    ("accepted", "Accepted"),
    ("partly", "Partly Accepted"),
    ("rejected", "Rejected"),
]
WAYS = [
    ("portal", "Signed in the Portal"),
    ("paper", "Signed Paper"),
    ("default", "By Default, No Answer"),
]


class OrderAcceptance(models.Model):
    """Acceptance slip (交付验收单): what the customer accepts by signing (SPEC I1, G4).

    One per shipment into 待签收, made when it arrives there, and one per part of the
    services on site. Made and kept by the system: no group may write or delete.
    """

    _name = "order.acceptance"
    _inherit = ["portal.mixin", "mail.thread", "policy.file.keeper"]
    _description = "Acceptance Slip"
    _order = "id desc"
    _check_company_auto = True
    _mail_post_access = "read"

    # identity
    name = fields.Char(string="Number", required=True, readonly=True)
    kind = fields.Selection(
        selection=[("goods", "Goods"), ("service", "Service on Site")],
        default="goods",
        required=True,
        readonly=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True
    )
    order_id = fields.Many2one(
        comodel_name="sale.order",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    picking_id = fields.Many2one(
        comodel_name="stock.picking",
        string="Shipment",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    transfer_id = fields.Many2one(
        comodel_name="stock.picking",
        string="Transfer of Acceptance",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="Takes the goods on to the customer when the slip is signed.",
    )
    # parties
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    delivery_partner_id = fields.Many2one(
        comodel_name="res.partner", string="Delivered To", readonly=True
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Salesperson",
        related="order_id.user_id",
        store=True,
        readonly=True,
    )
    # content
    line_ids = fields.One2many(
        comodel_name="order.acceptance.line",
        inverse_name="acceptance_id",
        string="Lines",
        readonly=True,
    )
    move_ids = fields.One2many(
        comodel_name="stock.move",
        inverse_name="handover_acceptance_id",
        string="Stock Moves",
        readonly=True,
    )
    return_ids = fields.Many2many(
        comodel_name="stock.picking",
        relation="order_acceptance_return_rel",
        string="Returns",
        readonly=True,
        help="What takes the rejected goods back.",
    )
    # state
    state = fields.Selection(
        selection=STATES,
        default="waiting",
        required=True,
        readonly=True,
        index=True,
    )
    result = fields.Selection(selection=RESULTS, readonly=True, index="btree_not_null")
    date_ready = fields.Datetime(
        string="Shipped On",
        required=True,
        readonly=True,
        default=fields.Datetime.now,
    )
    days_waiting = fields.Integer(compute="_compute_days_waiting")
    # signature
    way = fields.Selection(selection=WAYS, string="How", readonly=True)
    signed_by = fields.Char(readonly=True)
    signed_on = fields.Datetime(readonly=True)
    signed_from = fields.Char(
        string="IP Address", readonly=True, help="Where the customer signed from."
    )
    signature = fields.Image(
        readonly=True, attachment=True, max_width=1024, max_height=1024
    )
    paper_id = fields.Many2one(
        comodel_name="ir.attachment",
        string="Signed Paper",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    sha256 = fields.Char(string="SHA-256 of the Paper", readonly=True)
    decided_by_id = fields.Many2one(
        comodel_name="res.users", string="Entered By", readonly=True
    )
    # technical
    date_mailed = fields.Datetime(string="Mailed On", readonly=True)
    date_reminded = fields.Datetime(string="Reminded On", readonly=True)
    failed_on = fields.Datetime(
        readonly=True, help="Acceptance by default failed; see the history."
    )
    revision = fields.Integer(default=0, readonly=True)
    may_sign = fields.Boolean(compute="_compute_may_sign")

    @api.model
    def default_get(self, fields):
        """Return the defaults of the code, and no others: the system makes slips."""
        return super().default_get([]) | get_code_defaults(self, fields)

    @api.depends("state", "date_ready", "signed_on")
    def _compute_days_waiting(self):
        now = fields.Datetime.now()
        for slip in self:
            end = slip.signed_on or now
            waited = slip.state != "cancelled" and slip.date_ready
            slip.days_waiting = (end - slip.date_ready).days if waited else 0

    @api.depends("state", "user_id")
    @api.depends_context("uid")
    def _compute_may_sign(self):
        for slip in self:
            slip.may_sign = slip.state == "waiting" and slip._is_keeper()

    def _compute_access_url(self):
        result = super()._compute_access_url()
        for slip in self:
            slip.access_url = f"/my/acceptances/{slip.id}"
        return result

    @api.ondelete(at_uninstall=True)
    def _unlink_except_kept(self):
        raise UserError(self.env._("Acceptance slips are kept."))

    @api.model
    def _is_keeper_of(self, order):
        """Tell whether the user may enter what customers signed for this order.

        The salesperson of the order, and order coordinators.
        """
        user = self.env.user
        # sudo: whose order it is
        return user == order.sudo().user_id or user.has_group(
            "order_handover.group_officer"
        )

    def _is_keeper(self):
        self.ensure_one()
        return self._is_keeper_of(self.sudo().order_id)  # sudo: whose order it is

    def _check_keeper(self):
        """:raise AccessError: for users who are not :meth:`_is_keeper`"""
        for slip in self:
            if not slip._is_keeper():
                self._refuse_keeper(slip.sudo().name)  # sudo: a name only

    @api.model
    def _refuse_keeper(self, name):
        raise AccessError(
            self.env._(
                "%(document)s: only the salesperson of the order or an order "
                "coordinator may do that.",
                document=name,
            )
        )

    @api.model
    def _create_for_services(self, order, quantities):
        """Make the slip for a part of an order's services. Checked by the caller.

        :param dict quantities: ``{order line: quantity}``
        """
        # sudo: slips are made by the system, the caller has checked who asks
        slip = (
            self.sudo()
            .with_context(mail_create_nolog=True, mail_create_nosubscribe=True)
            .create(
                {
                    "name": self._get_next_name(order.company_id),
                    "kind": "service",
                    "state": "waiting",
                    "company_id": order.company_id.id,
                    "order_id": order.id,
                    "partner_id": order.partner_id.id,
                    "delivery_partner_id": order.partner_shipping_id.id,
                    "line_ids": [
                        Command.create(
                            {
                                "sequence": line.sequence,
                                "sale_line_id": line.id,
                                "product_id": line.product_id.id,
                                "name": line.name,
                                "product_uom_id": line.product_uom_id.id,
                                "quantity": quantity,
                            }
                        )
                        for line, quantity in quantities.items()
                    ],
                }
            )
        )
        slip._mail_ready()
        return slip.with_env(self.env)

    def _bump(self):
        """Write the row all rivals write, before anything is decided (DESIGN 3)."""
        self.env.flush_all()
        if self:
            self.env.execute_query(
                SQL(
                    "UPDATE order_acceptance SET revision = revision + 1"
                    " WHERE id IN %s RETURNING id",
                    tuple(sorted(self.ids)),
                )
            )
        self.invalidate_recordset()

    def _check_waiting(self):
        """:raise UserError: when a slip is signed or cancelled already"""
        for slip in self:
            if slip.state == "signed":
                raise UserError(
                    self.env._(
                        "%(slip)s has been signed already by %(name)s.",
                        slip=slip.name,
                        name=slip.signed_by or slip.partner_id.name,
                    )
                )
            if slip.state != "waiting":
                raise UserError(
                    self.env._(
                        "%(slip)s is cancelled; there is nothing to sign any more.",
                        slip=slip.name,
                    )
                )

    def _get_next_name(self, company):
        # sudo: numbers are drawn by the system
        sequences = self.env["ir.sequence"].sudo().with_company(company)
        return sequences.next_by_code("order.acceptance") or "/"

    def _cancel_system(self):
        """Cancel slips nobody has to sign any more."""
        # sudo: states are moved by the system
        self.sudo().write({"state": "cancelled"})

    def _get_kept_file_text(self, file):
        """EXTENDS 'sale_order_policy'."""
        return self.env._(
            "%(file)s is the paper the customer signed for %(slip)s. It is kept as it "
            "is.",
            file=file.name,
            slip=self[:1].name,
        )

    def _get_report_base_filename(self):
        return self.name

    # Actions ---------------------------------------------------------------------

    def action_open_paper(self):
        """Open the form to enter what the customer signed on paper."""
        self.ensure_one()
        self._check_keeper()
        self._check_waiting()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Signed Paper"),
            "res_model": "order.acceptance.paper",
            "view_mode": "form",
            "target": "new",
            "context": {"default_acceptance_id": self.id},
        }

    def action_preview(self):
        """Open the page the customer sees."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_url", "target": "self", "url": self.access_url}

    def action_cancel_service(self):
        """Withdraw a slip of services that has not been signed.

        :raise UserError: for goods, which are with the customer
        """
        self.check_access("read")
        self._check_keeper()
        self._bump()
        self._check_waiting()
        if any(slip.kind != "service" for slip in self):
            raise UserError(
                self.env._(
                    "The goods are with the customer. Take them back by a return "
                    "instead; the slip follows."
                )
            )
        self._cancel_system()
        return True
