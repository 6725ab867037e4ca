"""Every add-on has what an add-on needs."""

import ast
import csv
import re

import pytest
from lxml import etree

from . import tree

addon = pytest.mark.parametrize("addon", tree.addons(), ids=lambda path: path.name)
product_addon = pytest.mark.parametrize(
    "addon",
    [path for path in tree.addons() if not path.name.startswith("test_")],
    ids=lambda path: path.name,
)


@addon
def test_manifest(addon):
    manifest = tree.manifest(addon)
    assert re.fullmatch(r"19\.0\.\d+\.\d+\.\d+", manifest["version"])
    assert manifest["license"] == "LGPL-3"
    assert manifest["summary"].strip() and manifest["depends"]
    assert "description" not in manifest, "the readme/ fragments describe"


@addon
def test_manifest_names_every_data_file_and_no_other(addon):
    manifest = tree.manifest(addon)
    named = {*manifest.get("data", []), *manifest.get("demo", [])}
    present = {
        path.relative_to(addon).as_posix()
        for suffix in ("xml", "csv")
        for path in tree.addon_files(addon, f"*.{suffix}")
        if path.relative_to(addon).parts[0] not in ("static", "tests", "examples")
    }
    assert named == present


@product_addon
def test_can_be_built_as_a_package(addon):
    assert 'build-backend = "whool.buildapi"' in (addon / "pyproject.toml").read_text()


@product_addon
def test_readme_fragments(addon):
    text = (addon / "readme" / "DESCRIPTION.md").read_text(encoding="utf-8")
    assert len(text.split()) >= 10


@addon
def test_every_model_has_access_rights(addon):
    models = set()
    for path in tree.addon_files(addon, "*.py"):
        if "tests" not in path.parts:
            models |= _new_models(path.read_text(encoding="utf-8"))
    access = addon / "security" / "ir.model.access.csv"
    granted = set()
    if access.exists():
        with access.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
        granted = {row["model_id:id"].rpartition(".")[2] for row in rows}
    assert {"model_" + name.replace(".", "_") for name in models} <= granted


def _new_models(source: str) -> set[str]:
    """Return the names of the models and wizards a file defines."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.ClassDef):
            continue
        bases = {base.attr for base in node.bases if isinstance(base, ast.Attribute)}
        name = _assigned(node, "_name")
        parents = _assigned(node, "_inherit") or []
        is_extension = name in ([parents] if isinstance(parents, str) else parents)
        if name and bases & {"Model", "TransientModel"} and not is_extension:
            found.add(name)
    return found


def _assigned(class_: ast.ClassDef, name: str) -> str | list[str] | None:
    """Return the literal a class assigns to `name`."""
    for node in class_.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
            return ast.literal_eval(node.value)
    return None


def test_every_window_action_has_a_path_of_its_own():
    seen: dict[str, str] = {}
    lacking = []
    for action, path in _window_actions():
        value = action.findtext("field[@name='path']")
        where = f"{path}: {action.get('id')}"
        if not value and not _is_subordinate(action):
            lacking.append(where)
        elif value:
            assert re.fullmatch(r"[a-z][a-z0-9_-]*", value), where
            assert not value.startswith(("m-", "action-")) and value != "new", where
            assert value not in seen, f"{where} and {seen[value]} share {value}"
            seen[value] = where
    assert not lacking


def _window_actions():
    for folder in tree.addons():
        for path in tree.addon_files(folder, "*.xml"):
            for record in etree.parse(path).iter("record"):
                if record.get("model") == "ir.actions.act_window":
                    yield record, path.relative_to(folder.parent)


def _is_subordinate(action) -> bool:
    """Dialogs and lists reached from a record need no address of their own."""
    return action.findtext("field[@name='target']") == "new" or (
        action.find("field[@name='binding_model_id']") is not None
        or "active_id" in (action.findtext("field[@name='domain']") or "")
        or "active_id" in (action.findtext("field[@name='context']") or "")
    )
