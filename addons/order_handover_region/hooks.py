import base64
import json

from odoo.addons.document_approval.hooks import _export_round


def uninstall_hook(env):
    """Leave who approved transfers with the pickings, which stay (DESIGN 2)."""
    transfers = env["stock.region.transfer"]
    groups = env["document.approval.round"]._read_group(
        [("res_model", "=", transfers._name)],
        groupby=["res_id"],
        aggregates=["id:recordset"],
    )
    values = []
    for res_id, rounds in groups:
        picking = transfers.browse(res_id).exists().picking_ids.sorted("id")[:1]
        history = [_export_round(approval_round) for approval_round in rounds]
        content = json.dumps(history, ensure_ascii=False, indent=2)
        values.append(
            {
                "name": f"approval-history-{rounds[:1].res_name}.json",
                "res_model": picking._name if picking else False,
                "res_id": picking.id if picking else False,
                "mimetype": "application/json",
                "datas": base64.b64encode(content.encode()),
            }
        )
    env["ir.attachment"].create(values)
