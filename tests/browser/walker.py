"""Somebody at the browser: looks, presses with the mouse, types, logs in and out.

A press goes to the middle of what shows there, as a hand's does: what is covered,
switched off, still moving or off the screen cannot be pressed. Nothing waits for a
length of time; everything waits for what has to be seen next.
"""

import json
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from tests.common.server import OdooServer
from tools.browser import BrowserError, Page
from tools.environment.paths import LOGS

PATIENCE = 60
PHONE = (375, 740)
DESK = (1366, 900)
# The elements that show, hold a text and lie in one that holds another text.
SHOWN = """(selector, text, around, name) => {
    const found = (root, selector, text) =>
        [...root.querySelectorAll(selector)].filter(e => {
            const box = e.getBoundingClientRect();
            const shows = box.width && box.height && e.checkVisibility(
                {visibilityProperty: true, opacityProperty: true});
            return shows && (e.innerText + ' ' + (e.value ?? '')).includes(text);
        });
    const roots = around ? found(document, around, name) : [document];
    return roots.flatMap(root => found(root, selector, text));
}"""
# Where to press, or why not; moves the element into view first.
TARGET = """(...description) => {
    const e = (SHOWN)(...description)[0];
    if (!e) return {why: 'it does not show'};
    if (e.closest('[disabled], .o_blockUI')) return {why: 'it is switched off'};
    e.scrollIntoView({block: 'center', inline: 'nearest', behavior: 'instant'});
    const box = e.getBoundingClientRect();
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    if (x < 0 || y < 0 || x >= innerWidth || y >= innerHeight)
        return {why: 'it is off the screen'};
    const top = document.elementFromPoint(x, y);
    if (!e.contains(top)) return {why: `it is under ${top?.outerHTML.slice(0, 120)}`};
    return {x, y};
}""".replace("SHOWN", SHOWN)


