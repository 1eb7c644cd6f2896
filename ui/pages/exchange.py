"""交换: packets out and in; nothing is taken before it was shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QTabWidget

from fsdesk.domain.periods import Period
from fsdesk.services import deciding, exchange
from fsdesk.services.planning import current_plan
from ui.models.rows import Column, RowsModel
from ui.page import Page
from ui.pages.conflicts import ConflictList
from ui.pages.incoming import IncomingPanel
from ui.pages.report_export import EXPORT
from ui.pages.wording import PACKET_KINDS, moment_text
from ui.tasks import State
from ui.widgets.report_table import ReportTable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fsdesk.domain.plan import Plan
    from fsdesk.services.deciding import Conflict
    from fsdesk.services.exchange import WrittenPacket
    from fsdesk.store.submissions import PacketNote
    from ui.desk import Desk
    from ui.tasks import Task

_CONFLICTS = 1


class ExchangePage(Page):
    """Files that come in, conflicts to decide, and what was sent and received."""

    def __init__(self, desk: Desk) -> None:
        """Build the page for the office or for a unit."""
        super().__init__("交换")
        self._desk, self._period = desk, ""
        self._plan: Plan | None = None
        self._issuing: Task | None = None
        self.incoming = IncomingPanel(desk)
        self.incoming.taken.connect(self._changed)
        if desk.is_office:
            self.header.add_quiet("下发计划", self._issue, "upload")
        else:
            self.header.add_quiet("导出报送包", self._export, "file-up")
        self.take = self.header.set_primary("全部接收", self.incoming.take, "package-check")
        self.take.setEnabled(False)
        self.incoming.ready.connect(self.take.setEnabled)
        self.conflicts = ConflictList()
        self.conflicts.decided.connect(self._decide)
        self.history: RowsModel[PacketNote] = RowsModel(self._history_columns())
        self.history_table = ReportTable("exchange-history", dense=True)
        self.history_table.show_rows(self.history)
        self.tabs = QTabWidget()
        self.tabs.addTab(self.incoming, "接收")
        self.tabs.addTab(self.conflicts, "待处理差异")
        self.tabs.addTab(self.history_table, "收发记录")
        self.body.addWidget(self.tabs, 1)
        desk.runner.finished.connect(self._note_end)

    def refresh(self, period: str) -> None:
        """Load conflicts and history."""
        self._period = period
        workspace = self._desk.workspace

        def job() -> tuple[Plan, tuple[Conflict, ...], tuple[PacketNote, ...]]:
            plan = current_plan(workspace)
            return plan, deciding.conflicts(workspace), exchange.history(workspace)

        self._desk.runner.run(job, self._show)

    def check(self, paths: Sequence[Path]) -> None:
        """Read files and show what they would change."""
        self.tabs.setCurrentWidget(self.incoming)
        self.incoming.check(paths)

    def _show(self, found: tuple[Plan, tuple[Conflict, ...], tuple[PacketNote, ...]]) -> None:
        self._plan, conflicts, notes = found
        self.incoming.set_plan(self._plan)
        self.conflicts.show_conflicts(self._plan, conflicts)
        title = f"待处理差异（{len(conflicts)}）" if conflicts else "待处理差异"
        self.tabs.setTabText(_CONFLICTS, title)
        self.history.set_rows(notes)

    # Out

    def _issue(self) -> None:
        folder = self._desk.files.folder("选择下发包的保存文件夹", "packets")
        if folder is None:
            return
        workspace, period = self._desk.workspace, Period.parse(self._period)
        self._issuing = self._desk.runner.run(
            lambda: exchange.issue_packets(workspace, period, folder),
            lambda written: self._issued(written, folder),
            title="正在生成下发包",
        )

    def _issued(self, written: tuple[WrittenPacket, ...], folder: Path) -> None:
        self._desk.messages.info(
            f"已为 {len(written)} 个单位生成{written[0].period.label}下发包。"
            if written
            else "没有需要下发的单位。",
            "打开所在文件夹",
            lambda: self._desk.files.reveal(folder),
        )
        self._changed()

    def _note_end(self, task: Task) -> None:
        if task is self._issuing and task.state is State.CANCELLED:
            self._desk.messages.warn("已取消下发：文件夹中只有部分单位的下发包，请重新下发。")
            self._changed()

    def _export(self) -> None:
        """Let the recording page do it, which knows what is still being typed."""
        self.open_requested.emit("recording", EXPORT)

    # Deciding

    def _decide(self, conflict: str, keep_mine: bool) -> None:  # noqa: FBT001 - a signal's value
        workspace = self._desk.workspace
        self._desk.runner.run(
            lambda: deciding.resolve(workspace, conflict, keep_mine=keep_mine),
            lambda _record: self._changed(),
        )

    def _changed(self) -> None:
        self.refresh(self._period)
        self.data_changed.emit()

    def _history_columns(self) -> tuple[Column[PacketNote], ...]:
        def name(note: PacketNote) -> str:
            return self._plan.directory.name(note.unit) if self._plan else note.unit

        return (
            Column("时间", lambda n: moment_text(n.handled_at), lambda n: n.handled_at, width=150),
            Column("收发", lambda n: "发出" if n.direction == "sent" else "收到", width=64),
            Column("种类", lambda n: PACKET_KINDS[n.kind], width=76),
            Column("单位", name, stretch=True),
            Column("报告期", lambda n: n.period, width=90),
            Column("编号", lambda n: n.id, width=150),
        )
