"""Every row of the matrix, by everybody it names, at every stage it names."""

from odoo.tests import tagged

from . import matrix, matrix_people
from .common import AttackCommon


@tagged("standard", "post_install", "-at_install")
class TestMatrix(AttackCommon):
    """What was approved is what is confirmed, whoever tries whatever."""

    def test_confirming_without_approval(self):
        self._run(matrix.CONFIRMING)

    def test_going_back_without_cancelling(self):
        self._run(matrix.UNCONFIRMING)

    def test_changing_what_was_approved(self):
        self._run(matrix.CONTENT)

    def test_forging_the_approval(self):
        self._run(matrix.FORGING)

    def test_deciding_without_being_asked(self):
        self._run(matrix.DECIDING)

    def test_changing_the_set_up(self):
        self._run(matrix.SETTING_UP)

    def test_what_happens_around_an_order(self):
        self._run(matrix.AROUND)

    # In whose place, called in, in an emergency

    def test_standing_in_for_somebody(self):
        self._run(matrix_people.STANDING_IN)

    def test_calling_in_and_asking(self):
        self._run(matrix_people.CALLING_IN)

    def test_releasing_in_an_emergency(self):
        self._run(matrix_people.RELEASING)

    def test_forging_answers_and_people(self):
        self._run(matrix_people.FORGING)

    def test_reading_what_concerns_others(self):
        self._run(matrix_people.READING)

    def test_changing_the_set_up_of_people(self):
        self._run(matrix_people.SETTING_UP)
