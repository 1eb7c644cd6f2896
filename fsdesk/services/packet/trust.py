"""Who may say what: what rests on nobody's seal can rest on nothing that isn't known here.

A file says on which edits each of its rows is based. Signed, that is the sender's word. Unsigned,
anybody may have written it: a row that claims edits which nobody here has seen would count as newer
than everything the unit really sent. So such a row is an edit by hand on what is known. On a unit's
own PC, what is filled in by hand stands beside what was typed there, never in its place. What the
office hands down (reviews, letters) counts by its seal alone; a plan after a yes of its own, until
a sealed one comes.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from fsdesk.domain.agenda.agenda import event_to_dict
from fsdesk.domain.findings import Finding, Place, notice, warning
from fsdesk.domain.office import UNTOLD
from fsdesk.domain.packet.packet import PacketKind, canonical_content
from fsdesk.domain.packet.signing import SignatureState
from fsdesk.domain.plan.naming import office_of
from fsdesk.domain.records.merge import NO_EDITS, Revision, hand_edit, is_hand, joined
from fsdesk.services.packet import put_back, signing
from fsdesk.store import audit, identity
from fsdesk.store.agenda import received_events
from fsdesk.store.ledger import ledgers
from fsdesk.store.quality.choices import load_choices
from fsdesk.store.records import submissions
from fsdesk.store.supervision import letters

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from fsdesk.domain.ledger.ledger import LedgerEntry
    from fsdesk.domain.packet.directives import Directives
    from fsdesk.domain.packet.packet import Packet
    from fsdesk.domain.packet.signing import Signer
    from fsdesk.domain.plan.plan import Plan
    from fsdesk.domain.records.records import Record, RecordKey
    from fsdesk.domain.supervision.letters import Letter, LetterReply
    from fsdesk.services.packet.put_back import BroughtPlan
    from fsdesk.store.records.records import Held
    from fsdesk.store.session import Session

_MOST_TOLD = 20
_MOST_NAMED = 8


class Ground(Struct, frozen=True):
    """What is known here, on which a file may be based that nobody signed, or not all of it.

    Attributes:
        held: The versions of the records of its unit and period.
        plan: The plan here.
        local: Id of this workspace where it is the unit's own; empty at the office.
        now: Time of receipt, ISO text in UTC.
        signs: Whether a key of the unit is registered.
    """

    held: Mapping[RecordKey, Sequence[Held]]
    plan: Plan
    local: str
    now: str
    signs: bool

    def without_own(self, revision: Revision) -> Revision:
        """Return a revision that takes no place of what was typed on the unit's own PC."""
        return revision.without(self.local) if self.local else revision


class Judged(Struct, frozen=True):
    """A packet with what its seal is worth, and what of the office's word it therefore brings.

    Attributes:
        plan_doubt: What would change though no known key of the office vouches for it.
    """

    packet: Packet
    signature: SignatureState
    brought: BroughtPlan
    plan_doubt: str


def judged(
    session: Session, packet: Packet, here: Plan, signers: Sequence[Signer], *, at_office: bool
) -> Judged:
    """Judge a packet's seal, and by it what is handed down.

    `here`: the plan here.

    Raises:
        InputRejectedError: When the content was altered, or the key is not the unit's.
    """
    brought, vouched = put_back.NOTHING_BROUGHT, packet.seal is not None
    if packet.directives is not None and not at_office:
        brought = put_back.judge_plan(
            session, packet.header, packet.directives, here, vouched=vouched
        )
    plan = packet.plan if packet.plan and brought.new_plan else here
    signature = signing.judge(packet, plan, signers, at_office=at_office)
    doubt = plan_doubt(session, packet, here, signature, brought)
    if not (vouched or doubt):  # by nothing does such a file say how new it is
        brought = put_back.NOTHING_BROUGHT
    packet = put_back.without_older_letters(session, packet, brought)
    if packet.hand_edited and signature is SignatureState.VALID:
        signature = SignatureState.UNSIGNED  # only the form below what is filled in is signed
    return Judged(packet, signature, brought, doubt)


