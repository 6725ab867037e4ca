from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user


class ApprovalCommon(TransactionCase):
    """A company with departments, people and the usual flow, in enforce mode.

    Supervisor, then finance, then operations; a joint level of technical, finance
    and production when a finding names technical or production.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))
        cls.company = cls.env["res.company"].create({"name": "Approval Company"})
        cls.partner, cls.other_partner = cls.env["res.partner"].create(
            [{"name": "Customer"}, {"name": "Other customer"}]
        )
        cls.requester = cls._new_user("requester")
        cls.colleague = cls._new_user("colleague")
        cls.supervisor = cls._new_user("supervisor")
        cls.accountant = cls._new_user("accountant")
        cls.accountant_2 = cls._new_user("accountant_2")
        cls.operator = cls._new_user("operator")
        cls.technician = cls._new_user("technician")
        cls.producer = cls._new_user("producer")
        cls.manager = cls._new_user("manager")
        cls.admin = cls._new_user("admin_approval", "document_approval.group_manager")
        cls.sales = cls._new_department("sales", cls.supervisor)
        cls.finance = cls._new_department("finance", cls.accountant | cls.accountant_2)
        cls.operations = cls._new_department("operations", cls.operator)
        cls.technical = cls._new_department("technical", cls.technician)
        cls.production = cls._new_department("production", cls.producer)
        cls.management = cls._new_department("management", cls.manager)
        cls.flow = cls.env["document.approval.flow"].create(
            {
                "name": "Documents",
                "company_id": cls.company.id,
                "model_id": cls.env["ir.model"]._get_id("test.approval.document"),
                "fallback_department_id": cls.management.id,
                "level_ids": [
                    cls._level("Supervisor", 10, cls.sales),
                    cls._level("Finance", 20, cls.finance),
                    cls._level("Operations", 30, cls.operations),
                    cls._level(
                        "Joint review",
                        25,
                        cls.technical | cls.finance | cls.production,
                        participation="finding",
                    ),
                ],
            }
        )
        cls.company.document_approval_mode = "enforce"

    @classmethod
    def _new_user(cls, login, groups="base.group_user", **kwargs):
        return new_test_user(
            cls.env,
            login=login,
            groups=groups,
            name=login,
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
            **kwargs,
        )

    @classmethod
    def _new_department(cls, code, users, **values):
        return cls.env["document.approval.department"].create(
            {
                "name": code.title(),
                "code": code,
                "company_id": cls.company.id,
                "member_ids": [Command.set(users.ids)],
                **values,
            }
        )

    @classmethod
    def _level(cls, name, sequence, departments, **values):
        return Command.create(
            {
                "name": name,
                "sequence": sequence,
                "seat_ids": [
                    Command.create({"department_id": department.id})
                    for department in departments
                ],
                **values,
            }
        )

    def _new_document(self, user=None, **values):
        user = user or self.requester
        return (
            self.env["test.approval.document"]
            .with_user(user)
            .create(
                {
                    "name": "D1",
                    "company_id": self.company.id,
                    "partner_id": self.partner.id,
                    "user_id": user.id,
                    "line_ids": [
                        Command.create({"name": "Desk", "quantity": 2, "price": 10}),
                        Command.create({"name": "Chair", "quantity": 4, "price": 20}),
                    ],
                    **values,
                }
            )
        )

    def _submitted(self, **values):
        document = self._new_document(**values)
        document.action_submit_for_approval()
        return document

    def _seats(self, document):
        """Return the seats of the current round in the order of the levels."""
        seats = document.sudo().approval_round_id.seat_ids
        return seats.sorted(lambda seat: (seat.level_sequence, seat.id))

    def _seat(self, document, department):
        """Return the seat of ``department`` in the document's current round."""
        seats = document.sudo().approval_round_id.seat_ids
        return seats.filtered(lambda seat: seat.department_id == department)

    def _approve(self, document, department, user, words=None):
        self._seat(document, department).with_user(user).action_approve(words)

    def _approved(self, **values):
        """Return a document all three levels have agreed on."""
        document = self._submitted(**values)
        self._approve(document, self.sales, self.supervisor)
        self._approve(document, self.finance, self.accountant)
        self._approve(document, self.operations, self.operator)
        return document
