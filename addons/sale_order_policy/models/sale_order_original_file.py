import base64
import binascii
import hashlib

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import clean_context


class SaleOrderOriginal(models.Model):
    """The files behind the originals: making, hashing, verifying, replacing them."""

    _inherit = "sale.order.original"

    @api.model
    def _create_from_files(self, vals_list):
        """Attach files to orders and classify them, all in one batch.

        The content is kept as it is: pictures are not made smaller.

        :param vals_list: dicts of ``order_id``, ``name`` (file name), ``content``
            (bytes), and optionally ``kind_id``, ``note`` and ``is_internal``
        :return: the originals, in the same order
        :raise AccessError: when the user may not write one of the orders
        :raise UserError: naming an empty file
        """
        orders = self.env["sale.order"].browse({v["order_id"] for v in vals_list})
        orders.check_access("write")
        for vals in vals_list:
            if not vals["content"]:
                raise UserError(self._get_empty_text(vals["name"]))
        context = clean_context(self.env.context)
        attachments = (
            self.env["ir.attachment"]
            .with_context(**{**context, "image_no_postprocess": True})
            .create(
                [
                    {
                        "name": vals["name"],
                        "raw": vals["content"],
                        "type": "binary",
                        "url": False,
                        "public": False,
                        "res_model": "sale.order",
                        "res_id": vals["order_id"],
                        "res_field": False,
                    }
                    for vals in vals_list
                ]
            )
        )
        return self.with_env(self.env(context=context)).create(
            [
                {
                    "order_id": vals["order_id"],
                    "attachment_id": attachment.id,
                    **{
                        name: vals[name]
                        for name in ("kind_id", "note", "is_internal")
                        if vals.get(name) not in (None, "")
                    },
                }
                for vals, attachment in zip(vals_list, attachments, strict=True)
            ]
        )

    @api.model
    def _decode(self, name, data):
        """Return the bytes of an uploaded file.

        :param str data: base64
        :raise UserError: when it is none
        """
        try:
            return base64.b64decode(data or "", validate=True)
        except (binascii.Error, TypeError, ValueError):
            raise UserError(
                self.env._("%(file)s could not be read. Upload it again.", file=name)
            ) from None

    # Classifying -------------------------------------------------------------------

    @api.model
    def _prepare_values_list(self, vals_list):
        """Return complete values for :meth:`create`."""
        orders = self.env["sale.order"].browse(
            {vals.get("order_id") for vals in vals_list} - {None, False}
        )
        orders.check_access("write")
        attachments = self.env["ir.attachment"].browse(
            {vals.get("attachment_id") for vals in vals_list} - {None, False}
        )
        # sudo: whether they are files of these orders is checked right here
        attachments_sudo = attachments.sudo().exists()
        self._refuse_letters(attachments_sudo)
        files = {attachment.id: attachment for attachment in attachments_sudo}
        now = fields.Datetime.now()
        defaults = self.default_get(["kind_id"])
        return [
            {
                **defaults,
                **vals,
                **self._prepare_file_values(
                    files.get(vals.get("attachment_id"), attachments_sudo.browse()),
                    vals.get("order_id"),
                ),
                "user_id": self.env.uid,
                "date": now,
                "damage": False,
                "replaces_id": False,
                "replaced_by_id": False,
                "replace_reason": False,
            }
            for vals in vals_list
        ]

    @api.model
    def _prepare_file_values(self, attachment_sudo, order_id):
        """Return what the system finds out about one file."""
        if (
            not attachment_sudo
            or not order_id
            or (attachment_sudo.res_model, attachment_sudo.res_id)
            != ("sale.order", order_id)
            or attachment_sudo.res_field
        ):
            raise AccessError(
                self.env._("Only a file attached to the order itself is its original.")
            )
        if attachment_sudo.type != "binary" or attachment_sudo.url:
            raise UserError(
                self.env._(
                    "%(file)s is a link, not a file. What it leads to can change: "
                    "download it and attach the file itself.",
                    file=attachment_sudo.name,
                )
            )
        content = self._read_content(attachment_sudo)
        if not content:
            raise UserError(self._get_empty_text(attachment_sudo.name))
        return {
            "name": attachment_sudo.name,
            "sha256": hashlib.sha256(content).hexdigest(),
            "size": len(content),
            "mimetype": attachment_sudo.mimetype,
        }

    @api.model
    def _refuse_letters(self, attachments_sudo):
        # sudo: letters the user may not read are letters as well
        letters_sudo = self.env["sale.order.letter"].sudo()
        for letter_sudo in letters_sudo.search(
            [("attachment_id", "in", attachments_sudo.ids)], limit=1
        ):
            raise UserError(
                self.env._(
                    "%(file)s is the confirmation letter to the customer, not an "
                    "original from the customer.",
                    file=letter_sudo.attachment_id.name,
                )
            )

    @api.model
    def _get_empty_text(self, name):
        return self.env._(
            "%(file)s is empty and cannot be an original. Attach it again.", file=name
        )

    @api.model
    def _read_content(self, attachment_sudo):
        """Return the stored bytes, not keeping them in the cache; b"" for none."""
        if attachment_sudo.store_fname:
            return attachment_sudo._file_read(attachment_sudo.store_fname)
        content = attachment_sudo.with_context(bin_size=False).db_datas or b""
        attachment_sudo.invalidate_recordset(["db_datas"], flush=False)
        return bytes(content)

    # Verifying ---------------------------------------------------------------------

    def _verify_contents(self):
        """Compare the stored files with what became originals; remember damage."""
        # sudo: the same whoever submits
        for original in self.sudo():
            damage = original._get_damage()
            if original.damage != damage:
                original._write_system({"damage": damage})

    def _get_damage(self):
        """Return missing, changed or False, from reading the whole file."""
        self.ensure_one()
        attachment_sudo = self.attachment_id.sudo()
        content = self._read_content(attachment_sudo)
        if not content:
            return "missing"
        is_same = hashlib.sha256(content).hexdigest() == self.sha256
        return False if is_same else "changed"

    # Replacing ---------------------------------------------------------------------

    def _replace(self, name, content, reason):
        """Put a newer file in the place of this original, which is kept.

        :param bytes content: what is in the new file
        :return: the new original, of the same kind
        :raise UserError: without a reason, and when there is nothing new
        """
        self.ensure_one()
        self.check_access("write")
        self.order_id._approval_touch(editor=False)
        self._check_replaceable(content, reason)
        newer = self._create_from_files(
            [
                {
                    "order_id": self.order_id.id,
                    "name": name,
                    "content": content,
                    "kind_id": self.kind_id.id,
                    "is_internal": self.is_internal,
                    "note": self.note,
                }
            ]
        )
        newer._write_system({"replaces_id": self.id})
        self._write_system(
            {"replaced_by_id": newer.id, "replace_reason": reason.strip()}
        )
        self.order_id._approval_post(
            self.env._(
                "Original %(old)s (%(kind)s) was replaced by %(new)s: %(reason)s",
                old=self.name,
                kind=self.kind_id.name,
                new=newer.name,
                reason=reason.strip(),
            )
        )
        return newer

    def _check_replaceable(self, content, reason):
        """Refuse a replacement that says or changes nothing.

        :raise UserError: in words
        """
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the original is replaced."))
        if self.replaced_by_id:
            raise UserError(
                self.env._(
                    "%(file)s was replaced by %(newer)s already. Replace that one.",
                    file=self.name,
                    newer=self.replaced_by_id.name,
                )
            )
        if hashlib.sha256(content).hexdigest() == self.sha256:
            raise UserError(
                self.env._("This is the same file as before: %s", self.name)
            )
