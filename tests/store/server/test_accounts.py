"""Accounts of a shared database: the script makes them, the check finds what they truly may do."""

from __future__ import annotations

import re
import zipfile

import pytest

from fsdesk.commands.run import run
from fsdesk.domain.accounts import AccountRole, Encryption, SharedDatabase
from fsdesk.domain.findings import FindingCode, FsdeskError, InputRejectedError
from fsdesk.domain.records.records import DataValue
from fsdesk.domain.steps import run_through
from fsdesk.services.care import joining, maintenance, next_year, restoring, setup
from fsdesk.services.records import recording
from fsdesk.store.server import connection, passwords
from fsdesk.workspace import open_workspace
from tests.plans import small_plan
from tests.workspaces import Clock

ADMIN, CLERK, READER = "管理员甲", "zhangsan", "李四"
PEOPLE = (
    (AccountRole.ADMINISTRATOR, ADMIN),
    (AccountRole.CLERK, CLERK),
    (AccountRole.READER, READER),
)


def at(server, database, account, schema="fsdesk"):
    return SharedDatabase(str(server.folder), database, account, schema, str(server.port))


OF_ADMINISTRATOR = "恢复、建立工作区（包括下一年度的）和升级由管理员账号办理"


def put_back(folder, file):
    return run_through(restoring.put_back(folder, file, clock=Clock()))


def wrong(found):
    return {each.what: (each.found, each.remedy) for each in found if not each.is_right}


@pytest.fixture
def database(new_database):
    return new_database()


@pytest.fixture
def prepared(postgres, database):
    """A database in which the script was run."""
    wanted = at(postgres, database, "")
    postgres.ask(joining.script(wanted, ADMIN, [CLERK], [READER]), database)
    return database


@pytest.fixture
def shared(tmp_path, postgres, prepared):
    """A workspace that the administrator's account made there."""
    place = postgres.address(prepared, account=ADMIN)
    setup.create_office(tmp_path / "admin", small_plan(), place, Clock()).close()
    return prepared


pytestmark = pytest.mark.postgres


def test_the_script_gives_each_account_what_its_role_may_and_no_more(postgres, shared):
    for role, account in PEOPLE:
        assert wrong(joining.check(at(postgres, shared, account), "", role)) == {}
    others = joining.check(at(postgres, shared, ADMIN), "", AccountRole.CLERK, CLERK)
    assert wrong(others) == {}
    signing = next(each.found for each in others if each.what == "签名密钥")
    assert CLERK in signing
    assert ADMIN in signing
    assert READER not in signing


def test_each_account_does_what_its_role_may(postgres, shared, tmp_path):
    place = postgres.address(shared, account=CLERK)
    with open_workspace(tmp_path / "clerk", place, clock=Clock()) as clerk:
        assert clerk.may_write
        assert clerk.account == clerk.author.who == CLERK
        recording.record_value(clerk, "I01-1", "2026-03", DataValue(5), unit="scj")
    place = postgres.address(shared, account=READER)
    with open_workspace(tmp_path / "reader", place, clock=Clock()) as reader:
        assert not reader.may_write
        with pytest.raises(FsdeskError, match="没有做这一步的权限"):
            recording.record_value(reader, "I01-1", "2026-03", DataValue(6), unit="scj")
        assert not list(reader.keys.iterdir())


def test_restoring_and_the_next_year_are_the_administrators(postgres, shared, tmp_path):
    with open_workspace(tmp_path / "admin", clock=Clock()) as admin:
        maintenance.back_up(admin, tmp_path / "b.zip")
        recording.record_value(admin, "I01-1", "2026-03", DataValue(5), unit="scj")
    for account in (CLERK, READER):
        place = postgres.address(shared, account=account)
        with (
            open_workspace(tmp_path / account, place, clock=Clock()) as other,
            pytest.raises(FsdeskError, match=OF_ADMINISTRATOR),
        ):
            next_year.make_carried_on(other)
        with pytest.raises(FsdeskError, match=OF_ADMINISTRATOR):
            put_back(tmp_path / account, tmp_path / "b.zip")
    assert "模式 fsdesk_before_" in put_back(tmp_path / "admin", tmp_path / "b.zip").kept
    with open_workspace(tmp_path / "admin", clock=Clock()) as admin:
        made = next_year.make_carried_on(admin)
    with open_workspace(made, clock=Clock()) as following:
        assert (following.identity.year, following.account) == (2027, ADMIN)


