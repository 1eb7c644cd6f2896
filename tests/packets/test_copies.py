"""Sheets that look like a packet's own are asked about, and then read as a person chose."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from fsdesk.domain.findings import FindingCode, InputRejectedError, Place
from fsdesk.domain.packet.sheet_choice import CopiesError, SheetChoice
from fsdesk.domain.records.records import DataValue
from fsdesk.packets.reader import read_packet
from fsdesk.packets.sheets.merging import merge_values
from fsdesk.packets.writer import write_packet
from tests.packets.test_account import LEDGER, feedback
from tests.packets.test_round_trip import PLAN

MERGED, OWN = SheetChoice(merge=True), SheetChoice()
VALUES, COPY = "指标", "指标 (2)"


@pytest.fixture
def form(tmp_path):
    file = tmp_path / "p.xlsx"
    write_packet(file, feedback(), PLAN)
    return file


def copy_of(file, title, name, hidden=False, **cells):
    """Copy a sheet of a workbook, and type into the copy."""
    book = load_workbook(file)
    sheet = book.copy_worksheet(book[title])
    sheet.title, sheet.sheet_state = name, "hidden" if hidden else "visible"
    for cell, value in cells.items():
        sheet[cell] = value
    book.save(file)


def add_list(file, name, *rows):
    book = load_workbook(file)
    sheet = book.create_sheet(name)
    for row in rows:
        sheet.append(row)
    book.save(file)


def refused(file, choice=None):
    with pytest.raises(CopiesError) as problem:
        read_packet(file, choice)
    return problem.value


def value(packet, item):
    return next(r.content for r in packet.records if r.key.item == item)


def rows_of(packet):
    return [dict(entry.values) for entry in packet.entries]


def taken(packet):
    return [(sheet.title, sheet.rows) for sheet in packet.sheets]


def test_nothing_is_taken_before_somebody_has_chosen(form):
    copy_of(form, VALUES, COPY, G4=1950, K5="补报")
    copy_of(form, "进展", "进展 Copy", hidden=True, G4="已部署")
    problem = refused(form)
    assert [str(copy) for copy in problem.copies] == [
        "“指标 (2)”（6 行）",
        "“进展 Copy”（隐藏，2 行）",
    ]
    assert [copy.differing for copy in problem.copies] == [2, 1]
    assert {finding.code for finding in problem.findings} == {FindingCode.SHEETS}
    assert {finding.place.sheet for finding in problem.findings} == {COPY, "进展 Copy"}


def test_a_copy_that_says_the_same_is_not_asked_about(form):
    copy_of(form, VALUES, COPY)
    assert value(read_packet(form), "I01-1") == DataValue(1900.0)


def test_merged_what_one_leaves_empty_comes_from_the_other(form):
    copy_of(form, VALUES, COPY, G4=None, G5=12, K4="补报")
    packet = read_packet(form, MERGED)
    assert value(packet, "I01-1") == DataValue(1900.0, note="补报")
    assert value(packet, "I01-2") == DataValue(12.0)
    assert taken(packet)[:2] == [(VALUES, 1), (COPY, 2)]
    own = next(r.key for r in packet.records if r.key.item == "I01-1")
    assert {f: (p.sheet, p.cell) for f, p in packet.cells[own].items()} == {
        "value": (VALUES, "G4"),
        "note": (COPY, "K4"),
    }
    assert COPY not in {finding.place.sheet for finding in packet.findings}


def test_merged_two_values_are_an_error_that_names_both_cells(form):
    copy_of(form, VALUES, COPY, G4=1950)
    problem = refused(form, MERGED)
    (finding,) = problem.findings
    assert "“指标”表 G4 是“1900”，“指标 (2)”表 G4 是“1950”" in finding.message
    assert (finding.place.sheet, finding.place.cell) == (COPY, "G4")
    assert problem.copies  # something else can be chosen


def test_merged_a_bad_cell_of_the_copy_is_named_in_the_copy(form):
    copy_of(form, VALUES, COPY, G5="很多")
    (finding,) = refused(form, MERGED).findings
    assert (finding.place.sheet, finding.place.cell) == (COPY, "G5")


def test_only_the_copy_is_read_and_what_the_own_sheet_says_is_told(form):
    copy_of(form, VALUES, COPY, G4=1950, K5="补报")
    packet = read_packet(form, SheetChoice(only=(COPY,)))
    assert value(packet, "I01-1") == DataValue(1950.0)
    assert (VALUES, 1) not in taken(packet)
    assert (COPY, 2) in taken(packet)
    found = {(f.place.sheet, f.place.cell): f.message for f in packet.findings}
    assert "“本期数”在副本中是“1900”，在“指标 (2)”表中是“1950”" in found[VALUES, "G4"]
    assert "有 6 行，按选择没有读取；其中 1 行与“指标 (2)”表不同" in found[VALUES, ""]


def test_only_its_own_sheets_are_read_and_the_copy_is_told(form):
    copy_of(form, VALUES, COPY, G4=1950)
    packet = read_packet(form, OWN)
    assert value(packet, "I01-1") == DataValue(1900.0)
    assert (COPY, "G4") in {(f.place.sheet, f.place.cell) for f in packet.findings}


def test_an_unknown_sheet_is_refused(form):
    copy_of(form, VALUES, COPY, G4=1950)
    with pytest.raises(InputRejectedError, match="没有可以选读的工作表“2月”"):
        read_packet(form, SheetChoice(only=("2月",)))


def test_what_stands_around_the_table_of_a_merged_copy_is_told(form):
    copy_of(form, VALUES, COPY, G5=12, N4="旁注", A2="区市场监管局　2026年4月")
    packet = read_packet(form, MERGED)
    assert (COPY, "N4") in {(f.place.sheet, f.place.cell) for f in packet.findings}
    assert any(h.place.sheet == COPY and "4月" in h.text for h in packet.headings)


HEADERS = ["抽样编号", "样品名称", "被抽样单位", "抽样日期", "检验结论"]


def test_lists_of_months_are_read_together_with_the_ledgers_sheet(form):
    add_list(form, "1月", HEADERS, ["0012", "米", "甲店", date(2026, 1, 5), "合格"])
    add_list(form, "2月", HEADERS, ["0013", "面", "乙店", date(2026, 2, 5), "合格"])
    problem = refused(form)
    assert [(c.title, c.of, c.rows) for c in problem.copies] == [
        ("1月", LEDGER.title, 1),
        ("2月", LEDGER.title, 1),
    ]
    first, second = rows_of(read_packet(form, MERGED))
    assert first["抽样编号"] == "0012"
    assert first["样品名称"] == "米"  # of the row that is there already
    assert second["抽样编号"] == "0013"
    (only,) = rows_of(read_packet(form, SheetChoice(only=("2月",))))
    assert only["抽样编号"] == "0013"
    assert rows_of(read_packet(form, OWN)) == [{"抽样编号": "0012"}]


def test_two_values_of_a_ledgers_row_are_an_error_that_names_both_cells(form):
    add_list(form, "1月", HEADERS, ["0013", "米", "甲店"])
    add_list(form, "2月", HEADERS, ["0013", "面", "甲店"])
    (finding,) = refused(form, MERGED).findings
    assert "“1月”表 B2 是“米”，“2月”表 B2 是“面”" in finding.message


def test_a_copy_of_a_ledgers_sheet_adds_its_new_rows_once(form):
    copy_of(form, LEDGER.title, "抽检 (2)", B5="0013", B6="0014")
    book = load_workbook(form)
    book[LEDGER.title]["B5"] = "0014"
    book.save(form)
    codes = [row["抽样编号"] for row in rows_of(read_packet(form, MERGED))]
    assert codes == ["0012", "0014", "0013"]


def test_replies_of_a_copied_sheet_are_put_together(form):
    copy_of(form, "来函回复", "来函回复 (2)", E4="已整改")
    (reply,) = read_packet(form, MERGED).replies
    assert reply.text == "已整改"


FIELDS = st.dictionaries(st.sampled_from("abc"), st.sampled_from(["1", "2"]))


@given(st.lists(FIELDS, max_size=4))
def test_merged_every_value_is_taken_or_an_error_whatever_stands_where(sheets):
    known = {}
    errors = []
    for number, said in enumerate(sheets):
        placed = {each: (text, Place("", f"{number}", each)) for each, text in said.items()}
        errors += merge_values(known, placed, {})
    for each in "abc":
        values = [said[each] for said in sheets if each in said]
        refused = [finding for finding in errors if finding.place.cell == each]
        assert bool(refused) == (len(set(values)) > 1)
        assert (known[each][0] if each in known else None) == next(iter(values), None)
