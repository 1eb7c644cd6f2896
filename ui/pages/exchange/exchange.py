"""交换: packets out and in; nothing is taken before it was shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.domain.packet.signing import KeyState
from fsdesk.domain.periods import Period
from fsdesk.domain.records.checks import item_name
from fsdesk.services.packet import (
    conflicts,
    history,
    import_undo,
    review_desk,
    signing,
    taken_files,
)
from fsdesk.services.packet.conflict_origins import conflicts_with_origins
from fsdesk.services.plan.planning import current_plan
from fsdesk.services.status import handover
from ui.page import Page
from ui.pages.exchange.conflicts import ConflictList
from ui.pages.exchange.history import HistoryPanel
from ui.pages.exchange.issuing import Outgoing
from ui.pages.exchange.keys import KeysPanel
from ui.pages.exchange.places import ExchangePlace
from ui.pages.exchange.receiving import ReceivingPanel
from ui.pages.exchange.review.panel import ReviewPanel
from ui.pages.exchange.undo_dialog import UndoDialog
from ui.pages.handover_note import HandoverNote
from ui.widgets.later import Later, LaterTabs

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fsdesk.domain.packet.exchanged import Batch
    from fsdesk.domain.packet.handover import HandedOver
    from fsdesk.domain.plan.plan import Plan
    from fsdesk.services.packet.conflict_origins import ConflictSides
    from fsdesk.services.packet.conflicts import Decision
    from fsdesk.services.packet.history import Exchanged
    from fsdesk.services.packet.import_undo import Undone
    from fsdesk.services.packet.review_desk import ReviewDesk
    from fsdesk.services.packet.signing import KnownKey
    from fsdesk.services.packet.taken_files import TakenFiles
    from ui.desk import Desk

    _Loaded = tuple[
        Plan,
        tuple[ConflictSides, ...],
        tuple[Exchanged, ...],
        Batch | None,
        tuple[KnownKey, ...],
        HandedOver,
    ]

_CONFLICTS = 1
_MOST_NAMED = 5


class ExchangePage(Page):
    """Files that come in, conflicts to decide, and what was sent and received."""

    widest = 0

    def __init__(self, desk: Desk) -> None:
        """Build the page for the office or for a unit."""
        super().__init__("交换")
        self._desk, self._period = desk, ""
        self._plan: Plan | None = None
        self._last: Batch | None = None
        self.choosing: UndoDialog | None = None
        self.outgoing = Outgoing(desk, self)
        self.outgoing.written.connect(self._changed)
        if desk.is_office:
            self.header.add_quiet("下发计划", lambda: self.outgoing.issue(self._period), "upload")
            self.header.add_quiet(
                "生成反馈包", lambda: self.outgoing.answer(self._period), "file-up"
            )
        else:
            self.header.add_quiet("导出报送包", self.export_requested.emit, "file-up")
        self.undo = self.header.add_quiet("撤销接收…", self._ask_undo, "undo-2")
        self.take = self.header.set_primary("全部接收", self._take, "package-check")
        self.take.setEnabled(False)
        self.handover = HandoverNote(offers=False)
        self.tabs = LaterTabs()
        self.body.addWidget(self.handover)
        self.body.addWidget(self.tabs, 1)
        self._incoming = self.tabs.add("接收", self._make_incoming)
        self._conflicts = self.tabs.add("待处理差异", self._make_conflicts)
        self._review = Later(self._make_review)
        if desk.is_office:
            self.tabs.addTab(self._review, "审核")
        self._exchanged = self.tabs.add("收发记录", lambda: HistoryPanel(desk))
        self._keys = self.tabs.add("密钥", self._make_keys)

    def _make_incoming(self) -> ReceivingPanel:
        made = ReceivingPanel(self._desk)
        made.taken.connect(self._changed)
        made.mending_wanted.connect(self._mend)
        made.ready.connect(self.take.setEnabled)
        self.first = made.zone
        return made

    def _make_conflicts(self) -> ConflictList:
        made = ConflictList()
        made.decided.connect(self._decide)
        made.all_decided.connect(self._decide_all)
        return made

    def _make_review(self) -> ReviewPanel:
        made = ReviewPanel(self._desk)
        made.changed.connect(self.data_changed)
        made.counted.connect(self._show_waiting)
        return made

    def _make_keys(self) -> KeysPanel:
        made = KeysPanel(self._desk)
        made.changed.connect(self._changed)
        return made

    @property
    def incoming(self) -> ReceivingPanel:
        """The files that come in."""
        return self._incoming.part

    @property
    def conflicts(self) -> ConflictList:
        """The differences that wait for a decision."""
        return self._conflicts.part

    @property
    def review(self) -> ReviewPanel:
        """What the office looks through and accepts."""
        return self._review.part

    @property
    def history(self) -> HistoryPanel:
        """What was sent and received."""
        return self._exchanged.part

    @property
    def keys(self) -> KeysPanel:
        """The keys of others."""
        return self._keys.part

    def refresh(self, period: str) -> None:
        """Load conflicts and history."""
        self._period = period
        workspace = self._desk.workspace

        def job() -> _Loaded:
            return (
                current_plan(workspace),
                conflicts_with_origins(workspace),
                history.history(workspace),
                import_undo.last_import(workspace),
                signing.known_keys(workspace),
                handover.handed_over(workspace),
            )

        self._desk.runner.run(job, self._show)
        if self._desk.is_office:
            self._review.bring(lambda panel: panel.refresh(period))
            if not self._review.is_made:  # its tab tells how many wait all the same
                self._desk.run(
                    lambda w: review_desk.review_desk(w, Period.parse(period)),
                    self._show_reports,
                )

    def show_item(self, item: object) -> None:
        """Check packets that were opened from outside, a tuple of paths; or show a part."""
        if isinstance(item, tuple):
            self.tabs.setCurrentWidget(self.incoming)
            self.incoming.check(item)
        elif isinstance(item, ExchangePlace):
            place = {
                ExchangePlace.CONFLICTS: self._conflicts,
                ExchangePlace.REVIEW: self._review,
                ExchangePlace.KEYS: self._keys,
                ExchangePlace.HISTORY: self._exchanged,
            }[item]
            self.tabs.setCurrentWidget(place)
            self.enter()

    def check(self, paths: Sequence[Path]) -> None:
        """Read files and show what they would change."""
        self.tabs.setCurrentWidget(self.incoming)
        self.incoming.check(paths)

    def _take(self) -> None:
        self.incoming.take()

    def _show(self, found: _Loaded) -> None:
        self._plan, conflicts, exchanged, self._last, known, stands = found
        if not self._desk.is_office:
            self.handover.show_all(stands)
        self.undo.setEnabled(self._last is not None)
        plan = self._plan
        self._incoming.bring(lambda panel: panel.set_plan(plan))
        self._conflicts.bring(lambda panel: panel.show_conflicts(plan, conflicts))
        title = f"待处理差异（{len(conflicts)}）" if conflicts else "待处理差异"
        self.tabs.setTabText(_CONFLICTS, title)
        self._exchanged.bring(lambda panel: panel.show_packets(exchanged))
        self._keys.bring(lambda panel: panel.show_keys(known))
        waiting = sum(key.state is KeyState.WAITING for key in known)
        title = f"密钥（{waiting} 把待核对）" if waiting else "密钥"
        self.tabs.setTabText(self.tabs.indexOf(self._keys), title)

    def _show_reports(self, found: ReviewDesk) -> None:
        if str(found.period) != self._period:
            return
        self._show_waiting(len(found.waiting))
        if not self._review.is_made:
            self._review.bring(lambda panel: panel.show_desk(found))

    def _show_waiting(self, count: int) -> None:
        """Say on the tab how many reports of the period wait for review."""
        title = f"审核（{count}）" if count else "审核"
        self.tabs.setTabText(self.tabs.indexOf(self._review), title)

    def _mend(self, period: str) -> None:
        """Go to the report that the office said something of."""
        self.period_requested.emit(period)
        self.open_requested.emit("recording", "")  # its form, though its export may be shown

    # Deciding

    def _ask_undo(self) -> None:
        """Show the files of the last import, and take back those that the user checks."""
        self._desk.run(taken_files.last_files, self._choose_files)

    def _choose_files(self, found: TakenFiles | None) -> None:
        if found is None or self._plan is None:
            return
        self.choosing = UndoDialog(found, self._plan, self.window())
        self.choosing.accepted.connect(lambda: self._undo(found.batch.id))
        self.choosing.open()

    def _undo(self, batch: int) -> None:
        if self.choosing is None:
            return
        places = self.choosing.chosen
        self._desk.run(
            lambda w: (
                import_undo.undo_last_import(w)
                if places is None
                else import_undo.undo_files(w, batch, places)
            ),
            self._undone,
            title="正在撤销",
        )

    def _undone(self, undone: Undone) -> None:
        words = f"已撤销：{undone.packets} 个文件，恢复 {undone.records} 项"
        if undone.kept and self._plan is not None:
            plan = self._plan
            kept = [k if isinstance(k, str) else item_name(plan, k) for k in undone.kept]
            names = "、".join(kept[:_MOST_NAMED])
            self._desk.messages.warn(
                f"{words}；接收以后又改过或已审核接收、保持不变的 {len(kept)} 项：{names}。"
            )
        else:
            self._desk.messages.info(f"{words}。")
        self._changed()

    def _decide_all(self, keep_mine: bool) -> None:  # noqa: FBT001 - a signal's value
        side, count = ("本机" if keep_mine else "来件"), len(self.conflicts.model.rows)
        if self._desk.messages.ask(
            f"{count} 项差异都按{side}的内容处理吗？",
            "处理后可以撤销，直到结果随文件发出。",
            (f"全部按{side}",),
        ):
            self._desk.run(
                lambda w: conflicts.decide_all(w, keep_mine=keep_mine),
                lambda done: self._decided(f"已按{side}处理 {len(done.kept)} 项差异。", done),
            )

    def _decide(self, conflict: str, keep_mine: bool) -> None:  # noqa: FBT001 - a signal's value
        row = self.conflicts.conflict(conflict)
        if row is None:
            return
        side = "保留本机的" if keep_mine else "采用来件的"
        said = self.conflicts.said(row, keep_mine=keep_mine)
        words = f"{self.conflicts.named(row)}：已{side}内容（{said}）。"
        self._desk.run(
            lambda w: conflicts.decide(w, conflict, keep_mine=keep_mine),
            lambda done: self._decided(words, done),
        )

    def _decided(self, words: str, decision: Decision) -> None:
        """Say what was decided, with a way back."""
        self._desk.messages.info(words, "撤销", lambda: self._take_back(decision))
        self._changed()

    def _take_back(self, decision: Decision) -> None:
        count = len(decision.kept)
        self._desk.run(
            lambda w: conflicts.take_back(w, decision),
            lambda _none: self._told(f"已撤销处理，{count} 项差异重新并列，等待选择。"),
        )

    def _told(self, words: str) -> None:
        self._desk.messages.info(words)
        self._changed()

    def _changed(self) -> None:
        self.refresh(self._period)
        self.data_changed.emit()
