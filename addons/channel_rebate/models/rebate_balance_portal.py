from odoo import api, fields, models


class RebateBalance(models.Model):
    """What a customer reads about its own rebates in the portal (SPEC M3).

    Only what is named here leaves for the portal: no remarks of our people.
    """

    _inherit = "rebate.balance"

    @api.model
    def _rebate_of_user(self, user, company):
        """Return the balances of the company a portal user belongs to, as sudo.

        Those that run, then those to come, then those that are over and have figures;
        of programmes that are not archived.
        """
        today = fields.Date.context_today(self)
        # sudo: customers read no balances; these are their own
        balances_sudo = self.sudo()
        if user._is_public():
            return balances_sudo.browse()
        return balances_sudo.search(
            [
                ("partner_id", "=", user.sudo().partner_id.commercial_partner_id.id),
                ("company_id", "=", company.sudo().root_id.id),
                ("programme_id.active", "=", True),
                "|",
                ("has_figures", "=", True),
                ("date_to", ">=", today),
            ],
            order="date_from desc, id desc",
        ).sorted(lambda b: (b.date_to < today, b.date_from > today))

    def _prepare_portal_values(self):
        """Return what the page shows of this balance; call as sudo. Hook."""
        self.ensure_one()
        return {
            "url": f"/my/rebates/{self.id}",
            "name": self.programme_id.name,
            "date_from": self.date_from,
            "date_to": self.date_to,
            "currency": self.currency_id,
            "ordered": self.ordered_amount,
            "invoiced": self.invoiced_amount,
            "cash": self.cash_amount,
            "provisional": self.provisional_amount,
            "earned": self.earned_amount,
            "releasable": self.releasable_amount,
            "released": self.released_amount,
            "target": self.target,
            "target_share": round(self.target_share),
            "executed_share": round(self.executed_share),
            "paid_share": round(self.paid_share),
            "position": self._get_position() if self.version_id else False,
            "rules": self._get_portal_rules(),
        }

    def _get_portal_rules(self):
        """Return in words what counts, without what only concerns others."""
        self.ensure_one()
        version = self.version_id
        if not version:
            return []
        return [
            *version._summarise_base(),
            *version._summarise_limits(),
            *version._summarise_release(),
        ]

    def _prepare_portal_sources(self):
        """Return the documents the figures rest on, newest first; call as sudo.

        :return: dict with ``orders``, ``invoices`` and ``credits``: lists of dicts
        """
        self.ensure_one()
        groups = self.env["rebate.ledger"]._read_group(
            [("balance_id", "=", self.id), ("version_id", "=", self.version_id.id)],
            ["source_kind", "document_id"],
            ["ordered:sum", "delivered:sum", "invoiced:sum", "cash:sum", "date:max"],
        )
        rows = {"o": [], "i": []}
        for kind, document_id, ordered, delivered, invoiced, cash, date in groups:
            amount, done = (ordered, delivered) if kind == "o" else (invoiced, cash)
            if round(amount, 2):
                rows[kind].append(
                    {"id": document_id, "date": date, "amount": amount, "done": done}
                )
        self._name_portal_documents(rows["o"], "sale.order", "/my/orders/%s")
        self._name_portal_documents(rows["i"], "account.move", "/my/invoices/%s")
        return {
            "orders": rows["o"],
            "invoices": rows["i"],
            "credits": self._get_portal_credits(),
        }

    def _name_portal_documents(self, rows, model, url):
        """Add number and address; a document of another customer has no address."""
        documents = self.env[model].browse(row["id"] for row in rows).exists()
        by_id = {document.id: document for document in documents}
        for row in rows:
            document = by_id.get(row["id"])
            is_own = (
                document
                and document.partner_id.commercial_partner_id == self.partner_id
            )
            row["name"] = document.name if document else ""
            row["url"] = url % document.id if is_own else False
        rows.sort(key=lambda row: (row["date"], row["id"]), reverse=True)

    def _get_portal_credits(self):
        """Return the credit notes this rebate was released by."""
        lines = self.env["account.move.line"]._read_group(
            [
                ("rebate_balance_id", "=", self.id),
                ("parent_state", "=", "posted"),
                ("rebate_released", "!=", 0),
            ],
            ["move_id"],
            ["rebate_released:sum"],
            order="move_id desc",
        )
        return [
            {
                "name": move.name,
                "date": move.invoice_date or move.date,
                "amount": amount,
                "url": f"/my/invoices/{move.id}"
                if move.move_type in ("out_refund", "out_invoice")
                else False,
            }
            for move, amount in lines
        ]
