import base64

from reportlab.graphics.barcode import createBarcodeDrawing

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import format_amount, format_datetime, format_list


class ReportDocumentApprovalRecord(models.AbstractModel):
    """The approval record on paper: every round of a document (SPEC B3, B6)."""

    _name = "report.document_approval.report_record"
    _description = "Approval Record"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return what the template prints, for the documents of rounds ``docids``.

        :raise AccessError: when the user may not read one of the documents; the
            rounds themselves are printed for whoever may
        """
        rounds = self.env["document.approval.round"].browse(docids).exists()
        if not rounds or not all(r._may_read_record() for r in rounds):
            raise AccessError(
                self.env._(
                    "You may print the approval record of documents you may read."
                )
            )
        # sudo: who may read the document may read how it was decided, as just checked
        rounds_sudo = rounds.sudo()
        return {
            "doc_ids": docids,
            "doc_model": rounds._name,
            "records": [
                self._get_record(group)
                for group in rounds_sudo.grouped(
                    lambda r: (r.res_model, r.res_id)
                ).values()
            ],
            "printed": {
                "user": self.env.user.name,
                "date": self._show_time(fields.Datetime.now()),
                "zone": str(self.env.tz),
            },
        }

    @api.model
    def _get_record(self, rounds_sudo):
        """Return the record of one document: the rounds asked for, then the others."""
        first = rounds_sudo[:1]
        others_sudo = rounds_sudo.search(
            [
                ("res_model", "=", first.res_model),
                ("res_id", "=", first.res_id),
                ("id", "not in", rounds_sudo.ids),
            ]
        )
        newest = rounds_sudo | others_sudo
        return {
            "document": first._get_document(),
            "company": first.company_id,
            "name": newest.sorted("number")[-1:].res_name,
            "type": first.model_id.name or first.res_model,
            "rounds": [
                self._get_round_data(approval_round)
                for approval_round in (
                    *rounds_sudo.sorted("number", reverse=True),
                    *others_sudo.sorted("number", reverse=True),
                )
            ],
        }

    @api.model
    def _get_round_data(self, round_sudo):
        """Return one round as texts for the reader, with how to verify it."""
        last = round_sudo._get_record_log()[-1:]
        checksum = round_sudo._get_record_checksum(until=last.id)
        url = (
            f"{round_sudo.get_base_url()}/approval/verify/"
            f"{round_sudo.id}/{last.id or 0}/{checksum}"
        )
        return {
            **self._get_round_summary(round_sudo),
            "emergency": [
                self._get_entry(decision)
                for decision in round_sudo.decision_ids
                if decision.kind == "emergency"
            ],
            "findings": self._get_findings(round_sudo),
            "levels": self._get_levels(round_sudo),
            "log": [self._get_entry(d) for d in round_sudo._get_record_log()],
            "facts": round_sudo._get_facts(),
            "fingerprint": round_sudo.fingerprint or "",
            "checksum": checksum,
            "url": url,
            "qr": self._get_qr(url),
        }

    @api.model
    def _get_round_summary(self, round_sudo):
        """Return the head of a round as texts."""
        return {
            "number": round_sudo.number,
            "state": round_sudo.state,
            "state_label": self._get_label(round_sudo, "state"),
            "is_applied": round_sudo.is_applied,
            "is_emergency": round_sudo.is_emergency,
            "requester": round_sudo.requester_id.name,
            "submitted": self._show_time(round_sudo.date_submitted),
            "approved": self._show_time(round_sudo.date_approved),
            "closed": self._show_time(round_sudo.date_closed),
            "flow": round_sudo.flow_name or "",
            "amount": format_amount(
                self.env, round_sudo.amount, round_sudo.currency_id
            ),
            "reason": round_sudo.reason or "",
            "enclosures": [
                round_sudo._get_record_model()._approval_enclosure_texts(enclosure)
                for enclosure in round_sudo.enclosures or []
            ],
        }

    @api.model
    def _get_findings(self, round_sudo):
        """Return each finding once, naming all departments that had to look at it."""
        departments = {
            department.code.lower(): department.name
            for department in self.env["document.approval.department"]
            # sudo: names of departments, those no longer used included
            .sudo()
            .with_context(active_test=False)
            .search([("company_id", "=", round_sudo.company_id.id)])
        }
        merged = {}
        for finding in round_sudo.finding_ids.sorted("id"):
            code = finding.department_code or ""
            name = finding.seat_id.department_id.name or departments.get(
                code.lower(), code
            )
            found = merged.setdefault(
                (finding.severity, finding.message),
                {
                    "severity": finding.severity,
                    "severity_label": self._get_label(finding, "severity"),
                    "text": finding.message,
                    "departments": [],
                },
            )
            if name and name not in found["departments"]:
                found["departments"].append(name)
        return [
            {**found, "departments": ", ".join(found["departments"])}
            for found in merged.values()
        ]

    @api.model
    def _get_levels(self, round_sudo):
        """Return the levels in order, each with its seats as texts."""
        levels = {}
        for seat in round_sudo.seat_ids.sorted(lambda s: (s.level_sequence, s.id)):
            level = levels.setdefault(
                seat.level_sequence, {"name": seat.level_name, "seats": []}
            )
            level["seats"].append(self._get_seat(round_sudo, seat))
        return list(levels.values())

    @api.model
    def _get_seat(self, round_sudo, seat):
        model = round_sudo._get_record_model()
        return {
            "department": seat.department_id.name,
            "rule": model._approval_rule_label(seat.rule, seat.quorum),
            "is_required": seat.is_required,
            "names": format_list(self.env, seat.candidate_ids.mapped("name")),
            "deputies": format_list(self.env, seat.deputy_ids.mapped("name")),
            "added_by": seat.added_by_id.name or "",
            "is_added": seat.is_added,
            "state": seat.state,
            "state_label": self._get_label(seat, "state"),
            "opened": self._show_time(seat.date_open),
            "deadline": self._show_time(seat.date_deadline),
            "closed": self._show_time(seat.date_closed),
            "checks": [self._get_check(check) for check in seat.check_ids],
        }

    @api.model
    def _get_check(self, check):
        return {
            "question": check.name,
            "answers": [self._get_answer(a) for a in check.answer_ids.sorted("id")],
        }

    @api.model
    def _get_answer(self, answer):
        return {
            "question": answer.check_id.name,
            "user": answer.decision_id.user_id.name,
            "label": answer._get_labels()[answer.answer],
            "remark": answer.remark or "",
        }

    @api.model
    def _get_entry(self, decision):
        """Return a line of the log as texts."""
        return {
            "id": decision.id,
            "kind": decision.kind,
            "kind_label": self._get_label(decision, "kind"),
            "who": self._get_who(decision),
            "department": decision.seat_id.department_id.name or "",
            "date": self._show_time(decision.date),
            "words": decision.words or "",
            "reason": decision.reason_id.name or "",
            "people": format_list(self.env, decision.person_ids.mapped("name")),
            "origin": self._get_origin(decision),
            "answers": [self._get_answer(answer) for answer in decision.answer_ids],
        }

    @api.model
    def _get_who(self, decision):
        """Return who decided; “A for B” when in somebody's place."""
        absent = decision.on_behalf_id
        if decision.kind == "carry_over" and absent:
            return absent.name  # his agreement; it was another who submitted again
        if not absent or absent == decision.user_id:
            return decision.user_id.name
        return self.env._(
            "%(user)s for %(absent)s", user=decision.user_id.name, absent=absent.name
        )

    @api.model
    def _get_origin(self, decision):
        """Return in words when an agreement carried over was given."""
        origin = decision.origin_id
        if not origin:
            return ""
        return self.env._(
            "Agreed in round %(number)s on %(date)s",
            number=origin.round_id.number,
            date=self._show_time(origin.date),
        )

    @api.model
    def _get_label(self, record, name):
        selection = record._fields[name]._description_selection(self.env)
        return dict(selection).get(record[name], record[name] or "")

    @api.model
    def _show_time(self, value):
        """Return a point in time in the reader's zone and format; "" for none."""
        return format_datetime(self.env, value, tz=str(self.env.tz)) if value else ""

    @api.model
    def _get_qr(self, text):
        """Return a QR code as the address of an image that needs no fetching."""
        drawing = createBarcodeDrawing(
            "QR", value=text, width=200, height=200, barBorder=0, barLevel="M"
        )
        image = base64.b64encode(drawing.asString("svg").encode()).decode()
        return f"data:image/svg+xml;base64,{image}"
