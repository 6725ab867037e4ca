from odoo import api, fields, models


class SaleOrder(models.Model):
    """What the order does to the customer's credit, for who works on it (SPEC D4).

    Figures for those who may read the credit account; the others see whether finance
    has to look at it, without figures.
    """

    _inherit = "sale.order"

    credit_strip = fields.Json(
        string="Customer Credit",
        compute="_compute_credit_strip",
        groups="base.group_user",
        exportable=False,
    )

    @api.depends(
        "partner_invoice_id",
        "company_id",
        "state",
        "amount_total",
        "currency_id",
        "currency_rate",
    )
    @api.depends_context("uid", "lang")
    def _compute_credit_strip(self):
        self.credit_strip = False
        controlled = self.filtered(
            lambda order: (
                order.partner_invoice_id
                and order.company_id
                and order.state != "cancel"
                and order.company_id._credit_get_mode() != "off"
            )
        )
        # sudo: the main company need not be allowed
        for company, orders in controlled.grouped(
            lambda order: order.company_id.sudo().root_id
        ).items():
            # sudo: the gate judges the same for everybody; figures are left out
            # below for those who may not read the account
            judged = (
                self.env["customer.credit.account"]
                .sudo()
                ._prepare_judging(
                    company, orders.partner_invoice_id.commercial_partner_id
                )
            )
            added = orders._credit_get_added()
            for order in orders:
                order.credit_strip = order._prepare_credit_strip(
                    company, judged, added[order]
                )

    def _credit_get_added(self):
        """Return ``{order: amount}``: what confirming would add; company currency."""
        saved = self.filtered(lambda order: isinstance(order.id, int))
        values = self.env["customer.credit.exposure"]._get_order_values(saved)
        result = {}
        for order in self:
            if order in saved:
                amount = 0.0 if order.state == "sale" else values[order.id][2]
            else:  # being edited
                amount = order.amount_total / (order.currency_rate or 1.0)
                if order.state == "sale":
                    before = order._origin
                    amount -= before.amount_total / (before.currency_rate or 1.0)
            result[order] = amount
        return result

    def _prepare_credit_strip(self, company, judged, added):
        """Return what the strip shows, as plain data.

        :param judged: as ``_prepare_judging`` of the credit account returns it
        :param float added: what this order adds; company currency
        """
        self.ensure_one()
        debtor = self.partner_invoice_id.commercial_partner_id
        debtor_id = debtor._origin.id or debtor.id
        accounts_sudo = self.env["customer.credit.account"].sudo()
        known = judged[debtor_id]
        verdict = accounts_sudo._judge_one(judged, debtor_id, "order", added)
        stops = "stop" if verdict.missing is None else "pay"
        strip = {"state": stops if verdict.objections else "pass", "figures": False}
        account = known["account"].with_user(self.env.user)
        if not account or not account.has_access("read"):
            strip["state"] = "finance" if verdict.objections else "pass"
            return strip
        currency = company.currency_id
        figures = verdict.figures
        modes = dict(account._fields["mode"]._description_selection(self.env))
        strip["figures"] = {
            "account_id": account.id,
            "currency_id": currency.id,
            "customer": debtor.display_name,
            "mode": known["mode"],
            "mode_name": modes[known["mode"]],
            "grade": known["account"].grade_id.code or "",
            "grade_color": known["account"].grade_id.color,
            "limit": figures.limit,
            "exposure": known["figures"].exposure,
            "added": added,
            "headroom": figures.headroom,
            "excess": verdict.excess,
            "overdue": figures.overdue,
            "reasons": [
                accounts_sudo._get_objection_text(
                    objection.code, objection.values, currency
                )
                or objection.code
                for objection in verdict.objections
            ],
        }
        return strip
