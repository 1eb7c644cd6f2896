"""The steps of a letter from issue to closing, and what should come next; pure.

拟稿 → 已发 → 已复 → 已销号, or 已升级 when the next stronger letter is issued. A letter that should
not have gone out is 作废, and one that was struck off too early is open again. A step that the
state does not allow is refused; nothing here happens without a person.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from fsdesk.domain.agenda.working_days import add_working_days
from fsdesk.domain.findings import reject
from fsdesk.domain.labelled import LabelledEnum
from fsdesk.domain.periods import Period, date_text
from fsdesk.domain.supervision.interviews import interview_in
from fsdesk.domain.supervision.letters import (
    FOUND_ITEM,
    REPORT_ITEM,
    ExtensionAnswer,
    Letter,
    LetterDraft,
    LetterKind,
    LetterReply,
    LetterState,
    Ruling,
    next_number,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from datetime import date

    from fsdesk.domain.settings import Rules


def reply_days(kind: LetterKind, rules: Rules) -> int:
    """Return within how many working days a letter must be answered."""
    return {
        LetterKind.REMINDER: rules.remind_days,
        LetterKind.RECTIFICATION: rules.rectify_days,
        LetterKind.INTERVIEW: rules.interview_days,
        LetterKind.LISTED: rules.listed_days,
    }[kind]


def reply_due(
    kind: LetterKind, start: date, rules: Rules, is_working: Callable[[date], bool]
) -> date:
    """Return the last day for the reply to a letter that is issued on a day."""
    return add_working_days(start, reply_days(kind, rules), is_working)


# A fact's own dates are not the letter's: facts are told in a numbered list.
_FACT = re.compile(r"\s*(?:（\d+）|\d+[.．、])")


def with_reply_day(body: str, before: date, day: date) -> str:
    """Return a letter's text with its day for the reply changed; facts keep their own dates."""
    if before == day:
        return body
    old, new = date_text(before), date_text(day)
    lines = body.split("\n")
    return "\n".join(ln if _FACT.match(ln) else ln.replace(old, new) for ln in lines)


class LetterSeries(Struct, frozen=True):
    """How the numbers of a kind of letters go.

    Attributes:
        word: The letters in front of each (机关代字); empty for the first one.
        first: The number from which they go on, since those before were used on paper.
    """

    word: str = ""
    first: int = 1


FIRST_SERIES = LetterSeries()


def issue(
    draft: LetterDraft,
    used: Iterable[str],
    year: int,
    today: date,
    series: LetterSeries = FIRST_SERIES,
) -> Letter:
    """Issue a draft: it takes the next number of its kind and year.

    `used`: keys of all letters that were ever issued, as far as known.
    `series`: how the numbers of its kind go.

    InputRejectedError when its text is empty, its day for the reply is not after today, or it calls
    to an interview and doesn't say when, where, by whom, and whom to ask.
    """
    if not draft.body.strip():
        raise reject("函件正文是空的", "请先填写正文")
    interview = interview_in(draft.body) if draft.kind is LetterKind.INTERVIEW else None
    if interview and interview.lacking:
        raise reject(f"约谈通知书没有填写{'、'.join(interview.lacking)}", "请填写后再印发")
    if draft.reply_by <= today:
        raise reject("回复期限应晚于印发日期", "请修改回复期限后再印发")
    return Letter(
        kind=draft.kind,
        year=year,
        number=next_number(used, draft.kind, year, series.first),
        word=series.word,
        unit=draft.unit,
        period=draft.period,
        drafted_on=draft.drafted_on,
        reply_by=draft.reply_by,
        state=LetterState.ISSUED,
        issued_on=today,
        follows=draft.follows,
    )


def escalate(letter: Letter) -> Letter:
    """Mark an open letter as gone beyond by the next stronger one; refused when there is none."""
    _need_open(letter, "升级")
    if letter.kind.next is None:
        raise reject("挂牌督办是最后一级，不能再升级", "请继续督办，或登记办结材料后销号")
    return replace(letter, state=LetterState.ESCALATED)


