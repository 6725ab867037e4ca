import logging

from markupsafe import Markup
from psycopg2 import IntegrityError, OperationalError

from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError

from odoo.addons.document_approval.fingerprint import fingerprint_of
from odoo.addons.document_approval.plan import Plan

from ..supply import OUTSIDE

_logger = logging.getLogger(__name__)


class SaleOrderChange(models.Model):
    """An approved change is applied exactly, once, or not at all (SPEC J1-J3)."""

    _inherit = "sale.order.change"

    def action_apply_again(self):
        """Try again to apply what was approved and could not be applied.

        :raise UserError: it was not approved as it is
        """
        self.check_access("write")
        for change in self:
            if change.state == "failed" and not change._approval_has_valid_round():
                raise UserError(
                    self.env._(
                        "%(number)s is not approved as it is now. Submit it again.",
                        number=change.name,
                    )
                )
            change.sudo()._apply()  # sudo: the approval gives the right
        return True

    @api.model
    def _cron_apply(self):
        """Apply what was approved and, for whatever reason, not tried since."""
        waiting = self.search(
            [("state", "=", "draft"), ("approval_state", "=", "approved")], order="id"
        )
        for number, change in enumerate(waiting, 1):
            try:
                change._apply()
                self.env.flush_all()
            except OperationalError as error:  # a rival was faster: next run
                self.env.cr.rollback()
                _logger.info("order changes: next run, %s", error)
                self.env.ref("sale_order_change.ir_cron_apply")._trigger()
                return
            if not self.env["ir.cron"]._commit_progress(
                1, remaining=len(waiting) - number
            ):
                return

    def _apply(self):
        """Apply this approved change, or keep in words why that is not possible.

        The order is written first, so of two rivals one is rerun on what the other
        left (DESIGN 3). What fails leaves nothing behind but the words.

        :return: whether it was applied
        """
        self.ensure_one()
        requester_sudo = self.approval_round_id.requester_id
        change = self.with_user(requester_sudo or self.env.user).sudo()
        change = change.with_company(change.company_id).with_context(
            lang=change._approval_owner().lang
        )
        change.order_id._approval_touch(editor=False)
        change._approval_touch(editor=False)
        change.invalidate_recordset()
        if change.state not in ("draft", "failed"):
            return False
        if not change._approval_has_valid_round():
            return False
        try:
            with self.env.cr.savepoint():
                change._apply_now()
        except (UserError, RedirectWarning, IntegrityError) as error:
            change._fail(str(error.args[0] if error.args else error))
            return False
        change._tell_applied()
        return True

    def _apply_now(self):
        """Apply the change; whatever is not exactly as approved raises."""
        order = self.order_id
        if order.state != "sale":
            raise UserError(
                self.env._(
                    "%(order)s is not confirmed any more.", order=order.display_name
                )
            )
        if not self._is_order_unchanged(order):
            changes = order._approval_changes_text(self.order_snapshot)
            raise UserError(
                self.env._(
                    "%(order)s is not what it was when the request was submitted: "
                    "%(changes)s\nLook at the request and submit it again.",
                    order=order.name,
                    changes=changes or self.env._("it was changed since"),
                )
            )
        problems = self._get_problems()
        if problems:
            raise UserError("\n".join(problems))
        expected = self._get_expected(order)
        # the request's own gate: it was approved as it is, and is used up by this
        self._keep(
            {"state": "applied", "date_applied": fields.Datetime.now(), "error": False}
        )
        if self.kind == "cancel":
            order._change_cancel(self)
        else:
            order._change_apply(self, expected)
        self.env.flush_all()

    def _fail(self, error):
        """Keep why the change was not applied, and tell who is to look at it."""
        self.ensure_one()
        self._keep({"state": "failed", "error": error})
        self._approval_post(
            Markup("<p><b>%s</b></p><p>%s</p>")
            % (self.env._("Approved, but it could not be applied."), error)
        )
        self._approval_attention(
            self._approval_owner(), self.env._("Order change not applied"), error
        )

    def _tell_applied(self):
        """Note on the order what was changed by which request."""
        self.ensure_one()
        order = self.order_id
        remains = order._change_get_execution() if self.kind == "cancel" else []
        order._approval_post(
            Markup("<p><b>%s</b></p><p>%s</p><p>%s</p>")
            % (
                self.env._(
                    "Applied: %(number)s, approved in round %(round)s.",
                    number=self.name,
                    round=self.approval_round_id.number,
                ),
                self.summary or "",
                self.env._(
                    "This stays and is settled by returns and credit notes: "
                    "%(remains)s",
                    remains="; ".join(remains),
                )
                if remains
                else "",
            )
        )
        owner = order._approval_owner()
        if owner != self._approval_owner():
            order._approval_attention(
                owner,
                self.env._("Changed as approved: %(number)s", number=self.name),
                self.summary,
            )


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _change_apply(self, change, expected):
        """Write an approved change on this order, in one go.

        For an order under control a round with exactly the expected values is recorded
        first; the gate compares what came out with it and knows nothing else.

        :raise UserError: what came out is not what was approved
        """
        self.ensure_one()
        if self._approval_round().is_applied:
            self._change_record_round(change, expected)
        was_locked = self.locked
        goods = self._change_get_waiting_goods()
        known = self.order_line
        place = self.partner_shipping_id
        self.with_context(sale_order_change_applied=change.id).write(
            change._prepare_order_values(self)
        )
        self.order_line._change_redate()
        self._change_readdress(goods, place)
        if was_locked:
            self.locked = True
        for line, created in zip(
            change.line_ids.filtered(
                lambda line: not line.order_line_id and line._is_changed()
            ),
            (self.order_line - known).sorted("id"),
            strict=True,
        ):
            line._keep({"created_line_id": created.id})
        self.env.flush_all()
        if self._approval_fingerprints()[self.id] != fingerprint_of(expected):
            now = self._approval_snapshots()[self.id]
            raise UserError(
                self.env._(
                    "The order would not be what was approved: %(changes)s",
                    changes="; ".join(
                        f"{difference['label']} {difference['old']} → "
                        f"{difference['new']}"
                        for difference in self._approval_changes(expected, now)
                    ),
                )
            )
        self._change_follow_up(change)

    def _change_record_round(self, change, expected):
        """Record what the order is from now on, and which request was approved."""
        old_round = self._approval_round()
        words = self.env._(
            "%(number)s, approved in round %(round)s",
            number=change.name,
            round=change.approval_round_id.number,
        )
        # without seats: what was to be decided has been decided there
        plan = Plan(flow=change.approval_round_id.flow_id, findings=[])
        new_round = self._approval_create_round(
            plan,
            state="approved",
            snapshot=expected,
            amount=old_round.amount + change._get_company_amount(),
        )
        new_round._log("no_review", words=words)
        new_round._set_state("approved", reason=words)
        new_round.write({"is_applied": True})
        new_round._log("apply", words=words)

    def _change_get_waiting_goods(self):
        """Return the moves of this order that have not been done.

        What has left already is on its way to where it was sent.
        """
        return self.order_line.move_ids.filtered(
            lambda move: (
                move.state not in ("done", "cancel")
                and move.location_id.usage not in OUTSIDE
            )
        )

    def _change_readdress(self, goods, old_place):
        """Have what waits go to the new address; Odoo only asks for that."""
        place = self.partner_shipping_id
        if place == old_place:
            return
        pickings = goods.picking_id.filtered(
            lambda picking: picking.partner_id == old_place
        )
        asked = self.picking_ids.activity_ids.filtered(
            lambda activity: (
                activity.activity_type_id
                == self.env.ref("mail.mail_activity_data_warning")
                and activity.create_uid == self.env.user
                and activity.create_date >= self.env.cr.now()
            )
        )
        asked.unlink()
        pickings.partner_id = place
        goods.exists().filtered(
            lambda move: move.partner_id == old_place
        ).partner_id = place

    def _change_follow_up(self, change):
        """Queue a new letter, and new tasks when goods are concerned (SPEC B7).

        What the customer was asked about the letter before is over (SPEC L3).
        """
        self.env["sale.order.letter.answer"]._supersede(self)
        self._policy_queue_confirmation()
        # sudo: batches and tasks are the system's
        batches = self.env["sale.order.task.batch"].sudo()
        batch = batches.search([("round_id", "=", self._approval_round().id)])
        if not batch:
            return
        if change._get_differences(prices=False):
            self.env["sale.order.task"].sudo()._cancel_of_orders(self)  # sudo: as above
        else:
            batch.write({"state": "cancelled"})

    def _change_cancel(self, change):
        """Cancel this order, its open transfers and draft invoices, as approved.

        :raise UserError: it could not be cancelled
        """
        self.ensure_one()
        if self.locked:
            self.locked = False
        self.with_context(disable_cancel_warning=True)._action_cancel()
        if self.state != "cancel":
            raise UserError(
                self.env._("%(order)s could not be cancelled.", order=self.name)
            )
