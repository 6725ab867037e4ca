import math

from odoo import api, models

#: Larger numbers than this are typing errors or attacks, not orders.
LARGEST_NUMBER = 1e12


class SaleOrderCompleteness(models.AbstractModel):
    """Finds what an order lacks before anybody can be asked about it (SPEC A1, A2).

    Every missing thing is a finding of its own that names the field or the line.
    """

    _name = "sale.order.completeness"
    _description = "Completeness of Orders"

    @api.model
    def _get_findings(self, orders):
        """Return {order id: [finding]} with everything that keeps it from review."""
        return {
            order.id: self._check_header(order) + self._check_lines(order)
            for order in orders
        }

    @api.model
    def _get_header_checks(self, order):
        """Return the header fields a type may require: {field of the type: (the
        order's field that is missing, whether it is there)}. Made to be extended.
        """
        contact = order.policy_contact_id
        customer = order.partner_id
        return {
            "require_contact": ("policy_contact_id", bool(contact)),
            "require_phone_or_email": (
                "phone_or_email",
                any(p.phone or p.email for p in (contact, customer)),
            ),
            "require_commitment_date": ("commitment_date", bool(order.commitment_date)),
            "require_delivery_place": (
                "delivery_place",
                bool(order.partner_shipping_id.street),
            ),
            "require_payment_term": ("payment_term_id", bool(order.payment_term_id)),
            "require_client_order_ref": (
                "client_order_ref",
                bool((order.client_order_ref or "").strip()),
            ),
            "require_external_number": (
                "policy_external_number",
                bool(order.policy_external_number),
            ),
            "require_user": ("user_id", bool(order.user_id)),
            "require_source": ("source_id", bool(order.source_id)),
        }

    @api.model
    def _check_header(self, order):
        """Return the findings about the order itself."""
        missing = []
        if order.policy_type_id:
            missing = [
                field
                for rule, (field, is_there) in self._get_header_checks(order).items()
                if order.policy_type_id[rule] and not is_there
            ]
        if not order.order_line.filtered(lambda line: not line.display_type):
            missing.append("order_line")
        return [self._make(order, "missing", field=field) for field in missing]

    @api.model
    def _check_lines(self, order):
        """Return the findings about the lines, in the order they are shown."""
        findings = []
        for line in order.order_line:
            if not line.display_type:
                findings += [
                    self._make(
                        order,
                        problem,
                        line=line,
                        product=line.product_id.display_name or line.name or "",
                    )
                    for problem in self._get_line_problems(line)
                ]
        return findings

    @api.model
    def _get_line_problems(self, line):
        """Return the problem keys of one line, at most one per subject."""
        numbers = (line.product_uom_qty, line.price_unit, line.discount)
        if not all(math.isfinite(n) and abs(n) <= LARGEST_NUMBER for n in numbers):
            return ["number"]
        if not line.order_id._approval_line_is_material(line):
            return []
        problems = []
        if not line.product_id:
            problems.append("product")
        elif not (line.product_id.active and line.product_id.product_tmpl_id.active):
            problems.append("archived")
        problems += self._get_quantity_problems(line)
        problems += self._get_price_problems(line)
        return problems

    @api.model
    def _get_quantity_problems(self, line):
        if line.product_uom_qty < 0:
            return ["negative"]
        if not line.product_uom_qty and not line._policy_is_optional():
            return ["zero"]
        return []

    @api.model
    def _get_price_problems(self, line):
        order_type = line.order_id.policy_type_id
        if not order_type.require_line_price or not line._policy_needs_price():
            return []
        return (
            ["price"] if line.currency_id.is_zero(line._policy_get_net_price()) else []
        )

    @api.model
    def _make(self, order, problem, line=None, **values):
        """Return one blocking finding of the sales department."""
        return order._approval_make_finding(
            "incomplete",
            "sales",
            "block",
            line=line,
            line_label=line._policy_get_label() if line else None,
            problem=problem,
            **values,
        )

    @api.model
    def _get_text(self, values):
        """Return a finding in words, in the reader's language."""
        product = values.get("product", "")
        texts = {
            "number": self.env._("a number is not usable"),
            "product": self.env._("the product is missing"),
            "archived": self.env._("%(product)s is archived", product=product),
            "negative": self.env._("the quantity is negative"),
            "zero": self.env._("the quantity is 0"),
            "price": self.env._("the price is 0"),
        }
        if values.get("problem") == "missing":
            return self._get_missing_text(values.get("field"))
        return texts.get(values.get("problem"), "")

    @api.model
    def _get_missing_text(self, field):
        """Return what is missing on the order, named as on the screen."""
        special = {
            "order_line": self.env._("The order has no lines"),
            "phone_or_email": self.env._(
                "A phone number or e-mail address of the customer is missing"
            ),
            "delivery_place": self.env._("The street of the delivery place is missing"),
        }
        if field in special:
            return special[field]
        label = self.env["sale.order"]._fields[field]._description_string(self.env)
        return self.env._("%(field)s is missing", field=label)
