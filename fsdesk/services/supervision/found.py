"""Doubtful data that letters press (发现): what it is in words, and what is still there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.domain.output.official import official
from fsdesk.domain.periods import Period
from fsdesk.domain.supervision.letters import FOUND_ITEM
from fsdesk.services.quality import data_quality
from fsdesk.services.status import aggregation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fsdesk.domain.packet.directives import LetterNotice
    from fsdesk.domain.quality.doubts import DataDoubt
    from fsdesk.workspace import Workspace


def item_of(doubt: DataDoubt) -> str:
    """Return what a letter notes of a finding: its place, so that a second slip is no other one."""
    return f"{FOUND_ITEM}{doubt.place_mark}"


def is_found(item: str) -> bool:
    """Tell whether an item of a letter is doubtful data."""
    return item.startswith(FOUND_ITEM)


def texts(workspace: Workspace, period: Period, unit: str) -> Mapping[str, str]:
    """Return by item what is doubtful in a unit's data up to a period, as sentences of a letter."""
    return {
        item_of(doubt): official(f"{place.replace('·', '，')}：{doubt.message}。{doubt.remedy}。")
        for place, doubt in _doubts(workspace, period)
        if doubt.spot.unit == unit
    }


def still_there(
    workspace: Workspace, notices: Iterable[LetterNotice]
) -> Mapping[str, tuple[str, ...]]:
    """Return by unit the doubtful data of open letters that is still there; at their own periods.

    Findings that the office has decided to show no more count as settled.
    """
    found: dict[str, tuple[str, ...]] = {}
    for notice in notices:
        letter = notice.letter
        pressed = {item for item in notice.tasks if is_found(item)}
        if not (letter.open and pressed):
            continue
        there = {item_of(doubt) for _, doubt in _doubts(workspace, Period.parse(letter.period))}
        found[letter.unit] = (*found.get(letter.unit, ()), *sorted(pressed & there))
    return found


def _doubts(workspace: Workspace, period: Period) -> tuple[tuple[str, DataDoubt], ...]:
    """Return every finding, looked for once until something changes."""
    return aggregation.made_once(
        workspace, ("doubts", period), lambda: data_quality.doubts_in(workspace, period)
    )
