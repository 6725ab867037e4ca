from odoo import fields, models
from odoo.fields import Command

from odoo.addons.document_approval.fingerprint import fingerprint_of


class OrderHandoverEvent(models.Model):
    """The handovers an event gives."""

    _inherit = "order.handover.event"

    def _work(self):
        """EXTENDS: make the handover of each stage that begins with this event."""
        self.ensure_one()
        order = self.order_id.with_company(self.company_id)
        if order.state not in order._approval_protected_states:
            self.write({"state": "cancelled"})
            return
        # named in English first: every language translates from there
        stages = (
            self.env["order.handover.stage"]
            .with_context(lang="en_US")
            .search(
                [("company_id", "=", self.company_id.id), ("event", "=", self.kind)]
            )
        )
        known = self._get_known_contents()
        values_list = []
        for stage in stages.filtered(lambda stage: stage._applies_to(order)):
            values = self._prepare_handover(stage, order)
            if values and (stage.id, values["content_fingerprint"]) not in known:
                values_list.append(values)
        rows = self.env["order.handover"].with_context(
            lang="en_US", mail_create_nolog=True, mail_notrack=True
        )
        rows = rows.create(values_list)
        rows._translate_names()
        rows._tell_responsible()
        self.write({"state": "done", "error": False})

    def _get_known_contents(self):
        """Return {(stage id, fingerprint)} of what needs no second handover.

        An order that was confirmed again just as it was received is not handed over
        again; goods and invoices always are.
        """
        if self.kind != "order_confirmed":
            return set()
        rows = self.env["order.handover"].search(
            [("order_id", "=", self.order_id.id), ("state", "=", "received")]
        )
        return {(row.stage_id.id, row.content_fingerprint) for row in rows}

    def _prepare_handover(self, stage, order):
        """Return the values of the handover, or None when there is nothing to it.

        Frozen as it was, and without prices: departments need not be allowed to read
        orders.
        """
        # read by people of the company, whatever the customer's language
        lang = self.company_id.partner_id.lang or "en_US"
        lines = self.with_context(lang=lang)._get_line_values(
            stage, order.with_context(lang=lang)
        )
        if not lines:
            return None
        receiver = stage.receiver_department_id
        deadline = stage._get_deadline(order, self.date)
        partner_name = order.partner_id.commercial_partner_id.name or ""
        content = self._prepare_content(
            stage.with_context(lang=lang), order, partner_name, lines
        )
        return {
            "name": stage.name,
            "order_id": order.id,
            "order_name": order.name,
            "company_id": self.company_id.id,
            "event_id": self.id,
            "stage_id": stage.id,
            "partner_name": partner_name,
            "document": self.document,
            "content": content,
            "content_fingerprint": fingerprint_of([content, lines]),
            "line_ids": [Command.create(values) for values in lines],
            "sender_department_id": stage.sender_department_id.id,
            "sender_id": self._get_sender(stage).id,
            "receiver_department_id": receiver.id,
            "user_id": receiver._get_task_responsible().id,
            "date_sent": self.date,
            "deadline": deadline,
            "date_escalation": deadline,
            "requires_signature": stage.requires_signature,
            "escalate_hours": stage.escalate_hours,
        }

    def _prepare_content(self, stage, order, partner_name, lines):
        """Return what is handed over as text: documents, then products."""
        text = stage._render_content(
            {
                "order": order.name,
                "customer": partner_name,
                "document": self.document or "",
            }
        )
        units = self.env["uom.uom"].with_context(lang=stage.env.lang)
        products = [
            self._describe(line, units.browse(line["product_uom_id"])) for line in lines
        ]
        return "\n".join(part for part in (text, self.document, *products) if part)

    def _describe(self, line, unit):
        name = line["name"].splitlines()[0]
        quantity = f"{line['quantity']:.6f}".rstrip("0").rstrip(".")
        return f"{name} × {quantity} {unit.name}"

    def _get_sender(self, stage):
        """Return who hands over: whose doing it was, else who answers for it."""
        user = self.user_id
        if user.active and user._is_internal():
            return user
        return stage.sender_department_id._get_task_responsible()

    # What is handed over --------------------------------------------------------------

    def _get_sources(self):
        """Return the records that say what is handed over; deleted ones left out."""
        self.ensure_one()
        return self.env[self.source_model].browse(self.source_ids or []).exists()

    def _get_line_values(self, stage, order):
        """Return the values of the lines; without any there is no handover.

        Made to be extended, for other kinds of sources.
        """
        self.ensure_one()
        if self.source_model == "stock.move":
            return self._get_move_lines(order)
        if self.source_model == "account.move":
            return self._get_invoice_lines(order)
        return self._get_order_lines(stage, order)

    def _get_order_lines(self, stage, order):
        result = []
        for line in stage._get_lines(order):
            delivery = order.commitment_date or line._expected_date()
            result.append(
                self._prepare_line(
                    line.product_id,
                    line.product_uom_qty,
                    line.product_uom_id,
                    name=line.name,
                    requirement=line.policy_requirement or "",
                    delivery_date=self._get_local_date(delivery),
                )
            )
        return result

    def _get_move_lines(self, order):
        """Return what was moved; of shared receipts what the order waited for."""
        result = []
        for move in self._get_sources():
            quantity = move.quantity
            if self.kind == "goods_received" and move.sale_line_id.order_id != order:
                awaited = move._handover_get_awaited(order)
                unit = move.product_id.uom_id
                quantity = min(
                    quantity, unit._compute_quantity(awaited, move.product_uom)
                )
            if move.product_uom.compare(quantity, 0.0) > 0:
                result.append(
                    self._prepare_line(move.product_id, quantity, move.product_uom)
                )
        return result

    def _get_invoice_lines(self, order):
        lines = self._get_sources().invoice_line_ids.filtered(
            lambda line: line.product_id and order in line.sale_line_ids.order_id
        )
        return [
            self._prepare_line(
                line.product_id, line.quantity, line.product_uom_id, name=line.name
            )
            for line in lines
        ]

    def _prepare_line(self, product, quantity, unit, name=None, **values):
        """Return the values of a line; no prices."""
        return {
            "product_id": product.id,
            "name": name or product.display_name,
            "quantity": quantity,
            "product_uom_id": (unit or product.uom_id).id,
            **values,
        }

    def _get_local_date(self, moment):
        """Return the day of a moment where the company is, as text."""
        if not moment:
            return False
        local = self.with_context(tz=self.company_id.partner_id.tz or "UTC")
        moment = fields.Datetime.context_timestamp(local, moment)
        return fields.Date.to_string(moment.date())
