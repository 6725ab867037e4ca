import logging

from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, format_list

_logger = logging.getLogger(__name__)

_ATTENTION = "document_approval.mail_activity_type_attention"
_INFORM = "order_handover.mail_activity_type_inform"


class OrderException(models.Model):
    """How an exception moves: told, informed, escalated, closed, opened again."""

    _inherit = "order.exception"

    # Informing the customer ---------------------------------------------------------

    def action_inform(self):
        """Open the mail to the customer, or the note of a phone call."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Inform the Customer"),
            "res_model": "order.exception.inform",
            "view_mode": "form",
            "target": "new",
            "context": {"default_exception_id": self.id},
        }

    def _note_informed(self, how, note):
        """Keep that the customer has been informed; the first time counts.

        :param str how: mail, phone or portal
        :param str note: what was said
        """
        self.ensure_one()
        if not self.informed_on:
            self._write_system(
                {
                    "informed_on": fields.Datetime.now(),
                    "informed_by_id": self.env.uid,
                    "informed_how": how,
                    "informed_note": note,
                }
            )
        self.sudo().activity_unlink([_INFORM])  # sudo: the coordinator's

    def _get_customer(self):
        """Return whom at the customer to inform, as sudo."""
        # sudo: who settles an exception need not read the order
        order_sudo = self.sudo().order_id
        return (
            order_sudo._handover_get_receiver()
            if order_sudo
            else (order_sudo.partner_id)
        )

    # Closing ------------------------------------------------------------------------

    def action_close(self):
        """Close exceptions that are settled; for who may write them.

        :raise UserError: saying what is still open
        """
        self.check_access("write")
        for exception in self.filtered(lambda e: e.state != "closed"):
            if problems := exception._get_closing_problems():
                raise UserError(
                    self.env._(
                        "%(exception)s cannot be closed yet.\n%(problems)s",
                        exception=exception.name,
                        problems="\n".join(problems),
                    )
                )
            exception._write_system(
                {"date_closed": fields.Datetime.now(), "closed_by_id": self.env.uid}
            )
            # sudo: to-dos of colleagues end as well
            exception.sudo().activity_unlink([_ATTENTION, _INFORM])
        return True

    def _get_closing_problems(self):
        """Return in words what keeps an exception from being closed."""
        self.ensure_one()
        problems = []
        if not self.informed_on:
            problems.append(self.env._("The customer has not been informed."))
        steps = self.sudo().step_ids  # sudo: documents of other departments
        # not by the stored state: what happened to the documents counts
        still_open = steps.filtered(
            lambda step: not step.cancel_reason and step._get_state() != "done"
        )
        if still_open:
            problems.append(
                self.env._(
                    "Not done yet: %(steps)s",
                    steps=format_list(self.env, still_open.mapped("display_name")),
                )
            )
        if all(step.cancel_reason for step in steps) and not self.result:
            problems.append(
                self.env._("Nothing was done about it: enter how it was settled.")
            )
        return problems

    def action_reopen(self):
        """Open closed exceptions again; for who may write them."""
        self.check_access("write")
        closed = self.filtered(lambda exception: exception.state == "closed")
        closed._write_system({"date_closed": False, "closed_by_id": False})
        return True

    # Telling ------------------------------------------------------------------------

    def _tell_departments(self):
        """Give owner and departments an activity; called as sudo."""
        for exception in self:
            people = exception.user_id
            for code in exception.kind_id._get_informed_codes():
                department = exception._get_department(exception.company_id, code)
                if department:
                    people |= department._get_task_responsible()
            if exception.source != "staff":
                people |= exception.order_id._approval_owner()
            for user in people:
                exception._tell(
                    user,
                    exception.with_context(lang=user.lang).env._(
                        "%(kind)s: order %(order)s",
                        kind=exception.with_context(lang=user.lang).kind_id.name,
                        order=exception.order_id.name,
                    ),
                    exception.description,
                )

    def _tell(self, user, summary, text, kind=_ATTENTION):
        """Give ``user`` one activity on this exception, due today; called as sudo."""
        self.ensure_one()
        if not user.active or user.share:
            return
        self.with_context(
            lang=user.lang, tz=user.tz, mail_activity_quick_update=True
        ).activity_schedule(
            kind,
            user_id=user.id,
            summary=summary,
            note=Markup("<p>%s</p>") % escape(text or ""),
        )

    # System -------------------------------------------------------------------------

    @api.model
    def _create_from_rejection(
        self, order, lines, picking=None, reason=None, kind_code="defective"
    ):
        """Enter an exception for what a customer has rejected on acceptance (SPEC I1).

        Called by the acceptance slip in its own transaction, once per slip.

        :param order: the ``sale.order``
        :param list lines: of dicts: ``quantity`` and any of ``sale_line_id``,
            ``move_id``, ``product_id``, ``product_uom_id`` (ids), ``note``
        :param picking: the delivery that was rejected, if any
        :param str reason: what must be put right, in the customer's words
        :param str kind_code: late, defective, wrong, short or other
        :return: the exception, with elevated rights. The customer knows: he said so.
            None when there are no kinds of exceptions.
        """
        kind = self.env["order.exception.kind"]._get_by_code(
            order.company_id, kind_code
        )
        if not kind:  # all were deleted: the slip itself says what was rejected
            _logger.warning("No kind of exception for what %s rejected.", order.name)
            return self.sudo().browse()  # sudo: as documented
        exception = self._create_system(
            [
                {
                    "order_id": order.id,
                    "picking_id": picking.id if picking else False,
                    "kind_id": kind.id,
                    "description": reason
                    or self.env._("Rejected by the customer on acceptance."),
                    "line_ids": [fields.Command.create(line) for line in lines],
                }
            ],
            "acceptance",
        )
        return exception

    @api.model
    def _cron_watch(self, limit=100):
        """Escalate customers not informed in time, and note late deliveries."""
        progress = self.env["ir.cron"]._commit_progress
        overdue = self._get_to_escalate(limit)
        progress(remaining=len(overdue))
        for exception in overdue:
            exception._escalate()
            if not progress(1):
                return
        for company in self.env["res.company"].search([("handover_late_days", ">", 0)]):
            self._note_late_deliveries(company, limit)
            if not progress(0):
                return

    @api.model
    def _get_to_escalate(self, limit=None):
        return self.search(
            [
                ("is_inform_overdue", "=", True),
                ("escalated_on", "=", False),
                ("state", "!=", "closed"),
            ],
            limit=limit,
        )

    def _escalate(self):
        """Tell the coordinator, once, that a customer was not informed in time."""
        self.ensure_one()
        exception_sudo = self.sudo()  # sudo: called by the system
        exception_sudo._write_system({"escalated_on": fields.Datetime.now()})
        user = exception_sudo.company_id._handover_get_exception_coordinator()
        user = user or exception_sudo.order_id._approval_owner()
        lang_env = exception_sudo.with_context(lang=user.lang).env
        exception_sudo._tell(
            user,
            lang_env._("Customer not informed within 24 hours"),
            lang_env._(
                "Nobody has informed %(customer)s about %(exception)s (order "
                "%(order)s) yet.",
                customer=exception_sudo.partner_id.display_name,
                exception=exception_sudo.name,
                order=exception_sudo.order_id.name,
            ),
            kind=_INFORM,
        )

    @api.model
    def _note_late_deliveries(self, company, limit=100):
        """Enter one exception for each delivery that is too late, once.

        :return: the new exceptions
        """
        limit_date = fields.Datetime.subtract(
            fields.Datetime.now(), days=company.handover_late_days
        )
        pickings = self.env["stock.picking"].search(
            [
                ("company_id", "=", company.id),
                ("picking_type_code", "=", "outgoing"),
                ("state", "in", ("confirmed", "waiting", "assigned")),
                ("sale_id", "!=", False),
                ("date_deadline", "<", limit_date),
                ("id", "not in", self._search_noted()),
            ],
            limit=limit,
        )
        kind = self.env["order.exception.kind"]._get_by_code(company, "late")
        if not kind:
            _logger.warning("No kind of exception for late deliveries.")
            return self.browse()
        exceptions = self._create_system(
            [
                {
                    "order_id": picking.sale_id.id,
                    "picking_id": picking.id,
                    "kind_id": kind.id,
                    "description": self.env._(
                        "%(delivery)s should have left by %(date)s.",
                        delivery=picking.name,
                        date=fields.Date.to_string(picking.date_deadline),
                    ),
                }
                for picking in pickings
            ],
            "system",
        )
        return exceptions

    @api.model
    def _search_noted(self):
        """Return a query of the deliveries whose delay was noted before."""
        return SQL(
            "(SELECT picking_id FROM order_exception"
            " WHERE source = 'system' AND picking_id IS NOT NULL)"
        )

    def _refuse_without_access(self):
        """Refuse who may not settle these exceptions.

        :raise AccessError: as the record rules say
        """
        if self.env.user.share:
            raise AccessError(self.env._("Exceptions are settled by the staff."))
        self.check_access("write")

    def _post_quietly(self, body, subtype_xmlid="mail.mt_note", **values):
        """Post as the user, who follows nothing for that.

        :param body: Markup, or text
        """
        self.ensure_one()
        # sudo: who may write the exception was checked before
        self.sudo().with_context(
            mail_post_autofollow=False, mail_post_autofollow_author_skip=True
        ).message_post(
            body=body,
            author_id=self.env.user.partner_id.id,
            subtype_xmlid=subtype_xmlid,
            **values,
        )
