from datetime import timedelta

from odoo import api, models
from odoo.tools import format_date

#: days before its end the responsible person is told
_DAYS_BEFORE = 7
#: what was told already, as bits of ``warned``
_STEPS = ((1, 80.0), (2, 100.0))
_END = 4


class SalePriceConcession(models.Model):
    """What a job does: closes what is over, tells before it is (SPEC C2)."""

    _inherit = "sale.price.concession"

    @api.model
    def _cron_follow_up(self, batch_size=100):
        """Close what is over; tell who is responsible before, and as it is used up."""
        concessions = self.search([("state", "=", "active")], order="date_to, id")
        cron = self.env["ir.cron"]
        for start in range(0, len(concessions), batch_size):
            batch = concessions[start : start + batch_size]
            batch._follow_up()
            left = len(concessions) - start - len(batch)
            if not cron._commit_progress(len(batch), remaining=left):
                return

    def _follow_up(self):
        """Close or tell, for each of these; what was told is not told again."""
        for concession in self:
            today = self._get_today(concession.company_id)
            own = concession.with_context(lang=concession.user_id.lang)
            if concession.date_to < today:
                concession._close("expired")
                own._tell_over()
                continue
            told = concession.warned or 0
            for bit, share in _STEPS:
                if concession.progress >= share - 1e-6 and not told & bit:
                    told |= bit
                    own._tell_used(share)
            if today >= concession.date_to - timedelta(days=_DAYS_BEFORE) and not (
                told & _END
            ):
                told |= _END
                own._tell_end()
            if told != concession.warned:
                concession._keep({"warned": told})

    def _tell_used(self, share):
        self._tell(
            self.env._("Price concession nearly used up")
            if share < 100
            else self.env._("Price concession used up"),
            self.env._(
                "%(name)s: %(share)s %% are used. %(left)s",
                name=self.name,
                share=round(self.progress),
                left=self._get_left_text(),
            ),
        )

    def _tell_over(self):
        self._tell(
            self.env._("Price concession is over"),
            self.env._(
                "%(name)s is over. %(left)s", name=self.name, left=self._get_left_text()
            ),
        )

    def _tell_end(self):
        self._tell(
            self.env._("Price concession ends soon"),
            self.env._(
                "%(name)s ends on %(day)s. %(left)s",
                name=self.name,
                day=format_date(self.env, self.date_to),
                left=self._get_left_text(),
            ),
        )

    def _tell(self, summary, text):
        """Note ``text`` and give who is responsible one activity."""
        self.ensure_one()
        self._approval_post(text)
        self._approval_attention(self._approval_owner(), summary, text)
