"""What a packet tells of a database that came back from earlier, here or at its sender's.

Nothing that is stored can tell so, since it came back as well; but others may remember what was
forgotten. What is found is said where the packet comes in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from fsdesk.domain.clock import clock_text
from fsdesk.domain.findings import doubt, warning
from fsdesk.domain.packet.packet import PacketKind
from fsdesk.domain.plan.codec import plan_to_dict
from fsdesk.domain.plan.naming import office_of
from fsdesk.domain.records.merge import joined
from fsdesk.domain.supervision import steps
from fsdesk.domain.supervision.letters import document_number, reply_of
from fsdesk.store import identity
from fsdesk.store.ledger import ledgers
from fsdesk.store.records import submissions
from fsdesk.store.settings import load_setting, save_setting
from fsdesk.store.supervision import letters
from fsdesk.store.supervision.letters import ELSEWHERE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from fsdesk.domain.findings import Finding
    from fsdesk.domain.packet.directives import Directives, LetterNotice
    from fsdesk.domain.packet.packet import Packet, PacketHeader
    from fsdesk.domain.plan.plan import Plan
    from fsdesk.domain.records.merge import Revision
    from fsdesk.domain.records.records import Record, RecordKey
    from fsdesk.domain.records.submissions import Review
    from fsdesk.domain.supervision.letters import LetterReply
    from fsdesk.store.records.records import Held
    from fsdesk.store.session import Session, Writing
    from fsdesk.workspace import Workspace

_ANSWERS = {
    "text": "回复",
    "wanted_until": "延期申请",
    "wanted_why": "延期理由",
    "received_on": "签收日期",
    "objection": "异议",
}
_HERE = "本工作区恢复过较早的数据，或另有一份副本在使用"


# Edits


def found_again(
    workspace: Workspace, plan: Plan, header: PacketHeader, count: int
) -> Iterator[Finding]:
    """Tell that what was typed in this workspace came back, and that it had forgotten it.

    `count`: how many records, or rows of ledgers.
    """
    at_office = workspace.identity.is_office
    sender = plan.unit_name(header.unit) if at_office else office_of(plan)
    if count:
        yield doubt(
            f"{_HERE}：从{sender}的文件中找回本工作区填过的 {count} 项",
            "请核对这些数据；与现在填的不同的，已并列保留，等待处理",
        )


def count_forgotten(
    records: Iterable[Record], held: Mapping[RecordKey, tuple[Held, ...]], local: str
) -> int:
    """Count the records that hold edits of this workspace which are not known in it.

    `local`: id of this workspace.
    """
    return sum(
        not _known(held.get(record.key, ())).contains(own)
        for record in records
        if (own := record.revision.of(local))
    )


def sender_forgot(
    session: Session,
    packet: Packet,
    held: Mapping[RecordKey, tuple[Held, ...]],
    name: str,
    *,
    doubted: bool,
) -> Iterator[Finding]:
    """Tell that a report lacks edits of its own sender which came in earlier.

    A report that only comes late lacks them as well: it was made before the newest that is here,
    and adds nothing of its own.

    `name`: the unit's.
    `doubted`: whether the report can't have been made when it says; it may be an older one then.
    """
    header = packet.header
    if header.kind is not PacketKind.REPORT:
        return
    lacking: list[tuple[Record, Revision]] = []
    for record in packet.records if held else ():
        known = _known(held.get(record.key, ()))
        if not record.revision.contains(known.of(header.author)):
            lacking.append((record, known))
    if not lacking:
        return
    newest = max(
        (
            note.made_at
            for note in submissions.packets(session, header.unit, header.period)
            if note.author == header.author
            and note.digest != packet.digest
            and note.made_at <= note.handled_at  # else it says nothing of which was first
        ),
        default="",
    )
    made_later = not doubted and header.created_at.isoformat(timespec="seconds") > newest
    count = sum(made_later or not known.contains(each.revision) for each, known in lacking)
    if count:
        yield doubt(
            f"{name}的工作区恢复过较早的数据，或有两份副本在填报：这次的文件中有 {count} 项"
            "不是在该单位先前报送的基础上填的",
            "两边不同的已并列保留，其余以先前报送的为准；请与该单位核实",
        )


def _known(items: Iterable[Held]) -> Revision:
    return joined(item.record.revision for item in items)


# Reviews and letters


def review_not_taken(session: Session, header: PacketHeader, review: Review) -> Iterator[Finding]:
    """Tell a unit that a review says something else than what stands, and why it is not taken."""
    held = submissions.find_review(session, header.unit, header.period)
    if held == review or submissions.review_is_news(session, header, review):
        return
    yield doubt(
        f"汇总端的审核意见（{review.state.label}，{clock_text(review.at)}）"
        "早于本单位最近一次报送或已收到的意见，没有采用",
        "如确为最新意见，请与汇总端核对两台电脑的日期和时间，并请其重新审核、反馈",
    )


def letters_of_one_number(session: Session, notices: Iterable[LetterNotice]) -> Iterator[Finding]:
    """Tell a unit of letters whose number it knows from another letter."""
    for each in notices:
        if letters.is_another(session, each):
            yield doubt(
                f"收到的{each.letter.kind.label} {each.letter.document_number} "
                "与本单位已收到的同号函件不是同一份：汇总端可能恢复过较早的数据。原来的一份保留，新的一份没有登记",
                "请与汇总端核对文号，请其改用新的文号重新印发",
            )


def replies_not_taken(
    session: Session, unit: str, name: str, replies: Iterable[LetterReply]
) -> Iterator[Finding]:
    """Tell the office which replies to letters it can't enter, and why.

    `name`: the unit's.
    """
    for each in replies:
        letter = letters.find(session, each.letter)
        number = document_number(each.letter)
        if letter is None or letter.unit != unit:
            yield doubt(
                f"{name}回复了 {number}，本工作区的登记簿中没有发给该单位的这一函件：{_HERE}",
                "回复没有登记，请在留存的文件中查看，并与该单位核对；这个文号不会再用",
            )
        elif steps.answers_another(letter, each):
            yield doubt(
                f"{name}对 {number} 的回复早于该函件的印发日期，可能是对另一份同号函件的回复，"
                "没有登记",
                "请与该单位核对函件内容和两台电脑的日期，必要时手工登记回复",
            )
        elif each.at < letter.replied_at and each != reply_of(letter):
            yield doubt(
                f"{name}对 {number} 的回复（{clock_text(each.at) if each.at else '手工填写'}）"
                "早于已登记的回复，没有采用",
                "如确为最新回复，请与该单位核对两台电脑的日期和时间，必要时手工登记回复",
            )


def own_replies_not_taken(session: Session, packet: Packet) -> Iterator[Finding]:
    """Tell a unit which of the answers that stand in a file don't get into its letters."""
    for each in packet.replies:
        number = document_number(each.letter)
        letter = letters.find(session, each.letter)
        if letter is None and packet.directives is not None:
            letter = packet.directives.letter(each.letter)
        if letter is None:
            yield warning(
                f"文件中对 {number} 的回复没有采用：本单位没有收到这一函件",
                "请先接收带有这一函件的反馈包，或在“来函”页直接回复",
            )
            continue
        now = reply_of(steps.register_reply(letter, each))
        left = [
            words
            for field, words in _ANSWERS.items()
            if getattr(each, field) and getattr(now, field) != getattr(each, field)
        ]
        if left or steps.answers_another(letter, each):
            yield warning(
                f"文件中对 {number} 的{'、'.join(left) or '回复'}"
                "与已登记的不同或时间更早，没有采用",
                "请与“来函”页核对，需要改写的在该页改写",
            )


