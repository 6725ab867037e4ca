"""Makes the documents that are attacked, each in every stage."""

from datetime import timedelta

from odoo.fields import Command, Date

#: a picture of one pixel
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNg"
    "AAAAAgABSK+kcQAAAABJRU5ErkJggg=="
)


class DocumentsMixin:
    """Concessions, revisions, contracts, change requests, lists and enquiries.

    All belong to the owner, who asked for them; ``known`` collects the ids an attacker
    may have got hold of.
    """

    @classmethod
    def _as(cls, role, model):
        return cls.env[model].with_user(cls.users[role])

    @classmethod
    def _keep_document(cls, stage, kind, document):
        """Have a document attacked at ``stage``; return it with elevated rights."""
        cls.documents[stage] = (kind, document.with_env(cls.env))
        return cls.documents[stage][1]

    @classmethod
    def _decide(cls, document, *roles):
        """Let these people agree, one after the other, on the seat that is theirs."""
        for role in roles:
            user = cls.users[role]
            seat = document.sudo().approval_round_id.seat_ids.filtered(
                lambda seat, user=user: (
                    seat.state == "open" and user in seat.candidate_ids
                )
            )
            if document._name == "sale.order.change":
                sheet = document.sudo().evaluation_ids.filtered(
                    lambda sheet, seat=seat: sheet.seat_id == seat
                )
                if sheet:
                    sheet.with_user(user).write({"words": "It can be done"})
            seat.with_user(user).action_approve()

    # Orders ----------------------------------------------------------------------

    @classmethod
    def _make_order(cls, *lines, partner=None, **values):
        """Make an order of the owner, approved."""
        order = cls._create_order(
            *lines,
            user=cls.users["owner"],
            partner_id=(partner or cls.partner).id,
            **values,
        ).with_env(cls.env)
        cls._submit_and_approve(order.with_user(cls.users["owner"]))
        return order

    @classmethod
    def _make_orders(cls):
        """Make orders that are changed, shipped, or somebody else's."""
        sold = {"product_id": cls.product.id, "product_uom_qty": 10, "price_unit": 90}
        for stage in ("changed", "shipped", "foreign"):
            partner = cls.other_partner if stage == "foreign" else cls.partner
            order = cls._make_order(sold, partner=partner)
            order.with_user(cls.users["owner"]).action_confirm()
            cls.orders[stage] = order
        moves = cls.orders["shipped"].picking_ids.move_ids
        moves.write({"quantity": 2.0, "picked": True})
        moves.picking_id.with_context(skip_backorder=True).button_validate()
        for stage in ("uncontracted", "unsigned", "contracted"):
            cls.orders[stage] = cls._make_order(sold, policy_type_id=cls.by_contract.id)
        cls.known = {
            "foreign_order": cls.orders["foreign"].id,
            "foreign_line": cls.orders["foreign"].order_line.id,
            "foreign_token": cls.orders["foreign"]._portal_ensure_token(),
            "freely": cls.freely.id,
            "by_contract": cls.by_contract.id,
            "bargain": cls.bargain.id,
            "dealers": cls.dealers.id,
            "cheap_template": cls.cheap.product_tmpl_id.id,
        }

    # Prices ----------------------------------------------------------------------

    @classmethod
    def _make_prices(cls):
        concessions = cls._as("owner", "sale.price.concession")
        today = concessions._get_today(cls.company)
        terms = {
            "partner_ids": cls.partner.ids,
            "product_ids": cls.bargain.ids,
            "price": 80.0,
            "max_quantity": 10.0,
            "date_from": today - timedelta(days=10),
            "date_to": today + timedelta(days=30),
            "reason": "A good customer",
        }
        granted, pending, draft, closed, other = concessions.create(
            [terms] * 4 + [{**terms, "partner_ids": cls.other_partner.ids}]
        )
        cls._submit_and_approve(granted)
        cls._draw(granted)
        cls._submit_and_approve(closed)
        closed.action_close("Sold out")
        cls._submit_and_approve(other)
        pending.action_submit_for_approval()
        for stage, concession in {
            "draft": draft,
            "pending": pending,
            "granted": granted,
            "closed": closed,
        }.items():
            cls._keep_document(f"concession {stage}", "concession", concession)
        cls.known |= {
            "draft_concession": draft.id,
            "granted": granted.id,
            "closed_concession": closed.id,
            "foreign_concession": other.id,
            "draws": granted.draw_ids.ids,
        }
        cls._make_revisions(today)

    @classmethod
    def _draw(cls, granted):
        """Have an order take 6 of the 10 granted; another one asks for as much."""
        line = {
            "product_id": cls.bargain.id,
            "product_uom_qty": 6,
            "price_concession_id": granted.id,
        }
        other = {"product_id": cls.second.id}
        cls.orders["drawn"], cls.orders["hungry"] = (
            cls._make_order(line, other) for _number in range(2)
        )
        cls.orders["drawn"].with_user(cls.users["owner"]).action_confirm()
        cls.known["hungry"] = cls.orders["hungry"].id
        assert granted.used_quantity == 6

    @classmethod
    def _make_revisions(cls, today):
        revisions = cls._as("owner", "sale.price.revision")
        price = {"product_tmpl_id": cls.cheap.product_tmpl_id.id, "new_price": 120.0}
        values = {
            "pricelist_id": cls.dealers.id,
            "date_effective": today + timedelta(days=3),
            "reason": "Copper",
            "line_ids": [Command.create(price)],
        }
        now = {**values, "date_effective": today}
        draft, pending, decided, approved, applied = revisions.create(
            [values] * 4 + [now]
        )
        for revision, steps in (
            (pending, 0),
            (decided, 1),
            (approved, 3),
            (applied, 3),
        ):
            revision.action_submit_for_approval()
            for kind, role in (
                ("cost", "financier"),
                ("market", "marketer"),
                (None, "director"),
            )[:steps]:
                if kind:
                    stating = revision.with_user(cls.users[role])
                    stating.action_state(kind, "As we know it")
                cls._decide(revision, role)
        offer = {"product_id": cls.cheap.id, "price_unit": 100.0}
        cls._create_order(offer, user=cls.users["owner"], pricelist_id=cls.dealers.id)
        applied.sudo()._apply()
        cls.known["effects"] = applied.sudo().effect_ids.ids
        for stage, revision in {
            "draft": draft,
            "pending": pending,
            "decided": decided,
            "approved": approved,
            "applied": applied,
        }.items():
            cls._keep_document(f"revision {stage}", "revision", revision)
        cls.known["draft_revision"] = draft.id

    # Contracts ---------------------------------------------------------------------

    @classmethod
    def _make_contract(cls, order=None, **values):
        contract = cls._as("owner", "sale.contract").create(
            {
                "partner_id": cls.partner.id,
                "signer_id": cls.users["director"].id,
                "user_id": cls.users["owner"].id,
                "amount": 100.0,
                "article_ids": [
                    Command.create({"name": "Goods", "body": "<p>{amount}</p>"})
                ],
                **values,
            }
        )
        if order:
            order.with_user(cls.users["owner"]).contract_id = contract
        return contract

    @classmethod
    def _create_briefing(cls):
        """Have operations alone be told of signed contracts."""
        templates = cls.env["sale.contract.briefing.template"]
        templates.search([("company_id", "=", cls.company.id)]).active = False
        department = cls.departments["operations"]
        templates.create({"department_id": department.id, "tasks": "Deliver"})

    @classmethod
    def _make_contracts(cls):
        cls._create_briefing()
        draft, pending, approved = (cls._make_contract() for _number in range(3))
        sent = cls._make_contract(cls.orders["unsigned"])
        half = cls._make_contract()
        signed = cls._make_contract(cls.orders["contracted"])
        foreign = cls._make_contract(partner_id=cls.other_partner.id)
        pending.action_submit_for_approval()
        for contract in (approved, sent, half, signed, foreign):
            cls._submit_and_approve(contract)
        (sent | half | signed | foreign).action_send()
        for contract in (half, signed):
            contract.sudo()._sign("customer", "portal", "Customer", signature=PIXEL)
        signed.with_user(cls.users["director"]).action_sign()
        agreement = signed.browse(signed.action_change()["res_id"])
        agreement.follow_up = "none"
        cls._submit_and_approve(agreement)
        agreement.action_send()
        for stage, contract in {
            "draft": draft,
            "pending": pending,
            "approved": approved,
            "sent": sent,
            "half signed": half,
            "signed": signed,
        }.items():
            cls._keep_document(f"contract {stage}", "contract", contract)
        cls._keep_document("agreement sent", "agreement", agreement)
        cls._file(signed)
        cls.known |= {
            "draft_contract": draft.id,
            "signed_contract": signed.id,
            "foreign_contract": foreign.id,
            "foreign_contract_token": foreign.sudo()._portal_ensure_token(),
            "papers": signed.sudo().paper_ids.ids,
            "paper_files": signed.sudo().paper_ids.attachment_id.ids,
            "signatures": signed.sudo().signature_ids.ids,
            "briefings": signed.sudo().briefing_ids.ids,
        }

    @classmethod
    def _file(cls, signed):
        """Archive a contract, and lend its original."""
        place = cls._as("archivist", "sale.contract.place").create({"name": "Box"})
        original = cls._as("archivist", "sale.contract.original").create(
            {
                "name": "A-1",
                "class_name": "Sales",
                "contract_id": signed.id,
                "place_id": place.id,
            }
        )
        loan = cls._as("archivist", "sale.contract.loan").create(
            {
                "original_id": original.id,
                "borrower_id": cls.users["owner"].id,
                "purpose": "Court",
                "date_due": Date.today() + timedelta(days=3),
            }
        )
        cls.known |= {"place": place.id, "original": original.id, "loan": loan.id}

    # Changes -------------------------------------------------------------------------

    @classmethod
    def _make_change(cls, order, kind="change", **values):
        change = cls._as("owner", "sale.order.change").create(
            {"order_id": order.id, "kind": kind, "reason": "Asked", **values}
        )
        change.line_ids[:1].quantity = 12.0
        return change

    @classmethod
    def _make_changes(cls):
        confirmed = cls.orders["confirmed"]
        draft, pending, decided = (cls._make_change(confirmed) for _number in range(3))
        cancelling = cls._make_change(confirmed, "cancel")
        applied = cls._make_change(cls.orders["changed"])
        asked = cls._make_change(
            cls.orders["shipped"],
            "cancel",
            compensation="Two stay and are paid.",
            compensation_payer="customer",
            compensation_amount=180.0,
        )
        (pending | decided | cancelling | applied).action_submit_for_approval()
        departments = ("planner", "stock user", "financier", "operator")
        cls._decide(decided, *departments)
        cls._decide(applied, *departments, "director")
        assert applied.state == "applied", applied.error
        asked.action_ask_customer()
        for stage, change in {
            "change draft": draft,
            "change pending": pending,
            "change decided": decided,
            "change applied": applied,
            "cancellation pending": cancelling,
            "cancellation asked": asked,
        }.items():
            cls._keep_document(stage, "change", change)
        cls.known |= {
            "draft_change": draft.id,
            "asked": asked.id,
            "shipped": cls.orders["shipped"].id,
            "shipped_token": cls.orders["shipped"]._portal_ensure_token(),
            "terms": asked._get_terms_fingerprint(),
            "sheets": cls._sheets_of(pending),
            "decided_sheets": cls._sheets_of(decided),
            "seats_of_sheets": {
                sheet.department_id.code: sheet.seat_id.id
                for sheet in pending.sudo().evaluation_ids
            },
        }

    @classmethod
    def _sheets_of(cls, change):
        """Return {code of the department: id of its sheet}."""
        return {
            sheet.department_id.code: sheet.id for sheet in change.sudo().evaluation_ids
        }

    # What customers are asked ------------------------------------------------------

    @classmethod
    def _make_list(cls, partner=None, send=True):
        partner = partner or cls.partner
        document = cls._as("owner", "sale.requirement.list").create(
            {
                "partner_id": partner.id,
                "line_ids": [Command.create({"product_id": cls.product.id})],
            }
        )
        if send:
            document.action_send()
            document.sudo().version_id._work()
        return document.with_env(cls.env)

    @classmethod
    def _make_lists(cls):
        draft = cls._make_list(send=False)
        sent, confirmed = cls._make_list(), cls._make_list()
        revised = cls._make_list()
        foreign = cls._make_list(cls.other_partner)
        answer = confirmed._answer(
            "object", "Customer", "link", 1, words="No", line_words={1: "Too much"}
        )
        proof = (("yes.txt", b"Yes"),)
        confirmed._answer("confirm", "Customer", "email", 1, files=proof)
        confirmed.with_user(cls.users["owner"]).action_create_order()
        revised.with_user(cls.users["owner"]).action_revise()
        revised.with_user(cls.users["owner"]).action_send()
        for stage, document in {
            "draft": draft,
            "sent": sent,
            "confirmed": confirmed,
            "revised": revised,
        }.items():
            cls._keep_document(f"list {stage}", "requirements", document)
        answers = confirmed.answer_ids
        cls.known |= {
            "draft_list": draft.id,
            "foreign_list": foreign.id,
            "foreign_list_token": foreign._portal_ensure_token(),
            "listed_order": confirmed.order_id.id,
            "versions": confirmed.version_ids.ids,
            "version_files": confirmed.version_ids.attachment_id.ids,
            "list_answers": answers.ids,
            "answer_files": answers.attachment_ids.ids,
            "objections": answer.line_ids.ids,
        }

    @classmethod
    def _make_enquiries(cls):
        enquiries = cls.env["sale.order.enquiry"]
        confirmed = cls.orders["confirmed"]
        closed = enquiries._make(cls.company, cls.partner.id, confirmed.ids)
        reply = {closed.line_ids: {"kind": "valid"}}
        proof = (("yes.txt", b"Yes"),)
        answers = closed._answer(reply, "Customer", "email", files=proof)
        opened = enquiries._make(cls.company, cls.partner.id, confirmed.ids)
        orders = cls.orders["foreign"]
        foreign = enquiries._make(cls.company, cls.other_partner.id, orders.ids)
        cls._keep_document("enquiry closed", "enquiry", closed)
        cls._keep_document("enquiry open", "enquiry", opened)
        cls.known |= {
            "foreign_enquiry": foreign.id,
            "foreign_enquiry_token": foreign._portal_ensure_token(),
            "enquiry_lines": closed.line_ids.ids,
            "open_lines": opened.line_ids.ids,
            "foreign_lines": foreign.line_ids.ids,
            "enquiry_answers": answers.ids,
            "enquiry_files": answers.attachment_ids.ids,
        }
