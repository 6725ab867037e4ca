from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

#: at most this many products are suggested
_LIMIT = 20
#: from this number of others on, those of the same region are compared with
_ENOUGH = 3
#: products enough others ordered and this one has not, best sellers first
_MISSING = """
    WITH bought AS (
        SELECT l.balance_id, sol.product_id, SUM(l.ordered) AS amount
          FROM rebate_ledger l
          JOIN sale_order_line sol ON sol.id = l.source_id
         WHERE l.source_kind = 'o' AND l.balance_id = ANY(%(balances)s)
           AND sol.product_id IS NOT NULL
         GROUP BY l.balance_id, sol.product_id
        HAVING SUM(l.ordered_qty) > 0
    )
    SELECT b.product_id, COUNT(*)
      FROM bought b
      JOIN product_product pp ON pp.id = b.product_id AND pp.active
      JOIN product_template pt ON pt.id = pp.product_tmpl_id
           AND pt.active AND pt.sale_ok
     WHERE b.balance_id <> %(me)s
       AND NOT EXISTS (SELECT FROM bought m WHERE m.balance_id = %(me)s
                          AND m.product_id = b.product_id)
     GROUP BY b.product_id
    HAVING COUNT(*) * 2 >= %(peers)s
     ORDER BY SUM(b.amount) DESC, b.product_id
     LIMIT %(limit)s
"""


class RebateBalance(models.Model):
    """What others ordered and this participant has not: suggestions (SPEC M1)."""

    _name = "rebate.balance"
    _inherit = ["rebate.balance", "mail.thread"]
    _mail_post_access = "read"

    suggestion_html = fields.Html(
        string="Suggestions", compute="_compute_suggestion_html", sanitize=False
    )

    def _get_peers(self):
        """Return the balances to compare with: of the region, or of the programme.

        Call as sudo: only shares of many leave here, no figures of one.
        """
        self.ensure_one()
        others = self.search(
            [("period_id", "=", self.period_id.id), ("id", "!=", self.id)]
        )
        near = others.filtered(
            lambda b: b.sale_region_id and b.sale_region_id == self.sale_region_id
        )
        return near if len(near) >= _ENOUGH else others

    def _get_suggestions(self):
        """Return what at least half of the others ordered and this one did not.

        Best sellers first. Products that do not count for the programme, or are not
        sold any more, are left out.

        :return: list of dicts with ``product``, ``share`` (percent of the others)
        """
        self.ensure_one()
        # sudo: who sees this balance sees what most of the others ordered
        peers = self.sudo()._get_peers()
        if not peers:
            return []
        self.env["rebate.ledger"].flush_model()
        rows = self.env.execute_query(
            SQL(
                _MISSING,
                balances=[*peers.ids, self.id],
                me=self.id,
                peers=len(peers),
                limit=_LIMIT,
            )
        )
        products = self.env["product.product"].browse(row[0] for row in rows)
        # sudo: names of what is on sale
        products = products.sudo()
        return [
            {"product": product, "share": round(100 * count / len(peers))}
            for product, (_id, count) in zip(products, rows, strict=True)
        ]

    def _get_series(self):
        """Return which series the participant has ordered, and which it has not.

        :return: two recordsets of product categories
        """
        self.ensure_one()
        # sudo: which series there are in the programme is no secret
        rows = (
            self.env["rebate.coverage.report"]
            .sudo()
            .search([("balance_id", "=", self.id)])
        )
        covered = rows.filtered("is_covered")
        return covered.categ_id, (rows - covered).categ_id

    def _compute_suggestion_html(self):
        qweb = self.env["ir.qweb"]
        for balance in self:
            covered, missing = balance._get_series()
            balance.suggestion_html = qweb._render(
                "channel_rebate.rebate_suggestions",
                {
                    "suggestions": balance._get_suggestions(),
                    "covered": len(covered),
                    "total": len(covered) + len(missing),
                    "missing": ", ".join(missing.mapped("name")),
                },
                lang=self.env.lang,
            )

    def _get_portal_link(self):
        """Return where the customer reads this in the portal, or nothing."""
        self.ensure_one()
        # sudo: whether somebody of the customer has portal access
        contacts = self.partner_id.sudo()
        if not (contacts | contacts.child_ids).user_ids.filtered("active"):
            return False
        return f"{self.get_base_url()}/my/rebates/{self.id}"

    def action_mail_suggestions(self):
        """Prepare a mail to the customer: what is missing, what others ordered.

        :raise UserError: when there is nothing to suggest
        """
        self.ensure_one()
        self.check_access("read")
        if not self._get_suggestions() and not self.next_tier_distance:
            raise UserError(self.env._("There is nothing to suggest."))
        template = self.env.ref("channel_rebate.mail_template_suggestion")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Suggest to the Customer"),
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_template_id": template.id,
                "default_composition_mode": "comment",
                "default_email_layout_xmlid": "mail.mail_notification_light",
                "force_email": True,
            },
        }
