"""What goes wrong with a server is told in words that say what to do, never as a full disk."""

from __future__ import annotations

import subprocess
import sys

import pytest

from fsdesk.domain.findings import FsdeskError, InputRejectedError, WorkspaceError, is_away
from fsdesk.services.care import setup
from fsdesk.store.server.address import FILE, ServerAddress, remember, remembered
from fsdesk.workspace import open_workspace
from tests.plans import small_plan
from tests.workspaces import Clock

NOWHERE = "postgresql://a@127.0.0.1:1/b?connect_timeout=2"


def told(folder, address):
    with pytest.raises(FsdeskError) as problem:
        open_workspace(folder, address)
    return str(problem.value)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("postgresql://a:secret@b/c", "不能写密码"),
        ("postgresql://a@b/c?password=secret", "不能写密码"),
        ("postgresql://a@b/c?schema=pg_mine", "模式名“pg_mine”不能使用"),
        ('postgresql://a@b/c?schema=x";drop', "不能使用"),
        ("postgresql://a@b/c?options=-csearch_path%3Dx", "“options”不能使用"),
        ("postgresql://a@b", "无法识别"),
    ],
)
def test_an_address_that_can_not_be_used_is_refused(tmp_path, address, words):
    assert words in told(tmp_path, address)
    assert not (tmp_path / FILE).exists()


def test_an_address_is_remembered_as_it_was_given(tmp_path):
    address = ServerAddress.parse(
        "postgresql://张三@服务器:5433/办?schema=y2026&sslmode=verify-full"
    )
    noted = remember(tmp_path, address, "abc")
    assert remembered(tmp_path) == noted
    assert noted.address == address
    assert ServerAddress.parse(address.text) == address


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"workspace": 1, "host": []}', "\ufeff{"])
def test_a_note_that_makes_no_sense_is_told(tmp_path, text):
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    with pytest.raises(WorkspaceError, match="读不懂"):
        open_workspace(tmp_path)


def test_the_driver_loads_where_python_has_no_ssl():
    """As in the packages; what else looks for ssl later still finds none."""
    code = f"""
import sys
class NoSsl:
    def find_spec(self, name, path=None, target=None):
        if name in ("ssl", "_ssl"):
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, NoSsl())
from fsdesk.store.server.address import ServerAddress
from fsdesk.store.server.connection import make_server_engine
try:
    make_server_engine(ServerAddress.parse({NOWHERE!r})).connect()
except Exception as problem:
    print(type(problem).__name__, "ssl" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["OperationalError", "False"], done.stderr


@pytest.mark.postgres
def test_a_server_that_is_not_there_is_no_full_disk(tmp_path):
    assert "连不上数据库服务器" in told(tmp_path, NOWHERE)


@pytest.mark.postgres
def test_what_is_missing_on_the_server_is_named(tmp_path, postgres, place, new_database):
    assert "没有模式“fsdesk”" in told(tmp_path / "a", place)
    name = place.split("/")[3].split("?")[0]
    assert "没有这个数据库" in told(tmp_path / "b", place.replace(name, "nosuch"))
    assert "不认这个账号" in told(tmp_path / "c", place.replace("fsdesk_test@", "nobody@"))
    postgres.ask("CREATE SCHEMA fsdesk", name)
    assert "还没有工作区" in told(tmp_path / "d", place)


@pytest.mark.postgres
def test_a_database_that_can_not_hold_chinese_is_refused(tmp_path, postgres):
    postgres.ask("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    try:
        with pytest.raises(WorkspaceError, match="字符编码是 LATIN1"):
            setup.create_office(tmp_path / "x", small_plan(), postgres.address("latin"), Clock())
    finally:
        postgres.ask("DROP DATABASE latin WITH (FORCE)")
    assert not (tmp_path / "x").exists()


@pytest.mark.postgres
def test_a_password_comes_from_a_protected_file(tmp_path, postgres, place):
    rules = postgres.data / "pg_hba.conf"
    before = rules.read_text()
    name = place.split("/")[3].split("?")[0]
    postgres.ask("CREATE ROLE guarded LOGIN SUPERUSER PASSWORD 'right'")
    rules.write_text("local all guarded scram-sha-256\n" + before)
    postgres.ask("SELECT pg_reload_conf()")
    file = tmp_path / "pgpass"
    address = place.replace("fsdesk_test@", "guarded@") + f"&passfile={file}"
    try:
        assert "没有提供这个账号的密码" in told(tmp_path / "a", address)
        file.write_text("*:*:*:guarded:wrong\n")
        file.chmod(0o600)
        assert "密码不对" in told(tmp_path / "a", address)
        file.write_text("*:*:*:guarded:right\n")
        with setup.create_office(tmp_path / "o", small_plan(), address, Clock()) as office:
            assert office.author.who == "guarded"
        assert "right" not in (tmp_path / "o" / FILE).read_text()
    finally:
        rules.write_text(before)
        postgres.ask("SELECT pg_reload_conf()")
        postgres.ask("DROP OWNED BY guarded", name)
        postgres.ask("DROP ROLE guarded")


@pytest.mark.postgres
def test_a_database_of_another_kind_is_refused(tmp_path):
    with pytest.raises(InputRejectedError, match=r"驱动程序|无法识别"):
        open_workspace(tmp_path / "other", "nosuch://x")


@pytest.mark.postgres
def test_a_server_that_lets_nobody_in_is_not_called_away(tmp_path, postgres, new_database):
    name = new_database()
    postgres.ask(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
    with pytest.raises(WorkspaceError, match="服务器拒绝了连接") as refused:
        setup.create_office(tmp_path / "a", small_plan(), postgres.address(name), Clock())
    assert not is_away(refused.value)