class Walker:
    """One person at a time before the page of one browser."""

    def __init__(self, page: Page, server: OdooServer) -> None:
        self.page = page
        self.server = server

    # Coming and going ------------------------------------------------------------

    def sit_down(self, login: str, path: str) -> None:
        """Take over from whoever sat here and open `path`; the password is the
        login."""
        base = self.server.base
        # not by a page of Odoo: its icon is fetched by and by, and would bring the
        # session of nobody
        session = self.server.log_in(login, login)
        self.page.call("Page.navigate", url="about:blank")
        self.page.call(
            "Storage.clearDataForOrigin",
            origin=base,
            storageTypes="cookies,local_storage,indexeddb",
        )
        for cookie in session.cookies:
            self.page.call(
                "Network.setCookie", url=base, name=cookie.name, value=cookie.value
            )
        self.page.pending.clear()
        try:
            self.page.call("Page.navigate", url=base + path)
        except BrowserError as error:  # anybody would press again, once
            print(f"{error}\n{self.server.doings()}")
            self.page.call("Page.navigate", url=base + path)

    def hold(self, size: tuple[int, int]) -> None:
        """Go on at a screen of this size; a narrow one is a phone's."""
        width, height = size
        is_phone = width < 768
        self.page.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=is_phone,
        )
        self.page.call("Emulation.setTouchEmulationEnabled", enabled=is_phone)

    # Looking ---------------------------------------------------------------------
    # An element is described by a CSS selector and a text in it, and perhaps by the
    # selector of one around it and a text in that.

    def sees(self, *element: str) -> None:
        """Wait until the element shows."""
        self._wait(lambda: None if self.count(*element) else "missing", element)

    def gone(self, *element: str) -> None:
        """Wait until no such element shows any more."""
        self._wait(lambda: None if self.count(*element) == 0 else "there", element)

    def count(self, *element: str) -> int | None:
        """Return how many such elements show at this moment."""
        return self._ask(f"({SHOWN})({_arguments(element)}).length")

    def boxes(self, *element: str) -> list[dict]:
        """Return the places of the elements that show: x, y, width and height."""
        return self._ask(
            f"({SHOWN})({_arguments(element)})"
            ".map(e => e.getBoundingClientRect().toJSON())"
        )

    def overflow(self) -> int:
        """Return by how many pixels the page is wider than the screen."""
        return self._ask("document.documentElement.scrollWidth - innerWidth")

    # Doing -----------------------------------------------------------------------

    def press(self, *element: str) -> None:
        """Press the middle of the first such element once it keeps still."""
        last: dict = {}

        def obstacle() -> str | None:
            nonlocal last
            before = last
            last = self._ask(f"({TARGET})({_arguments(element)})") or {}
            if "x" not in last:
                return last.get("why", "the page changes")
            return None if last == before else "it moves"

        self._wait(obstacle, element)
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            self.page.call(
                "Input.dispatchMouseEvent",
                type=kind,
                x=last["x"],
                y=last["y"],
                button="none" if kind == "mouseMoved" else "left",
                clickCount=0 if kind == "mouseMoved" else 1,
            )

    def type(self, selector: str, text: str) -> None:
        """Replace what stands in an input."""
        self._focus(selector)
        self._ask(f"document.querySelector({json.dumps(selector)}).select()")
        self.page.call("Input.insertText", text=text)

    def _focus(self, selector: str) -> None:
        """Press an input until it has the focus: a form that is drawn anew takes it."""

        def problem() -> str | None:
            if self.count(f"{selector}:focus"):
                return None
            self.press(selector)
            return None if self.count(f"{selector}:focus") else "not focused"

        self._wait(problem, [selector])

    def choose(self, field: str, text: str) -> None:
        """Pick a record from what a field offers."""
        self.press(f".o_field_widget[name={field}] input")
        item = ".o-autocomplete--dropdown-item:not(.o_m2o_dropdown_option)"
        self.press(item, text)
        self.gone(".o-autocomplete--dropdown-menu")

    def pick(self, dialog: str, field: str, text: str) -> None:
        """Pick one of the choices of a field; `dialog` is what the field lies in."""
        self.press(f"{dialog} .o_field_widget[name={field}] .o_select_menu_toggler")
        self.press(".o_select_menu_item", text)
        self.gone(".o_select_menu_item")

    def type_day(self, selector: str, day: date) -> None:
        """Type a day into a browser's own input for days, part by part."""
        self._focus(selector)
        for _part in range(3):
            self._key("ArrowLeft")
        for digit in f"{day:%m%d%Y}":  # as the browser's own language has it
            self._key(digit, digit)

    def _key(self, key: str, text: str = "") -> None:
        self.page.call(
            "Input.dispatchKeyEvent",
            type="keyDown" if text else "rawKeyDown",
            key=key,
            code=key if not text else f"Digit{text}",
            windowsVirtualKeyCode=ord(text) if text else 37,
            text=text,
        )
        self.page.call("Input.dispatchKeyEvent", type="keyUp", key=key)

    def sign(self, name: str) -> None:
        """Sign in the portal by name; Odoo draws the signature from it."""
        self.type(".o_web_sign_name_input", name)
        self.press(".o_portal_sign_submit:not([disabled])")

    def upload(self, selector: str, file: Path) -> None:
        """Choose a file in an input for files, which need not show."""
        shown = f"document.querySelector({json.dumps(selector)})"
        self._wait(
            lambda: None if self._ask(f"Boolean({shown})") else "missing", (selector,)
        )
        found = self.page.call("Runtime.evaluate", expression=shown)
        self.page.call(
            "DOM.setFileInputFiles",
            files=[str(file)],
            objectId=found["result"]["objectId"],
        )

    # Waiting ---------------------------------------------------------------------

    def _ask(self, expression: str):
        """Ask the page; None while it goes from one document to the next."""
        try:
            return self.page.evaluate(expression)
        except BrowserError:
            return None

    def _wait(self, obstacle: Callable[[], str | None], element: Sequence[str]) -> None:
        """Wait until nothing is in the way; keeps a picture of what was."""
        deadline = time.monotonic() + PATIENCE
        while why := obstacle():
            if time.monotonic() > deadline:
                picture = LOGS / "browser-walk.png"
                self.page.screenshot(picture)
                said = "\n".join(self.page.console)
                raise BrowserError(
                    f"{' | '.join(element)}: {why} after {PATIENCE} s, see {picture}"
                    f"\n{said}"
                )
            time.sleep(0.05)


def _arguments(element: Sequence[str]) -> str:
    """Return the description of an element as JavaScript arguments."""
    selector, text, around, name = (*element, *[""] * (4 - len(element)))
    return ", ".join(json.dumps(value) for value in (selector, text, around, name))
