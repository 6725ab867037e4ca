from odoo import api, fields, models
from odoo.tools import SQL

#: one row per confirmation that wants a letter, and one that wants tasks
_QUEUE = """
    WITH confirmed AS (
        SELECT o.id AS order_id, o.company_id, r.id AS round_id, r.number,
               r.fingerprint, COALESCE(p.lang, own.lang, 'en_US') AS lang,
               c.sale_policy_letter AS letter, c.sale_policy_tasks AS tasks
          FROM sale_order o
          JOIN res_company c ON c.id = o.company_id
          JOIN res_partner own ON own.id = c.partner_id
          JOIN res_partner p ON p.id = o.partner_id
          JOIN document_approval_round r ON r.id = o.approval_round_id
               AND r.res_model = 'sale.order' AND r.res_id = o.id
         WHERE o.id = ANY(%(orders)s) AND o.state = ANY(%(states)s)
    ), letters AS (
        INSERT INTO sale_order_letter (
            order_id, company_id, round_id, round_number, fingerprint, lang, version,
            replaces_id, date, state, attempts,
            create_uid, create_date, write_uid, write_date)
        SELECT f.order_id, f.company_id, f.round_id, f.number, f.fingerprint, f.lang,
               COALESCE(l.version, 0) + 1, l.id, %(now)s, 'queued', 0,
               %(uid)s, %(now)s, %(uid)s, %(now)s
          FROM confirmed f
     LEFT JOIN LATERAL (
               SELECT id, version FROM sale_order_letter
                WHERE order_id = f.order_id ORDER BY version DESC LIMIT 1) l ON TRUE
         WHERE f.letter
            ON CONFLICT DO NOTHING RETURNING id
    ), batches AS (
        INSERT INTO sale_order_task_batch (
            order_id, company_id, round_id, date, state, attempts,
            create_uid, create_date, write_uid, write_date)
        SELECT f.order_id, f.company_id, f.round_id, %(now)s, 'queued', 0,
               %(uid)s, %(now)s, %(uid)s, %(now)s
          FROM confirmed f
         WHERE f.tasks
            ON CONFLICT DO NOTHING RETURNING id
    )
    SELECT id FROM letters UNION ALL SELECT id FROM batches
"""
#: the same letters and batches, when the order is confirmed no longer
_WITHDRAW = """
    WITH letters AS (
        UPDATE sale_order_letter SET state = 'superseded'
         WHERE order_id = ANY(%(orders)s) AND state <> 'superseded' RETURNING id
    ), batches AS (
        UPDATE sale_order_task_batch SET state = 'cancelled'
         WHERE order_id = ANY(%(orders)s) AND state <> 'cancelled' RETURNING id
    )
    SELECT id FROM letters UNION ALL SELECT id FROM batches
"""


class SaleOrder(models.Model):
    """What follows a confirmation: a letter to the customer, tasks for departments."""

    _inherit = "sale.order"

    policy_letter_ids = fields.One2many(
        comodel_name="sale.order.letter",
        inverse_name="order_id",
        string="Confirmation Letters",
        readonly=True,
        copy=False,
        groups="sales_team.group_sale_salesman",
    )
    policy_letter_count = fields.Integer(
        string="Letters",
        compute="_compute_policy_letter_id",
        groups="sales_team.group_sale_salesman",
    )
    policy_letter_id = fields.Many2one(
        comodel_name="sale.order.letter",
        string="Current Confirmation Letter",
        compute="_compute_policy_letter_id",
        groups="sales_team.group_sale_salesman",
        help="The newest version, unless the order was cancelled since.",
    )

    @api.depends("policy_letter_ids.state", "policy_letter_ids.version")
    def _compute_policy_letter_id(self):
        for order in self:
            letters = order.policy_letter_ids
            valid = letters.filtered(lambda letter: letter.state != "superseded")
            order.policy_letter_id = valid.sorted("version")[-1:]
            order.policy_letter_count = len(letters)

    def write(self, vals):
        """EXTENDS 'sale': letters and open tasks end with the confirmation."""
        result = super().write(vals)
        if "state" in vals and vals["state"] not in self._approval_protected_states:
            self._policy_withdraw_confirmation()
        return result

    def _approval_enter(self, gated):
        """EXTENDS 'document_approval': queue what follows the confirmation.

        The gate sees every order that becomes confirmed, by whatever route: button,
        signature, payment, resumed order, import, RPC and creation all end in
        ``write`` or ``create``, whose resulting values it checks. It knows the orders
        of controlled companies only, has just marked their round as applied, and runs
        in the savepoint of the confirmation: what it refuses queues nothing.
        """
        result = super()._approval_enter(gated)
        self._policy_queue_confirmation()
        return result

    def _policy_queue_confirmation(self):
        """Queue letters and tasks in one statement, and wake the job."""
        # sudo: customers confirm orders too; the switches of their company
        companies_sudo = self.sudo().company_id
        if not any(
            company.sale_policy_letter or company.sale_policy_tasks
            for company in companies_sudo
        ):
            return
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                _QUEUE,
                orders=self.ids,
                states=list(self._approval_protected_states),
                now=fields.Datetime.now(),
                uid=self.env.uid,
            )
        )
        if rows:
            self._policy_forget_confirmation()
            self.env["sale.order.letter"]._wake()

    def _policy_withdraw_confirmation(self):
        """End letters, queued work and open tasks of orders confirmed no longer."""
        if not self.ids:
            return
        # before what is queued is ended: the job may be working on it
        self.env["sale.order.letter"].flush_model(["state"])
        self.env["sale.order.task.batch"].flush_model(["state"])
        rows = self.env.execute_query(SQL(_WITHDRAW, orders=self.ids))
        if rows:
            self._policy_forget_confirmation()
            # sudo: tasks of other departments end as well
            self.env["sale.order.task"].sudo()._cancel_of_orders(self)

    def _policy_forget_confirmation(self):
        """Have what was written past the ORM be read again."""
        self.invalidate_recordset(
            ["policy_letter_ids", "policy_letter_id", "policy_letter_count"],
            flush=False,
        )
        for name in ("sale.order.letter", "sale.order.task.batch"):
            self.env[name].invalidate_model(flush=False)

    # Instead of Odoo's own confirmation ----------------------------------------------

    def _send_order_notification_mail(self, mail_template, allow_deferred_sending=True):
        """EXTENDS 'sale': no second mail beside the letter.

        All confirmation mails pass here: of customers' signatures and payments, of
        shops, of quotation templates, at once or later.
        """
        # sudo: customers confirm orders too
        if self.sudo().policy_letter_id and (
            mail_template == self._get_confirmation_template()
        ):
            return None
        return super()._send_order_notification_mail(
            mail_template, allow_deferred_sending=allow_deferred_sending
        )

    def _find_mail_template(self):
        """EXTENDS 'sale': who sends a confirmed order sends its letter."""
        # sudo: whoever may send the order; only whether there is one
        letter_sudo = self.sudo().policy_letter_id
        if letter_sudo.attachment_id and not self.env.context.get("proforma"):
            template = self.env.ref(
                "sale_order_policy.mail_template_letter", raise_if_not_found=False
            )
            if template:
                return template
        return super()._find_mail_template()

    # Looking at them -----------------------------------------------------------------

    def action_policy_letters(self):
        """Show the confirmation letters of this order."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sale_order_policy.sale_order_letter_action"
        )
        return {**action, "domain": [("order_id", "=", self.id)], "context": {}}
