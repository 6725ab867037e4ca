from odoo import api, fields, models

#: component: model of the documents it is made of
_MODELS = {
    "receivable": "account.move.line",
    "overdue": "account.move.line",
    "ordered": "sale.order",
    "online": "payment.transaction",
    "extra": "customer.credit.extra.account",
    "limit": "customer.credit.entitlement",
}


class CustomerCreditItem(models.TransientModel):
    """A document behind a figure, for those who may see the figure.

    Number, dates and amount only; the document opens with the reader's own rights.
    """

    _name = "customer.credit.item"
    _description = "Document Behind a Figure"
    _order = "date_due, date, id"
    _rec_name = "name"

    account_id = fields.Many2one(
        comodel_name="customer.credit.account",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    currency_id = fields.Many2one(related="account_id.currency_id")
    name = fields.Char(string="Document", readonly=True)
    date = fields.Date(readonly=True)
    date_due = fields.Date(string="Due", readonly=True)
    amount = fields.Monetary(readonly=True)
    is_overdue = fields.Boolean(readonly=True)
    res_model = fields.Char(readonly=True)
    res_id = fields.Integer(readonly=True)
    can_open = fields.Boolean(compute="_compute_can_open")

    @api.depends("res_model", "res_id")
    @api.depends_context("uid")
    def _compute_can_open(self):
        for model, items in self.grouped("res_model").items():
            records = self.env[model].with_user(self.env.user)
            readable = set()
            if records.has_access("read"):
                readable = set(
                    records.with_context(active_test=False)
                    .search([("id", "in", items.mapped("res_id"))])
                    .ids
                )
            for item in items:
                item.can_open = item.res_id in readable

    @api.model
    def _show(self, account, component, rows=None, day=None):
        """Make the rows of a figure; only after access to the account was checked.

        :param rows: ``[(document id, amount, due)]``; what it is made of by default
        :param day: what was due before it is overdue; today by default
        :return: rows, which belong to the user of the environment
        """
        # sudo: who may read the account may see what its figures are made of
        account_sudo = account.sudo()
        if rows is None and component == "limit":
            rows = account_sudo._get_limit_items()
        elif rows is None:
            rows = self.env["customer.credit.exposure"]._get_items(
                account_sudo.company_id, account_sudo.partner_id, component
            )
        model = _MODELS[component]
        documents_sudo = self.env[model].sudo().browse([row[0] for row in rows])
        day = day or account_sudo._get_today(account_sudo.company_id)
        return self.sudo().create(
            [
                {
                    "account_id": account_sudo.id,
                    "res_model": model,
                    "res_id": document.id,
                    "amount": amount,
                    "date_due": due,
                    "is_overdue": bool(due and due < day and amount > 0),
                    **self._prepare_document_values(document),
                }
                for document, (_id, amount, due) in zip(
                    documents_sudo, rows, strict=True
                )
            ]
        )

    @api.model
    def _prepare_document_values(self, document):
        """Return number and date of a document."""
        match document._name:
            case "account.move.line":
                return {"name": document.move_name, "date": document.date}
            case "sale.order":
                return {"name": document.name, "date": document.date_order}
            case "payment.transaction":
                return {"name": document.reference, "date": document.create_date}
            case "customer.credit.entitlement":
                kinds = dict(document._fields["kind"]._description_selection(self.env))
                words = filter(None, (kinds[document.kind], document.reference))
                return {"name": " · ".join(words), "date": document.date_from}
        return {"name": document.account_id.display_name}

    def action_open_document(self):
        """Open the document with the reader's own rights."""
        self.ensure_one()
        model, res_id = self.res_model, self.res_id
        if model == "customer.credit.extra.account":
            return self._open_extra()
        if model == "account.move.line":
            line = self.env[model].browse(res_id)
            line.check_access("read")
            model, res_id = "account.move", line.move_id.id
        return {
            "type": "ir.actions.act_window",
            "res_model": model,
            "res_id": res_id,
            "view_mode": "form",
        }

    def _open_extra(self):
        """Show the entries of an extra account."""
        extra = self.env["customer.credit.extra.account"].browse(self.res_id)
        extra.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "account.move.line",
            "view_mode": "list,form",
            "domain": [
                ("account_id", "=", extra.account_id.id),
                ("parent_state", "=", "posted"),
                (
                    "partner_id.commercial_partner_id",
                    "=",
                    self.account_id.partner_id.id,
                ),
            ],
        }
