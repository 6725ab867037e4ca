from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import format_list

#: kept by the system; nobody writes them, by whatever route
_KEPT = frozenset(
    {
        "handover_confirmed_by_id",
        "handover_confirmed_on",
        "handover_confirmed_fingerprint",
        "handover_confirmed_data",
        "handover_checked_by_id",
        "handover_checked_on",
        "handover_checked_fingerprint",
        "handover_checked_data",
        "handover_checked_items",
        "handover_prepared_by_ids",
    }
)
_OPEN = ("confirmed", "waiting", "assigned")


class StockPicking(models.Model):
    """Shipping data confirmed by the salesperson, checked by a second one (SPEC H2)."""

    _inherit = "stock.picking"

    handover_confirmed_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Shipping Data Confirmed By",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    handover_confirmed_on = fields.Datetime(
        string="Shipping Data Confirmed On",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    handover_confirmed_fingerprint = fields.Char(
        readonly=True, copy=False, groups="base.group_user"
    )
    handover_confirmed_data = fields.Json(
        readonly=True, copy=False, groups="base.group_user"
    )
    handover_checked_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Delivery Checked By",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    handover_checked_on = fields.Datetime(
        string="Delivery Checked On",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    handover_checked_fingerprint = fields.Char(
        readonly=True, copy=False, groups="base.group_user"
    )
    handover_checked_data = fields.Json(
        readonly=True, copy=False, groups="base.group_user"
    )
    handover_checked_items = fields.Text(
        string="Items Checked", readonly=True, copy=False, groups="base.group_user"
    )
    handover_prepared_by_ids = fields.Many2many(
        comodel_name="res.users",
        relation="handover_picking_preparer_rel",
        column1="picking_id",
        column2="user_id",
        string="Prepared By",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="Who entered quantities or marked them as picked.",
    )
    handover_shipping_state = fields.Selection(
        selection=[
            ("none", "Not Asked For"),
            ("confirm", "Shipping Data to Confirm"),
            ("check", "To Be Checked"),
            ("ready", "Confirmed and Checked"),
        ],
        string="Before Goods Leave",
        compute="_compute_handover_shipping",
    )
    handover_shipping_text = fields.Text(compute="_compute_handover_shipping")
    handover_can_confirm = fields.Boolean(compute="_compute_handover_shipping")
    handover_can_check = fields.Boolean(compute="_compute_handover_shipping")

    @api.depends(
        "state",
        "partner_id",
        "scheduled_date",
        "sale_id",
        "move_ids.quantity",
        "move_ids.picked",
        "move_ids.move_line_ids.picked",
        "handover_confirmed_fingerprint",
        "handover_checked_fingerprint",
        "handover_prepared_by_ids",
    )
    @api.depends_context("uid")
    def _compute_handover_shipping(self):
        controlled = self.env["sale.order.type"]._handover_is_controlled()
        for picking in self:
            needs = picking._handover_get_needs() if controlled else set()
            is_open = picking.state in _OPEN
            problems = (
                picking._handover_get_problems(needs) if needs and is_open else {}
            )
            state = next(iter(problems), "ready" if needs else "none")
            picking.handover_shipping_state = state
            picking.handover_shipping_text = "\n".join(problems.values())
            picking.handover_can_confirm = (
                "confirm" in problems and picking._handover_may_confirm()
            )
            picking.handover_can_check = (
                state == "check" and not picking._handover_get_check_refusal()
            )

    # Who writes what ----------------------------------------------------------------

    @api.model
    def default_get(self, fields):
        """EXTENDS 'base': no default fills what only the system writes."""
        values = super().default_get(fields)
        return {name: value for name, value in values.items() if name not in _KEPT}

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._handover_refuse_kept(vals)
        return super().create(vals_list)

    @api.model
    def get_empty_list_help(self, help_message):
        """EXTENDS 'stock': lists of deliveries to check have words of their own."""
        if self.env.context.get("handover_own_help"):
            return help_message
        return super().get_empty_list_help(help_message)

    def write(self, vals):
        self._handover_refuse_kept(vals)
        return super().write(vals)

    @api.model
    def _handover_refuse_kept(self, vals):
        """Refuse what only the system writes, whoever asks.

        :raise AccessError: naming the field
        """
        for name in _KEPT.intersection(vals):
            raise AccessError(
                self.env._(
                    "%(field)s is kept by the system. Use the buttons of the delivery.",
                    field=self._fields[name]._description_string(self.env),
                )
            )

    def _handover_write_system(self, vals):
        # sudo: who confirms or checks need not write transfers; methods checked it
        return super(StockPicking, self.sudo()).write(vals)

    def _handover_add_preparer(self):
        """Keep that the user has entered quantities or picked here."""
        for picking in self:
            # sudo: written for whoever moves quantities
            if self.env.user not in picking.sudo().handover_prepared_by_ids:
                picking._handover_write_system(
                    {"handover_prepared_by_ids": [Command.link(self.env.uid)]}
                )

    # The two steps ------------------------------------------------------------------

    def action_handover_confirm(self):
        """Confirm the shipping data as they are now; for the salesperson.

        :raise AccessError: for everybody but salesperson and sales administrators
        :raise UserError: when nothing is ready to leave
        """
        self.check_access("read")
        for picking in self:
            if not picking._handover_may_confirm():
                raise AccessError(
                    self.env._(
                        "The shipping data of %(picking)s are confirmed by "
                        "%(salesperson)s or a sales administrator.",
                        picking=picking.name,
                        salesperson=picking._handover_get_salesperson_names(),
                    )
                )
            data = picking._handover_get_data_to_release()
            picking._handover_write_system(
                {
                    "handover_confirmed_by_id": self.env.uid,
                    "handover_confirmed_on": fields.Datetime.now(),
                    "handover_confirmed_fingerprint": picking._handover_hash(data),
                    "handover_confirmed_data": data,
                }
            )
            picking._handover_note(self.env._("Shipping data confirmed."))
            picking._handover_forget_request()
        return True

    def action_handover_check(self):
        """Open the checklist for the second person."""
        self.ensure_one()
        self.check_access("read")
        if refusal := self._handover_get_check_refusal():
            raise UserError(refusal)
        wizard = self.env["order.shipping.check"]._create_for(self)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Check the Delivery"),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def _handover_check(self, items, fingerprint):
        """Keep that the user has checked this delivery.

        :param items: the ticked ``order.shipping.check.item``
        :param str fingerprint: of what the user was shown
        :raise UserError: when he must not check it, an item is not ticked, or the
            delivery has changed meanwhile
        """
        self.ensure_one()
        self.check_access("read")
        if refusal := self._handover_get_check_refusal():
            raise UserError(refusal)
        required = self.env["order.shipping.check.item"]._get_for(self.company_id)
        if missing := required - items:
            raise UserError(
                self.env._(
                    "Every item has to be ticked before the goods leave: %(items)s",
                    items=format_list(self.env, missing.mapped("name")),
                )
            )
        data = self._handover_get_data_to_release()
        if self._handover_hash(data) != fingerprint:
            raise UserError(
                self.env._(
                    "%(picking)s has changed while you were checking it. Please check "
                    "it again.",
                    picking=self.name,
                )
            )
        self._handover_write_system(
            {
                "handover_checked_by_id": self.env.uid,
                "handover_checked_on": fields.Datetime.now(),
                "handover_checked_fingerprint": fingerprint,
                "handover_checked_data": data,
                "handover_checked_items": "\n".join(required.mapped("name")),
            }
        )
        self._handover_note(self.env._("Delivery checked by a second person."))

    def _handover_get_data_to_release(self):
        """Return what would leave now.

        :raise UserError: when that is nothing, or the transfer is done
        """
        self.ensure_one()
        data = self._handover_get_shipping_data()
        if self.state not in _OPEN or not data["lines"]:
            raise UserError(
                self.env._(
                    "Nothing of %(picking)s is ready to leave. Reserve the products or "
                    "enter quantities first.",
                    picking=self.name,
                )
            )
        return data

    # Who may ------------------------------------------------------------------------

    def _handover_may_confirm(self):
        """Tell whether the user is the salesperson, or administrates sales."""
        self.ensure_one()
        user = self.env.user
        if user.has_group("sales_team.group_sale_manager"):
            return True
        owners = self._handover_get_orders().user_id
        return owners == user and user.has_group("sales_team.group_sale_salesman")

    def _handover_get_check_refusal(self):
        """Return why the user must not check this delivery; nothing if he may."""
        self.ensure_one()
        user = self.env.user
        # sudo: who confirmed and prepared, for whoever wants to check
        picking_sudo = self.sudo()
        if not (
            user.has_group("stock.group_stock_user")
            or user.has_group("order_handover.group_officer")
        ):
            return self.env._(
                "Deliveries are checked by people of the warehouse or coordinators."
            )
        if user == picking_sudo.handover_confirmed_by_id:
            return self.env._(
                "You have confirmed the shipping data. Somebody else checks the "
                "delivery."
            )
        if user in picking_sudo._handover_get_preparers():
            return self.env._(
                "You have prepared this delivery. Somebody else checks it."
            )
        return ""

    def _handover_get_preparers(self):
        """Return who prepared this transfer, or picked for it before; call as sudo."""
        moves = self.move_ids
        origins = moves.browse(moves._rollup_move_origs())
        return (self | origins.picking_id).handover_prepared_by_ids

    def _handover_get_orders(self):
        """Return the controlled orders behind this transfer, as sudo."""
        self.ensure_one()
        return self.move_ids._handover_get_leaving()._handover_get_controlled_orders()

    def _handover_get_salesperson_names(self):
        orders = self._handover_get_orders()
        # sudo: names of colleagues
        users_sudo = orders.user_id.sudo()
        if not users_sudo:
            return self.env._("the salesperson of the order")
        return format_list(self.env, users_sudo.mapped("name"))
