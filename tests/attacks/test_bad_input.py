"""Nonsense from outside: an answer in words, and nothing changed."""

import itertools
import math

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from . import routes_engine as engine
from .common import KEPT, Attack, AttackCommon

#: what somebody may send where words are expected
NO_WORDS = (
    None,
    False,
    True,
    0,
    -1,
    7,
    2**70,
    1.5,
    [],
    [1],
    [[1]],
    {},
    {"a": 1},
    "",
    "   ",
    "\x00",
)
#: words, though odd ones
ODD_WORDS = (
    "nul\x00nul",
    "\ud83d\ude00 '; DROP TABLE sale_order; --",
    "<script>alert(1)</script>",
    "x" * 100000,
)
NO_IDS = ([], [-1], [999999999], [999999999, 999999998])
NO_NUMBERS = (
    -1,
    -(2**31),
    2**31 - 1,
    10**7,
    1e12,
    1e308,
    math.inf,
    -math.inf,
    math.nan,
)
NO_INTEGERS = (-1, -(2**31), 2**31 - 1, 2**31, 10**7, 10**30)
NO_DOMAINS = (
    "[(",
    "[" * 5000,
    "(" * 300 + "1" + ")" * 300,
    "nonsense",
    "7",
    "{'a': 1}",
    "b'x'",
    "'x'",
    "\x00",
    "[None]",
    "[(1, 2, 3)]",
    "['&']",
    "['!'] * 9",
    "[('amount_total', '=', 1), '&']",
    "[('amount_total', '>', 'abc')]",
    "[('amount_total', '>', [1])]",
    "[('amount_total', '<', None)]",
    "[('amount_total', 'in', 5)]",
    "[('amount_total', '=', 1e999)]",
    "[('partner_id', 'any', 5)]",
    "[('partner_id', '=', {})]",
    "[('partner_id', 'child_of', 'x')]",
    "[('partner_id.nothing', '=', 1)]",
    "[('partner_id.name', '<', 3)]",
    "[('name', 'any', [])]",
    "[('name', '=ilike', [])]",
    "[('date_order', '>', 'nonsense')]",
    "[('date_order', '>', 5)]",
    "[('company_id', 'in', ['x'])]",
    "[('display_name', '=', ('a',))]",
    "[('order_line', 'any', [('price_unit', '>', None)])]",
    "[('message_ids', 'ilike', 'x')]",
    "[('activity_state', '=', 'x')]",
    "[('state', '=', 1)]",
    "__import__('os').getcwd()",
)


