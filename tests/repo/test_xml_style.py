"""The check of XML files sees what it should."""

import pytest

from tools import xml_style

GOOD = """<?xml version="1.0" encoding="utf-8"?>
<odoo>
    <record
        id="a"
        model="b"
    >
        <field name="arch" type="xml">
            <list><field name="c"/></list>
        </field>
    </record>
</odoo>
"""


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("</odoo>", "", "does not parse"),
        ("    <record", "  <record", "indented by 2"),
        ('        <field name="arch"', '\t<field name="arch"', "tab"),
        ("</record>", "</record>  ", "spaces at the end"),
        ("</odoo>\n", "</odoo>", "line break"),
    ],
)
def test_problems_are_found(tmp_path, old, new, problem):
    path = tmp_path / "a.xml"
    path.write_text(GOOD)
    assert xml_style.check(path) == []
    path.write_text(GOOD.replace(old, new, 1))
    assert any(problem in found for found in xml_style.check(path))
