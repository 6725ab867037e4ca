import json

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, formatLang


class SaleRequirementVersion(models.Model):
    """A requirement list as the customer got it, printed and mailed once (SPEC A7).

    Only the system writes versions. What one states never changes.
    """

    _name = "sale.requirement.version"
    _inherit = ["policy.mailed.paper"]
    _description = "Version of a Requirement List"
    _order = "list_id, version desc"

    _again_states = ("failed", "no_address")
    _paper_report = "sale_order_enquiry.report_requirement_version"
    _stated_fields = frozenset(
        {
            "list_id",
            "company_id",
            "version",
            "lang",
            "date",
            "content",
            "content_hash",
            "attachment_id",
            "sha256",
        }
    )

    list_id = fields.Many2one(
        comodel_name="sale.requirement.list",
        string="Requirement List",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True
    )
    partner_id = fields.Many2one(related="list_id.partner_id")
    version = fields.Integer(required=True, readonly=True, aggregator=None)
    date = fields.Datetime(string="Frozen On", required=True, readonly=True)
    lang = fields.Char(string="Language", readonly=True)
    content = fields.Text(required=True, readonly=True, help="What was asked, as JSON.")
    content_hash = fields.Char(
        string="Fingerprint (SHA-256)",
        required=True,
        readonly=True,
        help="Of the content: two equal lists have the same one.",
    )
    recipients = fields.Text(string="Sent To", readonly=True)
    attachment_id = fields.Many2one(
        comodel_name="ir.attachment", string="File", readonly=True, ondelete="restrict"
    )
    sha256 = fields.Char(string="SHA-256 of the File", readonly=True)
    state = fields.Selection(
        selection=[
            ("queued", "Queued"),
            ("sent", "Sent"),
            ("handed", "Handed Over"),
            ("no_address", "No Address"),
            ("failed", "Failed"),
            ("superseded", "Superseded"),
        ],
        string="Mail",
        default="queued",
        required=True,
        readonly=True,
        index=True,
    )
    date_sent = fields.Datetime(string="Sent On", readonly=True)
    answer_ids = fields.One2many(
        comodel_name="sale.requirement.answer",
        inverse_name="version_id",
        string="Answers",
        readonly=True,
    )

    _version_uniq = models.UniqueIndex(
        "(list_id, version)", "This version of the list exists already."
    )
    _attachment_uniq = models.UniqueIndex(
        "(attachment_id) WHERE attachment_id IS NOT NULL",
        "This file is a requirement list already.",
    )

    @api.depends("list_id", "version")
    def _compute_display_name(self):
        for version in self:
            version.display_name = self.env._(
                "%(list)s, version %(version)s",
                # sudo: a number, for whoever may read the version
                list=version.sudo().list_id.name or "",
                version=version.version,
            )

    @api.ondelete(at_uninstall=True)
    def _unlink_never(self):
        """EXTENDS 'document_approval'."""
        raise UserError(self.env._("Requirement lists that were sent are kept."))

    # Where it belongs, in words ---------------------------------------------------

    def _get_paper_document(self):
        """EXTENDS 'sale_order_policy'."""
        return self.list_id

    def _get_paper_owner(self):
        """EXTENDS 'sale_order_policy'."""
        return self.list_id._get_owner() or self.env.user

    def _get_kept_file_text(self, file):
        """EXTENDS 'sale_order_policy'."""
        return self.env._(
            "%(file)s is the requirement list the customer got. It is kept as it is; "
            "make a new version instead.",
            file=file.name,
        )

    def _get_stated_text(self, field):
        """EXTENDS 'sale_order_policy'."""
        return self.env._(
            "%(field)s of a requirement list that was sent cannot be changed.",
            field=field,
        )

    def _get_not_made_text(self):
        """EXTENDS 'sale_order_policy'."""
        return self.env._(
            "This list has not been printed yet. It is within some minutes; if it "
            "failed, the line says why."
        )

    def _get_not_printed_text(self):
        """EXTENDS 'sale_order_policy'."""
        return self.env._("The requirement list could not be printed.")

    def _get_file_name(self):
        """EXTENDS 'sale_order_policy'."""
        self.ensure_one()
        lang_self = self.with_context(lang=self._get_lang())
        return lang_self.env._(
            "Requirement list %(number)s v%(version)s.pdf",
            number=(self.list_id.name or "").replace("/", "-"),
            version=self.version,
        )

    def _prepare_paper(self):
        """Return what the version states, as texts in the language of the context."""
        self.ensure_one()
        return self._prepare_paper_of(
            self.env, json.loads(self.content), self.content_hash
        )

    @api.model
    def _prepare_paper_of(self, env, content, content_hash):
        """Return content as texts, for the page and the printed form."""

        def day(text):
            return format_date(env, text) if text else ""

        return {
            **content,
            "date": day(content["date"]),
            "hash": content_hash,
            "lines": [
                {
                    **line,
                    "quantity": formatLang(env, line["quantity"], dp="Product Unit"),
                    "date_wanted": day(line["date_wanted"]),
                }
                for line in content["lines"]
            ],
        }

    # Mail -------------------------------------------------------------------------

    def action_retry(self):
        """Queue again what failed; for who may write the list.

        :raise AccessError: for everybody else
        """
        self.check_access("read")
        self.list_id.check_access("write")
        again = self.filtered(lambda version: version.state in self._again_states)
        if again:
            # sudo: written by the system only; whose lists these are was checked
            again.sudo().write({"state": "queued", "attempts": 0, "error": False})
            self._wake()
        return True

    @api.model
    def _wake(self):
        """EXTENDS 'sale_order_policy': it has a job of its own."""
        cron = self.env.ref(
            "sale_order_enquiry.ir_cron_enquiry_mail", raise_if_not_found=False
        )
        if cron:
            cron.sudo()._trigger()  # sudo: whoever sends lists

    @api.model
    def _cron_send(self):
        """Print and mail what waits: lists, then enquiries. For the scheduled job."""
        enquiries = self.env["sale.order.enquiry"]
        self.env["ir.cron"]._commit_progress(
            remaining=self._count_queued() + enquiries._count_queued()
        )
        if self._work_off():
            enquiries._work_off()

    def _work(self):
        """EXTENDS 'sale_order_policy': make the file, then mail it."""
        self.ensure_one()
        if self.list_id.version_id != self or self.list_id.state == "cancelled":
            self.write({"state": "superseded"})
            return
        paper = self.with_company(self.company_id).with_context(
            allowed_company_ids=self.company_id.ids
        )
        paper._make_file()
        receiver = paper.list_id._get_receiver()
        if not receiver:
            paper._lack_address()
            return
        # being named as the author makes nobody a follower
        paper.with_context(mail_post_autofollow_author_skip=True)._post_paper(
            receiver, paper.list_id._get_mail_words(self._get_lang())
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
        told = self.list_id._for_owner()
        told._tell(
            told.env._(
                "%(customer)s has no e-mail address for %(list)s. Enter one and press "
                "“Send Again”, or print it and record the answer yourself.",
                customer=told.contact_id.display_name,
                list=told.name,
            ),
            told.env._("Requirement list: e-mail address missing"),
        )

    def _fail(self, error):
        """EXTENDS 'sale_order_policy'."""
        self.ensure_one()
        self.write({"state": "failed", "error": error})
        told = self.list_id._for_owner()
        told._tell(
            told.env._(
                "%(list)s was not mailed: %(error)s", list=told.name, error=error
            ),
            told.env._("Requirement list not mailed"),
        )
