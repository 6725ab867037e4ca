"""What the demonstration database holds: a small trading company at work."""

from tools.demo import (
    catalogue,
    changes,
    company,
    contracts,
    credit,
    enquiry,
    handover,
    papers,
    people,
    price_agreement,
    rebate,
)
from tools.demo.stage import Stage
from tools.demo.stories import STORIES


def populate(env) -> None:
    """Fill the database; called once, after the add-ons are installed.

    It acts on `env` alone and leaves committing to the caller. Where it has been
    called before it does nothing.
    """
    if env["res.users"].search_count([("login", "=", people.FIRST)]):
        return
    company.set_up(env)
    users = people.create(env)
    shop = catalogue.create(env)
    people.give_portal_access(env, shop.customers["waterworks"])
    people.set_up_flows(env)
    env.company.document_approval_mode = "enforce"
    handover.prepare(env, shop)
    env.flush_all()
    stage = Stage(env, users, shop)
    for story in sorted(STORIES, key=lambda story: -story.days_ago):
        stage.play(story)
    stage.date_back()
    papers.stage_import(stage)
    credit.set_up(stage)
    handover.complain(stage)
    rebate.set_up(stage)
    price_agreement.set_up(stage)
    contracts.set_up(stage)
    enquiry.set_up(stage)
    changes.set_up(stage)
