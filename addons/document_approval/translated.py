"""Translated texts of records as plain data, and back."""


def export_names(record, field):
    """Return {language code: text} of a translated field, English and all installed."""
    installed = [code for code, _name in record.env["res.lang"].get_installed()]
    return {
        lang: record.with_context(lang=lang)[field] or ""
        for lang in dict.fromkeys(["en_US", *installed])
    }


def import_names(record, field, names):
    """Translate a field into the installed languages among ``names``.

    English has been written already; what has no text stays English.
    """
    installed = {code for code, _name in record.env["res.lang"].get_installed()}
    texts = {
        lang: text
        for lang, text in names.items()
        if lang in installed and lang != "en_US"
    }
    if texts:
        record.update_field_translations(field, texts)
