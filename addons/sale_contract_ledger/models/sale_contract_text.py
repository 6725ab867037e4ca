import re

from markupsafe import Markup, escape

from odoo import models
from odoo.fields import Command
from odoo.tools import format_date, format_datetime
from odoo.tools.image import image_data_uri

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
#: where there is no value: to be seen, and to be filled in by hand
_BLANK = "________"


class SaleContract(models.Model):
    """The words of a contract: clauses with values filled in, never evaluated."""

    _inherit = "sale.contract"

    def _get_placeholders(self):
        """Return what clauses may name: ``{word: text}``. Made to be extended."""
        self.ensure_one()
        contract = self.sudo()  # sudo: names of people and terms, printed for all
        dates = {
            name: format_date(self.env, contract[name]) if contract[name] else ""
            for name in ("date", "date_start", "date_end", "date_delivery")
        }
        terms = (contract.payment_term_id.name, contract.payment_text)
        return {
            **dates,
            "number": contract.name or "",
            "company": contract.company_id.name or "",
            "customer": contract.commercial_partner_id.name or "",
            "amount": contract.currency_id.format(contract.amount)
            if contract.currency_id
            else "",
            "currency": contract.currency_id.name or "",
            "payment_terms": self.env._(", ").join(t for t in terms if t),
            "orders": ", ".join(contract.order_ids.sorted("id").mapped("name")),
            "framework": contract.parent_id.name or "",
            "responsible": contract.user_id.name or "",
            "signer": contract.signer_id.name or "",
        }

    def _fill(self, body):
        """Return a clause with its values; unknown words stay as they are.

        :param body: HTML with ``{word}``
        :return: HTML; the values are escaped, a blank stands for an empty one
        """
        if not body or len(self) != 1:
            return body
        values = self._get_placeholders()
        return Markup(  # noqa: S704 - the body is sanitised, the values are escaped
            _PLACEHOLDER.sub(
                lambda match: str(escape(values.get(match[1], match[0]) or _BLANK)),
                str(body),
            )
        )

    def _take_template(self, template):
        """Replace the articles with copies of the template's clauses."""
        for contract in self:
            reader = contract.partner_id.lang or self.env.lang
            lines = template.with_context(lang=reader).line_ids
            contract.article_ids = [
                Command.clear(),
                *(
                    Command.create(
                        {
                            "sequence": number * 10,
                            "name": line.clause_id.name,
                            "body": line.clause_id.body,
                        }
                    )
                    for number, line in enumerate(lines, 1)
                ),
            ]
            if template.title:
                contract.title = template.with_context(lang=reader).title

    def _get_template(self):
        """Return the template drafts of this kind start with."""
        self.ensure_one()
        templates = self.env["sale.contract.template"]
        return templates.search(
            [
                *templates._check_company_domain(self.company_id),
                ("kind", "=", self.kind),
            ],
            limit=1,
        )

    def action_take_template(self):
        """Start the articles from the template of the kind."""
        self.ensure_one()
        self.check_access("write")
        self._take_template(self._get_template())
        return True

    def _get_title(self):
        """Return what is printed above the contract."""
        self.ensure_one()
        return self.title or {
            "order": self.env._("Sales Contract"),
            "framework": self.env._("Framework Contract"),
            "change": self.env._("Change Agreement"),
            "termination": self.env._("Termination Agreement"),
        }.get(self.kind)

    # On paper ------------------------------------------------------------------------

    def _get_paper_lines(self):
        """Return the lines of the orders as they are printed."""
        self.ensure_one()
        contract = self.sudo()  # sudo: printed for whoever signs
        if contract.kind in ("change", "termination"):
            return []
        orders = contract.order_ids.filtered(lambda order: order.state != "cancel")
        if contract.state == "signed":
            listed = contract.orders_content or ""
            orders = orders.filtered(lambda o: o._contract_get_content() in listed)
        return [
            {
                "order": line.order_id.name,
                "product": line.product_id.display_name or line.name,
                "quantity": " ".join(
                    [
                        f"{line.product_uom_qty:,.6f}".rstrip("0").rstrip("."),
                        line.product_uom_id.name or "",
                    ]
                ),
                "price": line.currency_id.format(line._policy_get_net_price()),
                "total": line.currency_id.format(line.price_total),
            }
            for line in orders.sorted("id").order_line
            if line.order_id._approval_line_is_material(line)
        ]

    def _get_paper_sides(self):
        """Return both parties with their signatures, as they are printed."""
        self.ensure_one()
        contract = self.sudo()  # sudo: printed for whoever signs
        signatures = {s.side: s for s in contract._get_signatures()}
        parties = (
            ("ours", contract.company_id.name, self.env._("Seller")),
            ("customer", contract.commercial_partner_id.name, self.env._("Customer")),
        )
        result = []
        for side, party, role in parties:
            signature = signatures.get(side)
            result.append(
                {
                    "party": party,
                    "role": role,
                    "signature": bool(signature),
                    "picture": image_data_uri(signature.signature)
                    if signature and signature.signature
                    else False,
                    "name": signature.name if signature else "",
                    "date": format_datetime(
                        self.env, signature.date, tz=contract._get_zone()
                    )
                    if signature
                    else "",
                }
            )
        return result