def grounded(
    session: Session, packet: Packet, ground: Ground
) -> tuple[Packet, tuple[Finding, ...]]:
    """Return a packet so far as somebody vouches for it, and what is told of the rest.

    A report that holds its seal is its sender's word as it is.
    """
    if packet.seal is not None and not packet.hand_edited:
        return packet, ()
    told: list[Finding] = []
    if packet.seal is None:
        records = tuple(_record(packet, each, ground, told) for each in packet.records)
        entries = _entries(session, packet, ground, told)
        rest = len(told) - _MOST_TOLD
        if rest > 0:
            told[_MOST_TOLD:] = [warning(f"另有 {rest} 行也是这样", "请与发件单位核对")]
        revision = min(packet.header.plan_revision, ground.plan.revision)
        packet = replace(
            packet,
            records=records,
            entries=entries,
            header=replace(packet.header, plan_revision=revision),
        )
        if ground.local:
            packet = _without_word_of_office(packet, ground, told)
    elif ground.local:
        packet = _beside_own(packet, ground, told)
    replies = tuple(_replies(session, packet, ground, told))
    return replace(packet, replies=replies), tuple(told)


def _beside_own(packet: Packet, ground: Ground, told: list[Finding]) -> Packet:
    """Return the office's packet as it was filled in by hand before the unit takes it."""
    altered, rows = packet.altered, packet.altered_entries
    records = tuple(
        replace(each, revision=ground.without_own(each.revision)) if each.key in altered else each
        for each in packet.records
    )
    entries = tuple(
        replace(each, revision=ground.without_own(each.revision))
        if (each.ledger, each.id) in rows
        else each
        for each in packet.entries
    )
    places = [str(packet.places[key]) for key in sorted(altered) if key in packet.places]
    places += [f"台账“{title}”" for title in packet.altered_ledgers]
    if places:
        where = "、".join(places[:_MOST_NAMED]) + (" 等" if len(places) > _MOST_NAMED else "")
        office = office_of(ground.plan)
        told.append(
            warning(
                f"这个文件下发以后又有手工填写的内容（{where}），{office}的签名不包括这些内容",
                f"与本机填的不同的并列保留；不是本单位填写的，请不要接收，并与{office}核对",
            )
        )
    return replace(packet, records=records, entries=entries)


def _without_word_of_office(packet: Packet, ground: Ground, told: list[Finding]) -> Packet:
    """Leave out reviews and letters that no key of the office vouches for."""
    directives = packet.directives
    if directives is None or not (directives.review or directives.letters):
        return packet
    what = ["审核意见"] if directives.review else []
    what += [notice.letter.document_number for notice in directives.letters]
    office = office_of(ground.plan)
    told.append(
        warning(
            f"文件没有{office}的签名，其中的{'、'.join(what[:_MOST_NAMED])}没有采用",
            f"请向{office}索要重新生成的反馈包",
        )
    )
    return replace(packet, directives=replace(directives, review=None, letters=()))


def _replies(
    session: Session, packet: Packet, ground: Ground, told: list[Finding]
) -> Iterator[LetterReply]:
    """Yield what was answered by hand: never later than now, nor in place of a signed answer."""
    made = packet.header.created_at.isoformat(timespec="seconds") if packet.seal else ""
    for each in packet.replies:
        letter = letters.find(session, each.letter)
        stands = letter.reply if letter is not None and letter.unit == packet.header.unit else ""
        differs = each.text and stands not in {"", each.text}
        signed = ground.signs and letter is not None and not _by_hand(session, letter)
        if letter is not None and differs and (ground.local or signed):
            told.append(
                warning(
                    f"手工填写的对 {letter.document_number} 的回复与已登记的不同，没有采用",
                    "确需改写的，请在“来函”页的回复中改写"
                    if ground.local
                    else "请该单位在本程序中改正后重新导出；确需采用的，请在“督办”页登记",
                )
            )
            continue
        yield replace(each, at=each.at if each.at <= ground.now else made or ground.now)


