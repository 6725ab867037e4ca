from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_list, formatLang


class SaleOrder(models.Model):
    """Confirmed orders under control are changed by approved requests only (J1-J3)."""

    _inherit = "sale.order"

    change_ids = fields.One2many(
        comodel_name="sale.order.change",
        inverse_name="order_id",
        string="Change Requests",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    change_count = fields.Integer(
        compute="_compute_change_count", groups="base.group_user"
    )
    change_is_controlled = fields.Boolean(compute="_compute_change_is_controlled")

    @api.depends("change_ids")
    def _compute_change_count(self):
        # sudo: only counted
        groups = dict(
            self.env["sale.order.change"]
            .sudo()
            ._read_group([("order_id", "in", self.ids)], ["order_id"], ["__count"])
        )
        for order in self:
            order.change_count = groups.get(order._origin, 0)

    @api.depends("state", "approval_state", "company_id.sale_change_control")
    def _compute_change_is_controlled(self):
        for order in self:
            order.change_is_controlled = order._change_is_controlled()

    def _change_is_controlled(self):
        """Tell whether this order is cancelled by an approved request only."""
        self.ensure_one()
        order_sudo = self.sudo()  # sudo: the same whoever asks
        round_sudo = order_sudo._approval_round()
        return bool(
            order_sudo.state == "sale"
            and order_sudo.company_id.sale_change_control
            and round_sudo.is_applied
            and round_sudo.state == "approved"
            and order_sudo._approval_mode() == "enforce"
        )

    # The gate ----------------------------------------------------------------------

    def _action_cancel(self):
        """EXTENDS 'sale': say it before anything is done.

        Only the friendly words, before transfers are cancelled; the gate is on the
        resulting state.
        """
        for order in self:
            if order._change_is_controlled() and not order._change_has_cancellation():
                raise UserError(order._change_refusal_text())
        return super()._action_cancel()

    def _approval_leave(self, mode):
        """EXTENDS 'document_approval': confirmed no longer by approved requests only.

        Looks at what is left behind: a request that was approved, is being used up by
        this very transaction, and was made for this confirmation of this order.
        """
        round_sudo = self._approval_round()
        if (
            mode == "enforce"
            and self.sudo().company_id.sale_change_control  # sudo: whoever writes
            and round_sudo.is_applied
            and round_sudo.state == "approved"
            and not self._change_has_cancellation()
        ):
            raise UserError(self._change_refusal_text())
        return super()._approval_leave(mode)

    def _change_has_cancellation(self):
        """Tell whether an approved cancellation of this confirmation was applied."""
        self.ensure_one()
        # sudo: requests need not be readable
        return bool(
            self.env["sale.order.change"]
            .sudo()
            .search_count(
                [
                    ("order_id", "=", self.id),
                    ("kind", "=", "cancel"),
                    ("state", "=", "applied"),
                    ("order_round_id", "=", self._approval_round().id),
                    ("approval_round_id.is_applied", "=", True),
                    ("approval_round_id.res_model", "=", "sale.order.change"),
                ],
                limit=1,
            )
        )

    def _change_refusal_text(self):
        """Return in words how a confirmed order is cancelled."""
        self.ensure_one()
        waiting = self._change_get_open().filtered(lambda c: c.kind == "cancel")
        if waiting:
            return self.env._(
                "%(order)s is confirmed. Its cancellation %(numbers)s has to be "
                "approved first; the system then cancels the order.",
                order=self.display_name,
                numbers=format_list(self.env, waiting.mapped("name")),
            )
        return self.env._(
            "%(order)s is confirmed and was approved: it cannot be cancelled or set "
            "back directly. Press “Request Cancellation” on the order; once it is "
            "approved, the system cancels the order.",
            order=self.display_name,
        )

    def _approval_kept_text(self, round_sudo, changes):
        """EXTENDS 'document_approval': name the request instead of the detour."""
        return self.env._(
            "%(document)s was confirmed as approved in round %(number)s and cannot be "
            "changed directly: %(changes)s\nPress “Request a Change” on the order; "
            "once it is approved, the system applies it.",
            document=self.display_name,
            number=round_sudo.number,
            changes=changes,
        )

    # What it is about ----------------------------------------------------------------

    def _change_get_lines(self):
        """Return the lines a request may change: goods and services that were sold."""
        self.ensure_one()
        return self.order_line.filtered(
            lambda line: (
                line.product_id
                and not line.display_type
                and not line.is_downpayment
                and not line.is_expense
                and not line.combo_item_id
                and line.product_id.type != "combo"
            )
        )

    def _change_get_open(self):
        """Return the requests of this order that are still to be decided or done."""
        # sudo: told to whoever is refused
        return (
            self.env["sale.order.change"]
            .sudo()
            .search(
                [
                    ("order_id", "in", self.ids),
                    ("state", "in", ("draft", "failed")),
                ]
            )
        )

    def _change_get_execution(self):
        """Return in words what has been done for this order; empty before work began.

        Hook: manufacturing and purchase orders are added by who knows of them.
        """
        facts = []
        for line in self._change_get_lines():
            shipped = max(line.qty_delivered, line._change_get_moved()["shipped"])
            if line.product_uom_id.compare(shipped, 0.0) > 0:
                facts.append(
                    self.env._(
                        "shipped: %(quantity)s %(unit)s %(product)s",
                        quantity=formatLang(self.env, shipped, dp="Product Unit"),
                        unit=line.product_uom_id.name,
                        product=line.product_id.display_name,
                    )
                )
        posted = self.invoice_ids.filtered(lambda move: move.state == "posted")
        if posted:
            facts.append(
                self.env._(
                    "invoiced: %(invoices)s",
                    invoices=format_list(self.env, posted.mapped("name")),
                )
            )
        return facts

    # Buttons -----------------------------------------------------------------------

    def action_request_change(self):
        """Make a change request for this order and open it."""
        return self._change_request("change")

    def action_request_cancellation(self):
        """Make a cancellation request for this order and open it."""
        return self._change_request("cancel")

    def _change_request(self, kind):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Request a Change")
            if kind == "change"
            else self.env._("Request Cancellation"),
            "res_model": "sale.order.change.reason",
            "view_mode": "form",
            "target": "new",
            "context": {"default_order_id": self.id, "default_kind": kind},
        }

    def action_change_requests(self):
        """Show the change requests of this order."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sale_order_change.sale_order_change_action"
        )
        return {
            **action,
            "domain": [("order_id", "=", self.id)],
            "context": {"default_order_id": self.id},
        }
