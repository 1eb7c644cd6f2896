"""Ledgers from and to files: foreign lists mapped or refused, forms and exports that come back."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from openpyxl import Workbook, load_workbook

from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.ledger.ledger import LedgerEntry
from fsdesk.services.ledger import ledger_files, ledger_grid, ledgers
from fsdesk.services.ledger.ledger_files import Choices
from tests.services.ledger import foreign_lists
from tests.services.ledger.foreign_lists import DAY, LATER, book

EXPECTED = {
    "SC1": ("药品", "甲片", "甲药店", DAY, "合格"),
    "SC2": ("化妆品", "乙霜", "乙商场", LATER, "不合格"),
}
TITLES = ("类别", "样品名称", "被抽样单位", "抽样日期", "检验结论")
HEADER = ["抽样编号", "类别", "检验结论", "抽样日期", "核查处置状态"]


def import_list(workspace, file, name="监督抽检", **options):
    preview = ledger_files.preview_list(workspace, name, file, **options)
    return ledger_files.take_list(workspace, preview)


def rows_of(workspace, ledger="sampling"):
    return {str(e.values["抽样编号"]): e.values for e in ledgers.page(workspace, ledger)}


def counts(result):
    return result.added, result.updated, result.unchanged


@pytest.mark.parametrize("make", foreign_lists.READ, ids=lambda make: make.__name__)
def test_a_list_of_another_system_is_read_as_what_it_means(unit, tmp_path, make):
    result = import_list(unit, make(tmp_path / "list.xlsx"))
    assert result.rejected == ()
    assert counts(result) == (2, 0, 0)
    found = {
        number.translate({0xFF33: "S", 0xFF23: "C", 0xFF11: "1"}): values
        for number, values in rows_of(unit).items()
    }
    assert set(found) == set(EXPECTED)
    for number, values in found.items():
        assert tuple(values.get(title) for title in TITLES) == EXPECTED[number]


@pytest.mark.parametrize("make", foreign_lists.REFUSED, ids=lambda make: make.__name__)
def test_a_list_that_can_not_be_read_is_refused_with_the_column_named(unit, tmp_path, make):
    file, words = make(tmp_path / "list.xlsx")
    with pytest.raises(InputRejectedError, match=words):
        import_list(unit, file)
    assert rows_of(unit) == {}


def test_bad_cells_are_told_with_row_and_header_and_the_rest_is_taken(unit, tmp_path):
    rows = [
        ["监督抽检"],
        HEADER,
        ["A1", "药品", "合格", DAY],
        [],
        ["A2", "玩具", "合格", DAY],
        ["A3", "药品", "合格", "26.3.5"],
        [None, "药品", "合格", DAY],
        ["A4", "药品", "合格", "去年"],
    ]
    file = book(tmp_path / "list.xlsx", rows)
    result = import_list(unit, file)
    assert counts(result) == (1, 0, 0)
    told = [(r.row, r.column) for r in result.rejected]
    assert told == [(5, "类别"), (6, "抽样日期"), (7, "抽样编号"), (8, "抽样日期")]
    assert "食用农产品" in result.rejected[0].message
    assert "四位" in result.rejected[1].message


def test_all_or_nothing_by_choice(unit, tmp_path):
    file = book(tmp_path / "list.xlsx", [HEADER, ["A1", "药品"], ["A2", "玩具"]])
    preview = ledger_files.preview_list(unit, "sampling", file)
    assert preview.added == 1
    result = ledger_files.take_list(unit, preview, whole=True)
    assert counts(result) == (0, 0, 0)
    assert len(result.rejected) == 1
    assert rows_of(unit) == {}


def test_a_list_again_in_halves_in_another_order_and_corrected(unit, tmp_path):
    rows = [[f"A{n}", "药品", "合格", DAY] for n in range(40)]
    whole = book(tmp_path / "whole.xlsx", [HEADER, *rows])
    assert counts(import_list(unit, whole)) == (40, 0, 0)
    assert counts(import_list(unit, whole)) == (0, 0, 40)
    back = book(tmp_path / "back.xlsx", [HEADER, *reversed(rows)])
    assert counts(import_list(unit, back)) == (0, 0, 40)
    for part in (rows[:20], rows[20:]):
        assert counts(import_list(unit, book(tmp_path / "half.xlsx", [HEADER, *part]))) == (
            0,
            0,
            20,
        )
    for row in rows[:10]:
        row[2] = "不合格"
    corrected = book(tmp_path / "corrected.xlsx", [HEADER, *rows])
    assert counts(import_list(unit, corrected)) == (0, 10, 30)
    assert len(rows_of(unit)) == 40


def test_what_a_list_does_not_say_stays(unit, tmp_path):
    import_list(unit, book(tmp_path / "a.xlsx", [HEADER, ["A1", "药品", "不合格", DAY, "处置中"]]))
    import_list(unit, book(tmp_path / "b.xlsx", [HEADER, ["A1", None, None, None, "已处置"]]))
    values = rows_of(unit)["A1"]
    assert (values["类别"], values["核查处置状态"]) == ("药品", "已处置")


def test_two_rows_of_one_number_that_differ_are_not_guessed(unit, tmp_path):
    rows = [HEADER, ["A1", "药品"], ["A1", "药品"], ["a1 ", "化妆品"]]
    result = import_list(unit, book(tmp_path / "list.xlsx", rows))
    assert counts(result) == (1, 0, 1)
    assert [(r.row, "第 2 行" in r.message) for r in result.rejected] == [(4, True)]


def test_what_was_chosen_for_a_form_of_list_is_remembered(unit, tmp_path):
    rows = [["条码", "结果代码", "种类"], ["A1", "Q", "药品"], ["A2", "N", "药品"]]
    file = book(tmp_path / "list.xlsx", rows)
    with pytest.raises(InputRejectedError, match="抽样编号"):
        import_list(unit, file)
    chosen = Choices(
        {"条码": "抽样编号", "结果代码": "检验结论", "种类": "类别"},
        {"检验结论": {"Q": "合格", "N": "不合格"}},
    )
    assert counts(import_list(unit, file, choices=chosen)) == (2, 0, 0)
    other = book(tmp_path / "next.xlsx", [["种类", "条码", "结果代码"], ["药品", "A3", "N"]])
    assert counts(import_list(unit, other)) == (1, 0, 0)
    assert rows_of(unit)["A3"]["检验结论"] == "不合格"


def test_words_that_name_no_choice_are_listed_to_be_mapped(unit, tmp_path):
    file = book(
        tmp_path / "list.xlsx", [HEADER, ["A1", "药品", "符合规定"], ["A2", "药品", "待定"]]
    )
    preview = ledger_files.preview_list(unit, "sampling", file)
    assert preview.unknown_words == {"检验结论": ("待定",)}


def test_formula_text_stays_text_in_and_out(unit, tmp_path):
    made = Workbook()
    sheet = made.active
    sheet.append(["抽样编号", "样品名称"])
    for number, text in enumerate(("=1+1", "+3", "@x", "-5", '=cmd|" /C calc"!A0'), start=1):
        sheet.append([f"A{number}", None])
        cell = sheet.cell(number + 1, 2)
        cell.value, cell.data_type = text, "s"
    made.save(tmp_path / "list.xlsx")
    import_list(unit, tmp_path / "list.xlsx")
    assert rows_of(unit)["A1"]["样品名称"] == "=1+1"
    out = tmp_path / "out.xlsx"
    ledger_files.export_ledger(unit, "sampling", out)
    cells = [row[2] for row in load_workbook(out)["监督抽检"].iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert counts(import_list(unit, out)) == (0, 0, 5)


def test_a_formula_without_a_result_is_refused_with_its_row(unit, tmp_path):
    made = Workbook()
    made.active.append(["抽样编号", "样品名称"])
    made.active.append(["A1", "=B9&B10"])
    made.save(tmp_path / "list.xlsx")
    result = import_list(unit, tmp_path / "list.xlsx")
    assert [(r.row, r.column) for r in result.rejected] == [(2, "样品名称")]


def test_an_export_comes_back_unchanged(office, tmp_path):
    values = {
        "案号": "007",
        "专项行动": "铁拳",
        "立案日期": DAY,
        "罚没金额": 1234.5,
        "移送公安": True,
    }
    ledgers.save_rows(
        office,
        [LedgerEntry("", "enforcement", unit, values) for unit in ("scj", "fgj")],
    )
    out = tmp_path / "out.xlsx"
    assert ledger_files.export_ledger(office, "执法案件", out) == 2
    assert counts(import_list(office, out, "执法案件")) == (0, 0, 2)
    with pytest.raises(InputRejectedError, match="执法案件"):
        import_list(office, out, "食堂")


def test_a_form_says_what_may_be_filled_in_and_is_read_when_filled(unit, tmp_path):
    form = tmp_path / "form.xlsx"
    ledger_files.write_template(unit, "食堂", form)
    filled = load_workbook(form)
    sheet = filled["食堂"]
    checks = {str(c.sqref): c.formula1 for c in sheet.data_validations.dataValidation}
    assert '"学校,养老机构,老年食堂,医疗机构"' in checks.values()
    for number, value in enumerate(["一小", "学校", "A", "X1", "是", "否", "2026.3.5"], start=1):
        sheet.cell(2, number).value = value
    filled.save(form)
    assert counts(import_list(unit, form, "食堂")) == (1, 0, 0)
    (entry,) = ledgers.page(unit, "canteen")
    assert (entry.values["示范"], entry.values["阳光厨房"], entry.values["日期"]) == (
        True,
        False,
        DAY,
    )


def test_columns_that_name_citizens_stay_at_home_unless_chosen(unit, tmp_path):
    values = {"编号": "T1", "投诉人": "张三", "联系电话": "13800000000", "受理日期": DAY}
    ledgers.save_rows(unit, [LedgerEntry("", "complaint", "scj", values)])
    out = tmp_path / "out.xlsx"
    ledger_files.export_ledger(unit, "complaint", out)
    texts = {str(cell.value) for row in load_workbook(out)["投诉举报与舆情"] for cell in row}
    assert "张三" not in texts
    ledger_files.export_ledger(unit, "complaint", out, personal=True)
    texts = {str(cell.value) for row in load_workbook(out)["投诉举报与舆情"] for cell in row}
    assert {"张三", "13800000000"} <= texts


def test_the_office_takes_rows_of_several_units_by_their_names(office, tmp_path):
    rows = [["责任单位", *HEADER], ["区市监局", "A1", "药品"], ["西兴", "A2", "药品"],
            ["某某局", "A3", "药品"]]  # fmt: skip
    result = import_list(office, book(tmp_path / "list.xlsx", rows))
    assert counts(result) == (2, 0, 0)
    assert [(r.row, r.column) for r in result.rejected] == [(4, "责任单位")]
    assert {e.unit for e in ledgers.page(office, "sampling")} == {"scj", "xx"}


def test_a_unit_keeps_only_its_own_rows(unit, tmp_path):
    rows = [["责任单位", *HEADER], ["区发改局", "A1", "药品"], ["区市场监管局", "A2", "药品"]]
    result = import_list(unit, book(tmp_path / "list.xlsx", rows))
    assert counts(result) == (1, 0, 0)
    assert result.rejected[0].row == 2
    with pytest.raises(InputRejectedError, match="不是本单位"):
        ledgers.save_rows(unit, [LedgerEntry("", "sampling", "fgj", {"抽样编号": "A1"})])


def test_a_unit_of_money_is_not_guessed(unit, tmp_path):
    rows = [["案号", "罚没金额(万元)"], ["1", 2]]
    result = import_list(unit, book(tmp_path / "list.xlsx", rows), "执法案件")
    assert "万元" in result.rejected[0].message
    rows = [["案号", "罚没金额（元）"], ["1", "20,000元"]]
    assert counts(import_list(unit, book(tmp_path / "b.xlsx", rows), "执法案件")) == (1, 0, 0)
    assert ledgers.page(unit, "enforcement")[0].values["罚没金额"] == 20000


def test_a_code_that_lost_its_last_digits_is_not_taken(unit, tmp_path):
    rows = [["抽样编号", "类别"], [1234567890123456789, "药品"], [123456, "药品"]]
    result = import_list(unit, book(tmp_path / "list.xlsx", rows))
    assert [r.row for r in result.rejected] == [2]
    assert set(rows_of(unit)) == {"123456"}


def test_a_list_that_can_not_be_read_yet_shows_its_headers_and_what_stands_below(unit, tmp_path):
    rows = [["条码", "结果"], ["A1", "合格"], ["A2", "待定"], [], ["A1", "合格"]]
    file = book(tmp_path / "list.xlsx", rows)
    look = ledger_files.look_at_list(unit, "sampling", file)
    assert look.preview is None
    assert "抽样编号" in look.problem
    assert [cell.text for cell in look.header.cells] == ["条码", "结果"]
    assert look.samples(0) == ("A1", "A2")
    chosen = Choices({"条码": "抽样编号"}, {"检验结论": {"待定": "合格"}})
    again = ledger_files.look_at_list(unit, "sampling", file, before=replace(look, choices=chosen))
    assert (again.problem, again.preview.added, again.preview.rejected) == ("", 2, ())


def test_rejected_rows_are_saved_with_reasons_mended_and_imported(unit, tmp_path):
    rows = [
        ["2026年汇总表"],
        ["抽样单编号", "类别", "采样日期", "样品名称"],
        ["A1", "药品", DAY, "甲"],
        ["A2", "玩具", DAY, "=1+1"],
        ["A3", "药品", "26.3.5", None],
    ]
    look = ledger_files.look_at_list(unit, "sampling", book(tmp_path / "list.xlsx", rows))
    ledger_files.take_list(unit, look.preview)
    out = tmp_path / "rejected.xlsx"
    assert ledger_files.save_rejected(look, out) == 2
    filled = load_workbook(out)
    sheet = filled.active
    assert [cell.value for cell in sheet[1]][-1] == "不合格原因"
    assert "玩具" in sheet.cell(2, 5).value
    sheet.cell(2, 2).value = "药品"
    sheet.cell(3, 3).value = "2026-03-05"
    filled.save(out)
    result = import_list(unit, out)
    assert (counts(result), result.rejected) == ((2, 0, 0), ())
    assert rows_of(unit)["A2"]["抽样日期"] == DAY


def test_an_import_is_undone_as_one_step(unit, tmp_path):
    import_list(unit, book(tmp_path / "a.xlsx", [HEADER, ["A1", "药品"], ["A2", "药品"]]))
    rows = [HEADER, ["A1", "化妆品"], ["A2", "药品"], ["A3", "药品"], ["A3", "药品"]]
    result = import_list(unit, book(tmp_path / "b.xlsx", rows))
    assert [change.before is None for change in result.changes] == [False, True]
    ledger_grid.restore(unit, "sampling", result.changes, back=True)
    assert {key: values["类别"] for key, values in rows_of(unit).items()} == {
        "A1": "药品",
        "A2": "药品",
    }
