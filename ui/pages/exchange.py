"""交换: packets out and in; nothing is taken before it was shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QSplitter, QTabWidget, QVBoxLayout, QWidget

from fsdesk.domain.periods import Period
from fsdesk.services import deciding, exchange, taking
from fsdesk.services.planning import current_plan
from fsdesk.services.taking import Result
from ui import remember
from ui.files import ALL, EXCEL
from ui.models.rows import Column, RowsModel
from ui.page import Page
from ui.pages.conflicts import ConflictList
from ui.pages.wording import change_lines, moment_text
from ui.theme import SPACE_S
from ui.widgets.drop_zone import DropZone
from ui.widgets.label import label
from ui.widgets.report_table import ReportTable

if TYPE_CHECKING:
    from pathlib import Path

    from fsdesk.domain.plan import Plan
    from fsdesk.services.deciding import Conflict
    from fsdesk.services.exchange import WrittenPacket
    from fsdesk.services.taking import CheckedPacket, ImportSummary
    from fsdesk.store.submissions import PacketNote
    from ui.desk import Desk

_KINDS = {"PLAN": "下发包", "REPORT": "报送包", "FEEDBACK": "反馈包"}


class ExchangePage(Page):
    """One drop zone, a table of files with what they would change, conflicts, history."""

    def __init__(self, desk: Desk) -> None:
        """Build the page for the office or for a unit."""
        super().__init__("交换")
        self._desk, self._period = desk, ""
        self._plan: Plan | None = None
        self._checked: tuple[CheckedPacket, ...] = ()
        if desk.is_office:
            self.header.add_quiet("下发计划", self._issue, "upload")
        self.take = self.header.set_primary("全部接收", self._take, "package-check")
        self.take.setEnabled(False)
        text = (
            "把各单位的报送包拖到这里，或点击选择"
            if desk.is_office
            else "把区食药安办的下发包拖到这里，或点击选择"
        )
        self.zone = DropZone(
            text,
            "可一次选择多个文件或文件夹；接收前先显示会改变什么",
            self._choose_files,
            taking.SPREADSHEETS,
        )
        self.zone.paths_chosen.connect(self.check)
        self.files: RowsModel[CheckedPacket] = RowsModel(_file_columns())
        self.table = ReportTable("exchange-files", dense=True)
        self.table.show_rows(self.files)
        self.table.row_chosen.connect(self._explain)
        self.detail = QPlainTextEdit()
        self.detail.setReadOnly(True)
        self.detail.setAccessibleName("文件会改变什么")
        self.detail.setPlaceholderText("选中一个文件，这里逐项显示它会改变什么")
        self.conflicts = ConflictList()
        self.conflicts.decided.connect(self._decide)
        self.history: RowsModel[PacketNote] = RowsModel(self._history_columns())
        self.history_table = ReportTable("exchange-history", dense=True)
        self.history_table.show_rows(self.history)
        self._lay_out()

    def _lay_out(self) -> None:
        incoming = QSplitter(Qt.Orientation.Vertical)
        incoming.addWidget(self.table)
        incoming.addWidget(self.detail)
        incoming.setStretchFactor(0, 3)
        incoming.setStretchFactor(1, 2)
        remember.keep_splitter(incoming, "exchange")
        first = QWidget()
        column = QVBoxLayout(first)
        column.setContentsMargins(0, SPACE_S, 0, 0)
        column.addWidget(self.zone)
        self.result = label("", "muted", wrap=True)
        column.addWidget(self.result)
        column.addWidget(incoming, 1)
        self.tabs = QTabWidget()
        self.tabs.addTab(first, "接收")
        self.tabs.addTab(self.conflicts, "待处理差异")
        self.tabs.addTab(self.history_table, "收发记录")
        self.body.addWidget(self.tabs, 1)

    def refresh(self, period: str) -> None:
        """Load conflicts and history."""
        self._period = period
        workspace = self._desk.workspace

        def job() -> tuple[Plan, tuple[Conflict, ...], tuple[PacketNote, ...]]:
            plan = current_plan(workspace)
            return plan, deciding.conflicts(workspace), exchange.history(workspace)

        self._desk.runner.run(job, self._show)

    def _show(self, found: tuple[Plan, tuple[Conflict, ...], tuple[PacketNote, ...]]) -> None:
        self._plan, conflicts, notes = found
        self.conflicts.show_conflicts(self._plan, conflicts)
        self.tabs.setTabText(1, f"待处理差异（{len(conflicts)}）" if conflicts else "待处理差异")
        self.history.set_rows(notes)

    # Out

    def _issue(self) -> None:
        folder = self._desk.files.folder("选择下发包的保存文件夹", "packets")
        if folder is None:
            return
        workspace, period = self._desk.workspace, Period.parse(self._period)
        self._desk.runner.run(
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
        self.refresh(self._period)

    # In

    def _choose_files(self) -> list[Path]:
        return self._desk.files.open_many("选择报送包", (EXCEL, ALL), "packets")

    def check(self, paths: list[Path]) -> None:
        """Read files and show what they would change."""
        workspace = self._desk.workspace
        self._desk.runner.run(
            lambda: taking.check_packets(workspace, paths),
            self._show_checked,
            title="正在检查文件",
        )

    def _show_checked(self, checked: tuple[CheckedPacket, ...]) -> None:
        self._checked = checked
        self.files.set_rows(checked)
        good = sum(item.ok for item in checked)
        bad = len(checked) - good
        words = f"共 {len(checked)} 个文件：可接收 {good} 个"
        if bad:
            words += f"，不能接收 {bad} 个（选中可看原因）"
        self.result.setText(words if checked else "没有找到表格文件，请选择 .xlsx 文件。")
        self.take.setEnabled(good > 0)
        self.table.choose_first()

    def _explain(self, row: object) -> None:
        if isinstance(row, taking.CheckedPacket) and self._plan is not None:
            self.detail.setPlainText("\n".join(change_lines(self._plan, row)))

    def _take(self) -> None:
        """Take only what is clean, exactly the files that were shown."""
        workspace = self._desk.workspace
        paths = [item.file for item in self._checked if item.ok]
        self.take.setEnabled(False)
        self._desk.runner.run(
            lambda: taking.import_packets(workspace, paths), self._taken, title="正在接收文件"
        )

    def _taken(self, summary: ImportSummary) -> None:
        refused = [item.file.name for item in self._checked if not item.ok]
        counts = [f"{result.label} {summary.count(result)} 个" for result in Result]
        words = "，".join(counts)
        if refused:
            words += f"；未通过检查 {len(refused)} 个：{'、'.join(refused)}"
        if summary.conflicts:
            words += f"；{summary.conflicts} 项两边都改过，请在“待处理差异”中选择"
        self.result.setText(words)
        lines = [f"{i.result.label}\t{i.file.name}\t{i.message}" for i in summary.files]
        self.detail.setPlainText("\n".join(lines))
        whole = summary.count(Result.REJECTED) == 0 and not refused
        tell = self._desk.messages.info if whole else self._desk.messages.warn
        tell(f"{words}。", "复制结果清单", lambda: _copy(words, lines))
        self._checked = ()
        self.files.set_rows(())
        self.refresh(self._period)
        self.data_changed.emit()

    def _decide(self, conflict: str, keep_mine: bool) -> None:  # noqa: FBT001 - a signal's value
        workspace = self._desk.workspace
        self._desk.runner.run(
            lambda: deciding.resolve(workspace, conflict, keep_mine=keep_mine),
            lambda _record: self._decided(),
        )

    def _decided(self) -> None:
        self.refresh(self._period)
        self.data_changed.emit()

    def _history_columns(self) -> tuple[Column[PacketNote], ...]:
        def name(note: PacketNote) -> str:
            return self._plan.directory.name(note.unit) if self._plan else note.unit

        return (
            Column("时间", lambda n: moment_text(n.handled_at), lambda n: n.handled_at, width=150),
            Column("收发", lambda n: "发出" if n.direction == "sent" else "收到", width=64),
            Column("种类", lambda n: _KINDS[n.kind], width=76),
            Column("单位", name, stretch=True),
            Column("报告期", lambda n: n.period, width=90),
            Column("编号", lambda n: n.id, width=150),
        )


def _copy(words: str, lines: list[str]) -> None:
    QGuiApplication.clipboard().setText("\n".join([words, *lines]))


def _file_columns() -> tuple[Column[CheckedPacket], ...]:
    def header(name: str, row: CheckedPacket) -> str:
        return str(getattr(row.packet.header, name)) if row.packet else ""

    def verdict(row: CheckedPacket) -> str:
        if not row.ok:
            return "■ 不能接收"
        if not row.changes and not row.new_plan:
            return "○ 无变化"
        return "▲ 有差异" if row.conflicts else "● 可接收"

    return (
        Column("检查结果", verdict, width=96),
        Column("文件", lambda r: r.file.name, stretch=True, tip=lambda r: str(r.file)),
        Column("单位", lambda r: header("unit_name", r), width=150),
        Column("种类", lambda r: _KINDS.get(header("kind", r), ""), width=72),
        Column("报告期", lambda r: header("period", r), width=80),
        Column(
            "来源", lambda r: "手工填写" if r.signature == "hand-filled" else "程序导出", width=84
        ),
        Column(
            "更新", lambda r: str(len(r.changes)), lambda r: len(r.changes), number=True, width=60
        ),
        Column("差异", lambda r: str(r.conflicts), lambda r: r.conflicts, number=True, width=60),
        Column(
            "提醒", lambda r: str(len(r.findings)), lambda r: len(r.findings), number=True, width=60
        ),
    )
