from odoo import api, fields, models

KINDS = [
    ("court", "Court case"),
    ("press", "Bad press"),
    ("ownership", "Change of ownership"),
    ("tax", "Tax or customs problem"),
    ("other", "Other"),
]


class CustomerCreditEvent(models.Model):
    """News about a customer from outside, with its source (SPEC D5).

    Entered by credit officers and by the customer's salesperson; raises an alert with
    the measures of the customer's grade. Kept as entered.
    """

    _name = "customer.credit.event"
    _description = "External Credit Event"
    _order = "date desc, id desc"
    _rec_name = "text"

    account_id = fields.Many2one(
        comodel_name="customer.credit.account",
        string="Customer Credit",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="account_id.company_id", store=True, index=True
    )
    partner_id = fields.Many2one(
        related="account_id.partner_id", string="Customer", store=True, index=True
    )
    date = fields.Date(
        required=True, default=fields.Date.context_today, help="When it happened."
    )
    kind = fields.Selection(selection=KINDS, required=True)
    text = fields.Text(string="What Happened", required=True)
    source = fields.Char(help="Where it is from: paper, register, web page, person.")
    evidence = fields.Binary(attachment=True)
    evidence_name = fields.Char(string="File Name")
    alert_id = fields.Many2one(
        comodel_name="customer.credit.alert",
        string="Alert",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Raise the alert; whoever confirms an order meanwhile is rerun (DESIGN 3)."""
        events = super().create(
            [
                {name: value for name, value in vals.items() if name != "alert_id"}
                for vals in vals_list
            ]
        )
        # sudo: alerts and credit rows are written by nobody directly
        for company, own in events.sudo().grouped("company_id").items():
            self.env["customer.credit.account"]._bump(company, own.partner_id)
            own._raise_alerts()
        return events

    def _raise_alerts(self):
        """Raise an alert per customer, or add the event to the open one."""
        # sudo: no group writes alerts
        alerts = self.env["customer.credit.alert"].sudo()
        for event in self:
            alert = alerts._raise(
                [
                    {
                        "account_id": event.account_id.id,
                        "trigger": "event",
                        "figures": {
                            "kind": event.kind,
                            "words": event.text,
                            "date": fields.Date.to_string(event.date),
                        },
                    }
                ]
            )
            if not alert:
                alert = alerts.search(
                    [
                        ("account_id", "=", event.account_id.id),
                        ("trigger", "=", "event"),
                        ("state", "=", "open"),
                    ]
                )
                alert.message_post(body=event.text)
                alert._tell()
            event.alert_id = alert  # with elevated rights already
