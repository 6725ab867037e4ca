from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

EDITABLE = frozenset(
    {
        *("name", "company_id", "file", "file_name", "encoding", "sheet"),
        *("order_type_id", "create_contacts"),
    }
)
#: so many rows are worked on while the user waits; more are left to scheduled jobs
ROWS_AT_ONCE = 200
STATES_OF_ROWS = ("new", "error", "waiting", "ready", "exists", "done", "skipped")


class SaleOrderImport(models.Model):
    """One spreadsheet of orders on its way into Odoo (SPEC A4).

    Its rows are staged and checked; the orders whose rows are all good are created by
    whoever pressed the button, with his rights.
    """

    _name = "sale.order.import"
    _inherit = ["document.approval.home.mixin"]
    _description = "Order Import"
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(
        compute="_compute_name", store=True, readonly=False, precompute=True
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Responsible",
        readonly=True,
        required=True,
        default=lambda self: self.env.user,
        help="Who started or continued the import; orders are created with his rights.",
    )
    file = fields.Binary(
        string="Spreadsheet", attachment=True, copy=False, help="xlsx or csv"
    )
    file_name = fields.Char()
    encoding = fields.Selection(
        selection=[
            ("utf-8", "UTF-8"),
            ("gb18030", "GB18030 (simplified Chinese)"),
            ("big5", "Big5 (traditional Chinese)"),
            ("utf-16", "UTF-16"),
            ("cp1252", "Windows-1252 (Western)"),
        ],
        help="How a csv file is written. Empty: found out.",
    )
    sheet = fields.Char(
        help="The sheet of the workbook. Empty: the first one that has the form's "
        "headings."
    )
    order_type_id = fields.Many2one(
        comodel_name="sale.order.type",
        string="Default Order Type",
        check_company=True,
        help="For rows that do not name one.",
    )
    create_contacts = fields.Boolean(
        string="Create New Contacts",
        help="A contact person the customer does not have yet is created with the "
        "order, with telephone and e-mail. Otherwise the row is to be mended.",
    )
    state = fields.Selection(
        selection=[
            ("draft", "New"),
            ("reading", "Being Checked"),
            ("staged", "Checked"),
            ("running", "Creating Orders"),
            ("done", "Done"),
        ],
        required=True,
        readonly=True,
        copy=False,
        default="draft",
    )
    message = fields.Text(string="About the File", readonly=True, copy=False)
    is_refused = fields.Boolean(
        string="File Is Refused", readonly=True, copy=False, default=False
    )
    is_read = fields.Boolean(
        string="File Is Read", readonly=True, copy=False, default=False
    )
    row_ids = fields.One2many(
        comodel_name="sale.order.import.row",
        inverse_name="job_id",
        string="Rows",
        readonly=True,
        copy=False,
    )
    row_count = fields.Integer(string="All Rows", compute="_compute_counts")
    new_count = fields.Integer(string="Not Checked", compute="_compute_counts")
    error_count = fields.Integer(string="To Mend", compute="_compute_counts")
    waiting_count = fields.Integer(string="Waiting", compute="_compute_counts")
    ready_count = fields.Integer(string="Good", compute="_compute_counts")
    exists_count = fields.Integer(string="Existing", compute="_compute_counts")
    done_count = fields.Integer(string="Imported", compute="_compute_counts")
    skipped_count = fields.Integer(string="Left Out", compute="_compute_counts")
    order_count = fields.Integer(string="Orders", compute="_compute_order_count")
    progress = fields.Integer(compute="_compute_counts", help="In percent.")

    @api.depends("file_name")
    def _compute_name(self):
        for job in self:
            job.name = job.file_name or job.name or self.env._("Order import")

    @api.depends("state", "row_ids.state")
    def _compute_counts(self):
        counts = {
            (job.id, state): count
            for job, state, count in self.env["sale.order.import.row"]._read_group(
                [("job_id", "in", self.ids)], ["job_id", "state"], ["__count"]
            )
        }
        for job in self:
            found = {s: counts.get((job.id, s), 0) for s in STATES_OF_ROWS}
            for state, count in found.items():
                job[f"{state}_count"] = count
            job.row_count = total = sum(found.values())
            job.progress = job._get_progress(found, total)

    def _get_progress(self, found, total):
        """Return how many percent of what the import is doing now are done."""
        if self.state == "reading":
            done, total = total - found["new"], total
        else:
            done, total = found["done"], found["done"] + found["ready"]
        return int(100 * done / total) if total else 0

    @api.depends("row_ids.order_id")
    def _compute_order_count(self):
        counts = dict(
            self.env["sale.order.import.row"]._read_group(
                [("job_id", "in", self.ids), ("state", "=", "done")],
                ["job_id"],
                ["order_id:count_distinct"],
            )
        )
        for job in self:
            job.order_count = counts.get(job, 0)

    # Who may write what ----------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Start as new, whatever the caller says of the import's progress."""
        if not self.env.su:
            for vals in vals_list:
                self._check_editable(vals)
        guarded = {
            "state": "draft",
            "user_id": self.env.uid,
            "message": False,
            "is_refused": False,
            "is_read": False,
        }
        return super().create([{**vals, **guarded} for vals in vals_list])

    def write(self, vals):
        """Let users change the settings, and the file as long as nothing came of it.

        :raise AccessError: something that only the import writes is to be written
        :raise UserError: the import is at work, or orders were made of the file
        """
        if self.env.su:
            return super().write(vals)
        self._check_editable(vals)
        self.check_access("write")
        self._check_is_idle()
        if {"file", "company_id"} & vals.keys():
            self._check_nothing_imported()
            # sudo: the state is the system's; the right to change has been checked
            self.sudo().write({"state": "draft", "is_read": False})
        return super().write(vals)

    @api.model
    def _check_editable(self, vals):
        if foreign := vals.keys() - EDITABLE:
            raise AccessError(
                self.env._(
                    "Only the import itself changes: %(fields)s",
                    fields=", ".join(sorted(foreign)),
                )
            )

    def _touch(self):
        """Write the imports' own rows, so that rivals fail to serialize.

        Without this a text could be changed while somebody else, with other rights,
        starts to create orders of what he has read.
        """
        if not self.ids:
            return
        self.env.execute_query(
            SQL(
                "UPDATE sale_order_import SET write_uid = write_uid WHERE id IN %s"
                " RETURNING id",
                tuple(sorted(self.ids)),
            )
        )

    def _check_is_idle(self):
        # sudo: the state of an import the user has access to, for the rows' sake
        if any(job.state in ("reading", "running") for job in self.sudo()):
            raise UserError(
                self.env._("The import is at work. Wait until it is ready, please.")
            )

    def _check_nothing_imported(self):
        # sudo: counting rows of an import the user may write
        if any(job.done_count for job in self.sudo()):
            raise UserError(
                self.env._(
                    "Orders were made of this file already. Start another import for "
                    "another file; orders that exist are recognised by their number."
                )
            )

    @api.ondelete(at_uninstall=True)
    def _unlink_except_running(self):
        self._check_is_idle()

    # Buttons ---------------------------------------------------------------------

    def action_check(self):
        """Read the file if that has not been done, and check what is not imported."""
        self._start()
        if not self.is_read:
            return self._open_file()
        # sudo: the right to change has been checked
        rows_sudo = self._get_open_rows().sudo()
        rows_sudo._mark_new()
        return self._check_or_queue(len(rows_sudo))

    def action_create_orders(self):
        """Create the orders whose rows are all good."""
        self._start()
        # sudo: the state is the system's; the right to change has been checked
        self_sudo = self.sudo()
        if not self_sudo.ready_count:
            raise UserError(
                self.env._("There is no good row. Mend the rows, or check again.")
            )
        self_sudo.state = "running"
        if self_sudo.ready_count > ROWS_AT_ONCE:
            self._trigger_crons()
            return True
        while self._create_next():
            pass
        self._finish()
        return True

    def action_stop(self):
        """Stop creating orders; what has been created stays."""
        self.ensure_one()
        self.check_access("write")
        # sudo: the state is the system's; the right to change has been checked
        if self.sudo().state == "running":
            self.sudo().state = "staged"
        return True

    def action_open_rows(self):
        """Open the rows; a state in the context chooses among them."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sale_order_policy.sale_order_import_row_action"
        )
        action["domain"] = [("job_id", "=", self.id)]
        action["context"] = {
            f"search_default_{state}": 1
            for state in STATES_OF_ROWS
            if state == self.env.context.get("row_state")
        }
        return action

    def action_open_orders(self):
        """Open the orders that were made of the file."""
        self.ensure_one()
        orders = self.row_ids.filtered(lambda row: row.state == "done").order_id
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Imported Orders"),
            "res_model": "sale.order",
            "view_mode": "list,form",
            "domain": [("id", "in", orders.ids)],
        }

    def action_download_template(self):
        """Download an empty form to fill in."""
        return {
            "type": "ir.actions.act_url",
            "url": "/order-import/template",
            "target": "download",
        }

    def action_download_open_rows(self):
        """Download the rows no order was made of, each with its reasons."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/order-import/{self.id}/rows",
            "target": "download",
        }

    def _start(self):
        """Make the user responsible for what happens next."""
        self.ensure_one()
        self.check_access("write")
        self.env["sale.order"].check_access("create")
        self._check_is_idle()
        if self.user_id != self.env.user:
            # sudo: who presses the button acts, not who uploaded the file
            self.sudo().user_id = self.env.user

    def _get_open_rows(self):
        """Return the rows that may still become orders, in the file's order."""
        return self.env["sale.order.import.row"].search(
            [("job_id", "=", self.id), ("state", "not in", ("done", "skipped"))],
            order="row_number, id",
        )

    @api.model
    def _group_keys(self, keys):
        """Return [(job, [key of an order])] of pairs."""
        found = {}
        for job, key in keys:
            found.setdefault(job, []).append(key)
        return list(found.items())
