from contextlib import contextmanager

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

#: key in the cursor's cache: documents some enclosing guard will check
_GUARDED = "document_approval.guarded"
#: what is known of a document that did not exist before
_NEW = {"protected": False, "fingerprint": None, "company": None}


class _Guard:
    """Documents whose resulting values are checked when the guarded block ends."""

    def __init__(self, documents, before, guarded):
        self.documents = documents
        self.before = before
        self.guarded = guarded

    def add(self, documents):
        """Check these as well: created or reached within the block."""
        keys = {(documents._name, doc_id) for doc_id in documents.ids}
        new = keys - self.guarded
        self.guarded |= new
        self.documents |= documents.browse([doc_id for _name, doc_id in new])


class DocumentApprovalMixin(models.AbstractModel):
    """The gate: a post-condition on the values left behind (SPEC B6, DESIGN 2, 3).

    Whatever the route, after a write no document may be in a protected state
    without an approved round of exactly its material values. Nothing in the context
    or in the rights of the caller is looked at.
    """

    _inherit = "document.approval.mixin"

    @api.model_create_multi
    def create(self, vals_list):
        self._approval_refuse_guarded(vals_list)
        if not self._approval_gated():
            return super().create(vals_list)
        state = self._approval_state_field
        protected = self._approval_protected_states
        risky = any(state in vals for vals in vals_list) or (
            self.default_get([state]).get(state) in protected
        )
        with self.browse()._approval_guard(state=risky) as guard:
            documents = super().create(vals_list)
            guard.add(documents)
        return documents

    def write(self, vals):
        self._approval_refuse_guarded([vals])
        if not self._approval_gated():
            return super().write(vals)
        material = bool(self._approval_relevant_fields().intersection(vals))
        state = self._approval_state_field in vals
        if not material and not state:
            with self._approval_watch_people(vals):
                return super().write(vals)
        with (
            self._approval_guard(material=material, state=state),
            self._approval_watch_people(vals),
        ):
            return super().write(vals)

    def _approval_write(self, vals):
        """Write fields that only the engine writes, past its own refusal."""
        # sudo: reviewers move the state of documents they may not write
        return super(DocumentApprovalMixin, self.sudo()).write(vals)

    @api.model
    def _approval_gated(self):
        """Return {company id: mode} of the companies that control this type."""
        return self.env["document.approval.flow"]._get_gated_companies(self._name)

    # The guarded block -----------------------------------------------------------

    @contextmanager
    def _approval_guard(self, material=False, state=False):
        """Check the documents of ``self`` when the block ends.

        Nested blocks leave documents to the outermost one that touches them, so
        only resulting values count. The check runs in a savepoint where it may
        refuse: a caller that swallows the refusal keeps nothing of the change.
        """
        guarded = self.env.cr.cache.setdefault(_GUARDED, set())
        own = self.filtered(lambda d: d.id and (self._name, d.id) not in guarded)
        before = own._approval_before()
        guard = _Guard(own, before, guarded)
        mine = {(self._name, doc_id) for doc_id in own.ids}
        outside = set(guarded)
        guarded |= mine
        try:
            if state or any(was.get("fingerprint") for was in before.values()):
                with self._approval_savepoint():
                    yield guard
                    guard.documents._approval_after(before, material)
            else:
                yield guard
                guard.documents._approval_after(before, material)
        finally:
            guarded &= outside

    @contextmanager
    def _approval_savepoint(self):
        """Keep nothing of what the block did when it raises.

        Unlike the cursor's own, it leaves alone what waits for the commit: the
        tracking of the very values that are being written is among it.
        """
        self.env.flush_all()
        with self.env.cr.savepoint(flush=False):
            try:
                yield
                self.env.flush_all()
            except BaseException:
                self.env.cr.clear()  # nothing of it may be flushed later
                raise

    def _approval_before(self):
        """Return what has to be known of documents before they are touched.

        :return: ``{id: {"protected": bool, "fingerprint": str or None, "company":
            id}}``, the fingerprint only of documents confirmed under an approval
        """
        result = {}
        controlled = self.browse()
        for document_sudo in self.sudo():
            protected = self._approval_is_protected(document_sudo)
            result[document_sudo.id] = {
                "protected": protected,
                "fingerprint": None,
                "company": document_sudo._approval_get_company().id,
            }
            if protected and document_sudo._approval_round().is_applied:
                controlled |= self.browse(document_sudo.id)
        for doc_id, fingerprint in controlled._approval_fingerprints().items():
            result[doc_id]["fingerprint"] = fingerprint
        return result

    @api.model
    def _approval_is_protected(self, document):
        state = document[self._approval_state_field]
        return state in self._approval_protected_states

    def _approval_after(self, before, material):
        """Hold the resulting values against the approved ones, for all of ``self``."""
        documents = self.exists()
        gated = self._approval_gated()
        entering = same = self.browse()
        for document in documents:
            document_sudo = document.sudo()
            company = document_sudo._approval_get_company().id
            was = before.get(document.id) or _NEW
            modes = {gated.get(company), gated.get(was["company"])}
            mode = "enforce" if "enforce" in modes else gated.get(company)
            is_protected = self._approval_is_protected(document_sudo)
            if is_protected and was["fingerprint"]:
                if document._approval_keep(was["fingerprint"], mode):
                    same |= document
            elif is_protected and not (was["protected"] and was["company"] == company):
                if gated.get(company):
                    entering |= document
            elif was["protected"] and not is_protected:
                document._approval_leave(mode)
            elif not is_protected and document._approval_still_open():
                same |= document
        if material:
            touched = documents & self.browse(before)
            (touched - same)._approval_touch()
            # who saved what was there before has changed nothing
            (touched & same)._approval_touch(editor=False)
        if entering:
            entering._approval_enter(gated)

    def _approval_touch(self, editor=True):
        """Write the documents' own rows, so that rivals fail to serialize (DESIGN 3).

        A change of a line need not change its document's row; without this, a
        confirmation and a change of a line could both succeed unseen.

        :param bool editor: remember the user as the last one who changed something
        """
        if not self.ids:
            return
        self.env.execute_query(
            SQL(
                "UPDATE %s SET approval_revision = COALESCE(approval_revision, 0) + 1"
                "%s WHERE id IN %s RETURNING id",
                SQL.identifier(self._table),
                SQL(", approval_editor_id = %s", self.env.uid) if editor else SQL(),
                tuple(sorted(self.ids)),
            )
        )
        if editor:
            field = self._fields["approval_editor_ids"]
            self.env.execute_query(
                SQL(
                    "INSERT INTO %s (%s, %s) SELECT id, %s FROM %s WHERE id IN %s"
                    " ON CONFLICT DO NOTHING RETURNING 1",
                    SQL.identifier(field.relation),
                    SQL.identifier(field.column1),
                    SQL.identifier(field.column2),
                    self.env.uid,
                    SQL.identifier(self._table),
                    tuple(sorted(self.ids)),
                )
            )
        self.invalidate_recordset(
            ["approval_revision", "approval_editor_id", "approval_editor_ids"],
            flush=False,
        )

    # Post-conditions -------------------------------------------------------------

    def _approval_enter(self, gated):
        """Documents have just become confirmed: let them, or refuse."""
        fingerprints = self._approval_fingerprints()
        applied = self.env["document.approval.round"].sudo()
        unapproved = self.browse()
        for document in self:
            round_sudo = document._approval_round()
            if (
                round_sudo.state == "approved"
                and not round_sudo.is_applied
                and not document._approval_is_lapsed(round_sudo)
                and round_sudo.fingerprint == fingerprints[document.id]
            ):
                applied |= round_sudo
            else:
                unapproved |= document
        if unapproved:
            applied |= unapproved._approval_enter_unapproved(gated)
        if applied:
            applied.write({"is_applied": True})
            # sudo: the log is the engine's
            self.env["document.approval.decision"].sudo().create(
                [
                    {"round_id": r.id, "kind": "apply", "user_id": self.env.uid}
                    for r in applied
                ]
            )

    def _approval_enter_unapproved(self, gated):
        """Return the rounds that documents without approval are confirmed under.

        :raise UserError: in enforce mode, when one of them needs a review
        """
        modes = {
            # sudo: the gate sees the same whoever asks
            document.id: gated[document.sudo()._approval_get_company().id]
            for document in self
        }
        for document in self:
            round_sudo = document._approval_round()
            if round_sudo.state == "pending" and modes[document.id] == "enforce":
                raise UserError(document._approval_refusal_text(round_sudo))
        self._approval_touch(editor=False)  # before a round: the loser is rerun
        plans = self._approval_plans()
        # sudo: the rounds are made by the engine, whoever confirms
        rounds_sudo = self.env["document.approval.round"].sudo()
        for document in self:
            rounds_sudo |= document._approval_enter_as_planned(
                plans[document.id], modes[document.id]
            )
        return rounds_sudo

    def _approval_enter_as_planned(self, plan, mode):
        """Return the round one document without approval is confirmed under.

        A document nobody has to look at gets an empty approved round. In observe
        mode the round that would have been needed is recorded.

        :raise UserError: in enforce mode, when a review is needed
        """
        self.ensure_one()
        round_sudo = self._approval_round()
        free = not plan.needs_review and not plan.blocking and not plan.problems
        if mode == "enforce" and not free:
            if plan.blocking and not round_sudo:
                raise UserError(self._approval_blocking_text(plan))
            raise UserError(self._approval_refusal_text(round_sudo))
        if round_sudo.state == "pending":
            round_sudo._end("superseded", "observe")
        state, kind = ("approved", "no_review") if free else ("observed", "observe")
        new_sudo = self._approval_create_round(plan, state=state)
        new_sudo.with_user(self.env.user)._log(kind, words=plan.reason)
        if not free:
            new_sudo._close_seats()
        new_sudo._set_state(state, reason=plan.reason)
        return new_sudo if free else new_sudo.browse()

    def _approval_keep(self, fingerprint, mode):
        """A confirmed document was touched: its material values must be the same.

        :return: whether they are
        """
        now = self._approval_fingerprints()[self.id]
        round_sudo = self._approval_round()
        if now in (fingerprint, round_sudo.fingerprint):
            return True
        changes = self._approval_changes_text(round_sudo.snapshot)
        if mode != "enforce":
            round_sudo.with_user(self.env.user)._log("exception", words=changes)
            return False
        raise UserError(self._approval_kept_text(round_sudo, changes))

    def _approval_kept_text(self, round_sudo, changes):
        """Return in words why a confirmed document stays, and how to change it.

        :param str changes: in words, what differs from what was approved
        """
        self.ensure_one()
        return self.env._(
            "%(document)s was confirmed as approved in round %(number)s and cannot "
            "be changed: %(changes)s\nTo change it, cancel it, set it back to "
            "draft, change it and submit it again.",
            document=self.display_name,
            number=round_sudo.number,
            changes=changes,
        )

    def _approval_leave(self, mode):
        """A confirmed document is confirmed no longer: its approval is used up."""
        round_sudo = self._approval_round()
        if not round_sudo.is_applied or round_sudo.state != "approved":
            return
        state = self.sudo()[self._approval_state_field]
        if mode == "enforce" and state not in self._approval_released_states:
            raise UserError(
                self.env._(
                    "%(document)s is confirmed. Cancel it first; then it can be set "
                    "back and submitted again.",
                    document=self.display_name,
                )
            )
        round_sudo.with_user(self.env.user).sudo()._end("lapsed", "lapse")

    def _approval_still_open(self):
        """An unconfirmed document was touched: a change ends its round (SPEC B6).

        :return: whether it is what its round was about, and the round goes on
        """
        round_sudo = self._approval_round()
        if round_sudo.state not in ("pending", "approved") or round_sudo.is_applied:
            return False
        state = self.sudo()[self._approval_state_field]
        if state in self._approval_released_states:
            round_sudo.with_user(self.env.user).sudo()._end("lapsed", "lapse")
        elif self._approval_fingerprints()[self.id] == round_sudo.fingerprint:
            return True
        else:
            self._approval_supersede()
        return False

    # Values recomputed without a write ---------------------------------------------

    @api.constrains(lambda self: self._approval_constrained_fields())
    def _check_approval_unchanged(self):
        """Cover stored computed values, which are recomputed without a write."""
        self._approval_check_recomputed()

    @api.model
    def _approval_constrained_fields(self):
        """Return the material fields that are stored and computed."""
        return [
            name
            for name in self._approval_material_fields
            if self._fields[name].compute and self._fields[name].store
        ]

    def _approval_check_recomputed(self):
        """Hold documents that nobody is writing against their approved values."""
        gated = self._approval_gated()
        if not gated:
            return
        guarded = self.env.cr.cache.get(_GUARDED, set())
        for document in self:
            if not document.id or (self._name, document.id) in guarded:
                continue
            round_sudo = document._approval_round()
            if not round_sudo or round_sudo.state not in ("pending", "approved"):
                continue
            if round_sudo.is_applied:
                mode = gated.get(document.sudo()._approval_get_company().id)
                document._approval_keep(round_sudo.fingerprint, mode)
            else:
                document._approval_still_open()