@tagged("standard", "post_install", "-at_install")
class TestBadInput(AttackCommon):
    """No traceback, no psycopg2 error, no hanging; the next user can still work."""

    def _check(self, route, role, stage="pending", must=KEPT):
        return self._attempt(Attack(route, (role,), (stage,), must), role, stage)

    def _check_all(self, calls, role):
        """Make calls ``{what: route}`` and fail with all that went wrong."""
        problems = []
        for what, route in calls.items():
            problem = self._check(route, role)
            if problem:
                problems.append(f"{what}: {problem}")
        self.assertTrue(calls)
        if problems:
            self.fail(f"{len(problems)} of {len(calls)}:\n" + "\n".join(problems))

    # Deciding ----------------------------------------------------------------

    def test_reasons_that_are_no_words(self):
        """A refusal without a reason in words is none."""

        def refuse(value):
            return lambda rpc, at: rpc(
                "document.approval.seat", "action_refuse", at.seats[:1], value
            )

        self._check_all({repr(v)[:40]: refuse(v) for v in NO_WORDS}, "supervisor")

    def test_comments_that_are_no_words(self):
        """They are refused in words, or count for nothing beside the approval."""
        problems = []
        for value in (*NO_WORDS, *ODD_WORDS):

            def approve(rpc, at, value=value):
                seats = at.seats[:1]
                rpc("document.approval.seat", "action_approve", seats, value)
                raise UserError("approved")

            outcome = self._outcome_of(approve, "supervisor", "pending")
            if not outcome.in_words:
                problems.append(f"{value!r:.40}: {outcome.error} {outcome.message}")
        self.assertFalse(problems)

    def _outcome_of(self, route, role, stage):
        savepoint = self.env.cr.savepoint()
        try:
            return self._call(route, self._caller(role), self.targets[stage])
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all(flush=False)

    def test_ids_of_nothing(self):
        methods = (
            ("document.approval.seat", "action_approve"),
            ("document.approval.seat", "action_refuse"),
            ("sale.order", "action_submit_for_approval"),
            ("sale.order", "action_withdraw_approval"),
            ("document.approval.seat", "action_ask"),
            ("document.approval.seat", "action_add_seat"),
            ("document.approval.delegation", "action_end"),
        )
        words = {"action_refuse": ["no"], "action_ask": ["why?"]}
        words["action_add_seat"] = [self.departments["technical"].id, "look"]

        def call(model, method, ids):
            return lambda rpc, at: rpc(model, method, ids, *words.get(method, []))

        calls = {
            f"{model}.{method}({ids})": call(model, method, ids)
            for (model, method), ids in itertools.product(methods, NO_IDS)
        }
        for role in ("supervisor", "owner"):
            self._check_all(calls, role)

    def test_arguments_nobody_asked_for(self):
        calls = {
            "unknown seats": lambda rpc, at: rpc(
                "document.approval.decide",
                "create",
                {"seat_ids": [[6, 0, [999999999]]], "decision": "approve"},
            ),
            "seats of the context": lambda rpc, at: engine._by_wizard(
                rpc,
                {},
                {"active_model": "document.approval.seat", "active_ids": [999999999]},
            ),
            "refused without words": lambda rpc, at: engine._by_wizard(
                rpc, {"decision": "refuse", "seat_ids": [[6, 0, at.seats[:1]]]}, {}
            ),
            "nothing chosen": lambda rpc, at: engine._by_wizard(rpc, {}, {}),
        }
        self._check_all(calls, "supervisor")

    # Calling in, answering, standing in, releasing -----------------------------

    def test_calling_in_nonsense(self):
        department = self.departments["technical"].id
        arguments = [
            *([value, "look"] for value in (*NO_WORDS, 10**30, {"id": department})),
            *([department, value] for value in NO_WORDS),
            *(
                [department, "look", value]
                for value in ({"a": 1}, "abc", [[1]], [1e99])
            ),
            *([value.id, "look"] for value in self._departments_not_to_be_asked()),
            [],
        ]

        def call(values):
            return lambda rpc, at: rpc(
                "document.approval.seat", "action_add_seat", at.seats[:1], *values
            )

        calls = {f"{values!r:.60}": call(values) for values in arguments}
        self._check_all(calls, "supervisor")

    def _departments_not_to_be_asked(self):
        """Return a department elsewhere, one that is gone, and the seat's own."""
        values = {"name": "Elsewhere", "code": "elsewhere"}
        elsewhere, gone = self.env["document.approval.department"].create(
            [
                {**values, "company_id": self.other_company.id},
                {**values, "company_id": self.company.id, "active": False},
            ]
        )
        self._remember()
        return elsewhere, gone, self.departments["sales"]

    def test_answers_that_are_none(self):
        """What is no answer is refused in words; those of others count for nothing."""
        seat = self._question_the_supervisor()
        question = seat.check_ids.id
        values = [
            *(value for value in NO_WORDS if value),
            *({question: value} for value in (*NO_WORDS, "maybe", "YES", ["yes"])),
            *(
                {question: {"answer": "yes", "remark": value}}
                for value in (True, 7, [1], {"a": 1})
            ),
            {question: {"remark": "yes"}},
            {"x": "yes", "-1": "yes", "999999999999": "yes"},
            {str(check): "yes" for check in self.targets["confirmed"].questions},
        ]

        def approve(value):
            return lambda rpc, at: rpc(
                "document.approval.seat", "action_approve", seat.ids, "", value
            )

        calls = {f"{value!r:.60}": approve(value) for value in values}
        self._check_all(calls, "supervisor")

    def _question_the_supervisor(self):
        """Return the supervisor's seat on an order, with a question."""
        place = self.flow.level_ids.seat_ids.filtered(
            lambda seat: seat.department_id == self.departments["sales"]
        )
        place.check_ids = [Command.create({"name": "Is it sound?"})]
        order = self._make_pending()
        self._remember()
        return order.sudo().approval_round_id.seat_ids.filtered("check_ids")[:1]

    def test_emergencies_that_are_none(self):
        def dialog(model, res_id):
            values = {"res_model": model, "res_id": res_id, "reason": "fire"}

            def call(rpc, at):
                wizard = rpc("document.approval.emergency", "create", [values])
                return rpc("document.approval.emergency", "action_release", wizard)

            return call

        def release(ids, reason):
            return lambda rpc, at: rpc(
                "sale.order", "action_emergency_release", ids or [at.order], reason
            )

        orders = [self.orders["draft"].id, self.orders["refused"].id]
        self._check_all(
            {
                **{
                    f"{model} {res_id}": dialog(model, res_id)
                    for model, res_id in (
                        ("sale.order", 0),
                        ("sale.order", -5),
                        ("sale.order", 999999999),
                        ("res.users", 2),
                        ("sale.order.line", 1),
                        ("document.approval.mixin", 1),
                        ("nonsense", 1),
                    )
                },
                **{repr(v)[:40]: release(None, v) for v in NO_WORDS},
                "several": release(orders, "fire"),
                "nothing": release([999999999], "fire"),
            },
            "releaser",
        )

    def test_absences_that_are_none(self):
        def absence(**values):
            values = {
                "delegate_id": self.users["director"].id,
                "date_from": "2030-01-01 00:00:00",
                "date_to": "2030-02-01 00:00:00",
                **values,
            }
            return lambda rpc, at: self._as_request(
                rpc, "document.approval.delegation", "create", [values]
            )

        elsewhere = self._departments_not_to_be_asked()[0]
        self._check_all(
            {
                "ends before it begins": absence(date_to="2029-01-01 00:00:00"),
                "no beginning": absence(date_from=False),
                "nobody": absence(delegate_id=False),
                "unknown": absence(delegate_id=999999999),
                "the system": absence(delegate_id=1),
                "a customer": absence(delegate_id=self._customer_id()),
                "company elsewhere": absence(company_id=self.other_company.id),
                "department elsewhere": absence(department_ids=[[6, 0, elsewhere.ids]]),
                "unknown department": absence(department_ids=[[6, 0, [999999999]]]),
                "a new department": absence(
                    department_ids=[[0, 0, {"name": "x", "code": "x"}]]
                ),
            },
            "supervisor",
        )

    def _as_request(self, rpc, *call):
        """Call so that nothing is kept of what is refused, as the server does."""
        rpc.is_request = True
        return rpc(*call)

    # Setting up --------------------------------------------------------------

    def _after(self, what, write):
        """Let the approvals manager write; then somebody must be able to go on.

        :return: what is wrong, or nothing
        """
        savepoint = self.env.cr.savepoint()
        try:
            outcome = self._call(
                write, self._caller("approvals manager"), self.targets["draft"]
            )
            if outcome.error:
                return not outcome.in_words and f"{what}: {outcome}"
            return self._try_to_work(what)
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all(flush=False)
            self.env.registry.clear_cache()

    def _try_to_work(self, what):
        """Submit, decide and confirm; each may be refused in words only."""
        target = self.targets["draft"]
        steps = (
            ("owner", lambda rpc, at: rpc("sale.order", "read", [at.order])),
            ("owner", engine.submit_again),
            ("supervisor", lambda rpc, at: _approve_what_is_open(rpc, at)),
            ("owner", lambda rpc, at: rpc("sale.order", "action_confirm", [at.order])),
        )
        for role, step in steps:
            outcome = self._call(step, self._caller(role), target)
            if outcome.error and not outcome.in_words:
                return f"{what}, then {role}: {outcome.error} {outcome.message}"
        order = self.orders["draft"]
        order.invalidate_recordset()
        approvers = order.sudo().approval_round_id.seat_ids.filtered("is_required")
        if order.state == "sale" and not (approvers or self.may_be_free):
            return f"{what}: confirmed without anybody being asked"
        return None

    def _check_after(self, writes, may_be_free=False):
        """Let each of ``writes`` be done and somebody go on, and fail with problems.

        :param bool may_be_free: orders may come to need no review by it
        """
        self.may_be_free = may_be_free
        problems = [self._after(what, write) for what, write in writes.items()]
        self.assertTrue(problems)
        wrong = [problem for problem in problems if problem]
        if wrong:
            self.fail(f"{len(wrong)} of {len(problems)}:\n" + "\n".join(wrong))

    def test_people_and_departments_there_are_not(self):
        def department(**values):
            return lambda rpc, at: rpc(
                "document.approval.department",
                "write",
                [at.departments["sales"]],
                values,
            )

        self._check_after(
            {
                "unknown member": department(member_ids=[[4, 999999999]]),
                "unknown head": department(head_id=999999999),
                "no members": department(member_ids=[[5]]),
                "archived": department(active=False),
                "no name": department(name=False),
                "no code": department(code=""),
                "twice the same code": department(code="finance"),
                "own fallback": department(fallback_id=self.departments["sales"].id),
                "unknown fallback": department(fallback_id=999999999),
                "company elsewhere": department(company_id=self.other_company.id),
                "unknown company": department(company_id=999999999),
                "portal member": department(member_ids=[[4, self._customer_id()]]),
                "huge sequence": department(sequence=2**31 - 1),
            }
        )

    def _customer_id(self):
        return self.users["customer"].id

    def test_numbers_of_places(self):
        def place(**values):
            return lambda rpc, at: rpc(
                "document.approval.flow.seat", "write", at.places, values
            )

        self._check_after(
            {
                **{f"limit {n}": place(deadline_days=n) for n in NO_NUMBERS},
                **{
                    f"quorum {n}": place(rule="quorum", quorum=n)
                    for n in NO_INTEGERS[:3]
                },
                "unknown department": place(department_id=999999999),
                "no department": place(department_id=False),
            }
        )

    def test_validity(self):
        for days in (-1, 10**7, 2**31 - 1):
            with self.subTest(days=days):

                def write(rpc, at, days=days):
                    values = {"document_approval_validity_days": days}
                    with self.env.cr.savepoint():
                        self.company.write(values)

                self._check_after({f"validity {days}": write})

    def test_flows_that_lead_nowhere(self):
        def of(model, method, *values):
            def write(rpc, at):
                ids = {"flow": [at.flow], "flow.level": at.levels}
                ids["flow.seat"] = at.places
                return rpc(f"document.approval.{model}", method, ids[model], *values)

            return write

        self._check_after(
            {
                "no places": of("flow.seat", "unlink"),
                "no levels": of("flow.level", "unlink"),
                "no levels by the flow": of("flow", "write", {"level_ids": [[5]]}),
                "only optional places": of(
                    "flow.seat", "write", {"is_required": False}
                ),
                "unknown type": of("flow", "write", {"model_id": 999999999}),
                "no fallback": of("flow", "write", {"fallback_department_id": False}),
                "elsewhere": of("flow", "write", {"company_id": self.other_company.id}),
                "negative sequence": of("flow.level", "write", {"sequence": -5}),
            }
        )

    def test_conditions_that_are_none(self):
        """Whatever is accepted as a condition can be evaluated on an order."""

        def condition(model, domain):
            ids = {"flow": [self.flow.id], "flow.level": self.flow.level_ids[:1].ids}
            values = {"domain": domain}
            if model == "flow.level":
                values["participation"] = "domain_or_finding"
            return lambda rpc, at: rpc(
                f"document.approval.{model}", "write", ids[model], values
            )

        for model in ("flow", "flow.level"):
            writes = {domain[:40]: condition(model, domain) for domain in NO_DOMAINS}
            self._check_after(writes, may_be_free=True)

    # Orders ------------------------------------------------------------------

    def test_numbers_of_orders(self):
        """An order with an absurd number is answered in words all the way."""

        def line(**values):
            return lambda rpc, at: _write_as_owner(self, at, values)

        names = ("product_uom_qty", "price_unit", "discount", "customer_lead")
        self._check_after(
            {
                f"{name} {number}": line(**{name: number})
                for name in names
                # Odoo itself stumbles over what is not finite
                for number in (-1, 0, 1e12, 1e15, 1e300)
            }
        )

    def test_archived_product(self):
        self.product.active = False
        outcome = self._outcome_of(engine.submit_again, "owner", "draft")
        self.assertTrue(outcome.in_words)
        self.assertIn("archived", outcome.message)

    def test_snapshots_see_a_difference(self):
        """The judge is not blind: a plain change shows in the snapshot."""
        self.orders["draft"].order_line[0].product_uom_qty = 3
        changes = [c for c in self._changes() if "product_uom_qty 10.0 -> 3.0" in c]
        self.assertTrue(changes)


def _approve_what_is_open(rpc, at):
    domain = [["res_id", "=", at.order], ["state", "=", "open"]]
    seats = rpc("document.approval.seat", "search", domain)
    return seats and rpc("document.approval.seat", "action_approve", seats)


def _write_as_owner(case, at, values):
    rpc = case._caller("owner")
    return rpc("sale.order.line", "write", at.lines[:1], values)
