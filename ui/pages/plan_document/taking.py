"""确认: what will happen is listed first; then the draft is taken, or next year begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from fsdesk.services.care import next_year
from fsdesk.services.plan_document import plan_documents
from ui.pages.plan_document.outcome import ChangeList, counts
from ui.pages.plan_effect import Change, EffectBar

if TYPE_CHECKING:
    from pathlib import Path

    from fsdesk.domain.plan.changes import PlanDifference
    from fsdesk.domain.plan.plan import Plan
    from fsdesk.domain.plan_document import ParsedPlan
    from ui.desk import Desk


class Taking(ChangeList):
    """Compares a draft with the plan, shows the outcome, and takes the draft after a yes."""

    shown = Signal()  # there is something to look at
    done = Signal()  # the draft was taken
    made = Signal()  # next year's workspace was made
    plan_changed = Signal()  # and this workspace's plan is another one

    def __init__(self, desk: Desk) -> None:
        """Begin without a draft."""
        self.effect = EffectBar(desk)
        super().__init__(self.effect)
        self._desk = desk
        self._year = desk.workspace.identity.year
        self._parsed: ParsedPlan | None = None
        self.taken.connect(self._take)

    def compare(self, parsed: ParsedPlan) -> None:
        """Find out what a draft would change, and show it."""
        self._parsed = parsed
        self.effect.setVisible(parsed.plan.year == self._year)
        self._desk.run(
            lambda w: plan_documents.compare_document(w, parsed),
            lambda difference: self._show_outcome(parsed, difference),
            title="正在比较",
        )

    def _show_outcome(self, parsed: ParsedPlan, difference: PlanDifference) -> None:
        year = parsed.plan.year
        if year == self._year and difference.is_empty:
            self._desk.messages.info("文件与现有计划一致，没有变化。")
            return
        what, verb = f"按这份文件更新 {year} 年计划", "确认更新"
        if year > self._year:
            what = f"这是 {year} 年的计划，将另建工作区；与 {self._year} 年相比"
            verb = f"选择文件夹，建立 {year} 年工作区…"
        elif year < self._year:
            what = f"这是 {year} 年的计划，将存为往年计划，{self._year} 年计划不变"
        self.show_difference(difference, what, verb, len(parsed.warnings))
        self.shown.emit()

    def _take(self) -> None:
        parsed = self._parsed
        if parsed is None:
            return
        if parsed.plan.year > self._year:
            self._make_next_year(parsed)
            return
        self.effect.give(
            Change(
                lambda w, since: plan_documents.effects_of_document(w, parsed, since),
                lambda w, since: plan_documents.import_document(w, parsed, since),
                "正在更新计划",
            ),
            self._taken,
            lambda: None,
        )

    def _taken(self, difference: PlanDifference) -> None:
        self.done.emit()
        self._desk.messages.info(f"计划已更新：{counts(difference)}。请在“交换”页重新下发计划。")
        self.plan_changed.emit()

    def _make_next_year(self, parsed: ParsedPlan) -> None:
        """Ask for a folder and make the coming year's workspace there."""
        year = parsed.plan.year
        chosen = self._desk.files.folder(f"选择存放 {year} 年工作区的文件夹", "next-year")
        if chosen is None:
            return
        folder = chosen / f"食药安工作台{year}年"
        self._desk.run(
            lambda w: next_year.make_next_year(w, folder, parsed),
            lambda plan: self._made(plan, folder),
            title=f"正在建立 {year} 年工作区",
        )

    def _made(self, plan: Plan, folder: Path) -> None:
        self.done.emit()
        with_baseline = sum(indicator.baseline is not None for indicator in plan.indicators)
        self._desk.messages.info(
            f"已建立 {plan.year} 年工作区：{len(plan.tasks)} 项任务，"
            f"{with_baseline} 个指标带有上年完成值。{self._year} 年的工作区照常使用。"
            f"{next_year.baseline_note(self._desk.workspace)}",
            f"打开 {plan.year} 年工作区",
            lambda: self._desk.switch_to(folder),
        )
        self.made.emit()
