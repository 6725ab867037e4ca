from odoo import api, fields, models
from odoo.tools import format_date


class RebatePeriod(models.Model):
    """A period of a programme and the version that counts in it (SPEC M5)."""

    _name = "rebate.period"
    _description = "Rebate Period"
    _order = "date_from desc, programme_id"

    programme_id = fields.Many2one(
        comodel_name="rebate.programme", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="programme_id.company_id", store=True)
    date_from = fields.Date(string="From", required=True, readonly=True)
    date_to = fields.Date(string="To", required=True, readonly=True)
    version_id = fields.Many2one(
        comodel_name="rebate.version", required=True, readonly=True, ondelete="restrict"
    )
    balance_ids = fields.One2many(
        comodel_name="rebate.balance", inverse_name="period_id"
    )

    _date_uniq = models.UniqueIndex("(programme_id, date_from)")

    @api.depends("programme_id.name", "date_from", "date_to")
    def _compute_display_name(self):
        for period in self:
            period.display_name = self.env._(
                "%(programme)s, %(date_from)s to %(date_to)s",
                programme=period.programme_id.name or "",
                date_from=format_date(self.env, period.date_from),
                date_to=format_date(self.env, period.date_to),
            )
