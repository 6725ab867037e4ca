"""A plugin of pytest: Odoo's registry is not looked through for garbage, over and over.

It is some million objects that live as long as the process. Whatever tests leave behind
is still collected, in larger portions.
"""

import gc
from collections.abc import Iterator

import pytest

#: objects that are made before the youngest ones are looked at; Python waits for 700
PORTION = 50_000


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Iterator[object]:
    """Collect the tests, and set aside all there is when that is done."""
    found = yield
    gc.collect()
    gc.freeze()
    gc.set_threshold(PORTION, 20, 100)
    return found
