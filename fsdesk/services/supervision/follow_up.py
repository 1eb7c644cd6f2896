"""What becomes of a letter after its issue: replies, more time, closing; and the unit's side."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from msgspec.structs import replace

from fsdesk.domain.agenda.working_days import next_working_day
from fsdesk.domain.clock import later
from fsdesk.domain.findings import reject
from fsdesk.domain.records.records import RecordKey, RecordKind
from fsdesk.domain.supervision import steps
from fsdesk.domain.supervision.amendments import AmendmentKind, extension_text
from fsdesk.domain.supervision.letters import Letter, LetterReply, voices
from fsdesk.services import working_calendar
from fsdesk.services.plan.planning import require_office
from fsdesk.services.records import evidence
from fsdesk.services.supervision import amendments, office_identity
from fsdesk.store.records import attachments
from fsdesk.store.supervision import letters

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date
    from pathlib import Path

    from fsdesk.domain.packet.directives import Directives, LetterNotice
    from fsdesk.domain.records.attachments import Attachment
    from fsdesk.store.session import Session, Writing
    from fsdesk.workspace import Workspace


def letter_in(session: Session, key: str) -> Letter:
    """Return the letter with a key.

    Raises:
        InputRejectedError: When there is none.
    """
    found = letters.find(session, key)
    if found is None:
        raise reject(f"登记簿中没有函件“{key}”", "请核对文号")
    return found


def register(workspace: Workspace) -> tuple[LetterNotice, ...]:
    """Return all letters that this workspace knows: the office's register, or a unit's."""
    with workspace.reading() as session:
        return letters.all_notices(session)


def named(workspace: Workspace, name: str) -> Letter:
    """Return the letter with a key or a document number.

    Raises:
        InputRejectedError: When there is none.
    """
    for notice in register(workspace):
        if name in (notice.letter.key, notice.letter.document_number):
            return notice.letter
    raise reject(f"登记簿中没有函件“{name}”", "请核对文号")


def newest(notice: LetterNotice) -> tuple[date, int]:
    """Return what letters are sorted by: day of issue, then number."""
    return notice.letter.issued_on or notice.letter.drafted_on, notice.letter.number


def proof_key(letter: Letter) -> RecordKey:
    """Return under what the evidence files of a reply are kept: a letter's key is no task's."""
    return RecordKey(RecordKind.PROGRESS, letter.key, letter.unit, letter.period)


def attach(workspace: Workspace, key: str, file: Path) -> Attachment:
    """Keep a copy of a file as proof of what a reply says; it goes with the unit's packet.

    Raises:
        InputRejectedError: When there is no such letter, or the file can't be taken.
    """
    with workspace.reading() as session:
        letter = letter_in(session, key)
    return evidence.keep(workspace, proof_key(letter), file)


def proofs(workspace: Workspace, letter: Letter) -> tuple[Attachment, ...]:
    """Return the evidence files that came with the replies to a letter."""
    wanted = proof_key(letter)
    with workspace.reading() as session:
        return tuple(a for a in attachments.attachments(session, letter.unit) if a.record == wanted)


def register_reply(workspace: Workspace, key: str, text: str) -> Letter:
    """Enter a reply that came on paper.

    Raises:
        InputRejectedError: When this isn't the office, there is no such letter, or no text.
    """
    require_office(workspace, "登记回复")
    if not text.strip():
        raise reject("回复内容是空的", "请填写回复内容")
    return _step(
        workspace,
        key,
        lambda letter: steps.register_reply(
            letter, LetterReply(key, text.strip(), at=later(workspace.now(), letter.replied_at))
        ),
    )


def answer_extension(workspace: Workspace, key: str, why: str = "", *, granted: bool) -> Letter:
    """Grant or refuse more time, which is put out as a paper of its own.

    A day that was asked for and is not worked becomes the next one that is.

    Raises:
        InputRejectedError: When this isn't the office, or none was asked for.
    """
    require_office(workspace, "答复延期申请")
    kind = AmendmentKind.EXTENDED if granted else AmendmentKind.NOT_EXTENDED
    with workspace.writing() as writing:
        before = letter_in(writing.session, key)
        letter = steps.answer_extension(before, granted=granted)
        if granted:
            until = next_working_day(letter.reply_by, working_calendar.is_working_day)
            letter = replace(letter, reply_by=until)
        letters.update(writing, letter)
        body = extension_text(before, letter, why, voice_of(workspace, letter))
        amendments.put_out(workspace, writing, key, kind, body)
    return letter


def voice_of(workspace: Workspace, letter: Letter) -> str:
    """Return how who issued a letter calls itself."""
    office = office_identity.details(workspace)
    return voices(letter.kind, office.told, office.issuer)[0]


def rule_on(workspace: Workspace, key: str, why: str, *, upheld: bool) -> Letter:
    """Rule on a unit's objection (异议).

    Raises:
        InputRejectedError: When this isn't the office, nobody objects, or no reason is given.
    """
    require_office(workspace, "裁定异议")
    today = workspace.clock().astimezone().date()
    return _step(workspace, key, lambda letter: steps.rule_on(letter, why, today, upheld=upheld))


def close(workspace: Workspace, key: str, proof: str) -> Letter:
    """Strike a letter off (销号) with what proves that the matter is settled.

    Raises:
        InputRejectedError: When this isn't the office, or it may not be struck off.
    """
    (closed,) = close_all(workspace, [key], proof)
    return closed


def close_all(workspace: Workspace, keys: Iterable[str], proof: str) -> tuple[Letter, ...]:
    """Strike letters off with one proof, all or none; see `close`."""
    require_office(workspace, "销号")
    today = workspace.clock().astimezone().date()
    with workspace.writing() as writing:
        closed = [steps.close(letter_in(writing.session, key), proof, today) for key in keys]
        for letter in closed:
            letters.update(writing, letter)
    return tuple(closed)


def _step(workspace: Workspace, key: str, step: Callable[[Letter], Letter]) -> Letter:
    with workspace.writing() as writing:
        letter = step(letter_in(writing.session, key))
        letters.update(writing, letter)
    return letter


# The unit's side


def inbox(workspace: Workspace) -> tuple[LetterNotice, ...]:
    """Return the letters to this workspace's unit, newest first."""
    with workspace.reading() as session:
        found = letters.notices(session, workspace.identity.unit)
    return tuple(sorted(found, key=newest, reverse=True))


