"""Subjects and visits of 包保督导 out of their ledgers, and the figure that they come to."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from fsdesk.domain.inspection_duty import IN_BUSINESS, Subject, Visit, VisitWindow, coverage
from fsdesk.domain.records.records import DataValue
from fsdesk.store import identity
from fsdesk.store.ledger import ledgers
from fsdesk.store.ledger.columns import columns

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fsdesk.store.ledger.sums import Days
    from fsdesk.store.session import Session

SUBJECTS, VISITS, CADRES = "subject", "inspection", "cadre"
_SUBJECT_TITLES = ("主体", "分级", "街道", "包保干部", "经营状态", "纳入日期", "退出日期")
_VISIT_TITLES = ("主体", "督导日期", "发现问题数", "已整改数")


def subjects_in(session: Session, ledger: str = SUBJECTS) -> tuple[Subject, ...]:
    """Return the list of businesses; a row without a state counts as in business."""
    return tuple(
        Subject(
            name=str(name or ""),
            unit=unit,
            level=str(level or ""),
            street=str(street or ""),
            cadre=str(cadre or ""),
            open=state in (None, "", IN_BUSINESS),
            since=_day(since),
            until=_day(until),
        )
        for unit, (name, level, street, cadre, state, since, until) in columns(
            session, ledger, _SUBJECT_TITLES
        )
    )


def visits_in(session: Session, ledger: str = VISITS) -> tuple[Visit, ...]:
    """Return the visits; rows without a day are left out."""
    return tuple(
        Visit(str(name or ""), day, float(found or 0), float(rectified or 0))
        for _unit, (name, when, found, rectified) in columns(session, ledger, _VISIT_TITLES)
        if (day := _day(when)) is not None
    )


def coverage_values(
    session: Session, subjects: str, visits: str, days: Days
) -> Mapping[str, DataValue]:
    """Return subjects visited and owed a visit by unit, over the windows that end in some days."""
    if visits not in {ledger.code for ledger in ledgers.load_ledgers(session)}:
        return {}
    rules = identity.load_rules(session)
    found = coverage(
        subjects_in(session, subjects),
        visits_in(session, visits),
        VisitWindow(days.first, days.last),
        rules,
    )
    return {
        unit: DataValue(numerator=float(each.made), denominator=float(each.owed))
        for unit, each in found.items()
    }


def _day(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) and value else None
