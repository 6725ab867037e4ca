"""The part of the matrix about what comes in with orders, and what goes out."""

from . import routes_intake as intake
from .common import KEPT, REFUSED, STOPPED, Attack
from .people import SUPERUSER

CONTROLLED = ("pending", "approved", "confirmed")
PENDING = ("pending",)
CONFIRMED = ("confirmed",)
#: may write the order, and change everything else that is theirs
KEEPERS = ("owner", "sales manager", SUPERUSER)
#: may not write the order
OTHERS = ("stranger", "supervisor", "financier", "employee", "customer")


def _rows(routes, who, at, must):
    return [Attack(route, who, at, must) for route in routes]


ORIGINALS = [
    *_rows(
        (*intake.write_files, *intake.delete_files),
        ("owner", SUPERUSER),
        CONTROLLED,
        REFUSED,
    ),
    *_rows(intake.write_files, ("supervisor", "stranger"), PENDING, REFUSED),
    *_rows(intake.delete_files, ("administrator", *OTHERS), PENDING, REFUSED),
    *_rows(
        (*intake.write_originals, *intake.write_messages, *intake.order_commands),
        KEEPERS,
        PENDING,
        REFUSED,
    ),
    *_rows(
        (*intake.write_messages, *intake.order_commands),
        ("owner",),
        CONFIRMED,
        REFUSED,
    ),
    *_rows(
        intake.classify_originals,
        ("owner", "all salesperson", *OTHERS),
        CONTROLLED,
        REFUSED,
    ),
    *_rows(intake.forge_originals, KEEPERS, PENDING, REFUSED),
    *_rows(
        (*intake.add_originals, intake.replace_original_by_wizard),
        (*OTHERS, "stock user"),
        PENDING,
        STOPPED,
    ),
    *_rows(
        (intake.replace_original_without_reason, intake.classify_by_wizard),
        ("owner", "sales manager"),
        PENDING,
        STOPPED,
    ),
    *_rows((intake.copy_original,), KEEPERS, PENDING, REFUSED),
]

READING = [
    *_rows(
        (
            intake.read_internal_files,
            intake.read_originals,
            intake.read_originals_by_the_order,
        ),
        ("customer", "foreigner"),
        CONTROLLED,
        REFUSED,
    ),
    *_rows(
        (intake.read_originals, intake.read_originals_by_the_order),
        ("stranger", "employee"),
        PENDING,
        REFUSED,
    ),
    *_rows(
        (intake.read_letter, intake.read_job, intake.read_rows),
        ("customer", "foreigner", "stranger", "supervisor", "employee"),
        CONFIRMED,
        REFUSED,
    ),
    *_rows(
        (intake.read_task,),
        ("customer", "foreigner", "stranger", "supervisor"),
        CONFIRMED,
        REFUSED,
    ),
    *_rows(
        (intake.read_letter_file,),
        ("customer", "foreigner", "stranger"),
        CONFIRMED,
        REFUSED,
    ),
    *_rows((intake.read_prices_by_the_task,), ("employee",), CONFIRMED, REFUSED),
    *_rows(
        (intake.read_order, intake.read_lines),
        ("customer", "foreigner"),
        ("draft", "pending", "refused"),
        REFUSED,
    ),
]

