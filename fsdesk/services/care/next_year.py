"""A new year begins in a workspace of its own; the one that ends stays as it is, and in use.

What the people of the PC chose goes along, and so does what others know the workspace by: its own
signing key, and the keys that it knows. Records, letters and packets stay with their year, and the
new workspace numbers its edits as its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.domain.findings import InputRejectedError, error, reject
from fsdesk.domain.names import file_name
from fsdesk.domain.packet.signing import SignatureState
from fsdesk.domain.plan.revision import roll_over
from fsdesk.domain.plan_document import ParsedPlan
from fsdesk.services import word_templates
from fsdesk.services.care import known, other_years, setup
from fsdesk.services.packet import checking, signing
from fsdesk.services.plan.planning import current_plan, require_office
from fsdesk.services.plan_document import plan_documents
from fsdesk.services.supervision.supervision import PUT_OFF
from fsdesk.store import agenda, assessment, settings
from fsdesk.store.ledger import ledgers
from fsdesk.store.packet import keys
from fsdesk.workspace import KEYS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fsdesk.domain.packet.packet import Packet
    from fsdesk.domain.plan.plan import Plan
    from fsdesk.store.session import Writing
    from fsdesk.workspace import Workspace

_WHAT = "编制下一年度计划"
# Settings that hold what was done in the year.
_OF_THE_YEAR = (agenda.OWN, agenda.HANDED, assessment.ADJUSTMENTS, PUT_OFF)


def draft_next_year(workspace: Workspace) -> ParsedPlan:
    """Return this year's plan rolled over, as a draft to be checked like a document.

    Raises:
        InputRejectedError: When this isn't the office.
    """
    require_office(workspace, _WHAT)
    return ParsedPlan(plan_documents.next_year(workspace), coded=True)


def make_next_year(workspace: Workspace, folder: Path, draft: Plan, *, coded: bool = False) -> Plan:
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
    _check_year(workspace, draft.year, "这份计划")
    _, plan = plan_documents.revised_plan(workspace, draft, coded=coded)
    begin = _going_along(workspace, folder, plan.year)
    with setup.create_office(folder, plan, clock=workspace.clock, begin=begin) as made:
        known.remember(made, last=False)
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
    packet = checking.read(file)
    year = packet.header.year
    _check_year(workspace, year, f"“{file.name}”")
    _check_packet(workspace, packet, file)
    place = folder or folder_beside(workspace, year)
    with setup.create_unit_from_packet(
        place,
        packet,
        clock=workspace.clock,
        begin=_going_along(workspace, place, year),
        signers=signing.registered(workspace),
    ) as made:
        known.remember(made, last=False)
    return place


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
        make_next_year(workspace, place, draft_next_year(workspace).plan, coded=True)
        return place
    _check_year(workspace, year, "计划")
    # What the district has reached this year is known to the office alone: no baselines.
    plan = roll_over(current_plan(workspace), year)
    begin = _going_along(workspace, place, year)
    with setup.create_unit(place, plan, whose.unit, clock=workspace.clock, begin=begin) as made:
        known.remember(made, last=False)
    return place


def folder_beside(workspace: Workspace, year: int) -> Path:
    """Return a free folder beside a workspace's for another year's, such as ``fsdesk-2027``."""
    folder = workspace.folder.absolute()
    plain = folder.name.removesuffix(f"-{workspace.identity.year}")
    taken = {found.name for found in folder.parent.iterdir()}
    return folder.parent / file_name(f"{plain}-{year}", taken)


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
    if signing.judge(packet, plan, known_keys, at_office=False) is SignatureState.UNSIGNED:
        raise InputRejectedError(
            error(f"“{file.name}”没有签名，不能确认是区食药安办下发的", "请索要重新下发的文件")
        )


def _going_along(former: Workspace, folder: Path, year: int) -> Callable[[Writing], None]:
    """Return what stores in a new workspace all that goes along from the one before."""

    def begin(writing: Writing) -> None:
        with former.reading() as session:
            settings.copy_settings(session, writing, without=_OF_THE_YEAR)
            ledgers.save_ledgers(writing, ledgers.load_ledgers(session))
            lasting = [e for e in agenda.own_events(session) if e.last.year >= year]
            if lasting:
                agenda.save_own(writing, lasting)
            for signer in keys.signers(session):
                keys.save_signer(writing, signer)
        keys.copy_key(former.keys, folder / KEYS)
        word_templates.copy_own(former.folder, folder)

    return begin
