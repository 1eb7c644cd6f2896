"""The forms that clerks fill: how each is made, where one types in it, and what it is read as.

Two are forms of figures, two are lists of cases. Where one types stands in the same cells of both
of a kind, so that a habit is written once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from openpyxl import Workbook

from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.ledger.ledger import LedgerEntry
from fsdesk.domain.records.records import (
    DataValue,
    Milestone,
    ProgressReport,
    RecordKey,
    RecordKind,
    Status,
)
from fsdesk.domain.steps import run_through
from fsdesk.packets.filling import fill_in
from fsdesk.packets.layout import SHEETS
from fsdesk.services.ledger import ledger_files
from fsdesk.services.packet import checking, exchange
from fsdesk.services.records import recording
from fsdesk.store.ledger import ledgers
from tests.workspaces import MARCH, make_office, make_unit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from fsdesk.domain.findings import Finding
    from fsdesk.workspace import Workspace

REPORT, PLAN, LEDGER, LIST = "报送包", "下发包", "台账表", "外来清单"
FIGURES, CASES = frozenset({REPORT, PLAN}), frozenset({LEDGER, LIST})

# What a habit types into; which cell of which row that is, each form says.
KEY, NUMBER, TEXT, DATE, FLAG = "编码", "数字", "文字", "日期", "是否"

HEADERS = ["序号", "案号", "专项行动", "案由", "立案日期", "罚没金额", "移送公安", "处罚到人"]
CASE_ROWS = tuple(
    {"案号": key, "专项行动": action, "案由": why, "立案日期": date(2026, 3, day), "罚没金额": fine}
    for key, action, why, day, fine in (
        ("330108260301", "铁拳", "过期食品", 1, 100.0),
        ("330108260302", "亮剑", "无证经营", 2, 250.0),
        ("330108260303", "铁拳", "标签不符", 3, 300.0),
    )
)


@dataclass(frozen=True)
class Read:
    """What a file was read as.

    Attributes:
        data: What is taken, by what names the row and title of the column.
        findings: Sheet, cell and words of what is told or refused.
        refused: Whether nothing is taken at all.
    """

    data: Mapping[tuple[str, str], object]
    findings: tuple[tuple[str, str, str], ...]
    refused: bool


@dataclass(frozen=True)
class Form:
    """A form as it lies on the clerk's desk, filled once, before the habit.

    Attributes:
        sheet: Where its main table stands; headers are in row 3.
        cells: Sheet and cell of what a habit types into.
        meant: The row and the column that this cell is.
    """

    file: Path
    sheet: str
    cells: Mapping[str, tuple[str, str]]
    meant: Mapping[str, tuple[str, str]]
    read: Callable[[Path], Read]

    def place(self, name: str) -> tuple[str, str]:
        """Give sheet and cell of what is named: 数字, G4, 进展!G4, the sheet !指标, the file ""."""
        if name in self.cells:
            return self.cells[name]
        if name.startswith("!"):
            return name[1:], ""
        sheet, mark, cell = name.rpartition("!")
        return (sheet, cell) if mark else (self.sheet if name else "", cell)


def make_forms(folder: Path) -> dict[str, Form]:
    """Make an office and a unit, and all forms of them."""
    office = make_office(folder / "office")
    unit = make_unit(office, folder / "unit")
    for key, content in _figures("scj").items():
        _record(unit, key, content)
    report = exchange.export_report(unit, MARCH, folder / "report.xlsx").file
    plan = _filled_plan(office, folder / "plan")
    # What the office holds of a unit goes along in its form.
    for workspace, whose in ((office, "fgj"), (unit, "scj")):
        with workspace.writing() as writing:
            rows = [LedgerEntry("", "enforcement", whose, values) for values in CASE_ROWS]
            ledgers.edit_entries(writing, rows)
    ledger = _filled_plan(office, folder / "ledger")

    def packet(file: Path) -> Read:
        return _read_packet(office, file)

    return {
        REPORT: Form(report, "指标", _FIGURE_CELLS, _FIGURES_MEANT, packet),
        PLAN: Form(plan, "指标", _FIGURE_CELLS, _FIGURES_MEANT, packet),
        LEDGER: Form(ledger, "执法案件", _case_cells("执法案件"), _CASES_MEANT, packet),
        LIST: Form(
            _write_list(folder / "list.xlsx"),
            "案件",
            _case_cells("案件"),
            _CASES_MEANT,
            lambda file: _read_list(unit, file),
        ),
    }


_FIGURE_CELLS = {
    KEY: ("指标", "A4"),
    NUMBER: ("指标", "G4"),
    TEXT: ("进展", "G4"),
    DATE: ("事项", "F4"),
    FLAG: ("指标", "J7"),
}
_FIGURES_MEANT = {
    NUMBER: ("I01-1", "本期数"),
    TEXT: ("T01-1", "进展情况"),
    DATE: ("D01-1-1", "完成日期"),
    FLAG: ("I01-4", "无此项"),
}
_CASES_MEANT = {
    NUMBER: ("330108260301", "罚没金额"),
    TEXT: ("330108260301", "案由"),
    DATE: ("330108260301", "立案日期"),
    FLAG: ("330108260301", "移送公安"),
}


def _case_cells(sheet: str) -> dict[str, tuple[str, str]]:
    columns = {KEY: "B", NUMBER: "F", TEXT: "D", DATE: "E", FLAG: "G"}
    return {what: (sheet, f"{column}4") for what, column in columns.items()}


def _filled_plan(office: Workspace, folder: Path) -> Path:
    """Give the form that a unit without the program got, filled by hand."""
    folder.mkdir()
    issued = run_through(exchange.issue_packets(office, MARCH, folder))
    file = next(packet.file for packet in issued if packet.unit == "fgj")
    fill_in(file, _figures("fgj"))
    return file


def _figures(unit: str) -> dict[RecordKey, DataValue | ProgressReport | Milestone]:
    found = {
        (RecordKind.VALUE, "I01-1"): DataValue(210.0, note="含快检"),
        (RecordKind.VALUE, "I01-2"): DataValue(0.0),
        (RecordKind.PROGRESS, "T01-1"): ProgressReport(Status.UNDER_WAY, "已部署"),
        (RecordKind.MILESTONE, "D01-1-1"): Milestone(Status.DONE, date(2026, 3, 2), "文件"),
    }
    return {RecordKey(kind, item, unit, "2026-03"): c for (kind, item), c in found.items()}


def _record(unit: Workspace, key: RecordKey, content: object) -> None:
    record = {
        RecordKind.VALUE: recording.record_value,
        RecordKind.PROGRESS: recording.record_progress,
        RecordKind.MILESTONE: recording.record_milestone,
    }[key.kind]
    record(unit, key.item, key.period, content)


def _write_list(file: Path) -> Path:
    book = Workbook()
    book.active.title = "案件"
    book.active.append(["2026年执法案件清单"])
    book.active.append([])
    book.active.append(HEADERS)
    for number, row in enumerate(CASE_ROWS, start=1):
        book.active.append([number, *(row.get(title) for title in HEADERS[1:])])
    book.save(file)
    return file


def _read_packet(office: Workspace, file: Path) -> Read:
    (checked,) = run_through(checking.check_packets(office, [file]))
    told = tuple(map(_told, checked.findings))
    if checked.packet is None:
        return Read({}, told, refused=True)
    titles = {s.kind: {c.field: c.title for c in s.inputs} for s in SHEETS}
    data: dict[tuple[str, str], object] = {}
    for record in checked.packet.records:
        for field, title in titles[record.key.kind].items():
            data[record.key.item, title] = getattr(record.content, field)
    for entry in checked.packet.entries:
        data |= _row(entry)
    filled = {k: v for k, v in data.items() if not (v is None or v == "" or v is False)}
    return Read(filled, told, refused=False)


def _read_list(unit: Workspace, file: Path) -> Read:
    try:
        preview = ledger_files.preview_list(unit, "enforcement", file)
    except InputRejectedError as refused:
        return Read({}, tuple(map(_told, refused.findings)), refused=True)
    data: dict[tuple[str, str], object] = {}
    for entry in preview.entries:
        data |= _row(entry)
    rejected = tuple((r.sheet, r.cell, r.message) for r in preview.rejected)
    return Read(data, (*map(_told, preview.findings), *rejected), refused=False)


def _row(entry: LedgerEntry) -> dict[tuple[str, str], object]:
    return {(str(entry.values["案号"]), title): v for title, v in entry.values.items()}


def _told(finding: Finding) -> tuple[str, str, str]:
    return finding.place.sheet, finding.place.cell, finding.message + finding.remedy
