"""What is typed and not stored yet: kept by place, at rest and at once when the user goes on.

A place names page, thing and field, such as ``inbox/k1/reply``. Text is here from the first key
on; the workspace has it half a second later, so that no more than that goes with a power cut.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QEventLoop, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from fsdesk.domain.drafts import QUIET, FieldDraft, is_under
from fsdesk.services import drafts as service

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fsdesk.domain.drafts import FieldValue
    from fsdesk.workspace import Workspace
    from ui.messages import Messages
    from ui.tasks import TaskRunner

_REST_MS = 500
_AGAIN_MS = 5000  # after a failure, such as a full disk


class Drafts(QObject):
    """All drafts of a workspace.

    `marked` tells that a place got its first draft or lost it: what shows marks looks again.
    """

    marked = Signal(str)
    _settled = Signal()  # what was being written is written or refused

    def __init__(
        self,
        workspace: Workspace,
        runner: TaskRunner,
        messages: Messages,
        kept: Mapping[str, FieldDraft],
    ) -> None:
        """Begin with what was kept in an earlier run."""
        super().__init__(runner)
        self._workspace, self._runner, self._messages = workspace, runner, messages
        self._drafts = dict(kept)
        self._unwritten: dict[str, FieldDraft | None] = {}
        self._writing = self._failed = False
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.timeout.connect(self.flush)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self.flush)
            application.applicationStateChanged.connect(self.flush)

    def get(self, place: str) -> FieldDraft | None:
        """Return the draft of a place."""
        return self._drafts.get(place)

    def under(self, prefix: str) -> Mapping[str, FieldDraft]:
        """Return the drafts of a thing, a page, or everything ("")."""
        if not prefix:
            return dict(self._drafts)
        return {place: it for place, it in self._drafts.items() if is_under(place, prefix)}

    def waits(self, prefix: str) -> bool:
        """Tell whether something unsaved waits at a thing or on a page."""
        return any(is_under(place, prefix) for place in self._drafts)

    def pages(self) -> Mapping[str, int]:
        """Return on how many things of each page, by its key, something waits to be saved."""
        things = {place.rpartition("/")[0] for place in self._drafts}
        return Counter(key for thing in things if (key := thing.partition("/")[0]) != QUIET)

    def put(self, place: str, value: FieldValue, base: FieldValue) -> None:
        """Note what stands in a field; what is stored already is no draft."""
        if value == base:
            self.end(place)
            return
        draft = FieldDraft(value, base)
        if self._drafts.get(place) != draft:
            is_first = place not in self._drafts
            self._drafts[place] = draft
            self._note(place, draft)
            if is_first:
                self.marked.emit(place)

    def end(self, place: str) -> None:
        """Note that a field's content was stored, sent or given up."""
        if self._drafts.pop(place, None) is not None:
            self._note(place, None)
            self.marked.emit(place)

    def flush(self) -> None:
        """Write at once what is not written yet."""
        if self._writing or not self._unwritten:
            return
        self._rest.stop()
        self._writing = True
        batch, self._unwritten = self._unwritten, {}
        task = self._runner.put_by(
            lambda: service.keep(self._workspace, batch),
            lambda _none: self._written(),
            lambda problem: self._refused(batch, problem),
        )
        if task.cancelled:  # the workspace is closed
            self._writing = False

    def may_leave(self) -> bool:
        """Write what is not written yet; where that fails, ask whether to close all the same."""
        while self._unwritten or self._writing:
            self._failed = True  # what fails now is told below
            self.flush()
            if self._writing:
                loop = QEventLoop()
                self._settled.connect(loop.quit)
                loop.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
                if not self._failed:
                    continue
            if self._unwritten:
                detail = "不关闭可以先把文字复制到别处；关闭后，刚才输入、没能存下的文字会丢失。"
                return self._messages.confirm("输入的文字没能存下，仍要关闭吗？", "关闭", detail)
        return True

    def _note(self, place: str, draft: FieldDraft | None) -> None:
        self._unwritten[place] = draft
        if not self._rest.isActive():  # who types on and on is not put off
            self._rest.start(_REST_MS)

    def _written(self) -> None:
        self._writing = self._failed = False
        self._settled.emit()

    def _refused(self, batch: Mapping[str, FieldDraft | None], problem: Exception) -> None:
        self._writing = False
        self._unwritten = {**batch, **self._unwritten}
        if not self._failed:
            self._messages.error(problem, "保存正在输入的文字")
        self._failed = True
        self._rest.start(_AGAIN_MS)
        self._settled.emit()
