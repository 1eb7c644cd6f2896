"""The places of units by their progress: equal ones share one, and the office judges, unranked."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.plan.units import UnitKind
from fsdesk.domain.status.shares import MISSING, share_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fsdesk.domain.status.results import UnitResult, YearStatus


class Ranked(Struct, frozen=True):
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
        return "不排名" if self.judges else place_text(self.place, tied=self.tied)


def place_text(place: int | None, *, tied: bool) -> str:
    """Return a place in words: 第3, 并列第1; a dash where there is none."""
    if place is None:
        return MISSING
    return f"{'并列' if tied else ''}第{place}"


def places_of(shares: Sequence[float]) -> list[tuple[int, bool]]:
    """Return the places of shares, the largest first, and whether others share each.

    What reads as the same share is the same place; the next one counts all before it.
    """
    texts = [share_text(share) for share in shares]
    sharing, first = Counter(texts), dict[str, int]()
    for place, share in enumerate(texts, start=1):
        first.setdefault(share, place)
    return [(first[share], sharing[share] > 1) for share in texts]


def ranks(status: YearStatus) -> tuple[Ranked, ...]:
    """Return the units by their progress, those without data after them, the office last."""
    office = {u.code for u in status.plan.directory.units if u.kind is UnitKind.OFFICE}
    judged = [unit for unit in status.ranking if unit.unit not in office]
    known = [unit for unit in judged if unit.progress is not None]
    places = places_of([unit.standing for unit in known])
    return (
        *(Ranked(unit, *place) for unit, place in zip(known, places, strict=True)),
        *(Ranked(unit) for unit in judged if unit.progress is None),
        *(Ranked(unit, judges=True) for unit in status.ranking if unit.unit in office),
    )
