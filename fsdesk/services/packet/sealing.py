"""What travels sealed: for its receiver alone on the way out, opened without a question there."""

from __future__ import annotations

import base64
import json
import re
import zlib
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from fsdesk.domain.findings import (
    FindingCode,
    InputRejectedError,
    Place,
    error,
    raise_errors,
    reject,
    warning,
)
from fsdesk.domain.ladder.parts import rows_of_plain, rows_plain
from fsdesk.domain.ledger.codec import entry_from_dict, entry_to_dict
from fsdesk.domain.ledger.ledger import check_entry
from fsdesk.domain.packet.packet import PacketKind, sha256
from fsdesk.domain.packet.sealed import (
    FILES,
    PART_ROWS,
    SealedNote,
    SealedPart,
    about_ledger,
    sealed_text,
)
from fsdesk.domain.packet.signing import fingerprint
from fsdesk.domain.plain import canonical
from fsdesk.domain.records.attachments import Attachment
from fsdesk.domain.records.records import RecordKey, RecordKind
from fsdesk.sealed import DamagedSealError, new_key, seal, unseal, wrap_key
from fsdesk.store.ledger import ledgers
from fsdesk.store.packet import keys

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from fsdesk.domain.ladder.parts import PartSheet
    from fsdesk.domain.ledger.ledger import Ledger, LedgerEntry
    from fsdesk.domain.packet.packet import Packet, PacketHeader
    from fsdesk.domain.plan.plan import Plan
    from fsdesk.domain.plan.units import Unit
    from fsdesk.domain.settings import Rules
    from fsdesk.store.packet.keys import SigningKey
    from fsdesk.store.session import Session
    from fsdesk.workspace import Workspace

_DIGEST = re.compile("[0-9a-f]{64}")
_MOST_BYTES = 1 << 28  # that an opened part may hold
_ASK_AGAIN = "请向发件单位重新索要"
_CLEAR = "确认不密封就发出的，请加 --unsealed"


class Sealed(Struct, frozen=True):
    """What a packet carries, divided into what anybody and what only its receiver can read.

    Attributes:
        file_key: With which the contents of its evidence files are sealed; empty where they aren't.
        left_open: Whether something should be sealed and isn't.
        part_sheet: What it says of units below, without ledger rows that go sealed.
    """

    entries: tuple[LedgerEntry, ...]
    files: tuple[Attachment, ...]
    parts: tuple[SealedPart, ...] = ()
    file_key: bytes = b""
    left_open: bool = False
    part_sheet: PartSheet | None = None


def receiver_of(header: PacketHeader, plan: Plan) -> tuple[str, str]:
    """Return code and name of the unit that a packet goes to."""
    office = plan.directory.office
    if header.kind is PacketKind.REPORT and office is not None:
        return office.code, office.name
    return header.unit, header.unit_name


