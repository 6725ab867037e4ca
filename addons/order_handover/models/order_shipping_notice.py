from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL


class OrderShippingNotice(models.Model):
    """A shipping notice (发货通知单): what has left for the customer (SPEC H2).

    One for each delivery that is done, made in the same transaction; mailed once by a
    job. Only the system writes notices, and nobody deletes them.
    """

    _name = "order.shipping.notice"
    _inherit = ["policy.mailed.paper"]
    _description = "Shipping Notice"
    _order = "date desc, id desc"

    _again_states = ("failed", "no_address")
    _paper_report = "order_handover.report_shipping_notice"
    _stated_fields = frozenset(
        {
            "order_id",
            "company_id",
            "picking_id",
            "date",
            "lang",
            "attachment_id",
            "sha256",
        }
    )

    order_id = fields.Many2one(
        comodel_name="sale.order",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    picking_id = fields.Many2one(
        comodel_name="stock.picking",
        string="Delivery",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True
    )
    partner_id = fields.Many2one(related="order_id.partner_id")
    date = fields.Datetime(
        string="Left On", required=True, readonly=True, help="When the goods left."
    )
    deadline = fields.Datetime(
        string="To Be Sent By",
        required=True,
        readonly=True,
        index=True,
        help="The end of the day after the goods left, in the company's time zone.",
    )
    lang = fields.Char(string="Language", readonly=True)
    recipients = fields.Text(string="Sent To", readonly=True)
    attachment_id = fields.Many2one(
        comodel_name="ir.attachment",
        string="File",
        readonly=True,
        ondelete="restrict",
    )
    sha256 = fields.Char(string="SHA-256 of the File", readonly=True)
    state = fields.Selection(
        selection=[
            ("queued", "Queued"),
            ("sent", "Sent"),
            ("no_address", "No Address"),
            ("failed", "Failed"),
        ],
        default="queued",
        required=True,
        readonly=True,
        index=True,
    )
    date_sent = fields.Datetime(string="Sent On", readonly=True)
    is_late = fields.Boolean(
        string="Late",
        compute="_compute_is_late",
        search="_search_is_late",
        help="Not sent by the end of the day after the goods left.",
    )

    _picking_uniq = models.UniqueIndex(
        "(picking_id)", "This delivery has its shipping notice already."
    )
    _attachment_uniq = models.UniqueIndex(
        "(attachment_id) WHERE attachment_id IS NOT NULL",
        "This file is a shipping notice already.",
    )

    @api.depends("order_id", "picking_id")
    def _compute_display_name(self):
        for notice in self:
            notice_sudo = notice.sudo()  # sudo: names, for whoever reads the notice
            notice.display_name = (
                f"{notice_sudo.picking_id.name or ''} ({notice_sudo.order_id.name})"
            )

    @api.depends("deadline", "date_sent")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for notice in self:
            notice.is_late = (
                bool(notice.deadline) and (notice.date_sent or now) > notice.deadline
            )

    def _search_is_late(self, operator, value):
        """Find what is late, sent or not: two columns are compared."""
        if operator != "in":
            return NotImplemented
        query = SQL(
            "(SELECT id FROM order_shipping_notice"
            " WHERE COALESCE(date_sent, %s) > deadline)",
            fields.Datetime.now(),
        )
        late = Domain("id", "in", query)
        wanted = Domain.FALSE
        if True in value:
            wanted |= late
        if False in value:
            wanted |= ~late
        return wanted

    @api.ondelete(at_uninstall=True)
    def _unlink_except_kept(self):
        raise UserError(self.env._("Shipping notices are kept."))

    def _get_kept_file_text(self, file):
        """EXTENDS: it is kept for good."""
        return self.env._(
            "%(file)s is a shipping notice. It is kept as it was made and cannot be "
            "changed, moved or deleted.",
            file=file.name,
        )

    def _get_stated_text(self, field):
        """EXTENDS 'sale_order_policy'."""
        return self.env._(
            "%(field)s of a shipping notice cannot be changed.", field=field
        )

    def _get_not_made_text(self):
        """EXTENDS 'sale_order_policy'."""
        return self.env._(
            "This notice has not been made yet. It is made within some minutes; if it "
            "failed, the notice says why."
        )

    def _get_not_printed_text(self):
        """EXTENDS 'sale_order_policy'."""
        return self.env._("The shipping notice could not be printed.")

    # Making -------------------------------------------------------------------------

    @api.model
    def _create_for(self, pickings):
        """Give deliveries that have left their notice; once, where it is wanted.

        Called by the system in the transaction in which the goods leave.

        :return: the new notices
        """
        # sudo: whoever ships, the system notes it
        pickings_sudo = pickings.sudo().filtered(
            lambda picking: (
                picking.company_id.handover_shipping_notice and picking.sale_id
            )
        )
        if not pickings_sudo:
            return self.browse()
        notices_sudo = self.sudo()  # sudo: no group creates notices
        known = notices_sudo.search([("picking_id", "in", pickings_sudo.ids)])
        new = notices_sudo.create(
            [
                self._prepare_values(picking_sudo)
                for picking_sudo in pickings_sudo - known.picking_id
            ]
        )
        if new:
            self._wake()
        return new

    @api.model
    def _prepare_values(self, picking):
        """Return the values of a notice of ``picking``, which leaves now."""
        now = fields.Datetime.now()
        order = picking.sale_id
        return {
            "order_id": order.id,
            "picking_id": picking.id,
            "company_id": picking.company_id.id,
            "date": now,
            "deadline": self._get_deadline(picking.company_id, now),
            "lang": order._handover_get_receiver().lang or order.partner_id.lang,
            "state": "queued",
        }

    @api.model
    def _get_zone(self, company):
        """Return the time zone in which days of ``company`` begin and end."""
        return pytz.timezone(company.partner_id.tz or "UTC")

    @api.model
    def _get_deadline(self, company, moment):
        """Return the end of the day after ``moment``, both in UTC."""
        zone = self._get_zone(company)
        day = pytz.utc.localize(moment).astimezone(zone).date() + timedelta(days=2)
        end = zone.localize(datetime.combine(day, time.min))
        return end.astimezone(pytz.utc).replace(tzinfo=None) - timedelta(seconds=1)

    @api.model
    def _wake(self):
        """EXTENDS: it has a job of its own."""
        cron = self.env.ref(
            "order_handover.ir_cron_shipping_notice", raise_if_not_found=False
        )
        if cron:
            cron.sudo()._trigger()  # sudo: the warehouse ships
