"""Who can log in to the demonstration database: one person per role."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """A user named by the role; the password is the login.

    ``department`` is the code of the approval department the person belongs to,
    ``groups`` are the rights beside those of any employee.
    """

    login: str
    role: str
    role_zh: str
    hint: str
    department: str = ""
    groups: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name shown to others, in both languages."""
        return f"{self.role} {self.role_zh}"


PEOPLE = (
    Person(
        "sales",
        "Salesperson",
        "销售员",
        "Sales: complete, submit, confirm; tags say what to see; Import Orders",
        groups=("sales_team.group_sale_salesman",),
    ),
    Person(
        "supervisor",
        "Sales supervisor",
        "销售主管",
        "My Approvals: approve or refuse; prices above the limit name the line",
        "sales",
        ("sales_team.group_sale_salesman_all_leads", "channel_rebate.group_officer"),
    ),
    Person(
        "sales_manager",
        "Sales manager",
        "销售经理",
        "Channel: the board of the order fair; Sales, Configuration: price limits",
        "sales",
        ("sales_team.group_sale_manager", "channel_rebate.group_manager"),
    ),
    Person(
        "finance",
        "Finance",
        "财务",
        "My Approvals: second level; Customer Credit: what is held, overdue, to assess",
        "finance",
        ("account.group_account_invoice", "customer_credit_grade.group_officer"),
    ),
    Person(
        "operations",
        "Operations",
        "运营",
        "My Approvals: third level; Handover: progress, stock of the regions",
        "operations",
        ("stock.group_stock_user", "order_handover.group_officer"),
    ),
    Person(
        "technical",
        "Technical",
        "技术",
        "My Approvals: joint review of special products, without any other rights",
        "technical",
    ),
    Person(
        "production",
        "Production",
        "生产",
        "My Approvals: joint review, an order technical has agreed to already",
        "production",
        ("mrp.group_mrp_user",),
    ),
    Person(
        "warehouse",
        "Warehouse",
        "仓库",
        "Handover: what to receive and sign; Inventory: only approved goods ship",
        "warehouse",
        ("stock.group_stock_user",),
    ),
    Person(
        "purchasing",
        "Purchasing",
        "采购",
        "Purchase: what the orders need beyond the stock",
        "purchasing",
        ("purchase.group_purchase_user",),
    ),
    Person(
        "marketing",
        "Marketing",
        "市场部",
        "My Approvals: the market's side of a price revision",
        "marketing",
    ),
    Person(
        "legal",
        "Legal",
        "法务",
        "Contracts: review, archive of originals, the ledger; My Approvals",
        "legal",
        (
            "sales_team.group_sale_salesman_all_leads",
            "sale_contract_ledger.group_archivist",
        ),
    ),
    Person(
        "management",
        "Management",
        "管理层",
        "Approvals: all rounds, flows, departments; decides where nobody else may",
        "management",
        (
            "sales_team.group_sale_salesman_all_leads",
            "document_approval.group_manager",
            "customer_credit_grade.group_manager",
            "order_handover.group_manager",
            "channel_rebate.group_manager",
        ),
    ),
)
CUSTOMER = Person(
    "customer",
    "Customer",
    "客户",
    "portal: sign a quotation; accept or reject a delivery; see how far orders are",
    groups=("base.group_portal",),
)

# (login, password, role, what to try)
LOGINS = [
    ("admin", "admin", "Administrator", "everything; Settings: the approval switch"),
    *((who.login, who.login, who.role, who.hint) for who in (*PEOPLE, CUSTOMER)),
]
