"""Two windows on one server that is killed and started again: nothing typed goes."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from msgspec.structs import replace

from fsdesk.bench.cluster import make_server
from fsdesk.domain.records.records import RecordKind
from fsdesk.services.care import joining, setup
from fsdesk.services.ledger import ledgers
from fsdesk.services.ledger.ledger_grid import UNIT
from fsdesk.store.records import records
from tests.plans import small_plan
from tests.ui.desks import WAIT
from tests.workspaces import Clock

pytestmark = pytest.mark.postgres
READER = "reader"


@pytest.fixture
def server():
    """A server of its own, since it is killed here."""
    with tempfile.TemporaryDirectory(prefix="fsdesk-pg-") as place:  # a socket's path must be short
        Path(place).chmod(0o755)
        made = make_server(Path(place, "server"))
        yield made
        if (made.data / "postmaster.pid").exists():
            made.stop("immediate")


def dialogs(monkeypatch, program):
    """Note what is told in a dialog."""
    told, box = [], program.messages._box
    monkeypatch.setattr(
        program.messages,
        "_box",
        lambda picture, role, text: told.append(text) or box(picture, role, text),
    )
    return told


@pytest.fixture
def desks(tmp_path, server, start, monkeypatch):
    """Two windows, each on a folder of its own; what they tell in dialogs is noted."""
    server.ask("CREATE DATABASE office TEMPLATE template0")
    place = server.address("office")
    setup.create_office(tmp_path / "one", small_plan(), place, Clock()).close()
    shared = joining.where(tmp_path / "one")
    joining.connect(tmp_path / "two", shared).close()
    programs = start(tmp_path / "one"), start(tmp_path / "two")
    for program in programs:
        program.errors = dialogs(monkeypatch, program)
    return programs


def settled(qtbot, program):
    qtbot.waitUntil(lambda: not program.runner.busy, timeout=WAIT)


def words_of(qtbot, program):
    """Open the form of the first task and give the field of its progress."""
    program.window.open("recording", ("", "scj"))
    page = program.window.page("recording")
    program.window.top_bar.go_to_period("2026-03")
    qtbot.waitUntil(lambda: bool(page.forms.views) and not program.runner.busy, timeout=WAIT)
    editor = next(each for each in page.forms.editors if each.key.kind is RecordKind.PROGRESS)
    return editor, editor.texts[0]


def shows(program, words):
    """Tell what is shown now: a form that reads what others stored is made anew."""
    return any(
        each.key.kind is RecordKind.PROGRESS and each.texts[0].toPlainText() == words
        for each in program.window.page("recording").forms.editors
    )


def listens(qtbot, program):
    workspace = program._opened.workspace
    qtbot.waitUntil(lambda: bool(workspace._listener and workspace._listener._schema), timeout=WAIT)


def kept(program, key):
    with program._opened.workspace.reading() as session:
        return {item.record.content.text for item in records.versions_of(session, key)}


def banners(program):
    return [each.text for each in program.window.banners.banners]


def test_what_one_types_appears_at_the_other_within_two_seconds(desks, qtbot):
    one, two = desks
    editor, field = words_of(qtbot, one)
    words_of(qtbot, two)
    listens(qtbot, two)
    editor.status.setCurrentIndex(2)
    editor.status.activated.emit(2)
    qtbot.keyClicks(field, "first desk")
    qtbot.waitUntil(lambda: kept(one, editor.key) == {"first desk"}, timeout=WAIT)
    qtbot.waitUntil(lambda: shows(two, "first desk"), timeout=2000)


def test_a_server_that_is_killed_and_comes_back_costs_no_text(desks, qtbot, server):
    one, two = desks
    editor, field = words_of(qtbot, one)
    editor.status.setCurrentIndex(2)
    editor.status.activated.emit(2)
    qtbot.keyClicks(field, "before")
    qtbot.waitUntil(lambda: kept(one, editor.key) == {"before"}, timeout=WAIT)
    settled(qtbot, two)
    for program in desks:
        listens(qtbot, program)
    server.stop("immediate")
    for program in desks:
        qtbot.waitUntil(lambda p=program: "连接断了" in p.window.status.text, timeout=WAIT)
        assert any("连接断了，正在自动重试" in text for text in banners(program))
    field.setFocus()
    qtbot.keyClicks(field, " and while it was away")
    qtbot.waitUntil(lambda: bool(one.window.page("recording").autosave.kept), timeout=WAIT)
    assert field.toPlainText() == "before and while it was away"
    server.start()
    for program in desks:
        qtbot.waitUntil(lambda p=program: "连接断了" not in p.window.status.text, timeout=WAIT)
        assert any("连接恢复了" in text for text in banners(program))
    qtbot.waitUntil(lambda: kept(one, editor.key) == {"before and while it was away"}, timeout=WAIT)
    qtbot.waitUntil(lambda: not one.window.page("recording").autosave.kept, timeout=WAIT)
    qtbot.waitUntil(lambda: shows(one, "before and while it was away"), timeout=WAIT)
    words_of(qtbot, two)
    qtbot.waitUntil(lambda: shows(two, "before and while it was away"), timeout=WAIT)
    assert one.errors == two.errors == []


def test_a_cell_that_was_typed_while_the_server_was_away_is_stored_when_it_is_back(
    desks, qtbot, server
):
    one, _two = desks
    one.window.open("ledger")
    page = one.window.page("ledger")
    settled(qtbot, one)
    page._select("sampling")
    settled(qtbot, one)
    panel = page.panel
    listens(qtbot, one)
    server.stop("immediate")
    qtbot.waitUntil(lambda: "连接断了" in one.window.status.text, timeout=WAIT)
    panel.steps.edit({(-1, UNIT): "区市场监管局", (-1, "抽样编号"): "A-001", (-1, "类别"): "药品"})
    qtbot.waitUntil(lambda: panel.steps.idle, timeout=WAIT)
    assert {each.text for each in panel.model.drafts.values()} == {"区市场监管局", "A-001", "药品"}
    server.start()
    qtbot.waitUntil(lambda: "连接断了" not in one.window.status.text, timeout=WAIT)

    def stored():
        return [
            entry.values["抽样编号"] for entry in ledgers.page(one._opened.workspace, "sampling")
        ]

    qtbot.waitUntil(lambda: stored() == ["A-001"], timeout=WAIT)
    qtbot.waitUntil(lambda: panel.model.drafts == {}, timeout=WAIT)
    assert one.errors == []


def test_who_may_only_look_sees_every_page_and_can_type_into_no_record(
    server, tmp_path, start, qtbot, monkeypatch
):
    server.ask("CREATE DATABASE office TEMPLATE template0")
    place = server.address("office")
    setup.create_office(tmp_path / "one", small_plan(), place, Clock()).close()
    shared = joining.where(tmp_path / "one")
    server.ask(joining.script(shared, "owner", [], [READER]), "office")
    joining.connect(tmp_path / "two", replace(shared, account=READER)).close()
    program = start(tmp_path / "two")
    errors = dialogs(monkeypatch, program)
    assert program.window.windowTitle().split(" — ")[1].endswith(" · reader（只读）")
    assert any("账号 reader 只能查看" in text for text in banners(program))
    for key in program.window.keys:
        if key != "start":
            program.window.open(key, enter=True)
            settled(qtbot, program)
    assert errors == []
    listens(qtbot, program)
    server.stop("immediate")
    qtbot.waitUntil(lambda: "连接断了" in program.window.status.text, timeout=WAIT)
    (lost,) = [text for text in banners(program) if "正在自动重试" in text]
    assert "自动保存" not in lost  # there is nothing that could be
    editor, field = words_of(qtbot, program)
    assert not editor.isEnabled()
    assert not field.isEnabled()
    model = program.window.page("ledger").panel.model
    assert (
        not model.flags(model.index(model.rowCount() - 1, 1))
        & model.flags(model.index(0, 0)).ItemIsEditable
    )


def test_an_account_that_is_shut_out_is_not_told_that_the_server_is_away(desks, qtbot, server):
    one, _two = desks
    listens(qtbot, one)
    settled(qtbot, one)
    account = one._opened.workspace.account
    server.ask("CREATE ROLE boss SUPERUSER LOGIN")
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{}'"
    server.ask(f"ALTER ROLE {account} NOLOGIN", account="boss")
    server.ask(others.format(account), account="boss")
    told = "读不到服务器上的数据：服务器不认这个账号"
    qtbot.waitUntil(lambda: any(told in text for text in banners(one)), timeout=WAIT)
    assert "连接断了" not in one.window.status.text
    server.ask(f"ALTER ROLE {account} LOGIN", account="boss")
    qtbot.waitUntil(lambda: any("连接恢复了" in text for text in banners(one)), timeout=WAIT)
    assert not any(told in text for text in banners(one))
