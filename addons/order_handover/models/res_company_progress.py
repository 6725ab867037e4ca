from odoo import fields, models


class ResCompany(models.Model):
    """What a company shows of the progress of its orders (SPEC F3, F5)."""

    _inherit = "res.company"

    handover_progress_portal = fields.Boolean(
        string="Order Progress in the Portal",
        help="Customers see on their orders how far they are, and the expected dates.",
    )
    handover_progress_api = fields.Boolean(
        string="Order Progress as Data",
        help="Customers fetch the progress of their own orders with their own key.",
    )
    handover_progress_notice = fields.Selection(
        selection=[
            ("none", "Nobody"),
            ("owner", "The salesperson"),
            ("customer", "The salesperson and the customer"),
        ],
        string="Who Is Told of a New Date",
        default="owner",
        required=True,
        help="When the expected delivery date of a confirmed order moves to another "
        "day. The salesperson gets an activity, the customer a mail.",
    )

    def _handover_acceptance_locations(self):
        """Return the locations in which deliveries of the companies await acceptance.

        Where the company has no such location, shipped is delivered. Made to be
        extended.
        """
        # sudo: locations are read as facts, whoever looks at an order
        return self.sudo().handover_acceptance_location_id

    def _handover_zone(self):
        """Return the time zone in which the company reads its days."""
        self.ensure_one()
        # sudo: the company's own address
        return self.sudo().partner_id.tz or "UTC"
