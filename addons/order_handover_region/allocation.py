"""Who gets the stock: the statements, and the sharing out (SPEC G2, DESIGN 6).

A claim is an open move that takes stored goods out of stock towards a customer; of a
delivery in several steps the first one. Claims are served in the order of urgency,
grade, due date, confirmation. Orders or pickings that ship complete get all or none.
"""

import math
from collections import defaultdict
from dataclasses import dataclass, field

from odoo.tools import float_compare, float_is_zero, float_round

#: places in the selection of urgency: what is first goes first
URGENT, SOON, LATER = "1", "2", "3"

#: pickings somebody works on: nothing is taken from them, nothing is added
BUSY = """
    SELECT id AS picking_id FROM stock_picking
     WHERE printed AND state NOT IN ('done', 'cancel', 'draft')
       AND company_id = %(company)s
     UNION
    SELECT picking_id FROM stock_move_line
     WHERE (picked OR COALESCE(result_package_id, package_id, 0)
                      <> COALESCE(package_id, 0))
       AND state NOT IN ('done', 'cancel') AND company_id = %(company)s
     UNION
    SELECT picking_id FROM stock_move
     WHERE picked AND state IN ('confirmed', 'partially_available', 'assigned')
       AND company_id = %(company)s
"""

#: open moves out of stock towards customers, whatever state their picking is in
OPEN = """
    SELECT m.id, m.product_id, m.location_id, m.picking_id, m.sale_line_id,
           m.product_qty, m.product_uom, m.priority, m.create_date, m.picked,
           COALESCE(m.date_deadline, m.date) AS date_due,
           s.warehouse_id, s.parent_path, t.uom_id, t.tracking, t.categ_id,
           CASE WHEN y.packaging_reserve_method = 'full'
                THEN m.packaging_uom_id END AS pack_id
      FROM stock_move m
      JOIN stock_location s ON s.id = m.location_id AND s.usage = 'internal'
      JOIN stock_location d
        ON d.id = COALESCE(m.location_final_id, m.location_dest_id)
       AND d.usage = 'customer'
      JOIN product_product p ON p.id = m.product_id
      JOIN product_template t ON t.id = p.product_tmpl_id AND t.is_storable
 LEFT JOIN product_category y ON y.id = t.categ_id
     WHERE m.company_id = %(company)s
       AND m.state IN ('confirmed', 'partially_available', 'assigned')
       AND m.procure_method = 'make_to_stock' AND m.product_qty > 0
       AND NOT EXISTS (SELECT FROM stock_move_move_rel r WHERE r.move_dest_id = m.id)
"""

#: the claims of a run, ranked; {scope} is a condition on `m`
CLAIMS = f"""
WITH busy AS ({BUSY}),
open AS ({OPEN}),
known AS (
    SELECT m.*, o.id AS order_id, o.name AS order_name, o.user_id,
           COALESCE('one' IN (o.picking_policy, k.move_type), FALSE) AS is_whole,
           COALESCE(o.id, -m.picking_id) AS whole_id,
           COALESCE(op.commercial_partner_id, kp.commercial_partner_id) AS debtor_id,
           COALESCE(o.date_order, m.create_date) AS date_confirmed,
           (m.date_due AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date AS day_due
      FROM open m
 LEFT JOIN sale_order_line l ON l.id = m.sale_line_id
 LEFT JOIN sale_order o ON o.id = l.order_id
 LEFT JOIN res_partner op ON op.id = o.partner_invoice_id
 LEFT JOIN stock_picking k ON k.id = m.picking_id
 LEFT JOIN res_partner kp ON kp.id = k.partner_id
     WHERE m.picked IS NOT TRUE
       AND NOT EXISTS (SELECT FROM busy b WHERE b.picking_id = m.picking_id)
),
scope AS (SELECT m.id, m.whole_id, m.is_whole FROM known m WHERE {{scope}}),
claim AS (
    SELECT m.*, g.id AS grade_id,
           CASE WHEN m.priority = '1' THEN '{URGENT}'
                WHEN m.day_due <= %(soon)s THEN '{SOON}'
                ELSE '{LATER}' END AS urgency,
           GREATEST(m.product_qty, h.quantity) AS needed,
           COALESCE(h.quantity, 0) AS held,
           u.factor / pu.factor AS ratio, pack.factor / pu.factor AS pack,
           ROW_NUMBER() OVER (
               ORDER BY CASE WHEN m.priority = '1' THEN 1
                             WHEN m.day_due <= %(soon)s THEN 2 ELSE 3 END,
                        g.shipping_priority NULLS LAST, m.day_due,
                        m.date_confirmed, m.id) AS rank
      FROM known m
      JOIN uom_uom u ON u.id = m.product_uom
      JOIN uom_uom pu ON pu.id = m.uom_id
 LEFT JOIN uom_uom pack ON pack.id = m.pack_id
 LEFT JOIN LATERAL (
           SELECT SUM(i.quantity_product_uom) AS quantity
             FROM stock_move_line i WHERE i.move_id = m.id) h ON TRUE
 LEFT JOIN customer_credit_account a
        ON a.partner_id = m.debtor_id AND a.company_id = %(root)s
 LEFT JOIN customer_credit_grade g ON g.id = a.grade_id
     WHERE m.id IN (SELECT id FROM scope)
        OR m.is_whole AND m.whole_id IN (SELECT whole_id FROM scope WHERE is_whole)
)
"""

