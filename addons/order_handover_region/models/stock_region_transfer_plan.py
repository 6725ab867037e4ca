import math
from dataclasses import dataclass, field
from datetime import datetime

from odoo import api, models
from odoo.tools import format_date

#: nothing sold: the stock lasts for ever
FOR_EVER = math.inf


@dataclass(slots=True)
class Need:
    """What one warehouse lacks of a product."""

    warehouse_id: int
    quantity: float
    due: datetime
    rank: int
    facts: object
    demand: list = field(default_factory=list)
    total: float = 0.0

    def __post_init__(self):
        self.total = self.quantity

    def key(self):
        """Return by what needs are served one after another."""
        return (self.due, -self.total, self.rank)


@dataclass(slots=True)
class Spare:
    """What one warehouse can give of a product."""

    warehouse_id: int
    quantity: float
    keep: float
    days: float
    rank: int
    facts: object
    total: float = 0.0

    def __post_init__(self):
        self.total = self.quantity

    def key(self):
        """Return by what donors are asked one after another: slow sellers first."""
        return (-self.days, -self.total, self.rank)


class StockRegionTransferPlan(models.AbstractModel):
    """Who gives what to whom, and why (SPEC G3).

    Needs are open orders that stock, what comes and earlier proposals do not cover.
    Spare is what a warehouse has beyond its own orders and what it keeps: its own
    sales of the days to keep, at least its minimum stock, and the last pieces of a
    size. All is computed for all regions of a company at once.
    """

    _name = "stock.region.transfer.plan"
    _description = "Plan of Regional Transfers"

    @api.model
    def _plan(self, company, products=None, receivers=None, donors=None):
        """Return the proposals, as dicts of values with an ``explanation``.

        :param products: these only; None for all
        :param receivers: only these warehouses get something
        :param donors: only these warehouses give something
        :return: list of dicts with product_id, from_warehouse_id, to_warehouse_id,
            quantity (product unit), sale_line_id and explanation
        """
        facts = self.env["stock.region.facts"]._get(company, products)
        by_product = {}
        for (product_id, warehouse_id), fact in facts.items():
            by_product.setdefault(product_id, {})[warehouse_id] = fact
        setting = self._get_setting(company, receivers, donors)
        short = {
            product_id: of_warehouse
            for product_id, of_warehouse in by_product.items()
            if any(
                self._get_lack(fact) > setting["precision"]
                for fact in of_warehouse.values()
            )
        }
        if not short:
            return []
        products = self.env["product.product"].browse(sorted(short))
        setting["sized"] = self._get_sized(company, products)
        demand = self.env["stock.region.facts"]._get_demand(company, products)
        moves = []
        for product in products:
            needs = self._get_needs(product.id, short[product.id], demand, setting)
            spares = self._get_spares(product.id, short[product.id], setting)
            moves += self._match(product.id, needs, spares, setting)
        return self._describe(moves, setting)

    @api.model
    def _get_setting(self, company, receivers, donors):
        """Return what the plan of this company goes by."""
        # sudo: every warehouse of the company may give or get
        warehouses = (
            self.env["stock.warehouse"].sudo().search([("company_id", "=", company.id)])
        )
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        return {
            "company": company,
            "ranks": {warehouse.id: rank for rank, warehouse in enumerate(warehouses)},
            "names": {warehouse.id: warehouse.name for warehouse in warehouses},
            "receivers": set(receivers.ids if receivers else warehouses.ids),
            "donors": set(donors.ids if donors else warehouses.ids),
            "window": max(1, company.region_transfer_window_days),
            "keep_days": max(0, company.region_transfer_keep_days),
            "digits": digits,
            "precision": 10**-digits / 2,
        }

    @api.model
    def _get_lack(self, fact):
        """Return what open orders lack, everything that comes counted."""
        return fact.demand - (
            fact.on_hand + fact.coming + fact.arriving + fact.proposed_in
        )

    @api.model
    def _get_sized(self, company, products):
        """Return the ids of products that come in sizes."""
        attribute = company.region_transfer_size_attribute_id
        if not attribute:
            return set()
        return set(
            products.filtered(
                lambda product: (
                    attribute
                    in product.product_template_attribute_value_ids.attribute_id
                )
            ).ids
        )

    @api.model
    def _get_needs(self, product_id, of_warehouse, demand, setting):
        """Return what warehouses lack, in the order they are served."""
        needs = []
        for warehouse_id, fact in of_warehouse.items():
            lack = round(self._get_lack(fact), setting["digits"])
            if (
                lack <= setting["precision"]
                or warehouse_id not in setting["receivers"]
                or warehouse_id not in setting["ranks"]
            ):
                continue
            needs.append(
                Need(
                    warehouse_id,
                    lack,
                    fact.due or datetime.max,
                    setting["ranks"][warehouse_id],
                    fact,
                    self._get_last(demand.get((product_id, warehouse_id), []), lack),
                )
            )
        return sorted(needs, key=Need.key)

    @api.model
    def _get_last(self, demand, lack):
        """Return the least urgent of the demand: what there is covers the rest.

        :return: list of [sale line id or None, quantity, due]
        """
        last = []
        for sale_line_id, quantity, due in reversed(demand):
            taken = min(quantity, lack)
            if taken <= 0:
                break
            last.append([sale_line_id, taken, due])
            lack -= taken
        return last[::-1]

    @api.model
    def _get_spares(self, product_id, of_warehouse, setting):
        """Return what warehouses can give, in the order they are asked."""
        spares = []
        for warehouse_id, fact in of_warehouse.items():
            if warehouse_id not in setting["donors"] or (
                warehouse_id not in setting["ranks"]
            ):
                continue
            rate = max(0.0, fact.sold) / setting["window"]
            keep = max(
                float(math.ceil(round(rate * setting["keep_days"], 6))), fact.safety
            )
            if product_id in setting["sized"]:
                keep = max(keep, setting["company"].region_transfer_size_pieces)
            free = fact.on_hand - fact.demand - fact.proposed_out
            scale = 10 ** setting["digits"]
            quantity = math.floor(round((free - keep) * scale, 6)) / scale
            if quantity > setting["precision"]:
                days = free / rate if rate else FOR_EVER
                spares.append(
                    Spare(
                        warehouse_id,
                        quantity,
                        keep,
                        days,
                        setting["ranks"][warehouse_id],
                        fact,
                    )
                )
        return sorted(spares, key=Spare.key)

    @api.model
    def _match(self, product_id, needs, spares, setting):
        """Give needs what is spare, both in their order.

        :return: list of dicts: product_id, need, spare, what ``demand`` it serves,
            ``lack`` and ``can_give`` before, the next need and the next spare
        """
        moves = []
        for number, need in enumerate(needs):
            for place, spare in enumerate(spares):
                if need.quantity <= setting["precision"]:
                    break
                if spare.quantity <= setting["precision"]:
                    continue
                taken = min(need.quantity, spare.quantity)
                moves.append(
                    {
                        "product_id": product_id,
                        "need": need,
                        "spare": spare,
                        "demand": self._take(need.demand, taken, setting),
                        "lack": need.quantity,
                        "can_give": spare.quantity,
                        "rival": needs[number + 1] if number + 1 < len(needs) else None,
                        "other": spares[place + 1] if place + 1 < len(spares) else None,
                    }
                )
                need.quantity = round(need.quantity - taken, setting["digits"])
                spare.quantity = round(spare.quantity - taken, setting["digits"])
        return moves

    @api.model
    def _take(self, demand, quantity, setting):
        """Take ``quantity`` from the most urgent of ``demand``.

        :return: {sale line id or None: quantity}
        """
        taken = {}
        while demand and quantity > setting["precision"]:
            part = min(quantity, demand[0][1])
            sale_line_id = demand[0][0]
            taken[sale_line_id] = taken.get(sale_line_id, 0.0) + part
            demand[0][1] -= part
            quantity -= part
            if demand[0][1] <= setting["precision"]:
                demand.pop(0)
        if quantity > setting["precision"]:
            taken[None] = taken.get(None, 0.0) + quantity
        return taken

    # In words --------------------------------------------------------------------

    @api.model
    def _describe(self, moves, setting):
        """Return the proposals of matched needs, each with its reasons."""
        words = self._get_words()
        proposals = []
        for move in moves:
            text = self._explain(move, setting, words)
            for sale_line_id, quantity in move["demand"].items():
                proposals.append(
                    {
                        "product_id": move["product_id"],
                        "from_warehouse_id": move["spare"].warehouse_id,
                        "to_warehouse_id": move["need"].warehouse_id,
                        "quantity": round(quantity, setting["digits"]),
                        "sale_line_id": sale_line_id,
                        "explanation": text,
                    }
                )
        return proposals

    @api.model
    def _get_words(self):
        """Return the sentences of explanations, translated once for thousands."""
        return {
            "lack": self.env._(
                "%(warehouse)s lacks %(lack)s: orders for %(demand)s, %(on_hand)s in "
                "stock, %(coming)s on the way."
            ),
            "spare": self.env._(
                "%(warehouse)s can spare %(spare)s: %(on_hand)s in stock, %(demand)s "
                "for its own orders, keeps %(keep)s (sold %(sold)s in %(window)s "
                "days)."
            ),
            "slower": self.env._(
                "%(first)s is asked before %(second)s: it sells more slowly."
            ),
            "more_spare": self.env._(
                "%(first)s is asked before %(second)s: both sell equally slowly, and "
                "it can spare more."
            ),
            "first_donor": self.env._(
                "%(first)s is asked before %(second)s: all else equal, it stands first "
                "in the list of warehouses."
            ),
            "earlier": self.env._(
                "%(first)s is served before %(second)s: its order is due earlier, on "
                "%(date)s."
            ),
            "lacks_more": self.env._(
                "%(first)s is served before %(second)s: both are due at the same time, "
                "and it lacks more."
            ),
            "first_need": self.env._(
                "%(first)s is served before %(second)s: all else equal, it stands "
                "first in the list of warehouses."
            ),
        }

    @api.model
    def _explain(self, move, setting, words):
        """Return in words why this warehouse gives that one so much."""
        need, spare, names = move["need"], move["spare"], setting["names"]
        fact, own = need.facts, spare.facts
        parts = [
            words["lack"]
            % {
                "warehouse": names[need.warehouse_id],
                "lack": f"{move['lack']:g}",
                "demand": f"{fact.demand:g}",
                "on_hand": f"{fact.on_hand:g}",
                "coming": f"{fact.coming + fact.arriving + fact.proposed_in:g}",
            },
            words["spare"]
            % {
                "warehouse": names[spare.warehouse_id],
                "spare": f"{move['can_give']:g}",
                "on_hand": f"{own.on_hand:g}",
                "demand": f"{own.demand + own.proposed_out:g}",
                "keep": f"{spare.keep:g}",
                "sold": f"{own.sold:g}",
                "window": setting["window"],
            },
        ]
        if move["other"]:
            parts.append(self._explain_donor(spare, move["other"], names, words))
        if move["rival"]:
            parts.append(self._explain_need(need, move["rival"], names, words))
        return "\n".join(parts)

    @api.model
    def _explain_donor(self, spare, other, names, words):
        """Return why this donor was asked before the next one."""
        if spare.days != other.days:
            word = "slower"
        else:
            word = "more_spare" if spare.total != other.total else "first_donor"
        return words[word] % {
            "first": names[spare.warehouse_id],
            "second": names[other.warehouse_id],
        }

    @api.model
    def _explain_need(self, need, rival, names, words):
        """Return why this warehouse was served before the next one."""
        values = {
            "first": names[need.warehouse_id],
            "second": names[rival.warehouse_id],
        }
        if need.due != rival.due:
            return words["earlier"] % {
                **values,
                "date": format_date(self.env, need.due),
            }
        word = "lacks_more" if need.total != rival.total else "first_need"
        return words[word] % values
