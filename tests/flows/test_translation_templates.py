"""The translation templates hold what the sources and the database say now."""

import polib

from odoo.tests import TransactionCase, tagged

from tools import templates
from tools.environment.paths import ADDONS
from tools.translations import export


@tagged("standard", "post_install", "-at_install")
class TestTranslationTemplates(TransactionCase):
    def test_templates_are_up_to_date(self):
        """`scripts/python -m tools.translations` brings them up to date."""
        for addon in templates.addons():
            with self.subTest(addon=addon):
                path = ADDONS / addon / "i18n" / f"{addon}.pot"
                noted = {entry.msgid for entry in polib.pofile(str(path))}
                current = {entry.msgid for entry in export.template(self.env, addon)}
                self.assertEqual(sorted(current - noted), [], "new in the sources")
                self.assertEqual(sorted(noted - current), [], "gone from the sources")