READ = """
SELECT c.id, c.rank, c.product_id, c.location_id, c.parent_path,
       c.needed, c.held, CASE WHEN c.is_whole THEN c.whole_id END,
       c.ratio, COALESCE(c.pack, 0), c.tracking
  FROM claim c
 ORDER BY c.rank
"""

#: what can be shared out per product and source: free stock and what claims hold
STOCK = """
WITH pair AS (
    SELECT * FROM unnest(%(products)s::int[], %(locations)s::int[])
             AS pair (product_id, location_id)
),
within AS (
    SELECT s.id AS location_id, i.id AS inner_id
      FROM stock_location s
      JOIN stock_location i ON i.parent_path LIKE s.parent_path || '%%'
     WHERE s.id = ANY(%(locations)s)
),
part AS (
    SELECT product_id, location_id, lot_id, quantity - reserved_quantity AS quantity
      FROM stock_quant
     WHERE product_id = ANY(%(products)s)
 UNION ALL
    SELECT product_id, location_id, lot_id, quantity_product_uom
      FROM stock_move_line
     WHERE move_id = ANY(%(freed)s)
),
lot AS (
    SELECT p.product_id, p.location_id,
           CASE WHEN t.tracking = 'none' THEN NULL ELSE q.lot_id END AS lot_id,
           t.tracking, SUM(q.quantity) AS quantity
      FROM pair p
      JOIN product_product v ON v.id = p.product_id
      JOIN product_template t ON t.id = v.product_tmpl_id
      JOIN within w ON w.location_id = p.location_id
      JOIN part q ON q.product_id = p.product_id AND q.location_id = w.inner_id
  GROUP BY 1, 2, 3, 4
)
SELECT product_id, location_id, SUM(GREATEST(quantity, 0))
  FROM lot
 GROUP BY product_id, location_id
"""

#: orders that ship complete and wait for something no claim can give them
STUCK = """
SELECT DISTINCT m.whole_id
  FROM (
       SELECT m.*, l.order_id AS whole_id
         FROM sale_order_line l
         JOIN sale_order o ON o.id = l.order_id AND o.id = ANY(%(orders)s)
         JOIN stock_move m ON m.sale_line_id = l.id
    LEFT JOIN stock_picking k ON k.id = m.picking_id
        WHERE 'one' IN (o.picking_policy, k.move_type)
    UNION ALL
       SELECT m.*, -m.picking_id FROM stock_move m
        WHERE m.picking_id = ANY(%(pickings)s)) m
  JOIN stock_location s ON s.id = m.location_id AND s.usage = 'internal'
  JOIN stock_location d ON d.id = COALESCE(m.location_final_id, m.location_dest_id)
   AND d.usage = 'customer'
 WHERE m.state IN ('confirmed', 'waiting', 'partially_available')
   AND NOT (m.id = ANY(%(claims)s))
   AND NOT EXISTS (
       SELECT FROM stock_move_move_rel r
         JOIN stock_move before ON before.id = r.move_orig_id
          AND before.state NOT IN ('done', 'cancel')
         JOIN stock_location b ON b.id = before.location_id AND b.usage = 'internal'
        WHERE r.move_dest_id = m.id)
"""

