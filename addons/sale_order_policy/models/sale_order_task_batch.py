from odoo import fields, models
from odoo.fields import Command

from odoo.addons.document_approval.fingerprint import fingerprint_of


class SaleOrderTaskBatch(models.Model):
    """The tasks of one confirmation, made by a job after it (SPEC F1)."""

    _name = "sale.order.task.batch"
    _inherit = ["sale.order.policy.queue"]
    _description = "Order Tasks of a Confirmation"
    _order = "id desc"
    _rec_name = "order_id"

    order_id = fields.Many2one(
        comodel_name="sale.order",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True
    )
    round_id = fields.Many2one(
        comodel_name="document.approval.round",
        string="Approval Round",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    date = fields.Datetime(
        required=True, readonly=True, help="When the order was confirmed."
    )
    state = fields.Selection(
        selection=[
            ("queued", "Queued"),
            ("done", "Done"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ],
        default="queued",
        required=True,
        readonly=True,
        index=True,
    )

    _round_uniq = models.UniqueIndex(
        "(round_id)", "This confirmation has its tasks already."
    )

    def _work(self):
        """EXTENDS: make the tasks of this confirmation, each template's once."""
        self.ensure_one()
        order = self.order_id.with_company(self.company_id)
        if order.state not in order._approval_protected_states:
            self.write({"state": "cancelled"})
            return
        # named in English first: every language translates from there
        templates = (
            self.env["sale.order.task.template"]
            .with_context(lang="en_US")
            .search([("company_id", "=", self.company_id.id)])
        )
        done = {
            (task.template_id, task.content_fingerprint)
            for task in order.policy_task_ids
            if task.state == "done"
        }
        values_list = []
        for template in templates.filtered(lambda t: t._applies_to(order)):
            values = self._prepare_task(template, order)
            if values and (template, values["content_fingerprint"]) not in done:
                values_list.append(values)
        tasks = self.env["sale.order.task"].with_context(
            lang="en_US", mail_create_nolog=True, mail_notrack=True
        )
        tasks = tasks.create(values_list)
        tasks._translate_names()
        tasks._tell_responsible()
        self.write({"state": "done", "error": False})

    def _prepare_task(self, template, order):
        """Return the values of the task, or None when nothing concerns it.

        Frozen as confirmed, and without prices: the department need not be allowed to
        read orders.
        """
        lines = template._get_lines(order)
        if not lines:
            return None
        line_values = [self._prepare_task_line(line) for line in lines]
        place = order.partner_shipping_id
        head = {
            "partner_name": order.partner_id.commercial_partner_id.name,
            "delivery_place": place._display_address(without_company=True).strip(),
        }
        return {
            **head,
            "order_id": order.id,
            "order_name": order.name,
            "batch_id": self.id,
            "template_id": template.id,
            "company_id": self.company_id.id,
            "department_id": template.department_id.id,
            "name": template.name,
            "deadline": template._get_deadline(order, self.date),
            "user_id": template.department_id._get_task_responsible().id,
            "content_fingerprint": fingerprint_of(
                [
                    head,
                    *sorted(
                        [str(value) for value in values.values()]
                        for values in line_values
                    ),
                ]
            ),
            "line_ids": [Command.create(values) for values in line_values],
        }

    def _prepare_task_line(self, line):
        """Return what of an order line concerns a department; no prices."""
        delivery = line.order_id.commitment_date or line._expected_date()
        return {
            "product_id": line.product_id.id,
            "name": line.name,
            "quantity": line.product_uom_qty,
            "product_uom_id": line.product_uom_id.id,
            "requirement": line.policy_requirement or "",
            "delivery_date": delivery
            and fields.Datetime.context_timestamp(
                self.with_context(tz=self.company_id.partner_id.tz or "UTC"), delivery
            ).date(),
        }

    def _fail(self, error):
        """EXTENDS: the owner is told, and tells the departments himself."""
        self.ensure_one()
        self.write({"state": "failed", "error": error})
        order = self.order_id.with_context(lang=self.order_id._approval_owner().lang)
        order._policy_tell_owner(
            order.env._(
                "The tasks of %(order)s could not be made: %(error)s\nThe order stays "
                "confirmed. Tell the departments, or have a sales administrator "
                "remove the cause and press “Again” under Sales, Configuration, Task "
                "Runs.",
                order=order.name,
                error=error,
            ),
            summary=order.env._("Order tasks were not made"),
        )
