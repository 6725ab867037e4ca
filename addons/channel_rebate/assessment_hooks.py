import base64
import json

from odoo.tools import SQL

#: children before parents
_TABLES = (
    "channel_rectification",
    "channel_assessment_line",
    "channel_assessment",
    "channel_assessment_result",
    "channel_scorecard_band",
    "channel_scorecard_criterion",
    "channel_scorecard",
)


def leave_assessments(env):
    """Keep the history of assessments with the customers, and empty the tables.

    Each assessed customer gets a file. Odoo deletes records one by one before it drops
    the tables; what is kept for good would stand in its way.
    """
    assessments = env["channel.assessment"].search([("state", "=", "done")])
    env["ir.attachment"].create(
        [
            _prepare_file(partner, of_partner)
            for partner, of_partner in assessments.grouped("partner_id").items()
        ]
    )
    env.flush_all()
    env.cr.execute(SQL("UPDATE channel_partner SET assessment_id = NULL"))
    for table in _TABLES:
        env.cr.execute(SQL("DELETE FROM %s", SQL.identifier(table)))
    env.invalidate_all(flush=False)


def _prepare_file(partner, assessments):
    content = json.dumps(
        [_export(each) for each in assessments.sorted("date_from")],
        ensure_ascii=False,
        indent=2,
        default=str,
    )
    return {
        "name": f"channel-assessments-{partner.name}.json",
        "res_model": "res.partner",
        "res_id": partner.id,
        "mimetype": "application/json",
        "datas": base64.b64encode(content.encode()),
    }


def _export(assessment):
    return {
        "company": assessment.company_id.name,
        "period": assessment.period_name,
        "score": assessment.score,
        "result": assessment.result,
        "decided": assessment.date_done,
        "decided_by": assessment.done_by_id.name,
        "extra_rebate": assessment.rebate_extra_rate,
        "market_support": assessment.support_amount,
        "currency": assessment.currency_id.name,
        "criteria": [
            {
                "criterion": line.criterion_id.name,
                "found": line.value_text,
                "points": line.points,
                "weight": line.weight,
                "source": line.source_text,
            }
            for line in assessment.line_ids
        ],
        "rectifications": [
            {
                "deadline": each.date_deadline,
                "findings": each.findings,
                "to_be_done": each.required_actions,
                "answer": each.answer,
                "verified": each.verification_note,
                "state": each.state,
            }
            for each in assessment.rectification_ids
        ],
    }
