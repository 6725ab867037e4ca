"""A small disk for the files of a server, which is filled to the last byte."""

import contextlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tools import databases
from tools.environment.steps import say

#: seconds it is full at a time
FULL = 8.0
#: megabytes beside what is there at the beginning
ROOM = 256
_STEPS = (2**20, 2**12, 1)


class Disk:
    """A file system in memory, with Odoo's files on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    def be_full(self, _server) -> str:
        """Have no byte left for a while."""
        self._fill()
        deadline = time.monotonic() + FULL
        while time.monotonic() < deadline:
            time.sleep(0.1)
            self._fill()  # also what was deleted meanwhile
        left = shutil.disk_usage(self.folder).free
        self._ballast.unlink()
        return f"the disk was full for {FULL:g} s ({left} bytes left at the end)"

    def _fill(self) -> None:
        with self._ballast.open("ab", buffering=0) as ballast:
            for size in _STEPS:
                with contextlib.suppress(OSError):
                    while ballast.write(b"\0" * size) == size:
                        pass


def may_mount() -> bool:
    """Tell whether file systems can be mounted here; tries it."""
    with contextlib.ExitStack() as stack:
        return bool(stack.enter_context(_mounted(1)))


@contextlib.contextmanager
def _mounted(megabytes: int) -> Iterator[Path | None]:
    folder = Path(tempfile.mkdtemp(prefix="order_control_disk_"))
    options = f"size={megabytes}m,mode=700"
    mount = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    try:
        is_there = os.geteuid() == 0 and not _run(mount)
        try:
            yield folder if is_there else None
        finally:
            if is_there:
                _run(["umount", "-l", str(folder)])
    finally:
        folder.rmdir()


def _run(command: list[str]) -> int:
    try:
        return subprocess.run(command, capture_output=True).returncode
    except FileNotFoundError:
        return 1


@contextlib.contextmanager
def small(database: str) -> Iterator[Disk]:
    """Yield a disk with the files of `database`; they come back at the end."""
    source = databases.filestore(database)
    source.mkdir(parents=True, exist_ok=True)
    size = sum(path.stat().st_size for path in source.rglob("*") if path.is_file())
    with _mounted(size // 2**20 + ROOM) as folder:
        if not folder:
            raise RuntimeError("no file system can be mounted here")
        target = folder / "filestore" / database
        shutil.copytree(source, target)
        try:
            yield Disk(folder)
        finally:
            (folder / "ballast").unlink(missing_ok=True)
            shutil.copytree(target, source, dirs_exist_ok=True)
            say("   the files are back on the usual disk")
