from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.exceptions import UserError

from .sale_contract import ALTERING, SIGNED


class SaleContract(models.Model):
    """Change and termination agreements alter the ledger, once signed (SPEC E4).

    The contract itself stays as it was signed; what the ledger says of it comes from
    the last agreement that both sides signed.
    """

    _inherit = "sale.contract"

    ledger_amount = fields.Monetary(
        string="Amount Now", compute="_compute_ledger", store=True
    )
    ledger_date_delivery = fields.Date(
        string="Delivery Date Now", compute="_compute_ledger", store=True
    )
    ledger_date_end = fields.Date(
        string="Valid To Now", compute="_compute_ledger", store=True
    )
    ledger_payment = fields.Char(
        string="Payment Terms Now", compute="_compute_ledger", store=True
    )
    agreement_count = fields.Integer(compute="_compute_agreement_count")

    @api.depends(
        "amount",
        "date_delivery",
        "date_end",
        "payment_term_id",
        "payment_text",
        "child_ids.state",
        "child_ids.kind",
        "child_ids.amount",
        "child_ids.date_delivery",
        "child_ids.date_end",
        "child_ids.payment_term_id",
        "child_ids.payment_text",
    )
    def _compute_ledger(self):
        for contract in self:
            last = contract._get_agreements()[-1:] or contract
            contract.ledger_amount = last.amount
            contract.ledger_date_delivery = last.date_delivery
            contract.ledger_date_end = last.date_end
            terms = (last.payment_term_id.name, last.payment_text)
            contract.ledger_payment = ", ".join(term for term in terms if term)

    @api.depends("child_ids")
    def _compute_agreement_count(self):
        for contract in self:
            contract.agreement_count = len(
                contract.child_ids.filtered(lambda child: child.kind in ALTERING)
            )

    def _get_agreements(self):
        """Return the agreements in force, the last one last."""
        self.ensure_one()
        return self.child_ids.filtered(
            lambda child: child.kind in ALTERING and child.state in SIGNED
        ).sorted(lambda child: (child.date_signed or child.date, child.id))

    def action_change(self):
        """Draft an agreement that changes the contract."""
        return self._draft_agreement("change")

    def action_terminate(self):
        """Draft an agreement that ends the contract."""
        return self._draft_agreement("termination")

    def _draft_agreement(self, kind):
        """Draft an agreement with the terms that hold now, and open it.

        :raise UserError: when the contract is not in force
        """
        self.ensure_one()
        self.check_access("write")
        if self.state != "signed" or self.kind in ALTERING:
            raise UserError(
                self.env._("Only a signed contract is changed by an agreement.")
            )
        last = self._get_agreements()[-1:] or self
        agreement = self.create(
            {
                "kind": kind,
                "parent_id": self.id,
                "company_id": self.company_id.id,
                "partner_id": self.partner_id.id,
                "currency_id": self.currency_id.id,
                "signer_id": self.signer_id.id,
                "user_id": self.user_id.id,
                "amount": last.amount,
                "date_start": self.date_start,
                "date_end": last.date_end,
                "date_delivery": last.date_delivery,
                "payment_term_id": last.payment_term_id.id,
                "payment_text": last.payment_text,
                "is_major": self.is_major,
            }
        )
        agreement._take_template(agreement._get_template())
        return agreement._open_form()

    def action_open_agreements(self):
        """Show the agreements that alter the contract, and what is below it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Agreements"),
            "res_model": "sale.contract",
            "view_mode": "list,form",
            "domain": [("parent_id", "=", self.id)],
        }

    def _open_form(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.contract",
            "res_id": self.id,
            "view_mode": "form",
        }

    def _contract_on_signed(self):
        """EXTENDS: an agreement takes effect; the orders that follow are named."""
        result = super()._contract_on_signed()
        if self.kind in ALTERING:
            parent = self.parent_id
            parent._bump()
            if parent.state != "signed":
                raise UserError(
                    self.env._(
                        "%(contract)s is not in force any more: the agreement cannot "
                        "be signed.",
                        contract=parent.name,
                    )
                )
            if self.kind == "termination":
                parent._keep({"state": "terminated"})
            parent._tell_altered(self)
            self._contract_request_changes()
        return result

    def _tell_altered(self, agreement):
        text = self.env._(
            "%(agreement)s is signed and holds from now on. Orders to follow:",
            agreement=agreement.name,
        )
        self._approval_post(
            Markup("<p>%s</p><p>%s</p>") % (text, escape(agreement.follow_up or ""))
        )
        self._approval_attention(
            self._approval_owner(), self.env._("Orders have to follow"), text
        )

    def _contract_request_changes(self):
        """Hook: ask for the changes of orders a signed agreement entails (SPEC J1).

        ``self`` is the agreement; ``self.parent_id.order_ids`` are the orders,
        ``self.follow_up`` says what has to follow. Nothing is changed here.
        """
