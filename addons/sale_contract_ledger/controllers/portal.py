from odoo import http
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import request
from odoo.tools import consteq, format_date

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

_MODEL = "sale.contract"
#: what customers may see
_SHOWN = ("sent", "signed", "terminated")


class CustomerPortalContract(CustomerPortal):
    """The customer reads, downloads and signs his own contracts (SPEC E1).

    Portal users have no access to the models: everything is looked up here by the
    customer's own company or the token of the contract.
    """

    def _prepare_home_portal_values(self, counters):
        """EXTENDS 'portal'."""
        values = super()._prepare_home_portal_values(counters)
        if "contract_count" in counters:
            contracts_sudo = request.env[_MODEL].sudo()  # sudo: by his own company
            values["contract_count"] = contracts_sudo.search_count(
                self._get_contract_domain()
            )
        return values

    def _get_contract_domain(self):
        """Return which contracts are the visitor's own."""
        partner = request.env.user.partner_id.commercial_partner_id
        return Domain("partner_id", "child_of", partner.id) & Domain(
            "state", "in", _SHOWN
        )

    @http.route(
        ["/my/contracts", "/my/contracts/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        sitemap=False,
    )
    def portal_my_contracts(self, page=1, **_kw):
        """List the contracts of the customer's own company."""
        contracts_sudo = request.env[_MODEL].sudo()  # sudo: by his own company
        domain = self._get_contract_domain()
        pager = portal_pager(
            url="/my/contracts",
            total=contracts_sudo.search_count(domain),
            page=page,
            step=self._items_per_page,
        )
        found = contracts_sudo.search(
            domain, limit=self._items_per_page, offset=pager["offset"]
        )
        values = self._prepare_portal_layout_values()
        values.update(
            {
                "page_name": "contract",
                "default_url": "/my/contracts",
                "pager": pager,
                "rows": [self._prepare_contract(contract) for contract in found],
            }
        )
        return request.render("sale_contract_ledger.portal_my_contracts", values)

    @http.route(
        "/my/contracts/<int:contract_id>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
    )
    def portal_contract(
        self, contract_id, access_token=None, report_type=None, message=None, **_kw
    ):
        """Show one contract, or give its file."""
        contract_sudo = self._get_contract(contract_id, access_token)
        if not contract_sudo:
            return self._refuse_contract()
        if report_type:
            return self._give_contract_file(contract_sudo)
        user = request.env.user
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "contract",
            "access_token": access_token,
            "paper": self._prepare_contract(contract_sudo),
            "done": message == "signed",
            "can_sign": contract_sudo.state == "sent"
            and not contract_sudo.customer_signed
            and not user._is_internal(),
            "default_name": "" if user._is_public() else user.name,
            "sign_url": contract_sudo.get_portal_url(suffix="/sign"),
            "pdf_url": contract_sudo.get_portal_url(report_type="pdf"),
        }
        response = request.render("sale_contract_ledger.portal_contract", values)
        response.headers["Cache-Control"] = "private, no-store"
        return response

    @http.route(
        "/my/contracts/<int:contract_id>/sign",
        type="jsonrpc",
        auth="public",
        website=True,
    )
    def portal_contract_sign(
        self, contract_id, access_token=None, name=None, signature=None
    ):
        """Sign for the customer; called by Odoo's signature form.

        :return: ``{"error": text}``, or where to go
        """
        token = access_token or request.httprequest.args.get("access_token")
        contract_sudo = self._get_contract(contract_id, token)
        if not contract_sudo:
            return {"error": self._get_contract_refusal()}
        user = request.env.user
        if user._is_internal():
            return {"error": request.env._("Only the customer signs here.")}
        if not signature:
            return {"error": request.env._("Sign first.")}
        partner = contract_sudo.partner_id if user._is_public() else user.partner_id
        try:
            contract_sudo._sign(
                "customer",
                "portal",
                name,
                signature=signature,
                partner_id=partner.id,
                address=request.httprequest.remote_addr,
            )
        except UserError as error:
            return {"error": str(error)}
        return {
            "force_refresh": True,
            "redirect_url": contract_sudo.get_portal_url(
                query_string="&message=signed"
            ),
        }

    # Helpers ------------------------------------------------------------------------

    def _get_contract(self, contract_id, access_token):
        """Return the contract with elevated rights if the visitor may see it."""
        # sudo: checked here, by the token or by the visitor's own company
        contract_sudo = request.env[_MODEL].sudo().browse(contract_id).exists()
        if not contract_sudo or contract_sudo.state not in _SHOWN:
            return None
        user = request.env.user
        if isinstance(access_token, str) and access_token:
            if contract_sudo.access_token and consteq(
                contract_sudo.access_token, access_token
            ):
                return contract_sudo
        if user._is_public():
            return None
        if user._is_internal():
            own = request.env[_MODEL].browse(contract_id)
            return contract_sudo if own.has_access("read") else None
        if contract_sudo.commercial_partner_id == user.partner_id.commercial_partner_id:
            return contract_sudo
        return None

    def _prepare_contract(self, contract_sudo):
        """Return what the page shows, as texts."""
        env = contract_sudo.with_context(lang=request.env.lang).env
        states = dict(
            contract_sudo.with_env(env)._fields["state"]._description_selection(env)
        )
        shown = contract_sudo.with_env(env)
        return {
            "id": shown.id,
            "name": shown.name,
            "title": shown._get_title(),
            "date": format_date(env, shown.date),
            "amount": shown.currency_id.format(shown.ledger_amount),
            "delivery": format_date(env, shown.ledger_date_delivery)
            if shown.ledger_date_delivery
            else "",
            "payment": shown.ledger_payment or "",
            "state": shown.state,
            "state_label": states[shown.state],
            "customer_signed": shown.customer_signed,
            "contact": shown.user_id.name or "",
            "articles": [
                (article.name, shown._fill(article.body))
                for article in shown.article_ids
            ],
            "lines": shown._get_paper_lines(),
            "sha256": shown._get_shown_paper().sha256 or "",
            "url": shown.get_portal_url(),
        }

    def _give_contract_file(self, contract_sudo):
        """Return the file as it was sent or signed."""
        file_sudo = contract_sudo._get_shown_paper().attachment_id
        if not file_sudo:
            return self._refuse_contract()
        stream = request.env["ir.binary"]._get_stream_from(file_sudo)
        response = stream.get_response(as_attachment=True)
        response.headers["Cache-Control"] = "no-store"
        return response

    def _get_contract_refusal(self):
        return request.env._(
            "This contract is not yours, or the link is not valid any more. Please ask "
            "your contact person for a new one."
        )

    def _refuse_contract(self):
        response = request.render(
            "sale_contract_ledger.portal_contract_refused",
            {"text": self._get_contract_refusal()},
        )
        response.status_code = 403
        return response
