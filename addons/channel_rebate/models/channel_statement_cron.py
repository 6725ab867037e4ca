import logging
from datetime import timedelta

from dateutil.relativedelta import relativedelta
from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import split_every

_logger = logging.getLogger(__name__)


class ChannelStatement(models.Model):
    """What scheduled jobs do: make, remind, count silence (SPEC H5)."""

    _inherit = "channel.statement"

    paper_ids = fields.One2many(
        comodel_name="channel.statement.paper",
        inverse_name="statement_id",
        string="Mail",
        readonly=True,
    )

    # Make ------------------------------------------------------------------------

    @api.model
    def _get_last_period(self, frequency, today):
        """Return first and last day of the last month or quarter that has ended."""
        first = today.replace(day=1)
        months = 1
        if frequency == "quarter":
            first = first.replace(month=(first.month - 1) // 3 * 3 + 1)
            months = 3
        return first - relativedelta(months=months), first - timedelta(days=1)

    @api.model
    def _cron_make(self, batch_size=200):
        """Make the statements of the last month or quarter, in batches.

        For channel partners who get them, with movement or a balance. Called by the
        scheduled job only: it commits.
        """
        todo = []
        for company in self.env["res.company"].search([("parent_id", "=", False)]):
            for frequency in ("month", "quarter"):
                todo += self._get_to_make(company, frequency, batch_size)
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=sum(len(work[1]) for work in todo))
        for company, partners, start, end in todo:
            self._make_safely(company, partners, start, end)
            if not cron._commit_progress(len(partners)):
                return

    @api.model
    def _get_to_make(self, company, frequency, batch_size):
        """Return what to make: [(company, customers, first day, last day)]."""
        today = self._statement_get_today(company)
        start, end = self._get_last_period(frequency, today)
        files = self.env["channel.partner"].search(
            [
                ("company_id", "=", company.id),
                ("statement_frequency", "=", frequency),
                ("state", "in", ("active", "rectification")),
            ]
        )
        done = self.search(
            [
                ("company_id", "=", company.id),
                ("partner_id", "in", files.partner_id.ids),
                ("date_to", ">=", start),
                ("state", "!=", "superseded"),
            ]
        )
        partners = files.partner_id - done.partner_id
        if not partners:
            return []
        partners = self._get_partners_with_movement(company, start, end, partners)
        return [
            (company, partners.browse(ids), start, end)
            for ids in split_every(batch_size, partners.ids)
        ]

    @api.model
    def _make_safely(self, company, partners, start, end):
        """Make and, where the company does so, issue; a rival leaves it to a later run.

        :return: the new statements
        """
        try:
            with self.env.cr.savepoint():
                made, _existing, _later = self._make(company, partners, start, end)
                if company.channel_statement_auto:
                    (made - made.browse(s.id for s in made._get_obstacles()))._issue()
                return made
        except OperationalError as error:  # somebody makes them too: next run
            self.env.cr.rollback()
            self.env.invalidate_all(flush=False)
            _logger.info("Statements of %s: next run, %s", company.name, error)
        except Exception:
            self.env.invalidate_all(flush=False)
            _logger.exception("Statements of %s were not made", company.name)
        return self.browse()

    # Remind, and silence ----------------------------------------------------------

    @api.model
    def _cron_follow_up(self):
        """Remind of statements nobody answered; count silence where agreed.

        Every statement by itself; what fails stops no other. It commits.
        """
        due_ids = self._get_due().ids
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(due_ids))
        for statement in self.browse(due_ids):
            try:
                with self.env.cr.savepoint():
                    statement._follow_up()
            except OperationalError as error:  # it is being answered: next run
                self.env.cr.rollback()
                self.env.invalidate_all(flush=False)
                _logger.info("%s: next run, %s", statement, error)
            except UserError as error:  # it has been answered meanwhile
                self.env.invalidate_all(flush=False)
                _logger.info("%s: %s", statement, error)
            if not cron._commit_progress(1):
                return

    @api.model
    def _get_due(self):
        """Return issued and mailed statements that are due for something."""
        now = fields.Datetime.now()
        due = self.browse()
        for company in self.env["res.company"].search([("parent_id", "=", False)]):
            wanted = Domain.FALSE
            if days := company.channel_statement_reminder_days:
                wanted |= Domain(
                    "paper_ids.date_sent", "<=", now - timedelta(days=days)
                ) & Domain("date_reminded", "=", False)
            if days := company._statement_get_silence_days():
                wanted |= Domain(
                    "paper_ids.date_sent", "<=", now - timedelta(days=days)
                )
            due |= self.search(
                wanted
                & Domain("company_id", "=", company.id)
                & Domain("state", "=", "issued")
            )
        return due

    def _follow_up(self):
        """Do what is due for one statement."""
        self.ensure_one()
        now = fields.Datetime.now()
        sent = self.paper_ids.date_sent
        company = self.company_id
        days = company._statement_get_silence_days()
        if self.state != "issued" or not sent:
            return
        if days and sent <= now - timedelta(days=days):
            self._confirm(
                "",
                way="silence",
                reason=self.env._("No answer within %(days)s days.", days=days),
            )
            return
        self._remind()

    def _remind(self):
        """Remind the customer once, and tell the salesperson."""
        self.ensure_one()
        receiver = self._get_receiver()
        if receiver:
            words = self._get_mail_words("reminder")
            owner = self.user_id or self.issued_by_id
            self.with_context(
                lang=receiver.lang,
                mail_notify_force_send=False,
                mail_post_autofollow=False,
                mail_post_autofollow_author_skip=True,
            ).message_post(
                subject=words["subject"],
                body=words["body_html"],
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                author_id=owner.partner_id.id,
                email_from=(owner if owner.email else self.company_id).email_formatted,
                partner_ids=receiver.ids,
                email_layout_xmlid="mail.mail_notification_light",
                notify_author_mention=True,
            )
        self.date_reminded = fields.Datetime.now()
        told = self._for_owner()
        told._tell_owner(
            told.env._(
                "%(customer)s has not answered %(statement)s yet.",
                customer=self.partner_id.display_name,
                statement=self.name,
            ),
            summary=told.env._("Statement not answered"),
        )
