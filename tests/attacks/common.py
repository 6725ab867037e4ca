"""Orders in every stage, a caller from outside, and the judgement of an attack."""

import json
from contextlib import nullcontext
from dataclasses import dataclass, field
from types import SimpleNamespace
from unittest.mock import patch

from psycopg2 import IntegrityError
from psycopg2.extensions import TRANSACTION_STATUS_INERROR

from odoo.exceptions import AccessDenied, UserError, ValidationError
from odoo.fields import Command, Datetime
from odoo.service.model import call_kw
from odoo.tools import mute_logger

from odoo.addons.sale_order_policy.tests.common import SaleOrderPolicyCommon

from . import people, snapshot

REFUSED = "refused"  # in words; nothing whatever is changed
KEPT = "kept"  # whatever the answer, nothing is changed
STOPPED = "stopped"  # refused in words at some step; what was approved stands or falls
SUPERSEDED = "superseded"  # done, and the round no longer counts
LAPSED = "lapsed"  # cancelled, and the approval is used up
ALLOWED = "allowed"  # done, and what was approved still is what there is
DONE = "done"  # done, and something is changed
WITHIN = "within"  # whatever the answer, all that is in force was agreed to

OPEN = ("draft", "pending", "approved")
CONTROLLED = ("pending", "approved", "confirmed")
STAGES = (*CONTROLLED, "refused")


@dataclass(frozen=True)
class Attack:
    """One row of the matrix: a way in, who tries it, when, and what must happen."""

    route: object
    who: tuple
    at: tuple
    must: str

    def __str__(self):
        name = self.route.__name__.replace("_", " ")
        return f"{name} must be {self.must}"


@dataclass
class Outcome:
    """What a call came to."""

    result: object = None
    error: str = ""
    message: str = ""
    in_words: bool = False
    added: list = field(default_factory=list)

    @classmethod
    def of_error(cls, error):
        """Return the outcome of a call that raised ``error``."""
        # who is not let in at all has not been refused anything
        known = isinstance(error, UserError) and not isinstance(error, AccessDenied)
        words = known and bool(str(error).strip())
        return cls(error=type(error).__name__, message=str(error)[:200], in_words=words)


class Caller:
    """Calls methods as a user does from outside: public ones, with plain JSON."""

    def __init__(self, env, user, su=False):
        self.env = env
        self.uid = user.id
        self.su = su
        #: whether a refused call leaves nothing behind, as a request of its own does;
        #: else it is as if code that goes on had swallowed the refusal
        self.is_request = False
        self.context = {
            "lang": "en_US",
            "tz": "UTC",
            "uid": user.id,
            "allowed_company_ids": (user.company_id | user.company_ids).ids,
        }

    def __call__(self, model, method, *args, context=None, **kwargs):
        """Call a method; ids come first in ``args`` unless it is a model's method."""
        context = {**self.context, **(context or {})}
        args, kwargs, context = json.loads(json.dumps([args, kwargs, context]))
        records = self.env(user=self.uid, su=self.su, context={})[model]
        around = self.env.cr.savepoint if self.is_request else nullcontext
        try:
            with around():
                kwargs["context"] = context
                result = call_kw(records, method, args, kwargs)
                self.env.flush_all()
        except IntegrityError as error:
            # Odoo says it in words to whoever calls from outside
            raise ValidationError(str(error)) from error
        return result


class RequestCaller(Caller):
    """Has Odoo take the caller for whose request this is, as a server does.

    Commands on some models are done as that user, whatever rights the code has.
    """

    def __call__(self, *args, **kwargs):
        own = self.env(user=self.uid, su=self.su)
        with patch.object(self.env.transaction, "default_env", own):
            return super().__call__(*args, **kwargs)


