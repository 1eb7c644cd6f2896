"""A refused workbook goes back with a comment on each bad cell, and is read once it is mended."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.comments import Comment

from fsdesk.domain.findings import InputRejectedError, Place, error, notice, warning
from fsdesk.domain.records.records import DataValue, ProgressReport
from fsdesk.packets.annotate import OVERVIEW, annotatable, annotate
from fsdesk.packets.reader import read_packet
from fsdesk.packets.writer import write_packet
from tests.office import write_again
from tests.packets.odd import in_parts
from tests.packets.other_forms import ods_parts, write_ods, xls_of
from tests.packets.test_round_trip import PLAN, blank

FILLED = blank(I01_5=DataValue(7.0), T01_2=ProgressReport(text="_x0041_ =1+1"))


@pytest.fixture
def refused(tmp_path):
    """Return a packet with two bad cells, and what is wrong with it."""
    file = tmp_path / "p.xlsx"
    write_packet(file, FILLED, PLAN)
    book = load_workbook(file)
    book["指标"]["G4"] = "很多"
    book["指标"]["G4"].comment = Comment("科长：请核对", "某人")
    book["进展"]["F4"] = "差不多"
    book.save(file)
    return file, findings_of(file)


def findings_of(file):
    with pytest.raises(InputRejectedError) as problem:
        read_packet(file)
    return problem.value.findings


def mend(file, **cells):
    book = load_workbook(file)
    for sheet, (cell, value) in cells.items():
        book[sheet][cell] = value
    book.save(file)


def test_each_bad_cell_has_a_comment_and_a_line_in_the_list_in_front(refused, tmp_path):
    file, findings = refused
    before = file.read_bytes()
    annotate(file, findings, tmp_path / "q.xlsx")
    assert file.read_bytes() == before
    book = load_workbook(tmp_path / "q.xlsx")
    assert book.sheetnames[0] == book.active.title == OVERVIEW
    assert [sheet.title for sheet in book if sheet.sheet_view.tabSelected] == [OVERVIEW]
    comment = book["指标"]["G4"].comment.text
    assert comment.startswith("科长：请核对\n【错误】“本期数”填的是“很多”，应为数字")
    assert "本报告期" in comment
    assert book["指标"]["G4"].fill.fgColor.rgb == "FFFFC7CE"
    listed = [[c.value for c in row] for row in book[OVERVIEW].iter_rows(min_row=4)]
    assert {tuple(row[:3]) for row in listed} == {("错误", "指标", "G4"), ("错误", "进展", "F4")}
    assert all(row[3] and row[4] for row in listed)
    assert book[OVERVIEW]["C4"].hyperlink.location in ("'指标'!G4", "'进展'!F4")
    assert book["_fsdesk"].sheet_state == "veryHidden"


def test_the_copy_is_read_once_its_cells_are_mended(refused, tmp_path):
    file, findings = refused
    copy = tmp_path / "q.xlsx"
    annotate(file, findings, copy)
    assert len(findings_of(copy)) == 2
    mend(copy, 指标=("G4", 12), 进展=("F4", "进行中"))
    read = read_packet(copy)
    contents = {record.key.item: record.content for record in read.filled}
    assert contents["I01-1"] == DataValue(12.0)
    assert contents["I01-5"] == DataValue(7.0)
    assert contents["T01-2"].text == "_x0041_ =1+1"
    assert contents["T01-1"].status.label == "进行中"
    # What the check itself wrote is nothing to tell; what somebody else wrote there is.
    assert [(f.place.cell, f.message) for f in read.findings] == [
        ("G4", "批注或文本框“科长：请核对”没有读取")
    ]


def test_a_second_check_forgets_what_was_mended(refused, tmp_path):
    file, findings = refused
    once, twice = tmp_path / "q.xlsx", tmp_path / "r.xlsx"
    annotate(file, findings, once)
    mend(once, 指标=("G4", 12))
    annotate(once, findings_of(once), twice)
    book = load_workbook(twice)
    assert book["指标"]["G4"].comment is None
    assert book["指标"]["G4"].fill.fgColor.rgb != "FFFFC7CE"
    assert not book["指标"]["G4"].protection.locked
    assert book["进展"]["F4"].comment is not None
    assert book.sheetnames.count(OVERVIEW) == 1


def test_several_findings_on_one_cell_stand_in_one_comment_the_gravest_first(refused, tmp_path):
    file, _ = refused
    place = Place("p.xlsx", "事项", "G4")
    found = [
        notice("丙", "", place),
        warning("乙", "", place),
        error("甲", "改", place),
        error("整个文件", "", Place("p.xlsx")),
        error("没有这张表", "", Place("", "=1+1", "A1")),
    ]
    annotate(file, found, tmp_path / "q.xlsx")
    book = load_workbook(tmp_path / "q.xlsx")
    assert book["事项"]["G4"].comment.text == "【错误】甲。改。\n【警告】乙。\n【提示】丙。"
    levels = [row[0].value for row in book[OVERVIEW].iter_rows(min_row=4)]
    assert levels == ["错误", "错误", "错误", "警告", "提示"]
    assert book[OVERVIEW]["B6"].data_type == "s"


def test_a_comment_on_merged_cells_stands_where_it_is_seen(refused, tmp_path):
    file, _ = refused
    book = load_workbook(file)
    book["事项"].merge_cells("G4:G5")
    book.save(file)
    annotate(file, [error("甲", "", Place("", "事项", "G5"))], tmp_path / "q.xlsx")
    assert load_workbook(tmp_path / "q.xlsx")["事项"]["G4"].comment.text == "【错误】甲。"


def test_the_source_is_never_overwritten_and_a_hostile_one_not_opened(refused, tmp_path):
    file, findings = refused
    with pytest.raises(InputRejectedError, match="不能覆盖"):
        annotate(file, findings, file)
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    with pytest.raises(InputRejectedError, match="宏"):
        annotate(file, findings, tmp_path / "q.xlsx")
    assert not annotatable(file)
    assert not (tmp_path / "q.xlsx").exists()


def test_a_packet_with_evidence_files_goes_back_as_its_workbook(refused, tmp_path):
    file, findings = refused
    bundle = tmp_path / "p.zip"
    with zipfile.ZipFile(bundle, "w") as archive:
        archive.write(file, "p.xlsx")
    assert annotatable(bundle)
    annotate(bundle, findings, tmp_path / "q.xlsx")
    assert load_workbook(tmp_path / "q.xlsx")["指标"]["G4"].comment is not None


def test_a_copy_that_cannot_be_written_is_explained(refused, tmp_path, monkeypatch):
    file, findings = refused

    def held(*_):
        raise PermissionError

    monkeypatch.setattr(Path, "replace", held)
    with pytest.raises(InputRejectedError, match="被其他程序打开"):
        annotate(file, findings, tmp_path / "q.xlsx")
    assert list(tmp_path.iterdir()) == [file]


def mended_from_values(source, copy):
    """Annotate, mend, and return what is read; the copy holds the values of the source alone."""
    annotate(source, findings_of(source), copy)
    book = load_workbook(copy)
    assert book["指标"]["G4"].comment.text.startswith("【错误】")
    assert book["_fsdesk"].sheet_state == "veryHidden"
    mend(copy, 指标=("G4", 12), 进展=("F4", "进行中"))
    contents = {record.key.item: record.content for record in read_packet(copy).filled}
    assert contents["I01-1"] == DataValue(12.0)
    assert contents["I01-5"] == DataValue(7.0)
    assert contents["T01-2"].text == "_x0041_ =1+1"
    return book


def test_an_open_workbook_comes_back_by_its_values(refused, tmp_path):
    source = tmp_path / "p.ods"
    parts = ods_parts(refused[0])
    odd = '<table:table table:name="a/b"><table:table-row/></table:table>'
    hidden = '<style:style style:name="h"><style:table-properties table:display="false"/>'
    content = parts["content.xml"].replace("</office:spreadsheet>", odd + "</office:spreadsheet>")
    content = content.replace("<office:body>", f"{hidden}</style:style><office:body>")
    content = content.replace('table:name="填报说明"', 'table:name="填报说明" table:style-name="h"')
    parts["content.xml"] = content.replace(" xmlns:office", ' xmlns:style="urn:s" xmlns:office', 1)
    write_ods(source, parts)
    book = mended_from_values(source, tmp_path / "q.xlsx")
    assert "a/b" not in book.sheetnames
    assert book["填报说明"].sheet_state == "hidden"
    assert book["进展"].column_dimensions["G"].width == 34


def test_an_old_workbook_comes_back_by_its_values(refused, tmp_path):
    source = tmp_path / "p.xls"
    source.write_bytes(xls_of(refused[0]))
    mended_from_values(source, tmp_path / "q.xlsx")


NO_TYPES = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


@pytest.mark.parametrize(
    "parts",
    [{"[Content_Types].xml": NO_TYPES},
     {"xl/media/image1.png": bytes(15 * 2**20), "xl/media/image2.png": bytes(15 * 2**20)}],
)  # fmt: skip
def test_a_workbook_that_can_not_be_opened_whole_comes_back_by_its_values(refused, tmp_path, parts):
    in_parts(lambda others: others.update(parts))(refused[0])
    mended_from_values(refused[0], tmp_path / "q.xlsx")


@pytest.mark.slow
@pytest.mark.foreign("soffice")
@pytest.mark.parametrize("form", ["ods", "xls"])
def test_other_forms_come_back_as_xlsx_by_their_values(refused, tmp_path, form):
    file, _ = refused
    write_again(form, tmp_path, file)
    source, copy = tmp_path / f"p.{form}", tmp_path / "q.xlsx"
    annotate(source, findings_of(source), copy)
    assert load_workbook(copy)["指标"]["G4"].comment.text.startswith("【错误】")
    mend(copy, 指标=("G4", 12), 进展=("F4", "进行中"))
    contents = {record.key.item: record.content for record in read_packet(copy).filled}
    assert contents["I01-1"] == DataValue(12.0)
    assert contents["T01-2"].text == "_x0041_ =1+1"
