"""verify holds every record against the change log, names what is wrong, and never fails itself."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from fsdesk.domain.periods import Period
from fsdesk.domain.records.records import (
    DataValue,
)
from fsdesk.domain.steps import run_through
from fsdesk.services.care import maintenance, restoring
from fsdesk.services.packet import import_undo, reviewing
from fsdesk.services.records import recording
from fsdesk.store.care import copies
from fsdesk.store.server.address import is_on_server
from fsdesk.workspace import open_workspace
from tests.worked import worked_folder
from tests.workspaces import MARCH, Clock, changed_beside

COLUMNS = "item, period, revision, leading, recorded_at, recorded_by, not_applicable, note"
AUGUST = Period.parse("2026-08")


@pytest.fixture
def folder(tmp_path):
    """The office's folder, closed."""
    return worked_folder(tmp_path / "all")


def change(folder: Path, *statements: str) -> None:
    """Change the database behind the program's back."""
    with open_workspace(folder, write=False) as office:
        for statement in statements:
            changed_beside(office, statement, none=b"\0")


def wrong_in(folder: Path) -> tuple[str, ...]:
    """Check a closed workspace: on a server it has to be opened for that."""
    if not is_on_server(folder):
        return maintenance.verify_folder(folder)
    with open_workspace(folder, write=False) as office:
        return maintenance.verify(office)


def said(folder: Path) -> str:
    return "\n".join(wrong_in(folder))


def test_all_that_people_do_verifies_as_whole(folder):
    assert wrong_in(folder) == ()
    assert wrong_in(folder.parent / "unit") == ()
    with open_workspace(folder) as office:
        assert maintenance.verify(office) == ()


def test_an_import_that_was_undone_leaves_nothing_to_complain_of(folder):
    with open_workspace(folder, clock=Clock("2026-09-22T01:00:00+00:00")) as office:
        reviewing.reopen(office, "scj", MARCH, "更正")
        import_undo.undo_last_import(office)
        assert maintenance.verify(office) == ()


@pytest.mark.file_database
def test_a_workspace_that_was_put_back_twice_is_whole(folder):
    for day in (22, 23):
        clock = Clock(f"2026-09-{day}T01:00:00+00:00")
        with open_workspace(folder, clock=clock) as office:
            recording.record_value(office, "I01-5", "2026-03", DataValue(day), unit="fgj")
            (newest, *_) = copies.copies_of(folder)
        run_through(restoring.put_back(folder, newest.file, clock=clock))
        assert maintenance.verify_folder(folder) == ()
        with open_workspace(folder, clock=clock) as office:
            assert maintenance.verify_folder(folder) == ()


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        (
            "UPDATE data_value SET value = 77777 WHERE item = 'I01-1' AND unit = 'scj'",
            "表“指标数据”（data_value）：指标 I01-1，单位 scj，2026-03*应为“210”，现为“77777”",
        ),
        ("UPDATE data_value SET note = '' WHERE unit = 'scj'", "备注应为“含快检”，现为“”"),
        (
            "UPDATE ledger_batch SET who = who || '甲'",
            "表“台账批次”（ledger_batch）：第 1 行的时间、填报人或来源与变更记录不符",
        ),
        ("UPDATE data_value SET revision = 'x:9' WHERE unit = 'fgj'", "版本应为*现为“x:9”"),
        (
            "UPDATE data_value SET \"leading\" = (1 = 0) WHERE unit = 'fgj'",
            "应恰有一个版本计入汇总",
        ),
        ("UPDATE data_value SET value = 11 WHERE unit = 'fgj'", "指标 I01-1，单位 fgj"),
        ("UPDATE data_value SET recorded_by = '某人'", "填报人或填报时间与变更记录不符"),
        ("DELETE FROM data_value WHERE unit = 'fgj'", "单位 fgj，2026-03：变更记录中有，库中没有"),
        ("UPDATE data_value SET unit = 'xx' WHERE unit = 'fgj'", "变更记录中没有这条记录"),
        ("UPDATE progress_report SET text = '已完成'", "任务 T01-1*进展应为“已抽检”"),
        ("UPDATE milestone SET done_on = '2026-03-21'", "事项 D01-1-1*完成日期应为“2026-03-20”"),
        ("UPDATE submission SET received_at = '2026-05-01'", "表“报送”（submission）：scj 2026-03"),
        ("UPDATE review_comment SET comment = '好'", "意见应为“请留存原始单据”"),
        ("UPDATE letter SET body = body || '。'", "表“督办文书”（letter）"),
        ("UPDATE letter SET reply_by = '2027-01-01'", "reply_by应为"),
        ("DELETE FROM supervision_case", "表“督办事项”（supervision_case）"),
        ("UPDATE letter_draft SET body = ''", "表“文书草稿”（letter_draft）"),
        ("UPDATE issued_paper SET digest = 'x'", "表“印发原件”（issued_paper）*内容摘要应为"),
        ("UPDATE published SET status = :none", "表“已公布数据”（published）：2026-03"),
        ("UPDATE signer SET state = 'revoked'", "表“密钥登记”（signer）"),
        ("UPDATE attachment SET name = 'x'", "名称应为“照片.jpg”"),
        (
            "UPDATE indicator SET target = 1 WHERE code = 'I01-1'",
            "2026 年的计划与最近一次修订时不同",
        ),
        ("UPDATE workspace SET role = 'unit'", "表“工作区身份”（workspace）"),
        ("UPDATE ledger SET rules = '[]'", "表“台账表头”（ledger）"),
        ("UPDATE ledger_entry SET key = 'x' WHERE key = 't1'", "与登记的关键字“x”不符"),
        ("UPDATE ledger_entry SET t2 = 'x' WHERE key = 's7'", "写入的 60 行中有内容与写入时不同"),
        ("DELETE FROM ledger_entry WHERE key = 's7'", "写入 60 行，库中只有 59 行"),
        ("UPDATE ledger_entry SET t2 = '改' WHERE key = 't1'", "应为“”，现为“改”"),
        ("DELETE FROM ledger_entry WHERE key = 't1'", "变更记录中有，库中没有"),
        ("UPDATE ledger_facet SET content = '{\"x\": 1}'", "内容"),
        ("UPDATE import_change SET before = '{}'", "导入前后的内容与变更记录不符"),
        ("UPDATE packet SET made_at = '2016-01-01'", "表“收发登记”（packet）"),
        (
            "UPDATE packet SET file = 'received/x.xlsx'",
            "报送包：文件 received/x.xlsx 与登记的编号不符",
        ),
    ],
)
def test_what_was_changed_behind_the_log_is_named(folder, statement, named):
    change(folder, statement)
    words = said(folder)
    first, _, rest = named.partition("*")
    assert first in words
    assert rest in words[words.index(first) :]


