"""Lists as other systems export them: odd headers, orders and marks around the same two rows.

Each maker writes a file; what it should be read as stands in the test.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from openpyxl import Workbook

DAY, LATER = date(2026, 3, 5), date(2026, 4, 6)


def book(path, rows, merged=(), title="Sheet1"):
    made = Workbook()
    sheet = made.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for area in merged:
        sheet.merge_cells(area)
    made.save(path)
    return path


def plain(path):
    return book(
        path,
        [
            ["抽样编号", "类别", "样品名称", "被抽样单位", "抽样日期", "检验结论"],
            ["SC1", "药品", "甲片", "甲药店", DAY, "合格"],
            ["SC2", "化妆品", "乙霜", "乙商场", LATER, "不合格"],
        ],
    )


def title_above(path):
    return book(
        path,
        [
            ["2026年监督抽检结果汇总表"],
            ["导出时间：2026-04-30", None, "导出人：系统管理员"],
            [],
            ["抽样编号", "类别", "样品名称", "被抽样单位", "抽样日期", "检验结论"],
            ["SC1", "药品", "甲片", "甲药店", DAY, "合格"],
            ["SC2", "化妆品", "乙霜", "乙商场", LATER, "不合格"],
        ],
        ["A1:F1"],
    )


def other_titles(path):
    return book(
        path,
        [
            ["序号", "抽样单编号", "样品类别", "产品名称", "受检单位", "采样日期", "检验结果"],
            [1, "SC1", "药品", "甲片", "甲药店", "2026年3月5日", "合格"],
            [2, "SC2", "化妆品", "乙霜", "乙商场", "2026年4月6日", "问题样品"],
        ],
    )


def two_header_rows(path):
    return book(
        path,
        [
            ["抽样编号", "类别", "样品信息", None, "抽样信息", None],
            [None, None, "样品名称", "检验结论", "被抽样单位", "抽样日期"],
            ["SC1", "药品", "甲片", "合格", "甲药店", DAY],
            ["SC2", "化妆品", "乙霜", "不合格", "乙商场", LATER],
        ],
        ["A1:A2", "B1:B2", "C1:D1", "E1:F1"],
    )


def marks_in_headers(path):
    return book(
        path,
        [
            ["*抽样编号（必填）", "类 别：", "样品名称\n(全称)", "被抽样单位*",
             "抽样日期[年-月-日]", "检验结论（合格/不合格）"],
            ["SC1", "药品", "甲片", "甲药店", "2026/3/5", "合格"],
            ["SC2", "化妆品", "乙霜", "乙商场", "2026/4/6", "不合格"],
        ],
    )  # fmt: skip


def text_with_tabs(path):
    path = path.with_suffix(".txt")
    path.write_text(
        "抽样编号\t类别\t样品名称\t被抽样单位\t抽样日期\t检验结论\n"
        "SC1\t药品\t甲片\t甲药店\t20260305\t合格\nSC2\t化妆品\t乙霜\t乙商场\t20260406\t不合格\n",
        encoding="utf-8-sig",
    )
    return path


def unicode_text_with_title(path):
    path = path.with_suffix(".txt")
    path.write_text(
        "2026年监督抽检清单（一季度，全区）\n"
        "抽样编号\t类别\t样品名称\t被抽样单位\t抽样日期\t检验结论\n"
        "SC1\t药品\t甲片\t甲药店\t2026-03-05 14:20:00\t合格\n"
        "SC2\t化妆品\t乙霜\t乙商场\t2026/4/6 9:30\t不合格\n",
        encoding="utf-16",
    )
    return path


def second_sheet(path):
    made = Workbook()
    made.active.title = "封面"
    made.active.append(["监督抽检数据"])
    sheet = made.create_sheet("数据")
    for row in (
        ["抽样编号", "类别", "样品名称", "被抽样单位", "抽样日期", "检验结论"],
        ["SC1", "药品", "甲片", "甲药店", DAY, "合格"],
        ["SC2", "化妆品", "乙霜", "乙商场", LATER, "不合格"],
    ):
        sheet.append(row)
    made.save(path)
    return path


def dates_as_numbers_and_wide_digits(path):
    return book(
        path,
        [
            ["抽样编号", "类别", "样品名称", "被抽样单位", "抽样日期", "检验结论"],
            ["ＳＣ１", "药品", "甲片", "甲药店", 46086, "合格 "],
            [
                " SC2",
                "化妆品",
                "乙霜",
                "乙商场",
                datetime(2026, 4, 6, 9, 30, tzinfo=UTC).replace(tzinfo=None),
                "不合格",
            ],
        ],
    )


READ = (
    plain,
    title_above,
    other_titles,
    two_header_rows,
    marks_in_headers,
    text_with_tabs,
    unicode_text_with_title,
    second_sheet,
    dates_as_numbers_and_wide_digits,
)


def no_number(path):
    return book(path, [["样品名称", "检验结论"], ["甲片", "合格"]]), "抽样编号"


def two_alike(path):
    rows = [["抽样编号", "抽样日期(计划)", "抽样日期(实际)"], ["SC1", DAY, LATER]]
    return book(path, rows), "抽样日期"


def nothing_in_it(path):
    return book(path, [[]]), "没有内容"


def of_another_ledger(path):
    rows = [["主体", "品种", "是否上链"], ["甲公司", "猪肉", "是"]]
    return book(path, rows), "抽样编号"


def a_picture(path):
    path.write_bytes(b"\x89PNG\r\n\x1a\n0000")
    return path, "PNG"


REFUSED = (no_number, two_alike, nothing_in_it, of_another_ledger, a_picture)
