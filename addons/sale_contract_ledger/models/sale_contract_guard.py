from odoo import api, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL

from .sale_contract import ALTERING, SIGNED

#: what only methods write
_KEPT = frozenset(
    {
        "state",
        "name",
        "orders_content",
        "signature_ids",
        "paper_ids",
        "briefing_ids",
        "original_ids",
        "date_signed",
        "entry_deadline",
        "entry_late_days",
        "child_ids",
        "order_ids",
        "revision",
        "ledger_amount",
        "ledger_date_delivery",
        "ledger_date_end",
        "ledger_payment",
    }
)
_PREFIXES = {"order": "HT", "framework": "KJ", "change": "BG", "termination": "ZZ"}


class SaleContract(models.Model):
    """Who may write what of a contract, and when (SPEC E1, E4).

    Judged by the values alone; no right and no key of the context opens it.
    """

    _inherit = "sale.contract"

    @api.model_create_multi
    def create(self, vals_list):
        """Give numbers and refuse what only methods write.

        :raise AccessError: naming the field
        """
        for vals in vals_list:
            self._refuse_kept(vals)
            company = self.env["res.company"].browse(
                vals.get("company_id") or self.env.company.id
            )
            vals["name"] = self._next_number(company, vals.get("kind") or "order")
        contracts = super().create(vals_list)
        contracts.company_id._contract_prepare()
        contracts._check_parents()
        return contracts

    def write(self, vals):
        self._refuse_kept(vals)
        if self._get_frozen_fields().intersection(vals):
            self._check_open()
        return super().write(vals)

    def _keep(self, vals):
        """Write what the system keeps, past our own refusal; the gate decides."""
        return super().write(vals)

    @api.model
    def _get_frozen_fields(self):
        """Return what is written in drafts only. Made to be extended."""
        return {
            *self._approval_material_fields,
            "article_ids",
            "customer_demands",
            "date",
        } - {"orders_content"}

    @api.model
    def _refuse_kept(self, vals):
        kept = set(_KEPT.intersection(vals))
        if "access_token" in vals and not self.env.su:
            kept.add("access_token")
        if vals.get("state") == "draft":
            kept -= {"state"}
        for name in kept:
            if name in ("child_ids", "order_ids") and not vals[name]:
                continue
            raise AccessError(
                self.env._(
                    "%(field)s of a contract is kept by the system.",
                    field=self._fields[name]._description_string(self.env),
                )
            )

    def _check_open(self):
        """Refuse to change what is being signed or has been.

        :raise UserError: naming the contract and what to do
        """
        for contract in self.sudo():  # sudo: the state, whoever writes
            if contract.state in SIGNED:
                raise UserError(
                    self.env._(
                        "%(contract)s is signed and stays as it is. Prepare a change "
                        "or termination agreement instead.",
                        contract=contract.name,
                    )
                )
            if contract.state != "draft":
                raise UserError(
                    self.env._(
                        "%(contract)s is being signed or cancelled. Take it back to "
                        "draft first; then it is reviewed again.",
                        contract=contract.name,
                    )
                )

    @api.model
    def default_get(self, fields):
        """Give nobody's own default to what the system keeps."""
        values = super().default_get(fields)
        values = {k: v for k, v in values.items() if k not in _KEPT}
        if "state" in fields:
            values["state"] = "draft"
        return values

    def copy_data(self, default=None):
        """Start a copy as a draft of today, without its orders."""
        result = super().copy_data(default)
        for values in result:
            for name in ("date", "access_token", *_KEPT):
                values.pop(name, None)
        return result

    @api.ondelete(at_uninstall=True)
    def _unlink_except_draft(self):
        for contract in self:
            if contract.state != "draft" or contract.paper_ids:
                raise UserError(
                    self.env._(
                        "%(contract)s was sent or signed: it is kept. A draft can be "
                        "cancelled.",
                        contract=contract.name,
                    )
                )

    # Numbers -------------------------------------------------------------------------

    @api.model
    def _next_number(self, company, kind):
        """Return the next number of this kind in this company."""
        code = f"sale.contract.{kind}"
        # sudo: sequences are read and made whoever drafts
        sequences = self.env["ir.sequence"].sudo()
        found = sequences.search(
            [("code", "=", code), ("company_id", "=", company.id)], limit=1
        )
        if not found:
            found = sequences.create(
                {
                    "name": f"{code} {company.name}",
                    "code": code,
                    "company_id": company.id,
                    "prefix": f"{_PREFIXES.get(kind, 'HT')}%(year)s-",
                    "padding": 4,
                    "use_date_range": True,
                }
            )
        return found.next_by_id()

    # Rules ---------------------------------------------------------------------------

    @api.constrains("parent_id", "kind", "partner_id", "company_id", "currency_id")
    def _check_parents(self):
        for contract in self.sudo():  # sudo: the parent need not be the user's own
            problem = contract._get_parent_problem()
            if problem:
                raise ValidationError(problem)

    def _get_parent_problem(self):
        """Return in words what is wrong with what the contract belongs to, or None."""
        self.ensure_one()
        parent = self.parent_id
        if not parent:
            if self.kind in ALTERING:
                return self.env._("Choose the contract the agreement alters.")
            return None
        if parent == self or (
            parent.kind != "framework"
            if self.kind not in ALTERING
            else parent.kind in ALTERING
        ):
            return self.env._(
                "An order belongs to a framework; an agreement alters an order's "
                "contract or a framework."
            )
        if self.kind == "framework":
            return self.env._("A framework belongs to no other contract.")
        if parent.company_id != self.company_id or (
            parent.commercial_partner_id != self.commercial_partner_id
        ):
            return self.env._(
                "%(contract)s is of another customer or company.", contract=parent.name
            )
        if self.kind in ALTERING and parent.currency_id != self.currency_id:
            return self.env._(
                "%(contract)s is in %(currency)s; an agreement keeps the currency.",
                contract=parent.name,
                currency=parent.currency_id.name,
            )
        return None

    @api.constrains("amount", "date_start", "date_end")
    def _check_terms(self):
        for contract in self.sudo():  # sudo: the amount may follow others' orders
            if not 0 <= contract.amount <= 1e13:  # nor NaN
                raise ValidationError(self.env._("The amount is not negative."))
            start, end = contract.date_start, contract.date_end
            if start and end and start > end:
                raise ValidationError(
                    self.env._("The contract cannot end before it begins.")
                )

    @api.constrains("signer_id", "company_id")
    def _check_signer(self):
        for contract in self.sudo():  # sudo: who signs, whoever drafts
            allowed = contract.company_id.contract_signer_ids
            user = contract.signer_id
            if user and (
                user.share
                or contract.company_id not in user.company_ids
                or (allowed and user not in allowed)
            ):
                raise ValidationError(
                    self.env._(
                        "%(user)s does not sign contracts of %(company)s. See the "
                        "settings of contracts.",
                        user=user.name,
                        company=contract.company_id.name,
                    )
                )

    def _bump(self):
        """Write the contract's row first, so that rivals are rerun (DESIGN 3)."""
        if not self.ids:
            return
        self.env.flush_all()
        self.env.execute_query(
            SQL(
                "UPDATE sale_contract SET revision = COALESCE(revision, 0) + 1"
                " WHERE id IN %s RETURNING id",
                tuple(sorted(self.ids)),
            )
        )
        self.invalidate_recordset()
