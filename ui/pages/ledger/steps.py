"""What is done to a ledger's rows in the window: one step after another, undone and done again."""

from __future__ import annotations

import json
from collections import deque
from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct, field
from PySide6.QtCore import QEventLoop, QObject, QTimer, Signal

from fsdesk.domain.findings import is_away
from fsdesk.services.ledger import ledger_grid
from fsdesk.services.ledger.ledger_grid import Applied, GridRowChange, RowEdit
from ui.models.ledger_grid import CellDraft

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from ui.desk import Desk
    from ui.drafts import Drafts as KeptDrafts
    from ui.models.ledger_grid import CellKey, LedgerGridModel

_MOST_STEPS = 200
_AGAIN_MS = 3000  # after a server was away
# From here on the status bar says what is going on.
_MANY = 300
_BROKEN_OFF = "上次结束前没有存完，请核对后在这一格按回车"
Drafts = dict["CellKey", CellDraft | None]


class GridStep(Struct, frozen=True):
    """What was stored in one go, and which texts stood in cells unstored before and after."""

    changes: tuple[GridRowChange, ...]
    before: Drafts
    after: Drafts

    @property
    def moves_rows(self) -> bool:
        """Whether rows come or go by it."""
        return any(change.before is None or change.after is None for change in self.changes)


class _History(Struct):
    done: list[GridStep] = field(default_factory=list[GridStep])
    undone: list[GridStep] = field(default_factory=list[GridStep])
    drafts: dict[CellKey, CellDraft] = field(default_factory=dict["CellKey", CellDraft])


