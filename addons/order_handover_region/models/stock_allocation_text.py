from odoo import api, fields, models
from odoo.tools import float_repr, format_date


class StockAllocationLine(models.Model):
    """What a line says in words, in the reader's language."""

    _inherit = "stock.allocation.line"

    explanation = fields.Char(
        string="Why",
        compute="_compute_explanation",
        help="What the delivery gets, and what it takes from or loses to others.",
    )

    @api.depends_context("lang")
    @api.depends("qty_proposed", "lost_ids", "won_ids")
    def _compute_explanation(self):
        # sudo: orders, customers and grades are named to whoever may read the line
        for line in self:
            line.explanation = " ".join(line.sudo()._get_sentences())

    def _get_sentences(self):
        """Return the sentences that explain the line."""
        sentences = [self._get_share_text()]
        sentences += [self._get_loss_text(shift) for shift in self.lost_ids]
        sentences += [self._get_gain_text(shift) for shift in self.won_ids]
        back = -self.qty_change - sum(self.lost_ids.mapped("quantity"))
        if self.qty_change < 0 and self.product_uom_id.compare(back, 0.0) > 0:
            sentences.append(
                self.env._("Gives back %(back)s.", back=self._get_number(back))
            )
        if reason := self._get_whole_text():
            sentences.append(reason)
        return sentences

    def _get_share_text(self):
        """Return "Gets 10 of 12 Units: S00012, grade A, due 12/03." or the like."""
        values = {
            "gets": self._get_number(self.qty_proposed),
            "needed": self._get_number(self.qty_needed),
            "unit": self.product_uom_id.name,
            "order": self._get_name(),
            "rank": self._get_rank_text(),
        }
        if not self.product_uom_id.is_zero(self.qty_proposed):
            return self.env._(
                "Gets %(gets)s of %(needed)s %(unit)s: %(order)s, %(rank)s.", **values
            )
        return self.env._(
            "Gets nothing of %(needed)s %(unit)s: %(order)s, %(rank)s.", **values
        )

    def _get_rank_text(self):
        grade = (
            self.env._("grade %(grade)s", grade=self.grade_id.name)
            if self.grade_id
            else self.env._("no grade")
        )
        due = self.env._("due %(date)s", date=format_date(self.env, self.date_due))
        parts = [grade, due]
        if self.urgency == "1":
            parts.insert(0, self.env._("marked urgent"))
        return ", ".join(parts)

    def _get_name(self):
        return (
            self.order_id.name
            or self.picking_id.name
            or self.env._("delivery no longer there")
        )

    def _get_number(self, quantity):
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        text = float_repr(quantity, digits)
        return text.rstrip("0").rstrip(".") if "." in text else text

    def _get_loss_text(self, shift):
        values = {
            "quantity": self._get_number(shift.quantity),
            "order": shift.winner_id._get_name(),
        }
        if self.outcome in ("incomplete", "stuck"):
            return self.env._(
                "Gives back %(quantity)s, which go to %(order)s.", **values
            )
        return self.env._(
            "Loses %(quantity)s to %(order)s: %(reason)s.",
            reason=shift.winner_id._get_reason(self),
            **values,
        )

    def _get_gain_text(self, shift):
        loser = shift.loser_id
        values = {
            "quantity": self._get_number(shift.quantity),
            "order": loser._get_name(),
        }
        if loser.outcome in ("incomplete", "stuck"):
            return self.env._(
                "Gets %(quantity)s that %(order)s gives back: it cannot ship "
                "complete.",
                **values,
            )
        return self.env._(
            "Takes %(quantity)s from %(order)s: %(reason)s.",
            reason=self._get_reason(loser),
            **values,
        )

    def _get_reason(self, other):
        """Return why this line comes before the other one."""
        own, its = self.urgency, other.urgency
        if own < its:
            if own == "1":
                return self.env._("marked urgent")
            return self.env._("overdue or due soon")
        if self.rank > other.rank:
            return self.env._("it can use what is left")
        if self.grade_id != other.grade_id:
            if not other.grade_id:
                return self.env._(
                    "grade %(grade)s before no grade", grade=self.grade_id.name
                )
            if self.grade_id and (
                self.grade_id.shipping_priority != other.grade_id.shipping_priority
            ):
                return self.env._(
                    "grade %(own)s before %(its)s",
                    own=self.grade_id.name,
                    its=other.grade_id.name,
                )
        return self._get_reason_of_dates(other)

    def _get_reason_of_dates(self, other):
        if self.date_due != other.date_due:
            return self.env._(
                "due %(own)s before %(its)s",
                own=format_date(self.env, self.date_due),
                its=format_date(self.env, other.date_due),
            )
        if self.date_confirmed != other.date_confirmed:
            return self.env._("confirmed earlier")
        if self.is_whole:
            return self.env._("ships complete, with lines due earlier")
        return self.env._("entered earlier")

    def _get_whole_text(self):
        if self.outcome == "incomplete":
            return self.env._(
                "The order ships complete and %(product)s is short.",
                product=self.lacks_product_id.display_name,
            )
        if self.outcome == "stuck":
            return self.env._(
                "The order ships complete and waits for goods that are not in stock."
            )
        return ""
