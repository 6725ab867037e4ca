"""A confirmed order that is to be changed, and one whose customer wants out."""


def set_up(stage) -> None:
    """Have one change in review and one cancellation asked for by the customer."""
    env = stage.env
    company = env.company
    company.write({"sale_change_control": True, "sale_change_portal": True})
    orders = env["sale.order"].search(
        [
            ("company_id", "=", company.id),
            ("state", "=", "sale"),
            ("order_line.product_id.type", "=", "consu"),
        ],
        order="id desc",
        limit=2,
    )
    if len(orders) < 2:
        return
    _ask_for_more(stage, orders[0])
    _ask_to_cancel(orders[1])


def _ask_for_more(stage, order) -> None:
    change = (
        stage.env["sale.order.change"]
        .with_user(stage.users["sales"])
        .sudo()  # the stage's salesperson need not own every order of the story
        .create(
            {
                "order_id": order.id,
                "kind": "change",
                "reason": "客户增加数量 The customer wants more",
            }
        )
    )
    line = change.line_ids[:1]
    line.quantity = line.old_quantity + 10
    change.action_submit_for_approval()


def _ask_to_cancel(order) -> None:
    order._change_portal_ask("cancel", "项目取消 The project was cancelled", {}, "")
