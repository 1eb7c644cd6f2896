"""Supervision (督办): who lags, which letters are out, what should come next, and doing it."""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from functools import cached_property
from itertools import takewhile
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from fsdesk.domain.agenda.working_days import add_working_days
from fsdesk.domain.findings import reject
from fsdesk.domain.output.issued_papers import Kept
from fsdesk.domain.packet.directives import LetterNotice
from fsdesk.domain.packet.handover import ThingKind
from fsdesk.domain.periods import Period, date_text, months_of
from fsdesk.domain.plan.indicators import number_text
from fsdesk.domain.plan.naming import level_of, level_word, whole_of
from fsdesk.domain.records.figures import PER_CENT
from fsdesk.domain.status.lights import Light
from fsdesk.domain.status.measures import Measure
from fsdesk.domain.status.reports import covering, is_asked, owed_in_year
from fsdesk.domain.status.shares import paced
from fsdesk.domain.supervision import steps
from fsdesk.domain.supervision.interviews import (
    Interview,
    check_interview,
    interview_day,
    interview_in,
    with_interview,
)
from fsdesk.domain.supervision.letters import REPORT_ITEM, Letter, LetterDraft, LetterKind, voices
from fsdesk.domain.supervision.steps import Pressing, Proposal, ProposedAction
from fsdesk.services import working_calendar
from fsdesk.services.plan.planning import plan_in, require_office
from fsdesk.services.status import aggregation, handover
from fsdesk.services.supervision import (
    follow_up,
    kept_letters,
    letter_texts,
    office_identity,
    taking_back,
)
from fsdesk.services.supervision import found as found_data
from fsdesk.services.supervision.kept_letters import Ready
from fsdesk.services.supervision.letter_texts import Wanted
from fsdesk.store.care import restored
from fsdesk.store.settings import load_setting, save_setting
from fsdesk.store.supervision import letters

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from fsdesk.domain.quality.doubts import DataDoubt
    from fsdesk.domain.settings import Rules
    from fsdesk.domain.status.results import TaskResult, YearStatus
    from fsdesk.domain.status.year import Year
    from fsdesk.services.supervision.kept_letters import KeptLetter
    from fsdesk.store.session import Session, Writing
    from fsdesk.workspace import Workspace

TREND = 6
PUT_OFF_DAYS = 7
_PUT_OFF = "supervision-put-off"


class LaggingTask(Struct, frozen=True, dict=True):
    """A unit's task that is red.

    Years have very many, of which few are looked at: what is told of each is found out when it is
    asked for.

    Attributes:
        letter: Document number of the letter that presses it; empty without one.
    """

    unit: str
    name: str
    result: TaskResult
    letter: str
    _course: _Course

    @cached_property
    def trend(self) -> tuple[Light, ...]:
        """Its light in the last months, oldest first, the present one last."""
        return (*self._course.before(self.result.task.code, self.unit), self.result.light)

    @property
    def since(self) -> Period | None:
        """Month since which it has been red, without a break."""
        return self._course.red_since(self.trend)

    @property
    def rule(self) -> str:
        """By which rule it is red, in words."""
        return rule_text(self.result, self._course.status.rules)


class Missed(Struct, frozen=True):
    """A report whose day has passed.

    Attributes:
        due: Its day; where it was returned, that by which it was to come again.
        returned: Whether it came and was returned.
    """

    unit: str
    name: str
    period: Period
    due: date
    days: int
    letter: str
    returned: bool = False