def ask_extension(letter: Letter, until: date, why: str, today: date) -> Letter:
    """Ask for more time (延期), with a day and a reason, before the reply is due."""
    if letter.state is not LetterState.ISSUED:
        raise reject(f"{letter.document_number}{letter.state.label}，不能申请延期", "请核对函件")
    if letter.wanted_until is not None:
        words = letter.wanted_answer.label
        raise reject(f"该函件已申请过延期（{words}）", "每件函件只能申请一次延期")
    if today > letter.reply_by:
        raise reject("回复期限已过，不能再申请延期", "请尽快书面回复")
    if until <= letter.reply_by:
        raise reject("延期后的期限应晚于原回复期限", "请重新选择日期")
    if not why.strip():
        raise reject("申请延期要写明理由", "请填写理由和目前进展")
    return replace(letter, wanted_until=until, wanted_why=why.strip())


def answer_extension(letter: Letter, *, granted: bool) -> Letter:
    """Grant or refuse the time that was asked for; what is granted is the new day to reply."""
    _need_open(letter, "答复延期申请")
    until = letter.wanted_until
    if until is None or not letter.asks_extension:
        raise reject("该函件没有待答复的延期申请", "请核对函件")
    if not granted:
        return replace(letter, wanted_answer=ExtensionAnswer.REFUSED)
    return replace(letter, wanted_answer=ExtensionAnswer.GRANTED, reply_by=until)


def object_to(letter: Letter, why: str, today: date) -> Letter:
    """Object to a letter (异议) with a reason, once and before the day for the reply has passed."""
    if letter.state is not LetterState.ISSUED:
        raise reject(f"{letter.document_number}{letter.state.label}，不能提出异议", "请核对函件")
    if letter.objection:
        raise reject(f"该函件已提出过异议（{letter.ruling.label}）", "每件函件只能提出一次异议")
    if today > letter.reply_by:
        raise reject("回复期限已过，不能再提出异议", "请尽快书面回复")
    if not why.strip():
        raise reject("提出异议要写明理由", "请填写事实和依据")
    return replace(letter, objection=why.strip())


def rule_on(letter: Letter, why: str, today: date, *, upheld: bool) -> Letter:
    """Rule on an objection: one that is upheld strikes the letter off, else it must be answered.

    InputRejectedError when nobody objects, the letter is not open, or no reason is given.
    """
    _need_open(letter, "裁定异议")
    if not letter.objects:
        raise reject("该函件没有待裁定的异议", "请核对函件")
    if not why.strip():
        raise reject("裁定异议要写明理由", "请填写理由")
    ruling = Ruling.UPHELD if upheld else Ruling.OVERRULED
    ruled = replace(letter, ruling=ruling, ruling_why=why.strip())
    return close(ruled, f"异议成立：{ruled.ruling_why}", today) if upheld else ruled


def register_reply(letter: Letter, reply: LetterReply) -> Letter:
    """Enter what the unit answers; the same again, or an older one, changes nothing.

    A late answer is entered as well, also when the letter was struck off or gone beyond since:
    nothing that was written is lost. Only an issued letter becomes 已复 by it.
    InputRejectedError when the letter was never issued.
    """
    if letter.state is LetterState.DRAFTED:
        raise reject("函件还没有印发，不能登记回复", "请先印发函件")
    if reply.at < letter.replied_at:
        return letter
    asks = reply.wanted_until is not None and letter.wanted_answer is ExtensionAnswer.NONE
    state = letter.state
    if reply.text and state is LetterState.ISSUED:
        state = LetterState.REPLIED
    return replace(
        letter,
        state=state,
        reply=reply.text or letter.reply,
        received_on=reply.received_on or letter.received_on,
        wanted_until=reply.wanted_until if asks else letter.wanted_until,
        wanted_why=reply.wanted_why if asks else letter.wanted_why,
        objection=letter.objection or reply.objection,
        replied_at=reply.at,
    )


def answers_another(letter: Letter, reply: LetterReply) -> bool:
    """Tell whether a reply was given before the letter was issued: to another one of its number.

    That happens where the office was put back to an earlier state and gave a number twice.
    """
    if not reply.at or letter.issued_on is None or reply.at == letter.replied_at:
        return False
    return datetime.fromisoformat(reply.at).astimezone().date() < letter.issued_on


def close(letter: Letter, evidence: str, today: date) -> Letter:
    """Strike an open letter off (销号), with what proves that the matter is settled."""
    _need_open(letter, "销号")
    if not evidence.strip():
        raise reject("销号要有依据", "请写明整改结果、佐证材料或核查情况")
    return replace(letter, state=LetterState.CLOSED, closed_on=today, evidence=evidence.strip())


