"""Nonsense to every route we have: an answer, no change, nothing of anybody else's."""

import json
import os
import re
from collections import Counter

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from odoo.http import Request
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.sale_order_policy.tests.common import SaleOrderPolicyCommon

#: requests of one run
COUNT = int(os.environ.get("ORDER_CONTROL_BAD_REQUESTS", "240"))
#: what stands in documents of somebody else, and in no answer
SECRET = "Q7X-secret-of-another-customer"
LOGGERS = ("odoo.http", "odoo.sql_db", "odoo.addons.http_routing.models.ir_http")
#: names of parameters that somewhere mean something
NAMES = (
    *("access_token", "page", "sortby", "filterby", "name", "signature", "answers"),
    *("download", "report_type", "message", "words", "answer", "answer_id", "kind"),
    *("reason", "date", "description", "order_id", "quantity_1", "line_1", "search"),
    *("query", "limit", "offset", "answer_kind", "file", "version", "lines"),
)
NUMBERS = st.sampled_from([0, 1, -1, 7, 2**31 - 1, 2**31, 2**63, 10**30])
TEXTS = st.one_of(
    st.sampled_from(
        [
            *("", " ", "0", "1", "-1", "1e309", "nan", "2147483648", "%00", "\x00x"),
            *("' OR 1=1 --", "<script>alert(1)</script>", "{}", "[]", "null", "[[1]]"),
            *('{"1": {"rejected": "nan"}}', "../../etc/passwd", "2026-13-45"),
            *("data:image/png;base64,AAAA", "=1+1", "\U0001f600" * 9, "x" * 5000),
        ]
    ),
    st.text(max_size=20),
)
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, st.floats(), TEXTS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(TEXTS, inner, max_size=3)
    ),
    max_leaves=5,
)
#: of forms with files: [(name of the input, (name of the file, content))]
FILES = st.lists(
    st.tuples(
        st.sampled_from(["files", "file", "signature", "name"]),
        st.tuples(
            st.sampled_from(["a.pdf", "a.svg", "../a", "x" * 300, "\u202efdp.exe"]),
            st.binary(max_size=50),
        ),
    ),
    max_size=2,
)
WHO = ("public", "stranger", "employee")
#: of tables of documents, with whatever may be changed of them from outside
COUNTED = re.compile(
    r"^(sale_|order_|channel_|rebate_|customer_credit|document_approval|mail_message$"
    r"|ir_attachment$|account_move|stock_)"
)


