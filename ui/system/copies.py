"""Copies while the window is open, made at rest; and damage told for as long as it is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from fsdesk.domain.findings import FindingCode, FsdeskError

if TYPE_CHECKING:
    from collections.abc import Callable

    from fsdesk.domain.findings import Finding
    from fsdesk.workspace import Workspace
    from ui.main_window import MainWindow
    from ui.messages import Messages
    from ui.tasks import TaskRunner

_REST_MS = 3000  # without another change
_CAUSE = "copies"  # of what is told


class CopyCare(QTimer):
    """Has the workspace copied when that is due, and looked through once after its opening.

    A database that is damaged is told of again with every change, so that nobody who types into it
    believes that all is well.
    """

    def __init__(
        self,
        window: MainWindow,
        runner: TaskRunner,
        messages: Messages,
        restore: Callable[[], object],
    ) -> None:
        """Keep the doors; without a workspace nothing is done.

        `restore`: leads to the copies that the open workspace can be brought back from.
        """
        super().__init__(window)
        self._runner, self._messages, self._restore = runner, messages, restore
        self._workspace: Workspace | None = None
        self._looks = False
        self._damage = ""
        self._told: set[str] = set()
        self.setSingleShot(True)
        self.setInterval(_REST_MS)
        self.timeout.connect(self._begin)

    def use(self, workspace: Workspace | None) -> None:
        """Care for a workspace from now on, or for none."""
        self.stop()
        self._workspace, self._damage, self._looks = workspace, "", True
        self._told.clear()
        if workspace is not None:
            self.start()

    def changed(self) -> None:
        """Note that something was changed."""
        if self._damage:
            self._warn(self._damage)
        if self._workspace is not None:
            self.start()

    def suspect(self, problem: Exception) -> None:
        """Look through the database after a failure behind which damage may be."""
        told = isinstance(problem, FsdeskError) and not problem.tells(FindingCode.UNREADABLE)
        if not told and not isinstance(problem, OSError) and self._workspace is not None:
            self._looks = True
            self._begin()

    def _begin(self) -> None:
        workspace, looks = self._workspace, self._looks
        if workspace is None:
            return
        self._looks = False

        def job() -> tuple[Finding, ...]:
            from fsdesk.services.care import keeping
            from fsdesk.services.output import kept_later
            from fsdesk.services.supervision import kept_letters

            if looks:  # once after its opening: an earlier program kept no papers
                kept_letters.keep_missing(workspace)
                kept_later.keep_missing(workspace)
            found = keeping.keep_copy(workspace)
            return found or (keeping.look_for_damage(workspace) if looks else ())

        self._runner.beside(job, self._tell)

    def _tell(self, found: tuple[Finding, ...]) -> None:
        for finding in found:
            words = str(finding)
            if finding.code is FindingCode.DAMAGED:
                self._damage = words
                self._warn(words)
            elif words not in self._told:
                self._told.add(words)
                self._messages.warn(words, cause=_CAUSE)

    def _warn(self, words: str) -> None:
        if self._workspace is not None:
            self._messages.warn(words, "从备份恢复…", self._restore, cause=_CAUSE)
