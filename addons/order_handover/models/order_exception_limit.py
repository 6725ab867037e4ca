from odoo import models
from odoo.exceptions import UserError


class OrderException(models.Model):
    """Which goods a step may be about: those of its order (SPEC I2)."""

    _inherit = "order.exception"

    def _has_goods(self, sale_line, move, product):
        """Tell whether goods are of this exception's order; arguments as sudo."""
        order_sudo = self.sudo().order_id  # sudo: orders of colleagues
        if sale_line and sale_line.order_id != order_sudo:
            return False
        if not move:
            lines_sudo = sale_line or order_sudo.order_line
            # parts of kits are on no line
            return product in lines_sudo.product_id | lines_sudo.move_ids.product_id
        return (
            move._handover_get_order() == order_sudo
            and move.company_id == order_sudo.company_id
            and not (sale_line and move.sale_line_id - sale_line)
            and product == move.product_id
        )


class OrderExceptionStep(models.Model):
    """No more is replaced free of charge than the customer got; all as sudo."""

    _inherit = "order.exception.step"

    def _check_replaceable(self):
        """Refuse to replace more of a product than its order delivered.

        Whatever other exceptions of the order have granted counts as well.

        :raise UserError: naming product and quantity
        """
        order = self.exception_id.order_id
        steps = order.handover_exception_ids.step_ids.filtered(
            lambda step: step.kind == "replacement" and step._is_granted()
        )
        for product in self.line_ids.product_id:
            granted = sum(step._get_agreed(product) for step in steps - self)
            shipped = self._get_shipped(product)
            wanted = self._get_agreed(product)
            if product.uom_id.compare(granted + wanted, shipped) > 0:
                raise UserError(
                    self.env._(
                        "At most %(most)s %(unit)s of %(product)s can be replaced free "
                        "of charge: order %(order)s delivered no more of it.",
                        most=f"{max(shipped - granted, 0.0):g}",
                        unit=product.uom_id.name,
                        product=product.display_name,
                        order=order.name,
                    )
                )

    def _is_granted(self):
        """Tell whether goods leave for this step, or have left for it."""
        self.ensure_one()
        return not self.cancel_reason or any(
            move.state == "done" and move._handover_leaves() for move in self.move_ids
        )

    def _get_agreed(self, product):
        """Return how much of ``product`` the step is about, in the product's unit."""
        return sum(
            line.product_uom_id._compute_quantity(
                line.quantity, product.uom_id, round=False
            )
            for line in self.line_ids
            if line.product_id == product
        )

    def _get_shipped(self, product):
        """Return how much the order has shipped for money, in the product's unit.

        Goods that wait for acceptance are shipped; what came back and is not charged
        is not. Kits and services have no moves: what their lines have delivered counts.
        """
        order = self.exception_id.order_id
        moves = (order.order_line.move_ids | order.picking_ids.move_ids).filtered(
            lambda move: move.product_id == product and not move._handover_is_free()
        )
        if not moves:
            return sum(
                line.product_uom_id._compute_quantity(
                    line.qty_delivered, product.uom_id, round=False
                )
                for line in order.order_line
                if line.product_id == product
            )
        done = moves.filtered(lambda move: move.state == "done")
        left = done.filtered(lambda move: move._handover_leaves())
        back = done.filtered(
            lambda move: move.to_refund and move._handover_comes_back()
        )
        return left._handover_sum(product) - back._handover_sum(product)

    def _get_most_of_part(self, product):
        """Return how much of a product not agreed may leave: as part of a kit."""
        kits = self.line_ids.filtered(
            lambda line: line.product_id not in self.move_ids.product_id
        )
        sale_lines = kits.sale_line_id | self.exception_id.order_id.order_line.filtered(
            lambda line: line.product_id in kits.product_id
        )
        shipped = sale_lines.move_ids.filtered(
            lambda move: (
                move.product_id == product
                and move.state == "done"
                and move._handover_leaves()
                and not move._handover_is_free()
            )
        )
        return shipped._handover_sum(product)

    def _is_short(self, moves):
        """Tell whether ``moves`` have done less than this step is about.

        Parts of kits are not counted; none of them must have been dropped.
        """
        own = self.line_ids.product_id
        for product in own:
            if product in self.move_ids.product_id:
                done = moves.filtered(
                    lambda move, product=product: (
                        move.state == "done" and move.product_id == product
                    )
                )
                wanted = self._get_agreed(product)
                if product.uom_id.compare(done._handover_sum(product), wanted) < 0:
                    return True
                continue
            parts = self.move_ids.filtered(lambda move: move.product_id not in own)
            if not parts or any(part.state == "cancel" for part in parts):
                return True
        return False
