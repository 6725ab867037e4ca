from datetime import datetime, time

import pytz

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_date


class ChannelDemand(models.Model):
    """How a demand becomes a draft order (SPEC L2).

    Only products, quantities, units, dates and words go over. Prices, terms and taxes
    are what the price system gives this customer; the draft passes the same approvals
    as any other.
    """

    _inherit = "channel.demand"

    def _make_order(self):
        """Return the draft order made of this demand, as sudo.

        :raise UserError: for a product that is not sold any more
        """
        self.ensure_one()
        # sudo: officers and partners need no access to orders; it stays a draft
        demand_sudo = self.sudo()
        demand_sudo._check_products()
        # no defaults of the caller's context: only what the demand says
        orders_sudo = self.env(su=True, context={})["sale.order"].with_context(
            lang=demand_sudo.partner_id.lang,
            tz=self.env.context.get("tz"),
            allowed_company_ids=demand_sudo.company_id.ids,
            mail_create_nosubscribe=True,
        )
        return orders_sudo.create(demand_sudo._prepare_order_values())

    def _check_products(self):
        """Refuse what is sold no longer.

        :raise UserError: naming line and product
        """
        for number, line in enumerate(self.line_ids, 1):
            product = line.product_id
            if product and not (product.active and product.sale_ok):
                raise UserError(
                    self.env._(
                        "Line %(number)s: %(product)s is not sold any more. Choose "
                        "another product, or take it off the line.",
                        number=number,
                        product=product.display_name,
                    )
                )

    def _prepare_order_values(self):
        """Return the values of the order. Hook; call as sudo."""
        self.ensure_one()
        source = self.env.ref(
            "channel_rebate.utm_source_channel_partner", raise_if_not_found=False
        )
        return {
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "user_id": self._get_order_user().id,
            "origin": self.name,
            "client_order_ref": self.partner_reference,
            "source_id": source.id if source else False,
            "commitment_date": self._get_wanted_moment(),
            "channel_partner_id": self.channel_partner_id.id,
            "channel_end_customer": self.end_customer_name,
            "channel_end_contact": self.end_customer_contact,
            "channel_end_phone": self.end_customer_phone,
            "channel_end_place": self.end_customer_place,
            "order_line": [
                Command.create(values)
                for line in self.line_ids
                for values in line._prepare_order_lines()
            ],
        }

    def _get_order_user(self):
        """Return the salesperson of the order: the partner's, else who accepts it."""
        user = self.user_id
        if user.active and not user.share and self.company_id in user.company_ids:
            return user
        if self.env.user._is_internal():
            return self.env.user
        return user.browse()

    def _get_wanted_moment(self):
        """Return the wanted day as the order keeps it: at noon of our place, in UTC."""
        dates = [date for date in self.line_ids.mapped("date_wanted") if date]
        day = self.date_wanted or min(dates, default=False)
        if not day:
            return False
        zone = pytz.timezone(self.company_id.partner_id.tz or "UTC")
        noon = zone.localize(datetime.combine(day, time(12)))
        return noon.astimezone(pytz.utc).replace(tzinfo=None)


class ChannelDemandLine(models.Model):
    _inherit = "channel.demand.line"

    def _prepare_order_lines(self):
        """Return the values of the order lines this line becomes. Hook; as sudo.

        A line without a product is a note; so are remarks and a day of its own.
        """
        self.ensure_one()
        values = {"sequence": self.sequence}
        if not self.product_id:
            return [{**values, "display_type": "line_note", "name": self._get_text()}]
        lines = [
            {
                **values,
                "product_id": self.product_id.id,
                "product_uom_id": self.product_uom_id.id,
                "product_uom_qty": self.quantity,
            }
        ]
        if words := self._get_words():
            lines.append({**values, "display_type": "line_note", "name": words})
        return lines

    def _get_text(self):
        """Return the whole line in words."""
        head = self.env._(
            "%(what)s: %(quantity)s %(unit)s",
            what=self.name,
            quantity=f"{self.quantity:g}",
            unit=self._get_unit_text(),
        ).strip()
        return "\n".join(filter(None, [head, self._get_words()]))

    def _get_words(self):
        """Return the line's own day and remark in words."""
        day = self.date_wanted
        return "\n".join(
            filter(
                None,
                [
                    day
                    and day != self.demand_id.date_wanted
                    and self.env._("Wanted on %(day)s", day=format_date(self.env, day)),
                    self.remark,
                ],
            )
        )
