"""Ways to get more credit than was granted, or goods without it."""

from .answers import found, last_refusal, of_import


def write_account(rpc, at):
    return last_refusal(
        {
            name: lambda name=name, value=value: rpc(
                "customer.credit.account", "write", [at.account], {name: value}
            )
            for name, value in {
                "mode": "unmanaged",
                "grade_id": False,
                "group_id": False,
                "revision": 0,
                "partner_id": at.other_partner,
                "company_id": at.other_company,
                "entitlement_ids": [[5]],
                "next_review": "2050-01-01",
            }.items()
        }
    )


def import_account(rpc, at):
    return of_import(
        rpc(
            "customer.credit.account",
            "load",
            [".id", "mode"],
            [[str(at.account), "Unmanaged"]],
        )
    )


def create_unmanaged_account(rpc, at):
    values = {
        "partner_id": at.new_partner,
        "company_id": at.company,
        "mode": "unmanaged",
    }
    return rpc("customer.credit.account", "create", values)


def create_account_by_default(rpc, at):
    values = {"partner_id": at.new_partner, "company_id": at.company}
    rpc("ir.default", "set", "customer.credit.account", "mode", "unmanaged", True)
    (account,) = rpc(
        "customer.credit.account",
        "create",
        [values],
        context={"default_mode": "unmanaged"},
    )
    (values,) = rpc("customer.credit.account", "read", [account], ["mode"])
    return found(values["mode"] == "unmanaged")


def delete_account(rpc, at):
    return rpc("customer.credit.account", "unlink", [at.account])


def delete_account_as_if_uninstalling(rpc, at):
    context = {"_force_unlink": True}
    return rpc("customer.credit.account", "unlink", [at.account], context=context)


def raise_own_limit(rpc, at):
    values = {"account_id": at.account, "kind": "standing", "amount": 1e6}
    return rpc("customer.credit.entitlement", "create", values)


def write_limit(rpc, at):
    return rpc("customer.credit.entitlement", "write", at.entitlements, {"amount": 1e6})


def raise_limit_by_the_account(rpc, at):
    command = [0, 0, {"kind": "temporary", "amount": 1e6}]
    return rpc(
        "customer.credit.account", "write", [at.account], {"entitlement_ids": [command]}
    )


def switch_off(rpc, at):
    return rpc("res.company", "write", [at.company], {"credit_mode": "off"})


def treat_new_customers_better(rpc, at):
    return rpc("res.company", "write", [at.company], {"credit_default_mode": "limited"})


def write_hold(rpc, at):
    return last_refusal(
        {
            name: lambda name=name, value=value: rpc(
                "customer.credit.hold", "write", [at.hold], {name: value}
            )
            for name, value in {
                "state": "used",
                "excess": 0.0,
                "amount": 1e9,
                "owner_id": 1,
            }.items()
        }
    )


def create_release(rpc, at):
    values = {
        "hold_id": at.hold,
        "user_id": rpc.uid,
        "date": "2030-01-01",
        "date_to": "2050-01-01",
        "amount": 1e9,
        "excess": 1e9,
        "codes": ["credit_over_limit", "credit_stopped", "credit_prepayment"],
        "reason": "x",
    }
    return rpc("customer.credit.release", "create", values)


def release_hold(rpc, at):
    return rpc("customer.credit.hold", "action_release", [at.hold], "because")


def release_by_wizard(rpc, at):
    (wizard,) = rpc(
        "customer.credit.release.wizard",
        "create",
        [{"hold_ids": [[6, 0, [at.hold]]], "reason": "because"}],
    )
    return rpc("customer.credit.release.wizard", "action_release", [wizard])


def become_releaser(rpc, at):
    values = {"company_id": at.company, "user_id": rpc.uid, "amount": 1e9}
    rpc("customer.credit.releaser", "create", values)
    return rpc("customer.credit.hold", "action_release", [at.hold], "because")


