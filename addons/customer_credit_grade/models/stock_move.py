from contextlib import contextmanager

from odoo import api, models

#: key in the cursor's cache: moves some enclosing guard will check
_GUARDED = "customer_credit_grade.shipping"


class StockMove(models.Model):
    """Nothing leaves for a customer whose credit does not allow it (SPEC H1).

    By whatever route a move that reaches a customer is done: the check is made when it
    has been done, in a savepoint of its own, before the transfer prints or sends
    anything. Receipts, returns and internal moves are never stopped.
    """

    _inherit = "stock.move"

    @api.model_create_multi
    def create(self, vals_list):
        if not any(vals.get("state") == "done" for vals in vals_list):
            return super().create(vals_list)
        with self.browse()._credit_ship() as guard:
            moves = super().create(vals_list)
            guard.append(moves)
        return moves

    def write(self, vals):
        if vals.get("state") != "done":
            return super().write(vals)
        with self._credit_ship():
            return super().write(vals)

    def _action_done(self, cancel_backorder=False):
        with self._credit_ship():
            return super()._action_done(cancel_backorder=cancel_backorder)

    @contextmanager
    def _credit_ship(self):
        """Check what reached a customer when the block ends.

        :return: a list to which moves created within the block are added
        """
        orders = self.env["sale.order"]
        guarded = self.env.cr.cache.setdefault(_GUARDED, set())
        extra = []
        if guarded or not orders._credit_is_controlled():
            yield extra
            return
        was_done = set(self.filtered(lambda move: move.state == "done").ids)
        leaving = self._credit_get_leaving()
        if self and not leaving:
            yield extra
            return
        guarded.add(True)
        try:
            with orders._approval_savepoint():
                yield extra
                moves = self.browse(leaving.ids).exists()
                for created in extra:
                    moves |= created._credit_get_leaving()
                moves.filtered(
                    lambda move: move.state == "done" and move.id not in was_done
                )._credit_check_shipped()
        finally:
            guarded.clear()

    def _credit_get_leaving(self):
        """Return the moves that bring goods to a customer of a controlled company."""
        return self.filtered(
            lambda move: (
                move._credit_reaches_customer()
                and move.company_id._credit_get_mode() != "off"
            )
        )

    def _credit_reaches_customer(self):
        """Tell whether the goods leave for a customer by this move.

        Goods that wait in transit for the customer's acceptance have left as well.
        """
        self.ensure_one()
        move_sudo = self.sudo()
        destinations = move_sudo.location_dest_id
        destinations |= move_sudo.move_line_ids.location_dest_id
        usages = set(destinations.mapped("usage"))
        if move_sudo.location_id.usage == "customer":
            return False
        return "customer" in usages or (
            "transit" in usages and move_sudo.location_final_id.usage == "customer"
        )

    def _credit_is_exempt(self):
        """Return the moves of ``self`` the gate ignores. Made to be extended.

        Must not depend on anything a user could write on an ordinary move.
        """
        return self.browse()

    def _credit_get_debtor(self):
        """Return whose credit counts: who is invoiced, else who receives the goods."""
        self.ensure_one()
        move_sudo = self.sudo()
        order = move_sudo.sale_line_id.order_id
        partner = (
            order.partner_invoice_id
            or move_sudo.picking_id.partner_id
            or move_sudo.partner_id
        )
        return partner.commercial_partner_id

    def _credit_check_shipped(self):
        """Hold what has just been done against the credit of those who get it.

        :raise UserError: in enforce mode, naming transfer, reason and who can help
        """
        moves = self - self._credit_is_exempt()
        self.env.flush_all()
        cases = {}
        for move in moves:
            debtor = move._credit_get_debtor()
            # sudo: who ships need not read orders
            if not debtor or debtor in move.company_id.sudo().partner_id:
                continue
            document = move.picking_id or move
            case = cases.setdefault(
                (move.company_id.root_id, document, debtor),
                {
                    "debtor": debtor,
                    "document": document,
                    "amount": 0.0,
                    # sudo: who ships need not read orders
                    "orders": self.env["sale.order"].sudo(),
                },
            )
            case["amount"] += move._credit_get_value(move.quantity)
            case["orders"] |= move.sudo().sale_line_id.order_id
        by_company = {}
        for (company, _document, _debtor), case in cases.items():
            by_company.setdefault(company, []).append(case)
        for company, company_cases in by_company.items():
            self.env["customer.credit.gate"]._check(company, company_cases, "shipping")

    def _credit_get_value(self, quantity):
        """Return what a quantity of this move is worth to the customer.

        :param float quantity: in the unit of the move
        :return: company currency, taxes included; 0 without an order line
        """
        self.ensure_one()
        # sudo: who ships need not read orders
        line = self.sudo().sale_line_id
        if not line or not line.product_uom_qty:
            return 0.0
        if line.product_id != self.product_id:  # a part of a kit
            share = quantity / self.product_uom_qty if self.product_uom_qty else 0.0
            return self.company_id.currency_id.round(
                line.price_total / line.order_id.currency_rate * share
            )
        ordered = self.product_uom._compute_quantity(
            quantity, line.product_uom_id, round=False
        )
        return self.company_id.currency_id.round(
            line.price_total
            / line.product_uom_qty
            * ordered
            / (line.order_id.currency_rate or 1.0)
        )