IMPORTING = [
    *_rows(
        (*intake.write_job, *intake.write_row, *intake.delete_row),
        ("owner", "sales manager", "stranger", "customer"),
        PENDING,
        REFUSED,
    ),
    *_rows(
        (
            *intake.settings_of_job,
            *intake.texts_of_row,
            *intake.buttons_of_job,
            *intake.delete_job,
        ),
        (*OTHERS, "stock user", "foreigner"),
        PENDING,
        REFUSED,
    ),
    *_rows(
        (*intake.write_imported, *intake.write_imported_row),
        ("owner", "sales manager"),
        PENDING,
        REFUSED,
    ),
    *_rows(
        intake.exchange_files,
        ("owner", "sales manager", "stranger", "customer"),
        PENDING,
        REFUSED,
    ),
    *_rows(intake.delete_imported, ("owner", "all salesperson"), PENDING, REFUSED),
    *_rows(
        (*intake.write_job_elsewhere, *intake.create_job, intake.copy_job),
        ("owner", "sales manager", "customer", "supervisor"),
        PENDING,
        STOPPED,
    ),
    *_rows(
        (
            intake.take_rows_by_default,
            intake.create_job_as_another_by_own_default,
            intake.create_confirmed_orders,
            intake.create_orders_of_another,
        ),
        ("owner",),
        PENDING,
        STOPPED,
    ),
    *_rows((intake.take_rows_by_default,), ("stranger",), PENDING, STOPPED),
]

LETTERS = [
    *_rows(
        (*intake.write_letter, *intake.write_letter_file, *intake.delete_letter),
        KEEPERS,
        CONFIRMED,
        REFUSED,
    ),
    *_rows(
        (*intake.write_state_of_letter, *intake.create_letter),
        ("owner", "sales manager", "administrator", "supervisor", "customer"),
        CONFIRMED,
        REFUSED,
    ),
    *_rows(intake.create_letter, ("owner", "sales manager"), ("pending",), REFUSED),
    *_rows(
        intake.private_methods,
        ("owner", "administrator", "customer"),
        CONFIRMED,
        REFUSED,
    ),
    *_rows(intake.retry_letter, ("owner", "sales manager"), CONFIRMED, KEPT),
    *_rows(
        intake.retry_letter, ("stranger", "employee", "customer"), CONFIRMED, REFUSED
    ),
    *_rows(
        intake.write_letter_template,
        ("owner", "all salesperson", "supervisor", "employee"),
        CONFIRMED,
        REFUSED,
    ),
]

TASKS = [
    *_rows(
        (*intake.write_task, *intake.delete_task),
        ("employee", "owner", "sales manager", SUPERUSER),
        CONFIRMED,
        REFUSED,
    ),
    *_rows(
        (intake.add_task_line,),
        ("employee", "owner", "sales manager"),
        CONFIRMED,
        REFUSED,
    ),
    *_rows(
        intake.finish_task,
        ("owner", "all salesperson", "stranger", "supervisor", "customer", "foreigner"),
        CONFIRMED,
        REFUSED,
    ),
    *_rows(intake.give_task_away, ("employee", "sales manager"), CONFIRMED, STOPPED),
    *_rows(
        (intake.finish_task_by_an_activity,),
        ("owner", "stranger", "customer"),
        CONFIRMED,
        STOPPED,
    ),
]

SENDING = [
    *_rows(
        intake.send,
        ("owner", "sales manager", SUPERUSER),
        ("draft", "pending", "refused"),
        REFUSED,
    ),
    *_rows(
        (
            intake.send_by_the_import,
            intake.send_many_by_composer,
            intake.send_as_a_copy,
            intake.send_by_default,
        ),
        ("owner", "sales manager"),
        PENDING,
        STOPPED,
    ),
]

SETTING_UP = [
    *_rows(
        intake.write_region,
        ("owner", "all salesperson", "contact editor", "invoicing", "customer"),
        PENDING,
        REFUSED,
    ),
    *_rows(
        (
            *intake.move_customer,
            *intake.write_region_by_its_company,
            intake.import_region,
            intake.import_parent,
            intake.new_customer_of_a_region,
            intake.new_customer_by_default,
            intake.new_customer_by_own_default,
        ),
        ("owner", "all salesperson", "contact editor"),
        PENDING,
        STOPPED,
    ),
    *_rows(
        intake.set_up_of_all_companies,
        ("owner", "all salesperson", "financier", "employee", "customer"),
        PENDING,
        REFUSED,
    ),
    *_rows(
        intake.set_up,
        ("owner", "all salesperson", "financier", "employee", "customer", "foreigner"),
        PENDING,
        REFUSED,
    ),
]
