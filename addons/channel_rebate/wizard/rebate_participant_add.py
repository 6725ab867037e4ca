from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class RebateParticipantAdd(models.TransientModel):
    """Adds customers to a programme by region, with a target for each (SPEC M1)."""

    _name = "rebate.participant.add"
    _description = "Add Participants"

    programme_id = fields.Many2one(
        comodel_name="rebate.programme", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="programme_id.company_id")
    is_channel_only = fields.Boolean(
        string="Channel Partners Only",
        default=True,
        help="Customers with a channel partner file that is active.",
    )
    sale_region_ids = fields.Many2many(
        comodel_name="sales.region", string="Regions", help="Empty: all regions."
    )
    partner_ids = fields.Many2many(
        comodel_name="res.partner",
        string="Customers",
        compute="_compute_partner_ids",
        store=True,
        readonly=False,
        domain=[("parent_id", "=", False)],
    )
    target = fields.Float(
        string="Target of Each",
        digits=(16, 2),
        help="Amount or quantity for each period, as the rules say. Change it for each "
        "of them in the version.",
    )
    version_id = fields.Many2one(
        comodel_name="rebate.version", compute="_compute_version_id"
    )

    @api.depends("programme_id")
    def _compute_version_id(self):
        for wizard in self:
            wizard.version_id = wizard.programme_id.version_ids.filtered("is_open")[:1]

    @api.depends("programme_id", "is_channel_only", "sale_region_ids")
    def _compute_partner_ids(self):
        """Propose who is not in it yet."""
        for wizard in self:
            if not wizard.is_channel_only and not wizard.sale_region_ids:
                wizard.partner_ids = [Command.clear()]
                continue
            domain = [
                ("parent_id", "=", False),
                ("company_id", "in", [False, *wizard.company_id.ids]),
                ("id", "not in", wizard.programme_id.participant_ids.partner_id.ids),
            ]
            if wizard.sale_region_ids:
                domain.append(("sale_region_id", "in", wizard.sale_region_ids.ids))
            if wizard.is_channel_only:
                channels = self.env["channel.partner"].search(
                    [
                        ("company_id", "=", wizard.company_id.id),
                        ("state", "in", ("active", "rectification")),
                    ]
                )
                domain.append(("id", "in", channels.partner_id.ids))
            partners = self.env["res.partner"].search(domain)
            wizard.partner_ids = [Command.set(partners.ids)]

    def action_add(self):
        """Add them, and give them their targets in the version in preparation.

        :raise UserError: when nobody was chosen, or no version can take the targets
        """
        self.ensure_one()
        present = self.programme_id.participant_ids
        partners = self.partner_ids._origin - present.partner_id
        if not partners and not self.target:
            raise UserError(self.env._("Choose customers first."))
        if self.target and not self.version_id:
            raise UserError(
                self.env._(
                    "There is no version in preparation that could take the targets: "
                    "prepare a new version of %(programme)s first.",
                    programme=self.programme_id.name,
                )
            )
        added = self.env["rebate.participant"].create(
            [
                {"programme_id": self.programme_id.id, "partner_id": partner.id}
                for partner in partners
            ]
        )
        if self.target:
            chosen = present.filtered(lambda p: p.partner_id in self.partner_ids)
            self._add_targets(added | chosen)
        return {"type": "ir.actions.act_window_close"}

    def _add_targets(self, participants):
        """Give a target to those of them that have none."""
        version = self.version_id
        missing = participants - version.target_ids.participant_id
        self.env["rebate.target"].create(
            [
                {
                    "version_id": version.id,
                    "participant_id": participant.id,
                    "target": self.target,
                }
                for participant in missing
            ]
        )
