"""What people try with one kind of document, or of order, and what must happen."""

from . import routes_agreed as agreed
from . import routes_around as around
from . import routes_changes as changes
from . import routes_content as content
from . import routes_documents as documents
from . import routes_state as state
from .common import DONE, KEPT, REFUSED, STOPPED, WITHIN, Attack
from .matrix import LINE_MAKING
from .matrix_documents import ALL, FEW, SOME, but, rows
from .people import SELLERS, SUPERUSER

SALES_MANAGERS = ("sales manager", "administrator", SUPERUSER)
#: they give the rights that everything else rests on
RULERS = ("access manager", "administrator", SUPERUSER)
FINANCE = ("financier", "selling financier")

# Prices ----------------------------------------------------------------------------

PRICES = [
    *rows((agreed.close_concession,), but(*SELLERS), ("concession granted",), REFUSED),
    *rows(
        (agreed.close_concession,),
        SOME,
        ("concession draft", "concession pending", "concession closed"),
        REFUSED,
    ),
    *rows(
        (agreed.cancel_concession,),
        SOME,
        ("concession granted", "concession closed"),
        REFUSED,
    ),
    *rows(
        (agreed.reopen_concession,),
        FEW,
        ("concession granted", "concession closed"),
        KEPT,
    ),
    *rows((agreed.state_cost,), but(*FINANCE), ("revision pending",), REFUSED),
    *rows(
        (agreed.state_cost_in_the_dialog,),
        but(*FINANCE, of=SOME),
        ("revision pending",),
        REFUSED,
    ),
    *rows((agreed.state_market,), SOME, ("revision pending",), REFUSED),
    *rows(
        (agreed.state_cost, agreed.state_market),
        ("owner", "financier", "marketer", "director", SUPERUSER),
        ("revision draft", "revision approved", "revision applied"),
        REFUSED,
    ),
    *rows((agreed.state_cost,), SOME, ("revision decided",), REFUSED),
    *rows(
        (agreed.retry_revision,),
        SOME,
        ("revision pending", "revision approved", "revision applied"),
        REFUSED,
    ),
    *rows((agreed.cancel_revision,), SOME, ("revision applied",), REFUSED),
]

#: routes by which an order is confirmed, of which all try the first
_CONFIRMING = (
    state.confirm_by_button,
    state.write_state,
    state.save_state_from_the_form,
    state.import_state_of_existing,
    state.confirm_with_context,
    state.onchange_then_save,
    state.confirm_in_a_batch,
    state.write_state_in_a_batch,
    state.state_by_way_of_the_customer,
    state.state_by_incoming_mail,
    state.own_server_action,
)
_CONFIRMERS = ("owner", "administrator", "customer", SUPERUSER)
#: more is asked for than is left of a concession
OVERDRAWING = [
    *rows(_CONFIRMING[:1], ALL, ("hungry",), REFUSED),
    *rows(_CONFIRMING[1:], _CONFIRMERS, ("hungry",), REFUSED),
    *rows((state.copy_as_confirmed,), _CONFIRMERS, ("hungry",), REFUSED),
]
#: the same, where orders need no approval: the ledger alone stands in the way
OVERDRAWING_FREELY = [
    *rows(_CONFIRMING[:5], ("owner", SUPERUSER), ("hungry",), REFUSED),
    *rows(agreed.use_ungranted, ("owner", SUPERUSER), ("hungry",), STOPPED),
    *rows((agreed.use_more_than_granted,), SOME, ("drawn",), REFUSED),
    *rows(
        (
            agreed.put_concession_on_another_product,
            agreed.put_concession_on_another_customer,
            agreed.count_in_dozens,
        ),
        ("owner", "stock user", "invoicing", SUPERUSER),
        ("drawn",),
        REFUSED,
    ),
    *rows(
        (agreed.swap_what_is_not_delivered,),
        ("dispatcher", SUPERUSER),
        ("drawn",),
        STOPPED,
    ),
    *rows(
        (agreed.shrink_confirm_and_grow, agreed.give_back_and_keep),
        ("owner", SUPERUSER),
        ("drawn",),
        STOPPED,
    ),
    *rows(
        (
            *LINE_MAKING,
            content.write_less,
            content.write_price,
            content.write_discount,
            content.write_unit_quantity_and_price,
            content.swap_product_at_the_same_price,
            content.write_customer,
            content.write_pricelist,
            content.copy_line,
        ),
        ("sales manager",),
        ("drawn",),
        WITHIN,
    ),
]

