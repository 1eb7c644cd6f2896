"""Packets for all units: asks for a folder, writes them, and says what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Signal

from fsdesk.domain.periods import Period
from fsdesk.services.packet import exchange
from ui.pages.exchange.unsealed import or_ask
from ui.tasks import State

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from fsdesk.domain.steps import Progress
    from fsdesk.services.packet.exchange import WrittenPacket
    from fsdesk.workspace import Workspace
    from ui.desk import Desk
    from ui.tasks import BackgroundTask

    _Writing = Generator[Progress, None, tuple[WrittenPacket, ...]]

    class _Writer(Protocol):
        def __call__(
            self, workspace: Workspace, period: Period, folder: Path, *, unsealed: bool
        ) -> _Writing: ...


class Outgoing(QObject):
    """Issues plans and answers reports."""

    written = Signal()  # the workspace knows of new packets

    def __init__(self, desk: Desk, parent: QObject) -> None:
        """Keep the doors."""
        super().__init__(parent)
        self._desk = desk
        self._writing: BackgroundTask | None = None
        desk.runner.finished.connect(self._note_end)

    def issue(self, period: str) -> None:
        """Write a PLAN packet for every unit."""
        self._write(exchange.issue_packets, "下发包", period)

    def answer(self, period: str) -> None:
        """Write a FEEDBACK packet for every unit that there is something to tell."""
        self._write(exchange.answer_reports, "反馈包", period)

    def _write(self, write: _Writer, what: str, period: str) -> None:
        folder = self._desk.files.folder(f"选择{what}的保存文件夹", "packets")
        if folder is None:
            return
        self._write_to(folder, write, what, Period.parse(period))

    def _write_to(
        self, folder: Path, write: _Writer, what: str, period: Period, *, unsealed: bool = False
    ) -> None:
        title = f"正在生成{what}"
        self._writing = self._desk.run(
            lambda w: write(w, period, folder, unsealed=unsealed),
            lambda written: self._tell(written, folder, what),
            or_ask(
                self._desk,
                lambda: self._write_to(folder, write, what, period, unsealed=True),
                title,
            ),
            title=title,
        )

    def _tell(self, written: tuple[WrittenPacket, ...], folder: Path, what: str) -> None:
        sealed = sum(bool(each.sealed) for each in written)
        opened = [each.unit_name for each in written if each.left_open]
        words = (
            [f"已为 {len(written)} 个单位生成{written[0].period.label}{what}。"] if written else []
        )
        if sealed:
            words.append(f"其中 {sealed} 个含密封的台账，只有收件单位能打开。")
        if opened:
            words.append(f"没有密封的：{'、'.join(opened)}，请妥善保管。")
        self._desk.tell_written("".join(words) or "没有需要下发的单位。", folder)
        self.written.emit()

    def _note_end(self, task: BackgroundTask) -> None:
        if task is self._writing and task.state is State.CANCELLED:
            self._desk.messages.warn("已取消下发：文件夹中只有部分单位的文件，请重新生成。")
        if task is self._writing and task.state is not State.DONE:
            self.written.emit()
