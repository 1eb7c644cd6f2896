"""评议考核: points by rules that are data, each line open to its sources."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from fsdesk.documents.assessment_file import load_builtin_scheme, load_scheme
from fsdesk.domain.assessment import (
    Adjustment,
    Criterion,
    CriterionMeasure,
    Grade,
    LineSource,
    Scheme,
    UnitFacts,
    checked_adjustment,
    checked_scheme,
    grade_of,
    ranking,
    scheme_from_dict,
    scheme_to_dict,
    score,
)
from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.plain import from_plain, to_plain

SCHEME = load_builtin_scheme()
DAY = date(2026, 5, 1)


def source(share, name="指标"):
    return LineSource(name, "", share)


def facts(**found):
    return UnitFacts(
        "a", "甲局", {CriterionMeasure[name]: tuple(sources) for name, sources in found.items()}
    )


def full(**more):
    """Give a unit that has reached everything, but for what is said otherwise."""
    shares = {name: [source(1.0)] for name in ("TARGETS", "THINGS", "REPORTED", "IN_TIME")}
    return facts(**(shares | more))


def lines(sheet):
    return {line.title: line for line in sheet.lines}


def given_points(points, reason="表扬", unit="a"):
    return Adjustment("1", unit, points, reason, DAY)


def test_who_reaches_everything_has_a_hundred_points():
    sheet = score(full(), SCHEME, [])
    assert (sheet.total, sheet.grade) == (100, "优秀")


def test_a_share_gives_its_part_of_the_full_marks_and_says_how():
    sheet = score(full(TARGETS=[source(1.0), source(0.5)]), SCHEME, [])
    line = lines(sheet)["指标完成"]
    assert (line.value, line.points, line.full) == ("75.00%", 37.5, 50)
    assert line.formula == "50 分 × 75.00%"
    assert len(line.sources) == 2
    assert sheet.total == 87.5


def test_what_was_not_reported_counts_as_nothing_or_is_left_out_as_the_rules_say():
    some = full(TARGETS=[source(1.0), source(None)])
    strict = lines(score(some, SCHEME, []))["指标完成"]
    assert (strict.points, strict.formula) == (25, "50 分 × 50.00%（2 项中 1 项未报，按 0 计）")
    mild = lines(score(some, replace(SCHEME, count_missing=False), []))["指标完成"]
    assert (mild.points, mild.formula) == (50, "50 分 × 100.00%（2 项中 1 项未报，不计入）")


def test_a_unit_without_indicators_is_scored_by_the_rest():
    sheet = score(full(TARGETS=[], REPORTED=[source(1.0), source(0.0)]), SCHEME, [])
    assert lines(sheet)["指标完成"].value == "不适用"
    spread = lines(sheet)["不适用项折算"]
    # 25 + 7.5 + 10 of 50 become 85 of 100.
    assert spread.points == 42.5
    assert sheet.total == 85


def test_letters_take_points_off_up_to_their_limit():
    letters = [LineSource(f"提醒〔2026〕{n}号", "已发") for n in range(1, 8)]
    line = lines(score(full(REMINDER=letters[:2]), SCHEME, []))["提醒敦促函"]
    assert (line.points, line.formula) == (-2, "每次扣 1 分 × 2 次")
    line = lines(score(full(REMINDER=letters), SCHEME, []))["提醒敦促函"]
    assert (line.points, line.formula) == (-5, "每次扣 1 分 × 7 次，最多扣 5 分")
    assert [s.name for s in line.sources] == [letter.name for letter in letters]


def test_points_by_hand_are_limited_and_keep_their_reasons():
    sheet = score(
        full(),
        SCHEME,
        [
            given_points(4),
            given_points(3, "经验推广"),
            given_points(-12, "瞒报"),
            given_points(9, unit="b"),
        ],
    )
    found = lines(sheet)
    assert (found["加分"].points, found["扣分"].points) == (5, -10)
    assert "最多加分 5 分" in found["加分"].formula
    assert "经验推广" in found["加分"].sources[1].name
    assert sheet.total == 95


def test_a_total_is_never_below_nothing_and_equal_totals_share_a_place():
    poor = score(facts(LISTED=[source(None)] * 9, TARGETS=[source(0.0)]), SCHEME, [])
    assert (poor.total, poor.grade) == (0, "不合格")
    best, other = score(full(), SCHEME, []), replace(score(full(), SCHEME, []), name="乙局")
    assert [sheet.rank for sheet in ranking([poor, best, other])] == [1, 1, 3]


@pytest.mark.parametrize(
    ("total", "grade"), [(90, "优秀"), (89.99, "良好"), (60, "合格"), (59.99, "不合格")]
)
def test_grades_begin_at_their_points(total, grade):
    assert grade_of(total, SCHEME) == grade


@pytest.mark.parametrize(
    ("scheme", "what"),
    [
        (replace(SCHEME, criteria=SCHEME.criteria[1:]), "合计为 50 分，应为 100 分"),
        (replace(SCHEME, most_added=-1), "0 到 100"),
        (replace(SCHEME, grades=(Grade("差", 0), Grade("好", 90))), "由高到低"),
        (replace(SCHEME, grades=(Grade("好", 90),)), "最后一档为 0"),
    ],
)
def test_rules_that_cannot_be_scored_by_are_refused(scheme, what):
    with pytest.raises(InputRejectedError, match=what):
        checked_scheme(scheme)


@pytest.mark.parametrize("adjustment", [given_points(1, " "), given_points(0)])
def test_points_need_a_reason_and_a_number(adjustment):
    with pytest.raises(InputRejectedError):
        checked_adjustment(adjustment)


def test_a_file_of_rules_says_its_faults_by_line(tmp_path):
    file = tmp_path / "rules.yaml"
    file.write_text(
        "criteria:\n  - {code: a, title: 甲, measure: guess, points: 100}\n"
        "grades: [{name: 好, least: 0}]\nmost_added: 5\nmost_taken: 5\n",
        encoding="utf-8",
    )
    with pytest.raises(InputRejectedError, match="guess") as caught:
        load_scheme(file)
    assert caught.value.findings[0].place.line == 2


SOURCES = st.lists(st.builds(source, st.none() | st.floats(0, 1, allow_nan=False)), max_size=5)
FACTS = st.builds(
    lambda shares, counts: facts(
        **dict(zip(("TARGETS", "THINGS", "REPORTED", "IN_TIME"), shares, strict=True)),
        **dict(zip(("OVERDUE", "REMINDER", "LISTED"), counts, strict=True)),
    ),
    st.tuples(SOURCES, SOURCES, SOURCES, SOURCES),
    st.tuples(SOURCES, SOURCES, SOURCES),
)
POINTS = st.lists(st.builds(given_points, st.floats(-20, 20).filter(lambda n: n != 0)), max_size=4)
SCHEMES = st.builds(lambda strict: replace(SCHEME, count_missing=strict), st.booleans())


@given(FACTS, SCHEMES, POINTS)
def test_a_total_is_the_sum_of_its_lines_and_lies_within_bounds(found, scheme, points):
    sheet = score(found, scheme, points)
    total = sum(line.points for line in sheet.lines)
    assert sheet.total == pytest.approx(max(total, 0), abs=0.006)
    assert 0 <= sheet.total <= 105.03  # hundredths of the single lines are rounded
    for line in sheet.lines:
        assert line.full is None or 0 <= line.points <= line.full + 0.01


@given(FACTS, SCHEMES)
def test_one_more_letter_never_helps_and_praise_never_harms(found, scheme):
    plain = score(found, scheme, []).total
    reminders = (*found.sources[CriterionMeasure.REMINDER], LineSource("提醒", ""))
    worse = replace(found, sources={**found.sources, CriterionMeasure.REMINDER: reminders})
    assert score(worse, scheme, []).total <= plain
    assert score(found, scheme, [given_points(1)]).total >= plain


@given(st.lists(FACTS, max_size=6))
def test_places_follow_totals(units):
    sheets = ranking(
        score(replace(found, unit=str(n), name=f"单位{n}"), SCHEME, [])
        for n, found in enumerate(units)
    )
    for one, other in pairwise(sheets):
        assert one.total >= other.total
        assert (one.rank == other.rank) == (one.total == other.total)
    assert all(sheet.rank == 1 + sum(o.total > sheet.total for o in sheets) for sheet in sheets)


@given(
    st.builds(
        Scheme,
        st.lists(
            st.builds(
                Criterion,
                st.text(),
                st.text(),
                st.sampled_from(CriterionMeasure),
                st.floats(0, 100),
            ),
            max_size=4,
        ).map(tuple),
        st.lists(st.builds(Grade, st.text(), st.floats(0, 100)), max_size=4).map(tuple),
    ),
    st.builds(Adjustment, st.text(), st.text(), st.floats(-9, 9), st.text(), st.dates()),
)
def test_rules_and_points_come_back_as_they_were_kept(scheme, adjustment):
    assert scheme_from_dict(scheme_to_dict(scheme)) == scheme
    assert from_plain(Adjustment, to_plain(adjustment)) == adjustment
