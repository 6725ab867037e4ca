import base64
import json

from odoo.addons.customer_credit_grade.hooks import empty_tables

from .assessment_hooks import leave_assessments
from .statement_hooks import leave_statements

_BATCH = 500


def post_init_hook(env):
    """Prepare every company; nothing of an existing document changes by that."""
    env["res.company"].search([])._channel_prepare()


def uninstall_hook(env):
    """Leave Odoo's documents whole, and the history with the customers.

    Credit notes and accruals stay as they are. Each customer with rebates gets what was
    reached, earned and released as an attachment.
    """
    balances = env["rebate.balance"]
    groups = balances.search([("has_figures", "=", True)]).grouped("partner_id")
    partners = list(groups)
    for start in range(0, len(partners), _BATCH):
        env["ir.attachment"].create(
            [
                _prepare_file(partner, groups[partner])
                for partner in partners[start : start + _BATCH]
            ]
        )
    leave_statements(env)
    leave_assessments(env)
    empty_tables(env, "channel.", "rebate.")


def _prepare_file(partner, balances):
    rows = balances.sorted("id").read(
        [
            "display_name",
            "currency_id",
            "date_from",
            "date_to",
            "target",
            "ordered_amount",
            "invoiced_amount",
            "paid_amount",
            "earned_amount",
            "releasable_amount",
            "released_amount",
            "remark",
        ]
    )
    content = json.dumps(rows, ensure_ascii=False, indent=2, default=str)
    return {
        "name": f"rebates-{partner.name}.json",
        "res_model": "res.partner",
        "res_id": partner.id,
        "mimetype": "application/json",
        "datas": base64.b64encode(content.encode()),
    }