def note_numbers(writing: Writing, unit: str, replies: Iterable[LetterReply]) -> None:
    """Note the numbers of letters that a unit has and the office does not know any more."""
    found = {
        each.letter
        for each in replies
        if (letter := letters.find(writing.session, each.letter)) is None or letter.unit != unit
    }
    if not found:
        return
    known = load_setting(writing.session, ELSEWHERE).get("keys", [])
    if not found <= set(known):
        save_setting(writing, ELSEWHERE, {"keys": sorted({*known, *found})})


# Plans


class BroughtPlan(Struct, frozen=True):
    """What to do with the plan, the rules and the ledgers that a packet hands down.

    Attributes:
        new_plan: Whether the plan takes the place of the one here.
        newest: Whether all else that is handed down does.
        findings: Why not, where something else stands here.
        older: Whether the packet was made before the one by which all that came last.
    """

    new_plan: bool
    newest: bool
    findings: tuple[Finding, ...] = ()
    older: bool = False


NOTHING_BROUGHT = BroughtPlan(new_plan=False, newest=False)


def judge_plan(
    session: Session, header: PacketHeader, brought: Directives, here: Plan, *, vouched: bool
) -> BroughtPlan:
    """Tell whether what the office hands down is newer than what is here.

    The number of the plan decides, but a draft that carries another year's plan on gives way to any
    plan that is none. Of two plans of one number that differ, the one handed down later counts: an
    office that was put back may give a number twice, and a unit may begin with a plan of its own.
    What the office vouches for takes the place of what nobody does, whatever that says of itself.

    `vouched`: whether it holds a seal of the office.
    """
    plan, made_at = brought.plan, header.created_at.isoformat(timespec="seconds")
    taken = identity.plan_source(session)
    source = str(taken.get("made_at", ""))
    differs = plan_to_dict(plan) != plan_to_dict(here)
    draft_ends = bool(here.carried_from) and not plan.carried_from
    unvouched_ends = vouched and not taken.get("vouched", True)
    if plan.revision > here.revision or draft_ends or unvouched_ends:
        return BroughtPlan(new_plan=True, newest=True)
    if plan.revision == here.revision and made_at >= source:
        return BroughtPlan(new_plan=differs, newest=True)
    if plan.revision < here.revision and source and made_at > source:
        found = doubt(
            f"文件中的计划是第 {plan.revision} 版，本工作区已是第 {here.revision} 版，"
            "而文件制作在后：汇总端可能恢复过较早的数据。计划、规则和台账设置没有更新",
            "请把本单位的报送包交汇总端导入，再由其重新下发，新的计划会编为更高的版次",
        )
        return BroughtPlan(new_plan=False, newest=False, findings=(found,))
    older = made_at < source
    others = brought.ledgers != ledgers.load_ledgers(session)
    others |= brought.office.is_told and brought.office != identity.load_office(session)
    if not (differs or others or brought.rules != identity.load_rules(session)):
        return BroughtPlan(new_plan=False, newest=False, older=older)
    found = doubt(
        f"文件制作于 {clock_text(made_at)}，其中的计划（第 {plan.revision} 版）"
        "或规则比本工作区的旧，没有采用",
        "如确为最新文件，请与汇总端核对电脑的日期和时间，并请其修改计划后重新下发",
    )
    return BroughtPlan(new_plan=False, newest=False, findings=(found,), older=older)


