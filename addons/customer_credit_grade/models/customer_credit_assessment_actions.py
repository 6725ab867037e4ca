from odoo import models
from odoo.exceptions import UserError


class CustomerCreditAssessment(models.Model):
    """Computing, completing and giving up assessments (SPEC D1, D2)."""

    _inherit = "customer.credit.assessment"

    def action_compute(self):
        """Take the figures from the books as they are now."""
        self.check_access("write")
        self._check_draft()
        self._fill()

    def _fill(self):
        """Fill the computed lines of any number of assessments, set by set."""
        for company, assessments in self.grouped("company_id").items():
            today = self.env["customer.credit.account"]._get_today(company)
            lines = assessments.line_ids.filtered(
                lambda line: line.criterion_id.source == "computed"
            )
            values = lines.criterion_id._get_values(assessments.account_id)
            for line in lines:
                account = line.assessment_id.account_id
                line._store_value(values[line.criterion_id.id][account.id], today)
            assessments.write({"date": today})

    def action_complete(self):
        """Freeze the assessments and ask for their grades.

        :raise UserError: saying what is missing
        """
        self.check_access("write")
        self._check_draft()
        for assessment in self:
            if problem := assessment._get_problem():
                raise UserError(problem)
        for assessment in self:
            request = assessment._create_request()
            assessment._set_state("done", request_id=request.id)

    def _get_problem(self):
        """Return in words what keeps the assessment from being completed, or None."""
        self.ensure_one()
        missing = self.line_ids.filtered("is_missing")
        if missing:
            return self.env._(
                "Still to answer or to compute: %(criteria)s.",
                criteria=", ".join(missing.criterion_id.mapped("name")),
            )
        if not self.chosen_grade_id:
            return self.env._("Choose the grade.")
        if self.is_deviation and not (self.deviation_reason or "").strip():
            return self.env._(
                "The score gives %(proposed)s, you chose %(chosen)s: say why.",
                proposed=self.proposed_grade_id.name or "",
                chosen=self.chosen_grade_id.name,
            )
        return None

    def _create_request(self):
        """Return the new request for the chosen grade, as the assessor (SPEC D3)."""
        self.ensure_one()
        reason = self.env._(
            "Assessed with a score of %(score)s: %(grade)s.",
            score=self.score,
            grade=self.chosen_grade_id.name,
        )
        if self.is_deviation:
            reason = f"{reason}\n{self.deviation_reason}"
        return self.env["customer.credit.request"].create(
            {
                "account_id": self.account_id.id,
                "company_id": self.company_id.id,
                "kind": "grade",
                "grade_id": self.chosen_grade_id.id,
                "reason": reason,
                "source": self.display_name,
            }
        )

    def action_cancel(self):
        """Give drafts up; they stay in the history."""
        self.check_access("write")
        self._check_draft()
        self._set_state("cancelled")

    def action_open_request(self):
        """Open the request the assessment made."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "customer.credit.request",
            "res_id": self.request_id.id,
            "view_mode": "form",
        }
