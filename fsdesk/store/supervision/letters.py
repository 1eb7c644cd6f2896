"""Drafts of letters, the register of those issued, and what they press."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

from msgspec.structs import asdict, replace
from sqlalchemy import select

from fsdesk.domain.packet.directives import LetterNotice
from fsdesk.domain.plain import from_plain, to_plain
from fsdesk.domain.supervision.amendments import PREFIX, Amendment
from fsdesk.domain.supervision.letters import (
    Letter,
    LetterDraft,
    LetterState,
    letter_of_key,
)
from fsdesk.store import audit, issued_papers
from fsdesk.store.settings import load_setting
from fsdesk.store.supervision.tables import LetterDraftRow, LetterRow, SupervisionCaseRow

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fsdesk.store.session import Session, Writing

_SPLIT = ","
# Of the change log: a letter was entered or changed; it left the office.
_ENTERED, _LEFT = "letter", "letter out"
# The setting that names letters which units hold and this office does not know any more.
ELSEWHERE = "letters-elsewhere"
# What only the unit knows; all else of a letter is the office's.
_OWN = ("received_on", "reply", "replied_at", "wanted_until", "wanted_why", "objection")


def save_letter(writing: Writing, letter: Letter, tasks: Iterable[str], body: str = "") -> None:
    """Enter a letter, the tasks that it presses, and its text."""
    series = {"kind": letter.kind.value, "year": letter.year, "number": letter.number}
    writing.session.add(LetterRow(**_values(letter), body=body))
    writing.session.flush()
    pressed = list(tasks)
    writing.session.add_all(SupervisionCaseRow(**series, task=task) for task in pressed)
    after = {**_plain(letter), **series, "tasks": pressed, "body": body}
    audit.log(writing, "letter", letter.document_number, None, after)


def update(writing: Writing, letter: Letter) -> None:
    """Enter what became of a letter, and log it; no change is no line."""
    row = writing.session.get_one(LetterRow, _series(letter))
    before = _letter(row)
    if before == letter:
        return
    for name, value in _values(letter).items():
        setattr(row, name, value)
    was, now = _plain(before), _plain(letter)
    changed = [name for name in now if now[name] != was[name]]
    audit.log(
        writing,
        "letter",
        letter.document_number,
        {name: was[name] for name in changed},
        {name: now[name] for name in changed},
    )


def remove(writing: Writing, notice: LetterNotice) -> None:
    """Take a letter out of the register that never left the office; the log keeps it."""
    row = writing.session.get_one(LetterRow, _series(notice.letter))
    before = {**_plain(notice.letter), "tasks": list(notice.tasks), "body": row.body}
    for task in notice.tasks:
        key = (*_series(notice.letter), task)
        writing.session.delete(writing.session.get_one(SupervisionCaseRow, key))
    writing.session.flush()
    writing.session.delete(row)
    writing.session.flush()
    audit.log(writing, "letter", notice.letter.document_number, before, None)


def note_left(writing: Writing, letter: Letter, how: str) -> None:
    """Note that a letter left the office, as paper or as a file."""
    audit.log(writing, _LEFT, letter.document_number, None, {"how": how})


def entered_at(session: Session, letter: Letter) -> int:
    """Return at which line of the log a letter was issued; 0 where the log doesn't tell."""
    lines = audit.numbered(session, _ENTERED, letter.document_number)
    return next((line for line, change in lines if change.before is None), 0)


def struck_off_at(session: Session, letter: Letter) -> int:
    """Return at which line of the log a letter was struck off last; 0 where it doesn't tell."""
    for line, change in audit.numbered(session, _ENTERED, letter.document_number):
        after: dict[str, Any] = json.loads(change.after) if change.after else {}
        if after.get("state") == LetterState.CLOSED.value:
            return line
    return 0


def left_since(session: Session, letter: Letter, line: int) -> bool:
    """Tell whether a letter left the office, on paper or as a file, after a line of the log."""
    return any(
        number > line for number, _ in audit.numbered(session, _LEFT, letter.document_number)
    )


def receive(writing: Writing, notice: LetterNotice) -> None:
    """Enter a letter that came in; the same again changes nothing, nor is an own reply lost.

    Another letter of a number that is known already changes nothing.
    """
    letter = notice.issued
    row = writing.session.get(LetterRow, _series(letter))
    if row is None:
        save_letter(writing, letter, notice.tasks, notice.body)
        return
    if is_another(writing.session, notice):
        return
    here = _letter(row)
    if here.replied_at > letter.replied_at:
        letter = replace(letter, **{name: getattr(here, name) for name in _OWN})
        if letter.state is LetterState.ISSUED and here.reply:
            letter = replace(letter, state=LetterState.REPLIED)
    update(writing, letter)


def says_otherwise(session: Session, notice: LetterNotice) -> bool:
    """Tell whether a letter that came in says something else of what is the office's."""
    here = find(session, notice.letter.key)
    if here is None or is_another(session, notice):
        return False
    own = {name: getattr(here, name) for name in _OWN}
    replied = {here.state, notice.letter.state} <= {LetterState.ISSUED, LetterState.REPLIED}
    return replace(notice.letter, **own, state=here.state) != here or not (
        replied or here.state is notice.letter.state
    )


