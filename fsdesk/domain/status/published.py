"""Published figures (发布): what was put out of a period, and what is another figure now."""

from __future__ import annotations

import re
from datetime import date, datetime

from msgspec import Struct

from fsdesk.domain.periods import Period, date_text

# On what occasion figures are published, beside those that the office names itself.
LOCKED = "锁定"


def bulletin_occasion(issue: int) -> str:
    """Name a bulletin as the occasion of publishing."""
    return f"工作通报第{issue}期"


def bulletin_issue(occasion: str) -> int:
    """Return the number of the bulletin that an occasion names; 0 where it names none."""
    found = _BULLETIN.fullmatch(occasion)
    return int(found[1]) if found else 0


_BULLETIN = re.compile(bulletin_occasion(0).replace("0", r"(\d+)"))


class Publication(Struct, frozen=True):
    """One publishing of a period's figures.

    Attributes:
        id: Counts up; of several of one period the newest counts.
        at: When, ISO text in UTC.
        who: The person who published.
        occasion: Such as 工作通报第3期, or `LOCKED`; empty where none was named.
        change: Number of the newest line of the change log that the figures rest on.
    """

    id: int
    period: Period
    at: str
    who: str
    occasion: str
    change: int

    @property
    def day(self) -> date:
        """On which day, by the calendar of this PC's time zone."""
        return datetime.fromisoformat(self.at).astimezone().date()

    @property
    def paper(self) -> str:
        """Under what name the bulletin is kept that the figures were published with."""
        return f"bulletin/{self.period}/{self.change}"

    def table(self, kind: str) -> str:
        """Under what name a table is kept that shows the figures as they were published."""
        return f"table/{self.period}/{self.change}/{kind}"

    def owns(self, subject: str) -> bool:
        """Tell whether a kept paper was published with the figures."""
        return subject == self.paper or subject.startswith(self.table(""))

    @property
    def day_text(self) -> str:
        """That day in words."""
        return date_text(self.day)

    def __str__(self) -> str:
        """Say when and on what occasion, e.g. ``2026年4月6日随工作通报第3期发布``."""
        how = {"": "", LOCKED: "锁定并"}.get(self.occasion, f"随{self.occasion}")
        return f"{self.day_text}{how}发布"


class PublishedDifference(Struct, frozen=True):
    """A figure that is another one now than it was when it was published.

    Attributes:
        what: Kind of figure in words, such as 指标.
        name: What stands on screen for it.
        published: The figure and its light in words, as published.
        now: The same, as it is now.
        causes: What was done since that bears on it, the newest first; never empty.
    """

    what: str
    name: str
    published: str
    now: str
    causes: tuple[str, ...]
