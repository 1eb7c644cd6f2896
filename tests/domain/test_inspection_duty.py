"""包保督导: who is owed a visit, who had one, who is overdue."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fsdesk.domain.inspection_duty import (
    LEVELS,
    Coverage,
    DutyState,
    Subject,
    Visit,
    VisitWindow,
    by_cadre,
    by_level,
    by_street,
    coverage,
    coverage_by_month,
    duty_lines,
    rule_text,
    window_at,
    windows,
)
from fsdesk.domain.settings import Rules

YEAR = VisitWindow(date(2026, 1, 1), date(2026, 12, 31))
RULES = Rules(duty_a=12, duty_b=6, duty_c=3, duty_d=1)
SHOP = Subject("老王面馆", "xx", "C", "西兴", "张三")


def visit(month, day=10, name="老王面馆", found=0, rectified=0):
    return Visit(name, date(2026, month, day), found, rectified)


def covered(subjects, visits, span, rules, left_out=()):
    by_month = coverage_by_month(subjects, visits, 2026, rules, dict(left_out))
    return coverage(by_month, span.first.month, span.last.month)


def until(month):
    return VisitWindow(date(2026, 1, 1), window_at(date(2026, month, 1), 1).last)


def test_a_year_is_cut_into_even_windows():
    assert [w.label for w in windows(2026, 3)] == ["1—3月", "4—6月", "7—9月", "10—12月"]
    assert len(windows(2026, 1)) == 12
    assert windows(2026, 12) == (YEAR,)
    assert window_at(date(2026, 8, 31), 6).last == date(2026, 12, 31)


def test_a_subject_counts_once_a_window_however_often_it_was_visited():
    visits = [visit(1), visit(2), visit(3), visit(7)]
    assert covered([SHOP], visits, until(3), RULES) == {"xx": Coverage(1, 1)}
    assert covered([SHOP], visits, until(9), RULES) == {"xx": Coverage(3, 2)}


def test_a_window_that_has_not_ended_is_not_held_against_anybody():
    assert covered([SHOP], [], until(2), RULES) == {}
    assert covered([SHOP], [], until(5), RULES) == {"xx": Coverage(1, 0)}


def test_a_visit_in_a_month_that_is_left_out_does_not_count_for_the_unit_that_owes_it():
    other = Subject("乙", "yy", "C")
    visits = [visit(2), visit(2, name="乙")]
    found = covered([SHOP, other], visits, until(3), RULES, {"xx": frozenset({2})})
    assert found == {"xx": Coverage(1, 0), "yy": Coverage(1, 1)}


def test_a_window_that_is_left_out_as_a_whole_is_not_held_against_the_unit():
    visits = [visit(2), visit(5)]
    found = covered([SHOP], visits, until(6), RULES, {"xx": frozenset({1, 2, 3})})
    assert found == {"xx": Coverage(1, 1)}


def test_each_level_has_a_frequency_of_its_own():
    subjects = [Subject(level, "xx", level) for level in LEVELS]
    assert covered(subjects, [], YEAR, RULES) == {"xx": Coverage(1 + 2 + 4 + 12, 0)}
    assert "A级（市级）每年一次" in rule_text(RULES)


@pytest.mark.parametrize(
    ("subject", "owed"),
    [
        (Subject("甲", "xx", "C", open=False), 0),  # closed, nobody knows since when
        (Subject("甲", "xx", "C", open=False, until=date(2026, 8, 1)), 2),  # open in two quarters
        (Subject("甲", "xx", "C", since=date(2026, 4, 2)), 3),
        (Subject("甲", "xx", ""), 0),  # not graded: nobody's duty yet
    ],
)
def test_closed_businesses_are_left_out_from_the_window_in_which_they_closed(subject, owed):
    found = covered([subject], [], YEAR, RULES)
    assert found.get("xx", Coverage()).owed == owed


def test_names_are_matched_whatever_their_forms_of_writing():
    subject = Subject("老王面馆(西兴店)", "xx", "C")
    found = covered([subject], [visit(2, name="老王面馆（西兴店）")], until(3), RULES)
    assert found == {"xx": Coverage(1, 1)}


@pytest.mark.parametrize(
    ("visits", "today", "state"),
    [
        ([visit(5)], date(2026, 6, 1), DutyState.DONE),
        ([visit(2)], date(2026, 6, 1), DutyState.DUE),
        ([], date(2026, 6, 1), DutyState.OVERDUE),  # the first quarter was missed
        ([visit(2)], date(2026, 7, 1), DutyState.OVERDUE),  # the second one is over
    ],
)
def test_who_is_done_due_and_overdue(visits, today, state):
    (line,) = duty_lines([SHOP], visits, date(2026, 6, 30), today, RULES)
    assert line.state is state
    assert line.reason


def test_visits_after_the_period_do_not_count_in_it():
    (line,) = duty_lines([SHOP], [visit(2), visit(6)], date(2026, 5, 31), date(2026, 9, 1), RULES)
    assert line.state is DutyState.DUE
    assert line.last_visit == date(2026, 2, 10)


def test_problems_add_up_over_the_year_and_groups_over_their_lines():
    subjects = [SHOP, Subject("乙", "xx", "D", "长河")]
    visits = [visit(2, found=3, rectified=1), visit(5, found=1, rectified=1)]
    lines = duty_lines(subjects, visits, date(2026, 5, 31), date(2026, 5, 20), RULES)
    line = next(line for line in lines if line.subject is SHOP)
    assert (line.found, line.rectified, line.open_problems) == (4, 2, 2)
    levels, streets = by_level(lines), by_street(lines)
    assert [group.name for group in levels] == ["C级（街道）", "D级（村社）", "合计"]
    assert levels[0].share == 1
    assert [group.name for group in streets] == ["长河", "西兴", "合计"]
    assert levels[-1] == streets[-1]
    assert levels[-1].cured == 0.5


SUBJECTS = st.lists(
    st.builds(
        Subject,
        name=st.sampled_from("甲乙丙丁戊"),
        unit=st.sampled_from(["a", "b"]),
        level=st.sampled_from(["A", "B", "C", "D", ""]),
        street=st.sampled_from(["东", "西", ""]),
        open=st.booleans(),
        since=st.none() | st.dates(date(2025, 1, 1), date(2026, 12, 31)),
        until=st.none() | st.dates(date(2025, 1, 1), date(2027, 12, 31)),
    ),
    max_size=8,
)
VISITS = st.lists(
    st.builds(
        Visit,
        name=st.sampled_from("甲乙丙丁戊己"),
        day=st.dates(date(2025, 6, 1), date(2027, 6, 1)),
    ),
    max_size=20,
)


@given(SUBJECTS, VISITS, st.integers(1, 12))
def test_what_is_made_never_exceeds_what_is_owed_and_periods_add_up(subjects, visits, month):
    total = covered(subjects, visits, until(month), RULES)
    assert all(0 <= each.made <= each.owed for each in total.values())
    months = [
        covered(subjects, visits, window_at(date(2026, m, 1), 1), RULES)
        for m in range(1, month + 1)
    ]
    for unit in ("a", "b"):
        single = [found.get(unit, Coverage()) for found in months]
        whole = total.get(unit, Coverage())
        assert sum(each.owed for each in single) == whole.owed
        assert sum(each.made for each in single) == whole.made


@given(SUBJECTS, VISITS, VISITS)
def test_one_more_visit_never_lowers_the_figure(subjects, visits, more):
    before = covered(subjects, visits, YEAR, RULES)
    after = covered(subjects, [*visits, *more], YEAR, RULES)
    assert all(after[unit].owed == each.owed for unit, each in before.items())
    assert all(after[unit].made >= each.made for unit, each in before.items())


@given(SUBJECTS, VISITS)
def test_groups_hold_every_line_once(subjects, visits):
    lines = duty_lines(subjects, visits, date(2026, 9, 30), date(2026, 10, 8), RULES)
    for groups in (by_level(lines), by_street(lines), by_cadre(lines)):
        *parts, whole = groups
        assert sum(group.owed for group in parts) == whole.owed == len(lines)
        assert sum(group.done for group in parts) == whole.done
