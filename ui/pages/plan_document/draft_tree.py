"""What was read, as a tree: sections, points, tasks, and what each task asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem

from fsdesk.domain.findings import Severity
from ui import icons

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtGui import QIcon

    from fsdesk.domain.plan.plan import Task
    from fsdesk.domain.plan_document import ParsedPlan

# What an item stands for.
SECTION, POINT, TASK, INDICATOR, DELIVERABLE = (
    "section",
    "point",
    "task",
    "indicator",
    "deliverable",
)
_KIND = Qt.ItemDataRole.UserRole
_CODE = Qt.ItemDataRole.UserRole + 1
_NAMES = 440
NOBODY = "未写明责任单位"


class DraftTree(QTreeWidget):
    """`chosen` gives the kind and the code (a number for headings) of the current item."""

    chosen = Signal(str, str)

    def __init__(self) -> None:
        """Begin empty."""
        super().__init__()
        self._by_line: dict[int, QTreeWidgetItem] = {}
        self._items: dict[str, QTreeWidgetItem] = {}
        self._doubtful: set[str] = set()  # codes of what somebody should look at
        self.setHeaderLabels(["读出的内容", "责任单位、目标"])
        self.setAccessibleName("读出的计划")
        self.setColumnWidth(0, _NAMES)
        self.currentItemChanged.connect(lambda item, _before: self._tell(item))

    def show_draft(self, parsed: ParsedPlan) -> None:
        """Show a draft; what was chosen and opened stays so."""
        closed = {code for code, item in self._items.items() if not item.isExpanded()}
        opened = {code for code, item in self._items.items() if item.isExpanded()}
        current = self.current()[1]
        self._doubtful = _doubtful(parsed)
        self.blockSignals(True)
        self.clear()
        self._items, self._by_line = {}, {}
        for section in parsed.plan.sections:
            top = self._item(
                SECTION, f"{section.number}、{section.title}", "", f"S{section.number}"
            )
            self.addTopLevelItem(top)
            for point in section.points:
                middle = self._item(POINT, f"{point.number}. {point.title}", "", f"P{point.number}")
                top.addChild(middle)
                for task in point.tasks:
                    middle.addChild(self._task_item(parsed, task))
        for code, item in self._items.items():
            first = item.data(0, _KIND) in {SECTION, POINT}
            item.setExpanded(code in opened or (first and code not in closed))
        icons.put(self, "triangle-alert", "yellow")
        self.blockSignals(False)
        if current in self._items:
            self.setCurrentItem(self._items[current])
        elif self._items:
            self.choose(parsed.plan.tasks[0].code)

    def setIcon(self, icon: QIcon) -> None:
        """Mark what somebody should look at."""
        for code in self._doubtful & self._items.keys():
            self._items[code].setIcon(0, icon)

    def choose(self, code: str) -> None:
        """Make an item current and bring it into view."""
        item = self._items.get(code)
        if item is not None:
            self.setCurrentItem(item)
            self.scrollToItem(item)

    def choose_line(self, line: int) -> None:
        """Make the task current that stands in a line of the document."""
        item = self._by_line.get(line)
        if item is not None and not _is_within(self.currentItem(), item):
            self.setCurrentItem(item)
            self.scrollToItem(item)

    def current(self) -> tuple[str, str]:
        """Return kind and code of the current item; empty for none."""
        item = self.currentItem()
        if item is None:
            return "", ""
        return str(item.data(0, _KIND)), str(item.data(0, _CODE))

    def _tell(self, item: QTreeWidgetItem | None) -> None:
        if item is not None:
            self.chosen.emit(*self.current())

    def _task_item(self, parsed: ParsedPlan, task: Task) -> QTreeWidgetItem:
        names = parsed.plan.directory
        who = "、".join(f"{names.name(a.party)}（{a.role.label}）" for a in task.assignments)
        item = self._item(TASK, task.title, who or NOBODY, task.code)
        for span in parsed.spans.get(task.code, ()):
            self._by_line.setdefault(span.line, item)
        for one in task.indicators:
            item.addChild(self._item(INDICATOR, f"指标　{one.name}", one.target_text, one.code))
        for thing in task.deliverables:
            when = thing.schedule_text
            item.addChild(self._item(DELIVERABLE, f"事项　{thing.title}", when, thing.code))
        return item

    def _item(self, kind: str, name: str, detail: str, code: str) -> QTreeWidgetItem:
        item = QTreeWidgetItem([name, detail])
        item.setData(0, _KIND, kind)
        item.setData(0, _CODE, code)
        item.setToolTip(0, name)
        item.setToolTip(1, detail)
        if code in self._doubtful:
            item.setData(0, Qt.ItemDataRole.AccessibleDescriptionRole, "需要核对")
        self._items[code] = item
        return item


def _doubtful(parsed: ParsedPlan) -> set[str]:
    """Return the codes of the tasks and indicators that somebody should look at."""
    told = {doubt.item for doubt in parsed.doubts if doubt.level is Severity.WARNING}
    return (
        told
        | set(_tasks_of(parsed, told))
        | {
            task.code
            for task in parsed.plan.tasks
            if any(one.code in told for one in task.indicators)
        }
    )


def _tasks_of(parsed: ParsedPlan, parties: set[str]) -> Iterator[str]:
    for task in parsed.plan.tasks:
        if any(part.party in parties for part in task.assignments):
            yield task.code


def _is_within(item: QTreeWidgetItem | None, other: QTreeWidgetItem) -> bool:
    while item is not None:
        if item is other:
            return True
        item = item.parent()
    return False
