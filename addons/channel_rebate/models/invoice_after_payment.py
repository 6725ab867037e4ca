from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import formatLang

_FLAG = "channel_invoice_after_payment"


class AccountPaymentTerm(models.Model):
    _inherit = "account.payment.term"

    channel_invoice_after_payment = fields.Boolean(
        string="Invoice After Payment",
        help="Invoices of orders with these terms are posted only when the customer "
        "has paid.",
    )


class SaleOrderType(models.Model):
    _inherit = "sale.order.type"

    channel_invoice_after_payment = fields.Boolean(
        string="Invoice After Payment",
        help="Invoices of orders of this type are posted only when the customer has "
        "paid.",
    )


class AccountMove(models.Model):
    """An invoice comes after the money, where that is agreed (SPEC H6).

    A post-condition, whatever the way to "posted": what the customer has paid and
    nothing has used covers his open invoices of such orders, the new one included.
    """

    _inherit = "account.move"

    def write(self, vals):
        """EXTENDS 'account'."""
        controlled = self.browse()
        if vals.get("state") == "posted":
            controlled = self._channel_get_controlled()
        if not controlled:
            return super().write(vals)
        # of two invoices against the same money, one is rerun (DESIGN 3)
        for company, moves in controlled.grouped("company_id").items():
            self.env["customer.credit.account"]._bump(
                company, moves.commercial_partner_id
            )
        with self.env["sale.order"]._approval_savepoint():
            result = super().write(vals)
            # sudo: books and orders the user may not see count as well
            controlled_sudo = controlled.sudo()
            controlled_sudo._channel_check_content()
            controlled_sudo._channel_check_paid()
        return result

    def _channel_get_controlled(self):
        """Return the customer invoices of orders that are about to be posted."""
        # sudo: orders the user may not see count as well
        moves_sudo = self.sudo().filtered(
            lambda move: move.move_type == "out_invoice" and move.state != "posted"
        )
        found = moves_sudo.filtered(
            lambda move: (
                move._channel_get_orders()._channel_get_after_payment()
                or (
                    move.company_id.root_id.channel_invoice_match
                    and move._channel_get_orders()
                )
            )
        )
        return self.browse(found.ids)

    def _channel_get_orders(self):
        return self.invoice_line_ids.sale_line_ids.order_id

    def _channel_check_paid(self):
        """:raise UserError: naming what is missing, where payment comes first"""
        late = self.filtered(
            lambda move: move._channel_get_orders()._channel_get_after_payment()
        )
        groups = late.grouped(lambda m: (m.company_id.root_id, m.commercial_partner_id))
        for (company, customer), moves in groups.items():
            paid, owed, missing = moves._channel_get_paid(company, customer)
            if company.currency_id.compare_amounts(missing, 0.0) <= 0:
                continue
            raise UserError(
                self.env._(
                    "%(invoices)s: agreed is payment first. %(customer)s has paid "
                    "%(paid)s that nothing has used yet; open invoices, this one "
                    "included, are %(owed)s. Missing: %(missing)s. Book the payment, "
                    "then post the invoice.",
                    invoices=", ".join(moves._channel_get_orders().mapped("name")),
                    customer=customer.display_name,
                    paid=formatLang(self.env, paid, currency_obj=company.currency_id),
                    owed=formatLang(self.env, owed, currency_obj=company.currency_id),
                    missing=formatLang(
                        self.env, missing, currency_obj=company.currency_id
                    ),
                )
            )

    def _channel_get_paid(self, company, customer):
        """Return what is paid and not used yet, what is open, and what is missing.

        Of orders that are invoiced after payment, in the company's currency. Missing
        is netted in each currency first, so that no rate stands between an invoice and
        its payment; what is left over counts at today's rate. Credit notes are no
        payments.
        """
        items = (
            Domain("company_id", "child_of", company.id)
            & Domain("partner_id", "child_of", customer.id)
            & Domain("partner_id.commercial_partner_id", "=", customer.id)
            & Domain("account_type", "=", "asset_receivable")
            & Domain("parent_state", "=", "posted")
            & Domain("reconciled", "=", False)
        )
        order = "move_id.line_ids.sale_line_ids.order_id"
        flagged = Domain(f"{order}.payment_term_id.{_FLAG}", "=", True) | Domain(
            f"{order}.policy_type_id.{_FLAG}", "=", True
        )
        paid = self._channel_sum(
            items & Domain("move_type", "=", "entry") & Domain("balance", "<", 0), -1
        )
        owed = self._channel_sum(
            items & Domain("move_type", "=", "out_invoice") & flagged, 1
        )
        for transaction in self._channel_get_online():
            currency = transaction.currency_id
            paid[currency] = paid.get(currency, 0.0) + transaction.amount
        missing = {
            currency: owed.get(currency, 0.0) - paid.get(currency, 0.0)
            for currency in {*paid, *owed}
        }
        today = fields.Date.context_today(self)
        return tuple(
            sum(
                currency._convert(amount, company.currency_id, company, today)
                for currency, amount in amounts.items()
            )
            for amounts in (paid, owed, missing)
        )

    def _channel_sum(self, domain, sign):
        groups = self.env["account.move.line"]._read_group(
            domain, ["currency_id"], ["amount_residual_currency:sum"]
        )
        return {currency: sign * amount for currency, amount in groups}

    def _channel_get_online(self):
        """Return online payments of the orders that are done and not booked yet."""
        orders = self._channel_get_orders()._channel_get_after_payment()
        return orders.transaction_ids.filtered(
            lambda tx: tx.state == "done" and not tx.payment_id
        )


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _channel_get_after_payment(self):
        """Return those that are invoiced after payment, by terms or by type (H6)."""
        return self.filtered(
            lambda order: order.payment_term_id[_FLAG] or order.policy_type_id[_FLAG]
        )
