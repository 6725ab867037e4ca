from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_list

#: how many other orders with the same file are named
_MOST_NAMED = 5


class SaleOrder(models.Model):
    """Orders come in writing only: their originals (SPEC A2, A3)."""

    _inherit = "sale.order"

    policy_original_ids = fields.One2many(
        comodel_name="sale.order.original",
        inverse_name="order_id",
        string="Originals",
        groups="base.group_user",
        copy=False,
    )
    policy_original_count = fields.Integer(
        string="Number of Originals",
        compute="_compute_policy_original_count",
        compute_sudo=True,
        groups="base.group_user",
        help="Without those that were replaced.",
    )

    policy_keeps_originals = fields.Boolean(
        compute="_compute_policy_keeps_originals",
        groups="base.group_user",
        help="Originals can be replaced, but neither deleted nor changed.",
    )

    @api.depends("state", "approval_state")
    def _compute_policy_keeps_originals(self):
        kept = self._policy_get_keeping_orders()
        for order in self:
            order.policy_keeps_originals = order in kept

    @api.depends("policy_original_ids.replaced_by_id")
    def _compute_policy_original_count(self):
        counts = dict(
            self.env["sale.order.original"]._read_group(
                [("order_id", "in", self.ids), ("replaced_by_id", "=", False)],
                groupby=["order_id"],
                aggregates=["__count"],
            )
        )
        for order in self:
            order.policy_original_count = counts.get(order._origin, 0)

    # Protection --------------------------------------------------------------------

    def _policy_get_keeping_orders(self):
        """Return the orders whose originals are kept whatever happens.

        Those that were ever submitted or looked at in observe mode, and those that
        are confirmed or cancelled.
        """
        # sudo: the same whoever asks
        orders_sudo = self.sudo()
        kept = orders_sudo.filtered(
            lambda order: (
                order.state in ("sale", "cancel")
                or order.approval_state not in (False, "none")
            )
        )
        rounds = self.env["document.approval.round"].sudo()
        submitted = rounds._read_group(
            Domain("res_model", "=", self._name)
            & Domain("res_id", "in", (orders_sudo - kept).ids),
            groupby=["res_id"],
        )
        ids = {*kept.ids, *(order_id for (order_id,) in submitted)}
        return self.filtered(lambda order: order.id in ids)

    def unlink(self):
        """Keep orders whose originals are kept.

        :raise UserError: checked here and not in an ``ondelete`` method, since the
            context can switch those off
        """
        self.check_access("unlink")
        self._policy_check_originals_not_kept()
        return super().unlink()

    def _policy_check_originals_not_kept(self):
        # sudo: originals the user may not see are kept as well
        originals_sudo = self.sudo().policy_original_ids
        if kept := originals_sudo._get_protected():
            raise UserError(kept._get_kept_text())

    # Adding ------------------------------------------------------------------------

    def policy_add_originals(self, files, kind_id=False):
        """Attach uploaded files as originals of this order.

        Called by the page “Originals” of the order.

        :param list files: dicts of ``name`` and ``data`` (base64)
        :param int kind_id: what they are; by default the first kind
        :return: ids of the originals
        :raise AccessError: when the user may not write the order
        :raise UserError: naming a file that is empty or cannot be read
        """
        self.ensure_one()
        self.check_access("write")
        originals = self.env["sale.order.original"]
        values = [
            {
                "order_id": self.id,
                "name": str(file.get("name") or self.env._("Unnamed file")),
                "content": originals._decode(file.get("name"), file.get("data")),
                "kind_id": int(kind_id or 0) or None,
            }
            for file in files
        ]
        added = originals._create_from_files(values)
        if added._get_protected():
            self._approval_post(
                self.env._(
                    "Originals were added: %(files)s",
                    files=format_list(self.env, added.mapped("name")),
                )
            )
        return added.ids

    def _policy_get_unclassified_files(self):
        """Return the files attached to this order that are no originals yet."""
        self.ensure_one()
        # sudo: only ids, of files of an order the user may read
        order_sudo = self.sudo()
        taken_sudo = order_sudo.policy_original_ids.attachment_id
        taken_sudo |= order_sudo.policy_letter_ids.attachment_id
        return self.env["ir.attachment"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "=", self.id),
                ("id", "not in", taken_sudo.ids),
                ("type", "=", "binary"),
                ("url", "=", False),
                ("file_size", ">", 0),
            ]
        )

    # Approval ------------------------------------------------------------------------

    def action_submit_for_approval(self):
        """EXTENDS 'document_approval': look at the files themselves first."""
        self.check_access("write")
        self.policy_original_ids._verify_contents()
        return super().action_submit_for_approval()

    def _approval_enter_unapproved(self, gated):
        """EXTENDS 'document_approval': also when an order is confirmed unseen."""
        # sudo: who confirms need not be of the staff
        self.sudo().policy_original_ids._verify_contents()
        return super()._approval_enter_unapproved(gated)

    def _approval_enclosures(self):
        """EXTENDS 'document_approval': the originals that were not replaced."""
        enclosures = super()._approval_enclosures()
        # sudo: the same whoever submits
        originals_sudo = self.env["sale.order.original"].sudo()
        for original in originals_sudo.search(
            [("order_id", "in", self.ids), ("replaced_by_id", "=", False)], order="id"
        ):
            enclosures[original.order_id.id].append(
                {
                    "name": original.name,
                    "kind": original.kind_id.code,
                    "kind_name": original.kind_id.name,
                    "sha256": original.sha256,
                    "size": original.size,
                }
            )
        return enclosures

    @api.model
    def _approval_enclosure_kind(self, enclosure):
        """EXTENDS 'document_approval': as the kind is called now, else as it was."""
        if "kind_name" not in enclosure:
            return super()._approval_enclosure_kind(enclosure)
        # sudo: only the name
        kind_sudo = (
            self.env["sale.original.kind"]
            .sudo()
            .with_context(active_test=False)
            .search([("code", "=ilike", enclosure["kind"])], limit=1)
        )
        return kind_sudo.name or enclosure["kind_name"]

    def _approval_findings(self):
        """EXTENDS 'document_approval': damaged files, and files of other orders too."""
        findings = super()._approval_findings()
        # sudo: the facts about an order are the same whoever asks for them
        orders_sudo = self.sudo()
        for order in orders_sudo:
            findings[order.id] += [
                order._approval_make_finding(
                    "original_damaged",
                    "sales",
                    "block",
                    file=original.name,
                    damage=original.damage,
                )
                for original in order.policy_original_ids
                if original.damage and not original.replaced_by_id
            ]
        for order_id, order_findings in orders_sudo._policy_find_same_files().items():
            findings[order_id] += order_findings
        return findings

    def _policy_find_same_files(self):
        """Return {id: [finding]}: the same file came with another order, too.

        One query for all orders; of each file a few other orders are named.
        """
        if not self.ids:
            return {}
        self.env["sale.order.original"].flush_model()
        self.flush_model(["name"])
        rows = self.env.execute_query(
            SQL(
                "SELECT own.order_id, own.name,"
                " array_agg(other.name ORDER BY other.id DESC)"
                " FROM sale_order_original own"
                " CROSS JOIN LATERAL ("
                "  SELECT DISTINCT o.id, o.name FROM sale_order_original twin"
                "  JOIN sale_order o ON o.id = twin.order_id"
                "  WHERE twin.sha256 = own.sha256"
                "  AND twin.company_id = own.company_id"
                "  AND twin.order_id != own.order_id"
                "  ORDER BY o.id DESC LIMIT %s) other"
                " WHERE own.order_id IN %s AND own.replaced_by_id IS NULL"
                " GROUP BY own.id ORDER BY own.id",
                _MOST_NAMED + 1,
                tuple(self.ids),
            )
        )
        found = {}
        for order_id, file, orders in rows:
            found.setdefault(order_id, []).append(
                self.browse(order_id)._approval_make_finding(
                    "original_elsewhere",
                    "sales",
                    "info",
                    file=file,
                    orders=orders[:_MOST_NAMED],
                    has_more=len(orders) > _MOST_NAMED,
                )
            )
        return found

    @api.model
    def _approval_finding_text(self, code, values):
        """EXTENDS 'document_approval'."""
        if code == "original_damaged":
            return self._policy_damage_text(values)
        if code == "original_elsewhere":
            orders = list(values["orders"])
            if values.get("has_more"):
                orders.append(self.env._("others"))
            return self.env._(
                "%(file)s is an original of %(orders)s as well",
                file=values["file"],
                orders=format_list(self.env, orders),
            )
        return super()._approval_finding_text(code, values)

    @api.model
    def _policy_damage_text(self, values):
        if values["damage"] == "missing":
            return self.env._(
                "The original %(file)s cannot be read: its file is missing on the "
                "server. Tell the administrator, or replace it.",
                file=values["file"],
            )
        return self.env._(
            "The original %(file)s is not what was attached: its content was changed "
            "on the server. Tell the administrator, or replace it.",
            file=values["file"],
        )

    def action_classify_originals(self):
        """Open the list of files that can be made originals."""
        self.ensure_one()
        self.check_access("write")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sale_order_policy.sale_order_original_classify_action"
        )
        return {**action, "context": {"default_order_id": self.id}}

    # Portal --------------------------------------------------------------------------

    def _get_mail_thread_data_attachments(self):
        """EXTENDS 'mail': customers see no internal originals among the files."""
        files = super()._get_mail_thread_data_attachments()
        if self.env.user._is_internal():
            return files
        # sudo: which ones are internal is found out for others
        return files - files.sudo()._policy_get_internal()

    def _policy_get_portal_originals(self):
        """Return what the customer may download: current and not internal.

        The caller has checked that the customer may see the order.
        """
        self.ensure_one()
        # sudo: customers have no rights on originals
        return self.sudo().policy_original_ids.filtered(
            lambda original: not original.is_internal and not original.replaced_by_id
        )
