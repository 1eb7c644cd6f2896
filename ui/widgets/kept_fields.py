"""Fields of a form whose content is kept as typed until it is saved or given up.

The form says which thing it shows and what is stored of it; what was typed for that thing and not
saved stands in the fields all the same, today and after a kill. What is stored is never put over
it: where it changed meanwhile, the note says so, and the user chooses.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Protocol, TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFrame, QTabWidget, QWidget

from fsdesk.domain.drafts import QUIET
from ui.theme import SPACE_S
from ui.widgets.boxes import row_of
from ui.widgets.buttons import button
from ui.widgets.field_values import changes_of, put_value, value_of
from ui.widgets.fields import Keeping, keeping
from ui.widgets.label import ElidedLabel

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fsdesk.domain.drafts import FieldDraft, FieldValue
    from ui.drafts import Drafts
    from ui.widgets.field_values import Field

_Kept = TypeVar("_Kept", bound=QObject)
PLACE = "place"  # the property of a field that names where its draft lies
UNSAVED = "未保存"
"""The mark of a row, a tab or a choice behind which unsaved text waits."""


def marked(words: str, *, unsaved: bool) -> str:
    """Return the words of a row, with the mark where unsaved text waits behind it."""
    return f"（{UNSAVED}）{words}" if unsaved else words  # the end is what narrow columns cut


class DraftKeeper(Protocol):
    """Where drafts lie: in a workspace, or beside it while there is none."""

    def get(self, place: str) -> FieldDraft | None:
        """Return the draft of a place."""
        ...

    def put(self, place: str, value: FieldValue, base: FieldValue) -> None:
        """Note what stands in a field; what is stored already is no draft."""
        ...

    def end(self, place: str) -> None:
        """Note that a field's content was stored, sent or given up."""
        ...


class KeptFields(QObject):
    """The fields of one form, all of one thing at a time.

    `note` belongs beside the fields; it takes its room from the beginning, so that nothing moves
    under the mouse.
    """

    def __init__(self, drafts: DraftKeeper, parent: QWidget, *, quiet: bool = False) -> None:
        """Begin without fields, and with nothing shown.

        `quiet`: what stands in the fields holds as it is, and nobody has to save it.
        """
        super().__init__(parent)
        self._quiet = quiet
        self._drafts, self._thing = drafts, ""
        self._fields: dict[str, Field] = {}
        self._stored: dict[str, FieldValue] = {}
        self._proposed: set[str] = set()
        self._putting = False
        self.note = DraftNote()
        self.note.stored_wanted.connect(self._take_stored)
        self.note.mine_wanted.connect(self._keep_mine)
        self.note.given_up.connect(lambda: self.give_up())  # noqa: PLW0108 - all of them

    def add(self, name: str, field: _Kept) -> _Kept:
        """Keep what is typed into a field; the name is the last part of its place."""
        known: Field = field  # pyright: ignore[reportAssignmentType] - checked where it is read
        self._fields[name] = known
        changes_of(known).connect(partial(self._note_change, name))
        return keeping(field, Keeping.DRAFT)

    def forget_fields(self) -> None:
        """Let go of the fields, since others take their place."""
        self._fields.clear()
        self._stored.clear()
        self._thing = ""

    @property
    def thing(self) -> str:
        """The place of the thing that is shown."""
        return self._thing

    @property
    def unsaved(self) -> bool:
        """Whether something in the fields is neither saved nor given up."""
        return bool(self._thing) and any(map(self._draft, self._fields))

    def show(self, thing: str, stored: Mapping[str, FieldValue]) -> None:
        """Show a thing by its place, such as ``inbox/k1``: what was typed, else what is stored.

        Every field of which nothing is stored is empty. Without a thing nothing is kept.
        """
        self._thing = thing
        self._proposed.clear()
        for name, field in self._fields.items():
            if name not in stored:
                continue
            self._stored[name] = stored[name]
            field.setProperty(PLACE, self._place(name) if thing else "")
            draft = self._draft(name)
            if draft is not None and _same(draft.value, stored[name]):
                self._drafts.end(self._place(name))
                draft = None
            self._put(name, stored[name] if draft is None else draft.value)
        self._show_note()

    def leave(self) -> None:
        """Let the fields be filled anew: until the next thing is shown, nothing in them counts."""
        self._thing = ""
        self._proposed.clear()

    def show_again(self) -> None:
        """Show the same anew, such as once a choice offers other entries."""
        self.show(self._thing, dict(self._stored))

    def fill(self, values: Mapping[str, FieldValue]) -> None:
        """Put values into fields as if the user had typed them."""
        for name, value in values.items():
            self._put(name, value)
            self._note_change(name)

    def propose(self, name: str, value: FieldValue) -> None:
        """Put something into a field that nobody typed; what was typed stays.

        It is kept as soon as the user types into the form: then it was taken.
        """
        if self._draft(name) is None:
            self._proposed.add(name)
            self._put(name, value)

    def handed_over(self, *names: str) -> Callable[[], None]:
        """Note what stands in the fields now, as it is given away to be stored or sent.

        The returned function is called once that went well: it ends the drafts, except of fields
        in which the user has typed on.
        """
        taken = {name: value_of(self._fields[name]) for name in names or self._fields}
        thing = self._thing

        def end() -> None:
            for name, value in taken.items():
                place = self._place(name, thing)
                draft = self._drafts.get(place)
                if draft is None:
                    continue
                self._drafts.put(place, draft.value, value)
                if self._thing == thing:
                    self._stored[name] = value
            self._show_note()

        return end

    def end(self, name: str) -> None:
        """Note that what stands in a field was stored."""
        self._drafts.end(self._place(name))

    def give_up(self, *names: str) -> None:
        """Put back what is stored, in some fields or in every one."""
        for name in names or self._fields:
            self._take_stored(name)

    def _place(self, name: str, thing: str = "") -> str:
        place = f"{thing or self._thing}/{name}"
        return f"{QUIET}/{place}" if self._quiet else place

    def _draft(self, name: str) -> FieldDraft | None:
        return self._drafts.get(self._place(name)) if self._thing else None

    def _put(self, name: str, value: FieldValue) -> None:
        field = self._fields[name]
        if value_of(field) == value:  # the cursor stays where it is
            return
        before, self._putting = self._putting, True
        try:
            put_value(field, value)
        finally:
            self._putting = before

    def _note_change(self, name: str, *_: object) -> None:
        if self._putting or not self._thing or name not in self._stored:
            return
        for each in (name, *self._proposed - {name}):
            self._keep(each)
        self._proposed.clear()
        self._show_note()

    def _keep(self, name: str) -> None:
        place, stored, value = self._place(name), self._stored[name], value_of(self._fields[name])
        before = self._drafts.get(place)
        if value == stored:
            self._drafts.end(place)
        else:
            self._drafts.put(place, value, stored if before is None else before.base)

    def _take_stored(self, name: str) -> None:
        if self._thing and name in self._stored:
            self._drafts.end(self._place(name))
            self._put(name, self._stored[name])
            self._show_note()

    def _keep_mine(self, name: str) -> None:
        draft = self._drafts.get(self._place(name))
        if draft is not None:
            self._drafts.put(self._place(name), draft.value, self._stored[name])
        self._show_note()

    def _show_note(self) -> None:
        if self._quiet:
            return
        for name in self._fields:
            draft = self._drafts.get(self._place(name)) if self._thing else None
            if draft is not None and not _same(draft.base, self._stored.get(name, draft.base)):
                field = self._fields[name]
                self.note.show_change(name, field.accessibleName(), str(self._stored[name]))
                return
        self.note.show_unsaved(self.unsaved)


