"""The faults of a load do what they say, and excuse nothing else."""

import re
import shutil
import smtplib
import time
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from tools.load import clock, disk, faults, report
from tools.load.post import Post


def _send(port: int) -> None:
    mail = EmailMessage()
    mail["Message-Id"] = "<1@example.com>"
    mail.set_content("Words\n.\n..with dots\n")
    with smtplib.SMTP("127.0.0.1", port, timeout=5) as link:
        link.send_message(mail, "a@example.com", ["B@example.com", "c@example.com"])


def test_mails_are_taken_for_each_address():
    """One line for each receiver, whatever is in the mail."""
    with Post() as post:
        _send(post.port)
        _send(post.port)
    taken = [("<1@example.com>", "b@example.com"), ("<1@example.com>", "c@example.com")]
    assert post.taken == taken * 2


def test_the_mail_server_is_away_and_comes_back():
    """While it is away its port is closed; afterwards it is the same one."""
    with Post() as post:
        post.close()
        with pytest.raises(ConnectionRefusedError):
            _send(post.port)
        assert not post.taken
        post.open()
        _send(post.port)
        assert post.taken


@pytest.mark.skipif(not disk.may_mount(), reason="file systems cannot be mounted here")
def test_a_full_disk_has_no_byte_left(monkeypatch):
    """Nothing can be written until it is over; then as much as before."""
    monkeypatch.setattr(disk, "FULL", 0.1)
    with disk._mounted(1) as folder:
        small = disk.Disk(folder)
        free = shutil.disk_usage(folder).free
        small._fill()
        with pytest.raises(OSError, match="No space left"):
            (folder / "file").write_bytes(b"1")
        assert "0 bytes left" in small.be_full(None)
        assert shutil.disk_usage(folder).free == free
    assert not folder.exists()


@pytest.mark.parametrize(
    ("zone", "now", "midnight"),
    [
        ("UTC", "2026-11-28T21:00", "2026-12-01T00:00"),
        ("Asia/Shanghai", "2026-11-28T21:00", "2026-11-30T16:00"),
        # it is the next month there already
        ("Asia/Shanghai", "2026-11-30T16:00", "2026-12-31T16:00"),
        ("America/New_York", "2027-01-31T23:00", "2027-02-01T05:00"),
        ("Europe/Berlin", "2028-02-28T12:00", "2028-02-29T23:00"),
    ],
)
def test_the_end_of_the_month_is_where_the_company_is(zone, now, midnight):
    """In UTC, for whoever asks."""
    moments = [
        datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (now, midnight)
    ]
    assert clock.month_end(zone, moments[0]) == moments[1]


def _strike(excuses: str, logs: str) -> faults.Trouble:
    fault = faults.Fault(
        "some", lambda _server: "done", re.compile(excuses), re.compile(logs)
    )
    trouble = faults.Trouble(None, 0.01, [fault])
    trouble.start()
    while not trouble.told:
        time.sleep(0.01)
    trouble.over.set()
    trouble.join()
    return trouble


def test_a_fault_explains_what_comes_of_it():
    """Errors of its kind, while it lasts and shortly after."""
    trouble = _strike("No space", "disk")
    now = time.monotonic()
    assert trouble.explains(now, "OSError: No space left on device")
    assert not trouble.explains(now, "KeyError: 'x'")
    assert not trouble.explains(now - 60, "OSError: No space left on device")
    assert not trouble.explains(
        now + faults.RECOVERY + 5, "OSError: No space left on device"
    )
    assert trouble.expects("the disk is full")
    assert not trouble.expects("KeyError")


def test_no_fault_explains_nothing():
    """Without faults every error counts; because of a mail nothing may fail."""
    trouble = faults.Trouble(None, 0.01, [])
    assert not trouble.explains(time.monotonic(), "anything")
    assert not trouble.expects("anything")
    with Post() as post:
        (mail,) = faults.make(["mail", "midnight"], None, post, None)
    assert not mail.excuses.search("ConnectionRefusedError")


def _read(entry: str, tmp_path) -> list[str]:
    log = tmp_path / "server.log"
    log.write_text(f"2026-11-29 03:43:23,877 1 ERROR db odoo.addons.mail: {entry}\n")
    nothing = faults.Trouble(None, 0.01, [])
    outcome = report.Outcome({}, 1.0, {}, {}, {}, [], [], 0, 0, [], [], [], 0, nothing)
    report.read_log(outcome, log)
    return outcome.logged


@pytest.mark.parametrize(
    ("record", "is_told"), [("mail.mail(433,)", False), ("sale.order(433,)", True)]
)
def test_only_a_mail_that_another_process_sent_is_excused(record, is_told, tmp_path):
    """Odoo's job for the mail queue may miss a mail; nothing else may be missing."""
    entry = (
        "Failed processing mail queue \nTraceback (most recent call last):\n"
        "odoo.exceptions.MissingError: Record does not exist or has been deleted.\n"
        f"(Record: {record}, User: 1)"
    )
    assert bool(_read(entry, tmp_path)) is is_told
    assert _read("Failed processing mail queue \nOSError: away", tmp_path)
