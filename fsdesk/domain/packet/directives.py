"""What the office hands down with a packet: plan, rules, its review of a report, letters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from fsdesk.domain.agenda.agenda import Event, event_from_dict, event_to_dict
from fsdesk.domain.findings import reject
from fsdesk.domain.ledger.codec import ledgers_from_dict, ledgers_to_dict
from fsdesk.domain.office import UNTOLD, OfficeIdentity
from fsdesk.domain.packet.holdings import Receipts, receipts_from_dict, receipts_to_dict
from fsdesk.domain.plain import from_plain, to_plain
from fsdesk.domain.plan.codec import plan_from_dict, plan_to_dict
from fsdesk.domain.quality.rules import QualityChoices, choices_from_dict
from fsdesk.domain.records.records import RecordKey, RecordKind
from fsdesk.domain.records.submissions import Review, ReviewState, RowComment
from fsdesk.domain.settings import Rules
from fsdesk.domain.supervision.amendments import Amendment
from fsdesk.domain.supervision.letters import Letter, LetterState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fsdesk.domain.ledger.ledger import Ledger
    from fsdesk.domain.plan.plan import Plan


class LetterNotice(Struct, frozen=True):
    """A letter as its addressee gets to know it.

    Attributes:
        tasks: Codes of the tasks that it presses.
        body: Its text, one paragraph a line.
        amendments: What was issued about it since, oldest first.
    """

    letter: Letter
    tasks: tuple[str, ...]
    body: str
    amendments: tuple[Amendment, ...] = ()

    @property
    def text(self) -> str:
        """All that was said: its text, then what was issued about it since."""
        since = [f"【{each.remark}】\n{each.body}" for each in self.amendments]
        return "\n\n".join([self.body, *since])

    @property
    def remarks(self) -> tuple[str, ...]:
        """What was asked for, objected, answered and issued since, in words."""
        return (*self.letter.remarks, *(each.remark for each in self.amendments))

    @property
    def issued(self) -> Letter:
        """The letter; earlier programs handed letters down as drafts."""
        if self.letter.state is not LetterState.DRAFTED:
            return self.letter
        return replace(self.letter, state=LetterState.ISSUED, issued_on=self.letter.drafted_on)


class Directives(Struct, frozen=True):
    """What the office hands down.

    Attributes:
        review: What the office says of the unit's report; FEEDBACK packets only.
        letters: Letters to the unit; FEEDBACK packets only.
        events: What the office itself put on the agenda.
        office: What the office has said of itself, for its letters and a unit's own papers.
        quality: What the office decided about the rules of data quality; None of programs that
            knew none.
        receipts: What the office has of the unit's; None of programs that said nothing of it, and
            while it has nothing.
    """

    plan: Plan
    rules: Rules
    ledgers: tuple[Ledger, ...] = ()
    review: Review | None = None
    letters: tuple[LetterNotice, ...] = ()
    events: tuple[Event, ...] = ()
    quality: QualityChoices | None = None
    office: OfficeIdentity = UNTOLD
    receipts: Receipts | None = None

    def letter(self, key: str) -> Letter | None:
        """Return the letter with a key, as it is handed down; None when it isn't among them."""
        return next((each.issued for each in self.letters if each.letter.key == key), None)


def directives_to_dict(directives: Directives) -> Mapping[str, Any]:
    """Return what is handed down as plain values that JSON can hold; they are only to be read."""
    known: dict[str, Any] = {}
    if directives.quality is not None:
        known["quality"] = to_plain(directives.quality)
    told = {name: value for name, value in to_plain(directives.office).items() if value}
    if told:  # packets of an office that said nothing stay as they were
        known["office"] = told
    if directives.receipts is not None:
        known["receipts"] = receipts_to_dict(directives.receipts)
    return {
        **known,
        "plan": plan_to_dict(directives.plan),
        "rules": rules_to_dict(directives.rules),
        "ledgers": ledgers_to_dict(directives.ledgers),
        "review": _review_to_dict(directives.review) if directives.review else None,
        "letters": [_letter_to_dict(notice) for notice in directives.letters],
        "events": [event_to_dict(event) for event in directives.events],
    }