def is_another(session: Session, notice: LetterNotice) -> bool:
    """Tell whether another letter is held under the number of one that came in."""
    row = session.get(LetterRow, _series(notice.letter))
    if row is None:
        return False
    letter = notice.letter
    text_differs = bool(row.body and notice.body) and row.body != notice.body
    days = (row.unit, row.period, row.drafted_on), (letter.unit, letter.period, letter.drafted_on)
    return text_differs or days[0] != days[1]


def keys_used(session: Session) -> set[str]:
    """Return the keys of all letters that were ever issued, as far as the office or units know."""
    return {letter.key for letter in letters(session)} | set(
        load_setting(session, ELSEWHERE).get("keys", [])
    )


def find(session: Session, key: str) -> Letter | None:
    """Return the letter with a key, or None."""
    try:
        kind, year, number = letter_of_key(key)
    except ValueError:
        return None
    row = session.get(LetterRow, (kind.value, year, number))
    return _letter(row) if row else None


def notice(session: Session, key: str) -> LetterNotice | None:
    """Return a letter with its text and what it presses, or None."""
    found = find(session, key)
    if found is None:
        return None
    row = session.get_one(LetterRow, _series(found))
    return LetterNotice(found, items(session).get(key, ()), row.body, amendments(session, key))


def notices(session: Session, unit: str) -> tuple[LetterNotice, ...]:
    """Return the letters to a unit with their texts, by kind, year and number."""
    return tuple(each for each in all_notices(session) if each.letter.unit == unit)


def all_notices(session: Session) -> tuple[LetterNotice, ...]:
    """Return all letters with their texts, by kind, year and number."""
    pressed, since = items(session), _amendments(session)
    query = select(LetterRow).order_by(LetterRow.kind, LetterRow.year, LetterRow.number)
    found = ((_letter(row), row.body) for row in session.scalars(query))
    return tuple(
        LetterNotice(letter, pressed.get(letter.key, ()), body, since.get(letter.key, ()))
        for letter, body in found
    )


def amendments(session: Session, key: str) -> tuple[Amendment, ...]:
    """Return what was issued about a letter since, oldest first."""
    return _amendments(session, f"{key}/").get(key, ())


def _amendments(session: Session, of: str = "") -> dict[str, tuple[Amendment, ...]]:
    """Return what was issued about letters since, oldest first, by the letter's key."""
    told = issued_papers.contents(session, f"{PREFIX}{of}").values()
    made = [from_plain(Amendment, json.loads(each)["amendment"]) for each in told]
    found: dict[str, tuple[Amendment, ...]] = {}
    for each in sorted(made, key=lambda each: each.number):
        found[each.letter] = (*found.get(each.letter, ()), each)
    return found


def items(session: Session) -> dict[str, tuple[str, ...]]:
    """Return what each letter presses, by its key."""
    pressed: dict[str, tuple[str, ...]] = {}
    for row in session.scalars(select(SupervisionCaseRow).order_by(SupervisionCaseRow.task)):
        key = f"{row.kind}/{row.year}/{row.number}"
        pressed[key] = (*pressed.get(key, ()), row.task)
    return pressed


def letters(session: Session) -> tuple[Letter, ...]:
    """Return all letters by kind, year and number."""
    query = select(LetterRow).order_by(LetterRow.kind, LetterRow.year, LetterRow.number)
    return tuple(_letter(row) for row in session.scalars(query))


def save_draft(writing: Writing, draft: LetterDraft) -> None:
    """Store a draft in place of what it was, and log it."""
    before = find_draft(writing.session, draft.key)
    values = to_plain(draft, keep=(date,)) | {"items": _SPLIT.join(draft.items)}
    writing.session.merge(LetterDraftRow(**values))
    audit.log(
        writing,
        "letter draft",
        f"draft/{draft.key}",
        _draft_plain(before) if before else None,
        _draft_plain(draft),
    )


def remove_draft(writing: Writing, draft: LetterDraft) -> None:
    """Take a draft back, or away since it was issued; the log keeps it."""
    writing.session.delete(writing.session.get_one(LetterDraftRow, draft.key))
    audit.log(writing, "letter draft", f"draft/{draft.key}", _draft_plain(draft), None)


def drafts(session: Session) -> tuple[LetterDraft, ...]:
    """Return all drafts, oldest first."""
    query = select(LetterDraftRow).order_by(LetterDraftRow.drafted_on, LetterDraftRow.key)
    return tuple(_draft(row) for row in session.scalars(query))


def find_draft(session: Session, key: str) -> LetterDraft | None:
    """Return the draft with a key, or None."""
    row = session.get(LetterDraftRow, key)
    return _draft(row) if row else None


def _series(letter: Letter) -> tuple[str, int, int]:
    return letter.kind.value, letter.year, letter.number


def _values(letter: Letter) -> dict[str, Any]:
    return to_plain(letter, keep=(date,))


def _plain(letter: Letter) -> dict[str, object]:
    return {name: str(value) for name, value in _values(letter).items()}


def _draft_plain(draft: LetterDraft) -> dict[str, object]:
    return {name: str(value) for name, value in asdict(draft).items()}


def _letter(row: LetterRow) -> Letter:
    return from_plain(Letter, {name: getattr(row, name) for name in Letter.__struct_fields__})


def _draft(row: LetterDraftRow) -> LetterDraft:
    values: dict[str, Any] = {name: getattr(row, name) for name in LetterDraft.__struct_fields__}
    values["items"] = [item for item in row.items.split(_SPLIT) if item]
    return from_plain(LetterDraft, values)
