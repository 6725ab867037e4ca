from odoo import fields, models


class ChannelPartner(models.Model):
    """Which statements a channel partner gets (SPEC H5)."""

    _inherit = "channel.partner"

    statement_frequency = fields.Selection(
        selection=[
            ("none", "None"),
            ("month", "Every Month"),
            ("quarter", "Every Quarter"),
        ],
        string="Statements",
        default="none",
        required=True,
        tracking=True,
        help="Made by itself in the days after the period has ended.",
    )

    def action_open_statements(self):
        """Show the partner's statements."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._(
                "Statements of %(partner)s", partner=self.partner_id.display_name
            ),
            "res_model": "channel.statement",
            "view_mode": "list,kanban,form",
            "domain": [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
            ],
        }
