"""A form with a copied sheet is taken as a person chose, in whole or not at all."""

from __future__ import annotations

from datetime import date

import pytest
from openpyxl import load_workbook

from fsdesk.commands.run import run
from fsdesk.domain.packet.sheet_choice import SheetChoice
from fsdesk.domain.records.records import DataValue, Milestone, RecordKey, RecordKind, Status
from fsdesk.domain.steps import run_through
from fsdesk.packets.filling import fill_in
from fsdesk.services.packet import checking, exchange, importing
from fsdesk.services.packet.importing import Result
from fsdesk.store.records import records
from tests.workspaces import MARCH, Clock, make_office


@pytest.fixture
def office(tmp_path):
    with make_office(tmp_path / "office", Clock("2026-05-02T01:00:00+00:00")) as workspace:
        yield workspace


@pytest.fixture
def form(office, tmp_path):
    """Give March's form with one figure, and another one on a copied sheet."""
    issued = run_through(exchange.issue_packets(office, MARCH, tmp_path / "issued"))
    file = next(packet.file for packet in issued if packet.unit == "scj")
    fill_in(file, {key("I01-1"): DataValue(1900.0)})
    book = load_workbook(file)
    copy = book.copy_worksheet(book["指标"])
    copy.title = "指标 (2)"
    codes = {copy.cell(row, 1).value: row for row in range(1, copy.max_row + 1)}
    copy.cell(codes["I01-1"], 7).value = None
    copy.cell(codes["I01-2"], 7).value = 7
    book.save(file)
    return file


def key(item, kind=RecordKind.VALUE):
    return RecordKey(kind, item, "scj", "2026-03")


def values(office):
    with office.reading() as session:
        found = records.load_records(session, unit="scj", period="2026-03")
    return {record.key.item: record.content.value for record in found if not record.empty}


def take(office, file, sheets=None):
    steps = importing.import_packets(office, [file], accept_unsigned=True, sheets=sheets)
    (taken,) = run_through(steps).files
    return taken


def test_nothing_is_taken_before_somebody_has_chosen(office, form):
    (checked,) = run_through(checking.check_packets(office, [form]))
    assert not checked.ok
    assert [str(copy) for copy in checked.copies] == ["“指标 (2)”（6 行）"]
    taken = take(office, form)
    assert taken.result is Result.REJECTED
    assert "合并读取" in taken.message
    assert values(office) == {}


@pytest.mark.parametrize(
    ("choice", "taken", "words"),
    [
        (SheetChoice(merge=True), {"I01-1": 1900.0, "I01-2": 7.0}, "“指标”1 行、“指标 (2)”1 行"),
        (SheetChoice(only=("指标 (2)",)), {"I01-2": 7.0}, "“指标 (2)”1 行"),
        (SheetChoice(), {"I01-1": 1900.0}, "“指标”1 行"),
    ],
)
def test_what_was_shown_is_taken_and_its_sheets_are_named(office, form, choice, taken, words):
    (checked,) = run_through(checking.check_packets(office, [form], sheets={form: choice}))
    assert "、".join(map(str, checked.sheets)) == words
    shown = {form: checked.digest}
    for sheets, result in (
        (SheetChoice(only=("别的",)), Result.REJECTED),
        (choice, Result.IMPORTED),
    ):
        (became,) = run_through(
            importing.import_packets(office, [form], shown, accept_unsigned=True, sheets=sheets)
        ).files
        assert became.result is result
    assert words in became.message
    assert values(office) == taken
    assert take(office, form, choice).result is Result.UNCHANGED


def test_the_commands_take_the_choice_and_name_the_sheets(office, form, capsys):
    office.close()

    def call(*arguments):
        code = run(["--workspace", str(office.folder), "packet", *arguments, str(form)])
        return code, capsys.readouterr().out

    assert call("check")[0] == 1
    code, out = call("import", "--accept-unsigned")
    assert code == 2
    assert "--all-sheets" in out
    code, out = call("check", "--all-sheets")
    assert code == 0
    assert "读取的是“指标”1 行、“指标 (2)”1 行" in out
    assert call("import", "--accept-unsigned", "--sheet", "指标 (2)")[0] == 0
    assert call("import", "--accept-unsigned", "--own-sheets")[0] == 0


def test_a_date_of_another_year_is_told_at_its_own_cell(office, form):
    milestone = Milestone(Status.DONE, date(2025, 3, 5), "会议纪要")
    fill_in(form, {key("D01-1-1", RecordKind.MILESTONE): milestone})
    (checked,) = run_through(checking.check_packets(office, [form], sheets=SheetChoice()))
    (finding,) = (f for f in checked.findings if "不在 2026 年度内" in f.message)
    column = next(cell.column_letter for cell in load_workbook(form)["事项"][3]
                  if cell.value == "完成日期")  # fmt: skip
    assert finding.place.sheet == "事项"
    assert finding.place.cell.startswith(column)


def test_a_part_that_is_larger_than_the_whole_is_told_at_the_numerator(office, form):
    fill_in(form, {key("I01-3"): DataValue(numerator=3.0, denominator=2.0, note="见附件")})
    (checked,) = run_through(checking.check_packets(office, [form], sheets=SheetChoice()))
    (finding,) = (f for f in checked.findings if "大于分母" in f.message)
    assert finding.place.cell.startswith("H")
