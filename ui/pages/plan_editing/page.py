"""编辑计划: every change is stored at once as a revision, and can be undone and done again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QWidget,
)

from fsdesk.domain.plan.outline import OutlineLevel
from fsdesk.services.plan import plan_editing
from fsdesk.services.status import plan_effects
from ui.page import Page
from ui.pages.plan_editing.about_panel import AboutPanel
from ui.pages.plan_editing.fields import Fields
from ui.pages.plan_editing.history_panel import HistoryPanel, RetiredPanel
from ui.pages.plan_editing.outline import OutlinePanel
from ui.pages.plan_editing.parties_panel import PartiesPanel
from ui.pages.plan_editing.shares_panel import SharesPanel
from ui.pages.plan_editing.task_panel import HeadingPanel, TaskPanel
from ui.pages.plan_effect import Change, EffectBar
from ui.widgets.later import Later, LaterTabs
from ui.widgets.undo_buttons import UndoButtons

if TYPE_CHECKING:
    from collections.abc import Callable

    from fsdesk.services.plan.plan_editing import Edit, PlanDesk, RetiredItem
    from ui.desk import Desk

_Loaded = tuple["PlanDesk", "tuple[RetiredItem, ...]"]


class PlanEditingPage(Page):
    """Tabs over one plan; panels ask for edits, this page has them made and shows the result.

    The bar above the tabs tells from which day on they hold.
    """

    def __init__(self, desk: Desk) -> None:
        """Build the panels."""
        super().__init__("编辑计划")
        self._desk = desk
        self._shown: PlanDesk | None = None
        self._wanted = ""
        self.effect = EffectBar(desk)
        self._history = UndoButtons(self, self._undo, self._redo)
        self.undo, self.redo = self._history.both
        for made in self._history.both:
            self.header.add_widget(made)
        self.header.set_primary("完成", lambda: self.open_requested.emit("plan", None), "check")
        self.outline = OutlinePanel(desk)
        self.task = TaskPanel(desk.drafts)
        self.heading = HeadingPanel(desk.drafts)
        self.shares = SharesPanel(desk)
        self._about = Later(self._make_about)
        self.retired = RetiredPanel()
        self.outline.tree.chosen.connect(self._show_node)
        self.retired.back_wanted.connect(self._bring_back)
        for panel in (self.outline, self.task, self.heading, self.shares):
            panel.edit_wanted.connect(self.edit)
        self._lay_out()

    def _lay_out(self) -> None:
        # What holds others is put into its place first; see `splitter`.
        self.tabs = LaterTabs()
        self.body.addWidget(self.effect)
        self.body.addWidget(self.tabs, 1)
        split, self._forms = QSplitter(Qt.Orientation.Horizontal), QStackedWidget()
        area, about = QScrollArea(), QScrollArea()
        area.setWidgetResizable(True)
        about.setWidgetResizable(True)
        self.tabs.addTab(split, "任务")
        self.tabs.addTab(self.shares, "分解目标")
        self._parties = self.tabs.add("单位", self._make_parties)
        self.tabs.addTab(about, "基本信息")
        self._revisions = self.tabs.add("修订记录", lambda: HistoryPanel(self._desk))
        self.tabs.addTab(self.retired, "已移出")
        split.addWidget(self.outline)
        split.addWidget(area)
        split.setSizes([400, 760])
        split.setChildrenCollapsible(False)
        area.setWidget(self._forms)
        self._forms.addWidget(self.task)
        self._forms.addWidget(self.heading)
        about.setWidget(self._about)

    def _make_parties(self) -> PartiesPanel:
        made = PartiesPanel(self._desk)
        made.edit_wanted.connect(self.edit)
        return made

    def _make_about(self) -> AboutPanel:
        made = AboutPanel(self._desk)
        made.edit_wanted.connect(self.edit)
        return made

    @property
    def parties(self) -> PartiesPanel:
        """The units and their groups."""
        return self._parties.part

    @property
    def about(self) -> AboutPanel:
        """What holds for the plan as a whole."""
        return self._about.part

    @property
    def history(self) -> HistoryPanel:
        """What was changed, by whom."""
        return self._revisions.part

    def refresh(self, period: str) -> None:
        """Load the plan; the period makes no difference."""
        del period
        workspace = self._desk.workspace
        self._desk.runner.run(
            lambda: (plan_editing.plan_desk(workspace), plan_editing.retired_items(workspace)),
            self._show,
        )

    def show_item(self, item: object) -> None:
        """Choose a task by its code."""
        if item is not None:
            self.tabs.setCurrentIndex(0)
            self._wanted = str(item)
            self._choose_wanted()

    def _choose_wanted(self) -> None:
        """Choose what another page pointed at, as soon as the plan is there."""
        if self._wanted and self._shown is not None:
            self.outline.tree.choose((OutlineLevel.TASK, self._wanted))
            self._wanted = ""

    def may_leave(self) -> bool:
        """Store what is still being typed."""
        for form in self.findChildren(QWidget):
            flush = getattr(form, "flush", None)
            if callable(flush) and form.isVisible():
                flush()
        return True

    def edit(self, edit: Edit) -> None:
        """Have a change made; what can't be changed is told, and stays as typed."""
        self.effect.give(
            Change(
                lambda w, since: plan_effects.effects_of_edit(w, edit, since),
                lambda w, since: (
                    plan_editing.edit_plan(w, edit, since),
                    plan_editing.retired_items(w),
                ),
            ),
            self._changed,
            self._drop,
            self._put_choices_back,
        )

    def _put_choices_back(self) -> None:
        """Let choices say what is stored; text that was refused stays as typed."""
        for fields in self.findChildren(Fields):
            fields.put_choices_back()

    def _drop(self) -> None:
        """Put back what the user would rather not change after all."""
        for fields in self.findChildren(Fields):
            fields.give_up()
        self.shares.give_up()
        self.refresh("")

    def _undo(self) -> None:
        self._run(lambda: plan_editing.undo(self._desk.workspace))

    def _redo(self) -> None:
        self._run(lambda: plan_editing.redo(self._desk.workspace))

    def _bring_back(self, item: RetiredItem) -> None:
        self._desk.run(lambda w: plan_editing.bringing_back(w, item), self.edit)

    def _run(self, change: Callable[[], PlanDesk]) -> None:
        workspace = self._desk.workspace
        self._desk.runner.run(
            lambda: (change(), plan_editing.retired_items(workspace)), self._changed
        )

    def _changed(self, loaded: _Loaded) -> None:
        self._show(loaded)
        self.data_changed.emit()

    def _show(self, loaded: _Loaded) -> None:
        desk, retired = loaded
        self._shown = desk
        self.header.set_note(f"{desk.plan.year}年　第 {desk.plan.revision} 版　每次修改都已保存")
        self._history.offer(*(way.label if way else None for way in (desk.back, desk.forth)))
        self.outline.show_plan(desk.plan)
        self.shares.show_plan(desk.plan)
        self._parties.bring(lambda panel: panel.show_plan(desk.plan))
        self._about.bring(lambda panel: panel.show_plan(desk.plan))
        self._revisions.bring(lambda panel: panel.show_history(desk.history))
        self.retired.show_items(retired)
        self._choose_wanted()

    def _show_node(self, node: object) -> None:
        if self._shown is None or node is None:
            return
        kind, name = node  # pyright: ignore[reportGeneralTypeIssues] - a node by agreement
        if kind == OutlineLevel.TASK:
            self.task.show_task(self._shown.plan, name)
            self._forms.setCurrentWidget(self.task)
        else:
            self.heading.show_heading(self._shown.plan, kind, name)
            self._forms.setCurrentWidget(self.heading)
