from odoo import Command, fields
from odoo.tests import Form

from odoo.addons.sale.tests.common import TestSaleCommon


class ExposureCommon(TestSaleCommon):
    """Plain Odoo documents of a customer, and what the exposure makes of them.

    The company counts in dollars; a euro is worth half a dollar. Prices are 100 and
    10 % tax comes on top unless a test says otherwise.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.euro = cls.setup_other_currency("EUR", rates=[("1900-01-01", 2.0)])
        cls.customer, cls.payer = cls.env["res.partner"].create(
            [
                {"name": "Customer", "is_company": True},
                {"name": "Payer", "is_company": True},
            ]
        )
        cls.contact = cls.env["res.partner"].create(
            {"name": "Office", "parent_id": cls.customer.id, "type": "invoice"}
        )
        cls.tax = cls._make_tax(10)
        cls.by_order = cls._make_product("By order", "order")
        cls.by_delivery = cls._make_product("By delivery", "delivery")
        cls.service = cls._make_product(
            "Service", "delivery", type="service", service_type="manual"
        )
        cls.euro_pricelist = cls.env["product.pricelist"].create(
            {"name": "Euro", "currency_id": cls.euro.id}
        )

    @classmethod
    def get_default_groups(cls):
        return (
            super().get_default_groups()
            | cls.quick_ref("stock.group_stock_manager")
            | cls.quick_ref("product.group_product_manager")
        )

    @classmethod
    def _make_tax(cls, amount, **values):
        return cls.env["account.tax"].create(
            {
                "name": f"{amount} % {values}",
                "amount": amount,
                "price_include_override": "tax_excluded",
                **values,
            }
        )

    @classmethod
    def _make_product(cls, name, policy, **values):
        return cls._create_product(
            name=name,
            list_price=100.0,
            invoice_policy=policy,
            taxes_id=[Command.set(cls.tax.ids)],
            **{"type": "consu", **values},
        )

    # Documents ----------------------------------------------------------------------

    def _make_order(self, *lines, confirm=True, partner=None, **values):
        """Create an order of ``(product, quantity)`` or dicts of line values."""
        commands = []
        for line in lines:
            if not isinstance(line, dict):
                line = {"product_id": line[0].id, "product_uom_qty": line[1]}
            commands.append(Command.create(line))
        order = self.env["sale.order"].create(
            {
                "partner_id": (partner or self.customer).id,
                "order_line": commands,
                **values,
            }
        )
        if confirm:
            order.action_confirm()
        return order

    def _deliver(self, order, quantity, backorder=True, line=None):
        """Deliver of the first line by the next open transfer, of others nothing."""
        line = line or order.order_line[0]
        move = line.move_ids.filtered(
            lambda m: m.state not in ("done", "cancel")
            and m.location_dest_id.usage == "customer"
        )[:1]
        self._do_move(move, quantity, backorder)
        return move

    def _do_move(self, move, quantity, backorder=True):
        move.quantity = quantity
        move.picked = True
        picking = move.picking_id
        picking.with_context(
            skip_backorder=True,
            skip_sms=True,
            picking_ids_not_to_backorder=[] if backorder else picking.ids,
        ).button_validate()

    def _return(self, move, quantity, to_refund=True):
        """Take goods back."""
        wizard = Form(
            self.env["stock.return.picking"].with_context(
                active_id=move.picking_id.id, active_model="stock.picking"
            )
        ).save()
        for row in wizard.product_return_moves:
            row.quantity = quantity if row.move_id == move else 0
            row.to_refund = to_refund
        returned = wizard._create_return().move_ids
        self._do_move(returned, quantity)
        return returned

    def _invoice(self, order, quantity=None, post=True, **values):
        """Invoice what is to be invoiced, or a quantity of the first line."""
        invoice = order._create_invoices(final=True)
        if quantity is not None:
            row = order.order_line[0].invoice_lines & invoice.invoice_line_ids
            (invoice.invoice_line_ids - row).unlink()
            row.quantity = quantity
        if values:
            invoice.write(values)
        if post:
            invoice.action_post()
        return invoice

    def _pay(self, invoice, amount=None, **values):
        """Register a payment of an invoice, of part of it with an amount."""
        if amount is not None:
            values["amount"] = amount
        return self._register_payment(invoice, **values)

    def _pay_ahead(self, amount, partner=None, **values):
        """Book a payment that is not applied to anything."""
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": (partner or self.customer).id,
                "amount": amount,
                **values,
            }
        )
        payment.action_post()
        return payment

    def _refund(self, invoice, quantity=None, price=None, post=True):
        """Credit an invoice, of its first line a quantity or at another price."""
        wizard = self.env["account.move.reversal"].create(
            {
                "move_ids": [Command.set(invoice.ids)],
                "journal_id": invoice.journal_id.id,
                "company_id": invoice.company_id.id,
            }
        )
        wizard.reverse_moves()
        refund = wizard.new_move_ids
        row = refund.invoice_line_ids[0]
        if quantity is not None:
            row.quantity = quantity
        if price is not None:
            row.price_unit = price
        if post:
            refund.action_post()
        return refund

    def _down_payment(self, order, amount, method="percentage", post=True):
        field = "amount" if method == "percentage" else "fixed_amount"
        wizard = (
            self.env["sale.advance.payment.inv"]
            .with_context(active_model="sale.order", active_ids=order.ids)
            .create({"advance_payment_method": method, field: amount})
        )
        known = order.invoice_ids
        wizard.create_invoices()
        invoice = order.invoice_ids - known
        if post:
            invoice.action_post()
        return invoice

    def _journal_item(self, account, amount, partner=None, day=None, due=None):
        """Post a miscellaneous entry; a positive amount is owed by the customer."""
        other = self.company_data["default_account_revenue"]
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": day or fields.Date.today(),
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account.id,
                            "partner_id": (partner or self.customer).id,
                            "balance": amount,
                            "date_maturity": due,
                        }
                    ),
                    Command.create({"account_id": other.id, "balance": -amount}),
                ],
            }
        )
        entry.action_post()
        return entry

    def _items(self, entries):
        return entries.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )

    def _reconcile(self, *entries):
        self._items(self.env["account.move"].union(*entries)).reconcile()

    # Figures ------------------------------------------------------------------------

    def _figures(self, partner=None, company=None, **options):
        partner = partner or self.customer
        exposures = self.env["customer.credit.exposure"]
        return exposures._get_exposures(company or self.company, partner, **options)[
            partner.commercial_partner_id.id
        ]

    def assertExposure(self, total, partner=None, company=None, **parts):
        """Check the exposure and named components, to the cent."""
        figures = self._figures(partner, company)
        found = {name: float(getattr(figures, name)) for name in parts}
        self.assertEqual(
            {"exposure": round(float(figures.exposure), 6), **found},
            {"exposure": total, **parts},
            f"{figures}",
        )
