"""Which unit has reported for which month: a mark and its words for every cell."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtGui import QColor

from fsdesk.domain.records.submissions import RECEIVED, SubmissionState
from ui.models.rows import RowColumn
from ui.theme import colours

if TYPE_CHECKING:
    from fsdesk.domain.periods import Period
    from fsdesk.services.status.aggregation import Completeness

_MONTH_WIDTH = 37


class ReportMark(Enum):
    """How a report stands: what the cell shows, and the words for it."""

    IN_TIME = ("✓", "按时报送")
    LATE = ("迟", "逾期报送")
    RETURNED = ("退", "已退回")
    MISSING = ("未", "未报")
    AHEAD = ("", "未到报告期")

    @property
    def sign(self) -> str:
        """What the cell shows."""
        return self.value[0]

    @property
    def words(self) -> str:
        """What it means."""
        return self.value[1]

    @property
    def ground(self) -> QColor | None:
        """Colour behind the sign; only where somebody must act."""
        if self in (ReportMark.MISSING, ReportMark.RETURNED):
            return QColor(colours().red_ground)
        return QColor(colours().yellow_ground) if self is ReportMark.LATE else None


_MARKS = {
    **dict.fromkeys(RECEIVED, ReportMark.IN_TIME),
    SubmissionState.LATE: ReportMark.LATE,
    SubmissionState.RETURNED: ReportMark.RETURNED,
}
LEGEND = "　".join(f"{mark.sign} {mark.words}" for mark in ReportMark if mark.sign)


class UnitMonths(Struct, frozen=True):
    """A unit's reports over the year."""

    name: str
    marks: tuple[ReportMark, ...]


def matrix_rows(complete: Completeness, period: Period) -> tuple[UnitMonths, ...]:
    """Return a row for every unit; months after the period are not missing yet."""
    return tuple(
        UnitMonths(
            name,
            tuple(_mark(complete.states.get((unit, str(m))), m, period) for m in complete.months),
        )
        for unit, name in zip(complete.units, complete.names, strict=True)
    )


def _mark(state: SubmissionState | None, month: Period, period: Period) -> ReportMark:
    blank = ReportMark.MISSING if month.within(period) else ReportMark.AHEAD
    return _MARKS.get(state or SubmissionState.NONE, blank)


def matrix_columns() -> tuple[RowColumn[UnitMonths], ...]:
    """Return the unit's column and one for each month."""
    return (
        RowColumn[UnitMonths]("单位 ＼ 月份", lambda row: row.name, stretch=True),
        *(_month_column(month) for month in range(12)),
    )


def _month_column(place: int) -> RowColumn[UnitMonths]:
    return RowColumn[UnitMonths](
        f"{place + 1}",
        lambda row: row.marks[place].sign,
        width=_MONTH_WIDTH,
        tip=lambda row: f"{row.name} {place + 1} 月：{row.marks[place].words}",
        ground=lambda row: row.marks[place].ground,
    )
