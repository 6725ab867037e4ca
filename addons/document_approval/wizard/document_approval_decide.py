from odoo import api, fields, models
from odoo.exceptions import UserError


class DocumentApprovalDecide(models.TransientModel):
    """Approve or refuse one or several documents, each by itself (SPEC B5)."""

    _name = "document.approval.decide"
    _description = "Decide on Documents"

    decision = fields.Selection(
        selection=[
            ("approve", "Approve"),
            ("refuse", "Refuse"),
            ("ask", "Ask a question"),
        ],
        default="approve",
        required=True,
    )
    words = fields.Text(
        help="Kept with the decision for good. A refusal needs a reason, so that the "
        "requester knows what to correct."
    )
    reason_id = fields.Many2one(
        comodel_name="document.approval.reason",
        string="Kind of Reason",
        help="To see later what documents are refused for.",
    )
    check_ids = fields.One2many(
        comodel_name="document.approval.decide.check",
        inverse_name="decide_id",
        string="Checklist",
    )
    has_checks = fields.Boolean(
        compute="_compute_has_checks",
        help="Several documents were chosen, and some of them have a checklist.",
    )
    absent_id = fields.Many2one(
        comodel_name="res.users",
        string="In the Place Of",
        compute="_compute_absent_id",
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
    res_name = fields.Char(
        string="Document", related="seat_id.res_name", related_sudo=False
    )
    requester_id = fields.Many2one(related="seat_id.requester_id", related_sudo=False)
    amount = fields.Monetary(related="seat_id.amount", related_sudo=False)
    currency_id = fields.Many2one(related="seat_id.currency_id", related_sudo=False)
    why = fields.Text(
        string="Please Look At", related="seat_id.why", related_sudo=False
    )
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
        if "check_ids" in fields_list:
            values["check_ids"] = self._default_check_ids(values.get("seat_ids"))
        return values

    @api.model
    def _default_check_ids(self, seats):
        """Return the questions of the seat decided on, when it is one."""
        ids = self._fields["seat_ids"].convert_to_cache(seats or [], self.new({}))
        if len(ids) != 1:
            return []
        seat = self.env["document.approval.seat"].browse(ids).exists()
        if not seat.has_access("read"):
            return []
        return [fields.Command.create({"check_id": c.id}) for c in seat.check_ids]

    @api.depends("seat_ids", "seat_count")
    def _compute_has_checks(self):
        for decide in self:
            decide.has_checks = decide.seat_count > 1 and bool(
                decide.seat_ids.check_ids
            )

    @api.depends("seat_id")
    @api.depends_context("uid")
    def _compute_absent_id(self):
        for decide in self:
            # sudo: who is asked in whose place is not readable for everybody
            seat_sudo = decide.seat_id.sudo()
            principal = seat_sudo._get_principal(self.env.user) if seat_sudo else False
            decide.absent_id = principal if principal != self.env.user else False

    @api.depends("seat_ids")
    def _compute_seat_count(self):
        for decide in self:
            decide.seat_count = len(decide.seat_ids)
            # the record itself, not one that is being entered: its facts are
            # shown to those only who may read it
            seat = decide.seat_ids._origin
            is_one = len(seat) == 1 and seat.has_access("read")
            decide.seat_id = seat if is_one else False

    @api.onchange("reason_id")
    def _onchange_reason_id(self):
        """Start the reason with its kind, so that nobody has to type it."""
        if self.reason_id and not self.words:
            self.words = self.reason_id.name

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
        if self.decision == "ask":
            seat.action_ask(self.words)
            return
        answers = {
            check.check_id.id: {"answer": check.answer, "remark": check.remark}
            for check in self.check_ids
        }
        if self.decision == "refuse":
            seat.action_refuse(self.words, self.reason_id.id, answers)
        else:
            seat.action_approve(self.words, answers)

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
        message = {
            "approve": self.env._("Approved"),
            "refuse": self.env._("Refused"),
            "ask": self.env._("Question sent"),
        }[self.decision]
        return {"seat_id": seat.id, "is_done": True, "message": message}
