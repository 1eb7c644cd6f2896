"""计划: the tree of sections, points and tasks, and all about the chosen task."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import (
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
)

from fsdesk.domain.periods import Period
from fsdesk.domain.plan.changes import effect_lines
from fsdesk.domain.status.lights import Light
from fsdesk.services.ladder import handing_down
from fsdesk.services.plan import planning
from fsdesk.services.plan.planning import current_plan
from fsdesk.services.status import aggregation
from ui.page import Page
from ui.pages.plan.draft_bar import DraftBar
from ui.pages.plan.task_detail import TaskDetail
from ui.theme import SPACE_S
from ui.widgets.boxes import boxed, column_of, scrolling, splitter
from ui.widgets.choice import Choice
from ui.widgets.lights import LIGHT_ROLE, light_at, paint_shape
from ui.widgets.search_field import SearchField

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from PySide6.QtGui import QDragEnterEvent, QDropEvent

    from fsdesk.domain.ladder.handing_down import TaskOrigin
    from fsdesk.domain.plan.plan import Plan, Task
    from fsdesk.domain.plan.units import Unit
    from fsdesk.domain.status.results import TaskResult, YearStatus
    from ui.desk import Desk
    from ui.widgets.tables.cells import Index

_Loaded = tuple[
    "YearStatus",
    "Mapping[str, tuple[tuple[str, str], ...]]",
    "Plan",
    "Mapping[str, TaskOrigin]",
]
_CODE = Qt.ItemDataRole.UserRole
_SHAPE = 11
_SHARP = 3  # drawn larger than the densest screen shows it


class PlanPage(Page):
    """Tree at the left, the task at the right."""

    def __init__(self, desk: Desk) -> None:
        """Build filters, tree and detail."""
        super().__init__("计划")
        self._desk = desk
        self._status: YearStatus | None = None
        self._texts: Mapping[str, tuple[tuple[str, str], ...]] = {}
        self._year: Plan | None = None
        self._origins: Mapping[str, TaskOrigin] = {}
        self._wanted = ""
        self.search = SearchField("查找任务、指标、事项")
        self.units = Choice("按责任单位筛选", self._unit_entries(()), kept=True)
        lights = [("全部亮灯", "")] + [(f"{each.mark} {each.label}", each.value) for each in Light]
        self.lights = Choice("按亮灯筛选", lights, kept=True)
        for widget in (self.lights, self.units, self.search):
            self.header.add_widget(widget)
        if desk.is_office:
            self.header.add_quiet("读取文件…", self._open_document, "file-up")
            self.header.add_quiet("编辑计划", self._open_editor, "pencil")
            self.setAcceptDrops(True)
        self.search.searched.connect(self._search)
        self.units.chosen.connect(lambda _: self._filter())
        self.lights.chosen.connect(lambda _: self._filter())
        self.tree = QTreeWidget()
        self.tree.setHeaderHidden(True)
        self.tree.setAccessibleName("计划任务树")
        self.tree.setItemDelegate(ShapeDelegate(self.tree))
        self.tree.currentItemChanged.connect(self._choose)
        self.draft = DraftBar(at_office=desk.is_office)
        self.draft.document_wanted.connect(self._open_document)
        self.draft.confirmed.connect(self._confirm)
        self.detail = TaskDetail()
        self.detail.figure_wanted.connect(lambda figure: self.open_requested.emit("drill", figure))
        self._lay_out()

    def _unit_entries(self, units: Iterable[Unit]) -> list[tuple[str, str]]:
        """Return whose tasks can be shown; a unit begins with its own, beside the plan's text."""
        if not self._desk.is_office:
            return [("本单位的任务", self._desk.unit), ("全部任务（计划内容）", "")]
        return [("全部单位", ""), *((unit.name, unit.code) for unit in units)]

    def _lay_out(self) -> None:
        self.body.addWidget(self.draft)
        area = scrolling(boxed(column_of(self.detail, margins=(SPACE_S, 0, SPACE_S, 0))))
        self.body.addWidget(splitter(self.tree, area, sizes=[430, 760], collapsible=True), 1)

    def refresh(self, period: str) -> None:
        """Load the aggregate and the latest words of the units."""
        workspace = self._desk.workspace

        def job() -> _Loaded:
            when = Period.parse(period)
            # The plan as it is, so its figures too; those that were published go by their own.
            status = aggregation.status_now(workspace, when)
            texts = aggregation.progress_texts(workspace.latest, status.plan, when)
            return status, texts, current_plan(workspace), handing_down.origins(workspace)

        self._desk.runner.run(job, self._show)

    def show_item(self, item: object) -> None:
        """Choose a task by its code, or show only the tasks of a light."""
        if isinstance(item, Light):
            self.search.clear()
            self.units.set_value("")
            self.lights.set_value(item.value)
            self._filter()
            return
        self._wanted = str(item)
        self._select(self._wanted)

    def _show(self, found: _Loaded) -> None:
        self._status, self._texts, self._year, self._origins = found
        self.draft.show_plan(self._year)
        plan = self._status.plan
        self.units.set_entries(self._unit_entries(plan.directory.units))
        chosen = self._wanted or self._current_code()
        self._fill()
        self._filter()
        tasks = [result.task for result in self._status.tasks] or plan.tasks
        self._select(chosen or (tasks[0].code if tasks else ""))

    def _fill(self) -> None:
        if self._status is None:
            return
        results = {result.task.code: result for result in self._status.tasks}
        self.tree.clear()
        for section in self._status.plan.sections:
            top = QTreeWidgetItem([f"{section.number}、{section.title}"])
            self.tree.addTopLevelItem(top)
            for point in section.points:
                middle = QTreeWidgetItem([f"{point.number}. {point.title}"])
                top.addChild(middle)
                for task in point.tasks:
                    middle.addChild(_task_item(task, results.get(task.code)))
        self.tree.expandAll()

    def _open_document(self) -> None:
        self.open_requested.emit("plan-document", None)

    def _confirm(self) -> None:
        self._desk.run(planning.confirm_plan, self._confirmed)

    def _confirmed(self, plan: Plan) -> None:
        self.draft.show_plan(plan)
        self._desk.messages.info(f"已确认为{plan.year}年正式计划。请在“交换”页重新下发计划。")
        self.data_changed.emit()

    def _open_editor(self) -> None:
        self.open_requested.emit("plan-editing", self._current_code() or None)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take an official document."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Have the first document read."""
        files = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            event.acceptProposedAction()
            self.open_requested.emit("plan-document", Path(files[0]))

    def _search(self, _text: str) -> None:
        self._filter()

    def _filter(self) -> None:
        """Hide tasks that don't match, and the branches that hold none."""
        shown = 0
        for top in _children(self.tree.invisibleRootItem()):
            for middle in _children(top):
                for leaf in _children(middle):
                    matches = self._matches(str(leaf.data(0, _CODE)))
                    leaf.setHidden(not matches)
                    shown += matches
                middle.setHidden(all(leaf.isHidden() for leaf in _children(middle)))
            top.setHidden(all(middle.isHidden() for middle in _children(top)))
        self._note(shown)

    def _note(self, shown: int) -> None:
        if self._status is None:
            return
        plan = self._status.plan
        words = f"{plan.name}，共 {len(plan.tasks)} 项任务"
        if self._status.unit:
            words += f"，本单位承担 {len(self._status.tasks)} 项"
        if self._year is not None:
            words += _effect_words(self._year, self._status.period)
        if not shown:
            words += "，没有符合筛选条件的任务"
        elif shown < len(plan.tasks) and shown != len(self._status.tasks):
            words += f"，筛选出 {shown} 项"
        published = self._status.publication
        self.header.set_note(f"{self._status.until_text}；{words}" if published else words)

    def _matches(self, code: str) -> bool:
        if self._status is None:
            return True
        result = next((each for each in self._status.tasks if each.task.code == code), None)
        unit = self.units.value
        if unit and unit not in self._status.plan.roles(code):
            return False
        if self.lights.value and (result is None or result.light.value != self.lights.value):
            return False
        task = self._status.plan.tasks_by_code[code]
        words = [task.code, task.title, task.text]
        words += [item.name for item in task.indicators] + [d.title for d in task.deliverables]
        return self.search.text().strip().casefold() in "\n".join(words).casefold()

    def _current_code(self) -> str:
        item = self.tree.currentItem()
        return str(item.data(0, _CODE) or "") if item is not None else ""

    def _select(self, code: str) -> None:
        for top in _children(self.tree.invisibleRootItem()):
            for middle in _children(top):
                for leaf in _children(middle):
                    if leaf.data(0, _CODE) == code:
                        leaf.setHidden(False)
                        middle.setHidden(False)
                        top.setHidden(False)
                        self.tree.setCurrentItem(leaf)
                        self.tree.scrollToItem(leaf)
                        self._wanted = ""
                        return

    def _choose(self, item: QTreeWidgetItem | None, _before: object) -> None:
        code = item.data(0, _CODE) if item is not None else None
        if code and self._status is not None:
            changes = effect_lines(self._year, str(code)) if self._year else ()
            texts = self._texts.get(str(code), ())
            origin = self._origins.get(str(code))
            words = origin.words if origin is not None else ""
            self.detail.show_task(self._status, str(code), texts, changes, words)


