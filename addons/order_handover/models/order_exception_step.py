from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_list


class OrderExceptionStep(models.Model):
    """One thing done about an exception, followed in its own document (SPEC I2).

    Made by :meth:`order.exception._take_step` only. A step is done when its transfers
    are done or its credit note is posted, whoever does that and wherever.
    """

    _name = "order.exception.step"
    _inherit = ["document.approval.frozen"]
    _description = "Step of an Order Exception"
    _order = "exception_id, id"

    exception_id = fields.Many2one(
        comodel_name="order.exception",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    order_id = fields.Many2one(related="exception_id.order_id")
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True
    )
    kind = fields.Selection(
        selection=[
            ("replacement", "Replacement Delivery"),
            ("exchange", "Exchange"),
            ("return", "Return"),
            ("price", "Price Reduction"),
        ],
        required=True,
        readonly=True,
    )
    note = fields.Char(string="Remarks", readonly=True)
    line_ids = fields.One2many(
        comodel_name="order.exception.step.line",
        inverse_name="step_id",
        string="Goods",
        readonly=True,
    )
    content = fields.Char(string="What", compute="_compute_content", compute_sudo=True)
    # its documents
    move_ids = fields.One2many(
        comodel_name="stock.move", inverse_name="handover_step_id", readonly=True
    )
    picking_ids = fields.Many2many(
        comodel_name="stock.picking",
        string="Transfers",
        compute="_compute_picking_ids",
        compute_sudo=True,
    )
    credit_note_id = fields.Many2one(
        comodel_name="account.move",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    currency_id = fields.Many2one(related="exception_id.order_id.currency_id")
    amount = fields.Monetary(
        string="Untaxed Amount", currency_field="currency_id", readonly=True
    )
    document_text = fields.Char(
        string="Documents", compute="_compute_document_text", compute_sudo=True
    )
    # state
    state = fields.Selection(
        selection=[
            ("open", "Open"),
            ("running", "Under Way"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        compute="_compute_state",
        store=True,
        compute_sudo=True,
        index=True,
    )
    cancel_reason = fields.Char(readonly=True)

    @api.depends("kind", "exception_id.name")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for step in self:
            documents = step.document_text
            step.display_name = (
                f"{labels.get(step.kind, '')} ({documents})"
                if documents
                else labels.get(step.kind, "")
            )

    @api.depends("line_ids", "amount")
    def _compute_content(self):
        for step in self:
            if step.kind == "price":
                step.content = step.currency_id.format(step.amount)
            else:
                step.content = ", ".join(
                    f"{line.product_id.display_name}: {line.quantity:g} "
                    f"{line.product_uom_id.name}"
                    for line in step.line_ids
                )

    @api.depends("move_ids.picking_id")
    def _compute_picking_ids(self):
        for step in self:
            step.picking_ids = step.move_ids.picking_id

    @api.depends("move_ids.picking_id", "credit_note_id")
    def _compute_document_text(self):
        for step in self:
            names = step.move_ids.picking_id.mapped("name")
            if step.credit_note_id:
                names.append(step.credit_note_id.display_name)
            step.document_text = ", ".join(name for name in names if name)

    @api.depends(
        "cancel_reason",
        "kind",
        "line_ids",
        "move_ids.state",
        "move_ids.quantity",
        "move_ids.product_id",
        "move_ids.location_dest_id",
        "credit_note_id.state",
    )
    def _compute_state(self):
        for step in self:
            step.state = "cancelled" if step.cancel_reason else step._get_state()

    def _get_state(self):
        """Return the state that the step's own documents give it.

        What was dropped is missing: the step goes on until that has left as well, or
        is cancelled with the reason. Made to be extended by kinds with documents of
        other applications.
        """
        self.ensure_one()
        if self.kind == "price":
            by_state = {"posted": "done", "draft": "running"}
            return by_state.get(self.credit_note_id.state, "open")
        moves = self.move_ids.filtered(lambda move: move.state != "cancel")
        if not moves:
            return "open"
        back = moves.filtered(lambda move: move._handover_comes_back())
        out = (moves - back).filtered(
            lambda move: move.location_dest_usage == "customer"
        )
        parts = self._get_parts(back, out) or [moves]
        if (
            not all(parts)
            or any(move.state != "done" for move in moves)
            or any(self._is_short(part) for part in parts)
        ):
            return "running"
        return "done"

    def _get_parts(self, back, out):
        """Return the moves that must all be done, and of each that nothing is missing.

        Made to be extended for other kinds.

        :param back: moves by which goods come back
        :param out: moves by which goods reach the customer
        """
        self.ensure_one()
        needed = {
            "replacement": [out],
            "return": [back],
            "exchange": [back, out],
        }
        return needed.get(self.kind)

    # Who writes what ----------------------------------------------------------------

    def write(self, vals):
        """Refuse everything: steps are written by their methods.

        :raise AccessError: whoever asks
        """
        for name in vals:
            raise AccessError(
                self.env._(
                    "%(field)s of a step is kept by the system.",
                    field=self._fields[name]._description_string(self.env),
                )
            )
        return super().write(vals)

    def _write_system(self, vals):
        # sudo: written by methods that have checked who asks
        return super(OrderExceptionStep, self.sudo()).write(vals)

    @api.ondelete(at_uninstall=True)
    def _unlink_never(self):
        raise UserError(self.env._("Steps are kept; cancel them with the reason."))

    # Actions ------------------------------------------------------------------------

    def action_open_documents(self):
        """Open the step's transfers or credit note."""
        self.ensure_one()
        self.check_access("read")
        # sudo: only which documents; they are opened with the user's own rights
        step_sudo = self.sudo()
        if step_sudo.credit_note_id:
            return {
                "type": "ir.actions.act_window",
                "res_model": "account.move",
                "res_id": step_sudo.credit_note_id.id,
                "view_mode": "form",
            }
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Transfers"),
            "res_model": "stock.picking",
            "view_mode": "list,form",
            "domain": [("id", "in", step_sudo.picking_ids.ids)],
        }

    def action_cancel(self):
        """Ask for the reason why the step is not taken any more."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cancel the Step"),
            "res_model": "order.exception.step.cancel",
            "view_mode": "form",
            "target": "new",
            "context": {"default_step_id": self.id},
        }

    def _cancel(self, reason):
        """Cancel the step; for who may write the exception.

        :raise UserError: without a reason, when it is done, or while its documents
            are open
        """
        self.ensure_one()
        self.exception_id._refuse_without_access()
        step_sudo = self.sudo()  # sudo: documents of other departments
        if not (reason or "").strip():
            raise UserError(self.env._("Please say why the step is not taken."))
        if step_sudo.state == "done" or step_sudo.exception_id.date_closed:
            raise UserError(
                self.env._("%(step)s is done already.", step=self.display_name)
            )
        names = step_sudo._get_open_documents()
        if names:
            raise UserError(
                self.env._(
                    "Cancel %(documents)s first; otherwise they would be left over.",
                    documents=format_list(self.env, names),
                )
            )
        step_sudo._write_system({"cancel_reason": reason.strip()})

    def _get_open_documents(self):
        """Return the names of documents that somebody may still finish."""
        self.ensure_one()
        moves = self.move_ids.filtered(lambda m: m.state not in ("cancel", "done"))
        names = list(dict.fromkeys(move.picking_id.name or "?" for move in moves))
        if self.credit_note_id.state in ("draft", "posted"):
            names.append(self.credit_note_id.display_name)
        return names


class OrderExceptionStepLine(models.Model):
    """Goods of a step: how many at most go out or come back for it."""

    _name = "order.exception.step.line"
    _inherit = ["document.approval.frozen"]
    _description = "Goods of a Step"

    step_id = fields.Many2one(
        comodel_name="order.exception.step",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    sale_line_id = fields.Many2one(
        comodel_name="sale.order.line", readonly=True, ondelete="restrict"
    )
    move_id = fields.Many2one(
        comodel_name="stock.move", readonly=True, ondelete="set null"
    )
    product_id = fields.Many2one(
        comodel_name="product.product", required=True, readonly=True
    )
    quantity = fields.Float(digits="Product Unit", required=True, readonly=True)
    product_uom_id = fields.Many2one(
        comodel_name="uom.uom", string="Unit", required=True, readonly=True
    )
