from dateutil.relativedelta import relativedelta

from odoo import fields, models


class CustomerCreditRequest(models.Model):
    """What an approved credit request changes (SPEC D2, D3)."""

    _inherit = "customer.credit.request"

    def _apply(self):
        """Put the requests in force; the gate holds them against their approval."""
        for request in self:
            if request.state != "draft":
                continue
            # sudo: the approval gave the right
            account = request.account_id.sudo()
            if account:
                account._bump(request.company_id, account.partner_id)
                account.invalidate_recordset()
            old = request._get_old_value()
            request._set_applied(old)
            # sudo: the approval gave the right
            request.sudo()._apply_kind()
            if account:
                account._credit_refresh_native()
                request.env["customer.credit.hold"]._wake(
                    request.company_id, account.partner_id
                )
                account._message_log(
                    body=request.env._(
                        "%(request)s: %(old)s → %(new)s",
                        request=request.display_name,
                        old=old,
                        new=request.new_value,
                    )
                )

    def _apply_kind(self):
        """Do what this kind of request stands for."""
        self.ensure_one()
        if self.kind == "grade":
            self._apply_grade()
        elif self.kind == "mode":
            self.account_id._credit_apply({"mode": self.mode})
        elif self.kind == "end":
            self.entitlement_id.write({"date_ended": fields.Datetime.now()})
        elif self.kind == "group":
            self.account_id._credit_apply({"group_id": self.group_id.id})
            # the new group's row as well, for orders of its members
            self.account_id._bump(self.company_id, self.account_id.partner_id)
        elif self.kind == "group_limit":
            self.group_id._apply_limit(self.amount)
        else:
            self._apply_limit()

    def _get_old_value(self):
        """Return in words what held before."""
        # sudo: the approval gave the right
        account = self.account_id.sudo()
        modes = dict(account._fields["mode"]._description_selection(self.env))
        money = self.currency_id.format
        return {
            "grade": lambda: ", ".join(
                [
                    account.grade_id.name or self.env._("no grade"),
                    modes.get(account.mode, ""),
                    money(account.standing_limit),
                ]
            ),
            "mode": lambda: modes.get(account.mode, ""),
            "standing": lambda: money(account.standing_limit),
            "temporary": lambda: money(account.temporary_limit),
            "guarantee": lambda: money(account.guarantee_limit),
            "insurance": lambda: money(account.guarantee_limit),
            "end": lambda: money(self.entitlement_id.amount),
            "group": lambda: account.group_id.name or self.env._("no group"),
            "group_limit": lambda: money(self.group_id.limit),
        }[self.kind]()

    def _apply_grade(self):
        today = self.account_id._get_today(self.company_id)
        months = self.grade_id.review_months
        old_grade = self.account_id.grade_id
        self.account_id._credit_apply(
            {
                "grade_id": self.grade_id.id,
                "mode": self.mode or "limited",
                "next_review": today + relativedelta(months=months),
            }
        )
        self._replace_standing()
        self.account_id._credit_grade_changed(old_grade)

    def _apply_limit(self):
        if self.kind == "standing":
            self._replace_standing()
            if self.account_id.mode != "limited":
                self.account_id._credit_apply({"mode": "limited"})
            return
        self.env["customer.credit.entitlement"].create(
            {
                "account_id": self.account_id.id,
                "kind": self.kind,
                "amount": self.amount,
                "cover": 100.0 if self.kind == "temporary" else self.cover,
                "date_from": self.date_from,
                "date_to": self.date_to,
                "reference": self.reference,
                "note": self.reason,
                "request_id": self.id,
            }
        )

    def _replace_standing(self):
        """End the standing limit there is; a new one takes its place."""
        self.account_id.entitlement_ids.filtered(
            lambda part: part.kind == "standing" and not part.date_ended
        ).write({"date_ended": fields.Datetime.now()})
        if self.amount:
            self.env["customer.credit.entitlement"].create(
                {
                    "account_id": self.account_id.id,
                    "kind": "standing",
                    "amount": self.amount,
                    "note": self.reason,
                    "request_id": self.id,
                }
            )
