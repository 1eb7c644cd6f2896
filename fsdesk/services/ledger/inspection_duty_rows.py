"""Subjects and visits of 包保督导 out of their ledgers, and the figure that they come to."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from fsdesk.domain.inspection_duty import IN_BUSINESS, Subject, Visit
from fsdesk.store.ledger.columns import columns
from fsdesk.store.ledger.doubles import Rows

if TYPE_CHECKING:
    from collections.abc import Collection

    from fsdesk.store.session import Session

SUBJECTS, VISITS, CADRES = "subject", "inspection", "cadre"
VISIT_DAY = "督导日期"
_SUBJECT_TITLES = ("主体", "分级", "街道", "包保干部", "经营状态", "纳入日期", "退出日期")
_VISIT_TITLES = ("主体", VISIT_DAY, "发现问题数", "已整改数")


def subjects_in(
    session: Session,
    ledger: str = SUBJECTS,
    rows: Rows = Rows.COUNTED,
    answering: Collection[str] = (),
) -> tuple[Subject, ...]:
    """Return the list of businesses; a row without a state counts as in business.

    `rows`: without more said, a business that several units list is there once.
    `answering`: codes of the units that answer for the indicator; it is there for one of them.
    """
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
            session, ledger, _SUBJECT_TITLES, rows, answering
        )
    )


def visits_in(session: Session, ledger: str = VISITS) -> tuple[Visit, ...]:
    """Return the visits; rows without a day are left out."""
    return tuple(
        Visit(str(name or ""), day, float(found or 0), float(rectified or 0))
        for _unit, (name, when, found, rectified) in columns(
            session, ledger, _VISIT_TITLES, Rows.ALL
        )
        if (day := _day(when)) is not None
    )


def _day(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) and value else None
