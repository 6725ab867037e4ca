from odoo import api, fields, models


class DocumentApprovalAddSeat(models.TransientModel):
    """Have another department review too (SPEC B2)."""

    _name = "document.approval.add.seat"
    _description = "Add a Department to the Review"

    seat_id = fields.Many2one(
        comodel_name="document.approval.seat",
        string="Added From",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    res_name = fields.Char(
        string="Document", related="seat_id.res_name", related_sudo=False
    )
    company_id = fields.Many2one(related="seat_id.company_id", related_sudo=False)
    department_id = fields.Many2one(
        comodel_name="document.approval.department",
        required=True,
        domain="[('company_id', '=', company_id), ('id', 'not in', taken_ids)]",
    )
    taken_ids = fields.Many2many(
        comodel_name="document.approval.department",
        compute="_compute_taken_ids",
        string="There Already",
    )
    member_ids = fields.Many2many(
        comodel_name="res.users",
        compute="_compute_member_ids",
        string="Members",
    )
    user_ids = fields.Many2many(
        comodel_name="res.users",
        relation="document_approval_add_seat_user_rel",
        column1="wizard_id",
        column2="user_id",
        string="Only These People",
        compute="_compute_user_ids",
        store=True,
        readonly=False,
        domain="[('id', 'in', member_ids)]",
        help="Empty: any member of the department.",
    )
    words = fields.Text(string="What to Look At", required=True)

    @api.depends("seat_id")
    def _compute_taken_ids(self):
        for wizard in self:
            wizard.seat_id.check_access("read")
            # sudo: the seats beside one's own
            seat_sudo = wizard.seat_id.sudo()
            wizard.taken_ids = seat_sudo.round_id.seat_ids.filtered(
                lambda seat, at=seat_sudo: seat.level_sequence == at.level_sequence
            ).department_id

    @api.depends("department_id")
    def _compute_member_ids(self):
        for wizard in self:
            wizard.seat_id.check_access("read")
            # sudo: whom the department has, not what it does
            wizard.member_ids = (
                wizard.seat_id.sudo()._get_addable_users(wizard.department_id)
                if wizard.department_id
                else False
            )

    @api.depends("department_id")
    def _compute_user_ids(self):
        for wizard in self:
            wizard.user_ids = False

    def action_add(self):
        """Add the seat as the user.

        :raise AccessError, UserError: as :meth:`DocumentApprovalSeat.action_add_seat`
        """
        self.ensure_one()
        self.seat_id.action_add_seat(
            self.department_id.id, self.words, self.user_ids.ids
        )
        return {"type": "ir.actions.act_window_close"}
