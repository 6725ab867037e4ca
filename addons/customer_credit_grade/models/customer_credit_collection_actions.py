from odoo import fields, models
from odoo.exceptions import AccessError, UserError

#: what a salesperson does for his own customers; the rest takes an officer
_SALES_KINDS = ("call", "visit", "note")
_LOG_KINDS = ("call", "visit", "letter", "note")


class CustomerCreditCollection(models.Model):
    """What people do in a collection case (SPEC D7)."""

    _inherit = "customer.credit.collection"

    # Who may -------------------------------------------------------------------------

    def _check_worker(self, officer=True):
        """Hold the user against the rules before anything is done.

        :param bool officer: only credit officers may do it
        :raise AccessError: a case of somebody else's customer, or not an officer
        :raise UserError: the case is closed
        """
        self.check_access("read")
        user = self.env.user
        is_officer = user.has_group("customer_credit_grade.group_officer")
        if officer and not is_officer:
            raise AccessError(
                self.env._("This is done by credit officers. Ask one of them.")
            )
        if not is_officer and not user.has_group("sales_team.group_sale_salesman"):
            raise AccessError(
                self.env._("Debts are followed up by sales and by credit officers.")
            )
        for case in self.sudo():  # readable, see above
            if case.state == "closed":
                raise UserError(
                    self.env._(
                        "The case of %(customer)s is closed. When something is overdue "
                        "again, a new one opens.",
                        customer=case.partner_id.display_name,
                    )
                )

    # Dialogs -------------------------------------------------------------------------

    def _open_dialog(self, kind, title):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "customer.credit.collection.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_collection_id": self.id, "default_kind": kind},
        }

    def action_call(self):
        """Ask what came of a call."""
        return self._open_dialog("call", self.env._("Log a Call"))

    def action_visit(self):
        """Ask what came of a visit."""
        return self._open_dialog("visit", self.env._("Log a Visit"))

    def action_promise(self):
        """Ask what the customer promised."""
        return self._open_dialog("promise", self.env._("Promise to Pay"))

    def action_pause(self):
        """Ask until when and why the customer is left alone."""
        return self._open_dialog("pause", self.env._("Pause"))

    def action_legal(self):
        """Ask why the case goes to the legal department."""
        return self._open_dialog("legal", self.env._("Hand Over to Legal"))

    def action_notice(self):
        """Show the notice that would be sent now."""
        self._check_worker()
        wizard = self.env["customer.credit.notice.wizard"].create(
            {"collection_id": self.id}
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send Notice Now"),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_open_items(self):
        """Open the customer's items; the rights of the user count."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Open Items"),
            "res_model": "account.move.line",
            "view_mode": "list,form",
            "domain": self.sudo()._get_items_domain(),  # ids the case shows anyway
            "context": {"create": False},
        }

    def action_open_account(self):
        """Open the customer's credit."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "customer.credit.account",
            "res_id": self.account_id.id,
            "view_mode": "form",
        }

    # Done ----------------------------------------------------------------------------

    def log_contact(self, kind, result, cause=None, next_date=None):
        """Keep a call, visit, letter or remark with its result.

        :param str kind: call, visit, note; letter by officers
        :param str result: what came of it; required
        :param cause: a ``customer.credit.delay.cause``, becomes the case's
        :param next_date: day of the next action
        :raise AccessError: somebody else's customer
        :raise UserError: without a result, or the case is closed
        """
        self.ensure_one()
        if kind not in _LOG_KINDS:
            raise UserError(self.env._("This cannot be logged."))
        self._check_worker(officer=kind not in _SALES_KINDS)
        result = self._check_text(result)
        step = self._log(kind, result=result, cause_id=cause.id if cause else False)
        vals = {"cause_id": cause.id} if cause else {}
        if next_date:
            vals["next_date"] = next_date
        if vals:
            self._put(vals)
        self._settle_activities()
        return step

    def _check_text(self, text):
        text = (text or "").strip()
        if not text:
            raise UserError(
                self.env._("Say in a few words what happened: others read it later.")
            )
        return text

    def _settle_activities(self):
        """End the user's own activities on the case: he has just acted."""
        self.sudo().activity_ids.filtered(  # his own, see below
            lambda activity: activity.user_id == self.env.user
        ).unlink()

    def promise(self, amount, date, given_by=None, note=None):
        """Keep what the customer promised to pay, and leave him alone until then.

        :param float amount: company currency
        :param date: the last day on which a payment keeps the promise
        :raise UserError: no amount, or a day in the past
        """
        self.ensure_one()
        self._check_worker(officer=False)
        case_sudo = self.sudo()  # checked above
        day = case_sudo.account_id._get_today(case_sudo.company_id)
        date = fields.Date.to_date(date)
        currency = case_sudo.currency_id
        if currency.compare_amounts(amount, 0.0) <= 0:
            raise UserError(
                self.env._("Enter the amount the customer promised to pay.")
            )
        if not date or date < day:
            raise UserError(self.env._("The day of the payment cannot be in the past."))
        if case_sudo.state == "legal":
            raise UserError(
                self.env._(
                    "The case is with the legal department: it is resumed first."
                )
            )
        promise = case_sudo.env["customer.credit.promise"].create(
            {
                "collection_id": case_sudo.id,
                "amount": currency.round(amount),
                "date": date,
                "date_given": day,
                "given_by": (given_by or "").strip(),
                "user_id": self.env.user.id,
            }
        )
        promise._remember_paid()
        self._log("promise", amount=promise.amount, result=(note or "").strip())
        case_sudo._put({"state": "promised", "next_date": date, "pause_until": False})
        self._settle_activities()
        return promise

    def pause(self, until, reason):
        """Leave the customer alone until a day.

        :raise AccessError: not a credit officer
        :raise UserError: without a reason, or not a day to come
        """
        self.ensure_one()
        self._check_worker()
        reason = self._check_text(reason)
        until = fields.Date.to_date(until)
        day = self.account_id._get_today(self.company_id)
        if not until or until <= day:
            raise UserError(self.env._("A pause ends on a day to come."))
        self._log("pause", result=reason)
        self._put(
            {
                "state": "paused",
                "pause_until": until,
                "pause_reason": reason,
                "next_date": until,
            }
        )

    def action_resume(self):
        """End a pause, a promise's truce, or take a case back from legal."""
        for case in self:
            case._check_worker()
            if case.state not in ("paused", "legal", "promised"):
                continue
            case._resume()
        return True

    def _resume(self, **values):
        self.ensure_one()
        day = self.account_id._get_today(self.company_id)
        self._log("resume", **values)
        self._put(
            {
                "state": "open",
                "pause_until": False,
                "date_legal": False,
                "next_date": day,
            }
        )

    def hand_over(self, reason):
        """Give the case to the legal department.

        :raise AccessError: not a credit officer
        :raise UserError: without a reason
        """
        self.ensure_one()
        self._check_worker()
        reason = self._check_text(reason)
        account_sudo = self.account_id.sudo()  # an officer, checked above
        day = account_sudo._get_today(self.company_id)
        self._log("legal", result=reason, amount=self.amount_overdue)
        self._put(
            {
                "state": "legal",
                "date_legal": day,
                "pause_until": False,
                "next_date": day,
            }
        )
        self._settle_activities()
        person = account_sudo._get_department_head(self.company_id, "legal")
        summary = self.env._("Debt handed over to legal")
        for user in person | account_sudo.user_id:
            self._give_activity(user, summary, note=reason)
