"""The attack matrix: route, who tries it, at which stage, and what must happen."""

from . import routes_around as around
from . import routes_content as content
from . import routes_engine as engine
from . import routes_state as state
from .common import (
    ALLOWED,
    CONTROLLED,
    KEPT,
    LAPSED,
    OPEN,
    REFUSED,
    STAGES,
    STOPPED,
    SUPERSEDED,
    Attack,
)
from .people import (
    ACTORS,
    EVERYBODY,
    NOT_SELLERS,
    NOT_WRITERS,
    REVIEWERS,
    SELLERS,
    SUPERUSER,
    WRITERS,
)

WAITING = ("draft", "pending", "refused")
CONFIRMED = ("confirmed",)
#: they sell, but only what is their own
NOT_THEIRS = ("stranger", "selling financier")
#: they give the rights that everything else rests on
RULERS = ("access manager", "administrator", SUPERUSER)
SHIPPERS = ("stock user", "stock manager", "dispatcher")
UNCONFIRMED = ("pending", "approved")


def _but(people, *others):
    return tuple(role for role in people if role not in others)


CONFIRMING = [
    *(
        Attack(route, EVERYBODY, WAITING, REFUSED)
        for route in (
            state.write_state,
            state.confirm_by_button,
            state.save_state_from_the_form,
            state.import_state_of_existing,
            state.write_state_with_context,
        )
    ),
    *(
        Attack(route, EVERYBODY, ("pending",), REFUSED)
        for route in (
            state.import_by_wizard,
            state.confirm_in_a_batch,
            state.state_by_way_of_the_customer,
            state.new_confirmed_order_by_way_of_the_customer,
            state.state_by_incoming_mail,
            state.new_order_by_incoming_mail,
            state.confirm_with_context,
            state.confirm_with_one_key_after_another,
            state.onchange_then_save,
            state.create_by_name,
            state.create_confirmed,
            state.create_confirmed_by_default,
            state.create_confirmed_by_own_default,
            state.create_by_saving_a_form,
            state.import_confirmed,
            state.own_server_action,
        )
    ),
    *(
        Attack(route, EVERYBODY, ("approved", "confirmed"), REFUSED)
        for route in (
            state.confirm_in_a_batch,
            state.write_state_in_a_batch,
            state.copy_as_confirmed,
            state.copy_with_confirmed_default,
        )
    ),
    Attack(state.state_as_translation, EVERYBODY, CONTROLLED, KEPT),
    Attack(state.onchange_of_state, EVERYBODY, CONTROLLED, KEPT),
    Attack(state.cancel_redraft_and_confirm, EVERYBODY, CONTROLLED, STOPPED),
    Attack(state.copy_and_confirm, EVERYBODY, ("approved", "confirmed"), STOPPED),
    Attack(content.state_and_lines_in_one_write, EVERYBODY, OPEN, REFUSED),
    Attack(content.lines_then_confirm, EVERYBODY, CONTROLLED, STOPPED),
    Attack(state.delete_order, EVERYBODY, STAGES, REFUSED),
    Attack(state.delete_order_as_if_uninstalling, ACTORS, ("approved",), REFUSED),
]

UNCONFIRMING = [
    Attack(state.set_back_by_writing, EVERYBODY, CONFIRMED, REFUSED),
    Attack(state.set_to_sent_by_writing, EVERYBODY, CONFIRMED, REFUSED),
    Attack(state.set_back_by_button, EVERYBODY, CONFIRMED, KEPT),
    *(
        Attack(route, people, at, must)
        for route in (
            state.cancel_by_button,
            state.cancel_in_a_batch,
            state.cancel_by_writing,
        )
        for people, at, must in (
            (SELLERS, UNCONFIRMED, LAPSED),
            # with purchasing installed, Odoo has others stumble over their rights
            (("dispatcher",), CONFIRMED, LAPSED),
            (NOT_WRITERS, CONTROLLED, REFUSED),
        )
    ),
]

#: a material change of a line that only those who sell may make
LINE_MAKING = (
    content.create_line,
    content.create_line_by_default,
    content.create_line_by_the_order,
    content.import_line,
    content.delete_line,
    content.delete_line_by_the_order,
    content.replace_all_lines,
)
#: the same, that everybody may make who may write on orders
LINE_WRITING = (
    content.write_quantity,
    content.write_less,
    content.write_price,
    content.write_price_by_the_thousandth,
    content.write_discount,
    content.swap_product_at_the_same_price,
    content.write_unit,
    content.write_unit_quantity_and_price,
    content.write_requirement,
    content.write_taxes,
    content.clear_taxes,
    content.write_lead_time,
    content.make_line_a_down_payment,
    content.make_line_an_expense,
    content.write_fixed_tax_amounts,
    content.write_line_by_the_order,
    content.save_line_from_the_form,
    content.save_many_from_the_list,
    content.quantity_by_resequencing,
    content.import_price,
    content.move_line_away,
    content.move_line_in,
    content.link_line_in,
)
ORDER_WRITING = (
    content.write_customer,
    content.write_invoice_address,
    content.write_delivery_address,
    content.write_payment_term,
    content.write_delivery_date,
    content.write_pricelist,
    content.write_many_at_once,
)

