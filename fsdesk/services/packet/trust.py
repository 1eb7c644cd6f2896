"""Who may say what: what rests on nobody's seal can rest on nothing that isn't known here.

A file says on which edits each of its rows is based. Signed, that is the sender's word. Unsigned,
anybody may have written it: a row that claims edits which nobody here has seen would count as newer
than everything the unit really sent. So such a row is an edit by hand on what is known.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from fsdesk.domain.findings import Finding, Place, notice, warning
from fsdesk.domain.packet.packet import PacketKind, canonical_content
from fsdesk.domain.packet.signing import SignatureState
from fsdesk.domain.records.merge import NO_EDITS, Revision, hand_edit, joined
from fsdesk.store import identity
from fsdesk.store.ledger import ledgers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from fsdesk.domain.ledger.ledger import LedgerEntry
    from fsdesk.domain.packet.packet import Packet
    from fsdesk.domain.packet.signing import Signer
    from fsdesk.domain.plan.plan import Plan
    from fsdesk.domain.records.records import Record, RecordKey
    from fsdesk.services.packet.put_back import BroughtPlan
    from fsdesk.store.records.records import Held
    from fsdesk.store.session import Session

_HAND = re.compile("h[0-9a-f]{15}")  # the author of a row that was changed in a spreadsheet
_MOST_TOLD = 20
_MOST_NAMED = 8


def grounded(
    session: Session, packet: Packet, held: Mapping[RecordKey, Sequence[Held]], now: str
) -> Packet:
    """Return an unsigned packet, each row based on nothing but what is known here.

    `held`: what is known of its records.
    """
    told: list[Finding] = []
    records = tuple(_record(packet, each, held.get(each.key, ()), told) for each in packet.records)
    entries = _entries(session, packet, told)
    rest = len(told) - _MOST_TOLD
    if rest > 0:
        told[_MOST_TOLD:] = [warning(f"另有 {rest} 行也是这样", "请与发件单位核对")]
    replies = tuple(replace(each, at=min(each.at, now)) for each in packet.replies)
    findings = (*packet.findings, *told)
    return replace(packet, records=records, entries=entries, replies=replies, findings=findings)


def _known(claimed: Revision, known: Revision) -> bool:
    """Tell whether all but one edit by hand is known."""
    counts = dict(known.edits)
    unknown = [edit for edit in claimed.edits if edit[1] > counts.get(edit[0], 0)]
    by_hand = len(unknown) == 1 and unknown[0][1] == 1 and _HAND.fullmatch(unknown[0][0])
    return not unknown or bool(by_hand)


def _shared(claimed: Revision, known: Revision) -> Revision:
    counts = dict(known.edits)
    shared = ((author, min(count, counts.get(author, 0))) for author, count in claimed.edits)
    return Revision(tuple(edit for edit in shared if edit[1]))


def _record(packet: Packet, record: Record, held: Sequence[Held], told: list[Finding]) -> Record:
    known = joined(item.record.revision for item in held)
    if _known(record.revision, known):
        return record
    told.append(_claims_too_much(record.key.item, packet.places.get(record.key)))
    base = _shared(record.revision, known)
    leading = next((item.record for item in held if item.leading), None)
    stands = leading.content == record.content if leading else record.empty
    if stands:
        return replace(record, revision=base)
    text = canonical_content(record)
    revision = hand_edit(base, packet.header.packet_id, str(record.key), text)
    return replace(record, revision=revision)


def _entries(session: Session, packet: Packet, told: list[Finding]) -> tuple[LedgerEntry, ...]:
    from fsdesk.packets.sheets.ledgers import entry_digest  # openpyxl is needed from here on

    declared = {ledger.code: ledger.title for ledger in ledgers.load_ledgers(session)}
    found: list[LedgerEntry] = []
    held = {
        code: ledgers.versions_of(session, code, [e.id for e in packet.entries if e.ledger == code])
        for code in {entry.ledger for entry in packet.entries} & declared.keys()
    }
    for entry in packet.entries:
        versions = held.get(entry.ledger, {}).get(entry.id, ())
        known = joined(item.entry.revision for item in versions) if versions else NO_EDITS
        if not _known(entry.revision, known):
            title = declared.get(entry.ledger, entry.ledger)
            told.append(_claims_too_much(f"{title} {entry.id}", None))
            key, base = f"{entry.ledger}/{entry.id}", _shared(entry.revision, known)
            revision = hand_edit(base, packet.header.packet_id, key, entry_digest(entry))
            stands = any(item.leading and _same(item.entry, entry) for item in versions)
            entry = replace(entry, revision=base if stands else revision)  # noqa: PLW2901
        found.append(entry)
    return tuple(found)


def _same(one: LedgerEntry, other: LedgerEntry) -> bool:
    return (one.values, one.gone) == (other.values, other.gone)


def _claims_too_much(what: str, place: Place | None) -> Finding:
    return warning(
        f"没有签名的文件中，“{what}”自称基于本机没有下发、也没有收到过的修改，按手工填写处理",
        "不会盖过现有和以后签名报送的数据；不同的并列保留，请与发件单位核对",
        place,
    )


def by_hand(packet: Packet, signers: Iterable[Signer], name: str) -> Iterator[Finding]:
    """Tell of a form filled by hand that its unit has a key, and usually signs.

    `name`: the unit's.
    """
    unit = packet.header.unit
    signs = any(each.unit == unit and not each.revoked for each in signers)
    if packet.header.kind is not PacketKind.REPORT and signs:
        yield notice(
            f"{name}平时用已登记的密钥签名报送，这次交来的是手工填写的表，没有该单位的签名",
            "请与该单位核对是否由其填写",
        )


def plan_doubt(
    session: Session,
    packet: Packet,
    here: Plan,
    signature: SignatureState,
    brought: BroughtPlan,
) -> str:
    """Say what a plan would change that no known key of the office vouches for.

    Empty where nothing would change, or the office's key is known.
    """
    directives = packet.directives
    if directives is None or signature is SignatureState.VALID or not brought.newest:
        return ""
    rules = directives.rules != identity.load_rules(session)
    if not (brought.new_plan or rules):
        return ""
    plan, office = directives.plan, directives.plan.directory.office
    said = "没有签名" if packet.seal is None else "签名的密钥还没有核对过"
    changes = [
        _changed("任务", here.tasks_by_code, plan.tasks_by_code),
        _changed("指标", here.indicators_by_code, plan.indicators_by_code),
        "规则有改动" if rules else "",
    ]
    words = "；".join(change for change in changes if change) or "计划的其他内容有改动"
    return (
        f"自称是{office.name if office else '区食药安办'}下发的第 {plan.revision} 版计划"
        f"（现为第 {here.revision} 版），{said}；接收会更换本单位的计划：{words}"
    )


def _changed(what: str, here: Mapping[str, object], there: Mapping[str, object]) -> str:
    parts = {
        "新增": [code for code in there if code not in here],
        "取消": [code for code in here if code not in there],
        "改动": [code for code in there if code in here and there[code] != here[code]],
    }
    words = (
        f"{verb}{what} {len(codes)} 项（{'、'.join(codes[:_MOST_NAMED])}）"
        for verb, codes in parts.items()
        if codes
    )
    return "，".join(words)