def test_a_line_of_the_log_that_was_changed_is_named(folder):
    open_up = "DROP TRIGGER change_no_update"
    if is_on_server(folder):
        open_up += " ON change"
    change(folder, open_up, "UPDATE change SET after = NULL WHERE id = 2")
    assert "变更记录：第 2 条起与前后不符" in said(folder)


def zero_page(file: Path, table: str) -> None:
    with closing(sqlite3.connect(file)) as raw:
        root = raw.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", [table]).fetchone()
    with file.open("r+b") as stream:
        stream.seek((root[0] - 1) * 4096)
        stream.write(bytes(4096))


@pytest.mark.file_database
@pytest.mark.parametrize("table", ["data_value", "ix_data_value_leading", "change", "ledger_entry"])
def test_a_page_that_is_empty_is_named_by_its_table_and_the_rest_is_read_on(folder, table):
    change(folder, "UPDATE submission SET comment = 'x'")
    zero_page(folder / "fsdesk.db", table)
    words = said(folder)
    where = {"change": "变更记录", "ledger_entry": "台账"}.get(table, "指标数据")
    assert f"表“{where}”" in words
    assert "损坏" in words
    if table != "change":
        assert "表“报送”（submission）：scj 2026-03" in words


@pytest.mark.file_database
def test_the_files_beside_the_database_are_looked_at(folder):
    (proof,) = [file for file in (folder / "attachments").iterdir() if file.is_file()]
    proof.write_bytes(proof.read_bytes()[:-1])
    packet = next((folder / "packets" / "received").iterdir())
    content = bytearray(packet.read_bytes())
    content[len(content) // 2] ^= 1
    packet.write_bytes(content)
    words = said(folder)
    assert f"附件：文件 {proof.name} 的内容与其编号不符" in words
    assert f"报送包：文件 received/{packet.name} 已损坏" in words


@pytest.mark.file_database
def test_a_copy_that_is_damaged_is_named(folder):
    with open_workspace(folder, clock=Clock("2026-09-22T01:00:00+00:00")):
        (copy,) = (folder / "backups").glob("daily-*.db")
    zero_page(copy, "milestone")
    assert f"自动备份 {copy.name}：表“事项”（milestone）有损坏的页" in said(folder)


@pytest.mark.file_database
def test_what_was_saved_last_and_lies_in_the_journal_is_missed_when_it_is_broken(folder, tmp_path):
    left = tmp_path / "left"
    with open_workspace(folder) as office:
        recording.record_value(office, "I01-5", "2026-03", DataValue(3), unit="fgj")
        shutil.copytree(folder, left)  # as a program leaves it that was ended
    whole = tmp_path / "whole"
    shutil.copytree(left, whole)
    journal = left / "fsdesk.db-wal"
    content = bytearray(journal.read_bytes())
    content[-100] ^= 1
    journal.write_bytes(content)
    with open_workspace(whole, write=False) as office:
        assert maintenance.verify(office) == ()
    with open_workspace(left, write=False) as office:
        assert "最后录入的内容可能不在库中" in maintenance.verify(office)[0]
