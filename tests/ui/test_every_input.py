"""Every input of every page: what is typed is there after a refresh, another page, period and row,
after closing and opening again, and after a kill.

Each field says by itself what becomes of what is typed into it (`ui.widgets.fields.Keeping`); one
that says nothing fails here.
"""

from __future__ import annotations

import functools
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, replace

import pytest
from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QComboBox,
    QDialog,
    QHeaderView,
    QLineEdit,
    QListView,
    QPushButton,
    QStyleOptionViewItem,
    QTabWidget,
)
from shiboken6 import isValid

from fsdesk.domain.periods import Period
from fsdesk.domain.records.records import DataValue
from fsdesk.domain.steps import run_through
from fsdesk.domain.supervision.letters import LetterKind
from fsdesk.services.packet import exchange
from fsdesk.services.records import recording
from fsdesk.services.supervision import supervision
from fsdesk.workspace import open_workspace
from tests.ui.desks import dispose
from tests.ui.inputs import change, inputs
from tests.workspaces import Clock, import_files, make_office, make_unit
from ui.app import Program
from ui.appearance import Mode
from ui.widgets.field_values import value_of
from ui.widgets.fields import Keeping, keeping_of
from ui.widgets.kept_fields import PLACE

pytestmark = pytest.mark.timeout(600)
WAIT = 60_000
_MOST_ROWS = 8
TODAY = "2026-05-11T01:00:00+00:00"
MARCH, FEBRUARY = "2026-03", "2026-02"
# What the test itself sets when it starts the program; what decides which other fields a thing has;
# and what shows the name of a unit, into which is typed elsewhere.
DRIVEN = {"外观", "类型", "填报单位"}
# A screen of 1366×768, as it is and at 150 %, in the window's own pixels.
LOOKS = ((Mode.LIGHT, (1366, 728)), (Mode.DARK, (910, 480)))


@dataclass(frozen=True)
class Typed:
    """What was typed into a field of a page; without a place it is known by its name."""

    page: str
    name: str
    place: str
    value: object

    def stands_in(self, field):
        known = field.property(PLACE) if self.place else field.accessibleName()
        return known == (self.place or self.name) and value_of(field) == self.value


@pytest.fixture
def begin(qtbot, only_theme, tmp_path, monkeypatch):
    """Start the program on a folder, at any time the same day."""
    opening = functools.partial(open_workspace, clock=Clock(TODAY))
    monkeypatch.setattr("fsdesk.workspace.open_workspace", opening)
    monkeypatch.setattr("ui.start.Theme", lambda _application: only_theme)
    # Who edits the plan says yes to what that alters in past months.
    yes = QDialog.DialogCode.Accepted
    monkeypatch.setattr("ui.pages.plan_effect.EffectDialog.exec", lambda _asking: yes)
    hook, made = sys.excepthook, []

    def start(folder, look=LOOKS[0]):
        program = Program(QApplication.instance(), folder, None)
        made.append(program)
        told = program.messages.errors = []
        monkeypatch.setattr(program.messages, "error", lambda it, *_: told.append(it))
        only_theme.set_mode(look[0])
        program.window.resize(*look[1])
        program.window.show()
        program.open()
        settle(qtbot, program)
        return program

    yield start
    for program in made:
        dispose(program.window)
    only_theme.set_mode(Mode.LIGHT)
    sys.excepthook = hook


def settle(qtbot, program):
    qtbot.waitUntil(lambda: not program.runner.busy, timeout=WAIT)


def go_to(qtbot, program, period):
    program.window.top_bar.go_to_period(period)
    settle(qtbot, program)


def tabs_of(page):
    """Walk all tabs of a page; each tab's widgets can be used then."""
    found = [tabs for tabs in page.findChildren(QTabWidget) if tabs.isVisible()]
    if not found:
        yield ()
        return
    for number in range(found[0].count()):
        found[0].setCurrentIndex(number)
        yield (number,)


def usable(page):
    return [f for f in inputs(page) if f.isVisible() and f.isEnabled()]


def rows_of(page, depth=1):
    """Walk the rows of the lists that are seen, some of each; deeper, with those of the others."""
    yield
    if not depth:
        return
    for table in page.findChildren(QAbstractItemView):
        # What the click on a row of another list made anew is passed over.
        if not isValid(table) or not table.isVisible() or table.model() is None:
            continue
        for index in _rows(table.model(), QModelIndex()):
            if isValid(table) and index.isValid():
                table.setCurrentIndex(index)
                yield from rows_of(page, depth - 1)


