from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class SaleOrderLetter(models.Model):
    """A confirmation letter (订单确认函) of an order, version by version (SPEC B7).

    Only the system writes letters, and nobody deletes them. What a letter states and
    its file never change; only its state moves on.
    """

    _name = "sale.order.letter"
    _inherit = ["policy.mailed.paper"]
    _description = "Order Confirmation Letter"
    _order = "date desc, id desc"

    _again_states = ("failed", "no_address")
    _paper_report = "sale_order_policy.report_order_confirmation_letter"
    _stated_fields = frozenset(
        {
            "order_id",
            "company_id",
            "round_id",
            "round_number",
            "fingerprint",
            "version",
            "replaces_id",
            "date",
            "lang",
            "attachment_id",
            "sha256",
        }
    )

    # identity
    order_id = fields.Many2one(
        comodel_name="sale.order",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True
    )
    version = fields.Integer(required=True, readonly=True, aggregator=None)
    replaces_id = fields.Many2one(
        comodel_name="sale.order.letter",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
    )
    date = fields.Datetime(
        required=True, readonly=True, help="When the order was confirmed."
    )
    # what was confirmed
    round_id = fields.Many2one(
        comodel_name="document.approval.round",
        string="Approval Round",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    round_number = fields.Integer(readonly=True, aggregator=None)
    fingerprint = fields.Char(
        readonly=True, help="Of what was approved: two equal orders have the same one."
    )
    # parties
    partner_id = fields.Many2one(related="order_id.partner_id")
    lang = fields.Char(string="Language", readonly=True)
    recipients = fields.Text(string="Sent To", readonly=True)
    # the paper
    attachment_id = fields.Many2one(
        comodel_name="ir.attachment",
        string="File",
        readonly=True,
        ondelete="restrict",
    )
    sha256 = fields.Char(string="SHA-256 of the File", readonly=True)
    # state
    state = fields.Selection(
        selection=[
            ("queued", "Queued"),
            ("sent", "Sent"),
            ("no_address", "No Address"),
            ("failed", "Failed"),
            ("superseded", "Superseded"),
        ],
        default="queued",
        required=True,
        readonly=True,
        index=True,
    )
    date_sent = fields.Datetime(string="Sent On", readonly=True)

    _version_uniq = models.UniqueIndex(
        "(order_id, version)", "This version of the letter exists already."
    )
    _round_uniq = models.UniqueIndex(
        "(round_id)", "This confirmation has its letter already."
    )
    _attachment_uniq = models.UniqueIndex(
        "(attachment_id) WHERE attachment_id IS NOT NULL",
        "This file is a letter already.",
    )

    @api.depends("order_id", "version")
    def _compute_display_name(self):
        for letter in self:
            letter.display_name = self.env._(
                "Confirmation %(order)s, version %(version)s",
                # sudo: the name of the order, for whoever may read the letter
                order=letter.sudo().order_id.name or "",
                version=letter.version,
            )

    @api.ondelete(at_uninstall=True)
    def _unlink_except_kept(self):
        raise UserError(self.env._("Confirmation letters are kept."))

    def _get_kept_file_text(self, file):
        """EXTENDS: it is kept for good."""
        return self.env._(
            "%(file)s is an order confirmation letter. It is kept as it was made and "
            "cannot be changed, moved or deleted.",
            file=file.name,
        )

    # Texts -------------------------------------------------------------------------

    def _get_stated_text(self, field):
        """EXTENDS 'sale_order_policy'."""
        return self.env._(
            "%(field)s of a confirmation letter cannot be changed.", field=field
        )

    def _get_not_made_text(self):
        """EXTENDS 'sale_order_policy'."""
        return self.env._(
            "This letter has not been made yet. It is made within some minutes; if it "
            "failed, the letter says why."
        )

    def _get_not_printed_text(self):
        """EXTENDS 'sale_order_policy'."""
        return self.env._("The letter could not be printed.")

    def _get_zone(self):
        """Return the time zone in which the letter's dates are to be read."""
        self.ensure_one()
        order = self.order_id
        return (
            order.user_id.tz
            or self.company_id.partner_id.tz
            or order.partner_id.tz
            or "UTC"
        )

    def _get_date_text(self, value=None):
        """Return a point in time as a date, where and as its reader writes it."""
        self.ensure_one()
        local = fields.Datetime.context_timestamp(
            self.with_context(tz=self._get_zone()), value or self.date
        )
        return format_date(self.env, local.date())

    def _get_file_name(self):
        """Return the name of the letter's file, in its language."""
        self.ensure_one()
        lang_self = self.with_context(lang=self._get_lang())
        return lang_self.env._(
            "Order confirmation %(order)s v%(version)s.pdf",
            order=self.order_id.name.replace("/", "-"),
            version=self.version,
        )

    def _get_short_fingerprint(self):
        """Return the beginning of the fingerprint in groups that people compare."""
        self.ensure_one()
        start = (self.fingerprint or "")[:16].upper()
        return " ".join(start[index : index + 4] for index in range(0, len(start), 4))
