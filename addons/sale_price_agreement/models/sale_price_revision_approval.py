from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import formatLang

#: code of the department that fills in each sheet
SHEETS = {"cost": "finance", "market": "marketing"}
_FIGURES = {"cost": "stated_cost", "market": "market_price"}


class SalePriceRevision(models.Model):
    """Who agrees to new prices, on which statements (SPEC B8, C3)."""

    _inherit = "sale.price.revision"

    def _approval_get_company(self):
        """EXTENDS 'document_approval'."""
        return self.company_id.root_id

    def _approval_excluded_users(self):
        """EXTENDS 'document_approval': nor who is responsible (SPEC B5)."""
        # sudo: who is responsible, whoever asks
        return super()._approval_excluded_users() | self.sudo().user_id

    def _approval_owner(self):
        """EXTENDS 'document_approval': who is responsible."""
        user = self.sudo().user_id  # sudo: as above
        return user if user.active and not user.share else super()._approval_owner()

    def _approval_abouts(self):
        """EXTENDS 'document_approval': why (SPEC B4)."""
        return {revision.id: revision.reason for revision in self.exists()}

    def _approval_findings(self):
        """EXTENDS 'document_approval': how much it is, and what falls below cost."""
        findings = super()._approval_findings()
        for revision in self.sudo():  # sudo: the same whoever asks
            for line in revision.line_ids:
                if line.stated_cost and line.new_price < line.stated_cost:
                    findings[revision.id].append(
                        revision._approval_make_finding(
                            "pr_cost",
                            "finance",
                            "review",
                            line=line,
                            actual=line.new_price,
                            allowed=line.stated_cost,
                            currency=revision.currency_id.name,
                        )
                    )
        return findings

    @api.model
    def _approval_finding_text(self, code, values):
        """EXTENDS 'document_approval'."""
        if code == "pr_cost":
            return self.env._(
                "new price %(actual)s %(currency)s is below the cost %(allowed)s",
                currency=values["currency"],
                actual=formatLang(self.env, values["actual"], digits=2),
                allowed=formatLang(self.env, values["allowed"], digits=2),
            )
        return super()._approval_finding_text(code, values)

    def _approval_plan(self, flows_sudo, findings):
        """EXTENDS 'document_approval': complete, with finance and marketing on it."""
        plan = super()._approval_plan(flows_sudo, findings)
        plan.problems.extend(self._get_gaps())
        seated = {
            (seat.department.code or "").lower()
            for level in plan.levels
            for seat in level.seats
        }
        if set(SHEETS.values()) - seated and not plan.problems:
            plan.problems.append(
                self.env._(
                    "Finance has to state the cost and marketing the market. Ask the "
                    "approvals administrator for a flow of “Price Revision” with "
                    "both departments on it."
                )
            )
        return plan

    def _approval_on_approved(self):
        """EXTENDS 'document_approval': from now on it waits for its day."""
        result = super()._approval_on_approved()
        for revision in self.filtered(lambda one: one.state == "draft"):
            for code in SHEETS.values():
                revision._check_sheet(code)
            revision._keep({"state": "approved"})
            cron_sudo = self.env.ref("sale_price_agreement.ir_cron_revision").sudo()
            cron_sudo._trigger()  # sudo: it may be due today
        return result

    # Sheets ------------------------------------------------------------------

    def _check_sheet(self, code):
        """Refuse to go on before a department has filled in its sheet.

        :param str code: of the department
        :raise UserError: saying what is missing
        """
        self.ensure_one()
        revision_sudo = self.sudo()  # sudo: whoever agrees
        code = (code or "").lower()
        if code == SHEETS["cost"] and not revision_sudo.cost_statement:
            raise UserError(
                self.env._("State the cost first: button “Fill In the Sheet”.")
            )
        if code == SHEETS["market"] and not revision_sudo.market_statement:
            raise UserError(
                self.env._("State the market first: button “Fill In the Sheet”.")
            )

    @api.depends_context("uid")
    @api.depends("approval_state", "cost_statement", "market_statement")
    def _compute_open_sheet(self):
        for revision in self:
            revision.open_sheet = next(
                (kind for kind in SHEETS if revision._may_state(kind)), False
            )

    def _may_state(self, kind):
        """Tell whether the user decides now for the department of a sheet."""
        self.ensure_one()
        round_sudo = self._approval_round()
        return any(
            seat.state == "open"
            and (seat.department_id.code or "").lower() == SHEETS[kind]
            and not seat._get_objection(self.env.user)
            for seat in round_sudo.seat_ids
        )

    def action_state(self, kind, statement, figures=None):
        """Fill in a sheet, as one of the department whose turn it is.

        :param str kind: ``cost`` or ``market``
        :param str statement: required words
        :param dict figures: cost or market price by line id; the others stay
        :raise AccessError: it is not this user's turn
        :raise UserError: without words
        """
        self.ensure_one()
        self.check_access("read")
        if kind not in SHEETS or not self._may_state(kind):
            raise AccessError(
                self.env._(
                    "Only who decides now for the department fills in this sheet."
                )
            )
        words = statement.strip() if isinstance(statement, str) else ""
        if not words:
            raise UserError(self.env._("Say in words what the figures rest on."))
        self._keep({f"{kind}_statement": words, f"{kind}_user_id": self.env.uid})
        numbers = {int(key): value for key, value in (figures or {}).items()}
        for line in self.sudo().line_ids:  # sudo: reviewers write nothing else
            value = numbers.get(line.id)
            if isinstance(value, int | float) and 0 <= value <= 1e12:
                line._keep({_FIGURES[kind]: value})
        self._approval_post(
            self.env._("The cost is stated.")
            if kind == "cost"
            else self.env._("The market is stated.")
        )

    def action_open_sheet(self):
        """Open the sheet the user has to fill in."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cost")
            if self.open_sheet == "cost"
            else self.env._("Market"),
            "res_model": "sale.price.revision.sheet",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_revision_id": self.id,
                "default_kind": self.open_sheet or "cost",
            },
        }

    def _approval_amounts(self):
        """EXTENDS 'document_approval': the largest price that changes."""
        today = fields.Date.context_today(self)
        return {
            one.id: one.currency_id._convert(
                max(one.line_ids.mapped("new_price"), default=0.0),
                one.company_id.currency_id,
                one.company_id,
                today,
            )
            for one in self
        }
