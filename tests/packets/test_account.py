"""Each filled cell of a packet is taken, unchanged, form text, or told at its place."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from openpyxl import load_workbook
from openpyxl.comments import Comment

from fsdesk.documents.ledger_file import load_builtin_ledgers
from fsdesk.domain.cells import cell_name
from fsdesk.domain.findings import InputRejectedError, Severity
from fsdesk.domain.ledger.ledger import LedgerColumn, LedgerEntry
from fsdesk.domain.packet.directives import Directives
from fsdesk.domain.packet.packet import PacketKind
from fsdesk.domain.packet.sheet_choice import SheetChoice
from fsdesk.domain.records.merge import Revision
from fsdesk.domain.records.records import DataValue
from fsdesk.domain.settings import Rules
from fsdesk.domain.supervision.letters import Letter, LetterKind, LetterState
from fsdesk.domain.text import fold, tidy
from fsdesk.domain.typed import read_text
from fsdesk.packets.limits import escaped
from fsdesk.packets.reader import read_packet
from fsdesk.packets.writer import write_packet
from tests.packets.other_forms import comment_records, ods_parts, write_ods, xls_of
from tests.packets.test_round_trip import PLAN, blank
from tests.packets.typed import Typed
from tests.plans import YEAR

EXAMPLES = 500 if settings().max_examples < 1000 else 20_000
LEDGER = next(ledger for ledger in load_builtin_ledgers() if ledger.code == "sampling")
WITH_NOTE = replace(LEDGER, columns=(*LEDGER.columns, LedgerColumn("备注")))
LETTER = Letter(
    LetterKind.REMINDER, YEAR, 3, "scj", "2026-03", date(2026, 4, 10), date(2026, 4, 25),
    LetterState.ISSUED,
)  # fmt: skip
ROW = LedgerEntry("e1", LEDGER.code, "scj", {"抽样编号": "0012"}, Revision.parse("a1:1"))


def feedback(ledger=LEDGER):
    """Return a packet with every kind of sheet: forms, a ledger, a letter to answer."""
    packet = blank(I01_1=DataValue(1900.0))
    return replace(
        packet,
        header=replace(packet.header, kind=PacketKind.FEEDBACK),
        ledgers=(ledger,),
        entries=(ROW,),
        directives=Directives(PLAN, Rules(), (ledger,)),
        letters=(LETTER,),
    )


PACKETS = {
    "a form": lambda: replace(
        blank(),
        header=replace(blank().header, kind=PacketKind.PLAN),
        directives=Directives(PLAN, Rules()),
    ),
    "a report": lambda: blank(I01_1=DataValue(1900.0)),
    "a feedback": feedback,
    "a ledger with notes": lambda: feedback(WITH_NOTE),
}
BEFORE = {"T01-1": "已部署，完成 3 家", "I01-1": "累计 1,200 批次"}


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Give of each packet its parts, what it says, and what stands in its cells."""
    found = {}
    for name, make in PACKETS.items():
        file = tmp_path_factory.mktemp("packets") / "p.xlsx"
        write_packet(file, make(), PLAN, BEFORE)
        found[name] = Typed(file), read_packet(file), stands(file)
    return found


def stands(file):
    """Return the texts of a workbook by sheet, row and column, counted from 0."""
    return {
        (sheet.title, cell.row - 1, cell.column - 1): read_text(cell.value)
        for sheet in load_workbook(file)
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


@pytest.fixture
def form(tmp_path):
    file = tmp_path / "p.xlsx"
    write_packet(file, feedback(), PLAN, BEFORE)
    return file


def data(packet):
    return packet.records, packet.entries, packet.replies


def found_in(file, choice=None):
    """Read a packet and give its findings by place."""
    return {(f.place.sheet, f.place.cell): f for f in read_packet(file, choice).findings}


def test_nothing_is_told_of_a_packet_as_it_was_written(written):
    assert [read.findings for _, read, _ in written.values()] == [()] * len(PACKETS)


TEXTS = st.text(min_size=1, max_size=30).map(tidy).filter(fold) | st.sampled_from(
    ["实际 1950", "合计", "编码", "文号", "=1+1", "12", "0", "100%", "已完成", "I01-1", "长" * 3000]
)
SHEETS = ("填报说明", "进展", "指标", "事项", LEDGER.title, "来函回复", "指标 (2)", "另附")
PLACES = st.tuples(st.sampled_from(SHEETS), st.integers(0, 45), st.integers(0, 14))


@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(sorted(PACKETS)), PLACES, TEXTS, st.booleans())
def test_any_text_anywhere_is_in_the_data_or_told_at_its_place(
    written, tmp_path, name, where, text, comment
):
    parts, before, stood = written[name]
    typed, file, (sheet, row, column) = parts.copy(), tmp_path / "q.xlsx", where
    if sheet not in typed.titles:
        typed.sheet(sheet, hidden=row % 2 == 1)
    write = typed.comment if comment else typed.cell
    write(sheet, row, column, escaped(text))
    typed.save(file)
    try:
        read = read_packet(file)
    except InputRejectedError as problem:
        refused = problem
    else:
        refused = None
    if refused is not None:
        assert sheet in {finding.place.sheet for finding in refused.findings}
        return
    told = (sheet, cell_name(row, column)) in {(f.place.sheet, f.place.cell) for f in read.findings}
    unchanged = not comment and fold(stood.get(where, "")) == fold(text)
    assert told or unchanged or data(read) != data(before)


