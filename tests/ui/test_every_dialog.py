"""Every input of every dialog: it says what becomes of what is typed, and that holds.

What is kept as typed is there again when the dialog is opened after a kill; passwords are kept
nowhere. A dialog that is not tried here fails.
"""

from __future__ import annotations

import importlib
import pkgutil
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from msgspec.structs import force_setattr
from PySide6.QtWidgets import QComboBox, QDialog, QLineEdit

import ui
from fsdesk.domain.periods import Period
from fsdesk.domain.records.records import DataValue
from fsdesk.services import drafts as service
from fsdesk.services.packet import exchange, taken_files
from fsdesk.services.plan.planning import current_plan
from fsdesk.services.records import recording
from fsdesk.services.status.unit_forms import unit_form
from tests.ui.desks import WAIT
from tests.ui.inputs import change, inputs
from tests.workspaces import import_files
from ui.drafts import Drafts
from ui.help.diagnosis import DiagnosisDialog
from ui.pages.exchange.heard import HeardDialog
from ui.pages.exchange.undo_dialog import UndoDialog
from ui.pages.ladder.hand_down_dialog import HandDownDialog
from ui.pages.plan_document.pasting import PasteDialog
from ui.pages.plan_editing.asking import AskingDialog
from ui.pages.plan_effect import Change, DayOfEffect, EffectDialog
from ui.pages.recording.evidence_sorting import EvidenceSorting
from ui.pages.recording.move_dialog import MoveDialog
from ui.pages.status.published_differences import DifferencesDialog
from ui.widgets.field_values import value_of
from ui.widgets.fields import Keeping, keeping_of
from ui.widgets.kept_fields import PLACE
from ui.widgets.palette import Palette
from ui.widgets.passphrase import PassphraseDialog
from ui.workspaces.password import CodeDialog, HeldCodes
from ui.workspaces.restoring import RestoreDialog

FEBRUARY = Period(2026, 2, 2)


def _effects(test):
    nothing = Change(lambda *_: (), lambda *_: None)
    answer = DayOfEffect(2026, date(2026, 5, 1))
    return EffectDialog(test.desk, test.window, nothing, (), answer)


def _sorting(test):
    files = [Path("检查记录.jpg"), Path("台账.xlsx")]
    return EvidenceSorting(test.window, files, {"a": "检查", "b": "培训"})


def _moving(test):
    whose = test.desk.workspace
    return MoveDialog(test.window, test.desk, unit_form(whose, test.desk.unit, FEBRUARY))


def _undoing(test):
    whose = test.desk.workspace
    return UndoDialog(taken_files.last_files(whose), current_plan(whose), test.window)


def _handing_down(test):
    plan = current_plan(test.desk.workspace)
    return HandDownDialog(test.window, SimpleNamespace(upper=plan, lower=plan), "T01-1", "scj")


def _restoring(test):
    doors = SimpleNamespace(runner=test.runner, files=test.files, window=test.window)
    return RestoreDialog(test.window, doors, test.desk.workspace.folder)


# How each dialog is opened; those of the office there, the others at a unit.
OFFICE = {
    UndoDialog: _undoing,
    EffectDialog: _effects,
    AskingDialog: lambda t: AskingDialog(t.desk, t.window, "添加任务", "新任务的标题：", "添加"),
    PasteDialog: lambda t: PasteDialog(t.window, t.desk.drafts),
    HeldCodes: lambda t: HeldCodes(
        SimpleNamespace(window=t.window, runner=t.runner), t.desk.workspace, ()
    ),
    DifferencesDialog: lambda t: DifferencesDialog(t.window, "已发布", ()),
    HandDownDialog: _handing_down,
    DiagnosisDialog: lambda t: DiagnosisDialog(t.window, "版本"),
    HeardDialog: lambda t: HeardDialog(t.window, "登记新密钥", ("登记",)),
}
UNIT = {
    MoveDialog: _moving,
    EvidenceSorting: _sorting,
    PassphraseDialog: lambda t: PassphraseDialog(t.window, "设置密码", "设置", least=4),
    CodeDialog: lambda t: CodeDialog(t.window, SimpleNamespace(code="AAAA", mark="12"), ""),
    RestoreDialog: _restoring,
    Palette: lambda t: Palette(t.window),
}


def _dialogs(kind=QDialog):
    for each in kind.__subclasses__():
        if each.__module__.startswith("ui."):
            yield each
        yield from _dialogs(each)


def test_every_dialog_is_tried():
    for module in pkgutil.walk_packages(ui.__path__, "ui."):
        importlib.import_module(module.name)
    assert set(_dialogs()) == {*OFFICE, *UNIT}


@pytest.fixture
def taken(office, unit, tmp_path):
    """A report that came from a unit."""
    recording.record_value(unit, "I01-1", str(FEBRUARY), DataValue(3))
    import_files(office, exchange.export_report(unit, FEBRUARY, tmp_path / "报送.xlsx").file)


@pytest.mark.usefixtures("taken")
@pytest.mark.parametrize(
    ("role", "kind"),
    [("office", kind) for kind in OFFICE] + [("unit", kind) for kind in UNIT],
    ids=lambda it: getattr(it, "__name__", it),
)
def test_what_is_typed_into_a_dialog_is_there_after_a_kill_or_is_said_not_to_be(
    role, kind, request, page_test, qtbot
):
    workspace = request.getfixturevalue(role)
    test = page_test(workspace)
    make = {**OFFICE, **UNIT}[kind]
    dialog = make(test)
    dialog.show()
    test.settle()
    kept = {}
    for field in inputs(dialog):
        how, name = keeping_of(field), field.accessibleName()
        assert how is not None, name
        # What is typed in words may pass only where nobody would type it again.
        if how is Keeping.PASSING and isinstance(field, QLineEdit):
            assert kind in {HeardDialog, Palette}, name
        if how is Keeping.DRAFT:
            kept[field.property(PLACE)] = change(qtbot, field)
            assert kept[field.property(PLACE)] is not None, name
        elif how is Keeping.PRIVATE:
            change(qtbot, field)
            assert field.echoMode() is QLineEdit.EchoMode.Password
    qtbot.waitUntil(lambda: set(kept) <= set(service.kept(workspace)), timeout=WAIT)
    assert len(test.desk.drafts.under("")) == len(kept)

    # Killed here: what the workspace holds is all that is left.
    force_setattr(
        test.desk,
        "drafts",
        Drafts(workspace, test.runner, test.messages, service.kept(workspace)),
    )
    again = make(test)
    again.show()
    test.settle()
    there = {f.property(PLACE): value_of(f) for f in inputs(again) if f.property(PLACE)}
    assert {place: there[place] for place in kept} == kept
    for closing in (dialog, again):
        closing.close()


@pytest.mark.usefixtures("taken")
def test_choices_in_dialogs_begin_at_what_is_likely_and_not_at_the_last_answer(page_test, unit):
    """What is passing in a dialog is an answer to one question; another time it is another one."""
    test = page_test(unit)
    first = _moving(test)
    choice = first.findChildren(QComboBox)[0]
    before = choice.currentText()
    choice.setCurrentIndex((choice.currentIndex() + 1) % choice.count())
    again = _moving(test)
    test.settle()
    assert again.findChildren(QComboBox)[0].currentText() == before
