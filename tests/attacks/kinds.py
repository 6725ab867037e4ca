"""What a document of each kind keeps and freezes, and what one would like it to be.

Each function is given what an attacker knows and returns for one kind: ``wanted``, the
state to be forged, and its ``label`` in an import; ``kept``, values only the system
writes; ``content``, values that stay once they were agreed to; ``new``, the values of a
new document; its lines; and ``ways``, by which other records reach it.
"""

#: documents that are put in force by the approval of somebody
APPROVED = (
    "sale.price.concession",
    "sale.price.revision",
    "sale.contract",
    "sale.order.change",
)


def _lines(model, parent, content, new, field="line_ids", kept=None):
    return {
        "lines_field": field,
        "line_model": model,
        "line_parent": parent,
        "line_content": content,
        "new_line": new,
        "line_kept": kept or {},
    }


def concession(at):
    """A price granted to customers."""
    return {
        "wanted": "active",
        "label": "Granted",
        "kept": {
            "name": "PC/X",
            "closed_kind": "early",
            "date_closed": "2020-01-01",
            "warned": 7,
            "revision": 9,
            "draw_ids": [[5]],
        },
        "content": {
            "price": 1,
            "max_quantity": 9999,
            "max_amount": 1e9,
            "min_quantity": 1,
            "discount": 90,
            "method": "discount",
            "partner_ids": [[4, at.other_partner]],
            "product_ids": [[4, at.second]],
            "date_from": "2020-01-01",
            "date_to": "2099-12-31",
            "prepayment": 1,
            "price_includes_tax": True,
            "reason": "None",
        },
        "import_content": ("price", "1"),
        "new": {
            "partner_ids": [[6, 0, [at.partner]]],
            "product_ids": [[6, 0, [at.bargain]]],
            "price": 1,
            "date_to": "2099-12-31",
            "reason": "Forged",
        },
        "import_new": {
            "partner_ids/.id": str(at.partner),
            "product_ids/.id": str(at.bargain),
            "price": "1",
            "date_to": "2099-12-31",
            "reason": "Forged",
        },
        "ways": (),
        "draft": at.draft_concession,
        "lines_field": None,
    }


def revision(at):
    """New prices from a day on."""
    return {
        "wanted": "approved",
        "label": "Waits for Its Day",
        "kept": {
            "name": "PR/X",
            "cost_statement": "Cheap",
            "cost_user_id": at.users["financier"],
            "market_statement": "Good",
            "market_user_id": at.users["marketer"],
            "date_applied": "2020-01-01 00:00:00",
            "failure": "None",
            "revision": 9,
            "effect_ids": [[5]],
        },
        "content": {
            "pricelist_id": at.own_pricelist,
            "date_effective": "2099-12-31",
            "reason": "None",
            "line_ids": [[5]],
        },
        "import_content": ("date_effective", "2099-12-31"),
        "new": {
            "pricelist_id": at.dealers,
            "date_effective": "2099-12-31",
            "reason": "Forged",
        },
        "import_new": {"date_effective": "2099-12-31", "reason": "Forged"},
        "ways": (),
        "draft": at.draft_revision,
        **_lines(
            "sale.price.revision.line",
            "revision_id",
            {"new_price": 1, "min_quantity": 5},
            {"product_tmpl_id": at.cheap_template, "new_price": 1},
            kept={
                "old_price": 119,
                "item_id": 1,
                "item_stamp": "x",
                "stated_cost": 0.01,
                "market_price": 500,
            },
        ),
    }


def contract(at):
    """A contract that both sides sign."""
    return {
        "wanted": "signed",
        "label": "Signed",
        "kept": {
            "name": "HT-X",
            "orders_content": "nothing",
            "signature_ids": [[5]],
            "paper_ids": [[5]],
            "briefing_ids": [[5]],
            "original_ids": [[5]],
            "date_signed": "2020-01-01",
            "entry_deadline": "2099-01-01",
            "entry_late_days": 1,
            "child_ids": [[4, at.foreign_contract]],
            "order_ids": [[4, at.order]],
            "revision": 9,
            "ledger_amount": 77,
            "ledger_date_delivery": "2099-01-01",
            "ledger_date_end": "2099-01-01",
            "ledger_payment": "never",
        },
        "content": {
            "amount": 1,
            "partner_id": at.other_partner,
            "kind": "framework",
            "title": "Gift",
            "signer_id": at.users["owner"],
            "date": "2020-01-01",
            "date_start": "2020-01-01",
            "date_end": "2099-12-31",
            "date_delivery": "2099-12-31",
            "payment_term_id": at.term,
            "payment_text": "never",
            "is_major": True,
            "follow_up": "all",
            "customer_demands": "more",
            "article_ids": [[5]],
        },
        "import_content": ("payment_text", "never"),
        "new": {"partner_id": at.partner, "amount": 1},
        "import_new": {"partner_id/.id": str(at.partner), "amount": "1"},
        "ways": (),
        "draft": at.draft_contract,
        **_lines(
            "sale.contract.article",
            "contract_id",
            {"name": "Gift", "body": "<p>Gift</p>", "sequence": 99},
            {"name": "Gift", "body": "<p>Gift</p>"},
            field="article_ids",
        ),
    }


