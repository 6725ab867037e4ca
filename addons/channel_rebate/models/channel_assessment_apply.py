from dateutil.relativedelta import relativedelta

from odoo import models


class ChannelAssessment(models.Model):
    """What a decided assessment changes (SPEC L4)."""

    _inherit = "channel.assessment"

    def _apply(self):
        """Put the results into effect; the gate holds them against their approval.

        An assessment of an earlier period than the one in effect goes into the
        history only.
        """
        for each in self:
            if each.state != "draft":
                continue
            today = self.env["customer.credit.account"]._get_today(each.company_id)
            # sudo: the decision gave the right
            channel = each.channel_partner_id.sudo()
            channel._bump_assessed()  # the loser of two decisions is rerun
            before = channel.assessment_id
            late = bool(before and before.date_to > each.date_to)
            each._set_state(
                "done", date_done=today, done_by_id=self.env.uid, is_history=late
            )
            if late:
                each._message_log(
                    body=self.env._(
                        "For the history only: %(assessment)s is in effect.",
                        assessment=before.display_name,
                    )
                )
                continue
            each._apply_measures(channel, today)

    def _apply_measures(self, channel, today):
        """Write the result on the partner's file, and what follows from it."""
        self.ensure_one()
        values = {
            "assessment_id": self.id,
            "assessed_score": self.score,
            "assessed_result": self.result,
            "assessed_on": today,
            "priority": self.priority,
            "rebate_extra_rate": self.rebate_extra_rate,
            "rebate_extra_from": today if self.rebate_extra_rate else False,
            "support_amount": self.support_amount,
        }
        if self.result == "rectification":
            values["state"] = "rectification"
        elif self.result == "termination":
            values["state"] = "terminated"
        elif not channel._has_open_rectification():
            values["state"] = "active"
        channel._write_assessed(values)
        labels = dict(self._fields["result"]._description_selection(self.env))
        channel._message_log(
            body=self.env._(
                "Assessed for %(period)s with a score of %(score)s: %(result)s.",
                period=self.period_name,
                score=f"{self.score:.10g}",
                result=labels[self.result],
            )
        )
        if self.result == "rectification":
            self._create_rectification(channel, today)
        elif self.result == "termination":
            channel._end_rectifications()

    def _create_rectification(self, channel, today):
        """Prepare what the partner has to put right; somebody words and sends it."""
        self.ensure_one()
        weak = self.line_ids.filtered(lambda line: line.is_counted and line.points < 60)
        found = weak or self.line_ids.filtered("is_counted")
        findings = "\n".join(
            self.env._(
                "%(criterion)s: %(value)s",
                criterion=line.criterion_id.name,
                value=line.value_text or "",
            )
            for line in found
        )
        # sudo: the decision gave the right
        rectifications = self.env["channel.rectification"].sudo()
        record = rectifications._create_system(
            {
                "channel_partner_id": channel.id,
                "assessment_id": self.id,
                "findings": findings,
                "date_deadline": today + relativedelta(days=self.deadline_days),
                "user_id": (self.user_id or channel.user_id).id,
            }
        )
        record._remind(
            self.env._(
                "Say what %(partner)s has to do, and tell them",
                partner=channel.display_name,
            )
        )
        return record
