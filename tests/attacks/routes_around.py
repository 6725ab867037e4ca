"""What happens around an order: activities, goods, invoices, customers."""


def delete_activities(rpc, at):
    found = _activities(rpc, at)
    return rpc("mail.activity", "unlink", found)


def finish_activities(rpc, at):
    found = _activities(rpc, at)
    return rpc("mail.activity", "action_feedback", found, feedback="Approved!")


def take_over_activities(rpc, at):
    found = _activities(rpc, at)
    return rpc("mail.activity", "write", found, {"user_id": rpc.uid})


def finish_activities_by_the_order(rpc, at):
    names = ["document_approval.mail_activity_type_review"]
    return rpc("sale.order", "activity_feedback", [at.order], names)


def _activities(rpc, at):
    domain = [["res_model", "=", "sale.order"], ["res_id", "=", at.order]]
    return rpc("mail.activity", "search", domain)


def attach_to_the_round(rpc, at):
    values = {
        "name": "decision.txt",
        "res_model": "document.approval.round",
        "res_id": at.round,
        "raw": "approved",
    }
    return rpc("ir.attachment", "create", values)


def message_with_the_word_approved(rpc, at):
    return rpc("sale.order", "message_post", [at.order], body="Approved")


def follow(rpc, at):
    partner = at.partners["supervisor"]
    return rpc("sale.order", "message_subscribe", [at.order], [partner])


def archive_customer(rpc, at):
    return rpc("res.partner", "write", [at.other_partner], {"active": False})


def demand_more(rpc, at):
    return rpc("stock.move", "write", at.moves[:1], {"product_uom_qty": 5000})


def demand_less(rpc, at):
    return rpc("stock.move", "write", at.moves[:1], {"product_uom_qty": 1})


def deliver_more(rpc, at):
    rpc("stock.move", "write", at.moves[:1], {"quantity": 50, "picked": True})
    context = {"skip_backorder": True, "skip_sms": True}
    return rpc("stock.picking", "button_validate", at.pickings, context=context)


def cancel_delivery(rpc, at):
    return rpc("stock.picking", "action_cancel", at.pickings)


def swap_product_of_delivery(rpc, at):
    return rpc("stock.move", "write", at.moves[:1], {"product_id": at.cheap})


def move_for_another_line(rpc, at):
    values = {"sale_line_id": at.spare_lines[0]}
    return rpc("stock.move", "write", at.moves[:1], values)


def make_a_line_by_a_move(rpc, at):
    """A line that claims to be what the warehouse shipped in addition."""
    values = {
        "order_id": at.order,
        "product_id": at.cheap,
        "product_uom_qty": 100,
        "price_unit": 1,
        "move_ids": [[4, at.moves[0]]],
    }
    return rpc("sale.order.line", "create", values)


def write_delivered_quantity(rpc, at):
    return rpc("sale.order.line", "write", at.lines[:1], {"qty_delivered": 5000})


def invoice(rpc, at):
    return _invoice(rpc, at, advance_payment_method="delivered")


def down_payment(rpc, at):
    return _invoice(rpc, at, advance_payment_method="percentage", amount=30)


def fixed_down_payment(rpc, at):
    return _invoice(rpc, at, advance_payment_method="fixed", fixed_amount=50)


def _invoice(rpc, at, **values):
    values["sale_order_ids"] = [[6, 0, [at.order]]]
    wizard = rpc("sale.advance.payment.inv", "create", values)
    return rpc("sale.advance.payment.inv", "create_invoices", [wizard])


def write_by_the_invoice(rpc, at):
    """Reach the order's line through an invoice line that is linked to it."""
    values = {
        "move_type": "out_invoice",
        "partner_id": at.partner,
        "invoice_line_ids": [
            [
                0,
                0,
                {
                    "product_id": at.product,
                    "price_unit": 5,
                    "sale_line_ids": [[1, at.lines[0], {"price_unit": 5}]],
                },
            ]
        ],
    }
    return rpc("account.move", "create", values)
