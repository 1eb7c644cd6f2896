"""Choosing files and folders with the system's own dialogs; tests patch this door."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QProcess, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from fsdesk.domain.names import file_name
from fsdesk.files import discard
from ui import remember
from ui.system.environment import libraries_aside

if TYPE_CHECKING:
    from collections.abc import Sequence

EXCEL = "Excel 工作簿 (*.xlsx)"
PDF = "PDF 文件 (*.pdf)"
WORD = "Word 文档 (*.docx)"
ALL = "所有文件 (*)"
# By ending, what outputs are saved as.
KINDS = {
    ".xlsx": EXCEL,
    ".pdf": PDF,
    ".docx": WORD,
    ".png": "PNG 图片 (*.png)",
    ".svg": "SVG 矢量图 (*.svg)",
}


class Files(QObject):
    """Asks for paths; each purpose remembers the folder it was last used in."""

    def __init__(self, window: QWidget | None = None) -> None:
        """Make the door for one window."""
        super().__init__(window)
        self._window = window

    def open_many(
        self, title: str, kinds: Sequence[str] = (ALL,), purpose: str = "open"
    ) -> list[Path]:
        """Ask for files that exist; empty when the user cancelled."""
        chosen, _ = QFileDialog.getOpenFileNames(
            self._window, title, _folder(purpose), ";;".join(kinds)
        )
        return [_kept(path, purpose) for path in chosen]

    def open_one(
        self, title: str, kinds: Sequence[str] = (ALL,), purpose: str = "open"
    ) -> Path | None:
        """Ask for one file that exists."""
        chosen, _ = QFileDialog.getOpenFileName(
            self._window, title, _folder(purpose), ";;".join(kinds)
        )
        return _kept(chosen, purpose) if chosen else None

    def save(
        self, title: str, name: str, kinds: Sequence[str] = (EXCEL,), purpose: str = "save"
    ) -> Path | None:
        """Ask where to save, with a proposed name."""
        proposal = str(Path(_folder(purpose)) / file_name(name))
        chosen, _ = QFileDialog.getSaveFileName(self._window, title, proposal, ";;".join(kinds))
        return _kept(chosen, purpose) if chosen else None

    def proposed(self, name: str, purpose: str = "save") -> Path:
        """Return where a file of that name would be put, beside what is there already."""
        wanted = Path(_folder(purpose)) / file_name(name)
        place, count = wanted, 1
        while place.exists():
            count += 1
            place = wanted.with_name(f"{wanted.stem}（{count}）{wanted.suffix}")
        return place

    def folder(self, title: str, purpose: str = "folder") -> Path | None:
        """Ask for a folder."""
        chosen = QFileDialog.getExistingDirectory(self._window, title, _folder(purpose))
        if not chosen:
            return None
        remember.store(f"folders/{purpose}", chosen)
        return Path(chosen)

    @property
    def passing(self) -> Path:
        """Folder for copies that other programs open, in the system's place for passing files."""
        return Path(tempfile.gettempdir()) / "食药安工作台"

    def forget_passing(self) -> None:
        """Remove those copies, but for what another program holds now."""
        discard(self.passing)

    def reveal(self, path: Path) -> None:
        """Show the folder of a file in the system's file manager."""
        _opened(path if path.is_dir() else path.parent)

    def start(self, program: Path) -> bool:
        """Start an installer, by itself or with the system's own; tell whether that worked."""
        if sys.platform != "win32":
            return _opened(program)
        with libraries_aside():
            return QProcess.startDetached(str(program), [])[0]

    def launch(self, path: Path) -> None:
        """Open a file with the program that the system has for it."""
        _opened(path)


def _opened(path: Path) -> bool:
    """Open a file or folder as the system does; tell whether that worked."""
    with libraries_aside():
        return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def _folder(purpose: str) -> str:
    return remember.recall(f"folders/{purpose}", str(Path.home()))


def _kept(path: str, purpose: str) -> Path:
    remember.store(f"folders/{purpose}", str(Path(path).parent))
    return Path(path)
