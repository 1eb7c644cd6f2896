"""Which workspace on this PC holds another year of the same unit, and what belongs there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fsdesk.domain.findings import FsdeskError
from fsdesk.domain.plan.units import WorkspaceRole
from fsdesk.services.care import known
from fsdesk.services.packet import checking
from fsdesk.store import vault
from fsdesk.store.packet import keys
from fsdesk.workspace import open_workspace

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from pathlib import Path

    from fsdesk.domain.packet.packet import Packet
    from fsdesk.domain.steps import Progress
    from fsdesk.services.packet.checking import CheckedPacket
    from fsdesk.services.packet.headings import Chosen
    from fsdesk.services.packet.importing import ImportedFile
    from fsdesk.workspace import Workspace


def workspace_of(workspace: Workspace, year: int) -> Path | None:
    """Return the folder of the workspace that holds another year for the same people.

    It is the same unit's or office's, and both know a key in common: workspaces of other districts,
    or made to try things out, may name their units alike. One whose password was not given is taken
    for it: there is one, and whoever opens it sees.
    """
    whose, ours = workspace.identity, _keys(workspace)
    for found in known.workspaces():
        alike = (found.unit, found.role, found.year) == (whose.unit, whose.role, year)
        if alike and found.is_there and (_is_locked(found.folder) or ours & keys_in(found.folder)):
            return found.folder
    return None


def former_of(packet: Packet) -> Path | None:
    """Return the unit's newest workspace of an earlier year that knows a packet's key."""
    if packet.seal is None:
        return None
    key, header = packet.seal.public_key, packet.header
    for found in sorted(known.workspaces(), key=lambda each: -each.year):
        alike = found.role is WorkspaceRole.UNIT and found.unit == header.unit and not found.sample
        if not alike or found.year >= header.year or not found.is_there:
            continue
        if _is_locked(found.folder) or key in keys_in(found.folder):
            return found.folder
    return None


def keys_in(folder: Path) -> set[str]:
    """Return the keys that a workspace knows; none where it can't be opened."""
    try:
        with open_workspace(folder, write=False) as workspace:
            return _keys(workspace)
    except FsdeskError:  # it is none to go to
        return set()


def check_packets(
    workspace: Workspace, paths: Sequence[Path], heading: Chosen = None
) -> Generator[Progress, None, tuple[CheckedPacket, ...]]:
    """Check packets as `checking.check_packets` does; those of other years with their workspace."""
    checked = yield from checking.check_packets(workspace, paths, heading)
    return located(workspace, checked)


def located(workspace: Workspace, items: Sequence[CheckedPacket]) -> tuple[CheckedPacket, ...]:
    """Tell of packets of other years in which workspace of this PC they belong."""
    years = {item.elsewhere.year for item in items if item.elsewhere}
    folders = {year: workspace_of(workspace, year) for year in years}
    return tuple(_with_folder(item, folders) for item in items)


def located_files(workspace: Workspace, taken: Sequence[ImportedFile]) -> tuple[ImportedFile, ...]:
    """Tell of refused files of other years in which workspace of this PC they belong."""
    checked = located(workspace, [item.checked for item in taken])
    return tuple(
        replace(item, checked=now, message=str(now.findings[0]))
        if now is not item.checked
        else item
        for item, now in zip(taken, checked, strict=True)
    )


def _is_locked(folder: Path) -> bool:
    try:
        return vault.is_locked(folder)
    except FsdeskError:  # keys_in says the rest
        return False


def _with_folder(item: CheckedPacket, folders: dict[int, Path | None]) -> CheckedPacket:
    where = item.elsewhere
    folder = folders[where.year] if where else None
    if where is None or folder is None:
        return item
    remedy = f"请切换到 {where.year} 年的工作区“{folder}”接收"
    first, *others = item.findings
    return replace(
        item,
        findings=(replace(first, remedy=remedy), *others),
        elsewhere=replace(where, begins=False, folder=folder),
    )


def _keys(workspace: Workspace) -> set[str]:
    with workspace.reading() as session:
        return {signer.public_key for signer in keys.signers(session)}
