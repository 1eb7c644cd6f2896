"""The change log, line by line, and whether it holds together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from fsdesk.store import audit
from fsdesk.store.verification.reading import fields_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fsdesk.store.verification.reading import Reading


class Line(Struct, frozen=True):
    """One line of the change log whose digest holds; `after` is None where something is gone."""

    id: int
    at: str
    who: str
    action: str
    subject: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    packet: str


class LogReading:
    """Reads the log once, oldest line first, and notes where it is broken.

    Attributes:
        broken: The first line that does not fit its neighbours or its digest; 0 while none.
    """

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self.broken = 0

    def lines(self) -> Iterator[Line]:
        """Yield the lines that are as they were written."""
        previous = ""
        for row in self._reading.rows("change"):
            holds = row["digest"] == _digest(row)
            if (not holds or row["previous"] != previous) and not self.broken:
                self.broken = row["#"]
            previous = row["digest"]
            if holds:
                yield Line(
                    row["#"],
                    row["at"],
                    row["who"],
                    row["action"],
                    row["subject"],
                    fields_of(row["before"]),
                    fields_of(row["after"]),
                    row["packet"],
                )

    def told(self) -> list[str]:
        """Say where it is broken."""
        if not self.broken:
            return []
        return [f"变更记录：第 {self.broken} 条起与前后不符，可能被改动过或已损坏"]


def _digest(row: dict[str, Any]) -> str:
    try:
        return audit.digest_of(row)
    except (TypeError, UnicodeError):  # a text became something else
        return ""
