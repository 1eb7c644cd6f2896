"""Which workspace holds a unit's own plan and aggregate, and opening it beside the unit's.

An office is itself a unit of the level above: it has that level's plan in a workspace of a unit's,
beside its own. The own one is only read, and nobody needs to close it: reading takes no lock.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.findings import FindingCode, FsdeskError, reject, workspace_error
from fsdesk.domain.ladder.drawing import level_word
from fsdesk.domain.plan.units import WorkspaceRole
from fsdesk.services.care import known
from fsdesk.services.plan.planning import current_plan
from fsdesk.store.packet import keys
from fsdesk.store.settings import load_setting, save_setting
from fsdesk.workspace import is_workspace, open_workspace

if TYPE_CHECKING:
    from collections.abc import Generator

    from fsdesk.services.care.known import KnownWorkspace
    from fsdesk.workspace import Workspace

SETTING = "own-workspace"


class OwnWorkspace(Struct, frozen=True):
    """The office's own workspace, as it was chosen.

    Attributes:
        id: Its identity, by which it is known wherever it lies.
        folder: Where it lay when it was last used.
        name: Of the office whose it is.
    """

    id: str
    folder: Path
    name: str

    @property
    def level(self) -> str:
        """How its own people call the level that it is of: 本区, 本市."""
        return level_word(self.name)


def candidates(workspace: Workspace) -> tuple[KnownWorkspace, ...]:
    """Return the office's workspaces on this PC that may hold a unit's own aggregate.

    They are of the same year, a sample for a sample alone, and no key is known to both: the office
    that issued the unit's plan is the level above, and its aggregate is made of what the unit
    reports.
    """
    whose = workspace.identity
    if whose.is_office:
        return ()
    ours, sample = known.keys_of(workspace), known.is_sample(workspace.folder)
    return tuple(
        each
        for each in known.workspaces()
        if each.role is WorkspaceRole.OFFICE
        and each.year == whose.year
        and each.sample == sample
        and ours.isdisjoint(each.keys)
    )


def is_offered(workspace: Workspace) -> bool:
    """Tell whether figures may be taken over here: an own workspace is chosen, or may be."""
    if workspace.identity.is_office:
        return False
    return chosen(workspace) is not None or bool(candidates(workspace))


def chosen(workspace: Workspace) -> OwnWorkspace | None:
    """Return the office's own workspace that was chosen; None where none was."""
    with workspace.reading() as session:
        plain = load_setting(session, SETTING)
    if not plain:
        return None
    return OwnWorkspace(str(plain["id"]), Path(plain["folder"]), str(plain["name"]))


def choose(workspace: Workspace, folder: Path) -> OwnWorkspace:
    """Take an office's workspace as the one that holds the unit's own plan and aggregate.

    Raises:
        InputRejectedError: When this is no unit's workspace, or that one is no office's, of another
            year, or the office's that issued this plan.
        WorkspaceError: When it can't be opened.
    """
    whose = workspace.identity
    if whose.is_office:
        raise reject(
            "这里是汇总端，没有上级的计划",
            "请用上级的下发包另建一个责任单位的工作区，在那里取数",
        )
    with _opened(workspace, folder) as own:
        theirs = own.identity
        if not theirs.is_office:
            raise reject(f"“{folder}”不是汇总端的工作区", "请选择本级办公室自己的工作区")
        if theirs.year != whose.year:
            raise reject(
                f"“{folder}”是 {theirs.year} 年的，这里是 {whose.year} 年的",
                "请选择同一年度的工作区",
            )
        with workspace.reading() as session:
            above = {signer.public_key for signer in keys.signers(session)}
        if keys.own_public(own.keys) in above - {""}:
            raise reject(
                f"“{folder}”就是下发这份计划的汇总端，它的汇总包含本单位的报送",
                "请选择本级办公室自己的工作区",
            )
        found = OwnWorkspace(theirs.id, folder.absolute(), current_plan(own).unit_name(theirs.unit))
    _note(workspace, found)
    return found


def _note(workspace: Workspace, found: OwnWorkspace) -> None:
    plain = {"id": found.id, "folder": str(found.folder), "name": found.name}
    with workspace.writing() as writing:
        if load_setting(writing.session, SETTING) != plain:
            save_setting(writing, SETTING, plain)


@contextmanager
def own_workspace(workspace: Workspace, *, write: bool = False) -> Generator[Workspace]:
    """Open the office's own workspace, wherever it lies now.

    `write`: whether it will be changed, as by handing down; nobody else may have it open then. Its
    lock is asked for and never waited for, so that two windows that each want the other's workspace
    can't wait for one another.

    InputRejectedError when none was chosen; WorkspaceError when it can't be found or opened, or
    somebody who is named has it open.
    """
    wanted = chosen(workspace)
    if wanted is None:
        raise reject("还没有选择本级的工作区", "请先选择本级办公室自己的工作区，再从其中的汇总取数")
    with ExitStack() as doors:
        yield _found(workspace, wanted, doors, write=write)


def _found(
    workspace: Workspace, wanted: OwnWorkspace, doors: ExitStack, *, write: bool
) -> Workspace:
    if is_workspace(wanted.folder):
        own = doors.enter_context(_opened(workspace, wanted.folder, write=write))
        if own.identity.id == wanted.id:
            return own
        doors.close()
    for other in candidates(workspace):  # it was moved by the program's own command
        if other.folder != wanted.folder and other.is_there and _id_of(other.folder) == wanted.id:
            return doors.enter_context(_opened(workspace, other.folder, write=write))
    raise workspace_error(
        f"{wanted.level}的工作区（{wanted.name}）找不到了：{wanted.folder}",
        "可能是移动硬盘没有接好，或文件夹被移走、改名。接好后再试，或重新选择它现在的位置",
        FindingCode.WORKSPACE_GONE,
    )


def _id_of(folder: Path) -> str:
    """Return whose workspace lies in a folder; empty where it can't be opened."""
    try:
        with open_workspace(folder, write=False) as other:
            return other.identity.id
    except FsdeskError:
        return ""


@contextmanager
def _opened(workspace: Workspace, folder: Path, *, write: bool = False) -> Generator[Workspace]:
    try:
        own = open_workspace(folder, write=write, clock=workspace.clock, copy=False)
    except FsdeskError as problem:
        if problem.tells(FindingCode.PASSWORD):
            raise workspace_error(
                f"本级的工作区设有密码：{folder}",
                "请先切换到它，输入密码打开一次，再切换回来；程序关闭前不用再输入",
                FindingCode.PASSWORD,
            ) from problem
        raise
    with own:
        yield own
