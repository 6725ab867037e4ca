"""The columns of the order registration form (订单信息登记表) and their names."""

import re
import unicodedata
from dataclasses import dataclass

PARENTHESES = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】")
NO_LETTER = re.compile(r"[\W_]+")


def normalise(text: str) -> str:
    """Return a text as it is compared: width, case and blanks make no difference."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


@dataclass(frozen=True)
class Column:
    """One column: its key, what it is called, and whether it is about the order."""

    key: str
    #: English, zh_CN, zh_TW
    labels: tuple[str, str, str]
    #: other names, in any language
    synonyms: tuple[str, ...] = ()
    required: bool = False
    #: the same for all lines of an order
    of_order: bool = True
    #: a cell merged over several rows counts for each of them
    fills_down: bool = True
    width: int = 14

    @property
    def field(self) -> str:
        """Return the name of the field that holds the text as it was read."""
        return f"col_{self.key}"

    def label(self, lang: str | None) -> str:
        """Return what the column is called in a language of Odoo."""
        chinese = (lang or "").startswith("zh")
        return self.labels[(1 if lang in ("zh_CN", "zh_SG") else 2) if chinese else 0]


COLUMNS = (
    Column(
        "number",
        ("Registration Number", "登记编号", "登記編號"),
        (
            *("registration no", "form number", "order number", "order no", "order id"),
            *("登记号", "登记表编号", "订单登记号", "订单编号", "订单号", "单号"),
            *("登記號", "登記表編號", "訂單登記號", "訂單編號", "訂單號", "單號"),
        ),
        required=True,
    ),
    Column(
        "date",
        ("Order Date", "订单日期", "訂單日期"),
        (
            *("date", "date ordered", "日期", "下单日期", "登记日期", "签订日期"),
            *("下單日期", "登記日期", "簽訂日期"),
        ),
    ),
    Column(
        "type",
        ("Order Type", "订单类型", "訂單類型"),
        ("type", "订单类别", "訂單類別", "订单种类", "訂單種類"),
    ),
    Column(
        "customer",
        ("Customer", "客户", "客戶"),
        (
            *("customer name", "client", "customer code", "customer id", "buyer"),
            *("客户名称", "客户编号", "客户编码", "客户代码", "购货单位", "订货单位"),
            *("客戶名稱", "客戶編號", "客戶編碼", "客戶代碼", "購貨單位", "訂貨單位"),
        ),
        required=True,
        width=24,
    ),
    Column(
        "contact",
        ("Contact Person", "联系人", "聯絡人"),
        ("contact", "contact name", "客户联系人", "联络人", "聯繫人", "客戶聯絡人"),
    ),
    Column(
        "phone",
        ("Phone", "联系电话", "聯絡電話"),
        (
            *("telephone", "tel", "mobile", "phone number", "电话", "手机", "手机号"),
            *("联系方式", "電話", "手機", "手機號", "聯繫電話", "聯絡方式"),
        ),
    ),
    Column(
        "email",
        ("E-mail", "电子邮件", "電子郵件"),
        ("mail", "e-mail address", "邮箱", "电子邮箱", "郵箱", "電子信箱", "信箱"),
    ),
    Column(
        "product",
        ("Product", "产品", "產品"),
        (
            *("item", "article", "sku", "product code", "product name", "barcode"),
            *("internal reference", "产品编号", "产品编码", "产品名称", "品名", "货号"),
            *("商品", "商品名称", "商品编码", "物料编码", "条码", "產品編號"),
            *("產品編碼", "產品名稱", "貨號", "商品名稱", "商品編碼", "料號", "條碼"),
        ),
        required=True,
        of_order=False,
        width=22,
    ),
    Column(
        "description",
        ("Specification", "规格", "規格"),
        (
            *("description", "spec", "specifications", "model", "规格型号", "型号"),
            *(
                "规格说明",
                "产品描述",
                "描述",
                "規格型號",
                "型號",
                "規格說明",
                "產品描述",
            ),
        ),
        of_order=False,
        width=24,
    ),
    Column(
        "quantity",
        ("Quantity", "数量", "數量"),
        (
            "qty",
            "pieces",
            "订货数量",
            "订购数量",
            "訂貨數量",
            "訂購數量",
            "件数",
            "件數",
        ),
        required=True,
        of_order=False,
        fills_down=False,
    ),
    Column(
        "unit",
        ("Unit", "单位", "單位"),
        ("uom", "unit of measure", "计量单位", "計量單位"),
        of_order=False,
    ),
    Column(
        "price",
        ("Unit Price", "单价", "單價"),
        ("price", "销售单价", "含税单价", "不含税单价", "銷售單價", "含稅單價", "价格"),
        of_order=False,
    ),
    Column(
        "discount",
        ("Discount %", "折扣%", "折扣%"),
        ("discount", "disc", "disc %", "折扣", "折扣率", "优惠", "優惠"),
        of_order=False,
    ),
    Column(
        "delivery",
        ("Delivery Date", "交货日期", "交貨日期"),
        (
            *("commitment date", "delivery", "due date", "required date", "交期"),
            *("要求交货日期", "交付日期", "送货日期", "要求交貨日期", "送貨日期"),
        ),
    ),
    Column(
        "place",
        ("Delivery Place", "交货地点", "交貨地點"),
        (
            *(
                "delivery address",
                "ship to",
                "shipping address",
                "收货地址",
                "送货地址",
            ),
            *("交付地点", "交货地址", "收货地点", "收貨地址", "送貨地址", "交付地點"),
            *("交貨地址", "收貨地點"),
        ),
        width=24,
    ),
    Column(
        "terms",
        ("Payment Terms", "付款条件", "付款條件"),
        (
            *("payment term", "terms", "付款方式", "付款条款", "结算方式", "账期"),
            *("付款條款", "結算方式", "帳期"),
        ),
    ),
    Column(
        "reference",
        ("Customer Reference", "客户订单号", "客戶訂單號"),
        (
            *("customer order number", "customer's reference", "po number", "po"),
            *("客户单号", "客户参考", "客户参考号", "合同号", "合同编号"),
            *("客戶單號", "客戶參考", "客戶參考號", "合約編號"),
        ),
    ),
    Column(
        "salesperson",
        ("Salesperson", "销售员", "銷售員"),
        ("sales", "sales rep", "seller", "业务员", "销售人员", "業務員", "業務人員"),
    ),
    Column(
        "source",
        ("Channel Source", "渠道来源", "通路來源"),
        ("source", "channel", "来源", "渠道", "订单来源", "來源", "通路", "訂單來源"),
    ),
    Column(
        "requirement",
        ("Technical Requirement", "技术要求", "技術要求"),
        ("technical requirements", "特殊要求", "定制要求", "客製要求", "訂製要求"),
        of_order=False,
        width=24,
    ),
    Column(
        "reorder",
        ("Reorder Kind", "返单类型", "返單類型"),
        ("reorder", "kind of reorder", "返单", "返单性质", "返單", "返單性質"),
        of_order=False,
    ),
    Column(
        "remarks",
        ("Remarks", "备注", "備註"),
        (
            "remark",
            "note",
            "notes",
            "comment",
            "comments",
            "说明",
            "附注",
            "說明",
            "备考",
        ),
        of_order=False,
        width=24,
    ),
)
BY_KEY = {column.key: column for column in COLUMNS}
#: what our own downloads add for the reader, and the import does not read
IGNORED = frozenset(
    normalise(label)
    for label in ("Reasons", "原因", "Row in File", "文件行号", "檔案列號")
)
_NAMES: dict[str, str] = {}


def _squeeze(text: str) -> str:
    return NO_LETTER.sub("", normalise(text))


for _column in COLUMNS:
    for _name in (_column.key, _column.field, *_column.labels, *_column.synonyms):
        _NAMES.setdefault(_squeeze(_name), _column.key)


def find_key(heading: str) -> str | None:
    """Return the key of the column with that heading; None if there is none.

    Signs such as "*" make no difference, nor do remarks in parentheses.
    """
    text = normalise(heading)
    for variant in (text, PARENTHESES.sub("", text)):
        if key := _NAMES.get(_squeeze(variant)):
            return key
    return None
