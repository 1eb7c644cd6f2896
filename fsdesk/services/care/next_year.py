"""A new year begins in a workspace of its own; the one that ends stays as it is, and in use.

What the people of the PC chose goes along, and so does what others know the workspace by: its own
signing key, and the keys that it knows. Records, letters and packets stay with their year, and the
new workspace numbers its edits as its own.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from msgspec.structs import replace

from fsdesk.domain.findings import InputRejectedError, error, reject
from fsdesk.domain.names import file_name
from fsdesk.domain.packet.signing import SignatureState
from fsdesk.domain.plan.effect import with_effect
from fsdesk.domain.plan.revision import each_task, roll_over
from fsdesk.domain.plan_document import ParsedPlan
from fsdesk.files import discard, discard_empty, told
from fsdesk.holding import KEYS
from fsdesk.services import word_templates
from fsdesk.services.care import known, other_years, setup
from fsdesk.services.output import layouts
from fsdesk.services.packet import checking, signing
from fsdesk.services.plan.planning import (
    current_plan,
    plan_in,
    require_office,
    store_change,
)
from fsdesk.services.plan_document import plan_documents
from fsdesk.store import agenda, assessment, identity, settings, vault
from fsdesk.store.ledger import ledgers, profiles
from fsdesk.store.packet import keys
from fsdesk.store.quality import choices
from fsdesk.store.server import address
from fsdesk.workspace import is_workspace, open_workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping
    from pathlib import Path

    from fsdesk.domain.packet.packet import Packet
    from fsdesk.domain.plan.plan import Plan
    from fsdesk.store.session import Writing
    from fsdesk.workspace import Workspace

_WHAT = "编制下一年度计划"
# The settings that people chose; others hold what was done in the year, or are the workspace's own.
_CHOSEN = {identity.RULES, identity.OFFICE, layouts.SETTING, choices.CHOICES, assessment.SCHEME}


def draft_next_year(workspace: Workspace) -> ParsedPlan:
    """Return this year's plan rolled over, as a draft to be checked like a document.

    Raises:
        InputRejectedError: When this isn't the office.
    """
    require_office(workspace, _WHAT)
    return ParsedPlan(plan_documents.next_year(workspace), coded=True)


def make_next_year(workspace: Workspace, folder: Path, draft: ParsedPlan) -> Plan:
    """Make the office's workspace of a coming year with its plan; this year's stays as it is.

    Units, rules, layouts, ledgers, templates, keys and what was remembered for foreign lists go
    along. Tasks and indicators that stay keep their codes, so that years can be compared; each
    indicator's baseline is what this year has reached. ``coded`` tells whether the draft's codes
    are those of this year's plan.

    Raises:
        InputRejectedError: When this isn't the office, the plan isn't for a later year, or there is
            a workspace of that year.
        WorkspaceError: When the folder can't be used or holds a workspace.
    """
    require_office(workspace, _WHAT)
    _check_year(workspace, draft.plan.year, "这份计划")
    _, plan = plan_documents.revised_plan(workspace, draft)
    begin = _going_along(workspace, folder, plan.year)
    with _protected_as(workspace, folder):
        place = _database_beside(workspace, plan.year)
        made = setup.create_office(folder, plan, place, workspace.clock, begin)
    with made:
        _remember(workspace, made)
    return plan


def make_from_packet(workspace: Workspace, file: Path, folder: Path | None = None) -> Path:
    """Make a unit's workspace of a coming year from the PLAN packet that the office sent for it.

    `folder`: where; beside this year's by default.

    Returns:
        The folder.

    Raises:
        InputRejectedError: When the packet is none of a later year for this unit, is not signed by
            the office that is known here, or there is a workspace of that year.
        WorkspaceError: When the folder can't be used or holds a workspace.
    """
    packet = checking.read_handed_down(file)
    year = packet.header.year
    _check_year(workspace, year, f"“{file.name}”")
    _check_packet(workspace, packet, file)
    place = folder or folder_beside(workspace, year)
    with _protected_as(workspace, place):
        made = setup.create_unit_from_packet(
            place,
            packet,
            _database_beside(workspace, year),
            workspace.clock,
            _going_along(workspace, place, year),
            signers=signing.registered(workspace),
        )
    with made:
        _remember(workspace, made)
    return place


def unit_from_packet(folder: Path, file: Path, database: str | None = None) -> Workspace:
    """Make a unit's workspace from a PLAN packet and open it, as nobody said what was before.

    Where this PC has the unit's workspace of an earlier year under the same office, that one's key
    and settings go along, so that the office knows the unit; not to a server.

    `database`: the address of a schema on a server; SQLite in the folder by default.

    Raises:
        InputRejectedError: When the packet carries no plan or was altered, or there is a workspace
            of its year.
        WorkspaceError: When the folder can't be used or holds a workspace.
    """
    packet = checking.read_handed_down(file)
    former = other_years.former_of(packet)
    if former is None or database is not None:
        return setup.create_unit_from_packet(folder, packet, database)
    with open_workspace(former, write=False) as workspace:
        return open_workspace(make_from_packet(workspace, file, folder))


def make_carried_on(workspace: Workspace, folder: Path | None = None) -> Path:
    """Make the workspace of the year after this one with this year's plan, as a draft.

    It is the office's or the unit's, as this one is. `folder` and what is returned are as in
    `make_from_packet`.

    Raises:
        InputRejectedError: When there is a workspace of that year.
        WorkspaceError: When the folder can't be used or holds a workspace.
    """
    whose = workspace.identity
    year = whose.year + 1
    place = folder or folder_beside(workspace, year)
    if whose.is_office:
        make_next_year(workspace, place, draft_next_year(workspace))
        return place
    _check_year(workspace, year, "计划")
    # What the district has reached this year is known to the office alone: no baselines.
    plan = roll_over(current_plan(workspace), year)
    begin = _going_along(workspace, place, year)
    with _protected_as(workspace, place):
        database = _database_beside(workspace, year)
        made = setup.create_unit(place, plan, whose.unit, database, workspace.clock, begin)
    with made:
        _remember(workspace, made)
    return place


def update_baselines(workspace: Workspace) -> int:
    """Take the figures of last year's workspace anew as each indicator's baseline (上年完成值).

    A plan that was made before the year had ended holds what had been reached by then.

    Returns:
        How many indicators have another baseline now.

    Raises:
        InputRejectedError: When this isn't the office, or last year's workspace isn't known here.
        WorkspaceError: When that can't be opened.
    """
    require_office(workspace, "更新上年完成值")
    year = workspace.identity.year
    folder = other_years.workspace_of(workspace, year - 1)
    if folder is None:
        raise reject(
            f"本机没有找到 {year - 1} 年的工作区", f"请先打开一次 {year - 1} 年的工作区，再来更新"
        )
    with open_workspace(folder, write=False, clock=workspace.clock) as former:
        reached = plan_documents.next_year(former).indicators_by_code
    with workspace.writing() as writing:
        plan = plan_in(writing.session, year)
        values = {
            code: reached[code].baseline
            for code, indicator in plan.indicators_by_code.items()
            if code in reached and reached[code].baseline != indicator.baseline
        }
        store_change(writing, plan, with_effect(plan, lambda it: _based(it, values), None), None)
    return len(values)


def baseline_note(workspace: Workspace) -> str:
    """Say that baselines taken now are not the year's last; empty once the year has ended."""
    year = workspace.identity.year
    if workspace.clock().astimezone().year > year:
        return ""
    return (
        f"{year}年还没有结束，上年完成值是目前的数，年末数据齐全后请在新工作区的“读取文件”页更新。"
    )