CONTENT = [
    *(
        Attack(route, people, at, must)
        for route in LINE_MAKING
        for people, at, must in (
            (SELLERS, UNCONFIRMED, SUPERSEDED),
            (SELLERS, CONFIRMED, REFUSED),
            (_but(NOT_SELLERS, *NOT_THEIRS), ("pending",), REFUSED),
            # Odoo looks at the rules only after it has created a line
            (NOT_THEIRS, ("pending",), STOPPED),
        )
    ),
    *(
        Attack(route, people, at, must)
        for route in LINE_WRITING
        for people, at, must in (
            (SELLERS, UNCONFIRMED, SUPERSEDED),
            (WRITERS, CONFIRMED, REFUSED),
            (NOT_WRITERS, ("pending",), REFUSED),
        )
    ),
    *(
        Attack(route, people, at, must)
        for route in ORDER_WRITING
        for people, at, must in (
            (SELLERS, UNCONFIRMED, SUPERSEDED),
            (WRITERS, CONFIRMED, REFUSED),
            (NOT_WRITERS, ("pending",), REFUSED),
        )
    ),
    *(
        Attack(route, EVERYBODY, CONFIRMED, REFUSED)
        for route in (
            content.write_line_by_another_order,
            content.write_line_by_the_customer,
            content.set_lines_of_another_order,
            content.move_line_in_as_text,
            content.take_over_by_the_other_customer,
            content.write_company,
            content.make_line_a_note,
            content.discount_on_all_lines,
            content.global_discount,
            content.fixed_discount,
            content.update_prices,
        )
    ),
    *(
        Attack(route, SELLERS, UNCONFIRMED, SUPERSEDED)
        for route in (
            content.discount_on_all_lines,
            content.global_discount,
            content.fixed_discount,
            content.update_prices,
            content.update_taxes,
            content.coupon,
            content.add_shipping,
        )
    ),
    Attack(content.coupon, EVERYBODY, CONFIRMED, STOPPED),
    Attack(content.add_shipping, EVERYBODY, CONFIRMED, STOPPED),
    Attack(content.write_company_and_price, EVERYBODY, CONFIRMED, STOPPED),
    Attack(content.bring_in_from_elsewhere, EVERYBODY, CONFIRMED, STOPPED),
    Attack(content.steal_lines_for_a_new_order, EVERYBODY, CONFIRMED, STOPPED),
    Attack(content.delete_line_by_a_linked_one, EVERYBODY, CONFIRMED, STOPPED),
    Attack(content.copy_line, EVERYBODY, CONFIRMED, REFUSED),
    Attack(content.add_section_and_note, SELLERS, CONTROLLED, ALLOWED),
    Attack(content.write_texts, SELLERS, CONTROLLED, ALLOWED),
    Attack(content.delete_payment_term, EVERYBODY, CONFIRMED, REFUSED),
    Attack(content.delete_pricelist, EVERYBODY, CONFIRMED, REFUSED),
    Attack(content.delete_tax, EVERYBODY, CONFIRMED, REFUSED),
]

FORGING = [
    # code with elevated rights keeps these records; nobody else does
    *(
        Attack(route, _but(EVERYBODY, SUPERUSER), ("pending", "confirmed"), REFUSED)
        for route in (
            engine.write_round,
            engine.write_round_fingerprint,
            engine.write_seats_by_the_round,
            engine.write_seat,
            engine.become_candidate,
            engine.lower_the_quorum,
            engine.write_decision,
            engine.create_decision,
            engine.create_approved_round,
            engine.import_decision,
            engine.delete_round,
            engine.delete_seat,
            engine.delete_decision,
            engine.copy_round,
            engine.write_finding,
        )
    ),
    *(
        Attack(route, EVERYBODY, ("pending", "confirmed"), REFUSED)
        for route in (
            engine.write_guarded_fields,
            engine.save_guarded_fields,
            engine.create_with_guarded_fields,
            engine.copy_with_guarded_fields,
            engine.import_guarded_fields,
            engine.call_private_methods,
        )
    ),
    Attack(engine.default_guarded_fields, SELLERS, ("pending", "confirmed"), STOPPED),
    Attack(engine.own_defaults_for_guarded_fields, SELLERS, ("pending",), STOPPED),
    *(
        Attack(route, EVERYBODY, ("pending",), STOPPED)
        for route in (
            engine.own_default_for_seats,
            engine.own_default_for_rounds,
            engine.submit_with_archived_flow,
        )
    ),
    Attack(engine.own_default_for_decisions, SELLERS, ("pending",), STOPPED),
]

