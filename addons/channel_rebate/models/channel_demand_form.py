import re
from decimal import Decimal, InvalidOperation

from odoo import api, fields, models

from .channel_demand_line import MOST_QUANTITY

MOST_LINES = 100
_LINE_KEY = re.compile(
    r"line-(\d{1,4})-(product_id|product|quantity|unit|date|remark)", re.ASCII
)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_NUMBER = re.compile(r"\d{1,15}(\.\d{0,9})?", re.ASCII)
#: how long a text may be
_MOST = {
    "end_customer_name": 120,
    "end_customer_contact": 120,
    "end_customer_phone": 60,
    "end_customer_place": 250,
    "partner_reference": 60,
    "remark": 2000,
    "product": 250,
    "unit": 30,
    "line_remark": 250,
}
_HEAD = (
    "kind",
    "end_customer_name",
    "end_customer_contact",
    "end_customer_phone",
    "end_customer_place",
    "partner_reference",
    "date_wanted",
    "remark",
)
_ROW = ("product_id", "product", "quantity", "unit", "date", "remark")
_YEARS = 10


class ChannelDemandForm(models.AbstractModel):
    """What a channel partner types, read strictly (SPEC L2).

    Only the fields named here are looked at: prices, pricelists, states or companies
    in a forged form are as if they were not there.
    """

    _name = "channel.demand.form"
    _description = "Form of a Channel Demand"

    @api.model
    def _get_typed(self, post):
        """Return what was typed, as texts: ``{"head": {...}, "rows": [{...}]}``."""
        rows = {}
        for key, text in post.items():
            if isinstance(text, str) and (match := _LINE_KEY.fullmatch(key)):
                row = rows.setdefault(int(match[1]), dict.fromkeys(_ROW, ""))
                row[match[2]] = text.replace("\0", "").strip()
        head = {}
        for name in _HEAD:
            text = post.get(name)
            head[name] = text.replace("\0", "").strip() if isinstance(text, str) else ""
        filled = [
            rows[number]
            for number in sorted(rows)
            if any(rows[number][name] for name in ("product", "quantity", "remark"))
        ]
        return {"head": head, "rows": filled}

    @api.model
    def _get_typed_of(self, demand):
        """Return a demand as it is typed, to go on with it."""
        return {
            "head": {
                name: (
                    fields.Date.to_string(demand[name])
                    if name == "date_wanted"
                    else demand[name]
                )
                or ""
                for name in _HEAD
            },
            "rows": [
                {
                    "product_id": str(line.product_id.id or ""),
                    "product": line.name,
                    "quantity": f"{line.quantity:.9f}".rstrip("0").rstrip("."),
                    "unit": line._get_unit_text(),
                    "date": fields.Date.to_string(line.date_wanted) or "",
                    "remark": line.remark or "",
                }
                for line in demand.line_ids
            ],
        }

    @api.model
    def _read_typed(self, channel_sudo, typed):
        """Return what it means and what is wrong with it.

        :param channel_sudo: file of the partner, whose products count
        :return: values of a demand without lines, list of values of its lines, and a
            list of errors ``(name of the input, text)``
        """
        errors = []
        values = self._read_head(typed["head"], errors)
        rows = typed["rows"]
        if len(rows) > MOST_LINES:
            text = self.env._(
                "At most %(count)s lines at a time. Please send the others separately.",
                count=MOST_LINES,
            )
            return values, [], [*errors, ("line-0-product", text)]
        known = self._get_known_products(channel_sudo, rows)
        lines = []
        for number, row in enumerate(rows):
            line = self._read_row(number, row, known, errors)
            lines.append({**line, "sequence": (number + 1) * 10})
        return values, lines, errors

    # The head ----------------------------------------------------------------------

    def _read_head(self, head, errors):
        values = {"kind": head["kind"] if head["kind"] == "order" else "demand"}
        for name, label in self._get_labels().items():
            if name == "date_wanted":
                values[name] = self._read_day(name, label, head[name], errors)
            else:
                values[name] = self._read_text(name, label, head[name], errors)
        return values

    def _get_labels(self):
        return {
            "end_customer_name": self.env._("End customer"),
            "end_customer_contact": self.env._("Contact"),
            "end_customer_phone": self.env._("Phone"),
            "end_customer_place": self.env._("Place"),
            "partner_reference": self.env._("Your reference"),
            "date_wanted": self.env._("Wanted on"),
            "remark": self.env._("Remarks"),
        }

    def _read_text(self, name, label, text, errors, key=None):
        most = _MOST[key or name]
        if len(text) > most:
            errors.append(
                (
                    name,
                    self.env._(
                        "%(field)s: at most %(count)s characters.",
                        field=label,
                        count=most,
                    ),
                )
            )
        return text[:most]

    def _read_day(self, name, label, text, errors):
        if not text:
            return False
        today = fields.Date.context_today(self)
        try:
            day = fields.Date.to_date(text) if _DAY.fullmatch(text) else None
        except ValueError:
            day = None
        if not day:
            problem = self.env._("%(field)s: this is no date.", field=label)
        elif day < today:
            problem = self.env._("%(field)s: this day is over.", field=label)
        elif day.year > today.year + _YEARS:
            problem = self.env._("%(field)s: this day is too far away.", field=label)
        else:
            return day
        errors.append((name, problem))
        return False

    # The lines ---------------------------------------------------------------------

    def _get_known_products(self, channel_sudo, rows):
        """Return {number or exact text: product} of what the rows may mean."""
        ids = {int(row["product_id"]) for row in rows if self._is_id(row["product_id"])}
        texts = {row["product"] for row in rows if row["product"]}
        codes = {code for text in texts for code in self._get_codes(text)}
        products = channel_sudo._channel_search_products([("id", "in", sorted(ids))])
        products |= channel_sudo._channel_search_products(
            ["|", ("default_code", "in", sorted(codes)), ("name", "in", sorted(texts))],
            limit=2 * MOST_LINES,
        )
        known = {}
        for product in products:
            keys = {product.display_name, product.default_code, product.name} - {False}
            for key in keys:
                # a text two products share says nothing
                known[key] = product if key not in known else None
        return known | {product.id: product for product in products}

    @api.model
    def _is_id(self, text):
        return bool(re.fullmatch(r"[1-9]\d{0,8}", text, re.ASCII))

    @api.model
    def _get_codes(self, text):
        """Return what of a text may be a product number: all, or in brackets."""
        match = re.match(r"\[([^\]]+)\]", text)
        return {text, match[1]} if match else {text}

    def _read_row(self, number, row, known, errors):
        def label(field):
            return self.env._(
                "Line %(number)s, %(field)s", number=number + 1, field=field
            )

        prefix = f"line-{number}-"
        product = self._read_product(prefix, label, row, known, errors)
        return {
            "product_id": product.id if product else False,
            "name": self._read_text(
                f"{prefix}product",
                label(self.env._("Product or wish")),
                row["product"],
                errors,
                key="product",
            ),
            "quantity": self._read_quantity(
                f"{prefix}quantity",
                label(self.env._("Quantity")),
                row["quantity"],
                product,
                errors,
            ),
            **self._read_unit(prefix, label, row["unit"], product, errors),
            "date_wanted": self._read_day(
                f"{prefix}date", label(self.env._("Wanted on")), row["date"], errors
            ),
            "remark": self._read_text(
                f"{prefix}remark",
                label(self.env._("Remark")),
                row["remark"],
                errors,
                key="line_remark",
            ),
        }

    def _read_product(self, prefix, label, row, known, errors):
        """Return the product a row names, or nothing for a wish in words."""
        if not row["product"]:
            text = self.env._(
                "%(field)s is missing.", field=label(self.env._("Product or wish"))
            )
            errors.append((f"{prefix}product", text))
            return None
        if not row["product_id"]:
            return known.get(row["product"])
        product = None
        if self._is_id(row["product_id"]):
            product = known.get(int(row["product_id"]))
        if not product:
            text = self.env._(
                "%(field)s: this product cannot be ordered. Choose another one, or "
                "describe it.",
                field=label(self.env._("Product or wish")),
            )
            errors.append((f"{prefix}product", text))
        return product

    def _read_quantity(self, name, label, text, product, errors):
        quantity = None
        if _NUMBER.fullmatch(text):
            try:
                quantity = Decimal(text)
            except InvalidOperation:
                quantity = None
        if quantity is None:
            problem = self.env._("%(field)s: this is no number.", field=label)
        elif quantity > MOST_QUANTITY:
            problem = self.env._("%(field)s: this is too much.", field=label)
        elif not self._round_quantity(quantity):
            problem = self.env._("%(field)s: enter more than zero.", field=label)
        elif self._round_quantity(quantity) != float(quantity):
            problem = self.env._("%(field)s: too many decimals.", field=label)
        else:
            return float(quantity)
        errors.append((name, problem))
        return 1.0

    def _round_quantity(self, quantity):
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        return float(round(quantity, digits))

    def _read_unit(self, prefix, label, text, product, errors):
        """Return unit of the product, and the partner's word for it."""
        label = label(self.env._("Unit"))
        unit = self._read_text(f"{prefix}unit", label, text, errors, key="unit")
        if not product:
            return {"unit": unit, "product_uom_id": False}
        uoms = product._channel_get_uoms()
        chosen = uoms.filtered(lambda uom: uom.name.lower() == unit.lower())[:1]
        if unit and not chosen:
            errors.append(
                (
                    f"{prefix}unit",
                    self.env._(
                        "%(field)s: %(product)s is sold by %(units)s.",
                        field=label,
                        product=product.display_name,
                        units=", ".join(uoms.mapped("name")),
                    ),
                )
            )
        return {"unit": unit, "product_uom_id": (chosen or product.uom_id).id}
