"""Creating and confirming orders in one go, as an import does."""

from tools.environment.steps import step

from . import shop
from .inside import measured
from .report import Row
from .variants import KINDS, opened

REPEAT = 3
ORDERS = 50
LINES = 5
STEPS = ("create", "confirm")


def take(repeat: int) -> list[Row]:
    """Measure it without our add-ons and with them, control off."""
    names = list(KINDS)[:2]
    rows = {}
    with opened(names) as variants, step(f"Measuring: {ORDERS} orders in one go"):
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