#: keeps the claims of a run as its lines, with how they came out: arrays by rank, so
#: that nothing is joined to what the planner takes for a few rows
WRITE = """
INSERT INTO stock_allocation_line (
       run_id, company_id, move_id, rank, product_id, location_id, warehouse_id,
       order_id, partner_id, grade_id, urgency, date_due, date_confirmed, is_whole,
       qty_needed, qty_held, qty_proposed, qty_change, outcome, lacks_product_id,
       create_uid, create_date, write_uid, write_date)
SELECT %(run)s, %(company)s, c.id, c.rank, c.product_id, c.location_id, c.warehouse_id,
       c.order_id, c.debtor_id, c.grade_id, c.urgency, c.day_due, c.date_confirmed,
       c.is_whole, c.needed, c.held, r.gets, ROUND(r.gets - c.held, %(digits)s),
       (%(outcomes)s::text[])[(%(outcome)s::int[])[c.rank]],
       NULLIF((%(lacks)s::int[])[c.rank], 0), %(uid)s, %(now)s, %(uid)s, %(now)s
  FROM claim c
 CROSS JOIN LATERAL (
       SELECT ROUND((%(gets)s::float8[])[c.rank]::numeric, %(digits)s) AS gets) r
RETURNING rank, id
"""

#: keeps who loses to whom
WRITE_SHIFTS = """
INSERT INTO stock_allocation_shift (run_id, loser_id, winner_id, quantity)
SELECT %(run)s, loser, winner, quantity
  FROM unnest(%(losers)s::int[], %(winners)s::int[], %(quantities)s::numeric[])
       AS shift (loser, winner, quantity)
"""

#: keeps what came of the lines
WRITE_RESULT = """
UPDATE stock_allocation_line l
   SET qty_applied = r.quantity, result = r.result
  FROM unnest(%(lines)s::int[], %(quantities)s::numeric[], %(results)s::text[])
       AS r (line, quantity, result)
 WHERE l.id = r.line
"""

# How a claim came out
OUTCOMES = ("full", "part", "none", "incomplete", "stuck")
FULL, PART, NONE, INCOMPLETE, STUCK_ORDER = OUTCOMES


@dataclass(slots=True)
class Claim:
    """One open move; quantities in the unit of the product."""

    move: int
    rank: int
    product: int
    location: int
    path: str
    need: float
    held: float
    #: the order that ships complete, if it does; without order minus the picking
    whole: int | None
    #: how many units of the product one unit of the move is
    ratio: float
    #: of packs that are never broken: how many units of the product one is
    pack: float
    tracking: str
    gets: float = 0.0
    outcome: str = NONE
    #: the product that an order shipping complete lacks
    lacks: int | None = None


