"""What a unit's report would hold, and what should be looked at before it is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fsdesk.domain.text import size_text
from fsdesk.services.packet import exchange, sealing
from fsdesk.services.records import recording
from fsdesk.services.status import gaps, unit_forms
from fsdesk.store.ledger import ledgers

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fsdesk.domain.periods import Period
    from fsdesk.domain.records.attachments import Attachment
    from fsdesk.services.status.gaps import Gap
    from fsdesk.services.status.unit_forms import UnitForm
    from fsdesk.workspace import Workspace

_MANY_ROWS = 500


@dataclass(frozen=True, slots=True)
class ExportLook:
    """A report before it is written.

    Attributes:
        gaps: What is missing or doubtful, task by task.
        holds: What the packet will hold, one kind a line.
        files: How many evidence files go along: of the period, and of answers to letters.
        empty: Whether there is nothing to export: nothing is filled in, and no letter answered.
        rows_choosable: Whether the changed rows of ledgers may go alone: there are many, and a
            report was accepted.
        unsealable: What should be sealed and can't be, since no key of the office is known.
    """

    form: UnitForm
    gaps: tuple[Gap, ...]
    holds: tuple[str, ...]
    files: int = 0
    empty: bool = False
    rows_choosable: bool = False
    unsealable: str = ""


def look(workspace: Workspace, period: Period) -> ExportLook:
    """Look at what an export of the unit's own report would write; nothing is changed."""
    unit = workspace.identity.unit
    form = unit_forms.unit_form(workspace, unit, period)
    found = gaps.gaps(form, recording.doubts(workspace, unit, period))
    rows = _ledger_rows(workspace, unit)
    count = sum(number for _, _, number in rows)
    files = exchange.enclosed_files(workspace, form)
    return ExportLook(
        form,
        found,
        tuple(_holds(workspace, form, rows, files)),
        len(files),
        empty=not exchange.reports_anything(workspace, form) and not exchange.replied(workspace),
        rows_choosable=count >= _MANY_ROWS and exchange.last_accepted(workspace) is not None,
        unsealable=_unsealable(workspace, form, rows, sealed_files=bool(files)),
    )


def _ledger_rows(workspace: Workspace, unit: str) -> tuple[tuple[str, str, int], ...]:
    """Return code, title and number of rows of the ledgers that go along."""
    with workspace.reading() as session:
        counts, kept = ledgers.entry_counts(session), ledgers.kept_by(session, unit)
        return tuple(
            (each.code, each.title, counts.get(each.code, 0))
            for each in ledgers.load_ledgers(session)
            if each.code in kept
        )


def _holds(
    workspace: Workspace,
    form: UnitForm,
    rows: tuple[tuple[str, str, int], ...],
    files: Sequence[Attachment],
) -> Iterator[str]:
    filled = sum(task.filled for task in form.tasks)
    expected = sum(task.expected for task in form.tasks)
    yield f"填报内容 {filled}/{expected} 项"
    for _, title, count in rows:
        yield f"台账“{title}” {count} 条"
    if files:
        yield f"佐证材料 {len(files)} 个（{size_text(sum(file.size for file in files))}）"
    replied = exchange.replied(workspace)
    if replied:
        yield f"来函回复 {replied} 件"
    answered = sum(not opinion.open for opinion in form.opinions)
    if answered:
        yield f"对退回意见的答复 {answered} 条"


def _unsealable(
    workspace: Workspace,
    form: UnitForm,
    rows: tuple[tuple[str, str, int], ...],
    *,
    sealed_files: bool,
) -> str:
    """Say what should be sealed and can't be; empty where nothing is, or a key is known."""
    rules, office = workspace.rules, form.plan.directory.office
    what = [f"台账“{title}”" for code, title, _ in rows if rules.seals(code)]
    if rules.seal_all and sealed_files:
        what.append("佐证材料")
    if not what or office is None:
        return ""
    with workspace.reading() as session:
        known = sealing.keys_of(session, office.code)
    return "" if known else f"{office.name}的密钥还没有登记，{'、'.join(what)}不能密封"
