from odoo import api, models


class SaleOrderFeasibility(models.AbstractModel):
    _inherit = "sale.order.feasibility"

    @api.model
    def _explode(self, lines):
        """EXTENDS 'sale_order_policy': kits are shipped as their parts.

        As Odoo does when the order is confirmed; one level of kits after the other,
        for all lines together.
        """
        parts = {line: {} for line in lines}
        level = [
            (line, product, quantity, product.uom_id)
            for line, products in super()._explode(lines).items()
            for product, quantity in products
        ]
        while level:
            kits = self._find_kits(level)
            deeper = []
            for line, product, quantity, unit in level:
                kit = kits[line.company_id][product]
                if kit:
                    deeper += self._open_kit(kit, line, product, quantity, unit)
                else:
                    quantity = unit._compute_quantity(
                        unit.round(quantity, rounding_method="UP"), product.uom_id
                    )
                    parts[line][product] = parts[line].get(product, 0.0) + quantity
            level = deeper
        return {line: list(products.items()) for line, products in parts.items()}

    @api.model
    def _find_kits(self, level):
        """Return {company: {product: bill of materials of the kit, or none}}."""
        products_of = {}
        for line, product, _quantity, _unit in level:
            company = line.company_id
            products_of[company] = products_of.get(company, product) | product
        return {
            company: self.env["mrp.bom"]._bom_find(
                products, company_id=company.id, bom_type="phantom"
            )
            for company, products in products_of.items()
        }

    @api.model
    def _open_kit(self, kit, line, product, quantity, unit):
        """Return [(line, part, quantity, unit)] of the parts of one kit, unrounded."""
        times = (
            unit._compute_quantity(quantity, kit.product_uom_id, round=False)
            / kit.product_qty
        )
        return [
            (line, part.product_id, times * part.product_qty, part.product_uom_id)
            for part in kit.bom_line_ids
            if not part._skip_bom_line(
                product, line.product_no_variant_attribute_value_ids
            )
        ]

    @api.model
    def _get_containing(self, products):
        """EXTENDS 'sale_order_policy': and the kits they are part of, at any depth."""
        found = new = super()._get_containing(products)
        while new:
            kits = (
                self.env["mrp.bom.line"]
                .search(
                    [("product_id", "in", new.ids), ("bom_id.type", "=", "phantom")]
                )
                .bom_id
            )
            sold = (
                kits.product_id
                | kits.filtered(lambda kit: not kit.product_id)
                .product_tmpl_id.with_context(active_test=False)
                .product_variant_ids
            )
            new = sold - found
            found |= new
        return found

    @api.model
    def _get_lead_days(self, products, company):
        """EXTENDS 'sale_order_policy': products that are made take time to make.

        Made is what a route says is manufactured, and what has a bill of materials
        but no vendor. That its components have to be there is not looked at, except
        for the days to prepare that the bill of materials names.
        """
        days = super()._get_lead_days(products, company)
        boms = self.env["mrp.bom"]._bom_find(
            products, company_id=company.id, bom_type="normal"
        )
        for product in products:
            bom = boms[product]
            if bom and (product not in days or self._is_made(product)):
                days[product] = bom.produce_delay + bom.days_to_prepare_mo
        return days

    @api.model
    def _is_made(self, product):
        """Tell whether a route of the product has it manufactured."""
        routes = product.route_ids | product.categ_id.total_route_ids
        return "manufacture" in routes.rule_ids.mapped("action")
