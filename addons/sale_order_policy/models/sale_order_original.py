from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import format_list

#: what a user says when a file becomes an original; the system finds out the rest
_GIVEN = frozenset({"order_id", "attachment_id", "kind_id", "note", "is_internal"})
#: what may be changed of an original afterwards
_CLASSIFYING = frozenset({"kind_id", "note", "is_internal"})


class SaleOrderOriginal(models.Model):
    """The written order itself, classified, never lost or replaced unseen (SPEC A3).

    The file is an ordinary attachment of the order. As long as the order is a draft
    that nobody was asked about, an original can be removed. From then on the order's
    originals are *protected*: nobody deletes or changes them, the superuser
    included; they are replaced, and what was replaced is kept.

    Who may read an order may read its originals, who may write it adds some: there
    are no rules of their own.
    """

    _name = "sale.order.original"
    _inherit = ["policy.file.keeper"]
    _description = "Original of an Order"
    _order = "order_id desc, id"

    # identity
    order_id = fields.Many2one(
        comodel_name="sale.order", required=True, index=True, ondelete="cascade"
    )
    attachment_id = fields.Many2one(
        comodel_name="ir.attachment", string="File", required=True, ondelete="restrict"
    )
    name = fields.Char(string="File Name", required=True, readonly=True)
    company_id = fields.Many2one(related="order_id.company_id", store=True, index=True)
    # classification
    kind_id = fields.Many2one(
        comodel_name="sale.original.kind",
        string="Kind of Original",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env["sale.original.kind"]._get_default(),
    )
    is_internal = fields.Boolean(
        string="Internal",
        compute="_compute_is_internal",
        store=True,
        readonly=False,
        precompute=True,
        help="Kept from the customer: neither on the portal nor in messages to him.",
    )
    note = fields.Char(help="Anything worth knowing about this file.")
    # content, computed when the file became an original
    sha256 = fields.Char(
        string="SHA-256",
        required=True,
        readonly=True,
        help="The fingerprint of the content, as it was when it became an original.",
    )
    size = fields.Integer(readonly=True, help="In bytes.")
    mimetype = fields.Char(string="Type of File", readonly=True)
    damage = fields.Selection(
        selection=[("missing", "File missing"), ("changed", "File changed")],
        readonly=True,
        help="What was found when the order was last submitted.",
    )
    # people and time
    user_id = fields.Many2one(
        comodel_name="res.users", string="Added By", readonly=True, required=True
    )
    date = fields.Datetime(string="Added On", readonly=True, required=True)
    # replacement
    replaces_id = fields.Many2one(
        comodel_name="sale.order.original", readonly=True, ondelete="set null"
    )
    replaced_by_id = fields.Many2one(
        comodel_name="sale.order.original",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    replace_reason = fields.Char(string="Why Replaced", readonly=True)
    # technical
    fingerprint_short = fields.Char(
        string="Fingerprint", compute="_compute_fingerprint_short"
    )
    is_protected = fields.Boolean(
        compute="_compute_is_protected",
        help="The order was submitted, confirmed or cancelled: it can be replaced, "
        "but neither deleted nor changed.",
    )

    _attachment_uniq = models.UniqueIndex(
        "(attachment_id)", "This file is classified as an original already."
    )
    _replaces_uniq = models.UniqueIndex(
        "(replaces_id) WHERE replaces_id IS NOT NULL",
        "This original was replaced already. Replace the newer one.",
    )
    _content_idx = models.Index("(sha256, company_id)")

    @api.depends()
    def _compute_is_internal(self):
        """Start as the kind says. Another kind later changes nothing by itself."""
        for original in self:
            original.is_internal = original.kind_id.is_internal

    @api.depends("sha256")
    def _compute_fingerprint_short(self):
        for original in self:
            original.fingerprint_short = (original.sha256 or "")[:8]

    def _compute_is_protected(self):
        protected = self._get_protected()
        for original in self:
            original.is_protected = original in protected

    # Who may -----------------------------------------------------------------------

    def _check_access(self, operation):
        """EXTENDS 'base': as for the orders themselves."""
        result = super()._check_access(operation)
        if self.env.su or (result and result[0] == self):
            return result
        mode = "read" if operation == "read" else "write"
        allowed = (self - result[0] if result else self).filtered("id")
        # sudo: to which orders they belong has to be known before those are checked
        orders = allowed.sudo().order_id.sudo(False)
        open_ids = set(orders._filtered_access(mode)._ids)
        shut = allowed.filtered(lambda o: o.sudo().order_id.id not in open_ids)
        if not shut:
            return result
        return (result[0] | shut if result else shut), self._get_access_error

    def _get_access_error(self):
        return AccessError(
            self.env._("Originals belong to their order, which you may not use so.")
        )

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        """EXTENDS 'base': of orders the user may read."""
        if not self.env.su and not bypass_access:
            orders = self.env["sale.order"].with_context(active_test=False)
            if not orders.has_access("read"):
                return super()._search(Domain.FALSE, *args, **kwargs)
            domain = Domain(domain) & Domain("order_id", "in", orders._search([]))
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    # What may ------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Classify files of orders; the system finds out everything else.

        :raise AccessError: for a value that only the system knows, or a file that is
            not one of the order
        :raise UserError: when there is nothing to keep: an empty file, or a link
        """
        for vals in vals_list:
            self._refuse_other_values(vals, _GIVEN)
        return super().create(self._prepare_values_list(vals_list))

    def write(self, vals):
        """Reclassify. Of a protected order only a sales manager does, and it is noted.

        :raise AccessError: for anything that is not the classification, and for a
            protected order
        """
        self._refuse_other_values(vals, _CLASSIFYING)
        changing = self.filtered(
            lambda original: any(
                (original._fields[name].convert_to_write(original[name], original))
                != (value or False)
                for name, value in vals.items()
            )
        )
        if not changing:
            return super().write(vals)
        changing.order_id._approval_touch(editor=False)
        noted = changing._get_protected()
        if noted and not self.env.user.has_group("sales_team.group_sale_manager"):
            raise AccessError(
                self.env._(
                    "%(files)s: the order was submitted, confirmed or cancelled. Only "
                    "a sales administrator classifies its originals anew.",
                    files=format_list(self.env, noted.mapped("name")),
                )
            )
        before = {original: original._describe() for original in noted}
        result = super().write(vals)
        noted._note_reclassification(before)
        return result

    def unlink(self):
        """Take originals back, with the files that came with no message.

        :raise UserError: when they are protected. Checked here and not in an
            ``ondelete`` method, since the context can switch those off
        """
        self.check_access("unlink")
        self._check_not_protected()
        loose = self._get_loose_files()
        result = super().unlink()
        loose.exists().unlink()
        return result

    def _check_not_protected(self):
        # sudo: orders are protected whoever asks
        originals_sudo = self.sudo()
        # a submission at the same time is rerun, or this is
        originals_sudo.order_id._approval_touch(editor=False)
        kept = originals_sudo._get_protected()
        if kept:
            raise UserError(kept._get_kept_text())

    def copy_data(self, default=None):
        """An original is a file; there is no second one of it."""
        raise UserError(
            self.env._("An original cannot be duplicated. Add the file once more.")
        )

    def action_open_order(self):
        """Open the order of this original."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": self.order_id.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    # Helpers

    @api.model
    def _refuse_other_values(self, vals, allowed):
        for name in vals:
            if name not in allowed:
                field = self._fields.get(name)
                raise AccessError(
                    self.env._(
                        "%(field)s of an original is kept by the system and cannot be "
                        "written.",
                        field=field._description_string(self.env) if field else name,
                    )
                )

    def _get_protected(self):
        """Return those that are kept whatever happens, as things are right now."""
        orders = self.order_id._policy_get_keeping_orders()
        return self.filtered(lambda original: original.order_id in orders)

    def _write_system(self, vals):
        """Write what users may not."""
        # sudo: only the methods of this model say what
        return super(SaleOrderOriginal, self.sudo()).write(vals)

    def _get_kept_text(self):
        """Return in words why these originals cannot be deleted or changed."""
        return self.env._(
            "%(files)s: an original of %(orders)s is kept. Since the order was "
            "submitted, confirmed or cancelled, its originals can be replaced, but "
            "neither deleted, moved nor changed.",
            files=format_list(self.env, self.mapped("name")),
            orders=format_list(self.env, self.order_id.mapped("name")),
        )

    def _get_kept_file_text(self, file):
        """EXTENDS: replace it."""
        return self.env._(
            "%(file)s is an original of %(order)s: its file cannot be changed or "
            "moved. Replace the original on the order, with a reason.",
            file=self.name,
            order=self.order_id.name,
        )

    def _release_files(self, files):
        """EXTENDS: the file of a draft's original goes with it."""
        self.unlink()  # refuses when they are protected

    def _get_loose_files(self):
        """Return the files that no message carries, so that only the tab has them."""
        # sudo: messages the user may not read carry files too
        attachments_sudo = self.attachment_id.sudo()
        carried = (
            self.env["mail.message"]
            .sudo()
            .search([("attachment_ids", "in", attachments_sudo.ids)])
        )
        return self.attachment_id - carried.attachment_ids.sudo(self.env.su)

    def _describe(self):
        """Return the classification in words, for the order's history."""
        self.ensure_one()
        return ", ".join(
            part
            for part in (
                self.kind_id.name,
                self.is_internal and self.env._("internal"),
                self.note,
            )
            if part
        )

    def _note_reclassification(self, before):
        for order, originals in self.grouped("order_id").items():
            for original in originals:
                order._approval_post(
                    self.env._(
                        "Original %(file)s was classified anew: %(old)s → %(new)s",
                        file=original.name,
                        old=before[original],
                        new=original._describe(),
                    )
                )
