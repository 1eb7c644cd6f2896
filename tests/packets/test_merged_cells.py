"""Merged cells among the entries: a text holds for every row, a number for none."""

from __future__ import annotations

import pytest

from fsdesk.domain.records.records import DataValue, Milestone, ProgressReport, Status
from tests.packets.odd import SAME, Refused, Taken, expect, in_book, make

VALUES, PROGRESS, DATES = "指标", "进展", "事项"


def merge(sheet, area, value=None, **others):
    def change(book):
        book[sheet][area.partition(":")[0]] = value
        book[sheet].merge_cells(area)
        for name, other in others.items():
            book[sheet][name] = other

    return in_book(change)


def warned(sheet, cell, area, **contents):
    codes = {code.replace("_", "-"): content for code, content in contents.items()}
    return Taken(codes, ((sheet, cell, f"合并单元格 {area} 的内容按每一行"),))


MERGED = {
    "a text": (
        merge(PROGRESS, "G4:G5", "已部署"),
        warned(PROGRESS, "G4", "G4:G5", T01_1=ProgressReport(text="已部署"),
               T01_2=ProgressReport(text="已部署"))),
    "a status": (
        merge(DATES, "E4:E5", "已完成"),
        warned(DATES, "E4", "E4:E5", D01_1_1=Milestone(Status.DONE),
               D01_1_2=Milestone(Status.DONE))),
    "a flag": (
        merge(VALUES, "J6:J7", "是"),
        warned(VALUES, "J6", "J6:J7", I01_3=DataValue(not_applicable=True),
               I01_4=DataValue(not_applicable=True))),
    "a bad word": (
        merge(DATES, "E4:E5", "差不多"), Refused(DATES, "E5", "应为：未启动")),
    "a number": (
        merge(VALUES, "G7:G8", 5), Refused(VALUES, "G7", "合并单元格 G7:G8")),
    "a number of many rows": (
        merge(VALUES, "G8:G9", 5), Refused(VALUES, "G8", "请取消合并，逐行填写")),
    "no content": (merge(VALUES, "G8:G9"), SAME),
    "the headline": (
        merge(VALUES, "A1:K1", "标题"), Taken({}, ((VALUES, "A1", "“标题”写在表头上方"),))),
    "columns that only inform": (merge(PROGRESS, "B4:B5", "1.风险预警"), SAME),
    "under the table": (
        merge(VALUES, "B20:K22", "说明"), Taken({}, ((VALUES, "B20", "写在没有编码的行"),))),
    "within one row": (
        merge(PROGRESS, "H4:I4", "暂无"), Taken({"T01-1": ProgressReport(problems="暂无")})),
}  # fmt: skip


@pytest.mark.parametrize("name", MERGED)
def test_merged_cells(tmp_path, name):
    change, expected = MERGED[name]
    file = make(tmp_path)
    change(file)
    expect(file, expected)
