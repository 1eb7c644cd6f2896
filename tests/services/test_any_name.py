"""Whatever people call their units, ledgers, tasks and files: all is written, and reads back."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from fsdesk.documents.ledger_file import load_builtin_ledgers
from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.names import shown_name
from fsdesk.domain.plan.edits import set_task
from fsdesk.domain.plan.unit_edits import put_unit
from fsdesk.domain.records.records import DataValue, Milestone, Status
from fsdesk.domain.steps import run_through
from fsdesk.packets.reader import read_packet
from fsdesk.services.care import setup
from fsdesk.services.ledger import ledger_declarations, ledger_files
from fsdesk.services.output import evidence_pack
from fsdesk.services.packet import exchange
from fsdesk.services.packet.importing import Result
from fsdesk.services.plan import planning
from fsdesk.services.records import evidence, recording
from fsdesk.store.records import attachments
from tests.plans import small_plan
from tests.workspaces import MARCH, Clock, import_files, make_office, make_unit

LONG = (
    "关于印发滨江区二〇二六年食品药品安全工作要点任务分解方案并进一步做好学校食堂养老机构食堂"
    "老年食堂及配送企业阳光配送监督检查和问题整改闭环工作的通知及其附件一二三四"
)
ODD = (
    *("甲/乙", "..", "../../甲", "C:\\甲", "CON", "nul.xlsx", "进展", "指标", "事项", "_fsdesk"),
    *(
        "History",
        "说明",
        "'甲'",
        "甲.",
        " 甲 ",
        "甲\u202e乙",
        "甲\ufeff",
        "😀" * 40,
        LONG,
        "a" * 300,
    ),
    *(
        "甲\n乙",
        "甲\t乙",
        '"甲"',
        "<甲>",
        "甲|乙",
        "甲*?",
        "=1+1",
        "甲&amp;乙",
        "[甲]",
        "\u200b",
        "e\u0301",
    ),
)
NAMES = st.one_of(st.sampled_from(ODD), st.text(min_size=1, max_size=200))


def files_below(folder: Path) -> list[Path]:
    return [item for item in folder.rglob("*") if item.is_file()]


def inside(outer: Path, folder: Path, known: set[Path]) -> bool:
    """Tell whether all that is new lies below a folder, under names that every system takes."""
    new = [item for item in files_below(outer) if item not in known]
    return all(
        item.is_relative_to(folder)
        and all(
            not re.search(r'[<>:"/\\|?*\x00-\x1f]', part)
            and part == part.strip(" .")
            and len(part.encode()) <= 255
            for part in item.relative_to(folder).parts
        )
        for item in new
    )


def named_plan(unit: str, task: str):
    """Return the small plan with a unit and a task of these names."""
    plan = small_plan()
    plan = put_unit(plan, replace(plan.directory.units[1], name=unit, aliases=()))
    return set_task(plan, "T01-1", task, "抽检和处置。")


def office_of(folder: Path, unit: str, task: str, ledger: str):
    """Return an office with these names, or None where they are refused in words."""
    clock = Clock("2026-04-02T01:00:00+00:00")
    try:
        office = setup.create_office(folder, named_plan(unit, task), clock=clock)
    except InputRejectedError:
        return None
    (declared, *_) = (each for each, _ in planning.ledgers(office))
    feed = replace(load_builtin_ledgers()[0].feeds[0], indicator="I01-5")
    own = replace(declared, code="", title=ledger, feeds=(feed,), rules=())
    try:
        ledger_declarations.save(office, own)
    except InputRejectedError:
        office.close()
        return None
    return office


def goes_round(folder: Path, unit: str, task: str, ledger: str, file: str) -> None:
    """Let a year's papers go from office to unit and back, with these names."""
    office = office_of(folder / "office", unit, task, ledger)
    if office is None:
        return
    with office:
        known = set(files_below(folder))
        issued = run_through(exchange.issue_packets(office, MARCH, folder / "issued"))
        plan = planning.current_plan(office)
        called = next(each.name for each in plan.directory.units if each.code == "scj")
        sent = next(packet for packet in issued if packet.unit == "scj")
        assert inside(folder / "issued", folder / "issued", known)
        packet = read_packet(sent.file)
        assert packet.header.unit_name == called
        with setup.create_unit_from_packet(folder / "unit", packet, clock=office.clock) as own:
            declared = [each.title for each, _ in planning.ledgers(own)]
            assert declared == [each.title for each, _ in planning.ledgers(office)]
            assert planning.current_plan(own).tasks_by_code["T01-1"].title == shown_name(task)
            recording.record_value(own, "I01-1", "2026-03", DataValue(5))
            kept = recording.record_milestone(
                own, "D01-1-1", "2026-03", Milestone(Status.DONE, date(2026, 3, 5), "文件")
            )
            attached = evidence.attach(own, kept.record.key, written(folder / "proof", file))
            back = exchange.export_report(own, MARCH, folder / "back.zip")
        summary = import_files(office, back.file)
        assert [item.result for item in summary.files] == [Result.IMPORTED], summary.files
        (found,) = evidence_of(office)
        assert found.digest == attached.digest
        pack = run_through(evidence_pack.write_pack(office, MARCH, folder / "迎检"))
        assert not pack.missing
        assert not evidence_pack.check_pack(folder / "迎检")
        assert inside(folder / "迎检", folder / "迎检", set())
        run_through(evidence_pack.write_pack(office, MARCH, folder / "迎检.zip"))
        assert not evidence_pack.check_pack(folder / "迎检.zip")
        code = next(each.code for each, _ in planning.ledgers(office) if each.title == declared[-1])
        ledger_files.write_template(office, code, folder / "a.xlsx")
        preview = ledger_files.preview_list(office, code, folder / "a.xlsx")
        assert preview.ledger.code == code


