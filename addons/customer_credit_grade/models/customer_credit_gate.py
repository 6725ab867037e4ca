import logging
from functools import partial

from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.service.model import retrying

_logger = logging.getLogger(__name__)


class CustomerCreditGate(models.AbstractModel):
    """Lets orders and shipments pass, or refuses them (SPEC D4, H1; DESIGN 4).

    Called with what has been written already, inside a savepoint of the caller: the
    resulting figures decide, whatever the route. Nothing in the context and no
    elevated right is asked.
    """

    _name = "customer.credit.gate"
    _description = "Credit Gate"

    @api.model
    def _check(self, company, cases, purpose):
        """Hold customers' figures against their credit.

        :param company: whose switch and credit count
        :param list cases: dicts ``debtor`` (partner), ``document`` (record),
            ``amount`` (of the document, company currency, taxes included; None: what
            the order commits to, found when it is asked for), ``orders`` (whose
            releases count as well)
        :param str purpose: ``order`` or ``shipping``
        :raise UserError: in enforce mode, when credit objects and nobody released it
        """
        mode = company._credit_get_mode()
        if mode == "off" or not cases:
            return
        accounts = self.env["customer.credit.account"]
        # sudo: the gate sees the same whoever acts
        partners = self.env["res.partner"].sudo()
        for case in cases:
            partners |= case["debtor"]
        bumped = accounts._bump(company, partners)
        verdicts = accounts._judge(company, partners, purpose, accounts=bumped)
        for case in cases:
            case["verdict"] = verdicts[case["debtor"].commercial_partner_id.id]
        objected = [case for case in cases if case["verdict"].objections]
        self._find_amounts(objected)
        refused = [
            case for case in objected if not self._is_released(company, case, purpose)
        ]
        # sudo: the gate sees the same whoever acts
        holds = self.env["customer.credit.hold"].sudo()
        if not refused:
            holds._close_of(cases, purpose, "used")
            return
        notes = [
            self._get_note(company, case, purpose)
            for case in refused
            if case["document"]._name != "stock.move"  # of no transfer: nothing waits
        ]
        if mode == "observe":
            holds._note(notes, state="observed")
            return
        self._note_after_rollback(notes)
        raise UserError(self._get_refusal_text(company, refused, purpose))

    @api.model
    def _find_amounts(self, cases):
        """Fill in what orders commit to, where nobody needed it before."""
        unknown = [case for case in cases if case["amount"] is None]
        orders = self.env["sale.order"].concat(*(case["document"] for case in unknown))
        values = self.env["customer.credit.exposure"]._get_order_values(orders)
        for case in unknown:
            case["amount"] = values[case["document"].id][1]

    @api.model
    def _is_released(self, company, case, purpose):
        """Tell whether valid releases cover this document, or all its orders."""
        # sudo: the gate sees the same whoever acts
        releases = self.env["customer.credit.release"].sudo()
        day = self.env["customer.credit.account"]._get_today(company)
        if releases._find(case["document"], case["amount"], case["verdict"], day):
            return True
        orders = case.get("orders")
        if not orders:
            return False
        values = self.env["customer.credit.exposure"]._get_order_values(orders)
        return all(
            releases._find(order, values[order.id][1], case["verdict"], day)
            for order in orders
        )

    @api.model
    def _get_note(self, company, case, purpose):
        """Return what is kept of a refused attempt, as plain data."""
        document = case["document"]
        verdict = case["verdict"]
        # sudo: the gate sees the same whoever acts
        return {
            "company_id": company.sudo().root_id.id,
            "debtor_id": case["debtor"].commercial_partner_id.id,
            "res_model": document._name,
            "res_id": document.id,
            "res_name": document.sudo().display_name or "",
            "purpose": purpose,
            "owner_id": self._get_owner(document).id,
            "user_id": self.env.uid,
            "amount": case["amount"],
            "excess": verdict.excess,
            "objections": verdict.to_json(),
        }

    @api.model
    def _get_owner(self, document):
        """Return who is told what becomes of a held document."""
        if document._name == "sale.order":
            return document._approval_owner()
        # sudo: the gate sees the same whoever acts
        orders = document.sudo().move_ids.sale_line_id.order_id
        if orders:
            return orders[:1]._approval_owner()
        return document.sudo().user_id or self.env.user

    @api.model
    def _note_after_rollback(self, notes):
        """Keep the attempt although everything else of it is undone.

        Runs when the transaction is rolled back, in one of its own; when the refusal
        was dealt with and the transaction commits, nothing is noted here.
        """
        note = partial(
            _note_in_new_transaction, self.env.cr.dbname, self.env.lang, notes
        )
        self.env.cr.postrollback.add(note)

    @api.model
    def _get_refusal_text(self, company, cases, purpose):
        """Return in words what is refused, why, and what to do."""
        # sudo: the gate sees the same whoever acts
        currency = company.sudo().currency_id
        accounts = self.env["customer.credit.account"]
        lines = []
        for case in cases:
            for objection in case["verdict"].objections:
                text = accounts._get_objection_text(
                    objection.code, objection.values, currency
                )
                # sudo: the gate sees the same whoever acts
                name = case["document"].sudo().display_name or ""
                lines.append(f"- {name}: {text}")
        who = self.env["customer.credit.releaser"]._get_names(company)
        if purpose == "order":
            text = self.env._(
                "The customer's credit does not allow this order:\n%(reasons)s",
                reasons="\n".join(lines),
            )
        else:
            text = self.env._(
                "The customer's credit does not allow this shipment:\n%(reasons)s",
                reasons="\n".join(lines),
            )
        if who:
            return text + self.env._(
                "\nIt waits under Customer Credit, Holds. It may be released by: "
                "%(people)s.",
                people=who,
            )
        return text + self.env._(
            "\nIt waits under Customer Credit, Holds. Nobody may release it yet: ask "
            "the credit administrator."
        )


def _note_in_new_transaction(dbname, lang, notes):
    """Keep refused attempts, in a transaction of its own.

    What is refused stays refused when that fails: it is logged.
    """
    context = {"lang": lang} if lang else {}
    try:
        with Registry(dbname).cursor() as cursor:
            env = api.Environment(cursor, SUPERUSER_ID, context)
            holds = env["customer.credit.hold"]
            retrying(partial(holds._note, notes), env)
    except Exception:
        _logger.exception("A refused attempt could not be kept: %s", notes)
