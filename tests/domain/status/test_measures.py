"""One name and one definition for each figure, and the handbook tells the same."""

from __future__ import annotations

from fsdesk.domain.status.measures import Measure
from fsdesk.places import project_file

FIGURES = "| 名称 | 口径 | 写法 |"


def told_in_the_handbook():
    lines = project_file("docs/handbook.md").read_text(encoding="utf-8").splitlines()
    first = lines.index(FIGURES) + 2
    rows = [line for line in lines[first : first + len(Measure) + 1] if line.startswith("|")]
    return [tuple(cell.strip() for cell in row.strip("|").split("|")) for row in rows]


def test_the_handbook_lists_every_figure_with_its_definition():
    assert told_in_the_handbook() == [
        (each.label, each.definition, each.precision.value) for each in Measure
    ]


def test_what_counts_differently_is_named_differently():
    assert len({each.label for each in Measure}) == len(Measure)
    assert len({each.definition for each in Measure}) == len(Measure)
