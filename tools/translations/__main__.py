"""Make the templates of the add-ons anew and bring the languages up to date.

    scripts/python -m tools.translations [--database NAME] [ADDON ...]

Without a database, one is prepared with all add-ons. Terms without a translation are
left empty and counted, so that a translator sees what to do.
"""

import argparse

import polib

import odoo.tools
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry

from tools import templates
from tools.environment.paths import ADDONS, ROOT

from . import LANGUAGES, export


def update(env: api.Environment, addon: str) -> None:
    """Rewrite one add-on's files."""
    folder = ADDONS / addon / "i18n"
    template = export.template(env, addon)
    files = {folder / f"{addon}.pot": template}
    for language in LANGUAGES:
        path = folder / f"{language}.po"
        old = polib.pofile(str(path)) if path.exists() else None
        files[path] = export.merged(template, old)
        files[path].metadata["Language"] = language
    for path, content in files.items():
        state = "changed" if export.write(path, content) else "unchanged"
        missing = len(content.untranslated_entries())
        note = f", {missing} terms to translate" if path.suffix == ".po" else ""
        print(f"{path.relative_to(ROOT)}: {state}, {len(content)} terms{note}")


def main() -> None:
    """Update the add-ons that were named, or all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--database")
    parser.add_argument("addons", nargs="*")
    options = parser.parse_args()
    database = options.database or templates.ensure(with_addons=True)
    odoo.tools.config.parse_config(
        ["--database", database, "--no-http", "--log-level=error"], setup_logging=True
    )
    with Registry(database).cursor(readonly=True) as cursor:
        env = api.Environment(cursor, SUPERUSER_ID, {})
        for addon in options.addons or templates.addons():
            update(env, addon)


if __name__ == "__main__":
    main()
