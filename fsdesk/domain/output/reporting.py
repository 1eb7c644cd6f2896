"""Which units have reported, and what may be said on the strength of it.

Every sentence that praises, or says that there is none of something, takes its words from here:
who is silent is neither on time nor behind, so such a sentence names the share that it rests on.
"""

from __future__ import annotations

from datetime import date  # noqa: TC003 - field types are read at run time
from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.periods import date_text
from fsdesk.domain.status.measures import Measure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fsdesk.domain.status.results import Coverage, YearStatus

# So many units are named in a sentence; lists in notes and annexes name all.
MOST_NAMED = 6


class Reporting(Struct, frozen=True):
    """What has become of a period's reports, units by name; a returned report is missing.

    Attributes:
        as_of: The day as at which that is known; None where nobody is asked for a report.
    """

    expected: tuple[str, ...] = ()
    on_time: tuple[str, ...] = ()
    late: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    as_of: date | None = None

    @property
    def came(self) -> int:
        """How many units have reported."""
        return len(self.expected) - len(self.missing)

    @property
    def words(self) -> str:
        """How many units of how many have reported, as at when; empty where none is asked."""
        if not self.expected:
            return ""
        day = f"截至{date_text(self.as_of)}，" if self.as_of else ""
        head = f"{day}本期应报送的{len(self.expected)}个单位"
        if not self.came:
            return f"{head}尚无单位报送"
        if not self.missing:
            return f"{head}均已报送"
        return f"{head}已报送{self.came}个，{len(self.missing)}个未报"

    @property
    def line(self) -> str:
        """The same, with who has not reported."""
        if not self.missing or not self.came:
            return self.words
        return f"{self.words}（{named(self.missing)}）"


def named(names: Sequence[str]) -> str:
    """Name units in a sentence, the first of many, with how many they are."""
    shown = "、".join(names[:MOST_NAMED])
    return f"{shown}等{len(names)}个单位" if len(names) > MOST_NAMED else shown


def basis_line(status: YearStatus, reporting: Reporting, *, names: bool = True) -> str:
    """Say what the figures of a period rest on: tasks with data, what is filled in, reports.

    `names`: with who has not reported.
    """
    if status.unit:
        # Whether others have reported is not known here; to say that they have not would be false.
        name = status.plan.unit_name(status.unit)
        return f"只有{name}的数据，其{Measure.COVERAGE.label}{status.coverage}"
    known = f"{len(status.tasks)}项任务中{status.known_tasks}项有数据"
    parts = (
        f"{known}，{Measure.COVERAGE.label}{status.coverage}",
        (reporting.line if names else reporting.words) or _counted(status),
    )
    return "；".join(part for part in parts if part)


# The units had no plan by then.
_NONE_OWED = "本期不要求报送"


def _counted(status: YearStatus) -> str:
    """Say how many reports came, where it isn't known whose."""
    expected, received = status.reports.expected, status.reports.known
    what = "家" if status.period.length == 1 else "期次"
    return f"本期应报送{expected}{what}、已报送{received}{what}" if expected else _NONE_OWED


def title_basis(status: YearStatus) -> str:
    """Say in brackets behind a title whose figures they are, and what share is known."""
    words = [status.plan.unit_name(status.unit)] if status.unit else []
    if not _whole(status.coverage):
        words.append(f"{Measure.COVERAGE.label}{status.coverage}")
    reports = status.reports
    if not status.unit and not _whole(reports):
        words.append(f"已报送{reports}")
    return f"（{'，'.join(words)}）" if words else ""


def share_words(status: YearStatus) -> str:
    """Say what share of all is known; empty where it is everything."""
    if status.unit:
        return "" if _whole(status.coverage) else f"已填报{status.coverage}"
    reports = status.reports
    if not _whole(reports):
        what = "个单位" if status.period.length == 1 else "期次"
        came = f"已报送{reports.known}{what}" if reports.known else "尚无单位报送"
        return f"本期应报送{reports.expected}{what}，{came}"
    return "" if _whole(status.coverage) else f"{Measure.COVERAGE.label}{status.coverage}"


def on_what(status: YearStatus) -> str:
    """Return what comes before praise where not everything is known; nothing where it is."""
    words = share_words(status)
    return f"按已有数据（{words}），" if words else ""


def no_achievement_line(status: YearStatus) -> str:
    """Say that no indicator is as far as it should be, as far as that is known."""
    if not status.coverage.known:
        return "尚无可计算的数据，无法判断工作成效。"
    return f"{on_what(status)}本期尚无达到序时进度的指标。"


def none_line(status: YearStatus, reporting: Reporting, what: str) -> str:
    """Say that nothing of a kind is known, such as 滞后任务, and on how much that rests."""
    if status.unit:
        return _none_of_unit(status.coverage, what)
    if not reporting.came and (reporting.expected or not status.coverage.known):
        return f"尚无单位报送，无法判断有无{what}。"
    if not status.coverage.known:
        return f"已报送的内容中没有可计算的数据，无法判断有无{what}。"
    filled = _filled(status, reporting)
    if reporting.missing:
        return (
            f"已报送的{reporting.came}个单位{filled}没有{what}，"
            f"{len(reporting.missing)}个单位未报（{named(reporting.missing)}）。"
        )
    if _whole(status.coverage):
        return f"各单位没有{what}。"
    came = f"各单位均已报送，{filled}" if reporting.expected else "已有数据中"
    return f"{came}没有{what}，另有{_open(status.coverage)}。"


def nothing_found(reporting: Reporting) -> str:
    """Say over an empty list of doubts how much that means."""
    if reporting.expected and not reporting.came:
        return "尚无单位报送，无法判断有无问题"
    return "已有数据中没有发现问题" if reporting.missing else "没有发现问题"


def _none_of_unit(coverage: Coverage, what: str) -> str:
    if not coverage.known:
        return f"本单位还没有可以计算的数据，无法判断有无{what}。"
    if _whole(coverage):
        return f"本单位没有{what}。"
    return f"本单位已填报的内容中没有{what}，另有{_open(coverage)}。"


def _filled(status: YearStatus, reporting: Reporting) -> str:
    """Say of which part of what was reported it is true: of all, or of what is filled in."""
    missing = set(reporting.missing)
    told = [unit for unit in status.units if unit.name not in missing]
    return "中" if all(_whole(unit.coverage) for unit in told) else "已填报的内容中"


def _open(coverage: Coverage) -> str:
    return f"{coverage.expected - coverage.known}项内容没有填报"


def _whole(coverage: Coverage) -> bool:
    return coverage.known == coverage.expected
