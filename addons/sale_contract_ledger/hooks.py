import base64
import json

from odoo.tools import SQL

_BATCH = 500


def pre_init_hook(env):
    """Add the columns of orders without reading or rewriting a single order."""
    env.cr.execute(
        SQL(
            "ALTER TABLE sale_order"
            " ADD COLUMN IF NOT EXISTS contract_id int4,"
            " ADD COLUMN IF NOT EXISTS contract_late_days int4"
        )
    )


def uninstall_hook(env):
    """Leave the papers as ordinary files of the customers, with what was agreed."""
    contracts = env["sale.contract"].with_context(active_test=False).search([])
    for start in range(0, len(contracts), _BATCH):
        part = contracts[start : start + _BATCH]
        env["ir.attachment"].create([_prepare_file(contract) for contract in part])
    env.flush_all()
    env.cr.execute(
        SQL(
            "UPDATE ir_attachment a SET res_model = 'res.partner',"
            " res_id = c.partner_id, description = concat_ws(E'\n', a.description,"
            " c.name, paper.kind, 'SHA-256 ' || paper.sha256)"
            " FROM sale_contract_paper paper"
            " JOIN sale_contract c ON c.id = paper.contract_id"
            " WHERE a.id = paper.attachment_id"
        )
    )
    for table in ("signature", "paper", "loan", "original", "briefing"):
        env.cr.execute(SQL("DELETE FROM %s", SQL.identifier(f"sale_contract_{table}")))
    env.invalidate_all(flush=False)


def _prepare_file(contract):
    content = {
        "contract": contract.read(
            [
                "name",
                "kind",
                "state",
                "amount",
                "ledger_amount",
                "date_signed",
                "orders_content",
            ]
        ),
        "signatures": contract.signature_ids.read(["side", "name", "date", "way"]),
        "originals": contract.original_ids.read(["name", "class_name", "copies"]),
        "loans": contract.original_ids.loan_ids.read(
            ["borrower_id", "purpose", "date_from", "date_due", "date_returned"]
        ),
        "briefings": contract.briefing_ids.read(
            ["department_id", "state", "acknowledged_by_id", "acknowledged_on"]
        ),
    }
    text = json.dumps(content, ensure_ascii=False, indent=2, default=str)
    return {
        "name": f"contract-{contract.name}.json",
        "res_model": "res.partner",
        "res_id": contract.partner_id.id,
        "mimetype": "application/json",
        "datas": base64.b64encode(text.encode()),
    }
