"""Odoo 19.0 itself: the user's own, or the one Debian packages."""

import importlib.util
import os
import re
import shutil
from pathlib import Path

from .apt_source import PackageFinder, extract
from .paths import APT, ODOO_TREE, read_stamp, write_stamp
from .steps import StepError, exclusive, step

SERIES = "19.0"
PACKAGE = "odoo-19"
SITE = Path("usr/lib/python3/dist-packages")
# Debian replaces what these packages ship by links to their files.
LINKED_PACKAGES = (
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-font-awesome",
    "fonts-inconsolata",
    "fonts-montserrat",
    "fonts-ocr-b",
    "fonts-roboto-unhinted",
)
# Left out of the package, yet named by an asset bundle: empty will do.
LEFT_OUT = ("mail/static/lib/selfie_segmentation/selfie_segmentation.js",)


def ensure() -> Path:
    """Return the folder to put on Python's path so that Odoo can be imported."""
    if own := os.environ.get("ODOO_SOURCE"):
        return _checked(Path(own).expanduser().resolve())
    if installed := _importable():
        return installed
    site = ODOO_TREE / SITE
    if not (read_stamp("odoo") and (site / "odoo").is_dir()):
        with exclusive("odoo"):
            if not (read_stamp("odoo") and (site / "odoo").is_dir()):
                _fetch()
    return site


def series_of(folder: Path) -> str:
    """Return the series of the Odoo in `folder`, or '' if there is none."""
    try:
        release = (folder / "odoo" / "release.py").read_text()
    except OSError:
        return ""
    numbers = re.search(r"^version_info\s*=\s*\((\d+),\s*(\d+)", release, re.M)
    return ".".join(numbers.groups()) if numbers else ""


def version(folder: Path) -> str:
    """Return what tells one state of Odoo's files from another."""
    release = folder / "odoo" / "release.py"
    package = read_stamp("odoo") if folder.is_relative_to(ODOO_TREE) else ""
    return f"{SERIES} {package} {folder} {release.stat().st_mtime_ns}"


def _checked(folder: Path) -> Path:
    if series_of(folder) == SERIES:
        return folder
    with step(f"Odoo from {folder}"):
        raise StepError(
            f"ODOO_SOURCE holds no Odoo {SERIES} (see its odoo/release.py)",
            f"set ODOO_SOURCE to a source checkout of Odoo {SERIES},"
            " or unset it to have Debian's package fetched",
        )


def _importable() -> Path | None:
    """Return where the Python in use already finds an Odoo of the series."""
    try:
        found = importlib.util.find_spec("odoo.release")
    except ImportError:
        return None
    if not found or not found.origin:
        return None
    folder = Path(found.origin).parents[1]
    return folder if series_of(folder) == SERIES else None


def _fetch() -> None:
    """Fetch Debian's package and repair it; replaces the tree in one go."""
    downloads = APT / "downloads"
    temporary = ODOO_TREE.with_name("odoo.new")
    shutil.rmtree(temporary, ignore_errors=True)
    with step(f"Odoo {SERIES}: fetching Debian's package {PACKAGE} (about 120 MB)"):
        finder = PackageFinder()
        package_file = finder.download(PACKAGE, downloads)
        if not package_file:
            raise StepError(
                f"no package {PACKAGE} in the repositories apt is configured with",
                f"point ODOO_SOURCE to a source checkout of Odoo {SERIES}",
            )
    with step(f"Odoo {SERIES}: unpacking (1 GB)"):
        extract(package_file, temporary)
        for name in LINKED_PACKAGES:
            if linked := finder.download(name, downloads):
                extract(linked, temporary)
        _repair(temporary / SITE / "odoo")
        shutil.rmtree(ODOO_TREE, ignore_errors=True)
        temporary.rename(ODOO_TREE)
        write_stamp("odoo", package_file.name)
        shutil.rmtree(downloads)


def _repair(tree: Path) -> None:
    """Turn links into the files they mean; drop those that mean nothing."""
    for folder, _folders, files in os.walk(tree):
        for name in files:
            path = Path(folder, name)
            if path.is_symlink():
                _replace_link(path)
    for name in LEFT_OUT:
        path = tree / "addons" / name
        if path.parents[3].is_dir() and not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
    if not (tree / "addons/web/static/lib/jquery/jquery.js").is_file():
        raise StepError(
            "jquery is missing, and without it every page fails",
            "'apt-get update' as root may help; else use ODOO_SOURCE",
        )


def _replace_link(path: Path) -> None:
    target = path.resolve()
    path.unlink()
    if target.is_file():
        shutil.copyfile(target, path)