def written(folder: Path, name: str) -> Path:
    """Write a file of a name, or of the nearest that the disk takes."""
    folder.mkdir()
    short = name.replace("/", "_").replace("\0", "").encode()[:200].decode(errors="ignore")
    file = folder / (short if short not in {"", ".", ".."} else "照片.jpg")
    file.write_bytes(b"photo")
    return file


def evidence_of(office):
    with office.reading() as session:
        return attachments.attachments(session)


@pytest.mark.parametrize("name", ODD, ids=range(len(ODD)))
def test_an_odd_name_is_written_and_reads_back_or_is_refused_where_it_is_typed(tmp_path, name):
    goes_round(tmp_path, name, name, name, name)


@settings(max_examples=max(6, settings.default.max_examples // 10), phases=[Phase.generate])
@given(NAMES, NAMES, st.text(min_size=1, max_size=30), NAMES)
def test_any_names_go_round(unit, task, ledger, file):
    with TemporaryDirectory() as folder:
        goes_round(Path(folder), unit, task, ledger, file)


def test_the_longest_name_of_a_file_goes_into_packet_and_pack(tmp_path):
    """Of 255 bytes: nothing may be put before it any more."""
    (tmp_path / "cases").mkdir()
    assert len(f"{LONG}.pdf".encode()) > 240
    proof = tmp_path / "cases" / f"{LONG}.pdf"
    proof.write_bytes(b"%PDF-1.7")
    with make_office(tmp_path / "office") as office, make_unit(office, tmp_path / "unit") as unit:
        kept = recording.record_milestone(
            unit, "D01-1-1", "2026-03", Milestone(Status.DONE, date(2026, 3, 5), "文件")
        )
        assert evidence.attach(unit, kept.record.key, proof).name == proof.name
        exchange.export_report(unit, MARCH, tmp_path / "back.zip")
        import_files(office, tmp_path / "back.zip")
        run_through(evidence_pack.write_pack(office, MARCH, tmp_path / "迎检"))
        assert not evidence_pack.check_pack(tmp_path / "迎检")
        (packed,) = (tmp_path / "迎检").rglob("*印发*.pdf")
        assert packed.read_bytes() == proof.read_bytes()