class CaseDesk(Struct, frozen=True):
    """Everything about supervision at a period.

    Attributes:
        level: The word for what is judged over all units: 区级, 市级.
        everyone: How all units together are called: 全区, 全市.
        whole: How many tasks are red as a whole, over all their units.
        lagging: Units' tasks that are red, the furthest behind first.
        missed: Reports that are missing after their day.
        proposals: What should come next, without what was put off.
        drafts: Letters that are not issued.
        notice: What people must be told of holidays that are not known; or nothing.
        idle: Why nobody is pressed at the period; empty as a rule.
        still_here: Keys of letters whose issue or closing can be taken back.
        kept: How letters were kept as they were issued, by their keys.
    """

    period: Period
    today: date
    names: Mapping[str, str]
    level: str
    everyone: str
    whole: int
    lagging: tuple[LaggingTask, ...]
    missed: tuple[Missed, ...]
    proposals: tuple[Proposal, ...]
    drafts: tuple[LetterDraft, ...]
    issued: tuple[LetterNotice, ...]
    notice: str
    idle: str = ""
    still_here: frozenset[str] = frozenset()
    kept: Mapping[str, Kept] = field(default_factory=dict[str, Kept])

    @property
    def waiting(self) -> tuple[Letter, ...]:
        """Letters that nobody has answered, the one due first at the head."""
        open_ones = [n.letter for n in self.issued if n.letter.open and not n.letter.reply]
        return tuple(sorted(open_ones, key=lambda letter: letter.reply_by))


def case_desk(workspace: Workspace, period: Period) -> CaseDesk:
    """Return everything about supervision up to a period.

    Raises:
        InputRejectedError: When this isn't the office.
    """
    require_office(workspace, "督办")
    name = ("case desk", period)
    return aggregation.made_once(workspace, name, lambda: _case_desk(workspace, period))


def _case_desk(workspace: Workspace, period: Period) -> CaseDesk:
    course = _course_to(workspace, period)
    status, today = course.status, _today(workspace)
    missed = _missed(workspace, status, today)
    with workspace.reading() as session:
        known, drafted = letters.letters(session), letters.drafts(session)
        items = letters.items(session)
        issued = letters.all_notices(session)
        here, kept = taking_back.still_here(session, issued), kept_letters.known(session)
    numbers = _numbers(known, items)
    idle = _idle(course.year, period)
    return CaseDesk(
        period=period,
        today=today,
        names={unit.code: unit.name for unit in status.plan.directory.units},
        level=level_word(status.plan),
        everyone=whole_of(status.plan) if level_of(status.plan) else "全部单位",
        lagging=_lagging(course, numbers) if not idle else (),
        whole=sum(task.light is Light.RED for task in status.tasks) if not idle else 0,
        missed=tuple(replace(m, letter=numbers.get((m.unit, _item(m)), "")) for m in missed),
        proposals=_proposed(workspace, status, missed),
        drafts=drafted,
        issued=tuple(sorted(issued, key=follow_up.newest, reverse=True)),
        notice=working_calendar.notice([today, *(letter.reply_by for letter in known)]),
        idle=idle,
        still_here=here,
        kept=kept,
    )


def _idle(year: Year, period: Period) -> str:
    """Say why nobody is pressed at a period; empty where units have the plan."""
    if is_asked(period, year.since):
        return ""
    if year.plan.draft_note:
        return f"{year.plan.draft_note}。确认为正式计划并下发后开始督办。"
    if year.since is None:
        return (
            "计划还没有下发，不计逾期，也不提出督办建议。请在“交换”页下发计划；"
            "已经以纸质方式下发的，请在“设置”填写下发日期。"
        )
    day = date_text(year.since)
    return f"计划自{day}起下发，{period.name}在此以前，不计逾期，也不提出督办建议。"


def due_count(workspace: Workspace, period: Period) -> int:
    """Return how many things wait here, for the badge.

    The office has next steps, a unit letters to answer and answers that no packet has carried.
    Unlike `case_desk` it judges the period alone, not the months before.
    """
    if not workspace.identity.is_office:
        waiting = sum(n.letter.open and not n.letter.reply for n in follow_up.inbox(workspace))
        unsent = handover.handed_over(workspace).unsent
        return waiting + sum(thing.kind is ThingKind.REPLY for thing in unsent)
    status = aggregation.status_now(workspace, period)
    return len(_proposed(workspace, status, _missed(workspace, status, _today(workspace))))


def _proposed(
    workspace: Workspace, status: YearStatus, missed: Iterable[Missed]
) -> tuple[Proposal, ...]:
    """Return what should come next, without what was put off."""
    today = _today(workspace)
    year = aggregation.year_of(workspace, ())
    with workspace.reading() as session:
        notices, drafted = letters.all_notices(session), letters.drafts(session)
        pressing = _pressing(status, missed, letters.items(session))
        put_off = _still_put_off(session, today)
    known = tuple(notice.letter for notice in notices)
    pressing = replace(pressing, found=found_data.still_there(workspace, notices))
    found = steps.propose(known, drafted, pressing, today)
    if not is_asked(status.period, year.since):
        found = tuple(each for each in found if each.letter is not None)
    own = workspace.identity.unit  # the office writes no letters to itself
    return tuple(each for each in found if each.key not in put_off and each.unit != own)


