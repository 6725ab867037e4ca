from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.exceptions import UserError


class CustomerCreditRequest(models.Model):
    """Putting an approved request into effect (SPEC D2, D3)."""

    _inherit = "customer.credit.request"

    def _credit_request_apply(self):
        """Put one request into effect. The gate refuses it without its approval.

        :raise UserError: when it cannot be applied any more, such as a limit whose
            last day has passed meanwhile
        """
        self.ensure_one()
        request_sudo = self.sudo()  # sudo: the approval gave the right
        problem = request_sudo._get_problem()
        if problem or request_sudo.state != "draft":
            raise UserError(
                problem or self.env._("%s was applied already.", self.display_name)
            )
        self._credit_write({"state": "applied", "date_applied": fields.Datetime.now()})
        apply = {
            "grade": request_sudo._apply_grade,
            "mode": request_sudo._apply_mode,
            "standing": request_sudo._apply_standing,
            "temporary": request_sudo._apply_entitlement,
            "guarantee": request_sudo._apply_entitlement,
            "insurance": request_sudo._apply_entitlement,
            "end": request_sudo._apply_end,
            "group": request_sudo._apply_group,
            "group_limit": request_sudo._apply_group_limit,
        }
        apply[request_sudo.kind]()
        request_sudo._credit_request_applied()

    def _credit_request_applied(self):
        """Hook: the request has taken effect; tell whom it concerns."""
        accounts = self.account_id or self.group_id.account_ids
        accounts.invalidate_recordset()
        accounts._credit_refresh_native()
        if accounts:
            self.env["customer.credit.hold"]._reconsider(
                self.company_id, accounts.partner_id
            )
        for account in self.account_id:
            account._message_log(
                body=self.env._("In effect: %(request)s", request=self.display_name)
            )

    def _apply_grade(self):
        vals = {"grade_id": self.new_grade_id.id}
        if self.new_mode:
            vals["mode"] = self.new_mode
        limits = {self.account_id.id: self.amount} if self.is_limit_set else {}
        self.account_id._credit_grant(
            vals,
            limits,
            reference=self.name,
            ends=self.new_mode == "prepay",
        )

    def _apply_mode(self):
        self.account_id._credit_apply({"mode": self.new_mode})

    def _apply_standing(self):
        self.account_id._credit_grant(
            {"mode": self.new_mode} if self.new_mode else {},
            {self.account_id.id: self.amount},
            reference=self.name,
        )

    def _apply_entitlement(self):
        self.account_id._bump(self.company_id, self.partner_id)
        self.env["customer.credit.entitlement"].create(
            {
                "account_id": self.account_id.id,
                "kind": self.kind,
                "amount": self.amount,
                "cover": self.cover if self.kind != "temporary" else 100.0,
                "date_from": self.date_from,
                "date_to": self.date_to,
                "reference": self.reference or self.name,
                "note": self.reason,
            }
        )

    def _apply_end(self):
        self.account_id._bump(self.company_id, self.partner_id)
        self.entitlement_id.write({"date_ended": fields.Datetime.now()})

    def _apply_group(self):
        self.account_id._credit_apply({"group_id": self.new_group_id.id})
        self.account_id._bump(self.company_id, self.partner_id)  # the new group's row

    def _apply_group_limit(self):
        self.account_id._bump(self.company_id, self.group_id.account_ids.partner_id)
        self.group_id._credit_apply({"limit": self.amount})


class CustomerCreditAccount(models.Model):
    _inherit = "customer.credit.account"

    def _credit_grant(self, vals, limits, reference=False, ends=False):
        """Write guarded values and standing limits of many accounts at once.

        A grade brings its payment terms and the day of the next review along.

        :param dict vals: as for :meth:`_credit_apply`, the same for all
        :param dict limits: ``{account id: standing limit}``; replaces the one before
        :param bool ends: end the standing limits without new ones
        """
        accounts_sudo = self.sudo()
        for company, accounts in accounts_sudo.grouped("company_id").items():
            own = dict(vals)
            grade = (
                self.env["customer.credit.grade"].sudo().browse(vals.get("grade_id"))
            )
            if grade:
                own["next_review"] = self._get_today(company) + relativedelta(
                    months=grade.review_months
                )
            accounts._credit_apply(own)
            if grade.payment_term_id:
                accounts._credit_set_payment_terms(company, grade.payment_term_id)
        replaced = accounts_sudo if ends else accounts_sudo.browse(limits)
        parts_sudo = self.env["customer.credit.entitlement"].sudo()
        parts_sudo.search(
            [
                ("account_id", "in", replaced.ids),
                ("kind", "=", "standing"),
                ("date_ended", "=", False),
            ]
        ).write({"date_ended": fields.Datetime.now()})
        parts_sudo.create(
            [
                {
                    "account_id": account_id,
                    "kind": "standing",
                    "amount": amount,
                    "reference": reference,
                }
                for account_id, amount in limits.items()
            ]
        )
        accounts_sudo.invalidate_recordset()

    def _credit_set_payment_terms(self, company, term):
        """Give the customers ``term`` in the company and all its branches."""
        for branch in company._credit_get_companies():
            if not term.company_id or term.company_id in branch.parent_ids:
                self.partner_id.with_company(branch).write(
                    {"property_payment_term_id": term.id}
                )
