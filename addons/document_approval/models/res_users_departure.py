from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    document_approval_revision = fields.Integer(
        readonly=True,
        copy=False,
        help="Written by rival delegations, so that one of them is rerun.",
    )

    def write(self, vals):
        """EXTENDS 'base': what a departed reviewer leaves open goes to others."""
        result = super().write(vals)
        if {"active", "company_ids"}.intersection(vals):
            self._approval_follow_up_departure()
        return result

    def _approval_working_for(self, company):
        """Return those who are there and may work for ``company``.

        Called with elevated rights: others' companies are not for everybody to read.
        """
        return self.filtered(
            lambda user: (
                user.active and not user.share and company in user.company_ids
            )
        )

    def _approval_follow_up_departure(self):
        """Have the scheduled job look at the seats these people were to decide."""
        self.env["document.approval.seat"]._wake_follow_up()
