"""The places of units by their progress: equal ones share one, and the office judges, unranked."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fsdesk.domain.plan.units import UnitKind
from fsdesk.domain.status.shares import share_text

if TYPE_CHECKING:
    from fsdesk.domain.status.results import UnitResult, YearStatus


@dataclass(frozen=True, slots=True)
class Ranked:
    """A unit with its place.

    Attributes:
        place: 1 for the furthest; None for one without data, and for the office itself.
        tied: Whether others share it.
        judges: Whether it is the office, which judges the others.
    """

    unit: UnitResult
    place: int | None = None
    tied: bool = False
    judges: bool = False

    @property
    def text(self) -> str:
        """Its place in words: 第3, 并列第1; a dash where it has none."""
        if self.judges:
            return "不排名"
        if self.place is None:
            return "—"
        return f"{'并列' if self.tied else ''}第{self.place}"


def ranks(status: YearStatus) -> tuple[Ranked, ...]:
    """Return the units by their progress, those without data after them, the office last.

    What reads as the same share is the same place; the next one counts all before it.
    """
    office = {u.code for u in status.plan.directory.units if u.kind is UnitKind.OFFICE}
    judged = [unit for unit in status.ranking if unit.unit not in office]
    known = [unit for unit in judged if unit.progress is not None]
    shares = [share_text(unit.standing) for unit in known]
    sharing, first = Counter(shares), dict[str, int]()
    for place, share in enumerate(shares, start=1):
        first.setdefault(share, place)
    return (
        *(
            Ranked(unit, first[share], sharing[share] > 1)
            for unit, share in zip(known, shares, strict=True)
        ),
        *(Ranked(unit) for unit in judged if unit.progress is None),
        *(Ranked(unit, judges=True) for unit in status.ranking if unit.unit in office),
    )
