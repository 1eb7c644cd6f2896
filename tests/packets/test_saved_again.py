"""Packets opened and saved by LibreOffice, in every form it writes, say what they said before."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace
from openpyxl import load_workbook

from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.packet.directives import Directives
from fsdesk.domain.packet.packet import PacketKind
from fsdesk.domain.records.records import DataValue, Milestone, ProgressReport, Status
from fsdesk.domain.settings import Rules
from fsdesk.packets.reader import read_packet
from fsdesk.packets.safe.guard import scan
from fsdesk.packets.writer import write_packet
from tests.office import write_again
from tests.packets.test_round_trip import HEADER, PLAN, blank, said

FORMS = {"xlsx": "xlsx:Calc MS Excel 2007 XML", "ods": "ods:calc8", "xls": "xls:MS Excel 97"}
LONG = "长" * 29_000 + "end"
ODD = {
    "T01-1": ProgressReport(Status.UNDER_WAY, "_x0041_ 与 a_x000D_b", "  ".join("词语词"), "=1+1"),
    "T01-2": ProgressReport(None, "第一行\n\n第三行", "<b>&amp;</b> “引号” ‘单’", "𠮷鳊鲫鳢"),
    "I01-1": DataValue(1234.0, note="0123"),
    "I01-3": DataValue(None, 3.0, 4.0, note="2026-03-05"),
    "I01-4": DataValue(not_applicable=True, note="１２３"),
    "I01-5": DataValue(123456789012345.0, note="1e5"),
    "I01-7": DataValue(0.1, note="+86 -3 @"),
    "D01-1-1": Milestone(Status.DONE, date(2026, 3, 5), "照片"),
    "D01-1-2": Milestone(Status.NOT_STARTED, None, LONG),
}
PACKET = replace(
    blank(**{code.replace("-", "_"): content for code, content in ODD.items()}),
    header=replace(HEADER, kind=PacketKind.PLAN),
    directives=Directives(PLAN, Rules()),
)

pytestmark = [pytest.mark.slow, pytest.mark.foreign("soffice")]


def spoil(file):
    book = load_workbook(file)
    book["指标"]["G4"] = "=1/0"
    book["指标"]["G5"] = "=1+1"
    book["事项"]["G4"] = "合并"
    book["事项"].merge_cells("G4:G5")
    book["进展"]["G4"] = "多一些"
    book.save(file)


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """Return a folder in which every packet lies in every form."""
    folder = tmp_path_factory.mktemp("saved")
    names = {"written": None, "spoiled": spoil}
    for name, change in names.items():
        write_packet(folder / f"{name}.xlsx", blank() if change else PACKET, PLAN)
        if change:
            change(folder / f"{name}.xlsx")
    for ending, form in FORMS.items():
        write_again(form, folder / ending, *(folder / f"{name}.xlsx" for name in names))
    return folder


@pytest.mark.parametrize("form", FORMS)
def test_nothing_changes_by_saving(saved, form):
    read = read_packet(saved / form / f"written.{form}")
    assert said(read)[:3] == said(PACKET)[:3]
    assert not read.hand_edited
    assert read.findings == ()


@pytest.mark.parametrize("form", FORMS)
def test_faults_and_merged_cells_are_found_where_they_are(saved, form):
    found = scan(saved / form / f"spoiled.{form}")
    assert found.bad_cells == {"指标": {"G4": "单元格是错误值（如 #DIV/0!）"}}
    assert found.merged == {"事项": [(3, 6, 4, 6)]}


@pytest.mark.parametrize("form", FORMS)
def test_a_file_cut_short_anywhere_is_refused_in_words(saved, form, tmp_path):
    data = (saved / form / f"written.{form}").read_bytes()
    cut = tmp_path / f"cut.{form}"
    for part in range(40):
        cut.write_bytes(data[: len(data) * part // 40])
        with pytest.raises(InputRejectedError):
            read_packet(cut)
