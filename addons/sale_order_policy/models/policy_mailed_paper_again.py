from datetime import timedelta

from odoo import api, fields, models

#: a mail younger than this is left to whoever is sending it
_PAUSE = timedelta(minutes=15)
#: for so long a paper looks for a mail server; after that its author has to
_PATIENCE = timedelta(days=7)


class PolicyMailedPaper(models.AbstractModel):
    """Papers that found no mail server are mailed when there is one (SPEC B7, H2).

    Odoo tries each mail once. A paper counts as sent when its mails are in the queue,
    so they may not stay there because the server was away for an hour.
    """

    _inherit = "policy.mailed.paper"

    @api.model
    def _cron_mail_again(self):
        """Queue again the mails of papers that never reached a mail server.

        Called by a scheduled job, every hour. Mails that a server refused, or that may
        have gone out before a process died, are left to their author: a second copy of
        a letter is worse than a late one.

        :return: the mails
        """
        mails = self._get_unsent_mails()
        if mails:
            mails.mark_outgoing()
            self._wake_mail_queue()
        return mails

    @api.model
    def _get_unsent_mails(self):
        """Return the mails of papers for which no connection could be made.

        Odoo writes no type of failure on those: it writes one before it begins to send.
        """
        now = fields.Datetime.now()
        mails = self.env["mail.mail"].search(
            [
                ("state", "=", "exception"),
                ("failure_type", "=", False),
                ("create_date", ">=", now - _PATIENCE),
                ("write_date", "<", now - _PAUSE),
                ("attachment_ids", "!=", False),
            ]
        )
        attachments = mails.attachment_ids
        files = self.env["ir.attachment"]
        for name in self.env.registry.descendants(["policy.mailed.paper"], "_inherit"):
            if not self.env[name]._abstract:
                papers = self.env[name].search(
                    [("attachment_id", "in", attachments.ids)]
                )
                files |= papers.attachment_id
        return mails.filtered(lambda mail: mail.attachment_ids & files)

    @api.model
    def _wake_mail_queue(self):
        """Have Odoo send its queue soon."""
        queue = self.env.ref(
            "mail.ir_cron_mail_scheduler_action", raise_if_not_found=False
        )
        if queue:
            queue._trigger()
