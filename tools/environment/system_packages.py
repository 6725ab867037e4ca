"""Programs beside Python: a browser, PDF printing, fonts for Chinese."""

import os
import shutil
from pathlib import Path

from .apt_source import install_as_root
from .paths import read_stamp, write_stamp
from .steps import StepError, exclusive, say, step

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def is_root() -> bool:
    """Tell whether packages can be installed into the system."""
    return os.geteuid() == 0


def browser() -> str | None:
    """Return the path of a browser that tests can drive, if there is one."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def _has_chinese_font() -> bool:
    folders = (Path("/usr/share/fonts"), Path.home() / ".local/share/fonts")
    return any(any(folder.rglob("*CJK*")) for folder in folders if folder.is_dir())


def missing() -> dict[str, str]:
    """Return the Debian packages that are missing and what does not work then."""
    lacking = {}
    if not browser():
        lacking["chromium"] = "tests and pictures in a browser are skipped"
    if not shutil.which("wkhtmltopdf"):
        lacking["wkhtmltopdf"] = "documents come as web pages, not as PDF"
    if not _has_chinese_font():
        lacking["fonts-noto-cjk"] = "Chinese in PDF documents shows as boxes"
    return lacking


def ensure() -> None:
    """Install what is missing if that is possible, else say what is missed."""
    lacking = missing()
    if lacking and is_root() and shutil.which("apt-get"):
        with exclusive("system"):
            lacking = _install(missing())
    if lacking and read_stamp("system-told") != " ".join(lacking):
        for package, consequence in lacking.items():
            say(f"   without {package}: {consequence}")
        say(f"   to have them, as root: apt-get install {' '.join(lacking)}")
        write_stamp("system-told", " ".join(lacking))


def _install(lacking: dict[str, str]) -> dict[str, str]:
    """Install `lacking`; a failure is told but stops nothing."""
    if not lacking:
        return {}
    with step(f"Debian packages: {', '.join(lacking)}"):
        try:
            install_as_root(list(lacking))
        except StepError as error:
            say(f"   could not be installed, going on without: {error}")
    return missing()