def seal_contents(  # noqa: PLR0913 - what a packet is made of
    workspace: Workspace,
    header: PacketHeader,
    plan: Plan,
    carried: Sequence[Ledger],
    entries: tuple[LedgerEntry, ...],
    files: tuple[Attachment, ...],
    *,
    below: PartSheet | None = None,
    unsealed: bool = False,
) -> Sealed:
    """Seal the rows and evidence files of a packet that its rules want sealed.

    Ledger rows of units below always go sealed: their rules are not known to the receiver.

    With ``unsealed`` they go in the clear where no key of the receiver is known.

    Raises:
        InputRejectedError: When no key of the receiver is known, with FindingCode.NO_RECEIVER_KEY.
    """
    from fsdesk.packets.sheets.ledgers import holdable_entry  # openpyxl is needed from here on

    rules = workspace.rules
    asked = {entry.ledger for entry in entries if rules.seals(entry.ledger)}
    rows_below = below.rows if below else ()
    if not asked and not rows_below and not (rules.seal_all and files):
        return Sealed(entries, files, part_sheet=below)
    code, name = receiver_of(header, plan)
    with workspace.reading() as session:
        known = keys_of(session, code)
    if not known:
        if unsealed:
            return Sealed(entries, files, left_open=True, part_sheet=below)
        titles = [f"台账“{each.title}”" for each in carried if each.code in asked]
        titles += ["下级台账记录"] if rows_below else []
        what = "、".join(titles) or "佐证材料"
        raise _no_key(
            f"{name}的密钥还没有登记，{what}不能密封",
            f"请先导入{name}的下发包或报送包，首次导入时登记密钥；{_CLEAR}",
        )
    receiver = _Receiver(code, name, known)
    parts: list[SealedPart] = []
    for ledger in carried:
        if ledger.code in asked:
            rows = [holdable_entry(entry) for entry in entries if entry.ledger == ledger.code]
            plain = {"packet": header.packet_id, "rows": [entry_to_dict(row) for row in rows]}
            count = sum(not row.gone for row in rows)
            parts.append(receiver.seal(about_ledger(ledger.code), count, plain))
    key = b""
    if rules.seal_all and files:
        key = new_key()
        listed = [_file_to_list(file) for file in files]
        plain = {"packet": header.packet_id, "files": listed, "key": key.hex()}
        parts.append(receiver.seal(FILES, len(files), plain))
    if below is not None and rows_below:
        plain = {"packet": header.packet_id, "rows": rows_plain(rows_below)}
        parts.append(receiver.seal(PART_ROWS, len(rows_below), plain))
        below = replace(below, rows=())
    left = tuple(entry for entry in entries if entry.ledger not in asked)
    return Sealed(left, () if key else files, tuple(parts), key, part_sheet=below)


def told(carried: Iterable[Ledger], parts: Sequence[SealedPart]) -> str:
    """Say what of a packet is sealed, and for whom; empty for nothing."""
    titles = {ledger.code: ledger.title for ledger in carried}
    listed = [_what(titles, part.note) for part in parts]
    return f"{'、'.join(listed)}已密封，只有{parts[0].note.receiver_name}能打开" if parts else ""


def _what(titles: Mapping[str, str], note: SealedNote) -> str:
    if note.about == FILES:
        return f"佐证材料 {note.count} 个"
    if note.about == PART_ROWS:
        return f"下级台账记录 {note.count} 条"
    return f"台账“{titles.get(note.ledger, note.ledger)}” {note.count} 条"


def require_keys(session: Session, rules: Rules, units: Iterable[Unit]) -> None:
    """Refuse to write to units whose rows are to be sealed while no key of theirs is known."""
    sealed = {each.code for each in ledgers.load_ledgers(session) if rules.seals(each.code)}
    lacking = [
        unit.name
        for unit in units
        if sealed & ledgers.kept_by(session, unit.code) and not keys_of(session, unit.code)
    ]
    if lacking:
        raise _no_key(
            f"{len(lacking)} 个单位的密钥还没有登记，发给它们的台账不能密封：{'、'.join(lacking)}",
            f"请先导入这些单位用本程序导出的报送包，首次导入时登记密钥；{_CLEAR}",
        )


def keys_of(session: Session, unit: str) -> tuple[str, ...]:
    """Return the public keys that count for a unit, in hexadecimal digits."""
    return tuple(
        signer.public_key
        for signer in keys.signers(session)
        if signer.unit == unit and not signer.revoked
    )


def _no_key(message: str, remedy: str) -> InputRejectedError:
    return InputRejectedError(error(message, remedy, code=FindingCode.NO_RECEIVER_KEY))


class _Receiver(Struct, frozen=True):
    code: str
    name: str
    public_keys: tuple[str, ...]

    def seal(self, about: str, count: int, plain: object) -> SealedPart:
        key = new_key()
        body = _text(seal(zlib.compress(canonical(plain).encode()), key))
        wrapped = tuple((fingerprint(p), _text(wrap_key(key, p))) for p in self.public_keys)
        digest = sha256(sealed_text(wrapped, body))
        return SealedPart(SealedNote(about, count, self.code, self.name, digest), wrapped, body)


