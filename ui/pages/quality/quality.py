"""数据质量: what is doubtful in typed values and ledgers, what may stay, and by which rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.domain.findings import Severity
from fsdesk.domain.periods import Period
from fsdesk.services.output import heads
from fsdesk.services.quality import data_quality, quality_rules
from fsdesk.services.supervision import supervision
from ui.files import EXCEL
from ui.page import Page
from ui.pages.quality.doubt_list import QualityList
from ui.pages.quality.hidden import QualityHidden
from ui.pages.quality.rules import QualityRules
from ui.widgets.choice import Choice
from ui.widgets.fields import passing
from ui.widgets.later import LaterTabs

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from fsdesk.domain.output.reporting import Reporting
    from fsdesk.domain.quality.doubts import DataDoubt, Dismissal
    from fsdesk.domain.quality.rules import QualityRule
    from fsdesk.domain.steps import Progress
    from fsdesk.domain.supervision.letters import LetterDraft
    from fsdesk.services.quality.data_quality import Quality, QualityGroup
    from fsdesk.services.quality.quality_rules import RuleBook
    from ui.desk import Desk
    from ui.tasks import BackgroundTask

_ALL = 5_000
_MASK = "*"


class QualityPage(Page):
    """Examines in the background each time it is seen after data changed."""

    def __init__(self, desk: Desk) -> None:
        """Build list, what is hidden, and rules."""
        super().__init__("数据质量")
        self._desk, self._period = desk, ""
        self._found: Quality | None = None
        self._task: BackgroundTask | None = None
        self.units = passing(Choice("单位", [("全部单位", "")], kept=desk.is_office))
        self.units.chosen.connect(lambda _: self._examine())
        self.export = self.header.set_primary("导出问题清单", self._export, "file-spreadsheet")
        self.header.add_quiet("重新检查", self._examine, "refresh-cw")
        self.header.add_widget(self.units)
        self.units.setVisible(desk.is_office)
        self.list = QualityList(desk.drafts, is_office=desk.is_office)
        self.list.opened.connect(self._open)
        self.list.dismissed.connect(self._dismiss)
        self.list.more_wanted.connect(self._list_more)
        self.list.letter_wanted.connect(self._write_letters)
        self.tabs = LaterTabs()
        self.body.addWidget(self.tabs, 1)
        self.tabs.addTab(self.list, "问题")
        self._hidden = self.tabs.add("不再提示", self._make_hidden)
        self._rules = self.tabs.add("检查规则", self._make_rules)

    def _make_hidden(self) -> QualityHidden:
        made = QualityHidden()
        made.taken_back.connect(self._take_back)
        return made

    def _make_rules(self) -> QualityRules:
        made = QualityRules(self._desk.drafts, is_office=self._desk.is_office)
        made.saved.connect(self._save_rule)
        made.switched.connect(self._switch_rule)
        made.dropped.connect(self._drop_rule)
        return made

    @property
    def hidden(self) -> QualityHidden:
        """What is told no more."""
        return self._hidden.part

    @property
    def rules(self) -> QualityRules:
        """By what the data are examined."""
        return self._rules.part

    def refresh(self, period: str) -> None:
        """Examine the data up to a period."""
        self._period = period
        self._examine()

    def show_item(self, item: object) -> None:
        """Show only a unit's findings, by its code."""
        self.tabs.setCurrentIndex(0)
        self.units.set_value(str(item))
        self._examine()

    def _examine(self) -> None:
        """Examine in the background; one that is still under way is given up."""
        if self._task is not None:
            self._task.cancel()
        workspace, period = self._desk.workspace, Period.parse(self._period)
        unit = str(self.units.value or "")
        self.header.set_note("正在检查")

        def examine() -> Generator[Progress, None, tuple[Quality, Reporting]]:
            found = yield from data_quality.examine(workspace, period, unit)
            return found, heads.reporting_of(workspace, period)

        self._task = self._desk.runner.beside(examine, self._show, title="正在检查数据质量")
        self._desk.runner.beside(
            lambda: (quality_rules.rule_book(workspace), data_quality.dismissals(workspace)),
            self._show_rest,
        )

    def _show(self, loaded: tuple[Quality, Reporting]) -> None:
        self._task = None
        found, told = loaded
        self._found = found
        parts = [f"{level.value} {found.count(level):,}" for level in Severity]
        words = f"截至{found.period.label}，{found.checked} 条规则：{'，'.join(parts)}"
        self.header.set_note(words)
        units = [(unit.name, unit.code) for unit in found.plan.units_in_year.values()]
        self.units.set_entries([("全部单位", ""), *units])
        self.export.setEnabled(found.count() > 0)
        self.list.show_found(found, told)
        if not found.unit or not self._desk.is_office:
            self.badge_changed.emit(found.count(Severity.ERROR))

    def _show_rest(self, loaded: tuple[RuleBook, tuple[Dismissal, ...]]) -> None:
        book, hidden = loaded
        names = {unit.code: unit.name for unit in book.plan.units_in_year.values()}
        self._hidden.bring(lambda panel: panel.show_hidden(hidden, names))
        self.tabs.setTabText(1, f"不再提示（{len(hidden)}）" if hidden else "不再提示")
        self._rules.bring(lambda panel: panel.show_book(book))

    def _list_more(self, group: QualityGroup) -> None:
        workspace, found = self._desk.workspace, self._found
        if found is not None:
            self._desk.runner.beside(
                lambda: data_quality.more(workspace, found, group, _ALL), self.list.show_more
            )

    # Opening the place

    def _open(self, doubt: DataDoubt) -> None:
        spot = doubt.spot
        if spot.ledger:
            words = spot.name.split("，", 1)[0]
            known = words and _MASK not in words
            self.open_requested.emit("ledger", (spot.ledger, words) if known else spot.ledger)
            return
        before = self._period
        if spot.period != before:
            self.period_requested.emit(spot.period)
            label = Period.parse(spot.period).label
            self._desk.messages.info(
                f"报告期已换到{label}。", "换回", lambda: self.period_requested.emit(before)
            )
        if self._desk.is_office:
            self.open_requested.emit("recording", ("unit", spot.unit))
        task = data_quality.task_of(self._found.plan, spot.item) if self._found else ""
        self.open_requested.emit("recording", task or None)

    # What may stay

    def _dismiss(
        self, doubts: tuple[DataDoubt, ...], reason: str, stored: Callable[[], None]
    ) -> None:
        workspace = self._desk.workspace
        self._change(
            lambda: data_quality.dismiss(workspace, doubts, reason),
            lambda count: f"已不再提示 {count} 处，可在“不再提示”中恢复。",
            stored,
        )

    def _take_back(self, marks: tuple[str, ...]) -> None:
        workspace = self._desk.workspace
        self._change(
            lambda: data_quality.take_back(workspace, marks),
            lambda count: f"已恢复提示 {count} 处。",
        )

    def _write_letters(self, doubts: tuple[DataDoubt, ...]) -> None:
        """Draft letters to the units whose data is doubtful."""
        found = self._found
        if found is None:
            return

        def done(made: tuple[LetterDraft, ...]) -> None:
            self._desk.messages.info(
                f"已拟稿 {len(made)} 件，核对后在“督办”印发。",
                "去督办",
                lambda: self.open_requested.emit("supervision", made[0].key),
            )
            self.data_changed.emit()

        self._desk.run(lambda w: supervision.draft_found(w, found.period, doubts), done)

    # Rules

    def _save_rule(self, rule: QualityRule, stored: Callable[[], None]) -> None:
        workspace = self._desk.workspace
        self._change(
            lambda: quality_rules.save_rule(workspace, rule), lambda _: "已保存规则。", stored
        )

    def _switch_rule(self, code: str, on: bool) -> None:  # noqa: FBT001 - a signal's argument
        workspace = self._desk.workspace
        words = "已启用规则。" if on else "已停用规则。"
        self._change(lambda: quality_rules.switch_rule(workspace, code, on=on), lambda _: words)

    def _drop_rule(self, code: str) -> None:
        workspace = self._desk.workspace
        self._change(
            lambda: quality_rules.drop_rule(workspace, code),
            lambda _: "规则已改回或删除。",
            self.rules.form.kept.give_up,
        )

    def _change(
        self,
        job: Callable[[], object],
        words: Callable[[object], str],
        stored: Callable[[], object] | None = None,
    ) -> None:
        def done(result: object) -> None:
            if stored is not None:
                stored()
            self._desk.messages.info(words(result))
            self._examine()
            self.data_changed.emit()

        self._desk.runner.run(job, done)

    def _export(self) -> None:
        found = self._found
        if found is None:
            return
        name = f"数据质量问题清单-{self._period}.xlsx"
        file = self._desk.files.save("导出问题清单", name, (EXCEL,), "quality")
        if file is None:
            return
        self._desk.run(
            lambda w: data_quality.write_list(w, found, file, tuple(Severity)),
            lambda count: self._desk.tell_written(f"已导出 {count} 处问题。", file),
            title="正在导出问题清单",
        )
