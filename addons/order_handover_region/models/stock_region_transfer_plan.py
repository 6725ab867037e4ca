import functools
import math
from dataclasses import dataclass
from datetime import datetime

from odoo import api, models
from odoo.tools import format_date

#: nothing sold: the stock lasts for ever
FOR_EVER = math.inf
PAIR = ("first", "second")
#: what the sentences of explanations speak of; the others of a pair
VALUES = {
    "lack": ("warehouse", "lack", "demand", "on_hand", "coming"),
    "spare": ("warehouse", "spare", "on_hand", "demand", "keep", "sold", "window"),
    "earlier": (*PAIR, "date"),
}


@dataclass(slots=True)
class Need:
    """What one warehouse lacks of a product: in all, and not given to it yet."""

    warehouse_id: int
    total: float
    quantity: float
    due: datetime
    rank: int
    facts: object

    def key(self):
        """Return by what needs are served one after another."""
        return (self.due, -self.total, self.rank)


@dataclass(slots=True)
class Spare:
    """What one warehouse can give of a product: in all, and not given yet."""

    warehouse_id: int
    total: float
    quantity: float
    keep: float
    days: float
    rank: int
    facts: object

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
        setting = self._get_setting(company, receivers, donors)
        needs = self._get_needs(facts, setting)
        if not needs:
            return []
        products = self.env["product.product"].browse(sorted(needs))
        setting["sized"] = self._get_sized(company, products)
        spares = self._get_spares(facts, needs, setting)
        products = products.browse(sorted(spares))
        demand = self.env["stock.region.facts"]._get_demand(company, products)
        moves = []
        for product_id in products.ids:
            moves += self._match(
                product_id, needs[product_id], spares[product_id], demand, setting
            )
        return self._describe(moves, setting)

    @api.model
    def _get_setting(self, company, receivers, donors):
        """Return what the plan of this company goes by."""
        # sudo: every warehouse of the company may give or get
        warehouses = (
            self.env["stock.warehouse"].sudo().search([("company_id", "=", company.id)])
        )
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        ranks = {warehouse.id: rank for rank, warehouse in enumerate(warehouses)}
        return {
            "company": company,
            "names": {warehouse.id: warehouse.name for warehouse in warehouses},
            "receivers": self._get_ranks_of(receivers, ranks),
            "donors": self._get_ranks_of(donors, ranks),
            "window": max(1, company.region_transfer_window_days),
            "keep_days": max(0, company.region_transfer_keep_days),
            "digits": digits,
            "precision": 10**-digits / 2,
        }

    @api.model
    def _get_ranks_of(self, warehouses, ranks):
        """Return the places in the list of those that take part."""
        if not warehouses:
            return ranks
        return {key: ranks[key] for key in warehouses.ids if key in ranks}

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
    def _get_needs(self, facts, setting):
        """Return what warehouses lack when everything that comes is counted.

        :return: ``{product id: [Need, ...]}``, in the order they are served
        """
        ranks, precision = setting["receivers"], setting["precision"]
        needs = {}
        for (product_id, warehouse_id), fact in facts.items():
            lack = fact.demand - (
                fact.on_hand + fact.coming + fact.arriving + fact.proposed_in
            )
            if lack <= precision or warehouse_id not in ranks:
                continue
            lack = round(lack, setting["digits"])
            need = Need(
                warehouse_id,
                lack,
                lack,
                fact.due or datetime.max,
                ranks[warehouse_id],
                fact,
            )
            needs.setdefault(product_id, []).append(need)
        for of_product in needs.values():
            of_product.sort(key=Need.key)
        return needs

    @api.model
    def _get_spares(self, facts, needs, setting):
        """Return what warehouses can give of what others need.

        :return: ``{product id: [Spare, ...]}``, in the order they are asked
        """
        ranks, precision = setting["donors"], setting["precision"]
        scale = 10 ** setting["digits"]
        spares = {}
        for (product_id, warehouse_id), fact in facts.items():
            free = fact.on_hand - fact.demand - fact.proposed_out
            if (
                free <= precision
                or product_id not in needs
                or warehouse_id not in ranks
            ):
                continue
            rate = max(0.0, fact.sold) / setting["window"]
            keep = self._get_keep(product_id, fact, rate, setting)
            quantity = math.floor(round((free - keep) * scale, 6)) / scale
            if quantity > precision:
                spare = Spare(
                    warehouse_id,
                    quantity,
                    quantity,
                    keep,
                    free / rate if rate else FOR_EVER,
                    ranks[warehouse_id],
                    fact,
                )
                spares.setdefault(product_id, []).append(spare)
        for of_product in spares.values():
            of_product.sort(key=Spare.key)
        return spares

    @api.model
    def _get_keep(self, product_id, fact, rate, setting):
        """Return what a warehouse keeps that sells ``rate`` a day."""
        keep = max(0.0, fact.safety)
        if rate:
            keep = max(float(math.ceil(round(rate * setting["keep_days"], 6))), keep)
        if product_id in setting["sized"]:
            keep = max(keep, setting["company"].region_transfer_size_pieces)
        return keep

    @api.model
    def _match(self, product_id, needs, spares, demand, setting):
        """Give needs what is spare, both in their order.

        :return: list of dicts: product_id, need, spare, what ``demand`` it serves,
            ``lack`` and ``can_give`` before, the next need and the next spare
        """
        digits, precision = setting["digits"], setting["precision"]
        moves = []
        for number, need in enumerate(needs):
            owed = demand.get((product_id, need.warehouse_id), ())
            last = self._get_last(owed, need.total)
            for place, spare in enumerate(spares):
                if need.quantity <= precision:
                    break
                if spare.quantity <= precision:
                    continue
                taken = min(need.quantity, spare.quantity)
                moves.append(
                    {
                        "product_id": product_id,
                        "need": need,
                        "spare": spare,
                        "demand": self._take(last, taken, setting),
                        "lack": need.quantity,
                        "can_give": spare.quantity,
                        "rival": needs[number + 1] if number + 1 < len(needs) else None,
                        "other": spares[place + 1] if place + 1 < len(spares) else None,
                    }
                )
                need.quantity = round(need.quantity - taken, digits)
                spare.quantity = round(spare.quantity - taken, digits)
        return moves

    @api.model
    def _get_last(self, demand, lack):
        """Return the least urgent of the demand: what there is covers the rest.

        :return: list of [sale line id or None, quantity]
        """
        last = []
        for sale_line_id, quantity in reversed(demand):
            taken = min(quantity, lack)
            if taken <= 0:
                break
            last.append([sale_line_id, taken])
            lack -= taken
        return last[::-1]

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
        say = self._get_speaker()
        proposals = []
        for move in moves:
            text = self._explain(move, setting, say)
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
    def _get_speaker(self):
        """Return a function that says a sentence about values, given in its order.

        Thousands of proposals have a few different things to say: sentences are
        translated once, and what was said before is not put together again.
        """
        words = self._get_words()

        @functools.cache
        def say(word, *values):
            texts = [f"{v:g}" if isinstance(v, float) else v for v in values]
            return words[word] % dict(zip(VALUES.get(word, PAIR), texts, strict=True))

        return say

    @api.model
    def _get_words(self):
        """Return the sentences of explanations; ``VALUES`` are what they speak of."""
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
    def _explain(self, move, setting, say):
        """Return in words why this warehouse gives that one so much."""
        need, spare, names = move["need"], move["spare"], setting["names"]
        fact, own = need.facts, spare.facts
        parts = [
            say(
                "lack",
                names[need.warehouse_id],
                move["lack"],
                fact.demand,
                fact.on_hand,
                fact.coming + fact.arriving + fact.proposed_in,
            ),
            say(
                "spare",
                names[spare.warehouse_id],
                move["can_give"],
                own.on_hand,
                own.demand + own.proposed_out,
                spare.keep,
                own.sold,
                setting["window"],
            ),
        ]
        if move["other"]:
            parts.append(self._explain_donor(spare, move["other"], names, say))
        if move["rival"]:
            parts.append(self._explain_need(need, move["rival"], names, say))
        return "\n".join(parts)

    @api.model
    def _explain_donor(self, spare, other, names, say):
        """Return why this donor was asked before the next one."""
        if spare.days != other.days:
            word = "slower"
        else:
            word = "more_spare" if spare.total != other.total else "first_donor"
        return say(word, names[spare.warehouse_id], names[other.warehouse_id])

    @api.model
    def _explain_need(self, need, rival, names, say):
        """Return why this warehouse was served before the next one."""
        pair = (names[need.warehouse_id], names[rival.warehouse_id])
        if need.due != rival.due:
            return say("earlier", *pair, format_date(self.env, need.due))
        return say("lacks_more" if need.total != rival.total else "first_need", *pair)
