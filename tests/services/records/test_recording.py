"""Recording in a workspace: what is stored, refused and logged."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import date

import pytest
from msgspec.structs import replace

from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.periods import Period, months_of
from fsdesk.domain.plan.plan import Point, Section
from fsdesk.domain.records.records import (
    DataValue,
    Milestone,
    ProgressReport,
    RecordKey,
    RecordKind,
    Status,
)
from fsdesk.services.plan.planning import current_plan
from fsdesk.services.records import recording
from fsdesk.services.status import gaps, unit_forms
from fsdesk.store import audit
from fsdesk.store.records import records
from tests.plans import SAMPLES, YEAR, small_plan, timed_plan
from tests.workspaces import MARCH, make_office


def stored(workspace):
    with workspace.reading() as session:
        return records.load_records(session)


def test_what_is_typed_is_stored_with_who_and_when(unit):
    saved = recording.record_value(unit, "抽检批次", "2026-03", DataValue(120))
    assert stored(unit) == (saved.record,)
    assert str(saved.record.revision) == f"{unit.author.edits}:1"
    with unit.reading() as session:
        (change,) = audit.history(session, str(saved.record.key))
    assert change.action == "record"
    assert change.before is None
    assert '"value": 120' in change.after
    assert change.at == "2026-04-02T01:00:00+00:00"


def test_the_same_again_is_no_edit(unit):
    for _ in range(2):
        recording.record_value(unit, "I01-1", "2026-03", DataValue(120))
    assert str(stored(unit)[0].revision) == f"{unit.author.edits}:1"
    recording.record_value(unit, "I01-1", "2026-03", DataValue(130))
    assert str(stored(unit)[0].revision) == f"{unit.author.edits}:2"


def test_text_is_stored_tidy(unit):
    report = ProgressReport(Status.UNDER_WAY, " 第一行\r\n第二行\x0b ")
    saved = recording.record_progress(unit, "T01-1", "2026-03", report)
    assert saved.record.content.text == "第一行\n第二行"


def test_too_long_a_text_is_refused(unit):
    with pytest.raises(InputRejectedError, match="过长"):
        recording.record_progress(unit, "T01-1", "2026-03", ProgressReport(text="长" * 30_001))


def test_a_refused_record_changes_nothing(unit):
    recording.record_value(unit, "I01-1", "2026-03", DataValue(120))
    before = stored(unit)
    with pytest.raises(InputRejectedError, match="负数"):
        recording.record_value(unit, "I01-1", "2026-03", DataValue(-1))
    assert stored(unit) == before


def test_several_records_are_all_or_nothing(unit):
    good = RecordKey(RecordKind.VALUE, "I01-1", "scj", "2026-03")
    bad = RecordKey(RecordKind.VALUE, "I01-2", "scj", "2026-03")
    with pytest.raises(InputRejectedError, match="大于"):
        recording.save_all(unit, [(good, DataValue(10)), (bad, DataValue(11))])
    assert stored(unit) == ()


def test_a_unit_records_only_its_own(unit):
    with pytest.raises(InputRejectedError, match="只能填报本单位"):
        recording.record_value(unit, "I01-1", "2026-03", DataValue(1), unit="fgj")


def test_the_office_records_for_others(office):
    recording.record_value(office, "I01-1", "2026-03", DataValue(5), unit="区发改局")
    assert stored(office)[0].key.unit == "fgj"


def test_the_form_shows_this_period_the_last_and_the_year_to_date(unit):
    recording.record_value(unit, "I01-1", "2026-02", DataValue(100))
    recording.record_value(unit, "I01-1", "2026-03", DataValue(20))
    recording.record_progress(unit, "T01-1", "2026-02", ProgressReport(text="二月"))
    recording.record_milestone(
        unit, "D01-1-1", "2026-03", Milestone(Status.DONE, date(2026, 3, 5), "文件")
    )
    form = unit_forms.unit_form(unit, "scj", MARCH)
    sampling, teamwork = form.tasks
    samples = sampling.indicators[0]
    assert (samples.data.value, samples.previous.value, samples.to_date.value) == (20, 100, 120)
    assert sampling.previous.text == "二月"
    assert sampling.deliverables[0].milestone.done_on == date(2026, 3, 5)
    assert (sampling.filled, sampling.expected) == (2, 9)
    assert teamwork.filled == 0
    assert "I01-6" not in {line.indicator.code for line in sampling.indicators}
    assert form.state == "draft"
    assert form.unexported == 2


def test_what_is_missing_is_listed(unit):
    recording.record_value(unit, "I01-1", "2026-03", DataValue(20))
    found = gaps.gaps(unit_forms.unit_form(unit, "scj", MARCH))
    assert ("T01-1", "抽检监测", "未填进展情况") in {(g.task, g.name, g.words) for g in found}
    assert "抽检批次" not in {gap.name for gap in found}


def test_figures_to_date_in_words(unit):
    recording.record_value(unit, "I01-3", "2026-03", DataValue(None, 3, 4))
    recording.record_value(unit, "I01-4", "2026-03", DataValue(not_applicable=True))
    lines = unit_forms.unit_form(unit, "scj", MARCH).tasks[0].indicators
    words = {line.indicator.code: unit_forms.figure_text(line, MARCH) for line in lines}
    assert words["I01-3"] == "3/4"
    assert words["I01-4"] == "无此项"
    assert words["I01-1"] == "未报"


def test_a_level_of_an_earlier_month_says_so_in_the_form(unit):
    recording.record_value(unit, "I01-4", "2026-03", DataValue(None, 3, 4))
    june = Period.parse("2026-06")
    lines = unit_forms.unit_form(unit, "scj", june).tasks[0].indicators
    line = next(line for line in lines if line.indicator.code == "I01-4")
    assert unit_forms.figure_text(line, june) == "3/4（截至3月）"


def test_a_period_outside_the_year_is_refused(unit):
    with pytest.raises(InputRejectedError, match="不在 2026 年度内"):
        recording.record_value(unit, "I01-1", "2025-12", DataValue(1))
    assert current_plan(unit).year == Period.parse("2026-12").year


def test_the_form_judges_the_units_own_part_and_knows_what_was_exported(office, unit, tmp_path):
    from fsdesk.domain.status.lights import Light
    from fsdesk.services.packet import exchange

    def task():
        return unit_forms.unit_form(unit, "scj", MARCH).tasks[0]

    recording.record_value(unit, "I01-4", "2026-03", DataValue(None, 6, 10))
    line = next(line for line in task().indicators if line.indicator.code == "I01-4")
    assert (line.attainment, line.shown.pace, line.light) == (2.0, "25.0%", Light.GREEN)
    # A count that several units bring together has no target of this unit's own.
    assert task().indicators[0].light is Light.GREY
    assert not task().exported
    exchange.export_report(unit, MARCH, tmp_path / "报送包.xlsx")
    assert task().exported
    unit.clock.set("2026-04-02T02:00:00+00:00")
    recording.record_value(unit, "I01-4", "2026-03", DataValue(None, 7, 10))
    assert not task().exported


@pytest.fixture
def timed(tmp_path, clock):
    """The office of a plan with deliverables of every kind."""
    with make_office(tmp_path / "timed", clock, timed_plan()) as workspace:
        yield workspace


def asked_in(workspace, month):
    """Return which deliverables the form of a month still asks for, as its list says it."""
    form = unit_forms.unit_form(workspace, "scj", Period.month(2026, month))
    return {gap.name for gap in gaps.gaps(form) if gap.words == "未选状态"}


def say(workspace, item, month, status):
    recording.record_milestone(workspace, item, f"2026-{month:02}", Milestone(status), "scj")


def test_work_that_goes_on_or_is_done_once_is_said_once(timed):
    assert {"日常巡查", "联席会议"} <= asked_in(timed, 1)
    say(timed, "日常巡查", 1, Status.UNDER_WAY)
    say(timed, "联席会议", 1, Status.NOT_STARTED)

    for month in range(1, 13):
        assert not {"日常巡查", "联席会议"} & asked_in(timed, month)


def test_what_recurs_each_month_is_asked_for_each_month(timed):
    say(timed, "情况通报", 1, Status.DONE)

    assert "情况通报" not in asked_in(timed, 1)
    assert "情况通报" in asked_in(timed, 2)
    say(timed, "情况通报", 2, Status.NOT_STARTED)
    assert "情况通报" not in asked_in(timed, 2)


def test_what_recurs_each_quarter_is_asked_for_until_it_was_done_in_that_quarter(timed):
    say(timed, "风险会商", 1, Status.UNDER_WAY)
    say(timed, "风险会商", 4, Status.DONE)

    asked = [month for month in range(1, 13) if "风险会商" in asked_in(timed, month)]

    assert asked == [2, 3, 7, 8, 9, 10, 11, 12]


def test_what_is_due_twice_a_year_is_asked_for_until_it_was_done_twice(timed):
    say(timed, "应急演练", 3, Status.DONE)
    assert "应急演练" in asked_in(timed, 4)
    say(timed, "应急演练", 9, Status.DONE)

    assert "应急演练" in asked_in(timed, 8)
    assert not any("应急演练" in asked_in(timed, month) for month in range(9, 13))


def test_the_count_of_what_is_filled_in_goes_with_what_is_asked(timed):
    say(timed, "情况通报", 1, Status.DONE)
    say(timed, "日常巡查", 1, Status.UNDER_WAY)
    tasks = {month: unit_forms.unit_form(timed, "scj", Period.month(2026, month)).tasks[1]
             for month in (1, 2)}  # fmt: skip

    assert (tasks[1].filled, tasks[2].filled) == (2, 1)


def calls_of(job):
    """Count the functions that a job calls."""
    counted = Counter()
    sys.setprofile(lambda _frame, event, _what: counted.update([event]))
    try:
        job()
    finally:
        sys.setprofile(None)
    return counted["call"] + counted["c_call"]


def test_ten_times_as_many_records_at_once_take_ten_times_the_work(tmp_path):
    months = months_of(YEAR)[:10]
    named = [replace(SAMPLES, code=f"I01-{n:03}", name=f"指标{n}") for n in range(200)]
    task = replace(small_plan().tasks[0], indicators=tuple(named))
    point = Point(1, "要点", (task,))
    plan = replace(small_plan(), sections=(Section(1, "部分", (point,)),))
    entries = [
        (RecordKey(RecordKind.VALUE, indicator.code, "scj", str(month)), DataValue(7))
        for indicator in named
        for month in months
    ]
    few, many = (
        calls_of(lambda office=office, count=count: recording.save_all(office, entries[:count]))
        for count in (200, 2000)
        for office in [make_office(tmp_path / str(count), plan=plan)]
    )
    assert few > 200
    assert many < 12 * few
