import base64
import binascii
import hashlib
import math

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.mimetypes import guess_mimetype

#: bytes
MAX_SIGNATURE = 1024 * 1024
MAX_PAPER = 20 * 1024 * 1024
SIGNATURE_TYPES = ("image/png", "image/jpeg")
PAPER_TYPES = ("application/pdf", "image/png", "image/jpeg", "image/webp")


class OrderAcceptance(models.Model):
    """Signing: once, whoever comes first, with all that follows (SPEC I1).

    Every way in ends in :meth:`_sign`, which writes the revision of the slip before it
    decides: of two at once the second is run again and told that it has been signed.
    """

    _inherit = "order.acceptance"

    # Ways in ---------------------------------------------------------------------

    def _sign_in_portal(self, name, signature, answers=None, author=None, address=None):
        """Accept or reject in the name of the customer, on his own page.

        :param str name: who signs
        :param str signature: picture, base64
        :param dict answers: ``{line id: {"rejected": quantity, "remark": text}}`` of
            what is not accepted; all else is
        :param author: partner who is shown as the author
        :param str address: where it is signed from (IP address)
        :raise UserError: in words, for whoever signs
        """
        self.ensure_one()
        name = self._clean_text(name, 200) if isinstance(name, str) else ""
        if not name:
            raise UserError(self.env._("Enter your name."))
        picture = self._decode_signature(signature)
        self._sign(
            answers,
            {
                "way": "portal",
                "signed_by": name,
                "signature": picture,
                "signed_from": address,
            },
            author=author,
        )

    def _sign_on_paper(self, name, filename, content, answers=None):
        """Enter what the customer signed on paper. Checks the rights of the user.

        :param str filename: of the scan
        :param bytes content: of the scan, kept as it is
        :param dict answers: as for :meth:`_sign_in_portal`
        :raise AccessError: for others than salesperson and coordinators
        :raise UserError: in words
        """
        self.ensure_one()
        self.check_access("read")
        self._check_keeper()
        # sudo: slips are written by the system, rights are checked above
        slip_sudo = self.sudo()
        slip_sudo._bump()
        slip_sudo._check_waiting()
        slip_sudo._check_paper(filename, content)
        paper = slip_sudo.env["ir.attachment"].create(
            {
                "name": filename,
                "raw": content,
                "res_model": self._name,
                "res_id": self.id,
                "company_id": slip_sudo.company_id.id,
            }
        )
        slip_sudo._sign(
            answers,
            {
                "way": "paper",
                "signed_by": self._clean_text(name or "", 200)
                or slip_sudo.partner_id.display_name,
                "paper_id": paper.id,
                "sha256": hashlib.sha256(content).hexdigest(),
                "decided_by_id": self.env.uid,
            },
        )

    def _accept_by_default(self):
        """Accept all of a slip the customer has not answered.

        :return: ``True``
        """
        self.ensure_one()
        self._sign({}, {"way": "default"})
        return True

    # The one way through -----------------------------------------------------------

    def _sign(self, answers, values, author=None):
        """Sign a slip, move what is accepted, prepare the return of the rest.

        :param dict answers: what is rejected, by line id
        :param dict values: how and by whom it is signed
        :raise UserError: when it is signed already, or the answers do not fit
        """
        self.ensure_one()
        # sudo: the customer has no rights on stock; what he may decide is checked here
        slip = self.sudo().with_company(self.sudo().company_id)
        slip = slip.with_context(
            allowed_company_ids=slip.company_id.ids, mail_post_autofollow=False
        )
        slip._bump()
        slip._check_waiting()
        parts = slip._check_answers(answers or {})
        with self.env["sale.order"]._approval_savepoint():
            slip._get_return_moves().filtered(
                lambda m: m.state != "done"
            )._action_cancel()
            for line, part in parts.items():
                line.write(part)
            slip.write({**values, "state": "signed", "result": slip._get_result()})
            if not values.get("signed_on"):
                slip.signed_on = fields.Datetime.now()
            slip._settle()
            slip._tell(author)
            rejected = slip.line_ids.filtered("rejected_qty")
            if rejected:
                slip._handover_on_rejected(rejected)

    def _settle(self):
        """Let stock and order follow what was signed."""
        self.ensure_one()
        if self.kind == "goods":
            rest = self._move_accepted()
            returns = self._return_rejected()
            rest._action_cancel()
            self.return_ids |= returns
            transfer = self.transfer_id
            if transfer.state == "done" and not transfer.date_done:
                transfer.date_done = self.signed_on
            self._check_settled()

    def _handover_on_rejected(self, lines):
        """Hook: ``lines`` of this slip have just been rejected, wholly or in part.

        Called once per slip, with elevated rights, in the transaction of the
        signature; what is raised undoes it. ``return_ids`` take the goods back;
        ``remark`` says what has to be put right. Made to be extended.
        """

    def _get_result(self):
        self.ensure_one()
        accepted = any(line.accepted_qty for line in self.line_ids)
        rejected = any(line.rejected_qty for line in self.line_ids)
        if accepted and rejected:
            return "partly"
        return "rejected" if rejected else "accepted"

    # What was answered ---------------------------------------------------------------

    def _check_answers(self, answers):
        """Return ``{line: values}`` of all lines that have something to accept.

        :raise UserError: naming the line, for what does not fit
        """
        self.ensure_one()
        lines = {line.id: line for line in self.line_ids}
        given = {}
        for key, answer in answers.items():
            line = lines.get(self._read_id(key))
            if not line or not isinstance(answer, dict):
                raise UserError(
                    self.env._(
                        "That line is not on %(slip)s. Open the page again.",
                        slip=self.name,
                    )
                )
            given[line] = answer
        parts = {}
        for line in self.line_ids:
            answer = given.get(line, {})
            rejected = line._read_rejected(answer.get("rejected"))
            remark = self._clean_text(str(answer.get("remark") or ""), 2000)
            accepted = line.quantity - rejected
            unit = line.product_uom_id
            if rejected and not remark:
                raise UserError(
                    self.env._(
                        "%(product)s: say what has to be put right.", product=line.name
                    )
                )
            parts[line] = {
                "accepted_qty": unit.round(accepted) if unit else accepted,
                "rejected_qty": rejected,
                "remark": remark or False,
            }
        return parts

    @api.model
    def _clean_text(self, text, size):
        """Return ``text`` without what the database cannot hold, not too long."""
        text = text.replace("\x00", "").encode("utf-8", "ignore").decode()
        return text.strip()[:size]

    @api.model
    def _read_id(self, key):
        try:
            return int(key)
        except (TypeError, ValueError, OverflowError):
            return 0

    @api.model
    def _decode_signature(self, signature):
        """Return the signature as base64 text, once it is known to be a picture.

        :raise UserError: in words
        """
        if not signature or not isinstance(signature, str):
            raise UserError(self.env._("Sign first."))
        if len(signature) > MAX_SIGNATURE * 4 // 3 + 4:
            raise UserError(self.env._("The signature is too large. Sign again."))
        try:
            content = base64.b64decode(signature, validate=True)
        except (binascii.Error, ValueError):
            content = b""
        if not content or guess_mimetype(content) not in SIGNATURE_TYPES:
            raise UserError(self.env._("The signature is no picture. Sign again."))
        return signature

    def _check_paper(self, filename, content):
        """:raise UserError: for files that are no scan, or too large"""
        if not content or not isinstance(content, bytes):
            raise UserError(self.env._("Upload the signed paper."))
        if len(content) > MAX_PAPER:
            raise UserError(
                self.env._(
                    "%(file)s is too large: at most %(size)s MB.",
                    file=filename,
                    size=MAX_PAPER // 1024 // 1024,
                )
            )
        if guess_mimetype(content) not in PAPER_TYPES:
            raise UserError(
                self.env._(
                    "%(file)s is neither a PDF nor a picture. Scan or photograph the "
                    "signed paper.",
                    file=filename,
                )
            )

    # Telling ----------------------------------------------------------------------

    def _tell(self, author=None):
        """Note the signature on slip and order; the salesperson hears of rejections."""
        self.ensure_one()
        results = dict(self._fields["result"]._description_selection(self.env))
        ways = dict(self._fields["way"]._description_selection(self.env))
        text = self.env._(
            "%(slip)s: %(result)s (%(way)s).",
            slip=self.name,
            result=results[self.result],
            way=ways[self.way],
        )
        if self.signed_by:
            text = self.env._(
                "%(text)s Signed by %(name)s.", text=text, name=self.signed_by
            )
        author = author or self.env.user.partner_id
        self.message_post(body=text, author_id=author.id, subtype_xmlid="mail.mt_note")
        order = self.order_id
        if not order:
            return
        if self.result == "accepted":
            order._approval_post(text)
            return
        remarks = "\n".join(
            f"{line.name}: {line.remark}" for line in self.line_ids if line.rejected_qty
        )
        order._policy_tell_owner(
            f"{text}\n{remarks}",
            summary=self.env._("Delivery rejected"),
            also_note=True,
        )


class OrderAcceptanceLine(models.Model):
    _inherit = "order.acceptance.line"

    def _read_rejected(self, value):
        """Return a rejected quantity as a number of this line's unit.

        :raise UserError: for what is no quantity, less than nothing or too much
        """
        self.ensure_one()
        try:
            number = float(value or 0.0)
        except (TypeError, ValueError, OverflowError):
            number = math.nan
        unit = self.product_uom_id
        if math.isfinite(number):
            number = unit.round(number) if unit else number
        if (
            not math.isfinite(number)
            or number < 0
            or (unit.compare(number, self.quantity) > 0 if unit else False)
        ):
            raise UserError(
                self.env._(
                    "%(product)s: enter a quantity from 0 to %(quantity)s.",
                    product=self.name,
                    quantity=self._format(self.quantity),
                )
            )
        return min(number, self.quantity)
