import logging

from psycopg2 import IntegrityError, OperationalError

from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

#: confirmed orders with goods still to come, of customers who take part
_DUE = """
    WITH open_orders AS (
        SELECT o.id, c.id AS customer,
               GREATEST(o.date_order, asked.moment, told.moment) AS since
          FROM sale_order o
          JOIN res_partner p ON p.id = o.partner_id
          JOIN res_partner c ON c.id = p.commercial_partner_id AND c.active
     LEFT JOIN sale_order_type t ON t.id = o.policy_type_id
     LEFT JOIN LATERAL (
               SELECT max(asked_on) AS moment FROM sale_order_enquiry_line
                WHERE order_id = o.id) asked ON TRUE
     LEFT JOIN LATERAL (
               SELECT max(date) AS moment FROM sale_order_enquiry_answer
                WHERE order_id = o.id AND line_id IS NULL) told ON TRUE
         WHERE o.company_id = %(company)s AND o.state = 'sale'
           AND CASE c.sale_enquiry_rule WHEN 'always' THEN TRUE
                    WHEN 'never' THEN FALSE
                    ELSE COALESCE(t.takes_part_in_enquiries, TRUE) END
           AND EXISTS (
               SELECT 1 FROM sale_order_line l
                WHERE l.order_id = o.id AND l.display_type IS NULL
                  AND l.qty_delivered_method = 'stock_move'
                  AND l.product_uom_qty > COALESCE(l.qty_delivered, 0))
    )
    SELECT customer, array_agg(id ORDER BY id) FROM open_orders
     GROUP BY customer HAVING min(since) <= %(before)s ORDER BY customer
"""


class SaleOrderEnquiry(models.Model):
    """Who is asked when (SPEC A6)."""

    _inherit = "sale.order.enquiry"

    @api.model
    def _cron_ask(self):
        """Ask whose turn it is, then follow up who has not answered.

        Called by the scheduled job only: it commits. Each customer by himself: what
        was made before a crash is not made again.
        """
        crons = self.env["ir.cron"]
        now = fields.Datetime.now()
        todo = [
            (company, partner_id, order_ids)
            for company in self.env["res.company"].search(
                [("sale_enquiry_days", ">", 0)]
            )
            for partner_id, order_ids in self._get_due(company, now)
        ]
        crons._commit_progress(remaining=len(todo))
        for company, partner_id, order_ids in todo:
            self._make_safely(company, partner_id, order_ids)
            if not crons._commit_progress(1):
                return
        self._follow_up_all()

    @api.model
    def _get_due(self, company, now):
        """Return whom to ask: [(commercial partner id, ids of his open orders)]."""
        self.env.flush_all()
        before = company._sale_enquiry_get_due_before(now, company.sale_enquiry_days)
        return self.env.execute_query(SQL(_DUE, company=company.id, before=before))

    @api.model
    def _make_safely(self, company, partner_id, order_ids):
        """Make one enquiry; a rival leaves it to a later run.

        :return: the enquiry, or nothing
        """
        try:
            with self.env.cr.savepoint():
                enquiry = self._make(company, partner_id, order_ids)
                self.env.flush_all()
                return enquiry
        except OperationalError as error:  # somebody answers the last one: next run
            self.env.cr.rollback()
            self.env.invalidate_all(flush=False)
            _logger.info("Enquiry of partner %s: next run, %s", partner_id, error)
        except IntegrityError as error:  # two jobs: the other one has asked
            self.env.invalidate_all(flush=False)
            _logger.info("Enquiry of partner %s: asked already, %s", partner_id, error)
        return self.browse()

    @api.model
    def _make(self, company, partner_id, order_ids):
        """Make the enquiry of one customer; an earlier one is closed by that.

        :return: the enquiry, queued to be mailed
        """
        partner = self.env["res.partner"].browse(partner_id)
        orders = self.env["sale.order"].browse(order_ids).with_company(company)
        earlier = self.search(
            [
                ("company_id", "=", company.id),
                ("partner_id", "=", partner_id),
                ("is_current", "=", True),
            ]
        )
        earlier._close()
        numbers = self.env["ir.sequence"].with_company(company)
        now = fields.Datetime.now()
        lang = self._get_active_lang(company, partner.lang, orders[:1].partner_id.lang)
        owner = (partner.user_id | orders.user_id).filtered(
            lambda user: user.active and not user.share
        )[:1]
        enquiry = self.with_context(mail_auto_subscribe_no_notify=True).create(
            {
                "name": numbers.next_by_code(self._name) or partner.display_name,
                "company_id": company.id,
                "partner_id": partner_id,
                "user_id": owner.id,
                "lang": lang,
                "asked_on": now,
                "line_ids": [
                    Command.create(self._prepare_line_values(order, lang, now, partner))
                    for order in orders
                ],
            }
        )
        # what the customer writes back reaches the salesperson
        enquiry.message_subscribe(owner.partner_id.ids)
        self._wake()
        return enquiry.with_context(mail_auto_subscribe_no_notify=False)

    @api.model
    def _prepare_line_values(self, order, lang, now, partner):
        """Return what is asked about one order, frozen as it is now."""
        order = order.with_context(lang=lang)
        date = order.commitment_date or order.expected_date
        goods = [
            {
                "name": line.product_id.display_name or line.name,
                "open": line.product_uom_qty - line.qty_delivered,
                "ordered": line.product_uom_qty,
                "unit": line.product_uom_id.name or "",
            }
            for line in order.order_line
            if not line.display_type
            and line.qty_delivered_method == "stock_move"
            and line.product_uom_qty > line.qty_delivered
        ]
        return {
            "order_id": order.id,
            "company_id": order.company_id.id,
            "partner_id": partner.id,
            "order_name": order.name,
            "order_reference": order.client_order_ref,
            "delivery_date": date and order.company_id._sale_enquiry_today(date),
            "goods": goods,
            "asked_on": now,
            "state": "waiting",
        }

    def _close(self):
        """End enquiries: a newer one asks, who has not answered was silent."""
        if not self:
            return
        self._bump()
        self.line_ids.filtered(lambda line: line.state == "waiting")._write_system(
            {"state": "silent"}
        )
        self._write_system({"is_current": False})
        self.filtered(lambda enquiry: enquiry.state != "answered")._write_system(
            {"state": "closed"}
        )
        self.env.flush_all()
