"""What people try with a customer's credit, and what must happen."""

from . import routes_content as content
from . import routes_credit as credit
from . import routes_state as state
from .common import REFUSED, STOPPED, WITHIN, Attack
from .matrix import LINE_MAKING, LINE_WRITING
from .people import ACTORS, EVERYBODY, SUPERUSER

#: they may throw the switch of a company, by Odoo's own rights
RULERS = ("access manager", "administrator", SUPERUSER)
#: they administer credit here
SUBJECTS = tuple(role for role in EVERYBODY if role != SUPERUSER)
SWITCHLESS = tuple(role for role in EVERYBODY if role not in RULERS)

CONFIRMING = [
    *(
        Attack(route, EVERYBODY, ("draft",), REFUSED)
        for route in (
            state.write_state,
            state.confirm_by_button,
            state.save_state_from_the_form,
            state.import_state_of_existing,
            credit.cash_discount_by_context,
        )
    ),
    *(
        Attack(route, ACTORS, ("draft",), REFUSED)
        for route in (
            state.confirm_in_a_batch,
            state.write_state_in_a_batch,
            state.state_by_way_of_the_customer,
            state.state_by_incoming_mail,
            state.confirm_with_context,
            state.create_confirmed,
            state.create_confirmed_by_default,
            state.import_confirmed,
            state.copy_as_confirmed,
            state.own_server_action,
        )
    ),
    Attack(state.copy_and_confirm, ACTORS, ("draft", "confirmed"), STOPPED),
    Attack(state.copy_with_confirmed_default, ACTORS, ("draft",), STOPPED),
    Attack(credit.invoice_another_customer, ACTORS, ("draft",), STOPPED),
    Attack(credit.sell_to_a_new_contact, ACTORS, ("draft",), STOPPED),
    Attack(credit.forge_amounts_and_confirm, EVERYBODY, ("draft",), REFUSED),
    Attack(credit.move_debts_to_another_customer, EVERYBODY, ("draft",), REFUSED),
]

#: what makes a confirmed order worth more; judged by the exposure
GROWING = [
    Attack(route, ACTORS, ("confirmed",), WITHIN)
    for route in (
        *LINE_MAKING,
        *LINE_WRITING,
        content.write_customer,
        content.write_invoice_address,
        content.write_pricelist,
        content.update_prices,
        content.add_shipping,
        content.copy_line,
        content.bring_in_from_elsewhere,
        content.write_line_by_another_order,
        content.set_lines_of_another_order,
    )
]

FORGING = [
    *(
        Attack(route, EVERYBODY, ("draft",), REFUSED)
        for route in (
            credit.write_account,
            credit.import_account,
            credit.create_unmanaged_account,
            credit.delete_account,
            credit.delete_account_as_if_uninstalling,
            credit.raise_limit_by_the_account,
        )
    ),
    Attack(credit.create_account_by_default, EVERYBODY, ("draft",), STOPPED),
    *(
        Attack(route, SUBJECTS, ("draft",), REFUSED)
        for route in (
            credit.raise_own_limit,
            credit.write_limit,
            credit.write_hold,
            credit.create_release,
            credit.become_releaser,
        )
    ),
    *(
        Attack(route, EVERYBODY, ("draft",), REFUSED)
        for route in (credit.release_hold, credit.release_by_wizard)
    ),
    *(
        Attack(route, SWITCHLESS, ("draft",), REFUSED)
        for route in (credit.switch_off, credit.treat_new_customers_better)
    ),
]

SHIPPING = [
    *(
        Attack(route, EVERYBODY, ("confirmed",), STOPPED)
        for route in (credit.ship, credit.ship_by_another_transfer)
    ),
    *(
        Attack(route, ACTORS, ("confirmed",), STOPPED)
        for route in (
            credit.ship_by_writing,
            credit.ship_by_a_new_move,
            credit.ship_by_a_new_line,
        )
    ),
]
