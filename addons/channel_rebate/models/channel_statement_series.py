from odoo import api, fields, models
from odoo.tools import SQL

#: makes the rows that are missing and bumps those that are there, in a fixed order
_BUMP = """
    INSERT INTO channel_statement_series AS series (
        company_id, partner_id, revision, create_uid, create_date, write_uid,
        write_date)
    SELECT %(company)s, p.id, 1, %(uid)s, %(now)s, %(uid)s, %(now)s
      FROM res_partner p
     WHERE p.id = ANY(%(partners)s)
  ORDER BY p.id
        ON CONFLICT (company_id, partner_id)
        DO UPDATE SET revision = series.revision + 1
 RETURNING series.id
"""


class ChannelStatementSeries(models.Model):
    """The statements of one customer with one company, one after the other (SPEC H5).

    The row all rivals write: whoever makes, issues or answers a statement writes it
    first, so that of two who do so at once the later one is rerun (DESIGN 3).
    """

    _name = "channel.statement.series"
    _inherit = ["document.approval.frozen"]
    _description = "Statements of a Customer"
    _rec_name = "partner_id"

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    revision = fields.Integer(readonly=True, default=0)

    _partner_uniq = models.UniqueIndex("(company_id, partner_id)")

    @api.model
    def _bump(self, company, partners):
        """Write the rows of these customers, making those that are missing.

        :param company: any company; its root counts
        :param partners: any contacts; their commercial partners count
        :return: the rows, with elevated rights
        """
        # sudo: it counts whoever may read customer and company
        customers_sudo = partners.sudo().commercial_partner_id
        if not customers_sudo:
            return self.sudo().browse()
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                _BUMP,
                # sudo: as above
                company=company.sudo().root_id.id,
                partners=sorted(customers_sudo.ids),
                uid=self.env.uid,
                now=fields.Datetime.now(),
            )
        )
        series_sudo = self.sudo().browse([series_id for (series_id,) in rows])
        series_sudo.invalidate_recordset(["revision"], flush=False)
        return series_sudo
