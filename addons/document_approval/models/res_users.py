from odoo import api, fields, models
from odoo.fields import Datetime

#: the hour of his morning from which a user gets his digest
_DIGEST_HOUR = 7


class ResUsers(models.Model):
    _inherit = "res.users"

    document_approval_notify = fields.Selection(
        selection=[
            ("each", "One mail per document"),
            ("digest", "One mail a day"),
            ("none", "No mails"),
        ],
        string="Approvals by Mail",
        default="each",
        required=True,
        help="How you are told of documents waiting for your decision.",
    )
    document_approval_digest_date = fields.Date(
        string="Last Approval Digest",
        readonly=True,
        copy=False,
        groups="base.group_system",
        help="The day, where the user is, on which it was last looked what waits.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        """EXTENDS 'base'."""
        return [*super().SELF_READABLE_FIELDS, "document_approval_notify"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        """EXTENDS 'base'."""
        return [*super().SELF_WRITEABLE_FIELDS, "document_approval_notify"]

    @api.model
    def _get_approval_digest_users(self):
        """Return who is to get his digest now: once a day, from his morning on."""
        users = self.sudo().search(  # whoever prefers a digest, for the scheduled job
            [("document_approval_notify", "=", "digest"), ("share", "=", False)]
        )
        return users.filtered(lambda user: user._is_approval_digest_due())

    def _is_approval_digest_due(self):
        self.ensure_one()
        now = self._get_approval_local_time()
        last = self.document_approval_digest_date
        return now.hour >= _DIGEST_HOUR and (not last or last < now.date())

    def _get_approval_local_time(self):
        """Return the time of day where the user is (UTC when that is not known)."""
        self.ensure_one()
        return Datetime.context_timestamp(
            self.with_context(tz=self.tz or "UTC"), Datetime.now()
        )