COPIES = {"指标 (2)": "指标", "进展 (2)": "进展", f"{LEDGER.title} (2)": LEDGER.title}


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    """Give the parts of a packet with copied sheets, and what stands in its cells."""
    file = tmp_path_factory.mktemp("packets") / "p.xlsx"
    write_packet(file, feedback(), PLAN, BEFORE)
    book = load_workbook(file)
    for name, title in COPIES.items():
        book.copy_worksheet(book[title]).title = name
    book.save(file)
    return Typed(file), read_packet(file), stands(file)


@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
@given(
    st.tuples(st.sampled_from([*COPIES, *COPIES.values()]), st.integers(0, 12), st.integers(0, 14)),
    TEXTS,
    st.sampled_from([SheetChoice(merge=True), SheetChoice(only=tuple(COPIES)), SheetChoice()]),
)
def test_any_text_is_in_the_data_or_told_however_copies_are_read(
    copied, tmp_path, where, text, choice
):
    parts, before, stood = copied
    typed, file, (sheet, row, column) = parts.copy(), tmp_path / "q.xlsx", where
    typed.cell(sheet, row, column, escaped(text))
    typed.save(file)
    try:
        read = read_packet(file, choice)
    except InputRejectedError as problem:
        # Either may be named where the two say something else, or a sheet that was chosen is none.
        names = {finding.place.sheet for finding in problem.findings}
        assert names & {sheet, COPIES.get(sheet, ""), ""}
        return
    told = (sheet, cell_name(row, column)) in {(f.place.sheet, f.place.cell) for f in read.findings}
    assert told or fold(stood.get(where, "")) == fold(text) or data(read) != data(before)


# What clerks do


def edit(file, **cells):
    """Type into cells, named by sheet and cell: 指标_F4."""
    book = load_workbook(file)
    for name, value in cells.items():
        sheet, cell = name.split("_")
        book[sheet][cell] = value
    book.save(file)


def test_text_over_the_forms_own_is_told_with_its_column(form):
    edit(
        form,
        进展_E4="另：已办 5 件",
        指标_F4="累计 1,950 批次",
        指标_C5="≥500",
        来函回复_C4="5月1日",
    )
    found = found_in(form)
    assert "“上期进展”是表中原有的内容，这里改成了“另：已办 5 件”" in found["进展", "E4"].message
    assert "“年初至上期累计”" in found["指标", "F4"].message
    assert "“目标”" in found["指标", "C5"].message
    assert "“回复期限”" in found["来函回复", "C4"].message
    assert {finding.level for finding in found.values()} == {Severity.NOTICE}


def test_the_same_text_spaced_in_another_way_is_no_change(form):
    edit(form, 进展_E4=" 已部署，完成\n3 家 ", 指标_F4="累计１,200批次")
    assert found_in(form) == {}


