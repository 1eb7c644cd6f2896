"""What a unit's report would hold, and what should be looked at before it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.clock import clock_text
from fsdesk.domain.packet.packet import PacketKind
from fsdesk.domain.records.submissions import Direction, SubmissionState
from fsdesk.domain.text import size_text
from fsdesk.services.packet import exchange, history, sealing
from fsdesk.services.records import recording
from fsdesk.services.status import gaps, handover, unit_forms
from fsdesk.store.ledger import ledgers

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fsdesk.domain.periods import Period
    from fsdesk.domain.records.attachments import Attachment
    from fsdesk.services.packet.history import Exchanged
    from fsdesk.services.status.gaps import Gap
    from fsdesk.services.status.unit_forms import UnitForm
    from fsdesk.workspace import Workspace

_MANY_ROWS = 500


class ExportLook(Struct, frozen=True):
    """A report before it is written.

    Attributes:
        gaps: What is missing or doubtful, task by task.
        holds: What the packet will hold, one kind a line.
        files: How many evidence files go along: of the period, and of answers to letters.
        empty: Whether there is nothing to export: nothing is filled in, and no letter answered.
        rows_choosable: Whether the changed rows of ledgers may go alone: there are many, and a
            report was accepted.
        unsealable: What should be sealed and can't be, since no key of the office is known.
        sent: The newest report of the period that was exported; None while none was.
        changed: Whether something that would go along has not been exported as it stands.
    """

    form: UnitForm
    gaps: tuple[Gap, ...]
    holds: tuple[str, ...]
    files: int = 0
    empty: bool = False
    rows_choosable: bool = False
    unsealable: str = ""
    sent: Exchanged | None = None
    changed: bool = True

    @property
    def sent_words(self) -> str:
        """Say that all of it was exported and when; empty where something was not."""
        if self.sent is None or self.changed:
            return ""
        at = clock_text(self.sent.note.handled_at)
        if self.form.state is SubmissionState.RETURNED:
            return (
                f"{self.form.period.name}的报送包已于 {at} 导出，后被退回，之后没有改动。"
                "请先按意见改正；确需原样再交的，点“再导出一份”。"
            )
        return (
            f"{self.form.period.name}的报送包已于 {at} 导出（{self.sent.name}），之后没有改动，"
            "不需要再导出。确需再要一份的，点“再导出一份”。"
        )


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
        sent=_last_sent(workspace, period),
        changed=_changed(workspace, form),
    )


def _last_sent(workspace: Workspace, period: Period) -> Exchanged | None:
    return next(
        (
            each
            for each in history.history(workspace)
            if each.note.kind is PacketKind.REPORT
            and each.note.direction is Direction.SENT
            and each.note.period == str(period)
        ),
        None,
    )


def _changed(workspace: Workspace, form: UnitForm) -> bool:
    """Tell whether the period's report would say something that no packet has carried."""
    if form.unexported:
        return True
    things = handover.handed_over(workspace).unsent
    return any(thing.period in ("", str(form.period)) for thing in things)


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
    begun = sum(task.begun for task in form.tasks)
    yield f"填报内容 {filled}/{expected} 项" + (f"，另有 {begun} 项没有填全" if begun else "")
    for _, title, count in rows:
        yield f"台账“{title}” {count} 条"
    if files:
        yield f"佐证材料 {len(files)} 个（{size_text(sum(file.size for file in files))}）"
    for what, number in exchange.replied(workspace).items():
        yield f"对来函的{what} {number} 件"
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
