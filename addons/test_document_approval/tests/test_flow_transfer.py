import base64
import copy
import json
import random

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from odoo.addons.document_approval.flow_file import FlowFileReader

from .common import ApprovalCommon

#: what may stand anywhere in a file somebody wrote himself
NONSENSE = (
    *(None, True, False, 0, -1, 1, 2**31, 10**30, -(10**30), 1.5, 1e308),
    *("", "   ", "x", "x" * 2000, "a\nb", "nul\x00", "\ud800", "%(name)s", "[(", "[["),
    *("-" * 4000 + "1", "[('name', '=', 1)]", "__import__('os')", "id", "partner_id"),
    *([], [None], [[]], [1] * 500, {}, {"en_US": 1}, {"": ""}, {"en_US": {}}),
    *({"zh_CN": "x"}, {"a": "b"}, [{}], [{"department": "sales"}]),
)


class TransferCommon(ApprovalCommon):
    """A flow with everything in it, and another company to bring it to."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.other = cls.env["res.company"].create({"name": "Other"})
        cls.admin.company_ids |= cls.other
        cls.flow.with_context(lang="zh_CN").name = "单据"
        cls.finance.with_context(lang="zh_CN").name = "财务部"
        cls.finance.fallback_id = cls.management
        price = cls.env["ir.model.fields"]._get("test.approval.line", "price")
        partner = cls.env["ir.model.fields"]._get(
            "test.approval.document", "partner_id"
        )
        cls.flow.write({"domain": "[('total', '>', 0)]", "sequence": 7})
        joint = cls.flow.level_ids.filtered("is_joint")
        seat = joint.seat_ids.filtered(lambda seat: seat.department_id == cls.finance)
        seat.write(
            {
                "rule": "quorum",
                "quorum": 2,
                "is_required": False,
                "deadline_days": 1.5,
                "claimed_field_ids": [Command.set((price | partner).ids)],
                "check_ids": [
                    Command.create({"name": "Paid?", "must_be_yes": True}),
                    Command.create({"name": "Insured?", "sequence": 20}),
                ],
            }
        )
        seat.check_ids[0].with_context(lang="zh_CN").name = "已付款?"

    def _export(self, flows=None):
        flows = self.flow if flows is None else flows
        action = flows.with_user(self.admin).action_export()
        export_id = int(action["url"].split("/")[4])
        export = self.env["document.approval.flow.export"].browse(export_id)
        return json.loads(base64.b64decode(export.file))

    def _wizard(self, data, company=None, user=None, **values):
        content = data if isinstance(data, bytes) else json.dumps(data).encode()
        company = company or self.other
        return (
            self.env["document.approval.flow.import"]
            .with_user(user or self.admin)
            .with_context(allowed_company_ids=[company.id])
            .create({"file": base64.b64encode(content), **values})
        )

    def _flows(self, company):
        return (
            self.env["document.approval.flow"]
            .with_context(active_test=False)
            .search([("company_id", "=", company.id)])
        )

    def _refused(self, data, *words, company=None, **values):
        """Check that the wizard names what is wrong, and that nothing is created."""
        company = company or self.other
        before = self._flows(company)
        wizard = self._wizard(data, company, **values)
        wizard.action_check()
        self.assertFalse(wizard.is_checked)
        for word in words:
            self.assertIn(word, wizard.report)
        with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
            wizard.action_import()
        self.assertTrue(str(caught.exception).strip())
        self.assertEqual(self._flows(company), before)


@tagged("post_install", "-at_install")
class TestFlowTransfer(TransferCommon):
    """Flows go from one company or database to another as a file."""

    def test_round_trip(self):
        data = self._export()
        wizard = self._wizard(data)
        wizard.action_check()
        self.assertTrue(wizard.is_checked, wizard.report)
        self.assertFalse(self._flows(self.other), "checking changes nothing")
        wizard.action_import()
        flow = self._flows(self.other)
        self.assertEqual(self._export(flow), data)
        self.assertFalse(
            self.env["document.approval.department"]
            .search([("company_id", "=", self.other.id)])
            .member_ids,
            "people are not in the file",
        )

    def test_translations_and_details_arrive(self):
        self._wizard(self._export()).action_import()
        flow = self._flows(self.other)
        self.assertEqual(flow.with_context(lang="zh_CN").name, "单据")
        self.assertEqual(flow.name, "Documents")
        seats = flow.level_ids.filtered("is_joint").seat_ids
        seat = seats.filtered(lambda seat: seat.department_id.code == "finance")
        self.assertEqual(seat.check_ids.mapped("name"), ["Paid?", "Insured?"])
        self.assertEqual(seat.check_ids[0].with_context(lang="zh_CN").name, "已付款?")
        self.assertEqual(
            set(seat.claimed_field_ids.mapped("name")), {"price", "partner_id"}
        )
        self.assertRecordValues(
            seat,
            [
                {
                    "rule": "quorum",
                    "quorum": 2,
                    "is_required": False,
                    "deadline_days": 1.5,
                }
            ],
        )
        finance = seat.department_id
        self.assertEqual(finance.with_context(lang="zh_CN").name, "财务部")
        self.assertEqual(finance.fallback_id.code, "management")
        self.assertEqual(finance.company_id, self.other)

    def test_second_time_updates_or_skips(self):
        data = self._export()
        self._wizard(data).action_import()
        flow = self._flows(self.other)
        levels = flow.level_ids
        data["flows"][0]["levels"] = data["flows"][0]["levels"][:1]
        data["flows"][0]["sequence"] = 3
        self._wizard(data, on_existing="skip").action_import()
        self.assertEqual(flow.level_ids, levels)
        self._wizard(data, on_existing="update").action_import()
        self.assertEqual(self._flows(self.other), flow)
        self.assertEqual(len(flow.level_ids), 1)
        self.assertFalse(levels.exists())
        self.assertEqual(flow.sequence, 3)

    def test_departments_of_the_company_stay(self):
        mine = self.env["document.approval.department"].create(
            {"name": "Money", "code": "FINANCE", "company_id": self.other.id}
        )
        self._wizard(self._export()).action_import()
        self.assertEqual(mine.name, "Money")
        self.assertFalse(mine.fallback_id)
        self.assertIn(mine, self._flows(self.other).level_ids.seat_ids.department_id)

    def test_report_says_what_will_happen(self):
        data = self._export()
        data["flows"][0]["name"]["fr_FR"] = "Documents"
        wizard = self._wizard(data)
        wizard.action_check()
        for word in ("Documents", "New", "without members", "Finance", "fr_FR"):
            self.assertIn(word, wizard.report)
        wizard.on_existing = "skip"
        self.assertFalse(wizard.is_checked, "checked again after a change")

    def test_update_while_enforced(self):
        data = self._export()
        self._wizard(data, self.company).action_import()
        self.assertEqual(self._export(), data)
        self.assertEqual(self.company.document_approval_mode, "enforce")

    def test_what_nobody_could_fill_is_refused_while_enforced(self):
        data = self._export()
        data["departments"].append({"code": "legal", "name": {"en_US": "Legal"}})
        data["flows"][0]["fallback"] = "legal"
        data["flows"][0]["levels"] = [
            {"name": "Legal", "seats": [{"department": "legal"}]}
        ]
        before = self._export()
        self._refused(data, "Legal", "too few active members", company=self.company)
        data["flows"][0]["active"] = False
        self._refused(data, "only flow", company=self.company)
        self.assertEqual(self._export(), before)

    def test_errors_name_the_place(self):
        good = self._export()

        def wrong(change, *words):
            data = copy.deepcopy(good)
            change(data)
            self._refused(data, *words)

        def first(data):
            return data["flows"][0]["levels"][0]

        wrong(lambda d: d["flows"][0].update(model="res.partner"), "res.partner")
        wrong(lambda d: d["flows"][0].update(model="no.such"), "no.such", "Documents")
        wrong(lambda d: d["flows"][0].update(domain="[('x', '=', 1)]"), "Documents")
        wrong(lambda d: first(d).update(domain="[("), "level 1")
        wrong(lambda d: first(d)["seats"][0].update(claims=["note"]), "seat 1", "note")
        wrong(lambda d: first(d)["seats"][0].update(rule="two"), "seat 1", "quorum")
        wrong(lambda d: first(d)["seats"][0].update(department="board"), "board")
        wrong(lambda d: first(d)["seats"][0].update(deadline=1), "deadline")
        wrong(lambda d: first(d)["seats"].append({"department": "Sales"}), "twice")
        wrong(lambda d: first(d).pop("name"), "level 1", "missing")
        wrong(lambda d: d["flows"].append(d["flows"][0]), "twice")
        wrong(lambda d: d["departments"].append(d["departments"][0]), "twice")
        wrong(lambda d: d.update(version=2), "another version")
        wrong(lambda d: d.update(format="x"), "not a file of approval flows")
        wrong(lambda d: d.update(flows=[]), "no flow")
        wrong(
            lambda d: [
                entry.update(fallback=entry["code"]) for entry in d["departments"]
            ],
            "leads back to itself",
        )

    def test_files_that_are_none(self):
        for content, word in (
            (b"{", "JSON"),
            (b"[]", "object"),
            (b"\xff\xfe", "UTF-8"),
            (b"[" * 100_000, "nested"),
            (b" " * 1_000_001, "larger"),
            (b'{"a": NaN}', "NaN"),
            (b'{"a": 1, "a": 2}', "twice"),
            (b'{"a": ' + b"1" * 10_000 + b"}", "JSON"),
        ):
            self._refused(content, word)
        wizard = self._wizard(b"")
        wizard.action_check()
        self.assertIn("Choose a file", wizard.report)

    def test_same_name_twice_in_the_company(self):
        data = self._export()
        self.flow.copy()
        self._refused(data, "several flows", company=self.company)
        wizard = self._wizard(data, self.company, on_existing="skip")
        wizard.action_import()

    def test_only_administrators(self):
        data = self._export()
        for user in (self.requester, self.supervisor):
            with self.assertRaises(AccessError):
                self._wizard(data, self.company, user=user)
            with self.assertRaises(AccessError):
                self.flow.with_user(user).action_export()
        wizard = self._wizard(data)
        for method in ("action_check", "action_import"):
            with self.assertRaises(AccessError):
                getattr(wizard.with_user(self.supervisor), method)()

    def test_not_into_a_company_one_may_not_see(self):
        self.admin.company_ids -= self.other
        data = self._export()
        before = self._flows(self.other)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            wizard = self._wizard(data, self.company, company_id=self.other.id)
            wizard.action_import()
        self.assertEqual(self._flows(self.other), before)

    def test_nothing_chosen(self):
        with self.assertRaises(UserError):
            self.flow.browse().with_user(self.admin).action_export()

    def test_archived_flows_go_along(self):
        archived = self.flow.copy({"name": "Old", "active": False})
        data = self._export(self.flow | archived)
        self._wizard(data).action_import()
        self.assertEqual(self._export(self._flows(self.other)), data)


@tagged("post_install", "-at_install")
class TestFlowFileFuzz(TransferCommon):
    """Whatever a file says, the answer is in words or the import is sound."""

    def _places(self, value, path=()):
        """Yield the path of every value in the file."""
        yield path
        inner = (
            value.items()
            if isinstance(value, dict)
            else enumerate(value)
            if isinstance(value, list)
            else ()
        )
        for key, part in inner:
            yield from self._places(part, (*path, key))

    def _put(self, data, path, value):
        data = copy.deepcopy(data)
        if not path:
            return value
        target = data
        for key in path[:-1]:
            target = target[key]
        target[path[-1]] = value
        return data

    def test_nonsense_anywhere_is_read(self):
        """The reader never fails, and never lets through what it cannot vouch for."""
        good = self._export()
        for path in self._places(good):
            for value in NONSENSE:
                data = self._put(good, path, value)
                reader = FlowFileReader(self.env)
                try:
                    content = json.dumps(data).encode()
                    reader.get_data(content)
                except Exception as error:
                    self.fail(f"{path} = {value!r:.40}: {error!r}")
                for problem in reader.problems:
                    problem.encode()

    def test_nonsense_anywhere_is_imported_or_refused(self):
        good = self._export()
        good["flows"][0]["levels"] = good["flows"][0]["levels"][-2:]
        chance = random.Random(7)
        cases = [(path, value) for path in self._places(good) for value in NONSENSE]
        for path, value in chance.sample(cases, 80):
            self._try(self._put(good, path, value), f"{path} = {value!r:.40}")

    def test_nonsense_conditions(self):
        good = self._export()
        good["flows"][0]["levels"] = good["flows"][0]["levels"][:1]
        for text in (
            *("7", "'x'", "{}", "None", "[1, 2]", "[('total', '>')]", "[('total',)]"),
            *("[('total', '>', 'abc')]", "[('total', 'in', 5)]", "['&']", "['|', '|']"),
            *("[('line_ids', 'any', 5)]", "[('line_ids.price', '=', 10**99)]"),
            *("[('partner_id', 'child_of', 10000000000000000000)]",),
            *("[('partner_id', 'parent_of', 'x')]", "[('id', 'inselect', ())]"),
            *("[('create_date', '>', 'soon')]", "[('create_date', '=', 1e308)]"),
            *("[('state', 'ilike', [1])]", "[('total', '=', [[]])]", "-" * 4900 + "1"),
            *("[" * 4900, "(" * 90 + "1" + ")" * 90, "[('approval_panel', '=', 1)]"),
            *("[('partner_id.name', '=?', {})]", "[('activity_ids', '=', 'x')]"),
            *("[('message_is_follower', '=', 5)]", "[('display_name', '<', 5)]"),
        ):
            for owner in (
                good["flows"][0],
                good["flows"][0]["levels"][0],
            ):
                before = owner["domain"]
                owner["domain"] = text
                self._try(good, text[:60])
                owner["domain"] = before

    def _try(self, data, what):
        """Check and import in a savepoint; only words may come back."""
        savepoint = self.env.cr.savepoint()
        try:
            wizard = self._wizard(data)
            wizard.action_check()
            if wizard.is_checked:
                wizard.action_import()
                self.assertTrue(self._export(self._flows(self.other)))
            else:
                self.assertTrue(wizard.report)
                with self.assertRaises(UserError):
                    wizard.action_import()
        except Exception as error:
            self.fail(f"{what}: {error!r}")
        finally:
            savepoint.close(rollback=True)


@tagged("post_install", "-at_install")
class TestFlowDownload(HttpCase, TransferCommon):
    """The file is downloaded by who made it."""

    def test_download(self):
        action = self.flow.with_user(self.admin).action_export()
        self.authenticate("admin_approval", "admin_approval")
        response = self.url_open(action["url"])
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.json()["flows"][0]["model"], self.flow.model)
        self.assertIn(".json", response.headers["Content-Disposition"])
        self.authenticate("supervisor", "supervisor")
        refused = self.url_open(action["url"])
        self.assertNotIn(b"document.approval.flows", refused.content)
