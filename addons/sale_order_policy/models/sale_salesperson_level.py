from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_list


class SaleSalespersonLevel(models.Model):
    """A rank of salespeople that price limit rules refer to (SPEC C1)."""

    _name = "sale.salesperson.level"
    _description = "Salesperson Level"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(
        default=10, help="From the lowest level to the highest; the lowest first."
    )
    active = fields.Boolean(default=True)
    user_ids = fields.Many2many(
        comodel_name="res.users",
        relation="sale_salesperson_level_user_rel",
        column1="level_id",
        column2="user_id",
        string="Salespeople",
        domain=[("share", "=", False)],
        help="A person has one level, the same in all companies.",
    )

    _name_uniq = models.UniqueIndex("(name)", "A level with this name exists already.")

    @api.constrains("user_ids")
    def _check_user_ids(self):
        """Refuse a second level for anybody: which one counts would be chance."""
        levels = self.with_context(active_test=False).search(
            [("user_ids", "in", self.user_ids.ids)]
        )
        for user in self.user_ids:
            held = levels.filtered(lambda level, user=user: user in level.user_ids)
            if len(held) > 1:
                raise ValidationError(
                    self.env._(
                        "%(user)s would have two levels: %(levels)s. Take one away "
                        "first.",
                        user=user.name,
                        levels=format_list(self.env, held.mapped("name")),
                    )
                )