def _rows(model, parent):
    for row in range(min(model.rowCount(parent), _MOST_ROWS)):
        index = QPersistentModelIndex(model.index(row, 0, parent))
        yield model.index(row, 0, parent)
        if isinstance(model, QAbstractTableModel):
            continue
        if index.isValid():
            yield from _rows(model, QModelIndex(index))


def type_everywhere(qtbot, program):
    """Type into every input of every page, of two things each; what was typed and where."""
    typed, silent, seen = {}, set(), Counter()
    for spec in program.window.specs:
        if spec.key == "start":
            continue
        program.window.open(spec.key)
        settle(qtbot, program)
        page = program.window.page(spec.key)
        for tab in tabs_of(page):
            settle(qtbot, program)
            for _row in rows_of(page):
                settle(qtbot, program)
                for field in usable(page):
                    how, place = keeping_of(field), field.property(PLACE) or ""
                    name = field.accessibleName()
                    if how is None:
                        silent.add(f"{spec.title}: {type(field).__name__} {name}")
                    wanted = how in (Keeping.DRAFT, Keeping.STORED) and name not in DRIVEN
                    key = (spec.key, place or name)
                    kind = (spec.key, tab, name)
                    if not wanted or key in typed or seen[kind] >= (2 if place else 1):
                        continue
                    assert place or how is Keeping.STORED, (spec.title, name)
                    value = change(qtbot, field)
                    if value is None:
                        continue
                    seen[kind] += 1
                    if not _refused(qtbot, program, field, value):
                        typed[key] = Typed(spec.key, name, place, value)
        settle(qtbot, program)
    assert not silent, "\n".join(sorted(silent))
    # One field may put something into another; and some were stored when they were left.
    drafts = program._drafts.under("")
    return [
        replace(each, value=drafts[each.place].value) if each.place in drafts else each
        for each in typed.values()
    ]


def _refused(qtbot, program, field, chosen):
    """Tell whether a choice that is stored at once was refused; then somebody is told why."""
    if not isinstance(field, QComboBox) or keeping_of(field) is not Keeping.STORED:
        return False
    settle(qtbot, program)
    if not isValid(field) or value_of(field) == chosen:
        return False
    assert program.messages.errors, field.accessibleName()
    program.messages.errors.clear()
    return True


def missing(qtbot, program, typed):
    """Look for what was typed on its page, in its tab, at any row; what is not there."""
    lost = []
    for key in dict.fromkeys(each.page for each in typed):
        program.window.open(key)
        settle(qtbot, program)
        page = program.window.page(key)
        wanted = [each for each in typed if each.page == key]
        for _tab in tabs_of(page):
            settle(qtbot, program)
            for _row in rows_of(page, depth=2):
                settle(qtbot, program)
                fields = list(inputs(page))
                wanted = [it for it in wanted if not any(map(it.stands_in, fields))]
                if not wanted:
                    break
        lost += wanted
    return lost


@pytest.fixture
def folder(request, tmp_path):
    """The workspace of a role, with letters, a draft of one and a reported month."""
    clock = Clock(TODAY)
    with (
        make_office(tmp_path / "office", clock) as office,
        make_unit(office, tmp_path / "unit", clock=clock) as unit,
    ):
        recording.record_value(unit, "I01-1", MARCH, DataValue(33))
        month = Period.parse(MARCH)
        import_files(office, exchange.export_report(unit, month, tmp_path / "报送.xlsx").file)
        letter = supervision.draft_for(office, month, "scj", LetterKind.REMINDER)
        supervision.issue(office, [letter.key])
        supervision.draft_for(office, month, "fgj", LetterKind.INTERVIEW)
        written = run_through(exchange.answer_reports(office, month, tmp_path / "反馈"))
        import_files(unit, written[0].file)
    return tmp_path / request.param


@pytest.mark.parametrize("look", LOOKS, ids=["light", "dark-150%"])
@pytest.mark.parametrize("folder", ["office", "unit"], indirect=True)
def test_nothing_typed_anywhere_is_overwritten_or_dropped(qtbot, begin, folder, look, tmp_path):
    program = begin(folder, look)
    go_to(qtbot, program, MARCH)
    typed = type_everywhere(qtbot, program)
    assert len(typed) > 3

    for spec in program.window.specs:  # every page loads anew what is stored
        if spec.key != "start":
            program.window.page(spec.key).refresh(MARCH)
    settle(qtbot, program)
    go_to(qtbot, program, FEBRUARY)
    go_to(qtbot, program, MARCH)
    assert missing(qtbot, program, typed) == []

    killed = shutil.copytree(folder, tmp_path / "killed") if _written(qtbot, program) else None
    program.window.close()
    again = begin(folder, look)
    go_to(qtbot, again, MARCH)
    assert missing(qtbot, again, typed) == []
    again.window.close()

    after = begin(killed, look)  # as the folder lay when the program was killed
    go_to(qtbot, after, MARCH)
    assert missing(qtbot, after, typed) == []


