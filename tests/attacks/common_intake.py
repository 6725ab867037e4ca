"""Orders with originals, letters and tasks, and spreadsheets on their way in."""

import base64

from odoo.fields import Command
from odoo.tests import new_test_user

from odoo.addons.sale_order_policy.tests.import_common import (
    KEYS,
    SaleOrderImportCommon,
    make_xlsx,
)

from . import snapshot
from .common import AttackCommon, RequestCaller

#: what of the snapshots matters here, and what is new
ROWS = {
    name: snapshot.ROWS[name]
    for name in ("orders", "lines", "rounds", "seats", "decisions", "order count")
} | {
    "originals": "SELECT * FROM sale_order_original",
    "kinds of originals": "SELECT * FROM sale_original_kind",
    "files": """
        SELECT * FROM ir_attachment WHERE res_model = 'sale.order'
            OR res_model = 'sale.order.import'
            OR id IN (SELECT attachment_id FROM sale_order_original)
            OR id IN (SELECT attachment_id FROM sale_order_letter)""",
    "messages": """
        SELECT m.id, m.model, m.res_id, m.body, m.author_id, r.attachment_id
          FROM mail_message m JOIN message_attachment_rel r ON r.message_id = m.id
          JOIN sale_order_original o ON o.attachment_id = r.attachment_id""",
    "letters": "SELECT * FROM sale_order_letter",
    "batches": "SELECT * FROM sale_order_task_batch",
    "tasks": "SELECT * FROM sale_order_task",
    "task lines": "SELECT * FROM sale_order_task_line",
    "templates of tasks": "SELECT * FROM sale_order_task_template",
    "imports": "SELECT * FROM sale_order_import",
    "rows": "SELECT * FROM sale_order_import_row",
    "types": "SELECT * FROM sale_order_type",
    "classes": "SELECT * FROM sale_amount_class",
    "regions": "SELECT * FROM sales_region",
    "customers": """
        SELECT id, sale_region_id, commercial_partner_id FROM res_partner
         WHERE id IN (SELECT partner_id FROM sale_order)""",
    "letter template": """
        SELECT id, body_html, subject FROM mail_template WHERE id = (
            SELECT res_id FROM ir_model_data WHERE name = 'mail_template_letter'
               AND module = 'sale_order_policy')""",
    "companies": """
        SELECT id, sale_policy_letter, sale_policy_tasks, document_approval_mode
          FROM res_company""",
}


