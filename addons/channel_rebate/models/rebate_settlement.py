from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

FORMS = [
    ("oldest", "Offset against what is due, oldest first"),
    ("next", "Offset against the next invoices"),
    ("goods", "Goods: a quotation for what was earned"),
]


class RebateSettlement(models.Model):
    """Rebates released together: approved, then paid as credit notes (SPEC M4, B8).

    A line is what a balance has to release when the lines are filled in. It never
    becomes more; when less may be released by the time it is approved, less is.
    """

    _name = "rebate.settlement"
    _inherit = ["mail.thread", "mail.activity.mixin", "document.approval.mixin"]
    _description = "Rebate Settlement"
    _order = "id desc"

    _approval_protected_states = ("posting", "done")
    _approval_material_fields = (
        "company_id",
        "currency_id",
        "form",
        "date",
        "reverses_id",
    )
    _approval_line_field = "line_ids"
    _approval_material_line_fields = ("balance_id", "amount")

    name = fields.Char(
        string="Number",
        readonly=True,
        copy=False,
        default=lambda self: self.env._("New"),
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        domain=[("parent_id", "=", False)],
        default=lambda self: self.env.company.root_id,
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("posting", "Being Released"),
            ("done", "Released"),
            ("cancel", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    form = fields.Selection(
        selection=FORMS,
        string="Paid As",
        default="oldest",
        required=True,
    )
    date = fields.Date(
        string="Date of the Credit Notes", help="Empty: the day they are made."
    )
    period_ids = fields.Many2many(
        comodel_name="rebate.period",
        string="Periods",
        domain="[('company_id', '=', company_id)]",
    )
    sale_region_ids = fields.Many2many(
        comodel_name="sales.region", string="Regions", help="Empty: all."
    )
    reverses_id = fields.Many2one(
        comodel_name="rebate.settlement",
        string="Takes Back",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    line_ids = fields.One2many(
        comodel_name="rebate.settlement.line",
        inverse_name="settlement_id",
        string="Lines",
        copy=False,
    )
    line_count = fields.Integer(compute="_compute_totals")
    amount = fields.Monetary(string="Total", compute="_compute_totals")
    posted_amount = fields.Monetary(string="Released", compute="_compute_totals")
    move_ids = fields.One2many(
        comodel_name="account.move",
        inverse_name="rebate_settlement_id",
        string="Credit Notes",
        readonly=True,
    )
    move_count = fields.Integer(compute="_compute_totals")
    note = fields.Text(string="Remarks")
    error = fields.Text(string="What Went Wrong", readonly=True, copy=False)

    @api.depends("line_ids.amount", "line_ids.posted_amount", "move_ids")
    def _compute_totals(self):
        lines = {
            settlement.id: (count, amount, posted)
            for settlement, count, amount, posted in self.env[
                "rebate.settlement.line"
            ]._read_group(
                [("settlement_id", "in", self.ids)],
                ["settlement_id"],
                ["__count", "amount:sum", "posted_amount:sum"],
            )
        }
        # sudo: only counted
        moves = dict(
            self.env["account.move"]
            .sudo()
            ._read_group(
                [("rebate_settlement_id", "in", self.ids)],
                ["rebate_settlement_id"],
                ["__count"],
            )
        )
        for settlement in self:
            count, amount, posted = lines.get(settlement._origin.id, (0, 0.0, 0.0))
            settlement.line_count = count
            settlement.amount = amount
            settlement.posted_amount = posted
            settlement.move_count = moves.get(settlement._origin, 0)

    # Guard -----------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_guarded(vals)
        settlements = super().create(vals_list)
        for settlement in settlements:
            number = (
                # sudo: who prepares a settlement need not read sequences
                self.env["ir.sequence"]
                .sudo()
                .with_company(settlement.company_id)
                .next_by_code("rebate.settlement")
            )
            super(RebateSettlement, settlement).write({"name": number})
        return settlements

    def write(self, vals):
        self._refuse_guarded(vals)
        material = {*self._approval_material_fields, "line_ids", "period_ids"}
        if material.intersection(vals) and any(s.state != "draft" for s in self):
            raise UserError(
                self.env._("A settlement that is being released stays as it is.")
            )
        return super().write(vals)

    def _keep(self, vals):
        """Write what the system keeps, past our own refusal; the gate decides."""
        return super().write(vals)

    @api.model
    def _refuse_guarded(self, vals):
        guarded = {"name", "error", "reverses_id", "move_ids"}
        if vals.get("state", "draft") != "draft" or guarded.intersection(vals):
            raise AccessError(self.env._("A rebate is released by its approval only."))

    @api.model
    def default_get(self, fields):
        """Give nobody's own default to what the system keeps."""
        values = super().default_get(fields)
        for name in ("reverses_id", "error", "line_ids", "move_ids"):
            values.pop(name, None)
        if "state" in values:
            values["state"] = "draft"
        return values

    @api.ondelete(at_uninstall=True)
    def _unlink_except_draft(self):
        if any(settlement.state in ("posting", "done") for settlement in self):
            raise UserError(self.env._("Settlements that were released are kept."))

    # Lines -------------------------------------------------------------------------

    def action_fill(self):
        """Bring the figures up to date and list what may be released.

        Balances that are in another open settlement are left out.

        :raise UserError: when no period was chosen, or it is not a draft any more
        """
        self.check_access("write")
        for settlement in self:
            if settlement.state != "draft" or settlement.approval_state == "pending":
                raise UserError(
                    self.env._(
                        "Lines are filled in before the settlement is submitted."
                    )
                )
            if settlement.reverses_id:
                raise UserError(
                    self.env._("What is taken back follows from the first settlement.")
                )
            # sudo: figures are written by the system, lines too
            settlement.sudo()._fill()
        return True

    def _fill(self):
        self.ensure_one()
        # who fills it in does not approve it; of two who do so at once one is rerun
        self._approval_touch()
        # what has changed; everything is derived anew when it is released
        self.env["rebate.engine"]._drain()
        balances = self._get_balances()
        if not balances:
            raise UserError(
                self.env._("Choose periods in which somebody takes part first.")
            )
        balances._bump()
        held = balances._get_held()
        self.line_ids._release()
        self.env.flush_all()
        self.env.execute_query(
            SQL(
                """
                INSERT INTO rebate_settlement_line (settlement_id, balance_id,
                       company_id, partner_id, amount, state, create_uid,
                       create_date, write_uid, write_date)
                SELECT %(settlement)s, b.id, b.company_id, b.partner_id,
                       b.open_amount, 'open', %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM rebate_balance b
                 WHERE b.id = ANY(%(balances)s) AND b.open_amount <> 0
                   AND b.id <> ALL(%(held)s) AND b.currency_id = %(currency)s
                 ORDER BY b.partner_id, b.id
                    ON CONFLICT (balance_id) WHERE state = 'open' DO NOTHING
             RETURNING id
                """,
                settlement=self.id,
                uid=self.env.uid,
                now=fields.Datetime.now(),
                balances=balances.ids,
                held=list(held),
                currency=self.currency_id.id,
            )
        )
        self.env.invalidate_all(flush=False)
        self._note_held(balances.browse(held), held)

    def _note_held(self, balances, held):
        if held:
            names = ", ".join(
                f"{balance.partner_id.name} ({held[balance.id]})"
                for balance in balances[:20]
            )
            self._message_log(
                body=self.env._("Not released for now: %(names)s", names=names)
            )

    def _get_balances(self):
        """Return the balances this settlement is about."""
        self.ensure_one()
        domain = [
            ("period_id", "in", self.period_ids.ids),
            ("company_id", "=", self.company_id.id),
        ]
        if self.sale_region_ids:
            domain.append(("sale_region_id", "in", self.sale_region_ids.ids))
        return self.env["rebate.balance"].search(domain)

    def action_cancel(self):
        """Give a settlement up that has not been released."""
        self.check_access("write")
        if any(settlement.state in ("posting", "done") for settlement in self):
            raise UserError(
                self.env._("It has been released: take it back by a new settlement.")
            )
        self.line_ids.sudo()._release()  # sudo: lines are kept by the system
        return super().write({"state": "cancel"})

    def action_take_back(self):
        """Prepare the settlement that takes this one back, to be approved as well."""
        self.ensure_one()
        self.check_access("write")
        if self.state != "done":
            raise UserError(self.env._("Only what was released can be taken back."))
        lines = self.line_ids.filtered("posted_amount")
        if not lines or self.search_count(
            [("reverses_id", "=", self.id), ("state", "!=", "cancel")], limit=1
        ):
            raise UserError(
                self.env._("%(number)s is taken back already.", number=self.name)
            )
        new = self.create(
            {
                "company_id": self.company_id.id,
                "currency_id": self.currency_id.id,
                "form": "oldest",
                "note": self.env._("Takes back %(number)s.", number=self.name),
            }
        )
        super(RebateSettlement, new).write({"reverses_id": self.id})
        # sudo: lines are kept by the system
        lines.sudo()._copy_back(new)
        return new.action_open()

    def action_open(self):
        """Open this settlement."""
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "view_mode": "form",
            "res_id": self.id,
        }

    def action_open_moves(self):
        """Show the credit notes."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Credit Notes"),
            "res_model": "account.move",
            "view_mode": "list,form",
            "domain": [("rebate_settlement_id", "=", self.id)],
        }

    # Approval ----------------------------------------------------------------------

    def _approval_get_company(self):
        """EXTENDS 'document_approval'."""
        return self.company_id.root_id

    def _approval_amounts(self):
        """EXTENDS 'document_approval': in the company's currency, of today.

        What is claimed back does not make it less.
        """
        today = fields.Date.context_today(self)
        return {
            settlement.id: settlement.currency_id._convert(
                sum(abs(line.amount) for line in settlement.line_ids),
                settlement.company_id.currency_id,
                settlement.company_id,
                today,
            )
            for settlement in self
        }

    def _approval_plan(self, flows_sudo, findings):
        """EXTENDS 'document_approval': with lines, accounts and somebody to approve."""
        plan = super()._approval_plan(flows_sudo, findings)
        if not self.line_ids:
            plan.problems.append(
                self.env._("There is nothing to release: fill in the lines first.")
            )
        # sudo: the accounts of the company
        company_sudo = self.company_id.sudo()
        if not (
            company_sudo.rebate_provision_account_id
            and company_sudo.rebate_expense_account_id
        ):
            plan.problems.append(
                self.env._(
                    "The accounts of rebates are not set: Channel, Configuration, "
                    "Settings."
                )
            )
        if not plan.needs_review and not plan.problems:
            plan.problems.append(
                self.env._(
                    "Nobody approves rebate settlements yet. Ask the approvals "
                    "administrator for a flow of “Rebate Settlement” with somebody on "
                    "it."
                )
            )
        return plan

    def _approval_on_approved(self):
        """EXTENDS 'document_approval': what was approved is released at once."""
        result = super()._approval_on_approved()
        # sudo: the last reviewer need not keep the books
        self.sudo()._start_release()
        return result
