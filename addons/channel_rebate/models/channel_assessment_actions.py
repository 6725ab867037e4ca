from odoo import models
from odoo.exceptions import AccessError, UserError


class ChannelAssessment(models.Model):
    """Computing, deciding and giving up assessments (SPEC L4)."""

    _inherit = "channel.assessment"

    def _compute_can_apply(self):
        """Without approval, administrators decide; never the partner's salesperson."""
        is_manager = self.env.user.has_group("channel_rebate.group_manager")
        for each in self:
            each.can_apply = (
                is_manager
                and each.state == "draft"
                and each._approval_mode() == "off"
                and not each._is_own()
            )

    def _is_own(self):
        """Tell whether the user is the salesperson of the partner."""
        self.ensure_one()
        return self.env.user in self._get_salespeople()

    def _get_salespeople(self):
        """Return whom the partner belongs to; they may not decide (SPEC B5)."""
        self.ensure_one()
        channel_sudo = self.channel_partner_id.sudo()  # sudo: whoever it is
        return (
            channel_sudo.user_id
            | channel_sudo.partner_id.user_id
            | self.sudo().salesperson_id  # sudo: nor who passed the partner on
        )

    def action_compute(self):
        """Take the figures from the books as they are now."""
        self.check_access("write")
        self._check_draft()
        self._fill()

    def _fill(self):
        """Fill the computed lines of any number of assessments, set by set."""
        groups = self.grouped(lambda a: (a.scorecard_id, a.date_from, a.date_to))
        for (card, date_from, date_to), assessments in groups.items():
            today = self.env["customer.credit.account"]._get_today(card.company_id)
            # sudo: the books count for whoever assesses
            criteria = card.sudo().criterion_ids
            channels = assessments.channel_partner_id.sudo()
            values = criteria._get_values(channels, date_from, date_to)
            for line in assessments.line_ids:
                found = values.get(line.criterion_id.id)
                if found is not None:
                    channel = line.assessment_id.channel_partner_id
                    line._store_value(*found[channel.id], today)
            assessments._write_kept({"date_computed": today})

    def _get_problem(self):
        """Return in words what keeps the assessment from being decided, or None."""
        self.ensure_one()
        missing = self.line_ids.filtered("is_missing")
        if missing:
            return self.env._(
                "Still to answer or to compute: %(criteria)s. Entered values need "
                "their source.",
                criteria=", ".join(missing.criterion_id.mapped("name")),
            )
        if not self.result:
            return self.env._(
                "Too little is known of %(partner)s: criteria of weight %(weight)s "
                "have data, %(least)s are needed.",
                partner=self.channel_partner_id.display_name,
                weight=f"{self.weight_counted:g}",
                least=f"{self.scorecard_id.weight_least:g}",
            )
        return None

    def _check_complete(self):
        """:raise UserError: saying what is missing"""
        for each in self:
            if problem := each._get_problem():
                raise UserError(problem)

    def action_submit_for_approval(self):
        """EXTENDS 'document_approval': complete ones only.

        :raise UserError: saying what is missing
        """
        self.check_access("write")
        self._check_draft()
        self._check_complete()
        return super().action_submit_for_approval()

    def action_apply(self):
        """Put results into effect where no approval is asked for.

        :raise AccessError: for others than channel administrators, and for the
            salesperson of the partner
        :raise UserError: where they are approved, or incomplete
        """
        self.check_access("write")
        if not self.env.user.has_group("channel_rebate.group_manager"):
            raise AccessError(
                self.env._("Channel administrators put assessments into effect.")
            )
        self._check_draft()
        for each in self:
            if each._is_own():
                raise AccessError(
                    self.env._(
                        "%(partner)s is yours: somebody else decides.",
                        partner=each.channel_partner_id.display_name,
                    )
                )
            if each._approval_mode() != "off":
                raise UserError(
                    self.env._(
                        "In %(company)s assessments are approved: submit it.",
                        company=each.company_id.name,
                    )
                )
        self._check_complete()
        self._apply()

    def action_cancel(self):
        """Give drafts up; they stay in the history, and the period is free again."""
        self.check_access("write")
        self._check_draft()
        self._set_state("cancel")

    def action_open_rectifications(self):
        """Show what has to be put right because of the assessment."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Rectifications"),
            "res_model": "channel.rectification",
            "view_mode": "list,form",
            "domain": [("assessment_id", "=", self.id)],
            "context": {"create": False},
        }
