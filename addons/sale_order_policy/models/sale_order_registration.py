from odoo import api, fields, models


class SaleOrder(models.Model):
    """What the order registration form asks for beyond Odoo's quotation (SPEC A1)."""

    _inherit = "sale.order"

    policy_external_number = fields.Char(
        string="Registration Number",
        copy=False,
        index="btree_not_null",
        help="The number on the order registration form. Each is used once in a "
        "company; an import finds the order by it.",
    )
    policy_contact_phone = fields.Char(
        related="policy_contact_id.phone", string="Contact Phone"
    )
    policy_contact_email = fields.Char(
        related="policy_contact_id.email", string="Contact E-mail"
    )
    sale_region_id = fields.Many2one(
        comodel_name="sales.region",
        string="Region",
        compute="_compute_sale_region_id",
        store=True,
        index="btree_not_null",
        help="The customer's region when the order was entered, else the sales team's.",
    )

    _policy_external_number_uniq = models.UniqueIndex(
        "(company_id, policy_external_number) WHERE policy_external_number IS NOT NULL",
        "Another order of this company has this registration number already.",
    )

    @api.depends("partner_id", "team_id")
    def _compute_sale_region_id(self):
        """Keep the region of that day: a customer who moves takes no old orders along.

        Price limits go by the customer, never by this.
        """
        for order in self:
            # sudo: teams of other people
            team_sudo = order.team_id.sudo()
            order.sale_region_id = (
                order.partner_id._policy_get_region() or team_sudo.sale_region_id
            )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._policy_tidy_number(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._policy_tidy_number(vals))

    @api.model
    def _policy_tidy_number(self, vals):
        """Return the values with the registration number as it is compared."""
        number = vals.get("policy_external_number")
        if not isinstance(number, str):
            return vals
        return {**vals, "policy_external_number": number.strip() or False}

    # Printed form ------------------------------------------------------------------

    def _policy_get_form_name(self):
        """Return the file name of the printed form."""
        self.ensure_one()
        return self.env._(
            "Order registration form %(order)s",
            order=self.policy_external_number or self.name,
        )

    def _policy_get_sign_offs(self):
        """Return who decided what in the latest round, for the printed form.

        :return: list of dicts: level, department, state (in words), people (names),
            moment (UTC, or nothing yet)
        """
        self.ensure_one()
        seats_sudo = self._approval_round().seat_ids
        states = dict(seats_sudo._fields["state"]._description_selection(self.env))
        return [
            {
                "level": seat_sudo.level_name,
                "department": seat_sudo.department_id.name,
                "state": states[seat_sudo.state],
                "people": seat_sudo.decision_ids._get_voices().mapped("name"),
                "moment": max(seat_sudo.decision_ids.mapped("date"), default=False),
            }
            for seat_sudo in seats_sudo.sorted(lambda s: (s.level_sequence, s.id))
        ]
