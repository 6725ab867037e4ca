"""Pages of documentation that commands write parts of."""

from pathlib import Path


def put_into(page: Path, name: str, part: str, *, heading: str = "") -> None:
    """Put a part between its marks; the rest of the page stays as it is.

    :param name: of the part, in its marks, which are put at the end when missing
    :param heading: what a page begins with that is not there yet
    """
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    text = page.read_text() if page.exists() else heading
    if begin not in text:
        text = f"{text.rstrip()}\n\n{begin}\n{end}\n"
    before, _begin, rest = text.partition(begin)
    _old, _end, after = rest.partition(end)
    page.write_text(f"{before}{begin}\n{part.strip()}\n{end}{after}")
