import logging

from psycopg2 import OperationalError

from odoo import api, models
from odoo.fields import Domain

from ..verdict import Verdict
from .customer_credit_hold import OPEN_STATES

_logger = logging.getLogger(__name__)


class CustomerCreditHold(models.Model):
    """Held documents go on by themselves when credit suffices (SPEC D4)."""

    _inherit = "customer.credit.hold"

    @api.model
    def _wake(self, company, partners):
        """Have the held documents of these customers looked at again soon.

        Called where money came in, a limit rose or an order ended. Cheap when nothing
        is held.
        """
        # sudo: holds go on by themselves, whoever brought it about
        debtors = partners.sudo().commercial_partner_id
        if not debtors or not self.sudo().search_count(
            Domain("partner_id", "in", debtors.ids)
            & Domain("company_id", "=", company.sudo().root_id.id)
            & Domain("state", "in", OPEN_STATES),
            limit=1,
        ):
            return
        cron = self.env.ref(
            "customer_credit_grade.ir_cron_reconsider_holds", raise_if_not_found=False
        )
        if cron:
            # sudo: holds go on by themselves, whoever brought it about
            cron.sudo()._trigger()

    @api.model
    def _reconsider(self, company, partners):
        """As :meth:`_wake`: what changed is judged by the job, after the commit."""
        self._wake(company, partners)

    @api.model
    def _cron_reconsider(self):
        """Judge what is held anew, customer by customer; confirm what was parked."""
        # sudo: holds go on by themselves, whoever brought it about
        holds = self.sudo().search(
            Domain("state", "in", OPEN_STATES), order="account_id, id"
        )
        cron = self.env["ir.cron"]
        if not cron._commit_progress(remaining=len(holds)):
            return
        for hold in holds:
            try:
                with self.env.cr.savepoint():
                    hold.exists()._reconsider_one()
            except OperationalError as error:  # somebody works on it: next time
                self.env.cr.rollback()
                self.env.invalidate_all(flush=False)
                _logger.info("%s: next run, %s", hold, error)
            if not cron._commit_progress(1):
                return

    def _reconsider_one(self):
        """Judge one held document; tell its owner when that changes something."""
        if not self or self.state not in OPEN_STATES:
            return
        document = self._get_document()
        if not document or not document._credit_is_held(self.purpose):
            self.write({"state": "obsolete"})
            return
        verdict = self._refresh()
        if self.state == "released":
            self._resume()
        elif not verdict.objections and self.state == "waiting":
            self.write({"state": "cleared"})
            self._resume()
            if self.state == "cleared":
                self._tell_owner(
                    self.env._("The customer's credit suffices now: try again.")
                )
        elif verdict.objections and self.state == "cleared":
            self.write({"state": "waiting"})

    def _resume(self):
        """Confirm an order whose customer has done his part already."""
        for hold in self:
            document = hold._get_document()
            if document:
                document._credit_resume()

    def _tell_owner(self, text):
        """Note ``text`` on the document and give its owner one activity."""
        for hold in self:
            document = hold._get_document()
            owner = hold.owner_id
            if not document or not owner.active or owner.share:
                continue
            document._credit_tell(owner, text)

    @api.model
    def _release_by_approval(self, order, users, codes, excess):
        """Release an order that finance agreed to with its credit findings (D4).

        By the one among ``users`` with the largest cap, if it covers ``excess``;
        otherwise the order waits for somebody with a larger one.

        :param order: the approved order, with elevated rights
        :param users: who agreed on the seats of the findings
        :param set codes: of the findings
        :param float excess: the largest amount found at submission, company currency
        """
        company = order.company_id.root_id
        debtor = order.partner_invoice_id.commercial_partner_id
        values = self.env["customer.credit.exposure"]._get_order_values(order)
        amount = values[order.id][1]
        # sudo: holds go on by themselves, whoever brought it about
        releasers = self.env["customer.credit.releaser"].sudo()
        caps = releasers.union(*(releasers._get_of(company, user) for user in users))
        best = caps.sorted("amount")[-1:]
        verdict = Verdict()
        for code in sorted(codes):
            verdict.add(code, amount=excess)
        case = {
            "debtor": debtor,
            "document": order,
            "amount": amount,
            "verdict": verdict,
        }
        note = self.env["customer.credit.gate"]._get_note(company, case, "order")
        hold = self._get_open_sudo(note)
        if not best or best.amount < excess or best.days < 0:
            hold._tell_owner(
                self.env._(
                    "Approved, but %(amount)s beyond the credit exceeds what those who "
                    "agreed may release. It waits for: %(people)s.",
                    amount=company.currency_id.format(excess),
                    people=releasers._get_names(company) or "–",
                )
            )
            return
        self.env["customer.credit.release"].with_user(best.user_id)._give(
            hold.with_user(best.user_id),
            verdict,
            self.env._("Agreed in the approval of the order."),
            resume=False,
        )

    def _get_open_sudo(self, note):
        """Return the open hold of a document, made from ``note`` if there is none."""
        return self.sudo()._get_open(note) or self.sudo()._start(note, "waiting")
