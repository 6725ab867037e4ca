"""Somebody in the portal: a customer, another one, or whoever has got a link."""

import re

from odoo import http
from odoo.exceptions import UserError

_ALERT = re.compile(r'class="[^"]*alert-danger[^"]*"[^>]*>([^<]+)')


class Visitor:
    """Opens pages and answers on them, as one user or as nobody."""

    def __init__(self, case, user=None, key=None):
        self.case = case
        self.uid = user.id if user else None
        self.key = key
        login = user.login if user else None
        case.authenticate(login, login)

    def token(self, own, others):
        """Return the key of a document the visitor shows: its own, or another's."""
        return {
            None: None,
            "own": own,
            "another": others,
            "guessed": "00000000-0000-0000-0000-000000000000",
        }[self.key]

    def open(self, path, token=None):
        """Return the text of a page.

        :raise UserError: it is not shown
        """
        query = f"?access_token={token}" if token else ""
        return self._read(self.case.url_open(path + query))

    def post(self, path, token=None, **form):
        """Send a form; return the text of the page that follows.

        :raise UserError: it is refused, by the status or in words on the page
        """
        form["csrf_token"] = http.Request.csrf_token(self.case)
        if token:
            form["access_token"] = token
        return self._read(self.case.url_open(path, data=form))

    def call(self, path, token=None, **params):
        """Call what a page calls; return the answer.

        :raise UserError: it says that it is refused
        """
        if token:
            params["access_token"] = token
        message = {"jsonrpc": "2.0", "method": "call", "params": params}
        response = self.case.url_open(path, json=message)
        self.case.env.invalidate_all(flush=False)
        answer = response.json()
        if "error" in answer:
            raise RuntimeError(answer["error"]["data"]["message"])
        result = answer["result"]
        if isinstance(result, dict) and "error" in result:
            raise UserError(result["error"])
        return result

    def __call__(self, model, method, *args):
        """Call a method as the web client does."""
        params = {"model": model, "method": method, "args": list(args), "kwargs": {}}
        message = {"jsonrpc": "2.0", "method": "call", "params": params}
        path = f"/web/dataset/call_kw/{model}/{method}"
        answer = self.case.url_open(path, json=message).json()
        self.case.env.invalidate_all(flush=False)
        if "error" not in answer:
            return answer["result"]
        data = answer["error"]["data"]
        if data["name"].startswith("odoo.exceptions."):
            raise UserError(data["message"])
        raise RuntimeError(f"{data['name']}: {data['message']}")

    def _read(self, response):
        self.case.env.invalidate_all(flush=False)
        if response.status_code >= 500:
            raise RuntimeError(f"status {response.status_code}")
        if response.status_code >= 400:
            raise UserError(f"status {response.status_code}")
        for words in _ALERT.findall(response.text):
            if words.strip():
                raise UserError(words.strip())
        return response.text
