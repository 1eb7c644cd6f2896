"""How far all that a unit hands over to the office has come: compared by revision, by no clock."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from msgspec import Struct, field

from fsdesk.domain.clock import clock_text
from fsdesk.domain.labelled import LabelledEnum
from fsdesk.domain.output.wording import day_text
from fsdesk.domain.packet.holdings import NO_ROWS, answer_key
from fsdesk.domain.periods import Period
from fsdesk.domain.records.submissions import ReviewState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from fsdesk.domain.packet.holdings import Holdings, LedgerMark, Receipts
    from fsdesk.domain.records.merge import Revision
    from fsdesk.domain.records.records import RecordKey


class Handover(LabelledEnum):
    """How far a thing that a unit hands over has come."""

    UNSENT = "unsent", "未导出"
    SENT = "sent", "已导出"  # and the office has not said yet that it has it
    RECEIVED = "received", "已收到"
    ACCEPTED = "accepted", "已审核"
    RETURNED = "returned", "已退回"


class ThingKind(LabelledEnum):
    """What a thing is that a unit hands over."""

    RECORD = "record", "填报"
    EVIDENCE = "evidence", "佐证材料"
    LEDGER = "ledger", "台账"
    REPLY = "reply", "回复"
    OPINION = "opinion", "意见答复"


class OwnRecord(Struct, frozen=True):
    """A record as it stands in the unit's workspace.

    Attributes:
        filled: Whether anything is typed in it.
        at: When that was typed or taken, ISO text in UTC; for people only.
    """

    key: RecordKey
    revision: Revision
    filled: bool
    at: str


class OwnFile(Struct, frozen=True):
    """An evidence file of the unit's; `at` as for records."""

    record: RecordKey
    digest: str
    at: str


class OwnRows(Struct, frozen=True):
    """The unit's rows in a ledger.

    Attributes:
        mark: What they came to when a packet last went out or came in; None where none did.
        unsent: How many rows were written since the last report and did not come from the office.
        at: When the first of these was written; for people only.
    """

    ledger: str
    title: str
    mark: LedgerMark | None
    unsent: int
    at: str


class OwnReply(Struct, frozen=True):
    """An answer to a letter; see `Holdings.replies`.

    Attributes:
        what: What was answered: 回复, or 申请延期 or 异议 where nothing more was.
    """

    letter: str
    number: str
    at: str
    what: str = "回复"


class OwnAnswer(Struct, frozen=True):
    """What the unit answered to an opinion on a returned report; see `Holdings.answers`."""

    period: str
    item: str
    at: str


class Own(Struct, frozen=True):
    """All that a unit has to hand over, as it stands in its workspace."""

    records: Sequence[OwnRecord] = ()
    files: Sequence[OwnFile] = ()
    rows: Sequence[OwnRows] = ()
    replies: Sequence[OwnReply] = ()
    answers: Sequence[OwnAnswer] = ()


class Thing(Struct, frozen=True):
    """A thing that a unit hands over, and how far it has come.

    Attributes:
        key: The record that it is or proves, as text, the code of the ledger or the letter's key.
        name: What people know it by, where it isn't an item of the plan.
        period: In its text form; empty for what goes along with the report of any period.
        count: How many: rows, or one.
        since: When it was typed, while it is not sent; ISO text in UTC.
        what: What sort of answer to a letter it is; empty for other things.
    """

    kind: ThingKind
    key: str
    name: str
    period: str
    state: Handover
    count: int = 1
    since: str = ""
    what: str = ""

    @property
    def words(self) -> str:
        """How far it has come, in words: 2 行未导出（4月2日起）."""
        if self.state is Handover.UNSENT:
            since = f"（{day_text(self.since)}起）" if self.since else ""
            return f"{self.count} {_MEASURES[self.kind]}未导出{since}"
        if self.state is Handover.SENT:
            return "已导出，尚未收到回执"
        return f"汇总端{self.state.label}"


_MEASURES = {
    ThingKind.RECORD: "项",
    ThingKind.EVIDENCE: "个",
    ThingKind.LEDGER: "行",
    ThingKind.REPLY: "件",
    ThingKind.OPINION: "条",
}


class Said(Struct, frozen=True):
    """What tells how far things have come.

    Attributes:
        carried: What each packet held that the unit sent, or that the office sent it.
        receipts: What the office said last that it has; None while it has not.
        reviews: What the office decided on the reports that stand, by period.
        workspace: Id of the unit's workspace.
    """

    carried: Sequence[Holdings] = ()
    receipts: Receipts | None = None
    reviews: Mapping[str, ReviewState] = field(default_factory=dict[str, ReviewState])
    workspace: str = ""


