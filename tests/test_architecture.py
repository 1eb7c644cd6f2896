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
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES}
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


def test_a_command_that_works_on_a_workspace_loads_no_qt(tmp_path):
    workspace = ("--workspace", str(tmp_path / "office"))
    assert not loaded_by_command(*workspace, "init", "--role", "office") & QT
    loaded = loaded_by_command(*workspace, "status", "--json")
    assert "sqlalchemy" in loaded
    assert not loaded & QT


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


def test_the_windows_modules_load_no_heavy_library_before_the_first_paint():
    loaded = modules_after("import ui.app")
    assert "PySide6" in loaded
    assert not loaded & HEAVY


# What may stand in a finding's or an exception's words is for people: the program asks its code.
_WORDS = {"message", "remedy", "args"}
_SEARCHES = {"startswith", "endswith", "find", "index", "count"}


def test_no_control_flow_by_the_words_of_a_message():
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in SOURCES
        if path.relative_to(ROOT).parts[0] in {"fsdesk", "ui"} or path.parent == ROOT
        for line in lines_that_ask_for_words(path.read_text(encoding="utf-8"))
    ]
    assert not found


@pytest.mark.parametrize(
    "code",
    [
        'if "还没有" in str(problem): pass',
        'if str(problem) == "没有": pass',
        'x = problem.args[0].startswith("还没有")',
        "if doubt.message == NO_ANSWER: pass",
        'while f"没有{x}" not in str(problem): pass',
        'x = str(problem).find("没有") + 1',
        'if re.search("没有", str(problem)): pass',
        'match str(problem):\n    case "没有": pass',
    ],
)
def test_control_flow_by_words_is_found(code):
    assert list(lines_that_ask_for_words(code))


def lines_that_ask_for_words(code):
    """Yield lines where the words of a message, or Chinese words in a text form, are asked for."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            is_search = node.func.attr in _SEARCHES
            is_pattern = getattr(node.func.value, "id", "") == "re"
            sides = [node.func.value, *node.args] if is_search or is_pattern else []
        elif isinstance(node, ast.Match):
            patterns = [case.pattern for case in node.cases]
            sides = [node.subject, *(p.value for p in patterns if isinstance(p, ast.MatchValue))]
        else:
            continue
        if any(map(is_words, sides)) or (
            any(map(is_text_form, sides)) and any(map(is_chinese, sides))
        ):
            yield node.lineno


def is_words(node):
    node = node.value if isinstance(node, ast.Subscript) else node
    return isinstance(node, ast.Attribute) and node.attr in _WORDS


def is_text_form(node):
    return isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"str", "repr"}


def is_chinese(node):
    texts = (part.value for part in ast.walk(node) if isinstance(part, ast.Constant))
    return any("\u4e00" <= sign <= "\u9fff" for each in texts for sign in str(each))


# What stands in one of these is one of a few words: an enum, so that a slip of the pen is found.
_STATES = {"state", "status", "direction", "role", "signature"}


def test_states_are_compared_with_members_of_an_enum():
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in SOURCES
        if path.relative_to(ROOT).parts[0] in {"fsdesk", "ui"}
        for line in lines_that_spell_a_state(path.read_text(encoding="utf-8"))
    ]
    assert not found


@pytest.mark.parametrize(
    "code", ['x.state == "late"', 'form.state in ("a", "b")', '"unit" != facts.role']
)
def test_a_spelled_state_is_found(code):
    assert list(lines_that_spell_a_state(code))


def lines_that_spell_a_state(code):
    """Yield lines where an attribute of that name is held against a text."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            parts = [part for side in sides for part in getattr(side, "elts", [side])]
            texts = [p for p in parts if isinstance(p, ast.Constant) and isinstance(p.value, str)]
            if texts and any(getattr(part, "attr", "") in _STATES for part in parts):
                yield node.lineno