def reply(workspace: Workspace, key: str, text: str) -> Letter:
    """Answer a letter; the answer goes with the unit's next packet.

    Raises:
        InputRejectedError: When there is no such letter, it is not open, or nothing is said.
    """
    if not text.strip():
        raise reject("回复内容是空的", "请填写整改落实情况")
    today = workspace.clock().astimezone().date()

    def step(letter: Letter) -> Letter:
        if not letter.open:
            raise reject(f"{letter.document_number}{letter.state.label}", "不需要再回复")
        given = LetterReply(
            key,
            text.strip(),
            received_on=letter.received_on or today,
            at=later(workspace.now(), letter.replied_at),
        )
        return steps.register_reply(letter, given)

    return _step(workspace, key, step)


def ask_extension(workspace: Workspace, key: str, until: date, why: str) -> Letter:
    """Ask for more time; it goes with the unit's next packet.

    Raises:
        InputRejectedError: When that may not be, the reason is missing, or the day is not worked.
    """
    working_calendar.require_working_day(until, "延期后的期限")
    return _ask(workspace, key, lambda letter, day: steps.ask_extension(letter, until, why, day))


def more_time(letter: Letter) -> date:
    """Return until when more time is asked for, or may be: a week more, on a working day."""
    wanted = letter.wanted_until or letter.reply_by + _MORE_TIME
    return next_working_day(wanted, working_calendar.is_working_day)


_MORE_TIME = timedelta(days=7)


def object_to(workspace: Workspace, key: str, why: str) -> Letter:
    """Object to a letter (异议); it goes with the unit's next packet.

    Raises:
        InputRejectedError: When that may not be, or no reason is given.
    """
    return _ask(workspace, key, lambda letter, day: steps.object_to(letter, why, day))


def _ask(workspace: Workspace, key: str, ask: Callable[[Letter, date], Letter]) -> Letter:
    today = workspace.clock().astimezone().date()

    def step(letter: Letter) -> Letter:
        received = letter.received_on or today
        return replace(
            ask(letter, today),
            received_on=received,
            replied_at=later(workspace.now(), letter.replied_at),
        )

    return _step(workspace, key, step)


def take_reply(writing: Writing, unit: str, given: LetterReply) -> None:
    """Enter what a unit's packet answers to a letter; the same again changes nothing."""
    now = replied(writing.session, unit, given)
    if now is not None:
        letters.update(writing, now)


def replied(
    session: Session, unit: str, given: LetterReply, brought: Directives | None = None
) -> Letter | None:
    """Return a letter as a reply leaves it; None when it changes nothing or isn't the unit's.

    `brought`: what comes with the reply, the letter perhaps among it.

    One that was given before the letter was issued answers another letter of the same number.
    """
    letter = letters.find(session, given.letter)
    if letter is None and brought is not None:
        letter = brought.letter(given.letter)
    if letter is None or letter.unit != unit or steps.answers_another(letter, given):
        return None
    now = steps.register_reply(letter, given)
    return now if now != letter else None
