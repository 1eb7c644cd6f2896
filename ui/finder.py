"""Ctrl+K: finds tasks, units, indicators, ledgers, letters and what the window can do."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence, QShortcut

from ui.page import NavigationPlace

if TYPE_CHECKING:
    from collections.abc import Callable

    from fsdesk.domain.search import Findable, Index
    from fsdesk.workspace import Workspace
    from ui.main_window import MainWindow
    from ui.tasks import TaskRunner
    from ui.widgets.palette import Palette

_COMMAND = "command"


class Finder(QObject):
    """Keeps the index true, searches in a worker, opens what is chosen by the window's request."""

    def __init__(self, window: MainWindow, runner: TaskRunner) -> None:
        """Give the window its key and its button."""
        super().__init__(window)
        self._window, self._runner = window, runner
        self._workspace: Workspace | None = None
        self._actions: dict[str, tuple[str, Callable[[], object]]] = {}
        self._index: Index | None = None
        self._stale = True
        shortcut = QShortcut(QKeySequence("Ctrl+K"), window)
        shortcut.activated.connect(self.start)
        self.tool = window.top_bar.add_tool("search", "查找（Ctrl+K）")
        self.tool.clicked.connect(self.start)
        self.tool.setEnabled(False)
        window.data_changed.connect(self._note_change)

    @cached_property
    def palette(self) -> Palette:
        """The field and what is found; made when it is first asked for."""
        from ui.widgets.palette import Palette

        made = Palette(self._window)
        made.typed.connect(self._search)
        made.chosen.connect(self._open)
        return made

    def use(self, workspace: Workspace) -> None:
        """Search in a workspace from now on."""
        self._workspace, self._stale = workspace, True
        self.tool.setEnabled(True)

    def add_command(self, title: str, action: Callable[[], object], note: str = "") -> None:
        """Let something that the window can do be found."""
        self._actions[title] = (note, action)
        self._stale = True

    def start(self) -> None:
        """Open the palette; the index is made anew first when something changed."""
        if self._workspace is None:
            return
        if self._stale:
            self._stale = False
            workspace, commands = self._workspace, self._commands()

            def job() -> Index:
                from fsdesk.services.search import search

                return search.build_index(workspace, commands)

            self._runner.beside(job, self._take)
        self.palette.start()

    def _commands(self) -> tuple[Findable, ...]:
        from fsdesk.domain.search import Findable, FindKind

        pages = tuple(
            Findable(FindKind.COMMAND, spec.title, "打开页面", spec.key)
            for spec in self._window.specs
            if spec.place is not NavigationPlace.NOWHERE
        )
        actions = tuple(
            Findable(FindKind.COMMAND, title, note, _COMMAND, title)
            for title, (note, _) in self._actions.items()
        )
        return pages + actions

    def _take(self, index: Index) -> None:
        self._index = index
        self._search(self.palette.field.text())

    def _search(self, typed: str) -> None:
        index = self._index
        if index is None:
            return
        self._runner.beside(lambda: index.find(typed), lambda finds: self._show(typed, finds))

    def _show(self, typed: str, finds: tuple[Findable, ...]) -> None:
        if typed == self.palette.field.text():  # else somebody typed on
            pages = {_COMMAND, *self._window.keys}  # a role's window may lack a page
            open_here = [thing for thing in finds if thing.page in pages]
            self.palette.show_finds(open_here, asked=bool(typed.strip()))

    def _open(self, thing: Findable) -> None:
        if thing.page == _COMMAND:
            self._actions[str(thing.item)][1]()
        else:
            self._window.open(thing.page, thing.item)

    def _note_change(self) -> None:
        self._stale = True
