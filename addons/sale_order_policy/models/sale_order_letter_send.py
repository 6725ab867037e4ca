from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_list


class SaleOrderLetter(models.Model):
    """How a letter is made and mailed, once (SPEC B7).

    The mails are rows of Odoo's mail queue that are written in the same transaction
    as the state "sent". A process that dies before leaves neither; after it, the
    queue sends them.
    """

    _inherit = "sale.order.letter"

    @api.model
    def _cron_follow_confirmations(self):
        """Make what follows the confirmations: tasks first, then letters.

        Called by the scheduled job, which a confirmation wakes.
        """
        batches = self.env["sale.order.task.batch"]
        self.env["ir.cron"]._commit_progress(
            remaining=batches._count_queued() + self._count_queued()
        )
        if batches._work_off():
            self._work_off()

    def _work(self):
        """EXTENDS: make the file if there is none yet, then mail it."""
        self.ensure_one()
        order = self.order_id
        if order.state not in order._approval_protected_states:
            self.write({"state": "superseded"})
            return
        letter = self.with_company(self.company_id).with_context(
            allowed_company_ids=self.company_id.ids
        )
        letter._make_file()
        customer = letter._get_customer()
        if not customer:
            letter._lack_address()
            return
        recipients = customer | order.user_id.partner_id.filtered("email")
        letter._post(recipients)
        letter.write(
            {
                "state": "sent",
                "date_sent": fields.Datetime.now(),
                "recipients": letter._get_addresses(recipients),
                "error": False,
            }
        )

    # The mail ----------------------------------------------------------------------

    def _get_customer(self):
        """Return whom at the customer the letter goes to; nobody without an address."""
        self.ensure_one()
        order = self.order_id
        customer = order.partner_id
        # whoever else is named as the contact, the letter is the customer's
        contact = order.policy_contact_id.filtered(
            lambda c: c.commercial_partner_id == customer.commercial_partner_id
        )
        return (contact | customer).filtered("email")[:1]

    def _post(self, recipients):
        """Put the letter in the order's history and its mails in the mail queue."""
        order = self.order_id
        template = self.env.ref(
            "sale_order_policy.mail_template_letter", raise_if_not_found=False
        )
        if not template:
            raise UserError(
                self.env._("The mail template of confirmation letters is missing.")
            )
        rendered = template._generate_template(order.ids, ("subject", "body_html"))
        values = rendered[order.id]
        self._post_paper(recipients, values)

    # What goes wrong ---------------------------------------------------------------

    def _lack_address(self):
        """Tell the owner that nobody at the customer can be written to."""
        self.write({"state": "no_address", "error": False})
        order = self.order_id.with_context(lang=self.order_id._approval_owner().lang)
        names = (order.policy_contact_id | order.partner_id).mapped("display_name")
        order._policy_tell_owner(
            order.env._(
                "The confirmation letter of %(order)s is ready, but %(people)s has no "
                "e-mail address. Enter one and press “Send Again” on the letter, or "
                "print the letter and hand it over.",
                order=order.name,
                people=format_list(order.env, names),
            ),
            summary=order.env._("Confirmation letter: e-mail address missing"),
        )

    def _fail(self, error):
        """EXTENDS: the owner is told; the letter can be sent again from its list."""
        self.ensure_one()
        self.write({"state": "failed", "error": error})
        order = self.order_id.with_context(lang=self.order_id._approval_owner().lang)
        order._policy_tell_owner(
            order.env._(
                "The confirmation letter of %(order)s was not sent: %(error)s\n"
                "The order stays confirmed. When the cause is removed, press “Send "
                "Again” on the letter.",
                order=order.name,
                error=error,
            ),
            summary=order.env._("Confirmation letter not sent"),
        )
