"""Every row of the matrix about what comes in with orders, and what goes out."""

from odoo.tests import tagged

from . import matrix_intake
from .common_intake import IntakeCommon


@tagged("standard", "post_install", "-at_install")
class TestMatrixIntake(IntakeCommon):
    """What came in is kept as it came; what goes out is what was approved."""

    def test_losing_and_changing_originals(self):
        self._run(matrix_intake.ORIGINALS)

    def test_reading_what_is_kept_from_others(self):
        self._run(matrix_intake.READING)

    def test_importing_past_the_import(self):
        self._run(matrix_intake.IMPORTING)

    def test_changing_and_forging_letters(self):
        self._run(matrix_intake.LETTERS)

    def test_finishing_and_reading_tasks(self):
        self._run(matrix_intake.TASKS)

    def test_sending_before_the_approval(self):
        self._run(matrix_intake.SENDING)

    def test_choosing_ones_own_limits(self):
        self._run(matrix_intake.SETTING_UP)