def note_source(writing: Writing, header: PacketHeader, *, vouched: bool) -> None:
    """Note when the packet was made by which the plan and rules came, and the first such.

    `vouched`: as in `judge_plan`.
    """
    made_at = header.created_at.isoformat(timespec="seconds")
    known = identity.plan_source(writing.session)
    first = known.get("first", made_at)
    whose = identity.load_identity(writing.session)
    if known and "first" not in known and whose is not None:
        first = whose.created_at  # programs before noted the last packet only
    source: dict[str, object] = {"made_at": made_at, "first": min(made_at, first)}
    if not vouched:
        source["vouched"] = False
    if known != source:
        save_setting(writing, identity.PLAN_SOURCE, source)


def without_older_letters(session: Session, packet: Packet, brought: BroughtPlan) -> Packet:
    """Leave out letters that are known already, where the packet was made before what is known.

    What such a letter says else of what is the office's is told.
    """
    directives = packet.directives
    if directives is None or not brought.older:
        return packet
    new = tuple(n for n in directives.letters if letters.find(session, n.letter.key) is None)
    older = [n for n in directives.letters if n not in new and letters.says_otherwise(session, n)]
    found = tuple(
        doubt(
            f"文件中 {each.letter.document_number} 的登记情况早于已收到的，没有采用",
            "如确为最新文件，请与汇总端核对电脑的日期和时间",
        )
        for each in older
    )
    directives = replace(directives, letters=new)
    return replace(packet, directives=directives, findings=(*packet.findings, *found))


def plan_ahead(header: PacketHeader, here: Plan, name: str) -> Iterator[Finding]:
    """Tell the office that a unit works by a plan that the office does not know any more."""
    if header.plan_revision > here.revision:
        yield doubt(
            f"{name}按第 {header.plan_revision} 版计划填报，本工作区只有第 {here.revision} 版："
            f"{_HERE}",
            f"请核对计划，把漏掉的修改补上后重新下发，届时会编为第 {header.plan_revision + 1} 版",
        )
