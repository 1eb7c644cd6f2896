"""Files that were valid once: each ends as read or as a result in words, and no other one suffers.

40 of a kind each day, 1,000 in the heavy profile; a seed gives the same file again.
"""

from __future__ import annotations

import random
import re
import time
from collections import Counter

import pytest
from hypothesis import settings
from openpyxl import Workbook

from fsdesk.domain.findings import FsdeskError
from fsdesk.domain.records.records import DataValue
from fsdesk.domain.steps import run_through
from fsdesk.services.ledger import ledger_files
from fsdesk.services.packet import checking, exchange
from fsdesk.services.packet.importing import Result
from fsdesk.services.records import recording
from fsdesk.store import audit
from fsdesk.store.records import records
from tests.mutated.mutations import ENDINGS, spoil
from tests.packets.golden import FOLDER
from tests.packets.other_forms import ods_parts, write_ods, xls_of
from tests.workspaces import MARCH, import_files, make_office, make_unit

HEAVY = settings().max_examples >= 1000
COUNT = 1000 if HEAVY else 40
MOST_SECONDS = 10
LIST = [
    ["2026年监督抽检清单"],
    ["抽样编号", "类别", "样品名称", "被抽样单位", "抽样日期", "检验结论"],
    *([f"SC{n:02}", "药品", "甲片", f"{n}店", "2026-03-05", "合格"] for n in range(8)),
]

pytestmark = pytest.mark.timeout(3600 if HEAVY else 120)


@pytest.fixture
def office(tmp_path):
    with make_office(tmp_path / "office") as workspace:
        yield workspace


@pytest.fixture
def valid(tmp_path, office):
    """Packets in all forms: of a unit with the program, and of one without."""
    folder = tmp_path / "valid"
    folder.mkdir()
    with make_unit(office, tmp_path / "unit") as unit:
        recording.record_value(unit, "I01-1", "2026-03", DataValue(5))
        recording.record_value(unit, "I01-5", "2026-03", DataValue(6, note="见附件"))
        report = exchange.export_report(unit, MARCH, folder / "report.xlsx").file
        exchange.export_report(unit, MARCH, folder / "report.zip")
    write_ods(folder / "report.ods", ods_parts(report))
    (folder / "report.xls").write_bytes(xls_of(report))
    issued = run_through(exchange.issue_packets(office, MARCH, folder))
    found = [report, *(folder / f"report.{ending}" for ending in ("zip", "ods", "xls"))]
    return [*found, next(each.file for each in issued if each.unit == "fgj")]


def mutated(files, seed, folder):
    """Write the file of a seed."""
    chance = random.Random(seed)
    source = chance.choice(files)
    data = spoil(source.read_bytes(), chance)
    ending = source.suffix if chance.random() < 0.9 else chance.choice(ENDINGS)
    file = folder / f"a{seed:04}{ending}"
    file.write_bytes(data)
    return file


def position(office):
    """Give how much has ever been written."""
    with office.reading() as session:
        return audit.position(session)


def held(office, unit="scj"):
    with office.reading() as session:
        found = records.load_records(session, unit=unit, period="2026-03")
    return {record.key: record.content for record in found if not record.empty}


@pytest.mark.parametrize("made", ["valid", "by LibreOffice"])
def test_a_spoiled_packet_is_refused_in_words_or_taken_whole(tmp_path, office, valid, made):
    files = valid if made == "valid" else [FOLDER / f"report.{form}" for form in ("xls", "ods")]
    inbox, results = tmp_path / "inbox", Counter()
    inbox.mkdir()
    for seed in range(COUNT):
        file = mutated(files, seed, inbox)
        before, started = position(office), time.process_time()
        summary = import_files(office, file, accept_unsigned=True)
        assert time.process_time() - started < MOST_SECONDS, seed
        for taken in summary.files:
            results[taken.result] += 1
            assert taken.message, seed
            assert "意外情况" not in taken.message, (seed, taken.message)
            if taken.result is not Result.IMPORTED:
                assert position(office) == before, seed
            elif not summary.conflicts:
                packet = taken.checked.packet
                whole = {r.key: r.content for r in packet.records if not r.empty}
                assert whole.items() <= held(office, packet.header.unit).items(), seed
        file.unlink()
    assert not list((office.folder / "logs").glob("crash-*.txt"))
    assert results[Result.REJECTED] > COUNT / 2, results


def test_no_spoiled_packet_stops_the_others_of_its_folder(tmp_path, office, valid):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    for seed in range(40):
        mutated(valid, seed, inbox)
    good = inbox / "z.xlsx"
    good.write_bytes(valid[0].read_bytes())
    checked = run_through(checking.check_packets(office, [inbox]))
    assert checked[-1].ok
    summary = import_files(office, inbox)
    assert summary.files[-1].file == good
    assert summary.files[-1].result is not Result.REJECTED
    assert {key.item: content.value for key, content in held(office).items()} == {
        "I01-1": 5.0,
        "I01-5": 6.0,
    }


@pytest.fixture
def lists(tmp_path):
    """The same list in all forms."""
    folder = tmp_path / "lists"
    folder.mkdir()
    book = Workbook()
    for row in LIST:
        book.active.append(row)
    book.active.merge_cells("A1:F1")
    book.active.row_dimensions[5].hidden = True
    book.create_sheet("说明")["A1"] = "见附件"
    book.save(folder / "list.xlsx")
    write_ods(folder / "list.ods", ods_parts(folder / "list.xlsx"))
    (folder / "list.xls").write_bytes(xls_of(folder / "list.xlsx"))
    text = "\r\n".join(",".join(row) for row in LIST)
    for encoding in ("utf-8-sig", "gb18030", "utf-16"):
        (folder / f"{encoding}.csv").write_bytes(text.encode(encoding))
    return sorted(folder.iterdir())


def previewed(office, file):
    """Give the rows that would be taken, or why none can be."""
    try:
        return ledger_files.preview_list(office, "sampling", file).entries, ()
    except FsdeskError as refused:
        return (), tuple(map(str, refused.findings))


def test_a_spoiled_list_is_refused_in_words_or_previewed(tmp_path, office, lists):
    before, results = position(office), Counter()
    for seed in range(COUNT):
        file, started = mutated(lists, seed, tmp_path), time.process_time()
        entries, words = previewed(office, file)
        results["refused" if words else "read"] += 1
        assert all(re.search("[\u4e00-\u9fff]", said) for said in words), seed
        assert all(entry.values["抽样编号"] for entry in entries), seed
        assert time.process_time() - started < MOST_SECONDS, seed
        file.unlink()
    assert position(office) == before
    assert min(results["refused"], results["read"]) > COUNT / 10, results
