"""Two judgements of one month side by side: what a reader would find changed."""

from __future__ import annotations

from msgspec.structs import replace

from fsdesk.domain.periods import Period
from fsdesk.domain.plan.edits import put_indicator, set_shares, set_task
from fsdesk.domain.plan.indicators import TargetShare
from fsdesk.domain.records.records import DataValue, Record, RecordKey, RecordKind
from fsdesk.domain.settings import Rules
from fsdesk.domain.status.comparison import ABSENT, Judged, compare_status
from tests.plans import SAMPLES, small_plan
from tests.years import year_status

JUNE = Period.parse("2026-06")


def reported(unit, number):
    return Record(RecordKey(RecordKind.VALUE, "I01-1", unit, "2026-06"), DataValue(number))


def judged(plan, *records):
    return year_status(plan, records, {"scj": True}, JUNE, Rules())


def change(changes, what, code):
    return next(c for c in changes if (c.what, c.code) == (what, code))


def test_a_judgement_does_not_differ_from_itself():
    plan = small_plan()
    assert compare_status(judged(plan), judged(plan)) == ()


def test_a_figure_that_was_corrected_shows_wherever_it_counts():
    plan = small_plan()
    changes = compare_status(judged(plan, reported("scj", 300)), judged(plan, reported("scj", 600)))
    figure = change(changes, Judged.INDICATOR, "I01-1")
    assert figure.before == "■ 滞后，300批次，目标≥1200批次，完成25.0%，序时50.0%"
    assert figure.after == "● 正常，600批次，目标≥1200批次，完成50.0%，序时50.0%"
    assert str(change(changes, Judged.PART, "I01-1")).startswith(
        "单位指标 抽检批次（区市场监管局）："
    )
    assert change(changes, Judged.TASK, "T01-1").name == "抽检监测"
    assert change(changes, Judged.UNIT, "scj").name == "区市场监管局"
    assert change(changes, Judged.YEAR, "progress").name == "总进度"


def test_another_target_changes_figures_and_other_words_change_none():
    plan, record = small_plan(), reported("scj", 600)
    raised = put_indicator(plan, "T01-1", replace(SAMPLES, target=2400))
    changes = compare_status(judged(plan, record), judged(raised, record))
    assert "■ 滞后" in change(changes, Judged.INDICATOR, "I01-1").after
    reworded = set_task(plan, "T01-1", "监督抽检", "另一种说法。")
    assert compare_status(judged(plan, record), judged(reworded, record)) == ()


def test_a_share_changes_the_unit_alone():
    plan, record = small_plan(), reported("scj", 600)
    shares = (TargetShare("scj", 600), TargetShare("fgj", 600))
    changes = compare_status(
        judged(plan, record), judged(set_shares(plan, "I01-1", shares), record)
    )
    assert {c.what for c in changes} == {Judged.PART, Judged.UNIT}
    assert changes[0].unit == "scj"


def test_what_only_one_of_the_two_holds_is_told_against_nothing():
    plan, record = small_plan(), reported("scj", 600)
    fewer = replace(plan, sections=())
    gone = compare_status(judged(plan, record), judged(fewer, record))
    assert change(gone, Judged.INDICATOR, "I01-1").after == ABSENT
    come = compare_status(judged(fewer, record), judged(plan, record))
    assert change(come, Judged.TASK, "T01-2").before == ABSENT
