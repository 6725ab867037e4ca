"""Documents of the newer add-ons in every stage, and the judgement of an attack."""

import json
from types import SimpleNamespace

from odoo.fields import Command
from odoo.tests import new_test_user

from . import kinds, snapshot
from .common import AttackCommon, RequestCaller
from .documents import DocumentsMixin
from .routes_documents import EVIDENCE

#: people whom only the documents concern: the groups of each
MORE_ROLES = {
    "lawyer": "base.group_user",
    "marketer": "base.group_user",
    "archivist": "sale_contract_ledger.group_archivist",
    "foreign customer": "base.group_portal",
}
#: department: who reviews for it, beside :data:`.people.MEMBERS`
MORE_MEMBERS = {
    "legal": "lawyer",
    "marketing": "marketer",
    "warehouse": "stock user",
    "production": "planner",
}
_ROUNDS = """document_approval_round WHERE res_model LIKE 'sale.%%'"""
ROWS = {
    name: snapshot.ROWS[name] for name in ("orders", "lines", "moves", "order count")
} | {
    # of every document
    "rounds": f"SELECT * FROM {_ROUNDS}",
    "seats": f"""SELECT * FROM document_approval_seat
        WHERE round_id IN (SELECT id FROM {_ROUNDS})""",
    "decisions": f"""SELECT * FROM document_approval_decision
        WHERE round_id IN (SELECT id FROM {_ROUNDS})""",
    # prices
    "concessions": """
        SELECT c.*, ARRAY(SELECT res_partner_id FROM
                    res_partner_sale_price_concession_rel
                    WHERE sale_price_concession_id = c.id ORDER BY 1) AS partners,
               ARRAY(SELECT product_product_id FROM
                    product_product_sale_price_concession_rel
                    WHERE sale_price_concession_id = c.id ORDER BY 1) AS products
          FROM sale_price_concession c""",
    "uses": "SELECT * FROM sale_price_concession_draw",
    "revisions": "SELECT * FROM sale_price_revision",
    "revised prices": "SELECT * FROM sale_price_revision_line",
    "effects": "SELECT * FROM sale_price_revision_effect",
    "price rules": "SELECT * FROM product_pricelist_item",
    # contracts
    "contracts": "SELECT * FROM sale_contract",
    "articles": "SELECT * FROM sale_contract_article",
    "papers": "SELECT * FROM sale_contract_paper",
    "signatures": "SELECT * FROM sale_contract_signature",
    "originals": "SELECT * FROM sale_contract_original",
    "loans": "SELECT * FROM sale_contract_loan",
    "briefings": "SELECT * FROM sale_contract_briefing",
    # changes
    "changes": "SELECT * FROM sale_order_change",
    "changed lines": "SELECT * FROM sale_order_change_line",
    "sheets": "SELECT * FROM sale_order_change_evaluation",
    # what customers were asked
    "lists": "SELECT * FROM sale_requirement_list",
    "requirements": "SELECT * FROM sale_requirement_line",
    "versions": "SELECT * FROM sale_requirement_version",
    "answers": "SELECT * FROM sale_requirement_answer",
    "objections": "SELECT * FROM sale_requirement_objection",
    "enquiries": "SELECT * FROM sale_order_enquiry",
    "enquired orders": "SELECT * FROM sale_order_enquiry_line",
    "enquiry answers": "SELECT * FROM sale_order_enquiry_answer",
    "files": """
        SELECT id, name, res_model, res_id, store_fname, checksum, public
          FROM ir_attachment
         WHERE id IN (SELECT attachment_id FROM sale_contract_paper)
            OR id IN (SELECT attachment_id FROM sale_requirement_version)
            OR res_model IN ('sale.requirement.answer', 'sale.order.enquiry.answer')
            OR (res_model = 'sale.order.change' AND res_field = 'agreement_file')""",
    # switches
    "companies": """
        SELECT id, document_approval_mode, sale_change_control, sale_change_portal
          FROM res_company""",
    "types": "SELECT id, contract_rule, require_requirement_list FROM sale_order_type",
}


