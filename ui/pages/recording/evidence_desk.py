"""Adding, opening and removing evidence files, each in a worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage, QImageReader

from fsdesk.domain.records.attachments import hard_to_open
from fsdesk.services.records import evidence
from ui.files import ALL
from ui.pages.recording.evidence import PICTURE
from ui.pages.recording.evidence_sorting import EvidenceSorting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from fsdesk.domain.records.attachments import Attachment
    from fsdesk.domain.records.records import RecordKey
    from ui.desk import Desk
    from ui.pages.recording.evidence import EvidenceRow


class EvidenceDesk(QObject):
    """Does what the rows of evidence ask for."""

    about_to_add = Signal()
    changed = Signal()  # the evidence of a record is another

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        """Keep the doors."""
        super().__init__(parent)
        self._page = parent
        self._desk = desk

    def add(self, key: RecordKey, paths: Sequence[Path]) -> None:
        """Keep copies of files as proof of a record; without paths they are asked for."""
        files = list(paths) or self._desk.files.open_many("选择佐证材料", (ALL,), "evidence")
        if files:
            self._add({key: files})

    def sort(self, files: Sequence[Path], items: Mapping[RecordKey, str]) -> None:
        """Ask which of the files proves which of the items, and keep them all."""
        asking = EvidenceSorting(self._page, files, items)
        asking.accepted.connect(lambda: self._add(asking.chosen))
        asking.finished.connect(asking.deleteLater)
        asking.open()

    def _add(self, wanted: Mapping[RecordKey, Sequence[Path]]) -> None:
        self.about_to_add.emit()
        workspace = self._desk.workspace
        files = [file for each in wanted.values() for file in each]

        def job() -> None:
            for key, proofs in wanted.items():
                for file in proofs:
                    evidence.attach(workspace, key, file)

        self._desk.runner.run(job, lambda _none: self._added(files), title="正在添加附件")

    def _added(self, files: Sequence[Path]) -> None:
        self.changed.emit()
        warn_of(self._desk, files)

    def open(self, attachment: Attachment) -> None:
        """Open a copy with the program that the system has for it."""
        files = self._desk.files
        self._desk.run(lambda w: evidence.copy_out(w, attachment, files.passing), files.launch)

    def show_picture(self, row: EvidenceRow, attachment: Attachment) -> None:
        """Read the small picture of a file and give it to the row that shows the file."""
        workspace = self._desk.workspace
        size = PICTURE * row.devicePixelRatioF()
        self._desk.runner.beside(
            lambda: _small_picture(evidence.content(workspace, attachment), size),
            lambda image: row.show_picture(attachment, image),
            lambda _problem: None,  # the file's icon stays
        )

    def remove(self, attachment: Attachment) -> None:
        """Let a file prove the record no longer, after a question."""
        if self._desk.messages.confirm(f"移除附件“{attachment.name}”吗？", "移除"):
            self._desk.run(
                lambda w: evidence.detach(w, attachment), lambda _none: self.changed.emit()
            )


def warn_of(desk: Desk, files: Sequence[Path]) -> None:
    """Tell of files that were added and that their receiver may not be able to open."""
    found = [str(finding) for finding in hard_to_open(file.name for file in files)]
    if found:
        desk.messages.warn("\n".join(found))


def _small_picture(content: bytes, size: QSize) -> QImage:
    """Read a picture no larger than needed, turned as the camera noted; null when it is none."""
    data = QBuffer()
    data.setData(content)
    reader = QImageReader(data)
    reader.setDecideFormatFromContent(True)
    reader.setAutoTransform(True)
    whole = reader.size()
    if whole.isValid():
        reader.setScaledSize(whole.scaled(size, Qt.AspectRatioMode.KeepAspectRatio))
    return reader.read()
