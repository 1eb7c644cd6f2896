"""A plan written as a workbook is read back as the same plan; as Word, with the same tasks."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from msgspec.structs import replace
from openpyxl import load_workbook

from fsdesk.documents.plan_file import load_builtin_plan
from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.plan.edits import drop_item
from fsdesk.domain.plan.effect import with_effect
from fsdesk.services.plan_document.plan_documents import export_plan, read_document
from tests.documents.official.corpus_files import built, sources
from tests.documents.official.random_plans import plans
from tests.plans import small_plan

PLAN = load_builtin_plan(2026)


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "plan.xlsx"
    export_plan(PLAN, path)
    return path


def edited(path, sheet, cell, value):
    book = load_workbook(path)
    book[sheet][cell] = value
    book.save(path)
    return path


def problems(path):
    with pytest.raises(InputRejectedError) as caught:
        read_document(path)
    return [(f.place.sheet, f.place.cell, f.message) for f in caught.value.findings]


def test_the_shipped_plan_comes_back_the_same(book):
    parsed = read_document(book)

    assert parsed.plan == PLAN
    assert parsed.coded
    assert not parsed.doubts


@pytest.mark.parametrize("source", sources(), ids=lambda source: source.name)
def test_a_document_read_exported_and_read_again_is_the_same_plan(tmp_path, source):
    name, data = built(source)
    (tmp_path / name).write_bytes(data)
    plan = read_document(tmp_path / name).plan
    export_plan(plan, tmp_path / "out.xlsx")

    assert read_document(tmp_path / "out.xlsx").plan == plan


@pytest.mark.slow
@settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(plan=plans())
def test_any_plan_comes_back_the_same(tmp_path, plan):
    path = tmp_path / "any.xlsx"
    export_plan(plan, path)

    assert read_document(path).plan == plan


def test_the_year_may_be_set_while_reading(book):
    # The plan of 2026 under another year is a draft until that year has its own.
    assert read_document(book, year=2027).plan == replace(PLAN, year=2027, carried_from=2026)


def test_a_row_added_by_hand_gets_a_code(book):
    opened = load_workbook(book)
    opened["事项"].append(["T03-5", None, "应急预案修订", "2026-09-30"])
    opened["责任分工"].append(["T03-5", None, "区卫生健康局", "配合"])
    opened.save(book)
    task = read_document(book).plan.tasks_by_code["T03-5"]

    assert task.deliverables[-1].code == "D03-5-2"
    assert task.assignments[-1].party == "wjj"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sheet", "cell", "value", "message"),
    [
        ("计划", "B2", "明年", "“内容”应为数字"),
        ("计划", "A2", "年份", "缺少“年度”"),
        ("任务", "A2", "一", "“部分序号”应为数字"),
        ("任务", "C2", 1.5, "“要点序号”应为整数"),
        ("任务", "E2", "T99-9", "“任务”表中没有任务“T01-1”"),
        ("责任分工", "D2", "帮忙", "“分工”的取值“帮忙”无效"),
        ("责任分工", "B2", "nobody", None),
        ("指标", "D2", "数数", "“类型”的取值“数数”无效"),
        ("指标", "F2", ">", "“比较”的取值“>”无效"),
        ("指标", "G2", "很多", "“目标值”应为数字"),
        ("指标", "I2", "按月设定", "“各月进度”不合规定"),
        ("事项", "D2", "6月", "“完成时限”应为日期"),
        ("单位", "C2", "村", "“类别”的取值“村”无效"),
        ("单位组", "C2", "xx、nobody", "没有编码为“nobody”的单位"),
        ("参数", "C2", "-", "“数值”应为数字"),
    ],
)
def test_what_was_spoilt_by_hand_is_told_with_its_cell(book, sheet, cell, value, message):
    path = edited(book, sheet, cell, value)
    if message is None:  # the name beside the code still says who is meant
        assert read_document(path).plan == PLAN
        return
    found = problems(path)

    assert any(message in told for _, _, told in found), found
    assert any(at in {sheet, "责任分工", "事项"} for at, _, _ in found)


def test_an_unknown_unit_is_told_with_its_cell(book):
    opened = load_workbook(book)
    opened["责任分工"]["B2"], opened["责任分工"]["C2"] = "nobody", "区气象局"
    opened.save(book)

    assert problems(book) == [("责任分工", "B2", "没有单位“区气象局”")]


def test_the_first_sheet_is_for_people(book):
    sheet = load_workbook(book).worksheets[0]

    assert sheet.title == "任务分解表"
    assert sheet["A1"].value == PLAN.title
    assert sheet.max_row == len(PLAN.tasks) + 2
    assert sheet.page_setup.orientation == "landscape"


def test_the_word_table_names_the_same_tasks_and_answers(tmp_path):
    path = tmp_path / "plan.docx"
    export_plan(PLAN, path)
    parsed = read_document(path)
    names = parsed.plan.directory

    assert [task.title for task in parsed.plan.tasks] == [task.title for task in PLAN.tasks]
    assert [s.title for s in parsed.plan.sections] == [s.title for s in PLAN.sections]
    assert [p.title for p in parsed.plan.points] == [p.title for p in PLAN.points]
    for read, task in zip(parsed.plan.tasks, PLAN.tasks, strict=True):
        found = [(names.name(a.party), a.role) for a in read.assignments]
        assert found == [(PLAN.directory.name(a.party), a.role) for a in task.assignments]
        assert [i.target_text for i in read.indicators] == [i.target_text for i in task.indicators]


def test_other_endings_are_refused(tmp_path):
    with pytest.raises(InputRejectedError, match="不能输出"):
        export_plan(PLAN, tmp_path / "plan.pdf")


def test_a_text_longer_than_a_cell_is_refused(tmp_path):
    with pytest.raises(InputRejectedError, match="放不进"):
        export_plan(replace(PLAN, overall_requirement="甲" * 40_000), tmp_path / "plan.xlsx")


def test_what_the_plan_was_earlier_in_the_year_goes_along_and_comes_back(tmp_path):
    def dropped(plan):
        return drop_item(plan, "I01-5")

    plan = with_effect(small_plan(), dropped, date(2026, 9, 1))
    export_plan(plan, tmp_path / "plan.xlsx")
    assert read_document(tmp_path / "plan.xlsx").plan == plan
    book = load_workbook(tmp_path / "plan.xlsx")
    assert ["生效日期", "2026-09-01"] in [[c.value for c in row] for row in book["计划"].rows]
    assert [cell.value for cell in book["此前版本"]["A"]][:2] == ["最后一天", "2026-08-31"]


def test_a_state_that_somebody_typed_over_is_told(tmp_path):
    plan = with_effect(small_plan(), lambda p: drop_item(p, "I01-5"), date(2026, 9, 1))
    export_plan(plan, tmp_path / "plan.xlsx")
    book = load_workbook(tmp_path / "plan.xlsx")
    book["此前版本"]["B2"] = "改过"
    book.save(tmp_path / "plan.xlsx")
    with pytest.raises(InputRejectedError, match="“此前版本”读不出来"):
        read_document(tmp_path / "plan.xlsx")
