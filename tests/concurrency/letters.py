"""Confirmed orders with letters and tasks, for several processes at once."""

import hashlib
import time

from odoo.fields import Command

from tests.concurrency import orders


def set_up(env):
    """Let confirmations give letters and tasks; see :func:`orders.set_up`."""
    setting = orders.set_up(env)
    company = env.ref("base.main_company")
    company.write({"sale_policy_letter": True, "sale_policy_tasks": True})
    return setting


def confirm(env, setting, count):
    """Return the ids of ``count`` confirmed orders, their letters being queued."""
    created = (
        env["sale.order"]
        .with_user(setting["users"]["seller"])
        .create(
            [
                {
                    "partner_id": setting["partner"],
                    "order_line": [
                        Command.create(
                            {
                                "product_id": setting["products"][0],
                                "product_uom_qty": 1,
                            }
                        )
                    ],
                }
                for _number in range(count)
            ]
        )
    )
    created.action_confirm()
    return created.ids


def print_quickly(env, seconds=0.05):
    """Have letters printed without the program for it, slowly enough to be met."""

    def render(letter):
        time.sleep(seconds)
        return hashlib.sha256(str(letter.id).encode()).digest()

    type(env["sale.order.letter"])._render_pdf = render


def run_job(env):
    """Do what the scheduled job does, and say how many letters it sent."""
    print_quickly(env)
    env["sale.order.letter"]._cron_follow_confirmations()
    return True


def die_before_the_end(env):
    """Work on a letter and be gone before anything of it is committed."""
    print_quickly(env)
    letter = env["sale.order.letter"]._take_next(set())
    letter._lock_queued()
    letter._work()
    env.flush_all()
    env.cr.rollback()
    return letter.id


def cancel(env, order_id):
    """Cancel an order."""
    env["sale.order"].browse(order_id)._action_cancel()
    return True


def facts(env, order_ids):
    """Return what became of letters, mails and tasks of the orders."""
    result = []
    for order in env["sale.order"].browse(order_ids):
        messages = order.message_ids.filtered(
            lambda message: message.subtype_id == env.ref("mail.mt_comment")
        )
        mails = env["mail.mail"].search([("mail_message_id", "in", messages.ids)])
        result.append(
            {
                "state": order.state,
                "letters": order.policy_letter_ids.mapped("state"),
                "messages": len(messages),
                "mails to the customer": len(
                    mails.filtered(
                        lambda mail, order=order: (
                            order.partner_id in mail.recipient_ids
                        )
                    )
                ),
                "tasks": order.policy_task_ids.mapped("state"),
            }
        )
    return result
