"""Adding, opening and removing evidence files, each in a worker."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from fsdesk.services import evidence
from ui.files import ALL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fsdesk.domain.attachments import Attachment
    from fsdesk.domain.records import RecordKey
    from ui.desk import Desk


class EvidenceDesk(QObject):
    """Does what the rows of evidence ask for."""

    changed = Signal()  # the evidence of a record is another

    def __init__(self, desk: Desk, parent: QObject) -> None:
        """Keep the doors."""
        super().__init__(parent)
        self._desk = desk

    def add(self, key: RecordKey, paths: Sequence[Path]) -> None:
        """Keep copies of files as proof of a record; without paths they are asked for."""
        files = list(paths) or self._desk.files.open_many("选择佐证材料", (ALL,), "evidence")
        if not files:
            return
        workspace = self._desk.workspace

        def job() -> None:
            for file in files:
                evidence.attach(workspace, key, file)

        self._desk.runner.run(job, lambda _none: self.changed.emit(), title="正在添加附件")

    def open(self, attachment: Attachment) -> None:
        """Open a copy with the program that the system has for it."""
        workspace = self._desk.workspace
        folder = Path(tempfile.gettempdir()) / "食药安工作台"
        self._desk.runner.run(
            lambda: evidence.copy_out(workspace, attachment, folder), self._desk.files.launch
        )

    def remove(self, attachment: Attachment) -> None:
        """Let a file prove the record no longer, after a question."""
        if self._desk.messages.confirm(f"移除附件“{attachment.name}”吗？", "移除"):
            workspace = self._desk.workspace
            self._desk.runner.run(
                lambda: evidence.detach(workspace, attachment), lambda _none: self.changed.emit()
            )
