"""The line at the top: program, who works here, which period holds for every page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QToolButton, QWidget

from ui import icons
from ui.theme import SPACE_L, SPACE_S, SPACE_XL, set_role
from ui.widgets.boxes import boxed, row_of
from ui.widgets.choice import Choice
from ui.widgets.fields import passing
from ui.widgets.label import ElidedLabel, label

if TYPE_CHECKING:
    from collections.abc import Sequence

_HEIGHT = 48
_MONTHS = range(1, 13)
_IN_QUARTER = 3
_QUARTERS = ("第一季度", "第二季度", "第三季度", "第四季度")


def period_entries(year: int) -> list[tuple[str, str]]:
    """Return words and codes of a year's periods: each quarter after its three months."""
    from fsdesk.domain.periods import Period  # the frame is painted before there is one

    entries: list[tuple[str, str]] = []
    for month in _MONTHS:
        entries.append((f"{month} 月", str(Period.month(year, month))))
        if month % _IN_QUARTER == 0:
            quarter = month // _IN_QUARTER
            entries.append((_QUARTERS[quarter - 1], str(Period.quarter(year, quarter))))
    return entries


class TopBar(QFrame):
    """Emits `period_changed` with a code such as ``2026-03`` or ``2026-Q1``.

    Each year has a workspace of its own: `year_wanted` asks for another one, and the year that is
    shown stays until that is open.
    """

    period_changed = Signal(str)
    year_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make it without years; `set_period` fills it."""
        super().__init__(parent)
        set_role(self, "bar")
        name = label("食药安工作台", "section")
        self._owner = ElidedLabel("muted")  # the window's title has all of it
        self.year = 0  # of the period; none before `set_period`
        self._year = passing(Choice("年度"))
        self._period = passing(Choice("报告期"))
        self._period.setMinimumWidth(104)
        self._year.chosen.connect(self._want_year)
        self._period.chosen.connect(self.period_changed.emit)
        self._when = boxed(row_of(self._year, label("报告期", "muted"), self._period))
        self.row = row_of(
            name,
            SPACE_S,
            (self._owner, 1),
            self._when,
            SPACE_XL - SPACE_S,
            margins=(SPACE_L, 0, SPACE_S, 0),
            parent=self,
        )
        self._when.hide()
        self.setFixedHeight(_HEIGHT)
        self._last: QWidget = self._period  # after it Tab goes to the next button

    @property
    def period(self) -> str:
        """The code of the period that is shown; empty before `set_period`."""
        return self._period.value or ""

    @property
    def period_field(self) -> QWidget:
        """Where the period is chosen."""
        return self._period

    def set_owner(self, text: str) -> None:
        """Say who works here, such as ``区食药安办（汇总端）``; if nobody, no time is asked for."""
        self._owner.setText(text)
        self._when.setVisible(bool(text))

    def set_period(self, years: Sequence[int], period: str) -> None:
        """Offer years and show a period of one of them; tells nobody."""
        from fsdesk.domain.periods import Period

        self.year = Period.parse(period).year
        self._year.set_entries((f"{offered} 年", offered) for offered in years)
        self._year.set_value(self.year)
        self._period.set_entries(period_entries(self.year))
        self._period.set_value(period)

    def go_to_period(self, period: str) -> None:
        """Change to a period as the user would; one that isn't offered is passed over."""
        before = self.period
        self._period.set_value(period)
        if self.period != before:
            self.period_changed.emit(self.period)

    def add_tool(self, icon: str, tip: str, *, checkable: bool = False) -> QToolButton:
        """Put a button with an icon at the far right and return it."""
        button = QToolButton()
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setCheckable(checkable)
        icons.put(button, icon)
        self.row.addWidget(button)
        self.setTabOrder(self._last, button)
        self._last = button
        return button

    def set_years(self, years: Sequence[int]) -> None:
        """Offer these years beside the one that is shown."""
        offered = sorted({*years, self.year})
        self._year.set_entries((f"{year} 年", year) for year in offered)
        self._year.set_value(self.year)

    def _want_year(self, year: int) -> None:
        self._year.set_value(self.year)
        if year != self.year:
            self.year_wanted.emit(year)