def test_a_backup_without_the_signing_key_says_so(postgres, shared, tmp_path, capsys):
    for account, lacks in ((READER, True), (CLERK, False)):
        place, file = postgres.address(shared, account=account), tmp_path / f"{account}.zip"
        folder = tmp_path / account
        with open_workspace(folder, place, clock=Clock()) as opened:
            told = maintenance.back_up(opened, file)
        assert (f"备份中没有签名密钥：账号 {account} 读不到它" in told) is lacks
        assert bool(told) is lacks
        with zipfile.ZipFile(file) as archive:
            assert ("keys/signing.pem" in archive.namelist()) is not lacks
        notes = restoring.preview(tmp_path / "new", file).notes
        assert any("备份中没有签名密钥" in note for note in notes) is lacks
        assert run(["--workspace", str(folder), "backup", str(tmp_path / f"{account}-2.zip")]) == 0
        assert ("备份中没有签名密钥" in capsys.readouterr().err) is lacks


def test_who_may_make_schemas_is_checked_for_each_role(postgres, shared):
    postgres.ask(f'REVOKE CREATE ON DATABASE "{shared}" FROM "{ADMIN}"', shared)
    postgres.ask(f'GRANT CREATE ON DATABASE "{shared}" TO fsdesk_clerks', shared)
    found = wrong(joining.check(at(postgres, shared, ADMIN), "", AccountRole.ADMINISTRATOR))
    assert found["新的模式"][0].startswith("不能建，就地恢复和建立下一年度")
    assert set(wrong(joining.check(at(postgres, shared, CLERK), "", AccountRole.CLERK))) == {
        "新的模式"
    }
    postgres.ask(joining.script(at(postgres, shared, ""), ADMIN, [CLERK], [READER]), shared)
    for role, account in PEOPLE:
        assert wrong(joining.check(at(postgres, shared, account), "", role)) == {}


def test_the_script_may_run_again_and_mends_what_was_changed(postgres, shared):
    postgres.ask(f"GRANT ALL ON ALL TABLES IN SCHEMA fsdesk TO {CLERK}", shared)
    postgres.ask("GRANT SELECT ON fsdesk.kept_key TO fsdesk_readers", shared)
    found = wrong(joining.check(at(postgres, shared, CLERK), "", AccountRole.CLERK))
    assert "多出：修改、删除、清空" in found["表 change"][1]
    assert "表 workspace" in found
    found = wrong(joining.check(at(postgres, shared, READER), "", AccountRole.READER))
    assert set(found) == {"表 kept_key", "签名密钥"}
    script = joining.script(at(postgres, shared, ""), ADMIN, [CLERK], [READER])
    postgres.ask(script, shared)
    for role, account in PEOPLE:
        assert wrong(joining.check(at(postgres, shared, account), "", role)) == {}


def test_what_is_not_right_is_named_with_what_to_do(postgres, shared):
    asked = at(postgres, shared, CLERK)
    assert "表的所有者" in wrong(joining.check(asked, "", AccountRole.ADMINISTRATOR))
    postgres.ask("ALTER TABLE fsdesk.change DISABLE TRIGGER change_no_update", shared)
    postgres.ask('ALTER TABLE fsdesk.unit ALTER name TYPE varchar COLLATE "POSIX"', shared)
    postgres.ask("REVOKE ALL ON fsdesk.indicator FROM fsdesk_clerks", shared)
    postgres.ask("REVOKE ALL ON ALL SEQUENCES IN SCHEMA fsdesk FROM fsdesk_clerks", shared)
    found = wrong(joining.check(asked, "", AccountRole.CLERK))
    assert "触发器不在" in found["变更记录只能增加"][0]
    assert "unit.name" in found["文字的排序"][0]
    assert found["表 indicator"][1].startswith("缺少：查看、增加、修改、删除")
    assert any(what.startswith("序列 ") for what in found)
    postgres.ask(f"ALTER ROLE {CLERK} SUPERUSER", shared)
    try:
        found = wrong(joining.check(asked, "", AccountRole.CLERK))
        assert "超级用户" in found[f"账号 {CLERK}"][0]
    finally:
        postgres.ask(f"ALTER ROLE {CLERK} NOSUPERUSER", shared)
    postgres.ask("DROP TRIGGER change_no_update ON fsdesk.change", shared)
    assert "变更记录只能增加" in wrong(joining.check(asked, "", AccountRole.CLERK))


