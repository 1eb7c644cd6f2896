"""包保督导 as it stands: who is due, who is overdue, what is not rectified."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain import inspection_duty as rules_of
from fsdesk.domain.inspection_duty import Coverage, DutyGroup, DutyLine
from fsdesk.domain.ledger.formulas import DaySpan, MonthSpan
from fsdesk.domain.plan.indicators import number_text
from fsdesk.domain.records.submissions import left_out_months
from fsdesk.services.ledger.inspection_duty_rows import (
    CADRES,
    SUBJECTS,
    VISITS,
    subjects_in,
    visits_in,
)
from fsdesk.services.ledger.ledger_figures import TwoFigures, answering, told_differently
from fsdesk.services.plan.planning import plan_in, require_office
from fsdesk.store import identity
from fsdesk.store.ledger import ledgers
from fsdesk.store.ledger.columns import columns
from fsdesk.store.ledger.layout import MONTH
from fsdesk.store.records import submissions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from fsdesk.domain.periods import Period
    from fsdesk.workspace import Workspace

_LIST_COLUMNS = (
    ("主体", 30.0), ("分级", 6.0), ("街道", 14.0), ("包保干部", 12.0), ("督导周期", 12.0),
    ("情况", 10.0), ("说明", 30.0), ("最近督导", 14.0), ("发现问题", 10.0), ("已整改", 10.0),
)  # fmt: skip


class InspectionDuty(Struct, frozen=True):
    """How it stands with the duty in a period.

    Attributes:
        lines: Every subject that is owed a visit in the window that the period ends in.
        levels: The same by level, with the sum last.
        streets: The same by street, with the sum last; likewise `cadres`.
        year: Visits owed and made in the windows of the year that have ended: the indicator.
        both: The year's figure as it was typed and by the visits, where the two differ.
        trained: Cadres trained this year of those in the list.
        missing: Titles of ledgers that this workspace doesn't have yet.
        subjects: How many businesses are in the list, closed ones included.
    """

    period: Period
    lines: tuple[DutyLine, ...]
    levels: tuple[DutyGroup, ...]
    streets: tuple[DutyGroup, ...]
    cadres: tuple[DutyGroup, ...]
    year: Coverage
    both: TwoFigures | None
    trained: Coverage
    rule: str
    missing: tuple[str, ...]
    subjects: int


def duty(workspace: Workspace, period: Period) -> InspectionDuty:
    """Return how it stands with the duty: of all units for the office, else of this one."""
    today = workspace.clock().astimezone().date()
    with workspace.reading() as session:
        rules = identity.load_rules(session)
        declared = ledgers.load_ledgers(session)
        known = {ledger.code for ledger in declared}
        titles = {SUBJECTS: "包保主体", VISITS: "包保督导", CADRES: "包保干部"}
        missing = tuple(title for code, title in titles.items() if code not in known)
        plan = plan_in(session, workspace.identity.year)
        fed = {ledger.code: [feed.indicator for feed in ledger.feeds] for ledger in declared}
        units = {code: answering(plan, fed.get(code, ())) for code in titles}
        subjects = () if missing else subjects_in(session, answering=units[SUBJECTS])
        visits = () if missing else visits_in(session)
        left_out = left_out_months(submissions.left_out(session), period.year)
        trained = Coverage()
        if not missing:
            days = columns(session, CADRES, ("培训日期",), answering=units[CADRES])
            trained = _trained(days, period, left_out)
    lines = rules_of.duty_lines(subjects, visits, period.last_day, today, rules)
    by_month = rules_of.coverage_by_month(subjects, visits, period.year, rules, left_out)
    counted = rules_of.coverage(by_month, 1, period.last_month)
    return InspectionDuty(
        period=period,
        lines=lines,
        levels=rules_of.by_level(lines),
        streets=rules_of.by_street(lines),
        cadres=rules_of.by_cadre(lines),
        year=Coverage(
            sum(each.owed for each in counted.values()), sum(each.made for each in counted.values())
        ),
        both=next(
            (each for each in told_differently(workspace, period).values() if each.by_visits), None
        ),
        trained=trained,
        rule=rules_of.rule_text(rules),
        missing=missing,
        subjects=len(subjects),
    )


def _trained(
    days: Iterable[tuple[str, tuple[str | None, ...]]],
    period: Period,
    left_out: Mapping[str, frozenset[int]],
) -> Coverage:
    """Count cadres, given by unit and day of training."""
    by_unit: dict[str, Counter[str]] = defaultdict(Counter)
    for unit, (day,) in days:
        by_unit[unit][(day or "")[:MONTH]] += 1
    found = Coverage()
    for unit, months in by_unit.items():
        span = MonthSpan(period.year, 1, period.last_month, left_out.get(unit, frozenset()))
        # As for the indicator: a list without dates doesn't count while its month is left out.
        listed = span.total(DaySpan.ALWAYS, months)
        trained = span.total(DaySpan.WITHIN, months)
        if listed is not None and trained is not None:
            found = Coverage(found.owed + int(listed), found.made + int(trained))
    return found


def add_ledgers(workspace: Workspace) -> tuple[str, ...]:
    """Add the duty's ledgers that a workspace of an earlier version lacks; return their titles.

    Raises:
        InputRejectedError: When this isn't the office; units get them with the next packet.
    """
    from fsdesk.documents.ledger_file import builtin_ledgers_for

    require_office(workspace, "增加台账")
    with workspace.writing() as writing:
        plan = plan_in(writing.session, workspace.identity.year)
        known = ledgers.load_ledgers(writing.session)
        held = {ledger.code for ledger in known}
        added = [
            ledger
            for ledger in builtin_ledgers_for(plan)
            if ledger.code in (SUBJECTS, VISITS, CADRES) and ledger.code not in held
        ]
        if added:
            ledgers.save_ledgers(writing, (*known, *added))
    return tuple(ledger.title for ledger in added)


def write_list(workspace: Workspace, period: Period, file: Path, *, only_open: bool) -> int:
    """Write who is due or overdue as a list for cadres (.xlsx); return how many it holds.

    ``only_open`` leaves out those that were visited and have no open problem.

    Raises:
        InputRejectedError: When the file can't be written.
    """
    from fsdesk.reports.tables.listing import write_listing

    found = duty(workspace, period)
    done = rules_of.DutyState.DONE
    chosen = [
        line
        for line in found.lines
        if not only_open or line.state is not done or line.open_problems > 0
    ]
    rows = [
        (
            line.subject.name,
            line.subject.level,
            line.subject.street,
            line.subject.cadre,
            line.window.label,
            line.state.label,
            line.reason,
            line.last_visit.isoformat() if line.last_visit else "本年未督导",
            number_text(line.found),
            number_text(line.rectified),
        )
        for line in chosen
    ]
    write_listing(file, f"包保督导清单（截至{period.label}）", _LIST_COLUMNS, rows)
    return len(rows)
