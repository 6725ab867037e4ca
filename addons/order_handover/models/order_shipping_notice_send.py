from odoo import api, fields, models
from odoo.exceptions import UserError


class OrderShippingNotice(models.Model):
    """How a shipping notice is made and mailed, once (SPEC H2).

    The mails are rows of Odoo's mail queue, written in the same transaction as the
    state "sent": a process that dies before leaves neither.
    """

    _inherit = "order.shipping.notice"

    @api.model
    def _cron_send(self):
        """Send what waits. Called by the scheduled job, which a delivery wakes."""
        self.env["ir.cron"]._commit_progress(remaining=self._count_queued())
        self._work_off()

    def _work(self):
        """EXTENDS: make the file if there is none yet, then mail it."""
        self.ensure_one()
        notice = self.with_company(self.company_id).with_context(
            allowed_company_ids=self.company_id.ids
        )
        notice._make_file()
        receiver = notice._get_receiver()
        if not receiver:
            notice._lack_address()
            return
        # being named as the author makes nobody a follower
        notice.with_context(mail_post_autofollow_author_skip=True)._post_paper(
            receiver, notice._get_words()
        )
        notice.write(
            {
                "state": "sent",
                "date_sent": fields.Datetime.now(),
                "recipients": notice._get_addresses(receiver),
                "error": False,
            }
        )

    # The file -----------------------------------------------------------------------

    def _get_file_name(self):
        """Return the name of the file, in the customer's language."""
        self.ensure_one()
        return self.with_context(lang=self._get_lang()).env._(
            "Shipping notice %(order)s %(delivery)s.pdf",
            order=self.order_id.name.replace("/", "-"),
            delivery=self.picking_id.name.replace("/", "-"),
        )

    # The mail -----------------------------------------------------------------------

    def _get_receiver(self):
        """Return to whom the notice is mailed; nobody without an address."""
        self.ensure_one()
        receiver = self.order_id._handover_get_receiver()
        return (receiver | self.order_id.partner_id).filtered("email")[:1]

    def _get_words(self):
        """Return subject and body of the mail."""
        template = self.env.ref(
            "order_handover.mail_template_shipping_notice", raise_if_not_found=False
        )
        if not template:
            raise UserError(
                self.env._("The mail template of shipping notices is missing.")
            )
        rendered = template._generate_template(self.ids, ("subject", "body_html"))
        return rendered[self.id]

    # What goes wrong ----------------------------------------------------------------

    def _lack_address(self):
        """Tell the salesperson that nobody at the customer can be written to."""
        self.write({"state": "no_address", "error": False})
        order = self.order_id.with_context(lang=self.order_id._approval_owner().lang)
        order._policy_tell_owner(
            order.env._(
                "The goods of %(delivery)s have left, but %(customer)s has no e-mail "
                "address for the shipping notice. Enter one and press “Send Again” on "
                "the notice, or print it and hand it over.",
                delivery=self.picking_id.name,
                customer=order.partner_id.display_name,
            ),
            summary=order.env._("Shipping notice: e-mail address missing"),
        )

    def _fail(self, error):
        """EXTENDS: the salesperson is told; it can be sent again from its list."""
        self.ensure_one()
        self.write({"state": "failed", "error": error})
        order = self.order_id.with_context(lang=self.order_id._approval_owner().lang)
        order._policy_tell_owner(
            order.env._(
                "The shipping notice of %(delivery)s was not sent: %(error)s\nThe "
                "goods have left. When the cause is removed, press “Send Again” on "
                "the notice.",
                delivery=self.picking_id.name,
                error=error,
            ),
            summary=order.env._("Shipping notice not sent"),
        )

    # On paper -----------------------------------------------------------------------

    def _get_carrier(self):
        """Return carrier and tracking reference as texts. Made to be extended."""
        self.ensure_one()
        return {"carrier": "", "tracking": "", "url": ""}

    def _get_paper(self):
        """Return what the notice states, as texts in the customer's language."""
        self.ensure_one()
        lang = self._get_lang()
        notice = self.with_context(lang=lang)
        picking = notice.picking_id
        moves = picking.move_ids.filtered(lambda move: move.state == "done")
        zone = self._get_zone(self.company_id).zone
        local = fields.Datetime.context_timestamp(self.with_context(tz=zone), self.date)
        keeper = picking.picking_type_id.warehouse_id.partner_id
        return {
            "notice": notice,
            "lang": lang,
            "order": notice.order_id,
            "picking": picking,
            "company": notice.company_id,
            "receiver": picking.partner_id or notice.order_id.partner_shipping_id,
            "contact": notice.order_id._handover_get_receiver(),
            "date": local.date(),
            "keeper": keeper or notice.company_id.partner_id,
            "moves": moves,
            **notice._get_carrier(),
        }