# Confirmed orders ------------------------------------------------------------------

CANCELLING = [
    *rows(
        (state.cancel_by_button, state.cancel_by_writing, state.cancel_in_a_batch),
        ALL,
        ("confirmed",),
        REFUSED,
    ),
    *rows(
        (
            changes.cancel_with_context,
            changes.cancel_from_the_form,
            changes.cancel_by_import,
            changes.cancel_by_way_of_the_customer,
            changes.cancel_by_incoming_mail,
            changes.cancel_by_server_action,
            changes.call_private_methods_of_orders,
            state.set_back_by_writing,
            state.set_to_sent_by_writing,
            state.delete_order,
            state.delete_order_as_if_uninstalling,
        ),
        FEW,
        ("confirmed",),
        REFUSED,
    ),
    *rows(
        (
            changes.cancel_in_the_dialog,
            changes.cancel_unlocked,
            state.cancel_redraft_and_confirm,
            changes.request_and_apply,
        ),
        FEW,
        ("confirmed",),
        STOPPED,
    ),
    *rows((state.set_back_by_button,), FEW, ("confirmed",), KEPT),
    *rows(
        (state.cancel_by_button, state.cancel_in_a_batch),
        ("owner", "sales manager", SUPERUSER),
        ("changed", "shipped", "drawn"),
        REFUSED,
    ),
    *rows(
        (changes.control_no_longer, changes.control_no_longer_by_the_user),
        but(*RULERS, of=SOME),
        ("confirmed",),
        REFUSED,
    ),
]

EDITING = [
    *rows((content.write_price,), ALL, ("confirmed",), REFUSED),
    *rows((changes.unlock_and_write_price,), FEW, ("confirmed",), STOPPED),
    *rows(
        (
            content.write_quantity,
            content.write_line_by_the_order,
            content.write_line_by_another_order,
            content.write_line_by_the_customer,
            content.save_line_from_the_form,
            content.import_price,
            content.create_line,
            content.delete_line,
            content.move_line_away,
            content.move_line_in,
            content.write_payment_term,
            content.write_delivery_date,
            changes.unlock_by_writing,
            changes.write_many_lines,
            around.make_a_line_by_a_move,
            around.write_by_the_invoice,
        ),
        ("owner", "stock user", "invoicing", SUPERUSER),
        ("confirmed",),
        REFUSED,
    ),
    *rows(
        (
            around.demand_more,
            around.demand_less,
            around.deliver_more,
            around.cancel_delivery,
            around.swap_product_of_delivery,
            around.move_for_another_line,
            around.write_delivered_quantity,
        ),
        ("dispatcher", "stock user"),
        ("confirmed",),
        WITHIN,
    ),
]

REQUESTING = [
    *rows(
        (changes.apply_again,),
        ("owner", "sales manager", "administrator", SUPERUSER),
        (
            "change draft",
            "change pending",
            "change decided",
            "cancellation pending",
            "cancellation asked",
            "change applied",
        ),
        KEPT,
    ),
    *rows((changes.apply_again,), but(*SELLERS), ("change pending",), REFUSED),
    *rows(
        (changes.cancel_request,), SOME, ("change pending", "change applied"), REFUSED
    ),
    *rows((changes.move_request_to_another_order,), SOME, ("change draft",), REFUSED),
    *rows(
        (
            changes.request_a_line_of_another_order,
            changes.submit_before_the_customer_agreed,
        ),
        SOME,
        ("change draft",),
        STOPPED,
    ),
    *rows(
        (changes.enter_agreement,),
        FEW,
        ("change draft", "cancellation pending", "change applied"),
        STOPPED,
    ),
    *rows((changes.enter_agreement,), but(*SELLERS), ("cancellation asked",), STOPPED),
    *rows((changes.agree_and_change_the_plan,), SOME, ("cancellation asked",), STOPPED),
]

