from odoo import api, models
from odoo.fields import Domain

from .. import assessment_figures as figures


class ChannelAssessment(models.Model):
    """The job that prepares assessments when a period is over (SPEC L4)."""

    _inherit = "channel.assessment"

    @api.model
    def _cron_prepare_assessments(self, batch_size=200):
        """Prepare the last quarter and year that are over, in batches with progress.

        Of companies that want it and have a scorecard in use. Run again it prepares
        nothing twice, nor what was cancelled.
        """
        work = self._get_due_partners()
        cron = self.env["ir.cron"]
        if not cron._commit_progress(remaining=sum(len(each[-1]) for each in work)):
            return
        for company, kind, start, channels in work:
            for offset in range(0, len(channels), batch_size):
                batch = channels[offset : offset + batch_size]
                self._prepare_assessments(company, kind, start, batch)
                if not cron._commit_progress(len(batch)):
                    return

    @api.model
    def _get_due_partners(self):
        """Return ``[(company, kind, first day, partners)]`` still to prepare."""
        companies = self.env["res.company"].search(
            Domain("parent_id", "=", False)
            & Domain("channel_assessment_period", "!=", "off")
        )
        work = []
        for company in companies:
            if not self.env["channel.scorecard"]._get_active(company):
                continue
            today = self.env["customer.credit.account"]._get_today(company)
            wanted = company.channel_assessment_period
            for kind in ("quarter", "year"):
                if wanted not in (kind, "both"):
                    continue
                start, _end = figures.period_before(today, kind)
                channels = self._get_unassessed(company, kind, start)
                if channels:
                    work.append((company, kind, start, channels))
        return work

    @api.model
    def _get_unassessed(self, company, kind, start):
        """Return the running partners without any assessment of the period."""
        there = self.search(
            Domain("period_kind", "=", kind)
            & Domain("date_from", "=", start)
            & Domain("company_id", "=", company.id)
        )
        return self.env["channel.partner"].search(
            Domain("company_id", "=", company.id)
            & Domain("state", "in", ("active", "rectification"))
            & Domain("id", "not in", there.channel_partner_id.ids)
        )

    @api.model
    def _prepare_assessments(self, company, kind, start, channels):
        """Return new drafts of these partners, computed, and tell the officer."""
        officer = company.channel_assessment_user_id
        quiet = self.with_context(tracking_disable=True, mail_create_nosubscribe=True)
        drafts = quiet.create(
            [
                {
                    "channel_partner_id": channel.id,
                    "period_kind": kind,
                    "date_from": start,
                    "user_id": officer.id,
                }
                for channel in channels
            ]
        )
        drafts._fill()
        if officer and drafts:
            drafts._tell_officer(company, officer)
        return drafts

    def _tell_officer(self, company, officer):
        """Give the officer one activity for the drafts, or bring the open one up."""
        kind = self.env.ref("channel_rebate.mail_activity_type_assess")
        count = self.search_count(
            [("company_id", "=", company.id), ("state", "=", "draft")]
        )
        summary = self.with_context(lang=officer.lang).env._(
            "%(count)s channel partners of %(company)s are to be assessed",
            count=count,
            company=company.name,
        )
        activities = self.env["mail.activity"].search(
            [
                ("activity_type_id", "=", kind.id),
                ("user_id", "=", officer.id),
                ("res_model", "=", self._name),
            ]
        )
        same = self.browse(activities.mapped("res_id")).exists()
        same = same.filtered(lambda each: each.company_id == company)
        open_one = activities.filtered(lambda act: act.res_id in same.ids)[:1]
        if open_one:
            open_one.summary = summary
            return
        self[:1].with_context(mail_activity_quick_update=True).activity_schedule(
            activity_type_id=kind.id, summary=summary, user_id=officer.id
        )
