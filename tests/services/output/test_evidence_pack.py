from __future__ import annotations

import hashlib
import subprocess
import zipfile
from datetime import date

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.ledger.ledger import LedgerEntry
from fsdesk.domain.periods import Period
from fsdesk.domain.records.records import (
    DataValue,
    Milestone,
    ProgressReport,
    RecordKey,
    RecordKind,
    Status,
)
from fsdesk.domain.steps import run_through
from fsdesk.services.care import setup
from fsdesk.services.ledger import ledgers
from fsdesk.services.output import evidence_pack
from fsdesk.services.records import evidence, recording
from tests.workspaces import Clock

pytestmark = pytest.mark.slow

MARCH, APRIL = Period.parse("2026-03"), Period.parse("2026-04")


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """An office with records, a ledger, and two proofs of the same name."""
    folder = tmp_path_factory.mktemp("inspection")
    plan = setup.read_plan(None, 2026)
    with setup.create_office(folder / "office", plan, clock=Clock()) as made:
        milestone = RecordKey(RecordKind.MILESTONE, "D04-1-1", "scjg", "2026-03")
        for key, content in (
            (RecordKey(RecordKind.VALUE, "I04-3", "scjg", "2026-03"), DataValue(150.0)),
            (RecordKey(RecordKind.VALUE, "I04-3", "scjg", "2026-04"), DataValue(99.0)),
            (
                RecordKey(RecordKind.PROGRESS, "T04-1", "scjg", "2026-03"),
                ProgressReport(Status.UNDER_WAY, "抽检一百五十批次", "人手不足", "加快抽检"),
            ),
            (milestone, Milestone(Status.DONE, date(2026, 3, 5), "照片")),
        ):
            recording.save(made, key, content)
        for number, content in enumerate((b"first", b"second")):
            file = folder / str(number) / "现场照片.jpg"
            file.parent.mkdir()
            file.write_bytes(content)
            evidence.attach(made, milestone, file)
        rows = (("SC1", "合格"), ("SC2", "不合格"))
        ledgers.save_rows(
            made,
            [
                LedgerEntry("", "sampling", "scjg", {"抽样编号": code, "检验结论": result})
                for code, result in rows
            ],
        )
        yield made


@pytest.fixture
def pack(office, tmp_path):
    return run_through(evidence_pack.write_pack(office, MARCH, tmp_path / "迎检台账"))


def test_each_task_has_its_folder_with_records_ledgers_and_proofs(pack):
    folders = sorted(item.name for item in pack.file.iterdir() if item.is_dir())
    assert len(folders) == pack.tasks == 46
    (place,) = (pack.file / name for name in folders if name.startswith("T04-1 "))
    proofs = {item.name: item.read_bytes() for item in (place / "佐证材料").iterdir()}
    assert set(proofs) == {
        "区市场监管局-2026-03-D04-1-1-现场照片.jpg",
        "区市场监管局-2026-03-D04-1-1-现场照片（2）.jpg",
    }
    assert set(proofs.values()) == {b"first", b"second"}
    rows = list(load_workbook(place / "填报记录.xlsx").active.iter_rows(values_only=True))
    said = {(row[1], row[3]): row[4] for row in rows if row[1]}
    assert said["2026年3月", "I04-3 食品监督抽检批次"] == "150"
    assert any("抽检一百五十批次" in text and "人手不足" in text for text in said.values())
    assert not [period for period, _ in said if period == "2026年4月"]
    ledger = load_workbook(place / "台账-监督抽检.xlsx").worksheets[0]
    assert {row[1] for row in ledger.iter_rows(min_row=2, values_only=True)} == {"SC1", "SC2"}


def test_the_index_names_every_task_with_what_lies_in_its_folder(pack):
    text = "".join(page.extract_text() for page in PdfReader(pack.file / "目录.pdf").pages)
    assert "迎检台账目录" in text
    sheet = load_workbook(pack.file / "目录.xlsx").active
    rows = {row[2]: row for row in sheet.iter_rows(values_only=True) if row[2]}
    assert {code for code in rows if code.startswith("T")} == {
        item.name.partition(" ")[0] for item in pack.file.iterdir() if item.is_dir()
    }
    sampling = rows["T04-1"]
    assert (sampling[7], sampling[8], sampling[9]) == (3, "监督抽检", "2")
    assert (pack.file / sampling[10]).is_dir()


def test_the_list_of_digests_holds_every_file_and_can_be_checked(pack):
    lines = (pack.file / "校验清单.sha256").read_text(encoding="utf-8").splitlines()
    listed = dict(reversed(line.split("  ", 1)) for line in lines)
    files = [item for item in pack.file.rglob("*") if item.is_file()]
    assert len(listed) == pack.files == len(files) - 1
    for name, digest in listed.items():
        assert hashlib.sha256((pack.file / name).read_bytes()).hexdigest() == digest
    assert evidence_pack.check_pack(pack.file) == ()


@pytest.mark.foreign("sha256sum")
def test_the_list_is_one_that_common_tools_check(pack):
    subprocess.run(["sha256sum", "--quiet", "-c", "校验清单.sha256"], cwd=pack.file, check=True)


def test_what_was_changed_removed_or_added_is_named(pack):
    (pack.file / "说明.txt").write_text("别的", encoding="utf-8")
    (pack.file / "目录.xlsx").unlink()
    (pack.file / "夹带.txt").write_text("多的", encoding="utf-8")
    assert evidence_pack.check_pack(pack.file) == (
        "缺少：目录.xlsx",
        "多出：夹带.txt",
        "内容已改动：说明.txt",
    )


def test_as_one_zip_it_is_the_same_and_can_be_checked_unopened(office, tmp_path, pack):
    file = tmp_path / "迎检台账.zip"
    packed = run_through(evidence_pack.write_pack(office, MARCH, file))
    assert packed.files == pack.files
    assert evidence_pack.check_pack(file) == ()
    with zipfile.ZipFile(file) as archive:
        archive.extractall(tmp_path / "out")
    assert evidence_pack.check_pack(tmp_path / "out") == ()
    assert (tmp_path / "out" / "目录.pdf").read_bytes() == (pack.file / "目录.pdf").read_bytes()


def test_a_proof_that_the_workspace_has_lost_is_named(office, tmp_path):
    lost = office.attachments / hashlib.sha256(b"second").hexdigest()
    lost.rename(tmp_path / "kept")
    try:
        pack = run_through(evidence_pack.write_pack(office, MARCH, tmp_path / "a"))
    finally:
        (tmp_path / "kept").rename(lost)
    assert pack.missing == ("现场照片.jpg",)
    sheet = load_workbook(pack.file / "目录.xlsx").active
    rows = {row[2]: row for row in sheet.iter_rows(values_only=True)}
    assert rows["T04-1"][9] == "2（缺1）"


def test_a_folder_with_something_in_it_is_left_alone(office, tmp_path):
    (tmp_path / "满").mkdir()
    (tmp_path / "满" / "a.txt").touch()
    with pytest.raises(InputRejectedError, match="已存在"):
        run_through(evidence_pack.write_pack(office, MARCH, tmp_path / "满"))
    assert [item.name for item in (tmp_path / "满").iterdir()] == ["a.txt"]


@pytest.mark.parametrize("content", [None, b"no zip", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_pack_cannot_be_checked(tmp_path, content):
    place = tmp_path / "a.zip"
    if content is None:
        place = tmp_path
    else:
        place.write_bytes(content)
    with pytest.raises(InputRejectedError, match="不是迎检台账"):
        evidence_pack.check_pack(place)