def open_contents(workspace: Workspace, packet: Packet) -> Packet:
    """Open what travels sealed in a packet for this workspace; it must have been judged before.

    A unit takes what the office sends even where its key is another one by now: then the sealed
    rows are left out, with a warning. So are those that come back to the office with a form that
    was filled by hand: they are what it sent.

    Raises:
        InputRejectedError: When a report is sealed for somebody else, or what is sealed is damaged.
    """
    if not packet.sealed:
        return packet
    own = keys.own_key(workspace.keys)
    for part in packet.sealed:
        wrapped = dict(part.keys).get(fingerprint(own.public))
        if wrapped is None:
            told = warning(*_not_ours(workspace, packet, part))
            packet = replace(packet, findings=(*packet.findings, told))
            continue
        try:
            packet = _with_opened(packet, part, _opened(own, wrapped, part))
        except (DamagedSealError, KeyError, TypeError, ValueError, zlib.error) as problem:
            raise reject(
                f"密封给{part.note.receiver_name}的内容已损坏，打不开", _ASK_AGAIN
            ) from problem
    return packet


def _not_ours(workspace: Workspace, packet: Packet, part: SealedPart) -> tuple[str, str]:
    """Say of a part that can't be opened here why, and what to do; a report is refused."""
    note, at_office = part.note, workspace.identity.is_office
    for_us = note.receiver == workspace.identity.unit
    titles = {ledger.code: ledger.title for ledger in packet.ledgers}
    what = _what(titles, note)
    marks = "、".join(mark for mark, _ in part.keys)
    if for_us:
        words = f"{what}密封给本单位的另一把密钥（{marks}），本机没有这把密钥"
        remedy = "请从备份恢复原来的密钥；没有备份的，请发件单位登记本机的新密钥后重新生成"
    else:
        words = f"{what}密封给{note.receiver_name}（密钥 {marks}），本机不能打开"
        remedy = f"请交给{note.receiver_name}"
    if packet.header.kind is PacketKind.REPORT:
        raise reject(words, remedy)
    if at_office:
        return f"{what}是密封发给{note.receiver_name}的，按没有改动处理", ""
    return f"{words}，没有导入", remedy


def _opened(own: SigningKey, wrapped: str, part: SealedPart) -> dict[str, Any]:
    data = unseal(_bytes(part.body), own.unwrap(_bytes(wrapped)))
    opening = zlib.decompressobj()
    plain = opening.decompress(data, _MOST_BYTES)
    if not opening.eof:
        raise ValueError(len(plain))
    return json.loads(plain)


def _with_opened(packet: Packet, part: SealedPart, plain: dict[str, Any]) -> Packet:
    if plain["packet"] != packet.header.packet_id:  # taken from another packet
        raise ValueError(plain["packet"])
    if part.note.about == FILES:
        found = tuple(_file_from_list(each) for each in plain["files"])
        return replace(packet, files=found, file_key=bytes.fromhex(plain["key"]))
    if part.note.about == PART_ROWS and packet.part_sheet is not None:
        sheet = replace(packet.part_sheet, rows=rows_of_plain(plain["rows"]))
        return replace(packet, part_sheet=sheet)
    ledger = next((each for each in packet.ledgers if each.code == part.note.ledger), None)
    if ledger is None:
        raise ValueError(part.note.about)
    rows = [entry_from_dict(ledger, each) for each in plain["rows"]]
    raise_errors(_faults(packet, ledger, rows))
    return replace(packet, entries=(*rows, *packet.entries))


def _faults(packet: Packet, ledger: Ledger, rows: Iterable[LedgerEntry]) -> Iterator[Any]:
    """Yield what is wrong with rows, as is held against those of a sheet."""
    place = Place(sheet=ledger.title)
    for row in rows:
        if row.unit != packet.header.unit or not row.id:
            yield error("密封的台账中混有其他单位的行", _ASK_AGAIN, place)
        elif not row.gone:
            yield from (finding.at(place) for finding in check_entry(ledger, row))


def _file_to_list(file: Attachment) -> list[str | int]:
    key = file.record
    parts = (key.kind.value, key.item, key.unit, key.period)
    return [file.digest, file.name, file.size, *parts]


def _file_from_list(plain: list[Any]) -> Attachment:
    digest, name, size, kind, item, unit, period = plain
    if not _DIGEST.fullmatch(digest):  # it becomes the name of a file
        raise ValueError(digest)
    key = RecordKey(RecordKind(kind), str(item), str(unit), str(period))
    return Attachment(digest, str(name), int(size), key)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