def _based(plan: Plan, values: Mapping[str, float | None]) -> Plan:
    return each_task(
        plan,
        lambda task: replace(
            task,
            indicators=tuple(
                replace(it, baseline=values.get(it.code, it.baseline)) for it in task.indicators
            ),
        ),
    )


def folder_beside(workspace: Workspace, year: int) -> Path:
    """Return a free folder beside a workspace's for another year's, such as ``fsdesk-2027``."""
    folder = workspace.folder.absolute()
    plain = folder.name.removesuffix(f"-{workspace.identity.year}")
    with told("读取", folder.parent, "文件夹"):
        taken = {found.name for found in folder.parent.iterdir()}
    return folder.parent / file_name(f"{plain}-{year}", taken)


def _database_beside(workspace: Workspace, year: int) -> str | None:
    """Return where another year's database goes: on a server in a schema beside this year's.

    None for the folder, where this year's lies in one.
    """
    there = address.remembered(workspace.folder)
    return there.address.of_year(workspace.identity.year, year).text if there else None


def _check_year(workspace: Workspace, year: int, what: str) -> None:
    if year <= workspace.identity.year:
        raise reject(
            f"{what}是 {year} 年的，不能用来建立 {workspace.identity.year} 年以后的工作区",
            "请核对文件的年度",
        )
    there = other_years.workspace_of(workspace, year)
    if there is not None:
        raise reject(f"{year} 年的工作区已经建立：{there}", "请直接打开它")


