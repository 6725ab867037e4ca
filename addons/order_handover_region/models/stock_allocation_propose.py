from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .. import allocation


class StockAllocationRun(models.Model):
    """How a run is proposed: set by set, whatever the number of deliveries."""

    _inherit = "stock.allocation.run"

    def action_propose(self):
        """Decide who would get what; reservations stay as they are.

        Anew when it was proposed before.

        :raise AccessError: for whoever does not decide about stock
        :raise UserError: when it was applied
        """
        self._check_may_allocate()
        self._refuse_applied()
        for run in self:
            run._propose()

    def _propose(self):
        self.ensure_one()
        self._drop_lines()
        today = self.env["customer.credit.account"]._get_today(self.company_id)
        days = self.company_id.allocation_soon_days
        self._keep(
            {
                "state": "proposed",
                "day_soon": today + timedelta(days=days),
                "date_proposed": fields.Datetime.now(),
                "proposed_by_id": self.env.uid,
            }
        )
        self._flush_facts()
        sharing = self._share_out()
        self._write_lines(sharing)
        self.env["stock.allocation.line"].invalidate_model()
        self.invalidate_recordset()

    def _drop_lines(self):
        """Forget the lines of a proposal; never those of an applied run."""
        lines = self.filtered(lambda run: run.state != "applied").ids
        if lines:
            self.env["stock.allocation.line"].flush_model()
            self.env.cr.execute(
                SQL("DELETE FROM stock_allocation_line WHERE run_id = ANY(%s)", lines)
            )
            self.env["stock.allocation.line"].invalidate_model()
            self.env["stock.allocation.shift"].invalidate_model()

    # Reading -----------------------------------------------------------------------

    def _flush_facts(self):
        for model in (
            "customer.credit.account",
            "customer.credit.grade",
            "product.template",
            "res.partner",
            "sale.order",
            "sale.order.line",
            "stock.location",
            "stock.move",
            "stock.move.line",
            "stock.picking",
            "stock.quant",
        ):
            self.env[model].flush_model()

    def _share_out(self):
        """Decide on the data as they are now, by the days of the proposal.

        :return: ``allocation.Sharing`` with its claims served
        """
        self.ensure_one()
        rows = self._query_claims(allocation.CLAIMS + allocation.READ)
        claims = [allocation.Claim(*row) for row in rows]
        sharing = allocation.Sharing(
            claims=claims,
            stock=self._read_stock(claims),
            stuck=self._read_stuck(claims),
            digits=self._get_digits(),
            keep=not self.takes_back,
        )
        sharing.share_out()
        return sharing

    @api.model
    def _get_digits(self):
        return self.env["decimal.precision"].precision_get("Product Unit")

    def _query_claims(self, statement, **values):
        """Run a statement on the claims of this run; return its rows."""
        company = self.company_id
        # sudo: the zone of the company, whoever asks
        zone = company.sudo().partner_id.tz or "UTC"
        query = SQL(
            statement.format(scope="%(scope)s"),
            company=company.id,
            root=company.root_id.id,
            zone=zone,
            soon=self.day_soon,
            scope=self._get_scope(),
            **values,
        )
        self.env.cr.execute(query)
        return self.env.cr.fetchall() if self.env.cr.description else []

    def _get_scope(self):
        """Return the condition on the open moves ``m`` that take part.

        Made to be extended. ``m`` has the columns of ``allocation.CLAIMS``.
        """
        parts = [SQL("TRUE")]
        if self.warehouse_ids:
            parts.append(SQL("m.warehouse_id IN %s", tuple(self.warehouse_ids.ids)))
        if products := self._get_products():
            parts.append(SQL("(%s)", products))
        if self.horizon_days:
            today = self.env["customer.credit.account"]._get_today(self.company_id)
            last = today + timedelta(days=self.horizon_days)
            parts.append(SQL("m.day_due <= %s", last))
        return SQL(" AND ").join(parts)

    def _get_products(self):
        parts = []
        if self.product_ids:
            parts.append(SQL("m.product_id IN %s", tuple(self.product_ids.ids)))
        if self.categ_ids:
            below = self.env["product.category"]._search(
                [("id", "child_of", self.categ_ids.ids)]
            )
            parts.append(SQL("m.categ_id IN %s", below.subselect()))
        return SQL(" OR ").join(parts) if parts else None

    def _read_stock(self, claims):
        pairs = sorted({(claim.product, claim.location) for claim in claims})
        freed = [claim.move for claim in claims if claim.held and self.takes_back]
        rows = self.env.execute_query(
            SQL(
                allocation.STOCK,
                products=[product for product, _location in pairs],
                locations=[location for _product, location in pairs],
                freed=freed,
            )
        )
        return {(product, location): left for product, location, left in rows}

    @api.model
    def _read_stuck(self, claims):
        wholes = {claim.whole for claim in claims if claim.whole}
        if not wholes:
            return set()
        moves = [claim.move for claim in claims if claim.whole]
        rows = self.env.execute_query(
            SQL(
                allocation.STUCK,
                orders=[whole for whole in wholes if whole > 0],
                pickings=[-whole for whole in wholes if whole < 0],
                claims=moves,
            )
        )
        return {whole for (whole,) in rows}

    # Writing -----------------------------------------------------------------------

    def _write_lines(self, sharing):
        """Keep the claims as lines, and who loses to whom."""
        claims = sharing.claims
        codes = {name: 1 + place for place, name in enumerate(allocation.OUTCOMES)}
        rows = self._query_claims(
            allocation.CLAIMS + allocation.WRITE,
            run=self.id,
            digits=sharing.digits,
            uid=self.env.uid,
            now=fields.Datetime.now(),
            gets=self._get_array(claim.gets for claim in claims),
            outcomes=list(allocation.OUTCOMES),
            outcome=self._get_array(codes[claim.outcome] for claim in claims),
            lacks=self._get_array(claim.lacks or 0 for claim in claims),
        )
        lines = dict(rows)
        if shifts := allocation.get_shifts(claims, sharing.digits):
            losers, winners, quantities = zip(*shifts, strict=True)
            self.env.cr.execute(
                SQL(
                    allocation.WRITE_SHIFTS,
                    run=self.id,
                    losers=[lines[claim.rank] for claim in losers],
                    winners=[lines[claim.rank] for claim in winners],
                    quantities=list(quantities),
                )
            )

    @api.model
    def _get_array(self, values):
        """Return numbers as PostgreSQL reads an array fastest."""
        return f"{{{','.join(map(str, values))}}}"

    @api.model
    def _propose_for(self, company, **scope):
        """Make and propose a run; return it.

        :param scope: values of the run's scope
        :raise UserError: when the company is none of the user's
        """
        if company not in self.env.companies:
            raise UserError(
                self.env._("%(company)s is not selected.", company=company.name)
            )
        run = self.create({"company_id": company.id, **scope})
        run._propose()
        return run
