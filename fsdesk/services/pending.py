"""What the office has to do today (今天要做的): each kind of thing with its count and its place."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.clock import clock_text
from fsdesk.domain.findings import Severity
from fsdesk.domain.labelled import LabelledEnum
from fsdesk.domain.packet.signing import KeyState
from fsdesk.domain.periods import date_text
from fsdesk.domain.plan.naming import field_of, office_of
from fsdesk.domain.records.submissions import Direction, SubmissionState
from fsdesk.domain.status.reports import covering, owed_in_year
from fsdesk.domain.steps import run_through
from fsdesk.services import working_calendar
from fsdesk.services.packet import conflicts, review_desk, signing
from fsdesk.services.plan.planning import plan_in, require_office
from fsdesk.services.quality import data_quality
from fsdesk.services.status import aggregation
from fsdesk.services.supervision import supervision
from fsdesk.store.records import submissions
from fsdesk.store.supervision import letters

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import date

    from fsdesk.domain.periods import Period
    from fsdesk.domain.supervision.letters import Letter
    from fsdesk.workspace import Workspace

_MOST_PERIODS = 3  # that have an entry of their own


class PendingKind(LabelledEnum):
    """What is to be done; the word is that of the entry."""

    REVIEW = "review", "审核报送"
    EARLIER_REVIEWS = "earlier-reviews", "审核更早的报送"
    CONFLICTS = "conflicts", "处理差异"
    KEYS = "keys", "核对签名"
    EXTENSIONS = "extensions", "答复延期申请"
    OBJECTIONS = "objections", "裁定异议"
    REPLIES = "replies", "到期未复函件"
    DRAFTS = "drafts", "印发函件"
    PROPOSALS = "proposals", "督办建议"
    DOUBTS = "doubts", "核实数据疑点"
    REMIND = "remind", "提醒单位"


class PendingWork(Struct, frozen=True):
    """Things of one kind that wait.

    Attributes:
        words: What they are, such as names of units.
        urgent: Whether a day has passed.
        period: The period in which they lie; None where they lie in none, or in several.
        letters: Keys of the letters or drafts.
    """

    kind: PendingKind
    count: int
    words: str
    urgent: bool = False
    period: Period | None = None
    letters: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The words of its entry."""
        if self.kind is PendingKind.REVIEW and self.period is not None:
            return f"审核{self.period.name}报送"
        return self.kind.label


class Owing(Struct, frozen=True):
    """What a unit has not handed in, in words, and whether its day has passed."""

    unit: str
    name: str
    things: tuple[str, ...]
    overdue: bool


class PendingList(Struct, frozen=True):
    """What is to be done on a day.

    Attributes:
        owing: The units to be reminded, with what each owes.
        rests_on: On what all this rests, in words.
        field: What the plan is about, in short: 食药安.
        office: What the units call who asks.
    """

    today: date
    items: tuple[PendingWork, ...]
    owing: tuple[Owing, ...]
    rests_on: str
    field: str
    office: str

    @property
    def reminder(self) -> str:
        """A text for the units' chat group: who, what, until when; empty when nothing is owed."""
        if not self.owing:
            return ""
        lines = [
            f"{number}. {each.name}：{'；'.join(each.things)}"
            for number, each in enumerate(self.owing, 1)
        ]
        head = f"【{self.field}报送提醒】截至{date_text(self.today)}，以下单位还有材料没有交来："
        return "\n".join([head, *lines, f"已经交来的请忽略；有困难的请与{self.office}联系。"])


def pending(workspace: Workspace) -> PendingList:
    """Return what the office has to do today, without doubts of data quality; see `doubts`.

    Raises:
        InputRejectedError: When this isn't the office.
    """
    require_office(workspace, "查看待办")
    today = workspace.clock().astimezone().date()
    with workspace.reading() as session:
        plan = plan_in(session, workspace.identity.year)
        known = letters.letters(session)
        drafts = letters.drafts(session)
        came = [
            note.handled_at
            for note in submissions.packets(session)
            if note.direction is Direction.RECEIVED
        ]

    def names(units: Iterable[str]) -> str:
        return "、".join(dict.fromkeys(map(plan.unit_name, units)))

    def of_letters(kind: PendingKind, found: Sequence[Letter]) -> PendingWork:
        keys = tuple(letter.key for letter in found)
        urgent = any(letter.reply_by < today for letter in found)
        return PendingWork(kind, len(found), names(x.unit for x in found), urgent, letters=keys)

    apart = (*conflicts.conflicts(workspace), *conflicts.ledger_conflicts(workspace))
    keys = [key for key in signing.known_keys(workspace) if key.state is KeyState.WAITING]
    period = aggregation.working_period(workspace)
    proposed = supervision.due_count(workspace, period)
    unanswered = [x for x in known if x.open and not x.reply]
    owing = tuple(_owing(workspace, unanswered, today))
    items = (
        *_reviews(review_desk.waiting_reports(workspace), names),
        PendingWork(PendingKind.CONFLICTS, len(apart), names(map(_unit_of, apart))),
        PendingWork(
            PendingKind.KEYS, len(keys), "、".join(dict.fromkeys(key.unit_name for key in keys))
        ),
        of_letters(PendingKind.EXTENSIONS, [x for x in known if x.open and x.asks_extension]),
        of_letters(PendingKind.OBJECTIONS, [x for x in known if x.open and x.objects]),
        of_letters(PendingKind.REPLIES, [x for x in unanswered if x.reply_by <= today]),
        PendingWork(
            PendingKind.DRAFTS,
            len(drafts),
            names(draft.unit for draft in drafts),
            letters=tuple(draft.key for draft in drafts),
        ),
        PendingWork(PendingKind.PROPOSALS, proposed, f"截至{period.name}", period=period),
        PendingWork(
            PendingKind.REMIND,
            len(owing),
            "、".join(each.name for each in owing),
            any(each.overdue for each in owing),
        ),
    )
    shown = tuple(it for it in items if it.count)
    return PendingList(today, shown, owing, _rests_on(came), field_of(plan), office_of(plan))


