from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.fields import Datetime

from ..fingerprint import canonical
from ..plan import can_all_be_filled

#: rounds whose agreements still hold for what did not change
_CARRIED_STATES = ("refused", "superseded", "withdrawn")


class DocumentApprovalMixin(models.AbstractModel):
    """Whose agreement of the last round still holds in the next one (SPEC B3, B6)."""

    _inherit = "document.approval.mixin"

    def _approval_carry_over(self, round_sudo, plan):
        """Let seats agree that agreed in the last round to what has not changed.

        A seat agrees again by itself when neither its findings, nor the values its
        department answers for, nor those nobody answers for changed, and those who
        agreed may still decide. Logged with the original agreement.
        """
        self.ensure_one()
        last_sudo = self._approval_last_round(round_sudo)
        if not last_sudo or not plan.flow.is_carry_over:
            return
        claims = self._approval_plan_claims(plan)
        pairs = self._approval_pair_seats(round_sudo, plan)
        for planned, seat_sudo in pairs:
            old_sudo = self._approval_old_seat(last_sudo, planned)
            foreign = claims[id(planned)]
            added_sudo = old_sudo._get_added_beside()
            if added_sudo:  # agreed together with others: to the document as a whole
                foreign = frozenset()
            if (
                not old_sudo
                or any(seat.state != "approved" for seat in added_sudo)
                or not self._approval_is_same_for(foreign, old_sudo, seat_sudo)
            ):
                continue
            agreements = self._approval_agreements(old_sudo, seat_sudo)
            if len(agreements) >= seat_sudo.quorum and self._approval_can_carry(
                seat_sudo, agreements
            ):
                for agreement in agreements:
                    round_sudo.with_user(self.env.user)._log(
                        "carry_over",
                        seat_sudo,
                        agreement.words,
                        on_behalf=agreement.on_behalf_id or agreement.user_id,
                        origin=agreement,
                    )
                seat_sudo._close("approved")

    def _approval_last_round(self, round_sudo):
        """Return the round before this one when its agreements may still hold."""
        last_sudo = round_sudo.search(
            [
                ("res_model", "=", self._name),
                ("res_id", "=", self.id),
                ("number", "<", round_sudo.number),
                ("state", "!=", "observed"),
            ],
            order="number desc",
            limit=1,
        )
        return last_sudo.filtered(lambda last: last.state in _CARRIED_STATES)

    @api.model
    def _approval_pair_seats(self, round_sudo, plan):
        """Return [(planned seat, its record)] of a round made from ``plan``."""
        planned = [seat for level in plan.levels for seat in level.seats]
        return list(zip(planned, round_sudo.seat_ids.sorted("id"), strict=True))

    def _approval_old_seat(self, last_sudo, planned):
        """Return the seat of the last round that agreed in the same place."""
        level = planned.record.level_id if planned.record else False
        return last_sudo.seat_ids.filtered(
            lambda seat: (
                seat.state == "approved"
                and not seat.is_added
                and seat.department_id == planned.department
                and (seat.level_id == level if level else not seat.level_id)
                and seat.rule == planned.rule
                and [(c.origin_id, c.name, c.must_be_yes) for c in seat.check_ids]
                == [(c, c.name, c.must_be_yes) for c in planned.checks]
            )
        )[:1]

    # What concerns whom ---------------------------------------------------------------

    def _approval_plan_claims(self, plan):
        """Return {id(planned seat): keys of the snapshot that are others' alone}.

        Everything else concerns the seat, and so everything does when it claims
        nothing. What no seat of the round claims concerns all of them.
        """
        seats = [seat for level in plan.levels for seat in level.seats]
        own = {id(seat): self._approval_claimed_keys(seat) for seat in seats}
        claimed = set().union(*(keys for keys in own.values() if keys))
        return {
            seat: claimed - keys if keys else frozenset() for seat, keys in own.items()
        }

    def _approval_claimed_keys(self, planned):
        """Return the keys of the snapshot a planned seat's department answers for."""
        fields_sudo = planned.record.claimed_field_ids if planned.record else ()
        return {self._approval_claim_key(field.name) for field in fields_sudo}

    @api.model
    def _approval_claim_key(self, name):
        """Return the key in the snapshot under which a material field is kept."""
        return name

    def _approval_is_same_for(self, foreign, old_sudo, seat_sudo):
        """Tell whether nothing changed that concerns this seat."""
        # as the database gives them back, both of them
        (old_sudo | seat_sudo).round_id.invalidate_recordset(["snapshot"])
        before, after = (
            self._approval_concerning(seat.round_id.snapshot, foreign)
            for seat in (old_sudo, seat_sudo)
        )
        return before == after and _found(old_sudo) == _found(seat_sudo)

    @api.model
    def _approval_concerning(self, snapshot, foreign):
        """Return the canonical text of the part of a snapshot that concerns a seat.

        Of lines, what tells one from another always belongs to it.

        :param foreign: keys that are no business of the seat
        """
        first = self._approval_material_line_fields[:1]
        part = {
            **snapshot,
            "header": {
                key: value
                for key, value in snapshot["header"].items()
                if key not in foreign
            },
        }
        if "lines" in snapshot:
            lines = [
                {
                    key: value
                    for key, value in line.items()
                    if key in first or key not in foreign
                }
                for line in snapshot["lines"]
            ]
            if foreign.issuperset(first) and all(
                set(line) <= set(first) for line in lines
            ):
                lines = []  # others answer for everything on the lines
            part["lines"] = sorted(lines, key=canonical)
        return canonical(part)

    # Who agreed ------------------------------------------------------------------

    def _approval_agreements(self, old_sudo, seat_sudo):
        """Return the agreements of the old seat whose people may still decide.

        Agreements older than the company lets approvals live do not count.
        """
        excluded = seat_sudo._get_excluded_users()
        days = seat_sudo.company_id.document_approval_validity_days
        oldest = Datetime.now() - relativedelta(days=days) if days else None
        agreements = old_sudo.decision_ids.browse()
        for agreement in old_sudo.decision_ids.filtered("is_agreement"):
            origin = agreement.origin_id or agreement
            principal = origin.on_behalf_id or origin.user_id
            if (
                principal in seat_sudo.candidate_ids
                and not (origin.user_id | principal) & excluded
                and not (oldest and origin.date < oldest)
            ):
                agreements |= origin
        return agreements

    def _approval_can_carry(self, seat_sudo, agreements):
        """Tell whether the other seats can still be filled without these people."""
        rivals = seat_sudo._get_rival_seats()
        spent = rivals.decision_ids._get_voices()
        voices = agreements._get_voices()
        if voices & spent:
            return False
        return can_all_be_filled(
            [
                (set((seat.candidate_ids - spent - voices).ids), seat.quorum)
                for seat in rivals - seat_sudo
                if seat.state == "waiting"
            ]
        )


def _found(seat_sudo):
    """Return the findings of a seat as comparable text."""
    return sorted(
        canonical([f.code, f.severity, f.line_label or False, f.values or {}])
        for f in seat_sudo.finding_ids
    )
