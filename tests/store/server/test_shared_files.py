"""Packets, evidence and the signing key of a workspace on a server: every desk has them."""

from __future__ import annotations

import zipfile

import pytest
from docx import Document
from sqlalchemy import text

from fsdesk.domain.findings import InputRejectedError, WorkspaceError
from fsdesk.domain.records.records import Milestone, RecordKey, RecordKind, Status
from fsdesk.domain.steps import run_through
from fsdesk.services import word_templates
from fsdesk.services.care import maintenance
from fsdesk.services.output import bulletin
from fsdesk.services.packet import checking, exchange, history, signing
from fsdesk.services.records import evidence, recording
from fsdesk.store import audit
from fsdesk.store.packet import keys
from fsdesk.store.records import attachments
from fsdesk.workspace import open_workspace
from tests.plans import small_plan
from tests.workspaces import MARCH, Clock

pytestmark = pytest.mark.postgres


@pytest.fixture
def proof(tmp_path):
    file = tmp_path / "签到表.pdf"
    file.write_bytes(b"0123456789" * 250_000)  # of three parts
    return file


def test_what_proves_a_record_is_opened_at_another_desk(tmp_path, first, second, proof):
    item = small_plan().tasks[0].deliverables[0].code
    key = RecordKey(RecordKind.MILESTONE, item, "scj", "2026-03")
    recording.save(first, key, Milestone(Status.UNDER_WAY))
    evidence.attach(first, key, proof)
    with second.reading() as session:
        (found,) = attachments.attachments(session)
    (tmp_path / "out").mkdir()
    assert evidence.copy_out(second, found, tmp_path / "out").read_bytes() == proof.read_bytes()
    assert maintenance.verify(second) == ()


def test_all_desks_sign_with_the_key_of_the_office(tmp_path, first, second):
    assert signing.signing_key(second).public == signing.signing_key(first).public
    made = run_through(exchange.issue_packets(second, MARCH, tmp_path / "issued"))
    assert checking.read(made[0].file).seal.public_key == signing.signing_key(first).public
    listed = next(it for it in history.history(first) if it.note.unit == made[0].unit)
    history.save_copy(first, listed, tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == made[0].file.read_bytes()


def test_a_damaged_copy_of_the_key_comes_anew(first):
    public = signing.signing_key(first).public
    (first.keys / "signing.pem").write_bytes(b"damaged")
    assert signing.signing_key(first).public == public


def test_a_template_that_one_desk_puts_in_place_is_that_of_all(tmp_path, first, second):
    place = bulletin.TEMPLATE.place(second)
    word_templates.export(first, bulletin.TEMPLATE, tmp_path / "one.docx")
    default = (tmp_path / "one.docx").read_bytes()
    document = Document(tmp_path / "one.docx")
    document.add_paragraph("本办落款")
    document.save(tmp_path / "own.docx")
    own = (tmp_path / "own.docx").read_bytes()
    word_templates.take(first, bulletin.TEMPLATE, tmp_path / "own.docx")
    assert word_templates.in_use(second, bulletin.TEMPLATE) == own
    word_templates.take(second, bulletin.TEMPLATE, tmp_path / "one.docx")
    assert word_templates.in_use(first, bulletin.TEMPLATE) == default
    assert word_templates.is_own(first, bulletin.TEMPLATE)
    place.unlink()
    maintenance.back_up(second, tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        assert archive.read(f"templates/{place.name}") == default
    word_templates.reset(first, bulletin.TEMPLATE)
    assert not word_templates.is_own(second, bulletin.TEMPLATE)
    assert not place.exists()


def test_an_account_that_may_not_sign_makes_no_key_of_its_own(
    tmp_path, postgres, place, first, database_name
):
    for words in (
        "CREATE ROLE reader LOGIN",
        "GRANT USAGE ON SCHEMA fsdesk TO reader",
        "GRANT SELECT ON ALL TABLES IN SCHEMA fsdesk TO reader",
        "REVOKE SELECT ON fsdesk.kept_key FROM reader",
    ):
        postgres.ask(words, database_name)
    address = place.replace("fsdesk_test@", "reader@")
    with open_workspace(tmp_path / "reader", address, clock=Clock()) as workspace:
        assert [key.signer.unit for key in signing.known_keys(workspace)] == ["ban"]
        with pytest.raises(InputRejectedError, match="不能使用工作区的签名密钥"):
            keys.own_key(workspace.keys)
        with pytest.raises(Exception, match="没有做这一步的权限"):
            recording.save(workspace, KEY, recording.ProgressReport(Status.DONE, "不行"))


KEY = RecordKey(RecordKind.PROGRESS, "T01-1", "scj", "2026-03")


@pytest.fixture
def database_name(place, postgres):
    name = place.split("/")[3].split("?")[0]
    yield name
    for words in ("DROP OWNED BY reader", "DROP ROLE reader"):
        postgres.ask(words, name)


def test_a_file_that_was_changed_in_the_database_is_named(first, proof, postgres, place):
    item = small_plan().tasks[0].deliverables[0].code
    key = RecordKey(RecordKind.MILESTONE, item, "scj", "2026-03")
    recording.save(first, key, Milestone(Status.UNDER_WAY))
    kept = evidence.attach(first, key, proof)
    name = place.split("/")[3].split("?")[0]
    postgres.ask("UPDATE fsdesk.kept_part SET data = 'x' WHERE part = 1", name)
    assert maintenance.verify(first) == (
        f"附件：文件 attachments/{kept.digest} 的内容与其编号不符",
    )
    postgres.ask("DELETE FROM fsdesk.kept_part", name)
    assert "附件：缺少文件“签到表.pdf”" in maintenance.verify(first)


def test_a_clerk_works_with_the_rights_of_a_clerk(tmp_path, postgres, place, first, proof):
    """The rights that docs/server.md names for 经办 are enough, and leave the log alone."""
    name = place.split("/")[3].split("?")[0]
    grants = (
        "CREATE ROLE clerk LOGIN",
        "GRANT USAGE ON SCHEMA fsdesk TO clerk",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA fsdesk TO clerk",
        "GRANT USAGE ON ALL SEQUENCES IN SCHEMA fsdesk TO clerk",
        "REVOKE UPDATE, DELETE ON fsdesk.change FROM clerk",
        "REVOKE INSERT, UPDATE, DELETE ON fsdesk.workspace, fsdesk.alembic_version FROM clerk",
    )
    for words in grants:
        postgres.ask(words, name)
    try:
        address = place.replace("fsdesk_test@", "clerk@")
        with open_workspace(tmp_path / "clerk", address, clock=Clock()) as desk:
            item = small_plan().tasks[0].deliverables[0].code
            key = RecordKey(RecordKind.MILESTONE, item, "scj", "2026-03")
            recording.save(desk, key, Milestone(Status.UNDER_WAY))
            evidence.attach(desk, key, proof)
            run_through(exchange.issue_packets(desk, MARCH, tmp_path / "issued"))
            assert maintenance.verify(desk) == ()
            with desk.reading() as session:
                assert audit.since(session, 0)[0].who == "clerk"
            writing = desk.engine.execution_options(writes=True)
            with pytest.raises(WorkspaceError, match="没有做这一步的权限"), writing.begin() as it:
                it.execute(text("DELETE FROM change"))
    finally:
        for words in ("DROP OWNED BY clerk", "DROP ROLE clerk"):
            postgres.ask(words, name)
