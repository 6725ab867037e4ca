from odoo import api, fields, models

_BATCH = 200


class SaleOrderLetterAnswer(models.Model):
    """Who has not answered is reminded once (SPEC L3)."""

    _inherit = "sale.order.letter.answer"

    @api.model
    def _cron_remind(self, batch_size=_BATCH):
        """Remind customers by mail on their last working day, each once.

        :param int batch_size: how many in one transaction
        """
        domain = [
            ("state", "=", "waiting"),
            ("is_current", "=", True),
            ("remind_on", "<", fields.Datetime.now()),
        ]
        self._work_in_batches(domain, batch_size, lambda answer: answer._remind())

    def _remind(self):
        """Mail the reminder, unless the time is over already."""
        self.ensure_one()
        due = self.due_on > fields.Datetime.now()
        self._write_system({"remind_on": False})
        if due and self.order_id.state == "sale":
            self.letter_id._post_reminder(self)

    @api.model
    def _work_in_batches(self, domain, batch_size, work):
        """Do ``work`` with each record of the domain, a batch in a transaction.

        What another process has locked is left to it.
        """
        crons = self.env["ir.cron"]
        while batch := self.search(domain, order="id", limit=batch_size):
            taken = batch.try_lock_for_update(allow_referencing=True)
            taken = taken.filtered_domain(domain)
            for answer in taken:
                work(answer)
            left = self.search_count(domain)
            if not taken or not crons._commit_progress(len(taken), remaining=left):
                break
