import base64
import json

from odoo.tools import SQL

_BATCH = 500
#: answers of a customer with what they answered, per order or requirement list
_LEAVE = (
    "UPDATE ir_attachment file SET res_model = 'res.partner', res_id = l.partner_id"
    " FROM sale_requirement_list l WHERE file.res_model = 'sale.requirement.list'"
    " AND file.res_id = l.id AND file.res_field IS NULL",
    "UPDATE ir_attachment file SET res_model = 'res.partner', res_id = l.partner_id"
    " FROM sale_requirement_answer a JOIN sale_requirement_list l ON l.id = a.list_id"
    " WHERE file.res_model = 'sale.requirement.answer' AND file.res_id = a.id",
    "UPDATE ir_attachment file SET res_model = 'sale.order', res_id = a.order_id"
    " FROM sale_order_enquiry_answer a"
    " WHERE file.res_model = 'sale.order.enquiry.answer' AND file.res_id = a.id",
    "DELETE FROM ir_attachment_sale_requirement_answer_rel",
    "DELETE FROM ir_attachment_sale_order_enquiry_answer_rel",
    "DELETE FROM sale_requirement_objection",
    "DELETE FROM sale_requirement_answer",
    "UPDATE sale_requirement_list SET version_id = NULL",
    "DELETE FROM sale_requirement_version",
    "DELETE FROM sale_requirement_line",
    "DELETE FROM sale_requirement_list",
    "DELETE FROM sale_order_enquiry_answer",
    "DELETE FROM sale_order_enquiry_line",
    "DELETE FROM sale_order_enquiry",
)


def uninstall_hook(env):
    """Leave Odoo's documents whole, and the answers with orders and customers.

    Each order with answers, and each customer with requirement lists, gets them as an
    attachment; proofs that were attached stay, with the order or the customer.
    """
    env.flush_all()
    _export(env, "sale.order.enquiry.answer", "order_id", "validity-answers")
    _export(env, "sale.requirement.answer", "list_id", "requirement-list")
    for query in _LEAVE:
        env.cr.execute(SQL(query))
    env.invalidate_all(flush=False)


def _export(env, model, field, title):
    groups = env[model]._read_group([], groupby=[field], aggregates=["id:recordset"])
    for start in range(0, len(groups), _BATCH):
        env["ir.attachment"].create(
            [
                _prepare_file(document, answers, title)
                for document, answers in groups[start : start + _BATCH]
            ]
        )
    env.flush_all()


def _prepare_file(document, answers, title):
    rows = [
        {
            "kind": answer.kind,
            "date": answer.date,
            "said_on": answer.said_on,
            "name": answer.name,
            "entered_by": answer.user_id.login,
            "way": answer.way,
            "address": answer.address,
            "words": answer.words,
            **(
                {"content": json.loads(answer.version_id.content)}
                if "version_id" in answer._fields
                else {"wish_date": answer.wish_date}
            ),
            **(
                {
                    "objections": {line.number: line.words for line in answer.line_ids},
                    "content_hash": answer.content_hash,
                    "signature": (answer.signature or b"").decode(),
                }
                if "version_id" in answer._fields
                else {}
            ),
        }
        for answer in answers.sorted("id")
    ]
    is_order = document._name == "sale.order"
    owner = document if is_order else document.partner_id
    content = json.dumps(rows, ensure_ascii=False, indent=2, default=str)
    return {
        "name": f"{title}-{(document.name or '').replace('/', '-')}.json",
        "res_model": owner._name,
        "res_id": owner.id,
        "mimetype": "application/json",
        "datas": base64.b64encode(content.encode()),
    }