class LedgerSteps(QObject):
    """Sends what is typed to the workspace, in order, and keeps what can be undone.

    Each ledger has its own history; all of it lasts as long as the page.
    """

    stored = Signal()  # rows or cells changed in the workspace
    moved = Signal()  # rows came or went: the grid must be read anew
    changed = Signal()  # what can be undone, or what stands unstored, is another

    def __init__(self, desk: Desk, model: LedgerGridModel, parent: QObject) -> None:
        """Work on a grid."""
        super().__init__(parent)
        self._desk, self._model = desk, model
        self.code = ""
        self._histories: dict[str, _History] = {}
        self._queue: deque[Callable[[], None]] = deque()
        self._busy = False
        self._stored_as: dict[int, int] = {}
        self._kept = desk.drafts
        model.typed.connect(lambda number, title, text: self.edit({(number, title): text}))

    # What is asked

    def open(self, code: str) -> Mapping[CellKey, CellDraft]:
        """Go on with another ledger; returns what stood unstored in it."""
        if self.code:
            self._history.drafts = dict(self._model.drafts)
        self.code = code
        if code not in self._histories:
            drafts = _kept_cells(self._kept, code) | _begun_cells(self._kept, code)
            self._histories[code] = _History(drafts=drafts)
        return self._histories[code].drafts

    @property
    def idle(self) -> bool:
        """Whether everything that was typed has been sent."""
        return not self._busy

    @property
    def possible(self) -> tuple[bool, bool]:
        """Whether there is a step to undo, and one to do again."""
        history = self._histories.get(self.code, _History())
        return bool(history.done), bool(history.undone)

    def wait(self) -> None:
        """Return when all that was typed is stored or refused; the window goes on drawing."""
        while self._busy:
            loop = QEventLoop()
            self.changed.connect(loop.quit)
            loop.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)

    @property
    def unstored(self) -> tuple[CellKey, ...]:
        """The cells of which the text could not be stored, or was not handed over."""
        place = f"ledger/typing/{self.code}"
        waiting = [each[len(place) + 1 :].split("/", 1) for each in self._kept.under(place)]
        return (*self._model.faults, *((int(number), title) for number, title in waiting))

    def edit(self, cells: Mapping[CellKey, str]) -> None:
        """Put texts into cells, as one step."""
        drafts = self._model.drafts
        rows = {number for number, _ in cells if number < 0}
        before: Drafts = {key: draft for key, draft in drafts.items() if key[0] in rows}
        before |= {key: drafts.get(key) for key in cells}
        self._model.put_drafts({key: CellDraft(text) for key, text in cells.items()})
        if len(cells) == 1:  # a block that was pasted still lies on the clipboard
            self._keep()
        self._add(partial(self._send, tuple(cells), before))

    def note(self, changes: tuple[GridRowChange, ...]) -> None:
        """Take what was stored elsewhere, such as an import, as a step that can be undone."""
        if changes:
            self._push(GridStep(changes, {}, {}))
            self._end_of(self._history.done[-1])
            self.changed.emit()

    def remove(self, numbers: Sequence[int]) -> None:
        """Remove rows, as one step."""
        waiting = {number for number in numbers if number < 0}
        gone = [number for number in numbers if number >= 0]
        self._add(partial(self._remove, gone, waiting))

    def undo(self, *, again: bool = False) -> None:
        """Undo the last step, or do again what was undone last."""
        self._add(partial(self._restore, back=not again))

    # One after another

    @property
    def _history(self) -> _History:
        return self._histories[self.code]

    def _add(self, start: Callable[[], None]) -> None:
        self._queue.append(start)
        if not self._busy:
            self._next()

    def _next(self) -> None:
        self._busy = bool(self._queue)
        if self._queue:
            self._queue.popleft()()
        else:
            self._keep()
            self.changed.emit()

    def _keep(self) -> None:
        """Keep what stands in cells and is not stored, so that it outlives the window."""
        place, cells = _place(self.code), self._model.drafts
        known = {f"{place}/{number}/{title}": draft for (number, title), draft in cells.items()}
        for gone in self._kept.under(place).keys() - known.keys():
            self._kept.end(gone)
        for each, draft in known.items():
            self._kept.put(each, json.dumps([draft.text, draft.message], ensure_ascii=False), "")

    def _run(
        self, job: Callable[[], Applied], done: Callable[[Applied], None], rows: int, what: str
    ) -> None:
        def failed(problem: Exception) -> None:
            waiting = {key: it.text for key, it in self._model.drafts.items() if not it.message}
            if is_away(problem) and waiting:
                QTimer.singleShot(_AGAIN_MS, self, partial(self._edit_again, self.code, waiting))
            else:
                self._desk.messages.error(problem, what)
            self._model.put_drafts(_refused(self._model.drafts, problem))
            self._next()

        title = what if rows > _MANY else ""
        self._desk.runner.run(job, done, failed, title=title)

    # Typing

    def _edit_again(self, code: str, typed: Mapping[CellKey, str]) -> None:
        """Hand over once more what a server that was away could not store, as far as it stands."""
        drafts = self._model.drafts
        same = {key: text for key, text in typed.items() if key in drafts}
        same = {key: text for key, text in same.items() if drafts[key].text == text}
        if same and code == self.code:
            self.edit(same)

    def _send(self, keys: Sequence[CellKey], before: Drafts) -> None:
        drafts = self._model.drafts
        typed = [(self._stored_as.get(number, number), title) for number, title in keys]
        rows = dict.fromkeys(number for number, _ in typed)
        begun = {number for number in rows if number < 0}
        sent = {key: draft for key, draft in drafts.items() if key[0] in begun}
        sent |= {key: drafts[key] for key in typed if key in drafts}
        cells: dict[int, dict[str, str]] = {}
        for (number, title), draft in sent.items():
            cells.setdefault(number, {})[title] = draft.text
        edits = [RowEdit(number, cells[number]) for number in rows if number in cells]
        workspace, code = self._desk.workspace, self.code
        self._run(
            lambda: ledger_grid.apply_cells(workspace, code, edits),
            partial(self._take, code, sent, before),
            len(edits),
            "正在保存",
        )

    def _take(
        self, code: str, sent: Mapping[CellKey, CellDraft], before: Drafts, done: Applied
    ) -> None:
        if code != self.code:
            self._next()
            return
        after = _after(sent, done)
        current = self._model.drafts
        # A cell that was typed into meanwhile waits for its own turn.
        mine = {k: d for k, d in after.items() if current.get(k) in (sent.get(k), None)}
        stored_as = {old: new for old, new in done.numbers.items() if old < 0}
        for old, new in stored_as.items():
            self._move_typing(code, old, new)
        self._model.take_stored(done.numbers, done.rows, mine)
        self._stored_as |= stored_as
        renamed = {(done.numbers.get(n, n), title): d for (n, title), d in mine.items()}
        was = {key: draft for key, draft in before.items() if draft != renamed.get(key)}
        if done.changes or any(renamed.values()) or any(was.values()):
            self._push(GridStep(done.changes, before, renamed))
        if done.changes:
            self.stored.emit()
        self._next()

    def _move_typing(self, code: str, old: int, new: int) -> None:
        """Let what is being typed into a row that was just stored belong to that row."""
        place = typing_place(code, old)
        for each, draft in self._kept.under(place).items():
            self._kept.end(each)
            self._kept.put(typing_place(code, new, each[len(place) + 1 :]), draft.value, "")

    def _push(self, step: GridStep) -> None:
        self._history.done.append(step)
        del self._history.done[:-_MOST_STEPS]
        self._history.undone.clear()

    # Removing

    def _remove(self, numbers: Sequence[int], waiting: Iterable[int]) -> None:
        begun = {k: d for k, d in self._model.drafts.items() if k[0] in set(waiting)}
        workspace, code = self._desk.workspace, self.code

        def done(applied: Applied) -> None:
            rest: Drafts = {k: d for k, d in self._model.drafts.items() if k[0] in set(numbers)}
            before: Drafts = {**begun, **rest}
            self._model.put_drafts(dict.fromkeys(before))
            if applied.changes or before:
                self._push(GridStep(applied.changes, before, {}))
            self._end_of(GridStep(applied.changes, {}, {}))
            self._next()

        self._run(
            lambda: ledger_grid.remove(workspace, code, numbers), done, len(numbers), "正在删除"
        )

    # Undoing

    def _restore(self, *, back: bool) -> None:
        history = self._history
        steps, others = (history.done, history.undone) if back else (history.undone, history.done)
        if not steps:
            self._next()
            return
        step = steps.pop()
        workspace, code = self._desk.workspace, self.code

        def done(applied: Applied) -> None:
            others.append(step)
            self._put_texts(step, back=back)
            self._model.provide(applied.rows)
            if applied.kept:
                self._desk.messages.warn(f"有 {applied.kept} 行此后又有改动，保持现在的内容。")
            self._end_of(step)
            self._next()

        self._run(
            lambda: ledger_grid.restore(workspace, code, step.changes, back=back),
            done,
            len(step.changes),
            "正在撤销" if back else "正在重做",
        )

    def _put_texts(self, step: GridStep, *, back: bool) -> None:
        gone, there = (step.after, step.before) if back else (step.before, step.after)
        texts: Drafts = dict.fromkeys((*gone, *there))
        # A text without a reason belongs to a row that is not stored; in others it was on its way.
        texts |= {k: d for k, d in there.items() if d and (d.message or k[0] < 0)}
        for number, _ in there:
            self._stored_as.pop(number, None)
        self._model.put_drafts(texts)

    def _end_of(self, step: GridStep) -> None:
        if step.moves_rows:
            self.moved.emit()
        if step.changes:
            self.stored.emit()