@dataclass
class Sharing:
    """The claims of a run and how the stock is shared out among them.

    :param claims: by rank
    :param stock: {(product, location): what there is below the location}
    :param stuck: orders that ship complete and cannot
    :param keep: nothing is taken away: only free stock is shared out
    """

    claims: list[Claim]
    stock: dict[tuple[int, int], float]
    stuck: set[int]
    digits: int
    keep: bool = False
    #: what is left, and the places whose stock a claim uses up
    left: dict[tuple[int, int], float] = field(default_factory=dict)
    above: dict[tuple[int, int], list] = field(default_factory=dict)

    def share_out(self):
        """Decide what each claim gets; return the claims.

        Sources may lie within each other: a claim on a shelf uses up the warehouse's
        stock as well. An order that ships complete is served at the rank of its first
        claim, with all its claims: so none ever has to give back what others could
        have had, and two that need each other's goods do not block each other.
        """
        self._prepare()
        orders = defaultdict(list)
        for claim in self.claims:
            if claim.whole:
                orders[claim.whole].append(claim)
        served = set()
        for claim in self.claims:
            if not claim.whole:
                self._serve(claim)
            elif claim.whole not in served:
                served.add(claim.whole)
                self._serve_whole(orders[claim.whole])
        return self.claims

    def _prepare(self):
        paths = {(c.product, c.location): c.path for c in self.claims}
        by_product = defaultdict(list)
        for place, path in paths.items():
            by_product[place[0]].append((place, path))
        for places in by_product.values():
            for place, path in places:
                self.above[place] = [
                    other for other, outer in places if path.startswith(outer)
                ]
        self.left = {place: self.stock.get(place, 0.0) for place in paths}

    def _get_share(self, claim, missing):
        """Return what a claim can be given of what it misses."""
        left = self.left
        stock = min(left[place] for place in self.above[claim.product, claim.location])
        if claim.pack > 1.0:
            packs = float_round(stock / claim.pack, self.digits)
            stock = claim.pack * math.floor(packs)
        return self._round(claim, min(missing, stock))

    def _round(self, claim, quantity):
        """Round down to what the unit of the move allows, as Odoo's reservation."""
        if float_compare(quantity, 0.0, precision_digits=self.digits) <= 0:
            return 0.0
        if claim.ratio != 1.0:
            units = float_round(
                quantity / claim.ratio, self.digits, rounding_method="DOWN"
            )
            quantity = float_round(units * claim.ratio, self.digits)
        if claim.tracking == "serial":
            quantity = float(int(quantity + 10**-self.digits / 2))
        return float_round(quantity, self.digits)

    def _take(self, claim, quantity):
        for place in self.above[claim.product, claim.location]:
            self.left[place] -= quantity

    def _get_start(self, claim):
        return claim.held if self.keep else 0.0

    def _lacks(self, claim, quantity):
        return float_compare(quantity, claim.need, precision_digits=self.digits) < 0

    def _serve(self, claim):
        start = self._get_start(claim)
        share = self._get_share(claim, claim.need - start)
        self._take(claim, share)
        claim.gets = start + share
        if self._lacks(claim, claim.gets):
            empty = float_is_zero(claim.gets, precision_digits=self.digits)
            claim.outcome = NONE if empty else PART
        else:
            claim.outcome = FULL

    def _serve_whole(self, claims):
        """Give an order all it needs, or nothing."""
        taken, lacks = [], None
        stuck = claims[0].whole in self.stuck
        for claim in claims:
            start = self._get_start(claim)
            share = self._get_share(claim, claim.need - start)
            self._take(claim, share)
            taken.append((claim, start, share))
            if self._lacks(claim, start + share):
                lacks = claim.product
                break
        if stuck or lacks:
            for claim, _start, share in taken:
                self._take(claim, -share)
            for claim in claims:
                claim.gets = self._get_start(claim)
                claim.outcome = STUCK_ORDER if stuck else INCOMPLETE
                claim.lacks = lacks
            return
        for claim, start, share in taken:
            claim.gets, claim.outcome = start + share, FULL


def get_shifts(claims, digits):
    """Return who loses to whom: [(losing claim, winning claim, quantity)].

    Within a product and the sources that share stock the winners are set, the first in
    rank first, against the losers, the last in rank first; what is left of a gain
    comes from free stock.
    """
    groups = defaultdict(lambda: ([], []))
    tops = {}
    for claim in claims:
        key = (claim.product, claim.path)
        tops.setdefault(claim.product, set()).add(claim.path)
        if float_compare(claim.held, claim.gets, precision_digits=digits):
            groups[key][claim.gets > claim.held].append(claim)
    merged = defaultdict(lambda: ([], []))
    for (product, path), sides in groups.items():
        top = min(t for t in tops[product] if path.startswith(t))
        for side in (0, 1):
            merged[product, top][side].extend(sides[side])
    shifts = []
    for losers, winners in merged.values():
        shifts += _match(losers, winners, digits)
    return shifts


def _match(losers, winners, digits):
    """Set gains against losses; first those of orders that give everything back."""
    losers = sorted(
        losers, key=lambda claim: (claim.outcome != INCOMPLETE, -claim.rank)
    )
    losses = [[claim, claim.held - claim.gets] for claim in losers]
    for winner in sorted(winners, key=lambda claim: claim.rank):
        gain = winner.gets - winner.held
        while losses and float_compare(gain, 0.0, precision_digits=digits) > 0:
            loser, loss = losses[0]
            quantity = float_round(min(gain, loss), digits)
            yield loser, winner, quantity
            gain -= quantity
            losses[0][1] = loss - quantity
            if float_compare(loss, quantity, precision_digits=digits) <= 0:
                del losses[0]