class _Course(Struct, frozen=True):
    """The year's last months, a period last: since when a unit's task has been red.

    Months before the period are judged only for what is asked. Letters rest on what is known now,
    whatever was published.
    """

    year: Year
    periods: tuple[Period, ...]
    status: YearStatus

    def before(self, task: str, unit: str) -> tuple[Light, ...]:
        """Return a unit's earlier lights of a task, oldest first; grey while it had no such."""
        return tuple([self.year.unit_light(task, unit, period) for period in self.periods[:-1]])

    def red_since(self, lights: Sequence[Light]) -> Period | None:
        """Return since when lights have been red without a break; None when the last is not."""
        pairs = zip(reversed(self.periods), reversed(lights), strict=True)
        red = [period for period, _ in takewhile(lambda pair: pair[1] is Light.RED, pairs)]
        return red[-1] if red else None


def _course_to(workspace: Workspace, period: Period) -> _Course:
    before = months_of(period.year)[: period.last_month - 1][-TREND + 1 :]
    periods = (*before, period)
    year = aggregation.year_of(workspace, periods)
    return _Course(year, periods, aggregation.status_now(workspace, period))


def _today(workspace: Workspace) -> date:
    return workspace.clock().astimezone().date()


def _pressing(
    status: YearStatus, missed: Iterable[Missed], items: Mapping[str, tuple[str, ...]]
) -> Pressing:
    lagging = {
        unit.unit: red
        for unit in status.units
        if (red := tuple(task.task.code for task in unit.tasks if task.light is Light.RED))
    }
    reports: dict[str, tuple[str, ...]] = {}
    for each in missed:
        reports[each.unit] = (*reports.get(each.unit, ()), _item(each))
    titles = {task.code: task.title for task in status.plan.tasks}
    unknown = {
        unit.unit: tuple(task.task.code for task in unit.tasks if task.light is Light.GREY)
        for unit in status.units
    }
    return Pressing(lagging, reports, items, titles, unknown)


def _item(missed: Missed) -> str:
    return f"{REPORT_ITEM}{missed.period}"


def _numbers(
    known: Iterable[Letter], items: Mapping[str, tuple[str, ...]]
) -> dict[tuple[str, str], str]:
    """Return the number of the open letter that presses something, by unit and item."""
    return {
        (letter.unit, item): letter.document_number
        for letter in known
        if letter.open
        for item in items.get(letter.key, ())
    }


def _lagging(course: _Course, numbers: Mapping[tuple[str, str], str]) -> tuple[LaggingTask, ...]:
    found = [
        LaggingTask(
            unit.unit, unit.name, task, numbers.get((unit.unit, task.task.code), ""), course
        )
        for unit in course.status.units
        for task in unit.tasks
        if task.light is Light.RED
    ]
    found.sort(key=lambda each: each.result.pace - (each.result.progress or 0.0), reverse=True)
    return tuple(found)


def rule_text(task: TaskResult, rules: Rules) -> str:
    """Return why a task has its light, in words, with the rule that was applied."""
    late = [part.name for part in task.parts if part.deadline_missed]
    if late:
        return f"已过完成时限：{'、'.join(late)}"
    if task.progress is None:
        return "没有填报数据"
    shown = paced(task.progress, task.pace, rules)
    margin = number_text(rules.yellow_margin * PER_CENT)
    return (
        f"{Measure.TASK_PROGRESS.label} {shown.reached}，{Measure.PACE.label} {shown.pace}，"
        f"落后 {shown.gap} 个百分点，超过偏慢界限 {margin} 个百分点"
    )


