"""What clerks do to a packet without harm, what is doubtful and refused, and what is only told."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.records.merge import Revision
from fsdesk.domain.records.records import DataValue, ProgressReport
from fsdesk.domain.typed import CellError, Entry, read_cell, read_date, read_number, read_text
from fsdesk.packets.layout import SHEETS
from fsdesk.packets.reader import read_packet
from fsdesk.packets.writer import write_packet
from tests.packets.other_forms import ods_parts, write_ods, xls_of
from tests.packets.test_round_trip import PLAN, blank


@pytest.fixture
def packet(tmp_path):
    file = tmp_path / "p.xlsx"
    write_packet(file, blank(), PLAN)
    return file


def edit(file, sheet, **cells):
    book = load_workbook(file)
    for name, value in cells.items():
        book[sheet][name] = value
    book.save(file)


def content_of(read, item):
    return next(record.content for record in read.records if record.key.item == item)


def test_a_filled_form_is_read_as_typed(packet):
    edit(packet, "指标", G4="１，９００批次", H6=3, I6="4", J7="√", K4="备注")
    edit(packet, "进展", F4="进行中", G4="已部署")
    edit(packet, "事项", F4=datetime(2026, 3, 5), E4="已完成", F5="2026年3月5日")  # noqa: DTZ001
    read = read_packet(packet)
    assert read.hand_edited
    assert content_of(read, "I01-1") == DataValue(1900.0, note="备注")
    assert content_of(read, "I01-3") == DataValue(None, 3.0, 4.0)
    assert content_of(read, "I01-4") == DataValue(not_applicable=True)
    assert content_of(read, "T01-1").text == "已部署"
    assert content_of(read, "D01-1-1").done_on == date(2026, 3, 5)
    assert content_of(read, "D01-1-2").done_on == date(2026, 3, 5)
    assert {read.places[r.key].cell for r in read.filled if r.key.item == "I01-3"} == {"H6"}


@pytest.mark.parametrize("day", [44626, datetime(2026, 3, 7), "2026-03-07 14:20:00"])  # noqa: DTZ001
def test_days_of_a_form_that_counts_from_1904(packet, day):
    book = load_workbook(packet)
    book.epoch = CALENDAR_MAC_1904
    book["事项"]["E4"], book["事项"]["F4"] = "已完成", day
    book["事项"]["F4"].number_format = "General" if isinstance(day, int) else "yyyy-mm-dd"
    book.save(packet)
    assert content_of(read_packet(packet), "D01-1-1").done_on == date(2026, 3, 7)


def in_ods(packet, file, first_day):
    """Save a form as .ods that counts its days from a day, with one typed as a number."""
    book = load_workbook(packet)
    book["事项"]["E4"], book["事项"]["F4"] = "已完成", 44626
    book["事项"]["F4"].number_format = "General"
    book.save(packet)
    parts = ods_parts(packet)
    before = "<office:spreadsheet>"
    counted = f'<table:null-date table:date-value="{first_day}"/>'
    settings = f"<table:calculation-settings>{counted}</table:calculation-settings>"
    parts["content.xml"] = parts["content.xml"].replace(before, before + settings)
    write_ods(file, parts)
    return file


def test_days_of_an_ods_form_that_counts_from_1904(packet, tmp_path):
    read = read_packet(in_ods(packet, tmp_path / "p.ods", "1904-01-01"))
    assert content_of(read, "D01-1-1").done_on == date(2026, 3, 7)


def test_days_counted_from_a_day_of_which_no_other_program_knows_are_refused(packet, tmp_path):
    with pytest.raises(InputRejectedError, match="日期从 1900-01-01 起算"):
        read_packet(in_ods(packet, tmp_path / "p.ods", "1900-01-01"))


def test_a_mark_that_old_workbooks_drop_is_no_part_of_a_text(packet, tmp_path):
    note = "\ufeff已\ufeff抽检"
    write_packet(packet, blank(I01_1=DataValue(5.0, note=note)), PLAN)
    assert not any("\ufeff" in str(c.value) for r in load_workbook(packet)["指标"] for c in r)
    old = tmp_path / "p.xls"
    old.write_bytes(xls_of(packet))
    for file in (packet, old):
        read = read_packet(file)
        assert content_of(read, "I01-1").note == "已抽检"
        assert not read.hand_edited


def test_when_it_was_last_saved_is_told_with_its_time_zone(packet):
    edit(packet, "指标", G4=5)
    moment = read_packet(packet).modified_at
    assert moment.tzinfo is UTC
    assert abs(datetime.now(UTC) - moment).total_seconds() < 600


def test_codes_in_full_width_are_found(packet):
    edit(packet, "指标", A4="Ｉ０１－１", G4=5)
    assert content_of(read_packet(packet), "I01-1") == DataValue(5.0)


def test_a_deleted_row_in_which_nothing_stood_is_still_there(packet):
    book = load_workbook(packet)
    book["指标"].delete_rows(4)
    book.save(packet)
    read = read_packet(packet)
    assert read.records == blank().records
    assert not read.hand_edited
    assert read.findings == ()


def test_a_column_that_somebody_added_is_told(packet):
    edit(packet, "指标", M3="联系电话", M4="123")
    header, cell = read_packet(packet).findings
    assert "“联系电话”不是本表的列" in header.message
    assert (header.place.sheet, header.place.cell) == ("指标", "M3")
    assert "“123”写在“联系电话”列" in cell.message
    assert (cell.place.sheet, cell.place.cell) == ("指标", "M4")


def test_an_error_value_in_a_row_without_code_is_not_passed_over(packet):
    edit(packet, "指标", G40="#DIV/0!")
    with pytest.raises(InputRejectedError) as refused:
        read_packet(packet)
    assert refused.value.findings[0].place.cell == "G40"


def test_a_later_version_says_so_even_when_its_sheets_are_others(packet):
    book = load_workbook(packet)
    row = next(r for r in book["_fsdesk"].iter_rows() if r[0].value == "format_version")
    row[1].value = "2"
    del book["事项"]
    book.save(packet)
    with pytest.raises(InputRejectedError, match="请升级"):
        read_packet(packet)


@pytest.mark.parametrize(
    "text", ["_x0041_", "a_x000D_b", "_x005F_x0041_", "x0041", "_", "__x0041_"]
)
def test_text_that_looks_like_the_formats_own_escapes_comes_back(tmp_path, text):
    file = tmp_path / "p.xlsx"
    write_packet(file, blank(T01_1=ProgressReport(text=text)), PLAN)
    read = read_packet(file)
    assert content_of(read, "T01-1").text == text
    assert not read.hand_edited


def test_characters_that_no_workbook_can_hold_are_left_out(tmp_path):
    file = tmp_path / "p.xlsx"
    write_packet(file, blank(T01_1=ProgressReport(text="已\x00部\x1b署\x0c")), PLAN)
    read = read_packet(file)
    assert content_of(read, "T01-1").text == "已部署"
    assert not read.hand_edited


def test_a_text_that_a_cell_would_cut_is_refused_and_no_file_is_left(tmp_path):
    file = tmp_path / "p.xlsx"
    write_packet(file, blank(T01_1=ProgressReport(text="字" * 32_767)), PLAN)
    assert len(content_of(read_packet(file), "T01-1").text) == 32_767
    with pytest.raises(InputRejectedError, match="文字过长"):
        write_packet(tmp_path / "q.xlsx", blank(T01_1=ProgressReport(text="𠮷" * 16_384)), PLAN)
    assert list(tmp_path.iterdir()) == [file]


def test_a_target_that_is_open_elsewhere_is_explained_and_kept(packet, monkeypatch):
    before = packet.read_bytes()

    def held(*_):
        raise PermissionError

    monkeypatch.setattr(Path, "replace", held)
    with pytest.raises(InputRejectedError) as refused:
        write_packet(packet, blank(I01_1=DataValue(5.0)), PLAN)
    assert "p（2）.xlsx" in refused.value.findings[0].remedy
    assert packet.read_bytes() == before
    assert list(packet.parent.iterdir()) == [packet]


def test_two_fillings_of_one_form_are_two_edits_and_the_same_twice_is_one(packet, tmp_path):
    other = tmp_path / "q.xlsx"
    again = tmp_path / "r.xlsx"
    for copy in (other, again):
        copy.write_bytes(packet.read_bytes())
    for file, number in ((packet, 5), (other, 6), (again, 5)):
        edit(file, "指标", G4=number)
    revisions = [
        next(r.revision for r in read_packet(file).records if r.key.item == "I01-1")
        for file in (packet, other, again)
    ]
    assert revisions[0] == revisions[2] != revisions[1]
    assert all(revision != Revision() for revision in revisions)


def test_instructions_say_what_the_checks_say(packet):
    book = load_workbook(packet)
    told = {str(c.value) for row in book["填报说明"].iter_rows() for c in row}
    for sheet in SHEETS:
        assert {column.rule for column in sheet.inputs} <= told
        prompts = {check.prompt for check in book[sheet.title].data_validations.dataValidation}
        assert prompts <= {column.rule for column in sheet.inputs}


def test_codes_are_text_and_rows_grow_with_what_is_typed(packet):
    sheet = load_workbook(packet)["进展"]
    assert sheet["A4"].number_format == "@"
    assert sheet.page_setup.orientation == "landscape"
    write_packet(packet, blank(T01_1=ProgressReport(text="长" * 200)), PLAN)
    assert load_workbook(packet)["进展"].row_dimensions[4].height > 100


@pytest.mark.parametrize("typed", ["12 5", "1 900", "٣", "五", "-", "无", "1e3", "≥5", "3-4", "5+"])
def test_numbers_that_could_mean_two_things_are_refused(typed):
    with pytest.raises(CellError):
        read_number(typed, "批次")


@pytest.mark.parametrize("typed", ["2026年3月5号", "2026-03-05 00:00:00", "2026/3/5 0:00"])
def test_dates_as_programs_paste_them(typed):
    assert read_date(typed) == date(2026, 3, 5)


@pytest.mark.parametrize("typed", ["1926-03-05", "2026-03-05 25:00", date(1900, 1, 1), "2126.3.5"])
def test_dates_of_other_centuries_and_moments_are_refused(typed):
    with pytest.raises(CellError):
        read_date(typed)


def test_none_under_not_applicable_could_mean_either_and_is_refused():
    with pytest.raises(CellError):
        read_cell(Entry.FLAG, "无")


def test_a_moment_typed_as_text_keeps_its_time():
    assert read_text(datetime(2026, 3, 5, 14, 30)) == "2026-03-05 14:30"  # noqa: DTZ001


@given(st.dates(date(2000, 1, 1), date(2100, 12, 31)))
def test_every_date_is_read_however_it_is_written(day):
    serial = (day - date(1899, 12, 30)).days
    forms = (f"{day.year}年{day.month}月{day.day}日", f"{day:%Y/%m/%d}", f"{day:%Y%m%d}", serial)
    assert {read_date(form) for form in (*forms, float(serial), day)} == {day}


@given(st.floats(0, 1e12, allow_nan=False).map(lambda number: round(number, 4)))
def test_every_number_comes_back_from_its_text(number):
    assert read_number(repr(number)) == number


def test_numbers_are_written_with_the_digits_that_programs_keep(tmp_path):
    file = tmp_path / "p.xlsx"
    packet = blank(I01_1=DataValue(0.1 + 0.2))
    write_packet(file, packet, PLAN)
    assert content_of(read_packet(file), "I01-1") == DataValue(0.3)
