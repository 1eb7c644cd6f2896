"""The rules of the yearly assessment as declared in a data file."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from fsdesk.documents.codes import Codes
from fsdesk.documents.node import read_yaml
from fsdesk.domain.assessment import Criterion, CriterionMeasure, Grade, Scheme, checked_scheme
from fsdesk.places import project_file

if TYPE_CHECKING:
    from pathlib import Path

    from fsdesk.documents.node import YamlNode


@cache
def load_builtin_scheme() -> Scheme:
    """Return the rules that come with the program; refused when their file was damaged."""
    return load_scheme(project_file("data/assessment.yaml"))


def load_scheme(path: Path) -> Scheme:
    """Read a file of rules like `data/assessment.yaml`; refused with every problem and line."""
    root = read_yaml(path).only("criteria", "grades", "count_missing", "most_added", "most_taken")
    codes = Codes()
    criteria = tuple(_criterion(node, codes) for node in root.nodes("criteria"))
    grades = tuple(Grade(n.text("name"), n.number("least")) for n in root.nodes("grades"))
    scheme = Scheme(
        criteria,
        grades,
        root.value.get("count_missing") is not False,
        root.number("most_added"),
        root.number("most_taken"),
    )
    root.problems.raise_all()
    return checked_scheme(scheme)


def _criterion(node: YamlNode, codes: Codes) -> Criterion:
    node.only("code", "title", "measure", "points", "limit")
    code = node.code()
    codes.once(node, code)
    word = node.text("measure")
    if word not in set(CriterionMeasure):
        node.note(f"“measure”的取值“{word}”无效", f"可用：{'、'.join(CriterionMeasure)}", "measure")
        word = CriterionMeasure.TARGETS
    return Criterion(
        code,
        node.text("title"),
        CriterionMeasure(word),
        node.number("points"),
        node.number("limit", 0),
    )
