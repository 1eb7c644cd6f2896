"""取数: an office that is a unit of the level above fills its report from its own aggregate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QStackedWidget, QTabWidget

from fsdesk.domain.findings import FsdeskError
from fsdesk.domain.ladder.drawing import DrawState
from fsdesk.domain.ladder.matching import MatchState
from fsdesk.domain.periods import Period
from fsdesk.services.ladder import drawing, handing_down, matching, own_workspace, unit_parts
from ui.messages import told
from ui.page import Page
from ui.pages.exchange.report_export import EXPORT
from ui.pages.ladder.figures import FiguresTab
from ui.pages.ladder.hand_down_dialog import HandDownDialog
from ui.pages.ladder.matches import MatchesTab
from ui.pages.ladder.own_choice import OwnChoice
from ui.widgets.boxes import boxed, column_of, row_of
from ui.widgets.buttons import button
from ui.widgets.label import ElidedLabel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from fsdesk.domain.ladder.carrying import Carry
    from fsdesk.domain.ladder.handing_down import HandedDown
    from fsdesk.domain.ladder.matching import ItemKind, Match
    from fsdesk.services.care.known import KnownWorkspace
    from fsdesk.services.ladder.drawing import DrawResult, LadderView
    from fsdesk.services.ladder.own_workspace import OwnWorkspace
    from ui.desk import Desk


_LISTED = 12


class LadderPage(Page):
    """Figures and matches of one period; both levels are read in the background."""

    def __init__(self, desk: Desk) -> None:
        """Build the choice of the own workspace, and the two tabs."""
        super().__init__("取数")
        self._desk, self._period = desk, ""
        self._own: OwnWorkspace | None = None
        self._view: LadderView | None = None
        self.draw = self.header.set_primary("从本级汇总取数", self._draw, "download")
        self.header.add_quiet("重新读取", self._load, "refresh-cw")
        self.whose = ElidedLabel("muted")
        self.switch = button("切换到本级工作区", self._switch, "link")
        self.other = button("更换…", lambda: self._ask(""), "link")
        self.choice = OwnChoice(desk)
        self.choice.chosen.connect(self._choose)
        self.choice.switch_wanted.connect(self._switch)
        self.figures, self.matches = FiguresTab(), MatchesTab()
        self._connect()
        self.tabs = QTabWidget()
        self.tabs.addTab(self.figures, "取数对照")
        self.tabs.addTab(self.matches, "对应关系")
        whole = QFrame()
        column_of(
            boxed(row_of((self.whose, 1), self.switch, self.other)),
            (self.tabs, 1),
            parent=whole,
        )
        self.stack = QStackedWidget()
        self.stack.addWidget(whole)
        self.stack.addWidget(self.choice)
        self.body.addWidget(self.stack, 1)

    def _connect(self) -> None:
        figures, matches = self.figures, self.matches
        figures.basis_chosen.connect(self._load)
        figures.carry_chosen.connect(self._carry)
        figures.again_wanted.connect(self._draw_again)
        figures.item_wanted.connect(lambda item: self.open_requested.emit("recording", item))
        figures.correction_wanted.connect(self._correct)
        figures.period_wanted.connect(self.period_requested)
        figures.words_wanted.connect(self._copy)
        matches.decided.connect(self._decide)
        matches.proposed_confirmed.connect(self._ask_proposed)
        matches.taken_back.connect(self._take_back)
        matches.hand_down_wanted.connect(self._ask_hand_down)

    def refresh(self, period: str) -> None:
        """Read both levels for a period."""
        self._period = period
        self._load()

    def _load(self) -> None:
        period, basis = Period.parse(self._period), self.figures.basis
        self.header.set_loading(loading=True)
        self._desk.run(
            lambda w: (
                own_workspace.chosen(w),
                own_workspace.candidates(w),
                _view_or_fault(lambda: drawing.ladder_view(w, period, basis)),
            ),
            self._show,
        )

    def _show(
        self,
        loaded: tuple[OwnWorkspace | None, tuple[KnownWorkspace, ...], LadderView | FsdeskError],
    ) -> None:
        self.header.set_loading(loading=False)
        self._own, candidates, found = loaded
        self.choice.offer(candidates)
        if isinstance(found, FsdeskError):
            self._view = None
            self._ask(told(found) if self._own is not None else "")
            return
        if found.figures.period != Period.parse(self._period):
            return  # another was asked for meanwhile
        self._view = found
        self.stack.setCurrentIndex(0)
        self._show_head(found)
        self.figures.show_view(found)
        self.matches.show_desk(found.matches)

    def _show_head(self, view: LadderView) -> None:
        figures, level = view.figures, view.figures.own.level
        self.draw.setText(f"从{level}汇总取数")
        self.draw.setEnabled(not figures.locked)
        self.switch.setText(f"切换到{level}工作区")
        self.whose.setText(f"{figures.own.name}　{figures.own.folder}")
        ready = figures.count(DrawState.READY, DrawState.OUTDATED)
        unmatched = figures.count(DrawState.UNMATCHED)
        parts = [f"{figures.period.label}，{figures.basis_text}", f"可取数 {ready} 项"]
        parts += [f"未对应 {unmatched} 项"] if unmatched else []
        parts += [figures.note] if figures.note else []
        self.header.set_note("，".join(parts))
        open_ = view.matches.count(MatchState.PROPOSED, MatchState.CHANGED)
        self.tabs.setTabText(1, f"对应关系（{open_} 项待确认）" if open_ else "对应关系")
        self.badge_changed.emit(sum(len(each.lines) for each in view.differences))

    def _ask(self, problem: str) -> None:
        """Have the own workspace chosen, and say why the one that was chosen doesn't do."""
        self.draw.setEnabled(False)
        self.header.set_note("")
        self.choice.show_problem(problem)
        self.stack.setCurrentIndex(1)

    def _choose(self, folder: Path) -> None:
        workspace = self._desk.workspace
        self._change(
            lambda: own_workspace.choose(workspace, folder),
            lambda own: f"已选择{own.level}的工作区：{own.name}。",
            self.choice.refuse,
        )

    def _switch(self) -> None:
        if self._own is not None:
            self._desk.switch_to(self._own.folder)

    # Figures

    def _carry(self, carry: Carry) -> None:
        workspace = self._desk.workspace
        self._change(
            lambda: unit_parts.choose_carrying(workspace, carry),
            lambda _: "已改随报送带上的内容，下次取数时带上。",
        )

    def _draw(self) -> None:
        period, basis = Period.parse(self._period), self.figures.basis
        self._change(lambda: drawing.draw(self._desk.workspace, period, basis), _draw_words)

    def _draw_again(self, keys: tuple[object, ...]) -> None:
        period, basis = Period.parse(self._period), self.figures.basis
        wanted = frozenset(keys)
        by_hand = [
            line
            for line in (self._view.figures.lines if self._view else ())
            if line.key in wanted
            and line.state in {DrawState.BY_HAND, DrawState.TYPED, DrawState.NO_REASON}
        ]
        question = f"把 {len(by_hand)} 项手工填的数改回汇总数吗？"
        if by_hand and not self._desk.messages.ask(
            question, "手工填的数和写的原因被替换，可在填报页撤销。", ("改回汇总数",)
        ):
            return
        self._change(
            lambda: drawing.draw(self._desk.workspace, period, basis, wanted, again=True),  # pyright: ignore[reportArgumentType] - keys of the lines
            _draw_words,
        )

    def _correct(self) -> None:
        period = Period.parse(self._period)

        def done(result: DrawResult) -> str:
            self.open_requested.emit("recording", EXPORT)
            return f"已更正 {result.filled} 项，请检查后导出更正的报送包。"

        self._change(lambda: drawing.correct(self._desk.workspace, period), done)

    def _copy(self, words: str) -> None:
        QGuiApplication.clipboard().setText(words)
        self._desk.messages.info("已复制更正说明，可以发给上级，请其重新开放本期报送。")

    # Matches

    def _decide(self, decision: tuple[ItemKind, str, str]) -> None:
        workspace = self._desk.workspace
        self._change(
            lambda: matching.confirm_matches(workspace, [decision]), lambda _: "已确定对应关系。"
        )

    def _ask_proposed(self, proposed: tuple[Match, ...]) -> None:
        """Confirm what is proposed; pairs that only look alike are shown before."""
        alike = [each for each in proposed if each.only_alike]
        same = tuple(each for each in proposed if not each.only_alike)
        if not alike:
            self._confirm(same)
            return
        everything, only_same = "全部确认", f"只确认名称相同的 {len(same)} 项"
        answer = self._desk.messages.ask(
            f"{len(proposed)} 项建议中有 {len(alike)} 项名称只是相近，都是同一件事吗？",
            "\n".join(_pairs_text(alike)),
            (only_same, everything) if same else (everything,),
        )
        if answer is not None:
            self._confirm(same if answer == only_same else proposed)

    def _confirm(self, matches: tuple[Match, ...]) -> None:
        workspace = self._desk.workspace
        decisions = [
            (each.upper.kind, each.upper.code, each.lower.code) for each in matches if each.lower
        ]
        self._change(
            lambda: matching.confirm_matches(workspace, decisions),
            lambda _: f"已确认 {len(decisions)} 项对应关系。",
        )

    def _take_back(self, item: tuple[ItemKind, str]) -> None:
        workspace = self._desk.workspace
        self._change(
            lambda: matching.take_back(workspace, *item), lambda _: "已撤销，按建议重新列出。"
        )

    def _ask_hand_down(self, match: Match) -> None:
        if self._view is None:
            return
        dialog = HandDownDialog(self, self._view.matches, match.upper.code, self._desk.unit)
        dialog.accepted.connect(lambda: self._hand_down(dialog))
        dialog.open()

    def _hand_down(self, dialog: HandDownDialog) -> None:
        workspace, wanted = self._desk.workspace, dialog.wanted

        def words(made: HandedDown) -> str:
            more = "；".join((*made.left_out, *made.short))
            return f"已在本级计划中新增任务 {made.task}，请切换到本级工作区重新下发计划。" + (
                f"请注意：{more}。" if more else ""
            )

        self._change(lambda: handing_down.hand_down(workspace, wanted), words)

    def _change(
        self,
        job: Callable[[], object],
        words: Callable[..., str],
        failed: Callable[[Exception], object] | None = None,
    ) -> None:
        def done(result: object) -> None:
            self._desk.messages.info(words(result))
            self._load()
            self.data_changed.emit()

        self._desk.runner.run(job, done, failed)


def _pairs_text(matches: list[Match]) -> Iterator[str]:
    """Write each pair in a line; what is more than people look through is counted."""
    for match in matches[:_LISTED]:
        if match.lower is not None:
            yield f"{match.upper.name} → {match.lower.name}"
    if len(matches) > _LISTED:
        yield f"等 {len(matches)} 项，其余请在表中逐行核对"


def _view_or_fault(read: Callable[[], LadderView]) -> LadderView | FsdeskError:
    """Return what is read, or why it can't be: the page says so and has it chosen anew."""
    try:
        return read()
    except FsdeskError as problem:
        return problem


def _draw_words(result: DrawResult) -> str:
    parts = [f"已取数 {result.filled} 项"]
    parts += [f"手工填报的 {result.kept} 项保持不变"] if result.kept else []
    parts += [f"下级未报的 {result.unreported} 项没有填"] if result.unreported else []
    parts += [f"未对应的 {result.unmatched} 项请手工填报"] if result.unmatched else []
    words = "，".join(parts) + "。"
    if result.refused:
        words += f"另有 {len(result.refused)} 条没有填：{result.refused[0]}"
    return words
