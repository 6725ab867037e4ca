"""Talk to a running Odoo over HTTP, as its web client does."""

import json
import urllib.request
from http.cookiejar import CookieJar


class RpcError(Exception):
    """Odoo's answer is an error: its exception's name and its message."""

    def __init__(self, error: dict) -> None:
        data = error.get("data") or {}
        self.name = data.get("name", "")
        self.debug = data.get("debug", "")
        super().__init__(data.get("message") or error.get("message", ""))


class Visitor:
    """Somebody who has not logged in; calls carry the session's cookie."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.cookies = CookieJar()
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(self.cookies)
        )

    def post(self, route: str, parameters: dict, timeout: float = 120) -> object:
        """Post to a JSON-RPC route and return its result; raises RpcError."""
        request = urllib.request.Request(
            self.base + route,
            json.dumps({"jsonrpc": "2.0", "params": parameters}).encode(),
            {"Content-Type": "application/json"},
        )
        with self.opener.open(request, timeout=timeout) as response:
            answer = json.load(response)
        if "error" in answer:
            raise RpcError(answer["error"])
        return answer.get("result")

    def get(self, path: str, timeout: float = 120) -> bytes:
        """Return the page under `path`."""
        with self.opener.open(self.base + path, timeout=timeout) as response:
            return response.read()


class Session(Visitor):
    """One logged-in user."""

    def __init__(self, base: str, database: str, login: str, password: str) -> None:
        super().__init__(base)
        answer = self.post(
            "/web/session/authenticate",
            {"db": database, "login": login, "password": password},
        )
        self.uid = answer["uid"]

    def call(self, model: str, method: str, *args: object, **kwargs: object) -> object:
        """Call a model's method as this user; the first of `args` may be ids."""
        return self.post(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": args, "kwargs": kwargs},
        )
