"""Files that are broken, to every place where one is uploaded: an answer in words."""

import os
import traceback
from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL, mute_logger

from tools.environment.paths import ADDONS

from . import bad_files
from .common_files import FilesCommon
from .test_bad_requests import COUNTED, SECRET

#: files of one run
COUNT = int(os.environ.get("ORDER_CONTROL_BAD_FILES", "120"))
IN_WORDS = (UserError, ValidationError, AccessError)
#: what says that an error was not expected
NOT_WORDS = ("Traceback", "psycopg2", "Error:", "object has no attribute", "NoneType")
LOGGERS = ("odoo.sql_db", "odoo.models", "odoo.orm", "odoo.addons.base_import")
#: kind of place: its share of all files
SHARES = {"form": 4, "scan": 2, "flows": 1, "load": 3, "client": 1}


@tagged("standard", "post_install", "-at_install")
class TestBadFiles(FilesCommon):
    """Refused in words or taken whole, and nothing half done."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.employee = new_test_user(cls.env, "files employee", "base.group_user")
        cls.order.sudo().client_order_ref = SECRET
        cls.models = cls._get_our_models()
        cls.env.flush_all()
        names = cls.env.execute_query(
            SQL(
                "SELECT c.relname FROM pg_class c JOIN pg_attribute a"
                " ON a.attrelid = c.oid AND a.attname = 'write_date'"
                " WHERE c.relkind = 'r'"
            )
        )
        cls.tables = sorted(name for (name,) in names if COUNTED.match(name))

    @classmethod
    def _get_our_models(cls):
        """Return the models with rows that our add-ons declare."""
        modules = cls.env["ir.module.module"].sudo()
        ours = modules.search(
            [("state", "=", "installed"), ("author", "=like", "Order Control Suite%")]
        )
        ours = {*ours.mapped("name")}
        return sorted(
            name
            for name, model in cls.registry.items()
            if model._original_module in ours
            and model._auto
            and not (model._abstract or model._transient)
        )

    def setUp(self):
        super().setUp()
        self.outcomes = Counter()

    # One file ------------------------------------------------------------------------

    def _mark(self):
        """Return what stands in our tables, as a number for each."""
        self.env.flush_all()
        sums = SQL(", ").join(
            SQL(
                "(SELECT COALESCE(SUM(HASHTEXTEXTENDED(t::text, 0)), 0) FROM %s t)",
                SQL.identifier(table),
            )
            for table in self.tables
        )
        (row,) = self.env.execute_query(SQL("SELECT %s", sums))
        return dict(zip(self.tables, row, strict=True))

    def _upload(self, what, upload, own=True):
        """Do it as one request would; return what is refused, in words.

        Nothing of it stays for the next one.

        :param bool own: whether the way in is ours; what Odoo's own import stumbles
            over before anything of ours is called is not our doing
        """
        savepoint = self.env.cr.savepoint()
        try:
            with mute_logger(*LOGGERS):
                upload()
                self.env.flush_all()
        except IN_WORDS as error:
            self.outcomes["refused"] += 1
            self._check_words(str(error), what)
            return str(error)
        except IntegrityError:  # the server says in words what is missing
            self.outcomes["refused"] += 1
            return "something required is missing"
        except Exception as error:
            if own or not _is_odoos_own(error):
                error.add_note(what)
                raise
            self.outcomes["stumbled over by Odoo itself"] += 1
            return str(error)
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all(flush=False)
        self.outcomes["taken"] += 1
        return None

    def _check_words(self, words, what):
        self.assertTrue(words.strip(), what)
        self.assertNotIn(SECRET, words, what)
        for sign in NOT_WORDS:
            self.assertNotIn(sign, words, what)

    def _try_out(self, kind, *strategies, attempt):
        """Have `attempt` called with as many drawn values as this kind's share."""
        count = max(1, COUNT * SHARES[kind] // sum(SHARES.values()))

        @settings(
            max_examples=count,
            deadline=None,
            derandomize=True,
            database=None,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        )
        @given(st.tuples(*strategies))
        def try_one(values):
            attempt(*values)

        try_one()
        return count

    # Places --------------------------------------------------------------------------

    def test_order_forms(self):
        def attempt(file):
            self._upload(repr(file)[:3000], lambda: self._import_orders(*file))

        self._try_out("form", bad_files.spreadsheets(), attempt=attempt)
        self.assertTrue(self.outcomes["taken"], self.outcomes)

    def test_a_good_form_is_taken(self):
        """The judge is not deaf: a form that is whole becomes an order."""
        content = bad_files.make_xlsx([self.headings(*KEYS), self.row()])
        before = self.env["sale.order"].search_count([])
        self._import_orders("form.xlsx", content)
        self.assertEqual(self.env["sale.order"].search_count([]), before + 1)

    def test_scans(self):
        places = (
            *(self._keep_original, self._replace_original, self._scan_contract),
            *(self._scan_slip, self._sign_slip, self._send_demand),
        )

        def attempt(place, file):
            what = f"{place.__name__} {file!r:.3000}"
            self._upload(what, lambda: place(*file))

        files = st.one_of(bad_files.others(), bad_files.broken_workbooks())
        self._try_out("scan", st.sampled_from(places), files, attempt=attempt)
        for outcome in ("taken", "refused"):
            self.assertTrue(self.outcomes[outcome], self.outcomes)

    def test_flows(self):
        def attempt(file):
            self._upload(repr(file)[:3000], lambda: self._import_flows(*file))

        files = bad_files.flow_files(self.flow_data)
        self._try_out("flows", files, attempt=attempt)
        self.assertTrue(self.outcomes["refused"], self.outcomes)

    # The web client's own import -----------------------------------------------------

    def test_loading_rows(self):
        """Rows for our models by an employee: rows that are all good, or nothing."""
        before = self._mark()

        def attempt(model, data):
            fields = data.draw(self._fields(model))
            width = len(fields)
            cells = st.one_of(bad_files.CELLS, bad_files.GOOD)
            rows = data.draw(
                st.lists(st.lists(cells, min_size=width, max_size=width), max_size=3)
            )
            what = f"{model}.load({fields!r}, {rows!r})"

            def load():
                records = self.env[model].with_user(self.employee)
                self._check_loaded(records.load(fields, rows), before, what)

            self._upload(what, load, own=False)

        self._try_out("load", st.sampled_from(self.models), st.data(), attempt=attempt)
        self.assertEqual(self._mark(), before)

    def _fields(self, model):
        """Return the strategy of columns somebody might think of for a model."""
        names = [
            name
            for name, field in self.env[model]._fields.items()
            if not getattr(field, "automatic", False)
        ]
        paths = [f"{name}/id" for name in names] + [f"{name}/.id" for name in names]
        return st.lists(
            st.sampled_from([*names, *paths, "id", ".id"]),
            min_size=1,
            max_size=4,
            unique=True,
        )

    def _check_loaded(self, result, before, what):
        for message in result["messages"]:
            self.assertTrue(message["message"], what)
            self.assertNotIn(SECRET, str(message), what)
        if not result["ids"]:
            self.assertEqual(self._mark(), before, what)

    def test_files_of_the_web_client(self):
        """The same as a file: it says what it found, and changes nothing as a test."""
        before = self._mark()

        def attempt(model, file, dry):
            name, content = file
            kind = "text/csv" if name.endswith("csv") else _XLSX
            what = f"{model} {file!r:.3000}"

            def load():
                imports = self.env["base_import.import"].with_user(self.employee)
                job = imports.create(
                    {
                        "res_model": model,
                        "file": content,
                        "file_name": name,
                        "file_type": kind,
                    }
                )
                preview = job.parse_preview(_OPTIONS)
                if "error" in preview:
                    self.assertTrue(preview["error"], what)
                    return
                columns = [*map(str, preview["headers"] or ["name"])]
                fields = [*self.env[model]._fields][: len(columns)]
                fields += [False] * (len(columns) - len(fields))
                result = job.execute_import(fields, columns, _OPTIONS, dryrun=dry)
                self._check_loaded({"ids": False, **result}, before, what)

            self._upload(what, load, own=False)

        head = ["Name", "Company", "State", "Date"]
        files = st.one_of(bad_files.workbooks(head), bad_files.texts(head))
        self._try_out(
            *("client", st.sampled_from(self.models), files, st.booleans()),
            attempt=attempt,
        )
        self.assertEqual(self._mark(), before)


def _is_odoos_own(error):
    """Tell whether nothing of ours was at work when the error came."""
    frames = [frame for frame, _line in traceback.walk_tb(error.__traceback__)]
    paths = [Path(frame.f_code.co_filename).resolve() for frame in frames]
    return not any(path.is_relative_to(ADDONS) for path in paths)


KEYS = ("number", "customer", "product", "quantity", "price")
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_OPTIONS = {
    "has_headers": True,
    "separator": ",",
    "quoting": '"',
    "advanced": True,
    "limit": 100,
    "skip": 0,
}
