from odoo.tests import BaseCase, tagged

from odoo.addons.document_approval.plan import can_all_be_filled, match_people


@tagged("post_install", "-at_install")
class TestPlan(BaseCase):
    """Different people for different seats, by moving them along."""

    def test_people_move_to_make_room(self):
        wants = [({1, 2}, 1), ({1}, 1)]
        self.assertEqual(match_people(wants), [{2}, {1}])

    def test_nobody_twice(self):
        self.assertFalse(can_all_be_filled([({1}, 1), ({1}, 1)]))
        self.assertFalse(can_all_be_filled([({1, 2}, 2), ({2, 3}, 2)]))
        self.assertTrue(can_all_be_filled([({1, 2}, 2), ({2, 3, 4}, 2)]))

    def test_nothing_needed(self):
        self.assertTrue(can_all_be_filled([(set(), 0)]))
        self.assertTrue(can_all_be_filled([]))
