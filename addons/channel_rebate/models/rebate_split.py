"""How an amount is shared out: by largest remainder, to the last cent (DESIGN 5)."""

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal


def to_decimal(value) -> Decimal:
    """Return a stored amount as the number it was meant to be."""
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)


def round_half_up(value: Decimal, unit: Decimal) -> Decimal:
    """Round to a multiple of ``unit``, half away from zero."""
    return (value / unit).quantize(Decimal(1), ROUND_HALF_UP) * unit


def split(amount: Decimal, weights: dict, unit: Decimal) -> dict:
    """Share ``amount`` out in proportion to ``weights``, in whole ``unit``.

    The parts add up to the amount exactly. What is left over after rounding down goes
    to the largest remainders, of equal ones to the larger weight, then to the first.

    :param amount: a multiple of ``unit``, of either sign
    :param weights: ``{key: weight}``; those that are not positive get nothing
    """
    weights = {key: weight for key, weight in weights.items() if weight > 0}
    if not weights:
        return {}
    total = sum(weights.values())
    sign = -1 if amount < 0 else 1
    units = abs(amount) / unit
    exact = {key: units * weight / total for key, weight in weights.items()}
    parts = {
        key: value.quantize(Decimal(1), ROUND_DOWN) for key, value in exact.items()
    }
    left = int(units - sum(parts.values()))
    order = sorted(
        weights, key=lambda key: (parts[key] - exact[key], -weights[key], str(key))
    )
    for key in order[:left]:
        parts[key] += 1
    return {key: sign * part * unit for key, part in parts.items()}
