from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import new_test_user, tagged

from .common import ContractCommon


@tagged("post_install", "-at_install")
class TestContractAttack(ContractCommon):
    """No route to a signed contract, or out of one, but the proper one."""

    def _refused(self, function, *args, **kwargs):
        with self.assertRaises(UserError):
            function(*args, **kwargs)

    def test_no_state_is_written_created_or_defaulted(self):
        contract = self._draft(self._create_order())
        for user in (self.salesman, self.manager, self.env.ref("base.user_admin")):
            for records in (contract.with_user(user), contract.sudo()):
                for state in ("sent", "signed", "terminated", "cancel"):
                    self._refused(records.write, {"state": state})
                self._refused(records.write, {"date_signed": "2020-01-01"})
                self._refused(records.write, {"approval_state": "approved"})
        values = {"partner_id": self.partner.id, "state": "signed"}
        self._refused(contract.create, values)
        self.env["ir.default"].sudo().set("sale.contract", "state", "signed")
        made = contract.with_context(default_state="signed").create(
            {"partner_id": self.partner.id}
        )
        self.assertEqual(made.state, "draft")
        made = contract.with_context(default_state="signed").copy()
        self.assertEqual(made.state, "draft")
        self.assertNotEqual(made.name, contract.name)

    def test_import_and_call_kw_are_the_same(self):
        contracts = self.env["sale.contract"].with_user(self.manager)
        result = contracts.load(
            ["partner_id/.id", "state"], [[str(self.partner.id), "Signed"]]
        )
        self.assertFalse(result["ids"])
        contract = self._draft(self._create_order())
        self._refused(
            call_kw,
            contracts,
            "web_save",
            [[contract.id], {"state": "sent"}],
            {"specification": {}},
        )
        for name in ("_keep", "_sign", "_complete"):
            self._refused(call_kw, contracts, name, [[contract.id]], {})

    def test_papers_and_signatures_are_nobodys_to_make(self):
        contract = self._sent(self._create_order())
        paper = contract.sudo().paper_ids
        values = {
            "contract_id": contract.id,
            "round_id": contract.sudo().approval_round_id.id,
            "side": "customer",
            "way": "portal",
            "name": "Forged",
            "date": "2026-01-01",
        }
        for user in (self.salesman, self.manager, self.env.ref("base.user_admin")):
            signatures = self.env["sale.contract.signature"].with_user(user)
            self._refused(signatures.create, values)
            self._refused(
                contract.with_user(user).write,
                {"signature_ids": [Command.create(values)]},
            )
            self._refused(
                contract.with_user(user).write, {"paper_ids": [Command.clear()]}
            )
        self._refused(paper.write, {"sha256": "0" * 64})
        self._refused(paper.unlink)
        self._refused(paper.with_context(_force_unlink=True).unlink)
        attachment = paper.attachment_id
        for values in ({"raw": b"x"}, {"res_id": 0}, {"public": True}):
            self._refused(attachment.write, values)
            self._refused(attachment.with_user(self.salesman).write, values)

    def test_signed_contracts_are_frozen_for_everybody(self):
        order = self._create_order()
        contract = self._signed(order)
        for records in (contract, contract.with_user(self.manager), contract.sudo()):
            for values in (
                {"amount": 1.0},
                {"partner_id": self.partner.copy().id},
                {"payment_text": "never"},
                {"article_ids": [Command.clear()]},
                {
                    "article_ids": [
                        Command.update(contract.article_ids.id, {"name": "x"})
                    ]
                },
                {"kind": "framework"},
                {"state": "draft"},
                {"signer_id": self.salesman.id},
            ):
                self._refused(records.write, values)
            self._refused(records.article_ids.write, {"body": "<p>x</p>"})
            self._refused(records.article_ids.unlink)
            self._refused(records.unlink)
            self._refused(records.action_cancel)
            self._refused(records.action_take_back)
        self._refused(
            self.env["sale.contract.article"].sudo().create,
            {"contract_id": contract.id, "name": "x", "body": "<p>x</p>"},
        )
        self.assertEqual(contract.amount, 100.0)

    def test_a_draft_article_does_not_wander_into_a_signed_contract(self):
        signed = self._signed(self._create_order())
        draft = self._draft(self._create_order())
        self._refused(draft.article_ids.write, {"contract_id": signed.id})
        self._refused(signed.article_ids.sudo().write, {"contract_id": draft.id})

    def test_the_signed_order_stays_with_its_contract(self):
        order = self._create_order()
        contract = self._signed(order)
        self._refused(order.write, {"contract_id": False})
        self._refused(order.sudo().write, {"contract_id": self._draft().id})
        self._refused(contract.sudo().write, {"order_ids": [Command.unlink(order.id)]})
        other = self._create_order()
        self._refused(other.write, {"contract_id": contract.id})
        self._refused(self._create_order, contract_id=contract.id)

    def test_other_salespeople_see_nothing(self):
        contract = self._signed(self._create_order())
        stranger = self._create_user("stranger", "sales_team.group_sale_salesman")
        portal = new_test_user(
            self.env, login="contract stranger", groups="base.group_portal"
        )
        for user in (stranger, portal, self.portal_user):
            found = self.env["sale.contract"].with_user(user)
            if user == stranger:
                self.assertFalse(found.search([("id", "=", contract.id)]))
            self._refused(found.browse(contract.id).read, ["amount"])
            self._refused(contract.article_ids.with_user(user).read, ["body"])
            self._refused(contract.sudo().paper_ids.with_user(user).read, ["sha256"])
            self._refused(
                contract.sudo().paper_ids.attachment_id.with_user(user).read, ["raw"]
            )

    def test_another_companys_contract_is_refused(self):
        other = self.env["res.company"].sudo().create({"name": "Other"})
        self.manager.sudo().company_ids += other
        order = self._create_order()
        contract = (
            self.env["sale.contract"]
            .with_user(self.manager)
            .with_context(allowed_company_ids=other.ids)
            .create({"partner_id": self.partner.id, "company_id": other.id})
        )
        self._refused(order.sudo().write, {"contract_id": contract.id})
        self.assertFalse(
            self.env["sale.contract"]
            .with_user(self.manager)
            .with_context(allowed_company_ids=self.company.ids)
            .search([("id", "=", contract.id)])
        )