DECIDING = [
    *(
        Attack(route, _but(EVERYBODY, "supervisor"), ("pending",), REFUSED)
        for route in (
            engine.approve_first_seat,
            engine.refuse_first_seat,
            engine.approve_with_context,
            engine.approve_by_wizard,
            engine.approve_by_wizard_with_defaults,
        )
    ),
    Attack(
        engine.give_the_order_away_and_approve,
        _but(EVERYBODY, "supervisor"),
        ("pending",),
        STOPPED,
    ),
    *(
        Attack(route, EVERYBODY, ("approved", "confirmed", "refused"), REFUSED)
        for route in (
            engine.approve_first_seat,
            engine.refuse_first_seat,
            engine.approve_by_wizard,
        )
    ),
    Attack(engine.approve_all_seats, EVERYBODY, STAGES, STOPPED),
    Attack(engine.approve_later_seat, EVERYBODY, STAGES, REFUSED),
    Attack(
        engine.approve_all_by_wizard,
        _but(EVERYBODY, "supervisor"),
        ("pending",),
        KEPT,
    ),
    Attack(engine.submit_again, EVERYBODY, CONTROLLED, REFUSED),
    Attack(engine.withdraw, _but(EVERYBODY, "owner"), CONTROLLED, REFUSED),
    Attack(engine.withdraw, ("owner",), ("approved", "confirmed", "refused"), REFUSED),
]

SETTING_UP = [
    *(
        Attack(
            route,
            _but(EVERYBODY, "approvals manager", SUPERUSER),
            ("pending",),
            REFUSED,
        )
        for route in (
            engine.join_department,
            engine.become_head,
            engine.create_department,
            engine.archive_flow,
            engine.narrow_flow,
            engine.create_flow_before_it,
            engine.delete_flow,
            engine.delete_flow_as_if_uninstalling,
            engine.delete_levels,
            engine.write_levels,
            engine.delete_places,
            engine.write_places,
        )
    ),
    *(
        Attack(route, _but(EVERYBODY, *RULERS), ("pending",), REFUSED)
        for route in (
            engine.switch_off,
            engine.observe_only,
            engine.allow_same_person,
            engine.switch_off_by_the_user,
            engine.give_oneself_groups,
            engine.write_rules,
            state.own_access_right,
            state.own_scheduled_action,
        )
    ),
    Attack(
        engine.switch_off_in_the_settings,
        _but(EVERYBODY, "administrator", SUPERUSER),
        ("pending",),
        REFUSED,
    ),
]

AROUND = [
    *(
        Attack(route, EVERYBODY, ("pending",), KEPT)
        for route in (
            around.take_over_activities,
            around.attach_to_the_round,
            around.message_with_the_word_approved,
            around.follow,
            around.archive_customer,
        )
    ),
    *(
        Attack(route, EVERYBODY, CONFIRMED, KEPT)
        for route in (around.message_with_the_word_approved,)
    ),
    *(
        Attack(route, EVERYBODY, ("pending", "confirmed"), KEPT)
        for route in (
            around.delete_activities,
            around.finish_activities,
            around.finish_activities_by_the_order,
        )
    ),
    Attack(around.make_a_line_by_a_move, EVERYBODY, CONFIRMED, REFUSED),
    Attack(around.write_by_the_invoice, EVERYBODY, CONFIRMED, REFUSED),
    *(
        Attack(route, people, CONFIRMED, ALLOWED)
        for route, people in (
            (around.demand_more, SHIPPERS),
            (around.demand_less, SHIPPERS),
            (around.deliver_more, SHIPPERS),
            (around.cancel_delivery, SHIPPERS),
            (around.write_delivered_quantity, SELLERS),
            (around.down_payment, SELLERS),
            (around.fixed_down_payment, SELLERS),
            (state.lock_and_unlock, SELLERS),
            (state.mark_as_sent_by_message, SELLERS),
            (state.read_order_and_lines, (*SELLERS, *REVIEWERS)),
        )
    ),
    Attack(state.mark_as_sent_by_message, SELLERS, ("pending", "approved"), ALLOWED),
    Attack(
        state.read_order_and_lines,
        (*SELLERS, *REVIEWERS),
        ("pending", "approved"),
        ALLOWED,
    ),
    Attack(
        state.read_order_and_lines,
        ("stranger", "employee", "customer", "approvals manager"),
        ("pending", "confirmed"),
        REFUSED,
    ),
]
