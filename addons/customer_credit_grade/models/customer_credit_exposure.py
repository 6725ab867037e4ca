import hashlib
import json

from odoo import api, models
from odoo.tools import SQL, ormcache

from .. import exposure, exposure_orders
from ..figures import Figures

#: what the values of the statement are made of, and whether it is prepared already: it
#: is planned for any values from the first time; currencies at both ends of their index
_FACTS = """
    SELECT ARRAY(SELECT id FROM res_company WHERE parent_path LIKE %(branches)s
                  ORDER BY id),
           %(by_customer)s AND (
               EXISTS (SELECT FROM payment_transaction
                        WHERE state IN ('authorized', 'done')
                          AND currency_id < %(currency)s)
               OR EXISTS (SELECT FROM payment_transaction
                           WHERE state IN ('authorized', 'done')
                             AND currency_id > %(currency)s)),
           EXISTS (SELECT FROM pg_prepared_statements WHERE name = %(plan)s),
           SET_CONFIG('plan_cache_mode', 'force_generic_plan', TRUE)
"""

#: so many customers or orders at a time share one plan; for more, their number decides
FEW = 20
#: parameters of the prepared statement, in this order
_TYPES = {
    "debtors": "int[]",
    "orders": "int[]",
    "companies": "int[]",
    "root": "int",
    "day": "date",
    "digits": "int",
    "unit_digits": "int",
    "rates": "text",
}
_PARAMETERS = {key: SQL(f"${number}") for number, key in enumerate(_TYPES, 1)}


