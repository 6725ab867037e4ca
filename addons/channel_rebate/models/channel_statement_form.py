from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import format_date, format_datetime, formatLang


class ChannelStatement(models.Model):
    """The statement as texts, for the customer's page and for paper (SPEC H5).

    Call these with elevated rights, after the access has been checked.
    """

    _inherit = "channel.statement"

    def _statement_get_lang(self):
        """Return the customer's language, or the company's when it is not active."""
        self.ensure_one()
        active = {code for code, _name in self.env["res.lang"].get_installed()}
        for lang in (self.partner_id.lang, self.company_id.partner_id.lang):
            if lang in active:
                return lang
        return "en_US"

    def _statement_get_file_name(self):
        """Return the name of the file, in the language of the context."""
        self.ensure_one()
        return self.env._(
            "Statement %(number)s v%(version)s.pdf",
            number=(self.name or self.env._("draft")).replace("/", "-"),
            version=self.version,
        )

    def _get_report_base_filename(self):
        return self._statement_get_file_name().removesuffix(".pdf")

    def _get_receiver(self):
        """Return to whom it is mailed: an invoice contact, else the customer."""
        self.ensure_one()
        partner = self.partner_id
        contact = partner.browse(partner.address_get(["invoice"])["invoice"])
        return (contact | partner).filtered("email")[:1]

    def _get_mail_words(self, kind):
        """Return subject and body of a mail, in the receiver's language.

        :param str kind: issued or reminder
        """
        self.ensure_one()
        template = self.env.ref(
            f"channel_rebate.mail_template_statement_{kind}", raise_if_not_found=False
        )
        if not template:
            raise UserError(self.env._("The mail template of statements is missing."))
        self._portal_ensure_token()
        lang = self._get_receiver().lang or self._statement_get_lang()
        rendered = template.with_context(lang=lang)._generate_template(
            self.with_context(lang=lang).ids, ("subject", "body_html")
        )
        return rendered[self.id]

    def _prepare_head(self):
        """Return what a list shows of the statement, in the language of the context."""
        self.ensure_one()
        return {
            "id": self.id,
            "name": self.display_name,
            "version": self.version,
            "state": self.state,
            "state_label": self._get_label("state"),
            "from": format_date(self.env, self.date_from),
            "to": format_date(self.env, self.date_to),
            "currency": self.currency_id.name,
            "closing": self._money(self.closing_balance),
        }

    def _prepare_paper(self):
        """Return the statement as plain values, in the language of the context."""
        self.ensure_one()
        lines = [line._prepare_paper() for line in self.line_ids]
        return {
            **self._prepare_head(),
            "company": self.company_id,
            "company_name": self.company_id.name,
            "customer": self.partner_name,
            "contact": self._get_contact(),
            "issued_on": format_date(self.env, self.date_issued),
            "opening": self._money(self.opening_balance),
            "debit": self._money(self.debit_total),
            "credit": self._money(self.credit_total),
            "rebate_total": self._money(self.rebate_total),
            "owes": self.closing_balance >= 0,
            "closing_owed": self._money(abs(self.closing_balance)),
            "late": [line for line in lines if line["section"] == "late"],
            "movements": [line for line in lines if line["section"] == "movement"],
            "rebates": [line for line in lines if line["section"] == "rebate"],
            "has_foreign": any(line["foreign"] for line in lines),
            "fingerprint": self._get_short_fingerprint(),
            **self._prepare_state(),
        }

    def _prepare_state(self):
        """Return how the customer has answered, as texts."""
        self.ensure_one()
        latest = self.replaced_by_ids.filtered(lambda s: s.state != "draft")[:1]
        return {
            "open_count": self.open_dispute_count,
            "may_answer": self.state in ("issued", "disputed"),
            "confirmed_by": self.confirmed_by or "",
            "confirmed_way": self._get_label("confirmed_way"),
            "confirmed_on": format_datetime(
                self.env, self.confirmed_on, dt_format="short"
            )
            if self.confirmed_on
            else "",
            "signature": self._get_signature(),
            "answers": self._prepare_answers(),
            "replaced_by": latest.version or "",
            "silence_days": self.company_id._statement_get_silence_days(),
        }

    def _prepare_answers(self):
        """Return objections and what was answered, as texts, oldest first."""
        self.ensure_one()
        texts = []
        for answer in self.answer_ids.filtered(lambda a: a.kind == "dispute"):
            reply = answer.reply_ids[:1]
            texts.append(
                {
                    "line": answer.line_id.document
                    or self.env._("Something is missing"),
                    "reason": answer.reason or "",
                    "amount": self._money(answer.amount) if answer.has_amount else "",
                    "by": answer.name or answer.author_id.name or "",
                    "date": format_datetime(self.env, answer.date, dt_format="short"),
                    "state": answer.reply_state,
                    "reply": reply.reason or "",
                    "files": answer.attachment_ids.mapped("name"),
                }
            )
        return texts

    def _get_signature(self):
        self.ensure_one()
        confirmed = self.answer_ids.filtered(lambda a: a.kind == "confirm")
        return confirmed[-1:].signature

    def _get_contact(self):
        self.ensure_one()
        seller = self.user_id.partner_id
        return ", ".join(
            text for text in (seller.name, seller.phone, seller.email) if text
        )

    def _get_label(self, name):
        labels = dict(self._fields[name]._description_selection(self.env))
        return labels.get(self[name], "")

    def _money(self, amount):
        """Return an amount as a text with the decimals of its currency."""
        return formatLang(self.env, amount, digits=self.currency_id.decimal_places)


class ChannelStatementLine(models.Model):
    _inherit = "channel.statement.line"

    def _prepare_paper(self):
        """Return the line as texts; nothing stands for zero."""
        self.ensure_one()
        labels = dict(self._fields["kind"]._description_selection(self.env))
        money = self.statement_id._money
        foreign = ""
        if self.foreign_currency_id and self.amount_currency:
            amount = formatLang(
                self.env,
                self.amount_currency,
                digits=self.foreign_currency_id.decimal_places,
            )
            foreign = f"{self.foreign_currency_id.name} {amount}"
        return {
            "id": self.id,
            "section": self.section,
            "date": format_date(self.env, self.date) if self.date else "",
            "kind": labels[self.kind],
            "document": self.document or "",
            "reference": ", ".join(
                dict.fromkeys(text for text in (self.orders, self.reference) if text)
            ),
            "due": format_date(self.env, self.date_due)
            if self.date_due and self.kind == "invoice"
            else "",
            "debit": money(self.debit) if self.debit else "",
            "credit": money(self.credit) if self.credit else "",
            "balance": money(self.balance),
            "rebate": money(self.rebate_amount),
            "foreign": foreign,
            "dispute": self.dispute_state or "",
        }


class ReportChannelStatement(models.AbstractModel):
    """The statement on paper (SPEC H5)."""

    _name = "report.channel_rebate.report_channel_statement"
    _description = "Statement on Paper"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return what the template prints, each in its customer's language.

        :raise AccessError: when the user may not read one of the statements
        """
        statements = self.env["channel.statement"].browse(docids).exists()
        statements.check_access("read")
        papers = []
        # sudo: who may read a statement may read the names on it
        for statement in statements.sudo():
            lang = statement._statement_get_lang()
            paper = statement.with_context(lang=lang)._prepare_paper()
            papers.append({**paper, "lang": lang})
        return {"doc_ids": docids, "doc_model": statements._name, "papers": papers}
