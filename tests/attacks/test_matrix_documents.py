"""Every row of the matrix about prices, contracts, changes and answers."""

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from . import matrix_agreed, matrix_documents, matrix_portal
from .common_documents import DocumentsCommon
from .visitor import Visitor


@tagged("standard", "post_install", "-at_install")
class TestMatrixDocuments(DocumentsCommon, HttpCase):
    """What is in force is what those concerned have agreed to, and nothing else."""

    # Any document ------------------------------------------------------------------

    def test_forging_states(self):
        self._run(matrix_documents.FORGING_STATES)

    def test_forging_new_ones(self):
        self._run(matrix_documents.FORGING_NEW_ONES)

    def test_forging_what_only_the_system_writes(self):
        self._run(matrix_documents.FORGING_FIELDS)

    def test_changing_what_was_agreed_to(self):
        self._run(matrix_documents.CONTENT)

    def test_deleting_what_was_agreed_to(self):
        self._run(matrix_documents.DELETING)

    def test_forging_what_proves_it(self):
        self._run(matrix_documents.EVIDENCE)

    def test_deciding_without_being_asked(self):
        self._run(matrix_documents.DECIDING)

    # One kind of them --------------------------------------------------------------

    def test_prices_nobody_agreed_to(self):
        self._run(matrix_agreed.PRICES)

    def test_using_more_than_was_granted(self):
        self._run(matrix_agreed.OVERDRAWING)

    def test_using_more_than_was_granted_without_approvals(self):
        self.company.document_approval_mode = "off"
        self._remember()
        self._run(matrix_agreed.OVERDRAWING_FREELY)

    def test_cancelling_confirmed_orders(self):
        self._run(matrix_agreed.CANCELLING)

    def test_changing_confirmed_orders(self):
        self._run(matrix_agreed.EDITING)

    def test_requests_nobody_agreed_to(self):
        self._run(matrix_agreed.REQUESTING)

    def test_evaluation_sheets_of_others(self):
        self._run(matrix_agreed.SHEETS)

    def test_contracts_nobody_signed(self):
        self._run(matrix_agreed.CONTRACTS)

    def test_orders_without_their_contract(self):
        self._run(matrix_agreed.BY_CONTRACT)

    def test_orders_without_their_contract_without_approvals(self):
        self.company.document_approval_mode = "off"
        self._remember()
        self._run(matrix_agreed.BY_CONTRACT_FREELY)

    def test_answers_nobody_gave(self):
        self._run(matrix_agreed.ASKING)

    def test_what_is_possible(self):
        """The matrix can fail: those concerned get through by the same routes."""
        self._run(matrix_agreed.POSSIBLE)

    # The portal --------------------------------------------------------------------

    def _caller(self, role):
        if role not in self.visitors:
            return super()._caller(role)
        name, key = self.visitors[role]
        return Visitor(self, name and self.users[name], key)

    #: who comes by the portal in this test
    visitors = {}

    def _visit(self, rows):
        self.visitors = matrix_portal.VISITORS
        with mute_logger("odoo.http", "odoo.addons.base.models.ir_rule"):
            self._run(rows)

    def test_portal(self):
        self._visit(matrix_portal.PORTAL)

    def test_what_is_possible_in_the_portal(self):
        self._visit(matrix_portal.POSSIBLE_IN_THE_PORTAL)
