"""收发记录: what was sent and received, what was in it, what became of it, and its kept copy."""

from __future__ import annotations

import json
from pathlib import PurePath
from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk import files
from fsdesk.domain.findings import reject
from fsdesk.domain.labelled import LabelledEnum
from fsdesk.domain.names import file_name
from fsdesk.domain.packet.exchanged import Contents
from fsdesk.domain.packet.packet import PacketKind
from fsdesk.domain.periods import Period
from fsdesk.domain.records.submissions import Direction, ReviewState
from fsdesk.services.plan.planning import plan_in
from fsdesk.services.status.handover import known_receipts
from fsdesk.store import audit, kept
from fsdesk.store.records import submissions

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from fsdesk.domain.packet.exchanged import PacketNote
    from fsdesk.store.session import Session
    from fsdesk.workspace import Workspace


class PacketState(LabelledEnum):
    """What became of a packet, as far as it is known here."""

    WAITING = "waiting", "尚无回执"
    DELIVERED = "delivered", "已交"
    TO_REVIEW = "to_review", "待审核"
    ACCEPTED = "accepted", "已接收"
    RETURNED = "returned", "退回"
    REOPENED = "reopened", "已重新开放"
    HANDED_DOWN = "handed_down", "已生成"
    TAKEN = "taken", "已收"


_REVIEWED = {
    ReviewState.ACCEPTED: PacketState.ACCEPTED,
    ReviewState.RETURNED: PacketState.RETURNED,
    ReviewState.REOPENED: PacketState.REOPENED,
}


class Exchanged(Struct, frozen=True):
    """A packet that was sent or received.

    Attributes:
        unit: The name of the unit that it is from or for.
        name: Of its file; made of what is known where earlier programs did not note it.
        contents: What it holds, in words; empty where that was not noted.
    """

    note: PacketNote
    unit: str
    name: str
    contents: str
    state: PacketState

    def tells(self, text: str) -> bool:
        """Tell whether some text stands anywhere in its line."""
        words = (
            self.name, self.unit, self.contents, self.state.label, self.note.kind.label,
            self.note.direction.label, Period.parse(self.note.period).label, self.note.period,
        )  # fmt: skip
        return text.casefold() in "\n".join(words).casefold()


def history(workspace: Workspace) -> tuple[Exchanged, ...]:
    """Return all packets that were sent or received, newest first."""
    whose = workspace.identity
    with workspace.reading() as session:
        plan = plan_in(session, whose.year)
        receipts = None if whose.is_office else known_receipts(session, whose.unit)
        there = frozenset(receipts.packets) if receipts else frozenset[str]()
        decided = _decided(session)
        return tuple(
            Exchanged(
                note,
                plan.unit_name(note.unit),
                note.name or _made_name(note, plan.unit_name(note.unit)),
                contents.told if (contents := Contents.of(note.contents)) else "",
                _state(note, decided, there, at_office=whose.is_office),
            )
            for note in submissions.packets(session)
        )


def save_copy(workspace: Workspace, exchanged: Exchanged, file: Path) -> None:
    """Write the kept copy of a packet to a place outside, as it was sent or came.

    Raises:
        InputRejectedError: When the copy is missing or damaged, or the file can't be written.
    """
    copy = workspace.packets / exchanged.note.file
    if not kept.is_there(copy):
        raise reject(f"“{exchanged.name}”的副本已不在工作区中", "有备份时可以从备份恢复")
    kept.copy_out(copy, file)


def open_copy(workspace: Workspace, exchanged: Exchanged, folder: Path) -> Path:
    """Return a copy of a packet under its own name in a folder, for other programs to open."""
    files.make_folder(folder)
    target = folder / file_name(exchanged.name)
    save_copy(workspace, exchanged, target)
    return target


def _made_name(note: PacketNote, unit: str) -> str:
    return file_name(f"{note.kind.label}-{unit}-{note.period}{PurePath(note.file).suffix}")


def _decided(session: Session) -> Mapping[str, ReviewState]:
    """Return what was decided last on each report, by its digest; the change log tells."""
    found: dict[str, ReviewState] = {}
    known = {state.value: state for state in ReviewState}
    for line in audit.latest(session, ["submission"], ["submission/%"], _MOST):
        after: dict[str, str] = json.loads(line.after) if line.after else {}
        state = known.get(after.get("state", ""))
        if state is not None:
            found.setdefault(after.get("digest", ""), state)
    return found


_MOST = 10_000  # decisions that are looked through


def _state(
    note: PacketNote,
    decided: Mapping[str, ReviewState],
    there: frozenset[str],
    *,
    at_office: bool,
) -> PacketState:
    sent = note.direction is Direction.SENT
    reports = sent is not at_office and (sent or note.kind is not PacketKind.FEEDBACK)
    if not reports:
        return PacketState.HANDED_DOWN if sent else PacketState.TAKEN
    review = decided.get(note.digest)
    if review is not None:
        return _REVIEWED[review]
    if at_office:
        return PacketState.TO_REVIEW
    return PacketState.DELIVERED if note.digest in there else PacketState.WAITING
