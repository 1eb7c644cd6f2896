"""分解目标: the grid of indicators and units."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from fsdesk.domain.plan import edits
from fsdesk.domain.plan.indicator_edits import even_shares
from ui.models.shares import SharesModel
from ui.theme import ROW_DENSE, SPACE_S
from ui.widgets.boxes import column_of, row_of
from ui.widgets.buttons import button
from ui.widgets.label import label
from ui.widgets.tables.open_cells import DraftCells, OpenCellDelegate

if TYPE_CHECKING:
    from fsdesk.domain.plan.plan import Plan
    from ui.desk import Desk
    from ui.drafts import Drafts
    from ui.models.shares import Index

_PLACE = "plan-editing/shares"
_UNIT_WIDTH = 96
_INDICATOR_WIDTH = 240


class _Shares(DraftCells):
    """What was typed stays until the plan holds it: it may be asked about, or refused."""

    def __init__(self, panel: SharesPanel, drafts: Drafts) -> None:
        super().__init__(drafts, panel.place_of)
        self._panel = panel

    def hand_over(self, index: Index) -> None:
        """Keep it, unless it says what is stored."""
        del index
        self._panel.settle()


class SharesPanel(QWidget):
    """Type a unit's part of a target; what is missing to the target stands beside."""

    edit_wanted = Signal(object)

    def __init__(self, desk: Desk) -> None:
        """Build the grid."""
        super().__init__()
        self._desk = desk
        self._plan: Plan | None = None
        self.model = SharesModel(self)
        self.model.split.connect(self._split)
        self.model.refused.connect(desk.messages.warn)
        self.table = QTableView()
        self.table.setTabKeyNavigation(False)  # Tab leaves it; while one types, it goes on
        self.table.setAccessibleName("分解目标")
        self.table.setModel(self.model)
        self.table.setItemDelegate(OpenCellDelegate(self.table, _Shares(self, desk.drafts)))
        self.table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        rows = self.table.verticalHeader()
        rows.setDefaultSectionSize(ROW_DENSE)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setFixedWidth(_INDICATOR_WIDTH)
        rows.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._lay_out()

    def _lay_out(self) -> None:
        self.even = button("平均分到各单位", self._even)
        self.clear = button("清除这一行的分解", self._clear)
        words = "直接填写各单位的分解目标，合计可以多于目标；少于目标时差额以红色标出。"
        column_of(
            row_of((label(words, "muted"), 1), self.even, self.clear),
            (self.table, 1),
            margins=(0, SPACE_S, 0, 0),
            parent=self,
        )

    def show_plan(self, plan: Plan) -> None:
        """Show a plan's targets; the current cell stays."""
        self._plan = plan
        at = self.table.currentIndex()
        row, column = at.row(), at.column()
        self.model.set_plan(plan)
        self.settle()
        heads = self.table.horizontalHeader()
        for place in range(self.model.columnCount()):
            heads.resizeSection(place, max(heads.sectionSizeHint(place), _UNIT_WIDTH))
        if at.isValid() or row >= 0:
            self.table.setCurrentIndex(self.model.index(row, column))

    def place_of(self, index: Index) -> str:
        """Return where what is typed into a cell is kept; empty where nothing can be."""
        unit = self.model.unit_at(index)
        code = self.model.indicators[index.row()].code if unit else ""
        return f"{_PLACE}/{code}/{unit}" if unit else ""

    def give_up(self, code: str = "") -> None:
        """Put back what is stored of an indicator, or of all, in place of what was typed."""
        for place in self._desk.drafts.under(f"{_PLACE}/{code}" if code else _PLACE):
            self._desk.drafts.end(place)

    def settle(self) -> None:
        """Forget what was typed where the plan holds it by now."""
        for place, draft in self._desk.drafts.under(_PLACE).items():
            code, unit = place[len(_PLACE) + 1 :].split("/", 1)
            if self.model.holds(code, unit, str(draft.value)):
                self._desk.drafts.end(place)

    def _split(self, code: str, shares: Any) -> None:  # noqa: ANN401 - the model's shares
        self.edit_wanted.emit(lambda plan, _taken: edits.set_shares(plan, code, shares))

    def _chosen(self) -> str:
        at = self.table.currentIndex()
        return self.model.indicators[at.row()].code if at.isValid() else ""

    def _even(self) -> None:
        code = self._chosen()
        if code:
            self.give_up(code)
            self.edit_wanted.emit(
                lambda plan, _taken: edits.set_shares(plan, code, even_shares(plan, code))
            )

    def _clear(self) -> None:
        code = self._chosen()
        if code:
            self.give_up(code)
            self.edit_wanted.emit(lambda plan, _taken: edits.set_shares(plan, code, ()))
