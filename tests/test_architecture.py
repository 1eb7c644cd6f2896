"""The house rules that a machine can check: who imports whom, how long a file may be."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted(
    [*ROOT.glob("*.py")]
    + [
        path
        for name in ("fsdesk", "ui", "installers", "tests")
        for path in (ROOT / name).rglob("*.py")
    ]
)
QT = {"PySide6", "shiboken6"}
HEAVY = {"openpyxl", "matplotlib", "sqlalchemy", "reportlab", "docx"}


def modules_after(code: str) -> set[str]:
    """Run code in a new Python and give the names of the packages that it imported."""
    asked = f"{code}\nimport sys, json\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return {name.partition(".")[0] for name in json.loads(done.stdout.splitlines()[-1])}


@pytest.mark.slow
def test_imports_go_one_way():
    # In a process of its own, since the tool turns off the loggers of the one that it runs in.
    code = (
        "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_a_file_has_at_most_500_lines():
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES}
    assert lengths
    assert not {str(path): length for path, length in lengths.items() if length > 500}


def test_a_class_has_at_most_20_methods():
    texts = {path: path.read_text(encoding="utf-8") for path in SOURCES}
    # Only a file with so many functions can hold such a class, and few do: the rest is not parsed.
    trees = {path: ast.parse(text) for path, text in texts.items() if text.count("def ") > 20}
    classes = [
        (path.name, node.name, sum(isinstance(part, ast.FunctionDef) for part in node.body))
        for path, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    ]
    assert classes
    assert not [found for found in classes if found[2] > 20]


def test_nothing_is_called_utils():
    assert not [path for path in SOURCES if path.stem in {"utils", "util", "helpers", "misc"}]


def loaded_by_command(*arguments: str) -> set[str]:
    """Give the packages that a whole run of main.py with these arguments imported."""
    code = f"""
import runpy, sys
sys.argv = ["main.py", *{list(arguments)!r}]
try:
    runpy.run_path("main.py", run_name="__main__")
except SystemExit as end:
    assert not end.code, end.code
"""
    return modules_after(code)


def test_the_help_loads_neither_qt_nor_a_heavy_library():
    assert not loaded_by_command("--help") & (QT | HEAVY)


@pytest.mark.slow
def test_a_command_that_works_on_a_workspace_loads_no_qt(tmp_path):
    workspace = ("--workspace", str(tmp_path / "office"))
    assert not loaded_by_command(*workspace, "init", "--role", "office") & QT
    loaded = loaded_by_command(*workspace, "status", "--json")
    assert "sqlalchemy" in loaded
    assert not loaded & QT


@pytest.mark.slow
def test_importing_the_whole_core_never_loads_qt():
    code = """
import pkgutil, importlib, fsdesk
for found in pkgutil.walk_packages(fsdesk.__path__, "fsdesk."):
    if ".migrations" not in found.name:
        importlib.import_module(found.name)
"""
    loaded = modules_after(code)
    assert "fsdesk" in loaded
    assert not loaded & (QT | {"ui"})
