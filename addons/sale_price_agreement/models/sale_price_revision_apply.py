from datetime import datetime, time

import pytz
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date


class SalePriceRevision(models.Model):
    """What happens on the day: all prices change in one transaction (SPEC C3)."""

    _inherit = "sale.price.revision"

    def _get_start(self):
        """Return the moment (UTC) the new prices begin: midnight where the company is.

        Not before today: what was approved late changes no price of the past.
        """
        self.ensure_one()
        # sudo: the time zone of a company is no secret
        feasibility = self.env["sale.order.feasibility"]
        company = self.company_id
        today = self.env["sale.price.concession"]._get_today(company)
        zone = pytz.timezone(feasibility._get_timezone(company.sudo()))
        day = max(self.date_effective or today, today)
        midnight = zone.localize(datetime.combine(day, time()))
        return midnight.astimezone(pytz.utc).replace(tzinfo=None)

    @api.model
    def _cron_apply(self):
        """Apply what is due, each in a transaction of its own.

        What cannot be applied changes nothing; who is responsible is told once.
        """
        waiting = self.search(
            [("state", "=", "approved"), ("failure", "=", False)],
            order="date_effective, id",
        )
        due = waiting.filtered(lambda revision: revision._is_due())
        cron = self.env["ir.cron"]
        for number, revision in enumerate(due, 1):
            revision._apply_or_tell()
            if not cron._commit_progress(1, remaining=len(due) - number):
                return

    def _is_due(self):
        self.ensure_one()
        today = self.env["sale.price.concession"]._get_today(self.company_id)
        return self.date_effective <= today

    def action_retry(self):
        """Try again what could not be applied.

        :raise UserError: saying why it is still not possible
        """
        self.check_access("write")
        for revision in self:
            if revision.state != "approved" or not revision._is_due():
                raise UserError(
                    self.env._(
                        "%(name)s waits for its approval or its day.",
                        name=revision.name,
                    )
                )
            revision._keep({"failure": False})
            revision._apply()

    def _apply_or_tell(self):
        """Apply it; when that is refused, change nothing and tell the owner."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                self._apply()
        except UserError as error:
            words = str(error.args[0])
            self._keep({"failure": words})
            own = self.with_context(lang=self._approval_owner().lang)
            self._approval_post(words)
            self._approval_attention(
                self._approval_owner(),
                own.env._("New prices were not applied"),
                words,
            )

    def _bump(self):
        """Write the rows of these revisions: who does so too is rerun (DESIGN 3)."""
        if self.ids:
            self.flush_recordset()
            self.env.execute_query(
                SQL(
                    "UPDATE sale_price_revision SET revision ="
                    " COALESCE(revision, 0) + 1 WHERE id IN %s RETURNING id",
                    tuple(sorted(self.ids)),
                )
            )
            self.invalidate_recordset(flush=False)

    def _apply(self):
        """Change all prices, or none.

        :raise UserError: naming the rules that were changed since the submission
        """
        self.ensure_one()
        revision_sudo = self.sudo()  # sudo: the approval gave the right
        revision_sudo._bump()
        if revision_sudo.state != "approved":
            return
        lines = revision_sudo.line_ids
        if changed := lines._get_changed():
            raise UserError(
                self.env._(
                    "%(name)s was not applied: these prices were changed after it was "
                    "submitted: %(lines)s. Copy it, check the old prices and submit "
                    "it again.",
                    name=self.name,
                    lines=", ".join(changed.mapped("display_name")),
                )
            )
        effects = self.env["sale.price.revision.effect"]
        before = effects._get_prices(revision_sudo)
        start = revision_sudo._get_start()
        lines._apply_prices(start)
        self.env.flush_all()
        self.env.invalidate_all()
        effects._note(revision_sudo, before)
        revision_sudo._keep({"state": "applied", "date_applied": fields.Datetime.now()})
        revision_sudo._tell_sales()

    def _tell_sales(self):
        """Tell the sales staff: one message to each of them."""
        self.ensure_one()
        group = self.env.ref("sales_team.group_sale_salesman")
        # sudo: who works in sales is found whoever applies
        staff = group.sudo().all_user_ids.filtered(
            lambda user: (
                user.active and not user.share and self.company_id in user.company_ids
            )
        )
        rows = Markup().join(
            Markup("<li>%s: %s → %s</li>")
            % (
                line.display_name,
                self.currency_id.format(line.old_price),
                self.currency_id.format(line.new_price),
            )
            for line in self.line_ids[:50]
        )
        text = self.env._(
            "New prices are in force from %(day)s (%(list)s).",
            day=format_date(self.env, self.date_effective),
            list=self.pricelist_id.name or self.env._("sales prices"),
        )
        count = len(self.effect_ids.order_id)
        hint = self.env._(
            "%(count)s open quotations show the difference; those sent keep their "
            "price until their validity date.",
            count=count,
        )
        self._approval_post(
            Markup("<p>%s</p><ul>%s</ul><p>%s</p>")
            % (text, rows, hint if count else ""),
            staff.partner_id,
        )