class DocumentsCommon(DocumentsMixin, AttackCommon):
    """Concessions, revisions, contracts, changes, lists and enquiries in every stage.

    Confirmed orders are cancelled by request only; customers ask for changes online.
    """

    rows = ROWS
    caller = RequestCaller
    stages = ("confirmed",)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_people()
        cls._create_goods()
        cls.company.write({"sale_change_control": True, "sale_change_portal": True})
        #: stage: (how it is attacked, the document)
        cls.documents = {}
        cls._make_orders()
        cls._make_prices()
        cls._make_contracts()
        cls._make_changes()
        cls._make_lists()
        cls._make_enquiries()
        cls.env.flush_all()
        cls._create_targets()

    @classmethod
    def _create_people(cls):
        for role, groups in MORE_ROLES.items():
            cls.users[role] = new_test_user(
                cls.env,
                login=f"attack.{role.replace(' ', '.')}",
                groups=groups,
                name=role.capitalize(),
                password=f"attack.{role.replace(' ', '.')}",
                company_id=cls.company.id,
                company_ids=[Command.set(cls.company.ids)],
                context={"no_reset_password": True, "mail_create_nolog": True},
            )
        cls.users["foreign customer"].partner_id.parent_id = cls.other_partner
        cls.departments |= cls.company._sale_policy_create_default_departments()
        for code, role in MORE_MEMBERS.items():
            cls.departments[code].sudo().member_ids = cls.users[role]

    @classmethod
    def _create_goods(cls):
        """Create what is granted cheaper, and what orders have to have a contract."""
        cls.bargain = cls._create_product(
            name="Bargain", list_price=100.0, taxes_id=[Command.clear()]
        )
        cls.dealers = cls.env["product.pricelist"].create({"name": "Dealers"})
        cls.by_contract = cls.env["sale.order.type"].create(
            {"name": "By contract", "contract_rule": "confirm"}
        )
        cls.freely = cls.env["sale.order.type"].create({"name": "Freely"})

    # Targets ---------------------------------------------------------------------

    @classmethod
    def _create_targets(cls):
        """Make known what an attacker knows of every document and order."""
        base = vars(cls.targets["confirmed"])
        known = {
            **base,
            **cls.known,
            "users": {role: user.id for role, user in cls.users.items()},
            "evidence": cls._read_evidence(),
            "decision_page": cls._get_decision_page(),
        }
        for stage, order in cls.orders.items():
            cls.targets[stage] = SimpleNamespace(**{**known, **cls._ids_of(order)})
        for stage, (kind, document) in cls.documents.items():
            at = SimpleNamespace(**known)
            at.document, at.model = document.id, document._name
            at.name = document.name
            if "access_token" in document._fields:
                at.own_token = document.sudo()._portal_ensure_token()
            at.round, at.open_seats = cls._seats_of(document)
            vars(at).update(getattr(kinds, kind)(at))
            if at.lines_field:
                draft = document.browse(at.draft)
                at.lines_of_draft = draft[at.lines_field].ids
                at.lines_of_document = document[at.lines_field].ids
            cls.targets[stage] = at

    @classmethod
    def _read_evidence(cls):
        """Return what a forged record of every kind would have to say."""
        evidence = {}
        for name, (model, _values) in EVIDENCE.items():
            ids = cls.known[name]
            record = cls.env[model].browse(ids[:1] if isinstance(ids, list) else ids)
            evidence[name] = {
                field.name: field.convert_to_read(record[field.name], record, False)
                for field in record._fields.values()
                if field.required and field.store and not field.related
            }
        return json.loads(json.dumps(evidence, default=str))

    @classmethod
    def _get_decision_page(cls):
        """Return the page on which the financier decides on a change."""
        seat = cls.env["document.approval.seat"].browse(
            cls.known["seats_of_sheets"]["finance"]
        )
        return f"/approval/decide/{seat._get_decision_token(cls.users['financier'])}"

    @classmethod
    def _seats_of(cls, document):
        """Return the round of a document, and the seats that decide now."""
        if "approval_round_id" not in document._fields:
            return False, []
        round_sudo = document.sudo().approval_round_id
        opened = round_sudo.seat_ids.filtered(lambda seat: seat.state == "open")
        return round_sudo.id, opened.ids

    @classmethod
    def _ids_of(cls, order):
        order_sudo = order.sudo()
        return {
            "order": order.id,
            "lines": order_sudo.order_line.ids,
            "pickings": order_sudo.picking_ids.ids,
            "moves": order_sudo.picking_ids.move_ids.ids,
            "token": order_sudo._portal_ensure_token(),
        }

    # Judging ---------------------------------------------------------------------

    def _judge_superseded(self, stage, outcome, changes):
        if outcome.error:
            return f"{outcome.error}: {outcome.message}"
        _kind, document = self.documents[stage]
        document.invalidate_recordset()
        found = (document.state, document.approval_state)
        return found != ("draft", "superseded") and f"it is {found}: {changes}"

    def _find_unapproved(self):
        """Return in words what is in force otherwise than it was agreed to."""
        self.env.flush_all()
        if self.company.document_approval_mode == "enforce":
            if problem := super()._find_unapproved():
                return problem
        return self._find_ungranted() or self._find_overdrawn() or self._find_unsigned()

    def _get_seats(self, order):
        """EXTENDS: who agreed to the change that was applied."""
        changes = self.env["sale.order.change"].search(
            [("order_id", "=", order.id), ("state", "=", "applied")]
        )
        return super()._get_seats(order) | changes.approval_round_id.seat_ids

    def _find_ungranted(self):
        for model in kinds.APPROVED:
            documents = self.env[model].sudo()
            in_force = list(documents._approval_protected_states)
            for document in documents.search([("state", "in", in_force)]):
                round_sudo = document.approval_round_id
                if (
                    round_sudo.state != "approved"
                    or not round_sudo.is_applied
                    or not round_sudo.seat_ids
                    or document._approval_fingerprints()[document.id]
                    != round_sudo.fingerprint
                ):
                    return f"{document.name} is in force otherwise than approved"
        return None

    def _find_overdrawn(self):
        """Return in words which concession gave more than was granted, or unnoted."""
        for concession in self.env["sale.price.concession"].sudo().search([]):
            lines = self.env["sale.order.line"].search(
                [
                    ("price_concession_id", "=", concession.id),
                    ("order_id.state", "=", "sale"),
                ]
            )
            taken = sum(
                line.product_uom_id._compute_quantity(
                    line.product_uom_qty, concession.uom_id, round=False
                )
                for line in lines
            )
            used = concession._get_used()[concession.id][0]
            cap = concession.max_quantity
            if abs(taken - used) > 1e-6 or (cap and used > cap + 1e-6):
                return f"{concession.name}: {taken} taken, {used} noted, {cap} granted"
        return None

    def _find_unsigned(self):
        """Return in words which order is confirmed without the contract it needs."""
        for order in self.env["sale.order"].search(
            [("state", "=", "sale"), ("policy_type_id", "=", self.by_contract.id)]
        ):
            if problem := order._contract_get_problem():
                return f"{order.name} is confirmed, its contract: {problem}"
        return None
