"""Whatever somebody writes into a plan's workbook is taken, refused, or told as not taken."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fsdesk.documents.plan_file import load_builtin_plan
from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.plan.sheets import FORMER, HEADERS, plan_to_sheets
from fsdesk.domain.plan.unread import unread
from fsdesk.domain.plan.workbook import plan_from_sheets

PLAN = load_builtin_plan(2026)


def written():
    """The plan's sheets as a reader of spreadsheets gives them."""
    return {
        title: [[_text(value) for value in row] for row in rows]
        for title, rows in plan_to_sheets(PLAN).items()
    }


def _text(value):
    if isinstance(value, str):
        return value
    return repr(int(value)) if value.is_integer() else repr(value)


CELLS = [
    (title, row, column)
    for title, rows in written().items()
    if title != FORMER
    for row in range(1, len(rows))
    for column in range(len(HEADERS[title]))
]
WORDS = ["区教育局", "请改为100", "100", "是", "√", "2026-05-01", "T01-1"]


def outcome(sheets):
    """The plan that is read and what isn't taken; None where the workbook is refused."""
    try:
        plan = plan_from_sheets(sheets)
    except InputRejectedError:
        return None
    return plan, list(unread(sheets, plan))


def test_nothing_is_told_of_a_plan_as_it_was_exported():
    assert outcome(written()) == (PLAN, [])


@given(st.sampled_from(CELLS), st.sampled_from(WORDS))
def test_a_cell_that_is_written_over_changes_the_plan_or_is_told(cell, words):
    assert_not_silent(cell, words)


def assert_not_silent(cell, words):
    title, row, column = cell
    sheets = written()
    before = sheets[title][row][column]
    sheets[title][row][column] = words
    found = outcome(sheets)
    if found is None or before == words:
        return
    plan, told = found
    at = [each for each in told if (each.sheet, each.row, each.column) == cell]
    assert plan != PLAN or at, (cell, before, words)
    assert all(each.text == words for each in at)
