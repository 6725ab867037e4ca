"""A headless Chromium, driven over its debugging protocol."""

import base64
import contextlib
import itertools
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import websocket

from tools.environment.system_packages import browser as find_browser

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--disable-sync",
    "--no-default-browser-check",
    "--no-first-run",
    "--hide-scrollbars",
)
#: seconds to wait for an answer of the browser
PATIENCE = 90
# The page has loaded, the client started, nothing is being fetched, no spinner.
IDLE = """(() => {
    const has = selector => !!document.querySelector(selector);
    if (document.readyState !== 'complete') return false;
    if (has('.o_blockUI, .o_loading_indicator')) return false;
    return !has('script[src*="assets_web"]') || has('.o_action_manager > *');
})()"""


class BrowserError(Exception):
    """The browser did not do what was asked."""


def free_port() -> int:
    """Return a TCP port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def open_page(width: int = 1366, height: int = 900) -> Iterator["Page"]:
    """Start a browser with a fresh profile and yield its page."""
    program = find_browser()
    if not program:
        raise BrowserError("no Chromium here; as root: apt-get install chromium")
    profile = Path(tempfile.mkdtemp(prefix="browser-"))
    port = free_port()
    process = subprocess.Popen(
        [
            program,
            *FLAGS,
            f"--remote-debugging-port={port}",
            f"--remote-allow-origins=http://127.0.0.1:{port}",
            f"--user-data-dir={profile}",
            f"--window-size={width},{height}",
            "about:blank",
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "TMPDIR": str(profile)},
        start_new_session=True,
    )
    try:
        page = Page(_debugging_address(port))
        page.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )
        yield page
        page.close()
    finally:
        # The browser's children write into the profile as long as they live.
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)
        shutil.rmtree(profile, ignore_errors=True)


def _debugging_address(port: int, timeout: float = 30) -> str:
    """Wait for the browser and return the address of its first page."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/json") as answer:
                pages = [tab for tab in json.load(answer) if tab["type"] == "page"]
        except OSError:
            pages = []
        if pages:
            return pages[0]["webSocketDebuggerUrl"]
        time.sleep(0.1)
    raise BrowserError("the browser did not start")


