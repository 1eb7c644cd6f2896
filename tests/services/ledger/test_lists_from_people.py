"""Lists as people keep them: months on sheets, totals, damaged numbers, notes beside.

Each cell in which something stands is taken, is a heading, or is told at its place.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.utils import range_boundaries
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from fsdesk.commands.run import run
from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.ledger.ledger import LedgerColumn, plain_value
from fsdesk.domain.plan.unit_edits import put_unit
from fsdesk.domain.text import fold, tidy
from fsdesk.domain.typed import CellError
from fsdesk.packets.lists.values import read_typed
from fsdesk.services.ledger import ledger_declarations, ledger_files, ledgers
from fsdesk.services.ledger.ledger_files import Choices, ListOptions
from fsdesk.services.plan import plan_editing
from fsdesk.workspace import open_workspace
from tests.packets.other_forms import (
    comment_records,
    hidden_columns,
    hidden_row,
    ods_parts,
    write_ods,
    xls_of,
)

HEADER = ["抽样编号", "类别", "样品名称", "被抽样单位", "抽样日期", "检验结论"]
CANTEENS = ["序号", "街道", "名称", "类型", "等级", "许可证号", "日期"]


def sample(number, shop="甲店", day="2026-03-05"):
    return [number, "药品", "甲片", shop, day, "合格"]


def book(path, *sheets, change=None):
    """Write sheets of rows; `change` gets the workbook before it is saved."""
    made = Workbook()
    made.remove(made.active)
    for title, rows in sheets:
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
    if change:
        change(made)
    made.save(path)
    return path


def text_file(path, rows):
    path.write_text("\n".join(",".join(row) for row in rows), encoding="utf-8-sig")
    return path


def take(workspace, file, ledger="sampling", **options):
    preview = ledger_files.preview_list(workspace, ledger, file, ListOptions(**options))
    ledger_files.take_list(workspace, preview)
    return preview


def keys(workspace, ledger="sampling", title="抽样编号"):
    return sorted(str(e.values[title]) for e in ledgers.page(workspace, ledger))


def told(preview):
    return {f.place.cell: f.message for f in preview.findings}


# Sheets


def months(tmp_path):
    return book(
        tmp_path / "list.xlsx",
        *[
            (f"{m}月", [[f"2026年{m}月清单"], HEADER, *(sample(f"B{m}{n}") for n in range(4))])
            for m in (1, 2, 3)
        ],
    )


def test_sheets_of_months_are_asked_about_with_names_and_rows(unit, tmp_path):
    with pytest.raises(InputRejectedError, match="“1月”（4 行）、“2月”（4 行）、“3月”（4 行）"):
        take(unit, months(tmp_path))
    assert keys(unit) == []


def test_sheets_of_months_are_read_together_or_singly_as_chosen(unit, tmp_path):
    one = take(unit, months(tmp_path), sheets=("2月",))
    assert [(s.name, s.entries) for s in one.sheets] == [("2月", 4)]
    assert [
        f.place.sheet for f in one.findings if "没有读取" in f.message and not f.place.cell
    ] == [
        "1月",
        "3月",
    ]
    both = take(unit, months(tmp_path), every_sheet=True)
    assert (both.added, both.unchanged) == (8, 4)
    assert len(keys(unit)) == 12
    with pytest.raises(InputRejectedError, match="没有工作表“4月”"):
        take(unit, months(tmp_path), sheets=("4月",))


def test_a_hidden_sheet_is_never_taken_unasked(unit, tmp_path):
    file = book(
        tmp_path / "list.xlsx",
        ("2025年", [HEADER, *(sample(f"OLD{n}", day="2025-03-01") for n in range(3))]),
        ("2026年", [HEADER, *(sample(f"NEW{n}") for n in range(5))]),
        change=lambda made: setattr(made["2025年"], "sheet_state", "hidden"),
    )
    with pytest.raises(InputRejectedError, match="“2025年”（隐藏，3 行）"):
        take(unit, file)
    preview = take(unit, file, every_sheet=True)
    assert keys(unit) == [f"NEW{n}" for n in range(5)]
    assert any("隐藏，3 行" in f.message for f in preview.findings)


def test_rows_that_nobody_sees_are_asked_about(unit, tmp_path):
    def hide(made):
        made.active.row_dimensions[3].hidden = True

    file = book(tmp_path / "list.xlsx", ("清单", [HEADER, sample("A1"), sample("A2")]), change=hide)
    with pytest.raises(InputRejectedError, match="1 行被筛选或隐藏（第 3 行）"):
        take(unit, file)
    preview = take(unit, file, hidden_rows=False)
    assert keys(unit) == ["A1"]
    assert "按要求没有读取" in told(preview)["A3"]
    take(unit, file, hidden_rows=True)
    assert keys(unit) == ["A1", "A2"]


def unseen_xlsx(path, rows):
    def hide(made):
        sheet = made["清单"]
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["D"].hidden = True
        sheet["B4"].comment = Comment("实际是化妆品", "张三")
        made["旧表"].sheet_state = "hidden"

    return book(path, ("清单", rows), ("旧表", [HEADER, sample("OLD")]), change=hide)


def unseen_xls(path, rows):
    plain = book(path.with_suffix(".xlsx"), ("清单", rows), ("旧表", [HEADER, sample("OLD")]))
    more = hidden_row(2) + hidden_columns(3, 3) + comment_records(3, 1, "实际是化妆品", "张三")
    path.write_bytes(xls_of(plain, {"清单": more}, hidden=("旧表",)))
    return path


def unseen_ods(path, rows):
    plain = book(path.with_suffix(".xlsx"), ("清单", rows), ("旧表", [HEADER, sample("OLD")]))
    parts = ods_parts(plain)
    content = parts["content.xml"].replace("<table:table-row>", "<table:table-row >", 2)
    content = content.replace("<table:table-row>", '<table:table-row table:visibility="filter">', 1)
    columns = '<table:table-column table:number-columns-repeated="3"/>'
    columns += '<table:table-column table:visibility="collapse"/>'
    content = content.replace("<table:table-row >", f"{columns}<table:table-row>", 1)
    cell = '>A3</text:p></table:table-cell><table:table-cell office:value-type="string">'
    note = "<office:annotation><text:p>实际是化妆品</text:p></office:annotation>"
    content = content.replace(cell, f"{cell}{note}", 1)
    unseen = (
        '<office:automatic-styles xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0">'
        '<style:style style:name="ta2" style:family="table"><style:table-properties'
        ' table:display="false"/></style:style></office:automatic-styles><office:body>'
    )
    content = content.replace("<office:body>", unseen, 1)
    content = content.replace('table:name="旧表"', 'table:name="旧表" table:style-name="ta2"')
    write_ods(path, parts | {"content.xml": content})
    return path


@pytest.mark.parametrize("make", [unseen_xlsx, unseen_xls, unseen_ods])
def test_what_nobody_sees_is_asked_about_or_told_in_every_form(unit, tmp_path, make):
    rows = [HEADER, *(sample(f"A{n}") for n in (1, 2, 3))]
    file = make(tmp_path / f"list.{make.__name__.rpartition('_')[2]}", rows)
    with pytest.raises(InputRejectedError, match="“旧表”（隐藏，1 行）"):
        take(unit, file)
    with pytest.raises(InputRejectedError, match=r"1 行被筛选或隐藏（第 3 行）"):
        take(unit, file, sheets=("清单",))
    preview = take(unit, file, sheets=("清单",), hidden_rows=False)
    assert keys(unit) == ["A1", "A3"]
    found = told(preview)
    assert "“被抽样单位”是隐藏的列，照常读取" in found["D1"]
    assert "实际是化妆品" in found["B4"]
    assert "按要求没有读取" in found["A3"]


# Totals and other rows that are no entries


def test_totals_are_known_in_any_column_and_told(unit, tmp_path):
    rows = [["2026年学校食堂台账"], CANTEENS]
    rows += [[1, "浦沿街道", "一小食堂", "学校", "A", "J1", "2026-03-01"]]
    rows += [[2, "浦沿街道", "二小食堂", "学校", "A", "J2", "2026-03-02"]]
    asides = [
        [None, "浦沿街道", "小计", None, None, "2家"],
        [None, None, "本页合计", None, None, "4家"],
        ["总计", None, "4家"],
        [None, "全区合计", "共4家"],
        ["一", "上年结转", "2家"],
        ["合计：4家"],
        [None, None, "承前页"],
        ["填表人：张三", None, None, "审核人：李四"],
    ]
    rows += asides
    rows += [[3, "长河街道", "三小食堂", "学校", "A", "J3", "2026-03-01"]]
    preview = take(unit, book(tmp_path / "list.xlsx", ("Sheet", rows)), "canteen")
    assert keys(unit, "canteen", "名称") == ["一小食堂", "三小食堂", "二小食堂"]
    assert preview.rejected == ()
    assert preview.passed_over == len(asides)
    places = [f.place.cell for f in preview.findings if "没有作为记录读取" in f.message]
    assert places == ["B5:F5", "C6:F6", "A7:C7", "B8:C8", "A9:C9", "A10", "C11", "A12:D12"]


@pytest.mark.parametrize("name", ["合计食品店", "共计三家饭店的食堂", "小计数器厂食堂", "四家食堂"])
def test_a_name_that_only_begins_like_a_total_is_an_entry(unit, tmp_path, name):
    rows = [CANTEENS, [1, "浦沿街道", name, "学校", "A", "J1", "2026-03-01"]]
    take(unit, book(tmp_path / "list.xlsx", ("Sheet", rows)), "canteen")
    assert keys(unit, "canteen", "名称") == [name]


def test_a_total_without_a_word_is_known_by_its_sums(unit, tmp_path):
    header = ["主体", "督导日期", "发现问题数", "已整改数"]
    rows = [header, ["甲", "2026-03-01", 3, 2], ["乙", "2026-03-02", 4, 4], ["全区", None, 7, 6]]
    preview = take(unit, book(tmp_path / "list.xlsx", ("Sheet", rows)), "inspection")
    assert keys(unit, "inspection", "主体") == ["乙", "甲"]
    assert "等于以上各行之和" in told(preview)["A4:D4"]
    assert preview.rejected == ()


def test_a_second_header_in_another_order_is_read_by_its_own_order(unit, tmp_path):
    other = ["抽样编号", "类别", "被抽样单位", "样品名称", "抽样日期", "检验结论"]
    rows = [HEADER, sample("A1"), [], other, ["A2", "药品", "乙店", "乙片", "2026-03-06", "合格"]]
    preview = take(unit, book(tmp_path / "list.xlsx", ("Sheet", rows)))
    values = {e.values["抽样编号"]: e.values for e in ledgers.page(unit, "sampling")}
    assert (values["A2"]["被抽样单位"], values["A2"]["样品名称"]) == ("乙店", "乙片")
    assert "表头与前面不同" in told(preview)["A4:F4"]


def test_another_table_below_is_told_and_gives_no_entries(unit, tmp_path):
    rows = [HEADER, sample("A1"), [], ["附：联系人名单"], ["姓名", "职务", "联系电话"]]
    rows += [["张三", "主任", "13800000000"], ["李四", "科员", "13900000000"], HEADER, sample("A2")]
    preview = take(unit, book(tmp_path / "list.xlsx", ("Sheet", rows)))
    assert keys(unit) == ["A1", "A2"]
    assert "另一张表，连同以下 2 行没有读取" in told(preview)["A5:C5"]


# What stands beside


def test_added_columns_and_notes_are_told_with_their_cells(unit, tmp_path):
    rows = [[*HEADER, "备注"], [*sample("A1"), "已移送公安", "见附件"], [*sample("A2"), None]]

    def note(made):
        made.active["B3"].comment = Comment("实际是化妆品", "张三")

    preview = take(unit, book(tmp_path / "list.xlsx", ("Sheet", rows), change=note))
    found = told(preview)
    assert "“备注”这一列不是台账的列，有 1 格内容没有读取（如“已移送公安”）" in found["G1"]
    assert "没有表头的列" in found["H2"]
    assert "实际是化妆品" in found["B3"]


def test_errors_and_formulas_without_a_result_are_told_wherever_they_stand(unit, tmp_path):
    rows = [["月报", "=1+1"], HEADER, [*sample("A1"), None, "#DIV/0!"], [], [None, "=SUM(A9)"]]
    preview = take(unit, book(tmp_path / "list.xlsx", ("Sheet", rows)))
    found = told(preview)
    assert keys(unit) == ["A1"]
    assert "公式没有保存计算结果，没有读取" in found["B1"]
    assert "错误值（如 #DIV/0!），没有读取" in found["H3"]
    assert {r.cell for r in preview.rejected} | set(found) >= {"B5"}


def test_merged_cells_are_filled_and_told(unit, tmp_path):
    rows = [HEADER, sample("A1"), ["A2", "药品", "乙片", None, "2026-03-06", "合格"]]
    file = book(
        tmp_path / "list.xlsx", ("Sheet", rows), change=lambda m: m.active.merge_cells("D2:D3")
    )
    preview = take(unit, file)
    assert {e.values["被抽样单位"] for e in ledgers.page(unit, "sampling")} == {"甲店"}
    assert "D2:D3" in told(preview)["D2"]


# Keys


@pytest.mark.parametrize("form", ["'{}", '="{}"', "’{}", " {} "])
def test_marks_that_force_text_are_no_part_of_a_key(unit, tmp_path, form):
    plain = [HEADER, *(sample(f"33010820260{n}") for n in range(3))]
    take(unit, text_file(tmp_path / "a.csv", plain))
    marked = [HEADER, *(sample(form.format(f"33010820260{n}")) for n in range(3))]
    preview = take(unit, text_file(tmp_path / "b.csv", marked))
    assert (preview.added, preview.updated, preview.unchanged) == (0, 0, 3)


@pytest.mark.parametrize(
    ("numbers", "bad", "words"),
    [
        (["4.40301E+17", "SC2"], [2], "科学记数法"),
        (["４.４０３０１Ｅ＋１７"], [2], "科学记数法"),
        (["440301202600123000", "440301202600124000"], [2, 3], "末几位可能已经丢失"),
        (["0123", "0124", "125"], [4], "开头的 0"),
    ],
)
def test_keys_that_a_spreadsheet_damaged_are_refused(unit, tmp_path, numbers, bad, words):
    preview = take(unit, text_file(tmp_path / "a.csv", [HEADER, *map(sample, numbers)]))
    assert [r.row for r in preview.rejected] == bad
    assert all(words in r.message and "重新导出" in r.message for r in preview.rejected)
    assert len(keys(unit)) == len(numbers) - len(bad)


@pytest.mark.parametrize(
    "numbers",
    [
        ["440301202600123000", "440301202600123001"],
        ["98", "99", "100"],
        ["1E5", "2E+X"],
        ["SC001", "SC1000"],
    ],
)
def test_keys_that_are_whole_are_taken(unit, tmp_path, numbers):
    take(unit, text_file(tmp_path / "a.csv", [HEADER, *map(sample, numbers)]))
    assert keys(unit) == sorted(numbers)


@pytest.mark.parametrize("alike", ["BJ2601O1", "BJ26-0101", "BJ260l01"])
def test_a_key_that_is_like_a_known_one_is_asked_about(unit, tmp_path, alike):
    take(unit, text_file(tmp_path / "a.csv", [HEADER, sample("BJ260101")]))
    file = text_file(tmp_path / "b.csv", [HEADER, sample(alike, "乙店")])
    preview = take(unit, file)
    assert ["很像" in r.message for r in preview.rejected] == [True]
    assert keys(unit) == ["BJ260101"]
    take(unit, file, alike_are_new=True)
    assert keys(unit) == sorted(["BJ260101", alike])


def test_zeros_lost_against_known_keys_are_asked_about(unit, tmp_path):
    take(unit, text_file(tmp_path / "a.csv", [HEADER, sample("0012"), sample("0013")]))
    preview = take(unit, text_file(tmp_path / "b.csv", [HEADER, sample("12", "乙店")]))
    assert [r.row for r in preview.rejected] == [2]


@pytest.mark.parametrize("other", ["ｂｊ２６０１", "bj 2601", "Bj2601"])
def test_another_way_of_writing_a_known_key_is_told_and_changes_no_key(unit, tmp_path, other):
    take(unit, text_file(tmp_path / "a.csv", [HEADER, sample("BJ2601")]))
    preview = take(unit, text_file(tmp_path / "b.csv", [HEADER, sample(other, "乙店")]))
    assert (preview.added, preview.updated) == (0, 1)
    assert keys(unit) == ["BJ2601"]
    assert "写法不同" in told(preview)["A2"]


# The account of cells

WORDS = ["合计", "小计", "/", "-", "注：见附件", "1900", "2026-03-07", "26.3.5", "药品", "B1",
         "姓名", "抽样编号", "'1", "4.4E+17", "√", "一、", "共4家", "备注"]  # fmt: skip
TEXTS = st.sampled_from(WORDS) | st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cf", "Cn", "Co", "Zs"]),
    max_size=20,
).filter(lambda text: tidy(text) and not text.startswith("="))
# 500 of them each day, 20,000 in the heavy profile.
ACCOUNT = 500 if settings().max_examples < 1000 else 20_000
PLACES = st.tuples(st.integers(1, 9), st.integers(1, 9))


def list_with(path, text, where, *, kind):
    def put(made):
        sheet = made["清单"]
        if kind == "sheet":
            sheet = made.create_sheet("补充")
        cell = sheet.cell(*where)
        if kind == "comment":
            cell.comment = Comment(text, "张三")
        else:
            cell.value = text
            cell.data_type = "s"

    rows = [["2026年监督抽检清单"], ["序号", *HEADER, "备注"]]
    rows += [[n, *sample(f"B{n}", f"{n}店")] for n in range(1, 5)]
    return book(path, ("清单", rows), change=put)


def covers(place, where):
    if not place:
        return False
    left, top, right, bottom = range_boundaries(place)
    return top <= where[0] <= bottom and left <= where[1] <= right


def in_data(preview, text, ledger):
    held = {str(plain_value(v)) for e in preview.entries for v in e.values.values()}
    read = {text, fold(text)}
    for column in ledger.columns:
        for is_key in (True, False):
            try:
                read.add(str(plain_value(read_typed(column, text, is_key=is_key))))
            except CellError:
                continue
    return bool(held & read)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=ACCOUNT)
@given(TEXTS, PLACES, st.sampled_from(["cell", "comment", "sheet"]))
def test_whatever_is_typed_into_a_list_is_in_the_data_or_told_at_its_place(
    unit, tmp_path, text, where, kind
):
    file = list_with(tmp_path / "list.xlsx", text, where, kind=kind)
    try:
        preview = ledger_files.preview_list(unit, "sampling", file)
    except InputRejectedError:
        # Nothing is taken where a header that identifies entries is gone, or is there twice.
        assert (kind, where[0]) == ("cell", 2)
        return
    sheet = "补充" if kind == "sheet" else "清单"
    places = [(f.place.sheet, f.place.cell) for f in preview.findings]
    if kind == "sheet":
        assert ("补充", "") in places
        return
    # A row that is refused is refused whole, and is saved whole with its reasons.
    places += [(r.sheet, f"A{r.row}:Z{r.row}") for r in preview.rejected]
    header = kind == "cell" and where[0] == 2 and fold(text) in map(fold, ["序号", *HEADER, "备注"])
    numbering = kind == "cell" and where[1] == 1 and text.isdecimal()
    # What stands in a column that is not read is told at the head of the column.
    below = covers(f"H2:H{2 + 20}", where) and (sheet, "H2") in places
    assert (
        header
        or numbering
        or below
        or any(s == sheet and covers(cell, where) for s, cell in places)
        or (kind == "cell" and in_data(preview, text, preview.ledger))
    ), (text, where, kind, preview.findings, preview.rejected)


def test_days_of_a_list_that_counts_from_1904(unit, tmp_path):
    file = book(
        tmp_path / "list.xlsx",
        ("Sheet", [HEADER, sample("A1", day=44627)]),
        change=lambda made: setattr(made, "epoch", CALENDAR_MAC_1904),
    )
    take(unit, file)
    assert str(ledgers.page(unit, "sampling")[0].values["抽样日期"]) == "2026-03-08"


# Columns that the ledger doesn't have

EXTRA = [
    [*HEADER, "移送", "经办人"],
    [*sample("A1"), "已移送公安", "张三"],
    [*sample("A2"), None, "李四"],
]


def take_extra(workspace, file, *, as_new, rest=()):
    before = ledger_files.preview_list(workspace, "sampling", file)
    wanted = [text for text in before.extra if text not in rest]
    choices = before.choices.with_extra(wanted, as_new=as_new)
    preview = ledger_files.preview_list(workspace, "sampling", file, choices=choices)
    return preview, ledger_files.take_list(workspace, preview)


def rows_by_key(workspace):
    return {e.values["抽样编号"]: e.values for e in ledgers.page(workspace, "sampling")}


def with_note(office):
    held = ledgers.find_ledger(office, "sampling")
    wide = replace(held, columns=(*held.columns, LedgerColumn("备注")))
    ledger_declarations.save(office, wide)


def test_the_office_takes_other_columns_as_new_ones(office, tmp_path):
    preview, result = take_extra(office, book(tmp_path / "a.xlsx", ("S", EXTRA)), as_new=True)
    assert preview.extra == ()
    held = rows_by_key(office)
    assert (held["A1"]["移送"], held["A1"]["经办人"]) == ("已移送公安", "张三")
    assert "移送" not in held["A2"]
    titles = [c.title for c in ledgers.find_ledger(office, "sampling").columns]
    assert titles[-2:] == ["移送", "经办人"]
    assert result.ledger.column("移送") is not None
    again = ledger_files.preview_list(office, "sampling", tmp_path / "a.xlsx")
    assert (again.extra, again.unchanged) == ((), 2)


def test_nothing_is_declared_before_the_list_is_taken(office, tmp_path):
    file = book(tmp_path / "a.xlsx", ("S", EXTRA))
    choices = Choices().with_extra(("移送",), as_new=True)
    assert ledger_files.preview_list(office, "sampling", file, choices=choices).added == 2
    assert ledgers.find_ledger(office, "sampling").column("移送") is None


def test_other_columns_are_added_to_the_note_and_nothing_in_it_is_lost(office, tmp_path):
    with_note(office)
    rows = [[*row, text] for row, text in zip(EXTRA, ("备注", "急件；急件", None), strict=True)]
    preview, _ = take_extra(office, book(tmp_path / "a.xlsx", ("S", rows)), as_new=False)
    assert "“移送”这一列的 1 格内容并入“备注”" in told(preview)["G1"]
    held = rows_by_key(office)
    assert held["A1"]["备注"] == "急件；急件；移送：已移送公安；经办人：张三"
    assert held["A2"]["备注"] == "经办人：李四"
    # Another list has no column for notes: what is noted stays, and what is new is added.
    file = book(tmp_path / "b.xlsx", ("S", [EXTRA[0], [*sample("A1"), "已结案", "张三"]]))
    take_extra(office, file, as_new=False)
    assert rows_by_key(office)["A1"]["备注"].endswith("经办人：张三；移送：已结案")
    assert ledger_files.preview_list(office, "sampling", file).unchanged == 1


def test_the_office_gets_a_column_for_notes_with_the_first_one(office, tmp_path):
    take_extra(office, book(tmp_path / "a.xlsx", ("S", EXTRA)), as_new=False, rest=("移送",))
    assert rows_by_key(office)["A1"]["备注"] == "经办人：张三"


def test_a_unit_can_not_change_what_the_office_declares(unit, tmp_path):
    file = book(tmp_path / "a.xlsx", ("S", EXTRA))
    for as_new in (True, False):
        with pytest.raises(InputRejectedError, match="增加台账的列"):
            take_extra(unit, file, as_new=as_new)


def test_a_text_below_another_column_without_a_row_is_told(office, tmp_path):
    with_note(office)
    rows = [*EXTRA, [None] * 6 + ["另附说明材料"]]
    preview, _ = take_extra(office, book(tmp_path / "a.xlsx", ("S", rows)), as_new=False)
    assert "“另附说明材料”写在没有记录的行" in told(preview)["G4"]


@pytest.mark.parametrize(
    ("extra", "columns", "code"),
    [("column", ["移送", "经办人"], 0), ("note", ["备注"], 0), ("", [], 0)],
)
def test_the_command_takes_other_columns(office, tmp_path, capsys, extra, columns, code):
    office.close()
    file = book(tmp_path / "a.xlsx", ("S", EXTRA))
    option = ["--extra", extra] if extra else []
    arguments = ["ledger", "import", "sampling", str(file), *option]
    assert run(["--workspace", str(office.folder), *arguments]) == code
    assert ("--extra column" in capsys.readouterr().out) == (not extra)
    with open_workspace(office.folder, write=False) as workspace:
        titles = [c.title for c in ledgers.find_ledger(workspace, "sampling").columns]
    assert titles[len(titles) - len(columns) :] == columns


def test_the_column_of_units_may_carry_a_former_name(office, tmp_path):
    def edit(plan, _taken):
        return put_unit(plan, replace(plan.directory.by_code["scj"], name="区市场监督管理局"))

    plan_editing.edit_plan(office, edit)
    rows = [[*HEADER, "责任单位"], *([*sample(f"A{n}"), "区市场监管局"] for n in range(3))]
    preview = take(office, book(tmp_path / "a.xlsx", ("S", rows)))
    assert {e.unit for e in ledgers.page(office, "sampling")} == {"scj"}
    assert told(preview) == {"G2": "“区市场监管局”按曾用名识别为“区市场监督管理局”"}
