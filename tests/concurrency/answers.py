"""Questions to a customer, answered by him and by staff at the same moment."""

import time

from odoo.fields import Command

from tests.concurrency.concessions import _user
from tests.concurrency.orders import meet


def set_up(env):
    """Return who sells and to whom; confirmed orders take part in enquiries."""
    company = env.ref("base.main_company")
    company.document_approval_mode = "off"
    env["sale.order.type"].search([]).takes_part_in_enquiries = True
    seller = _user(env, "answer seller", "sales_team.group_sale_salesman_all_leads")
    partner = env["res.partner"].create(
        {"name": "Waterworks", "is_company": True, "email": "works@example.com"}
    )
    portal = _user(env, "answer portal", "base.group_portal")
    portal.partner_id.parent_id = partner
    product = env["product.product"].create({"name": "Pump", "list_price": 50.0})
    return {
        "seller": seller.id,
        "portal": portal.id,
        "partner": partner.id,
        "product": product.id,
    }


# Requirement lists -----------------------------------------------------------------


def sent_list(env, setting):
    """Return the id of a requirement list that the customer has."""
    document = (
        env["sale.requirement.list"]
        .with_user(setting["seller"])
        .create(
            {
                "partner_id": setting["partner"],
                "line_ids": [
                    Command.create({"product_id": setting["product"], "quantity": 3})
                ],
            }
        )
    )
    document._freeze("handed")
    return document.id


def customer_answers_late(env, setting, list_id, kind, *meeting):
    """Answer what was on the screen, after rivals have done what they do."""
    customer_answers_list(env, setting, list_id, kind, *meeting, wait=1.0)


def customer_answers_list(env, setting, list_id, kind, *meeting, wait=0.0):
    """Answer in the portal, as its controller does."""
    document = env["sale.requirement.list"].with_user(setting["portal"]).sudo()
    document = document.browse(list_id)
    version = document.version
    meet(env, *meeting)
    time.sleep(wait)
    document._answer(kind, "Ms Wang", "portal", version, words="Said online")


def staff_records_list(env, setting, list_id, kind, *meeting):
    """Record what the customer said on the telephone."""
    seller = env(user=setting["seller"])
    file = seller["ir.attachment"].create({"name": "call.txt", "raw": b"said so"})
    record = seller["sale.requirement.record"].create(
        {
            "list_id": list_id,
            "version": seller["sale.requirement.list"].browse(list_id).version,
            "kind": kind,
            "way": "phone",
            "name": "Mr Li",
            "said_on": "2026-04-01",
            "words": "Said on the telephone",
            "attachment_ids": [Command.set(file.ids)],
        }
    )
    meet(env, *meeting)
    record.action_record()


def staff_revises_list(env, setting, list_id, *meeting):
    """Take the list back to change it."""
    document = env["sale.requirement.list"].with_user(setting["seller"]).browse(list_id)
    meet(env, *meeting)
    document.action_revise()


def list_facts(env, list_id):
    """Return what is kept and what is shown."""
    document = env["sale.requirement.list"].browse(list_id)
    answers = document.version_ids.answer_ids.sorted("id")
    return {
        "state": document.state,
        "kept": answers.mapped("kind"),
        "by": answers.mapped("name"),
        "answered by": document.answered_by,
        "told": document.activity_ids.mapped("summary"),
    }


# Validity enquiries ----------------------------------------------------------------


def asked(env, setting):
    """Return the ids of an enquiry and of the two orders it asks about."""
    orders = (
        env["sale.order"]
        .with_user(setting["seller"])
        .create(
            [
                {
                    "partner_id": setting["partner"],
                    "order_line": [
                        Command.create(
                            {"product_id": setting["product"], "product_uom_qty": 4}
                        )
                    ],
                }
                for _number in range(2)
            ]
        )
    )
    orders.action_confirm()
    company = env.ref("base.main_company")
    enquiry = env["sale.order.enquiry"]._make(company, setting["partner"], orders.ids)
    return {"enquiry": enquiry.id, "orders": orders.ids}


def customer_answers(env, setting, enquiry_id, order_id, kind, *meeting):
    """Answer about one order in the portal, as its controller does."""
    enquiry = env["sale.order.enquiry"].with_user(setting["portal"]).sudo()
    enquiry = enquiry.browse(enquiry_id)
    line = enquiry.line_ids.filtered(lambda line: line.order_id.id == order_id)
    meet(env, *meeting)
    enquiry._answer({line: {"kind": kind, "words": "Online"}}, "Ms Wang", "portal")


