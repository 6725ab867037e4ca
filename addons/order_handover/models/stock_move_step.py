from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class StockMove(models.Model):
    """Transfers that settle an exception (SPEC I2).

    A free replacement does not count as delivered once more. So nobody puts other
    goods under it, and no more leaves for it than was agreed.
    """

    _inherit = "stock.move"

    handover_step_id = fields.Many2one(
        comodel_name="order.exception.step",
        string="Settles",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    @api.model_create_multi
    def create(self, vals_list):
        moves = super().create(vals_list)
        if not self.env.su:
            moves.filtered("handover_step_id")._handover_check_split()
        return moves

    def write(self, vals):
        if "handover_step_id" in vals and not self.env.su:
            self._handover_refuse_step()
        return super().write(vals)

    def _handover_check_split(self):
        """Refuse moves made under a step that split off none of its moves.

        :raise AccessError: for what users make themselves
        """
        moves_sudo = self.sudo()  # sudo: steps of other departments
        for move_sudo in moves_sudo:
            others_sudo = move_sudo.handover_step_id.move_ids - moves_sudo
            if not any(
                other.product_id == move_sudo.product_id
                and other.sale_line_id == move_sudo.sale_line_id
                and other.picking_type_id == move_sudo.picking_type_id
                for other in others_sudo
            ):
                self._handover_refuse_step()

    @api.model
    def _handover_refuse_step(self):
        raise AccessError(self.env._("What a transfer settles is kept by the system."))

    @api.model
    def default_get(self, fields):
        """EXTENDS 'base': no default puts goods under a replacement."""
        values = super().default_get(fields)
        values.pop("handover_step_id", None)
        return values

    # Following the goods ------------------------------------------------------------

    @api.model
    def _prepare_merge_moves_distinct_fields(self):
        """EXTENDS 'stock': replacements are not merged with what is charged."""
        return [*super()._prepare_merge_moves_distinct_fields(), "handover_step_id"]

    def _prepare_move_split_vals(self, qty):
        """EXTENDS 'stock': what is left belongs to the same step."""
        return {
            **super()._prepare_move_split_vals(qty),
            "handover_step_id": self.handover_step_id.id,
        }

    def _prepare_procurement_values(self):
        """EXTENDS 'stock': picking and packing belong to the same step."""
        values = super()._prepare_procurement_values()
        if self.handover_step_id:
            values["handover_step_id"] = self.handover_step_id.id
        return values

    def _handover_comes_back(self):
        """Tell whether goods come back from the customer by this move."""
        self.ensure_one()
        waiting = self.company_id._handover_get_waiting_location()
        return self.location_id.usage == "customer" or (
            bool(waiting)
            and self.location_id == waiting
            and self.location_dest_usage != "customer"
        )

    def _handover_is_delivered(self):
        """Tell whether goods came to the customer by this move, once it is done."""
        self.ensure_one()
        return not self._handover_comes_back() and (
            self._handover_leaves() or self.location_dest_usage == "customer"
        )

    def _handover_is_free(self):
        """Tell whether this is a free replacement, or one that comes back."""
        self.ensure_one()
        move_sudo = self.sudo()  # sudo: exceptions of other departments
        seen = move_sudo.browse()
        while move_sudo and move_sudo not in seen:
            if move_sudo.handover_step_id.kind == "replacement":
                return True
            seen |= move_sudo
            move_sudo = move_sudo.origin_returned_move_id
        return False

    # No more than agreed ------------------------------------------------------------

    def _action_done(self, cancel_backorder=False):
        if not any(move.handover_step_id for move in self):
            return super()._action_done(cancel_backorder=cancel_backorder)
        todo = self.filtered(lambda move: move.state != "done")
        with self.env["sale.order"]._approval_savepoint():
            moves = super()._action_done(cancel_backorder=cancel_backorder)
            todo.exists()._handover_refuse_cancelled()
            self.exists()._handover_check_step()
        return moves

    def _handover_refuse_cancelled(self):
        """Refuse that goods leave for a replacement that was cancelled.

        :raise UserError: naming the exception
        """
        for move_sudo in self.sudo():  # sudo: exceptions of other departments
            step_sudo = move_sudo.handover_step_id
            if (
                step_sudo.kind == "replacement"
                and step_sudo.cancel_reason
                and move_sudo.state == "done"
                and move_sudo._handover_leaves()
            ):
                raise UserError(
                    self.env._(
                        "%(exception)s: this replacement was cancelled. Cancel the "
                        "transfer as well.",
                        exception=step_sudo.exception_id.name,
                    )
                )

    def _handover_sum(self, product):
        """Return how much of ``product`` these moves have moved, in its unit."""
        return sum(
            move.product_uom._compute_quantity(
                move.quantity, product.uom_id, round=False
            )
            for move in self
            if move.product_id == product
        )

    def _handover_check_step(self):
        """Refuse that more leaves as a free replacement than was agreed.

        :raise UserError: naming product and quantity
        """
        steps_sudo = self.sudo().handover_step_id  # sudo: of other departments
        for step_sudo in steps_sudo.filtered(lambda s: s.kind == "replacement"):
            left = step_sudo.move_ids.filtered(
                lambda move: move.state == "done" and move._handover_leaves()
            )
            agreed = step_sudo.line_ids.product_id
            for product in left.product_id:
                if product in agreed:
                    most = step_sudo._get_agreed(product)
                else:
                    most = step_sudo._get_most_of_part(product)
                if product.uom_id.compare(left._handover_sum(product), most) > 0:
                    raise UserError(
                        self.env._(
                            "%(exception)s: at most %(most)s %(unit)s of %(product)s "
                            "leave as a free replacement.",
                            exception=step_sudo.exception_id.name,
                            most=f"{most:g}",
                            unit=product.uom_id.name,
                            product=product.display_name,
                        )
                    )


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.move_id.filtered(
            lambda move: move.state == "done" and move.handover_step_id
        )._handover_check_step()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if {"quantity", "move_id", "product_uom_id"} & set(vals):
            self.move_id.filtered(
                lambda move: move.state == "done" and move.handover_step_id
            )._handover_check_step()
        return result


class StockRule(models.Model):
    _inherit = "stock.rule"

    def _get_custom_move_fields(self):
        """EXTENDS 'stock': what is procured settles a step."""
        return [*super()._get_custom_move_fields(), "handover_step_id"]

    def _push_prepare_move_copy_values(self, move_to_copy, new_date):
        """EXTENDS 'stock': what goes on settles the same step."""
        values = super()._push_prepare_move_copy_values(move_to_copy, new_date)
        values["handover_step_id"] = move_to_copy.handover_step_id.id
        return values
