"""What the company sells, to whom, and within which limits of price."""

from dataclasses import dataclass
from typing import Any

from odoo.fields import Command, Datetime

STOCK = 2000
DAYS_TO_RECEIPT = 28
VENDOR = "Seals factory 09 示例密封件厂"
CATEGORIES = {
    "valves": "Valves 阀门",
    "fittings": "Pipes and fittings 管材管件",
    "machines": "Pumps and drives 泵与驱动",
    "services": "Services 服务",
}
# key: (name, category, price)
PRODUCTS = {
    "ball_valve": ("Ball valve DN50 球阀", "valves", 186.0),
    "gate_valve": ("Gate valve DN100 闸阀", "valves", 420.0),
    "butterfly": ("Butterfly valve DN150 蝶阀", "valves", 560.0),
    "gauge": ("Pressure gauge 1.6 MPa 压力表", "fittings", 78.0),
    "flange": ("Flange DN50 法兰", "fittings", 45.0),
    "elbow": ("Elbow 90° 弯头", "fittings", 18.0),
    "seals": ("Sealing ring set 密封圈套装", "fittings", 12.0),
    "pipe": ("Stainless steel pipe, 1 m 不锈钢管", "fittings", 95.0),
    "pump": ("Centrifugal pump 5.5 kW 离心泵", "machines", 4800.0),
    "drive": ("Frequency converter 7.5 kW 变频器", "machines", 3200.0),
    "cabinet": ("Control cabinet, made to order 定制控制柜", "machines", 26000.0),
    "service": ("Commissioning on site 现场调试", "services", 1500.0),
}
SPECIAL = "cabinet"
# key: (name, street, city, country)
CUSTOMERS = {
    "waterworks": ("Water works 01 示例水务公司", "长江路 1 号", "南京 Nanjing", "cn"),
    "chemicals": (
        "Chemical plant 02 示例化工厂",
        "滨海大道 20 号",
        "宁波 Ningbo",
        "cn",
    ),
    "heating": (
        "Heating utility 03 示例供热公司",
        "中山街 8 号",
        "沈阳 Shenyang",
        "cn",
    ),
    "food": ("Food factory 04 示例食品厂", "湖滨路 66 号", "杭州 Hangzhou", "cn"),
    "engineering": ("Engineering 05 示例工程公司", "民生路 5 號", "台北 Taipei", "tw"),
    "shipyard": ("Shipyard 06 示例船厂", "港口路 12 号", "大连 Dalian", "cn"),
    "export": ("Importer 07", "7 Harbour Street", "Hamburg", "de"),
    "dealer": ("Dealer 08 示例经销商", "建设路 30 号", "成都 Chengdu", "cn"),
}


# name: the customers in it
REGIONS = {
    "East 华东": ("waterworks", "chemicals", "food"),
    "North 华北": ("heating", "shipyard"),
    "West 西南": ("dealer",),
    "Overseas 海外": ("engineering", "export"),
}


@dataclass(frozen=True)
class Shop:
    """The records of the catalogue, by their keys."""

    products: dict[str, Any]
    customers: dict[str, Any]
    terms: Any


def create(env) -> Shop:
    """Create products on stock, customers, order types and price limits."""
    products = _create_products(env)
    _order_goods(env, products)
    _create_limits(env, products)
    _create_amount_class(env)
    _create_types(env)
    env.ref("sale_order_policy.sale_order_type_standard").write(
        {
            "require_contact": True,
            "require_phone_or_email": True,
            "require_commitment_date": True,
            "require_delivery_place": True,
            "require_payment_term": True,
            "require_user": True,
        }
    )
    terms = env.ref("account.account_payment_term_30days")
    customers = _create_customers(env)
    _create_regions(env, customers)
    return Shop(products, customers, terms)


