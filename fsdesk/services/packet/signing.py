"""Keys: this workspace's own, and those that are registered for the units."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fsdesk.domain.findings import reject
from fsdesk.domain.packet.packet import PacketKind
from fsdesk.domain.packet.sheet_choice import SheetChoice
from fsdesk.domain.packet.signing import SignatureState, Signer, judge_seal
from fsdesk.services.plan.planning import current_plan
from fsdesk.store.packet import keys

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fsdesk.domain.packet.packet import Packet
    from fsdesk.domain.plan.plan import Plan
    from fsdesk.store.packet.keys import SigningKey
    from fsdesk.workspace import Workspace

_LAST = 4  # characters of a fingerprint that are said on the telephone


def signing_key(workspace: Workspace) -> SigningKey:
    """Return the workspace's own key; a new one is registered as its own unit's."""
    key = keys.own_key(workspace.keys)
    with workspace.reading() as session:
        known = {signer.public_key for signer in keys.signers(session)}
    if key.public not in known:
        with workspace.writing() as writing:
            keys.save_signer(writing, Signer(workspace.identity.unit, key.public))
    return key


def judge(
    packet: Packet, plan: Plan, signers: Sequence[Signer], *, at_office: bool
) -> SignatureState:
    """Say what a packet's seal is worth here; see `fsdesk.domain.packet.signing.judge_seal`.

    Raises:
        InputRejectedError: When the content was altered, or the key is not the unit's.
    """
    holds = packet.seal is not None and keys.seal_holds(packet.seal, packet.noted)
    returned = at_office and packet.header.kind is not PacketKind.REPORT
    return judge_seal(packet, signing_unit(packet, plan), signers, holds=holds, returned=returned)


def signing_unit(packet: Packet, plan: Plan) -> str:
    """Return the code of the unit that should have signed a packet."""
    if packet.header.kind is PacketKind.REPORT or plan.directory.office is None:
        return packet.header.unit
    return plan.directory.office.code


def registered(workspace: Workspace) -> tuple[Signer, ...]:
    """Return all registered keys, oldest first."""
    with workspace.reading() as session:
        return keys.signers(session)


def register_key_of(workspace: Workspace, file: Path, *, instead: bool = False) -> Signer:
    """Register the key that signed a packet, once a person has compared its fingerprint.

    With ``instead`` the unit's other keys count no longer, because they were lost.

    Raises:
        InputRejectedError: When the file can't be read, is not signed or was altered, or the key
            is another unit's.
    """
    from fsdesk.packets.reader import read_packet  # the readers are needed from here on

    packet = read_packet(file, SheetChoice())  # nothing is taken of it but its key
    if packet.seal is None or not keys.seal_holds(packet.seal, packet.noted):
        raise reject(f"“{file.name}”没有有效签名", "请向发件单位索要重新导出的文件")
    unit = signing_unit(packet, current_plan(workspace))
    new = Signer(unit, packet.seal.public_key)
    with workspace.writing() as writing:
        for signer in keys.signers(writing.session):
            if signer.public_key == new.public_key and signer.unit != unit:
                raise reject(f"签名密钥 {new.fingerprint} 登记在另一单位名下", "请核对文件来源")
            if instead and signer.unit == unit and signer.public_key != new.public_key:
                keys.save_signer(writing, replace(signer, revoked=True))
        keys.save_signer(writing, new)
    return new


def first_contacts(workspace: Workspace) -> tuple[Signer, ...]:
    """Return the keys that count since they came first: nobody has compared their fingerprints."""
    return tuple(s for s in registered(workspace) if s.first_contact and not s.revoked)


def compared(workspace: Workspace, mark: str, last: str) -> Signer:
    """Note that a person has compared a key's fingerprint with its owner, by its last 4 characters.

    Raises:
        InputRejectedError: When no such key waits for it, or the characters are others.
    """
    wanted = "".join(last.split()).lower()
    with workspace.writing() as writing:
        waiting = (s for s in keys.signers(writing.session) if s.first_contact and not s.revoked)
        found = next((signer for signer in waiting if signer.fingerprint == mark), None)
        if found is None:
            raise reject(f"没有指纹为“{mark}”、等待核对的密钥", "请用“keys list”命令查看")
        if len(wanted) != _LAST or not found.fingerprint.endswith(wanted):
            raise reject(
                f"指纹后 {_LAST} 位不是“{last}”",
                "请再核对；确实不同的，这个密钥不是该单位的，请作废（keys revoke）并报告",
            )
        keys.save_signer(writing, replace(found, added_by=""))
    return replace(found, added_by="")


def revoke(workspace: Workspace, mark: str) -> Signer:
    """Let a key count no longer, e.g. since it was stolen.

    Raises:
        InputRejectedError: When no such key is registered, or it is this workspace's own.
    """
    own = keys.own_key(workspace.keys).public
    with workspace.writing() as writing:
        found = next((s for s in keys.signers(writing.session) if s.fingerprint == mark), None)
        if found is None:
            raise reject(f"没有登记指纹为“{mark}”的密钥", "请用“keys list”命令查看")
        if found.public_key == own:
            raise reject("不能作废本机正在使用的密钥", "请核对指纹")
        gone = replace(found, revoked=True)
        keys.save_signer(writing, gone)
    return gone
