import hashlib
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, split_every

#: moves that bring goods of order lines to customers before a moment; the last of a
#: chain of moves counts. Quantities in the unit of the order line.
_PLANNED = """
    SELECT o.partner_invoice_id, l.id, o.id, m.picking_id, k.name, m.date,
           CASE WHEN m.product_id = l.product_id
                THEN m.product_qty * unit.factor / line_unit.factor END
      FROM stock_move m
      JOIN sale_order_line l ON l.id = m.sale_line_id
      JOIN sale_order o ON o.id = l.order_id AND o.state = 'sale'
      JOIN product_product p ON p.id = l.product_id
      JOIN product_template t ON t.id = p.product_tmpl_id
      JOIN uom_uom unit ON unit.id = t.uom_id
      JOIN uom_uom line_unit ON line_unit.id = l.product_uom_id
      JOIN stock_location source ON source.id = m.location_id
      JOIN stock_location dest ON dest.id = m.location_dest_id
 LEFT JOIN stock_location final ON final.id = m.location_final_id
 LEFT JOIN stock_picking k ON k.id = m.picking_id
     WHERE m.state NOT IN ('draft', 'done', 'cancel') AND m.date < %(until)s
       AND m.company_id = ANY(%(companies)s) AND source.usage <> 'customer'
       AND (dest.usage = 'customer'
            OR dest.usage = 'transit' AND dest.company_id IS NULL
            OR (final.usage = 'customer'
                OR final.usage = 'transit' AND final.company_id IS NULL)
            AND NOT EXISTS (
                SELECT 1 FROM stock_move_move_rel r WHERE r.move_orig_id = m.id))
  ORDER BY m.id
"""
_VALUES = """
    SELECT r.line_id, r.order_id, r.price, r.shipped,
           GREATEST(r.billed - l.delivered, 0), r.quantity, o.rate,
           COALESCE(d.amount, 0)
      FROM rest r
      JOIN lines l ON l.id = r.line_id
      JOIN orders o ON o.id = r.order_id
 LEFT JOIN deposits d ON d.order_id = r.order_id
"""
_CLAIM = """
    INSERT INTO customer_credit_shortfall (
        account_id, company_id, partner_id, user_id, key, state, date, date_first,
        create_uid, create_date, write_uid, write_date)
    SELECT a.id, a.company_id, a.partner_id, a.user_id, row.key, 'open', %(day)s,
           row.date_first, %(uid)s, %(now)s, %(uid)s, %(now)s
      FROM UNNEST(%(accounts)s::int[], %(keys)s::text[], %(dates)s::date[])
           AS row (account_id, key, date_first)
      JOIN customer_credit_account a ON a.id = row.account_id
  ORDER BY a.id
        ON CONFLICT DO NOTHING
 RETURNING id
"""


