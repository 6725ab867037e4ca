"""The virtual environment with the pinned Python packages."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from .apt_source import install_as_root
from .paths import REQUIREMENTS, VENV, VENV_PYTHON, read_stamp, write_stamp
from .steps import StepError, exclusive, run, step
from .system_packages import is_root

PIP_ADVICE = "check the network and pip's configuration, then run this again"


def ensure() -> Path:
    """Make the virtual environment if it is missing or outdated."""
    if not _is_current():
        with exclusive("python"):
            if not _is_current():
                _build()
    return VENV_PYTHON


def link_odoo(folder: Path) -> None:
    """Put Odoo on the environment's import path."""
    packages = next((VENV / "lib").glob("python3.*/site-packages"))
    link = packages / "odoo_source.pth"
    if not link.exists() or link.read_text().strip() != str(folder):
        link.write_text(f"{folder}\n")


def _wanted() -> str:
    return hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()


def _is_current() -> bool:
    # An interpreter that was removed leaves a dangling link behind.
    return VENV_PYTHON.exists() and read_stamp("python") == _wanted()


def _build() -> None:
    with step("Python packages in the versions of requirements.txt"):
        if not (VENV_PYTHON.exists() and read_stamp("python")):
            _create()
        run(
            [VENV_PYTHON, "-m", "pip", "install", "--requirement", REQUIREMENTS],
            log="pip",
            advice=PIP_ADVICE,
        )
        write_stamp("python", _wanted())


def _create() -> None:
    """Create the empty environment, installing what Debian keeps apart."""
    shutil.rmtree(VENV, ignore_errors=True)
    has_venv = [sys.executable, "-c", "import ensurepip, venv"]
    if subprocess.run(has_venv, capture_output=True).returncode:
        if not is_root():
            raise StepError(
                "this Python cannot make virtual environments",
                "have 'apt-get install python3-venv' run as root,"
                " or name another interpreter with PYTHON=...",
            )
        install_as_root(["python3-venv"])
    run([sys.executable, "-m", "venv", VENV], log="venv")
