"""Statements in parts: each becomes a table that lasts as long as the transaction."""

import re

_PART = re.compile(r"(\w+) AS (?:MATERIALIZED )?\(\n(.*?)\n    \)", re.DOTALL)


def tables(text):
    """Return ``{name: query}`` of a text of parts, in their order.

    :param str text: written as the parts of a ``WITH``: ``name AS (``, the query
        indented by eight, and the closing parenthesis by four
    """
    return dict(_PART.findall(text))
