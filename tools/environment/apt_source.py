"""Debian packages by name, without touching the system's own package lists.

apt keeps its lists and downloads in a private directory, so this needs no root;
apt itself checks signatures and hashes.
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from .paths import APT, LOGS
from .steps import StepError, run, say

DEBIAN_KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
OTHER_SUITES = ("sid", "testing")
ADVICE = (
    "check the network and apt's own configuration"
    " ('apt-get update' shows it), then run this again"
)


class AptSource:
    """One set of package lists: the configured suites, or one added privately."""

    def __init__(self, name: str, source_line: str = "") -> None:
        self.name = name
        self.folder = APT / name
        self.source_line = source_line

    def options(self) -> list[str]:
        """Return the options that keep apt inside the private folder."""
        options = {
            "Dir::State": self.folder / "state",
            "Dir::State::lists": self.folder / "lists",
            "Dir::State::status": "/var/lib/dpkg/status",
            "Dir::Cache": self.folder / "cache",
            "Acquire::Languages": "none",
            "APT::Sandbox::User": "root",
            "APT::Update::Post-Invoke": "",
        }
        if self.source_line:
            options |= {
                "Dir::Etc::sourcelist": self.folder / "source.list",
                "Dir::Etc::sourceparts": "-",
                # Mirrors lag: an expired list is still signed and hashed.
                "Acquire::Check-Valid-Until": "false",
            }
        return [f"-o{key}={value}" for key, value in options.items()]

    def update(self) -> None:
        """Fetch the package lists."""
        for part in ("state", "lists/partial", "cache/archives/partial"):
            (self.folder / part).mkdir(parents=True, exist_ok=True)
        if self.source_line:
            (self.folder / "source.list").write_text(self.source_line + "\n")
        run(
            ["apt-get", *self.options(), "update"],
            log=f"apt-{self.name}",
            advice=ADVICE,
        )

    def offers(self, package: str) -> bool:
        """Tell whether the lists know `package`."""
        found = subprocess.run(
            ["apt-cache", *self.options(), "show", "--no-all-versions", package],
            capture_output=True,
        )
        return found.returncode == 0 and bool(found.stdout.strip())

    def download(self, package: str, folder: Path) -> Path:
        """Download `package` into `folder` and return the file."""
        folder.mkdir(parents=True, exist_ok=True)
        run(
            ["apt-get", *self.options(), "download", package],
            log=f"download-{package}",
            advice=ADVICE,
            cwd=folder,
        )
        files = sorted(folder.glob(f"{package}_*.deb"))
        if not files:
            raise StepError(f"apt-get left no file for the package {package}", ADVICE)
        return files[-1]


def sources() -> list[AptSource]:
    """Return where to look for packages, first the suites already configured."""
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        raise StepError(
            "this system has no apt to fetch Odoo 19.0 with",
            "point ODOO_SOURCE to a source checkout of Odoo 19.0",
        )
    found = [AptSource("configured")]
    keyring = f" [signed-by={DEBIAN_KEYRING}]" if DEBIAN_KEYRING.exists() else ""
    for number, address in enumerate(_repository_addresses()):
        found += [
            AptSource(f"{suite}-{number}", f"deb{keyring} {address} {suite} main")
            for suite in OTHER_SUITES
        ]
    return found


def _repository_addresses() -> list[str]:
    """Return the addresses of the repositories apt is configured with."""
    listing = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI)"],
        capture_output=True,
        text=True,
    )
    addresses = dict.fromkeys(listing.stdout.split())
    return [address for address in addresses if "security" not in address]


class PackageFinder:
    """Looks packages up in every source, fetching each list once, when needed."""

    def __init__(self) -> None:
        self.sources = sources()
        self.updated: set[str] = set()

    def download(self, package: str, folder: Path) -> Path | None:
        """Download `package` from the first source that has it, else None."""
        for source in self.sources:
            if self._update(source) and source.offers(package):
                return source.download(package, folder)
        return None

    def _update(self, source: AptSource) -> bool:
        if source.name in self.updated:
            return True
        try:
            source.update()
        except StepError:
            say(f"   package list '{source.name}' not to be had, see {LOGS}")
            self.sources = [other for other in self.sources if other is not source]
            return False
        self.updated.add(source.name)
        return True


def extract(package_file: Path, folder: Path) -> None:
    """Unpack a Debian package into `folder`."""
    run(["dpkg-deb", "-x", package_file, folder], log=f"extract-{package_file.stem}")


def install_as_root(packages: list[str]) -> None:
    """Install Debian packages into the system; only possible as root."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with tempfile.TemporaryDirectory() as folder:
        run(
            ["apt-get", "update"],
            log="apt-update",
            advice=ADVICE,
            cwd=Path(folder),
        )
        run(
            ["apt-get", "install", "-y", "--no-install-recommends", *packages],
            log="apt-install",
            advice=ADVICE,
            env=environment,
        )
