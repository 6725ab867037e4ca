from dataclasses import replace

from odoo import api, models
from odoo.tools import formatLang

from ..verdict import Verdict

#: severity of what is found at submission, by the mode of the company's switch
SEVERITIES = {"enforce": "review", "observe": "info"}


class CustomerCreditAccount(models.Model):
    """The one place that says whether credit allows something (SPEC D4, D9, H1)."""

    _inherit = "customer.credit.account"

    @api.model
    def _judge(self, company, partners, purpose, adding=None, accounts=None):
        """Say what the credit of customers objects to.

        What is confirmed already counts as it is in the database now; the callers of
        the gate judge after they have written.

        :param company: any company; its root's credit counts
        :param partners: any contacts; their commercial partners count
        :param str purpose: ``order`` or ``shipping``
        :param adding: ``{commercial partner id: amount}`` of orders not confirmed
            yet, or of goods not shipped yet and not invoiced; company currency, taxes
            included
        :param accounts: all accounts of these customers, where they are known
        :return: ``{commercial partner id: Verdict}``
        """
        # sudo: credit is the customer's, whoever may read the contact
        debtors = partners.sudo().commercial_partner_id
        judged = self._prepare_judging(company, debtors, accounts)
        return {
            debtor.id: self._judge_one(
                judged, debtor.id, purpose, (adding or {}).get(debtor.id, 0.0)
            )
            for debtor in debtors
        }

    @api.model
    def _prepare_judging(self, company, debtors, accounts=None):
        """Read all that verdicts on these customers need, in a few statements.

        :param accounts: all accounts of these customers, where they are known
        :return: ``{commercial partner id: dict}`` for :meth:`_judge_one`
        """
        if accounts is None:
            accounts = self._get_accounts(company, debtors)
        by_debtor = {account.partner_id: account for account in accounts}
        exposures = self.env["customer.credit.exposure"]._get_exposures(
            company, debtors
        )
        limits = accounts._get_limit_parts()
        measures = accounts._get_measures() if accounts else {}
        headrooms = accounts.group_id._get_headrooms()
        # sudo: the company's switch counts for whoever acts
        default = company.sudo().root_id.credit_default_mode
        judged = {}
        for debtor in debtors:
            account = by_debtor.get(debtor, accounts.browse())
            judged[debtor.id] = {
                "account": account,
                "figures": exposures[debtor.id],
                "mode": account.mode or default,
                "limit": sum(limits.get(account.id, (0.0,))),
                "group_headroom": headrooms.get(account.group_id.id),
                "measures": measures.get(account.id, ()),
            }
        return judged

    @api.model
    def _judge_one(self, judged, debtor_id, purpose, amount=0.0):
        """Return the verdict on one customer, with ``amount`` on top.

        :param judged: as :meth:`_prepare_judging` returns it
        """
        known = judged[debtor_id]
        figures = replace(known["figures"])
        if purpose == "shipping":
            figures.shipped, amount = round(figures.shipped + amount, 6), 0.0
        figures.ordered = round(figures.ordered + amount, 6)
        headroom = known["group_headroom"]
        figures.set_limit(
            known["limit"],
            known["mode"],
            None if headroom is None else round(headroom - amount, 6),
        )
        return known["account"]._judge_figures(
            figures, known["mode"], purpose, amount, known["measures"]
        )

    def _judge_figures(self, figures, mode, purpose, added, measures):
        """Return the verdict on one customer; ``self`` may be empty: a new one.

        :param figures: as they are or would be
        :param float added: the part of ``figures.ordered`` not confirmed yet
        :param measures: as :meth:`_get_measures` returns them
        """
        verdict = Verdict(figures=figures)
        if mode == "unmanaged":
            return verdict
        if mode == "stopped":
            verdict.add("credit_stopped")
            return verdict
        grade = self.grade_id
        share = max(
            [grade.prepayment_share, *(m.get("prepayment") or 0 for m in measures)]
        )
        if mode == "prepay":
            self._judge_prepaid(
                verdict, purpose, added, grade.prepayment_share or 100.0
            )
        else:
            if self._is_more(figures.exposure, figures.limit):
                verdict.add(
                    "credit_over_limit",
                    amount=round(figures.exposure - figures.limit, 6),
                )
            if purpose == "order":
                self._judge_prepayment(verdict, added, share)
        if figures.group_headroom is not None and self._is_more(
            0.0, figures.group_headroom
        ):
            verdict.add(
                "credit_over_group",
                amount=-figures.group_headroom,
                group=self.group_id.name,
            )
        self._judge_overdue(verdict, purpose)
        for measure in measures:
            if measure.get("stops") in ("both", f"{purpose}s", purpose):
                verdict.add("credit_measure", text=measure.get("text") or "")
        return verdict

    @api.model
    def _is_more(self, amount, limit):
        """Compare money: half a cent is nothing."""
        return round(amount - limit, 6) > 0.000001

    def _judge_prepaid(self, verdict, purpose, added, share):
        """Prepay only: paid before it is confirmed, and in full before it leaves."""
        figures = verdict.figures
        owed = figures.receivable - figures.online + figures.extra
        if purpose == "order":
            owed += figures.prepay_need + added * share / 100
        else:
            owed += figures.shipped
        if self._is_more(owed, 0.0):
            verdict.add("credit_prepayment", amount=round(owed, 6), share=share)

    def _judge_prepayment(self, verdict, added, share):
        """A share of every order has to be paid before it is confirmed."""
        if not share:
            return
        figures = verdict.figures
        grade_share = self.grade_id.prepayment_share
        need = figures.prepay_need + added * grade_share / 100
        if share > grade_share:  # a measure asks for more
            need = max(need, figures.ordered * share / 100)
        missing = need - figures.unapplied - figures.online + min(figures.extra, 0.0)
        if self._is_more(missing, 0.0):
            verdict.add("credit_prepayment", amount=round(missing, 6), share=share)

    def _judge_overdue(self, verdict, purpose):
        figures = verdict.figures
        grade = self.grade_id
        if not grade or not self._is_more(figures.overdue, 0.0):
            return
        if purpose == "shipping" and not grade.overdue_stops_shipping:
            return
        if figures.overdue_days > grade.overdue_days:
            verdict.add(
                "credit_overdue",
                amount=figures.overdue,
                days=figures.overdue_days,
                tolerated=grade.overdue_days,
            )

    def _get_measures(self):
        """Return what is in force against customers at the moment (SPEC D5).

        Made to be extended.

        :return: ``{account id: [{"stops": "orders", "shipping", "both" or False,
            "prepayment": share in percent or 0, "text": reason in words}]}``
        """
        return {}

    # Words ---------------------------------------------------------------------------

    @api.model
    def _get_objection_text(self, code, values, currency):
        """Return an objection in the language of the environment, or None.

        It names what is missing, not what the customer owes in all: not everybody who
        reads an order may see that.
        """
        amount = formatLang(
            self.env, values.get("amount") or 0.0, currency_obj=currency
        )
        if code == "credit_stopped":
            return self.env._("the customer is stopped: no orders, no shipments")
        if code == "credit_over_limit":
            return self.env._(
                "credit exceeded by %(amount)s; a prepayment of as much would do",
                amount=amount,
            )
        if code == "credit_over_group":
            return self.env._(
                "credit of group %(group)s exceeded by %(amount)s",
                group=values.get("group") or "",
                amount=amount,
            )
        if code == "credit_prepayment":
            return self.env._(
                "prepayment of %(amount)s is missing (%(share)s %% are prepaid)",
                amount=amount,
                share=f"{values.get('share') or 0:g}",
            )
        if code == "credit_overdue":
            return self.env._(
                "%(amount)s overdue for %(days)s days, tolerated %(tolerated)s days",
                amount=amount,
                days=values.get("days"),
                tolerated=values.get("tolerated"),
            )
        if code == "credit_measure":
            return values.get("text") or self.env._("a measure is in force")
        return None
