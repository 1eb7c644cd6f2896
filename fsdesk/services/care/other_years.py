"""Which workspace on this PC holds another year of the same unit, and what belongs there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from fsdesk.domain.findings import FsdeskError
from fsdesk.domain.plan.units import WorkspaceRole
from fsdesk.services.care import known
from fsdesk.services.packet import checking, signing
from fsdesk.store import vault
from fsdesk.store.packet import keys
from fsdesk.workspace import open_workspace

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from pathlib import Path

    from fsdesk.domain.packet.packet import Packet
    from fsdesk.domain.steps import Progress
    from fsdesk.services.packet.checking import CheckedPacket, ChosenSheets
    from fsdesk.services.packet.headings import Chosen
    from fsdesk.services.packet.importing import ImportedFile
    from fsdesk.workspace import Workspace


def workspace_of(workspace: Workspace, year: int) -> Path | None:
    """Return the folder of the workspace that holds another year for the same people, if there."""
    found = known.of_year(known.describe(workspace), year)
    return found.folder if found and found.is_there else None


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
            return known.keys_of(workspace)
    except FsdeskError:  # it is none to go to
        return set()


def take_keys(workspace: Workspace) -> None:
    """Know the keys that the same people came to know, or revoked, in the year before.

    That one stays in use when the new year's workspace is made: December's report is still owed.
    """
    folder = workspace_of(workspace, workspace.identity.year - 1)
    if folder is None:
        return
    try:
        with open_workspace(folder, write=False) as former:
            theirs = signing.registered(former)
    except FsdeskError:  # damaged or away: a key is new here then
        return
    ours = {signer.public_key: signer for signer in signing.registered(workspace)}
    news = [
        each
        for each in theirs
        if each.public_key not in ours or (each.revoked and not ours[each.public_key].revoked)
    ]
    if news:
        with workspace.writing() as writing:
            for each in news:
                keys.save_signer(writing, each)


def check_packets(
    workspace: Workspace,
    paths: Sequence[Path],
    heading: Chosen = None,
    sheets: ChosenSheets = None,
) -> Generator[Progress, None, tuple[CheckedPacket, ...]]:
    """Check packets as `checking.check_packets` does; those of other years with their workspace."""
    checked = yield from checking.check_packets(workspace, paths, heading, sheets)
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
