import base64
import binascii
import math

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools.mimetypes import guess_mimetype

_MAX_TEXT = 2000
_MAX_AMOUNT = 1e13
#: bytes
_MAX_SIGNATURE = 1024 * 1024
MAX_FILE = 10 * 1024 * 1024
MAX_FILES = 5
_SIGNATURE_TYPES = ("image/png", "image/jpeg")
FILE_TYPES = ("application/pdf", "image/png", "image/jpeg", "image/webp")


class ChannelStatement(models.Model):
    """Confirming, disputing, answering: each writes the series first (SPEC H5).

    These methods check no rights: portal and wizards do, by what the visitor or the
    user may see. Call them with elevated rights.
    """

    _inherit = "channel.statement"

    answer_ids = fields.One2many(
        comodel_name="channel.statement.answer",
        inverse_name="statement_id",
        string="Answers",
        readonly=True,
    )
    open_dispute_count = fields.Integer(
        string="Open Disputes", compute="_compute_open_dispute_count"
    )

    @api.depends("answer_ids.reply_state")
    def _compute_open_dispute_count(self):
        for statement in self:
            statement.open_dispute_count = len(
                statement.answer_ids.filtered(lambda a: a.reply_state == "open")
            )

    # The customer ------------------------------------------------------------------

    def _confirm(self, name, way="portal", **values):
        """Agree to the whole statement in the name of the customer.

        :param str name: who confirms
        :param str way: portal, paper or silence
        :param values: of the answer: ``author_id``, ``address``, ``signature`` (a
            picture, base64), ``attachment_ids``, ``reason``
        :raise UserError: in words, for whoever confirms
        """
        self.ensure_one()
        name = self._clean_text(name, 200)
        if not name and way != "silence":
            raise UserError(self.env._("Enter your name."))
        if values.get("signature"):
            values["signature"] = self._decode_signature(values["signature"])
        self._bump()
        self._check_waiting()
        self._check_all_answered()
        self._note(
            "silence" if way == "silence" else "confirm", name=name, way=way, **values
        )
        self.write(
            {
                "state": "confirmed",
                "confirmed_on": fields.Datetime.now(),
                "confirmed_by": name or False,
                "confirmed_way": way,
            }
        )
        told = self._for_owner()
        told._tell_owner(
            told.env._(
                "%(statement)s is confirmed: %(name)s",
                statement=self.name,
                name=name or told.env._("by silence"),
            )
        )

    def _dispute(self, items, name="", way="portal", files=(), **values):
        """Object in the name of the customer, line by line.

        :param list items: ``{"line_id": id or False, "reason": text, "amount": what
            he takes for right, or empty}``; without a line: something is missing
        :param files: ``(filename, content)``, shown with the first item
        :param values: of each answer: ``author_id``, ``address``
        :raise UserError: in words; then nothing is kept
        """
        self.ensure_one()
        self._bump()
        self._check_waiting()
        checked = [self._check_item(item) for item in items]
        if not checked:
            raise UserError(
                self.env._("Say what is wrong: enter a reason at the line concerned.")
            )
        files = self._check_files(files)
        for number, item in enumerate(checked):
            answer = self._note(
                "dispute", name=self._clean_text(name, 200), way=way, **values, **item
            )
            if files and not number:
                answer.attachment_ids = [Command.set(answer._keep_files(files).ids)]
        self.state = "disputed"
        words = "\n".join(
            f"{self.line_ids.browse(item['line_id']).document or ''}: {item['reason']}"
            for item in checked
        )
        told = self._for_owner()
        text = told.env._("%(statement)s is disputed.", statement=self.name)
        told._tell_owner(f"{text}\n{words}", told.env._("Statement disputed"))

    def _check_item(self, item):
        """Return the values of one objection.

        :raise UserError: naming the line
        """
        line = self.line_ids.browse()
        if item.get("line_id"):
            line = self.line_ids.filtered(lambda own: own.id == item["line_id"])
            if not line:
                raise UserError(
                    self.env._("That line is not on %(name)s.", name=self.name)
                )
        label = line.document or self.env._("Something is missing")
        reason = self._clean_text(item.get("reason"), _MAX_TEXT)
        if not reason:
            raise UserError(self.env._("%(line)s: say what is wrong.", line=label))
        if line.dispute_state == "open":
            raise UserError(
                self.env._(
                    "%(line)s is disputed already. You get an answer soon.", line=label
                )
            )
        amount = self._read_amount(item.get("amount"), label)
        return {
            "line_id": line.id,
            "reason": reason,
            "amount": amount or 0.0,
            "has_amount": amount is not None,
        }

    @api.model
    def _read_amount(self, value, label):
        """Return an amount, or None where there is none.

        :raise UserError: naming the line, for what is no amount
        """
        if value in (None, "", False):
            return None
        try:
            amount = float(value)
        except (TypeError, ValueError, OverflowError):
            amount = math.nan
        if not math.isfinite(amount) or abs(amount) > _MAX_AMOUNT:
            raise UserError(
                self.env._("%(line)s: enter the right amount as a number.", line=label)
            )
        return self.currency_id.round(amount)

    @api.model
    def _check_files(self, files):
        """Return what was uploaded, less empty fields.

        :raise UserError: naming the file, for what is too large or of another kind
        """
        kept = [(name, content) for name, content in files if content]
        if len(kept) > MAX_FILES:
            raise UserError(
                self.env._("Please send at most %(most)s files.", most=MAX_FILES)
            )
        for name, content in kept:
            if len(content) > MAX_FILE or guess_mimetype(content) not in FILE_TYPES:
                raise UserError(
                    self.env._(
                        "%(file)s: only PDF and pictures of at most %(size)s MB.",
                        file=self._clean_text(name, 100),
                        size=MAX_FILE // 1024 // 1024,
                    )
                )
        return kept

    @api.model
    def _decode_signature(self, signature):
        """Return the signature once it is known to be a picture.

        :raise UserError: in words
        """
        content = b""
        if isinstance(signature, str) and len(signature) < _MAX_SIGNATURE * 4 // 3:
            try:
                content = base64.b64decode(signature, validate=True)
            except (binascii.Error, ValueError):
                content = b""
        if not content or guess_mimetype(content) not in _SIGNATURE_TYPES:
            raise UserError(self.env._("The signature is no picture. Sign again."))
        return signature

    @api.model
    def _clean_text(self, text, size):
        """Return ``text`` without what the database cannot hold, not too long."""
        text = text if isinstance(text, str) else ""
        text = text.replace("\x00", "").encode("utf-8", "ignore").decode()
        return text.strip()[:size]

    def _check_waiting(self):
        """:raise UserError: when there is nothing to answer any more"""
        for statement in self:
            if statement.state in ("issued", "disputed"):
                continue
            texts = {
                "confirmed": self.env._("has been confirmed already"),
                "superseded": self.env._("was replaced by a new version"),
                "closed": self.env._("is closed"),
                "draft": self.env._("has not been issued yet"),
            }
            raise UserError(
                self.env._(
                    "%(statement)s %(what)s. Please talk to your contact person.",
                    statement=statement.display_name,
                    what=texts[statement.state],
                )
            )

    def _check_all_answered(self):
        """:raise UserError: while a dispute is open"""
        for statement in self:
            if statement.open_dispute_count:
                raise UserError(
                    self.env._(
                        "%(statement)s: %(count)s objections wait for an answer first.",
                        statement=statement.name,
                        count=statement.open_dispute_count,
                    )
                )

    # The house ---------------------------------------------------------------------

    def _reply(self, dispute, accepted, reason):
        """Answer one dispute, once.

        :param bool accepted: whether the customer is right
        :param str reason: required when he is not
        :raise UserError: in words
        """
        self.ensure_one()
        self._bump()
        reason = self._clean_text(reason, _MAX_TEXT)
        if dispute.statement_id != self or dispute.reply_state != "open":
            raise UserError(self.env._("This has been answered already."))
        if not accepted and not reason:
            raise UserError(self.env._("Tell the customer why."))
        self._note(
            "accept" if accepted else "reject",
            reason,
            parent_id=dispute.id,
            author_id=self.env.user.partner_id.id,
        )

    def _close(self, reason):
        """End a disputed statement whose disputes are all answered.

        :raise UserError: in words
        """
        self._bump()
        self._check_state(("disputed",), self.env._("there is nothing to close."))
        self._check_all_answered()
        for statement in self:
            statement._note("close", self._clean_text(reason, _MAX_TEXT))
        self.write({"state": "closed"})

    def action_close(self):
        """End disputed statements: the objections are answered.

        :raise UserError: while one is open
        """
        self._check_keeper()
        self.check_access("read")
        self.sudo()._close("")  # sudo: written by the system; checked above
        return True

    def _note(self, kind, reason="", **values):
        """Write down an answer; rows are only added."""
        self.ensure_one()
        way = values.pop("way", False)
        # sudo: no group writes answers; callers check who may answer
        return (
            self.env["channel.statement.answer"]
            .sudo()
            .create(
                {
                    "statement_id": self.id,
                    "company_id": self.company_id.id,
                    "currency_id": self.currency_id.id,
                    "kind": kind,
                    "reason": reason,
                    "author_id": self.env.user.partner_id.id,
                    "way": way if way in ("portal", "paper") else False,
                    **values,
                }
            )
        )

    # What settlement asks ------------------------------------------------------------

    @api.model
    def _get_disputed_moves(self, company, partners):
        """Return what customers dispute and nobody has answered yet (SPEC H5).

        :param company: any company; its root counts
        :param partners: any contacts; their commercial partners count
        :return: ``{id of commercial partner: {ids of account.move}}``; a customer who
            says that something is missing is there with an empty set
        """
        found = {}
        for dispute in self._search_open_disputes(company, partners):
            moves = found.setdefault(dispute.statement_id.partner_id.id, set())
            moves.update(dispute.line_id.move_id.ids)
        return found

    @api.model
    def _has_open_dispute(self, company, partner):
        """Tell whether a customer disputes anything that nobody has answered yet."""
        return bool(self._search_open_disputes(company, partner))

    @api.model
    def _search_open_disputes(self, company, partners):
        # sudo: it counts whoever may see customers, companies and statements
        answers_sudo = self.env["channel.statement.answer"].sudo()
        root_sudo = company.sudo().root_id
        customers_sudo = partners.sudo().commercial_partner_id
        return answers_sudo.search(
            Domain("kind", "=", "dispute")
            & Domain("reply_ids", "=", False)
            & Domain("company_id", "=", root_sudo.id)
            & Domain("statement_id.partner_id", "in", customers_sudo.ids)
            & Domain("statement_id.state", "=", "disputed")
        )

    # Telling -----------------------------------------------------------------------

    def _for_owner(self):
        """Return the statement in the language of whoever is told of it."""
        self.ensure_one()
        owner = self.user_id or self.issued_by_id
        return self.with_context(lang=owner.lang)

    def _tell_owner(self, text, summary=None):
        """Note it in the history; with ``summary`` the salesperson gets an activity."""
        self.ensure_one()
        # being named as the author makes nobody a follower
        self.with_context(mail_post_autofollow_author_skip=True).message_post(
            body=text, subtype_xmlid="mail.mt_note"
        )
        user = self.user_id or self.issued_by_id
        if not summary or not user.active or user.share:
            return
        followed = user.partner_id in self.message_partner_ids
        self.with_context(mail_activity_quick_update=True).activity_schedule(
            "document_approval.mail_activity_type_attention",
            user_id=user.id,
            summary=summary,
            note=text,
        )
        if not followed:
            self.message_unsubscribe(partner_ids=user.partner_id.ids)


class ChannelStatementAnswer(models.Model):
    _inherit = "channel.statement.answer"

    def _keep_files(self, files):
        """Keep what was uploaded, as files of this answer."""
        self.ensure_one()
        return self.env["ir.attachment"].create(
            [
                {
                    "name": self.env["channel.statement"]._clean_text(name, 100),
                    "raw": content,
                    "res_model": self._name,
                    "res_id": self.id,
                    "company_id": self.company_id.id,
                }
                for name, content in files
            ]
        )
