"""A mail server of the load's own: takes what comes, and is away when it is told to."""

import email
import socketserver
import threading
import time

from tools.browser import free_port

#: seconds it is away at a time
AWAY = 8.0


class _Talk(socketserver.StreamRequestHandler):
    """One client; as much of SMTP as Odoo speaks."""

    timeout = 60

    def handle(self) -> None:
        self._say("220 load")
        receivers: list[str] = []
        for line in iter(self.rfile.readline, b""):
            word = line[:4].upper().strip()
            if word == b"QUIT":
                self._say("221 bye")
                return
            if word == b"RCPT":
                text = line.decode(errors="replace")
                receivers.append(text.partition("<")[2].partition(">")[0])
            if word == b"DATA":
                self._say("354 go on")
                self.server.post.take(self._read(), receivers)
                receivers = []
            self._say("250 ok")

    def _read(self) -> bytes:
        lines = []
        for line in iter(self.rfile.readline, b""):
            if line == b".\r\n":
                break
            lines.append(line)
        return b"".join(lines)

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    post: "Post"

    def handle_error(self, request, client_address) -> None:
        """Whoever hangs up (a killed process) is nobody's trouble."""


class Post:
    """Listens on a port; while it is away, connections to it are refused."""

    def __init__(self) -> None:
        self.port = free_port()
        #: message id, address
        self.taken: list[tuple[str, str]] = []
        self._server: _Server | None = None

    def __enter__(self) -> "Post":
        self.open()
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def open(self) -> None:
        """Take mails."""
        self._server = _Server(("127.0.0.1", self.port), _Talk)
        self._server.post = self
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Refuse connections."""
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def take(self, mail: bytes, receivers: list[str]) -> None:
        """Note a mail, one line for each address."""
        number = email.message_from_bytes(mail)["Message-Id"] or ""
        self.taken += [(number.strip(), address.lower()) for address in receivers]

    def be_away(self, _server) -> str:
        """Refuse connections for a while."""
        self.close()
        time.sleep(AWAY)
        self.open()
        return f"the mail server was away for {AWAY:g} s"