def open_page(qtbot, program, key, tab, verb):
    """Open a page at a tab, or what lies behind one of its buttons."""
    program.window.open(key)
    settle(qtbot, program)
    page = program.window.page(key)
    if tab:
        page.findChildren(QTabWidget)[0].setCurrentIndex(tab[0])
    if verb:
        next(b for b in page.findChildren(QPushButton) if b.text() == verb).click()
    settle(qtbot, program)
    return page


def cells_to_type_in(page):
    """The tables of a page in which one can type, with the first such cell of each."""
    for view in page.findChildren(QAbstractItemView):
        is_table = not isinstance(view, QHeaderView) and view.model() is not None
        if not (is_table and view.isVisible() and view.editTriggers()):
            continue
        model = view.model()
        columns = 1 if isinstance(view, QListView) else model.columnCount(QModelIndex())
        indexes = (model.index(r, c) for r in range(model.rowCount()) for c in range(columns))
        index = next((i for i in indexes if i.flags() & Qt.ItemFlag.ItemIsEditable), None)
        if index is not None:
            yield view, index


def seen_in(view, index):
    option = QStyleOptionViewItem()
    view.itemDelegate().initStyleOption(option, index)
    return option.text


# What lies behind buttons of pages; the key of the page and the words on the button.
BEHIND = {("ledger", "台账设置")}


def walk_cells(qtbot, program):
    """Walk all cells of one kind: where they stand, the table and the cell."""
    for spec in program.window.specs:
        if spec.key == "start":
            continue
        page = open_page(qtbot, program, spec.key, (), "")
        for tab in tabs_of(page):
            settle(qtbot, program)
            for view, index in cells_to_type_in(page):
                yield (spec.key, tab, ""), view, index
        for key, verb in BEHIND:
            if key == spec.key and any(b.text() == verb for b in page.findChildren(QPushButton)):
                open_page(qtbot, program, key, (), verb)
                for view, index in cells_to_type_in(page):
                    yield (key, (), verb), view, index


@pytest.mark.parametrize(("folder", "count"), [("office", 3), ("unit", 1)], indirect=["folder"])
def test_what_stands_in_an_open_cell_is_there_after_a_kill_and_after_closing(
    qtbot, begin, folder, count, tmp_path
):
    program = begin(folder)
    typed = []
    for where, view, index in walk_cells(qtbot, program):
        row, column = index.row(), index.column()
        view.setCurrentIndex(index)
        view.edit(index)
        editor = view.viewport().findChildren(QLineEdit)[-1]
        editor.selectAll()
        qtbot.keyClicks(editor, "4711")
        assert _written(qtbot, program)
        typed.append((where, view.accessibleName(), row, column))
        shutil.copytree(folder, tmp_path / f"killed{len(typed)}")
    assert len(typed) == count, typed
    program.window.close()

    for number, (where, name, row, column) in enumerate(typed, 1):
        for place in (tmp_path / f"killed{number}", folder):
            again = begin(place)
            page = open_page(qtbot, again, *where)
            view = next(v for v, _ in cells_to_type_in(page) if v.accessibleName() == name)
            assert seen_in(view, view.model().index(row, column)) == "4711", (name, place)
            again.window.close()


@pytest.mark.parametrize("folder", ["unit"], indirect=True)
def test_a_reply_that_was_being_typed_is_there_after_the_program_was_killed(qtbot, begin, folder):
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.ui.typing_on", folder], stdout=subprocess.PIPE, text=True
    )
    with child:
        assert child.stdout.readline().strip() == "typed"
        child.kill()
    assert child.returncode not in {0, 1}

    program = begin(folder)
    program.window.open("supervision")
    settle(qtbot, program)
    inbox = program.window.page("supervision")
    assert inbox.reply.toPlainText() == "9" * 40
    said = [button.text() for button in program.window.status.unsaved.findChildren(QPushButton)]
    assert said == ["来函 1 处未保存"]


def _written(qtbot, program):
    """Wait for half a second after the last key: then a kill takes nothing."""
    qtbot.wait(700)
    settle(qtbot, program)
    return True