def agreement(at):
    """An agreement that alters a signed contract, which reaches it."""
    way = ("sale.contract", at.signed_contract, "child_ids")
    new = {"parent_id": at.signed_contract, "kind": "termination"}
    spec = contract(at)
    return {**spec, "ways": (way,), "new": {**spec["new"], **new}}


def _kept_of_change(at):
    """What only the system writes of a request."""
    return {
        "name": "OC/X",
        "origin": "portal",
        "requester_id": at.users["director"],
        "old_commitment_date": "2020-01-01 00:00:00",
        "old_partner_shipping_id": at.other_partner,
        "old_payment_term_id": at.term,
        "order_fingerprint": "x",
        "order_round_id": at.round or 1,
        "order_snapshot": {},
        "totals": {},
        "error": "None",
        "date_applied": "2020-01-01 00:00:00",
        "evaluation_ids": [[5]],
        "agreement_state": "agreed",
        "agreement_kind": "scan",
        "agreement_name": "Customer",
        "agreement_date": "2020-01-01 00:00:00",
        "agreement_fingerprint": at.terms,
        "agreement_file": "Zm9yZ2Vk",
        "agreement_sha256": "0" * 64,
        "agreement_words": "Yes",
    }


def _lines_of_change(at):
    """What is forged on lines of a request."""
    return _lines(
        "sale.order.change.line",
        "change_id",
        {"quantity": 999, "price_unit": 1, "discount": 99, "customer_lead": 1},
        {"product_id": at.cheap, "quantity": 9, "price_unit": 1},
        kept={
            "old_quantity": 999,
            "old_price_unit": 1,
            "old_discount": 99,
            "old_customer_lead": 99,
            "created_line_id": at.lines[0],
            "tax_ids": [[5]],
        },
    )


def change(at):
    """A request to change or cancel a confirmed order."""
    return {
        "wanted": "applied",
        "label": "Applied",
        "kept": _kept_of_change(at),
        "content": {
            "reason": "None",
            "kind": "cancel",
            "commitment_date": "2099-01-01 00:00:00",
            "partner_shipping_id": at.other_partner,
            "payment_term_id": at.term,
            "compensation": "Everything is given back",
            "compensation_amount": 1,
            "compensation_payer": "company",
            "line_ids": [[5]],
        },
        "import_content": ("reason", "None"),
        "new": {"order_id": at.order, "kind": "cancel", "reason": "Forged"},
        "import_new": {
            "order_id/.id": str(at.order),
            "kind": "Cancellation",
            "reason": "Forged",
        },
        "ways": (("sale.order", at.order, "change_ids"),),
        "draft": at.draft_change,
        **_lines_of_change(at),
    }


def requirements(at):
    """A list of what a customer needs, which he confirms."""
    return {
        "wanted": "confirmed",
        "label": "Confirmed",
        "kept": {
            "name": "RL/X",
            "version": 9,
            "version_id": at.versions[0],
            "version_ids": [[5]],
            "answer_ids": [[5]],
            "answered_on": "2020-01-01 00:00:00",
            "answered_by": "Customer",
            "answered_way": "portal",
            "revision": 9,
        },
        "content": {
            "partner_id": at.other_partner,
            "contact_id": at.other_partner,
            "company_id": at.other_company,
            "note": "Nothing",
            "line_ids": [[5]],
        },
        "import_content": ("note", "Nothing"),
        "new": {"partner_id": at.partner},
        "import_new": {"partner_id/.id": str(at.partner)},
        "ways": (("sale.order", at.listed_order, "requirement_list_ids"),),
        "draft": at.draft_list,
        **_lines(
            "sale.requirement.line",
            "list_id",
            {"quantity": 999, "name": "Gift", "remark": "Free"},
            {"product_id": at.cheap},
        ),
    }


def enquiry(at):
    """The question whether open orders are still valid; nobody writes one."""
    return {
        "wanted": "answered",
        "label": "Answered",
        "kept": {
            "name": "Q",
            "is_current": False,
            "partner_id": at.other_partner,
            "user_id": at.users["stranger"],
            "step": "reminder",
            "asked_on": "2020-01-01 00:00:00",
            "due_on": "2020-01-01 00:00:00",
            "recipients": "me@example.com",
            "line_ids": [[5]],
            "lang": "fr_FR",
        },
        "content": {},
        "new": {
            "name": "Q",
            "partner_id": at.partner,
            "company_id": at.company,
            "asked_on": "2020-01-01 00:00:00",
        },
        "import_new": {
            "name": "Q",
            "partner_id/.id": str(at.partner),
            "company_id/.id": str(at.company),
            "asked_on": "2020-01-01 00:00:00",
        },
        "ways": (),
        "draft": at.foreign_enquiry,
        **_lines(
            "sale.order.enquiry.line",
            "enquiry_id",
            {"state": "valid", "words": "Yes", "order_id": at.foreign_order},
            {
                "order_id": at.order,
                "company_id": at.company,
                "partner_id": at.partner,
                "order_name": "X",
                "asked_on": "2020-01-01 00:00:00",
            },
        ),
    }
