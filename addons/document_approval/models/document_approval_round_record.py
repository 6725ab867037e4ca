import hmac

from odoo import models
from odoo.fields import Datetime
from odoo.tools import float_repr

from ..fingerprint import fingerprint_of


class DocumentApprovalRound(models.Model):
    """What of a round is proved later, and by whom it may be seen (SPEC B6)."""

    _inherit = "document.approval.round"

    # Who may see it ----------------------------------------------------------------

    def _may_read_record(self):
        """Tell whether the user may see the whole record of this round.

        Who may read the document may know how it was decided; of a document that is
        gone, whom the round concerned. Portal users never.
        """
        self.ensure_one()
        if not self.env.user._is_internal():
            return False
        # sudo: which document it is about has to be known before it can be checked
        document = self.sudo()._get_document()
        if document:
            return document.with_user(self.env.user).has_access("read")
        return self.sudo(False).has_access("read")

    # What was submitted ------------------------------------------------------------

    def _get_record_model(self):
        """Return the document's model, for its texts; the mixin's when it is gone."""
        self.ensure_one()
        model = self.env.get(self.sudo().res_model)
        if model is None or not hasattr(model, "_approval_show"):
            return self.env["document.approval.mixin"]
        return model

    def _get_facts(self):
        """Return what was submitted, ready to be read by people (SPEC B6).

        Labels and values are in the language and time zone of the environment.
        Columns that are empty on all lines are left out; what was deleted since is
        said to be.

        :return: ``{"header": [{"label", "value"}], "columns": [label],
            "lines": [[value]]}``, all texts; an empty value is ``""``
        """
        self.ensure_one()
        # sudo: frozen values; the caller checks who may see them
        snapshot = self.sudo().snapshot or {}
        model = self._get_record_model()
        lines_model = model
        if model._approval_line_field:
            lines_field = model._fields[model._approval_line_field]
            lines_model = self.env[lines_field.comodel_name]
        header = snapshot.get("header", {})
        lines = snapshot.get("lines", [])
        keys = _in_order(
            {key for line in lines for key in line},
            model._approval_material_line_fields,
        )
        shown = {}  # equal values are looked up once: a unit, a tax, a warehouse

        def show(model_of_key, key, value):
            cell = (key, repr(value))
            if cell not in shown:
                shown[cell] = self._show_fact(model, model_of_key, key, value)
            return shown[cell]

        rows = [
            [show(lines_model, key, line.get(key)) for key in keys] for line in lines
        ]
        filled = [index for index in range(len(keys)) if any(r[index] for r in rows)]
        shown.clear()  # the same name may be another field on the document
        return {
            "header": [
                {
                    "label": model._approval_material_label(key),
                    "value": show(model, key, header[key]),
                }
                for key in _in_order(header, model._approval_material_fields)
                if header[key] or not self._is_technical(model, key)
            ],
            "columns": [model._approval_material_label(keys[i]) for i in filled],
            "lines": [[row[index] for index in filled] for row in rows],
        }

    def _is_technical(self, model, key):
        """Tell whether a value is of no use to people while it is empty."""
        return key in model._fields and model._fields[key].type == "json"

    def _show_fact(self, model, model_of_key, key, value):
        text = model._approval_show(model_of_key, key, value)
        if text or value is None or value is False or value in ("", []):
            return text
        return self.env._("deleted since (%s)", value)

    # What is proved ----------------------------------------------------------------

    def _get_record_checksum(self, until=None):
        """Return the SHA-256 of what this round froze and of its log.

        The same for every reader and at any time: whatever moves on (states, who may
        decide by now) is left out, the log says how it moved.

        :param int until: id of the last log entry to cover; by default all of them
        """
        self.ensure_one()
        return fingerprint_of(self._get_record_content(until))

    def _get_record_content(self, until=None):
        """Return what the checksum covers, as plain data."""
        self.ensure_one()
        # sudo: the same for every reader; no language: names as they were frozen
        round_sudo = self.sudo().with_context(lang=None)
        log_sudo = round_sudo._get_record_log(until)
        seats_sudo = log_sudo.seat_id | round_sudo.seat_ids.filtered(
            lambda seat: not seat.is_added
        )
        # left out where there are none, as it was when earlier records were printed
        enclosed = (
            {"enclosures": round_sudo.enclosures} if round_sudo.enclosures else {}
        )
        return {
            **enclosed,
            "number": round_sudo.number,
            "document": [round_sudo.res_model, round_sudo.res_id, round_sudo.res_name],
            "company": round_sudo.company_id.id,
            "requester": round_sudo.requester_id.id,
            "submitted": Datetime.to_string(round_sudo.date_submitted),
            "amount": float_repr(round_sudo.amount, 6),
            "snapshot": round_sudo.snapshot,
            "fingerprint": round_sudo.fingerprint,
            "findings": [
                [
                    finding.code,
                    finding.department_code or "",
                    finding.severity,
                    finding.line_label or "",
                    finding.values,
                ]
                for finding in round_sudo.finding_ids.sorted("id")
            ],
            "seats": [_seat_content(seat) for seat in seats_sudo.sorted("id")],
            "log": [_decision_content(decision) for decision in log_sudo],
        }

    def _get_record_log(self, until=None):
        """Return the decisions up to the one with id ``until``, oldest first."""
        return self.decision_ids.sorted("id").filtered(
            lambda decision: until is None or decision.id <= until
        )

    def _verify_record(self, until, checksum):
        """Compare a printed record with the system, and the document with it.

        :param int until: id of the last log entry on the paper
        :param str checksum: the checksum on the paper
        :return: ``is_genuine``; ``later`` (log entries made since); ``document``
            (``same`` as in this round, ``changed`` or ``gone``); ``changes`` as from
            ``_approval_changes``; ``newest``, the document's latest round
        """
        self.ensure_one()
        # sudo: the caller checks who may see it
        round_sudo = self.sudo()
        log_sudo = round_sudo._get_record_log()
        expected = round_sudo._get_record_checksum(until)
        document = round_sudo._get_document()
        state, changes = "gone", []
        if document:
            now = document._approval_snapshots()[document.id]
            same = fingerprint_of(now) == round_sudo.fingerprint
            state = "same" if same else "changed"
            changes = (
                [] if same else document._approval_changes(round_sudo.snapshot, now)
            )
        return {
            "is_genuine": until in log_sudo.ids
            and hmac.compare_digest(expected.encode(), checksum.lower().encode()),
            "later": log_sudo.filtered(lambda decision: decision.id > until),
            "document": state,
            "changes": changes,
            "newest": round_sudo.search(
                [
                    ("res_model", "=", round_sudo.res_model),
                    ("res_id", "=", round_sudo.res_id),
                ],
                order="number desc",
                limit=1,
            ),
        }


