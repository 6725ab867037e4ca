from contextlib import contextmanager
from functools import partial

from odoo import models


class DocumentApprovalMixin(models.AbstractModel):
    """Documents that pass from one person to another while they wait (SPEC B5)."""

    _inherit = "document.approval.mixin"

    @contextmanager
    def _approval_watch_people(self, vals):
        """End rounds whose reviewers are others now, because the document is.

        Who decides is settled at submission, among those whom the document does not
        belong to. When it is made over to a reviewer, or taken from one, it has to be
        submitted again; agreements of the others are carried over.
        """
        watched = self.browse()
        if self._approval_people_fields.intersection(vals):
            watched = self.filtered(lambda document: document._approval_is_counting())
        before = {document: document._approval_excluded_users() for document in watched}
        yield
        for document in watched:
            after = document._approval_excluded_users()
            changed = (before[document] | after) - (before[document] & after)
            round_sudo = document._approval_round()
            if changed & round_sudo._get_concerned_users():
                document._approval_pass_on(changed)

    def _approval_pass_on(self, people):
        """End the round of a document that passed to or from ``people``.

        At the end of the transaction when the user gave away what he may not read
        any more: the rest of the write still reads it for him.
        """
        self.ensure_one()
        end = partial(
            self.sudo()._approval_supersede,  # sudo: it may be somebody else's by now
            self.env._(
                "The document passed to or from somebody who reviews it: %(people)s.",
                people=", ".join(people.sudo().mapped("name")),
            ),
        )
        if self.has_access("read"):
            end()
        else:
            self.env.cr.precommit.add(end)

    def _approval_is_counting(self):
        """Tell whether a round of the document is in review, or approved and unused."""
        self.ensure_one()
        round_sudo = self._approval_round()
        return round_sudo.state in ("pending", "approved") and not round_sudo.is_applied
