"""Who attacks: one user for every group that may write on something involved."""

from odoo.tests import new_test_user

SALES = "sales_team.group_sale_salesman"
ALL_SALES = "sales_team.group_sale_salesman_all_leads"

#: role: the groups of its user. Reviewers become members of departments besides.
ROLES = {
    "owner": SALES,
    "stranger": SALES,
    "all salesperson": ALL_SALES,
    "sales manager": "sales_team.group_sale_manager",
    "dispatcher": f"{ALL_SALES},stock.group_stock_user",
    "stock user": "stock.group_stock_user",
    "stock manager": "stock.group_stock_manager",
    "invoicing": "account.group_account_invoice",
    "accountant": "account.group_account_user",
    "account manager": "account.group_account_manager",
    "purchaser": "purchase.group_purchase_user",
    "planner": "mrp.group_mrp_user",
    "cashier": "point_of_sale.group_pos_user",
    "contact editor": "base.group_user,base.group_partner_manager",
    "supervisor": "base.group_user",
    "financier": "base.group_user",
    "selling financier": SALES,
    "operator": "base.group_user",
    "director": "base.group_user",
    "approvals manager": "document_approval.group_manager",
    "employee": "base.group_user",
    "access manager": "base.group_erp_manager",
    "administrator": "base.group_system,sales_team.group_sale_manager",
    "traveller": ALL_SALES,
    "customer": "base.group_portal",
}
#: people whom only the routes about people concern: rows name them expressly
EXTRA_ROLES = {
    "deputy": "base.group_user",
    "former deputy": "base.group_user",
    "releaser": f"{ALL_SALES},document_approval.group_emergency",
}
#: role: the department it reviews for
MEMBERS = {
    "supervisor": "sales",
    "financier": "finance",
    "selling financier": "finance",
    "operator": "operations",
    "director": "management",
}

#: code that runs with elevated rights
SUPERUSER = "superuser"
EVERYBODY = (*ROLES, SUPERUSER)
#: sells, and may see the order
SELLERS = (
    "owner",
    "all salesperson",
    "sales manager",
    "dispatcher",
    "administrator",
    "traveller",
    SUPERUSER,
)
#: Odoo lets them write on orders and lines for their own work
HELPERS = (
    "stock user",
    "stock manager",
    "invoicing",
    "accountant",
    "account manager",
    "planner",
)
WRITERS = SELLERS + HELPERS
#: asked about the orders here; the director would only stand in
REVIEWERS = ("supervisor", "financier", "selling financier", "operator")
NOT_SELLERS = tuple(role for role in EVERYBODY if role not in SELLERS)
NOT_WRITERS = tuple(role for role in EVERYBODY if role not in WRITERS)
#: one of every kind, and those who decide, decided or release in somebody's place
ACTORS = (
    "owner",
    "all salesperson",
    "sales manager",
    "stock user",
    "invoicing",
    "supervisor",
    "financier",
    "director",
    "approvals manager",
    "employee",
    "access manager",
    "customer",
    *EXTRA_ROLES,
)


def create(env):
    """Return {role: user}; each user's password is the login."""
    users = {}
    for role, groups in (ROLES | EXTRA_ROLES).items():
        users[role] = new_test_user(
            env,
            login=f"attack.{role.replace(' ', '.')}",
            groups=groups,
            name=role.capitalize(),
            password=f"attack.{role.replace(' ', '.')}",
            company_id=env.company.id,
            company_ids=[(6, 0, env.company.ids)],
            context={"no_reset_password": True, "mail_create_nolog": True},
        )
    return users
