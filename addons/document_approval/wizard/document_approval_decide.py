from odoo import api, fields, models
from odoo.exceptions import UserError


class DocumentApprovalDecide(models.TransientModel):
    """Approve or refuse one or several documents, each by itself (SPEC B5)."""

    _name = "document.approval.decide"
    _description = "Decide on Documents"

    decision = fields.Selection(
        selection=[("approve", "Approve"), ("refuse", "Refuse")],
        default="approve",
        required=True,
    )
    words = fields.Text(
        help="Kept with the decision for good. A refusal needs a reason, so that the "
        "requester knows what to correct."
    )
    seat_ids = fields.Many2many(
        comodel_name="document.approval.seat", string="Documents", readonly=True
    )
    seat_count = fields.Integer(compute="_compute_seat_count")
    seat_id = fields.Many2one(
        comodel_name="document.approval.seat",
        compute="_compute_seat_count",
        help="The seat, when there is only one.",
    )
    res_name = fields.Char(string="Document", related="seat_id.res_name")
    requester_id = fields.Many2one(related="seat_id.requester_id")
    amount = fields.Monetary(related="seat_id.amount")
    currency_id = fields.Many2one(related="seat_id.currency_id")
    why = fields.Text(string="Please Look At", related="seat_id.why")
    state = fields.Selection(
        selection=[("ask", "To decide"), ("done", "Result")],
        default="ask",
        required=True,
    )
    result_ids = fields.One2many(
        comodel_name="document.approval.decide.result",
        inverse_name="decide_id",
        string="Results",
        readonly=True,
    )
    failed_count = fields.Integer(compute="_compute_failed_count")

    @api.model
    def default_get(self, fields_list):
        """Take the seats selected in a list when the caller names none."""
        values = super().default_get(fields_list)
        if (
            "seat_ids" in fields_list
            and not values.get("seat_ids")
            and self.env.context.get("active_model") == "document.approval.seat"
        ):
            seat_ids = self.env.context.get("active_ids") or []
            values["seat_ids"] = [fields.Command.set(seat_ids)]
        return values

    @api.depends("seat_ids")
    def _compute_seat_count(self):
        for decide in self:
            decide.seat_count = len(decide.seat_ids)
            decide.seat_id = decide.seat_ids if decide.seat_count == 1 else False

    @api.depends("result_ids.is_done")
    def _compute_failed_count(self):
        for decide in self:
            decide.failed_count = len(
                decide.result_ids.filtered(lambda result: not result.is_done)
            )

    def action_apply(self):
        """Decide as the user, and report record by record when something failed.

        :raise UserError: nothing selected; for a single seat whatever its decision
            raises
        """
        self.ensure_one()
        if not self.seat_ids:
            raise UserError(self.env._("Please select the documents to decide on."))
        if len(self.seat_ids) == 1:
            self._decide(self.seat_ids)
            return {"type": "ir.actions.act_window_close"}
        results = [self._try_decide(seat) for seat in self.seat_ids]
        if all(result["is_done"] for result in results):
            return {"type": "ir.actions.act_window_close"}
        self.write(
            {
                "state": "done",
                "result_ids": [fields.Command.create(result) for result in results],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Result"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }

    def _decide(self, seat):
        """Decide on one seat; what it raises is for the caller."""
        if self.decision == "refuse":
            seat.action_refuse(self.words)
        else:
            seat.action_approve(self.words)

    def _try_decide(self, seat):
        """Decide on one seat without harm to the others.

        Only refusals in words are caught. A lost race for the same round is no
        refusal: it must reach the request, which is then repeated as a whole.

        :return: values of the result line
        """
        try:
            with self.env.cr.savepoint():
                self._decide(seat)
        except UserError as error:
            return {
                "seat_id": seat.id,
                "is_done": False,
                "message": error.args[0] if error.args else str(error),
            }
        is_refusal = self.decision == "refuse"
        message = self.env._("Refused") if is_refusal else self.env._("Approved")
        return {"seat_id": seat.id, "is_done": True, "message": message}