def _effect_words(plan: Plan, period: Period) -> str:
    """Say from when to when the plan is in force by which a period is judged."""
    until = next((each.until for each in plan.former if period.last_day <= each.until), None)
    if until is not None:
        return f"（截至{until.month}月{until.day}日的计划）"
    since = plan.since
    return f"（自{since.month}月{since.day}日起的计划）" if since else ""


class ShapeDelegate(QStyledItemDelegate):
    """Puts the light's shape in its colour before a task; the title keeps the text's colour."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the shape in the place of an icon, in the theme's present colours."""
        super().initStyleOption(option, index)
        light = light_at(index)
        if light is None:
            return
        picture = QPixmap(QSize(_SHAPE, _SHAPE) * _SHARP)
        picture.setDevicePixelRatio(_SHARP)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        paint_shape(painter, QRectF(1, 1, _SHAPE - 2, _SHAPE - 2), light)
        painter.end()
        option.features |= (  # pyright: ignore[reportAttributeAccessIssue]
            QStyleOptionViewItem.ViewItemFeature.HasDecoration
        )
        icon = QIcon(picture)
        icon.addPixmap(picture, QIcon.Mode.Selected)  # else Qt would tint it
        option.icon = icon  # pyright: ignore[reportAttributeAccessIssue]
        option.decorationSize = QSize(  # pyright: ignore[reportAttributeAccessIssue]
            _SHAPE, _SHAPE
        )


def _task_item(task: Task, result: TaskResult | None) -> QTreeWidgetItem:
    """Make the line of a task; one that is only other units' has no light here."""
    item = QTreeWidgetItem([f"{task.code} {task.title}"])
    item.setData(0, _CODE, task.code)
    if result is None:
        item.setToolTip(0, task.text)
        return item
    item.setData(0, LIGHT_ROLE, result.light.value)
    words = f"{result.light.label}：{result.task.title}"
    item.setData(0, Qt.ItemDataRole.AccessibleTextRole, words)
    item.setToolTip(0, f"{result.light.label}：{result.task.text}")
    return item


def _children(item: QTreeWidgetItem) -> list[QTreeWidgetItem]:
    return [item.child(number) for number in range(item.childCount())]
