"""The rows that matter most, over every door that a server has."""

from odoo import exceptions
from odoo.fields import Command, Datetime
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from . import matrix
from . import routes_people as people
from .common import REFUSED, STOPPED, SUPERSEDED, Attack, AttackCommon

LOGGERS = (
    "odoo.http",
    "odoo.sql_db",
    "odoo.addons.rpc.controllers.jsonrpc",
    "odoo.addons.rpc.controllers",
    "odoo.addons.base.models.ir_rule",
    "odoo.addons.base.models.ir_model",
)


class Door:
    """One way to call methods from outside, as one person."""

    def __init__(self, case, user):
        self.case = case
        self.user = user
        self.uid = user.id

    def __call__(self, model, method, *args, context=None, **kwargs):
        """Call as :class:`~.common.Caller` does; raise what the server answers."""
        kwargs = {**kwargs, "context": context or {}}
        answer = self._post(model, method, list(args), kwargs)
        self.case.env.invalidate_all(flush=False)
        return answer

    def post(self, route, params):
        """Return the result of a JSON-RPC route; raise the error it answers."""
        answer = self.case._post_json(route, params)
        if "error" not in answer:
            return answer.get("result")
        data = answer["error"]["data"]
        raise _error(data["name"], data["message"])


class WebClient(Door):
    """As the web client does, with a session."""

    def __init__(self, case, user):
        super().__init__(case, user)
        case.authenticate(user.login, user.login)

    def _post(self, model, method, args, kwargs):
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        route = f"/web/dataset/call_kw/{model}/{method}"
        return self.post(route, params)


class JsonRpc(Door):
    """The old remote procedure calls, with the password."""

    def _post(self, model, method, args, kwargs):
        database = self.case.env.cr.dbname
        call = [database, self.uid, self.user.login, model, method, args, kwargs]
        params = {"service": "object", "method": "execute_kw", "args": call}
        return self.post("/jsonrpc", params)


class Json2(Door):
    """The new one, with a key and with names for all arguments."""

    NAMES = {
        "write": ("vals",),
        "create": ("vals_list",),
        "web_save": ("vals",),
        "load": ("fields", "data"),
        "copy": ("default",),
        "read": ("fields",),
        "action_approve": ("comment",),
        "action_refuse": ("reason",),
        "action_ask": ("question",),
        "action_add_seat": ("department_id", "words", "user_ids"),
        "action_emergency_release": ("reason",),
    }
    OF_MODEL = ("create", "load", "default_get")

    def __init__(self, case, user):
        super().__init__(case, user)
        expiry = Datetime.add(Datetime.now(), days=1)
        keys = case.env(user=user.id)["res.users.apikeys"]
        self.key = keys._generate("rpc", "attack", expiry)

    def _post(self, model, method, args, kwargs):
        ids = () if method in self.OF_MODEL else args.pop(0)
        named = zip(self.NAMES.get(method, ()), args, strict=False)
        response = self.case.url_open(
            f"/json/2/{model}/{method}",
            json={**dict(named), **kwargs, **({"ids": ids} if ids else {})},
            headers={"Authorization": f"bearer {self.key}"},
        )
        answer = response.json()
        if response.ok:
            return answer
        raise _error(answer["name"], answer["message"])


def _error(name, message):
    """Return the exception an answer tells of, as the matrix judges it."""
    kind = getattr(exceptions, name.rpartition(".")[2], None)
    if kind and issubclass(kind, exceptions.UserError):
        return kind(message)
    return RuntimeError(f"{name}: {message}")


DOORS = (WebClient, JsonRpc, Json2)
#: route, who, at which stage, what must happen; through every door
ROWS = (
    *(
        Attack(route, ("owner", "stock user", "supervisor"), ("pending",), REFUSED)
        for route in (
            matrix.state.write_state,
            matrix.state.confirm_by_button,
            matrix.state.import_state_of_existing,
            matrix.state.write_state_with_context,
            matrix.engine.write_round,
            matrix.engine.write_seat,
            matrix.engine.create_decision,
            matrix.engine.write_guarded_fields,
            matrix.engine.import_guarded_fields,
            matrix.engine.call_private_methods,
            matrix.engine.switch_off,
            matrix.engine.join_department,
        )
    ),
    *(
        Attack(route, ("owner", "invoicing", "customer"), ("confirmed",), REFUSED)
        for route in (
            matrix.content.write_price,
            matrix.content.write_line_by_the_order,
            matrix.content.write_line_by_another_order,
            matrix.content.create_line,
            matrix.content.delete_line,
            matrix.content.write_payment_term,
            matrix.state.set_back_by_writing,
        )
    ),
    Attack(
        matrix.engine.approve_first_seat,
        ("owner", "financier", "approvals manager", "customer"),
        ("pending",),
        REFUSED,
    ),
    Attack(
        matrix.engine.approve_with_context,
        ("owner", "financier", "customer"),
        ("pending",),
        REFUSED,
    ),
    Attack(matrix.content.write_price, ("owner",), ("approved",), SUPERSEDED),
    *(
        Attack(route, ("owner", "former deputy", "customer"), ("pending",), REFUSED)
        for route in (
            people.approve_for_somebody_with_context,
            people.add_seat,
            people.ask,
            people.release,
            people.become_deputy,
            people.take_over_absence,
            people.call_private_methods,
        )
    ),
    *(
        Attack(route, ("former deputy", "financier"), ("pending",), STOPPED)
        for route in (
            people.delegate_for_another,
            people.turn_own_absence_into_anothers,
        )
    ),
)