def void(letter: Letter, why: str, today: date) -> Letter:
    """Declare an open letter void (作废): it presses nobody, and its number stays used."""
    _need_open(letter, "作废")
    if not why.strip():
        raise reject("作废要写明原因", "请填写作废的原因")
    return replace(letter, state=LetterState.VOID, closed_on=today, evidence=why.strip())


def reopen(letter: Letter, why: str) -> Letter:
    """Open a letter again that was struck off (撤销销号); an objection waits for a ruling again."""
    if letter.state is not LetterState.CLOSED:
        raise reject(
            f"{letter.document_number}{letter.state.label}，没有销号可以撤销", "请核对函件状态"
        )
    if not why.strip():
        raise reject("撤销销号要写明原因", "请填写撤销的原因")
    return replace(open_again(letter), reopened_why=why.strip())


def open_again(letter: Letter) -> Letter:
    """Return a letter as it was before it was struck off or gone beyond."""
    return replace(
        letter,
        state=LetterState.REPLIED if letter.reply else LetterState.ISSUED,
        closed_on=None,
        evidence="",
        ruling=Ruling.NONE if letter.ruling is Ruling.UPHELD else letter.ruling,
        ruling_why="" if letter.ruling is Ruling.UPHELD else letter.ruling_why,
    )


def draft_again(letter: Letter, tasks: Iterable[str], body: str, key: str) -> LetterDraft:
    """Return the draft that a letter was issued from, under another key."""
    return LetterDraft(
        key=key,
        kind=letter.kind,
        unit=letter.unit,
        period=letter.period,
        items=tuple(tasks),
        body=body,
        reply_by=letter.reply_by,
        drafted_on=letter.drafted_on,
        follows=letter.follows,
    )


def _need_open(letter: Letter, verb: str) -> None:
    if not letter.open:
        raise reject(
            f"{letter.document_number}{letter.state.label}，不能{verb}", "请在登记簿核对函件状态"
        )


def overdue(letter: Letter, today: date) -> bool:
    """Tell whether a letter's reply is overdue: its day has passed and nothing was answered."""
    return letter.state is LetterState.ISSUED and today > letter.reply_by


class ProposedAction(LabelledEnum):
    """What is proposed."""

    DRAFT = "draft", "起草提醒敦促函"
    ESCALATE = "escalate", "升级督办"
    ANSWER = "answer", "答复延期申请"
    RULE = "rule", "裁定异议"
    CLOSE = "close", "办结销号"


class Proposal(Struct, frozen=True):
    """A next step that a person may agree to or put off.

    Attributes:
        why: The reason, one sentence.
        items: What it is about: codes of tasks, or reports that are missing.
        letter: The letter that it follows; None for a first one.
    """

    action: ProposedAction
    unit: str
    why: str
    items: tuple[str, ...] = ()
    letter: Letter | None = None

    @property
    def key(self) -> str:
        """What it is remembered by when it is put off."""
        about = self.letter.key if self.letter else ",".join(self.items)
        return f"{self.action.value}/{self.unit}/{about}"

    @property
    def kind(self) -> LetterKind | None:
        """The letter that would be drafted; None when none would."""
        if self.action is ProposedAction.DRAFT:
            return LetterKind.REMINDER
        stronger = self.action is ProposedAction.ESCALATE and self.letter is not None
        return self.letter.kind.next if stronger and self.letter else None


