from odoo import Command
from odoo.tests import new_test_user, tagged

from .exposure_common import ExposureCommon


@tagged("post_install", "-at_install")
class TestExposureParties(ExposureCommon):
    """Who owes whom: debtors, companies, branches, and who asks (DESIGN 4)."""

    def test_debtor_is_who_is_invoiced(self):
        order = self._make_order((self.by_order, 10), partner_invoice_id=self.payer.id)
        self.assertExposure(0.0)
        self.assertExposure(1100.0, self.payer)
        self._invoice(order)
        self.assertExposure(0.0)
        self.assertExposure(1100.0, self.payer, receivable=1100.0, ordered=0.0)

    def test_invoice_address_is_a_contact(self):
        order = self._make_order(
            (self.by_order, 10), partner_invoice_id=self.contact.id
        )
        self.assertExposure(1100.0)
        self._invoice(order)
        self.assertExposure(1100.0, receivable=1100.0)

    def test_invoice_address_of_a_private_person_within(self):
        person = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": self.payer.id, "type": "contact"}
        )
        self._make_order((self.by_order, 10), partner_invoice_id=person.id)
        self.assertExposure(1100.0, self.payer)
        self.assertExposure(0.0)

    def test_invoice_to_another_debtor_than_ordered(self):
        order = self._make_order((self.by_order, 10))
        self._invoice(order, partner_id=self.payer.id)
        self.assertExposure(0.0)
        self.assertExposure(1100.0, self.payer, receivable=1100.0)

    def test_contact_becomes_a_customer_of_its_own(self):
        self._make_order((self.by_order, 10), partner_invoice_id=self.contact.id)
        self.assertExposure(1100.0)
        self.contact.write({"parent_id": False, "is_company": True})
        self.assertExposure(0.0)
        self.assertExposure(1100.0, self.contact)

    # Companies --------------------------------------------------------------------

    def _make_branch(self):
        branch = self.env["res.company"].create(
            {
                "name": "Branch",
                "parent_id": self.company.id,
                "country_id": self.company.country_id.id,
                "account_fiscal_country_id": self.company.account_fiscal_country_id.id,
            }
        )
        self.env.cr.precommit.run()  # loads the chart of accounts
        self.env.user.company_ids |= branch
        return branch

    def test_branches_count_together(self):
        branch = self._make_branch()
        own = self.env(context={**self.env.context, "allowed_company_ids": branch.ids})
        self._make_order((self.by_order, 1))
        order = own["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "company_id": branch.id,
                "order_line": [
                    Command.create(
                        {"product_id": self.service.id, "product_uom_qty": 2}
                    )
                ],
            }
        )
        order.action_confirm()
        total = 110.0 + order.amount_total
        self.assertGreater(order.amount_total, 0)
        for company in (self.company, branch):
            self.assertExposure(total, company=company)
        order.order_line.qty_delivered = 2
        order._create_invoices().action_post()
        for company in (self.company, branch):
            self.assertExposure(total, company=company, ordered=110.0)

    def test_other_companies_do_not_count(self):
        other = self._create_company(name="Other")
        self._make_order((self.by_order, 1))
        self.assertExposure(0.0, company=other)
        self.assertExposure(110.0)
        self.env.user.company_ids |= other
        product = self._make_product("Neutral", "order")
        product.taxes_id = False
        order = (
            self.env["sale.order"]
            .with_company(other)
            .create(
                {
                    "partner_id": self.customer.id,
                    "company_id": other.id,
                    "order_line": [
                        Command.create({"product_id": product.id, "product_uom_qty": 2})
                    ],
                }
            )
        )
        order.action_confirm()
        self.assertExposure(order.amount_total, company=other)
        self.assertExposure(110.0)

    def test_users_company_does_not_matter(self):
        """Native credit figures depend on it."""
        other = self._create_company(name="Other")
        self._make_order((self.by_order, 1))
        self.env.user.company_ids |= other
        exposures = self.env["customer.credit.exposure"].with_company(other)
        found = exposures._get_exposures(self.company, self.customer)
        self.assertEqual(found[self.customer.id].exposure, 110.0)

    def test_users_rights_do_not_matter(self):
        """A salesperson with own documents only gets the same figure."""
        order = self._make_order((self.by_order, 2))
        self._invoice(order, 1)
        seller = new_test_user(
            self.env,
            login="credit_seller",
            groups="sales_team.group_sale_salesman",
            company_id=self.company.id,
        )
        mine = self.env(user=seller)
        self.assertFalse(mine["sale.order"].search([("id", "=", order.id)]))
        account = self.env["customer.credit.account"]._bump(self.company, self.customer)
        self.customer.user_id = seller
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(account.with_user(seller).exposure, 220.0)
        found = mine["customer.credit.exposure"]._get_exposures(
            self.company, self.customer.with_user(seller)
        )
        self.assertEqual(found[self.customer.id].exposure, 220.0)

    def test_all_at_once_is_each_by_itself(self):
        self._make_order((self.by_order, 2))
        order = self._make_order((self.by_delivery, 3), partner=self.contact)
        self._deliver(order, 2)
        self._pay(self._invoice(order), 50)
        self._make_order((self.service, 4), partner=self.payer)
        exposures = self.env["customer.credit.exposure"]
        together = exposures._get_exposures(self.company)
        self.assertIn(self.customer.id, together)
        for partner_id, figures in together.items():
            partner = self.env["res.partner"].browse(partner_id)
            alone = exposures._get_exposures(self.company, partner)[partner_id]
            self.assertEqual(figures, alone)

    def test_one_statement_for_many(self):
        partners = self.env["res.partner"].create(
            [{"name": f"Customer {number}"} for number in range(50)]
        )
        exposures = self.env["customer.credit.exposure"]
        exposures._get_exposures(self.company, partners)
        with self.assertQueryCount(6):
            exposures._get_exposures(self.company, partners)

    # Limits ---------------------------------------------------------------------------

    def test_zero_limit_is_a_limit(self):
        account = self.env["customer.credit.account"]._bump(self.company, self.customer)
        account._credit_apply({"mode": "limited"})
        figures = account._get_figures()[account.id]
        self.assertEqual((figures.headroom, figures.use_percent), (0.0, 0.0))
        self._make_order((self.by_order, 1))
        figures = account._get_figures()[account.id]
        self.assertEqual((figures.headroom, figures.use_percent), (-110.0, 100.0))
