"""Ledgers in packets: rows come back as they were, new ones can be typed below, nothing doubles."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.ledger.ledger import ColumnType, Ledger, LedgerColumn, LedgerEntry, plain_value
from fsdesk.domain.records.merge import Revision
from fsdesk.domain.text import fold, tidy
from fsdesk.domain.typed import CellError
from fsdesk.packets.layout import CODE
from fsdesk.packets.lists.opening import ListSheet
from fsdesk.packets.lists.values import read_typed
from fsdesk.packets.reader import read_packet
from fsdesk.packets.sheets.ledgers import NEW_ROWS, LedgerSource, read_ledger_sheet
from fsdesk.packets.writer import write_packet
from tests.packets.test_round_trip import PLAN, blank

SAMPLES = Ledger(
    "samples",
    "监督抽检",
    (
        LedgerColumn("抽样编号"),
        LedgerColumn("抽样日期", ColumnType.DATE),
        LedgerColumn("检验结论", ColumnType.CHOICE, ("合格", "不合格")),
        LedgerColumn("数量", ColumnType.NUMBER),
        LedgerColumn("已处置", ColumnType.FLAG),
    ),
    ("抽样编号",),
)
REVISION = Revision.parse("a1:2")


def entry(number, **values):
    return LedgerEntry(f"id{number}", "samples", "scj", {"抽样编号": number, **values}, REVISION)


@pytest.fixture
def packet():
    rows = (
        entry("0001", 抽样日期=date(2026, 3, 5), 检验结论="合格", 数量=2.0, 已处置=True),
        entry("0002", 检验结论="不合格", 已处置=False),
        LedgerEntry("id3", "samples", "scj", {"抽样编号": "0003"}, REVISION, gone=True),
    )
    return replace(blank(), ledgers=(SAMPLES,), entries=rows)


@pytest.fixture
def file(packet, tmp_path):
    write_packet(tmp_path / "p.xlsx", packet, PLAN)
    return tmp_path / "p.xlsx"


def changed(file, change):
    book = load_workbook(file)
    change(book["监督抽检"])
    book.save(file)
    return read_packet(file)


def test_rows_come_back_as_they_were_removed_ones_too(packet, file):
    read = read_packet(file)
    assert read.ledgers == packet.ledgers
    assert set(map(repr, read.entries)) == set(map(repr, packet.entries))
    assert not read.hand_edited


@pytest.mark.parametrize("title", ["进展", "_fsdesk", "填报说明", "a/b", "长" * 40])
def test_a_ledger_may_be_called_like_another_sheet_or_like_no_sheet_at_all(packet, tmp_path, title):
    named = replace(packet, ledgers=(replace(SAMPLES, title=title),))
    write_packet(tmp_path / "p.xlsx", named, PLAN)
    read = read_packet(tmp_path / "p.xlsx")
    assert [ledger.title for ledger in read.ledgers] == [title]
    assert set(map(repr, read.entries)) == set(map(repr, packet.entries))


TEXTS = st.text(max_size=30).map(tidy)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(
    st.lists(
        st.fixed_dictionaries(
            {"抽样编号": TEXTS.filter(bool)},
            optional={
                "抽样日期": st.dates(date(2000, 1, 1), date(2100, 12, 31)),
                "检验结论": st.sampled_from(["合格", "不合格"]),
                "数量": st.integers(-(10**9), 10**9).map(float),
                "已处置": st.booleans(),
            },
        ),
        max_size=6,
    )
)
def test_whatever_is_in_a_ledger_comes_back(tmp_path, rows):
    entries = tuple(
        LedgerEntry(f"id{n}", "samples", "scj", values, REVISION) for n, values in enumerate(rows)
    )
    packet = replace(blank(), ledgers=(SAMPLES,), entries=entries)
    write_packet(tmp_path / "p.xlsx", packet, PLAN)
    read = read_packet(tmp_path / "p.xlsx")
    assert read.entries == entries
    assert not read.hand_edited


def test_a_row_typed_below_is_a_new_one_and_the_same_file_gives_the_same_edit(file):
    def type_below(sheet):
        sheet["B6"], sheet["C6"], sheet["D6"], sheet["E6"] = "0003", "3月8日", "合 格", "１２"

    read = changed(file, type_below)
    assert read.altered_ledgers == ("监督抽检",)
    (new,) = [each for each in read.entries if not each.id]
    assert (new.id, new.unit) == ("", "scj")
    assert new.values == {
        "抽样编号": "0003", "抽样日期": date(2026, 3, 8), "检验结论": "合格", "数量": 12.0,
    }  # fmt: skip
    assert new.revision
    again = read_packet(file)
    assert again.entries == read.entries
    assert again.digest == read.digest


def test_a_corrected_row_keeps_its_id_and_stands_on_what_was_there(file):
    def correct(sheet):
        sheet["D5"] = "合格"

    read = changed(file, correct)
    row = next(each for each in read.entries if each.id == "id0002")
    assert row.values["检验结论"] == "合格"
    assert row.revision.contains(REVISION)
    assert row.revision != REVISION


def test_a_deleted_line_changes_nothing_but_is_told(file):
    read = changed(file, lambda sheet: sheet.delete_rows(4))
    assert {each.id for each in read.entries} == {"id0002", "id3"}
    assert "缺少编码为“id0001”的记录" in str(read.findings[0])


@pytest.mark.parametrize(
    ("cell", "value", "words"),
    [
        ("C4", "26/3/5", "抽样日期"),
        ("D4", "基本合格", "应为：合格、不合格"),
        ("E4", "很多", "数字"),
        ("F4", "也许", "应为“是”或“否”"),
        ("B4", None, "“抽样编号”不能为空"),
        ("A5", "id0001", "出现了两次"),
        ("A5", "id9", "不在本表中"),
        ("E4", "=1/0", "公式"),
    ],
)
def test_what_can_not_be_taken_is_named_with_its_cell(file, cell, value, words):
    with pytest.raises(InputRejectedError, match=words) as refused:
        changed(file, lambda sheet: sheet.__setitem__(cell, value))
    (found,) = [f for f in refused.value.findings if f.level.value == "错误"]
    assert found.place.sheet == "监督抽检"
    assert found.place.cell in (cell, f"B{cell[1:]}")


def test_a_sheet_that_was_taken_out_is_missed(file):
    book = load_workbook(file)
    del book["监督抽检"]
    book.save(file)
    with pytest.raises(InputRejectedError, match="缺少工作表：监督抽检"):
        read_packet(file)


def test_text_like_a_formula_stays_text(tmp_path):
    packet = replace(blank(), ledgers=(SAMPLES,), entries=(entry("=1+1"),))
    write_packet(tmp_path / "p.xlsx", packet, PLAN)
    assert load_workbook(tmp_path / "p.xlsx")["监督抽检"]["B4"].data_type == "s"
    assert read_packet(tmp_path / "p.xlsx").entries[0].values == {"抽样编号": "=1+1"}


def put(**cells):
    def change(sheet):
        for name, value in cells.items():
            sheet[name] = value

    return change


def new_rows(read):
    return {each.values["抽样编号"]: each.values for each in read.entries if not each.id}


def told(read):
    return {f.place.cell: f.message for f in read.findings if f.place.sheet == "监督抽检"}


def test_a_total_below_is_told_and_is_no_row(file):
    read = changed(file, put(B6="0003", C6="3月8日", B7="合计", E7="3 批次"))
    assert set(new_rows(read)) == {"0003"}
    assert "合计、3 批次" in told(read)["B7:E7"]


def test_merged_cells_are_filled_and_told(file):
    def merge(sheet):
        put(B6="0003", B7="0004", C6="3月8日", D6="合格")(sheet)
        sheet.merge_cells("C6:C7")
        sheet.merge_cells("D6:D7")

    read = changed(file, merge)
    days = {key: (row["抽样日期"], row["检验结论"]) for key, row in new_rows(read).items()}
    assert days == dict.fromkeys(["0003", "0004"], (date(2026, 3, 8), "合格"))
    assert set(told(read)) == {"C6", "D6"}


@pytest.mark.parametrize("number", [440301202600123456, 1.5e17])
def test_a_long_number_that_lost_its_end_is_refused(file, number):
    with pytest.raises(InputRejectedError, match="超过 15 位") as refused:
        changed(file, put(B6=number))
    assert refused.value.findings[0].place.cell == "B6"


def test_what_is_added_beside_and_below_is_told(file):
    read = changed(file, put(G3="备注", G4="已移送公安", H5="见附件", G9="制表人：张三", D1="附注"))
    found = told(read)
    assert "“备注”这一列不是台账的列，有 1 格内容没有读取（如“已移送公安”）" in found["G3"]
    assert "制表人：张三" in found["G9"]
    assert "见附件" in found["H5"]
    assert "附注" in found["D1"]
    assert not read.altered_ledgers


def test_what_a_form_says_itself_is_not_told(file):
    assert told(read_packet(file)) == {}


def test_keys_with_the_marks_of_text_and_damaged_ones(file):
    assert set(new_rows(changed(file, put(B6="'0003", B7="’0004")))) == {"0003", "0004"}
    with pytest.raises(InputRejectedError, match="科学记数法"):
        changed(file, put(B6="4.40301E+17"))


def test_what_is_held_already_comes_back_whatever_it_looks_like(tmp_path):
    rows = tuple(entry(key) for key in ("'1", '="2"', "4.40301E+17", "合计", "440301202600123000"))
    packet = replace(blank(), ledgers=(SAMPLES,), entries=rows)
    write_packet(tmp_path / "p.xlsx", packet, PLAN)
    read = read_packet(tmp_path / "p.xlsx")
    assert read.entries == rows
    assert not read.hand_edited


@pytest.mark.parametrize("day", [date(2026, 3, 8), 44627, "2026-03-08 14:20:00"])
def test_days_of_a_workbook_that_counts_from_1904(file, day):
    book = load_workbook(file)
    put(B6="0003", C6=day, E6=44627)(book["监督抽检"])
    book["监督抽检"]["C6"].number_format = "yyyy-mm-dd" if isinstance(day, date) else "General"
    book.epoch = CALENDAR_MAC_1904
    book.save(file)
    read = read_packet(file)
    assert new_rows(read)["0003"] == {
        "抽样编号": "0003", "抽样日期": date(2026, 3, 8), "数量": 44627.0,
    }  # fmt: skip


WORDS = ["合计", "/", "-", "注：见附件", "1900", "3月7日", "26.3.5", "合格", "0001", "姓名",
         "抽样编号", "4.4E+17", "√", "共4家", "id0001", "编码", "监督抽检"]  # fmt: skip
TYPED = st.sampled_from(WORDS) | st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cf", "Cn", "Co", "Zs"]),
    max_size=20,
).filter(tidy)
# 500 of them each day, 20,000 in the heavy profile.
ACCOUNT = 500 if settings().max_examples < 1000 else 20_000


@settings(max_examples=ACCOUNT)
@given(TYPED, st.integers(0, 8), st.integers(0, 8))
def test_whatever_is_typed_into_the_sheet_is_in_the_data_or_told_at_its_place(text, row, column):
    noted = {"id1": ("a1:2", ""), "id2": ("a1:2", "")}
    rows = [[None] * 9 for _ in range(9)]
    rows[0][0], rows[1][0] = "监督抽检", f"某某局　{NEW_ROWS}"
    rows[2][:7] = [CODE, *(c.title for c in SAMPLES.columns), "备注"]
    rows[3][:4] = ["id1", "0001", "2026-03-05", "合格"]
    rows[4][:4] = ["id2", "0002", "2026-03-06", "不合格"]
    rows[5][:4] = [None, "0003", "2026-03-07", "合格"]
    was, rows[row][column] = rows[row][column], text
    table = ListSheet("p.xlsx", "监督抽检", rows)
    source = LedgerSource(table, (), SAMPLES, noted, (), "scj", "p1", 2026, table.name)
    read = read_ledger_sheet(source)
    here = row + 1, column + 1
    told_at = [f for f in read.findings if f.place.cell and covers(f.place.cell, *here)]
    if here == (3, 1):  # without the header of codes the sheet is refused as a whole
        told_at += [f for f in read.findings if "找不到表头" in f.message]
    # A header that is gone, or there twice, and a row that is refused, are named by their row.
    told_at += [
        f
        for f in read.findings
        if f.level.value == "错误" and f.place.cell.strip("ABCDEFGHI") == str(row + 1)
    ]
    spare = [f for f in read.findings if f.place.cell == "G3" and column == 6 and row > 2]
    held = {str(plain_value(v)) for e in read.entries for v in e.values.values()}
    same = was is not None and fold(was) == fold(text)
    title = text in ("监督抽检", NEW_ROWS) and row < 2
    ours = row == 2 and fold(text) == fold("备注") and column == 6
    assert told_at or spare or same or title or ours or held & readings(text), read.findings


ALIKE = [True, 1, 1.0, "1", 0, False, "0", "-", "是", "是 ", "√", None, date(2026, 3, 1), 46082.0]


@given(st.lists(st.tuples(*[st.sampled_from(ALIKE)] * 2), min_size=2, max_size=12))
def test_a_cell_is_read_as_if_no_other_row_were_there(cells):
    """What is equal need not be the same, such as 1 and 是; what came before changes nothing."""
    ledger = replace(SAMPLES, columns=(*SAMPLES.columns, LedgerColumn("备注")))
    noted = {f"id{n}": ("a1:2", "") for n in range(len(cells))}
    heads = [CODE, *(column.title for column in ledger.columns)]
    lines = [
        [f"id{n}", f"No {n}", None, None, None, flag, text] for n, (flag, text) in enumerate(cells)
    ]

    def read(rows, notes):
        table = ListSheet("p.xlsx", "监督抽检", [heads, *rows])
        source = LedgerSource(table, (), ledger, notes, (), "scj", "p1", 2026, table.name)
        found = read_ledger_sheet(source)
        refused = {f.message for f in found.findings if f.level.value == "错误"}
        return {each.id: repr(each.values) for each in found.entries}, refused

    apart = [read([line], {line[0]: noted[line[0]]}) for line in lines]
    whole, refused = read(lines, noted)
    assert whole == {id_: values for found, _ in apart for id_, values in found.items()}
    assert refused == {words for _, found in apart for words in found}


def covers(cells, row, column):
    left, top, right, bottom = range_boundaries(cells)
    return top <= row <= bottom and left <= column <= right


def readings(text):
    """What a text may mean in some column."""
    found = {text, tidy(text)}
    for column in SAMPLES.columns:
        for is_key in (True, False):
            try:
                found.add(str(plain_value(read_typed(column, text, 2026, is_key=is_key))))
            except CellError:
                continue
    return found