def _create_products(env) -> dict[str, Any]:
    categories = {
        key: env["product.category"].create({"name": name})
        for key, name in CATEGORIES.items()
    }
    products = env["product.product"].create(
        [
            {
                "name": name,
                "categ_id": categories[category].id,
                "type": "service" if category == "services" else "consu",
                "is_storable": category != "services",
                "invoice_policy": "order" if category == "services" else "delivery",
                "list_price": price,
                "standard_price": round(price * 0.7, 2),
                "policy_special_review": key == SPECIAL,
            }
            for key, (name, category, price) in PRODUCTS.items()
        ]
    )
    warehouse = env["stock.warehouse"].search(
        [("company_id", "=", env.company.id)], limit=1
    )
    env["stock.quant"].with_context(inventory_mode=True).create(
        [
            {
                "product_id": product.id,
                "location_id": warehouse.lot_stock_id.id,
                "inventory_quantity": STOCK,
            }
            for product in products
            if product.is_storable
        ]
    )._apply_inventory()
    return dict(zip(PRODUCTS, products, strict=True))


def _order_goods(env, products: dict[str, Any]) -> None:
    """Have some goods come in, later than the latest order wants them."""
    if "purchase.order" not in env:
        return
    vendor = env["res.partner"].create({"name": VENDOR, "is_company": True})
    purchase = env["purchase.order"].create(
        {
            "partner_id": vendor.id,
            "order_line": [
                Command.create(
                    {
                        "product_id": products["seals"].id,
                        "product_qty": 1500,
                        "price_unit": 7.2,
                        "date_planned": Datetime.add(
                            Datetime.now(), days=DAYS_TO_RECEIPT
                        ),
                    }
                )
            ],
        }
    )
    purchase.button_confirm()
    products["seals"].seller_ids.delay = DAYS_TO_RECEIPT


def _create_limits(env, products: dict[str, Any]) -> None:
    """No discount above 12 %, less for machines, a floor price for one valve."""
    senior = env["sale.salesperson.level"].create(
        {
            "name": "Senior 高级",
            "user_ids": env["res.users"].search([("login", "=", "sales_manager")]).ids,
        }
    )
    env["sale.price.rule"].create(
        [
            {"applied_on": "all", "max_discount": 12},
            {"applied_on": "all", "max_discount": 18, "level_id": senior.id},
            {
                "applied_on": "category",
                "categ_id": products["pump"].categ_id.id,
                "max_discount": 8,
            },
            {
                "applied_on": "product",
                "product_tmpl_id": products["gate_valve"].product_tmpl_id.id,
                "is_discount_limited": False,
                "is_price_limited": True,
                "floor_price": 390,
            },
        ]
    )


def _create_amount_class(env) -> None:
    """Large orders go to the joint review."""
    env["sale.amount.class"].create(
        {
            "name": "Large order 大额订单",
            "amount_from": 100000,
            "department_ids": env["document.approval.department"]
            .search([("code", "in", ("technical", "finance", "production"))])
            .ids,
        }
    )


def _create_types(env) -> None:
    """Projects are sent to the customer only once they are approved."""
    env["sale.order.type"].create(
        {
            "name": "Project 项目订单",
            "code": "project",
            "sequence": 30,
            "sending_rule": "approved",
            "require_contact": True,
            "require_commitment_date": True,
            "require_external_number": True,
        }
    )


def _create_regions(env, customers: dict[str, Any]) -> None:
    """Customers belong to regions; the first one has the warehouse."""
    regions = env["sales.region"].create([{"name": name} for name in REGIONS])
    regions[0].warehouse_ids = env["stock.warehouse"].search([], limit=1)
    by_name = dict(zip(REGIONS, regions, strict=True))
    for name, keys in REGIONS.items():
        for key in keys:
            customers[key].sale_region_id = by_name[name]


def _create_customers(env) -> dict[str, Any]:
    customers = env["res.partner"].create(
        [
            {
                "name": name,
                "is_company": True,
                "street": street,
                "city": city,
                "country_id": env.ref(f"base.{country}").id,
                "phone": f"+86 21 5555 00{number:02}",
                "property_payment_term_id": env.ref(
                    "account.account_payment_term_30days"
                ).id,
                "child_ids": [
                    Command.create(
                        {
                            "name": f"Buyer 采购员 {number:02}",
                            "email": f"buyer{number:02}@customer.example",
                        }
                    )
                ],
            }
            for number, (name, street, city, country) in enumerate(
                CUSTOMERS.values(), 1
            )
        ]
    )
    return dict(zip(CUSTOMERS, customers, strict=True))
