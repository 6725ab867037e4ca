"""What people try with any document somebody has to agree to, and what must happen.

Concessions, revisions, contracts, change requests, requirement lists and enquiries.
What concerns one kind alone stands in :mod:`matrix_agreed`, what happens in the portal
in :mod:`matrix_portal`.
"""

from . import routes_documents as documents
from .common import KEPT, REFUSED, STOPPED, SUPERSEDED, Attack
from .people import EVERYBODY, SELLERS, SUPERUSER

# What leads to a gate straight away is tried by all; by few what leads to the same gate
# on a way of its own.
ALL = (*EVERYBODY, "lawyer", "marketer", "archivist", "foreign customer")
#: one of every kind
SOME = (
    "owner",
    "stranger",
    "sales manager",
    "stock user",
    "invoicing",
    "supervisor",
    "financier",
    "director",
    "employee",
    "archivist",
    "administrator",
    "customer",
    "foreign customer",
    SUPERUSER,
)
#: those with most rights, and one who has none
FEW = ("owner", "sales manager", "stock user", "administrator", "customer", SUPERUSER)
#: one stage of every kind, in which somebody still has to agree
WAITING = (
    "concession pending",
    "revision pending",
    "contract approved",
    "change pending",
    "list sent",
    "enquiry open",
)
#: the same for those that are approved by somebody
REVIEWED = WAITING[:4]
#: every other stage
OTHERWISE = (
    "concession draft",
    "concession closed",
    "revision draft",
    "revision decided",
    "contract draft",
    "contract pending",
    "contract half signed",
    "agreement sent",
    "change draft",
    "change decided",
    "cancellation pending",
    "cancellation asked",
    "list draft",
    "list revised",
    "enquiry closed",
)
#: everybody concerned has agreed
AGREED = (
    "concession granted",
    "revision approved",
    "contract signed",
    "change applied",
    "list confirmed",
)


def but(*others, of=ALL):
    return tuple(role for role in of if role not in others)


def rows(routes, who, at, must):
    return [Attack(route, who, at, must) for route in routes]


# Any document --------------------------------------------------------------------

FORGING_STATES = [
    *rows(
        (documents.write_state, documents.save_state_from_the_form),
        ALL,
        WAITING,
        REFUSED,
    ),
    *rows(
        (
            documents.onchange_then_save,
            documents.import_state,
            documents.write_state_with_context,
            documents.state_by_incoming_mail,
            documents.own_server_action,
            documents.state_and_content,
        ),
        FEW,
        WAITING,
        REFUSED,
    ),
    *rows((documents.write_state,), FEW, OTHERWISE, REFUSED),
    *rows(
        (documents.state_by_another_record, documents.new_by_another_record),
        SOME,
        ("agreement sent", "change pending", "list confirmed"),
        REFUSED,
    ),
]

#: nobody's but the system's, which nobody may create either
_OF_THE_SYSTEM = ("enquiry open",)
FORGING_NEW_ONES = [
    *rows((documents.create_in_state,), ALL, WAITING[:5], REFUSED),
    *rows((documents.create_in_state,), but(SUPERUSER), _OF_THE_SYSTEM, REFUSED),
    *rows(
        (
            documents.create_by_saving_a_form,
            documents.import_new,
            documents.new_by_incoming_mail,
            documents.create_with_what_is_kept,
        ),
        FEW,
        WAITING[:5],
        REFUSED,
    ),
    *rows((documents.create_with_approval,), FEW, REVIEWED, REFUSED),
    *rows(
        (
            documents.create_by_default,
            documents.create_by_own_default,
            documents.copy_in_state,
        ),
        but("administrator", SUPERUSER, of=FEW),
        WAITING,
        STOPPED,
    ),
]