def typing_place(code: str, number: int, title: str = "") -> str:
    """Return where lies what is being typed into a cell that is still open, or into a row's."""
    place = f"ledger/typing/{code}/{number}"
    return f"{place}/{title}" if title else place


def _place(code: str) -> str:
    return f"ledger/cells/{code}"


def _kept_cells(kept: KeptDrafts, code: str) -> dict[CellKey, CellDraft]:
    """Return what stood unstored in the cells of a ledger when the program ended."""
    found: dict[CellKey, CellDraft] = {}
    place = _place(code)
    for each, draft in kept.under(place).items():
        number, title = each[len(place) + 1 :].split("/", 1)
        text, message = json.loads(str(draft.value))
        if int(number) >= 0:
            message = message or _BROKEN_OFF
        found[int(number), title] = CellDraft(text, message)
    return found


def _begun_cells(kept: KeptDrafts, code: str) -> dict[CellKey, CellDraft]:
    """Return what was being typed into rows that were not stored when the program ended.

    Such a row is begun anew with it: the empty row at the end may have another number now.
    """
    found: dict[CellKey, CellDraft] = {}
    place = f"ledger/typing/{code}"
    for each, draft in kept.under(place).items():
        number, title = each[len(place) + 1 :].split("/", 1)
        if int(number) < 0:
            found[int(number), title] = CellDraft(str(draft.value))
            kept.end(each)
            kept.put(f"{_place(code)}/{number}/{title}", json.dumps([draft.value, ""]), "")
    return found


def _after(sent: Mapping[CellKey, CellDraft], done: Applied) -> Drafts:
    """Return what stands unstored in the cells that were sent, by the numbers they had."""
    reasons = {(fault.row, fault.title): fault for fault in done.faults}
    after: Drafts = {}
    for key, draft in sent.items():
        fault = reasons.pop(key, None)
        waits = key[0] < 0 and key[0] not in done.numbers and draft.text
        if fault is not None:
            after[key] = CellDraft(draft.text, fault.message)
        else:
            after[key] = CellDraft(draft.text) if waits else None
    for (row, title), fault in reasons.items():
        after[row, title] = CellDraft(fault.text, fault.message)
    filled = {key[0] for key, draft in sent.items() if draft.text}
    # A row that was begun and emptied again is none.
    empty = {key for key in after if key[0] < 0 and key[0] not in filled}
    return after | dict.fromkeys(empty)


def _refused(drafts: Mapping[CellKey, CellDraft], problem: Exception) -> Drafts:
    """Keep what was on its way in its cells, with the reason."""
    findings = getattr(problem, "findings", ())
    reason = findings[0].message if findings else "保存时出错，请重试"
    return {key: CellDraft(d.text, reason) for key, d in drafts.items() if not d.message}
