from odoo import http
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal


class CustomerPortalCredit(CustomerPortal):
    """A customer's own credit, when the company lets customers see it (SPEC D6)."""

    def _prepare_home_portal_values(self, counters):
        """EXTENDS 'portal'."""
        values = super()._prepare_home_portal_values(counters)
        if "credit_count" in counters:
            values["credit_count"] = len(self._get_own_credit_account())
        return values

    def _get_own_credit_account(self):
        """Return the account of the customer who is logged in, or none.

        There is no parameter: nobody can ask for somebody else's.
        """
        user = request.env.user
        # sudo: customers read no credit accounts; this one is their own
        accounts_sudo = request.env["customer.credit.account"].sudo()
        company_sudo = request.env.company.sudo().root_id
        if (
            user._is_public()
            or not company_sudo.credit_portal
            or company_sudo._credit_get_mode() == "off"
        ):
            return accounts_sudo
        return accounts_sudo.search(
            [
                ("company_id", "=", company_sudo.id),
                ("partner_id", "=", user.partner_id.commercial_partner_id.id),
            ],
            limit=1,
        )

    @http.route(
        "/my/credit",
        type="http",
        auth="user",
        website=True,
        readonly=True,
        sitemap=False,
    )
    def portal_my_credit(self, **_kw):
        """Show limit, use and open items; not found when there is nothing to show."""
        account_sudo = self._get_own_credit_account()
        if not account_sudo:
            raise request.not_found()
        values = self._prepare_portal_layout_values()
        values.update(account_sudo._prepare_portal_values())
        values["page_name"] = "credit"
        response = request.render("customer_credit_grade.portal_my_credit", values)
        response.headers["Cache-Control"] = "private, no-store"
        return response
