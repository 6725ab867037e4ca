from odoo.fields import Command, Datetime

from odoo.addons.order_handover.tests.common import HandoverCommon

SOON = "2031-03-01 08:00:00"
LATER = "2031-03-05 08:00:00"


class AllocationCommon(HandoverCommon):
    """Customers of grades A to C and one without, and ten pieces of a scarce cap.

    Orders are due far ahead, so that none is urgent; the keeper's chief decides about
    stock. Nothing is reserved when an order is confirmed.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.chief = cls._create_user("chief", "stock.group_stock_manager")
        cls.warehouse.out_type_id.reservation_method = "manual"
        grades = cls.env["customer.credit.grade"].sudo().with_context(lang="en_US")
        accounts = cls.env["customer.credit.account"].sudo()
        cls.customers = {}
        for code in "ABC":
            partner = cls._create_customer(code)
            grade = grades.search([("code", "=ilike", code)], limit=1)
            accounts._bump(cls.company, partner)._credit_apply({"grade_id": grade.id})
        cls._create_customer("nobody")
        cls.cap = cls._create_goods("Cap")
        cls._put_in_stock(cls.cap, 10.0)

    @classmethod
    def _create_customer(cls, name):
        cls.customers[name] = (
            cls.env["res.partner"]
            .sudo()
            .create({"name": f"Customer {name}", "user_id": cls.salesman.id})
        )
        return cls.customers[name]

    @classmethod
    def _create_goods(cls, name, **values):
        return (
            cls.env["product.product"]
            .sudo()
            .create(
                {
                    "name": name,
                    "is_storable": True,
                    "list_price": 10.0,
                    "taxes_id": [Command.clear()],
                    **values,
                }
            )
        )

    @classmethod
    def _order(cls, code, quantity, product=None, due=LATER, more=(), **values):
        """Confirm an order of a customer; return its moves, in the order of lines.

        :param more: further lines, (product, quantity)
        """
        lines = [(product or cls.cap, quantity), *more]
        order = cls._confirm_order(
            *(
                {"product_id": goods.id, "product_uom_qty": number}
                for goods, number in lines
            ),
            partner_id=cls.customers[code].id,
            commitment_date=due,
            **values,
        )
        return order.order_line.sudo().move_ids.sorted("id")

    @classmethod
    def _reserve(cls, moves):
        moves.sudo()._action_assign()

    def _propose(self, user=None, **scope):
        runs = self.env["stock.allocation.run"].with_user(user or self.chief)
        scope.setdefault("product_ids", [Command.set(self.cap.ids)])
        run = runs.create(scope)
        run.action_propose()
        return run

    def _get_shares(self, run, *moves):
        """Return what each of the moves is proposed."""
        lines = {line.move_id: line.qty_proposed for line in run.sudo().line_ids}
        return [lines.get(move) for move in moves]

    def _get_line(self, run, move):
        return run.sudo().line_ids.filtered(lambda line: line.move_id == move)

    def assert_held(self, *pairs):
        """Compare reservations; and the quants with the reservations."""
        for move, quantity in pairs:
            move.invalidate_recordset()
            self.assertEqual(
                sum(move.move_line_ids.mapped("quantity_product_uom")), quantity
            )
        for product in {move.product_id for move, _quantity in pairs}:
            quants = (
                self.env["stock.quant"].sudo().search([("product_id", "=", product.id)])
            )
            lines = (
                self.env["stock.move.line"]
                .sudo()
                .search(
                    [
                        ("product_id", "=", product.id),
                        ("state", "not in", ("done", "cancel")),
                    ]
                )
            )
            self.assertEqual(
                sum(quants.mapped("reserved_quantity")),
                sum(lines.mapped("quantity_product_uom")),
            )

    @classmethod
    def _get_now(cls):
        return Datetime.now()