def _seat_content(seat):
    return {
        "id": seat.id,
        "level": [seat.level_sequence, seat.level_name, seat.is_joint],
        "department": seat.department_id.id,
        "rule": seat.rule,
        "required": seat.is_required,
        "days": float_repr(seat.deadline_days, 6),
        "questions": [
            [check.id, check.name, check.must_be_yes]
            for check in seat.check_ids.sorted("id")
        ],
    }


def _decision_content(decision):
    return {
        "id": decision.id,
        "kind": decision.kind,
        "seat": decision.seat_id.id,
        "user": decision.user_id.id,
        "for": decision.on_behalf_id.id,
        "date": Datetime.to_string(decision.date),
        "words": decision.words or "",
        "reason": decision.reason_id.id,
        "people": sorted(decision.person_ids.ids),
        "origin": decision.origin_id.id,
        "answers": [
            [answer.check_id.id, answer.answer, answer.remark or ""]
            for answer in decision.answer_ids.sorted("id")
        ],
    }


def _in_order(keys, known):
    """Return ``keys`` in the order of ``known``.

    What a model put in place of a known key (a net price for price and discount)
    stands where that key would.
    """
    others = sorted(set(keys) - set(known))
    result = []
    for key in known:
        if key in keys:
            result.append(key)
        else:
            result += others
            others = []
    return result + others
