"""Reading a document's form the way the web client does, with all its fields."""

from lxml import etree


def read_form(record):
    """Return what the client gets when ``record``'s user opens its form.

    :raise AccessError: the form asks for something the user may not read
    """
    record.env.invalidate_all()
    view = record.get_views([(False, "form")])["views"]["form"]
    [values] = record.web_read(_specification(record, etree.fromstring(view["arch"])))
    return values


def _specification(model, node):
    """Return what ``web_read`` is asked for by the fields below ``node``."""
    wanted = {}
    for child in node:
        if child.tag != "field":
            wanted |= _specification(model, child)
            continue
        name = child.get("name")
        field = model._fields[name]
        wanted[name] = {}
        if field.type == "many2one":
            wanted[name]["fields"] = {"display_name": {}}
        elif field.relational:
            lines = model.env[field.comodel_name]
            wanted[name]["fields"] = _specification(lines, child)
    return wanted
