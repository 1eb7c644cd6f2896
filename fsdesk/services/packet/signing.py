"""Keys: this workspace's own, and those that are registered for the units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from fsdesk.domain.findings import reject
from fsdesk.domain.packet.packet import PacketKind, Seal, answers_digest
from fsdesk.domain.packet.sheet_choice import SheetChoice
from fsdesk.domain.packet.signing import KeyState, SignatureState, Signer, judge_seal, without_end
from fsdesk.domain.text import fold
from fsdesk.services.plan.planning import current_plan
from fsdesk.store.packet import keys
from fsdesk.store.records import submissions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fsdesk.domain.packet.packet import Packet
    from fsdesk.domain.plan.plan import Plan
    from fsdesk.domain.records.submissions import Opinion
    from fsdesk.store.packet.keys import SigningKey
    from fsdesk.store.session import Session
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


def signed_answers(packet: Packet) -> tuple[Opinion, ...]:
    """Return what a unit answers to opinions, if it is signed by the key of the packet's seal."""
    if packet.seal is None or not packet.answers:
        return ()
    mark = Seal(packet.seal.public_key, packet.answers_mark)
    holds = keys.seal_holds(mark, answers_digest(packet.noted, packet.answers))
    return packet.answers if holds else ()


def signing_unit(packet: Packet, plan: Plan) -> str:
    """Return the code of the unit that should have signed a packet."""
    if packet.header.kind is PacketKind.REPORT or plan.directory.office is None:
        return packet.header.unit
    return plan.directory.office.code


def registered(workspace: Workspace) -> tuple[Signer, ...]:
    """Return all registered keys, oldest first."""
    with workspace.reading() as session:
        return keys.signers(session)


def register_key_of(
    workspace: Workspace, file: Path, last: str, *, instead: bool = False
) -> Signer:
    """Register the key that signed a packet, once a person has compared its fingerprint.

    ``last``: the last 4 characters of the fingerprint, as its owner said them.
    With ``instead`` the unit's other keys count no longer, because they were lost.

    Raises:
        InputRejectedError: When the file can't be read, is not signed or was altered, or the key
            is another unit's, or its fingerprint ends otherwise.
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
        if fold(last) != new.spoken:
            raise reject(
                f"指纹后 {_LAST} 位不是“{last}”，这把密钥没有登记",
                "请对方在其电脑上再看一遍、重念一遍；仍然不同的，这个文件不是对方电脑生成的："
                "请不要接收，请对方当面或用可靠的方式重新送交文件",
            )
        for signer in keys.signers(writing.session):
            if instead and signer.unit == unit and signer.public_key != new.public_key:
                keys.save_signer(writing, replace(signer, revoked=True))
        keys.save_signer(writing, new)
    return new


class KnownKey(Struct, frozen=True):
    """A registered key, as people look at it.

    Attributes:
        came_by: By which file it was registered, or by whom.
        compared_at: When its fingerprint was compared, ISO text in UTC; empty where it came with
            no file, or still waits.
    """

    signer: Signer
    unit_name: str
    state: KeyState
    came_by: str
    compared_at: str = ""

    @property
    def shown(self) -> str:
        """The fingerprint; of a key that waits without the end, which has to be heard."""
        mark = self.signer.fingerprint
        return without_end(mark) if self.state is KeyState.WAITING else mark


def known_keys(workspace: Workspace) -> tuple[KnownKey, ...]:
    """Return all registered keys: first those that wait for a person to compare them."""
    own = _own_public(workspace)
    plan = current_plan(workspace)
    with workspace.reading() as session:
        found = [_known_key(session, each, plan, own) for each in keys.signers(session)]
    states = tuple(KeyState)
    return tuple(sorted(found, key=lambda each: states.index(each.state)))


def _own_public(workspace: Workspace) -> str:
    """Return the public half of the own key; empty on a server for who may not sign there."""
    if workspace.is_in_folder:
        return keys.own_key(workspace.keys).public
    return keys.own_public(workspace.keys)


def _known_key(session: Session, signer: Signer, plan: Plan, own: str) -> KnownKey:
    state = KeyState.COMPARED
    if signer.revoked:
        state = KeyState.REVOKED
    elif signer.public_key == own:
        state = KeyState.OWN
    elif signer.first_contact:
        state = KeyState.WAITING
    first, compared_at = keys.past_of(session, signer)
    packet = replace(signer, added_by=first).came_with
    came_by = "本机生成" if state is KeyState.OWN else f"由 {first} 登记"
    if packet:
        note = submissions.packet_of_id(session, packet)
        came_by = f"{note.kind.label} {note.period}" if note else "建立工作区的下发包"
    at = compared_at if state is KeyState.COMPARED else ""
    return KnownKey(signer, plan.unit_name(signer.unit), state, came_by, at)


def compared(workspace: Workspace, mark: str, last: str) -> Signer:
    """Note that a person has compared a key's fingerprint with its owner, by its last 4 characters.

    Raises:
        InputRejectedError: When no such key waits for it, or the characters are others.
    """
    wanted = fold(last)
    with workspace.writing() as writing:
        waiting = (s for s in keys.signers(writing.session) if s.first_contact and not s.revoked)
        found = next((signer for signer in waiting if signer.fingerprint == mark), None)
        if found is None:
            raise reject(f"没有指纹为“{mark}”、等待核对的密钥", "请用“keys list”命令查看")
        if wanted != found.spoken:
            raise reject(
                f"指纹后 {_LAST} 位不是“{last}”，这把密钥没有确认",
                "请对方在其电脑上再看一遍、重念一遍；仍然不同的，收到的文件不是对方电脑生成的："
                "请不要再接收用它签名的文件，在“交换”页“密钥”中（或用“keys revoke”命令）作废它，"
                "撤销或核对已接收的内容，并请对方当面或用可靠的方式重新送交文件",
            )
        keys.save_signer(writing, replace(found, added_by=""))
    return replace(found, added_by="")


def revoke(workspace: Workspace, mark: str) -> Signer:
    """Let a key count no longer, e.g. since it was stolen.

    Raises:
        InputRejectedError: When no such key is registered, or it is this workspace's own.
    """
    own = _own_public(workspace)
    with workspace.writing() as writing:
        found = next((s for s in keys.signers(writing.session) if s.fingerprint == mark), None)
        if found is None:
            raise reject(f"没有登记指纹为“{mark}”的密钥", "请用“keys list”命令查看")
        if found.public_key == own:
            raise reject("不能作废本机正在使用的密钥", "请核对指纹")
        gone = replace(found, revoked=True)
        keys.save_signer(writing, gone)
    return gone
