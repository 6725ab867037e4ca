import base64
import binascii
import hashlib

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.document_approval.fingerprint import fingerprint_of

_TERMS = ("kind", "compensation", "compensation_amount", "compensation_payer")
_MOST_BYTES = 20 * 1024 * 1024


class SaleOrderChange(models.Model):
    """What is agreed with the customer when work has begun (SPEC J3).

    A cancellation after the execution began needs a plan of compensation that the
    customer has agreed to: online, by name and signature, or on paper, of which the
    scan is kept. Both are bound to the very words and amount by a fingerprint.
    """

    _inherit = "sale.order.change"

    compensation = fields.Text(
        string="Compensation Plan",
        help="What happens with goods, materials and work so far, and who bears what.",
    )
    compensation_amount = fields.Monetary()
    compensation_payer = fields.Selection(
        selection=[
            ("none", "Nobody pays"),
            ("customer", "The customer pays us"),
            ("company", "We pay the customer"),
        ],
        string="Who Pays",
    )
    agreement_state = fields.Selection(
        selection=[
            ("none", "Not asked"),
            ("asked", "Customer asked"),
            ("agreed", "Customer agreed"),
            ("objected", "Customer objected"),
        ],
        string="Agreement of the Customer",
        default="none",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    agreement_kind = fields.Selection(
        selection=[("portal", "Signed online"), ("scan", "Signed on paper")],
        string="How Agreed",
        readonly=True,
        copy=False,
    )
    agreement_name = fields.Char(string="Signed By", readonly=True, copy=False)
    agreement_date = fields.Datetime(string="Signed On", readonly=True, copy=False)
    agreement_file = fields.Binary(
        string="Signature or Scan", readonly=True, copy=False, attachment=True
    )
    agreement_sha256 = fields.Char(string="SHA-256", readonly=True, copy=False)
    agreement_fingerprint = fields.Char(readonly=True, copy=False)
    agreement_words = fields.Text(
        string="Words of the Customer", readonly=True, copy=False
    )
    execution = fields.Text(string="Done So Far", compute="_compute_execution")
    needs_agreement = fields.Boolean(compute="_compute_execution")

    @api.depends("kind", "order_id.state")
    @api.depends_context("lang")
    def _compute_execution(self):
        for change in self:
            # sudo: deliveries and invoices need not be readable
            facts = change.sudo().order_id._change_get_execution()
            change.execution = "\n".join(facts)
            change.needs_agreement = change.kind == "cancel" and bool(facts)

    def _get_terms_fingerprint(self):
        """Return the fingerprint of what the customer agrees to."""
        self.ensure_one()
        terms = {name: self[name] or False for name in _TERMS}
        return fingerprint_of(
            {**terms, "order": self.order_id.id, "currency": self.currency_id.id}
        )

    def _is_agreed(self):
        """Tell whether the customer agreed to exactly this, and the proof is whole."""
        self.ensure_one()
        content = self.with_context(bin_size=False).agreement_file
        return bool(
            self.agreement_state == "agreed"
            and self.agreement_fingerprint == self._get_terms_fingerprint()
            and content
            and hashlib.sha256(base64.b64decode(content)).hexdigest()
            == self.agreement_sha256
        )

    def _get_agreement_problems(self):
        """Return in words what the cancellation lacks; nothing before work began."""
        self.ensure_one()
        facts = self.order_id._change_get_execution()
        if not facts:
            return []
        if not (self.compensation or "").strip() or not self.compensation_payer:
            return [
                self.env._(
                    "The execution of %(order)s has begun (%(facts)s): write a "
                    "compensation plan and who pays, and have the customer agree.",
                    order=self.order_id.name,
                    facts="; ".join(facts),
                )
            ]
        if not self._is_agreed():
            return [
                self.env._(
                    "The customer has not agreed to this compensation plan yet: ask "
                    "him online, or enter the scan he signed."
                )
            ]
        return []

    def _forget_agreement(self):
        """End what was asked or agreed, when the plan is another one since."""
        for change in self:
            if (
                change.agreement_state != "none"
                and change.agreement_fingerprint != change._get_terms_fingerprint()
            ):
                change._keep({"agreement_state": "none"})

    # Asking and answering ----------------------------------------------------------

    def action_ask_customer(self):
        """Show the plan to the customer on the page of the order, to be signed.

        :raise UserError: the plan is not complete, or it is too late
        """
        self.check_access("write")
        for change in self:
            if not change._is_open():
                raise UserError(
                    self.env._("%(number)s is in review or closed.", number=change.name)
                )
            if change.kind != "cancel":
                raise UserError(
                    self.env._("Only cancellations have a compensation plan.")
                )
            if not (change.compensation or "").strip() or not change.compensation_payer:
                raise UserError(
                    self.env._("Write the compensation plan and who pays first.")
                )
            change._keep(
                {
                    "agreement_state": "asked",
                    "agreement_fingerprint": change._get_terms_fingerprint(),
                    "agreement_words": False,
                }
            )
            change._tell_customer()
        return True

    def _tell_customer(self):
        """Write to the customer where to sign, on the order."""
        self.ensure_one()
        # sudo: the message of the order, whoever asks for its cancellation
        order_sudo = self.sudo().order_id
        partner = order_sudo.partner_id
        lang_self = self.with_context(lang=partner.lang or self.env.lang)
        body = Markup('<p>%s</p><p><a href="%s">%s</a></p>') % (
            lang_self.env._(
                "We have prepared a proposal for the cancellation of %(order)s. Please "
                "look at it and sign it, or tell us what you object to.",
                order=order_sudo.name,
            ),
            self._get_portal_link(),
            lang_self.env._("Open the proposal"),
        )
        order_sudo.with_context(
            mail_post_autofollow=False, mail_post_autofollow_author_skip=True
        ).message_post(
            subject=lang_self.env._(
                "%(order)s: proposal for the cancellation", order=order_sudo.name
            ),
            body=body,
            author_id=self.env.user.partner_id.id,
            partner_ids=partner.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_note",
        )

    def _agree(self, kind, name, content, fingerprint=None):
        """Keep that the customer agreed.

        :param str kind: portal or scan
        :param str name: who signed
        :param str content: base64 of the signature or the scan
        :param str fingerprint: of the plan that was shown; by default as it is
        :raise UserError: it was not asked, is another one by now, or lacks something
        """
        self.ensure_one()
        self._approval_touch(editor=False)  # of two answers at once, one is rerun
        self._check_agreement(kind, fingerprint)
        raw = self._read_file(content)
        name = (name or "").replace("\0", "").strip()[:200]
        if not name or not raw:
            raise UserError(self.env._("Enter the name, and sign."))
        self._keep(
            {
                "agreement_state": "agreed",
                "agreement_kind": kind,
                "agreement_name": name,
                "agreement_date": fields.Datetime.now(),
                "agreement_file": base64.b64encode(raw),
                "agreement_sha256": hashlib.sha256(raw).hexdigest(),
                "agreement_fingerprint": self._get_terms_fingerprint(),
                "agreement_words": False,
            }
        )
        self._note_answer(
            self.env._("%(name)s has agreed to the compensation plan.", name=name)
        )

    def _check_agreement(self, kind, fingerprint):
        current = self._get_terms_fingerprint()
        if not self._is_open() or self.kind != "cancel":
            raise UserError(
                self.env._("This proposal is not open for an answer any more.")
            )
        if kind == "portal" and (
            self.agreement_state not in ("asked", "objected")
            or fingerprint != current
            or self.agreement_fingerprint != current
        ):
            raise UserError(
                self.env._(
                    "The proposal was changed or answered meanwhile. Please open the "
                    "page again."
                )
            )

    @api.model
    def _read_file(self, content):
        """Return the bytes of a base64 text; nothing when it is none."""
        try:
            raw = base64.b64decode(content or b"", validate=True)
        except (binascii.Error, ValueError, TypeError):
            return b""
        return raw if len(raw) <= _MOST_BYTES else b""

    def _object(self, words):
        """Keep that the customer does not agree, and why."""
        self.ensure_one()
        self._approval_touch(editor=False)
        words = (words or "").replace("\0", "").strip()[:2000]
        if not words:
            raise UserError(self.env._("Please say what you object to."))
        if not self._is_open() or self.agreement_state != "asked":
            raise UserError(
                self.env._("This proposal is not open for an answer any more.")
            )
        self._keep({"agreement_state": "objected", "agreement_words": words})
        self._note_answer(
            self.env._("The customer objects to the plan: %(words)s", words=words)
        )

    def _note_answer(self, text):
        """Keep an answer in the history, and tell the owner."""
        self._approval_post(text)
        owner = self._approval_owner()
        if owner != self.env.user:
            self._approval_attention(
                owner,
                self.with_context(lang=owner.lang).env._("The customer has answered"),
                text,
            )
