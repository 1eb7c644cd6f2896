"""The office's choices of rules of data quality, and findings that are shown no more."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from msgspec.structs import asdict
from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column

from fsdesk.domain.findings import Severity
from fsdesk.domain.plain import to_plain
from fsdesk.domain.quality.doubts import DataDoubt, Dismissal, DoubtPlace
from fsdesk.domain.quality.rules import QualityChoices, choices_from_dict
from fsdesk.store import audit
from fsdesk.store.settings import load_setting, save_setting
from fsdesk.store.tables import Base

if TYPE_CHECKING:
    from fsdesk.store.session import Session, Writing

CHOICES = "quality"


class QualityDismissalRow(Base):
    """A finding that is shown no more, as it was, with the reason."""

    __tablename__ = "quality_dismissal"

    mark: Mapped[str] = mapped_column(primary_key=True)
    rule: Mapped[str]
    level: Mapped[str]
    message: Mapped[str]
    remedy: Mapped[str]
    spot: Mapped[str]
    seen: Mapped[str]
    reason: Mapped[str]
    at: Mapped[str]
    who: Mapped[str]


def load_choices(session: Session) -> QualityChoices:
    """Return what the office decided about the rules; nothing when it never did."""
    return choices_from_dict(load_setting(session, CHOICES))


def save_choices(writing: Writing, choices: QualityChoices) -> None:
    """Store what the office decided; the same again changes nothing."""
    if choices != load_choices(writing.session):
        save_setting(writing, CHOICES, to_plain(choices))


def dismissals(session: Session) -> tuple[Dismissal, ...]:
    """Return the findings that are shown no more, the newest first."""
    rows = session.scalars(select(QualityDismissalRow))
    found = [_dismissal(row) for row in rows]
    return tuple(sorted(found, key=lambda item: (item.at, item.mark), reverse=True))


def dismiss(writing: Writing, doubt: DataDoubt, reason: str) -> None:
    """Show a finding no more; a new reason takes the place of an earlier one."""
    before = writing.session.get(QualityDismissalRow, doubt.mark)
    earlier = {"reason": before.reason} if before else None
    writing.session.merge(
        QualityDismissalRow(
            mark=doubt.mark,
            rule=doubt.rule,
            level=doubt.level.value,
            message=doubt.message,
            remedy=doubt.remedy,
            spot=json.dumps(asdict(doubt.spot), ensure_ascii=False),
            seen=doubt.seen,
            reason=reason,
            at=writing.at,
            who=writing.author.who,
        )
    )
    after = {"rule": doubt.rule, "reason": reason, **asdict(doubt.spot)}
    after |= {"level": doubt.level.value, "message": doubt.message, "remedy": doubt.remedy}
    audit.log(writing, "dismiss", doubt.mark, earlier, after)


def take_back(writing: Writing, mark: str) -> bool:
    """Show a finding again.

    Returns:
        Whether it was hidden.
    """
    row = writing.session.get(QualityDismissalRow, mark)
    if row is None:
        return False
    audit.log(writing, "dismiss", mark, {"rule": row.rule, "reason": row.reason}, None)
    writing.session.delete(row)
    return True


def _dismissal(row: QualityDismissalRow) -> Dismissal:
    spot = DoubtPlace(**json.loads(row.spot))
    doubt = DataDoubt(row.rule, Severity(row.level), row.message, row.remedy, spot, row.seen)
    return Dismissal(row.mark, doubt, row.reason, row.at, row.who)
