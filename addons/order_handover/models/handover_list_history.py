"""What remains of handover lists when the add-on is removed."""

import csv
import io

_COLUMNS = [
    "name",
    "sender_department_id",
    "sender_id",
    "date_sent",
    "content",
    "receiver_department_id",
    "deadline",
    "state",
    "receiver_id",
    "date_received",
    "refused_by_id",
    "date_refused",
    "refuse_reason",
    "answer",
    "receipt_note",
    "note",
]


def export_handover_lists(env):
    """Leave the handover list of each order with it, as a file, and the signatures."""
    rows = env["order.handover"].sudo()  # the whole history, of all companies
    titles = [rows._fields[name]._description_string(env) for name in _COLUMNS]
    for order, order_rows in (
        rows.search([], order="order_id, id").grouped("order_id").items()
    ):
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(titles)
        writer.writerows(order_rows.export_data(_COLUMNS)["datas"])
        env["ir.attachment"].create(
            {
                "name": f"handover-list-{order.name.replace('/', '-')}.csv",
                "res_model": order._name,
                "res_id": order.id,
                "raw": text.getvalue().encode("utf-8-sig"),
                "mimetype": "text/csv",
            }
        )
        for row in order_rows.filtered("signature"):
            name = f"{row.name} {row.receiver_id.name}".replace("/", "-")
            env["ir.attachment"].create(
                {
                    "name": f"handover-{row.id} {name}.png",
                    "res_model": order._name,
                    "res_id": order.id,
                    "datas": row.signature,
                }
            )
