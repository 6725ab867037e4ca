from odoo import fields, models
from odoo.tools import SQL


class OrderHandoverReport(models.Model):
    """How long departments take to receive, and how much of it is late (SPEC F2)."""

    _name = "order.handover.report"
    _description = "Handover Statistics"
    _auto = False
    _order = "date_sent desc"
    _depends = {
        "order.handover": [
            "order_id",
            "company_id",
            "stage_id",
            "sender_department_id",
            "receiver_department_id",
            "receiver_id",
            "date_sent",
            "deadline",
            "date_received",
            "state",
        ]
    }

    order_id = fields.Many2one(comodel_name="sale.order", readonly=True)
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    stage_id = fields.Many2one(comodel_name="order.handover.stage", readonly=True)
    sender_department_id = fields.Many2one(
        comodel_name="document.approval.department",
        string="From Department",
        readonly=True,
    )
    receiver_department_id = fields.Many2one(
        comodel_name="document.approval.department",
        string="To Department",
        readonly=True,
    )
    receiver_id = fields.Many2one(
        comodel_name="res.users", string="Received By", readonly=True
    )
    date_sent = fields.Datetime(string="Handed Over On", readonly=True)
    deadline = fields.Datetime(readonly=True)
    state = fields.Selection(
        selection=lambda self: self.env["order.handover"]
        ._fields["state"]
        ._description_selection(self.env),
        readonly=True,
    )
    hours_to_receive = fields.Float(
        readonly=True,
        aggregator="avg",
        help="From the handover to its receipt, in hours by the clock.",
    )
    late_percent = fields.Float(
        string="Late (%)",
        readonly=True,
        aggregator="avg",
        help="Received after the deadline, or waiting and overdue.",
    )
    refused_percent = fields.Float(
        string="Refused (%)", readonly=True, aggregator="avg"
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT id, order_id, company_id, stage_id, sender_department_id,
                   receiver_department_id, receiver_id, date_sent, deadline, state,
                   EXTRACT(EPOCH FROM date_received - date_sent) / 3600.0
                   AS hours_to_receive,
                   CASE WHEN state = 'refused' THEN NULL
                        WHEN COALESCE(date_received, %(now)s) > deadline THEN 100.0
                        ELSE 0.0 END AS late_percent,
                   CASE WHEN state = 'refused' THEN 100.0 ELSE 0.0 END
                   AS refused_percent
              FROM order_handover
             WHERE state <> 'cancelled'
            """,
            now=fields.Datetime.now(),
        )
