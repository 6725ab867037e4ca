from odoo.tests import TransactionCase, new_test_user, tagged

ROLES = {
    "employee": "base.group_user",
    "salesperson": "sales_team.group_sale_salesman",
    "sales manager": "sales_team.group_sale_manager",
    "storekeeper": "stock.group_stock_user",
    "accountant": "account.group_account_user",
    "reviewer": "document_approval.group_reviewer",
    "credit officer": "customer_credit_grade.group_officer",
    "credit administrator": "customer_credit_grade.group_manager",
    "portal": "base.group_portal",
    "public": "base.group_public",
}
#: what each role may do with the records of a model, in the order of the roles:
#: create, read, update, delete. Record rules narrow it further.
MATRIX = {
    "customer.credit.account": ("", "r", "r", "", "", "", "cru", "cru", "", ""),
    "customer.credit.ageing": ("", "r", "r", "", "", "", "r", "r", "", ""),
    "customer.credit.ageing.wizard": (
        "",
        "cru",
        "cru",
        "",
        "",
        "",
        "cru",
        "cru",
        "",
        "",
    ),
    "customer.credit.alert": ("r", "r", "r", "r", "r", "r", "r", "r", "", ""),
    "customer.credit.alert.close": ("", "", "", "", "", "", "cru", "cru", "", ""),
    "customer.credit.assessment": ("", "r", "r", "", "", "", "crud", "crud", "", ""),
    "customer.credit.assessment.line": ("", "r", "r", "", "", "", "ru", "ru", "", ""),
    "customer.credit.attempt": ("", "", "", "", "", "", "r", "r", "", ""),
    "customer.credit.collection": ("", "r", "r", "", "", "", "ru", "ru", "", ""),
    "customer.credit.collection.item": ("", "r", "r", "", "", "", "r", "r", "", ""),
    "customer.credit.collection.level": ("", "r", "r", "", "", "", "r", "crud", "", ""),
    "customer.credit.collection.step": ("", "r", "r", "", "", "", "r", "r", "", ""),
    "customer.credit.collection.wizard": (
        "",
        "cru",
        "cru",
        "",
        "",
        "",
        "cru",
        "cru",
        "",
        "",
    ),
    "customer.credit.criterion": ("", "r", "r", "", "", "", "r", "crud", "", ""),
    "customer.credit.criterion.band": ("", "r", "r", "", "", "", "r", "crud", "", ""),
    "customer.credit.debt.mail": ("", "", "", "", "", "", "r", "r", "", ""),
    "customer.credit.delay.cause": ("", "r", "r", "", "", "", "r", "crud", "", ""),
    "customer.credit.entitlement": ("", "r", "r", "", "", "", "r", "r", "", ""),
    "customer.credit.event": ("", "cr", "cr", "", "", "", "cr", "cr", "", ""),
    "customer.credit.extra.account": ("", "", "", "", "", "", "r", "crud", "", ""),
    "customer.credit.grade": ("r", "r", "r", "r", "r", "r", "r", "crud", "", ""),
    "customer.credit.group": ("", "r", "r", "", "", "", "cru", "crud", "", ""),
    "customer.credit.hold": ("", "r", "r", "r", "", "", "r", "r", "", ""),
    "customer.credit.initial.load": ("", "", "", "", "", "", "", "cru", "", ""),
    "customer.credit.item": ("", "r", "r", "", "", "", "r", "r", "", ""),
    "customer.credit.measure": ("r", "r", "r", "r", "r", "r", "r", "crud", "", ""),
    "customer.credit.native": ("", "", "", "", "", "", "", "r", "", ""),
    "customer.credit.notice.wizard": ("", "", "", "", "", "", "cru", "cru", "", ""),
    "customer.credit.promise": ("", "r", "r", "", "", "", "r", "r", "", ""),
    "customer.credit.release": ("", "r", "r", "", "", "", "r", "r", "", ""),
    "customer.credit.release.wizard": ("", "", "", "", "", "", "cru", "cru", "", ""),
    "customer.credit.releaser": ("", "", "", "", "", "", "r", "crud", "", ""),
    "customer.credit.request": ("", "cru", "cru", "", "", "r", "crud", "crud", "", ""),
    "customer.credit.scorecard": ("", "r", "r", "", "", "", "r", "crud", "", ""),
    "customer.credit.scorecard.grade": ("", "r", "r", "", "", "", "r", "crud", "", ""),
    "customer.credit.shortfall": ("", "r", "r", "", "", "", "r", "r", "", ""),
    "customer.credit.watch": ("", "", "", "", "", "", "r", "r", "", ""),
    "customer.credit.what.if": ("", "cru", "cru", "", "", "", "cru", "cru", "", ""),
}
#: everybody reads what customers are classed by
SHARED = {
    "customer.credit.collection.level",
    "customer.credit.criterion",
    "customer.credit.criterion.band",
    "customer.credit.delay.cause",
    "customer.credit.grade",
    "customer.credit.group",
    "customer.credit.measure",
    "customer.credit.scorecard",
    "customer.credit.scorecard.grade",
}


@tagged("post_install", "-at_install")
class TestCreditAccess(TransactionCase):
    """Every model of the add-on by every group (SPEC D)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.models = sorted(
            name
            for name in cls.env
            if name.startswith("customer.credit.") and not cls.env[name]._abstract
        )

    def test_every_model_by_every_role(self):
        self.assertEqual(sorted(MATRIX), self.models)
        wrong = []
        for number, (role, group) in enumerate(ROLES.items()):
            user = new_test_user(self.env, login=f"access {role}", groups=group)
            for name in self.models:
                model = self.env[name].with_user(user)
                found = "".join(
                    letter
                    for letter, operation in zip(
                        "crud", ("create", "read", "write", "unlink"), strict=True
                    )
                    if model.has_access(operation)
                )
                if found != MATRIX[name][number]:
                    wrong.append(f"{role} on {name}: {found!r}")
        self.assertFalse(wrong)

    def test_rules_keep_companies_and_salespeople_apart(self):
        """Nothing about a customer is read by everybody who may read the model."""
        salesman = self.env.ref("sales_team.group_sale_salesman")
        rules = self.env["ir.rule"].search([("perm_read", "=", True)])
        unguarded = []
        for name in self.models:
            model = self.env[name]
            own = rules.filtered(lambda rule, name=name: rule.model_id.model == name)
            if not own and name not in SHARED:
                unguarded.append(f"{name}: no rule at all")
            elif model._transient:
                continue
            elif "company_id" in model._fields and not any(
                "compan" in (rule.domain_force or "") for rule in own
            ):
                unguarded.append(f"{name}: not by company")
            elif MATRIX[name][1] and name not in SHARED and salesman not in own.groups:
                unguarded.append(f"{name}: not by salesperson")
        self.assertFalse(unguarded)
