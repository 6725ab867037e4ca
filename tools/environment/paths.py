"""Where things are. Everything that can be made again lies in one folder."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ADDONS = ROOT / "addons"
REQUIREMENTS = ROOT / "requirements.txt"

CACHE = Path(os.environ.get("ORDER_CONTROL_CACHE") or ROOT / ".cache").resolve()
LOGS = CACHE / "logs"
STAMPS = CACHE / "stamps"
APT = CACHE / "apt"
ODOO_TREE = CACHE / "odoo"
VENV = CACHE / "venv"
VENV_PYTHON = VENV / "bin" / "python"
DATA_DIR = CACHE / "data"
CONFIG = CACHE / "odoo.conf"


def read_stamp(name: str) -> str:
    """Return what was noted when the step `name` was last completed, else ''."""
    try:
        return (STAMPS / name).read_text()
    except FileNotFoundError:
        return ""


def write_stamp(name: str, content: str) -> None:
    """Note that the step `name` is complete; it replaces the file in one go."""
    write_atomically(STAMPS / name, content)


def write_atomically(path: Path, content: str, mode: int = 0o644) -> None:
    """Write `path` so that a reader never sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(content)
    temporary.chmod(mode)
    temporary.replace(path)
