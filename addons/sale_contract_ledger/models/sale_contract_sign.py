import base64
import binascii
from datetime import datetime, time

import pytz
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.mimetypes import guess_mimetype

from .sale_contract import SIGNED

#: bytes
_MAX_SIGNATURE = 1024 * 1024
_MAX_SCAN = 20 * 1024 * 1024
_SIGNATURE_TYPES = ("image/png", "image/jpeg")
_SCAN_TYPES = ("application/pdf", "image/png", "image/jpeg")
_REPORT = "sale_contract_ledger.report_sale_contract"


class SaleContract(models.Model):
    """Sending and signing: only what was approved, by both sides (SPEC E1)."""

    _inherit = "sale.contract"

    paper_ids = fields.One2many(
        comodel_name="sale.contract.paper",
        inverse_name="contract_id",
        string="Papers",
        readonly=True,
    )
    signature_ids = fields.One2many(
        comodel_name="sale.contract.signature",
        inverse_name="contract_id",
        string="Signatures",
        readonly=True,
    )
    date_signed = fields.Date(
        string="Signed On",
        readonly=True,
        copy=False,
        index=True,
        help="When the later of both sides signed.",
    )
    we_signed = fields.Boolean(compute="_compute_signed", string="Signed by Us")
    customer_signed = fields.Boolean(
        compute="_compute_signed", string="Signed by the Customer"
    )
    can_sign = fields.Boolean(compute="_compute_signed")

    @api.depends("signature_ids", "state", "signer_id")
    @api.depends_context("uid")
    def _compute_signed(self):
        for contract in self:
            sides = contract._get_signatures().mapped("side")
            contract.we_signed = "ours" in sides
            contract.customer_signed = "customer" in sides
            contract.can_sign = (
                contract.state == "sent"
                and not contract.we_signed
                and contract.signer_id == self.env.user
            )

    def _get_signatures(self):
        """Return the signatures that count for the present version."""
        self.ensure_one()
        round_sudo = self._approval_round()
        # sudo: both sides, whoever asks
        return self.sudo().signature_ids.filtered(
            lambda signature: round_sudo and signature.round_id == round_sudo
        )

    @api.constrains("state")
    def _check_state(self):
        """Post-condition on what is sent and signed, whatever the route."""
        for contract in self.sudo():  # sudo: the gate sees the same for everybody
            if contract.state == "sent":
                contract._check_approved()
            elif contract.state == "signed":
                sides = set(contract._get_signatures().mapped("side"))
                if sides != {"ours", "customer"} or not contract.date_signed:
                    raise UserError(
                        self.env._(
                            "%(contract)s is not signed by both sides.",
                            contract=contract.name,
                        )
                    )

    # Sending -----------------------------------------------------------------------

    def action_send(self):
        """Give approved contracts to both sides for signature; the PDF is frozen.

        :raise UserError: saying what the review waits for
        """
        self.check_access("write")
        for contract in self:
            contract._bump()
            if contract.state != "draft":
                contract._check_open()
            contract._check_approved()
            contract._keep({"state": "sent"})
            contract._make_paper("sent")
            contract._approval_attention(
                contract.signer_id, self.env._("Please sign the contract")
            )
        return True

    def action_mail(self):
        """Open a mail to the customer with the link to the contract."""
        self.ensure_one()
        self.check_access("write")
        if self.state not in ("sent", *SIGNED):
            raise UserError(self.env._("Send it for signature first."))
        template = self.env.ref(
            "sale_contract_ledger.mail_template_contract", raise_if_not_found=False
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Mail to the Customer"),
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_model": "sale.contract",
                "default_res_ids": self.ids,
                "default_template_id": template.id if template else False,
                "default_composition_mode": "comment",
                "default_partner_ids": self.partner_id.ids,
            },
        }

    def action_take_back(self):
        """Take contracts back to draft before both sides have signed."""
        self.check_access("write")
        for contract in self:
            contract._bump()
            if contract.state == "sent":
                contract._approval_supersede(self.env._("Taken back before signing."))
                contract._keep({"state": "draft"})
            elif contract.state == "cancel":
                contract._keep({"state": "draft"})
            else:
                contract._check_open()
        return True

    def action_cancel(self):
        """Give up contracts that were not signed by both sides."""
        self.check_access("write")
        for contract in self:
            contract._bump()
            if contract.state in SIGNED:
                contract._check_open()
            contract._keep({"state": "cancel"})
        return True

    def _make_paper(self, kind):
        """Print the contract and keep the file."""
        self.ensure_one()
        # sudo: the paper is the same whoever sends or signs
        reports = self.env["ir.actions.report"].sudo()
        lang = self.partner_id.lang or self.company_id.partner_id.lang
        content, extension = reports.with_context(lang=lang)._render_qweb_pdf(
            _REPORT, self.ids
        )
        if not content:
            raise UserError(self.env._("The contract could not be printed."))
        name = f"{self._get_report_base_filename()}-{kind}.pdf"
        mimetype = "application/pdf" if extension == "pdf" else "text/html"
        return self.env["sale.contract.paper"]._make(
            self, kind, name, content, mimetype
        )

    def _get_sent_paper(self):
        """Return the file of the present version, as sent."""
        self.ensure_one()
        round_sudo = self._approval_round()
        # sudo: whoever may see the contract gets its file
        return self.sudo().paper_ids.filtered(
            lambda paper: paper.kind == "sent" and paper.round_id == round_sudo
        )[:1]

    def _get_shown_paper(self):
        """Return the file the customer may have now: signed, else as sent."""
        self.ensure_one()
        if self.state not in ("sent", *SIGNED):
            # sudo: an empty one, as below
            return self.env["sale.contract.paper"].sudo()
        # sudo: whoever may see the contract gets its file
        signed = self.sudo().paper_ids.filtered(lambda paper: paper.kind == "signed")
        return signed[:1] or self._get_sent_paper()

    # Signing ------------------------------------------------------------------------

    def action_sign(self):
        """Sign for us, as the user the contract names.

        :raise AccessError: for everybody else
        :raise UserError: when there is nothing to sign
        """
        for contract in self:
            contract.check_access("read")
            if contract.signer_id != self.env.user or not self.env.user._is_internal():
                raise AccessError(
                    self.env._(
                        "%(user)s signs %(contract)s for us, nobody else.",
                        user=contract.signer_id.name or "–",
                        contract=contract.name,
                    )
                )
            contract._sign(
                "ours",
                "office",
                self.env.user.name,
                partner_id=self.env.user.partner_id.id,
            )
        return True

    def _sign(self, side, way, name, day=None, **values):
        """Add one side's signature; with both, the contract is signed.

        Checks no rights: buttons, wizard and portal do.

        :param str name: who signs
        :param date day: when the paper was signed; by default now
        :param values: of the signature: ``partner_id``, ``address``, ``signature``
            (a picture, base64), ``paper_id``
        :raise UserError: in words, for whoever signs
        """
        self.ensure_one()
        name = self._clean_text(name, 200)
        if not name:
            raise UserError(self.env._("Enter your name."))
        if values.get("signature"):
            values["signature"] = self._check_picture(values["signature"])
        contract = self.sudo()  # sudo: who signs need not write contracts
        contract._bump()
        if contract.state != "sent":
            raise UserError(
                self.env._("%(contract)s is not out for signature.", contract=self.name)
            )
        contract._check_approved()
        if side in contract._get_signatures().mapped("side"):
            raise UserError(self.env._("This side has signed already."))
        moment = fields.Datetime.now()
        if day:
            moment = contract._to_moment(day)
        contract.env["sale.contract.signature"].create(
            {
                "contract_id": contract.id,
                "round_id": contract._approval_round().id,
                "side": side,
                "way": way,
                "name": name,
                "user_id": self.env.uid,
                "date": moment,
                "paper_id": contract._get_sent_paper().id,
                **values,
            }
        )
        contract.invalidate_recordset(["signature_ids"])
        contract._note_signature(side, name)
        if len(contract._get_signatures()) == 2:
            contract._complete()

    def _complete(self):
        """Both sides have signed: freeze it and let everything follow."""
        self.ensure_one()
        dates = self._get_signatures().mapped("date")
        day = fields.Datetime.context_timestamp(
            self.with_context(tz=self._get_zone()), max(dates)
        ).date()
        self._keep({"state": "signed", "date_signed": day})
        self._make_paper("signed")
        self._approval_forget_attention()
        self._contract_on_signed()

    def _contract_on_signed(self):
        """Hook: both sides have signed. Extend it and call super."""
        self.ensure_one()
        for order in self.order_ids.filtered("approval_parked_reason"):
            order._contract_resume()

    def _note_signature(self, side, name):
        text = (
            self.env._("Signed for us by %(name)s.", name=name)
            if side == "ours"
            else self.env._("Signed for the customer by %(name)s.", name=name)
        )
        self._approval_post(Markup("<p>%s</p>") % text)
        if side == "customer":
            owner = self._approval_owner()
            if owner != self.env.user:
                self._approval_attention(
                    owner, self.env._("The customer has signed"), text
                )

    def _get_zone(self):
        """Return the name of the company's time zone."""
        company = self.sudo().company_id  # sudo: its calendar, whoever asks
        return company.resource_calendar_id.tz or company.partner_id.tz or "UTC"

    def _to_moment(self, day):
        """Return noon of a day in the company's time zone, as UTC."""
        self.ensure_one()
        zone = pytz.timezone(self._get_zone())
        noon = zone.localize(datetime.combine(day, time(12)))
        return noon.astimezone(pytz.utc).replace(tzinfo=None)

    # What comes from outside ---------------------------------------------------------

    @api.model
    def _check_picture(self, signature):
        """:raise UserError: unless it is a picture"""
        content = b""
        if isinstance(signature, bytes):
            signature = signature.decode("ascii", "ignore")
        if isinstance(signature, str) and len(signature) < _MAX_SIGNATURE * 4 // 3:
            try:
                content = base64.b64decode(signature, validate=True)
            except (binascii.Error, ValueError):
                content = b""
        if not content or guess_mimetype(content) not in _SIGNATURE_TYPES:
            raise UserError(self.env._("The signature is no picture. Sign again."))
        return signature

    @api.model
    def _check_scan(self, content):
        """Return the type of an uploaded scan.

        :raise UserError: unless it is a PDF or a picture of a sensible size
        """
        mimetype = guess_mimetype(content or b"")
        if not content or mimetype not in _SCAN_TYPES or len(content) > _MAX_SCAN:
            raise UserError(
                self.env._("Upload a PDF or a picture of at most 20 megabytes.")
            )
        return mimetype

    @api.model
    def _clean_text(self, text, size):
        """Return ``text`` without what the database cannot hold, not too long."""
        text = text if isinstance(text, str) else ""
        text = text.replace("\x00", "").encode("utf-8", "ignore").decode()
        return text.strip()[:size]
