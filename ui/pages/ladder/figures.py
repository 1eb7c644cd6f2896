"""What is asked from above for a period, beside what the own aggregate says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QAbstractItemView, QFrame, QWidget

from fsdesk.domain.ladder.carrying import Carry
from fsdesk.domain.ladder.drawing import Basis, DrawState, content_text
from fsdesk.domain.records.figures import comparable
from fsdesk.domain.records.records import DataValue
from fsdesk.domain.status.lights import Light
from ui.models.rows import RowColumn, RowsModel
from ui.theme import SPACE_M, SPACE_XS, set_role
from ui.widgets.boxes import column_of, row_of
from ui.widgets.buttons import button
from ui.widgets.choice import Choice
from ui.widgets.fields import Keeping, keeping, passing
from ui.widgets.label import label
from ui.widgets.tables.report_table import ReportTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fsdesk.domain.records.records import Content
    from fsdesk.services.ladder.drawing import DrawDesk, DrawLine, LadderView, PeriodDifferences

# What asks for something is told by colour and shape, as everywhere.
_LIGHTS = {
    DrawState.DIFFERS: Light.RED,
    DrawState.NO_REASON: Light.RED,
    DrawState.OUTDATED: Light.YELLOW,
    DrawState.READY: Light.YELLOW,
    DrawState.SAME: Light.GREEN,
    DrawState.BY_HAND: Light.GREEN,
    DrawState.TYPED: Light.GREEN,
    DrawState.UNREPORTED: Light.GREY,
    DrawState.UNMATCHED: Light.GREY,
}
_URGENT = list(_LIGHTS)
_ITEM, _FIGURE, _COVERAGE, _STATE, _NOTE = 200, 92, 84, 122, 150
_CARRIED = [
    ("随报送只带各单位的数", Carry()),
    ("再带下级各单位的数", Carry(below=True)),
    ("再带台账记录", Carry(rows=True)),
    ("再带下级各单位的数和台账记录", Carry(below=True, rows=True)),
]
_BASES = [("已发布的月份取发布数", Basis.PUBLISHED), ("一律取最新数据", Basis.LATEST)]


class FiguresTab(QWidget):
    """Says by signals what shall be taken over, corrected, or gone to."""

    basis_chosen = Signal()
    carry_chosen = Signal(object)  # what goes along with the report
    again_wanted = Signal(object)  # keys of the records to be computed again
    item_wanted = Signal(str)  # code of what to go to in the form
    correction_wanted = Signal()
    period_wanted = Signal(str)
    words_wanted = Signal(str)  # words to be copied, for asking above to reopen a report

    def __init__(self) -> None:
        """Begin empty."""
        super().__init__()
        self._desk: DrawDesk | None = None
        self._other: PeriodDifferences | None = None
        self.bases = passing(Choice("取数依据", _BASES, kept=True))
        self.bases.chosen.connect(lambda _basis: self.basis_chosen.emit())
        self.carry = keeping(Choice("随报送带上", _CARRIED), Keeping.STORED)
        self.carry.setToolTip(
            "各单位的数总是随报送带上；下级各单位的数、台账记录由本级选择。"
            "台账记录密封给上级，不含个人信息和备注。改动从下次取数起作用"
        )
        self.carry.chosen.connect(self.carry_chosen)
        self.model: RowsModel[DrawLine] = RowsModel(_columns())
        self.table = ReportTable("ladder-figures", self.model, "取数对照")
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.table.row_chosen.connect(self._show_line)
        self.table.row_opened.connect(lambda line: self.item_wanted.emit(line.key.item))
        self.origin = label("", "help", wrap=True)
        self.again = button("改回汇总数", self._want_again, icon="undo-2")
        self.again.setToolTip("选中的各项改为本级汇总数；手工填的数和原因会被替换")
        self.go = button("去填报", self._go, icon="pencil", tip="双击一行也到填报页")
        self.differs = QFrame()
        set_role(self.differs, "notice")
        self.words = label("", "amber", wrap=True)
        self.correct = button("更正并导出", self.correction_wanted.emit, "primary")
        self.copy = button("复制更正说明", self._copy, "link")
        self.other = button("", self._turn, "link")
        row_of(
            (self.words, 1),
            self.other,
            self.copy,
            self.correct,
            margins=(SPACE_M, SPACE_XS, SPACE_XS, SPACE_XS),
            parent=self.differs,
        )
        self.differs.hide()
        column_of(
            self.differs,
            row_of(self.bases, self.carry, None, self.again, self.go),
            (self.table, 1),
            self.origin,
            margins=(0, SPACE_M, 0, 0),
            parent=self,
        )
        self._show_line(None)

    @property
    def basis(self) -> Basis:
        """From what figures are taken."""
        return self.bases.value

    def show_view(self, view: LadderView) -> None:
        """Show a period; the row that was chosen stays so."""
        desk = self._desk = view.figures
        chosen = self.table.current_row()
        before = chosen.key.item if chosen is not None else ""
        self.model.set_rows(desk.lines)
        if not self.table.choose_rows(lambda line: line.key.item == before):
            self.table.choose_first()
        self._show_line(self.table.current_row())
        self.carry.set_value(view.carry)
        self._show_differences(view.differences)

    def _show_differences(self, found: Sequence[PeriodDifferences]) -> None:
        period = self._desk.period if self._desk else None
        here = next((each for each in found if each.period == period), None)
        self._other = next((each for each in found if each.period != period), None)
        self.differs.setVisible(bool(found))
        self.correct.setVisible(here is not None and not here.locked)
        self.copy.setVisible(here is not None and here.locked)
        self.other.setVisible(self._other is not None)
        if self._other is not None:
            self.other.setText(f"看{self._other.period.name}")
        if here is None:
            names = "、".join(each.period.name for each in found)
            self.words.setText(f"■ {names}与已报送不同。")
            return
        words = f"■ 与已报送不同 {len(here.lines)} 项：{here.lines[0].correction}"
        words += f"，等 {len(here.lines)} 项。" if len(here.lines) > 1 else "。"
        if here.locked:
            words += "上级已接收本期报送，需要由上级重新开放后才能更正。"
        self.words.setText(words)

    def _show_line(self, line: DrawLine | None) -> None:
        self.again.setEnabled(line is not None and line.now is not None)
        self.go.setEnabled(line is not None)
        if line is None:
            self.origin.setText("")
            return
        if line.now is None:
            said = line.match.why or line.match.state.label
            self.origin.setText(f"{line.name}：{said}。请在“对应关系”中确定，或手工填报。")
            return
        parts = [f"{line.name}：{line.now.origin}"]
        if line.drawn is not None and line.drawn.content != line.now.content:
            parts.append(f"取数时为 {content_text(line.drawn.content)}（{line.drawn.origin}）")
        self.origin.setText("；".join(filter(None, (*parts, line.correction))))

    def _want_again(self) -> None:
        self.again_wanted.emit(tuple(line.key for line in self.table.selected_rows()))

    def _go(self) -> None:
        line = self.table.current_row()
        if line is not None:
            self.item_wanted.emit(line.key.item)

    def _turn(self) -> None:
        if self._other is not None:
            self.period_wanted.emit(str(self._other.period))

    def _copy(self) -> None:
        if self._desk is not None:
            lines = "\n".join(line.correction for line in self._desk.lines if line.correction)
            self.words_wanted.emit(f"{self._desk.period.label}报送更正：\n{lines}")


def _columns() -> Sequence[RowColumn[DrawLine]]:
    def item(line: DrawLine) -> str:
        return f"{line.key.item}　{line.name}"

    def present(line: DrawLine) -> str:
        text = content_text(line.present)
        return "未填" if text == "未报" else text

    def computed(line: DrawLine) -> str:
        return content_text(line.now.content) if line.now else "—"

    def coverage(line: DrawLine) -> str:
        return f"{line.now.known}/{line.now.expected}" if line.now else "—"

    return (
        RowColumn("项目", item, stretch=True, width=_ITEM, tip=item),
        RowColumn("已填", present, lambda line: _size(line.present), number=True, width=_FIGURE),
        RowColumn("本级汇总", computed, lambda line: line.now and _size(line.now.content),
                  number=True, width=_FIGURE),
        RowColumn("已报单位", coverage, lambda line: line.now and line.now.known, number=True,
                  width=_COVERAGE),
        RowColumn("状态", lambda line: line.state.label,
                  lambda line: _URGENT.index(line.state), width=_STATE,
                  light=lambda line: _LIGHTS[line.state]),
        RowColumn("更改原因", lambda line: line.note, width=_NOTE, tip=lambda line: line.note),
    )  # fmt: skip


def _size(content: Content) -> tuple[bool, float | str | None]:
    """Return what a content is sorted by: states and words, then figures by their size."""
    size = comparable(content) if isinstance(content, DataValue) else None
    return size is not None, content_text(content) if size is None else size
