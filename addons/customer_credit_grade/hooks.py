import base64
import json

from odoo.tools import SQL

_BATCH = 500


def post_init_hook(env):
    """Prepare without stopping anything: credit control stays off (DESIGN 2).

    Accounts of customers with a history are made by a job, with progress. Who approves
    credit is prepared when the switch is thrown: until then nobody is needed for it.
    """
    cron = env.ref("customer_credit_grade.ir_cron_prepare_accounts")
    cron._trigger()


def uninstall_hook(env):
    """Leave Odoo's own credit fields as they were, and the history with the customers.

    Each customer with a credit account gets its history as an attachment.
    """
    env["customer.credit.native"].search([])._restore()
    accounts = env["customer.credit.account"].with_context(active_test=False)
    for start in range(0, accounts.search_count([]), _BATCH):
        batch = accounts.search([], order="id", offset=start, limit=_BATCH)
        env["ir.attachment"].create([_prepare_file(account) for account in batch])
    empty_tables(env, "customer.credit.")


def empty_tables(env, *prefixes):
    """Empty all tables of models with these prefixes, in one statement.

    Odoo deletes the records of an add-on one by one before it drops the tables: what
    is kept for good, and what others refer to, would stand in its way. Only add-ons
    that depend on this one refer to its tables; they are being uninstalled with it.
    """
    env.flush_all()
    tables = set()
    for name, model in env.items():
        if not name.startswith(prefixes) or model._abstract:
            continue
        if model._auto:
            tables.add(model._table)
        tables |= {
            field.relation
            for field in model._fields.values()
            if field.type == "many2many" and field.store
        }
    _drop_references(env, tables)
    env.cr.execute(
        SQL("TRUNCATE %s", SQL(", ").join(map(SQL.identifier, sorted(tables))))
    )
    env.invalidate_all(flush=False)


def _drop_references(env, tables):
    """Drop the foreign keys by which other tables refer to ``tables``."""
    rows = env.execute_query(
        SQL(
            "SELECT conrelid::regclass::text, conname FROM pg_constraint"
            " WHERE contype = 'f' AND confrelid::regclass::text = ANY(%(own)s)"
            " AND conrelid::regclass::text <> ALL(%(own)s)",
            own=sorted(tables),
        )
    )
    for table, name in rows:
        env.cr.execute(
            SQL(
                "ALTER TABLE %s DROP CONSTRAINT %s",
                SQL.identifier(table),
                SQL.identifier(name),
            )
        )


def _prepare_file(account):
    content = json.dumps(_export(account), ensure_ascii=False, indent=2, default=str)
    return {
        "name": f"credit-history-{account.partner_id.name}.json",
        "res_model": "res.partner",
        "res_id": account.partner_id.id,
        "mimetype": "application/json",
        "datas": base64.b64encode(content.encode()),
    }


def _export(account):
    requests = account.env["customer.credit.request"].search(
        [("account_id", "=", account.id)], order="id"
    )
    holds = account.env["customer.credit.hold"].search(
        [("account_id", "=", account.id)], order="id"
    )
    return {
        "company": account.company_id.name,
        "currency": account.currency_id.name,
        "mode": account.mode,
        "grade": account.grade_id.code,
        "group": account.group_id.name,
        "limits": account.entitlement_ids.sorted("id").read(
            ["kind", "amount", "cover", "date_from", "date_to", "date_ended", "note"]
        ),
        "requests": requests.read(
            ["kind", "state", "old_value", "new_value", "reason", "create_date"]
        ),
        "holds": [
            {
                "document": hold.res_name,
                "stopped": hold.purpose,
                "state": hold.state,
                "exceeded_by": hold.excess,
                "attempts": hold.attempt_ids.read(["date", "amount", "excess"]),
                "releases": [
                    {
                        "by": release.user_id.name,
                        "date": release.date,
                        "until": release.date_to,
                        "reason": release.reason,
                    }
                    for release in hold.release_ids
                ],
            }
            for hold in holds
        ],
    }
