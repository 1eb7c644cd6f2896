"""Locking of accepted reports: what the office has accepted changes only after it is reopened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.domain.findings import reject
from fsdesk.domain.periods import Period
from fsdesk.domain.plan.naming import office_of
from fsdesk.domain.records.submissions import ReviewState
from fsdesk.store.records import submissions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fsdesk.domain.plan.plan import Plan
    from fsdesk.domain.records.records import RecordKey
    from fsdesk.store.session import Session

_NAMED = 3


def locked(session: Session, unit: str, period: str) -> bool:
    """Tell whether a unit's report for a period is accepted, so that its records stay."""
    found = submissions.find_submission(session, unit, period)
    return found is not None and found.state == ReviewState.ACCEPTED


def require_open(session: Session, plan: Plan, keys: Iterable[RecordKey]) -> None:
    """Refuse to change records of a report that is accepted.

    Raises:
        InputRejectedError: When one of them is locked; says whose and of which period.
    """
    items: dict[tuple[str, str], list[str]] = {}
    for key in keys:
        items.setdefault((key.unit, key.period), []).append(key.item)
    for (unit, period), codes in items.items():
        if locked(session, unit, period):
            named = "、".join(codes[:_NAMED]) + (" 等" if len(codes) > _NAMED else "")
            raise reject(
                f"{plan.unit_name(unit)}{Period.parse(period).label}的报送已接收锁定，"
                f"不能更改 {named}",
                f"确需更正的，请{office_of(plan)}在“审核”中写明原因、重新开放该报告期",
            )
