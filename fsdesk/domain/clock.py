"""What clocks of PCs say, and where it can't be true; pure.

A time that was written down stays as it is. Where it can't be true, nothing rests on it, and people
are told. Times are ISO text in UTC, to the second.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from fsdesk.domain.findings import doubt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fsdesk.domain.findings import Finding
    from fsdesk.domain.periods import Period

# By how much two clocks may differ before people hear of it.
_TOLERANCE = timedelta(hours=1)
# A workspace is made for a coming year in its last months, and is looked up after its end.
_EARLIEST_MONTH, _LATEST_AFTER = 10, 2
_REMEDY = "请核对这台电脑右下角的日期和时间，改正后重新打开程序"


def clock_text(moment: str) -> str:
    """Write a moment of the log, ISO text, by this PC's clock: 2026-03-05 14:20."""
    return f"{datetime.fromisoformat(moment).astimezone():%Y-%m-%d %H:%M}"


def later(now: str, *before: str) -> str:
    """Return the present time, or a second after what came before when the clock was set back."""
    last = max(before, default="")
    if now > last:
        return now
    return (datetime.fromisoformat(last) + timedelta(seconds=1)).isoformat(timespec="seconds")


def made_believably(made_at: str, received_at: str, period: Period) -> bool:
    """Tell whether a report can have been made when it says: in its time, before it was received.

    `received_at`: empty where it was made and not received.
    """
    too_late = bool(received_at) and made_at > received_at
    return not too_late and _day(made_at) >= period.first_day


def judged_at(made_at: str, received_at: str, period: Period) -> str:
    """Return the time that decides whether a report is on time: of making, else of receipt.

    Where it can't have been made when it says and no receipt is known, nothing is: empty.
    """
    return made_at if made_believably(made_at, received_at, period) else received_at


def packet_doubts(made_at: str, now: str, period: Period | None) -> Iterator[Finding]:
    """Yield what can't be true of the time at which a packet says that it was made.

    `period`: of a report, which can't be made before it began; None for other packets.
    """
    if _moment(made_at) > _moment(now) + _TOLERANCE:
        yield doubt(
            f"文件的制作时间（{clock_text(made_at)}）晚于现在（{clock_text(now)}），"
            "两台电脑中有一台的时间不对",
            "请核对本机和发件单位电脑的日期和时间；是否按时按收到的时间计",
        )
    elif period is not None and not made_believably(made_at, "", period):
        yield doubt(
            f"文件的制作时间（{clock_text(made_at)}）早于{period.label}，发件单位电脑的时间不对",
            "请发件单位改正电脑的日期和时间；是否按时按收到的时间计",
        )


def clock_doubts(now: str, newest: str, year: int) -> Iterator[Finding]:
    """Yield why the clock of this PC can't be right.

    `newest`: when something was last written in the workspace; empty when nothing was.
    `year`: the workspace's.
    """
    today = _day(now)
    if newest and _moment(newest) > _moment(now) + _TOLERANCE:
        yield doubt(
            f"这台电脑的时间（{clock_text(now)}）早于本工作区最近一次保存的时间（{clock_text(newest)}），"
            "现在的时间不对，或当时的时间不对",
            _REMEDY,
        )
    elif not date(year - 1, _EARLIEST_MONTH, 1) <= today < date(year + _LATEST_AFTER, 1, 1):
        yield doubt(f"这台电脑的时间是{clock_text(now)}，而本工作区是 {year} 年度的", _REMEDY)


def _moment(time: str) -> datetime:
    return datetime.fromisoformat(time)


def _day(time: str) -> date:
    return _moment(time).astimezone().date()
