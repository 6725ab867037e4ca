from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ..progress import local_day

#: what a row states; only whether and to whom it was told moves on
_TOLD = frozenset({"state", "told_on", "told_to"})


class OrderProgressChange(models.Model):
    """An expected date of an order line that moved to another day (SPEC F3).

    Written by the system, kept as history.
    """

    _name = "order.progress.change"
    _inherit = ["document.approval.frozen"]
    _description = "Changed Delivery Date"
    _order = "date desc, id desc"
    _rec_name = "line_name"
    _check_company_auto = True

    order_id = fields.Many2one(
        comodel_name="sale.order",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    line_id = fields.Many2one(
        comodel_name="sale.order.line",
        string="Order Line",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    line_name = fields.Char(string="Product", readonly=True)
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True
    )
    user_id = fields.Many2one(related="order_id.user_id", string="Salesperson")
    date = fields.Datetime(string="Noticed On", required=True, readonly=True)
    date_old = fields.Datetime(string="Old Date", readonly=True)
    date_new = fields.Datetime(string="New Date", readonly=True)
    is_later = fields.Boolean(
        string="Later", compute="_compute_is_later", store=True, readonly=True
    )
    source = fields.Char(
        readonly=True, help="The document that says so: transfer, purchase, production."
    )
    state = fields.Selection(
        selection=[
            ("new", "To Be Told"),
            ("told", "Told"),
            ("silent", "Nobody Is Told"),
        ],
        default="new",
        required=True,
        readonly=True,
        index=True,
    )
    told_on = fields.Datetime(readonly=True)
    told_to = fields.Text(readonly=True)

    @api.depends("date_old", "date_new")
    def _compute_is_later(self):
        for change in self:
            change.is_later = bool(
                change.date_old
                and change.date_new
                and change.date_new > change.date_old
            )

    def write(self, vals):
        """Refuse to change what a row states, whoever asks.

        :raise AccessError: for everything but whom it was told to
        """
        if not _TOLD.issuperset(vals):
            raise AccessError(
                self.env._("Changed dates are history and cannot be changed.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=True)
    def _unlink_never(self):
        raise UserError(self.env._("Changed dates are history and are kept."))

    @api.model
    def _notice(self, orders):
        """Compare the dates of the orders with what is kept; write down what moved.

        :return: the changes of these orders that nobody was told of yet
        """
        # sudo: the system looks at orders of all companies
        orders_sudo = orders.sudo()
        expected = orders_sudo._handover_get_expected()
        kept = self.env["order.progress.date"].search(
            [("order_id", "in", orders_sudo.ids)]
        )
        moved = {}
        for known in kept:
            new, source = expected.get(known.line_id.id, (None, ""))
            zone = known.company_id._handover_zone()
            if new and local_day(new, zone) != local_day(known.date_expected, zone):
                moved[known] = (new, source)
        self.create([self._prepare_change(known, *new) for known, new in moved.items()])
        dates = self.env["order.progress.date"]
        same_day = kept.line_id - self._lines_of(moved)
        changed = {
            line_id: date
            for line_id, date in expected.items()
            if line_id not in same_day.ids
        }
        dates._keep(changed)
        dates._keep({i: expected[i] for i in same_day.ids if i in expected}, False)
        dates._forget([i for i in kept.line_id.ids if i not in expected])
        return self.search([("order_id", "in", orders_sudo.ids), ("state", "=", "new")])

    @api.model
    def _lines_of(self, kept):
        """Return the order lines of kept dates."""
        return self.env["order.progress.date"].union(*kept).line_id

    @api.model
    def _prepare_change(self, known, new, source):
        """Return the values of the change of a kept date."""
        return {
            "order_id": known.order_id.id,
            "line_id": known.line_id.id,
            "line_name": known.line_id.name.split("\n")[0],
            "company_id": known.company_id.id,
            "date": fields.Datetime.now(),
            "date_old": known.date_expected,
            "date_new": new,
            "source": source,
            "state": "new",
        }

    def _get_day_text(self, moment):
        """Return a date as its reader writes it, in the company's days."""
        self.ensure_one()
        return format_date(
            self.env, local_day(moment, self.company_id._handover_zone())
        )
