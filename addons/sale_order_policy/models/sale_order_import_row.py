from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..spreadsheet import COLUMNS
from ..spreadsheet.values import plain

CLOSED_STATES = ("done", "exists")
#: so many rows are checked again while the user waits
MOST_CHECKED_AT_ONCE = 200


class SaleOrderImportRow(models.Model):
    """A row of a spreadsheet as it was read, to be mended here (SPEC A4).

    Only the texts can be written by users; what they mean is found out anew by every
    check and once more when orders are made, so nothing else here decides anything.
    """

    _name = "sale.order.import.row"
    _description = "Row of an Order Import"
    _order = "job_id desc, sequence, row_number, id"
    _rec_name = "row_number"

    job_id = fields.Many2one(
        comodel_name="sale.order.import",
        string="Import",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    row_number = fields.Integer(string="Row", readonly=True, aggregator=None)
    state = fields.Selection(
        selection=[
            ("new", "Not checked"),
            ("error", "To mend"),
            ("waiting", "Waits for another row"),
            ("ready", "Good"),
            ("exists", "Exists already"),
            ("done", "Order created"),
            ("skipped", "Left out"),
        ],
        required=True,
        readonly=True,
        default="new",
    )
    sequence = fields.Integer(
        string="Urgency",
        compute="_compute_sequence",
        store=True,
        aggregator=None,
        help="Rows to mend come first.",
    )
    reasons = fields.Text(readonly=True)
    order_key = fields.Char(
        string="Order in File",
        readonly=True,
        help="What rows of one order have in common.",
    )
    is_first = fields.Boolean(string="First of Its Order", readonly=True)
    order_id = fields.Many2one(
        comodel_name="sale.order",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    line_id = fields.Many2one(
        comodel_name="sale.order.line",
        string="Order Line",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )

    col_number = fields.Char(string="Registration Number")
    col_date = fields.Char(string="Order Date")
    col_type = fields.Char(string="Order Type")
    col_customer = fields.Char(string="Customer")
    col_contact = fields.Char(string="Contact Person")
    col_phone = fields.Char(string="Phone")
    col_email = fields.Char(string="E-mail")
    col_product = fields.Char(string="Product")
    col_description = fields.Text(string="Specification")
    col_quantity = fields.Char(string="Quantity")
    col_unit = fields.Char(string="Unit")
    col_price = fields.Char(string="Unit Price")
    col_discount = fields.Char(string="Discount %")
    col_delivery = fields.Char(string="Delivery Date")
    col_place = fields.Char(string="Delivery Place")
    col_terms = fields.Char(string="Payment Terms")
    col_reference = fields.Char(string="Customer Reference")
    col_salesperson = fields.Char(string="Salesperson")
    col_source = fields.Char(string="Channel Source")
    col_requirement = fields.Char(string="Technical Requirement")
    col_reorder = fields.Char(string="Reorder Kind")
    col_remarks = fields.Text(string="Remarks")

    _job_state_idx = models.Index("(job_id, state)")
    _job_key_idx = models.Index("(job_id, order_key)")

    @api.depends("state")
    def _compute_sequence(self):
        order = [key for key, _label in self._fields["state"].selection]
        for row in self:
            row.sequence = 0 if row.state == "new" else order.index(row.state)

    @api.model
    def _get_text_fields(self):
        """Return the names of the fields that hold what was read."""
        return [column.field for column in COLUMNS]

    @api.model
    def _get_key(self, number, row_number):
        """Return what the rows of one order have in common."""
        return plain(number or "") or f"#{row_number}"

    def write(self, vals):
        """Let users change texts only; what belongs to a changed order is checked.

        :raise AccessError: something else than a text is to be written
        :raise UserError: the row's order exists, or the import is at work
        """
        if self.env.su:
            return super().write(vals)
        if foreign := vals.keys() - {*self._get_text_fields()}:
            raise AccessError(
                self.env._(
                    "Only the texts of a row can be changed, not: %(fields)s",
                    fields=", ".join(sorted(foreign)),
                )
            )
        self.check_access("write")
        self._check_can_change()
        keys = {(row.job_id, row.order_key) for row in self}
        result = super().write(vals)
        self._update_keys(keys)
        return result

    def _check_can_change(self):
        for row in self:
            if row.state in CLOSED_STATES:
                raise UserError(
                    self.env._(
                        "Row %(row)s belongs to an order that exists. Change that one.",
                        row=row.row_number,
                    )
                )
        self.job_id._touch()
        self.job_id._check_is_idle()

    def _update_keys(self, keys):
        """Check the orders anew that these rows were part of, and are part of now."""
        # sudo: the system's fields; the caller has checked the right to change
        for row_sudo in self.sudo():
            number = row_sudo.col_number
            row_sudo.order_key = self._get_key(number, row_sudo.row_number)
            keys.add((row_sudo.job_id, row_sudo.order_key))
        for job, own in self.env["sale.order.import"]._group_keys(keys):
            rows_sudo = self.sudo().search(
                [
                    ("job_id", "=", job.id),
                    ("order_key", "in", own),
                    ("state", "not in", (*CLOSED_STATES, "skipped")),
                ],
                order="row_number, id",
            )
            rows_sudo._mark_new()
            if len(rows_sudo) <= MOST_CHECKED_AT_ONCE:
                job._check_rows(rows_sudo)
            job._finish()

    def _mark_new(self):
        """Forget what was found about whole orders, given in their file's order."""
        self.write({"state": "new", "reasons": False, "is_first": False})
        first = {}
        for row in self:
            first.setdefault((row.job_id.id, row.order_key), row.id)
        self.browse(first.values()).is_first = True

    def action_skip(self):
        """Leave the rows out of the import, such as a total below the orders."""
        self.check_access("write")
        self._check_can_change()
        # sudo: the state is the system's; the right to change has been checked
        self.sudo().write({"state": "skipped", "reasons": False, "is_first": False})
        self._update_keys({(row.job_id, row.order_key) for row in self})
        return True

    def action_take_back(self):
        """Count rows again that were left out."""
        self.check_access("write")
        self._check_can_change()
        # sudo: the state is the system's; the right to change has been checked
        skipped_sudo = self.sudo().filtered(lambda row: row.state == "skipped")
        skipped_sudo.state = "new"
        self._update_keys({(row.job_id, row.order_key) for row in self})
        return True

    def action_open_order(self):
        """Open the order that was made of the row, or that it belongs to."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": self.order_id.id,
            "view_mode": "form",
        }
