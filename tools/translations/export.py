"""What Odoo itself finds translatable in an installed add-on."""

import io
from pathlib import Path

import polib

from odoo.tools.translate import trans_export

HEADER = {
    "Project-Id-Version": "Odoo Server 19.0",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "",
}


def template(env, addon: str) -> polib.POFile:
    """Return the add-on's template as its sources and database make it now."""
    buffer = io.BytesIO()
    trans_export(None, [addon], buffer, "po", env)
    exported = polib.pofile(buffer.getvalue().decode() or "msgid ''\nmsgstr ''\n")
    result = polib.POFile()
    result.header = f"Translation of the module {addon}."
    result.metadata = dict(HEADER)
    tests = f"code:addons/{addon}/tests/"
    for entry in exported:
        if not all(where.startswith(tests) for where, _line in entry.occurrences):
            result.append(entry)
    return result


def write(path: Path, content: polib.POFile) -> bool:
    """Write the file if its content changed; tell whether it did."""
    content.wrapwidth = 78
    text = str(content)
    if not text.endswith("\n"):
        text += "\n"
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return True


def merged(template_file: polib.POFile, old: polib.POFile | None) -> polib.POFile:
    """Return the template's terms with the translations there are already.

    A term that changed keeps no guess: it comes back empty, to be translated.
    """
    known = {entry.msgid: entry for entry in old or ()}
    result = polib.POFile()
    result.header = template_file.header
    result.metadata = {**template_file.metadata}
    for entry in template_file:
        before = known.get(entry.msgid)
        result.append(
            polib.POEntry(
                msgid=entry.msgid,
                msgstr=before.msgstr if before else "",
                comment=entry.comment,
                tcomment=before.tcomment if before else "",
                occurrences=entry.occurrences,
            )
        )
    return result
