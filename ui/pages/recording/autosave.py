"""Stores what is typed, and keeps what could not be stored until it is mended, also over a kill."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QEventLoop, QObject, QTimer, Signal

from fsdesk.domain.findings import Finding, FsdeskError, error, is_away
from fsdesk.domain.records.records import RecordKey, RecordKind
from fsdesk.services.records import recording

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from fsdesk.domain.records.records import Content
    from fsdesk.services.records.recording import Saved
    from fsdesk.workspace import Workspace
    from ui.desk import Desk
    from ui.pages.recording.editor import Editor, Typed


PAGE = "recording"
_AGAIN_MS = 3000  # after a server was away
_KEPT = error("这里有上次输入、还没有保存的内容", "请核对后改正")


def place_of(key: RecordKey) -> str:
    """Return where what could not be stored of a record is kept."""
    return f"{PAGE}/{key.unit}/{key.period}/{key.kind}/{key.item}"


class Autosave(QObject):
    """Hands records to the workspace in the order in which they were typed.

    What a rule refuses, or what is not whole yet, is kept by its record as it was typed, so that it
    survives its form and the program.
    """

    stored = Signal(object, object)  # RecordKey, Saved
    refused = Signal(object, object)  # RecordKey, findings
    settled = Signal()  # all that was handed over is stored or refused

    def __init__(self, desk: Desk, parent: QObject) -> None:
        """Keep nothing yet."""
        super().__init__(parent)
        self._desk = desk
        self._under_way = 0
        self._kept: dict[RecordKey, tuple[Typed, tuple[Finding, ...]]] = {}
        for place, draft in desk.drafts.under(PAGE).items():
            _page, unit, period, kind, *rest = place.split("/", 4)
            if kind not in set(RecordKind) or not rest:  # an answer to an opinion
                continue
            key = RecordKey(RecordKind(kind), rest[0], unit, period)
            self._kept[key] = (tuple(json.loads(str(draft.value))), (_KEPT,))

    @property
    def may_write(self) -> bool:
        """Whether anything that is handed over can be stored at all."""
        return self._desk.workspace.may_write

    @property
    def busy(self) -> bool:
        """Whether something handed over is neither stored nor refused yet."""
        return self._under_way > 0

    @property
    def kept(self) -> Mapping[RecordKey, tuple[Finding, ...]]:
        """What is typed but not stored, with the reasons."""
        return {key: findings for key, (_, findings) in self._kept.items()}

    def save(self, editor: Editor, key: RecordKey, content: Content) -> None:
        """Store what an editor hands over."""
        typed = editor.typed
        self._under_way += 1

        def again() -> None:
            """Hand it over once more, unless it was typed on or is shown no longer."""
            kept = self._kept.get(key)
            if kept is not None and kept[0] == typed and shiboken6.isValid(editor):
                self.save(editor, key, content)

        def store(workspace: Workspace) -> Saved:
            # Asked for when its turn comes: what was handed over before is what it is typed over.
            saved = recording.save(workspace, key, content, editor.seen)
            editor.seen = content
            return saved

        self._desk.run(
            store,
            lambda saved: self._end(key, saved),
            lambda problem: self._refuse(key, typed, problem, again),
        )

    def wait(self) -> None:
        """Return when nothing is under way; the window goes on drawing meanwhile."""
        if self.busy:
            loop = QEventLoop()
            self.settled.connect(loop.quit)
            loop.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)

    def keep(self, editors: Iterable[Editor]) -> None:
        """Remember what stands in these editors but could not be stored."""
        for editor in editors:
            if editor.wrong or (editor.unfinished and editor.unstored):
                self._keep(editor.key, editor.typed, editor.findings)
            else:
                self._forget(editor.key)

    def give_back(self, editor: Editor) -> None:
        """Put what was kept for an editor's record back into its fields."""
        if editor.key in self._kept:
            editor.put_typed(*self._kept[editor.key])

    def _end(self, key: RecordKey, saved: Saved) -> None:
        self._forget(key)
        self.stored.emit(key, saved)
        self._count()

    def _refuse(
        self, key: RecordKey, typed: Typed, problem: Exception, again: Callable[[], None]
    ) -> None:
        if is_away(problem):
            QTimer.singleShot(_AGAIN_MS, self, again)
        if isinstance(problem, FsdeskError):
            findings = problem.findings
        else:
            self._desk.messages.error(problem)
            findings = (error("这一项没有保存", "请排除故障后再改动一次"),)
        self._keep(key, typed, findings)
        self.refused.emit(key, findings)
        self._count()

    def _keep(self, key: RecordKey, typed: Typed, findings: tuple[Finding, ...]) -> None:
        self._kept[key] = (typed, findings)
        plain = json.dumps(typed, ensure_ascii=False)
        self._desk.drafts.put(place_of(key), plain, "")

    def _forget(self, key: RecordKey) -> None:
        self._kept.pop(key, None)
        self._desk.drafts.end(place_of(key))

    def _count(self) -> None:
        self._under_way -= 1
        if not self._under_way:
            self.settled.emit()