_PENDING = ("change pending",)
SHEETS = [
    *rows((changes.fill_in_the_sheet_of_finance,), but(*FINANCE), _PENDING, REFUSED),
    *rows(
        (
            changes.fill_in_by_the_form,
            changes.fill_in_by_import,
            changes.fill_in_with_context,
        ),
        but(*FINANCE, of=SOME),
        _PENDING,
        REFUSED,
    ),
    *rows(
        (changes.agree_without_the_sheet, changes.change_sheet_after_the_decision),
        ALL,
        _PENDING,
        REFUSED,
    ),
    *rows(
        (
            changes.fill_in_all_sheets,
            changes.fill_in_by_the_request,
            changes.fill_in_as_somebody_else,
            changes.copy_sheet,
            changes.delete_sheet,
            changes.delete_sheet_after_the_decision,
            changes.agree_without_the_sheet_in_the_dialog,
        ),
        SOME,
        _PENDING,
        REFUSED,
    ),
    *rows(
        (changes.agree_on_a_blank_sheet, changes.agree_for_another_department),
        (*SOME, "operator", "selling financier"),
        _PENDING,
        STOPPED,
    ),
    *rows((changes.create_sheet,), but(SUPERUSER, of=SOME), _PENDING, REFUSED),
]

# Contracts -------------------------------------------------------------------------

CONTRACTS = [
    *rows((agreed.sign,), but("director"), ("contract sent",), REFUSED),
    *rows(
        (agreed.sign,),
        but("director", of=SOME),
        ("contract half signed", "agreement sent"),
        REFUSED,
    ),
    *rows(
        (agreed.sign,),
        SOME,
        ("contract draft", "contract pending", "contract approved", "contract signed"),
        REFUSED,
    ),
    *rows(
        (agreed.become_signer_and_sign,),
        FEW,
        ("contract draft", "contract approved", "contract sent", "contract signed"),
        STOPPED,
    ),
    *rows((agreed.send,), but(*SELLERS), ("contract approved",), REFUSED),
    *rows(
        (agreed.send,),
        FEW,
        ("contract draft", "contract pending", "contract sent", "contract signed"),
        REFUSED,
    ),
    *rows(
        (agreed.take_back, agreed.cancel_contract), SOME, ("contract signed",), REFUSED
    ),
    *rows(
        (agreed.take_back, agreed.cancel_contract),
        but(*SELLERS, of=SOME),
        ("contract half signed", "agreement sent"),
        REFUSED,
    ),
    *rows(
        agreed.alter,
        FEW,
        ("contract draft", "contract sent", "agreement sent"),
        REFUSED,
    ),
    *rows(agreed.alter, but(*SELLERS, of=SOME), ("contract signed",), REFUSED),
    *rows((agreed.enter_scan,), but(*SELLERS), ("contract sent",), STOPPED),
    *rows(
        (agreed.enter_scan,),
        FEW,
        ("contract draft", "contract approved", "contract signed"),
        STOPPED,
    ),
    *rows(
        (agreed.move_original, agreed.delete_original),
        SOME,
        ("contract sent",),
        REFUSED,
    ),
    *rows((agreed.archive_original,), SOME, ("contract sent",), STOPPED),
    *rows(
        (agreed.archive_original, agreed.take_place, agreed.return_loan, agreed.lend),
        but("archivist", SUPERUSER, of=SOME),
        ("contract signed",),
        REFUSED,
    ),
    *rows((agreed.acknowledge,), but("operator"), ("contract signed",), REFUSED),
]

