"""odoo.conf: the user's own options, with the add-ons and the server put in."""

import configparser
import io

from .paths import ADDONS, CONFIG, DATA_DIR, write_atomically
from .postgres import Server, own_config

DEFAULTS = {
    "data_dir": str(DATA_DIR),
    "http_interface": "127.0.0.1",
    "http_port": "8069",
    "log_level": "info",
}


def write(server: Server) -> None:
    """Write odoo.conf for `server`, keeping what the user's ODOO_RC says."""
    config = configparser.RawConfigParser()
    if own := own_config():
        config.read(own)
    if not config.has_section("options"):
        config.add_section("options")
    options = config["options"]
    for name, value in DEFAULTS.items():
        options.setdefault(name, value)
    folders = [part for part in options.get("addons_path", "").split(",") if part]
    if str(ADDONS) not in folders and any(ADDONS.glob("*/__manifest__.py")):
        folders.append(str(ADDONS))
    options["addons_path"] = ",".join(folders)
    for name in ("host", "port", "user", "password"):
        if value := getattr(server, name):
            options[f"db_{name}"] = value
    text = io.StringIO()
    config.write(text)
    if not CONFIG.exists() or CONFIG.read_text() != text.getvalue():
        write_atomically(CONFIG, text.getvalue(), mode=0o600)
