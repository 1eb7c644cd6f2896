"""What the window remembers of its own shape: sizes, columns, choices; never a workspace's data.

It lies in one small file in the user's configuration folder (on Windows in AppData), that of the
portable program beside its data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QObject, QSettings, QTimer

from fsdesk.places import portable_data

if TYPE_CHECKING:
    from PySide6.QtWidgets import QHeaderView, QMainWindow, QSplitter, QTableView, QTabWidget

    from ui.widgets.choice import Choice

# A column being dragged moves many times a second; it is written once it rests.
_REST_MS = 400


# What was written to and is not let go of yet: with the last of them Qt writes the file and waits
# for the disk, on an old PC longer than a page takes to open.
_written: list[QSettings] = []


def _settings() -> QSettings:
    return QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "fsdesk", "window")


def keep_portable() -> None:
    """Have the portable program remember beside its data, from now on."""
    portable = portable_data()
    if portable is not None:
        scope = QSettings.Scope.UserScope
        QSettings.setPath(QSettings.Format.IniFormat, scope, str(portable))


def store(key: str, value: str) -> None:
    """Remember a small text."""
    _write(key, value)


def recall(key: str, otherwise: str = "") -> str:
    """Return a remembered text."""
    value = _settings().value(key, otherwise)
    return value if isinstance(value, str) else otherwise


def forget(group: str) -> None:
    """Forget all texts whose keys begin with the group's name."""
    _settings().remove(group)


def keep_splitter(splitter: QSplitter, key: str) -> None:
    """Give a splitter its last position and remember the next ones."""
    state = _bytes(f"splitters/{key}")
    if state is not None:
        splitter.restoreState(state)
    rest = _resting(splitter, lambda: _store_bytes(f"splitters/{key}", splitter.saveState()))
    splitter.splitterMoved.connect(lambda _position, _index: rest.start())


def keep_tabs(tabs: QTabWidget, key: str) -> None:
    """Open the tab that was open last and remember the next ones."""
    tabs.setCurrentIndex(int(recall(f"tabs/{key}", "0")))
    tabs.currentChanged.connect(lambda place: store(f"tabs/{key}", str(place)))


def keep_choice(choice: Choice, key: str) -> None:
    """Give a drop-down its last choice, as soon as that is offered, and remember the next ones."""
    choice.want(recall(f"choices/{key}"))
    choice.chosen.connect(lambda _value: store(f"choices/{key}", choice.currentText()))


def keep_columns(table: QTableView, key: str) -> None:
    """Give a table's columns their last widths, order and sorting and remember the next ones.

    Call it when the model is set; a state of another number of columns is passed over.
    """
    header = table.horizontalHeader()
    restore_header(header, key)
    # The head is asked for anew: what was made for Python of it may be gone while it stands there.
    rest = _resting(table, lambda: store_header(table.horizontalHeader(), key))
    header.sectionResized.connect(lambda *_: rest.start())
    header.sectionMoved.connect(lambda *_: rest.start())
    header.sortIndicatorChanged.connect(lambda *_: rest.start())


def restore_header(header: QHeaderView, key: str) -> bool:
    """Give a table's columns their last widths, order and sorting; tell whether there were any."""
    state = _bytes(f"columns/{key}/{header.count()}")
    return state is not None and header.restoreState(state)


def store_header(header: QHeaderView, key: str) -> None:
    """Remember the widths, order and sorting of a table's columns."""
    _store_bytes(f"columns/{key}/{header.count()}", header.saveState())


def restore_window(window: QMainWindow) -> bool:
    """Give the window its last place and size; tell whether there was one."""
    state = _bytes("window")
    return state is not None and window.restoreGeometry(state)


def store_window(window: QMainWindow) -> None:
    """Remember the window's place and size."""
    _store_bytes("window", window.saveGeometry())
    _written.clear()  # the program may end now


def _resting(owner: QObject, write: object) -> QTimer:
    timer = QTimer(owner)
    timer.setSingleShot(True)
    timer.setInterval(_REST_MS)
    timer.timeout.connect(write)
    return timer


def _bytes(key: str) -> QByteArray | None:
    value = _settings().value(key)
    return value if isinstance(value, QByteArray) else None


def _store_bytes(key: str, value: QByteArray) -> None:
    _write(key, value)


def _write(key: str, value: str | QByteArray) -> None:
    """Note a value; all that is noted until the window comes to rest is written at once."""
    settings = _settings()
    settings.setValue(key, value)
    if not _written:
        QTimer.singleShot(0, _written.clear)
    _written.append(settings)
