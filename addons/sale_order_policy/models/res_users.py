from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    sale_policy_level_id = fields.Many2one(
        comodel_name="sale.salesperson.level",
        string="Salesperson Level",
        compute="_compute_sale_policy_level_id",
        compute_sudo=True,
        help="Price limit rules may grant more to some levels than to others. Set "
        "under Sales, Configuration, Salesperson Levels.",
    )

    def _compute_sale_policy_level_id(self):
        """Look the level up on the level's own list, which users cannot write."""
        levels = self.env["sale.salesperson.level"].search(
            [("user_ids", "in", self.ids)]
        )
        by_user = {user: level for level in levels for user in level.user_ids}
        for user in self:
            user.sale_policy_level_id = by_user.get(user._origin, False)
