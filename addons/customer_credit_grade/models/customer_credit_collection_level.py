from odoo import fields, models


class CustomerCreditCollectionLevel(models.Model):
    """One step of following up what is due, by days from the due date (SPEC D7)."""

    _name = "customer.credit.collection.level"
    _inherit = ["document.approval.home.mixin"]
    _description = "Collection Level"
    _order = "days, sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        index="btree_not_null",
        domain=[("parent_id", "=", False)],
        help="Empty: for all companies.",
    )
    days = fields.Integer(
        required=True,
        help="Days from the due date on which the level is reached; negative: before "
        "it is due.",
    )
    action = fields.Selection(
        selection=[
            ("mail", "Mail"),
            ("call", "Call"),
            ("visit", "Visit"),
            ("letter", "Letter"),
            ("legal", "Legal department"),
        ],
        default="mail",
        required=True,
        help="A mail leaves by itself. Everything else gives the responsible person an "
        "activity; nothing is handed over to the legal department by itself.",
    )
    template_id = fields.Many2one(
        comodel_name="mail.template",
        string="Mail",
        domain=[("model", "=", "customer.credit.collection.step")],
        help="Sent when the level is reached, whatever else is done then.",
    )
    activity_type_id = fields.Many2one(
        comodel_name="mail.activity.type",
        string="Activity",
        help="Given to the responsible person. Empty: a to-do.",
    )
    responsible = fields.Selection(
        selection=[
            ("salesperson", "Salesperson"),
            ("officer", "Collector"),
            ("legal", "Legal department"),
        ],
        default="officer",
        required=True,
        help="Who acts, and from whose address mails leave.\n"
        "Collector: who follows up this customer's debts.\n"
        "Legal department: head of the approval department with the code “legal”.",
    )
    consequences = fields.Text(
        translate=True,
        help="Told to the customer in the mail: what happens if he does not pay.",
    )
    minimum_amount = fields.Float(
        string="From an Amount of",
        digits="Product Price",
        help="Customers who owe less at this level stay at the level before; in the "
        "currency of the customer's company. 0: any amount.",
    )

    _minimum_positive = models.Constraint(
        "CHECK (minimum_amount >= 0)",
        "The amount from which a level counts is not negative.",
    )

    def _get_of(self, company):
        """Return the levels of a company with elevated rights, the earliest first."""
        # sudo: levels are set up for everybody
        return self.sudo().search([("company_id", "in", (False, company.root_id.id))])

    def _get_next(self, levels):
        """Return the level that follows this one, or this one if it is the last.

        :param levels: those of the company, in order
        """
        following = levels.filtered(lambda level: level.days > (self.days or 0))
        return following[:1] or self or levels[-1:]

    def _get_person(self, account, collector):
        """Return who acts at this level for a customer; empty if there is nobody.

        :param account: with elevated rights
        :param collector: who follows up this customer's debts, may be empty
        """
        company = account.company_id
        people = {
            "salesperson": account.user_id,
            "officer": collector,
            "legal": account._get_department_head(company, "legal"),
        }
        chosen = [people.get(self.responsible or "officer"), collector, account.user_id]
        for user in chosen:
            if user and user.active and not user.share:
                return user
        return self.env["res.users"]