def staff_records(env, setting, order_id, kind, *meeting):
    """Record what the customer said on the telephone about one order."""
    record = env(user=setting["seller"])["sale.order.enquiry.record"].create(
        {
            "order_id": order_id,
            "kind": kind,
            "way": "phone",
            "name": "Mr Li",
            "said_on": "2026-04-01",
            "words": "On the telephone",
        }
    )
    meet(env, *meeting)
    record.action_record()


def facts(env, enquiry_id):
    """Return what is kept about each order, and what is shown."""
    enquiry = env["sale.order.enquiry"].browse(enquiry_id)
    return {
        "state": enquiry.state,
        "answered": enquiry.answered_count,
        "withdrawn": enquiry.withdrawn_count,
        "lines": [
            {
                "state": line.state,
                "kept": line.answer_ids.sorted("id").mapped("kind"),
                "words": line.words,
                "last": line.answer_ids.sorted("id")[-1:].words,
            }
            for line in enquiry.line_ids.sorted(lambda line: line.order_id.id)
        ],
    }


# Confirmation letters --------------------------------------------------------------


def ask_by_letters(env, setting):
    """Have orders confirmed by letters that customers answer; nobody has to look."""
    company = env.ref("base.main_company")
    company._sale_policy_create_default_flow()
    departments = env["document.approval.department"].search(
        [("company_id", "=", company.id)]
    )
    departments.member_ids = [Command.link(setting["seller"])]
    flows = env["document.approval.flow"].search([("company_id", "=", company.id)])
    flows.level_ids.participation = "finding"
    company.write(
        {
            "document_approval_mode": "enforce",
            "sale_policy_letter": True,
            "sale_policy_answer": True,
        }
    )


def letter_asked(env, setting):
    """Return the id of an order whose letter the customer has."""
    order = (
        env["sale.order"]
        .with_user(setting["seller"])
        .create(
            {
                "partner_id": setting["partner"],
                "order_line": [Command.create({"product_id": setting["product"]})],
            }
        )
    )
    order.action_confirm()
    letter = order.sudo().policy_letter_ids
    type(letter)._render_pdf = lambda self: b"%PDF-1.4"
    letter._work()
    return order.id


def customer_answers_letter(env, setting, order_id, agrees, *meeting):
    """Answer in the portal, as its controller does."""
    order = env["sale.order"].browse(order_id)
    question = order._policy_get_portal_answer().with_user(setting["portal"]).sudo()
    meet(env, *meeting)
    question._answer(agrees, "portal", "Ms Wang", "Said online")


def staff_enters_letter(env, setting, order_id, agrees, *meeting):
    """Enter what the customer said on the telephone."""
    question = env["sale.order"].browse(order_id).policy_letter_answer_id
    entry = env(user=setting["seller"])["sale.order.letter.answer.entry"].create(
        {
            "answer_id": question.id,
            "agrees": "confirm" if agrees else "object",
            "answered_name": "Mr Li",
            "words": "Said on the telephone",
        }
    )
    meet(env, *meeting)
    entry.action_enter()


def order_is_cancelled(env, setting, order_id, *meeting):
    """Cancel the order whose letter waits for an answer."""
    order = env["sale.order"].with_user(setting["seller"]).browse(order_id)
    meet(env, *meeting)
    order.sudo()._action_cancel()  # who sells need not read purchases


def letter_facts(env, order_id):
    """Return what the customer said, and how often that is told in the history."""
    order = env["sale.order"].browse(order_id)
    (question,) = order.policy_letter_answer_ids
    told = order.message_ids.filtered(
        lambda note: "of the confirmation letter" in (note.body or "")
    )
    return {
        "state": question.state,
        "source": question.source,
        "is current": question.is_current,
        "order": order.state,
        "told": len(told),
    }


ACTIONS = {
    "customer answers letter": customer_answers_letter,
    "staff enters letter": staff_enters_letter,
    "order is cancelled": order_is_cancelled,
    "customer answers list": customer_answers_list,
    "customer answers late": customer_answers_late,
    "staff records list": staff_records_list,
    "staff revises list": staff_revises_list,
    "customer answers": customer_answers,
    "staff records": staff_records,
}


def act(env, name, *arguments):
    """Do one of :data:`ACTIONS`."""
    return ACTIONS[name](env, *arguments)
