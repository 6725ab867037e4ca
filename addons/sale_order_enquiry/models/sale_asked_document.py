from odoo import api, fields, models
from odoo.tools import SQL


class SaleAskedDocument(models.AbstractModel):
    """Something a customer is asked about, and answers in the portal (SPEC A6, A7).

    Whoever inherits has ``user_id``, ``company_id`` and ``lang``.
    """

    _name = "sale.asked.document"
    _inherit = ["portal.mixin", "mail.thread", "mail.activity.mixin"]
    _description = "Document a Customer Is Asked About"
    _mail_post_access = "read"

    #: fields that only the system writes, whatever the rights
    _system_fields = frozenset()

    revision = fields.Integer(readonly=True, copy=False, groups="base.group_user")

    @api.model
    def default_get(self, fields):
        """EXTENDS: what the system keeps starts as the code says (DESIGN 2)."""
        result = super().default_get(fields)
        for name in (self._system_fields | {"access_token"}).intersection(result):
            default = self._fields[name].default
            result[name] = default(self) if default else False
        return result

    def _bump(self):
        """Write the rows first, so that rivals are rerun (DESIGN 3)."""
        if not self.ids:
            return
        self.env.flush_all()
        self.env.execute_query(
            SQL(
                "UPDATE %s SET revision = COALESCE(revision, 0) + 1"
                " WHERE id = ANY(%s) RETURNING id",
                SQL.identifier(self._table),
                sorted(self.ids),
            )
        )
        self.invalidate_recordset(flush=False)

    # Telling ----------------------------------------------------------------------

    def _get_owner(self):
        """Return whom of the staff this belongs to, or nobody."""
        self.ensure_one()
        # sudo: whose it is, whoever answers
        document_sudo = self.sudo()
        for user_sudo in (document_sudo.user_id, document_sudo.create_uid):
            if user_sudo.active and not user_sudo.share:
                return user_sudo
        return document_sudo.user_id.browse()

    def _for_owner(self):
        """Return the document in the language of whoever is told of it."""
        self.ensure_one()
        return self.with_context(lang=self._get_owner().lang or self.env.lang)

    def _note(self, text):
        """Keep a text in the history; nobody follows the document for that."""
        self.ensure_one()
        # sudo: customers answer, who cannot post notes
        self.sudo().with_context(
            mail_post_autofollow=False, mail_post_autofollow_author_skip=True
        ).message_post(
            body=text,
            author_id=self.env.user.partner_id.id,
            subtype_xmlid="mail.mt_note",
        )

    def _tell(self, text, summary, user=None):
        """Note it, and give the owner (or ``user``) one activity, but not oneself."""
        self.ensure_one()
        self._note(text)
        user = user or self._get_owner()
        if not user or user == self.env.user:
            return
        kind = "document_approval.mail_activity_type_attention"
        # sudo: as for notes
        document_sudo = self.sudo().with_context(mail_activity_quick_update=True)
        same_sudo = document_sudo.activity_ids.filtered(
            lambda activity: activity.user_id == user and activity.summary == summary
        )
        if same_sudo:
            same_sudo[:1].note = text
            return
        followed = user.partner_id in document_sudo.message_partner_ids
        document_sudo.activity_schedule(
            kind, user_id=user.id, summary=summary, note=text
        )
        if not followed:
            document_sudo.message_unsubscribe(partner_ids=user.partner_id.ids)

    # Words ------------------------------------------------------------------------

    @api.model
    def _clean_text(self, text, size=2000):
        """Return ``text`` without what the database cannot hold, not too long."""
        text = text if isinstance(text, str) else ""
        text = text.replace("\x00", "").encode("utf-8", "ignore").decode()
        return text.strip()[:size]

    @api.model
    def _get_active_lang(self, company, *langs):
        """Return the first of ``langs`` that is active, else the company's."""
        active = {code for code, _name in self.env["res.lang"].get_installed()}
        for lang in (*langs, company.partner_id.lang):
            if lang in active:
                return lang
        return "en_US"