def test_before_there_is_a_workspace_the_check_says_who_may_make_one(postgres, prepared):
    made = joining.check(at(postgres, prepared, ADMIN), "", AccountRole.ADMINISTRATOR)
    assert wrong(made) == {}
    assert made[-1].found == "还没有，可以新建"
    found = wrong(joining.check(at(postgres, prepared, CLERK), "", AccountRole.CLERK))
    assert set(found) == {"工作区"}
    found = wrong(joining.check(at(postgres, prepared, CLERK, "other"), "", AccountRole.CLERK))
    assert found["模式 other"][0] == "没有"


@pytest.mark.parametrize(
    "people",
    [
        ("a b", [], []),
        ("", [], []),
        ("甲", ["x'; DROP"], []),
        ("甲", ["乙"], ["乙"]),
        ("甲", ["甲"], []),
    ],
)
def test_names_that_could_do_harm_or_mean_two_roles_are_refused(people):
    with pytest.raises(InputRejectedError):
        joining.script(SharedDatabase("", "db", "", "fsdesk"), *people)


def test_the_commands_write_the_script_and_tell_what_the_check_found(
    postgres, database, tmp_path, capsys
):
    address = postgres.address(database)
    file = tmp_path / "脚本.sql"
    asked = ["server", "script", address, "--admin", ADMIN, "--clerk", f"{CLERK}，wangwu"]
    assert run([*asked, "--out", str(file)]) == 0
    text = file.read_text(encoding="utf-8")
    assert 'CREATE ROLE "wangwu" LOGIN' in text
    assert not re.search("password '", text, re.IGNORECASE)
    postgres.ask(text, database)
    mine = postgres.address(database, account=ADMIN)
    capsys.readouterr()
    assert run(["server", "check", mine, "--role", "admin"]) == 0
    assert "0 项不合格" in capsys.readouterr().out
    assert run(["server", "check", mine, "--role", "clerk", "--account", CLERK]) == 1
    assert "不合格　工作区" in capsys.readouterr().out


# Coming to it


def test_an_account_finds_the_workspaces_that_it_may_open(postgres, shared, tmp_path):
    postgres.ask("CREATE SCHEMA 别的; CREATE TABLE 别的.t (a int); CREATE SCHEMA closed", shared)
    found = joining.look_around(at(postgres, shared, CLERK, ""))
    by_name = {each.name: each for each in found.schemas}
    assert by_name["fsdesk"].whose.endswith("（汇总端） 2026 年")
    assert by_name["fsdesk"].may_write
    assert not by_name["别的"].holds
    assert not any(each.may_fill for each in found.schemas)
    assert not found.may_make
    reads = {it.name: it for it in joining.look_around(at(postgres, shared, READER)).schemas}
    assert reads["fsdesk"].may_read
    assert not reads["fsdesk"].may_write
    postgres.ask(f"CREATE SCHEMA next_year AUTHORIZATION {ADMIN}", shared)
    own = joining.look_around(at(postgres, shared, ADMIN)).schemas
    assert [each.name for each in own if each.may_fill] == ["next_year"]
    with joining.connect(tmp_path / "new", at(postgres, shared, CLERK)) as opened:
        assert opened.folder == tmp_path / "new"


@pytest.fixture
def with_password(postgres, shared):
    """Let the server ask the clerk for a password."""
    file = postgres.data / "pg_hba.conf"
    usual = file.read_text()
    postgres.ask(f"ALTER ROLE {CLERK} PASSWORD '秘密:1\\2'", shared)
    file.write_text(f"local all {CLERK} scram-sha-256\n{usual}")
    postgres.ask("SELECT pg_reload_conf()", shared)
    yield at(postgres, shared, CLERK)
    file.write_text(usual)
    postgres.ask("SELECT pg_reload_conf()", shared)
    passwords._held.clear()


