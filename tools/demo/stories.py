"""The orders of the demonstration, each with what became of it so far."""

from dataclasses import dataclass, field

APPROVED = (
    ("submit",),
    ("approve", "supervisor"),
    ("approve", "finance"),
    ("approve", "operations"),
)
DELIVERED = (*APPROVED, ("confirm",), ("deliver",))
REASON = "该客户有逾期账款,请先收款。 Payments are overdue: collect them first."


@dataclass(frozen=True)
class Story:
    """One order: who asked for what, and the steps taken, each by its person."""

    title: str
    customer: str
    days_ago: int
    # (product, quantity, discount in %)
    lines: tuple[tuple[str, float, float], ...]
    steps: tuple[tuple[str, ...], ...] = ()
    seller: str = "sales"
    order_type: str = "standard"
    requirement: str = ""
    reorder_kind: str | bool = False
    # what the order came in: email, scan, chat, contract
    papers: str = "email"
    leave_out: frozenset[str] = field(default_factory=frozenset)


STORIES = (
    Story(
        "Delivered and invoiced",
        "heating",
        34,
        (("ball_valve", 60, 5), ("flange", 120, 0)),
        (*DELIVERED, ("invoice",)),
    ),
    Story(
        "Delivered and invoiced",
        "chemicals",
        27,
        (("pump", 2, 5), ("service", 1, 0)),
        (*DELIVERED, ("invoice",)),
    ),
    Story(
        "Delivered and invoiced",
        "dealer",
        21,
        (("elbow", 400, 10), ("seals", 600, 10)),
        (*DELIVERED, ("invoice",)),
    ),
    Story(
        "Shipped, waits for the customer's acceptance",
        "waterworks",
        17,
        (("gate_valve", 24, 4), ("gauge", 24, 0)),
        DELIVERED,
        papers="scan",
    ),
    Story(
        "Cancelled after approval",
        "food",
        15,
        (("pipe", 80, 0), ("elbow", 40, 0)),
        (*APPROVED, ("cancel",)),
    ),
    Story(
        "Refused, corrected, approved, confirmed",
        "shipyard",
        13,
        (("butterfly", 30, 25),),
        (
            ("submit",),
            ("refuse", "supervisor", "25 % is too much: at most 12 %. 折扣过高。"),
            ("discount", "12"),
            *APPROVED,
            ("confirm",),
        ),
    ),
    Story(
        "Confirmed, goods to ship",
        "engineering",
        9,
        (("drive", 3, 5), ("gauge", 10, 0)),
        (*APPROVED, ("confirm",)),
    ),
    Story(
        "Joint review passed, confirmed",
        "chemicals",
        8,
        (("cabinet", 1, 0), ("drive", 2, 0)),
        (
            ("submit",),
            ("approve", "supervisor"),
            ("approve", "technical", "技术可行。 Feasible, standard interfaces."),
            ("approve", "finance"),
            ("approve", "production", "20 天可交货。 Ready in 20 days."),
            ("approve", "operations"),
            ("confirm",),
        ),
        papers="contract",
    ),
    Story(
        "Changed after approval: to submit again",
        "waterworks",
        7,
        (("ball_valve", 40, 8), ("flange", 80, 0)),
        (*APPROVED, ("quantity", "55")),
    ),
    Story(
        "Refused by finance with a reason",
        "dealer",
        6,
        (("pump", 4, 8),),
        (("submit",), ("approve", "supervisor"), ("refuse", "finance", REASON)),
        papers="chat",
    ),
    Story(
        "Withdrawn by the salesperson",
        "export",
        6,
        (("ball_valve", 25, 0),),
        (("submit",), ("withdraw",)),
    ),
    Story(
        "Approved, to confirm",
        "heating",
        5,
        (("butterfly", 16, 10), ("seals", 50, 0)),
        APPROVED,
    ),
    Story(
        "Joint review: technical agreed, two to go",
        "shipyard",
        4,
        (("cabinet", 2, 0), ("service", 2, 0)),
        (
            ("submit",),
            ("approve", "supervisor"),
            ("approve", "technical", "图纸已确认。 Drawings are settled."),
        ),
    ),
    Story(
        "Joint review: three departments side by side",
        "chemicals",
        2,
        (("cabinet", 1, 0), ("pump", 2, 5)),
        (("submit",), ("approve", "supervisor")),
    ),
    Story(
        "In review by operations",
        "engineering",
        3,
        (("pump", 6, 8), ("drive", 6, 8)),
        APPROVED[:3],
        reorder_kind="own_judgement",
        papers="scan",
    ),
    Story(
        "In review by finance",
        "food",
        3,
        (("pipe", 120, 12), ("flange", 60, 0)),
        APPROVED[:2],
    ),
    Story(
        "Refused, corrected, in review again",
        "dealer",
        3,
        (("ball_valve", 100, 30),),
        (
            ("submit",),
            ("refuse", "supervisor", "请不要超过 15%。 Not more than 15 %, please."),
            ("discount", "15"),
            ("submit",),
        ),
    ),
    Story(
        "Signed by the customer, waits for approval",
        "waterworks",
        2,
        (("gate_valve", 12, 0), ("elbow", 60, 5)),
        (("send",), ("sign",)),
    ),
    Story(
        "The supervisor's own order: a colleague decides",
        "chemicals",
        2,
        (("gauge", 150, 10),),
        (("submit",),),
        seller="supervisor",
    ),
    Story(
        "Large order: joint review",
        "shipyard",
        2,
        (("pump", 30, 5),),
        (("submit",), ("approve", "supervisor")),
    ),
    Story(
        "More than the stock can keep by the date",
        "dealer",
        1,
        (("seals", 2200, 0),),
        (("submit",),),
        papers="chat",
    ),
    Story(
        "Project, to be sent once it is approved",
        "heating",
        1,
        (("drive", 4, 0), ("gauge", 8, 0)),
        (("submit",),),
        order_type="project",
        requirement="防爆 Ex d IIB T4, 双电源 two supplies",
    ),
    Story(
        "In review: discount and floor price",
        "heating",
        1,
        (("ball_valve", 80, 18), ("gate_valve", 30, 10), ("flange", 80, 0)),
        (("submit",),),
    ),
    Story(
        "In review: joint review comes next",
        "engineering",
        1,
        (("cabinet", 1, 5),),
        (("submit",),),
        papers="contract",
    ),
    Story(
        "Needs no review: can be confirmed",
        "food",
        1,
        (("seals", 5, 0),),
        order_type="sample",
    ),
    Story(
        "Sent to the customer, to be signed",
        "waterworks",
        1,
        (("pipe", 30, 0),),
        (("send",),),
    ),
    Story(
        "Complete, to submit",
        "shipyard",
        1,
        (("ball_valve", 20, 15), ("elbow", 100, 0)),
    ),
    Story(
        "Incomplete: see what is missing",
        "export",
        0,
        (("flange", 200, 5),),
        leave_out=frozenset({"contact", "date", "terms", "price"}),
    ),
)