def _missed(workspace: Workspace, status: YearStatus, today: date) -> tuple[Missed, ...]:
    """Return the reports that were owed up to a period, by the plan of their time."""
    year = aggregation.year_of(workspace, ())
    found: list[Missed] = []
    for unit, period in owed_in_year(year.plan, year.since):
        came = covering(year.known.reports, unit, period)
        if not period.within(status.period) or (came is not None and came.received):
            continue
        due = working_calendar.report_day(period, came, status.rules)
        if due < today:
            name, returned = year.plan.unit_name(unit), came is not None
            found.append(Missed(unit, name, period, due, (today - due).days, "", returned))
    return tuple(found)


# Drafting


def agree(
    workspace: Workspace, period: Period, proposals: Sequence[Proposal]
) -> tuple[LetterDraft, ...]:
    """Draft the letters that are proposed; what needs other words is passed over.

    Nothing is issued by this: a draft has no number and may be changed. What was drafted since it
    was proposed, such as by a second press, is passed over as well.

    Raises:
        InputRejectedError: When this isn't the office or nothing lags any more.
    """
    require_office(workspace, "起草函件")
    course = _course_to(workspace, period)
    wanted = [
        _new_draft(workspace, course, each, each.kind)
        for each in proposals
        if each.kind is not None
    ]
    with workspace.writing() as writing:
        there = {_cause(draft) for draft in letters.drafts(writing.session)}
        made = [draft for draft in wanted if _cause(draft) not in there]
        for draft in made:
            letters.save_draft(writing, draft)
    return tuple(made)


def _cause(draft: LetterDraft) -> tuple[LetterKind, str, str]:
    """Return what no two drafts have in common."""
    return draft.kind, draft.unit, draft.follows


def draft_for(workspace: Workspace, period: Period, unit: str, kind: LetterKind) -> LetterDraft:
    """Draft a letter to a unit about everything in which it lags.

    Raises:
        InputRejectedError: When this isn't the office or nothing lags.
    """
    draft = text_for(workspace, period, unit, kind)
    with workspace.writing() as writing:
        letters.save_draft(writing, draft)
    return draft


def draft_found(
    workspace: Workspace, period: Period, doubts: Iterable[DataDoubt]
) -> tuple[LetterDraft, ...]:
    """Draft a reminder to each unit about doubtful data of its own that was found up to a period.

    What an open letter or a draft presses already is passed over.

    Raises:
        InputRejectedError: When this isn't the office, or nothing is left to be asked for.
    """
    require_office(workspace, "起草函件")
    course = _course_to(workspace, period)
    if idle := _idle(course.year, period):
        raise reject(f"现在不能起草函件：{idle}", "请核对报告期和计划的下发日期")
    with workspace.reading() as session:
        notices, drafted = letters.all_notices(session), letters.drafts(session)
    pressed = {item for notice in notices if notice.letter.open for item in notice.tasks}
    pressed |= {item for draft in drafted for item in draft.items}
    by_unit: dict[str, dict[str, None]] = {}
    for doubt in doubts:
        item, unit = found_data.item_of(doubt), doubt.spot.unit
        if item not in pressed and unit and unit != workspace.identity.unit:
            by_unit.setdefault(unit, {})[item] = None
    if not by_unit:
        raise reject("所选的数据疑点没有可以发函的", "已在函件或拟稿中的，请在“督办”办理")
    made = [
        _new_draft(
            workspace,
            course,
            Proposal(ProposedAction.DRAFT, unit, "", tuple(items)),
            LetterKind.REMINDER,
        )
        for unit, items in by_unit.items()
    ]
    with workspace.writing() as writing:
        for draft in made:
            letters.save_draft(writing, draft)
    return tuple(made)


def text_for(
    workspace: Workspace, period: Period, unit: str, kind: LetterKind, days: int | None = None
) -> LetterDraft:
    """Return what `draft_for` would draft, without keeping it.

    Raises:
        InputRejectedError: When this isn't the office or nothing lags.
    """
    require_office(workspace, "起草函件")
    course = _course_to(workspace, period)
    status = course.status
    if idle := _idle(course.year, period):
        raise reject(f"现在不能起草函件：{idle}", "请核对报告期和计划的下发日期")
    code = status.plan.directory.unit(unit).code
    missed = _missed(workspace, status, _today(workspace))
    items = _pressing(status, missed, {}).wrong(code)
    return _new_draft(
        workspace, course, Proposal(ProposedAction.DRAFT, code, "", items), kind, days
    )