PASSWORD = "秘密:1\\2"  # noqa: S105 - of this test alone


def asks_for_password(wanted, password=""):
    with pytest.raises(FsdeskError) as problem:
        joining.look_around(wanted, password)
    return problem.value.tells(FindingCode.SIGN_IN)


def test_a_password_holds_until_the_program_ends_or_is_kept(with_password, tmp_path, monkeypatch):
    file = tmp_path / "user" / "pgpass"
    monkeypatch.setenv("PGPASSFILE", str(file))
    assert asks_for_password(with_password)
    assert asks_for_password(with_password, "wrong")
    assert joining.look_around(with_password, PASSWORD).schemas
    assert asks_for_password(with_password, "wrong")
    folder = tmp_path / "new"
    with joining.connect(folder, with_password):
        pass
    assert PASSWORD not in "".join(
        each.read_text(encoding="utf-8", errors="ignore")
        for each in folder.rglob("*")
        if each.is_file()
    )
    passwords._held.clear()
    with pytest.raises(FsdeskError) as problem:
        open_workspace(folder)
    assert problem.value.tells(FindingCode.SIGN_IN)
    joining.sign_in(folder, PASSWORD, keep=True)
    passwords._held.clear()
    assert file.stat().st_mode & 0o777 == 0o600
    kept = file.read_text()
    file.write_text("*:*:*:*:other\n")
    joining.sign_in(folder, PASSWORD, keep=True)
    assert file.read_text() == f"{kept}*:*:*:*:other\n"
    passwords._held.clear()
    with open_workspace(folder) as opened:
        joining.keep_for(opened, with_password, "changed")
        joining.keep_for(opened, with_password, PASSWORD)
        assert opened.warnings == ()
        joining.keep_for(opened, with_password, "two\nlines")
        assert "密码没有记住" in str(opened.warnings[-1])
    assert file.read_text().count("\n") == 2
    with open_workspace(folder) as opened:
        assert opened.account == CLERK


def test_a_failed_try_leaves_nothing_behind(with_password, postgres, tmp_path):
    folder = tmp_path / "new"
    for wanted, words in (
        (with_password, "没有提供这个账号的密码"),
        (at(postgres, with_password.database, READER, "nowhere"), "没有模式“nowhere”"),
        (at(postgres, "nowhere", READER), "没有这个数据库"),
        (at(postgres, "postgres", READER, "closed"), "没有使用模式“closed”的权限"),
    ):
        postgres.ask("CREATE SCHEMA IF NOT EXISTS closed")
        with pytest.raises(FsdeskError, match=words):
            joining.connect(folder, wanted)
        assert not folder.exists()
    assert passwords._held == {}


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (SharedDatabase("", "db", "a"), "还没有填写服务器"),
        (SharedDatabase("h", "", ""), "还没有填写数据库、账号"),
        (SharedDatabase("h", "db", "a", port="x"), "端口“x”无效"),
        (SharedDatabase("h", "db", "a", encryption=Encryption.VERIFIED), "还没有选择证书文件"),
        (SharedDatabase("h", "db", "a", "A b"), "模式名“A b”不能使用"),
    ],
)
def test_what_is_not_filled_in_is_asked_for(wanted, words):
    with pytest.raises(InputRejectedError, match=words):
        joining.look_around(wanted)


def test_what_is_filled_in_comes_to_the_address_as_it_is():
    wanted = SharedDatabase("h", "办 公", "张三@x", "y", "5433", Encryption.VERIFIED, "/a b.crt")
    address = joining.address_of(wanted)
    assert "sslmode=verify-full" in address
    found = joining.shared_at(address)
    assert (found.server, found.database, found.account) == ("h", "办 公", "张三@x")


def test_a_server_that_is_too_old_is_refused(postgres, database, monkeypatch):
    monkeypatch.setattr(connection, "LEAST_VERSION", 99)
    with pytest.raises(FsdeskError, match="太旧了"):
        joining.look_around(at(postgres, database, "fsdesk_test"))
