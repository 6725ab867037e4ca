from odoo import fields, models


class ResCompany(models.Model):
    """How statements are followed up; nothing happens by itself unless set (H5)."""

    _inherit = "res.company"

    channel_statement_auto = fields.Boolean(
        string="Issue Statements Automatically",
        help="Statements made by the scheduled job are issued and mailed at once. "
        "Otherwise they wait as drafts.",
    )
    channel_statement_reminder_days = fields.Integer(
        string="Remind of Statements After (Days)",
        help="The customer is reminded once, so many days after the mail, and the "
        "salesperson told. 0: never.",
    )
    channel_statement_silence = fields.Selection(
        selection=[
            ("nothing", "Nothing Happens"),
            ("confirm", "Counts as Confirmed"),
        ],
        string="When a Statement Is Not Answered",
        default="nothing",
        required=True,
        help="Confirmed by silence is written down as such. Your terms should say so.",
    )
    channel_statement_silence_days = fields.Integer(
        string="Silence After (Days)", default=30, help="Counted from the mail."
    )

    _channel_statement_days = models.Constraint(
        "CHECK (COALESCE(channel_statement_reminder_days, 0) >= 0"
        " AND COALESCE(channel_statement_silence_days, 0) >= 0)",
        "Days of statements cannot be negative.",
    )

    def _statement_get_silence_days(self):
        """Return after how many days silence counts as confirmation; 0: never."""
        self.ensure_one()
        if self.channel_statement_silence != "confirm":
            return 0
        return self.channel_statement_silence_days