class CustomerCreditExposure(models.AbstractModel):
    """The one place that computes what customers owe and have ordered (DESIGN 4).

    Figures are never stored: they are derived from the documents each time, in one
    statement for any number of customers.
    """

    _name = "customer.credit.exposure"
    _description = "Customer Exposure"

    @api.model
    def _get_exposures(self, company, partners=None, date=None):
        """Return what customers owe a company and its branches.

        Reads past all rules: callers show the result to whom it may be shown.

        :param company: any company; its root with all branches counts
        :param partners: any contacts, whose commercial partners count; None: all
        :param date: the day overdue and bills are judged by; today by default
        :return: ``{commercial partner id: Figures}``; of all, those with anything
        """
        self.env.flush_all()
        debtors = None
        if partners is not None:
            # sudo: the figure is the same whoever asks
            partners_sudo = partners.sudo()
            partners_sudo.fetch(["commercial_partner_id"])
            debtors = partners_sudo.commercial_partner_id.ids
            if not debtors:
                return {}
        day = date or self.env["customer.credit.account"]._get_today(company)
        result = {debtor: Figures() for debtor in debtors or ()}
        for row in self._execute(exposure.FIGURES, company, debtors=debtors, day=day):
            result[row[0]] = self._make_figures(row, day)
        return result

    @api.model
    def _execute(self, select, company, **which):
        """Return the rows of the statement; for few records it is planned only once.

        Planning it takes longer than finding what a few customers owe. Only values
        are parameters: the text, and so the plan, is the same for all companies and
        customers, and another one where other add-ons are installed. Odoo has its
        connections forget plans between two requests, so it is looked for first, and
        the parts are kept (MATERIALIZED): planned one by one, they take half as long.

        :param which: debtors, orders and day, as for :meth:`_get_query`
        """
        ids = which.get("orders") or which.get("debtors")
        if ids is None or len(ids) > FEW:
            return self.env.execute_query(self._get_query(select, company, **which))
        name, text = self._get_statement(select, "orders" in which)
        facts = self._get_facts(company, "debtors" in which, plan=name)
        if not facts["is_prepared"]:
            self.env.cr.execute(text)
        values = self._get_values(company, **which, facts=facts)
        arguments = SQL(", ").join(SQL("%s", values[key]) for key in _TYPES)
        return self.env.execute_query(
            SQL("EXECUTE %s (%s)", SQL.identifier(name), arguments)
        )

    @api.model
    @ormcache("select", "by_orders")
    def _get_statement(self, select, by_orders):
        """Return the name of a statement, and what prepares it."""
        kind = "orders" if by_orders else "debtors"
        query = self._get_query(
            select, self.env.company, **{kind: []}, values=_PARAMETERS, is_few=True
        )
        text = self.env.cr.mogrify(query.code, query.params).decode()
        name = f"credit_{hashlib.sha256(text.encode()).hexdigest()[:24]}"
        return name, f"PREPARE {name} ({', '.join(_TYPES.values())}) AS {text}"

    @api.model
    def _make_figures(self, row, day):
        (_debtor, receivable, unapplied, overdue, oldest, ordered, need, shipped) = row[
            :8
        ]
        online, extra = row[8:]
        return Figures(
            receivable=receivable,
            unapplied=unapplied,
            overdue=overdue,
            overdue_days=(day - oldest).days if oldest else 0,
            ordered=ordered,
            prepay_need=need,
            shipped=shipped,
            online=online,
            extra=extra,
        )

    @api.model
    def _get_order_values(self, orders):
        """Return ``{order id: (debtor id, committed, open)}`` in company currency.

        As if they were confirmed: ``committed`` is what will have been invoiced in
        the end, ``open`` what is not invoiced yet, less down payments.
        """
        if not orders:
            return {}
        self.env.flush_all()
        result = {}
        # sudo: the figure is the same whoever asks
        for company, own in orders.sudo().grouped("company_id").items():
            rows = self._execute(
                "SELECT id, debtor, committed, amount FROM open_orders",
                company,
                orders=own.ids,
            )
            for order_id, debtor, committed, amount in rows:
                result[order_id] = (debtor, committed, amount)
        for order in orders.sudo():  # without lines
            result.setdefault(
                order.id, (order.partner_invoice_id.commercial_partner_id.id, 0.0, 0.0)
            )
        return result

    @api.model
    def _get_query(
        self,
        select,
        company,
        debtors=None,
        orders=None,
        day=None,
        values=None,
        is_few=False,
    ):
        """Return the statement with ``select`` at its end.

        :param str select: what to take of the parts in ``exposure.py``
        :param orders: ids of orders instead of customers
        :param values: what stands for the values, as :meth:`_get_values` names them
        :param bool is_few: to be planned fast; what many have would be written to disk
        """
        if orders is not None:
            parts = [exposure_orders.ORDERS_BY_ID, *exposure_orders.OPEN]
        else:
            parts = [
                exposure.PARTIES_ALL if debtors is None else exposure.PARTIES_OF,
                exposure.ENTRIES,
                exposure.RECEIVABLES,
                exposure.ITEMS,
                exposure_orders.ORDERS_OF_PARTIES,
                *exposure_orders.OPEN,
                exposure.ONLINE,
                exposure.EXTRA,
            ]
        text = ",".join(parts)
        if is_few:
            text = exposure.keep(text)
        return SQL(
            f"WITH {text} {select}",
            billed_sources=SQL(" UNION ALL ").join(self._get_billed_sources()),
            deposit_sources=SQL(" UNION ALL ").join(self._get_deposit_sources()),
            **(values or self._get_values(company, debtors, orders, day)),
        )

    @api.model
    def _get_values(self, company, debtors=None, orders=None, day=None, facts=None):
        """Return the values of the statement by name.

        :param facts: as :meth:`_get_facts` returns them, where they are known already
        """
        company_sudo = company.sudo()
        facts = facts or self._get_facts(company, by_customer=orders is None)
        rates = "{}"
        if orders is None:
            rates = self._get_rates(company_sudo, facts["is_foreign"])
        return {
            "debtors": debtors or [],
            "orders": orders or [],
            "companies": facts["companies"],
            "root": company_sudo.root_id.id,
            "day": day,
            "digits": company_sudo.currency_id.decimal_places,
            "unit_digits": self.env["decimal.precision"].precision_get("Product Unit"),
            "rates": rates,
        }

    @api.model
    def _get_facts(self, company, by_customer, plan=""):
        """Return what is asked before each statement, in one query.

        :param bool by_customer: whether payments in other currencies matter
        :param str plan: name of a prepared statement to look for
        :return: dict ``companies`` (ids of the root with all branches, archived too),
            ``is_foreign``, ``is_prepared``
        """
        self.env["res.company"].flush_model(["parent_path"])
        root_sudo = company.sudo().root_id
        [(companies, is_foreign, is_prepared, _mode)] = self.env.execute_query(
            SQL(
                _FACTS,
                branches=f"{root_sudo.id}/%",
                by_customer=by_customer,
                currency=root_sudo.currency_id.id,
                plan=plan,
            )
        )
        return {
            "companies": companies,
            "is_foreign": is_foreign,
            "is_prepared": is_prepared,
        }

    @api.model
    def _get_billed_sources(self):
        """Return selects of ``(line_id, quantity)`` from ``lines``: what was billed.

        Made to be extended by add-ons that bill order lines past invoices.
        """
        return [SQL(exposure_orders.BILLED_BY_INVOICES)]

    @api.model
    def _get_deposit_sources(self):
        """Return selects of ``(order_id, amount)`` from ``orders``: down payments.

        In the currency of the order, taxes included; negative where they are
        deducted. Made to be extended as :meth:`_get_billed_sources`.
        """
        return [SQL(exposure_orders.DEPOSITS_BY_INVOICES)]

    @api.model
    def _get_rates(self, company_sudo, is_foreign):
        """Return today's rates as JSON: ``{currency id: units per company's unit}``.

        :param bool is_foreign: False: no others than its own, since nobody has paid
            online in another currency
        """
        own_id = company_sudo.currency_id.id
        if not is_foreign:
            return json.dumps({own_id: 1.0})
        currencies = self.env["res.currency"].sudo().search([("active", "=", True)])
        day = self.env["customer.credit.account"]._get_today(company_sudo)
        rates = currencies._get_rates(company_sudo, day)
        own = rates.get(own_id) or 1.0
        return json.dumps({key: rate / own for key, rate in rates.items()})