class Page:
    """One tab: go somewhere, click, type, ask, take a picture."""

    def __init__(self, address: str) -> None:
        self.socket = websocket.create_connection(address, timeout=PATIENCE)
        self.numbers = itertools.count(1)
        self.console: list[str] = []
        #: what is being fetched: the number of each request and its address
        self.pending: dict[str, str] = {}
        for domain in ("Page", "Runtime", "Network"):
            self.call(f"{domain}.enable")

    def close(self) -> None:
        """Leave the page; the browser goes on."""
        self.socket.close()

    def call(self, method: str, **parameters: object) -> dict:
        """Send one command of the protocol and return its result."""
        number = next(self.numbers)
        message = {"id": number, "method": method, "params": parameters}
        self.socket.send(json.dumps(message))
        while True:
            try:
                answer = json.loads(self.socket.recv())
            except websocket.WebSocketTimeoutException as error:
                asked = ", ".join(map(str, parameters.values()))
                raise BrowserError(
                    f"{method} {asked}: no answer after {PATIENCE} s; being fetched: "
                    f"{', '.join(self.pending.values()) or 'nothing'}"
                ) from error
            if answer.get("id") == number:
                if "error" in answer:
                    raise BrowserError(f"{method}: {answer['error']['message']}")
                return answer["result"]
            self._note(answer)

    def _note(self, event: dict) -> None:
        """Keep what the page says on its console, and what it is fetching."""
        method, parameters = event.get("method", ""), event.get("params", {})
        if method == "Runtime.consoleAPICalled" and parameters["type"] == "error":
            values = [str(a.get("value", "")) for a in parameters["args"]]
            self.console.append(" ".join(values))
        elif method == "Runtime.exceptionThrown":
            details = parameters["exceptionDetails"]
            thrown = details.get("exception", {}).get("description", details["text"])
            self.console.append(thrown)
        elif method == "Network.requestWillBeSent":
            if not self._lasts(parameters):
                url = parameters["request"]["url"]
                self.pending[parameters["requestId"]] = url
        elif method in ("Network.loadingFinished", "Network.loadingFailed"):
            self.pending.pop(parameters["requestId"], None)

    @staticmethod
    def _lasts(parameters: dict) -> bool:
        url = parameters["request"]["url"]
        return "/websocket" in url or "/bus/" in url or url.startswith("data:")

    def evaluate(self, expression: str) -> object:
        """Return the value of a JavaScript expression; promises are awaited."""
        result = self.call(
            "Runtime.evaluate",
            expression=expression,
            returnByValue=True,
            awaitPromise=True,
        )
        if "exceptionDetails" in result:
            details = result["exceptionDetails"]
            raise BrowserError(
                details.get("exception", {}).get("description", details["text"])
            )
        return result["result"].get("value")

    def go(self, url: str, timeout: float = 60) -> None:
        """Open `url` and wait until the page is idle."""
        self.pending.clear()
        self.call("Page.navigate", url=url)
        self.wait_idle(timeout)

    def wait_idle(self, timeout: float = 60) -> None:
        """Wait until nothing was fetched for a moment and no spinner turns."""
        quiet_since = None
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            time.sleep(0.1)
            try:
                idle = self.evaluate(IDLE) and not self.pending
            except BrowserError:
                idle = False  # between two documents
            if not idle:
                quiet_since = None
            elif quiet_since is None:
                quiet_since = time.monotonic()
            elif time.monotonic() - quiet_since > 0.6:
                return
        raise BrowserError(f"the page is not idle after {timeout} s: {self.pending}")

    def wait_for(self, selector: str, timeout: float = 30) -> None:
        """Wait until an element of this CSS selector shows."""
        test = f"!!document.querySelector({json.dumps(selector)})"
        deadline = time.monotonic() + timeout
        while not self.evaluate(test):
            if time.monotonic() > deadline:
                raise BrowserError(f"no element {selector} after {timeout} s")
            time.sleep(0.1)

    def click(self, selector: str) -> None:
        """Click an element, and wait until what it starts is over."""
        self.wait_for(selector)
        self.evaluate(
            f"(e => {{ e.scrollIntoView({{block: 'center'}}); e.click(); }})"
            f"(document.querySelector({json.dumps(selector)}))"
        )
        self.wait_idle()

    def fill(self, selector: str, text: str) -> None:
        """Put `text` into an input as if it were typed."""
        self.wait_for(selector)
        self.evaluate(f"document.querySelector({json.dumps(selector)}).focus()")
        self.evaluate(f"document.querySelector({json.dumps(selector)}).select?.()")
        self.call("Input.insertText", text=text)

    def text(self, selector: str = "body") -> str:
        """Return the visible text of an element."""
        return str(
            self.evaluate(
                f"document.querySelector({json.dumps(selector)})?.innerText ?? ''"
            )
        )

    def log_in(self, base: str, login: str, password: str) -> None:
        """Log in at the Odoo under `base`."""
        self.go(f"{base}/web/login?redirect=/odoo/discuss")
        self.fill("input[name=login]", login)
        self.fill("input[name=password]", password)
        self.evaluate("document.querySelector('.oe_login_form').submit()")
        time.sleep(0.3)
        self.wait_idle()
        if self.evaluate("!!document.querySelector('.oe_login_form .alert-danger')"):
            raise BrowserError(f"Odoo does not accept the login {login}")

    def screenshot(self, path: Path, full: bool = False) -> None:
        """Save a PNG of what shows, or of the whole page."""
        picture = self.call(
            "Page.captureScreenshot", format="png", captureBeyondViewport=full
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(picture["data"]))
