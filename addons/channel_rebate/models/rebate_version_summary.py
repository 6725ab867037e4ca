from odoo import api, fields, models
from odoo.tools import format_date
from odoo.tools.misc import formatLang


def format_number(env, value):
    """Return a number in the user's way, with no more decimals than it has."""
    decimals = len(f"{value or 0.0:.6f}".rstrip("0").split(".")[1])
    return formatLang(env, value or 0.0, digits=decimals)


class RebateVersion(models.Model):
    """What a version grants, in words a sales director signs (SPEC M2)."""

    _inherit = "rebate.version"

    is_open = fields.Boolean(
        string="Can Be Changed", compute="_compute_is_open", help="Not submitted yet."
    )
    summary = fields.Text(
        string="In Words",
        compute="_compute_summary",
        help="What this version grants, as it stands now.",
    )

    @api.depends("state", "approval_state")
    def _compute_is_open(self):
        for version in self:
            version.is_open = (
                version.state == "draft" and version.approval_state != "pending"
            )

    @api.depends_context("lang")
    @api.depends(
        "programme_id.period_type",
        "programme_id.date_from",
        "programme_id.date_to",
        "valid_from",
        "stage",
        "measure",
        "is_taxed",
        "returns_to",
        "tier_mode",
        "tier_by",
        "reward",
        "reference",
        "cap_amount",
        "minimum_amount",
        "gate_target",
        "gate_paid",
        "gate_executed",
        "payment_rule",
        "execution_rule",
        "speed_from",
        "product_ids",
        "category_ids",
        "tier_ids.value_from",
        "tier_ids.rate",
        "tier_ids.participant_id",
        "target_ids.extra_rate",
        "speed_ids.days",
        "speed_ids.percent",
    )
    def _compute_summary(self):
        for version in self:
            version.summary = "\n".join(
                [
                    *version._summarise_rates(),
                    *version._summarise_base(),
                    *version._summarise_limits(),
                    *version._summarise_release(),
                ]
            )

    def _summarise_rates(self):
        """Return sentences about tiers; hook."""
        self.ensure_one()
        common = self.tier_ids.filtered(lambda tier: not tier.participant_id)
        if not common:
            return [self.env._("Nothing yet: add tiers.")]
        parts = [
            self._summarise_tier(tier, only=len(common) == 1)
            for tier in common.sorted("value_from")
        ]
        rates = self.env._(", ").join(parts)
        rates = rates[:1].upper() + rates[1:]
        what = self._summarise_what()
        if self.reward == "unit":
            text = self.env._("%(rates)s.", rates=rates)
        elif self.tier_mode == "marginal" and len(common) > 1:
            text = self.env._(
                "%(rates)s; each part of the %(what)s at its own rate.",
                rates=rates,
                what=what,
            )
        else:
            text = self.env._(
                "%(rates)s of the whole %(what)s.", rates=rates, what=what
            )
        own = len((self.tier_ids - common).participant_id)
        extra = len(self.target_ids.filtered("extra_rate"))
        result = [text]
        if own:
            result.append(
                self.env._("%(count)s participants have tiers of their own.", count=own)
            )
        if extra:
            result.append(
                self.env._("%(count)s participants have an extra rate.", count=extra)
            )
        return result

    def _summarise_tier(self, tier, only):
        rate = format_number(self.env, tier.rate)
        if self.reward == "unit":
            rate = self.env._(
                "%(rate)s %(currency)s per unit",
                rate=rate,
                currency=self.currency_id.name or "",
            )
        else:
            rate = self.env._("%(rate)s %%", rate=rate)
        value = format_number(self.env, tier.value_from)
        if self.tier_by == "target":
            return self.env._(
                "from %(value)s %% of the target: %(rate)s", value=value, rate=rate
            )
        if self.tier_by == "growth":
            if self.reference == "year":
                return self.env._(
                    "from %(value)s %% more than last year: %(rate)s",
                    value=value,
                    rate=rate,
                )
            return self.env._(
                "from %(value)s %% more than the period before: %(rate)s",
                value=value,
                rate=rate,
            )
        if only and not tier.value_from:
            return rate
        if self.measure == "quantity":
            return self.env._("from %(value)s units: %(rate)s", value=value, rate=rate)
        return self.env._("from %(value)s: %(rate)s", value=value, rate=rate)

    def _summarise_what(self):
        return {
            ("invoice", False): self.env._("untaxed invoiced amount"),
            ("invoice", True): self.env._("invoiced amount with taxes"),
            ("order", False): self.env._("untaxed amount invoiced for its orders"),
            ("order", True): self.env._("amount with taxes invoiced for its orders"),
        }[self.stage, bool(self.is_taxed)]

    def _summarise_base(self):
        """Return sentences about what counts and when; hook."""
        self.ensure_one()
        programme = self.programme_id
        result = []
        if programme.period_type == "once" and programme.date_from:
            result.append(
                self.env._(
                    "Counted once, from %(date_from)s to %(date_to)s.",
                    date_from=format_date(self.env, programme.date_from),
                    date_to=format_date(self.env, programme.date_to),
                )
            )
        elif programme.period_type:
            result.append(
                {
                    "month": self.env._("Counted anew each month."),
                    "quarter": self.env._("Counted anew each quarter."),
                    "year": self.env._("Counted anew each year."),
                }.get(programme.period_type, "")
            )
        names = [*self.category_ids.mapped("name"), *self.product_ids.mapped("name")]
        if names:
            result.append(
                self.env._("Counts: %(names)s.", names=", ".join(names[:8]))
                if len(names) <= 8
                else self.env._(
                    "Counts: %(names)s and %(more)s more.",
                    names=", ".join(names[:8]),
                    more=len(names) - 8,
                )
            )
        if self.returns_to == "own":
            result.append(
                self.env._("Returns lower the period in which they are credited.")
            )
        else:
            result.append(self.env._("Returns lower the period they were invoiced in."))
        return result

    def _summarise_limits(self):
        """Return sentences about gates, caps and minima; hook."""
        self.ensure_one()
        result = []
        currency = self.currency_id.name or ""
        if self.gate_target:
            result.append(
                self.env._(
                    "No rebate below %(share)s %% of the target.",
                    share=format_number(self.env, self.gate_target),
                )
            )
        if self.cap_amount:
            result.append(
                self.env._(
                    "At most %(amount)s %(currency)s per participant and period.",
                    amount=format_number(self.env, self.cap_amount),
                    currency=currency,
                )
            )
        if self.minimum_amount:
            result.append(
                self.env._(
                    "A rebate below %(amount)s %(currency)s is not granted.",
                    amount=format_number(self.env, self.minimum_amount),
                    currency=currency,
                )
            )
        return result

    def _summarise_release(self):
        """Return sentences about what has to be in before it is released; hook."""
        self.ensure_one()
        result = []
        if self.payment_rule == "pro_rata":
            result.append(self.env._("Released in proportion to what has been paid."))
        elif self.payment_rule == "all":
            result.append(self.env._("Released when all invoices have been paid."))
        if self.execution_rule == "pro_rata":
            result.append(
                self.env._("Released in proportion to what has been delivered.")
            )
        elif self.execution_rule == "all":
            result.append(self.env._("Released when all orders have been delivered."))
        if self.payment_rule == "none" and self.execution_rule == "none":
            result.append(self.env._("Released as soon as it is earned."))
        if self.gate_paid:
            result.append(
                self.env._(
                    "Nothing before %(share)s %% of the invoices has been paid.",
                    share=format_number(self.env, self.gate_paid),
                )
            )
        if self.gate_executed:
            result.append(
                self.env._(
                    "Nothing before %(share)s %% of the orders has been delivered.",
                    share=format_number(self.env, self.gate_executed),
                )
            )
        return [*result, *self._summarise_speed()]

    def _summarise_speed(self):
        if not self.speed_ids:
            return []
        parts = [
            self.env._(
                "within %(days)s days with %(share)s %%",
                days=speed.days,
                share=format_number(self.env, speed.percent),
            )
            for speed in self.speed_ids.sorted("days")
        ]
        parts = self.env._(", ").join(parts)
        if self.speed_from == "due":
            return [
                self.env._(
                    "Payments count by days since the due date: %(parts)s, later ones "
                    "not at all.",
                    parts=parts,
                )
            ]
        return [
            self.env._(
                "Payments count by days since the invoice date: %(parts)s, later ones "
                "not at all.",
                parts=parts,
            )
        ]
