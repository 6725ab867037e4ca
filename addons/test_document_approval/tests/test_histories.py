"""Random histories of documents under approval (SPEC B1 to B6).

Whatever people do in whatever order: after every step the stored state is the one
that follows from the log, and a confirmed document is what was approved.

``APPROVAL_HISTORIES`` is the number of histories (60 by default), and
``APPROVAL_HISTORIES_SEED`` a number or ``random`` to get other ones than always.
"""

import logging
import os
import random
from collections import Counter
from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun.api import freeze_time
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import run_state_machine_as_test

from odoo.fields import Command
from odoo.tests import tagged

from .common import ApprovalCommon
from .history_steps import DEPARTMENTS, START, History, action, person, pick, who

_logger = logging.getLogger(__name__)

HISTORIES, STEPS = 60, 40
SELLERS = ("requester", "requester", "colleague", "supervisor")
RELEASERS = ("manager", "releaser", "requester", "supervisor")
#: changes of a document that are none of what is approved, and those that are
HARMLESS = ("note", "remark", "same")
MATERIAL = ("price", "remove", "partner", "add", "low")
LINES = ("remark", "same", "price", "remove", "low")
#: what the histories have to show at least once, or they show nothing
SEEN = {
    *("submit", "approve", "refuse", "delegate", "add_seat", "escalate", "replace"),
    *("ask", "carry_over", "emergency", "no_review", "supersede", "withdraw", "lapse"),
    *("apply", "for somebody", "done"),
}