def _returned(year: Year, proposal: Proposal) -> Mapping[str, date]:
    """Return by when each report that is pressed was to come again, of those that were returned."""
    found: dict[str, date] = {}
    for item in proposal.items:
        if item.startswith(REPORT_ITEM):
            period = Period.parse(item.removeprefix(REPORT_ITEM))
            came = covering(year.known.reports, proposal.unit, period)
            if came is not None and came.mend_by is not None:
                found[item] = working_calendar.report_day(period, came, year.rules)
    return found


def _new_draft(
    workspace: Workspace,
    course: _Course,
    proposal: Proposal,
    kind: LetterKind,
    days: int | None = None,
) -> LetterDraft:
    today, status = _today(workspace), course.status
    if days is None:
        due = steps.reply_due(kind, today, status.rules, working_calendar.is_working_day)
    else:
        due = add_working_days(today, days, working_calendar.is_working_day)
    office = office_identity.details(workspace)
    contact = "，".join(part for part in (office.told.contact, office.told.phone) if part)
    spoken = voices(kind, office.told, office.issuer)
    last, about = proposal.letter, proposal.items
    period, found = status.period, dict[str, str]()
    if any(map(found_data.is_found, about)):
        period = Period.parse(last.period) if last else period
        found |= found_data.texts(workspace, period, proposal.unit)
    wanted = Wanted(
        kind, proposal.unit, about, due, last, found, contact, *spoken,
        returned=_returned(course.year, proposal),
    )  # fmt: skip

    def since(task: str) -> Period | None:
        now = course.year.unit_light(task, proposal.unit, status.period)
        return course.red_since((*course.before(task, proposal.unit), now))

    return LetterDraft(
        key=secrets.token_hex(8),
        kind=kind,
        unit=proposal.unit,
        period=str(period),
        items=proposal.items,
        body=letter_texts.letter_text(status, since, wanted),
        reply_by=due,
        drafted_on=today,
        follows=proposal.letter.key if proposal.letter else "",
    )


def drafts(workspace: Workspace) -> tuple[LetterDraft, ...]:
    """Return the letters that are drafted and not issued, oldest first."""
    with workspace.reading() as session:
        return letters.drafts(session)


def edit_draft(workspace: Workspace, key: str, body: str, reply_by: date) -> LetterDraft:
    """Change the text of a draft and its day for the reply; the day in the text follows.

    Of an interview the report is due after it: where no other day was chosen, that moves too.

    Raises:
        InputRejectedError: When there is no such draft.
    """
    require_office(workspace, "修改函件")
    rules = aggregation.year_of(workspace, ()).rules
    with workspace.writing() as writing:
        before = _draft(writing.session, key)
        day = interview_day(body) if before.kind is LetterKind.INTERVIEW else None
        if day is not None and reply_by == before.reply_by and reply_by <= day:
            reply_by = steps.reply_due(before.kind, day, rules, working_calendar.is_working_day)
        text = steps.with_reply_day(body.strip(), before.reply_by, reply_by)
        draft = replace(before, body=text, reply_by=reply_by)
        letters.save_draft(writing, draft)
    return draft


def arrange(workspace: Workspace, key: str, told: Mapping[str, str]) -> LetterDraft:
    """Settle when, where and by whom an interview is held, in the text of its draft.

    ``told`` goes by field of `Interview`; what is not named stays as it is.

    Raises:
        InputRejectedError: When there is no such draft, or it calls to no interview.
    """
    with workspace.reading() as session:
        draft = _draft(session, key)
    if draft.kind is not LetterKind.INTERVIEW:
        raise reject(f"这份拟稿是{draft.kind.label}，没有约谈安排", "请选择约谈通知书的拟稿")
    settled = replace(interview_in(draft.body) or Interview(), **told)
    return edit_draft(workspace, key, with_interview(draft.body, settled), draft.reply_by)


def withdraw(workspace: Workspace, *keys: str) -> tuple[LetterDraft, ...]:
    """Take drafts back, all or none; they had no number, so none is lost.

    Raises:
        InputRejectedError: When there is no such draft.
    """
    require_office(workspace, "撤回函件")
    with workspace.writing() as writing:
        found = tuple(_draft(writing.session, key) for key in keys)
        for draft in found:
            letters.remove_draft(writing, draft)
    return found


