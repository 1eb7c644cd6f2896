"""Setting up a workspace: the office's, or a unit's."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from fsdesk import __version__
from fsdesk.domain.findings import reject
from fsdesk.domain.office import OfficeIdentity, check_identity
from fsdesk.domain.packet.packet import PacketKind
from fsdesk.domain.packet.signing import FIRST_CONTACT, SignatureState, Signer
from fsdesk.domain.periods import FIRST_YEAR, LAST_YEAR
from fsdesk.domain.plan.naming import office_of, subject_of
from fsdesk.domain.plan.units import WorkspaceRole
from fsdesk.domain.supervision.letters import letter_words
from fsdesk.holding import KEYS
from fsdesk.services.packet import signing
from fsdesk.services.packet.put_back import note_source
from fsdesk.store import identity
from fsdesk.store.agenda import take_events
from fsdesk.store.identity import Identity
from fsdesk.store.ledger import ledgers
from fsdesk.store.packet import keys
from fsdesk.store.plan import plans
from fsdesk.store.quality.choices import save_choices
from fsdesk.workspace import Workspace, create_workspace, utc_now

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path

    from fsdesk.domain.packet.packet import Packet
    from fsdesk.domain.plan.plan import Plan
    from fsdesk.store.session import Writing

    Beginning = Callable[[Writing], None]


def read_plan(file: Path | None, year: int) -> Plan:
    """Read a YAML file as the plan of a year, or the built-in plan.

    Raises:
        InputRejectedError: With every problem of the file and its line.
    """
    from fsdesk.documents.plan_file import load_builtin_plan, load_plan

    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise reject(f"年度 {year} 无效", f"请填写 {FIRST_YEAR} 至 {LAST_YEAR} 之间的年份")
    return load_plan(file, year) if file else load_builtin_plan(year)


def create_office(
    folder: Path,
    plan: Plan,
    database: str | None = None,
    clock: Callable[[], datetime] = utc_now,
    begin: Beginning | None = None,
    *,
    district: str = "",
) -> Workspace:
    """Make the coordinating office's workspace with a plan and open it.

    `begin`: stores what goes along from an earlier workspace.
    `district`: such as 某市某区; full names follow from it.

    Raises:
        InputRejectedError: When the plan names no coordinating office.
        WorkspaceError: When the folder can't be used or holds a workspace.
    """
    office = plan.directory.office
    if office is None:
        raise reject("计划中没有统筹办公室（汇总端）", "请在计划文件的单位表中补上")
    told = OfficeIdentity(district.strip()).proposed(subject_of(plan))
    told = told.with_words(letter_words(office_of(plan)))
    check_identity(told)

    def fill(writing: Writing) -> None:
        if begin is not None:
            begin(writing)
        if told.is_told:
            identity.save_office(writing, told)

    return _create(folder, plan, (WorkspaceRole.OFFICE, office.code), database, clock, fill)


def create_unit(
    folder: Path,
    plan: Plan,
    unit: str,
    database: str | None = None,
    clock: Callable[[], datetime] = utc_now,
    begin: Beginning | None = None,
) -> Workspace:
    """Make a unit's workspace with a plan and open it.

    The database is SQLite in the folder unless a URL is given. `begin` is as in `create_office`.

    Raises:
        InputRejectedError: When the plan knows no such unit.
        WorkspaceError: When the folder can't be used or holds a workspace.
    """
    found = plan.find_unit(unit)
    if found == plan.directory.office:
        raise reject(f"“{found.name}”是汇总单位", "请以“办公室”身份建立工作区")
    return _create(folder, plan, (WorkspaceRole.UNIT, found.code), database, clock, begin)


def create_unit_from_packet(
    folder: Path,
    packet: Packet,
    database: str | None = None,
    clock: Callable[[], datetime] = utc_now,
    begin: Beginning | None = None,
    signers: Sequence[Signer] = (),
) -> Workspace:
    """Make a unit's workspace from nothing but the PLAN packet that the office sent it.

    `begin` is as in `create_office`; `signers`: the keys that are known from there.

    Raises:
        InputRejectedError: When the packet carries no plan, was altered, or is not signed by a key
            that is known of the office.
        WorkspaceError: When the folder can't be used or holds a workspace.
    """
    directives = packet.directives
    if packet.header.kind is not PacketKind.PLAN or directives is None:
        raise reject("这个文件不是下发包，不能用来建立工作区", "请选择汇总端下发的文件")
    signature = signing.judge(packet, directives.plan, signers, at_office=False)

    def fill(writing: Writing) -> None:
        if begin is not None:
            begin(writing)
        identity.save_rules(writing, directives.rules)
        if directives.office.is_told:
            identity.save_office(writing, directives.office)
        ledgers.save_ledgers(writing, directives.ledgers)
        take_events(writing, directives.events)
        if directives.quality is not None:
            save_choices(writing, directives.quality)
        note_source(writing, packet.header, vouched=packet.seal is not None)
        if signature is SignatureState.NEW and packet.seal is not None:
            office = signing.signing_unit(packet, directives.plan)
            by = f"{FIRST_CONTACT}{packet.header.packet_id}"
            keys.save_signer(writing, Signer(office, packet.seal.public_key, added_by=by))

    return create_unit(folder, directives.plan, packet.header.unit, database, clock, fill)


def _create(
    folder: Path,
    plan: Plan,
    whose: tuple[WorkspaceRole, str],
    database: str | None,
    clock: Callable[[], datetime],
    begin: Beginning | None,
) -> Workspace:
    from fsdesk.documents.ledger_file import builtin_ledgers_for

    role, unit = whose

    def make(now: datetime) -> Identity:
        return Identity(
            id=secrets.token_hex(6),
            role=role,
            unit=unit,
            year=plan.year,
            created_at=now.isoformat(timespec="seconds"),
            program_version=__version__,
        )

    def fill(writing: Writing) -> None:
        plans.save_plan(writing, plan)
        ledgers.save_ledgers(writing, builtin_ledgers_for(plan))
        if begin is not None:
            begin(writing)
        own = keys.own_key(folder / KEYS).public
        if own not in {signer.public_key for signer in keys.signers(writing.session)}:
            keys.save_signer(writing, Signer(unit, own))

    return create_workspace(folder, make, database, clock, fill)
