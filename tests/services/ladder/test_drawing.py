"""从本级汇总取数: a district fills the city's month from its own aggregate, offline."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.ladder.drawing import Basis, DrawState
from fsdesk.domain.periods import Period
from fsdesk.domain.plan.edits import put_deliverable, set_task
from fsdesk.domain.plan.plan import Cycle, DeliverableKind
from fsdesk.domain.records.records import (
    DataValue,
    Milestone,
    ProgressReport,
    RecordKey,
    RecordKind,
    Status,
)
from fsdesk.domain.records.submissions import SubmissionState
from fsdesk.services.care import maintenance
from fsdesk.services.ladder import drawing
from fsdesk.services.packet import exchange
from fsdesk.services.plan import plan_editing
from fsdesk.services.records import recording
from fsdesk.services.status import aggregation, gaps, published, unit_forms
from tests.levels import make_levels
from tests.workspaces import MARCH, note_sent

SAMPLES = RecordKey(RecordKind.VALUE, "I07-1", "bjq", "2026-03")


def line(workspace, item, period=MARCH, basis=Basis.PUBLISHED):
    desk = drawing.draw_desk(workspace, period, basis)
    return next(each for each in desk.lines if each.key.item == item)


def own_value(levels, value, unit="scj", item="I01-1", period="2026-03"):
    recording.record_value(levels.own, item, period, DataValue(value), unit)


@pytest.fixture
def filled(levels):
    own_value(levels, 30.0, period="2026-02")
    own_value(levels, 40.0)
    recording.record_value(levels.own, "I01-3", "2026-03", DataValue(None, 3, 4), "scj")
    return levels


def test_figures_are_filled_with_where_they_come_from_and_what_was_not_reported_stays_so(filled):
    told = drawing.draw(filled.upper, MARCH)
    assert (told.filled, told.kept, told.unreported, told.unmatched) == (2, 0, 4, 2)
    samples = line(filled.upper, "I07-1")
    assert samples.present == DataValue(40.0)  # of March alone
    assert samples.state is DrawState.SAME
    assert samples.drawn.origin.startswith("I01-1，1/2 个单位已报，未报：区发改局(农业农村局)")
    assert line(filled.upper, "I07-2").present == DataValue(None, 3, 4)
    sites = line(filled.upper, "I07-3")
    assert (sites.present, sites.state) == (DataValue(), DrawState.UNREPORTED)
    assert line(filled.upper, "I07-4").state is DrawState.UNMATCHED
    again = drawing.draw(filled.upper, MARCH)
    assert (again.filled, again.kept) == (0, 0)
    assert maintenance.verify(filled.upper) == ()


def test_what_was_typed_before_stays_and_the_computed_figure_stands_beside_it(filled):
    recording.record_value(filled.upper, "I07-1", "2026-03", DataValue(50.0, note="补录"))
    told = drawing.draw(filled.upper, MARCH)
    assert (told.filled, told.kept) == (1, 1)
    samples = line(filled.upper, "I07-1")
    assert samples.present.value == 50.0
    assert samples.drawn.content == DataValue(40.0)
    assert samples.state is DrawState.BY_HAND
    drawing.draw(filled.upper, MARCH, keys={SAMPLES}, again=True)
    assert line(filled.upper, "I07-1").present == DataValue(40.0)


def test_a_figure_changed_by_hand_goes_up_with_a_reason_alone(filled, tmp_path):
    drawing.draw(filled.upper, MARCH)
    recording.record_value(filled.upper, "I07-1", "2026-03", DataValue(42.0))
    form = unit_forms.unit_form(filled.upper, "bjq", MARCH)
    (wrong,) = [gap for gap in gaps.gaps(form) if gap.concern is gaps.Concern.WRONG]
    assert wrong.words == "本级汇总 40，1/2 个单位已报；已手工更改，请在备注中写明原因"
    with pytest.raises(InputRejectedError, match="请在备注中写明原因"):
        exchange.export_report(filled.upper, MARCH, tmp_path / "3.xlsx")
    recording.record_value(
        filled.upper, "I07-1", "2026-03", DataValue(42.0, note="含区级直接抽检2批")
    )
    assert exchange.export_report(filled.upper, MARCH, tmp_path / "3.xlsx").file.exists()


def test_a_correction_below_shows_as_different_from_what_was_sent_and_is_taken_over_at_once(
    filled,
):
    upper = filled.upper
    drawing.draw(upper, MARCH)
    assert drawing.differences(upper) == ()
    note_sent(upper, "bjq", "2026-03")
    own_value(filled, 43.0)
    (found,) = drawing.differences(upper)
    assert (found.period, found.text) == (MARCH, "I07-1 食品抽检批次：40，现为 43")
    assert line(upper, "I07-1").state is DrawState.DIFFERS
    told = drawing.correct(upper, MARCH)
    assert told.filled == 1
    assert line(upper, "I07-1").present == DataValue(43.0)
    assert drawing.differences(upper) == ()


def test_before_it_is_sent_a_correction_is_only_another_figure(filled):
    drawing.draw(filled.upper, MARCH)
    own_value(filled, 43.0)
    assert line(filled.upper, "I07-1").state is DrawState.OUTDATED
    assert drawing.differences(filled.upper) == ()
    drawing.draw(filled.upper, MARCH)
    assert line(filled.upper, "I07-1").present == DataValue(43.0)


def test_what_is_gone_below_is_emptied_by_a_correction_and_never_zero(filled):
    drawing.draw(filled.upper, MARCH)
    note_sent(filled.upper, "bjq", "2026-03")
    recording.save(filled.own, RecordKey(RecordKind.VALUE, "I01-1", "scj", "2026-03"), DataValue())
    assert drawing.differences(filled.upper)[0].text.endswith("40，现为 未报")
    drawing.correct(filled.upper, MARCH)
    assert line(filled.upper, "I07-1").present == DataValue()


def test_an_accepted_report_is_not_changed_and_that_is_told(filled):
    drawing.draw(filled.upper, MARCH)
    note_sent(filled.upper, "bjq", "2026-03", state=SubmissionState.ACCEPTED)
    own_value(filled, 43.0)
    (found,) = drawing.differences(filled.upper)
    assert found.locked
    with pytest.raises(InputRejectedError, match="已接收锁定"):
        drawing.correct(filled.upper, MARCH)


def test_a_published_month_climbs_as_it_was_published(filled):
    published.publish(filled.own, MARCH, "工作通报第3期")
    own_value(filled, 43.0)
    drawing.draw(filled.upper, MARCH)
    samples = line(filled.upper, "I07-1")
    assert samples.present == DataValue(40.0)
    assert "随工作通报第3期发布" in samples.drawn.origin
    assert "最新数据为 43" in samples.drawn.origin
    # It was so when it was taken over; what is corrected later is told.
    note_sent(filled.upper, "bjq", "2026-03")
    assert drawing.differences(filled.upper) == ()
    own_value(filled, 44.0)
    assert drawing.differences(filled.upper)[0].text == (
        "I07-1 食品抽检批次：40（当时汇总 43），现为 44"
    )


def test_published_figures_of_a_period_are_its_own_and_not_those_since_january(filled):
    published.publish(filled.own, Period.parse("2026-02"))
    own_value(filled, 31.0, period="2026-02")  # corrected before March is published
    published.publish(filled.own, MARCH)
    found = [
        line(filled.upper, "I07-1", Period.parse(f"2026-0{n}")).now.content.value for n in (2, 3)
    ]
    assert found == [30.0, 40.0]
    latest = line(filled.upper, "I07-1", Period.parse("2026-02"), Basis.LATEST)
    assert latest.now.content.value == 31.0


def test_what_no_publication_keeps_is_not_called_published(filled):
    own, upper = filled.own, filled.upper
    recording.record_progress(
        own, "T01-1", "2026-03", ProgressReport(Status.UNDER_WAY, "抽检"), "scj"
    )
    note_sent(own, "scj", "2026-03", state=SubmissionState.ACCEPTED)
    published.publish(own, MARCH, "工作通报第3期")
    origins = {item: line(upper, item).now.origin for item in ("I07-1", "T07-1", "D07-1-1")}
    assert "随工作通报第3期发布" in origins["I07-1"]
    assert "随工作通报第3期发布" in origins["D07-1-1"]
    assert "发布" not in origins["T07-1"]
    assert "4月2日最新数据" in origins["T07-1"]


def test_of_what_recurs_the_periods_own_state_climbs_and_is_of_the_latest_data(filled):
    own, upper = filled.own, filled.upper

    def monthly(plan, _):
        thing = plan.deliverables_by_code["D01-1-1"]
        how = {"due": None, "kind": DeliverableKind.RECURRING, "times": 1, "cycle": Cycle.MONTH}
        return put_deliverable(plan, "T01-1", replace(thing, **how))

    plan_editing.edit_plan(own, monthly)
    for month in ("2026-02", "2026-03"):
        recording.record_milestone(own, "D01-1-1", month, Milestone(Status.DONE), "scj")
    published.publish(own, MARCH, "工作通报第3期")
    recording.record_milestone(own, "D01-1-1", "2026-03", Milestone(Status.UNDER_WAY), "scj")
    now = line(upper, "D07-1-1").now
    assert now.content.status is Status.UNDER_WAY
    assert "发布" not in now.origin


def test_a_quarter_says_how_many_units_reported_some_of_its_months_alone(filled):
    quarter = line(filled.upper, "I07-1", Period.parse("2026-Q1")).now
    assert quarter.content == DataValue(70.0)
    assert "其中 1 个单位只报了部分月份" in quarter.origin
    own_value(filled, 5.0, period="2026-01")
    assert "部分月份" not in line(filled.upper, "I07-1", Period.parse("2026-Q1")).now.origin


def test_figures_published_by_a_program_that_kept_no_parts_are_taken_from_the_latest(
    filled, monkeypatch
):
    with monkeypatch.context() as patch:
        now = published._figures_now
        patch.setattr(published, "_figures_now", lambda *each: replace(now(*each), parts=None))
        published.publish(filled.own, MARCH)
    desk = drawing.draw_desk(filled.upper, MARCH)
    assert desk.basis is Basis.LATEST
    assert "按最新数据取" in desk.note


def test_milestones_and_words_climb_as_they_stand_below(filled):
    own, upper = filled.own, filled.upper
    done = Milestone(Status.DONE, date(2026, 3, 5))
    recording.record_milestone(own, "D01-1-1", "2026-03", done, "scj")
    for unit, text in (("scj", "抽检40批"), ("fgj", "巡查")):
        report = ProgressReport(Status.UNDER_WAY, text)
        recording.record_progress(own, "T01-1", "2026-03", report, unit)
    note_sent(own, "scj", "2026-03", state=SubmissionState.ACCEPTED)
    note_sent(own, "fgj", "2026-03")  # came, and nobody has accepted it
    drawing.draw(upper, MARCH)
    thing = line(upper, "D07-1-1").present
    assert (thing.status, thing.evidence) == (Status.UNDER_WAY, "本区 1/2 个单位已完成")
    words = line(upper, "T07-1")
    assert words.present.text == "区市场监管局：抽检40批"
    assert "另有 1 个单位的报送尚未接收" in words.drawn.origin
    # A draft is made to be changed, and is not put back.
    changed = replace(words.present, text="全区抽检40批")
    recording.record_progress(upper, "T07-1", "2026-03", changed)
    drawing.draw(upper, MARCH)
    assert line(upper, "T07-1").present.text == "全区抽检40批"


def test_a_thing_is_done_on_the_day_on_which_the_last_unit_said_so(filled):
    for unit, month, day in (("scj", "01", 9), ("scj", "02", 12), ("fgj", "02", 3)):
        done = Milestone(Status.DONE, date(2026, int(month), day))
        recording.record_milestone(filled.own, "D01-1-1", f"2026-{month}", done, unit)
    thing = line(filled.upper, "D07-1-1").now.content
    assert (thing.status, thing.done_on) == (Status.DONE, date(2026, 2, 12))


def test_what_a_rule_refuses_is_told_and_the_rest_is_filled(filled):
    recording.record_value(filled.upper, "I07-1", "2026-Q1", DataValue(1.0))
    told = drawing.draw(filled.upper, MARCH)
    assert told.filled == 1
    assert "重叠" in str(told.refused[0])


def test_an_item_that_the_own_plan_only_had_later_is_not_reported_and_says_so(filled):
    plan_editing.edit_plan(filled.own, lambda plan, _: set_task(plan, "T01-1", "抽检", "抽检。"))
    assert line(filled.upper, "T07-1").state is DrawState.UNMATCHED  # renamed: to be looked at
    assert line(filled.upper, "I07-1").state is DrawState.READY


def test_the_sum_over_the_months_is_what_stands_below(levels):
    for month, value in enumerate((5.0, 7.0, 9.0), start=1):
        for unit in ("scj", "fgj"):
            own_value(levels, value, unit, period=f"2026-0{month}")
        drawing.draw(levels.upper, Period.month(2026, month))
    above = unit_forms.unit_form(levels.upper, "bjq", MARCH)
    (samples, *_) = above.tasks[0].indicators
    below = aggregation.status(levels.own, MARCH).indicators[0]
    assert samples.to_date.value == below.figure.value == 42.0


def test_both_levels_may_be_open_for_writing_and_reading_takes_no_lock(tmp_path):
    made = make_levels(tmp_path / "levels")
    with made.city, made.upper as upper, made.own as own:
        made.link()
        assert own.is_held
        assert drawing.draw_desk(upper, MARCH).lines
