from odoo import api, models
from odoo.tools import format_date, format_datetime, formatLang


class OrderAcceptance(models.Model):
    """The slip as texts, for the customer's page and for paper (SPEC I1)."""

    _inherit = "order.acceptance"

    def _prepare_paper(self):
        """Return the slip as plain values, in the language of the context.

        Only what the customer may see. Call it with elevated rights, after the access
        has been checked.
        """
        self.ensure_one()
        order = self.order_id
        seller = order.user_id.partner_id
        place = self.delivery_partner_id or self.partner_id
        return {
            "id": self.id,
            "name": self.name,
            "kind": self.kind,
            "state": self.state,
            "order": order.name or "",
            "reference": order.client_order_ref or "",
            "customer": self.partner_id.commercial_partner_id.display_name,
            "place": self._get_place(place),
            "contact": ", ".join(
                text for text in (seller.name, seller.phone, seller.email) if text
            ),
            "shipment": self.picking_id.name or "",
            "date": format_date(self.env, self.date_ready),
            "result": self._get_label("result"),
            "result_code": self.result,
            "way": self._get_label("way"),
            "signed_by": self.signed_by or "",
            "signed_on": format_datetime(self.env, self.signed_on, dt_format="short")
            if self.signed_on
            else "",
            "signature": self.signature,
            "default_days": self.company_id.handover_acceptance_default_days,
            "lines": [line._prepare_paper() for line in self.line_ids if line.quantity],
        }

    @api.model
    def _get_place(self, partner):
        """Return an address in as few lines as it has."""
        lines = partner._display_address(without_company=True).splitlines()
        text = "\n".join(line.strip() for line in lines if line.strip())
        return text or partner.display_name

    def _get_label(self, name):
        labels = dict(self._fields[name]._description_selection(self.env))
        return labels.get(self[name], "")

    def _prepare_answers(self, form):
        """Return the answers a form of the customer's page holds.

        Names that are no fields of a line are ignored; lines are checked later.

        :param dict form: ``rejected_<line>`` and ``remark_<line>``
        """
        answers = {}
        for key, value in form.items():
            kind, _sep, line = key.partition("_")
            if kind in ("rejected", "remark") and line and value:
                answers.setdefault(line, {})[kind] = value
        return {
            line: answer
            for line, answer in answers.items()
            if answer.get("rejected") not in (None, "", "0")
        }


class OrderAcceptanceLine(models.Model):
    _inherit = "order.acceptance.line"

    def _prepare_paper(self):
        """Return the line as plain values."""
        self.ensure_one()
        return {
            "id": self.id,
            "name": self.name or self.product_id.display_name,
            "lot": self.lot_id.name or "",
            "unit": self.product_uom_id.name or "",
            "most": self.quantity,
            "quantity": self._format(self.quantity),
            "accepted": self._format(self.accepted_qty),
            "rejected": self._format(self.rejected_qty) if self.rejected_qty else "",
            "remark": self.remark or "",
        }

    def _format(self, quantity):
        text = formatLang(self.env, quantity, dp="Product Unit")
        if quantity == int(quantity):
            return formatLang(self.env, quantity, digits=0)
        return text

    def _prepare_part(self, part):
        """Return in words what the customer is about to sign for this line."""
        rejected = part["rejected_qty"]
        return {
            "accepted": self._format(part["accepted_qty"]),
            "rejected": self._format(rejected) if rejected else "",
            "remark": part["remark"] or "",
        }


class ReportOrderAcceptance(models.AbstractModel):
    """The acceptance slip on paper, to be signed or as it was signed (SPEC I1)."""

    _name = "report.order_handover.report_order_acceptance"
    _description = "Acceptance Slip on Paper"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return what the template prints.

        :raise AccessError: when the user may not read one of the slips
        """
        slips = self.env["order.acceptance"].browse(docids).exists()
        slips.check_access("read")
        papers = []
        for slip_sudo in slips.sudo():  # sudo: who may read a slip may print it
            lang = slip_sudo.partner_id.lang or self.env.lang
            papers.append(
                {
                    **slip_sudo.with_context(lang=lang)._prepare_paper(),
                    "lang": lang,
                    "company": slip_sudo.company_id.with_context(lang=lang),
                }
            )
        return {"doc_ids": docids, "doc_model": slips._name, "papers": papers}