def _by_hand(session: Session, letter: Letter) -> bool:
    """Tell whether the reply that stands came by hand, as one that mends it may."""
    lines = audit.history(session, letter.document_number)
    newest = next((line for line in lines if "reply" in json.loads(line.after or "{}")), None)
    note = submissions.packet_of_id(session, newest.packet) if newest else None
    return note is not None and note.signature is SignatureState.UNSIGNED


def _known(claimed: Revision, known: Revision) -> bool:
    """Tell whether all but one edit by hand is known."""
    counts = dict(known.edits)
    unknown = [edit for edit in claimed.edits if edit[1] > counts.get(edit[0], 0)]
    return not unknown or (len(unknown) == 1 and unknown[0][1] == 1 and is_hand(unknown[0][0]))


def _shared(claimed: Revision, known: Revision) -> Revision:
    counts = dict(known.edits)
    shared = ((author, min(count, counts.get(author, 0))) for author, count in claimed.edits)
    return Revision(tuple(edit for edit in shared if edit[1]))


def _record(packet: Packet, record: Record, ground: Ground, told: list[Finding]) -> Record:
    held = ground.held.get(record.key, ())
    known = joined(item.record.revision for item in held)
    if _known(record.revision, known):
        by_hand = not known.contains(record.revision)
        return replace(record, revision=ground.without_own(record.revision)) if by_hand else record
    told.append(_claims_too_much(record.key.item, packet.places.get(record.key)))
    base = _shared(record.revision, known)
    leading = next((item.record for item in held if item.leading), None)
    stands = leading.content == record.content if leading else record.empty
    if stands:
        return replace(record, revision=base)
    text = canonical_content(record)
    base = ground.without_own(base)
    revision = hand_edit(base, packet.header.packet_id, str(record.key), text)
    return replace(record, revision=revision)


def _entries(
    session: Session, packet: Packet, ground: Ground, told: list[Finding]
) -> tuple[LedgerEntry, ...]:
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
        revision = entry.revision
        if _known(revision, known):
            if not known.contains(revision):
                revision = ground.without_own(revision)
        else:
            title = declared.get(entry.ledger, entry.ledger)
            told.append(_claims_too_much(f"{title} {entry.id}", None))
            key, revision = f"{entry.ledger}/{entry.id}", _shared(revision, known)
            if not any(item.leading and _same(item.entry, entry) for item in versions):
                text, revision = entry_digest(entry), ground.without_own(revision)
                revision = hand_edit(revision, packet.header.packet_id, key, text)
        # An id that nobody here has given is no id: such a row is found by its own key, and one
        # that nobody knows can't be removed.
        if versions or not entry.gone:
            found.append(replace(entry, id=entry.id if versions else "", revision=revision))
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
    """Say what would change by what is handed down that no known key of the office vouches for.

    Empty where nothing would change, or the office's key is known.
    """
    directives = packet.directives
    if directives is None or signature is SignatureState.VALID or not brought.newest:
        return ""
    beside = _changed_beside(session, directives)
    if not (brought.new_plan or beside):
        return ""
    plan = directives.plan
    said = "没有签名" if packet.seal is None else "签名的密钥还没有核对过"
    changes = [
        _changed("任务", here.tasks_by_code, plan.tasks_by_code),
        _changed("指标", here.indicators_by_code, plan.indicators_by_code),
        f"{'、'.join(beside)}有改动" if beside else "",
    ]
    words = "；".join(change for change in changes if change) or "计划的其他内容有改动"
    return (
        f"自称是{office_of(plan)}下发的第 {plan.revision} 版计划"
        f"（现为第 {here.revision} 版），{said}；接收会更换本单位的计划和设置：{words}"
    )


def _changed_beside(session: Session, directives: Directives) -> list[str]:
    """Return what would change beside the plan, in words."""
    events = [event_to_dict(event) for event in directives.events]
    changed = {
        "规则": directives.rules != identity.load_rules(session),
        "办公室名称和联系方式": directives.office not in (UNTOLD, identity.load_office(session)),
        "台账设置": directives.ledgers != ledgers.load_ledgers(session),
        "日程": events != [event_to_dict(event) for event in received_events(session)],
        "数据质量规则": directives.quality not in {None, load_choices(session)},
    }
    return [name for name, differs in changed.items() if differs]


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
