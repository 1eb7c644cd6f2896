"""Several desks on one workspace: one schema of a database that all of them reach."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from fsdesk.domain.drafts import FieldDraft
from fsdesk.domain.findings import WorkspaceError
from fsdesk.domain.records.records import DataValue, ProgressReport, RecordKey, RecordKind, Status
from fsdesk.services import drafts
from fsdesk.services.care import maintenance, setup
from fsdesk.services.packet import conflicts
from fsdesk.services.records import recording
from fsdesk.store import audit
from fsdesk.store.records import records
from fsdesk.workspace import open_workspace
from tests.plans import small_plan
from tests.workspaces import Clock

pytestmark = pytest.mark.postgres

KEY = RecordKey(RecordKind.PROGRESS, "T01-1", "scj", "2026-03")
NOTHING = ProgressReport()


def said(words):
    return ProgressReport(Status.UNDER_WAY, words)


def standing(desk):
    with desk.reading() as session:
        return {item.record.content.text for item in records.versions_of(session, KEY)}


def test_what_one_desk_stores_the_other_sees(first, second):
    recording.record_value(first, "I01-1", "2026-03", DataValue(5), unit="scj")
    with second.reading() as session:
        (held,) = records.load_records(session, unit="scj")
    assert held.content == DataValue(5)
    assert first.identity.id == second.identity.id
    assert first.author.edits != second.author.edits


def test_two_desks_that_type_over_the_same_both_keep_their_words(first, second):
    recording.save(first, KEY, said("两家都看到的"), NOTHING)
    recording.save(second, KEY, said("乙改的"), said("两家都看到的"))
    stored = recording.save(first, KEY, said("甲改的"), said("两家都看到的"))
    assert standing(first) == {"甲改的", "乙改的"}
    assert "同时改了这一项" in stored.findings[0].message
    (found,) = conflicts.conflicts(second)
    assert {found.mine.content.text, found.theirs.content.text} == {"甲改的", "乙改的"}
    conflicts.resolve(second, found.id, keep_mine=True)
    assert standing(first) == {found.mine.content.text}
    assert maintenance.verify(first) == ()


def test_who_types_on_beside_another_desks_words_replaces_only_the_own_ones(first, second):
    recording.save(first, KEY, said("起头"), NOTHING)
    recording.save(second, KEY, said("乙"), said("起头"))
    for before, words in (("起头", "甲"), ("甲", "甲改"), ("甲改", "甲改完")):
        recording.save(first, KEY, said(words), said(before))
    assert standing(second) == {"甲改完", "乙"}


def test_who_saw_what_the_other_desk_wrote_simply_goes_on(first, second):
    recording.save(second, KEY, said("乙"), NOTHING)
    stored = recording.save(first, KEY, said("甲接着写"), said("乙"))
    assert stored.findings == ()
    assert standing(first) == {"甲接着写"}


def test_the_first_words_of_two_desks_at_once_stand_side_by_side(first, second):
    recording.save(first, KEY, said("甲"), NOTHING)
    recording.save(second, KEY, said("乙"), NOTHING)
    assert standing(first) == {"甲", "乙"}


def test_the_change_log_stays_one_chain_while_desks_write_at_once(first, second):
    faults = []

    def work(desk, number):
        try:
            for turn in range(8):
                recording.record_value(
                    desk, "I01-1", "2026-03", DataValue(10 * turn + number), unit="scj"
                )
        except Exception as fault:  # noqa: BLE001 - whatever it is, the test tells
            faults.append(fault)

    threads = [
        threading.Thread(target=work, args=(desk, number))
        for number, desk in enumerate((first, second, first, second))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    with first.reading() as session:
        assert audit.broken_links(session) == []
        assert len(audit.lines_of(session, "record")[str(KEY_OF_VALUE)]) == 32
    assert maintenance.verify(second) == ()


KEY_OF_VALUE = RecordKey(RecordKind.VALUE, "I01-1", "scj", "2026-03")


@pytest.mark.parametrize(
    "statement", ["UPDATE change SET who = 'x'", "DELETE FROM change", "TRUNCATE change"]
)
def test_nobody_alters_the_change_log(first, statement):
    writing = first.engine.execution_options(writes=True)
    with pytest.raises(DatabaseError, match="append-only"), writing.begin() as connection:
        connection.execute(text(statement))


def test_what_is_typed_and_not_stored_yet_stays_at_its_desk(tmp_path, first, second):
    drafts.keep(first, {"inbox/k1/reply": FieldDraft("甲没写完", "")})
    drafts.keep(second, {"inbox/k1/reply": FieldDraft("乙没写完", "")})
    assert drafts.kept(first) == {"inbox/k1/reply": FieldDraft("甲没写完", "")}
    drafts.keep(second, {"inbox/k1/reply": None})
    assert drafts.kept(second) == {}
    first.close()
    with open_workspace(tmp_path / "first") as again:
        assert drafts.kept(again)["inbox/k1/reply"].value == "甲没写完"


def test_a_folder_that_was_connected_once_needs_no_address_again(tmp_path, second):
    second.close()
    with open_workspace(tmp_path / "second") as again:
        assert again.identity == second.identity


def test_a_folder_belongs_to_one_workspace(tmp_path, place, first):
    with pytest.raises(WorkspaceError, match="属于另一个数据库"):
        open_workspace(tmp_path / "first", place + "_2027")


def test_another_workspace_at_the_same_address_is_not_taken_for_the_own_one(
    tmp_path, postgres, place, first
):
    first.close()
    name = place.split("/")[3].split("?")[0]
    postgres.ask("DROP SCHEMA fsdesk CASCADE", name)
    setup.create_office(tmp_path / "new", small_plan(), place, Clock()).close()
    with pytest.raises(WorkspaceError, match=r"不是文件夹.*所属的那一个"):
        open_workspace(tmp_path / "first")


def test_two_workspaces_lie_side_by_side_in_one_database(tmp_path, place, first):
    other = setup.create_office(tmp_path / "next", small_plan(), f"{place}_2027", Clock())
    with other:
        recording.record_value(other, "I01-1", "2026-03", DataValue(7), unit="scj")
    with first.reading() as session:
        assert records.load_records(session) == ()


def test_where_a_workspace_is_no_second_one_is_made(tmp_path, place, first):
    with pytest.raises(WorkspaceError, match="已有工作区"):
        setup.create_office(tmp_path / "again", small_plan(), place, Clock())
    assert not (tmp_path / "again" / "fsdesk.server.json").exists()


def test_a_server_that_went_away_is_told_and_found_again(postgres, first):
    recording.save(first, KEY, said("停电之前"), NOTHING)
    postgres.stop("immediate")
    try:
        with pytest.raises(WorkspaceError, match=r"连不上数据库服务器|连接断了"):
            recording.save(first, KEY, said("停电之时"), said("停电之前"))
    finally:
        postgres.start()
    recording.save(first, KEY, said("来电之后"), said("停电之前"))
    assert standing(first) == {"来电之后"}
    with first.reading() as session:
        assert audit.broken_links(session) == []


def test_one_desk_upgrades_the_schema_while_the_others_wait(tmp_path, postgres, place, first):
    first.close()
    name = place.split("/")[3].split("?")[0]
    postgres.ask("DROP TABLE fsdesk.kept_part, fsdesk.kept_key", name)
    postgres.ask("UPDATE fsdesk.alembic_version SET version_num = '0023'", name)
    found, faults = [], []

    def open_desk(folder):
        try:
            with open_workspace(tmp_path / folder, place) as desk:
                found.append(desk.identity.id)
        except Exception as fault:  # noqa: BLE001 - whatever it is, the test tells
            faults.append(fault)

    threads = [threading.Thread(target=open_desk, args=(name,)) for name in ("first", "b", "c")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert set(found) == {first.identity.id}
    assert len(found) == 3


def test_a_desk_of_an_older_program_no_longer_writes(postgres, place, first):
    name = place.split("/")[3].split("?")[0]
    postgres.ask("UPDATE fsdesk.alembic_version SET version_num = '9999'", name)
    with pytest.raises(WorkspaceError, match="更高版本的程序升级"):
        recording.save(first, KEY, said("旧程序写的"), NOTHING)
    first.close()
    with pytest.raises(WorkspaceError, match="请升级"):
        open_workspace(first.folder)