def draft_again(workspace: Workspace, drafts: Iterable[LetterDraft]) -> None:
    """Put drafts back that were taken back."""
    require_office(workspace, "起草函件")
    with workspace.writing() as writing:
        for draft in drafts:
            letters.save_draft(writing, draft)


def would_issue(workspace: Workspace, keys: Iterable[str]) -> tuple[Letter, ...]:
    """Return the letters that drafts would be issued as, with their numbers, changing nothing.

    Raises:
        InputRejectedError: When one may not be issued.
    """
    require_office(workspace, "印发函件")
    with workspace.reading() as session:
        plan = plan_in(session, workspace.identity.year)
        used, found = _used(session), list[Letter]()
        for key in keys:
            draft = _draft(session, key)
            series = office_identity.series_in(session, draft.kind, plan)
            letter = steps.issue(draft, used, workspace.identity.year, _today(workspace), series)
            _check_dates(workspace, draft)
            found.append(letter)
            used.add(letter.key)
    return tuple(found)


def _used(session: Session) -> set[str]:
    return letters.keys_used(session) | restored.given_letters(session)


def issue(workspace: Workspace, keys: Iterable[str]) -> tuple[Letter, ...]:
    """Issue drafts, all or none: each takes its number, and what it goes beyond is marked so.

    Raises:
        InputRejectedError: When one may not be issued.
    """
    require_office(workspace, "印发函件")
    wanted, ready = tuple(keys), Ready(workspace)
    would_be = would_issue(workspace, wanted)
    with workspace.reading() as session:
        drafted = [_draft(session, key) for key in wanted]
    ready.lay_out(
        LetterNotice(letter, draft.items, draft.body)
        for letter, draft in zip(would_be, drafted, strict=True)
    )
    with workspace.writing() as writing:
        drafted = [_draft(writing.session, key) for key in wanted]
        return tuple(put_out(workspace, writing, draft, ready).letter for draft in drafted)


def put_out(
    workspace: Workspace, writing: Writing, draft: LetterDraft, ready: Ready | None = None
) -> KeptLetter:
    """Issue one draft within a unit of work and keep its paper; see `issue`."""
    used, year = _used(writing.session), workspace.identity.year
    plan = plan_in(writing.session, year)
    series = office_identity.series_in(writing.session, draft.kind, plan)
    letter = steps.issue(draft, used, year, _today(workspace), series)
    _check_dates(workspace, draft)
    if draft.follows:
        before = follow_up.letter_in(writing.session, draft.follows)
        letters.update(writing, steps.escalate(before))
    letters.remove_draft(writing, draft)
    letters.save_letter(writing, letter, draft.items, draft.body)
    return kept_letters.keep(workspace, writing, letter.key, Kept.ISSUED, ready)


def _check_dates(workspace: Workspace, draft: LetterDraft) -> None:
    """Refuse days on which nobody is there to come or to answer."""
    if draft.kind is LetterKind.INTERVIEW:
        check_interview(draft, workspace.clock().astimezone())
        if (day := interview_day(draft.body)) is not None:
            working_calendar.require_working_day(day, "约谈时间")
    working_calendar.require_working_day(draft.reply_by, "回复期限")


def _draft(session: Session, key: str) -> LetterDraft:
    found = letters.find_draft(session, key)
    if found is None:
        raise reject("没有这份拟稿，可能已印发或撤回", "请刷新后重试")
    return found


def put_off(workspace: Workspace, proposal: Proposal) -> None:
    """Put a proposal off (暂不): it comes back after a week if its cause still stands."""
    require_office(workspace, "督办")
    today = _today(workspace)
    with workspace.writing() as writing:
        kept = _still_put_off(writing.session, today)
        kept[proposal.key] = (today + timedelta(days=PUT_OFF_DAYS)).isoformat()
        save_setting(writing, _PUT_OFF, kept)


def _still_put_off(session: Session, today: date) -> dict[str, str]:
    known = load_setting(session, _PUT_OFF)
    return {key: day for key, day in known.items() if date.fromisoformat(day) > today}
