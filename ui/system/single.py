"""One window a workspace: a second start hands its files to the first window and ends."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtNetwork import QLocalServer, QLocalSocket

_PATIENCE_MS = 2000


def _name(folder: Path) -> str:
    """Return the name under which the window of a workspace can be called."""
    import hashlib

    return "fsdesk-" + hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]


class Caller(QObject):
    """Listens for later starts on the same workspace."""

    called = Signal(object)  # the files that the later start was given; may be none

    def __init__(self, parent: QObject | None = None) -> None:
        """Be silent until `listen`."""
        super().__init__(parent)
        self._server: QLocalServer | None = None

    def listen(self, folder: Path) -> None:
        """Take calls for the workspace in this folder, which this process holds locked."""
        # Not needed for the first paint, so loaded only here.
        from PySide6.QtNetwork import QLocalServer

        server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        QLocalServer.removeServer(_name(folder))  # what a killed program left
        server.newConnection.connect(self._take)
        server.listen(_name(folder))
        self._server = server

    def close(self) -> None:
        """Take no more calls."""
        if self._server is not None:
            self._server.close()
            self._server = None

    def _take(self) -> None:
        if self._server is None:
            return
        line = self._server.nextPendingConnection()
        line.readyRead.connect(lambda: self._read(line))
        line.disconnected.connect(line.deleteLater)

    def _read(self, line: QLocalSocket) -> None:
        if not line.canReadLine():
            return
        import json

        told = json.loads(bytes(line.readLine().data()))
        line.write(b"taken\n")
        line.flush()
        self.called.emit([Path(file) for file in told])


def call_first(folder: Path, files: Sequence[Path]) -> bool:
    """Give files to the window that has the workspace open; tell whether it took them."""
    from PySide6.QtNetwork import QLocalSocket

    line = QLocalSocket()
    line.connectToServer(_name(folder))
    if not line.waitForConnected(_PATIENCE_MS):
        return False
    import json

    line.write(json.dumps([str(file.resolve()) for file in files]).encode() + b"\n")
    line.flush()
    taken = line.waitForReadyRead(_PATIENCE_MS)
    line.disconnectFromServer()
    return taken
