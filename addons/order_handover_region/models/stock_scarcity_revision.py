from odoo import api, fields, models
from odoo.tools import SQL

_BUMP = """
    INSERT INTO stock_scarcity_revision AS known (product_id, location_id, revision)
         SELECT product_id, location_id, 1
           FROM unnest(%(products)s::int[], %(locations)s::int[])
                AS place (product_id, location_id)
       ORDER BY product_id, location_id
             ON CONFLICT (product_id, location_id)
             DO UPDATE SET revision = known.revision + 1
"""


class StockScarcityRevision(models.Model):
    """The row that whoever reserves scarce goods writes first (SPEC G2, DESIGN 3).

    One per product and place. Odoo passes by a quant that somebody else has locked and
    makes another one; of two who write here the later one is rerun and sees what the
    first one took.
    """

    _name = "stock.scarcity.revision"
    _description = "Revision of Scarce Stock"
    _log_access = False

    product_id = fields.Many2one(
        comodel_name="product.product", required=True, ondelete="cascade"
    )
    location_id = fields.Many2one(
        comodel_name="stock.location", required=True, index=True, ondelete="cascade"
    )
    revision = fields.Integer(required=True, default=0)

    _place_uniq = models.UniqueIndex("(product_id, location_id)")

    @api.model
    def _bump(self, places):
        """Write the rows of these places, making those that are missing.

        :param places: pairs of ids (product, location); written in a fixed order
        """
        places = sorted(set(places))
        if places:
            self.env.cr.execute(
                SQL(
                    _BUMP,
                    products=[product for product, _location in places],
                    locations=[location for _product, location in places],
                )
            )