def forge_amounts_and_confirm(rpc, at):
    calls = {}
    for name in ("amount_total", "amount_untaxed", "currency_rate"):
        calls[name] = lambda name=name: rpc(
            "sale.order", "write", [at.order], {name: 0.01}
        )
    for name in ("price_total", "price_subtotal", "price_reduce_taxinc"):
        calls[name] = lambda name=name: rpc(
            "sale.order.line", "write", at.lines, {name: 0.01}
        )
    calls["invoice_lines"] = lambda: rpc(
        "sale.order.line", "write", at.lines, {"invoice_lines": [[6, 0, [1]]]}
    )
    calls["confirm"] = lambda: rpc("sale.order", "action_confirm", [at.order])
    return last_refusal(calls)


def move_debts_to_another_customer(rpc, at):
    return last_refusal(
        {
            "commercial": lambda: rpc(
                "res.partner",
                "write",
                [at.partner],
                {"commercial_partner_id": at.other_partner},
            ),
            "confirm": lambda: rpc("sale.order", "action_confirm", [at.order]),
        }
    )


def invoice_another_customer(rpc, at):
    values = {"partner_invoice_id": at.new_partner}
    rpc("sale.order", "write", [at.order], values)
    return rpc("sale.order", "action_confirm", [at.order])


def sell_to_a_new_contact(rpc, at):
    (contact,) = rpc("res.partner", "create", [{"name": "New", "is_company": True}])
    rpc("sale.order", "write", [at.order], {"partner_id": contact})
    return rpc("sale.order", "action_confirm", [at.order])


def cash_discount_by_context(rpc, at):
    context = {
        "skip_credit": True,
        "bypass_credit": True,
        "credit_mode": "off",
        "install_mode": True,
        "import_file": True,
        "no_credit_check": True,
        "allowed_company_ids": [at.company],
    }
    return rpc("sale.order", "action_confirm", [at.order], context=context)


def ship(rpc, at):
    rpc("stock.move", "write", at.moves, {"picked": True})
    context = {"skip_backorder": True, "skip_sms": True}
    return rpc("stock.picking", "button_validate", at.pickings, context=context)


def ship_by_writing(rpc, at):
    return rpc("stock.move", "write", at.moves, {"state": "done"})


def ship_by_a_new_move(rpc, at):
    values = {
        "product_id": at.product,
        "product_uom_qty": 5,
        "quantity": 5,
        "picked": True,
        "state": "done",
        "partner_id": at.partner,
        "location_id": at.stock,
        "location_dest_id": at.customers,
        "company_id": at.company,
    }
    return rpc("stock.move", "create", [values])


def ship_by_a_new_line(rpc, at):
    values = {
        "picking_id": at.pickings[0],
        "move_id": at.moves[0],
        "product_id": at.product,
        "quantity": 3,
        "picked": True,
        "location_id": at.stock,
        "location_dest_id": at.customers,
        "company_id": at.company,
    }
    rpc("stock.move.line", "create", [values])
    context = {"skip_backorder": True}
    return rpc("stock.picking", "button_validate", at.pickings, context=context)


def ship_by_another_transfer(rpc, at):
    move = {
        "product_id": at.product,
        "product_uom_qty": 5,
        "location_id": at.stock,
        "location_dest_id": at.customers,
    }
    (picking,) = rpc(
        "stock.picking",
        "create",
        [
            {
                "partner_id": at.partner,
                "picking_type_id": at.out_type,
                "location_id": at.stock,
                "location_dest_id": at.customers,
                "move_ids": [[0, 0, move]],
            }
        ],
    )
    rpc("stock.picking", "action_confirm", [picking])
    moves = rpc("stock.move", "search", [["picking_id", "=", picking]])
    rpc("stock.move", "write", moves, {"quantity": 5, "picked": True})
    return rpc("stock.picking", "button_validate", [picking])
