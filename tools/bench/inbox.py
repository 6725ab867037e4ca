"""My approvals with many open seats, and what the web client asks to show them."""

import math
from collections.abc import Iterator
from contextlib import contextmanager

from lxml import etree

from odoo.fields import Command, Domain
from odoo.tools.safe_eval import safe_eval

from . import shop
from .inside import as_user, measured
from .multiply import multiply

ACTION = "document_approval.document_approval_seat_action"
#: orders that are submitted the usual way before their rows are multiplied
ORDERS = 60
DISCOUNT = 20
#: how many records the web client shows at once, and how far it counts
LIMITS = {"kanban": 40, "list": 80}
MOST_COUNTED = 10001
NUMBERS = ("integer", "float", "monetary")


def fill(env, setting: dict, seats: int) -> dict:
    """Submit orders and multiply them until one reviewer has `seats` to decide on.

    A third each waits for the first, the second and the third level; the reviewer
    sits on all three, each time with a colleague.

    :return: the setting with the reviewer's id as "busy" and the number of "seats"
    """
    busy = shop.create_user(env, "busy")
    codes = shop.DEPARTMENTS[: shop.USUAL_LEVELS]
    departments = env["document.approval.department"].search([("code", "in", codes)])
    departments.member_ids = [Command.link(busy.id)]
    shop.make_flows(env, 1, shop.USUAL_LEVELS)
    shop.limit_prices(env)
    ids = shop.create_orders(env, setting, ORDERS, 3, DISCOUNT)
    orders = as_user(env, setting["seller"])["sale.order"].browse(ids)
    orders.action_submit_for_approval()
    for level in range(1, shop.USUAL_LEVELS):
        seats_sudo = shop.open_seats(orders[level * ORDERS // shop.USUAL_LEVELS :])
        colleague = as_user(env, setting["reviewers"][level - 1])
        seats_sudo.with_env(colleague).action_approve()
    multiply(orders.sudo(), math.ceil(seats / ORDERS) - 1)
    setting = {**setting, "busy": busy.id}
    mine = _seats(env, setting).search([("can_decide", "=", True)])
    for seat in mine[:: len(mine) // 10]:  # copies are as good as what they copy
        seat.sudo()._check_document_unchanged()
        if not seat.can_decide:
            raise RuntimeError(f"{seat.display_name} cannot be decided")
    return {**setting, "seats": len(mine)}


def ways_to_look(env, setting: dict) -> list[tuple[str, str]]:
    """Return the views, each with the fields its records can be grouped by."""
    arch = _get_views(env, setting)["views"]["search"]["arch"]
    contexts = (node.get("context") for node in etree.fromstring(arch).iter("filter"))
    groups = [safe_eval(context).get("group_by") for context in contexts if context]
    return [(view, group) for view in LIMITS for group in ("", *filter(None, groups))]


def open_views(env, setting: dict) -> dict:
    """Measure what the web client asks before it asks for records."""
    with _new_request(env) as fresh, measured(fresh) as found:
        _get_views(fresh, setting)
    return found


def look(env, setting: dict, view: str, group_by: str) -> dict:
    """Measure what the web client asks for the records of a view."""
    description = _get_views(env, setting)
    calls = _get_calls(env, setting, description, view, group_by)
    with _new_request(env) as fresh, measured(fresh) as found:
        seats = _seats(fresh, setting).with_context(bin_size=True)
        for method, arguments in calls:
            getattr(seats, method)(**arguments)
    return found


@contextmanager
def _new_request(env) -> Iterator:
    """Yield an environment that knows nothing yet, as a request begins with."""
    with env.registry.cursor() as cursor:
        yield env(cr=cursor)


def _seats(env, setting: dict):
    return as_user(env, setting["busy"])["document.approval.seat"]


def _get_views(env, setting: dict) -> dict:
    action = env.ref(ACTION)
    return _seats(env, setting).get_views(
        [*action.views, (action.search_view_id.id, "search")],
        {"action_id": action.id, "load_filters": True, "toolbar": True},
    )


def _get_calls(
    env, setting: dict, description: dict, view: str, group_by: str
) -> list[tuple[str, dict]]:
    """Return the calls of the web client: methods with their arguments."""
    arch = etree.fromstring(description["views"][view]["arch"])
    known = description["models"]["document.approval.seat"]["fields"]
    specification = _get_specification(arch, known)
    domain = _get_domain(env, setting, description)
    order = arch.get("default_order")
    limit = int(arch.get("limit") or LIMITS[view])
    group_by = group_by or arch.get("default_group_by")
    if not group_by:
        arguments = {"specification": specification, "order": order, "limit": limit}
        arguments |= {"domain": domain, "count_limit": MOST_COUNTED}
        return [("web_search_read", arguments)]
    arguments = {
        "domain": domain,
        "groupby": [group_by],
        "aggregates": [
            f"{name}:{known[name]['aggregator']}"
            for name in specification
            if known[name].get("aggregator") and known[name]["type"] in NUMBERS
        ],
        "order": order,
        "auto_unfold": view == "kanban",
        "unfold_read_specification": specification,
        "unfold_read_default_limit": limit,
    }
    calls = [("web_read_group", arguments)]
    for bar in arch.iter("progressbar"):
        colors = {"field": bar.get("field"), "colors": safe_eval(bar.get("colors"))}
        arguments = {"domain": domain, "group_by": group_by, "progress_bar": colors}
        calls.append(("read_progress_bar", arguments))
    return calls


def _get_specification(arch, known: dict) -> dict:
    """Return which fields the web client reads, names of records included."""
    specification = {}
    for node in arch.iter("field"):
        name = node.get("name")
        if any(parent.tag == "field" for parent in node.iterancestors()):
            continue
        kind = known[name]["type"]
        shows_names = kind == "many2one" or (
            kind.endswith("2many") and "widget" in node.attrib
        )
        specification[name] = {"fields": {"display_name": {}}} if shows_names else {}
    return specification


def _get_domain(env, setting: dict, description: dict) -> Domain:
    """Return the domain of the action and of the filters that are set at first."""
    action = env.ref(ACTION)
    names = {"uid": setting["busy"]}
    context = safe_eval(action.context or "{}", names)
    domain = Domain(safe_eval(action.domain or "[]", names))
    search = etree.fromstring(description["views"]["search"]["arch"])
    for node in search.iter("filter"):
        if context.get(f"search_default_{node.get('name')}"):
            domain &= Domain(safe_eval(node.get("domain") or "[]", names))
    return domain
