from odoo import api, models
from odoo.tools import format_list

from ..spreadsheet import (
    AmbiguousValue,
    normalise,
    parse_discount,
    parse_number,
    parse_reorder_kind,
)


class SaleOrderImportCheck(models.AbstractModel):
    _inherit = "sale.order.import.check"

    @api.model
    def _check_line(self, _job, plan, row, found):
        """Return the values of the line; those that are wrong are missing."""
        texts = plan.texts[row.id]
        values = {}
        product = self._take(plan, row, "product", found)
        if product:
            values["product_id"] = product.id
            values["name"] = self._get_line_name(
                product, texts["description"], plan, found
            )
        unit = self._take(plan, row, "unit", found)
        if unit and product:
            values["product_uom_id"] = unit.id
            if not unit._has_common_reference(product.uom_id):
                plan.add(
                    row,
                    self.env._(
                        "%(product)s is not counted in %(unit)s but in %(own)s.",
                        product=product.display_name,
                        unit=unit.name,
                        own=product.uom_id.name,
                    ),
                )
        self._check_numbers(plan, row, texts, values)
        if texts["requirement"]:
            values["policy_requirement"] = texts["requirement"]
        if texts["reorder"]:
            self._check_reorder(plan, row, texts["reorder"], values)
        return values

    @api.model
    def _take(self, plan, row, key, found):
        text = plan.texts[row.id][key]
        if not text:
            return None
        record, reason = found[key][text]
        if not record:
            plan.add(row, reason)
        return record

    @api.model
    def _check_numbers(self, plan, row, texts, values):
        for key, name, parse in (
            ("quantity", "product_uom_qty", parse_number),
            ("price", "price_unit", parse_number),
            ("discount", "discount", parse_discount),
        ):
            if not texts[key]:
                continue
            try:
                number = parse(texts[key])
            except ValueError as error:
                plan.add(row, self._get_number_reason(key, texts[key], error))
                continue
            if reason := self._get_range_reason(key, number, texts[key]):
                plan.add(row, reason)
            values[name] = number
        if "price_unit" in values:
            # a price that is written is not lowered by the pricelist
            values.setdefault("discount", 0.0)

    @api.model
    def _get_number_reason(self, key, text, error):
        if isinstance(error, AmbiguousValue):
            return self.env._(
                "%(column)s: “%(text)s” may be a share or a percentage. Write it with "
                "a percent sign, such as 15%%.",
                column=self._label(key),
                text=text,
            )
        return self.env._(
            "%(column)s: “%(text)s” is no number.", column=self._label(key), text=text
        )

    @api.model
    def _get_range_reason(self, key, number, text):
        label = self._label(key)
        if key == "quantity" and number <= 0:
            return self.env._(
                "%(column)s: %(text)s is not above 0.", column=label, text=text
            )
        if key == "price" and number < 0:
            return self.env._(
                "%(column)s: %(text)s is below 0.", column=label, text=text
            )
        if key == "discount" and not 0 <= number <= 100:
            return self.env._(
                "%(column)s: %(text)s is not between 0 and 100.",
                column=label,
                text=text,
            )
        return ""

    @api.model
    def _check_reorder(self, plan, row, text, values):
        kinds = self.env["sale.order.line"]._fields["policy_reorder_kind"]
        labels = dict(kinds._description_selection(self.env))
        keys = {normalise(label): key for key, label in labels.items()}
        try:
            kind = keys.get(normalise(text)) or parse_reorder_kind(text)
        except ValueError:
            plan.add(
                row,
                self.env._(
                    "%(column)s: “%(text)s” is none of %(kinds)s.",
                    column=self._label("reorder"),
                    text=text,
                    kinds=format_list(self.env, list(labels.values()), style="or"),
                ),
            )
        else:
            values["policy_reorder_kind"] = kind

    @api.model
    def _get_line_name(self, product, description, plan, found):
        """Return the line's text in the customer's language.

        Left to Odoo, the texts take a time that grows with the lines' square.
        """
        partner = self.env["res.partner"].browse(plan.values.get("partner_id", ()))
        lang = partner.lang or self.env.lang
        name = found["names"].get((product.id, lang))
        if name is None:
            spoken = product.with_context(lang=lang)
            name = spoken.get_product_multiline_description_sale()
            found["names"][product.id, lang] = name
        return f"{name}\n{description}" if description else name