class Histories(History):
    """What people may do; the number says how often."""

    # What the owner does ------------------------------------------------------------

    @action(
        4,
        when=lambda self: "draft" in self._stages(),
        number=pick,
        name=st.sampled_from(SELLERS),
    )
    def submit(self, number, name):
        """Submit, or try to."""
        user, document = self.people[name], self._document(number)
        if not self._is_here(user):
            return
        current = self._current(document)
        refused = (
            not self._is_open(document)
            or self._is_valid(document)
            or (current and current[1].state == "pending")
        )
        self._do(
            f"{name} submits {document.id}",
            document.with_user(user).action_submit_for_approval,
            expected=False if refused else None,
        )

    @action(
        1,
        when=lambda self: "pending" in self._stages(),
        number=pick,
        name=st.sampled_from(SELLERS),
    )
    def withdraw(self, number, name):
        """Take a submission back: only who made it may."""
        user, document = self.people[name], self._document(number)
        if not self._is_here(user):
            return
        row, model = self._current(document) or ({"requester_id": 0}, None)
        mine = row["requester_id"] == user.id
        self._do(
            f"{name} withdraws {document.id}",
            document.with_user(user).action_withdraw_approval,
            expected=bool(mine and model.state == "pending"),
        )

    @action(
        3,
        number=pick,
        name=who | st.sampled_from(SELLERS),
        what=st.sampled_from((*HARMLESS, *MATERIAL, "salesperson")),
    )
    def edit(self, number, name, what):
        """Change something, whoever does it."""
        document, user = self._document(number), self._user(name)
        own = document.with_user(user)
        if not self._is_here(user) or what in LINES and not own.line_ids:
            return
        if what == "salesperson":  # who follows the document then, as in Odoo
            self.owners[document.id].followers |= {user.partner_id.id}
        is_done = self.facts.documents[document.id]["state"] == "done"
        # who saves what a round is about has changed nothing
        counts = self.facts.documents[document.id]["approval_state"]
        is_same = what == "same" and counts not in ("pending", "approved")
        is_edit = what in MATERIAL or is_same
        self._do(
            f"{user.login} edits {document.id}: {what}",
            self._get_edit(own, what),
            edits=(document, user) if is_edit else None,
            expected=what not in MATERIAL or not is_done,
        )

    def _get_edit(self, own, what):
        line = own.line_ids[:1]
        partners = self.case.partner | self.case.other_partner
        return {
            "price": lambda: line.write({"price": line.price + 1}),
            "low": lambda: line.write({"price": 3 if line.price != 3 else 10}),
            "same": lambda: line.write({"price": line.price}),
            "add": lambda: own.write({"line_ids": [Command.create({"name": "Lamp"})]}),
            "remove": line.unlink,
            "partner": lambda: own.write(
                {"partner_id": (partners - own.partner_id)[0].id}
            ),
            "note": lambda: own.write({"note": f"{own.note} and more"}),
            "remark": lambda: line.write({"remark": f"{line.remark} and more"}),
            "salesperson": lambda: own.sudo().write({"user_id": own.env.uid}),
        }[what]

    # What reviewers do ----------------------------------------------------------------

    @action(
        4,
        when=lambda self: self.chances,
        number=pick,
        is_refusal=st.sampled_from((False, False, False, True)),
    )
    def decide(self, number, is_refusal):
        """Decide as somebody who may."""
        self._decide(*self.chances[number % len(self.chances)], is_refusal)

    @action(2, when=lambda self: self.chances, number=pick)
    def agree_each(self, number):
        """Agree as one of the others who may, deputies last."""
        self._decide(*self.chances[-1 - number % len(self.chances)], False)

    @action(2, when=lambda self: self.chances)
    def agree(self):
        """Have everybody agree who may, until nobody is asked any more."""
        for _number in range(8):
            chances = self.chances
            if not any(self._decide(*chance, False) for chance in chances[:3]):
                break

    def _decide(self, view, model, user_id, principals, is_refusal):
        user = self.env["res.users"].browse(user_id)
        seat = self.env["document.approval.seat"].with_user(user).browse(view.seat.id)
        answers = {check.id: "yes" for check in seat.sudo().check_ids}
        fits = {model.leaves_others_filled(view, user_id, p) for p in principals}
        name = f"{user.login} on {seat.sudo().department_id.code} of {seat.res_id}"
        if is_refusal:
            return self._do(
                f"{name} refuses", lambda: seat.action_refuse("No"), expected=True
            )
        return self._do(
            f"{name} approves",
            lambda: seat.action_approve(None, answers),
            expected=fits.pop() if len(fits) == 1 else None,
        )

    @action(
        2,
        when=lambda self: self.facts.seats,
        number=pick,
        name=person,
        is_refusal=st.booleans(),
        answers=st.booleans(),
    )
    def try_to_decide(self, number, name, is_refusal, answers):
        """Decide whether one may or not."""
        seats = sorted(self.facts.seats, reverse=True)
        seat_id, user = seats[number % min(len(seats), 6)], self.people[name]
        may = any(
            (view.seat.id, user_id) == (seat_id, user.id)
            for view, _model, user_id, _principals in self.chances
        )
        seat = self.env["document.approval.seat"].with_user(user).browse(seat_id)
        checks = seat.sudo().check_ids
        given = {check.id: "yes" for check in checks} if answers else {}
        code = seat.sudo().department_id.code
        self._do(
            f"{name} tries to decide on {code} ({answers=}, {is_refusal=})",
            (lambda: seat.action_refuse("No"))
            if is_refusal
            else (lambda: seat.action_approve("Yes", given)),
            expected=False
            if not may or (checks and not answers and not is_refusal)
            else None,
        )

    @action(
        2,
        when=lambda self: self.chances,
        number=pick,
        code=st.sampled_from(DEPARTMENTS),
        name=person,
        may=st.booleans(),
    )
    def add_seat(self, number, code, name, may):
        """Call another department in."""
        seat, user, allowed = self._reviewer(number, name, may)
        department = self.case.departments[code]
        self._do(
            f"{user.login} adds {code} to seat {seat.id}",
            lambda: seat.with_user(user).action_add_seat(department.id, "Look"),
            expected=None if allowed else False,
        )

    @action(
        1, when=lambda self: self.chances, number=pick, name=person, may=st.booleans()
    )
    def ask(self, number, name, may):
        """Ask the requester."""
        seat, user, allowed = self._reviewer(number, name, may)
        self._do(
            f"{user.login} asks on seat {seat.id}",
            lambda: seat.with_user(user).action_ask("Why?"),
            expected=allowed,
        )

    def _reviewer(self, number, name, may):
        """Return a seat, a user, and whether he may decide there."""
        chances = [(v.seat.id, user_id) for v, _model, user_id, _p in self.chances]
        seat_id, user_id = chances[number % len(chances)]
        if not may:
            user_id = self.people[name].id
        return (
            self.env["document.approval.seat"].browse(seat_id),
            self.env["res.users"].browse(user_id),
            (seat_id, user_id) in chances,
        )

    @action(
        1,
        when=lambda self: any(self.facts.reviews.values()),
        number=pick,
        how=st.sampled_from(("done", "deleted")),
    )
    def touch_activity(self, number, how):
        """Do something with the activity of a review, which decides nothing."""
        reviews = [row for rows in self.facts.reviews.values() for row in rows]
        activity_id, user_id = reviews[number % len(reviews)]
        activity = self.env["mail.activity"].with_user(user_id).browse(activity_id)
        action = activity.action_feedback if how == "done" else activity.unlink
        self._do(f"the activity of {user_id} is {how}", action)

    # Who is there -----------------------------------------------------------------

    @action(
        2,
        name=who,
        deputy=person,
        start=st.sampled_from((-1, 0, 0, 20)),
        hours=st.sampled_from((5, 30, 100)),
        code=st.sampled_from((None, None, None, "sales", "finance")),
    )
    def delegate(self, name, deputy, start, hours, code):
        """Have somebody stand in, from now, later or some time ago."""
        absent = self._user(name)
        if absent == self.people[deputy] or not self._is_here(absent):
            return
        begin = datetime.now() + timedelta(hours=start)
        department = self.case.departments[code].ids if code else []
        values = {
            "user_id": absent.id,
            "delegate_id": self.people[deputy].id,
            "date_from": begin,
            "date_to": begin + timedelta(hours=hours),
            "department_ids": [Command.set(department)],
        }
        delegations = self.env["document.approval.delegation"]
        user = self.case.admin if code else absent
        self._do(
            f"{deputy} for {absent.login} in {start} h for {hours} h ({code})",
            lambda: delegations.with_user(user).create(values),
        )

    @action(1, when=lambda self: self.facts.world.delegations, number=pick)
    def end_delegation(self, number):
        """Come back earlier."""
        delegations = self.env["document.approval.delegation"].search([], order="id")
        one = delegations[number % len(delegations)]
        self._do(f"{one.user_id.login} is back", one.with_user(one.user_id).action_end)

    @action(
        2,
        when=lambda self: len(self._absent_people()) < 3,
        name=who,
        elsewhere=st.booleans(),
    )
    def leave(self, name, elsewhere):
        """Leave the company, or work for another one from now on."""
        user, other = self._user(name), self.case.other_company
        values = {"active": False}
        if elsewhere:
            values = {"company_id": other.id, "company_ids": [Command.set(other.ids)]}
        self._do(f"{user.login} leaves ({elsewhere=})", lambda: user.write(values))

    @action(2, when=lambda self: self._absent_people(), number=pick)
    def come_back(self, number):
        """Work for the company again."""
        absent = self._absent_people()
        user, company = absent[number % len(absent)], self.case.company
        values = {
            "active": True,
            "company_id": company.id,
            "company_ids": [Command.set(company.ids)],
        }
        self._do(f"{user.login} comes back", lambda: user.write(values))

    def _absent_people(self):
        return [user for user in self.people.values() if not self._is_here(user)]

    @action(4, hours=st.sampled_from((25, 0, 1, 6, 25, 60)), is_idle=st.booleans())
    def pass_time(self, hours, is_idle):
        """Let time pass; mostly the scheduled job runs then."""
        self.clock.tick(timedelta(hours=hours))
        job = self.env["document.approval.seat"]._cron_follow_up
        if is_idle and hours:
            self._do(f"{hours} h later", lambda: None)
            return
        self._do(f"{hours} h later: the scheduled job", job, expected=True)
        self.checks.check_followed_up(datetime.now())
        orphans = [seat for seat in self.facts.seats.values() if seat["is_orphaned"]]
        self.seen["orphaned"] += len(orphans)

    # What happens to the document -----------------------------------------------------

    @action(1, number=pick, name=st.sampled_from(RELEASERS))
    def release(self, number, name):
        """Release in an emergency; who left cannot even log in."""
        document, user = self._document(number), self.people[name]
        if not self._is_here(user):
            return
        row, _model = self._current(document) or ({}, None)
        concerned = self.owners[document.id].excluded() | {row.get("requester_id")}
        may = (
            name == "releaser"
            and user.id not in concerned
            and self._is_open(document)
            and not self._is_valid(document)
        )
        self._do(
            f"{name} releases {document.id}",
            lambda: document.with_user(user).action_emergency_release("Fire"),
            expected=may,
        )

    @action(2, number=pick, name=st.sampled_from(SELLERS), whole=st.booleans())
    def confirm(self, number, name, whole):
        """Confirm; sometimes with a caller who swallows the refusal."""
        document, user = self._document(number), self.people[name]
        if not self._is_here(user):
            return
        is_done = self.facts.documents[document.id]["state"] == "done"
        self._do(
            f"{name} confirms {document.id}",
            document.with_user(user).action_done,
            expected=True if is_done or self._is_valid(document) else None,
            whole=whole,
        )

    @action(1, number=pick, state=st.sampled_from(("cancel", "draft", "sent", "done")))
    def write_state(self, number, state):
        """Write the state, past all buttons."""
        document = self._document(number)
        self._do(
            f"{document.id} is written to {state}",
            lambda: document.write({"state": state}),
            expected=True if state == "cancel" else None,
        )

    # How the company works --------------------------------------------------------

    @action(
        2,
        what=st.sampled_from(("join", "leave", "rule", "fallback")),
        code=st.sampled_from(DEPARTMENTS),
        name=who,
        number=pick,
    )
    def configure(self, what, code, name, number):
        """Change who is asked, how many, and who after them, from the next time on."""
        case, user = self.case, self._user(name)
        department = case.departments[code].with_user(case.admin)
        seats = case.flow.with_user(case.admin).level_ids.seat_ids.filtered(
            lambda seat: seat.department_id == case.finance
        )
        rule = ("one", "all", "quorum")[number % 3]
        fallback = (False, case.management.id, case.operations.id)[number % 3]
        values = {
            "join": {"member_ids": [Command.link(user.id)]},
            "leave": {"member_ids": [Command.unlink(user.id)]},
            "fallback": {"fallback_id": fallback},
        }
        if what == "rule":
            self._do(f"finance: {rule}", lambda: seats.write({"rule": rule}))
        else:
            self._do(
                f"{code}: {what} {user.login} {number % 3}",
                lambda: department.write(values[what]),
            )


