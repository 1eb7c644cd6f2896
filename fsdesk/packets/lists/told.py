"""What a table holds and nobody takes: told at its cells, many of a kind in few words."""

from __future__ import annotations

from collections import Counter

from msgspec import Struct, field

from fsdesk.domain.cells import cell_name
from fsdesk.domain.findings import Finding, Place, notice

MOST_TOLD = 20
_SHOWN = 40


class Told(Struct):
    """Collects what is to be told of one sheet, at most `MOST_TOLD` times for each kind."""

    file: str
    sheet: str
    findings: list[Finding] = field(default_factory=list[Finding])
    _times: Counter[str] = field(default_factory=Counter[str])

    def tell(
        self, kind: str, where: tuple[int, int], message: str, remedy: str = "", right: int = -1
    ) -> None:
        """Tell of a cell, or of the cells of its row up to column `right`; counted from 0."""
        self._times[kind] += 1
        if self._times[kind] > MOST_TOLD:
            return
        cells = cell_name(*where)
        if right > where[1]:
            cells = f"{cells}:{cell_name(where[0], right)}"
        self.findings.append(notice(message, remedy, Place(self.file, self.sheet, cells)))

    def close(self) -> list[Finding]:
        """Return all findings, with how often each kind was met beyond those that are told."""
        more = ((kind, times - MOST_TOLD) for kind, times in self._times.items())
        place = Place(self.file, self.sheet)
        return self.findings + [
            notice(f"{kind}：另有 {times} 处同样的情况", "请打开原表查看", place)
            for kind, times in more
            if times > 0
        ]


def shown(text: str) -> str:
    """Return a text as it is told: its beginning."""
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}……"