def judge(own: Own, said: Said) -> tuple[Thing, ...]:
    """Tell of all that a unit hands over how far it has come."""
    return (
        *_records(own.records, said),
        *_files(own.files, said),
        *(_rows(rows, said) for rows in own.rows),
        *(_reply(reply, said) for reply in own.replies),
        *(_answer(answer, said) for answer in own.answers),
    )


_REVIEWED = {ReviewState.ACCEPTED: Handover.ACCEPTED, ReviewState.RETURNED: Handover.RETURNED}


def _records(records: Iterable[OwnRecord], said: Said) -> Iterable[Thing]:
    carried: dict[RecordKey, list[Revision]] = {}
    for packet in said.carried:
        for key, revision in packet.records.items():
            known = carried.setdefault(key, [])
            if revision not in known:
                known.append(revision)
    for each in records:
        sent = carried.get(each.key, ())
        if not each.filled and not sent:
            continue  # typed and taken back before anybody saw it
        at_office = said.receipts and said.receipts.held.has_record(each.key, each.revision)
        if at_office or any(revision.contains(each.revision) for revision in sent):
            arrived = Handover.RECEIVED if at_office else Handover.SENT
            review = said.reviews.get(each.key.period)
            state = _REVIEWED.get(review, arrived) if review else arrived
            yield Thing(ThingKind.RECORD, str(each.key), "", each.key.period, state)
        else:
            yield Thing(
                ThingKind.RECORD, str(each.key), "", each.key.period, Handover.UNSENT, 1, each.at
            )


def _files(files: Iterable[OwnFile], said: Said) -> Iterable[Thing]:
    carried = {each for packet in said.carried for each in packet.evidence}
    arrived = said.receipts.held.evidence if said.receipts else ()
    for each in files:
        known, key = (each.record, each.digest), each.record
        state = _state(sent=known in carried, received=known in arrived)
        since = each.at if state is Handover.UNSENT else ""
        # What proves an answer to a letter goes along with the report of any period.
        period = "" if "/" in key.item else key.period
        yield Thing(ThingKind.EVIDENCE, str(key), "", period, state, 1, since)


def _rows(rows: OwnRows, said: Said) -> Thing:
    receipts, told = said.receipts, NO_ROWS
    if receipts is not None:
        told = receipts.rows.get(said.workspace, {}).get(rows.ledger, NO_ROWS)
    sent = not rows.unsent
    state = _state(sent=sent, received=sent and receipts is not None and rows.mark == told)
    count = rows.unsent or (rows.mark.rows if rows.mark else 0)
    return Thing(ThingKind.LEDGER, rows.ledger, rows.title, "", state, count, rows.at)


def _reply(reply: OwnReply, said: Said) -> Thing:
    sent = any(packet.replies.get(reply.letter) == reply.at for packet in said.carried)
    received = bool(said.receipts) and said.receipts.held.replies.get(reply.letter) == reply.at
    state = _state(sent=sent, received=received)
    since = reply.at if state is Handover.UNSENT else ""
    return Thing(ThingKind.REPLY, reply.letter, reply.number, "", state, 1, since, reply.what)


def _answer(answer: OwnAnswer, said: Said) -> Thing:
    key = answer_key(answer.period, answer.item)
    sent = any(packet.answers.get(key) == answer.at for packet in said.carried)
    received = bool(said.receipts) and said.receipts.held.answers.get(key) == answer.at
    state = _state(sent=sent, received=received)
    since = answer.at if state is Handover.UNSENT else ""
    return Thing(ThingKind.OPINION, key, "", answer.period, state, 1, since)


def _state(*, sent: bool, received: bool) -> Handover:
    if received:
        return Handover.RECEIVED
    return Handover.SENT if sent else Handover.UNSENT


# All of it, in words