def test_rows_that_were_sorted_keep_their_own_text(form):
    book = load_workbook(form)
    sheet = book["进展"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
    for row, values in enumerate(reversed(rows), start=4):
        for column, value in enumerate(values, start=1):
            sheet.cell(row, column).value = value
    book.save(form)
    assert found_in(form) == {}


def test_comments_are_told_and_those_of_a_check_are_not(form):
    book = load_workbook(form)
    book["指标"]["G4"].comment = Comment("实际 1950", "张三")
    book["事项"]["E5"].comment = Comment("【错误】应为日期。改。\n已经改了", "食药安工作台")
    book["进展"]["G4"].comment = Comment("【错误】应为文字。改。", "食药安工作台")
    book["进展"]["G5"].comment = Comment("【错误】应为文字。改。", " ")
    book.save(form)
    found = found_in(form)
    assert found.keys() == {("指标", "G4"), ("事项", "E5")}
    assert "“实际 1950”" in found["指标", "G4"].message
    assert "“已经改了”" in found["事项", "E5"].message


def test_comments_in_an_ods_workbook_are_told(form, tmp_path):
    parts = ods_parts(form)
    remark = (
        '<office:annotation xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>张三'
        "</dc:creator><dc:date>2026-04-02</dc:date><text:p>实际 1950</text:p></office:annotation>"
    )
    first = '<table:table-cell office:value-type="string"><text:p>I01-1</text:p>'
    parts["content.xml"] = parts["content.xml"].replace(first, f"{first}{remark}", 1)
    write_ods(tmp_path / "p.ods", parts)
    found = found_in(tmp_path / "p.ods")
    assert found.keys() == {("指标", "A4")}
    assert "“实际 1950”" in found["指标", "A4"].message


def test_comments_in_an_xls_workbook_are_told(form, tmp_path):
    records = comment_records(3, 6, "实际 1950", "张三")
    file = tmp_path / "p.xls"
    file.write_bytes(xls_of(form, {"指标": records}))
    found = found_in(file)
    assert found.keys() == {("指标", "G4")}
    assert "“实际 1950”" in found["指标", "G4"].message


def test_a_copied_sheet_is_named_with_its_rows_and_what_differs(form):
    book = load_workbook(form)
    copy = book.copy_worksheet(book["指标"])
    copy.title, copy["G4"], copy["K5"] = "指标 (2)", 1950, "补报"
    book.save(form)
    found = found_in(form, SheetChoice())
    assert found.keys() == {("指标 (2)", ""), ("指标 (2)", "G4"), ("指标 (2)", "K5")}
    sheet = found["指标 (2)", ""]
    assert sheet.level is Severity.WARNING
    assert "像是“指标”表的副本，有 6 行，没有读取；其中 2 行与“指标”表不同" in sheet.message
    assert "“本期数”在副本中是“1950”，在“指标”表中是“1900”" in found["指标 (2)", "G4"].message
    assert "“指标”表中没有填" in found["指标 (2)", "K5"].message


def test_a_copy_that_says_the_same_is_told_once(form):
    book = load_workbook(form)
    for title in ("进展", LEDGER.title):
        book.copy_worksheet(book[title]).sheet_state = "hidden"
    book.save(form)
    found = found_in(form)
    assert {finding.level for finding in found.values()} == {Severity.NOTICE}
    assert {sheet for sheet, cell in found if not cell} == {"进展 Copy", f"{LEDGER.title} Copy"}
    assert all("隐藏的工作表" in finding.message for finding in found.values())
    assert len(found) == 2


def test_many_cells_are_counted_instead_of_listed(form):
    book = load_workbook(form)
    for row in range(1, 401):
        book["指标"].cell(row + 30, 2).value = f"说明{row}"
    book.save(form)
    findings = read_packet(form).findings
    assert len(findings) < 60
    assert "另有 350 个单元格（B81 到 B430）的内容没有读取" in findings[-1].message


def test_a_column_and_a_row_that_were_added_to_a_ledger_are_told(form):
    edit(form, **{f"{LEDGER.title}_Z3": "备注", f"{LEDGER.title}_Z4": "已移送公安"})
    found = found_in(form)
    assert "“已移送公安”写在“备注”列，没有读取" in found[LEDGER.title, "Z4"].message


def test_a_column_that_was_added_goes_to_the_note_where_there_is_one(tmp_path):
    file = tmp_path / "p.xlsx"
    write_packet(file, feedback(WITH_NOTE), PLAN, BEFORE)
    cells = {"J4": "急件", "Z3": "移送", "Z4": "已移送公安", "Z6": "另附"}
    edit(file, **{f"{LEDGER.title}_{cell}": text for cell, text in cells.items()})
    (entry,) = read_packet(file).entries
    assert entry.values["备注"] == "急件；移送：已移送公安"
    found = found_in(file)
    assert {cell for _, cell in found} == {"Z3", "Z6"}
    assert "“移送”这一列的 1 格内容并入“备注”" in found[LEDGER.title, "Z3"].message


def test_an_answer_without_its_letter_is_told(form):
    edit(form, 来函回复_E9="已整改")
    assert "“已整改”写在没有文号的行" in found_in(form)["来函回复", "E9"].message


def test_what_is_typed_into_the_hidden_sheets_is_told(form):
    book = load_workbook(form)
    book["_fsdesk"]["H3"] = "3月"
    book["_plan"]["C1"] = "计划外"
    book.save(form)
    assert found_in(form).keys() == {("_fsdesk", "H3"), ("_plan", "C1")}
