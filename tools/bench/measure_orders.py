"""Creating and confirming orders in one go, as an import does."""

import functools

from tools.environment.steps import step

from . import large, shop
from .inside import measured
from .report import Row
from .variants import KINDS, opened, small

REPEAT = 3
ORDERS = 50
LINES = 5
STEPS = ("create", "confirm")


def take(repeat: int, scale: float | None = None) -> list[Row]:
    """Measure it without our add-ons and with them, control off.

    :param scale: in the large database, of this size
    """
    names = list(KINDS)[:2]
    rows = {}
    template = functools.partial(large.template, scale) if scale else small
    with (
        opened(names, template) as variants,
        step(f"Measuring: {ORDERS} orders in one go"),
    ):
        for variant in variants:
            variant.setting = variant.call("shop:set_up", KINDS[variant.name])
            for what in STEPS:
                title = f"{what} {ORDERS} orders, {LINES} lines"
                rows[what, variant.name] = Row(title, variant.name)
        for number in range(-1, repeat):  # the first fills caches
            for variant in variants:
                answer = variant.call("measure_orders:enter", variant.setting)
                for what, found in answer.items():
                    if number >= 0:
                        rows[what, variant.name].add(found)
    for (what, _name), row in rows.items():
        row.base = rows[what, names[0]]
    return list(rows.values())


def enter(env, setting: dict) -> dict[str, dict]:
    """Measure creating and confirming; leaves nothing behind."""
    with measured(env) as created:
        ids = shop.create_orders(env, setting, ORDERS, LINES)
        env.cr.flush()
    with measured(env) as confirmed:
        env["sale.order"].browse(ids).action_confirm()
        env.cr.flush()
    env.cr.rollback()
    return dict(zip(STEPS, (created, confirmed), strict=True))