class HandedOver(Struct, frozen=True):
    """How far all that a unit hands over has come.

    Attributes:
        awaited: The periods of the year for which just such a report is still to be made.
        owed: Those of them that have ended; both oldest first.
        unanswered: How many opinions on returned reports wait for an answer.
    """

    things: tuple[Thing, ...] = ()
    awaited: tuple[Period, ...] = ()
    owed: tuple[Period, ...] = ()
    unanswered: int = 0

    def in_state(self, *states: Handover) -> tuple[Thing, ...]:
        """Return the things that have come so far."""
        return tuple(thing for thing in self.things if thing.state in states)

    @property
    def unsent(self) -> tuple[Thing, ...]:
        """What no packet has carried as it stands now."""
        return self.in_state(Handover.UNSENT)

    @property
    def count(self) -> int:
        """How many things are not sent, rows one by one."""
        return sum(thing.count for thing in self.unsent)

    @property
    def since(self) -> str:
        """When the first of what is not sent was typed, ISO text in UTC; empty for nothing."""
        return min((thing.since for thing in self.unsent if thing.since), default="")

    @property
    def periods(self) -> tuple[Period, ...]:
        """The periods of which something is not sent, oldest first."""
        found = {Period.parse(thing.period) for thing in self.unsent if thing.period}
        return tuple(sorted(found, key=lambda period: period.order))

    def of_records(self) -> Mapping[str, Handover]:
        """Return by the text of its key how far each record has come; its evidence counts too."""
        found: dict[str, Handover] = {}
        for thing in self.things:
            if thing.kind is ThingKind.RECORD or (
                thing.kind is ThingKind.EVIDENCE and thing.state is Handover.UNSENT
            ):
                known = found.get(thing.key, thing.state)
                found[thing.key] = least((known, thing.state)) or known
        return found

    def of(self, kind: ThingKind, key: str) -> Thing | None:
        """Return a thing by its key, of several the one that has come least; None without one."""
        found = (each for each in self.things if each.kind is kind and each.key == key)
        return min(found, key=lambda each: list(Handover).index(each.state), default=None)

    @property
    def parts(self) -> tuple[str, ...]:
        """What is not sent, in words: by period, then what goes along with any report."""
        found = [_period_words(period, self.unsent) for period in self.periods]
        beside = [thing for thing in self.unsent if not thing.period]
        for kind in _BESIDE:
            counts: Counter[str] = Counter()
            for thing in beside:
                if thing.kind is kind:
                    counts[thing.what or kind.label] += thing.count
            found += [f"{what} {count} {_MEASURES[kind]}" for what, count in counts.items()]
        return tuple(found)

    @property
    def returned(self) -> tuple[Period, ...]:
        """The periods whose report was returned and holds what stands there unchanged."""
        found = {Period.parse(each.period) for each in self.in_state(Handover.RETURNED)}
        return tuple(sorted(found, key=lambda period: period.order))

    @property
    def words(self) -> str:
        """How all of it stands, in a few words that are always true."""
        if self.unsent:
            parts = self.parts
            more = f"等 {len(parts)} 处" if len(parts) > _MOST_NAMED else ""
            since = f"（{day_text(self.since)}起）" if self.since else ""
            return f"未导出：{'、'.join(parts[:_MOST_NAMED])}{more}{since}"
        if self.returned:
            return f"{names(self.returned)}已退回，改正后请重新导出"
        if not self.things:
            return "还没有填报内容"
        waits = self.in_state(Handover.SENT)
        told = ["已导出，尚未收到回执" if waits else "已全部交出并收到回执"]
        told += [f"{self.unanswered} 条退回意见未答复"] if self.unanswered else []
        blank = [period for period in self.owed if not self._begun(period)]
        told += [f"{names(blank)}还没有填报"] if blank else []
        return "；".join(told)

    @property
    def told(self) -> str:
        """The same at length: since when it is so, and what each state means."""
        if self.unsent:
            since = f"，{clock_text(self.since)} 起" if self.since else ""
            return f"尚未导出{since}：\n" + "\n".join(self.parts)
        waits = [thing.name or thing.kind.label for thing in self.in_state(Handover.SENT)]
        if waits:
            return (
                f"{len(waits)} 项已导出，汇总端还没有回执：接收其反馈包或下发包后，这里才会说已收到"
            )
        return "汇总端的反馈包已确认收到全部内容" if self.things else ""

    def _begun(self, period: Period) -> bool:
        return any(thing.period == str(period) for thing in self.things)


_MOST_NAMED = 3
_OF_PERIOD = (ThingKind.RECORD, ThingKind.EVIDENCE, ThingKind.OPINION)
_BESIDE = (ThingKind.LEDGER, ThingKind.REPLY, ThingKind.EVIDENCE)


def least(states: Iterable[Handover]) -> Handover | None:
    """Return the state that stands for several: what still waits, then how little has come far."""
    return min(states, key=list(Handover).index, default=None)


def _period_words(period: Period, things: Iterable[Thing]) -> str:
    own = [thing for thing in things if thing.period == str(period)]
    counts = {kind: sum(thing.kind is kind for thing in own) for kind in _OF_PERIOD}
    items = counts[ThingKind.RECORD]
    told = [f"{items} 项"] if items else []
    told += [
        f"{kind.label} {count} {_MEASURES[kind]}"
        for kind, count in counts.items()
        if count and kind is not ThingKind.RECORD
    ]
    return f"{period.name} {'、'.join(told)}"


def names(periods: Sequence[Period]) -> str:
    """Return the names of periods, the first few and how many more there are."""
    told = "、".join(period.name for period in periods[:_MOST_NAMED])
    return f"{told}等 {len(periods)} 期" if len(periods) > _MOST_NAMED else told