class AttackCommon(SaleOrderPolicyCommon):
    """People of every group, and an order in every stage of its approval."""

    #: what is watched: queries of :mod:`snapshot`
    rows = snapshot.ROWS
    #: who calls
    caller = Caller
    #: the stages an order is made in
    stages = ("draft", "pending", "refused", "approved", "confirmed")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        # no gate, and looked at anew by every attempt
        cls.env["sale.order.type"].search([]).check_feasibility = False
        cls.users = people.create(cls.env)
        for code, department in cls.departments.items():
            members = [cls.users[r].id for r, c in people.MEMBERS.items() if c == code]
            if members:
                department.member_ids = [Command.set(members)]
        cls.users["customer"].partner_id.parent_id = cls.partner
        cls._create_surroundings()
        cls._create_extras()
        cls._create_delegations()
        cls.orders = {stage: getattr(cls, f"_make_{stage}")() for stage in cls.stages}
        cls.former.with_user(cls.users["supervisor"]).active = False
        cls.targets = {stage: cls._target(order) for stage, order in cls.orders.items()}
        cls.callers = {}
        cls.tables = snapshot.tables(cls.env.cr)
        cls.env.flush_all()

    @classmethod
    def _create_surroundings(cls):
        cls.product.write({"is_storable": True, "list_price": 100.0})
        cls.second = cls._create_product(name="Second", list_price=50.0)
        cls.cheap = cls._create_product(name="Cheap", list_price=100.0)
        cls.other_partner = cls.env["res.partner"].create(
            {"name": "Other customer", "email": cls.partner.email, "street": "2 Way"}
        )
        cls.term = cls.env["account.payment.term"].create({"name": "In 120 days"})
        cls.own_term = cls.env["account.payment.term"].create({"name": "In 30 days"})
        cls.half = cls.env["product.pricelist"].create(
            {
                "name": "Half price",
                "item_ids": [
                    Command.create(
                        {"compute_price": "percentage", "percent_price": 50.0}
                    )
                ],
            }
        )
        cls.own_pricelist = cls.env["product.pricelist"].create(
            {"name": "Own", "company_id": False}
        )
        cls.partner.property_product_pricelist = cls.own_pricelist
        group = cls.env["account.tax.group"].create({"name": "Attack"})
        cls.tax, cls.own_tax = cls.env["account.tax"].create(
            [
                {"name": f"Attack {n}", "amount": n, "tax_group_id": group.id}
                for n in (7, 13)
            ]
        )
        cls.other_company = cls.env["res.company"].create({"name": "Uncontrolled"})
        cls.users["traveller"].company_ids = cls.company | cls.other_company

    @classmethod
    def _create_extras(cls):
        """Create what is added to orders besides what is sold, and an old flow."""
        cls.env["document.approval.flow"].create(
            {
                "name": "Put away long ago",
                "active": False,
                "sequence": -9,
                "company_id": cls.company.id,
                "model_id": cls.flow.model_id.id,
            }
        )
        program = cls.env["loyalty.program"].create(
            {
                "name": "Half off",
                "program_type": "promo_code",
                "trigger": "with_code",
                "rule_ids": [Command.create({"code": "ATTACK", "mode": "with_code"})],
                "reward_ids": [
                    Command.create({"reward_type": "discount", "discount": 50})
                ],
            }
        )
        cls.reward = program.reward_ids
        cls.company.sale_discount_product_id = cls._create_product(
            name="Discount", type="service", invoice_policy="order"
        )
        cls.carrier = cls.env["delivery.carrier"].create(
            {
                "name": "Attack Express",
                "product_id": cls._create_product(name="Freight", type="service").id,
                "fixed_price": 20.0,
            }
        )

    @classmethod
    def _create_delegations(cls):
        """Have the supervisor stood in for, and give operations a checklist."""
        cls.delegation, cls.former = (
            cls.env["document.approval.delegation"]
            .with_user(cls.users["supervisor"])
            .create(
                [
                    {
                        "delegate_id": cls.users[role].id,
                        "date_from": Datetime.subtract(Datetime.now(), hours=1),
                        "date_to": Datetime.add(Datetime.now(), days=5),
                        "department_ids": [Command.set(cls.departments["sales"].ids)],
                    }
                    for role in ("deputy", "former deputy")
                ]
            )
        )
        cls.flow.level_ids.seat_ids.filtered(
            lambda seat: seat.department_id == cls.departments["operations"]
        ).check_ids = [Command.create({"name": "Can it be delivered?"})]

    @classmethod
    def _make_draft(cls):
        return cls._create_order(
            {"product_id": cls.product.id, "product_uom_qty": 10.0, "price_unit": 90.0},
            {"product_id": cls.second.id, "product_uom_qty": 4.0},
            user=cls.users["owner"],
            payment_term_id=cls.own_term.id,
            pricelist_id=cls.own_pricelist.id,
        ).with_env(cls.env)

    @classmethod
    def _make_pending(cls):
        order = cls._make_draft()
        order.order_line.tax_ids = cls.own_tax
        order.with_user(cls.users["owner"]).action_submit_for_approval()
        return order

    @classmethod
    def _make_refused(cls):
        order = cls._make_pending()
        seat = order.sudo().approval_round_id.seat_ids.filtered(
            lambda seat: seat.state == "open"
        )
        seat.with_user(cls.users["supervisor"]).action_refuse("Too cheap")
        return order

    @classmethod
    def _make_approved(cls):
        order = cls._make_pending()
        cls._approve(order)
        return order

    @classmethod
    def _make_confirmed(cls):
        order = cls._make_approved()
        order.with_user(cls.users["owner"]).action_confirm()
        return order

    @classmethod
    def _target(cls, order):
        """Return the ids an attacker may know of, all of plain numbers."""
        round_sudo = order.sudo().approval_round_id
        spare = cls._make_draft()
        seats = round_sudo.seat_ids.sorted("level_sequence")
        return SimpleNamespace(
            order=order.id,
            lines=order.order_line.ids,
            round=round_sudo.id,
            seats=seats.ids,
            decisions=round_sudo.decision_ids.ids,
            questions=seats.check_ids.ids,
            answers=seats.check_ids.answer_ids.ids,
            pickings=order.picking_ids.ids,
            moves=order.picking_ids.move_ids.ids,
            spare=spare.id,
            spare_lines=spare.order_line.ids,
            token=order.sudo()._portal_ensure_token(),
            **cls._common_ids(),
        )

    @classmethod
    def _common_ids(cls):
        names = "product second cheap partner other_partner term own_term half tax"
        names += " own_pricelist own_tax company other_company flow reward carrier"
        ids = {name: getattr(cls, name).id for name in names.split()}
        uom = cls.env.ref("uom.product_uom_dozen")
        return {
            **ids,
            "dozen": uom.id,
            "warehouse": cls._warehouse(cls.company).id,
            "other_warehouse": cls._warehouse(cls.other_company).id,
            "levels": cls.flow.level_ids.ids,
            "places": cls.flow.level_ids.seat_ids.ids,
            "departments": {code: d.id for code, d in cls.departments.items()},
            "delegation": cls.delegation.id,
            "former": cls.former.id,
            "field": cls.env["ir.model.fields"]._get("sale.order", "partner_id").id,
            "reason": cls.env["document.approval.reason"].search([], limit=1).id,
            "users": {role: user.id for role, user in cls.users.items()},
            "partners": {role: user.partner_id.id for role, user in cls.users.items()},
        }

    @classmethod
    def _warehouse(cls, company):
        warehouses = cls.env["stock.warehouse"]
        return warehouses.search([("company_id", "=", company.id)], limit=1)

    # Judging ---------------------------------------------------------------------

    def setUp(self):
        super().setUp()
        self.watched = [
            *(order.id for order in self.orders.values()),
            *(target.spare for target in self.targets.values()),
        ]
        self._remember()

    def _remember(self):
        """Take what there is now as what an attack may not change."""
        self.env.flush_all()
        self.before = snapshot.take(self.env.cr, self.watched, self.rows)
        self.mark = snapshot.mark(self.env.cr, self.watched, self.rows)
        self.written = snapshot.count_writes(self.env.cr, self.tables)
        # what was made for the test is counted, unless the database counts nothing
        self.assertTrue(self.written)

    def _changes(self):
        """Return in words what is not as it was at the beginning."""
        self.env.flush_all()
        written = snapshot.count_writes(self.env.cr, self.tables)
        if written == self.written:
            return []
        self.written = written
        if snapshot.mark(self.env.cr, self.watched, self.rows) == self.mark:
            return []
        after = snapshot.take(self.env.cr, self.watched, self.rows)
        return snapshot.differences(self.before, after)

    def _attempt(self, attack, role, stage, rpc=None):
        """Try one row as one person; return in words what is wrong, or nothing.

        Unless it takes several calls, what a refused one did is not rolled back first:
        code that swallows the refusal must not be left with half of the attack.
        """
        target = self.targets[stage]
        savepoint = self.env.cr.savepoint()
        rpc = rpc or self._caller(role)
        rpc.is_request = attack.must == STOPPED
        # caches the attempt invalidates hold what is rolled back; others stay
        self.env.registry.cache_invalidated.clear()
        try:
            outcome = self._call(attack.route, rpc, target)
            if self._is_aborted():
                savepoint.rollback()
            changes = self._changes()
            problem = self._judge(attack, stage, outcome, changes)
            if changes and not problem:
                problem = self._find_unapproved()
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all(flush=False)
            for name in set(self.env.registry.cache_invalidated):
                self.env.registry.clear_cache(name)
        return problem and f"{attack} by {role} at {stage}: {problem}"[:400]

    def _find_unapproved(self):
        """Return in words which confirmed order is not what somebody approved."""
        for order in self.env["sale.order"].search(
            [("state", "=", "sale"), ("company_id", "=", self.company.id)]
        ):
            round_sudo = order.sudo().approval_round_id
            if (
                round_sudo.state != "approved"
                or not round_sudo.is_applied
                or not self._get_seats(order)
                or order._approval_fingerprints()[order.id] != round_sudo.fingerprint
            ):
                return f"{order.name} is confirmed otherwise than it was approved"
        return None

    def _get_seats(self, order):
        """Return the seats of those who agreed to the order as it is."""
        return order.sudo().approval_round_id.seat_ids

    def _is_aborted(self):
        """Tell whether the database refused, so that nothing more can be asked."""
        status = self.env.cr._cnx.get_transaction_status()
        return status == TRANSACTION_STATUS_INERROR

    def _caller(self, role):
        if role not in self.callers:
            su = role == people.SUPERUSER
            user = self.env.ref("base.user_root") if su else self.users[role]
            self.callers[role] = self.caller(self.env, user, su=su)
        return self.callers[role]

    def _call(self, route, rpc, target):
        try:
            with mute_logger("odoo.sql_db", "odoo.models.unlink"):
                return Outcome(result=route(rpc, target))
        except Exception as error:  # judged by its kind
            return Outcome.of_error(error)

    def _judge(self, attack, stage, outcome, changes):
        if outcome.error and not outcome.in_words:
            return f"crashed with {outcome.error}: {outcome.message}"
        return getattr(self, f"_judge_{attack.must}")(stage, outcome, changes)

    def _judge_refused(self, _stage, outcome, changes):
        if not outcome.error:
            return f"went through: {changes or outcome.result}"
        return changes and f"refused, but changed: {changes}"

    def _judge_stopped(self, _stage, outcome, changes):
        return not outcome.error and f"went through: {changes or outcome.result}"

    def _judge_kept(self, _stage, _outcome, changes):
        return changes and f"changed: {changes}"

    def _judge_done(self, _stage, outcome, changes):
        if outcome.error:
            return f"{outcome.error}: {outcome.message}"
        return not changes and "nothing was changed"

    def _judge_within(self, _stage, _outcome, _changes):
        """Leave it to what is looked for after every change."""
        return None

    def _judge_superseded(self, stage, outcome, changes):
        if outcome.error:
            return f"{outcome.error}: {outcome.message}"
        order = self.orders[stage].sudo()
        order.invalidate_recordset()
        if order.state not in ("draft", "sent"):
            return f"order is {order.state}: {changes}"
        if order.approval_state != "superseded":
            return f"round is {order.approval_state}: {changes}"
        error = self._call(_confirm, self._caller("sales manager"), self.targets[stage])
        return not error.error and "it can be confirmed all the same"

    def _judge_lapsed(self, stage, outcome, changes):
        if outcome.error:
            return f"{outcome.error}: {outcome.message}"
        order = self.orders[stage].sudo()
        order.invalidate_recordset()
        if (order.state, order.approval_state) != ("cancel", "lapsed"):
            return f"{order.state}, {order.approval_state}: {changes}"
        return None

    def _judge_allowed(self, stage, outcome, _changes):
        if outcome.error:
            return f"{outcome.error}: {outcome.message}"
        order = self.orders[stage].sudo()
        order.invalidate_recordset()
        round_sudo = order.approval_round_id
        if order._approval_fingerprints()[order.id] != round_sudo.fingerprint:
            return "what was approved is no longer what there is"
        expected = {"confirmed": ("sale", "approved"), "refused": ("draft", "refused")}
        default = ("draft", stage)
        found = (order.state, order.approval_state)
        if found != expected.get(stage, default) and found != ("sent", stage):
            return f"it is {found}"
        return None

    def _run(self, rows):
        """Try all rows and fail with everything that is wrong."""
        problems = []
        count = 0
        for attack in rows:
            for stage in attack.at:
                for role in attack.who:
                    count += 1
                    problem = self._attempt(attack, role, stage)
                    if problem:
                        problems.append(problem)
        self.assertTrue(count, "no row was tried")
        if problems:
            self.fail(f"{len(problems)} of {count} attacks:\n" + "\n".join(problems))


def _confirm(rpc, at):
    """Confirm with Odoo's own button."""
    return rpc("sale.order", "action_confirm", [at.order])
