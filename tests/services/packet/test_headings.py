"""A form whose heading contradicts its hidden sheet waits until a person says which counts."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from openpyxl import load_workbook

from fsdesk.domain.findings import Place
from fsdesk.domain.packet.heading import Heading, HeadingChoice, contradictions
from fsdesk.domain.periods import Period
from fsdesk.domain.plan.unit_edits import put_unit
from fsdesk.domain.records.records import DataValue, RecordKey, RecordKind
from fsdesk.domain.steps import run_through
from fsdesk.packets.filling import fill_in
from fsdesk.services.packet import checking, conflicts, exchange, importing
from fsdesk.services.packet.importing import Result
from fsdesk.services.plan import plan_editing, planning
from fsdesk.store.records import records
from tests.packets.test_round_trip import HEADER
from tests.workspaces import MARCH, Clock, make_office, make_unit

UNITS = {"scj": ("区市场监管局",), "gafj": ("公安分局", "区公安分局")}
APRIL = Period.parse("2026-04")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("区市场监管局　2026年3月　按时截止日：2026-04-05　报送包", []),
        ("3月报表（4月5日报）", []),
        ("一季度", []),
        ("三月", []),
        ("四季青街道食品抽检", []),
        ("a202604f", []),
        ("2026年4月进展", ["2026年4月"]),
        ("４月", ["2026年4月"]),
        ("报送包-区市场监管局-2026-04", ["2026年4月"]),
        ("十二月份", ["2026年12月"]),
        ("第二季度", ["2026年第2季度"]),
        ("2026-Q2", ["2026年第2季度"]),
        ("2025年3月", ["2025年3月"]),
        ("2025年食品药品安全工作", ["2025年"]),
        ("公安分局3月", ["“公安分局”"]),
        ("区市场监管局转公安分局", []),
    ],
)
def test_what_a_heading_of_march_says(text, said):
    found = contradictions(HEADER, [Heading(text, Place())], UNITS)
    assert [one.said for one in found] == said


@pytest.fixture
def office(tmp_path):
    with make_office(tmp_path / "office", Clock("2026-05-02T01:00:00+00:00")) as workspace:
        yield workspace


@pytest.fixture
def form(office, tmp_path):
    """Give March's form, filled, with its heading changed to April: last month's form again."""
    issued = run_through(exchange.issue_packets(office, MARCH, tmp_path / "issued"))
    file = next(packet.file for packet in issued if packet.unit == "scj")
    fill_in(file, {key("I01-1"): DataValue(1900.0), key("I01-2"): DataValue(7.0)})
    book = load_workbook(file)
    book["指标"]["A2"] = "区市场监管局　2026年4月"
    book.save(file)
    return file


def key(item, period="2026-03"):
    return RecordKey(RecordKind.VALUE, item, "scj", period)


def values(office, period):
    with office.reading() as session:
        found = records.load_records(session, unit="scj", period=period)
    return {record.key.item: record.content.value for record in found if not record.empty}


def take(office, file, heading=None):
    steps = importing.import_packets(office, [file], accept_unsigned=True, heading=heading)
    (taken,) = run_through(steps).files
    return taken


def test_it_is_refused_with_both_named(office, form):
    (checked,) = run_through(checking.check_packets(office, [form]))
    assert not checked.ok
    assert checked.heading_differs
    (found,) = checked.findings
    assert "写的是2026年4月，隐藏的登记信息是2026年3月" in found.message
    assert (found.place.sheet, found.place.cell) == ("指标", "A2")
    assert take(office, form).result is Result.REJECTED
    assert values(office, "2026-03") == values(office, "2026-04") == {}


def test_by_its_hidden_sheet_it_is_of_march(office, form):
    taken = take(office, form, HeadingChoice.HIDDEN)
    assert taken.result is Result.IMPORTED
    assert any("已选择按隐藏信息接收" in finding.remedy for finding in taken.checked.findings)
    assert values(office, "2026-03") == {"I01-1": 1900.0, "I01-2": 7.0}
    assert values(office, "2026-04") == {}


def test_by_its_heading_it_is_of_april_and_compared_with_what_april_holds(office, form):
    with office.writing() as writing:
        records.record_content(writing, key("I01-1", "2026-04"), DataValue(1900.0))
        records.record_content(writing, key("I01-2", "2026-04"), DataValue(8.0))
    taken = take(office, form, HeadingChoice.TITLE)
    assert taken.result is Result.IMPORTED
    assert taken.checked.packet.header.period == "2026-04"
    assert len(taken.checked.changes) == 1  # what stands there already is none
    (said,) = (f for f in taken.checked.findings if f.place.cell == "A2")
    assert said.remedy == "已选择按标题接收，当作手工填写"  # and not that it wasn't read
    assert [c.theirs.content.value for c in conflicts.conflicts(office)] == [7.0]
    assert values(office, "2026-03") == {}
    assert values(office, "2026-04") == {"I01-1": 1900.0, "I01-2": 8.0}
    assert take(office, form, HeadingChoice.TITLE).result is Result.UNCHANGED


def test_what_was_shown_by_its_heading_is_taken_by_it(office, form):
    steps = checking.check_packets(office, [form], HeadingChoice.TITLE)
    (checked,) = run_through(steps)
    shown = {form: checked.digest}
    for heading, result in ((None, Result.REJECTED), (HeadingChoice.TITLE, Result.IMPORTED)):
        (taken,) = run_through(
            importing.import_packets(office, [form], shown, accept_unsigned=True, heading=heading)
        ).files
        assert taken.result is result


def test_a_renamed_file_and_another_units_name_contradict_it_too(office, form):
    book = load_workbook(form)
    book["指标"]["A2"] = None
    book["填报说明"]["B3"] = "某街道"
    book.save(form)
    renamed = form.rename(form.with_name("4月报表.xlsx"))
    (checked,) = run_through(checking.check_packets(office, [renamed]))
    assert [(f.place.sheet, f.place.cell) for f in checked.findings] == [
        ("填报说明", "B3"),
        ("", ""),
    ]
    assert "隐藏的登记信息是“区市场监管局”" in checked.findings[0].message
    taken = take(office, renamed, HeadingChoice.TITLE)
    assert taken.result is Result.REJECTED
    assert "不能按标题接收" in taken.message


def test_a_broken_seal_is_no_matter_of_choice(office, form):
    book = load_workbook(form)
    row = next(row for row in book["_fsdesk"].iter_rows() if row[0].value == "due")
    row[1].value = "2026-12-31"
    book.save(form)
    for heading in (None, *HeadingChoice):
        assert "签名与文件内容不符" in take(office, form, heading).message


def rename(office, name):
    def edit(plan, _taken):
        return put_unit(plan, replace(plan.directory.by_code["scj"], name=name))

    plan_editing.edit_plan(office, edit)


def test_a_form_that_carries_a_former_name_is_the_units_and_says_so(office, form):
    rename(office, "区市场监督管理局")
    (checked,) = run_through(checking.check_packets(office, [form], HeadingChoice.HIDDEN))
    told = [f.message for f in checked.findings if "曾用名" in f.message]
    assert told == ["单位写的是曾用名“区市场监管局”，按曾用名识别为“区市场监督管理局”"]
    assert take(office, form, HeadingChoice.HIDDEN).result is Result.IMPORTED


def test_a_former_name_over_the_form_of_another_unit_contradicts_it(office, tmp_path):
    issued = run_through(exchange.issue_packets(office, MARCH, tmp_path / "other"))
    file = next(packet.file for packet in issued if packet.unit == "fgj")
    rename(office, "区市场监督管理局")
    book = load_workbook(file)
    book["进展"]["A2"] = "区市场监管局"
    book.save(file)
    (checked,) = run_through(checking.check_packets(office, [file]))
    assert checked.heading_differs
    assert "“区市场监管局”" in checked.findings[0].message


def test_former_names_come_to_the_unit_with_its_plan(office, tmp_path):
    unit = make_unit(office, tmp_path / "unit")
    rename(office, "区市场监督管理局")
    issued = run_through(exchange.issue_packets(office, MARCH, tmp_path / "again"))
    file = next(packet.file for packet in issued if packet.unit == "scj")
    (taken,) = run_through(importing.import_packets(unit, [file])).files
    assert taken.result is Result.IMPORTED
    held = planning.current_plan(unit).directory.by_code["scj"]
    assert (held.name, held.former_names) == ("区市场监督管理局", ("区市场监管局",))
    unit.close()
