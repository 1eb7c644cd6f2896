"""读取文件: an official document beside the plan that was read from it; taken only after 确认."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import (
    QLabel,
    QPlainTextEdit,
    QSplitter,
    QTextEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from fsdesk.services import plan_documents
from ui import remember
from ui.files import ALL
from ui.models.rows import Column, RowsModel
from ui.page import Page
from ui.theme import SPACE_S, colours
from ui.widgets.drop_zone import DropZone
from ui.widgets.label import label
from ui.widgets.report_table import ReportTable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from fsdesk.documents.official.result import Doubt, ParsedPlan, Span
    from fsdesk.domain.plan import Task
    from fsdesk.domain.plan_changes import PlanChange, PlanDifference
    from ui.desk import Desk

DOCUMENTS = "工作要点文件 (*.docx *.txt *.xlsx)"
_ENDINGS = (".docx", ".txt", ".xlsx")
_CODE = Qt.ItemDataRole.UserRole
_MOST_NAMED = 12


class PlanDocumentPage(Page):
    """The document at the left, what was read at the right, what is doubtful below."""

    def __init__(self, desk: Desk) -> None:
        """Begin without a document."""
        super().__init__("读取工作要点文件")
        self._desk = desk
        self._parsed: ParsedPlan | None = None
        self._by_line: dict[int, QTreeWidgetItem] = {}
        self.confirm = self.header.set_primary("确认", self._compare, "check")
        self.confirm.setEnabled(False)
        self.zone = DropZone(
            "把工作要点文件拖到这里，或点击选择",
            "Word（.docx）、文本（.txt）或表格（.xlsx）；确认以前不会改变现有计划",
            self._choose_files,
            _ENDINGS,
        )
        self.zone.paths_chosen.connect(lambda paths: self.read(paths[0]))
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName("文件原文")
        self.text.cursorPositionChanged.connect(self._follow_cursor)
        self.tree = QTreeWidget()
        self.tree.setHeaderLabels(["读出的内容", "责任单位、目标"])
        self.tree.setAccessibleName("读出的计划")
        self.tree.currentItemChanged.connect(self._show_item)
        self.doubts: RowsModel[Doubt] = RowsModel(_doubt_columns())
        self.doubts_table = ReportTable("plan-doubts", dense=True)
        self.doubts_table.setAccessibleName("需要核对的地方")
        self.doubts_table.show_rows(self.doubts)
        self.doubts_table.row_chosen.connect(self._show_doubt)
        self.result: QLabel = label("", "muted", wrap=True)
        self._lay_out()

    def _lay_out(self) -> None:
        above = QSplitter(Qt.Orientation.Horizontal)
        above.addWidget(self.text)
        above.addWidget(self.tree)
        above.setSizes([520, 580])
        below = QWidget()
        column = QVBoxLayout(below)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_S)
        column.addWidget(self.result)
        column.addWidget(self.doubts_table, 1)
        self.split = QSplitter(Qt.Orientation.Vertical)
        self.split.addWidget(above)
        self.split.addWidget(below)
        self.split.setSizes([420, 180])
        self.split.setChildrenCollapsible(False)
        remember.keep_splitter(self.split, "plan-document")
        self.body.addWidget(self.zone)
        self.body.addWidget(self.split, 1)
        self.split.hide()

    def show_item(self, item: object) -> None:
        """Read the document that another page was given."""
        if item is not None:
            self.read(item)  # pyright: ignore[reportArgumentType] - a path by agreement

    # Reading

    def _choose_files(self) -> list[Path]:
        file = self._desk.files.open_one("选择工作要点文件", (DOCUMENTS, ALL), "plan")
        return [file] if file else []

    def read(self, file: Path) -> None:
        """Read a document and show it beside what was read."""
        workspace = self._desk.workspace
        self._desk.runner.run(
            lambda: plan_documents.read_document(file, workspace),
            lambda parsed: self._show(parsed, file.name),
            title="正在读取文件",
        )

    def _show(self, parsed: ParsedPlan, name: str) -> None:
        self._parsed = parsed
        self.text.setPlainText("\n".join(line.text for line in parsed.lines))
        self._fill(parsed)
        self.doubts.set_rows(parsed.doubts)
        plan = parsed.plan
        targets = sum(len(task.indicators) for task in plan.tasks)
        words = (
            f"{name}：{len(plan.sections)} 个部分、{len(plan.tasks)} 项任务、{targets} 个指标；"
            f"{len(parsed.warnings)} 处需要核对"
        )
        if parsed.new_parties:
            names = "、".join(party.name for party in parsed.new_parties[:_MOST_NAMED])
            words += f"；现有单位表中没有：{names}，确认后将新增"
        self.result.setText(words)
        self.header.set_note(f"{plan.year}年　{plan.title}")
        self.split.show()
        self.confirm.setEnabled(bool(plan.tasks))

    def _fill(self, parsed: ParsedPlan) -> None:
        self.tree.clear()
        self._by_line = {}
        for section in parsed.plan.sections:
            top = QTreeWidgetItem([f"{section.number}、{section.title}"])
            self.tree.addTopLevelItem(top)
            for point in section.points:
                middle = QTreeWidgetItem([f"{point.number}. {point.title}"])
                top.addChild(middle)
                for task in point.tasks:
                    middle.addChild(self._task_item(parsed, task))
        self.tree.expandToDepth(1)
        self.tree.resizeColumnToContents(0)

    def _task_item(self, parsed: ParsedPlan, task: Task) -> QTreeWidgetItem:
        names = parsed.plan.directory
        who = "、".join(f"{names.name(a.party)}（{a.role.label}）" for a in task.assignments)
        item = _item(f"{task.code} {task.title}", who, task.code)
        for span in parsed.spans.get(task.code, ()):
            self._by_line.setdefault(span.line, item)
        for indicator in task.indicators:
            item.addChild(_item(indicator.name, indicator.target_text, indicator.code))
        for thing in task.deliverables:
            item.addChild(_item(thing.title, "事项", thing.code))
        return item

    # Linked highlighting

    def _show_item(self, item: QTreeWidgetItem | None, _before: object) -> None:
        code = str(item.data(0, _CODE) or "") if item is not None else ""
        if code and self._parsed is not None:
            self._mark(self._parsed.spans.get(code, ()))

    def _show_doubt(self, row: object) -> None:
        span = getattr(row, "span", None)
        if span is not None:
            self._mark([span])

    def _mark(self, spans: Iterable[Span]) -> None:
        """Mark stretches of the document and bring the first into view."""
        marks: list[QTextEdit.ExtraSelection] = []
        look = QTextCharFormat()
        look.setBackground(QColor(colours().chosen))
        for span in spans:
            block = self.text.document().findBlockByNumber(span.line - 1)
            cursor = QTextCursor(block)
            cursor.setPosition(block.position() + span.start)
            cursor.setPosition(block.position() + span.end, QTextCursor.MoveMode.KeepAnchor)
            mark = QTextEdit.ExtraSelection()
            mark.cursor, mark.format = cursor, look  # pyright: ignore[reportAttributeAccessIssue]
            marks.append(mark)
        self.text.setExtraSelections(marks)
        if marks:
            place = QTextCursor(marks[0].cursor)  # pyright: ignore[reportAttributeAccessIssue]
            place.clearSelection()
            self.text.blockSignals(True)
            self.text.setTextCursor(place)
            self.text.blockSignals(False)
            self.text.centerCursor()

    def _follow_cursor(self) -> None:
        """Choose the task that stands where the user clicked in the document."""
        item = self._by_line.get(self.text.textCursor().blockNumber() + 1)
        if item is not None and item is not self.tree.currentItem():
            self.tree.setCurrentItem(item)
            self.tree.scrollToItem(item)

    # Taking

    def _compare(self) -> None:
        """Find out what would change, then ask."""
        parsed, workspace = self._parsed, self._desk.workspace
        if parsed is not None:
            self._desk.runner.run(
                lambda: plan_documents.compare_document(workspace, parsed.plan, coded=parsed.coded),
                self._ask,
                title="正在比较",
            )

    def _ask(self, difference: PlanDifference) -> None:
        parsed, workspace = self._parsed, self._desk.workspace
        if parsed is None:
            return
        if difference.is_empty:
            self._desk.messages.info("文件与现有计划一致，没有变化。")
            return
        counts = (
            f"新增 {len(difference.added)} 项，修改 {len(difference.changed)} 项，"
            f"取消 {len(difference.removed)} 项"
        )
        doubts = f"还有 {len(parsed.warnings)} 处需要核对。\n" if parsed.warnings else ""
        verb = self._desk.messages.ask(
            f"按这份文件更新 {parsed.plan.year} 年计划吗？{counts}。",
            f"{doubts}取消的项目已填的数据仍然保留。\n{_listed(difference)}",
            ("确认更新",),
            danger=bool(difference.removed),
        )
        if verb is not None:
            self._desk.runner.run(
                lambda: plan_documents.import_document(workspace, parsed.plan, coded=parsed.coded),
                lambda _done: self._taken(counts),
                title="正在更新计划",
            )

    def _taken(self, counts: str) -> None:
        self._desk.messages.info(f"计划已更新：{counts}。请在“交换”页重新下发计划。")
        self.data_changed.emit()
        self.open_requested.emit("plan", None)


def _item(name: str, detail: str, code: str) -> QTreeWidgetItem:
    item = QTreeWidgetItem([name, detail])
    item.setData(0, _CODE, code)
    item.setToolTip(0, name)
    item.setToolTip(1, detail)
    return item


def _listed(difference: PlanDifference) -> str:
    """Name the first changes of each kind."""
    lines: list[str] = []
    kinds: Sequence[tuple[str, Sequence[PlanChange]]] = (
        ("取消", difference.removed),
        ("新增", difference.added),
        ("修改", difference.changed),
    )
    for word, changes in kinds:
        lines += [f"{word}：{change.kind} {change.title}" for change in changes[: _MOST_NAMED // 3]]
        if len(changes) > _MOST_NAMED // 3:
            lines.append(f"　　……共 {len(changes)} 项")
    return "\n".join(lines)


def _doubt_columns() -> tuple[Column[Doubt], ...]:
    def what(row: Doubt) -> str:
        return f"{row.message}。{row.remedy}".rstrip("。") + "。"

    return (
        Column("程度", lambda r: r.level.value, width=64),
        Column("行", lambda r: str(r.span.line), lambda r: r.span.line, number=True, width=52),
        Column("原文", lambda r: r.text, width=260, tip=lambda r: r.text),
        Column("需要核对", what, stretch=True, tip=what),
    )
