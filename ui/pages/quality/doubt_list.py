"""Doubtful data: at the left what each rule found, at the right where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from fsdesk.domain.findings import Severity
from fsdesk.domain.output.reporting import nothing_found
from fsdesk.domain.status.lights import Light
from ui.models.rows import ROW_ROLE, RowColumn, RowsModel
from ui.theme import SPACE_M, SPACE_S
from ui.widgets.boxes import column_of, row_of, splitter
from ui.widgets.buttons import button
from ui.widgets.empty_state import EmptyState
from ui.widgets.fields import line_edit
from ui.widgets.kept_fields import KeptFields
from ui.widgets.label import label
from ui.widgets.tables.report_table import ReportTable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fsdesk.domain.output.reporting import Reporting
    from fsdesk.domain.quality.doubts import DataDoubt
    from fsdesk.services.quality.data_quality import Quality, QualityGroup
    from ui.drafts import Drafts

LIGHTS = {Severity.ERROR: Light.RED, Severity.WARNING: Light.YELLOW, Severity.NOTICE: Light.GREY}
_ORDER = list(Severity)


class Found(Struct, frozen=True):
    """A finding as a row of the list."""

    doubt: DataDoubt
    unit: str
    place: str


class QualityList(QWidget):
    """Says by signals what shall be opened, hidden, or listed further."""

    opened = Signal(object)  # Doubt
    dismissed = Signal(object, str, object)  # doubts, the reason, what to call once it is stored
    more_wanted = Signal(object)  # QualityGroup
    letter_wanted = Signal(object)  # doubts

    def __init__(self, drafts: Drafts, *, is_office: bool) -> None:
        """Begin empty; the office may write letters about what is found."""
        super().__init__()
        self.kept = KeptFields(drafts, self)
        self._found: Quality | None = None
        self._group: QualityGroup | None = None
        self.groups: RowsModel[QualityGroup] = RowsModel(_group_columns())
        self.group_table = ReportTable("quality-groups", self.groups, "按规则")
        self.group_table.row_chosen.connect(self._show_group)
        self.rows: RowsModel[Found] = RowsModel(_row_columns())
        self.table = ReportTable("quality-rows", self.rows, "问题")
        self.table.row_chosen.connect(self._show_row)
        self.table.row_opened.connect(lambda row: self.opened.emit(row.doubt))
        self.message, self.remedy = label("", wrap=True), label("", "help", wrap=True)
        self.count = label("", "muted")
        self.more = button("全部列出", self._want_more)
        self.open = button("打开", self._open, icon="external-link")
        self.reason = line_edit("不再提示的原因", "属实或无须处理的，写明原因")
        self.kept.add("reason", self.reason)
        self.kept.show("quality/dismissing", {"reason": ""})
        self.reason.returnPressed.connect(self._dismiss)
        self.dismiss = button("不再提示", self._dismiss, icon="check")
        self.letter = button("拟提醒敦促函", self._write, icon="file-text")
        self.empty = EmptyState("circle-check", "没有发现问题", "")
        self._lay_out()
        self.letter.setVisible(is_office)  # what isn't laid out yet would be a window of its own

    def _lay_out(self) -> None:
        below = row_of(self.reason, self.dismiss, None, self.open)
        below.setStretchFactor(self.reason, 1)
        right = QWidget()
        column_of(
            row_of(self.count, self.more, self.letter, None, label("双击一行打开所在位置", "help")),
            (self.table, 1),
            self.message,
            self.remedy,
            self.kept.note,
            below,
            margins=(SPACE_S, 0, 0, 0),
            parent=right,
        )
        self.stack = QStackedWidget()
        self.stack.addWidget(splitter(self.group_table, right, sizes=[450, 710]))
        self.stack.addWidget(self.empty)
        column_of(self.stack, margins=(0, SPACE_M, 0, 0), parent=self)

    def show_found(self, found: Quality, told: Reporting) -> None:
        """Show what was found; the rule that was chosen stays chosen.

        `told`: who has reported: of those who have not, nothing can be found.
        """
        before = self._group.rule.code if self._group else ""
        self._found, self._group = found, None
        groups = [group for group in found.groups if group.total]
        self.groups.set_rows(groups)
        self.message.clear()
        self.remedy.clear()
        if not groups:
            whose = found.plan.unit_name(found.unit) if found.unit else "各单位"
            words = f"按 {found.checked} 条规则检查了{whose}已有的填报数据和台账。"
            rests = f"{told.line}。" if told.line else ""
            self.empty.set_texts(nothing_found(told), f"截至{found.period.label}，{words}{rests}")
        self.stack.setCurrentIndex(0 if groups else 1)
        if groups:
            chosen = next((group for group in groups if group.rule.code == before), groups[0])
            self.group_table.choose_row(chosen)
            self._show_group(chosen)

    def show_more(self, group: QualityGroup) -> None:
        """Show further findings of the chosen rule."""
        if self._group is not None and self._group.rule.code == group.rule.code:
            self._show_group(group)

    def chosen(self) -> tuple[DataDoubt, ...]:
        """Return the findings that are selected."""
        selected = self.table.selectionModel().selectedRows()
        return tuple(index.data(ROW_ROLE).doubt for index in selected)

    def _show_group(self, group: QualityGroup) -> None:
        if self._found is None:
            return
        found, self._group = self._found, group
        name = found.plan.directory.name
        rows = [Found(it, name(it.spot.unit), found.place(it.spot)) for it in group.doubts]
        self.table.show_again(rows, lambda row: row.doubt.mark)
        listed, total = len(group.doubts), group.total
        words = f"共 {total:,} 处" if listed == total else f"共 {total:,} 处，先列出 {listed:,} 处"
        self.count.setText(words)
        self.more.setVisible(listed < total)

    def _show_row(self, row: Found) -> None:
        self.message.setText(f"{row.unit}：{row.doubt.message}")
        self.remedy.setText(row.doubt.remedy)

    def _want_more(self) -> None:
        if self._group is not None:
            self.more_wanted.emit(self._group)

    def _open(self) -> None:
        row = self.table.current_row()
        if row is not None:
            self.opened.emit(row.doubt)

    def _dismiss(self) -> None:
        doubts = self.chosen()
        if doubts:
            self.dismissed.emit(doubts, self.reason.text(), self._stored())

    def _write(self) -> None:
        doubts = self.chosen()
        if doubts:
            self.letter_wanted.emit(doubts)

    def _stored(self) -> Callable[[], None]:
        """Return what empties the reason once it was stored."""
        stored = self.kept.handed_over()

        def end() -> None:
            stored()
            self.kept.show("quality/dismissing", {"reason": ""})

        return end


def _group_columns() -> Sequence[RowColumn[QualityGroup]]:
    def subject(group: QualityGroup) -> str:
        return group.subject

    return (
        RowColumn("级别", lambda g: g.rule.level.value, lambda g: _ORDER.index(g.rule.level),
                  width=76, light=lambda g: LIGHTS[g.rule.level]),
        RowColumn("规则", lambda g: g.title, stretch=True, tip=lambda g: f"{g.subject}：{g.title}"),
        RowColumn("检查对象", subject, width=92, tip=subject),
        RowColumn("处", lambda g: f"{g.total:,}", lambda g: g.total, number=True, width=58),
    )  # fmt: skip


def _row_columns() -> Sequence[RowColumn[Found]]:
    return (
        RowColumn("单位", lambda r: r.unit, width=120, tip=lambda r: r.unit),
        RowColumn("位置", lambda r: r.place, width=210, tip=lambda r: r.place),
        RowColumn("问题", lambda r: r.doubt.message, stretch=True, tip=lambda r: r.doubt.message),
    )
