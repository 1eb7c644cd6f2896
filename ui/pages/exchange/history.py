"""收发记录: every packet with its name, what was in it and what became of it."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from fsdesk.domain.clock import clock_text
from fsdesk.domain.packet.packet import OWN_ENDING
from fsdesk.domain.periods import Period
from fsdesk.services.packet import history
from fsdesk.services.packet.history import Exchanged
from ui.files import EXCEL
from ui.models.rows import RowColumn, RowsModel
from ui.widgets.boxes import column_of, row_of
from ui.widgets.buttons import button
from ui.widgets.label import label
from ui.widgets.search_field import SearchField
from ui.widgets.tables.report_table import ReportTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ui.desk import Desk

_KINDS = {
    ".xlsx": EXCEL,
    ".zip": "带佐证材料的包 (*.zip)",
    OWN_ENDING: f"双击可打开的包 (*{OWN_ENDING})",
}
_UNKNOWN = "未记录"


class HistoryPanel(QWidget):
    """A searched list; the chosen packet is opened or saved again from its kept copy."""

    def __init__(self, desk: Desk) -> None:
        """Build it empty."""
        super().__init__()
        self._desk = desk
        self._all: Sequence[Exchanged] = ()
        self.search = SearchField("查找文件名、单位、月份、内容、状态")
        self.search.searched.connect(lambda _text: self._show())
        self.count = label("", "muted")
        self.open = button("打开", self._open)
        self.save = button("另存为…", self._save)
        self.rows: RowsModel[Exchanged] = RowsModel(_columns(at_office=desk.is_office))
        self.table = ReportTable("exchange-history", self.rows, "收发记录")
        self.table.row_chosen.connect(lambda row: self._allow(row is not None))
        self.table.row_opened.connect(lambda _row: self._open())
        column_of(
            row_of(self.search, (self.count, 1), self.open, self.save, spacing=-1),
            (self.table, 1),
            parent=self,
        )
        self._allow(False)

    def show_packets(self, found: Sequence[Exchanged]) -> None:
        """Show what was exchanged; what is searched for stays."""
        self._all = found
        self._show()

    def _show(self) -> None:
        text = self.search.text().strip()
        shown = [each for each in self._all if each.tells(text)] if text else list(self._all)
        self.table.show_again(shown, lambda row: row.note.file, first=False)
        told = (
            f"找到 {len(shown)} 个，共 {len(self._all)} 个" if text else f"共 {len(self._all)} 个"
        )
        self.count.setText(told)
        self._allow(self._chosen is not None)

    def _allow(self, chosen: bool) -> None:  # noqa: FBT001 - one switch
        self.open.setEnabled(chosen)
        self.save.setEnabled(chosen)

    @property
    def _chosen(self) -> Exchanged | None:
        row = self.table.current_row()
        return row if isinstance(row, Exchanged) else None

    def _open(self) -> None:
        """Open a copy: what was exchanged stays as it was."""
        chosen, folder = self._chosen, self._desk.files.passing
        if chosen is not None:
            self._desk.run(lambda w: history.open_copy(w, chosen, folder), self._desk.files.launch)

    def _save(self) -> None:
        chosen = self._chosen
        if chosen is None:
            return
        ending = PurePath(chosen.note.file).suffix
        kinds = (_KINDS.get(ending, f"文件 (*{ending})"),)
        file = self._desk.files.save("另存为", chosen.name, kinds, "packets")
        if file is not None:
            self._desk.run(
                lambda w: history.save_copy(w, chosen, file),
                lambda _none: self._desk.messages.info(
                    f"已另存为 {file.name}。",
                    "打开所在文件夹",
                    lambda: self._desk.files.reveal(file),
                ),
            )


def _columns(*, at_office: bool) -> tuple[RowColumn[Exchanged], ...]:
    columns = [
        RowColumn[Exchanged](
            "时间", lambda e: clock_text(e.note.handled_at), lambda e: e.note.handled_at, width=128
        ),
        RowColumn[Exchanged]("收发", lambda e: e.note.direction.label, width=56),
        RowColumn[Exchanged]("文件", lambda e: e.name, stretch=True, tip=lambda e: e.name),
        RowColumn[Exchanged]("单位", lambda e: e.unit, width=120, tip=lambda e: e.unit),
        RowColumn[Exchanged](
            "月份",
            lambda e: Period.parse(e.note.period).name,
            lambda e: Period.parse(e.note.period).order,
            width=72,
        ),
        RowColumn[Exchanged](
            "内容",
            lambda e: e.contents or _UNKNOWN,
            width=220,
            tip=lambda e: e.contents or _UNKNOWN,
        ),
        RowColumn[Exchanged]("状态", lambda e: e.state.label, width=84),
    ]
    return tuple(columns if at_office else [c for c in columns if c.title != "单位"])