FORGING_FIELDS = [
    *rows((documents.write_what_is_kept,), ALL, WAITING, REFUSED),
    *rows(
        (documents.save_what_is_kept, documents.call_private_methods),
        FEW,
        WAITING,
        REFUSED,
    ),
    *rows((documents.write_what_is_kept,), FEW, (*OTHERWISE, *AGREED), REFUSED),
    *rows((documents.write_approval,), SOME, REVIEWED, REFUSED),
    *rows(
        (
            documents.write_what_is_kept_of_lines,
            documents.create_with_what_is_kept_of_lines,
        ),
        FEW,
        ("revision pending", "change pending"),
        REFUSED,
    ),
    *rows(
        (documents.write_round, documents.use_round_of_an_order),
        but(SUPERUSER, of=FEW),
        REVIEWED,
        REFUSED,
    ),
]

_WRITERS = ("owner", "sales manager", "administrator", SUPERUSER)
CONTENT = [
    *rows((documents.write_content,), ALL, AGREED, REFUSED),
    *rows(
        (documents.save_content_with_context, documents.import_content),
        FEW,
        AGREED,
        REFUSED,
    ),
    *rows(
        (documents.write_content,),
        FEW,
        ("concession closed", "revision applied", "agreement sent"),
        REFUSED,
    ),
    *rows((documents.write_lines,), SOME, AGREED[1:], REFUSED),
    *rows(
        (
            documents.create_line,
            documents.create_line_by_default,
            documents.import_line,
            documents.copy_line,
            documents.move_line_in,
            documents.move_line_away,
            documents.delete_lines,
            documents.lines_by_commands,
            documents.lines_by_the_draft,
        ),
        ("owner", "administrator", "customer", SUPERUSER),
        AGREED[1:],
        REFUSED,
    ),
    *rows((documents.write_first_content,), _WRITERS, REVIEWED, SUPERSEDED),
    *rows((documents.write_first_line,), _WRITERS, REVIEWED[1:], SUPERSEDED),
    *rows(
        (documents.write_first_content,),
        but(*SELLERS, of=SOME),
        REVIEWED,
        REFUSED,
    ),
]

DELETING = [
    *rows((documents.delete,), SOME, (*AGREED, "enquiry closed"), REFUSED),
    *rows(
        (documents.delete_as_if_uninstalling,),
        ("owner", "administrator", SUPERUSER),
        (
            *AGREED,
            "enquiry closed",
            "concession closed",
            "revision applied",
            "contract half signed",
            "list sent",
        ),
        REFUSED,
    ),
]

# of all documents: the stage does not matter
_AT = ("concession granted",)
EVIDENCE = [
    *rows(documents.write_evidence, SOME, _AT, REFUSED),
    *rows(documents.create_evidence, but(SUPERUSER, of=FEW), _AT, REFUSED),
    *rows(documents.delete_evidence, but(SUPERUSER, of=FEW), _AT, REFUSED),
    *rows((*documents.write_files, *documents.delete_files), FEW, _AT, REFUSED),
    # the archivist lends what there is
    *rows(
        documents.create_evidence[-2:] + documents.delete_evidence,
        ("archivist",),
        _AT,
        REFUSED,
    ),
]

DECIDING = [
    *rows((documents.approve,), but("supervisor"), ("concession pending",), REFUSED),
    *rows(
        (documents.approve, documents.approve_by_the_dialog),
        but("supervisor", of=SOME),
        ("contract pending",),
        REFUSED,
    ),
    # nobody without a statement, or for all departments at once
    *rows((documents.approve,), SOME, ("revision pending", "change pending"), REFUSED),
    # the dialog tells of every seat why not
    *rows((documents.approve_by_the_dialog,), FEW, ("change pending",), KEPT),
    *rows((documents.approve,), but("director", of=SOME), ("change decided",), REFUSED),
    *rows(
        (documents.give_away_and_approve,),
        ("owner", "selling financier", "sales manager", "director", SUPERUSER),
        ("concession pending", "contract pending"),
        STOPPED,
    ),
]
