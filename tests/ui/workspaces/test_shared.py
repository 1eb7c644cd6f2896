"""An office's shared database in the window: connecting, making, signing in, looking, preparing."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from fsdesk.domain.accounts import SharedDatabase
from fsdesk.services.care import joining, known, setup
from fsdesk.store.server import passwords
from fsdesk.store.server.address import ServerAddress
from fsdesk.workspace import default_folder
from tests.plans import small_plan
from tests.ui import looking
from tests.ui.desks import WAIT
from tests.ui.inputs import change
from tests.workspaces import Clock
from ui.app import READ_ONLY

pytestmark = pytest.mark.postgres
ADMIN, CLERK, READER = "管理员甲", "zhangsan", "李四"
PASSWORD = "correct horse"  # noqa: S105 - of these tests alone
SIZES = [(1366, 728), (911, 485)]


@pytest.fixture(autouse=True)
def own_places(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "pgpass"))
    yield
    passwords._held.clear()


def at(server, database, account, schema="fsdesk"):
    return SharedDatabase(str(server.folder), database, account, schema, str(server.port))


@pytest.fixture
def prepared(postgres, new_database):
    """A database in which the script was run; the clerk has a password."""
    database = new_database()
    script = joining.script(at(postgres, database, ""), ADMIN, [CLERK], [READER])
    postgres.ask(script, database)
    file = postgres.data / "pg_hba.conf"
    usual = file.read_text()
    postgres.ask(f"ALTER ROLE {CLERK} PASSWORD '{PASSWORD}'", database)
    file.write_text(f"local all {CLERK} scram-sha-256\n{usual}")
    postgres.ask("SELECT pg_reload_conf()", database)
    yield database
    file.write_text(usual)
    postgres.ask("SELECT pg_reload_conf()")


@pytest.fixture
def shared(tmp_path, postgres, prepared):
    place = postgres.address(prepared, account=ADMIN)
    setup.create_office(tmp_path / "admin", small_plan(), place, Clock()).close()
    return prepared


def form(program, qtbot):
    page = program.window.page("start")
    qtbot.waitUntil(lambda: hasattr(page, "form"), timeout=WAIT)
    page.form.shared.click()
    qtbot.waitUntil(lambda: hasattr(page.form, "fields"), timeout=WAIT)
    return page.form


def fill(shown, wanted, password=""):
    fields = shown.fields
    fields.server.setText(wanted.server)
    fields.port.setText(wanted.port)
    fields.database.setText(wanted.database)
    fields.account.setText(wanted.account)
    fields.password.setText(password)


def connect(shown, qtbot, program):
    qtbot.mouseClick(shown.go, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not program.runner.busy, timeout=WAIT)


def is_open(program, qtbot):
    qtbot.waitUntil(
        lambda: program.window.current_key == "overview" and not program.runner.busy, timeout=WAIT
    )


def test_a_clerk_connects_and_comes_back_by_the_password_that_was_kept(
    start, qtbot, postgres, shared, tmp_path
):
    program = start(None)
    shown = form(program, qtbot)
    fill(shown, at(postgres, shared, CLERK), "wrong")
    connect(shown, qtbot, program)
    assert "密码不对" in shown.problem.text()
    assert program.window.page("start").fault == "sign_in"
    assert not shown.open.isVisible()
    fill(shown, at(postgres, shared, CLERK), PASSWORD)
    assert not shown.problem.isVisible()
    connect(shown, qtbot, program)
    assert shown.found.currentText().startswith("区食药安办（汇总端） 2026 年（fsdesk）")
    shown.fields.keeps.click()
    shown.open.click()
    is_open(program, qtbot)
    assert program.window.windowTitle().split(" — ")[1].endswith(f" · {CLERK}")
    assert PASSWORD in (tmp_path / "pgpass").read_text()
    (listed,) = known.workspaces()
    program.window.close()
    passwords._held.clear()
    again = start(None)
    is_open(again, qtbot)
    assert again._opened.workspace.folder == listed.folder
    assert again._opened.workspace.account == CLERK


def test_a_password_that_was_changed_is_asked_for_again(start, qtbot, postgres, shared, tmp_path):
    with joining.connect(tmp_path / "mine", at(postgres, shared, READER)):
        pass
    file = postgres.data / "pg_hba.conf"
    postgres.ask(f"ALTER ROLE {READER} PASSWORD 'new'", shared)
    file.write_text(f"local all {READER} scram-sha-256\n{file.read_text()}")
    postgres.ask("SELECT pg_reload_conf()", shared)
    (tmp_path / "pgpass").write_text(f"*:*:*:{READER}:old\n")
    (tmp_path / "pgpass").chmod(0o600)
    program = start(tmp_path / "mine")
    page = program.window.page("start")
    qtbot.waitUntil(lambda: hasattr(page, "sign_in"), timeout=WAIT)
    assert "密码不对" in page.sign_in.problem.text()
    page.sign_in.password.setText("still wrong")
    page.sign_in.go.click()
    qtbot.waitUntil(lambda: page.sign_in.isEnabled() and not program.runner.busy, timeout=WAIT)
    page.sign_in.password.setText("new")
    page.sign_in.go.click()
    is_open(program, qtbot)
    assert program.window.windowTitle().split(" — ")[1].endswith(f" · {READER}{READ_ONLY}")


def test_who_may_make_a_schema_makes_a_workspace_by_the_same_form(start, qtbot, postgres, prepared):
    program = start(None)
    shown = form(program, qtbot)
    fill(shown, at(postgres, prepared, ADMIN))
    connect(shown, qtbot, program)
    assert shown.found.currentText() == "空模式 fsdesk"
    assert shown.open.text() == "新建工作区…"
    shown.open.click()
    page = program.window.page("start")
    qtbot.waitUntil(lambda: hasattr(page.form, "office"), timeout=WAIT)
    assert "模式 fsdesk" in page.form.about_place.text()
    assert not page.form.sample.isVisible()
    page.form.office.click()
    page.form.start.click()
    is_open(program, qtbot)
    workspace = program._opened.workspace
    assert workspace.is_on_server
    assert workspace.account == ADMIN
    for refused in (program.choices.move, program.choices.begin_again):
        refused()
        assert "数据在服务器上" in program.window.banners.banners[0].text


def test_a_new_schema_is_made_only_by_who_may(start, qtbot, postgres, prepared):
    program = start(None)
    shown = form(program, qtbot)
    fill(shown, at(postgres, prepared, CLERK), PASSWORD)
    connect(shown, qtbot, program)
    assert "没有可以打开的工作区" in shown.problem.text()
    postgres.ask(f'GRANT CREATE ON DATABASE "{prepared}" TO {ADMIN}', prepared)
    fill(shown, at(postgres, prepared, ADMIN))
    connect(shown, qtbot, program)
    shown.found.setCurrentIndex(shown.found.count() - 1)
    assert shown.name.isVisible()
    shown.name.setText("next_year")
    shown.open.click()
    page = program.window.page("start")
    qtbot.waitUntil(lambda: hasattr(page.form, "office"), timeout=WAIT)
    page.form.office.click()
    page.form.start.click()
    is_open(program, qtbot)
    assert postgres.ask("SELECT count(*) FROM next_year.workspace", prepared) == "1"


def test_a_server_that_does_not_answer_is_waited_for_only_as_long_as_one_likes(start, qtbot):
    program = start(None)
    shown = form(program, qtbot)
    # An address of documentation, to which nothing is ever sent back.
    fill(shown, SharedDatabase("192.0.2.1", "db", "a"))
    shown.go.click()
    assert shown.stop.isVisible()
    assert not shown.fields.isEnabled()
    shown.stop.click()
    assert shown.fields.isEnabled()
    assert shown.go.text() == "连接"
    assert not shown.problem.isVisible()
    qtbot.waitUntil(lambda: not program.runner.busy, timeout=WAIT)
    assert not shown.problem.isVisible()


def test_what_was_filled_in_is_there_again_but_the_password(start, qtbot, tmp_path):
    program = start(None)
    shown = form(program, qtbot)
    fill(shown, SharedDatabase("db.office", "办公", "张三", port="5433"), "secret")
    assert not shown.fields.certificate.isVisible()
    change(qtbot, shown.fields.encryption)
    change(qtbot, shown.fields.encryption)
    assert shown.fields.certificate.isVisible()
    shown.fields.certificate.setText("/etc/ca.crt")
    wanted = shown.fields.wanted
    program.window.close()
    again = form(start(None), qtbot)
    assert again.fields.wanted == wanted
    assert again.fields.password.text() == ""
    kept = "".join(each.read_text() for each in (tmp_path / "settings").rglob("*.ini"))
    assert "db.office" in kept
    assert "secret" not in kept


def test_the_administrator_gets_a_script_and_sees_what_it_led_to(
    start, qtbot, postgres, new_database, tmp_path, monkeypatch
):
    database = new_database()
    program = start(None)
    program.choices.prepare_shared()
    page = program.window.page("start")
    qtbot.waitUntil(lambda: hasattr(page, "care"), timeout=WAIT)
    care = page.care
    fill(care, at(postgres, database, ADMIN))
    care.schema.setText("fsdesk")
    care.owner.setText(ADMIN)
    care.clerks.setText(f"{CLERK}，wangwu")
    care.readers.setText(READER)
    care.write.click()
    qtbot.waitUntil(care.script.isVisible, timeout=WAIT)
    care.copy.click()
    script = QGuiApplication.clipboard().text()
    assert script == care.script.toPlainText()
    monkeypatch.setattr(program.files, "save", lambda *_: tmp_path / "脚本.sql")
    care.save.click()
    qtbot.waitUntil(lambda: not program.runner.busy, timeout=WAIT)
    assert (tmp_path / "脚本.sql").read_text(encoding="utf-8") == script
    postgres.ask(script, database)

    def checked():
        care.check.click()
        qtbot.waitUntil(care.result.isVisible, timeout=WAIT)
        return care.result.toPlainText()

    assert "0 项不合格" in checked()
    care.role.setCurrentIndex(1)
    care.account.setText(CLERK)
    assert "不合格　工作区：模式里还没有工作区。请先由管理员账号新建工作区" in checked()
    fill(care, at(postgres, "nowhere", ADMIN))
    care.check.click()
    qtbot.waitUntil(care.problem.isVisible, timeout=WAIT)
    assert "没有这个数据库" in care.problem.text()


def connecting(program, qtbot, wanted):
    shown = form(program, qtbot)
    fill(shown, wanted)
    shown.fields.encryption.setCurrentIndex(2)
    shown.fields.encryption.setCurrentIndex(0)
    connect(shown, qtbot, program)


def preparing(program, qtbot, wanted):
    program.choices.prepare_shared()
    page = program.window.page("start")
    qtbot.waitUntil(lambda: hasattr(page, "care"), timeout=WAIT)
    fill(page.care, wanted)
    page.care.schema.setText("fsdesk")
    page.care.owner.setText(ADMIN)
    page.care.check.click()
    page.care.write.click()
    qtbot.waitUntil(lambda: not program.runner.busy, timeout=WAIT)


def signing_in(program, qtbot, _wanted):
    page = program.window.page("start")
    qtbot.waitUntil(lambda: hasattr(page, "sign_in"), timeout=WAIT)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("show", [connecting, preparing, signing_in])
def test_the_pages_can_be_read_and_worked_by_keys(start, qtbot, postgres, shared, show, size):
    wanted = at(postgres, shared, CLERK)
    if show is signing_in:
        passwords.hold(ServerAddress.parse(joining.address_of(wanted)), PASSWORD)
        with joining.connect(default_folder(), wanted):
            passwords._held.clear()
    program = start(None)
    program.window.resize(*size)
    show(program, qtbot, at(postgres, shared, ADMIN))
    looking.settle()
    page = program.window.page("start")
    order = looking.tab_order(program.window)
    assert looking.clipped(program.window) == []
    assert set(looking.missing_glyphs(program.window)) <= {"\u200b"}
    assert looking.nameless(program.window) == []
    assert [looking._name(it) for it in looking.focusable(page) if it not in order] == []
    assert looking.jumps_back(page, order) == []
