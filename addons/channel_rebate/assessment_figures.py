"""Arithmetic of assessments: decimal, half up, to two digits (SPEC L4)."""

from decimal import ROUND_HALF_UP, Decimal

from dateutil.relativedelta import relativedelta

_CENT = Decimal("0.01")
_MONTHS = {"quarter": 3, "year": 12}


def exact(value):
    """Return a float that was stored with few digits as the decimal it stands for."""
    return Decimal(str(value or 0.0))


def half_up(value):
    """Return a decimal rounded to 2 digits, halves away from zero, as a float."""
    return float(Decimal(value).quantize(_CENT, rounding=ROUND_HALF_UP))


def interpolate(value, low, points_low, high, points_high):
    """Return the points of ``value`` on the line between two values, flat beyond.

    :param float low: at this value and below ``points_low``
    :param float high: at this value and above ``points_high``; more than ``low``
    """
    value, low, high = exact(value), exact(low), exact(high)
    points_low, points_high = exact(points_low), exact(points_high)
    if value <= low:
        return half_up(points_low)
    if value >= high:
        return half_up(points_high)
    return half_up(
        points_low + (value - low) * (points_high - points_low) / (high - low)
    )


def weighted(pairs):
    """Return ``Σ weight × points / Σ weight``, rounded once; None without weight.

    :param pairs: list of (weight, points)
    """
    total = sum(exact(weight) for weight, _points in pairs)
    if not total:
        return None
    return half_up(sum(exact(w) * exact(p) for w, p in pairs) / total)


def period_of(day, kind):
    """Return the first and the last day of the quarter or year of ``day``."""
    months = _MONTHS[kind]
    month = (day.month - 1) // months * months + 1
    start = day.replace(month=month, day=1)
    return start, start + relativedelta(months=months, days=-1)


def period_before(day, kind):
    """Return the first and last day of the last period that is over on ``day``."""
    start, _end = period_of(day, kind)
    return period_of(start - relativedelta(days=1), kind)


def period_name(start, kind):
    """Return how a period is called, such as 2026 Q3 or 2026."""
    if kind == "year":
        return str(start.year)
    return f"{start.year} Q{(start.month - 1) // 3 + 1}"
