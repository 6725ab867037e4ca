from odoo import api, fields, models
from odoo.exceptions import UserError


class RebateParticipant(models.Model):
    """A customer who takes part in a rebate programme (SPEC M1).

    Its targets and its own rates are part of the programme's versions.
    """

    _name = "rebate.participant"
    _description = "Rebate Participant"
    _order = "programme_id, sale_region_id, partner_id"
    _rec_name = "partner_id"
    _check_company_auto = True

    programme_id = fields.Many2one(
        comodel_name="rebate.programme", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="programme_id.company_id", store=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("parent_id", "=", False)],
    )
    sale_region_id = fields.Many2one(
        related="partner_id.sale_region_id", string="Region", store=True, index=True
    )
    user_id = fields.Many2one(
        related="partner_id.user_id", string="Salesperson", store=True, index=True
    )
    balance_ids = fields.One2many(
        comodel_name="rebate.balance", inverse_name="participant_id"
    )

    _partner_uniq = models.UniqueIndex(
        "(programme_id, partner_id)", "This customer takes part already."
    )

    @api.constrains("company_id", "sale_region_id", "user_id")
    def _check_related(self):
        """What follows from programme and customer is not written by hand."""
        # sudo: whoever writes them
        for participant in self.sudo():
            partner = participant.partner_id
            if (
                participant.company_id != participant.programme_id.company_id
                or participant.sale_region_id != partner.sale_region_id
                or participant.user_id != partner.user_id
            ):
                raise UserError(
                    self.env._(
                        "Company, region and salesperson of %(customer)s follow from "
                        "the programme and the customer.",
                        customer=partner.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        participants = super().create(vals_list)
        for participant in participants:
            customer = participant.partner_id.commercial_partner_id
            if customer != participant.partner_id:
                raise UserError(
                    self.env._(
                        "%(contact)s belongs to %(customer)s: the participant is "
                        "%(customer)s.",
                        contact=participant.partner_id.display_name,
                        customer=customer.display_name,
                    )
                )
        programmes = participants.programme_id
        programmes._prepare_balances()
        self.env["rebate.queue"]._push_partners(participants.partner_id)
        return participants

    def write(self, vals):
        if {"programme_id", "partner_id"}.intersection(vals):
            raise UserError(
                self.env._("A participant stays who it is. Add another one instead.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=True)
    def _unlink_except_figures(self):
        # sudo: figures count, whoever reads them
        for participant in self.sudo():
            if any(participant.balance_ids.mapped("has_figures")):
                raise UserError(
                    self.env._(
                        "%(partner)s has figures in %(programme)s and stays in it.",
                        partner=participant.partner_id.display_name,
                        programme=participant.programme_id.name,
                    )
                )
