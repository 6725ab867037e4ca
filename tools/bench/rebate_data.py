"""Programmes that all customers of the large database take part in."""

from odoo.fields import Command
from odoo.tools import SQL

from . import large_data
from .large_data import CATEGORIES, YEAR

#: (from, to) of the order fair
FAIR = ("2026-01-01", "2026-02-28")
NAMES = ("Bench year", "Bench quarters", "Bench fair")


def make(env) -> None:
    """Put three programmes in force that all customers take part in.

    By the whole year as paid; by quarters, one series, each part at its own rate; an
    order fair by percent of the target, as paid and as delivered.
    """
    company = env.ref("base.main_company")
    env = env(context={**env.context, "tracking_disable": True})
    programmes = env["rebate.programme"].create(
        [
            {
                "name": name,
                "company_id": company.id,
                "currency_id": company.currency_id.id,
                "kind": kind,
                "period_type": period_type,
                "date_from": dates[0],
                "date_to": dates[1],
                "version_ids": [Command.create({**version, "tier_ids": tiers})],
            }
            for name, kind, period_type, dates, version, tiers in _terms(env)
        ]
    )
    env.flush_all()
    versions = programmes.version_ids
    # approving is not measured
    env.cr.execute(
        "UPDATE rebate_version SET state = 'active' WHERE id = ANY(%s)", [versions.ids]
    )
    first, number = large_data.customers(env)
    env.cr.execute(
        SQL(
            PARTICIPANTS,
            programmes=programmes.ids,
            company=company.id,
            first=first,
            last=first + number - 1,
        )
    )
    env.cr.execute(SQL(TARGETS, version=versions[-1].id))
    env.invalidate_all()
    programmes._prepare_periods()
    programmes._prepare_balances()
    env.cr.commit()
    env.cr.execute("ANALYZE")


def _terms(env) -> list[tuple]:
    def tiers(*steps):
        return [
            Command.create({"value_from": low, "rate": rate}) for low, rate in steps
        ]

    category = env["product.category"].search([("name", "=", CATEGORIES[0])])
    series = {
        "category_ids": [Command.set(category.ids)],
        "tier_mode": "marginal",
    }
    fair = {"stage": "order", "tier_by": "target", "execution_rule": "pro_rata"}
    return [
        (NAMES[0], "year", "once", YEAR, {}, tiers((0, 1), (15000, 2), (18000, 3))),
        (
            *(NAMES[1], "quarter", "quarter", YEAR, series),
            tiers((0, 1), (1500, 2), (2500, 4)),
        ),
        (NAMES[2], "fair", "once", FAIR, fair, tiers((50, 1), (100, 2.5))),
    ]


PARTICIPANTS = """
INSERT INTO rebate_participant (programme_id, company_id, partner_id, create_date,
       write_date)
SELECT g.id, %(company)s, p, NOW() AT TIME ZONE 'UTC', NOW() AT TIME ZONE 'UTC'
  FROM unnest(%(programmes)s) g (id)
 CROSS JOIN generate_series(%(first)s, %(last)s) p
 ORDER BY g.id, p
"""

TARGETS = """
INSERT INTO rebate_target (version_id, participant_id, target, extra_rate, create_date,
       write_date)
SELECT v.id, p.id, 1000 + p.id %% 7 * 500, 0, NOW() AT TIME ZONE 'UTC',
       NOW() AT TIME ZONE 'UTC'
  FROM rebate_version v JOIN rebate_participant p ON p.programme_id = v.programme_id
 WHERE v.id = %(version)s
"""


def count(env) -> dict[str, int]:
    """Return how many there are of what matters."""
    env.cr.execute(
        """SELECT (SELECT COUNT(*) FROM account_move_line i
                     JOIN account_move m ON m.id = i.move_id
                    WHERE m.move_type = 'out_invoice' AND m.state = 'posted'
                      AND i.display_type = 'product'),
                  (SELECT COUNT(DISTINCT partner_id) FROM rebate_participant),
                  (SELECT COUNT(*) FROM rebate_balance),
                  (SELECT COUNT(*) FROM account_partial_reconcile),
                  (SELECT COUNT(*) FROM sale_order_line)"""
    )
    names = ("invoice lines", "participants", "balances", "payments", "order lines")
    return dict(zip(names, env.cr.fetchone(), strict=True))


def uninstall(env) -> None:
    """Take `channel_rebate` out of the database."""
    module = env["ir.module.module"].search([("name", "=", "channel_rebate")])
    module.button_immediate_uninstall()
