"""Blocks of cells: copying, pasting, filling down, clearing, deleting rows."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication

from fsdesk.domain.delimited import join_table, split_table
from fsdesk.services.ledger import ledger_grid
from fsdesk.services.ledger.ledger_grid import MOST_ROWS, RowEdit
from ui.models.ledger_grid import UNIT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fsdesk.services.ledger.ledger_grid import Fault
    from ui.desk import Desk
    from ui.models.ledger_grid import CellKey, LedgerGridModel
    from ui.pages.ledger.steps import LedgerSteps
    from ui.widgets.tables.grid_view import GridView

_EDIT = Qt.ItemDataRole.EditRole
_SHOWN = 10
# Pasting fewer cells than this is checked as they are stored; more are checked before.
_ONE = 1
ALL, GOOD = "粘贴，不合格的标红", "只粘贴合格的"


class LedgerBlocks(QObject):
    """Does to the selected block what keys and buttons ask for."""

    def __init__(
        self, desk: Desk, view: GridView, model: LedgerGridModel, steps: LedgerSteps
    ) -> None:
        """Listen to the grid."""
        super().__init__(view)
        self._desk, self._view, self._model, self._steps = desk, view, model, steps
        view.copy_wanted.connect(self.copy)
        view.paste_wanted.connect(self.paste)
        view.clear_wanted.connect(self.clear)
        view.fill_wanted.connect(self.fill_down)

    # Copying

    def copy(self) -> None:
        """Copy the block as text with tabs; what is masked is copied masked."""
        rows, columns = self._view.block()
        numbers = [self._model.number_at(row) for row in rows[:MOST_ROWS]]
        titles = [self._model.title(column) for column in columns]
        if not numbers:
            return
        if len(rows) > MOST_ROWS:
            self._desk.messages.warn(f"选中的行太多，只复制前 {MOST_ROWS} 行；全部内容请用“导出”。")
        if all(number < 0 or self._model.entry(number) for number in numbers):
            cells = [[str(self._model.index(r, c).data() or "") for c in columns] for r in rows]
            QGuiApplication.clipboard().setText(join_table(cells))
            return
        workspace, code, covered = self._desk.workspace, self._steps.code, self._model.covered
        self._desk.runner.beside(
            lambda: ledger_grid.block(workspace, code, numbers, titles, covered=covered),
            lambda cells: QGuiApplication.clipboard().setText(join_table(cells)),
            title="正在复制",
        )

    # Pasting

    def paste(self) -> None:
        """Put the clipboard's block at the current cell; what lies below the last row is added."""
        here = self._view.currentIndex()
        cells = split_table(QGuiApplication.clipboard().text(), "\t", copied=True)
        if not here.isValid() or not cells:
            return
        rows, columns = self._view.block()
        if len(cells) == 1 and len(cells[0]) == 1:
            edits = {(r, c): cells[0][0] for r in rows for c in columns}
            self._put(self._by_key(edits))
            return
        places = self._view.columns_from(here.column())
        first = min(rows, default=here.row())
        wide = max(len(row) for row in cells)
        if wide > len(places):
            self._desk.messages.warn(f"右边多出 {wide - len(places)} 列，没有粘贴。")
        edits = {
            (first + down, places[at]): text
            for down, row in enumerate(cells)
            for at, text in enumerate(row[: len(places)])
        }
        self._put(self._by_key(edits))

    def _by_key(self, edits: dict[tuple[int, int], str]) -> dict[CellKey, str]:
        """Name rows and columns; rows below the last one are begun."""
        model = self._model
        last = model.rowCount() - 1
        born = model.new_numbers(max(max((row for row, _ in edits), default=0) - last + 1, 1))
        number = {row: model.number_at(row) if row < last else born[row - last] for row, _ in edits}
        return {
            (number[row], model.title(column)): text.strip()
            for (row, column), text in edits.items()
            if not (model.title(column) == UNIT and number[row] >= 0)
        }

    def _put(self, cells: dict[CellKey, str]) -> None:
        cells = self._with_unit(cells)
        if len(cells) <= _ONE:
            self._steps.edit(cells)
            return
        by_row: dict[int, dict[str, str]] = {}
        for (number, title), text in cells.items():
            by_row.setdefault(number, {})[title] = text
        edits = [RowEdit(number, texts) for number, texts in by_row.items()]
        code = self._steps.code
        self._desk.run(
            lambda w: ledger_grid.check_cells(w, code, edits),
            partial(self._decide, cells),
            title="正在检查粘贴的内容",
        )

    def _with_unit(self, cells: dict[CellKey, str]) -> dict[CellKey, str]:
        """Give new rows the unit that the filter leaves, when it leaves one only."""
        texts = self._view.head.texts()
        titles = [column.title for column in self._model.columns]
        if UNIT not in titles or titles.index(UNIT) not in texts:
            return cells
        wanted = texts[titles.index(UNIT)]
        names = [name for name in self._model.units.values() if wanted in name]
        if len(names) != 1:
            return cells
        born = {(number, UNIT): names[0] for number, _ in cells if number < 0}
        return born | cells

    def _decide(self, cells: dict[CellKey, str], faults: Sequence[Fault]) -> None:
        """Show what would be rejected before anything is pasted."""
        if faults:
            lines = [self._line(fault) for fault in faults[:_SHOWN]]
            if len(faults) > _SHOWN:
                lines.append(f"……共 {len(faults)} 处")
            question = f"粘贴的 {len(cells)} 个单元格中有 {len(faults)} 处不合格，怎样处理？"
            answer = self._desk.messages.ask(question, "\n".join(lines), (ALL, GOOD))
            if answer is None:
                return
            if answer == GOOD:
                bad = {(fault.row, fault.title) for fault in faults}
                cells = {key: text for key, text in cells.items() if key not in bad}
        if cells:
            self._steps.edit(cells)

    def _line(self, fault: Fault) -> str:
        row = self._model.row_of(fault.row)
        place = f"第 {row + 1} 行" if row >= 0 and fault.row >= 0 else "新增行"
        text = f"“{fault.text[:20]}”" if fault.text else ""
        return f"{place}“{fault.title}”{text}：{fault.message}"

    # Filling and clearing

    def fill_down(self) -> None:
        """Put the block's first row into those below; of a single row, the row above into it."""
        rows, columns = self._view.block()
        if not rows or not columns:
            return
        first = rows[0] if len(rows) > 1 else rows[0] - 1
        if first < 0:
            return
        source = self._model.number_at(first)
        titles = [self._model.title(c) for c in columns if self._model.title(c) != UNIT]
        targets = [self._model.number_at(row) for row in rows if row != first]
        entry = self._model.entry(source)
        if entry is not None or source < 0:
            at = self._model.index
            texts = {self._model.title(c): str(at(first, c).data(_EDIT) or "") for c in columns}
            self._fill(targets, {title: texts[title] for title in titles})
            return
        code = self._steps.code
        self._desk.run(
            lambda w: ledger_grid.block(w, code, [source], titles),
            lambda cells: self._fill(targets, dict(zip(titles, cells[0], strict=True))),
        )

    def _fill(self, targets: Sequence[int], texts: dict[str, str]) -> None:
        if self._too_many(len(targets)):
            return
        self._put({(number, t): text for number in targets for t, text in texts.items()})

    def clear(self) -> None:
        """Empty the cells; whole rows are removed."""
        rows, columns = self._view.block()
        if self._view.whole_rows():
            self.delete_rows()
            return
        if self._too_many(len(rows)):
            return
        titles = [self._model.title(column) for column in columns]
        cells = {
            (self._model.number_at(row), title): ""
            for row in rows
            for title in titles
            if title != UNIT or self._model.number_at(row) < 0
        }
        if cells:
            self._steps.edit(cells)

    def delete_rows(self) -> None:
        """Remove the selected rows; it can be undone."""
        rows, _ = self._view.block()
        if self._too_many(len(rows)):
            return
        numbers = [self._model.number_at(row) for row in rows if row < self._model.rowCount() - 1]
        if numbers:
            self._steps.remove(numbers)
            self._desk.messages.info(f"删除了 {len(numbers)} 行。", "撤销", self._steps.undo)

    def _too_many(self, count: int) -> bool:
        if count > MOST_ROWS:
            self._desk.messages.warn(f"一次最多修改 {MOST_ROWS} 行，请先筛选或分几次进行。")
        return count > MOST_ROWS
