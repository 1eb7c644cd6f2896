"""Before a unit's report is exported: what is missing, what it holds, where it goes; and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QUrl, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QCheckBox, QFrame, QPushButton, QWidget

from fsdesk.domain.packet.packet import OWN_ENDING
from fsdesk.services.packet import exchange
from fsdesk.services.status import gaps
from fsdesk.services.status.gaps import BulkFilling, Concern, Gap
from ui.files import EXCEL
from ui.models.rows import ROW_ROLE, RowColumn, RowsModel
from ui.theme import ROW, ROW_DENSE, SPACE_M, SPACE_S, set_role
from ui.widgets.boxes import boxed, column_of, row_of, scrolling
from ui.widgets.buttons import button
from ui.widgets.choice import Choice
from ui.widgets.fields import Keeping, keeping
from ui.widgets.flow import FlowLayout
from ui.widgets.label import ElidedLabel, label
from ui.widgets.tables.report_table import ReportTable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fsdesk.services.packet.exchange import WrittenPacket
    from fsdesk.services.packet.export_look import ExportLook
    from fsdesk.services.status.gaps import BulkFilled
    from ui.desk import Desk

# What other pages point at on the recording page, in place of a task's code, to have the report
# checked and exported there.
EXPORT = "export"
_ZIP = "带佐证材料的报送包 (*.zip)"
_OWN = f"双击可打开的报送包 (*{OWN_ENDING})"
_PURPOSE = "packets"
_KEY = "F9"
_TABLE_HEIGHT = ROW + 4 * ROW_DENSE


class ReportExport(QWidget):
    """What stands in place of the form until the report is written, and tells where it lies."""

    left = Signal()  # back to the form
    gap_wanted = Signal(object)  # Gap that the user wants to see to
    period_wanted = Signal(str)  # to which the user would rather turn
    filled = Signal()  # records were changed here
    exported = Signal()
    history_wanted = Signal()  # where what was exported before can be opened and saved again

    def __init__(self, desk: Desk) -> None:
        """Begin with nothing looked at."""
        super().__init__()
        self._desk = desk
        self._look: ExportLook | None = None
        self._place: Path | None = None
        self._written: Path | None = None
        self._filled: BulkFilled | None = None
        self.title = label("", "section")
        self.early = keeping(QCheckBox(), Keeping.PASSING)
        self.early_words = label("", "amber", wrap=True)
        self.turn = button("", lambda: self._turn(), "link")  # noqa: PLW0108 - found when pressed
        self.summary = label("", wrap=True)
        self.model: RowsModel[Gap] = RowsModel(_columns())
        self.table = ReportTable("export-gaps", self.model, "导出前要看的事项")
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.table.setMinimumHeight(_TABLE_HEIGHT)
        self.table.row_opened.connect(self.gap_wanted)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._offer())
        self.go = button("去填写", self._go, icon="pencil")
        self.bulk = {each: button(each.label, lambda e=each: self._fill(e)) for each in BulkFilling}
        self.told = label("", "muted", wrap=True)
        self.undo = button("撤销", self._take_back, "link")
        self.holds = label("", wrap=True)
        rows = [("全部台账行", False), ("只带上次接收后改动的行", True)]
        self.rows = keeping(Choice("台账行", rows), Keeping.PASSING)
        self.unsealed = keeping(QCheckBox("不密封也要发出"), Keeping.PASSING)
        self.unsealed_words = label("", "amber", wrap=True)
        self.where = ElidedLabel("")
        self.change = button("更改…", self._choose, icon="folder-open")
        self.export = button(
            "导出报送包", self.write, "primary", "file-up", tip=f"导出报送包（{_KEY}）"
        )
        QShortcut(QKeySequence(_KEY), self.export).activated.connect(self.export.click)
        for box in (self.early, self.unsealed):
            box.toggled.connect(lambda _on: self._offer())
        self._make_result()
        self._lay_out()

    def _make_result(self) -> None:
        self.result = QFrame()
        set_role(self.result, "notice")
        self.done = label("", wrap=True)
        self.copy = button(
            "复制文件", self._copy, icon="copy", tip="复制后可粘贴到聊天窗口、邮件或 U 盘"
        )
        self.reveal = button("打开所在文件夹", self._reveal, icon="folder-open")
        self.kept = button(
            "打开收发记录",
            self.history_wanted.emit,
            icon="history",
            tip="可以打开或另存已导出的文件",
        )
        verbs = _flowing(
            self.reveal,
            self.kept,
            self.copy,
            button("再导出一份", self._again, icon="file-up"),
        )
        column_of(self.done, verbs, margins=SPACE_M, parent=self.result)

    def _lay_out(self) -> None:
        back = button("返回填报", self.left.emit, icon="chevron-left")
        self._early = boxed(row_of((self.early_words, 1), self.turn, self.early))
        self._unsealed = boxed(row_of((self.unsealed_words, 1), self.unsealed))
        self._verbs = _flowing(self.go, *self.bulk.values())
        self._told = boxed(row_of((self.told, 1), self.undo))
        place = row_of(label("保存到", "muted"), (self.where, 1), self.change, self.export)
        content = QWidget()
        column_of(
            row_of(back, SPACE_S, (self.title, 1)),
            self.result,
            self._early,
            self._unsealed,
            self.summary,
            self._verbs,
            self._told,
            (self.table, 1),
            self.holds,
            row_of(self.rows, None),
            place,
            parent=content,
        )
        column_of(scrolling(content), parent=self)

    # Looking

    def look(self, found: ExportLook, wrong: Sequence[Gap]) -> None:
        """Show what an export would write; `wrong` is what could not be stored."""
        again = self._look is not None and self._look.form.period == found.form.period
        self._look = found
        gaps_now = (*wrong, *found.gaps)
        self.table.show_again(gaps_now, lambda gap: (gap.concern, gap.item, gap.key), first=False)
        form = found.form
        self.title.setText(f"导出 {form.period.label} 报送包")
        if not again:
            self._written = self._filled = None
            self.early.setChecked(False)
            self.unsealed.setChecked(False)
        if not found.sent_words:  # what was written here is no longer all of it
            self._written = None
        self._say_sent(found)
        self._say_early()
        self._unsealed.setVisible(bool(found.unsealable))
        self.unsealed_words.setText(
            f"{found.unsealable}。现在发出的，任何拿到文件的人都能看到这些内容；"
            "请先导入汇总端的下发包，首次导入时登记密钥。"
        )
        nothing = f"{form.period.name}还没有填报任何内容，填报后才能导出。"
        self.summary.setText(nothing + _DOING if found.empty else _summary(self.model.rows))
        self.table.setVisible(bool(self.model.rows))
        self._say_filled()
        self.holds.setText(f"报送包内容：{'；'.join(found.holds)}。")
        self.rows.setVisible(found.rows_choosable)
        self._propose()
        self._offer()

    def focus(self) -> None:
        """Put the cursor where one begins: on what is to be seen to, never on the export."""
        wanted = self.table if self.model.rows else self.change
        if self.result.isVisibleTo(self):
            wanted = self.kept
        wanted.setFocus()

    def _say_sent(self, found: ExportLook) -> None:
        """Say that all of it was exported before, or just now; then one more is made on purpose."""
        self.result.setVisible(self._written is not None or bool(found.sent_words))
        if self._written is None:
            self.done.setText(found.sent_words)
        for verb in (self.reveal, self.copy):
            verb.setVisible(self._written is not None)
        self.kept.setVisible(self._written is None)

    def _say_early(self) -> None:
        form = self._look.form if self._look else None
        owed = form.owed_before if form else None
        self._early.setVisible(owed is not None)
        if form is None or owed is None:
            return
        name = form.period.name
        self.early_words.setText(
            f"{owed.words}；{name}尚未结束。如果现在填的是{owed.period.name}的内容，"
            "请返回填报，点“移到其他月份…”。"
        )
        self.turn.setText(f"改到{owed.period.name}")
        self.early.setText(f"仍要导出{name}的")

    def _turn(self) -> None:
        owed = self._look.form.owed_before if self._look else None
        if owed is not None:
            self.period_wanted.emit(str(owed.period))

    # Filling in bulk

    @property
    def chosen(self) -> tuple[Gap, ...]:
        """The rows that are selected; all where none is."""
        indexes = self.table.selectionModel().selectedRows()
        return tuple(index.data(ROW_ROLE) for index in indexes) or self.model.rows

    def _offer(self) -> None:
        """Say on each button how many items it is for, and whether the report may go."""
        chosen = self.chosen
        for filling, made in self.bulk.items():
            fitting = [gap for gap in chosen if filling in gap.fillings]
            words = f"{filling.label}（{len(fitting)} 项）" if fitting else filling.label
            if filling is BulkFilling.COPY and fitting:
                named = "、".join(
                    f"{period.name} {count} 项" for period, count in gaps.copied_from(fitting)
                )
                words = f"{filling.label}（{named}）"
            made.setText(words)
            made.setEnabled(bool(fitting))
            made.setToolTip(_BULK_TIPS[filling])
        self._verbs.setVisible(bool(self.model.rows))
        self._offer_export()

    def _offer_export(self) -> None:
        """Let the report be written, unless the same was written before."""
        sent = self._look is not None and bool(self._look.sent_words)
        self.export.setEnabled(self.may_write and not sent)

    @property
    def may_write(self) -> bool:
        """Whether nothing stands in the way of writing the report."""
        if self._look is None or self._place is None or self._look.empty:
            return False
        wrong = any(gap.concern is Concern.WRONG for gap in self.model.rows)
        early = self._look.form.owed_before is not None and not self.early.isChecked()
        unsealed = bool(self._look.unsealable) and not self.unsealed.isChecked()
        return not (wrong or early or unsealed)

    def _go(self) -> None:
        row = self.table.current_row() or next(iter(self.model.rows), None)
        if row is not None:
            self.gap_wanted.emit(row)

    def _fill(self, filling: BulkFilling) -> None:
        if self._look is None:
            return
        form = self._look.form
        keys = {gap.key for gap in self.chosen if gap.key and filling in gap.fillings}
        self._desk.run(
            lambda w: gaps.fill(w, form.unit, form.period, filling, keys), self._note_filled
        )

    def _note_filled(self, filled: BulkFilled) -> None:
        self._filled = filled
        self.filled.emit()

    def _say_filled(self) -> None:
        filled = self._filled
        self._told.setVisible(filled is not None)
        if filled is None:
            return
        words = f"已按“{filled.filling.label}”填写 {len(filled.edits)} 项。"
        if filled.refused:
            words += f"另有 {len(filled.refused)} 项没有填：{filled.refused[0]}"
        self.told.setText(words)
        self.undo.setVisible(bool(filled.edits))

    def _take_back(self) -> None:
        filled, self._filled = self._filled, None
        if filled is not None:
            self._desk.run(lambda w: gaps.take_back(w, filled), lambda _count: self.filled.emit())

    # Writing

    def _kinds(self) -> tuple[str, ...]:
        # Evidence goes along in a .zip; the table alone can be chosen all the same.
        carries = self._look is not None and bool(self._look.files)
        return (_ZIP, EXCEL, _OWN) if carries else (EXCEL, _OWN)

    def _name(self) -> str:
        if self._look is None:
            return ""
        form = self._look.form
        ending = "zip" if self._look.files else "xlsx"
        return f"报送包-{form.unit_name}-{form.period}.{ending}"

    def _propose(self) -> None:
        """Propose a place beside what lies there: nothing is overwritten without a question."""
        self._place = self._desk.files.proposed(self._name(), _PURPOSE)
        self.where.setText(str(self._place))

    def _choose(self) -> bool:
        file = self._desk.files.save("导出报送包", self._name(), self._kinds(), _PURPOSE)
        if file is not None:
            self._place = file
            self.where.setText(str(file))
        self._offer_export()
        return file is not None

    def _again(self) -> None:
        """Write one more to a place that is chosen first."""
        if self._choose():
            self.write()

    def write(self) -> None:
        """Write the report to the place that is shown."""
        if not self.may_write or self._look is None or self._place is None:
            return
        self.export.setEnabled(False)
        period, place = self._look.form.period, self._place
        changed, unsealed = bool(self.rows.value), self.unsealed.isChecked()
        self._desk.run(
            # Whether it is too early was said before.
            lambda w: exchange.export_report(
                w, period, place, changed_rows=changed, early=True, unsealed=unsealed
            ),
            self._tell,
            self._fail,
            title="正在导出报送包",
        )

    def _fail(self, problem: Exception) -> None:
        self._desk.messages.error(problem, "正在导出报送包")
        self._offer_export()

    def _tell(self, written: WrittenPacket) -> None:
        self._written = written.file
        words = f"已导出{written.period.label}报送包，请把文件交给汇总端。{written.notice}"
        self.done.setText(f"{words}\n{written.file}")
        self.result.show()
        self.exported.emit()

    def _reveal(self) -> None:
        if self._written is not None:
            self._desk.files.reveal(self._written)

    def _copy(self) -> None:
        """Put the file itself on the clipboard, to be pasted into a chat, a mail or a folder."""
        if self._written is None:
            return
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(self._written))])
        QGuiApplication.clipboard().setMimeData(data)
        self._desk.messages.info("已复制文件，可在聊天窗口、邮件或文件夹中粘贴。")


_BULK_TIPS = {
    BulkFilling.UNCHANGED: "进展填“本期无变化”；按最近一期取数的沿用上期；逐期累加的本期填 0；"
    "事项沿用上期状态。已填的不动",
    BulkFilling.COPY: "把括号中月份填的内容抄过来；逐期累加的数不能抄，抄了会重复计算。已填的不动",
    BulkFilling.NOT_APPLICABLE: "只用于指标：本单位没有这类对象。已填的不动",
}


_DOING = "双击一行到它的位置；下面的按钮用于选中的各行，没有选的用于全部。"


def _flowing(*buttons: QPushButton) -> QWidget:
    """Put buttons side by side, in as many lines as they need."""
    frame = QWidget()
    flow = FlowLayout(frame)
    for made in buttons:
        flow.addWidget(made)
    return frame


def _summary(rows: Sequence[Gap]) -> str:
    counts = [
        f"{sum(gap.concern is concern for gap in rows)} 项{concern.label}"
        for concern in Concern
        if any(gap.concern is concern for gap in rows)
    ]
    if not counts:
        return "都已填写，没有存疑的内容，可以导出。"
    words = "、".join(counts)
    if any(gap.concern is Concern.WRONG for gap in rows):
        return f"有 {words}。填写有误的还没有保存，请先改正再导出。双击一行到它的位置。"
    return f"有 {words}，可以照样导出；没有填的按“未报”处理，不会当作 0。{_DOING}"


def _columns() -> tuple[RowColumn[Gap], ...]:
    def before(gap: Gap) -> str:
        return f"{gap.since.name}：{gap.before}" if gap.since and gap.before else ""

    def name(gap: Gap) -> str:
        return f"{gap.item} {gap.name}".strip()

    return (
        RowColumn("任务", lambda g: g.task, width=72),
        RowColumn("内容", name, stretch=True, tip=name),
        RowColumn("情况", lambda g: g.words, width=250, tip=lambda g: g.words),
        RowColumn("上期", before, width=200, tip=before),
    )
