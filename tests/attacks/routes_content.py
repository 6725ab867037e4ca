"""Ways to change what was approved: the order's own values, and its lines."""

from .answers import of_import

# Lines ---------------------------------------------------------------------------


def _write_line(rpc, at, **values):
    return rpc("sale.order.line", "write", [at.lines[0]], values)


def write_quantity(rpc, at):
    return _write_line(rpc, at, product_uom_qty=500)


def write_less(rpc, at):
    return _write_line(rpc, at, product_uom_qty=1)


def write_price(rpc, at):
    return _write_line(rpc, at, price_unit=1)


def write_price_by_the_thousandth(rpc, at):
    return _write_line(rpc, at, price_unit=89.999)


def write_discount(rpc, at):
    return _write_line(rpc, at, discount=80)


def swap_product_at_the_same_price(rpc, at):
    return _write_line(rpc, at, product_id=at.cheap, price_unit=90)


def write_unit(rpc, at):
    return _write_line(rpc, at, product_uom_id=at.dozen)


def write_unit_quantity_and_price(rpc, at):
    values = {"product_uom_id": at.dozen, "product_uom_qty": 10, "price_unit": 90}
    return _write_line(rpc, at, **values)


def write_requirement(rpc, at):
    return _write_line(rpc, at, policy_requirement="twice as thick")


def write_taxes(rpc, at):
    return _write_line(rpc, at, tax_ids=[[6, 0, [at.tax]]])


def clear_taxes(rpc, at):
    return _write_line(rpc, at, tax_ids=[[5]])


def write_lead_time(rpc, at):
    return _write_line(rpc, at, customer_lead=90)


def make_line_a_note(rpc, at):
    return _write_line(
        rpc,
        at,
        display_type="line_note",
        product_id=False,
        product_uom_id=False,
        price_unit=0,
        product_uom_qty=0,
        customer_lead=0,
    )


def make_line_a_down_payment(rpc, at):
    return _write_line(rpc, at, is_downpayment=True, product_uom_qty=0)


def make_line_an_expense(rpc, at):
    return _write_line(rpc, at, is_expense=True, product_uom_qty=0)


def write_fixed_tax_amounts(rpc, at):
    data = {"computation_key": "x", "manual_tax_amounts": {str(at.tax): {}}}
    return _write_line(rpc, at, extra_tax_data=data)


def write_line_by_the_order(rpc, at):
    command = [1, at.lines[0], {"price_unit": 2}]
    return rpc("sale.order", "write", [at.order], {"order_line": [command]})


def write_line_by_another_order(rpc, at):
    command = [1, at.lines[0], {"price_unit": 2}]
    return rpc("sale.order", "write", [at.spare], {"order_line": [command]})


def write_line_by_the_customer(rpc, at):
    command = [1, at.order, {"order_line": [[1, at.lines[0], {"price_unit": 2}]]}]
    return rpc("res.partner", "write", [at.partner], {"sale_order_ids": [command]})


def save_line_from_the_form(rpc, at):
    values = {"order_line": [[1, at.lines[0], {"discount": 70}]]}
    return rpc("sale.order", "web_save", [at.order], values, specification={})


def save_many_from_the_list(rpc, at):
    values = [{"price_unit": 3}, {"price_unit": 4}]
    return rpc("sale.order.line", "web_save_multi", at.lines, values, specification={})


def quantity_by_resequencing(rpc, at):
    return rpc(
        "sale.order.line",
        "web_resequence",
        at.lines,
        specification={},
        field_name="product_uom_qty",
        offset=400,
    )


def create_line(rpc, at):
    values = {"order_id": at.order, "product_id": at.product, "price_unit": 1}
    return rpc("sale.order.line", "create", [values])


def create_line_by_default(rpc, at):
    context = {"default_order_id": at.order}
    values = {"product_id": at.product, "price_unit": 1}
    return rpc("sale.order.line", "create", values, context=context)


def create_line_by_the_order(rpc, at):
    command = [0, 0, {"product_id": at.product}]
    return rpc("sale.order", "write", [at.order], {"order_line": [command]})


def copy_line(rpc, at):
    return rpc("sale.order.line", "copy", [at.lines[0]])


def import_line(rpc, at):
    names = ["order_id/.id", "product_id/.id", "product_uom_qty"]
    rows = [[str(at.order), str(at.product), "40"]]
    return of_import(rpc("sale.order.line", "load", names, rows))


def import_price(rpc, at):
    rows = [[str(at.lines[0]), "1"]]
    return of_import(rpc("sale.order.line", "load", [".id", "price_unit"], rows))


def delete_line(rpc, at):
    return rpc("sale.order.line", "unlink", [at.lines[1]])


def delete_line_by_the_order(rpc, at):
    values = {"order_line": [[2, at.lines[1]]]}
    return rpc("sale.order", "write", [at.order], values)


def replace_all_lines(rpc, at):
    values = {"order_line": [[5], [0, 0, {"product_id": at.cheap}]]}
    return rpc("sale.order", "write", [at.order], values)


def move_line_away(rpc, at):
    return rpc("sale.order.line", "write", [at.lines[1]], {"order_id": at.spare})


def move_line_in(rpc, at):
    return rpc("sale.order.line", "write", [at.spare_lines[0]], {"order_id": at.order})


def link_line_in(rpc, at):
    values = {"order_line": [[4, at.spare_lines[0]]]}
    return rpc("sale.order", "write", [at.order], values)


def set_lines_of_another_order(rpc, at):
    values = {"order_line": [[6, 0, [*at.lines, *at.spare_lines]]]}
    return rpc("sale.order", "write", [at.order], values)


def steal_lines_for_a_new_order(rpc, at):
    values = {"partner_id": at.partner, "order_line": [[4, at.lines[1]]]}
    return rpc("sale.order", "create", values)