def doubts(workspace: Workspace) -> PendingWork | None:
    """Return what the rules of data quality find up to now; None when they find nothing.

    All ledgers are gone through for it, so it is found out once for each state of the data.
    """
    period = aggregation.working_period(workspace)
    found = aggregation.made_once(
        workspace,
        ("doubts", period),
        lambda: run_through(data_quality.examine(workspace, period)),
    )
    grave = found.count(Severity.ERROR)
    words = f"截至{period.name}" + (f"，其中错误 {grave} 条" if grave else "")
    count = found.count()
    return PendingWork(PendingKind.DOUBTS, count, words, bool(grave), period) if count else None


def _reviews(
    waiting: Iterable[tuple[str, Period]], names: Callable[[Iterable[str]], str]
) -> Iterator[PendingWork]:
    """Yield an entry for each of the latest periods in which reports wait, and one for the rest."""
    by_period: dict[Period, list[str]] = defaultdict(list)
    for unit, period in waiting:
        by_period[period].append(unit)
    earlier, latest = list(by_period)[:-_MOST_PERIODS], list(by_period)[-_MOST_PERIODS:]
    for period in reversed(latest):
        units = by_period[period]
        yield PendingWork(PendingKind.REVIEW, len(units), names(units), period=period)
    if earlier:
        count = sum(len(by_period[period]) for period in earlier)
        words = "、".join(f"{period.name} {len(by_period[period])} 家" for period in earlier)
        yield PendingWork(PendingKind.EARLIER_REVIEWS, count, words, period=earlier[0])


def _unit_of(found: conflicts.Conflict | conflicts.LedgerConflict) -> str:
    if isinstance(found, conflicts.LedgerConflict):
        return found.mine.unit
    return found.mine.key.unit


def _owing(workspace: Workspace, unanswered: Iterable[Letter], today: date) -> Iterator[Owing]:
    """Yield what each unit owes for periods that have ended, and in reply to letters."""
    year = aggregation.year_of(workspace, ())
    things: dict[str, list[str]] = defaultdict(list)
    late: Counter[str] = Counter()
    for unit, period in owed_in_year(year.plan, year.since):
        came = covering(year.known.reports, unit, period)
        if not period.ended(today) or (came is not None and came.received):
            continue
        due = working_calendar.report_day(period, came, workspace.rules)
        what = f"{period.name}报送"
        if came is not None and came.state is SubmissionState.RETURNED:
            things[unit].append(f"{what}已退回，{_again_until(due, today)}")
        else:
            things[unit].append(f"{what}{_until(due, today)}")
        late[unit] += due < today
    for letter in unanswered:
        what = f"{letter.kind.label} {letter.document_number} 的回复"
        things[letter.unit].append(f"{what}{_until(letter.reply_by, today)}")
        late[letter.unit] += letter.reply_by < today
    for unit in sorted(things, key=lambda unit: not late[unit]):  # who is late comes first
        yield Owing(unit, year.plan.unit_name(unit), tuple(things[unit]), bool(late[unit]))


def _again_until(due: date, today: date) -> str:
    if due < today:
        days = (today - due).days
        return f"应于{due.month}月{due.day}日前改正后重新报送，已逾期 {days} 天"
    return f"请于{due.month}月{due.day}日前改正后重新报送"


def _until(due: date, today: date) -> str:
    if due < today:
        return f"应于{due.month}月{due.day}日前交，已逾期 {(today - due).days} 天"
    return f"请于{due.month}月{due.day}日前交"


def _rests_on(came: Sequence[str]) -> str:
    last = f"最近一次 {clock_text(max(came))}" if came else "还没有收到"
    return f"依据本机已接收的文件（{last}）、登记的函件和数据质量规则；各单位还没有交来的文件不在内"
