from odoo import models


class MailTemplate(models.Model):
    _inherit = "mail.template"

    def _generate_template_attachments(
        self, res_ids, render_fields, render_results=None
    ):
        """EXTENDS 'mail': the letter that was made, not one printed anew."""
        results = super()._generate_template_attachments(
            res_ids, render_fields, render_results=render_results
        )
        letter_template = self.env.ref(
            "sale_order_policy.mail_template_letter", raise_if_not_found=False
        )
        if self == letter_template and "attachment_ids" in render_fields:
            orders = self.env["sale.order"].browse(res_ids)
            orders.check_access("read")
            # sudo: who may read an order may send its letter, as just checked
            for order_sudo in orders.sudo():
                file_sudo = order_sudo.policy_letter_id.attachment_id
                values = results[order_sudo.id]
                values["attachment_ids"] = [
                    *values.get("attachment_ids", ()),
                    *file_sudo.ids,
                ]
        return results