@tagged("standard", "post_install", "-at_install")
class TestBadRequests(SaleOrderPolicyCommon, HttpCase):
    """At least so many malformed requests as the whole run asks for (10,000)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.document_approval_mode = "off"
        cls.company.sale_policy_letter = False
        cls.stranger = new_test_user(cls.env, "stranger", "base.group_portal")
        cls.employee = new_test_user(cls.env, "employee", "base.group_user")
        cls.product.sudo().name = SECRET
        cls.orders = cls._create_order({"product_uom_qty": 2}) | cls._create_order()
        cls.orders.sudo().write({"client_order_ref": SECRET, "note": SECRET})
        cls.orders[0].action_confirm()
        cls.routes = cls._get_routes()
        cls.env.flush_all()

    @classmethod
    def _get_routes(cls):
        """Return [(path, kind, methods)] of every route our add-ons declare.

        Not those of Odoo that they extend: what Odoo takes for nonsense is its own.
        """
        routes = {}
        http = cls.env["ir.http"]
        ours = cls._get_our_addons()
        every = http._generate_routing_rules(
            sorted(cls.registry._init_modules), http._get_converters()
        )
        for path, endpoint in every:
            method = endpoint.func
            declared = {
                one.__module__.split(".")[2]
                for one in type(method.__self__).__mro__
                if method.__name__ in vars(one)
            }
            if declared and declared <= ours:
                methods = endpoint.routing["methods"] or ("GET", "POST")
                routes[path] = (path, endpoint.routing["type"], sorted(methods))
        return [routes[path] for path in sorted(routes)]

    @classmethod
    def _get_our_addons(cls):
        modules = cls.env["ir.module.module"].sudo()
        found = modules.search(
            [("state", "=", "installed"), ("author", "=like", "Order Control Suite%")]
        )
        return {*found.mapped("name")}

    def test_routes_are_found(self):
        paths = [path for path, _kind, _methods in self.routes]
        self.assertGreater(len(paths), 20)
        for start in (
            "/my/acceptances",
            "/my/contracts",
            "/order-import",
            "/my/rebates",
        ):
            self.assertTrue([path for path in paths if path.startswith(start)], start)

    def test_the_secret_is_there_to_be_found(self):
        self.authenticate(None, None)
        page = self.url_open(self.orders[0].sudo().get_portal_url()).text
        self.assertIn(SECRET, page)

    # One request ---------------------------------------------------------------------

    def _fill(self, path, draw):
        """Return the path with something in place of each of its parameters."""

        def put(match):
            if match[1] and match[1].startswith("int"):
                return str(draw(st.one_of(st.sampled_from(self._numbers), NUMBERS)))
            if match[1] and match[1].startswith("any("):
                return draw(st.sampled_from(match[1][4:-1].split(",")))
            return draw(st.sampled_from(["x", "1", "a b", "%E4%BD%A0"]))

        return re.sub(r"<(?:([^:>]+):)?[^>]+>", put, path)

    def _ask(self, who, route, draw):
        path, kind, methods = route
        url = self._fill(path, draw)
        values = draw(st.dictionaries(st.sampled_from(NAMES), JSON, max_size=4))
        if kind == "jsonrpc":
            return self.url_open(
                url,
                data=json.dumps({"jsonrpc": "2.0", "params": values}),
                headers={"Content-Type": "application/json"},
            )
        texts = {
            name: value if isinstance(value, str) else json.dumps(value)
            for name, value in values.items()
        }
        if draw(st.sampled_from(methods)) == "GET":
            return self._open(url, params=texts)
        texts["csrf_token"] = self.tokens[who]
        return self._open(url, data=texts, files=draw(FILES) or None)

    def _open(self, url, params=None, data=None, files=None):
        if params:
            return self.opener.get(self.base_url() + url, params=params, timeout=30)
        return self.url_open(url, data=data or {"x": "y"}, files=files)

    # What must hold ------------------------------------------------------------------

    def _mark(self):
        """Return how many rows our tables have, and when they were last written."""
        self.env.flush_all()
        return {
            table: self.env.execute_query(
                SQL("SELECT COUNT(*), MAX(write_date) FROM %s", SQL.identifier(table))
            )
            for table in self.tables
        }

    def _check(self, answer, who, route):
        about = (
            f"{who} {route}: {answer.request.method} {answer.url} {answer.request.body}"
        )
        self.statuses[answer.status_code] += 1
        self.assertLess(answer.status_code, 500, about)
        self.assertNotIn(SECRET, answer.text, about)
        if "json" in answer.headers.get("Content-Type", ""):
            error = answer.json().get("error") if answer.text.startswith("{") else None
            name = ((error or {}).get("data") or {}).get("name", "")
            self.assertRegex(name, r"^$|^odoo\.(exceptions|http)\.|^werkzeug\.", about)

    def test_nonsense_changes_nothing(self):
        """Every route, by everybody who has no business there."""
        names = self.env.execute_query(
            SQL(
                "SELECT c.relname FROM pg_class c JOIN pg_attribute a"
                " ON a.attrelid = c.oid AND a.attname = 'write_date'"
                " WHERE c.relkind = 'r'"
            )
        )
        self.tables = sorted(name for (name,) in names if COUNTED.match(name))
        self._numbers = [*self.orders.ids, *self.orders.order_line.ids, 1, 2, 3]
        self.statuses = Counter()
        before = self._mark()
        for number, who in enumerate(WHO):
            login = None if who == "public" else who
            self.authenticate(login, login)
            self.tokens = {who: Request.csrf_token(self)}
            self._try_out(who, COUNT // len(WHO), number)
            self.assertEqual(self._mark(), before, f"{who} has changed something")
        # some are shown an empty page, some are sent away, some find nothing
        for status in (200, 403, 404):
            self.assertTrue(self.statuses[status], self.statuses)

    def _try_out(self, who, count, seed):
        @settings(
            max_examples=count,
            deadline=None,
            derandomize=True,
            database=None,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        )
        @given(st.data(), st.sampled_from(self.routes))
        def try_one(data, route):
            with mute_logger(*LOGGERS):
                answer = self._ask(who, route, data.draw)
            self._check(answer, who, route)

        try_one()
