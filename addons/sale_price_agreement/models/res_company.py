from odoo import api, models


class ResCompany(models.Model):
    """Who approves prices where nobody has set it up otherwise (SPEC C2, C3)."""

    _inherit = "res.company"

    def _sale_policy_get_default_departments(self):
        """EXTENDS 'sale_order_policy': marketing states the market (SPEC C3)."""
        return {
            **super()._sale_policy_get_default_departments(),
            "marketing": self.env._("Marketing"),
        }

    @api.model
    def _sale_policy_get_usual_flows(self):
        """EXTENDS 'sale_order_policy': concessions and revisions (SPEC C2, C3)."""
        management = (30, self.env._("Management"), ["management"], 2.0, None)
        return {
            **super()._sale_policy_get_usual_flows(),
            "sale.price.concession": (
                self.env._("Price concessions"),
                [
                    (10, self.env._("Sales supervisor"), ["sales"], 1.0, None),
                    (20, self.env._("Finance"), ["finance"], 1.0, None),
                    management,
                ],
            ),
            "sale.price.revision": (
                self.env._("Price revisions"),
                [
                    (10, self.env._("Finance"), ["finance"], 2.0, None),
                    (20, self.env._("Marketing"), ["marketing"], 2.0, None),
                    management,
                ],
            ),
        }

    def _price_create_default_flows(self):
        """Give these companies the flows they lack; what is there stays as it is.

        :return: the flows that were created
        """
        main = self.filtered(lambda company: not company.parent_id)
        return main._sale_policy_create_usual_flow(
            "sale.price.concession"
        ) | main._sale_policy_create_usual_flow("sale.price.revision")
