"""One word for one thing: the list of words in docs/ against every text that a user reads."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# What official documents say is read, not written: there every word may stand.
READERS = ROOT / "fsdesk" / "documents"
ASKED = ROOT / "fsdesk" / "domain" / "handbook" / "words.py"  # what people type
SOURCES = [
    path
    for folder in ("ui", "fsdesk")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if not path.is_relative_to(READERS) and path != ASKED
]
PAGES = [ROOT / "docs" / "handbook.md", ROOT / "docs" / "trial.md"]


def rows():
    lines = (ROOT / "docs" / "words.md").read_text(encoding="utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if "|" in line]
    return [(used, other.split("、")) for used, _, other in cells[2:] if other]


def texts(path):
    """Yield the texts of a module that may be shown: all but its docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    told = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.lineno, node.value


@pytest.fixture(scope="module")
def everything():
    said = [
        (f"{path.relative_to(ROOT)}:{line}", text) for path in SOURCES for line, text in texts(path)
    ]
    for path in PAGES:
        lines = path.read_text(encoding="utf-8").splitlines()
        said += [(f"{path.name}:{number}", line) for number, line in enumerate(lines, start=1)]
    return said


@pytest.mark.parametrize(("used", "others"), rows(), ids=[used for used, _ in rows()])
def test_no_other_word_stands_for_it(everything, used, others):
    found = [
        f"{place}：“{other}”，用“{used}”"
        for place, text in everything
        for other in others
        if other in text
    ]
    assert found == []
