from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .sale_answer_kept import WAYS

STATES = [
    ("draft", "Draft"),
    ("sent", "Sent"),
    ("objected", "Objected"),
    ("confirmed", "Confirmed"),
    ("cancelled", "Cancelled"),
]


class SaleRequirementList(models.Model):
    """Customer requirement list (客户需求清单): what a customer needs (SPEC A7).

    A draft can be edited. Sending it freezes a version with a fingerprint, which the
    customer confirms or objects to; a change makes the next version and asks anew.
    """

    _name = "sale.requirement.list"
    _inherit = ["sale.asked.document", "document.approval.home.mixin"]
    _description = "Customer Requirement List"
    _order = "id desc"
    _check_company_auto = True

    _system_fields = frozenset(
        {
            "name",
            "state",
            "version",
            "version_id",
            "version_ids",
            "answer_ids",
            "answered_on",
            "answered_by",
            "answered_way",
            "revision",
        }
    )
    #: what the customer is asked about: only drafts change
    _content_fields = frozenset(
        {"company_id", "partner_id", "contact_id", "note", "line_ids"}
    )

    # identity
    name = fields.Char(string="Number", readonly=True, copy=False, index="trigram")
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    # parties
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    contact_id = fields.Many2one(
        comodel_name="res.partner",
        string="Contact Person",
        compute="_compute_contact_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('id', 'child_of', partner_id)]",
        help="Who confirms for the customer; the mail goes to him.",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Salesperson",
        default=lambda self: self.env.user,
        index="btree_not_null",
        domain=[("share", "=", False)],
        check_company=True,
        tracking=True,
    )
    lang = fields.Char(compute="_compute_lang")
    # content
    line_ids = fields.One2many(
        comodel_name="sale.requirement.line",
        inverse_name="list_id",
        string="Requirements",
        copy=True,
        groups="base.group_user",
    )
    note = fields.Text(
        string="Remarks", help="The customer reads this.", groups="base.group_user"
    )
    # state
    state = fields.Selection(
        selection=STATES,
        default="draft",
        required=True,
        readonly=True,
        index=True,
        copy=False,
        tracking=True,
        group_expand=True,
    )
    version = fields.Integer(
        readonly=True, copy=False, default=1, aggregator=None, help="Of the content."
    )
    version_ids = fields.One2many(
        comodel_name="sale.requirement.version",
        inverse_name="list_id",
        string="Versions",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    version_id = fields.Many2one(
        comodel_name="sale.requirement.version",
        string="Version the Customer Has",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        groups="base.group_user",
    )
    content_hash = fields.Char(
        related="version_id.content_hash", groups="base.group_user"
    )
    mail_state = fields.Selection(
        related="version_id.state", string="Mail", groups="base.group_user"
    )
    answered_on = fields.Datetime(readonly=True, copy=False)
    answered_by = fields.Char(readonly=True, copy=False)
    answered_way = fields.Selection(
        selection=WAYS,
        string="How Answered",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    answer_ids = fields.One2many(
        comodel_name="sale.requirement.answer",
        inverse_name="list_id",
        string="Answers",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    # order
    order_id = fields.Many2one(
        comodel_name="sale.order",
        string="Sales Order",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        groups="base.group_user",
    )

    @api.depends("partner_id")
    def _compute_contact_id(self):
        for document in self:
            customer = document.partner_id
            if document.contact_id.commercial_partner_id != (
                customer.commercial_partner_id
            ):
                document.contact_id = customer

    @api.depends("contact_id", "partner_id", "company_id")
    def _compute_lang(self):
        for document in self:
            document.lang = self._get_active_lang(
                document.company_id, document.contact_id.lang, document.partner_id.lang
            )

    @api.depends("name", "version", "partner_id")
    def _compute_display_name(self):
        for document in self:
            document.display_name = (
                document.name
                if document.version < 2
                else f"{document.name} v{document.version}"
            )

    def _compute_access_url(self):
        result = super()._compute_access_url()
        for document in self:
            document.access_url = f"/my/requirement-lists/{document.id}"
        return result

    @api.constrains("partner_id", "contact_id")
    def _check_contact(self):
        for document in self:
            contact, customer = document.contact_id, document.partner_id
            if contact and (
                contact.commercial_partner_id != customer.commercial_partner_id
            ):
                raise UserError(
                    self.env._(
                        "%(contact)s does not belong to %(customer)s.",
                        contact=contact.display_name,
                        customer=customer.display_name,
                    )
                )

    # Guard ------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Number the lists; they begin as drafts.

        :raise AccessError: naming a field that only the system writes
        """
        for vals in vals_list:
            self._refuse_system(vals)
        orders = [vals.get("order_id") for vals in vals_list]
        documents = super().create([{**vals, "order_id": False} for vals in vals_list])
        for document, order_id in zip(documents, orders, strict=True):
            if order_id:  # held against the rules of linking
                document.write({"order_id": order_id})
            numbers = self.env["ir.sequence"].with_company(document.company_id)
            number = numbers.next_by_code(self._name) or self.env._("New")
            document._write_system({"name": number})
        return documents

    def write(self, vals):
        """Refuse what the system keeps, and to change what the customer was asked.

        :raise AccessError: naming the field
        :raise UserError: when the list is no draft
        """
        self._refuse_system(vals)
        if self._content_fields.intersection(vals):
            self._check_draft()
        if "order_id" in vals:
            self._check_linkable(vals["order_id"])
        return super().write(vals)

    def _write_system(self, vals):
        # sudo: states are moved by methods, which have checked who may
        return super(SaleRequirementList, self.sudo()).write(vals)

    @api.model
    def _refuse_system(self, vals):
        for name in sorted(self._system_fields.intersection(vals)):
            raise AccessError(
                self.env._(
                    "%(field)s of a requirement list is kept by the system.",
                    field=self._fields[name]._description_string(self.env),
                )
            )

    def _check_draft(self):
        """:raise UserError: saying what to do instead, for what was sent"""
        self._bump()
        for document in self.sudo():  # sudo: the stored state, whoever writes
            if document.state != "draft":
                raise UserError(
                    self.env._(
                        "%(list)s was sent to the customer. Press “New Version” to "
                        "change it; the customer is then asked again.",
                        list=document.display_name,
                    )
                )

    @api.ondelete(at_uninstall=True)
    def _unlink_never(self):
        """Keep what the customer has seen."""
        for document in self.sudo():  # sudo: versions, whoever deletes
            if document.version_ids or document.state != "draft":
                raise UserError(
                    self.env._(
                        "%(list)s was sent to the customer and is kept. Cancel it "
                        "instead.",
                        list=document.display_name,
                    )
                )

    def action_preview(self):
        """Open the page the customer sees."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_url", "target": "self", "url": self.access_url}
