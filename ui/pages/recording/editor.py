"""The base of the editors: one record each, handed over as typed; what is wrong stands beside."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QTextCursor
from PySide6.QtWidgets import QCheckBox, QLineEdit, QPlainTextEdit, QWidget

from fsdesk.domain.findings import Finding, Severity, error
from fsdesk.domain.typed import CellError
from ui.theme import look_again, set_role
from ui.widgets.choice import Choice
from ui.widgets.fields import Keeping, keeping
from ui.widgets.label import label

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fsdesk.domain.records.records import Content, RecordKey

_REST_MS = 500
_CONTROL = Qt.KeyboardModifier.ControlModifier
_RETRACING = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_MARKS = {Severity.ERROR: "■", Severity.WARNING: "▲", Severity.NOTICE: "○"}
_TONES = {Severity.ERROR: "error", Severity.WARNING: "amber", Severity.NOTICE: "muted"}

# What stands in an editor's fields, as it was typed.
Typed = tuple[object, ...]
_Read = TypeVar("_Read")


class Editor(QWidget):
    """Stores after typing rests or when a field is left; subclasses say what is typed.

    Attributes:
        wrong: Whether what is typed could not be read or stored.
        findings: What is told below the fields.
        first: The field that is typed in first.
        rare: The fields that Enter passes over; Tab goes to them.
        seen: What was stored when this was typed over it, as far as the user could see.
    """

    edited = Signal(object, object, object)  # this editor, RecordKey, Content
    rested = Signal(object)  # this editor, in which typing rests and nothing was handed over
    first: QWidget

    def __init__(self, key: RecordKey, content: Content) -> None:
        """Begin with what is stored."""
        super().__init__()
        self.key = key
        self.wrong = False
        self.findings: tuple[Finding, ...] = ()
        self._told_once: tuple[Finding, ...] | None = ()
        self._stored: Content | None = content
        self.seen: Content = content
        self._refused: Content | None = None
        self.rare: tuple[QWidget, ...] = ()
        self._fields: list[QWidget] = []
        self._culprit: QLineEdit | None = None
        self.words = label("", "error", wrap=True)
        self.words.hide()
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._take_rest)

    def content(self) -> Content:
        """Return what is typed; a field that can't be read is a `CellError`."""
        raise NotImplementedError

    def typed_of(self, content: Content) -> Typed:
        """Return what stands in the fields when this is recorded."""
        raise NotImplementedError

    def before(self) -> Typed:
        """Return what stood in the fields in the last period; None where nothing did."""
        return tuple(None for _ in self._fields)

    def set_compact(self, *, compact: bool) -> None:
        """Lay the fields out for a narrow or a wide window."""

    @property
    def filled(self) -> bool:
        """Whether anything is typed in it."""
        return any(value not in (None, "", False) for value in self.typed)

    @property
    def first_empty(self) -> QWidget | None:
        """The first field in which what is asked for is still to be filled in; None for none."""
        return None if self.filled else self.first

    @property
    def unfinished(self) -> bool:
        """Whether the cursor stands where more must be typed before it can be stored."""
        return False

    @property
    def unstored(self) -> bool:
        """Whether something else stands in its fields than what was handed over last."""
        try:
            return self.content() != self._stored
        except CellError:
            return True

    @property
    def has_focus(self) -> bool:
        """Whether the cursor stands in one of its fields."""
        return self.focused is not None

    @property
    def focused(self) -> int | None:
        """In which of its fields the cursor stands; None for none of them."""
        return next((n for n, field in enumerate(self._fields) if field.hasFocus()), None)

    def focus_field(self, place: int) -> None:
        """Put the cursor into one of its fields, behind what stands there."""
        field = self._fields[place]
        field.setFocus()
        if isinstance(field, QPlainTextEdit):
            field.moveCursor(QTextCursor.MoveOperation.End)

    @property
    def typed(self) -> Typed:
        """What stands in the fields, readable or not."""
        return tuple(_typed_in(field) for field in self._fields)

    def show_content(self, content: Content) -> None:
        """Show what is stored now, in place of what stood in the fields."""
        for field, value in zip(self._fields, self.typed_of(content), strict=True):
            _put(field, value)
        self._rest.stop()
        self._stored, self._refused, self.seen = content, None, content
        self._told_once = ()
        self.show_findings(())
        self.rested.emit(self)

    def copy_before(self, field: QWidget) -> None:
        """Put into a field what stood there in the last period, if anything did."""
        value = self.before()[self._fields.index(field)]
        if value not in (None, ""):
            _put(field, value)
            self.flush()

    def put_typed(self, typed: Typed, findings: Sequence[Finding]) -> None:
        """Put back what was typed and could not be stored, with the reason."""
        for field, value in zip(self._fields, typed, strict=True):
            _put(field, value)
        self._rest.stop()
        with suppress(CellError):
            self._refused = self.content()
        self.show_findings(findings)

    def watch(self, *fields: QWidget) -> None:
        """Store when typing rests in any of these, and when one is left."""
        self._fields = list(fields)
        for field in fields:
            keeping(field, Keeping.STORED).installEventFilter(self)
            if isinstance(field, QLineEdit):
                field.textEdited.connect(lambda _text: self._rest.start())
            elif isinstance(field, QPlainTextEdit):
                field.textChanged.connect(self._rest.start)
                field.setTabChangesFocus(True)
            elif isinstance(field, QCheckBox):
                field.toggled.connect(lambda _on: self.flush())
            elif isinstance(field, Choice):
                field.chosen.connect(lambda _value: self.flush())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Store a field when the cursor leaves it; Enter goes on to the next one."""
        if event.type() == QEvent.Type.FocusOut and not self.unfinished:
            self.flush()
        elif isinstance(event, QKeyEvent):
            return self._take_key(watched, event)
        return False

    def _take_key(self, watched: QObject, event: QKeyEvent) -> bool:
        """Take the keys that mean something to the form; tell whether this was one."""
        if event.type() == QEvent.Type.ShortcutOverride and any(map(event.matches, _RETRACING)):
            # The form takes back what was stored, also of yesterday; a field knows only today's.
            event.ignore()
            return True
        if event.type() == QEvent.Type.KeyPress:
            held = bool(event.modifiers() & _CONTROL)
            if event.key() == Qt.Key.Key_D and held and isinstance(watched, QWidget):
                self.copy_before(watched)
                return True
            # In texts of several lines Enter is a new line; Ctrl+Enter goes on there as well.
            if event.key() in _ENTER and (held or not isinstance(watched, QPlainTextEdit)):
                self.focusNextChild()  # which stores what was typed
                while watched not in self.rare and any(field.hasFocus() for field in self.rare):
                    self.focusNextChild()
                return True
        return False

    def read(self, field: QLineEdit, reader: Callable[[str], _Read]) -> _Read:
        """Read a field, and remember it as the one that is marked when it can't be read."""
        try:
            return reader(field.text())
        except CellError:
            self._culprit = field
            raise

    def flush(self, *, again: bool = True) -> None:
        """Hand over what is typed, unless it is stored already or can't be read.

        `again` tries what was refused once more: another record may have been mended.
        """
        self._rest.stop()
        self._culprit = None
        try:
            content = self.content()
        except CellError as problem:
            self.show_findings([error(str(problem))])
            self.rested.emit(self)
            return
        if not again and content == self._refused:
            return
        if content != self._stored:
            self._stored = content
            self.edited.emit(self, self.key, content)
        elif self.wrong:  # back to what is stored: nothing is wrong any more
            self.show_findings(())
            self.rested.emit(self)

    def _take_rest(self) -> None:
        if self.unfinished:
            self.rested.emit(self)
        else:
            self.flush()

    def show_stored(self, findings: Sequence[Finding]) -> None:
        """Say what should be looked at in what was just stored."""
        self._told_once = None
        self.show_findings(findings)

    def show_standing(self, standing: Sequence[Finding]) -> None:
        """Say what is doubtful as all stands now; what is wrong, or being typed, is left alone.

        What only the storing told, such as that a figure became smaller, stays until the next one;
        the rest goes when its cause goes, wherever that was mended.
        """
        if self.wrong or self._stored is None:
            return
        if self._told_once is None:
            self._told_once = tuple(each for each in self.findings if each not in standing)
        shown = (*self._told_once, *standing)
        if shown != self.findings:
            self.show_findings(shown)

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Say below the fields what is wrong: errors in red, warnings in amber."""
        self.findings = tuple(findings)
        levels = [level for level in Severity if any(f.level is level for f in findings)]
        self.wrong = Severity.ERROR in levels
        set_role(self.words, _TONES[levels[0]] if levels else "muted")
        self.words.setText("\n".join(f"{_MARKS[f.level]} {f}" for f in findings))
        self.words.setVisible(bool(findings))
        marked = [self._culprit] if self._culprit else self.suspects
        for field in self.findChildren(QLineEdit):
            field.setProperty("wrong", self.wrong and field in marked)
            look_again(field)

    def refuse(self, findings: Sequence[Finding]) -> None:
        """Say why what was handed over last is not stored."""
        self._stored, self._refused = None, self._stored
        self.show_findings(findings)

    @property
    def suspects(self) -> Sequence[QLineEdit]:
        """The fields that are marked when a rule about the record is broken."""
        return ()


def _typed_in(field: QWidget) -> object:
    if isinstance(field, QLineEdit):
        return field.text()
    if isinstance(field, QPlainTextEdit):
        return field.toPlainText()
    if isinstance(field, QCheckBox):
        return field.isChecked()
    return field.value if isinstance(field, Choice) else None


def _put(field: QWidget, value: object) -> None:
    field.blockSignals(True)
    if isinstance(field, QLineEdit):
        field.setText(str(value))
    elif isinstance(field, QPlainTextEdit):
        field.setPlainText(str(value))
    elif isinstance(field, QCheckBox):
        field.setChecked(bool(value))
    elif isinstance(field, Choice):
        field.set_value(value)
    field.blockSignals(False)