class IntakeCommon(AttackCommon):
    """As the other attacks, of orders that may be sent only once they are approved."""

    rows = ROWS
    caller = RequestCaller

    @classmethod
    def _create_extras(cls):
        super()._create_extras()
        cls.company.write({"sale_policy_letter": True, "sale_policy_tasks": True})
        cls.strict = cls.env["sale.order.type"].create(
            {
                "name": "Strict",
                "code": "STRICT",
                "sending_rule": "approved",
                "company_id": cls.company.id,
            }
        )
        cls.other_type = cls.env["sale.order.type"].create(
            {"name": "Elsewhere", "company_id": cls.other_company.id}
        )
        cls.region = cls.env["sales.region"].create({"name": "Cheap Region"})
        cls.rich = cls.env["res.partner"].create(
            {"name": "Rich", "is_company": True, "sale_region_id": cls.region.id}
        )
        warehouse = cls.departments["warehouse"]
        warehouse.resource_calendar_id = False
        warehouse.member_ids = cls.users["employee"]
        cls.klass = cls.env["sale.amount.class"].create(
            {
                "name": "Large",
                "amount_from": 1e6,
                "department_ids": [Command.set(cls.departments["finance"].ids)],
            }
        )
        cls.users["foreigner"] = new_test_user(
            cls.env,
            login="attack.foreigner",
            groups="sales_team.group_sale_manager,document_approval.group_manager",
            company_id=cls.other_company.id,
            company_ids=[Command.set(cls.other_company.ids)],
        )
        cls._create_imports()

    @classmethod
    def _create_imports(cls):
        """Have the owner import an order, and others that are not made yet."""
        cls.partner.write({"ref": "ATTACK-C", "user_id": cls.users["owner"].id})
        cls.product.default_code = "ATTACK-P"
        cls.imported = cls._stage("I1")
        cls.imported.action_create_orders()
        cls.job = cls._stage("I2", "I3")
        assert cls.imported.row_ids.mapped("state") == ["done"]
        assert cls.job.row_ids.mapped("state") == ["ready", "ready"]

    @classmethod
    def _stage(cls, *numbers):
        headings = SaleOrderImportCommon.headings(*KEYS)
        rows = [[n, "ATTACK-C", "ATTACK-P", 2, 50] for n in numbers]
        content = base64.b64encode(make_xlsx([headings, *rows]))
        imports = cls.env["sale.order.import"].with_user(cls.users["owner"])
        job = imports.create({"file": content, "file_name": f"{numbers[0]}.xlsx"})
        job.action_check()
        return job

    @classmethod
    def _files_of(cls, job):
        domain = [("res_model", "=", job._name), ("res_field", "=", "file")]
        return cls.env["ir.attachment"].search([*domain, ("res_id", "=", job.id)])

    @classmethod
    def _make_draft(cls):
        order = super()._make_draft()
        order.policy_type_id = cls.strict
        owned = order.with_user(cls.users["owner"])
        files = cls.env["ir.attachment"].with_user(cls.users["owner"])
        sent, _loose = files.create(
            [
                {
                    "name": name,
                    "raw": f"{name} of {order.name}",
                    "res_model": "sale.order",
                    "res_id": order.id,
                }
                for name in ("sent.txt", "loose.txt")
            ]
        )
        owned.message_post(body="As agreed", attachment_ids=sent.ids)
        originals = cls.env["sale.order.original"].with_user(cls.users["owner"])
        originals.create({"order_id": order.id, "attachment_id": sent.id})
        originals._create_from_files(
            [
                {
                    "order_id": order.id,
                    "name": "contract.txt",
                    "content": b"Deliver",
                    "is_internal": False,
                },
                {
                    "order_id": order.id,
                    "name": "secret.txt",
                    "content": b"Secret",
                    "is_internal": True,
                },
            ]
        )
        return order

    @classmethod
    def _make_confirmed(cls):
        order = super()._make_confirmed()
        cls.letter = order.sudo().policy_letter_ids
        cls.letter._work()
        cls.batch = cls.env["sale.order.task.batch"].search(
            [("order_id", "=", order.id)]
        )
        cls.batch._work()
        return order

    @classmethod
    def _target(cls, order):
        target = super()._target(order)
        spare = cls.env["sale.order"].browse(target.spare)
        for name, of_order in (("", order), ("spare_", spare)):
            originals_sudo = of_order.sudo().policy_original_ids.sorted("id")
            files = originals_sudo.attachment_id
            setattr(target, f"{name}originals", originals_sudo.ids)
            setattr(target, f"{name}files", files.ids)
        originals_sudo = order.sudo().policy_original_ids
        internal = originals_sudo.filtered("is_internal")
        target.internal, target.internal_file = internal.ids, internal.attachment_id.ids
        domain = [("res_model", "=", "sale.order"), ("res_id", "=", order.id)]
        target.loose = (
            cls.env["ir.attachment"].search([*domain, ("name", "=", "loose.txt")]).ids
        )
        target.messages = order.message_ids.filtered("attachment_ids")[-1:].ids
        return target

    @classmethod
    def _common_ids(cls):
        ids = super()._common_ids()
        letter, task = cls.letter, cls.letter.order_id.sudo().policy_task_ids
        chosen = {
            "kind": cls.env["sale.original.kind"].search([], limit=1),
            "letter": letter,
            "letter_file": letter.attachment_id,
            "letter_round": letter.round_id,
            "task": task,
            "batch": cls.batch,
            "task_template": cls.env["sale.order.task.template"].search([], limit=1),
            "mail_template": cls.env.ref("sale_order_policy.mail_template_letter"),
            "imported": cls.imported,
            "job": cls.job,
            "imported_file": cls._files_of(cls.imported),
            "job_file": cls._files_of(cls.job),
            "imported_row": cls.imported.row_ids[0],
            "row": cls.job.row_ids.sorted("row_number")[0],
            "strict": cls.strict,
            "other_type": cls.other_type,
            "region": cls.region,
            "rich": cls.rich,
            "klass": cls.klass,
            "team": cls.env["crm.team"].search([], limit=1),
        }
        for name, record in chosen.items():
            assert len(record) == 1, (name, record)
        return {**ids, **{name: record.id for name, record in chosen.items()}}