_BY_CONTRACT = (
    *rows(_CONFIRMING[:1], SOME, ("uncontracted", "unsigned"), REFUSED),
    *rows(_CONFIRMING[1:], _CONFIRMERS, ("uncontracted",), REFUSED),
    *rows((agreed.create_confirmed_by_contract,), FEW, ("uncontracted",), REFUSED),
    *rows((state.copy_as_confirmed,), _CONFIRMERS, ("uncontracted",), REFUSED),
    *rows((state.copy_as_confirmed,), ("owner",), ("contracted",), REFUSED),
    *rows(
        (
            state.copy_and_confirm,
            agreed.take_signed_contract_and_confirm,
            # Odoo looks at whose it is only after it has written
            agreed.take_contract_of_another_customer,
        ),
        _CONFIRMERS,
        ("uncontracted", "unsigned"),
        STOPPED,
    ),
    *rows((agreed.change_and_confirm,), _CONFIRMERS, ("contracted",), STOPPED),
    *rows((agreed.leave_signed_contract,), SOME, ("contracted",), REFUSED),
    *rows((agreed.become_one_by_contract,), SOME, ("changed",), REFUSED),
)
BY_CONTRACT = [
    *rows(_CONFIRMING[:1], but(*SOME), ("uncontracted",), REFUSED),
    *_BY_CONTRACT,
    *rows((agreed.change_type_and_confirm,), FEW, ("uncontracted",), STOPPED),
    *rows((agreed.loosen_the_rule,), but(*SALES_MANAGERS), ("uncontracted",), REFUSED),
]
#: the same, where orders need no approval: the contract alone stands in the way
BY_CONTRACT_FREELY = [
    Attack(row.route, ("owner", SUPERUSER), row.at, row.must) for row in _BY_CONTRACT
]

# What customers are asked ------------------------------------------------------------

ASKING = [
    *rows((agreed.record_answer,), SOME, ("list sent",), STOPPED),
    *rows(
        (agreed.record_answer_to_the_first_version,), SOME, ("list revised",), STOPPED
    ),
    *rows(
        (agreed.create_order_of_list,),
        SOME,
        ("list draft", "list sent", "list revised"),
        REFUSED,
    ),
    *rows((agreed.create_order_of_list,), _CONFIRMERS[:2], ("list confirmed",), KEPT),
    *rows(agreed.write_list, but(*SELLERS, of=SOME), ("list sent",), REFUSED),
    *rows((agreed.record_validity,), but(*SELLERS), ("enquiry open",), STOPPED),
    *rows((agreed.retry_enquiry,), but(*SELLERS), ("enquiry open",), REFUSED),
]

#: what staff may do by the same routes, so that the rows above can fail
_SENIOR = ("owner", "sales manager", SUPERUSER)
POSSIBLE = [
    *rows((documents.approve,), ("supervisor",), ("concession pending",), DONE),
    *rows((documents.approve,), ("director",), ("change decided",), DONE),
    *rows((agreed.close_concession,), _SENIOR, ("concession granted",), DONE),
    *rows((agreed.state_cost,), FINANCE, ("revision pending",), DONE),
    *rows((agreed.sign,), ("director",), ("contract sent",), DONE),
    *rows((agreed.sign,), ("director",), ("contract half signed",), DONE),
    *rows((agreed.send,), _SENIOR, ("contract approved",), DONE),
    *rows((agreed.enter_scan,), _SENIOR, ("contract sent",), DONE),
    *rows((agreed.archive_original,), ("archivist",), ("contract signed",), DONE),
    *rows((agreed.acknowledge,), ("operator",), ("contract signed",), DONE),
    *rows((changes.fill_in_the_sheet_of_finance,), FINANCE, ("change pending",), DONE),
    *rows((changes.enter_agreement,), _SENIOR, ("cancellation asked",), DONE),
    *rows((agreed.record_answer_to_the_first_version,), _SENIOR, ("list sent",), DONE),
    *rows((agreed.record_validity,), _SENIOR, ("enquiry open",), DONE),
    *rows((state.confirm_by_button,), ("owner",), ("contracted",), DONE),
]
