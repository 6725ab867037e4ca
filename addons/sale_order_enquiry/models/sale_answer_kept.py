import base64
import binascii
import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools.mimetypes import guess_mimetype

WAYS = [
    ("portal", "In the portal"),
    ("link", "By the link in the mail"),
    ("email", "By e-mail"),
    ("chat", "By chat"),
    ("phone", "By telephone"),
    ("paper", "On paper"),
]
#: ways that staff record
STAFF_WAYS = [way for way in WAYS if way[0] not in ("portal", "link")]
#: bytes
_MAX_SIGNATURE = 1024 * 1024
_SIGNATURE_TYPES = ("image/png", "image/jpeg")


class SaleAnswerKept(models.AbstractModel):
    """What a customer answered: who, when, through what, in which words (A6, A7).

    Append-only, with the files that prove it. Written by the system only.
    """

    _name = "sale.answer.kept"
    _inherit = ["document.approval.frozen", "policy.file.keeper"]
    _description = "Answer That Is Kept"
    _order = "id desc"

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True
    )
    date = fields.Datetime(
        string="Entered On",
        required=True,
        readonly=True,
        default=lambda self: fields.Datetime.now(),
    )
    said_on = fields.Date(
        string="Answered On",
        readonly=True,
        help="The day the customer said so, when we entered it.",
    )
    name = fields.Char(string="Answered By", required=True, readonly=True)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Entered By",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    way = fields.Selection(selection=WAYS, string="How", required=True, readonly=True)
    address = fields.Char(string="IP Address", readonly=True)
    words = fields.Text(readonly=True)
    attachment_ids = fields.Many2many(
        comodel_name="ir.attachment", string="Files", readonly=True
    )
    file_hashes = fields.Json(readonly=True)

    def write(self, vals):
        """Refuse it, whoever asks: what was said was said.

        :raise UserError: always
        """
        if vals:
            raise UserError(self.env._("What was answered is kept as it is."))
        return super().write(vals)

    def _write_system(self, vals):
        # sudo: files that come with a new answer, by the method that makes it
        return super(SaleAnswerKept, self.sudo()).write(vals)

    @api.ondelete(at_uninstall=True)
    def _unlink_never(self):
        """EXTENDS 'document_approval'."""
        raise UserError(self.env._("What was answered is kept as it is."))

    @api.model
    def _keep(self, vals_list, files=()):
        """Keep answers; the caller has checked who gives them.

        :param files: ``(file name, bytes)`` that prove every one of them
        :return: the answers, with elevated rights
        """
        # sudo: no group writes answers
        answers_sudo = self.sudo().create(vals_list)
        for answer_sudo in answers_sudo if files else answers_sudo.browse():
            answer_sudo._keep_files(files)
        return answers_sudo

    def _keep_files(self, files):
        self.ensure_one()
        kept = (
            self.env["ir.attachment"]
            .with_context(image_no_postprocess=True)
            .create(
                [
                    {
                        "name": name,
                        "raw": content,
                        "type": "binary",
                        "res_model": self._name,
                        "res_id": self.id,
                        "company_id": self.company_id.id,
                    }
                    for name, content in files
                ]
            )
        )
        hashes = {
            str(file.id): hashlib.sha256(content).hexdigest()
            for file, (_name, content) in zip(kept, files, strict=True)
        }
        self._write_system(
            {"attachment_ids": [Command.set(kept.ids)], "file_hashes": hashes}
        )

    # The files --------------------------------------------------------------------

    def _get_kept_hash(self, file):
        """EXTENDS 'sale_order_policy': each file has its own."""
        self.ensure_one()
        return (self.file_hashes or {}).get(str(file.id))

    def _get_kept_file_text(self, file):
        """EXTENDS 'sale_order_policy'."""
        return self.env._(
            "%(file)s proves what the customer answered. It is kept as it is: record a "
            "new answer with the new file instead.",
            file=file.name,
        )

    # Reading what comes in --------------------------------------------------------

    @api.model
    def _read_signature(self, signature):
        """Return the signature once it is known to be a picture.

        :raise UserError: in words, when it is none
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
    def _read_files(self, attachments):
        """Return ``(name, bytes)`` of files a user uploaded to a dialog.

        :raise UserError: naming what is empty
        """
        attachments.check_access("read")
        files = []
        # sudo: the content, as the user may read it
        for file_sudo in attachments.sudo():
            content = file_sudo.raw or b""
            if not content or file_sudo.type != "binary":
                raise UserError(
                    self.env._(
                        "%(file)s is empty. Attach it again.", file=file_sudo.name
                    )
                )
            files.append((file_sudo.name, content))
        return files
