"""Taking a step of a letter back: as if it had not been, until it left the office; else openly.

A letter leaves with the unit's FEEDBACK packet, and on paper or as a file. Before that an issue or
a closing is undone and nobody hears of it. After that the letter is declared void, or opened again,
with a reason that the unit gets with the next packet; what it says is put right by a correction.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from fsdesk.domain.findings import reject
from fsdesk.domain.supervision import steps
from fsdesk.domain.supervision.amendments import AmendmentKind, correction_text
from fsdesk.domain.supervision.letters import Letter, LetterDraft, LetterState
from fsdesk.services.plan.planning import require_office
from fsdesk.services.supervision import amendments, follow_up, kept_letters
from fsdesk.store.records import submissions
from fsdesk.store.supervision import letters

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fsdesk.domain.packet.directives import LetterNotice
    from fsdesk.domain.supervision.amendments import Amendment
    from fsdesk.store.session import Session, Writing
    from fsdesk.workspace import Workspace


def still_here(session: Session, notices: Iterable[LetterNotice]) -> frozenset[str]:
    """Return the keys of letters whose issue or closing can be taken back: it did not leave."""
    ends = submissions.feedback_ends(session)
    return frozenset(each.letter.key for each in notices if _is_here(session, each.letter, ends))


def _is_here(session: Session, letter: Letter, ends: dict[str, int]) -> bool:
    if letter.state is LetterState.CLOSED:
        line = letters.struck_off_at(session, letter)
        return bool(line) and ends.get(letter.unit, 0) < line
    if letter.state is not LetterState.ISSUED or letter.replied_at:
        return False
    line = letters.entered_at(session, letter)
    packet_left = ends.get(letter.unit, 0) >= line
    return bool(line) and not packet_left and not letters.left_since(session, letter, line)


def take_back(workspace: Workspace, keys: Sequence[str]) -> tuple[Letter | LetterDraft, ...]:
    """Undo the issue or the closing of letters, all or none.

    One that was struck off is open again; one that was issued is a draft again, its number free.

    Returns:
        What they are now, in the order of the keys.

    Raises:
        InputRejectedError: When this isn't the office, one left already, or a later number of its
            series was given.
    """
    require_office(workspace, "撤回函件")
    found: dict[str, Letter | LetterDraft] = {}
    with workspace.writing() as writing:
        # The last number of a series goes first, so that none is left out between.
        notices = sorted((_notice(writing.session, key) for key in keys), key=_number, reverse=True)
        for notice in notices:
            found[notice.letter.key] = _taken_back(writing, notice)
    return tuple(found[key] for key in keys)


def _number(notice: LetterNotice) -> int:
    return notice.letter.number


def _notice(session: Session, key: str) -> LetterNotice:
    found = letters.notice(session, key)
    if found is None:
        raise reject("登记簿中没有这份函件", "请刷新后重试")
    return found


def _taken_back(writing: Writing, notice: LetterNotice) -> Letter | LetterDraft:
    session, letter = writing.session, notice.letter
    if letter.key not in still_here(session, [notice]):
        remedy = "已送达的函件请写明原因后作废，已告知的销号请写明原因后撤销"
        raise reject(f"{letter.document_number}已随反馈包或文件送出，不能再撤回", remedy)
    if letter.state is LetterState.CLOSED:
        opened = steps.open_again(letter)
        letters.update(writing, opened)
        return opened
    later = [each for each in letters.letters(session) if _follows(each, letter)]
    if later:
        raise reject(
            f"{letter.document_number}之后已编到{later[-1].document_number}，撤回会缺号",
            "请先撤回其后的函件，或写明原因后作废",
        )
    draft = steps.draft_again(letter, notice.tasks, notice.body, secrets.token_hex(8))
    letters.remove(writing, notice)
    kept_letters.let_go(writing, letter)
    letters.save_draft(writing, draft)
    _open_former(writing, letter)
    return draft


def _follows(other: Letter, letter: Letter) -> bool:
    series = (letter.kind, letter.year)
    return (other.kind, other.year) == series and other.number > letter.number


def _open_former(writing: Writing, letter: Letter) -> None:
    """Open the letter again that one went beyond which is no more."""
    former = letters.find(writing.session, letter.follows) if letter.follows else None
    if former is not None and former.state is LetterState.ESCALATED:
        letters.update(writing, steps.open_again(former))


def void(workspace: Workspace, key: str, why: str) -> Letter:
    """Declare a letter void (作废) that left already: its number stays used, it counts no more.

    Raises:
        InputRejectedError: When this isn't the office, it is not open, or no reason is given.
    """
    require_office(workspace, "作废函件")
    today = workspace.clock().astimezone().date()
    with workspace.writing() as writing:
        letter = steps.void(follow_up.letter_in(writing.session, key), why, today)
        letters.update(writing, letter)
        _open_former(writing, letter)
    return letter


def reopen(workspace: Workspace, key: str, why: str) -> Letter:
    """Open a letter again that was struck off (撤销销号).

    Raises:
        InputRejectedError: When this isn't the office, it is not struck off, or no reason is given.
    """
    require_office(workspace, "撤销销号")
    with workspace.writing() as writing:
        letter = steps.reopen(follow_up.letter_in(writing.session, key), why)
        letters.update(writing, letter)
    return letter


def correct(workspace: Workspace, key: str, words: str) -> Amendment:
    """Put right what an issued letter says, by a paper of its own; the letter stays as it is.

    `words`: what is put right, a paragraph a line.

    Raises:
        InputRejectedError: When this isn't the office, nothing is said, the letter is void, or it
            has not left yet and can be taken back instead.
    """
    require_office(workspace, "更正函件")
    with workspace.writing() as writing:
        notice = _notice(writing.session, key)
        letter = notice.letter
        body = correction_text(letter, words, follow_up.voice_of(workspace, letter))
        if letter.open and still_here(writing.session, [notice]):
            raise reject(
                f"{letter.document_number}还没有送出，不需要更正", "请撤回印发，改好后再印发"
            )
        return amendments.put_out(workspace, writing, key, AmendmentKind.CORRECTED, body)


def note_printed(workspace: Workspace, key: str) -> None:
    """Note that an issued letter went to the printer; a draft leaves nothing behind."""
    note_left(workspace, key, "printed")


def note_left(workspace: Workspace, key: str, how: str) -> None:
    """Note that an issued letter left the office; drafts and a unit's letters are passed over."""
    if not workspace.identity.is_office:
        return
    with workspace.reading() as session:
        letter = letters.find(session, key)
    if letter is not None:
        with workspace.writing() as writing:
            letters.note_left(writing, letter, how)
