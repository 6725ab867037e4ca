"""What people try in the portal, and what must happen."""

from . import routes_portal as portal
from .common import DONE, KEPT, REFUSED, STOPPED, WITHIN, Attack
from .matrix_documents import rows

#: who comes, and with which key; ``None``: nobody, or no key
VISITORS = {
    "customer": ("customer", None),
    "customer with another key": ("customer", "another"),
    "link": (None, "own"),
    "nobody": (None, None),
    "nobody guessing": (None, "guessed"),
    "nobody with another key": (None, "another"),
    "foreign customer": ("foreign customer", None),
    "foreign customer guessing": ("foreign customer", "guessed"),
    "foreign customer with another key": ("foreign customer", "another"),
    "owner": ("owner", None),
    "owner with the link": ("owner", "own"),
    "financier": ("financier", None),
    "administrator": ("administrator", None),
}
CUSTOMERS = ("customer", "link")
OUTSIDERS = tuple(
    who for who in VISITORS if who.startswith(("nobody", "foreign customer"))
)
STAFF = ("owner", "owner with the link", "financier", "administrator")
_ANSWERS = {
    portal.confirm_list: "list sent",
    portal.object_to_list: "list sent",
    portal.withdraw_order: "enquiry open",
    portal.sign_contract: "contract sent",
    portal.agree: "cancellation asked",
    portal.object_to_plan: "cancellation asked",
}
_PAGES = {
    portal.read_list: "list sent",
    portal.read_enquiry: "enquiry open",
    portal.read_contract: "contract sent",
    portal.read_change: "cancellation asked",
}
PORTAL = [
    *(
        Attack(route, (*OUTSIDERS, *STAFF), (stage,), REFUSED)
        for route, stage in (*_ANSWERS.items(), (portal.ask_for_a_change, "drawn"))
    ),
    *(Attack(route, OUTSIDERS, (stage,), REFUSED) for route, stage in _PAGES.items()),
    # twice, too late, something else, of another
    *rows((portal.sign_contract,), CUSTOMERS, ("contract half signed",), REFUSED),
    *rows((portal.sign_contract_twice,), CUSTOMERS, ("contract sent",), STOPPED),
    *rows(
        (portal.sign_contract,),
        CUSTOMERS,
        ("contract draft", "contract pending", "contract approved", "contract signed"),
        REFUSED,
    ),
    *rows((portal.read_contract,), CUSTOMERS, ("contract approved",), REFUSED),
    *rows(
        (portal.confirm_list, portal.object_to_list),
        CUSTOMERS,
        ("list draft", "list revised"),
        REFUSED,
    ),
    *rows((portal.withdraw_order,), CUSTOMERS, ("enquiry closed",), REFUSED),
    *rows((portal.withdraw_order_of_another,), CUSTOMERS, ("enquiry open",), REFUSED),
    *rows((portal.agree_twice,), CUSTOMERS, ("cancellation asked",), STOPPED),
    *rows((portal.agree_to_another_plan,), CUSTOMERS, ("cancellation asked",), REFUSED),
    *rows(
        (portal.agree, portal.object_to_plan),
        CUSTOMERS,
        ("change draft", "change pending", "cancellation pending", "change applied"),
        REFUSED,
    ),
    *rows(
        (portal.agree_by_way_of_another_order,),
        (*CUSTOMERS, "nobody", "foreign customer", "administrator"),
        ("cancellation asked",),
        REFUSED,
    ),
    # orders
    *rows((portal.decline,), tuple(VISITORS), ("confirmed",), KEPT),
    *rows((portal.accept,), CUSTOMERS, ("uncontracted", "hungry"), WITHIN),
    # what is not for customers
    *rows(
        (portal.download_papers,),
        (*OUTSIDERS, "customer"),
        ("contract signed",),
        REFUSED,
    ),
    *rows(
        (portal.fill_in_sheets_as_a_web_client,),
        ("customer", "foreign customer", "owner", "administrator"),
        ("change pending",),
        REFUSED,
    ),
    *rows(
        (portal.agree_by_the_page_of_the_mail,),
        ("nobody", "customer", *STAFF),
        ("change pending",),
        KEPT,
    ),
]
#: what the customer may do, so that the rows above can fail
POSSIBLE_IN_THE_PORTAL = [
    *(Attack(route, CUSTOMERS, (stage,), DONE) for route, stage in _ANSWERS.items()),
    *rows((portal.ask_for_a_change,), CUSTOMERS, ("drawn",), DONE),
]
