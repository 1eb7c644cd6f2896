"""A district of 60 units with long names: half a year at its office, with a letter of each kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from fsdesk.demo.story import Story
from fsdesk.domain.ledger.ledger import LedgerEntry
from fsdesk.domain.office import OfficeIdentity
from fsdesk.domain.periods import months_of
from fsdesk.domain.records.records import DataValue
from fsdesk.domain.supervision.letters import LetterKind
from fsdesk.services.care import setup
from fsdesk.services.ledger import ledgers
from fsdesk.services.packet import checking, exchange
from fsdesk.services.records import recording
from fsdesk.services.supervision import office_identity, supervision
from tests.reports.districts import district
from tests.workspaces import SETTLED, Clock, all_year, import_files, note_sent

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from fsdesk.domain.records.records import Content
    from fsdesk.workspace import Workspace

UNITS, YEAR = 60, 2026
HALF_A_YEAR = months_of(YEAR)[:6]
JUNE = HALF_A_YEAR[-1]
NOW = "2026-07-08T01:00:00+00:00"
OFFICE = OfficeIdentity(
    district="某市某某新城经济技术开发区", contact="欧阳某某", phone="0123-45678901"
)
# A slow unit, to which all letters go.
ADDRESSEE = "u1"
_CODE = "XBJ26410100830512345"


def make_large_office(folder: Path) -> Workspace:
    """Make the office: a third of the units on time, a third slow, a third silent."""
    plan = district(UNITS)
    made = setup.create_office(folder, plan, clock=Clock(NOW), begin=all_year(YEAR))
    office_identity.save(made, OFFICE)
    for number in (each for each in range(UNITS) if each % 3 != 2):
        story = Story(plan, f"u{number}", slow=number % 3 == 1)
        entries = [entry for month in HALF_A_YEAR for entry in story.entries(month)]
        recording.save_all(made, [(key, _told(content, story)) for key, content in entries])
        note_sent(made, story.unit, *map(str, HALF_A_YEAR))
    rows = [LedgerEntry(str(n), "sampling", f"u{n % UNITS}", _row(n)) for n in range(40)]
    ledgers.save_rows(made, rows)
    for kind in LetterKind:
        draft = supervision.draft_for(made, JUNE, ADDRESSEE, kind)
        if kind is LetterKind.INTERVIEW:
            draft = supervision.arrange(made, draft.key, {**SETTLED, "time": "2026年7月13日9时"})
        supervision.issue(made, [draft.key])
    return made


def _told(content: Content, story: Story) -> Content:
    """Return what a unit says; of a slow one, that it has hardly begun."""
    if story.slow and isinstance(content, DataValue) and content.denominator:
        return replace(content, numerator=round(content.denominator / 10))
    return content


def _row(number: int) -> dict[str, object]:
    return {"抽样编号": f"{_CODE}{number:02}", "检验结论": "合格"}


def make_long_named_unit(office: Workspace, folder: Path) -> Workspace:
    """Make the slow unit's workspace from what the office sends it: the plan, and its letters."""
    sent = folder.parent / "sent"
    plan = _of_unit(exchange.issue_packets(office, JUNE, sent / "plan"), sent / "plan")
    made = setup.create_unit_from_packet(folder, checking.read(plan), clock=Clock(NOW))
    letters = _of_unit(exchange.answer_reports(office, JUNE, sent / "letters"), sent / "letters")
    import_files(made, letters)
    return made


def _of_unit(steps: Generator[object, None, object], folder: Path) -> Path:
    """Write packets up to the unit's own: they come in the order of the units."""
    while not (found := list(folder.glob("*-第2*.xlsx"))):
        next(steps)
    steps.close()
    return found[0]
