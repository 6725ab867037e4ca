"""Commands write parts of pages, and nothing else of them."""

from tools.pages import put_into


def test_page_keeps_what_others_wrote(tmp_path):
    """Only what is between the marks is replaced."""
    page = tmp_path / "page.md"
    put_into(page, "load", "one", heading="# Reliability\n")
    page.write_text(f"Before\n{page.read_text()}After\n")
    put_into(page, "other", "three")
    put_into(page, "load", "two")
    text = page.read_text()
    assert text.startswith("Before\n# Reliability")
    assert "begin -->\ntwo\n<!-- load: end -->\nAfter\n" in text
    assert text.endswith("<!-- other: begin -->\nthree\n<!-- other: end -->\n")