def move_line_in_as_text(rpc, at):
    values = {"order_id": str(at.order)}
    return rpc("sale.order.line", "write", [at.spare_lines[0]], values)


def delete_line_by_a_linked_one(rpc, at):
    """Link the line to one of a draft, and delete that one."""
    values = {"linked_line_id": at.spare_lines[0]}
    rpc("sale.order.line", "write", [at.lines[1]], values)
    return rpc("sale.order.line", "unlink", [at.spare_lines[0]])


def state_and_lines_in_one_write(rpc, at):
    command = [1, at.lines[0], {"price_unit": 1, "product_uom_qty": 900}]
    values = {"state": "sale", "order_line": [command]}
    return rpc("sale.order", "write", [at.order], values)


def lines_then_confirm(rpc, at):
    _write_line(rpc, at, product_uom_qty=900)
    return rpc("sale.order", "action_confirm", [at.order])


def discount_on_all_lines(rpc, at):
    return _discount(rpc, at, discount_type="sol_discount", discount_percentage=0.5)


def global_discount(rpc, at):
    return _discount(rpc, at, discount_type="so_discount", discount_percentage=0.5)


def fixed_discount(rpc, at):
    return _discount(rpc, at, discount_type="amount", discount_amount=100)


def _discount(rpc, at, **values):
    values["sale_order_id"] = at.order
    wizard = rpc("sale.order.discount", "create", values)
    return rpc("sale.order.discount", "action_apply_discount", [wizard])


def update_prices(rpc, at):
    return rpc("sale.order", "action_update_prices", [at.order])


def update_taxes(rpc, at):
    return rpc("sale.order", "action_update_taxes", [at.order])


def coupon(rpc, at):
    """Apply a promotion code, and take its reward."""
    values = {"order_id": at.order, "coupon_code": "ATTACK"}
    wizard = rpc("sale.loyalty.coupon.wizard", "create", values)
    rpc("sale.loyalty.coupon.wizard", "action_apply", [wizard])
    values = {"order_id": at.order, "selected_reward_id": at.reward}
    wizard = rpc("sale.loyalty.reward.wizard", "create", values)
    return rpc("sale.loyalty.reward.wizard", "action_apply", [wizard])


def add_shipping(rpc, at):
    values = {"order_id": at.order, "carrier_id": at.carrier, "delivery_price": 0.01}
    wizard = rpc("choose.delivery.carrier", "create", values)
    return rpc("choose.delivery.carrier", "button_confirm", [wizard])


def add_section_and_note(rpc, at):
    lines = [
        {"order_id": at.order, "display_type": kind, "name": kind}
        for kind in ("line_section", "line_note")
    ]
    return rpc("sale.order.line", "create", lines)


def write_texts(rpc, at):
    rpc("sale.order.line", "write", [at.lines[0]], {"name": "Other words"})
    rpc("sale.order.line", "write", [at.lines[0]], {"sequence": 99})
    return rpc(
        "sale.order", "write", [at.order], {"note": "x", "client_order_ref": "y"}
    )


# The order itself ------------------------------------------------------------------


def _write_order(rpc, at, **values):
    return rpc("sale.order", "write", [at.order], values)


def write_customer(rpc, at):
    return _write_order(rpc, at, partner_id=at.other_partner)


def write_invoice_address(rpc, at):
    return _write_order(rpc, at, partner_invoice_id=at.other_partner)


def write_delivery_address(rpc, at):
    return _write_order(rpc, at, partner_shipping_id=at.other_partner)


def write_payment_term(rpc, at):
    return _write_order(rpc, at, payment_term_id=at.term)


def write_delivery_date(rpc, at):
    return _write_order(rpc, at, commitment_date="2030-01-01 08:00:00")


def write_pricelist(rpc, at):
    return _write_order(rpc, at, pricelist_id=at.half)


def write_many_at_once(rpc, at):
    values = {"note": "x", "payment_term_id": at.term, "user_id": rpc.uid}
    return _write_order(rpc, at, **values)


def write_company(rpc, at):
    return _write_order(rpc, at, company_id=at.other_company)


def write_company_and_price(rpc, at):
    """Take the order where nobody controls it, and change it on the way."""
    command = [1, at.lines[0], {"price_unit": 1}]
    return _write_order(
        rpc,
        at,
        company_id=at.other_company,
        warehouse_id=at.other_warehouse,
        order_line=[command],
    )


def bring_in_from_elsewhere(rpc, at):
    """Confirm where nobody controls it, then move it to where it is controlled."""
    context = {"allowed_company_ids": [at.other_company, at.company]}
    values = {
        "partner_id": at.other_partner,
        "company_id": at.other_company,
        "pricelist_id": at.own_pricelist,
        "order_line": [[0, 0, {"product_id": at.cheap, "price_unit": 1}]],
    }
    (order,) = rpc("sale.order", "create", [values], context=context)
    rpc("sale.order", "action_confirm", [order], context=context)
    values = {"company_id": at.company, "warehouse_id": at.warehouse}
    return rpc("sale.order", "write", [order], values, context=context)


def take_over_by_the_other_customer(rpc, at):
    values = {"sale_order_ids": [[4, at.order]]}
    return rpc("res.partner", "write", [at.other_partner], values)


def delete_payment_term(rpc, at):
    return rpc("account.payment.term", "unlink", [at.own_term])


def delete_pricelist(rpc, at):
    return rpc("product.pricelist", "unlink", [at.own_pricelist])


def delete_tax(rpc, at):
    return rpc("account.tax", "unlink", [at.own_tax])


def archive_product(rpc, at):
    return rpc("product.product", "write", [at.product], {"active": False})
