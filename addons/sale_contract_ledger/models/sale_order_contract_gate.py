from contextlib import contextmanager

from odoo import api, models
from odoo.exceptions import UserError

from .sale_contract import ALTERING

#: what may make an order one that needs a contract, or another contract
_RELEVANT = frozenset(
    {"state", "contract_id", "policy_type_id", "partner_id", "company_id"}
)
#: what may make a confirmed order another one than was signed
_CONTENT = frozenset({"order_line", "commitment_date", "payment_term_id"})
#: keys in the cursor's cache: orders some enclosing guard will check
_GUARDED = "sale_contract_ledger.guarded"
_HELD = "sale_contract_ledger.held"


class SaleOrder(models.Model):
    """No order without its signed contract where the type wants one (SPEC E1).

    A post-condition, not a path (DESIGN 2): after whatever writes, an order that
    became confirmed has a contract signed by both sides, and one that is confirmed
    stays within it, or it is all undone.
    """

    _inherit = "sale.order"

    @api.model_create_multi
    def create(self, vals_list):
        if not any(
            vals.get("state", "draft") != "draft" or vals.get("contract_id")
            for vals in vals_list
        ) and self.default_get(["state"]).get("state", "draft") in ("draft", False):
            return super().create(vals_list)
        with self._approval_savepoint():
            orders = super().create(vals_list)
            for order in orders.filtered("contract_id"):
                order._contract_check_new()
            orders._contract_check_confirmed()
        return orders

    def write(self, vals):
        if not (_RELEVANT | _CONTENT).intersection(vals):
            return super().write(vals)
        if not _CONTENT.intersection(vals):
            return self._contract_write(vals)
        with self._contract_hold():
            return self._contract_write(vals)

    def _contract_write(self, vals):
        if not _RELEVANT.intersection(vals):
            return super().write(vals)
        if "contract_id" in vals:
            self._contract_check_move(vals["contract_id"])
        guarded = self.env.cr.cache.setdefault(_GUARDED, set())
        own = self.filtered(lambda order: order.id and order.id not in guarded)
        before = own._contract_before()
        if not own or not ("state" in vals or before):
            return super().write(vals)
        mine = set(own.ids)
        guarded |= mine
        try:
            with self._approval_savepoint():
                result = super().write(vals)
                (own - before)._contract_check_confirmed()
                if vals.keys() & (_RELEVANT - {"state"}):
                    before._contract_check_confirmed()
        finally:
            guarded -= mine
        return result

    def _contract_before(self):
        """Return those that are confirmed already."""
        # sudo: the gate sees the same whoever acts
        return self.filtered(lambda order: order.sudo().state == "sale")

    def _contract_check_new(self):
        """Hold a new order against the contract it was created with."""
        # sudo: the facts are the same whoever acts
        contract = self.sudo().contract_id
        if contract.state in ("terminated", "cancel") or (
            contract.state == "signed"
            and contract.kind == "order"
            and contract.orders_content
        ):
            raise UserError(
                self.env._(
                    "%(contract)s does not take this order: it was signed for others, "
                    "or is not in force.",
                    contract=contract.name,
                )
            )

    def _contract_check_confirmed(self):
        """Refuse confirmed orders whose type wants a signed contract they lack.

        :raise UserError: naming what is missing
        """
        # sudo: the gate sees the same whoever acts
        orders = self.exists().sudo()
        orders = orders.filtered(
            lambda order: order.state == "sale" and order._contract_is_required()
        )
        orders.contract_id._bump()  # two orders at once under one ceiling
        texts = [
            self.env._(
                "%(order)s: %(text)s",
                order=order.name,
                text=self._contract_problem_text(problem, order.contract_id.name or ""),
            )
            for order in orders
            if (problem := order._contract_get_problem())
        ]
        if texts:
            raise UserError("\n".join(texts))

    # What is confirmed already ------------------------------------------------------

    @contextmanager
    def _contract_hold(self):
        """Hold what the block changes of confirmed orders against their contracts.

        An order with a contract of its own stays what was signed until an agreement
        changes that; nothing more is ordered under a contract that has ended or whose
        amount is used up. Less always may be. By change request as by any other way
        (SPEC E1, E4, J2).

        :raise UserError: naming the contract; then nothing of the block is kept
        """
        held = self.env.cr.cache.setdefault(_HELD, set())
        # sudo: the gate sees the same whoever acts
        own_sudo = self.sudo().filtered(
            lambda order: (
                order.id not in held
                and order.state == "sale"
                and order.contract_id
                and order._contract_is_required()
            )
        )
        if not own_sudo:
            yield
            return
        mine = set(own_sudo.ids)
        held |= mine
        before = {
            order: (order._contract_get_content(), order.amount_total)
            for order in own_sudo
        }
        try:
            with self._approval_savepoint():
                yield
                own_sudo._contract_check_held(before)
        finally:
            held -= mine

    def _contract_check_held(self, before):
        """Refuse what is not signed, or too much, of confirmed orders; call as sudo.

        :param dict before: content and total of each order before it was changed
        :raise UserError: naming the contract
        """
        changed = self.exists().filtered(
            lambda order: (
                order.state == "sale"
                and order._contract_get_content() != before[order][0]
            )
        )
        changed.contract_id._bump()  # two orders at once under one ceiling
        texts = []
        for order in changed:
            problem = order._contract_get_problem()
            grew = order.currency_id.compare_amounts(
                order.amount_total, before[order][1]
            )
            if problem == "changed" or (problem and grew > 0):
                text = order._contract_problem_text(problem, order.contract_id.name)
                texts.append(f"{order.name}: {text}")
        if texts:
            raise UserError("\n".join(texts))

    def _contract_is_required(self):
        """Tell whether the order's type wants a signed contract."""
        self.ensure_one()
        rule = self.policy_type_id.contract_rule
        return bool(rule) and rule != "none"

    def _contract_get_problem(self):
        """Return the key of what is missing, or False (SPEC E1)."""
        self.ensure_one()
        order = self.sudo()  # sudo: the facts are the same whoever acts
        contract = order.contract_id
        if not contract or contract.kind in ALTERING:
            return "none"
        if contract.state == "terminated":
            return "terminated"
        if contract.state != "signed":
            return "unsigned"
        changed = bool(contract._get_agreements())
        content = order._contract_get_content()
        if contract.kind == "order" and contract.orders_content and not changed:
            if content not in contract.orders_content:
                return "changed"
            return False
        day = contract._get_today()
        start, end = contract.date_start, contract.ledger_date_end
        if (start and day < start) or (end and day > end):
            return "term"
        if order._contract_exceeds():
            return "ceiling"
        return False

    def _contract_exceeds(self):
        """Tell whether the orders of the contract come to more than was agreed."""
        contract = self.contract_id
        if not contract.ledger_amount and contract.kind == "framework":
            return False
        orders = self | contract.order_ids.filtered(lambda o: o.state == "sale")
        total = sum(
            order.currency_id._convert(
                order.amount_total,
                contract.currency_id,
                contract.company_id,
                order.date_order.date(),
            )
            for order in orders
        )
        return contract.currency_id.compare_amounts(total, contract.ledger_amount) > 0

    @api.model
    def _contract_problem_text(self, problem, contract):
        """Return in words what is missing and what to do."""
        texts = {
            "none": self.env._(
                "A signed contract is missing: draft one from the order, or choose "
                "the framework it belongs to."
            ),
            "terminated": self.env._(
                "The contract %(contract)s has been terminated.", contract=contract
            ),
            "unsigned": self.env._(
                "The contract %(contract)s is not signed by both sides yet.",
                contract=contract,
            ),
            "changed": self.env._(
                "The order is not what was signed with %(contract)s: set it back, or "
                "sign a change agreement.",
                contract=contract,
            ),
            "term": self.env._(
                "The contract %(contract)s is not valid today.", contract=contract
            ),
            "ceiling": self.env._(
                "The orders come to more than the contract %(contract)s allows.",
                contract=contract,
            ),
        }
        return texts.get(problem, "")

    # Beforehand, and later -----------------------------------------------------------

    def _confirmation_error_message(self):
        """EXTENDS 'sale': the friendly words; the gate is on the values."""
        message = super()._confirmation_error_message()
        if message or not self._contract_is_required():
            return message
        problem = self._contract_get_problem()
        if not problem:
            return False
        return self._contract_problem_text(problem, self.contract_id.name or "")

    def _policy_may_be_parked(self):
        """EXTENDS 'sale_order_policy': also while the contract is being signed."""
        return super()._policy_may_be_parked() or self._contract_is_required()

    def _approval_park(self, reason, error):
        """EXTENDS 'sale_order_policy': who signed on the portal has signed."""
        if reason == "placed" and self.signature:
            reason = "signed"
        return super()._approval_park(reason, error)

    def _contract_resume(self):
        """Confirm the order if its customer has done his part and it was approved."""
        self.ensure_one()
        if (
            self.approval_parked_reason
            and self.state in ("draft", "sent")
            and self._approval_is_cleared()
        ):
            self._approval_resume()