@tagged("standard", "post_install", "-at_install")
class TestOverHttp(AttackCommon, HttpCase):
    """A real server, real sessions, passwords and keys."""

    def setUp(self):
        super().setUp()
        silence = mute_logger(*LOGGERS)
        silence.__enter__()
        self.addCleanup(silence.__exit__, None, None, None)

    def _post_json(self, route, params):
        message = {"jsonrpc": "2.0", "method": "call", "params": params}
        return self.url_open(route, json=message).json()

    def _try(self, door):
        rows = [
            (row, stage, role) for row in ROWS for stage in row.at for role in row.who
        ]
        problems = []
        for row, stage, role in rows:
            # customers may not make keys
            if role == "customer" and door is Json2:
                continue
            rpc = door(self, self.users[role])
            (me,) = rpc("res.users", "read", [rpc.uid], ["login"])
            self.assertEqual(me["login"], self.users[role].login)
            problems.append(self._attempt(row, role, stage, rpc=rpc))
        self.assertGreater(len(problems), 50)
        wrong = [problem for problem in problems if problem]
        if wrong:
            self.fail(f"{len(wrong)} of {len(problems)}:\n" + "\n".join(wrong))

    def test_web_client(self):
        self._try(WebClient)

    def test_remote_procedure_calls(self):
        self._try(JsonRpc)

    def test_calls_with_a_key(self):
        self._try(Json2)

    # Words that are no markup ------------------------------------------------------

    def _name_everything(self):
        """Give everything that people read in pages and mails a name of markup."""
        for role in ("owner", "supervisor", "financier"):
            self.users[role].partner_id.write(
                {"name": MARKUP + role, "email": f"{role}@example.com"}
            )
        seats = self.flow.level_ids.seat_ids
        first = seats.filtered(lambda s: s.department_id == self.departments["sales"])
        first.check_ids = [Command.create({"name": MARKUP})]
        self.reason = self.env["document.approval.reason"].create({"name": MARKUP})
        self.rule = self.env["sale.price.rule"].create(
            {"max_discount": 5, "company_id": self.company.id}
        )
        for record in (
            *self.departments.values(),
            *self.flow.level_ids,
            self.flow,
            self.product,
            self.partner,
            self.company,
        ):
            record.name = f"{MARKUP}{record.id}"

    def _make_order_of_markup(self):
        order = self._make_draft()
        order.order_line[0].write({"price_unit": 10, "name": MARKUP})
        order.with_user(self.users["owner"]).action_submit_for_approval()
        seat = order.sudo().approval_round_id.seat_ids.filtered(
            lambda s: s.state == "open"
        )
        supervised = seat.with_user(self.users["supervisor"])
        supervised.action_ask(MARKUP)
        supervised.action_add_seat(self.departments["technical"].id, MARKUP)
        return order.sudo(), seat

    def _assert_plain(self, text, what):
        for tag in ("<img src=x", "<script>alert"):
            self.assertNotIn(tag, text, what)

    def test_names_and_words_are_never_markup(self):
        """In mails, activities, messages and on every page they are shown as text."""
        self._name_everything()
        order, seat = self._make_order_of_markup()
        self.authenticate("attack.supervisor", "attack.supervisor")
        url = f"/approval/decide/{seat._get_decision_token(self.users['supervisor'])}"
        page = self.url_open(url).text
        self.assertIn("&lt;script&gt;", page)
        token = page.partition('name="csrf_token"')[2].partition('value="')[2]
        question = seat.check_ids.id
        form = {
            "csrf_token": token.partition('"')[0],
            "decision": "refuse",
            "comment": MARKUP,
            f"check_{question}": '"><script>alert(1)</script>',
            f"remark_{question}": '"><script>alert(1)</script>',
            "reason_id": '"><script>alert(1)</script>',
        }
        again = self.url_open(url, data=form).text
        form.update({f"check_{question}": "no", "reason_id": str(self.reason.id)})
        done = self.url_open(url, data={**form, "reason": MARKUP}).text
        self.env.invalidate_all()
        self.assertEqual(order.approval_state, "refused")
        round_sudo = order.approval_round_id
        last = round_sudo._get_record_log()[-1:]
        proof = f"{round_sudo.id}/{last.id}/{round_sudo._get_record_checksum(last.id)}"
        record = f"/report/html/document_approval.report_record/{round_sudo.id}"
        for what, text in {
            "page": page,
            "what was not accepted": again,
            "what became of it": done,
            "record": self.url_open(record).text,
            "verification": self.url_open(f"/approval/verify/{proof}").text,
        }.items():
            self.assertIn("&lt;script&gt;", text, what)
            self._assert_plain(text, what)
        mails = self.env["mail.mail"].search([("body_html", "like", order.name)])
        self.assertTrue(mails)
        for text in (
            *mails.mapped("body_html"),
            *order.message_ids.mapped("body"),
            *order.activity_ids.filtered("note").mapped("note"),
        ):
            self._assert_plain(text, "mails, messages and activities")

    def test_pages_of_others(self):
        """Pages about a round say nothing to whom it does not concern."""
        order = self.orders["confirmed"].sudo()
        round_sudo = order.approval_round_id
        log = round_sudo._get_record_log()[-1:]
        seat = round_sudo.seat_ids[:1]
        token = seat._get_decision_token(self.users["supervisor"])
        urls = (
            f"/approval/decide/{token}",
            f"/approval/verify/{round_sudo.id}/{log.id}/abc",
            f"/report/html/document_approval.report_record/{round_sudo.id}",
            f"/report/text/document_approval.report_record/{round_sudo.id}",
            f"/report/html/document_approval.report_record/999999,{round_sudo.id}",
            "/report/html/document_approval.report_record",
        )
        for role in ("stranger", "director", "approvals manager", "customer"):
            self.authenticate(self.users[role].login, self.users[role].login)
            for url in urls:
                answer = self.url_open(url)
                self.assertIn(answer.status_code, (403, 404), (role, url))
                self.assertNotIn(order.name, answer.text, (role, url))

    # Routes of their own ---------------------------------------------------------

    def _run_route(self, route, people, stage, must):
        for role in people:
            attack = Attack(route, (role,), (stage,), must)
            rpc = WebClient(self, self.users[role])
            problem = self._attempt(attack, role, stage, rpc=rpc)
            self.assertFalse(problem)

    def test_product_catalogue(self):
        """The catalogue changes quantities and adds lines by a route of its own."""

        def change(rpc, at):
            return _catalogue(rpc, at, at.product, 77)

        def add(rpc, at):
            return _catalogue(rpc, at, at.cheap, 5)

        def remove(rpc, at):
            return _catalogue(rpc, at, at.second, 0)

        for route in (change, add, remove):
            self._run_route(route, ("owner",), "confirmed", REFUSED)
            self._run_route(route, ("owner", "dispatcher"), "pending", SUPERSEDED)
            self._run_route(route, ("owner",), "approved", SUPERSEDED)
            self._run_route(route, ("supervisor", "customer"), "pending", REFUSED)

    def test_customer_signs(self):
        """A signature is kept; it confirms nothing before the approval."""
        for stage in ("draft", "pending", "refused"):
            order = self.orders[stage]
            order.write({"require_signature": True, "require_payment": False})
            seats = order.approval_round_id.seat_ids.mapped("state")
            answer = self._sign(order)
            self.assertNotIn("error", answer["result"], stage)
            self.assertTrue(order.signature, stage)
            self.assertEqual(order.state, "sent", stage)
            self.assertEqual(order.approval_parked_reason, "signed", stage)
            if seats:
                states = order.approval_round_ids[-1:].seat_ids.mapped("state")
                self.assertEqual(states, seats, stage)
        self.assertFalse(self._find_unapproved())

    def test_customer_signs_what_was_approved(self):
        order = self.orders["approved"]
        order.write({"require_signature": True, "require_payment": False})
        self._sign(order)
        self.assertEqual(order.state, "sale")
        self.assertFalse(self._find_unapproved())
        answer = self._sign(order)
        self.assertIn("error", answer["result"])

    def test_customer_with_a_wrong_token(self):
        order = self.orders["pending"]
        answer = self._sign(order, token="guessed")
        self.assertIn("error", answer["result"])
        self.assertFalse(order.signature)

    def test_customer_declines(self):
        order = self.orders["pending"]
        order.write({"require_signature": True, "require_payment": False})
        self.authenticate(None, None)
        page = self.url_open(order.get_portal_url()).text
        token = page.partition('csrf_token: "')[2].partition('"')[0]
        self.url_open(
            f"/my/orders/{order.id}/decline",
            data={
                "access_token": order.access_token,
                "decline_message": "Too late",
                "csrf_token": token,
            },
        )
        order.invalidate_recordset()
        self.assertEqual((order.state, order.approval_state), ("cancel", "lapsed"))

    def _sign(self, order, token=None):
        self.authenticate(None, None)
        params = {
            "access_token": token or order._portal_ensure_token(),
            "name": "Customer",
            "signature": ONE_PIXEL,
        }
        answer = self._post_json(f"/my/orders/{order.id}/accept", params)
        self.env.invalidate_all()
        return answer


MARKUP = "<img src=x onerror=alert(1)><script>alert('x')</script>"
ONE_PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNg"
    "AAAAAgABSK+kcQAAAABJRU5ErkJggg=="
)


def _catalogue(rpc, at, product, quantity):
    """Have the catalogue put a quantity of a product on the order."""
    params = {
        "res_model": "sale.order",
        "order_id": at.order,
        "product_id": product,
        "quantity": quantity,
    }
    return rpc.post("/product/catalog/update_order_line_info", params)
