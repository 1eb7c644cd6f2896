"""All about one task: who answers, indicators, deliverables, latest words."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QGridLayout, QPushButton, QVBoxLayout, QWidget

from fsdesk.domain.output.wording import target_text, value_text
from fsdesk.domain.records.records import Status
from fsdesk.domain.status.drill_down import Depth, FigureRef
from fsdesk.domain.status.measures import Measure
from fsdesk.domain.status.shares import paced
from ui.theme import SPACE_M, SPACE_S
from ui.widgets.boxes import column_of, row_of
from ui.widgets.buttons import button
from ui.widgets.label import label
from ui.widgets.lights import LightBadge
from ui.widgets.pictures.pace_bar import PaceBar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fsdesk.domain.plan.plan import Plan, Task
    from fsdesk.domain.status.results import DeliverableResult, TaskResult, YearStatus


class TaskDetail(QWidget):
    """Rebuilt for each task that is shown."""

    figure_wanted = Signal(object)  # FigureRef

    def __init__(self) -> None:
        """Begin empty."""
        super().__init__()
        self._column = column_of(spacing=-1, parent=self)
        self._content: QWidget | None = None

    def show_task(
        self,
        status: YearStatus,
        code: str,
        texts: Sequence[tuple[str, str]],
        changes: Sequence[str],
        origin: str = "",
    ) -> None:
        """Show a task, with what changed of it during the year.

        `texts`: the latest words of the units, each with the unit's name.
        `origin`: of which task of the level above it was made, in words; empty for most.
        """
        if self._content is not None:
            self._content.deleteLater()
        self._content = QWidget()
        inside = column_of(spacing=SPACE_M, parent=self._content)
        result = next((each for each in status.tasks if each.task.code == code), None)
        if result is None:
            _add_plan(inside, status.plan, code)
            inside.addStretch()
            self._column.addWidget(self._content)
            return
        _add_place(inside, status.plan, result.task)
        _add_head(inside, status, result)
        if origin:
            inside.addWidget(label(origin, "muted", wrap=True))
        for line in changes:
            inside.addWidget(label(f"{line}（此前各月按原来的计划）", "muted", wrap=True))
        _add_assignments(inside, status.plan, result.task)
        _add_indicators(inside, status, code, self.figure_wanted)
        _add_deliverables(inside, status, code, self.figure_wanted)
        _add_texts(inside, texts, "本单位" if status.unit else "各单位")
        inside.addStretch()
        self._column.addWidget(self._content)


def _add_plan(inside: QVBoxLayout, plan: Plan, code: str) -> None:
    """Show of a task that is other units' what the plan says of it; their figures aren't here."""
    task = plan.tasks_by_code[code]
    _add_place(inside, plan, task)
    inside.addWidget(label("其他单位的任务，这里只有计划内容，没有填报数据。", "help", wrap=True))
    inside.addWidget(label(task.text, wrap=True))
    _add_assignments(inside, plan, task)
    lines = [f"{each.code}　{each.name}　{each.target_text}" for each in task.indicators]
    lines += [f"{each.code}　{each.title}　{each.schedule_text}" for each in task.deliverables]
    if lines:
        inside.addWidget(label("指标和事项", "section"))
    for line in lines:
        inside.addWidget(label(line, wrap=True))


def _add_place(inside: QVBoxLayout, plan: Plan, task: Task) -> None:
    point, section = plan.point_of[task.code], plan.section_of[task.code]
    path = f"{section.number}、{section.title}　›　{point.number}. {point.title}"
    inside.addWidget(label(path, "help", wrap=True))
    inside.addWidget(label(f"{task.code}　{task.title}", "section", wrap=True))


def _add_head(inside: QVBoxLayout, status: YearStatus, result: TaskResult) -> None:
    badge = LightBadge()
    shown = paced(result.progress, result.pace, status.rules)
    reached = f"{Measure.TASK_PROGRESS.label} {shown.reached}"
    badge.set_light(result.light, reason=reached)
    bar = PaceBar(Measure.TASK_PROGRESS)
    bar.set_values(result.progress, result.pace, result.light, status.rules)
    words = f"{reached}　{Measure.PACE.label} {shown.pace}"
    inside.addLayout(row_of(badge, (bar, 1), label(words, "muted"), spacing=-1))
    inside.addWidget(label(result.task.text, wrap=True))


def _add_assignments(inside: QVBoxLayout, plan: Plan, task: Task) -> None:
    inside.addWidget(label("责任分工", "section"))
    directory = plan.directory
    for assignment in task.assignments:
        words = f"{directory.name(assignment.party)}　{assignment.role.label}"
        members = directory.expand(assignment.party)
        if members != (assignment.party,):
            words += f"（{'、'.join(directory.name(unit) for unit in members)}）"
        inside.addWidget(label(words, wrap=True))


def _add_indicators(
    inside: QVBoxLayout, status: YearStatus, code: str, wanted: SignalInstance
) -> None:
    results = [each for each in status.indicators if each.task == code]
    if not results:
        return
    inside.addWidget(label("指标", "section"))
    grid = QGridLayout()
    grid.setSpacing(SPACE_S)
    grid.setColumnStretch(0, 3)
    grid.setColumnStretch(3, 2)
    for row, result in enumerate(results):
        bar = PaceBar(Measure.ATTAINMENT)
        bar.set_values(result.attainment, result.pace, result.light, status.rules)
        value = label(value_text(result.indicator, result.figure, status.period))
        target = label(target_text(status, result), "muted")
        for text in (value, target):
            text.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        badge = LightBadge()
        badge.set_light(result.light)
        name = label(f"{result.indicator.code}　{result.indicator.name}", wrap=True)
        figure = FigureRef(Depth.INDICATOR, result.indicator.code)
        link = _link(figure, wanted)
        for column, widget in enumerate((name, value, target, bar, badge, link)):
            grid.addWidget(widget, row, column)
    inside.addLayout(grid)


def _add_deliverables(
    inside: QVBoxLayout, status: YearStatus, code: str, wanted: SignalInstance
) -> None:
    inside.addWidget(label("事项", "section"))
    grid = QGridLayout()
    grid.setSpacing(SPACE_S)
    grid.setColumnStretch(0, 3)
    for row, result in enumerate(each for each in status.deliverables if each.task == code):
        thing = result.deliverable
        badge = LightBadge()
        badge.set_light(result.light)
        told = _told(result)
        name = label(f"{thing.code}　{thing.title}", wrap=True)
        cells = (name, label(thing.schedule_text, "muted"), label(told, "muted"),
                 label(paced(result.progress, result.pace, status.rules).reached), badge,
                 _link(FigureRef(Depth.DELIVERABLE, thing.code), wanted))  # fmt: skip
        for column, widget in enumerate(cells):
            grid.addWidget(widget, row, column)
    inside.addLayout(grid)


def _link(figure: FigureRef, wanted: SignalInstance) -> QPushButton:
    """Make the way to what lies under a figure."""
    link = button("溯源", lambda: wanted.emit(figure), "link")
    link.setAccessibleName(f"{figure.item} 数据溯源")
    return link


def _told(result: DeliverableResult) -> str:
    """Say how many units stand where, such as 已完成 2 · 进行中 1 · 未报 3."""
    counts = Counter(status.label if status else "未报" for status in result.by_unit.values())
    order = [*(status.label for status in reversed(Status)), "未报"]
    return " · ".join(f"{word} {counts[word]}" for word in order if counts[word])


def _add_texts(inside: QVBoxLayout, texts: Sequence[tuple[str, str]], whose: str) -> None:
    inside.addWidget(label("最新进展", "section"))
    if not texts:
        inside.addWidget(label(f"{whose}还没有填报进展", "muted"))
    for unit, text in texts:
        inside.addWidget(label(f"{unit}：{text}", wrap=True))
