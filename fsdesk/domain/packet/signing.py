"""Who may sign for whom: a key is known by its fingerprint, a packet is judged by its seal."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.findings import FindingCode, InputRejectedError, Place, error, reject
from fsdesk.domain.labelled import LabelledEnum
from fsdesk.domain.packet.packet import PacketKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fsdesk.domain.packet.packet import Packet

_GROUP = 4
_GROUPS = 8
_MOST_TOLD = 5
# By whom a key is registered that no person has compared; its packet follows.
FIRST_CONTACT = "packet "


class SignatureState(LabelledEnum):
    """What a packet's seal is worth; the value goes into JSON."""

    VALID = "valid", "签名有效"
    NEW = "new", "首次登记"
    UNSIGNED = "unsigned", "手工填写，未签名"
    MISSING = "missing", "应有签名而没有"


class KeyState(LabelledEnum):
    """How far a registered key is known to be its unit's; the value goes into JSON."""

    WAITING = "waiting", "首次收到，未核对"
    OWN = "own", "本机"
    COMPARED = "compared", "已核对"
    REVOKED = "revoked", "已作废"


class Signer(Struct, frozen=True):
    """A key that is registered for a unit.

    Attributes:
        unit: Unit code; the office's own for its key.
        public_key: In hexadecimal digits.
        revoked: Whether it counts no longer.
        added_at: When it was registered, ISO text in UTC.
        added_by: By whom, or by which packet.
    """

    unit: str
    public_key: str
    revoked: bool = False
    added_at: str = ""
    added_by: str = ""

    @property
    def first_contact(self) -> bool:
        """Whether it counts since it came first, and nobody has compared its fingerprint yet."""
        return self.added_by.startswith(FIRST_CONTACT)

    @property
    def came_with(self) -> str:
        """The packet by which it was registered; empty where a person did that."""
        return self.added_by.removeprefix(FIRST_CONTACT) if self.first_contact else ""

    @property
    def fingerprint(self) -> str:
        """The short form that two people can compare on the telephone."""
        return fingerprint(self.public_key)

    @property
    def spoken(self) -> str:
        """The end of the fingerprint, which is said on the telephone."""
        return self.fingerprint[-_GROUP:]


def fingerprint(public_key: str) -> str:
    """Return a key's fingerprint: eight groups of four hexadecimal digits of its SHA-256."""
    digits = hashlib.sha256(bytes.fromhex(public_key)).hexdigest()
    return "-".join(digits[n : n + _GROUP] for n in range(0, _GROUP * _GROUPS, _GROUP))


def without_end(mark: str) -> str:
    """Return a fingerprint without its end, which has to be heard from its owner."""
    return f"{mark[:-_GROUP]}{'·' * _GROUP}"


def judge_seal(
    packet: Packet,
    signer_unit: str,
    signers: Sequence[Signer],
    *,
    holds: bool,
    returned: bool = False,
) -> SignatureState:
    """Say what a packet's seal is worth.

    `signer_unit`: code of the unit that should have signed it: the reporting unit, or the office
    for what it hands down.
    `returned`: whether it is a form that comes back to the office filled by hand. What is filled in
    nobody signed; the seal on it must be the office's own.
    `holds`: whether the signature fits what the packet said when it was written.
    InputRejectedError when the content was altered, or the key is not the unit's.
    """
    seal = packet.seal
    if seal is None:
        signs = any(each.unit == signer_unit and not each.revoked for each in signers)
        return SignatureState.MISSING if signs else SignatureState.UNSIGNED
    if not holds:
        raise reject(
            "签名与文件内容不符，隐藏的登记信息被改动过",
            "请向发件单位索要重新导出的文件",
            Place(sheet="_fsdesk"),
        )
    if returned:
        _check_own(seal.public_key, signer_unit, signers)
        return SignatureState.UNSIGNED
    if packet.hand_edited and packet.header.kind is PacketKind.REPORT:
        raise reject(*_altered(packet))
    return _judge_key(seal.public_key, signer_unit, signers)


def _check_own(public_key: str, office: str, signers: Iterable[Signer]) -> None:
    known = next((each for each in signers if each.public_key == public_key), None)
    mark = without_end(fingerprint(public_key))
    if known is not None and known.revoked:
        raise reject(f"下发表上的签名密钥 {mark} 已作废", "请重新下发，请该单位在新的表上填写")
    if known is None or known.unit != office:
        raise reject(
            f"这张表不是本办下发的：表上的签名密钥 {mark} 不是本办的",
            "请该单位用本办下发的表填写；确是本办原来的电脑下发的，"
            "请核对指纹后用“keys accept”命令登记该密钥",
        )


def _altered(packet: Packet) -> tuple[str, str, Place]:
    keys = sorted(packet.altered)
    cells = [f"{p.sheet}!{p.cell}" for key in keys if (p := packet.places.get(key))]
    cells += [f"台账“{title}”" for title in packet.altered_ledgers]
    where = "、".join(cells[:_MOST_TOLD]) + (" 等" if len(cells) > _MOST_TOLD else "")
    place = next((packet.places[key] for key in keys if key in packet.places), Place())
    return (
        f"报送包签名以后内容被改动{f'（{where}）' if where else ''}",
        "请发件单位在本程序中改正后重新导出，不要直接改动报送包",
        place,
    )


def _judge_key(public_key: str, unit: str, signers: Sequence[Signer]) -> SignatureState:
    mark = without_end(fingerprint(public_key))
    known = next((signer for signer in signers if signer.public_key == public_key), None)
    if known is not None and known.revoked:
        raise reject(f"签名密钥 {mark} 已作废", "请与发件单位核对；如确认无误，请重新登记该密钥")
    if known is not None and known.unit != unit:
        raise reject(f"签名密钥 {mark} 登记在另一单位名下", "请核对文件来源")
    if known is not None:
        return SignatureState.VALID
    others = [signer for signer in signers if signer.unit == unit]
    if not others:
        return SignatureState.NEW
    # Also where all of them were revoked: whoever stole one has other keys as well.
    never = any(each.first_contact and not each.revoked for each in others)
    doubt = "，已登记的那把是首次收到时登记的、也还没有核对过指纹，两把都不能确认" if never else ""
    raise InputRejectedError(
        error(
            f"签名密钥 {mark} 与该单位已登记的不一致{doubt}",
            "请先打电话核实：可能有人冒名，也可能是该单位更换、增加了电脑；"
            "请对方念出其“密钥”中本机指纹的后 4 位，据此登记新密钥，再重新导入",
            code=FindingCode.UNKNOWN_KEY,
        )
    )
