"""A packet comes back as it was written: from our own file, re-saved, moved about, and filled."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from openpyxl import load_workbook

from fsdesk.domain.packet.directives import Directives
from fsdesk.domain.packet.packet import Packet, PacketHeader, PacketKind, Seal
from fsdesk.domain.records.merge import Revision
from fsdesk.domain.records.records import (
    DataValue,
    Milestone,
    ProgressReport,
    Record,
    RecordKey,
    RecordKind,
    Status,
    empty_content,
)
from fsdesk.domain.settings import Rules
from fsdesk.domain.text import tidy
from fsdesk.packets.filling import fill_in
from fsdesk.packets.reader import read_packet
from fsdesk.packets.writer import write_packet
from fsdesk.services.packet.exchange import form_keys
from tests.office import write_again
from tests.plans import YEAR, small_plan
from tests.workspaces import MARCH

PLAN = small_plan()
HEADER = PacketHeader(
    packet_id="0123456789abcdef",
    kind=PacketKind.REPORT,
    unit="scj",
    unit_name="区市场监管局",
    period="2026-03",
    year=YEAR,
    plan_revision=1,
    author="a1b2c3",
    created_at=datetime(2026, 4, 2, 1, tzinfo=UTC),
    due="2026-04-05",
)
TEXTS = st.text(max_size=80).map(tidy)
COUNTS = st.none() | st.integers(0, 10**9).map(float)
CONTENTS = {
    RecordKind.VALUE: st.builds(DataValue, COUNTS, COUNTS, COUNTS, st.booleans(), TEXTS),
    RecordKind.PROGRESS: st.builds(
        ProgressReport, st.none() | st.sampled_from(Status), TEXTS, TEXTS, TEXTS
    ),
    RecordKind.MILESTONE: st.builds(
        Milestone,
        st.none() | st.sampled_from(Status),
        st.none() | st.dates(date(2026, 1, 1), date(2026, 12, 31)),
        TEXTS,
    ),
}
REVISIONS = st.dictionaries(st.sampled_from(["a1", "b2"]), st.integers(1, 9)).map(
    lambda counts: Revision(tuple(sorted(counts.items())))
)


def fitting(record):
    """Leave out what the form has no open cell for."""
    if not isinstance(record.content, DataValue):
        return record
    ratio = PLAN.indicators_by_code[record.key.item].kind.value == "ratio"
    closed = {"value": None} if ratio else {"numerator": None, "denominator": None}
    return replace(record, content=replace(record.content, **closed))


@st.composite
def packets(draw):
    records = tuple(
        fitting(Record(key, draw(CONTENTS[key.kind]), draw(REVISIONS)))
        for key in form_keys(PLAN, "scj", MARCH)
    )
    if draw(st.booleans()):
        directives = Directives(PLAN, Rules(due_days=7))
        header = replace(HEADER, kind=PacketKind.PLAN)
        return Packet(header, records, directives=directives)
    return Packet(HEADER, records)


def blank(**contents):
    """Return a packet with some rows filled by item code."""
    return Packet(
        HEADER,
        tuple(
            Record(key, contents.get(key.item.replace("-", "_"), empty_content(key.kind)))
            for key in form_keys(PLAN, "scj", MARCH)
        ),
    )


def said(packet):
    return packet.header, packet.records, packet.directives, packet.seal


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(packets())
def test_what_is_written_is_read(tmp_path, packet):
    written = write_packet(tmp_path / "p.xlsx", packet, PLAN, sign=lambda digest: Seal(digest, "s"))
    read = read_packet(tmp_path / "p.xlsx")
    assert said(read) == said(written)
    assert said(read)[:3] == said(packet)[:3]
    assert not read.hand_edited
    assert read.digest == written.digest == read.seal.public_key


@pytest.mark.parametrize("text", ["=1+1", "+86", "-3", "@SUM(A1)", "=cmd|'/c calc'!A1"])
def test_text_like_a_formula_stays_text(tmp_path, text):
    write_packet(tmp_path / "p.xlsx", blank(T01_1=ProgressReport(text=text)), PLAN)
    cell = load_workbook(tmp_path / "p.xlsx")["进展"]["G4"]
    assert (cell.value, cell.data_type) == (text, "s")
    assert read_packet(tmp_path / "p.xlsx").records[0].content.text == text


def test_only_entries_are_open_and_the_hidden_sheet_is_out_of_sight(tmp_path):
    write_packet(tmp_path / "p.xlsx", blank(), PLAN)
    book = load_workbook(tmp_path / "p.xlsx")
    sheet = book["指标"]
    assert book["_fsdesk"].sheet_state == "veryHidden"
    assert sheet.protection.sheet
    open_cells = {c.coordinate for row in sheet.iter_rows() for c in row if not c.protection.locked}
    assert "G4" in open_cells
    assert "H4" not in open_cells
    assert "A4" not in open_cells
    assert sheet.print_title_rows == "$3:$3"
    assert sheet.freeze_panes == "D4"
    assert {"list", "decimal"} == {check.type for check in sheet.data_validations.dataValidation}


def test_moved_columns_and_inserted_rows_are_followed(tmp_path):
    file = tmp_path / "p.xlsx"
    write_packet(file, blank(I01_1=DataValue(5.0, note="x")), PLAN)
    book = load_workbook(file)
    sheet = book["指标"]
    sheet.insert_cols(3)
    sheet.insert_rows(1)
    sheet.insert_rows(6)
    book.save(file)
    read = read_packet(file)
    assert not read.hand_edited
    value = next(r for r in read.records if r.key.item == "I01-1")
    assert value.content == DataValue(5.0, note="x")
    assert read.places[value.key].cell == "H5"


def test_a_changed_cell_is_an_edit_by_hand_on_the_revision_that_stood_there(tmp_path):
    file = tmp_path / "p.xlsx"
    base = Revision.parse("a1:3")
    packet = blank()
    records = tuple(replace(r, revision=base) for r in packet.records)
    write_packet(file, replace(packet, records=records), PLAN)
    key = RecordKey(RecordKind.VALUE, "I01-1", "scj", "2026-03")
    fill_in(file, {key: DataValue(5)})
    read = read_packet(file)
    assert read.hand_edited
    assert read.modified_at is not None
    changed = [record for record in read.records if record.revision != base]
    assert [record.key for record in changed] == [key]
    assert changed[0].revision.contains(base)
    assert read_packet(file).records == read.records


def test_a_deleted_row_changes_nothing_and_is_told(tmp_path):
    file = tmp_path / "p.xlsx"
    packet = blank(I01_1=DataValue(5.0))
    records = tuple(replace(r, revision=Revision.parse("a1:1")) for r in packet.records)
    write_packet(file, replace(packet, records=records), PLAN)
    book = load_workbook(file)
    book["指标"].delete_rows(4)
    book.save(file)
    read = read_packet(file)
    assert "I01-1" not in {record.key.item for record in read.records}
    assert "缺少编码为“I01-1”的行" in read.findings[0].message


@pytest.mark.slow
@pytest.mark.foreign("soffice")
def test_saving_again_in_libreoffice_keeps_what_it_says(tmp_path):
    (tmp_path / "in").mkdir()
    file = tmp_path / "in" / "p.xlsx"
    packet = blank(
        I01_1=DataValue(1234.0, note="=备注"),
        I01_3=DataValue(None, 3.0, 4.0),
        T01_1=ProgressReport(Status.UNDER_WAY, "第一行\n第二行，鳊鲫鳢", "问题", "打算"),
        D01_1_1=Milestone(Status.DONE, date(2026, 3, 5), "照片"),
    )
    packet = replace(
        packet, header=replace(HEADER, kind=PacketKind.PLAN), directives=Directives(PLAN, Rules())
    )
    write_packet(file, packet, PLAN)
    write_again("xlsx:Calc MS Excel 2007 XML", tmp_path / "out", file)
    read = read_packet(tmp_path / "out" / "p.xlsx")
    assert said(read) == said(packet)
    assert not read.hand_edited
