"""Set the environment up, and run a tool in it.

python -m tools.environment setup           everything there is
python -m tools.environment run TOOL ...    a tool with its arguments
python -m tools.environment postgres stop   the embedded server: start, stop, status
python -m tools.environment python ...      Python in the environment
"""

import os
import sys

from . import odoo_config, odoo_source, postgres, python_env, system_packages
from .paths import ADDONS, CACHE, CONFIG, ROOT, VENV, VENV_PYTHON

TOOLS = {
    "attack": "tools.attack",
    "bench": "tools.bench",
    "load": "tools.load",
    "demo": "tools.demo",
    "lint": "tools.lint",
    "odoo": "tools.odoo_cli",
    "test": "tools.run_tests",
}
# What a tool needs other than Odoo and PostgreSQL: nothing, or programs besides.
NEED_ONLY_PYTHON = ("lint",)
NEED_PROGRAMS = ("demo", "test")


def prepare_python() -> dict[str, str]:
    """Set up the Python packages; return the variables to run under."""
    python_env.ensure()
    path = [str(VENV / "bin"), os.environ.get("PATH", "")]
    # Odoo starts often: who keeps Python from writing what it has compiled means the
    # folders of the sources, and those it does not touch.
    given = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return {
        **given,
        "PATH": os.pathsep.join(path),
        "PYTHONPATH": str(ROOT),
        "PYTHONPYCACHEPREFIX": str(CACHE / "pycache"),
        "ORDER_CONTROL_CACHE": str(CACHE),
    }


def prepare() -> dict[str, str]:
    """Set up all that Odoo needs; return the variables to run it under."""
    variables = prepare_python()
    folder = odoo_source.ensure()
    python_env.link_odoo(folder)
    server = postgres.ensure()
    odoo_config.write(server)
    if server.programs:
        variables["PATH"] = os.pathsep.join([variables["PATH"], server.programs])
    # PostgreSQL's own programs and libraries read these.
    for name, value in (
        ("PGHOST", server.host),
        ("PGPORT", server.port),
        ("PGUSER", server.user),
        ("PGPASSWORD", server.password),
    ):
        if value:
            variables[name] = value
    variables |= {
        "ODOO_RC": str(CONFIG),
        "ORDER_CONTROL_ODOO_CONFIG": str(CONFIG),
        "ORDER_CONTROL_ADDONS_PATH": str(ADDONS),
        "ORDER_CONTROL_ODOO_VERSION": odoo_source.version(folder),
    }
    return variables


def execute(arguments: list[str], variables: dict[str, str]) -> None:
    """Become the environment's Python."""
    os.execve(VENV_PYTHON, [str(VENV_PYTHON), *arguments], variables)


def run(tool: str, arguments: list[str]) -> None:
    """Set up what `tool` needs and become it."""
    if tool not in TOOLS:
        sys.exit(f"No tool '{tool}'; there are {', '.join(TOOLS)}.")
    variables = prepare_python() if tool in NEED_ONLY_PYTHON else prepare()
    if tool in NEED_PROGRAMS:
        system_packages.ensure()
    execute(["-m", TOOLS[tool], *arguments], variables)


def control_postgres(action: str) -> None:
    """Start or stop the embedded server, or say whether it runs."""
    if server := postgres.given():
        sys.exit(f"A server was given ({server.host or 'local'}); it is left alone.")
    embedded = postgres.EmbeddedServer()
    if action == "start":
        embedded.ensure()
    elif action == "stop" and embedded.answers():
        embedded.stop()
    print("running" if embedded.answers() else "stopped", embedded.sockets)


def main(arguments: list[str]) -> None:
    """Carry out one command."""
    match arguments:
        case ["setup"]:
            prepare()
            system_packages.ensure()
        case ["run", tool, *rest]:
            run(tool, rest)
        case ["postgres", "start" | "stop" | "status" as action]:
            python_env.ensure()
            control_postgres(action)
        case ["python", *rest]:
            execute(rest, prepare())
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit("\nInterrupted; running the same command again continues.")
