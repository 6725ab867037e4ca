"""The company: a Chinese one that keeps its books in CNY, in three languages."""

NAME = "示例贸易有限公司 Demo Trading Co., Ltd."
WAREHOUSE = "Shanghai 上海仓"
TIME_ZONE = "Asia/Shanghai"
LANGUAGES = ("zh_CN", "zh_TW")
CHART = "cn"
TAGS_SHOWN = """
<field name="tag_ids" position="attributes">
    <attribute name="optional">show</attribute>
</field>
"""


def set_up(env) -> None:
    """Set the main company up, with its chart of accounts and languages."""
    install_languages(env)
    company = env.company
    cny = env.ref("base.CNY")
    cny.active = True
    company.write(
        {
            "name": NAME,
            "country_id": env.ref("base.cn").id,
            "currency_id": cny.id,
            "street": "人民路 100 号 100 Renmin Road",
            "city": "上海 Shanghai",
            "zip": "200001",
            "email": "info@demo-trading.example",
            "document_approval_validity_days": 30,
            "sale_policy_letter": True,
            "sale_policy_answer": True,
            "sale_policy_tasks": True,
        }
    )
    env["account.chart.template"].try_loading(CHART, company)
    env["product.pricelist"].search([]).write({"currency_id": cny.id})
    env["stock.warehouse"].search([], limit=1).name = WAREHOUSE
    env["resource.calendar"].search([]).write({"tz": TIME_ZONE})
    # terms would be an address on the port of another day
    env["ir.config_parameter"].set_param("account.use_invoice_terms", False)
    show_discounts_and_tags(env)
    if "stock_text_confirmation" in company._fields:
        company.stock_text_confirmation = False  # no text messages, no question
    if "website" in env:
        _set_up_website(env)


def install_languages(env) -> None:
    """Install the languages the add-ons are translated into."""
    languages = env["res.lang"].with_context(active_test=False)
    wanted = languages.search([("code", "in", LANGUAGES), ("active", "=", False)])
    if wanted:
        wizard = env["base.language.install"].create({"lang_ids": wanted.ids})
        wizard.lang_install()


def show_discounts_and_tags(env) -> None:
    """Show everybody the discounts of lines, and the tags in the lists of orders."""
    everybody = env.ref("base.group_user")
    everybody.implied_ids |= env.ref("sale.group_discount_per_so_line")
    env["ir.ui.view"].create(
        {
            "name": "sale.order.list.demo",
            "model": "sale.order",
            "inherit_id": env.ref("sale.sale_order_tree").id,
            "arch": TAGS_SHOWN,
        }
    )


def _set_up_website(env) -> None:
    languages = env["res.lang"].search([("code", "in", ("en_US", *LANGUAGES))])
    env["website"].search([]).write({"name": NAME, "language_ids": languages.ids})