def _check_packet(workspace: Workspace, packet: Packet, file: Path) -> None:
    whose, header = workspace.identity, packet.header
    if whose.is_office:
        raise reject("下发包只能用来建立责任单位的工作区", "请在责任单位的工作区中使用")
    if header.unit != whose.unit:
        raise reject(f"“{file.name}”属于{header.unit_name}，不属于本单位", "请选择本单位的文件")
    plan = packet.plan
    if plan is None:
        return  # the setting up says that it is no packet for that
    known_keys = signing.registered(workspace)
    signature = signing.judge(packet, plan, known_keys, at_office=False)
    if signature in {SignatureState.UNSIGNED, SignatureState.MISSING}:
        raise InputRejectedError(
            error(f"“{file.name}”没有签名，不能确认是汇总端下发的", "请索要重新下发的文件")
        )


def _remember(former: Workspace, made: Workspace) -> None:
    """Let each of two years be found from the other one."""
    if is_workspace(former.folder):  # its database may lie elsewhere
        known.remember(former, last=False)
    known.remember(made, last=False)


@contextmanager
def _protected_as(former: Workspace, folder: Path) -> Generator[None]:
    """Let a workspace that is made in a block have the password of the one before."""
    if not former.has_password or is_workspace(folder):
        yield
        return
    vault.bring(former.folder, folder)
    try:
        yield
    except BaseException:
        if not is_workspace(folder):
            for name in vault.FILES:
                discard(folder / name)
            discard_empty(folder)
        raise


def _is_chosen(setting: str) -> bool:
    return setting in _CHOSEN or setting.startswith(profiles.PREFIX)


def _going_along(former: Workspace, folder: Path, year: int) -> Callable[[Writing], None]:
    """Return what stores in a new workspace all that goes along from the one before."""

    def begin(writing: Writing) -> None:
        with former.reading() as session:
            settings.copy_settings(session, writing, _is_chosen)
            # The coming year's plan is handed down by itself.
            rules = identity.load_rules(writing.session)
            if rules.issued_on is not None:
                identity.save_rules(writing, replace(rules, issued_on=None))
            ledgers.save_ledgers(writing, ledgers.load_ledgers(session))
            lasting = [e for e in agenda.own_events(session) if e.last.year >= year]
            if lasting:
                agenda.save_own(writing, lasting)
            for signer in keys.signers(session):
                keys.save_signer(writing, signer)
        keys.own_key(former.keys)  # by it the two years are known as the same people's
        keys.copy_key(former.keys, folder / KEYS)
        word_templates.copy_own(former.folder, folder)

    return begin