def rules_to_dict(rules: Rules) -> dict[str, Any]:
    """Return rules as plain values, without what was added after packets were first written.

    That is left out where it says nothing new, so that their signed content stays the same.
    """
    added = (
        "least_coverage", "count_returned", "sealed_ledgers", "seal_all", "issued_on", "mend_days",
    )  # fmt: skip
    default = to_plain(Rules())
    return {
        name: value
        for name, value in to_plain(rules).items()
        if name not in added or value != default[name]
    }


def directives_from_dict(plain: Mapping[str, Any], unit: str) -> Directives:
    """Rebuild what is handed down to a unit; InputRejectedError for other values."""
    try:
        receipts = plain.get("receipts")
        review = plain.get("review")
        quality = plain.get("quality")
        return Directives(
            plan_from_dict(plain["plan"]),
            from_plain(Rules, plain.get("rules") or {}),
            ledgers_from_dict(plain.get("ledgers", ())),
            _review_from_dict(review) if review else None,
            tuple(_letter_from_dict(each) for each in plain.get("letters", ())),
            tuple(event_from_dict(each) for each in plain.get("events", ())),
            choices_from_dict(quality) if quality else None,
            from_plain(OfficeIdentity, plain.get("office") or {}),
            receipts_from_dict(receipts, unit) if receipts else None,
        )
    except (KeyError, ValueError, TypeError) as problem:
        raise reject("文件中下发的数据已损坏", "请向汇总端重新索要") from problem


# What programs of the first version take for a returned report; the rest goes beside it.
_STATES_OUT = {ReviewState.REOPENED: {"state": ReviewState.RETURNED.value, "reopened": True}}


def _review_to_dict(review: Review) -> dict[str, Any]:
    return {
        **_STATES_OUT.get(review.state, {"state": review.state.value}),
        "comment": review.comment,
        "at": review.at,
        "report": review.report,
        "rows": [[*_key_parts(row.record), row.comment] for row in review.rows],
    }


def _review_from_dict(plain: Mapping[str, Any]) -> Review:
    rows = (
        RowComment(RecordKey(RecordKind(kind), item, unit, period), comment)
        for kind, item, unit, period, comment in plain["rows"]
    )
    return Review(
        ReviewState.REOPENED if plain.get("reopened") else ReviewState(plain["state"]),
        str(plain["comment"]),
        str(plain["at"]),
        tuple(rows),
        str(plain.get("report", "")),
    )


def _key_parts(key: RecordKey) -> tuple[str, ...]:
    return key.kind.value, key.item, key.unit, key.period


# What programs that know no 作废 take for struck off; that it is void goes beside it.
_LETTERS_OUT = {LetterState.VOID: LetterState.CLOSED}
# What letters had from the first; programs of that time take no more. The rest goes beside it.
_FIRST = ("kind", "year", "number", "unit", "period", "drafted_on", "reply_by", "state")


def _letter_to_dict(notice: LetterNotice) -> dict[str, Any]:
    letter = notice.letter
    plain = to_plain(replace(letter, state=_LETTERS_OUT.get(letter.state, letter.state)))
    first = {name: plain.pop(name) for name in _FIRST}
    more = {name: value for name, value in plain.items() if value}
    if letter.state is LetterState.VOID:
        more["void"] = True
    told = {"letter": first, "more": more, "tasks": list(notice.tasks), "body": notice.body}
    if notice.amendments:
        told["amendments"] = to_plain(notice.amendments)
    return told


def _letter_from_dict(plain: Mapping[str, Any]) -> LetterNotice:
    more = plain.get("more", {})
    letter = from_plain(Letter, {**plain["letter"], **more})
    if more.get("void"):
        letter = replace(letter, state=LetterState.VOID)
    amendments = tuple(from_plain(Amendment, each) for each in plain.get("amendments", ()))
    return LetterNotice(letter, tuple(plain["tasks"]), str(plain["body"]), amendments)
