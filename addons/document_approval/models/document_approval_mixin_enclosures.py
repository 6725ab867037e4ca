from collections import Counter

from odoo import api, models
from odoo.tools import human_size


class DocumentApprovalMixin(models.AbstractModel):
    """The files enclosed with a submission: frozen by their hash (SPEC A3, B6).

    They are no part of the fingerprint: what is added later does not reopen the
    review. The panel and the printed record say what has changed since.
    """

    _inherit = "document.approval.mixin"

    def _approval_enclosures(self):
        """Return the files that count as enclosed now: ``{id: [enclosure, ...]}``.

        Hook, for all of ``self`` in a constant number of queries. An enclosure is
        ``{"name", "kind", "sha256", "size"}``: file name, a word for what it is
        (shown by :meth:`_approval_enclosure_kind`), hexadecimal SHA-256 of the
        content, and bytes. Models may add keys for their own use, ready for JSON.
        """
        return {document.id: [] for document in self}

    @api.model
    def _approval_enclosure_kind(self, enclosure):
        """Return what an enclosure is, in the language of the environment."""
        return enclosure.get("kind") or ""

    @api.model
    def _approval_enclosure_texts(self, enclosure):
        """Return a frozen or present enclosure as texts for the reader."""
        return {
            "name": enclosure.get("name") or "",
            "kind": self._approval_enclosure_kind(enclosure),
            "sha256": enclosure.get("sha256") or "",
            "size": human_size(enclosure.get("size") or 0) or "",
        }

    def _approval_panel_enclosures(self, round_sudo, preview):
        """Return the enclosures of a round for the panel, and what came since.

        :return: ``{"items": [...], "added": [...]}`` of texts; each item says in
            ``is_current`` whether it is still enclosed as it was
        """
        self.ensure_one()
        if preview or not round_sudo:
            return {"items": [], "added": []}
        # sudo: who may read the document may know what was enclosed
        now = self.sudo()._approval_enclosures()[self.id]
        frozen = round_sudo.enclosures or []
        there = Counter(enclosure["sha256"] for enclosure in now)
        items = []
        for enclosure in frozen:
            is_current = there[enclosure["sha256"]] > 0
            there[enclosure["sha256"]] -= is_current
            items.append(
                {
                    **self._approval_enclosure_texts(enclosure),
                    "is_current": is_current,
                }
            )
        added = []
        for enclosure in now:
            if there[enclosure["sha256"]] > 0:
                there[enclosure["sha256"]] -= 1
                added.append(self._approval_enclosure_texts(enclosure))
        return {"items": items, "added": added}
