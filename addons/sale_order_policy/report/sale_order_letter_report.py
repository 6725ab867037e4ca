from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date, formatLang


class ReportOrderConfirmationLetter(models.AbstractModel):
    """The order confirmation letter on paper (SPEC B7)."""

    _name = "report.sale_order_policy.report_order_confirmation_letter"
    _description = "Order Confirmation Letter on Paper"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return what the template prints.

        A letter is printed once; afterwards its file is the letter.

        :raise AccessError: when the user may not read one of the letters
        :raise UserError: when one of them has its file already
        """
        letters = self.env["sale.order.letter"].browse(docids).exists()
        letters.check_access("read")
        if letters.filtered("attachment_id"):
            raise UserError(
                self.env._(
                    "This letter has been made already. Open its file from the order."
                )
            )
        # sudo: who may read a letter may read its order, product names and taxes
        return {
            "doc_ids": docids,
            "doc_model": letters._name,
            "letters": [self._get_letter(letter) for letter in letters.sudo()],
        }

    @api.model
    def _get_letter(self, letter_sudo):
        """Return one letter as texts in its own language."""
        lang = letter_sudo._get_lang()
        letter = letter_sudo.with_context(lang=lang)
        order = letter.order_id.with_context(lang=lang)
        rows = [self._get_row(line) for line in order.order_line.sorted()]
        return {
            "letter": letter,
            "lang": lang,
            "order": order,
            "company": letter.company_id.with_context(lang=lang),
            "contact": self._get_contact(order),
            "registration": order.policy_external_number or "",
            "date": letter._get_date_text(),
            "replaced": letter.replaces_id
            and letter._get_date_text(letter.replaces_id.date),
            "delivery": self._get_delivery(letter, order),
            "rows": rows,
            "has": {
                name: any(row.get(name) for row in rows)
                for name in ("specification", "requirement", "discount", "taxes")
            },
            "round": letter.round_number
            if letter.round_id.state == "approved" and not letter.round_id.is_emergency
            else 0,
            "short": letter._get_short_fingerprint(),
            "days": letter.company_id.sale_policy_objection_days or 3,
        }

    @api.model
    def _get_row(self, line):
        """Return an order line as texts."""
        if line.display_type:
            return {"display_type": line.display_type, "text": line.name or ""}
        env = line.env
        first, _newline, rest = (line.name or "").partition("\n")
        digits = env["decimal.precision"].precision_get("Product Unit")
        quantity = formatLang(env, line.product_uom_qty, digits=digits)
        return {
            "display_type": False,
            "product": first or line.product_id.display_name,
            "specification": rest.strip(),
            "requirement": line.policy_requirement or "",
            "quantity": self._strip_zeros(env, quantity),
            "unit": line.product_uom_id.name or "",
            "price": formatLang(env, line.price_unit, dp="Product Price"),
            "discount": line.discount
            and f"{self._strip_zeros(env, formatLang(env, line.discount, digits=2))} %",
            "taxes": ", ".join(
                tax.invoice_label or tax.name for tax in line.tax_ids if tax
            ),
            "amount": format_amount(env, line.price_subtotal, line.currency_id),
        }

    @api.model
    def _strip_zeros(self, env, text):
        """Return a number as text without the zeros behind its decimal point."""
        point = env["res.lang"]._get_data(code=env.context["lang"]).decimal_point
        if point and point in text:
            return text.rstrip("0").rstrip(point)
        return text

    @api.model
    def _get_contact(self, order):
        """Return the contact person with what he can be reached by."""
        person = order.policy_contact_id or order.partner_id
        return ", ".join(
            text for text in (person.name, person.phone, person.email) if text
        )

    @api.model
    def _get_delivery(self, letter, order):
        """Return the delivery date, and whether it is only expected."""
        value = order.commitment_date or order.expected_date
        if not value:
            return {"date": "", "is_promised": False}
        local = fields.Datetime.context_timestamp(
            letter.with_context(tz=letter._get_zone()), value
        )
        return {
            "date": format_date(order.env, local.date()),
            "is_promised": bool(order.commitment_date),
        }