class TabMark(QObject):
    """Marks the word of a tab while unsaved text waits behind it."""

    def __init__(self, drafts: Drafts, tabs: QTabWidget, inside: QWidget, place: str) -> None:
        """Mark the tab that holds `inside`, of drafts that lie under a place."""
        super().__init__(tabs)
        self._drafts, self._tabs, self._inside, self._place = drafts, tabs, inside, place
        self._title = tabs.tabText(tabs.indexOf(inside))
        drafts.marked.connect(self.look)
        self.look()

    def look(self) -> None:
        """Bring the mark up to date."""
        words = marked(self._title, unsaved=self._drafts.waits(self._place))
        self._tabs.setTabText(self._tabs.indexOf(self._inside), words)


class DraftNote(QFrame):
    """One line beside a form: that something is unsaved, or was stored differently meanwhile."""

    stored_wanted = Signal(str)  # the field's name
    mine_wanted = Signal(str)
    given_up = Signal()

    def __init__(self) -> None:
        """Begin with nothing to say."""
        super().__init__()
        self._name = ""
        self._words = ElidedLabel("amber")
        self.take_stored = button("采用已存的", lambda: self.stored_wanted.emit(self._name), "link")
        self.keep_mine = button("保留我的", lambda: self.mine_wanted.emit(self._name), "link")
        self.give_up = button("放弃更改", self.given_up.emit, "link")
        row_of(
            (self._words, 1), self.take_stored, self.keep_mine, self.give_up,
            spacing=SPACE_S, parent=self,
        )  # fmt: skip
        rule = self.sizePolicy()
        rule.setRetainSizeWhenHidden(True)
        self.setSizePolicy(rule)
        self.show_unsaved(False)

    @property
    def text(self) -> str:
        """What it says now; empty where it says nothing."""
        return "" if self.isHidden() else self._words.text()

    def show_unsaved(self, unsaved: bool) -> None:  # noqa: FBT001 - one switch
        """Say that something is unsaved, or nothing."""
        self._words.setText("有未保存的文字，离开或关闭后仍保留。" if unsaved else "")
        self._show(unsaved, is_changed=False)

    def show_change(self, name: str, label: str, stored: str) -> None:
        """Say that what is stored of a field changed while something else was typed."""
        self._name = name
        told = f"“{' '.join(stored.split())}”" if stored.strip() else "空"
        words = f"“{label}”已存的内容有变动，框中仍是您写的。已存的是{told}。"
        self._words.setText(words)
        self._show(True, is_changed=True)

    def _show(self, shown: bool, *, is_changed: bool) -> None:  # noqa: FBT001 - as `setVisible`
        self.take_stored.setVisible(is_changed)
        self.keep_mine.setVisible(is_changed)
        self.give_up.setVisible(not is_changed)
        # One that stands in no form would open as a window of its own, and take the keys.
        self.setVisible(shown and self.parentWidget() is not None)


def _same(one: FieldValue, other: FieldValue) -> bool:
    """Tell whether two contents are the same; space around a text is none of it."""
    if isinstance(one, str) and isinstance(other, str):
        return one.strip() == other.strip()
    return one == other
