from markupsafe import Markup

from odoo import models


class SaleOrder(models.Model):
    """Who buys or makes what is not needed any more is told (SPEC J2)."""

    _inherit = "sale.order"

    def _change_get_execution(self):
        """EXTENDS: what has been bought or made for the order."""
        works = [
            supply.work
            for line in self._change_get_lines()
            for supply in line._change_get_supplies()
            if supply.work
        ]
        return [*super()._change_get_execution(), *dict.fromkeys(works)]

    def _change_apply(self, change, expected):
        """EXTENDS: what hangs on the order follows, as far as it can."""
        supplies, before = change._get_supplies(), self._change_get_before(change)
        result = super()._change_apply(change, expected)
        self._change_follow(change, before)
        self._change_tell_supplies(supplies, change)
        return result

    def _change_cancel(self, change):
        """EXTENDS: what hangs on the order follows, as far as it can."""
        supplies, before = change._get_supplies(), self._change_get_before(change)
        result = super()._change_cancel(change)
        self._change_follow(change, before)
        self._change_tell_supplies(supplies, change)
        return result

    def _change_get_before(self, change):
        """Return what has to be known of the order as it is before it is changed.

        Hook: each add-on under a key of its own.
        """
        return {}

    def _change_follow(self, change, before):
        """Let what hangs on the order follow, after the order was changed. Hook.

        :param dict before: what :meth:`_change_get_before` returned
        :raise UserError: naming what would not fit; then nothing is changed
        """

    def _change_tell_supplies(self, supplies, change):
        """Give the responsible an activity on each document less is needed of.

        Odoo makes some itself: for nobody where nobody is entered on the document.
        """
        words = change.summary
        if change.kind == "change":
            words = "; ".join(
                f"{row['label']} {row['old']} → {row['new']}"
                for row in change._get_differences(prices=False)
            )
        concerned = {
            supply.record: supply.department
            for _line, supply in supplies
            if supply.fate
        }
        for record, department in concerned.items():
            if record.exists():
                self._change_tell_supply(record, department, words)

    def _change_tell_supply(self, record, department, words):
        self.ensure_one()
        user = self._change_get_responsible(record, department)
        # sudo: whoever changes the order need not read what it is made of
        record_sudo = record.sudo().with_context(mail_activity_quick_update=True)
        warning = self.env.ref("mail.mail_activity_data_warning")
        made = record_sudo.activity_ids.filtered(
            lambda activity: (
                activity.activity_type_id == warning
                and activity.create_date >= self.env.cr.now()
                and activity.user_id <= self.env.user
            )
        )
        if made:
            made.user_id = user
            return
        record_sudo.activity_schedule(
            "mail.mail_activity_data_warning",
            user_id=user.id,
            summary=self.env._("Less is needed for %(order)s", order=self.name),
            note=Markup("<p>%s</p>") % (words or ""),
        )

    def _change_get_responsible(self, record, code):
        """Return who sees to a document: who is entered, else of the department.

        Whoever can open it; in the end who has the order.
        """
        self.ensure_one()
        # sudo: whoever changes the order need not read departments and documents
        departments_sudo = self.env["document.approval.department"].sudo()
        department_sudo = departments_sudo.search(
            [("company_id", "=", self.company_id.id), ("code", "=ilike", code)], limit=1
        )
        people = record.sudo().user_id
        if department_sudo:
            members = department_sudo._get_eligible_members()
            people |= department_sudo._get_first_responsible(members) | members
        return next(
            (
                user
                for user in people
                if user.active and record.with_user(user).has_access("read")
            ),
            self._approval_owner(),
        )
