from odoo.fields import Command

from odoo.addons.mail.tests.common import mail_new_test_user
from odoo.addons.sale_order_policy.tests.common import SaleOrderPolicyCommon

#: one red pixel
PIXEL = (
    b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGA"
    b"hKmMIQAAAABJRU5ErkJggg=="
)


class ContractCommon(SaleOrderPolicyCommon):
    """A company whose orders need no approval; the director signs for it.

    The supervisor reviews as sales manager, the lawyer for legal.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.document_approval_mode = "off"
        cls.lawyer, cls.archivist = cls._create_users(
            {
                "lawyer": "base.group_user",
                "archivist": "sale_contract_ledger.group_archivist",
            }
        )
        cls.company._contract_prepare()
        cls.departments["legal"] = (
            cls.env["document.approval.department"]
            .sudo()
            .search([("company_id", "=", cls.company.id), ("code", "=", "legal")])
        )
        cls.departments["legal"].member_ids = cls.lawyer
        cls.contract_flow = (
            cls.env["document.approval.flow"]
            .sudo()
            .with_context(active_test=False)
            .search(
                [("company_id", "=", cls.company.id), ("model", "=", "sale.contract")]
            )
        )
        cls.contract_flow.active = True
        briefings = cls.env["sale.contract.briefing.template"].sudo()
        briefings.search([("company_id", "=", cls.company.id)]).active = False
        cls.product.sudo().taxes_id = [Command.clear()]
        cls.portal_user = mail_new_test_user(
            cls.env(su=True),
            login="contract portal",
            groups="base.group_portal",
            partner_id=cls.partner.id,
        )

    @classmethod
    def _draft(cls, order=None, user=None, **values):
        """Draft a contract of an order as the salesperson, with one article."""
        contracts = cls.env["sale.contract"].with_user(user or cls.salesman)
        contract = contracts.create(
            {
                "kind": "order",
                "partner_id": cls.partner.id,
                "signer_id": cls.director.id,
                "user_id": cls.salesman.id,
                "currency_id": (order or cls.company).currency_id.id,
                "article_ids": [
                    Command.create({"name": "Goods", "body": "<p>{amount}</p>"})
                ],
                **values,
            }
        )
        if order:
            order.contract_id = contract.id
        return contract

    @classmethod
    def _approved(cls, order=None, **values):
        contract = cls._draft(order, **values)
        cls._submit_and_approve(contract)
        return contract

    @classmethod
    def _sent(cls, order=None, **values):
        contract = cls._approved(order, **values)
        contract.action_send()
        return contract

    @classmethod
    def _sign_both(cls, contract, day=None):
        """Let the director and the customer sign."""
        contract.with_user(cls.director).action_sign()
        contract.sudo()._sign(
            "customer", "portal", "Customer", signature=PIXEL.decode(), day=day
        )

    @classmethod
    def _signed(cls, order=None, **values):
        contract = cls._sent(order, **values)
        cls._sign_both(contract)
        return contract

    @classmethod
    def _agreement(cls, contract, kind="change", **values):
        """Draft an agreement from the contract's button."""
        button = "action_change" if kind == "change" else "action_terminate"
        action = getattr(contract, button)()
        agreement = contract.browse(action["res_id"])
        agreement.write({"follow_up": "none", **values})
        return agreement

    def _run_cron(self, name):
        """Run a scheduled job as the scheduler does."""
        with self.enter_registry_test_mode():
            self.env.ref(f"sale_contract_ledger.{name}").method_direct_trigger()
