"""数据溯源: a figure opened level by level, down to ledger rows, packets and proofs."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QWidget

from fsdesk.domain.periods import Period
from fsdesk.domain.status.drill_down import YEAR, DrillLevel, DrillLine, FigureRef
from fsdesk.services.records import evidence
from fsdesk.services.status import drill_down
from ui.models.rows import RowColumn, RowsModel
from ui.page import Page
from ui.theme import SPACE_XS
from ui.widgets.boxes import row_of
from ui.widgets.buttons import button
from ui.widgets.label import label
from ui.widgets.tables.report_table import ReportTable

if TYPE_CHECKING:
    from ui.desk import Desk

_LIGHT_WIDTH = 84
_WIDTHS = (340, 180, 120, 220)


class DrillPage(Page):
    """The path at the top, the figure in words, and what it is made of; Enter goes deeper."""

    def __init__(self, desk: Desk) -> None:
        """Begin at the year."""
        super().__init__("数据溯源")
        self._desk, self._period = desk, ""
        self._spot = YEAR
        self._level: DrillLevel | None = None
        self.up = self.header.set_primary("返回上一级", self.go_up, "chevron-left")
        self._path = QWidget()
        self._crumbs = row_of(spacing=SPACE_XS, parent=self._path)
        self.words = label("", wrap=True)
        self._tables = QStackedWidget()
        self.table = ReportTable("drill")
        self.more = button("后面的明细", self._go_on)
        self.body.addWidget(self._path)
        self.body.addWidget(self.words)
        self.body.addWidget(self._tables, 1)
        self.body.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        back = QShortcut(QKeySequence(QKeySequence.StandardKey.Back), self)
        back.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        back.activated.connect(self.go_up)

    def refresh(self, period: str) -> None:
        """Open the figure as of a period."""
        self._period = period
        self.open(self._spot)

    def show_item(self, item: object) -> None:
        """Open the figure that another page pointed at."""
        if isinstance(item, FigureRef):
            self.open(item)

    def open(self, spot: FigureRef) -> None:
        """Open a figure."""
        self._spot = spot
        period = Period.parse(self._period)
        self._desk.run(lambda w: drill_down.open_figure(w, period, spot), self._show)

    def go_up(self) -> None:
        """Open the figure above."""
        if self._level is not None and self._level.way:
            self.open(self._level.way[-1][0])

    def _go_on(self) -> None:
        """Show the rows behind those that are shown."""
        if self._level is not None:
            self.open(drill_down.further(self._level))

    def _show(self, level: DrillLevel) -> None:
        if level.spot != self._spot:
            return  # the user has gone on meanwhile
        before, self._level = self._level, level
        self.up.setEnabled(bool(level.way))
        self._show_path(level)
        self.words.setText("\n".join(level.words))
        self.more.setVisible(bool(level.more))
        self.more.setText(f"后面还有 {level.more} 条")
        self._show_table(level)
        # Whoever goes back is where they came from.
        if before is None or not self.table.choose_rows(lambda line: line.to == before.spot):
            self.table.choose_first()

    def _show_path(self, level: DrillLevel) -> None:
        while (taken := self._crumbs.takeAt(0)) is not None:
            widget = taken.widget()
            if widget is not None:
                widget.deleteLater()
        for spot, name in level.way:
            self._crumbs.addWidget(button(name, partial(self.open, spot), "link"))
            self._crumbs.addWidget(label("›", "muted"))
        self._crumbs.addWidget(label(level.title, "section"))
        self._crumbs.addStretch()

    def _show_table(self, level: DrillLevel) -> None:
        """Make a table of the level's own columns; the one before goes."""
        before = self.table
        self.table = ReportTable(f"drill-{level.spot.depth.value}", name=level.title)
        model: RowsModel[DrillLine] = RowsModel(_columns(level), self.table)
        self.table.show_rows(model)
        model.set_rows(level.lines)
        self.table.row_opened.connect(self._open_line)
        self._tables.addWidget(self.table)
        self._tables.setCurrentWidget(self.table)
        self._tables.removeWidget(before)
        before.deleteLater()
        self.table.setFocus()

    def _open_line(self, line: DrillLine) -> None:
        if line.to is not None:
            self.open(line.to)
        elif line.file is not None:
            file, files = line.file, self._desk.files
            self._desk.run(
                lambda w: evidence.readable(w, file, files.passing),
                files.launch,
                lambda problem: self._desk.messages.warn(str(problem)),
            )


def _columns(level: DrillLevel) -> tuple[RowColumn[DrillLine], ...]:
    found: list[RowColumn[DrillLine]] = []
    if any(line.light is not None for line in level.lines):
        found.append(
            RowColumn(
                "亮灯",
                lambda _: "",
                lambda line: line.light.urgency if line.light else -1,
                width=_LIGHT_WIDTH,
                light=lambda line: line.light,
            )
        )
    found += [_column(level, place) for place in range(len(level.heads))]
    return tuple(found)


def _column(level: DrillLevel, place: int) -> RowColumn[DrillLine]:
    number, last = place in level.numbers, place == len(level.heads) - 1

    def text(line: DrillLine) -> str:
        return line.cells[place]

    def value(line: DrillLine) -> float | None:
        return line.values[level.numbers.index(place)] if line.values else None

    width = _WIDTHS[place] if place < len(_WIDTHS) else _WIDTHS[-1]
    return RowColumn(level.heads[place], text, value if number else None, number=number,
                     stretch=last, width=0 if last else width, tip=text)  # fmt: skip
