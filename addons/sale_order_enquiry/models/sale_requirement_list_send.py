import hashlib
import json

from odoo import fields, models
from odoo.exceptions import UserError


class SaleRequirementList(models.Model):
    """Freezing, sending, changing a requirement list (SPEC A7)."""

    _inherit = "sale.requirement.list"

    def action_send(self):
        """Freeze the list and mail it to the customer's contact, by a job.

        :raise UserError: when there is nothing to ask, or nobody to write to
        """
        self.check_access("write")
        for document in self:
            if not document._get_receiver():
                raise UserError(
                    self.env._(
                        "%(customer)s has no e-mail address. Enter one on the contact, "
                        "or press “Hand Over Printed”.",
                        customer=document.contact_id.display_name
                        or document.partner_id.display_name,
                    )
                )
        self._freeze("queued")
        self.env["sale.requirement.version"]._wake()
        return True

    def action_hand_over(self):
        """Freeze the list without a mail, and print it.

        :raise UserError: when there is nothing to ask
        """
        self.ensure_one()
        self.check_access("write")
        version_sudo = self._freeze("handed")
        version_sudo._make_file()
        return version_sudo.sudo(False).action_open_pdf()

    def action_revise(self):
        """Open the list for changes; the customer keeps the version he has.

        :raise UserError: for a draft
        """
        self.check_access("write")
        self._bump()
        for document in self:
            if document.state == "draft":
                raise UserError(
                    self.env._("%(list)s is a draft.", list=document.display_name)
                )
            document._write_system(
                {
                    "state": "draft",
                    "version": document.version + 1,
                    "answered_on": False,
                    "answered_by": False,
                    "answered_way": False,
                }
            )
            document._tell_order()
        return True

    def action_cancel(self):
        """End the list; what was sent and answered is kept.

        :raise UserError: when an order stands on it
        """
        self.check_access("write")
        self._bump()
        for document in self:
            order_sudo = document.sudo().order_id  # sudo: its state, whoever asks
            if order_sudo and order_sudo.state != "cancel":
                raise UserError(
                    self.env._(
                        "%(list)s belongs to %(order)s. Take it off the order first, "
                        "or cancel the order.",
                        list=document.display_name,
                        order=order_sudo.name,
                    )
                )
        self._write_system({"state": "cancelled"})
        return True

    def _freeze(self, mail_state):
        """Make a version of each draft.

        :param str mail_state: of the versions: queued, or handed over on paper
        :return: the versions, with elevated rights
        :raise UserError: for what is no draft, or empty
        """
        self._bump()
        # sudo: versions are written by the system only
        versions_sudo = self.env["sale.requirement.version"].sudo()
        for document in self:
            document._check_draft()
            if not document.line_ids:
                raise UserError(
                    self.env._(
                        "%(list)s has no requirement yet. Add what the customer needs.",
                        list=document.display_name,
                    )
                )
            content = document._prepare_content()
            version_sudo = versions_sudo.create(
                {
                    "list_id": document.id,
                    "company_id": document.company_id.id,
                    "version": document.version,
                    "lang": document.lang,
                    "date": fields.Datetime.now(),
                    "content": content,
                    "content_hash": hashlib.sha256(content.encode()).hexdigest(),
                    "state": mail_state,
                }
            )
            document._supersede_versions(version_sudo)
            # sudo: what the customer writes back reaches the salesperson
            document.sudo().message_subscribe(document.user_id.partner_id.ids)
            document._write_system({"state": "sent", "version_id": version_sudo.id})
            versions_sudo |= version_sudo
        return versions_sudo

    def _supersede_versions(self, newer_sudo):
        # sudo: versions are written by the system only
        older_sudo = newer_sudo.list_id.version_ids - newer_sudo
        older_sudo.filtered(lambda version: version.state == "queued").write(
            {"state": "superseded"}
        )

    def _prepare_content(self):
        """Return everything the list states as JSON, in the customer's language."""
        self.ensure_one()
        # sudo: products and people by name, as on the screen
        document_sudo = self.sudo().with_context(lang=self.lang)
        content = {
            "number": document_sudo.name,
            "version": document_sudo.version,
            "date": fields.Date.to_string(self.company_id._sale_enquiry_today()),
            "company": document_sudo.company_id.name,
            "customer": document_sudo.partner_id.commercial_partner_id.name,
            "contact": document_sudo.contact_id.name or "",
            "salesperson": document_sudo.user_id.name or "",
            "note": document_sudo.note or "",
            "lines": [
                {
                    "number": number,
                    "product_id": line.product_id.id,
                    "name": line.name,
                    "specification": line.specification or "",
                    "quantity": line.quantity,
                    "unit": line.uom_id.name or "",
                    "date_wanted": fields.Date.to_string(line.date_wanted) or "",
                    "customisation": line.customisation or "",
                    "service_level": line.service_level_id.name or "",
                    "remark": line.remark or "",
                }
                for number, line in enumerate(document_sudo.line_ids, 1)
            ],
        }
        return json.dumps(content, ensure_ascii=False, sort_keys=True)

    def _prepare_paper(self):
        """Return what is printed: a draft as it is now, else what was sent."""
        self.ensure_one()
        # sudo: what was sent, to whoever may read the list
        version_sudo = self.sudo().version_id
        versions = self.env["sale.requirement.version"]
        if self.state == "draft" or not version_sudo:
            return versions._prepare_paper_of(
                self.env, json.loads(self._prepare_content()), ""
            )
        return version_sudo._prepare_paper()

    # Mail -------------------------------------------------------------------------

    def _get_receiver(self):
        """Return whom at the customer the mail goes to; nobody without an address."""
        self.ensure_one()
        return (self.contact_id | self.partner_id).filtered("email")[:1]

    def _get_mail_words(self, lang):
        """Return subject and body of the mail in the language of the customer."""
        self.ensure_one()
        template = self.env.ref(
            "sale_order_enquiry.mail_template_requirement", raise_if_not_found=False
        )
        if not template:
            raise UserError(
                self.env._("The mail template of requirement lists is missing.")
            )
        self._portal_ensure_token()
        rendered = template.with_context(lang=lang)._generate_template(
            self.with_context(lang=lang).ids, ("subject", "body_html")
        )
        return rendered[self.id]

    def _tell_order(self):
        """Tell who has an order on this list that the list is being changed."""
        self.ensure_one()
        order_sudo = self.sudo().order_id  # sudo: whoever changes the list
        if not order_sudo or order_sudo.state == "cancel":
            return
        order = order_sudo.with_user(self.env.user).sudo()
        order = order.with_context(lang=order._approval_owner().lang)
        order._policy_tell_owner(
            order.env._("Requirement list %(list)s is being changed.", list=self.name),
            summary=order.env._("Requirement list is being changed"),
            also_note=True,
        )
