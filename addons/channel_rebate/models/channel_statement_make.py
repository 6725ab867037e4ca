from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from .channel_statement import LIVE

#: names in one message
_NAMES = 5


class ChannelStatement(models.Model):
    """Making and issuing statements, once, whoever comes first (SPEC H5)."""

    _inherit = "channel.statement"

    # Make ------------------------------------------------------------------------

    @api.model
    def _make(self, company, partners, date_from, date_to):
        """Make drafts of a period for customers who have none; checks no rights.

        :param company: any company; its root counts
        :param partners: any contacts; their commercial partners count
        :return: ``(made, existing, later)``: new drafts, statements of just this
            period, and customers who have one of this period or a later one already,
            to which another period cannot be put in front
        """
        # sudo: made by the system, whoever asks; the caller checks who may
        root = company.sudo().root_id
        customers = partners.sudo().commercial_partner_id
        statements_sudo = self.sudo()
        self.env["channel.statement.series"]._bump(root, customers)
        found = statements_sudo.search(
            Domain("company_id", "=", root.id)
            & Domain("partner_id", "in", customers.ids)
            & Domain("state", "!=", "superseded")
            & Domain("date_to", ">=", date_from)
        )
        existing = found.filtered(
            lambda s: s.date_from == date_from and s.date_to == date_to
        )
        later = found.partner_id - existing.partner_id
        made = statements_sudo.with_context(
            tracking_disable=True, mail_create_nosubscribe=True
        ).create(
            [
                self._prepare_statement(root, customer, date_from, date_to)
                for customer in customers - found.partner_id
            ]
        )
        made._fill()
        return made, existing, later

    @api.model
    def _prepare_statement(self, company, customer, date_from, date_to):
        return {
            "company_id": company.id,
            "currency_id": company.currency_id.id,
            "partner_id": customer.id,
            "partner_name": customer.display_name,
            "date_from": date_from,
            "date_to": date_to,
            "version": 1,
            "state": "draft",
        }

    def action_refresh(self):
        """Read the books anew into drafts."""
        self._check_keeper()
        self.check_access("read")
        # sudo: written by the system; checked above
        statements_sudo = self.sudo()
        statements_sudo._bump()
        statements_sudo._check_state(
            ("draft",), self.env._("what is issued does not change any more.")
        )
        statements_sudo._fill()
        return True

    # Issue -----------------------------------------------------------------------

    def action_issue(self):
        """Freeze drafts as the books are now, and mail them.

        :raise UserError: naming what stands in the way
        """
        self._check_keeper()
        self.check_access("read")
        self.sudo()._issue()  # sudo: written by the system; checked above
        return True

    def _issue(self, mail=True):
        """Freeze drafts as the books are now. Call it with elevated rights.

        The oldest first, so that each begins with the closing of the one before.

        :param bool mail: put them into the queue of mails
        :raise UserError: naming what stands in the way
        """
        self._bump()
        self._check_state(("draft",), self.env._("only drafts are issued."))
        self._check_ended()
        self._check_order()
        self.replaces_id._check_state(
            ("issued", "disputed"),
            self.env._("it is not replaced any more. Discard the new version."),
        )
        self.replaces_id._check_all_answered()
        for _start, statements in sorted(self.grouped("date_from").items()):
            statements._fill()
            statements._freeze()
        if mail:
            self.env["channel.statement.paper"]._create_for(self)

    def _freeze(self):
        """Give filled drafts number, state and fingerprint; replace older versions."""
        now = fields.Datetime.now()
        for company, statements in self.grouped("company_id").items():
            numbers = self.env["ir.sequence"].with_company(company)
            for statement in statements:
                statement.write(
                    {
                        "name": statement.replaces_id.name
                        or numbers.next_by_code("channel.statement"),
                        "date_issued": now,
                        "issued_by_id": self.env.uid,
                        "partner_name": statement.partner_id.display_name,
                    }
                )
        self.flush_recordset()
        self._set_fingerprints()
        self.replaces_id.write({"state": "superseded"})
        self.write({"state": "issued"})

    def _check_ended(self):
        """:raise UserError: for a period that has not ended yet"""
        for statement in self:
            today = self._statement_get_today(statement.company_id)
            if statement.date_to > today:
                raise UserError(
                    self.env._(
                        "%(statement)s: its period ends on %(date)s. Issue it after "
                        "that day.",
                        statement=statement.display_name,
                        date=format_date(self.env, statement.date_to),
                    )
                )

    def _check_order(self):
        """:raise UserError: where an earlier draft waits, or a later one is out"""
        for statement, other in self._get_obstacles().items():
            statement._refuse_order(other)

    def _get_obstacles(self):
        """Return ``{statement: what has to be issued first, or was issued later}``."""
        others = self.search(
            Domain("company_id", "in", self.company_id.ids)
            & Domain("partner_id", "in", self.partner_id.ids)
            & Domain("id", "not in", self.ids)
            & Domain("state", "in", ("draft", *LIVE))
        ).grouped(lambda s: (s.company_id, s.partner_id))
        found = {}
        for statement in self:
            key = (statement.company_id, statement.partner_id)
            for other in others.get(key, self.browse()) - statement.replaces_id:
                waits = other.state == "draft" and other.date_to < statement.date_from
                follows = other.state in LIVE and other.date_to >= statement.date_from
                if waits or follows:
                    found[statement] = other
        return found

    def _refuse_order(self, other):
        """:raise UserError: ``other`` stands in the way of issuing this one"""
        if other.state == "draft":
            raise UserError(
                self.env._(
                    "Issue or discard “%(other)s” first: “%(statement)s” begins with "
                    "its closing balance.",
                    other=other.display_name,
                    statement=self.display_name,
                )
            )
        raise UserError(
            self.env._(
                "%(other)s, until %(date)s, is issued already. What is missing of an "
                "earlier period stands in the next statement.",
                other=other.display_name,
                date=format_date(self.env, other.date_to),
            )
        )

    # A new version -----------------------------------------------------------------

    def _reissue(self, reason):
        """Make the draft of a new version; checks no rights.

        The version before stays as it is until the new one is issued.

        :param str reason: kept in the history of both
        :return: the draft
        :raise UserError: saying why not
        """
        self.ensure_one()
        self._bump()
        self._check_state(
            ("issued", "disputed"),
            self.env._(
                "it is not replaced any more. What is booked late stands in the next "
                "statement."
            ),
        )
        self._check_all_answered()
        self._check_last()
        # sudo: made by the system; the caller checks who may
        draft = (
            self.sudo()
            .with_context(tracking_disable=True, mail_create_nosubscribe=True)
            .create(
                {
                    **self._prepare_statement(
                        self.company_id, self.partner_id, self.date_from, self.date_to
                    ),
                    "version": self.version + 1,
                    "replaces_id": self.id,
                }
            )
        )
        draft._fill()
        self._note("reissue", reason)
        return draft

    def _check_last(self):
        """:raise UserError: when a new version is there, or a later statement"""
        self.ensure_one()
        other = self.search(
            Domain("company_id", "=", self.company_id.id)
            & Domain("partner_id", "=", self.partner_id.id)
            & Domain("id", "!=", self.id)
            & Domain("state", "!=", "superseded")
            & Domain("date_to", ">=", self.date_to),
            limit=1,
        )
        if other:
            raise UserError(
                self.env._(
                    "“%(other)s” is there already. Go on with that one.",
                    other=other.display_name,
                )
            )

    @api.model
    def _get_names(self, records):
        """Return some of the names, for a message."""
        names = records[:_NAMES].mapped("display_name")
        more = len(records) - len(names)
        text = ", ".join(names)
        if more > 0:
            return self.env._("%(names)s and %(more)s more", names=text, more=more)
        return text
