from odoo import models
from odoo.exceptions import UserError


class RebateVersion(models.Model):
    """Who agrees to a version, and what happens then (SPEC B8, M2)."""

    _inherit = "rebate.version"

    def _approval_get_company(self):
        """EXTENDS 'document_approval'."""
        return self.company_id.root_id

    def _approval_excluded_users(self):
        """EXTENDS 'document_approval': nor who is responsible (SPEC B5)."""
        version_sudo = self.sudo()  # sudo: who is responsible, whoever asks
        return super()._approval_excluded_users() | version_sudo.programme_id.user_id

    def _approval_plan(self, flows_sudo, findings):
        """EXTENDS 'document_approval': complete, and with somebody to approve it."""
        plan = super()._approval_plan(flows_sudo, findings)
        plan.problems.extend(self._get_problems())
        if not plan.needs_review and not plan.problems:
            plan.problems.append(
                self.env._(
                    "Nobody approves rebate versions yet. Ask the approvals "
                    "administrator for a flow of “Rebate Version” with somebody on it."
                )
            )
        return plan

    def _approval_on_approved(self):
        """EXTENDS 'document_approval': what was approved counts at once."""
        result = super()._approval_on_approved()
        self.sudo()._activate()  # sudo: the last reviewer need not manage rebates
        return result

    def _activate(self):
        """Put the versions in force; the gate holds them against their approval."""
        for version in self.filtered(lambda v: v.state == "draft"):
            if problems := version._get_problems():
                raise UserError("\n".join(problems))
            version._keep({"state": "active"})
            programme = version.programme_id
            programme._touch()
            programme._prepare_periods()
            programme._prepare_balances()
            self.env["rebate.queue"]._push_programmes(programme)

    def _get_problems(self):
        """Return in words what keeps the version from counting (SPEC M2)."""
        self.ensure_one()
        problems = []
        if not self.tier_ids.filtered(lambda tier: not tier.participant_id):
            problems.append(self.env._("Add at least one tier that holds for all."))
        if not self.programme_id.participant_ids:
            problems.append(self.env._("Add participants to the programme."))
        if self.gate_target or self.tier_by == "target":
            with_target = self.target_ids.filtered("target").participant_id
            missing = self.programme_id.participant_ids - with_target
            if missing:
                names = ", ".join(missing[:5].mapped("partner_id.name"))
                problems.append(
                    self.env._(
                        "%(count)s participants have no target: %(names)s.",
                        count=len(missing),
                        names=names,
                    )
                )
        return problems
