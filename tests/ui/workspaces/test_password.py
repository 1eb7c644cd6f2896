"""密码 in the window: set from the menu, asked for at the start, forgotten, recovered, given up."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel

from fsdesk import sealed
from fsdesk.domain.records.records import DataValue
from fsdesk.services.care import known, protecting, setup
from fsdesk.services.packet import exchange
from fsdesk.services.plan.planning import current_plan
from fsdesk.services.records import recording
from fsdesk.store.engine import sqlite_url
from fsdesk.store.server.address import ServerAddress, remember
from fsdesk.workspace import DATABASE, open_workspace
from tests.protected import PASSWORD, forget, protect
from tests.ui.hands import Hands
from tests.workspaces import MARCH, Clock, import_files
from ui.workspaces.password import CodeDialog, HeldCodes

NEW = "又一个足够长的密码"


@pytest.fixture(autouse=True)
def no_password_given(monkeypatch):
    forget()
    monkeypatch.setattr(sealed, "_MEMORY", 8)


@pytest.fixture
def sit_down(start, qtbot, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))

    def sit(folder):
        hands = Hands(qtbot, start(folder), monkeypatch)
        hands.settle()
        return hands

    return sit


@pytest.fixture
def typed(monkeypatch):
    """What is typed into the dialogs that ask, one after another."""
    words = []
    monkeypatch.setattr(
        "ui.workspaces.password.ask_passphrase", lambda *_args, **_options: words.pop(0)
    )
    return words


@pytest.fixture
def dialogs():
    """All words of the dialogs that showed a recovery code."""
    return []


@pytest.fixture
def codes(monkeypatch, dialogs):
    """The recovery codes that dialogs showed; each is kept by whoever sits there."""
    seen = []

    def look(dialog):
        seen.append(dialog.code.text())
        dialogs.append(" ".join(each.text() for each in dialog.findChildren(QLabel)))
        QTimer.singleShot(0, dialog.accept)
        return exec_(dialog)

    exec_ = CodeDialog.exec
    monkeypatch.setattr(CodeDialog, "exec", look)
    return seen


def choose(hands, words):
    menu = hands.program.choices.menu
    menu.aboutToShow.emit()
    next(entry for entry in menu.actions() if entry.text() == words).trigger()
    hands.settle()


def is_open(hands):
    return hands.program.choices.known is not None


def locked(hands):
    """The card that asks, once it is there; another window may come with it."""
    hands.wait(lambda: hasattr(hands.window.page("start"), "locked"))
    return hands.window.page("start").locked


def test_a_password_is_set_and_asked_for_at_the_next_start(sit_down, folders, typed, codes):
    hands = sit_down(folders / "unit")
    typed += [PASSWORD]
    choose(hands, "设置密码…")
    hands.wait(lambda: any("密码已设好" in told for told in hands.told))
    assert protecting.is_protected(folders / "unit")
    assert len(codes) == 1
    hands.window.close()
    forget()
    hands = sit_down(folders / "unit")
    card = locked(hands)
    hands.wait(card.password.hasFocus)
    assert hands.window.page("start").fault == "password"
    hands.type(PASSWORD + "错")
    hands.press("Return")
    hands.wait(lambda: "密码不对" in card.problem.text())
    assert not is_open(hands)
    assert hands.window.page("start").fault == "password"
    hands.type(PASSWORD)  # what was typed is marked, and goes
    hands.press("Return")
    hands.wait(lambda: is_open(hands))
    assert not (folders / "unit" / "logs" / "fsdesk.log").exists()


def test_only_where_the_office_will_have_the_code_it_is_promised(
    sit_down, folders, typed, codes, dialogs, tmp_path
):
    with open_workspace(folders / "unit", write=False) as unit:
        plan = current_plan(unit)
    chosen = tmp_path / "chosen"
    setup.create_unit(chosen, plan, "scj", sqlite_url(chosen / DATABASE)).close()
    for folder, wanted in (
        (folders / "unit", "交区食药安办保管"),
        (chosen, "还没有登记区食药安办的密钥，恢复码不能随报送包交出"),
        (folders / "office", "不交给别人保管"),
    ):
        hands = sit_down(folder)
        hands.wait(lambda hands=hands: is_open(hands))
        typed += [PASSWORD]
        choose(hands, "设置密码…")
        hands.wait(
            lambda hands=hands: is_open(hands) and any("密码已设好" in told for told in hands.told)
        )
        assert wanted in dialogs.pop()
        hands.window.close()


def test_a_forgotten_password_is_replaced_by_the_code(sit_down, folders, typed, codes):
    code = protect(folders / "unit").code
    forget()
    hands = sit_down(folders / "unit")
    card = locked(hands)
    hands.click(card.forgot)
    assert protecting.mark_of(folders / "unit") in card.mark.text()
    hands.type(code.lower())
    hands.click(card.go_by_code)
    hands.wait(lambda: is_open(hands))
    assert any("请马上设置新密码" in told for told in hands.told)
    typed += [NEW]  # the one before is not asked for
    hands.click(hands.button("设置新密码…"))
    hands.wait(lambda: any("密码已设好" in told for told in hands.told))
    assert codes[-1] != code
    hands.window.close()
    forget()
    protecting.unlock(folders / "unit", NEW)


def test_changing_and_giving_up_ask_for_the_present_one(sit_down, folders, typed, codes, errors):
    protect(folders / "unit")
    hands = sit_down(folders / "unit")
    hands.wait(lambda: is_open(hands))
    typed += ["wrong password"]
    choose(hands, "更换密码…")
    assert "密码不对" in errors[-1]
    typed += [PASSWORD, NEW]
    choose(hands, "更换密码…")
    hands.wait(lambda: any("密码已设好" in told for told in hands.told))
    typed += [NEW]
    hands.answer("取消密码")
    choose(hands, "取消密码…")
    hands.wait(lambda: not protecting.is_protected(folders / "unit") and is_open(hands))
    assert len(codes) == 1


@pytest.fixture
def errors(monkeypatch):
    told = []
    monkeypatch.setattr(
        "ui.messages.Messages.error", lambda _self, problem, *_: told.append(str(problem))
    )
    return told


def test_none_is_thought_up_for_what_lies_on_a_server(sit_down, folders, typed, codes, errors):
    hands = sit_down(folders / "unit")
    hands.wait(lambda: is_open(hands))
    remember(folders / "unit", ServerAddress.parse("postgresql://server/office"), "any")
    typed += [PASSWORD]
    choose(hands, "设置密码…")
    assert "在数据库服务器上，程序不能给它设密码" in errors[-1]
    assert (typed, codes) == ([PASSWORD], [])  # nothing was asked and no code given out


def test_another_workspace_is_asked_for_when_it_is_gone_over_to(sit_down, folders, errors):
    protect(folders / "office")
    forget()
    with open_workspace(folders / "unit") as unit:
        known.remember(unit)
    hands = sit_down(folders / "unit")
    hands.wait(lambda: is_open(hands))
    hands.program.choices.open_folder(folders / "office")
    card = locked(hands)
    assert errors == []
    hands.wait(card.password.hasFocus)
    hands.type(PASSWORD)
    hands.press("Return")
    hands.wait(lambda: is_open(hands) and hands.program.choices.known.role.value == "office")


def test_the_office_reads_out_a_units_code(sit_down, folders, tmp_path):
    code = protect(folders / "unit").code
    with open_workspace(folders / "unit", clock=Clock()) as unit:
        recording.record_value(unit, "I01-1", str(MARCH), DataValue(6))
        file = exchange.export_report(unit, MARCH, tmp_path / "报送包.xlsx").file
    with open_workspace(folders / "office", clock=Clock()) as office:
        import_files(office, file)
    hands = sit_down(folders / "office")
    hands.wait(lambda: is_open(hands))
    choose(hands, "读出单位的恢复码…")
    (found,) = hands.window.findChildren(HeldCodes)
    hands.wait(found.isVisible)
    assert found.code.text() == ""
    found.unit.setCurrentIndex(1)
    found.unit.chosen.emit(found.unit.value)
    hands.wait(lambda: found.code.text() == code)
    found.close()
