"""What was not received, first and by itself: file, reason, what to do, and words for the unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from fsdesk.domain.findings import errors_of
from ui.models.rows import RowColumn, RowsModel
from ui.theme import ROW, ROW_DENSE
from ui.widgets.boxes import row_of
from ui.widgets.buttons import button
from ui.widgets.tables.report_table import ReportTable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from fsdesk.services.packet.checking import CheckedPacket

_MOST_SEEN = 4


class RefusedFile(Struct, frozen=True):
    """A file that is not received.

    Attributes:
        unit: Name of its unit; empty where that can't be read.
    """

    file: Path
    unit: str
    reason: str
    remedy: str


def refused_file(checked: CheckedPacket) -> RefusedFile:
    """Say of a file that can't be taken why, and what to do about it."""
    errors = errors_of(checked.findings) or checked.findings
    places = [f"{found.place}：{found.message}".lstrip("：") for found in errors]
    remedies = dict.fromkeys(found.remedy.rstrip("。") for found in errors if found.remedy)
    unit = checked.packet.header.unit_name if checked.packet else ""
    return RefusedFile(checked.file, unit, "；".join(places), "；".join(remedies))


class RefusedList(QWidget):
    """Takes no room while there is nothing to tell."""

    def __init__(self, choose: Callable[[Path], object], *, is_office: bool) -> None:
        """Begin hidden; the file of a row that is chosen is given to `choose`."""
        super().__init__()
        self.copy = button("复制给单位", self._copy, "link", "copy")
        self.rows: RowsModel[RefusedFile] = RowsModel(_columns())
        self.table = ReportTable("exchange-refused", self.rows, "没有接收的文件")
        self.table.row_chosen.connect(lambda row: choose(row.file))
        # Beside the table: a line of its own would take the room of a row on a low screen.
        row_of((self.table, 1), (self.copy, 0, Qt.AlignmentFlag.AlignTop), parent=self)
        self.copy.setVisible(is_office)  # what it says is said to units
        self.show_files(())

    def show_files(self, files: Iterable[RefusedFile]) -> None:
        """List files, or vanish without any."""
        self.rows.set_rows(tuple(files))
        count = len(self.rows.rows)
        self.table.setMinimumHeight(_height(1))  # on a low screen the rest is scrolled to
        self.table.setMaximumHeight(_height(min(count, _MOST_SEEN)))
        self.setVisible(bool(count))

    @property
    def words(self) -> str:
        """What to write to the units."""
        lines = [
            f"{number}. {row.file.name}：{row.reason}。" + (f"{row.remedy}。" if row.remedy else "")
            for number, row in enumerate(self.rows.rows, 1)
        ]
        return "\n".join(["以下文件没有接收，请改正后重新交来：", *lines])

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.words)


def _height(rows: int) -> int:
    """Return the height in pixels of a table with so many rows."""
    return ROW + ROW_DENSE * rows + 4


def _columns() -> tuple[RowColumn[RefusedFile], ...]:
    return (
        RowColumn("没有接收的文件", lambda r: r.file.name, width=200, tip=lambda r: str(r.file)),
        RowColumn("单位", lambda r: r.unit, width=100, tip=lambda r: r.unit),
        RowColumn("没有接收的原因", lambda r: r.reason, stretch=True, tip=lambda r: r.reason),
        RowColumn("怎么办", lambda r: r.remedy, stretch=True, tip=lambda r: r.remedy),
    )
