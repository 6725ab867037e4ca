from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class SaleRequirementList(models.Model):
    """The order that follows a confirmed requirement list (SPEC A7)."""

    _inherit = "sale.requirement.list"

    def action_create_order(self):
        """Make the order, once, with the requirements on its lines; open it.

        :raise UserError: as long as the customer has not confirmed
        """
        self.ensure_one()
        self.check_access("write")
        self._bump()
        if not self.order_id:
            if self.state != "confirmed":
                raise UserError(
                    self.env._(
                        "%(list)s is not confirmed by the customer yet.",
                        list=self.display_name,
                    )
                )
            orders = self.env["sale.order"].with_company(self.company_id)
            order = orders.create(self._prepare_order_values())
            self._write_system({"order_id": order.id})
            self._hand_proofs_over(order)
        return self.action_open_order()

    def action_open_order(self):
        """Open the order of this list."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": self.order_id.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def _prepare_order_values(self):
        """Return the values of the order. Made to be extended."""
        self.ensure_one()
        dates = self.line_ids.filtered("date_wanted").mapped("date_wanted")
        values = {
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "user_id": (self.user_id or self.env.user).id,
            "origin": self.name,
            "order_line": [
                Command.create(line._prepare_order_line_values())
                for line in self.line_ids
            ],
        }
        if dates:  # the earliest: no requirement comes late
            values["commitment_date"] = self.company_id._sale_enquiry_end_of_day(
                min(dates)
            ).replace(second=0)
        if self.contact_id and not self.contact_id.is_company:
            values["policy_contact_id"] = self.contact_id.id
        return values

    def _hand_proofs_over(self, order):
        """Make the confirmed list and the customer's reply originals of the order."""
        kind = self.env.ref(
            "sale_order_enquiry.sale_original_kind_requirement",
            raise_if_not_found=False,
        )
        # sudo: the proofs of a list the user may write
        version_sudo = self.sudo().version_id
        answers_sudo = version_sudo.answer_ids.filtered(lambda a: a.kind == "confirm")
        files_sudo = version_sudo.attachment_id | answers_sudo[:1].attachment_ids
        vals_list = [
            {
                "order_id": order.id,
                "name": file_sudo.name,
                "content": file_sudo.raw,
                "kind_id": kind.id if kind else None,
                "note": self.display_name,
            }
            for file_sudo in files_sudo
            if file_sudo.raw
        ]
        if vals_list:
            self.env["sale.order.original"]._create_from_files(vals_list)

    # Linking ----------------------------------------------------------------------

    def _check_linkable(self, order_id):
        """Refuse another order than one of the same customer that is still open.

        :raise UserError: naming the order
        """
        order = self.env["sale.order"].browse(order_id or ()).exists()
        order.check_access("write")
        self._bump()
        for document in self:
            now_sudo = document.sudo().order_id  # sudo: of whomever it is
            if now_sudo == order:
                continue
            now_sudo._requirement_check_open()
            order._requirement_check_open()
            if order and (
                order.company_id != document.company_id
                or order.partner_id.commercial_partner_id
                != document.partner_id.commercial_partner_id
            ):
                raise UserError(
                    self.env._(
                        "%(order)s is an order of another customer or company.",
                        order=order.name,
                    )
                )


class SaleRequirementLine(models.Model):
    _inherit = "sale.requirement.line"

    def _prepare_order_line_values(self):
        """Return the values of an order line; of a note for what is no product yet."""
        self.ensure_one()
        if not self.product_id:
            return {
                "display_type": "line_note",
                "name": self._get_requirement_text(with_name=True),
            }
        values = {
            "product_id": self.product_id.id,
            "product_uom_qty": self.quantity,
            "product_uom_id": self.uom_id.id,
        }
        if text := self._get_requirement_text():
            values["policy_requirement"] = text
        return values

    def _get_requirement_text(self, with_name=False):
        """Return in one line what the customer asks for beyond the product."""
        self.ensure_one()
        parts = [self.specification, self.customisation]
        if with_name:
            parts = [f"{self.name} {self.quantity:g} {self.uom_id.name or ''}", *parts]
        if any(parts):  # alone they are nothing technical, and need no joint review
            days = set(self.list_id.line_ids.mapped("date_wanted")) - {False}
            if self.date_wanted and (with_name or len(days) > 1):
                parts.append(fields.Date.to_string(self.date_wanted))
            parts += [self.service_level_id.name, self.remark]
        return "; ".join(part.strip() for part in parts if part)