@tagged("post_install", "-at_install")
class TestHistories(ApprovalCommon):
    """Stored states follow from the log, and protected values from an approval."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.releaser = cls._new_user(
            "releaser", "base.group_user,document_approval.group_emergency"
        )
        cls.other_company = cls.env["res.company"].create({"name": "Elsewhere"})
        cls.departments = {code: getattr(cls, code) for code in DEPARTMENTS}
        cls.company.resource_calendar_id = False  # days are days
        users = cls.env["res.users"].search([("company_id", "=", cls.company.id)])
        (users - cls.supervisor).document_approval_notify = "none"

    def set_up_company(self, how, members):
        """Set up what the histories differ in."""
        self.company.write(
            {
                "document_approval_same_person": how["same_person"],
                "document_approval_validity_days": how["validity"],
            }
        )
        fallback = how["fallback"]
        self.sales.fallback_id = self.departments[fallback] if fallback else False
        for code, name in members:
            user = self.env["res.users"].search([("login", "=", name)])
            self.departments[code].member_ids += user
        levels = {level.name: level for level in self.flow.level_ids}
        if how["threshold"]:
            domain = f"[('total', '>=', {how['threshold']})]"
            for name in ("Supervisor", "Finance", "Operations"):
                levels[name].write({"participation": "domain", "domain": domain})
        levels["Finance"].seat_ids.write({"rule": how["finance"], "quorum": 2})
        levels["Operations"].seat_ids.check_ids = [Command.create({"name": "Stock?"})]
        joint = levels["Joint review"].seat_ids
        joint[-1].is_required = not how["is_optional"]
        if how["limits"]:
            levels["Supervisor"].seat_ids.deadline_days = 1
            joint.deadline_days = 2
        if how["claims"]:
            self._claim(levels["Supervisor"], "partner_id")
            self._claim(levels["Operations"], "total", "quantity", "price")

    def _claim(self, level, *names):
        models = ("test.approval.document", "test.approval.line")
        domain = [("model", "in", models), ("name", "in", names)]
        fields = self.env["ir.model.fields"].search(domain)
        level.seat_ids.claimed_field_ids = fields

    def test_whatever_happens_the_log_tells_what_is_stored(self):
        chosen = os.environ.get("APPROVAL_HISTORIES_SEED")
        if chosen == "random":
            chosen = random.SystemRandom().randrange(10**9)
        count = int(os.environ.get("APPROVAL_HISTORIES") or HISTORIES)
        how = settings(
            max_examples=count,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            derandomize=not chosen,
            print_blob=False,
            # finding the shortest history takes minutes: only where one looks for it
            phases=(Phase.generate, Phase.shrink) if chosen else (Phase.generate,),
            suppress_health_check=list(HealthCheck),
        )
        seen = Counter()
        jobs = type(self.env["ir.cron"])
        with (
            freeze_time(START, ignore=["hypothesis"]) as clock,
            # one transaction: the job must not commit it
            patch.object(jobs, "_commit_progress", lambda *_a, **_k: float("inf")),
        ):
            machine = type(
                "Histories", (Histories,), {"case": self, "clock": clock, "seen": seen}
            )
            if chosen:
                _logger.info("seed of these histories: %s", chosen)
                machine = seed(int(chosen))(machine)
            run_state_machine_as_test(machine, settings=how)
        _logger.info("%s histories: %s", count, dict(seen))
        if count >= HISTORIES:
            self.assertFalse(SEEN - set(seen), "none of the histories shows this")
