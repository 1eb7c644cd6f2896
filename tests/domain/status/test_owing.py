"""Since when reports are asked for, which a unit owes, and on which period it works."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from fsdesk.domain.periods import Period, months_of
from fsdesk.domain.plan.plan import FormerPlan
from fsdesk.domain.records.submissions import RECEIVED, SubmissionState
from fsdesk.domain.settings import Rules
from fsdesk.domain.status.owing import (
    OwedReport,
    opening_period,
    overdue,
    owed_before,
    plan_since,
    still_owed,
)
from fsdesk.domain.status.reports import CameReport, owed_by, owed_in_year
from tests.plans import small_plan

PLAN = small_plan()
ALL_YEAR = date(2026, 1, 1)
SENT, RETURNED = SubmissionState.SUBMITTED, SubmissionState.RETURNED
THIRD_OF_DECEMBER = date(2026, 12, 3)


def period(text):
    return Period.parse(text)


def sent(*months):
    return came({f"2026-{month:02}": SENT for month in months})


def came(states):
    """What came from either unit, by how it stands."""
    return {
        (unit, period(text)): CameReport(state, on_time=True)
        for unit in ("scj", "xx")
        for text, state in states.items()
    }


def by_quarter(plan=PLAN):
    units = [replace(u, quarterly=u.code == "scj") for u in plan.directory.units]
    return replace(plan, directory=replace(plan.directory, units=tuple(units)))


def joined_in(month):
    """The plan of a unit that had no tasks before a month."""
    groups = [replace(g, members=("ban", "fgj")) for g in PLAN.directory.groups]
    former = replace(PLAN, directory=replace(PLAN.directory, groups=tuple(groups)))
    if month == 1:
        return PLAN
    return replace(PLAN, former=(FormerPlan(period(f"2026-{month - 1:02}").last_day, former),))


def owed(plan, unit, reports, today=THIRD_OF_DECEMBER):
    return [str(report.period) for report in overdue(plan, unit, reports, ALL_YEAR, today)]


def test_on_the_third_of_december_november_is_owed_and_worked_on():
    reports = sent(*range(1, 11))
    assert owed(PLAN, "scj", reports) == ["2026-11"]
    assert opening_period(PLAN, "scj", reports, ALL_YEAR, THIRD_OF_DECEMBER) == period("2026-11")
    december = period("2026-12")
    before = owed_before(PLAN, "scj", december, reports, ALL_YEAR, THIRD_OF_DECEMBER)
    assert before == OwedReport(period("2026-11"))
    assert before.words == "11月的报送包还没有导出"
    reports |= sent(11)
    assert opening_period(PLAN, "scj", reports, ALL_YEAR, THIRD_OF_DECEMBER) == december
    assert owed_before(PLAN, "scj", december, reports, ALL_YEAR, THIRD_OF_DECEMBER) is None


def test_the_oldest_of_several_months_comes_first():
    reports = sent(1, 2, 4, 5)
    assert opening_period(PLAN, "scj", reports, ALL_YEAR, date(2026, 7, 1)) == period("2026-03")
    assert owed(PLAN, "scj", reports, date(2026, 7, 1)) == ["2026-03", "2026-06"]


def test_a_returned_report_is_owed_again_and_a_reopened_one_is_not():
    reports = sent(*range(1, 11)) | came({"2026-06": RETURNED, "2026-11": SubmissionState.REOPENED})
    (report,) = overdue(PLAN, "scj", reports, ALL_YEAR, THIRD_OF_DECEMBER)
    assert report == OwedReport(period("2026-06"), returned=True)
    assert "已退回" in report.words


def test_a_quarters_report_covers_its_months_and_all_months_cover_a_quarter():
    assert owed(PLAN, "scj", came({"2026-Q1": SENT}), date(2026, 5, 2)) == ["2026-04"]
    assert owed(by_quarter(), "scj", sent(1, 2, 3), date(2026, 7, 2)) == ["2026-Q2"]


def test_a_unit_that_reports_quarters_owes_none_before_its_quarter_is_over():
    plan, reports = by_quarter(), came({"2026-Q1": SENT})
    assert opening_period(plan, "scj", {}, ALL_YEAR, date(2026, 4, 1)) == period("2026-Q1")
    assert owed(plan, "scj", reports, date(2026, 6, 30)) == []
    assert opening_period(plan, "scj", reports, ALL_YEAR, date(2026, 6, 30)) == period("2026-Q2")
    assert owed(plan, "scj", reports, date(2026, 7, 1)) == ["2026-Q2"]


def test_a_month_in_which_the_unit_had_no_task_is_not_owed():
    assert owed(joined_in(9), "xx", {}) == ["2026-09", "2026-10", "2026-11"]


def test_the_office_owes_no_report_to_itself():
    assert owed(PLAN, "ban", {}) == []


def test_a_report_that_would_cover_what_is_owed_is_not_too_early():
    reports = sent(*range(1, 11))
    assert owed_before(PLAN, "scj", period("2026-Q4"), reports, ALL_YEAR, THIRD_OF_DECEMBER) is None


def test_what_one_unit_owes_is_what_the_office_expects_of_it():
    for plan in (PLAN, by_quarter(), by_quarter(joined_in(5))):
        for unit in ("ban", "scj", "fgj", "xx"):
            expected = tuple(due for whose, due in owed_in_year(plan, ALL_YEAR) if whose == unit)
            assert owed_by(plan, unit, ALL_YEAR) == expected


STATES = st.dictionaries(
    st.sampled_from([*map(str, months_of(2026)), *(f"2026-Q{n}" for n in range(1, 5))]),
    st.sampled_from(list(SubmissionState)),
)


@given(
    STATES,
    st.dates(date(2025, 11, 1), date(2027, 2, 28)),
    st.integers(1, 12),
    st.booleans(),
)
def test_a_unit_opens_on_the_oldest_month_it_owes_else_on_the_running_one(
    states, today, joined, quarterly
):
    """A plain count of months beside: whether each has ended, was asked for and has come."""
    plan = joined_in(joined)
    plan = by_quarter(replace(plan, directory=plan.directory)) if quarterly else plan
    unit = "scj" if quarterly else "xx"

    def has_come(month):
        quarter = f"2026-Q{(month + 2) // 3}"
        return {states.get(f"2026-{month:02}"), states.get(quarter)} & RECEIVED

    first = 1 if quarterly else joined
    open_months = [month for month in range(first, 13) if not has_come(month)]
    if quarterly:
        # scj has its own task all year; the former plan of it reports months
        changed = plan.former[-1].until.month if plan.former else 0
        ends = {m: m if m <= changed else (m + 2) // 3 * 3 for m in open_months}
    else:
        ends = {month: month for month in open_months}
    over = [m for m in open_months if Period.month(2026, ends[m]).last_day < today]
    running = max(1, min(12, (today.year - 2026) * 12 + today.month))
    month = over[0] if over else running
    opened = opening_period(plan, unit, came(states), ALL_YEAR, today)
    in_quarter = quarterly and (not plan.former or month > plan.former[-1].until.month)
    assert opened == (Period.quarter(2026, (month + 2) // 3) if in_quarter else
                      Period.month(2026, month))  # fmt: skip


def test_units_have_the_plan_since_the_office_says_so_or_the_first_packet_or_the_first_report():
    packets = [date(2026, 11, 10), date(2026, 11, 20)]
    reported = [period("2026-10"), period("2026-09")]
    said = Rules(issued_on=date(2026, 2, 1))

    assert plan_since(PLAN, said, packets, reported) == date(2026, 2, 1)
    assert plan_since(PLAN, Rules(), packets, reported) == date(2026, 11, 10)
    assert plan_since(PLAN, Rules(), [], reported) == date(2026, 9, 1)
    assert plan_since(PLAN, Rules(), [], []) is None
    draft = replace(PLAN, carried_from=2025)
    assert plan_since(draft, said, packets, reported) is None


@given(
    since=st.none() | st.dates(date(2025, 11, 1), date(2026, 12, 31)),
    today=st.dates(date(2026, 1, 1), date(2027, 1, 31)),
    quarterly=st.booleans(),
)
def test_nothing_is_owed_for_what_had_ended_before_the_units_had_the_plan(since, today, quarterly):
    plan = by_quarter() if quarterly else PLAN
    found = [report.period for report in still_owed(plan, "scj", {}, since)]

    assert found == [each for each in owed_by(plan, "scj", ALL_YEAR)
                     if since and since <= each.last_day]  # fmt: skip
    opened = opening_period(plan, "scj", {}, since, today)
    assert opened in found or not opened.ended(today) or today.year > 2026
    assert {("scj", each) for each in found} <= set(owed_in_year(plan, since))