class Pressing(Struct, frozen=True):
    """How things stand, by unit.

    Attributes:
        lagging: Codes of the tasks that are red.
        missed: Reports whose day has passed, as ``report/2026-03``.
        items: By key of a letter, what it presses.
        titles: By code of a task, what it is called.
        unknown: Codes of the tasks of which too little is known to say how they stand.
        found: Doubtful data that was found and is still there, of what letters press.
    """

    lagging: Mapping[str, tuple[str, ...]]
    missed: Mapping[str, tuple[str, ...]]
    items: Mapping[str, tuple[str, ...]]
    titles: Mapping[str, str] = field(default_factory=dict[str, str])
    unknown: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    found: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])

    def wrong(self, unit: str) -> tuple[str, ...]:
        """Return all that is wrong with a unit."""
        return (*self.lagging.get(unit, ()), *self.missed.get(unit, ()))

    def still(self, unit: str, items: Iterable[str]) -> tuple[str, ...]:
        """Return what of a letter's items is still wrong with its unit."""
        wrong = {*self.wrong(unit), *self.found.get(unit, ())}
        return tuple(item for item in items if item in wrong)

    def words(self, items: Iterable[str]) -> str:
        """Name tasks that lag, reports that are missing, and how much doubtful data there is."""
        known = list(items)
        reports = [Period.parse(i.removeprefix(REPORT_ITEM)).name for i in known if _is_report(i)]
        doubts = [item for item in known if item.startswith(FOUND_ITEM)]
        others = (i for i in known if not _is_report(i) and i not in doubts)
        tasks = [f"{i} {self.titles.get(i, '')}".strip() for i in others]
        parts = [f"{len(tasks)} 项任务滞后：{'、'.join(tasks)}"] if tasks else []
        if reports:
            parts.append(f"{len(reports)} 期数据逾期未报：{'、'.join(reports)}")
        if doubts:
            parts.append(f"{len(doubts)} 处数据疑点")
        return "；".join(parts)


def _is_report(item: str) -> bool:
    return item.startswith(REPORT_ITEM)


def propose(
    letters: Sequence[Letter], drafts: Sequence[LetterDraft], now: Pressing, today: date
) -> tuple[Proposal, ...]:
    """Return the next steps that the facts ask for; who goes beyond a letter is named first.

    - the unit objects: rule on that;
    - an extension was asked for: answer it;
    - what a letter presses is put right, and not merely unknown: strike it off;
    - its day has passed without a reply, or with one but nothing better: the next stronger letter;
    - a task lags or a report is missing and no open letter or draft presses it: a reminder.
    """
    known = {draft.follows for draft in drafts if draft.follows}
    found = [
        proposal
        for letter in letters
        if letter.open and letter.key not in known
        if (proposal := _follow_up(letter, now, today)) is not None
    ]
    pressed = _pressed(letters, drafts, now)
    for unit in sorted({*now.lagging, *now.missed}):
        items = tuple(item for item in now.wrong(unit) if (unit, item) not in pressed)
        if items:
            found.append(Proposal(ProposedAction.DRAFT, unit, now.words(items), items))
    order = list(ProposedAction)
    rank = {ProposedAction.ESCALATE: -1}
    return tuple(sorted(found, key=lambda p: rank.get(p.action, order.index(p.action))))


def _follow_up(letter: Letter, now: Pressing, today: date) -> Proposal | None:
    items = now.items.get(letter.key, ())
    still = now.still(letter.unit, items)
    if letter.objects:
        why = f"提出异议：{letter.objection}"
        return Proposal(ProposedAction.RULE, letter.unit, why, items, letter)
    if letter.asks_extension:
        why = f"申请延期至 {letter.wanted_until}：{letter.wanted_why}"
        return Proposal(ProposedAction.ANSWER, letter.unit, why, items, letter)
    unknown = now.unknown.get(letter.unit, ())
    if items and not still and not any(item in unknown for item in items):
        found = any(item.startswith(FOUND_ITEM) for item in items)
        why = "所列数据疑点已不再出现" if found else "所督办事项已达到序时进度或已补报"
        return Proposal(ProposedAction.CLOSE, letter.unit, why, items, letter)
    if today <= letter.reply_by:
        return None
    if letter.kind.next is None:
        return None
    late = (today - letter.reply_by).days
    said = "没有回复" if letter.state is LetterState.ISSUED else "已回复，但事项仍未达到要求"
    why = f"回复期限 {letter.reply_by} 已过 {late} 天，{said}：{now.words(still or items)}"
    return Proposal(ProposedAction.ESCALATE, letter.unit, why, still or items, letter)


def _pressed(
    letters: Iterable[Letter], drafts: Iterable[LetterDraft], now: Pressing
) -> Collection[tuple[str, str]]:
    """Return what is pressed already, by unit."""
    found = {(draft.unit, item) for draft in drafts for item in draft.items}
    for letter in letters:
        if letter.open:
            found |= {(letter.unit, item) for item in now.items.get(letter.key, ())}
    return found
