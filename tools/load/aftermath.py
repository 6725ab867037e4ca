"""What an administrator does when a fault is over: have tried again what failed."""

import contextlib
import time
from collections import Counter

from tools.rpc import RpcError

#: scheduled jobs that send what waits
JOBS = (
    "sale_order_policy.ir_cron_follow_confirmations",
    "order_handover.ir_cron_shipping_notice",
    "mail.ir_cron_mail_scheduler_action",
)
#: papers that are printed and mailed
PAPERS = ("sale.order.letter", "order.shipping.notice")
#: of mails that can be sent now; one without an address cannot
FAILED = [
    ("state", "=", "exception"),
    ("failure_type", "not in", ("mail_email_missing", "mail_email_invalid")),
]
#: seconds until everything must have been sent
PATIENCE = 600.0


class Aftermath:
    """Works on the server that people have left, as its administrator."""

    def __init__(self, server) -> None:
        self.call = server.log_in("admin", "admin").call
        self.again: Counter[str] = Counter()

    def settle(self) -> str:
        """Try again until nothing waits; tell in words what there was."""
        start = time.monotonic()
        jobs = [self._find_job(name) for name in JOBS]
        while (left := self._retry()) and time.monotonic() - start < PATIENCE:
            for job in jobs:
                with contextlib.suppress(RpcError):  # it is running
                    self.call("ir.cron", "method_direct_trigger", [job])
            time.sleep(1)
        again = ", ".join(f"{count} {what}" for what, count in self.again.items())
        return (
            f"tried again: {again or 'nothing'}; {left} still wait"
            f" after {time.monotonic() - start:.0f} s"
        )

    def _find_job(self, name: str) -> int:
        module, _dot, record = name.partition(".")
        domain = [("module", "=", module), ("name", "=", record)]
        (found,) = self.call("ir.model.data", "search_read", domain, ["res_id"])
        return found["res_id"]

    def _retry(self) -> int:
        """Queue what has failed; return how much waits."""
        waiting = 0
        for model in PAPERS:
            failed = self.call(model, "search", [("state", "=", "failed")])
            if failed:
                self.call(model, "action_retry", failed)
                self.again[f"papers ({model})"] += len(failed)
            waiting += self.call(model, "search_count", [("state", "=", "queued")])
        failed = self.call("mail.mail", "search", FAILED)
        if failed:
            self.call("mail.mail", "action_retry", failed)
            self.again["mails"] += len(failed)
        domain = [("state", "=", "outgoing")]
        return waiting + self.call("mail.mail", "search_count", domain)
