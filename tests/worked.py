"""An office in which everything has happened that the change log tells of."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

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
from fsdesk.domain.supervision.letters import LetterKind
from fsdesk.services.packet import exchange, reviewing
from fsdesk.services.records import evidence, recording
from fsdesk.services.status import published
from fsdesk.services.supervision import follow_up, supervision
from fsdesk.store.ledger import ledgers
from tests.kept import KEEPER
from tests.workspaces import MARCH, Clock, import_files, make_office, make_unit

if TYPE_CHECKING:
    from pathlib import Path

AUGUST = Period.parse("2026-08")


def worked_folder(base: Path) -> Path:
    """Make such an office, and a unit, in a new folder; give the office's, closed."""
    KEEPER.whole(base, ("worked",), lambda: _work(base))
    return base / "office"


def _work(base: Path) -> None:
    clock = Clock()
    with (
        make_office(base / "office", clock) as office,
        make_unit(office, base / "unit", clock=clock) as unit,
    ):
        photo = base / "照片.jpg"
        photo.write_bytes(b"\xff\xd8\xff picture" * 50)
        recording.record_value(unit, "I01-1", "2026-03", DataValue(210, note="含快检"))
        recording.record_value(unit, "I01-5", "2026-03", DataValue(7))
        recording.record_progress(
            unit, "T01-1", "2026-03", ProgressReport(Status.UNDER_WAY, "已抽检")
        )
        recording.record_milestone(
            unit, "D01-1-1", "2026-03", Milestone(Status.DONE, date(2026, 3, 20), "文件")
        )
        evidence.attach(unit, RecordKey(RecordKind.VALUE, "I01-1", "scj", "2026-03"), photo)
        with unit.reading() as session:
            many = next(x for x in ledgers.load_ledgers(session) if len(x.key) == 1)
        with unit.writing() as writing:
            rows = [{many.key[0]: f"S{n}"} for n in range(60)]
            entries = [LedgerEntry("", many.code, "scj", values) for values in rows]
            ledgers.edit_entries(writing, entries)
        import_files(office, exchange.export_report(unit, MARCH, base / "报送包.zip").file)
        with office.writing() as writing:
            row = LedgerEntry("", many.code, "fgj", {many.key[0]: "T1"})
            ledgers.edit_entries(writing, [row])
        recording.record_value(office, "I01-1", "2026-03", DataValue(11), unit="fgj")
        recording.record_value(office, "I01-1", "2026-03", DataValue(12), unit="fgj")
        reviewing.accept(office, "scj", MARCH, "数据齐全", {"I01-1": "请留存原始单据"})
        clock.set("2026-09-21T01:00:00+00:00")
        first = supervision.draft_for(office, AUGUST, "scj", next(iter(LetterKind)))
        supervision.draft_for(office, AUGUST, "fgj", next(iter(LetterKind)))
        (letter,) = supervision.issue(office, [first.key])
        answers = run_through(exchange.answer_reports(office, AUGUST, base / "answers"))
        import_files(unit, *(packet.file for packet in answers if packet.unit == "scj"))
        follow_up.attach(unit, letter.key, photo)
        follow_up.reply(unit, letter.key, "已整改，附照片")
        import_files(office, exchange.export_report(unit, AUGUST, base / "回复.zip").file)
        published.publish(office, MARCH, "会议通报")
