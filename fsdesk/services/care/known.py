"""The workspaces that are known on this PC: where each lies, whose it is, and which was used last.

The list is one small file of the user's, outside all workspaces. It is a help and never a
condition: what can't be read or written there is noted, and the program goes on without it.
"""

from __future__ import annotations

import json
import logging
import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs
from filelock import FileLock, Timeout
from msgspec import Struct
from msgspec.structs import replace

from fsdesk import files
from fsdesk.domain.findings import FindingCode, FsdeskError, reject, warning, workspace_error
from fsdesk.domain.plain import from_plain, to_plain
from fsdesk.domain.plan.units import WorkspaceRole
from fsdesk.places import portable_data
from fsdesk.services.plan.planning import current_plan
from fsdesk.store.packet import keys
from fsdesk.workspace import (
    DATABASE,
    database_gone,
    default_folder,
    has_remains,
    is_workspace,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from fsdesk.domain.findings import Finding, WorkspaceError
    from fsdesk.workspace import Workspace

# Where the list lies, when not with the user's settings: tests and the self-test name a place.
PLACE = "FSDESK_KNOWN"
# By the end of its folder's name a sample is told from one's own data.
SAMPLE = "示例工作区"
_LIST = "workspaces.json"
_DAMAGED = "workspaces-damaged.json"
_PATIENCE = 3.0  # seconds for which another program may hold the list
_MOST = 50
_LOG = logging.getLogger(__name__)


class KnownWorkspace(Struct, frozen=True):
    """What is remembered of a workspace.

    Attributes:
        path: Folder in which it lay when it was last used; it may be gone.
        unit: Code of the unit, or of the office.
        name: The unit's name.
        used: When the window last had it open, as ISO text in UTC; empty for never.
        sample: Whether it is invented, to try things out.
        keys: The signing keys that it knows, its own among them; none where that isn't known.
    """

    path: str
    unit: str
    name: str
    role: WorkspaceRole
    year: int
    used: str = ""
    sample: bool = False
    keys: tuple[str, ...] = ()

    @property
    def folder(self) -> Path:
        """The folder as a path."""
        return Path(self.path)

    @property
    def is_there(self) -> bool:
        """Whether a workspace is found in the folder now."""
        return is_workspace(self.folder)

    @property
    def title(self) -> str:
        """Whose it is and of which year, such as ``区市场监管局 2026 年``."""
        role = "（汇总端）" if self.role is WorkspaceRole.OFFICE else ""
        return f"{self.name}{role} {self.year} 年" + ("（示例）" if self.sample else "")


class KnownList(Struct, frozen=True):
    """The list as it was read, last used first, and what is wrong with it."""

    workspaces: tuple[KnownWorkspace, ...] = ()
    problem: Finding | None = None


def place() -> Path:
    """Return the file of the list; it never lies in a workspace."""
    named = os.environ.get(PLACE)
    if named:
        return Path(named)
    portable = portable_data()
    if portable is not None:
        return portable / _LIST
    return Path(platformdirs.user_config_dir("fsdesk-workspaces", appauthor=False)) / _LIST


def read() -> KnownList:
    """Read the list; one that can't be read is empty, and says so."""
    file = place()
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return KnownList()
    except (OSError, ValueError) as fault:
        _LOG.warning("the list of workspaces can't be read: %s", fault)
        return KnownList(problem=_problem())
    try:
        entries = from_plain(list[object], json.loads(text)["workspaces"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return KnownList(problem=_problem())
    found = tuple(filter(None, map(_entry, entries)))
    return KnownList(found, _problem() if len(found) < len(entries) else None)


def workspaces() -> tuple[KnownWorkspace, ...]:
    """Return the known workspaces, last used first; they may be gone."""
    return read().workspaces


def last() -> KnownWorkspace | None:
    """Return the workspace that opens when none is named; a sample never does."""
    return next((known for known in workspaces() if not known.sample), None)


def find(folder: Path) -> KnownWorkspace | None:
    """Return what is remembered of the workspace in a folder."""
    return next((known for known in workspaces() if _same(known.folder, folder)), None)


def same_owner(workspace: KnownWorkspace) -> tuple[KnownWorkspace, ...]:
    """Return one workspace a year of the same people, that one included, by year.

    It is the same unit's or office's, and both know a key in common: workspaces of other districts,
    or made to try things out, may name their units alike.
    """
    years, listed = {workspace.year: workspace}, workspaces()
    # It may have got its key since it was opened.
    own = (workspace, *(each for each in listed if _same(each.folder, workspace.folder)))
    ours = {key for each in own for key in each.keys}
    for known in listed:
        if _owner(known) == _owner(workspace) and not ours.isdisjoint(known.keys):
            years.setdefault(known.year, known)
    return tuple(years[year] for year in sorted(years))


def of_year(workspace: KnownWorkspace, year: int) -> KnownWorkspace | None:
    """Return the workspace of the same people for another year; it may be gone."""
    return next((known for known in same_owner(workspace) if known.year == year), None)


def years_of(workspace: KnownWorkspace) -> tuple[int, ...]:
    """Return the years for which the same unit or office has a workspace on this PC."""
    return tuple(other.year for other in same_owner(workspace))


def remember(workspace: Workspace, *, last: bool = True) -> KnownWorkspace:
    """Put a workspace on the list, or bring what is remembered of it up to date.

    `last`: whether it is being used in the window, so that it opens at the next start; one that was
    only made or restored keeps its place.
    A list that can't be written is passed over.
    """
    known = describe(workspace)

    def edit(entries: Sequence[KnownWorkspace]) -> list[KnownWorkspace]:
        places = [_same(entry.folder, known.folder) for entry in entries]
        if last:
            others = [entry for entry, is_it in zip(entries, places, strict=True) if not is_it]
            return [known, *others]
        if not any(places):
            return [*entries, replace(known, used="")]
        return [
            replace(known, used=entry.used) if is_it else entry
            for entry, is_it in zip(entries, places, strict=True)
        ]

    _change(edit)
    return known


def forget(folder: Path) -> None:
    """Take a folder off the list; nothing in it is touched."""
    _change(lambda entries: [entry for entry in entries if not _same(entry.folder, folder)])


def describe(workspace: Workspace) -> KnownWorkspace:
    """Tell of an open workspace what the list remembers."""
    whose = workspace.identity
    name = current_plan(workspace).unit_name(whose.unit)
    folder = workspace.folder.absolute()
    return KnownWorkspace(
        path=str(folder),
        unit=whose.unit,
        name=name,
        role=whose.role,
        year=whose.year,
        used=workspace.now(),
        sample=is_sample(folder),
        keys=tuple(sorted(keys_of(workspace))),
    )


def keys_of(workspace: Workspace) -> set[str]:
    """Return the signing keys that a workspace knows, its own among them."""
    with workspace.reading() as session:
        others = {signer.public_key for signer in keys.signers(session)}
    return {*others, keys.own_public(workspace.keys)} - {""}


def is_sample(folder: Path) -> bool:
    """Tell whether a workspace belongs to the sample, so that nobody takes it for real."""
    return any(parent.name.endswith(SAMPLE) for parent in folder.resolve().parents)


def within(folder: Path) -> Path:
    """Return the workspace's folder that was meant: it, or the only one directly in it.

    InputRejectedError when there is none, or more than one.
    """
    if is_workspace(folder):
        return folder
    try:
        inner = [found for found in sorted(folder.iterdir()) if is_workspace(found)]
    except OSError:
        inner = []
    if len(inner) == 1:
        return inner[0]
    if inner:
        names = "、".join(f"“{found.name}”" for found in inner[:5])
        raise reject(f"文件夹“{folder}”中有 {len(inner)} 个工作区：{names}", "请选择其中的一个")
    raise reject(
        f"文件夹“{folder}”中没有工作区",
        f"请选择含有 {DATABASE} 的文件夹；只有备份文件时，请用“从备份恢复”",
    )


def unused_folder() -> Path:
    """Return where a new workspace can go when the user names no place: nothing is there yet."""
    usual = default_folder()
    candidate, count = usual, 1
    while find(candidate) is not None or is_workspace(candidate) or has_remains(candidate):
        count += 1
        candidate = usual.with_name(f"{usual.name}-{count}")
    return candidate


def gone(folder: Path) -> WorkspaceError:
    """Say that a known workspace isn't where it was."""
    known = find(folder)
    whose = f"（{known.title}）" if known else ""
    if has_remains(folder):
        return database_gone(folder, whose)
    return workspace_error(
        f"原来的工作区{whose}找不到了：{folder}",
        "可能是移动硬盘没有接好，或文件夹被移走、改名。接好后点“重试”，或打开它现在的位置",
        FindingCode.WORKSPACE_GONE,
    )


# The file


def _problem() -> Finding:
    return warning(
        "本机的工作区清单已损坏，不知道上次打开的是哪个工作区；数据都在原处，没有受影响",
        "如果显示的不是您的工作区，请用“打开其他…”选择它的文件夹",
    )


def _entry(plain: object) -> KnownWorkspace | None:
    try:
        known = from_plain(KnownWorkspace, plain)
    except (ValueError, TypeError):
        return None
    portable = portable_data()
    return replace(known, path=str(portable / known.path)) if portable else known


def _listed(known: KnownWorkspace) -> KnownWorkspace:
    """Return what stands in the list: a USB stick is another drive in the next PC."""
    portable = portable_data()
    if portable is None or not known.folder.is_relative_to(portable):
        return known
    return replace(known, path=known.folder.relative_to(portable).as_posix())


def _owner(known: KnownWorkspace) -> tuple[str, WorkspaceRole, bool]:
    return known.unit, known.role, known.sample


def _same(one: Path, other: Path) -> bool:
    return os.path.normcase(one.absolute()) == os.path.normcase(other.absolute())


def _change(edit: Callable[[Sequence[KnownWorkspace]], list[KnownWorkspace]]) -> None:
    """Write the list anew; two programs do so one after the other, and no fault gets outside."""
    try:
        with _held():
            found = read()
            if found.problem is not None:
                # Unreadable now is not lost: only what was read and is no list is set aside.
                place().read_bytes()
                files.set_aside(place(), _DAMAGED)
            kept = [_listed(each) for each in edit(found.workspaces)[:_MOST]]
            text = json.dumps({"workspaces": to_plain(kept)}, ensure_ascii=False, indent=1)
            files.save_text(place(), text)
    except (FsdeskError, OSError, Timeout) as fault:
        _LOG.warning("the list of workspaces can't be written: %s", fault)


@contextmanager
def _held() -> Generator[None]:
    files.make_folder(place().parent)
    with FileLock(place().with_suffix(".lock"), timeout=_PATIENCE):
        yield
