from odoo import api, fields, models
from odoo.exceptions import UserError


class ChannelStatementPaper(models.Model):
    """The statement as it was printed and mailed, once (SPEC H5).

    One per issued statement, worked off by a job; only the system writes it.
    """

    _name = "channel.statement.paper"
    _inherit = ["policy.mailed.paper"]
    _description = "Mailed Statement"
    _order = "id desc"

    _again_states = ("failed", "no_address")
    _paper_report = "channel_rebate.report_channel_statement"
    _stated_fields = frozenset(
        {"statement_id", "company_id", "lang", "attachment_id", "sha256"}
    )

    statement_id = fields.Many2one(
        comodel_name="channel.statement",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True
    )
    lang = fields.Char(string="Language", readonly=True)
    recipients = fields.Text(string="Sent To", readonly=True)
    attachment_id = fields.Many2one(
        comodel_name="ir.attachment", string="File", readonly=True, ondelete="restrict"
    )
    sha256 = fields.Char(string="SHA-256 of the File", readonly=True)
    state = fields.Selection(
        selection=[
            ("queued", "Queued"),
            ("sent", "Sent"),
            ("no_address", "No Address"),
            ("failed", "Failed"),
        ],
        default="queued",
        required=True,
        readonly=True,
        index=True,
    )
    date_sent = fields.Datetime(string="Sent On", readonly=True)

    _statement_uniq = models.UniqueIndex(
        "(statement_id)", "This statement is mailed already."
    )
    _attachment_uniq = models.UniqueIndex(
        "(attachment_id) WHERE attachment_id IS NOT NULL",
        "This file is a statement already.",
    )

    @api.depends("statement_id")
    def _compute_display_name(self):
        for paper in self:
            # sudo: a name, for whoever reads the paper
            paper.display_name = paper.sudo().statement_id.display_name

    @api.ondelete(at_uninstall=True)
    def _unlink_never(self):
        """EXTENDS 'document_approval'."""
        raise UserError(self.env._("Mailed statements are kept."))

    # Where it belongs ----------------------------------------------------------------

    def _get_paper_document(self):
        """EXTENDS 'sale_order_policy'."""
        return self.statement_id

    def _get_paper_owner(self):
        """EXTENDS 'sale_order_policy'."""
        return self.statement_id.user_id or self.statement_id.issued_by_id

    def action_retry(self):
        """Queue again what failed; for officers and accounting.

        :raise AccessError: for everybody else
        """
        self.env["channel.statement"]._check_keeper()
        self.check_access("read")
        again = self.filtered(lambda paper: paper.state in self._again_states)
        if again:
            # sudo: written by the system only; who may ask was checked
            again.sudo().write({"state": "queued", "attempts": 0, "error": False})
            self._wake()
        return True

    # Words ---------------------------------------------------------------------------

    def _get_kept_file_text(self, file):
        """EXTENDS 'sale_order_policy'."""
        return self.env._(
            "%(file)s is a statement. It is kept as it was made and cannot be changed, "
            "moved or deleted.",
            file=file.name,
        )

    def _get_stated_text(self, field):
        """EXTENDS 'sale_order_policy'."""
        return self.env._("%(field)s of a statement cannot be changed.", field=field)

    def _get_not_made_text(self):
        """EXTENDS 'sale_order_policy'."""
        return self.env._(
            "This statement has not been printed yet. It is within some minutes; if it "
            "failed, the line says why."
        )

    def _get_not_printed_text(self):
        """EXTENDS 'sale_order_policy'."""
        return self.env._("The statement could not be printed.")

    def _get_file_name(self):
        """EXTENDS 'sale_order_policy'."""
        self.ensure_one()
        return self.statement_id.with_context(
            lang=self._get_lang()
        )._statement_get_file_name()

    # Making and mailing -----------------------------------------------------------

    @api.model
    def _create_for(self, statements):
        """Queue the mails of issued statements. Called with elevated rights."""
        papers = self.create(
            [
                {
                    "statement_id": statement.id,
                    "company_id": statement.company_id.id,
                    "lang": statement.partner_id.lang,
                    "state": "queued",
                }
                for statement in statements
            ]
        )
        if papers:
            self._wake()
        return papers

    @api.model
    def _wake(self):
        """EXTENDS 'sale_order_policy': it has a job of its own."""
        cron = self.env.ref(
            "channel_rebate.ir_cron_statement_mail", raise_if_not_found=False
        )
        if cron:
            cron.sudo()._trigger()  # sudo: whoever issues statements

    @api.model
    def _cron_send(self):
        """Print and mail what waits. Called by the scheduled job."""
        self.env["ir.cron"]._commit_progress(remaining=self._count_queued())
        self._work_off()

    def _render_pdf(self):
        """EXTENDS 'sale_order_policy': the report is one of statements."""
        self.ensure_one()
        reports = self.env["ir.actions.report"].with_context(lang=self._get_lang())
        content, _kind = reports._render_qweb_pdf(
            self._paper_report, self.statement_id.ids
        )
        if not content:
            raise UserError(self._get_not_printed_text())
        return content

    def _work(self):
        """EXTENDS 'sale_order_policy': make the file, then mail it."""
        self.ensure_one()
        paper = self.with_company(self.company_id).with_context(
            allowed_company_ids=self.company_id.ids
        )
        paper._make_file()
        receiver = paper.statement_id._get_receiver()
        if not receiver:
            paper._lack_address()
            return
        paper.statement_id._portal_ensure_token()
        # being named as the author makes nobody a follower
        paper.with_context(mail_post_autofollow_author_skip=True)._post_paper(
            receiver, paper.statement_id._get_mail_words("issued")
        )
        paper.write(
            {
                "state": "sent",
                "date_sent": fields.Datetime.now(),
                "recipients": paper._get_addresses(receiver),
                "error": False,
            }
        )

    def _lack_address(self):
        """Tell the salesperson that nobody at the customer can be written to."""
        self.write({"state": "no_address", "error": False})
        statement = self.statement_id._for_owner()
        statement._tell_owner(
            statement.env._(
                "%(customer)s has no e-mail address for %(statement)s. Enter one and "
                "press “Send Again”, or print it and hand it over.",
                customer=statement.partner_id.display_name,
                statement=statement.name,
            ),
            summary=statement.env._("Statement: e-mail address missing"),
        )

    def _fail(self, error):
        """EXTENDS 'sale_order_policy'."""
        self.ensure_one()
        self.write({"state": "failed", "error": error})
        statement = self.statement_id._for_owner()
        statement._tell_owner(
            statement.env._(
                "%(statement)s was not mailed: %(error)s",
                statement=statement.name,
                error=error,
            ),
            summary=statement.env._("Statement not mailed"),
        )


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def _policy_get_keepers(self):
        """EXTENDS 'sale_order_policy': statements are kept as they were mailed."""
        found = super()._policy_get_keepers()
        # sudo: files are guarded against everybody
        papers_sudo = self.env["channel.statement.paper"].sudo()
        for paper_sudo in papers_sudo.search([("attachment_id", "in", self.ids)]):
            found[paper_sudo.attachment_id] = paper_sudo
        return found
