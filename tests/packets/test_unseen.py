"""What is taken as a change from where nobody sees it is told: rows and columns, every form."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.utils import column_index_from_string, get_column_letter

from fsdesk.domain.findings import Severity
from fsdesk.packets.reader import read_packet
from fsdesk.packets.writer import write_packet
from tests.packets.other_forms import hidden_columns, hidden_row, ods_parts, write_ods, xls_of
from tests.packets.test_account import BEFORE, LEDGER, WITH_NOTE, feedback
from tests.packets.test_round_trip import PLAN

REPLIES = "来函回复"
HEADERS = {"进展": "进展情况", "指标": "备注", LEDGER.title: "抽样编号", REPLIES: "回复内容"}
FORMS = ("xlsx", "xls", "ods")


def typed(folder, texts, ledger=LEDGER):
    """Write a packet and type texts, by sheet, into the first row below its headers."""
    file = folder / "p.xlsx"
    write_packet(file, feedback(ledger), PLAN, BEFORE)
    book = load_workbook(file)
    cells = {}
    for title, text in texts.items():
        (cell,) = (c for row in book[title].iter_rows() for c in row if c.value == HEADERS[title])
        cells[title] = cell.offset(1).coordinate
        book[title][cells[title]] = text
    book.save(file)
    return file, cells


def hide(file, form, sheet, *, row=None, column=None):
    """Save a packet in a form, with a row (from 1) or a column hidden."""
    made = file.with_name(f"q.{form}")
    if form == "xlsx":
        book = load_workbook(file)
        if row:
            book[sheet].row_dimensions[row].hidden = True
        if column:
            book[sheet].column_dimensions[column].hidden = True
        book.save(made)
    elif form == "xls":
        place = column_index_from_string(column) - 1 if column else 0
        records = hidden_row(row - 1) if row else hidden_columns(place, place)
        made.write_bytes(xls_of(file, {sheet: records}))
    else:
        write_ods(made, with_unseen(ods_parts(file), sheet, row, column))
    return made


def with_unseen(parts, sheet, row, column):
    before, begin, after = parts["content.xml"].partition(f'<table:table table:name="{sheet}">')
    if column:
        shown = column_index_from_string(column) - 1
        after = (
            f'<table:table-column table:number-columns-repeated="{shown}"/>'
            f'<table:table-column table:visibility="collapse"/>{after}'
        )
    else:
        rows = after.split("<table:table-row>")
        rows[row] = f'<table:table-row table:visibility="filter">{rows[row]}'
        after = (
            "<table:table-row>".join([rows[0], *rows[1:row]])
            + rows[row]
            + "".join(f"<table:table-row>{each}" for each in rows[row + 1 :])
        )
    return {**parts, "content.xml": before + begin + after}


def told(file):
    return {
        (f.place.sheet, f.place.cell): f.message
        for f in read_packet(file).findings
        if "照常接收" in f.message and f.level is Severity.WARNING
    }


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("sheet", HEADERS)
def test_a_change_in_a_hidden_row_or_column_is_told_at_its_cell(tmp_path, form, sheet):
    file, cells = typed(tmp_path, {sheet: "新填的"})
    cell = cells[sheet]
    row, column = int(cell.strip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")), cell.rstrip("0123456789")
    assert told(file) == {}

    by_row = told(hide(file, form, sheet, row=row))
    by_column = told(hide(file, form, sheet, column=column))

    assert [where for where, _ in by_row] == [sheet]
    assert f"第 {row} 行是隐藏的" in "".join(by_row.values())
    assert cell in "".join(by_row.values())
    assert by_column.keys() == {(sheet, cell)}
    assert f"第 {column} 列是隐藏的" in by_column[sheet, cell]


@pytest.mark.parametrize("form", FORMS)
def test_what_nobody_changed_is_not_told_wherever_it_is_hidden(tmp_path, form):
    file, cells = typed(tmp_path, {"进展": "新填的"})
    assert told(hide(file, form, "指标", row=int(cells["进展"][1:]))) == {}
    assert told(hide(file, form, "进展", row=int(cells["进展"][1:]) + 1)) == {}


def test_an_emptied_row_that_is_hidden_is_told(tmp_path):
    file = tmp_path / "p.xlsx"
    write_packet(file, feedback(), PLAN, BEFORE)
    book = load_workbook(file)
    (filled,) = (c for row in book["指标"].iter_rows() for c in row if c.value == 1900)
    filled.value = None
    book.save(file)
    assert told(file) == {}
    assert {sheet for sheet, _ in told(hide(file, "xlsx", "指标", row=filled.row))} == {"指标"}


def test_a_column_that_goes_into_the_notes_is_told_when_hidden(tmp_path):
    file, cells = typed(tmp_path, {LEDGER.title: "0013"}, WITH_NOTE)
    row = int(cells[LEDGER.title][1:])
    book = load_workbook(file)
    sheet = book[LEDGER.title]
    last = get_column_letter(len(WITH_NOTE.columns) + 2)
    sheet[f"{last}{row - 1}"], sheet[f"{last}{row}"] = "另记", "已移送公安"
    book.save(file)
    assert (LEDGER.title, f"{last}{row}") in told(hide(file, "xlsx", LEDGER.title, column=last))


@settings(max_examples=10 if settings().max_examples < 1000 else 300)
@given(data=st.data())
def test_all_changed_cells_of_hidden_rows_are_named_and_no_other(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("unseen")
    file = folder / "p.xlsx"
    write_packet(file, feedback(), PLAN, BEFORE)
    book = load_workbook(file)
    sheet = book["进展"]
    (head,) = (c for row in sheet.iter_rows() for c in row if c.value == "进展情况")
    rows = [r for r in range(head.row + 1, sheet.max_row + 1) if sheet.cell(r, 1).value][:6]
    changed = data.draw(st.sets(st.sampled_from(rows), max_size=5))
    hidden = data.draw(st.sets(st.sampled_from(rows)))
    for row in changed:
        sheet.cell(row, head.column).value = "新填的"
    for row in hidden:
        sheet.row_dimensions[row].hidden = True
    book.save(file)
    words = "".join(told(file).values())
    named = {row for row in rows if f"{head.column_letter}{row}" in words}
    assert named == changed & hidden