class CustomerCreditShortfall(models.Model):
    """Who cannot pay for what is to be shipped soon: found for all at once (D8)."""

    _inherit = "customer.credit.shortfall"

    @api.model
    def _cron_find(self, batch_size=50):
        """Look ahead for all companies that want it; tell each customer once."""
        companies = self.env["res.company"].search(
            Domain("credit_shortfall_days", ">", 0) & Domain("parent_id", "=", False)
        )
        cron = self.env["ir.cron"]
        for company in companies:
            # sudo: called by a job
            found = self.sudo()._find(company)
            self.sudo()._end_others(company, found)
            if not cron._commit_progress(remaining=len(found)):
                return
            for accounts in split_every(batch_size, found):
                self.sudo()._keep({key: found[key] for key in accounts})
                if not cron._commit_progress(len(accounts)):
                    return

    @api.model
    def _find(self, company, days=None):
        """Return what is missing for the shipments planned soon (SPEC D8).

        :param int days: how far to look ahead; as the company says by default
        :return: ``{account: values of a shortfall}`` for those with anything missing
        """
        planned = self._get_planned(company, days or company.credit_shortfall_days)
        accounts_model = self.env["customer.credit.account"]
        partners = self.env["res.partner"].browse(planned)
        accounts = accounts_model._get_collection_accounts(company, partners)
        accounts = accounts.filtered(lambda a: a.mode in ("prepay", "limited"))
        figures = accounts._get_figures()
        day = accounts_model._get_today(company)
        found = {}
        for account in accounts:
            plan = planned[account.partner_id.id]
            values = self._get_missing(
                account.mode, figures[account.id], plan["amount"]
            )
            missing = company.currency_id.round(values["amount_missing"])
            if company.currency_id.compare_amounts(missing, 0.0) > 0:
                found[account] = {
                    **values,
                    "amount_missing": missing,
                    "amount_planned": plan["amount"],
                    "shipments": plan["shipments"],
                    "picking_ids": [fields.Command.set(plan["pickings"])],
                    "date_first": min(s["date"] for s in plan["shipments"]),
                    "date": day,
                    "key": plan["key"],
                }
        return found

    @api.model
    def _get_missing(self, mode, figures, planned):
        """Return amounts owed and missing, limit.

        Prepay: everything owed, shipped or planned has to be paid before it leaves.
        Limited: what exceeds the customer's limit or his group's.
        """
        if mode == "prepay":
            owed = figures.receivable + figures.shipped - figures.online + figures.extra
            return {"amount_owed": owed, "limit": 0.0, "amount_missing": owed + planned}
        return {
            "amount_owed": figures.exposure,
            "limit": figures.limit,
            "amount_missing": -figures.headroom,
        }

    @api.model
    def _get_planned(self, company, days):
        """Return what is planned per customer and not invoiced yet.

        :return: ``{commercial partner id: {"amount", "shipments", "pickings", "key"}}``
        """
        self.env.flush_all()
        accounts_model = self.env["customer.credit.account"]
        zone = ZoneInfo(company.partner_id.tz or "UTC")
        last = accounts_model._get_today(company) + timedelta(days=days + 1)
        until = datetime.combine(last, time.min, zone).astimezone(ZoneInfo("UTC"))
        rows = self.env.execute_query(
            SQL(
                _PLANNED,
                until=until.replace(tzinfo=None),
                companies=company._credit_get_companies().ids,
            )
        )
        if not rows:
            return {}
        amounts = self._get_planned_amounts(company, rows)
        invoiced = self.env["res.partner"].browse({row[0] for row in rows})
        debtors = {p.id: p.commercial_partner_id.id for p in invoiced}
        planned, orders_of = {}, {}
        for partner, _line, order, picking, name, date, _quantity in rows:
            debtor = debtors[partner]
            local = date.replace(tzinfo=ZoneInfo("UTC")).astimezone(zone).date()
            orders_of.setdefault(debtor, set()).add(order)
            planned.setdefault(debtor, {})[picking, name, local.isoformat()] = True
        return {
            debtor: self._describe(
                shipments, sum(amounts[order] for order in orders_of[debtor])
            )
            for debtor, shipments in planned.items()
        }

    @api.model
    def _describe(self, shipments, amount):
        ordered = sorted(shipments, key=lambda s: (s[2], s[0] or 0))
        text = ";".join(f"{picking}:{date}" for picking, _name, date in ordered)
        return {
            "amount": amount,
            "shipments": [
                {"name": name or "–", "date": date} for _id, name, date in ordered
            ],
            "pickings": sorted({picking for picking, _n, _d in ordered if picking}),
            "key": hashlib.sha256(text.encode()).hexdigest(),
        }

    @api.model
    def _get_planned_amounts(self, company, rows):
        """Return ``{order id: value of what is planned and not paid by a deposit}``.

        What was invoiced ahead of delivery is owed already and not counted again.
        Company currency, taxes included.
        """
        quantities = {}
        for _partner, line, _order, _picking, _name, _date, quantity in rows:
            known = quantities.get(line, 0.0)
            # of a kit some part is planned: all that is open of the line
            none = quantity is None or known is None
            quantities[line] = None if none else known + float(quantity)
        orders = sorted({row[2] for row in rows})
        query = self.env["customer.credit.exposure"]._get_query(
            _VALUES, company, orders=orders
        )
        sums = {order: [0.0, 0.0, 0.0, 1.0] for order in orders}
        for values in self.env.execute_query(query):
            line, order, price, shipped, ahead, rest, rate, deposit = values
            total = sums[order]
            total[2:] = float(deposit), float(rate)
            total[0] += float(shipped) * float(price or 0.0)
            if line in quantities:
                planned = quantities[line]
                planned = (
                    float(rest) - float(shipped)
                    if planned is None
                    else planned - float(ahead)
                )
                total[1] += max(planned, 0.0) * float(price or 0.0)
        currency = company.currency_id
        return {
            order: currency.round(
                (max(shipped + planned - deposit, 0.0) - max(shipped - deposit, 0.0))
                / rate
            )
            for order, (shipped, planned, deposit, rate) in sums.items()
        }

    # Keep and tell -------------------------------------------------------------------

    @api.model
    def _keep(self, found):
        """Keep what is missing; tell those who have not been told of these shipments.

        :return: the shortfalls that are new
        """
        self.env.flush_all()
        claimed = self.env.execute_query(
            SQL(
                _CLAIM,
                accounts=[account.id for account in found],
                keys=[values["key"] for values in found.values()],
                dates=[values["date_first"] for values in found.values()],
                day=next(iter(found.values()))["date"],
                uid=self.env.uid,
                now=fields.Datetime.now(),
            )
        )
        new = self.browse([shortfall_id for (shortfall_id,) in claimed])
        self.env.invalidate_all()
        known = self.search(
            Domain("account_id", "in", [account.id for account in found])
            & Domain("key", "in", [values["key"] for values in found.values()])
        )
        for shortfall in known:
            values = found[shortfall.account_id]
            quiet = shortfall.with_context(tracking_disable=shortfall in new)
            quiet.write({**values, "state": "open"})
        new._tell()
        return new

    def _tell(self):
        """Tell salespeople by an activity and customers by mail, from the queue."""
        template = self.env.ref(
            "customer_credit_grade.mail_template_shortfall", raise_if_not_found=False
        )
        reachable = self.filtered("contact_id.email")
        if template and reachable:
            # sudo: called by a job
            mails = template.sudo().send_mail_batch(reachable.ids, force_send=False)
            for mail in mails:
                self.browse(mail.res_id).write({"message_id": mail.mail_message_id.id})
        for shortfall in self:
            env = self.with_context(lang=shortfall.user_id.lang).env
            told = (
                env._("The customer has been told by mail.")
                if shortfall.message_id
                else env._("The customer has no e-mail address: call him.")
            )
            note = env._(
                "%(amount)s are missing for shipments from %(date)s on.",
                amount=shortfall.currency_id.format(shortfall.amount_missing),
                date=fields.Date.to_string(shortfall.date_first),
            )
            shortfall.account_id._give_collection_activity(
                shortfall,
                shortfall.user_id,
                env._("Funds missing for a shipment"),
                note=f"{note} {told}",
            )

    @api.model
    def _end_others(self, company, found):
        """Note which shortfalls are covered now, or have other shipments."""
        keys = {(account.id, values["key"]) for account, values in found.items()}
        over = self.search(
            Domain("company_id", "=", company.id) & Domain("state", "=", "open")
        ).filtered(lambda s: (s.account_id.id, s.key) not in keys)
        over.activity_ids.unlink()
        over.write({"state": "covered"})
