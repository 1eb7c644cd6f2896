"""The text of a letter, drafted from the data by kind and cause: what is wrong, what is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

from fsdesk.domain.findings import reject
from fsdesk.domain.output.official import book_title, listed
from fsdesk.domain.periods import Period, date_text
from fsdesk.domain.supervision.causes import LetterCause, cause_of
from fsdesk.domain.supervision.interviews import Interview
from fsdesk.domain.supervision.letters import REPORT_ITEM, LetterKind
from fsdesk.services import working_calendar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from fsdesk.domain.status.results import YearStatus
    from fsdesk.domain.supervision.letters import Letter

_MOST_FOUND = 20
# An extension is asked for so many working days before the end, and answered within so many.
_ASK_BEFORE, _ANSWER_WITHIN = 20, 10


class Wanted(Struct, frozen=True):
    """What a letter is drafted from; it may follow one that it goes beyond.

    Attributes:
        found: Doubtful data that is still there, in words, by item.
        contact: Whom to ask at the office, and under which number.
        voice: How the body that issues it calls itself: 我办, 我委.
        former_voice: How it calls the one that issued the letter before.
        returned: By when reports were to come again, of those that were returned, by item.
    """

    kind: LetterKind
    unit: str
    items: tuple[str, ...]
    reply_by: date
    follows: Letter | None = None
    found: Mapping[str, str] = field(default_factory=dict[str, str])
    contact: str = ""
    voice: str = "我办"
    former_voice: str = "我办"
    returned: Mapping[str, date] = field(default_factory=dict[str, "date"])

    @property
    def found_items(self) -> tuple[str, ...]:
        """What of its items is doubtful data that is still there."""
        return tuple(item for item in self.items if item in self.found)


def letter_text(status: YearStatus, since: Callable[[str], Period | None], wanted: Wanted) -> str:
    """Return the body of a letter, one paragraph a line.

    `since`: tells of a task, by its code, since when it has lagged.

    Raises:
        InputRejectedError: When it would press nothing.
    """
    from fsdesk.reports.word.letter_facts import fact_text, lagging_facts

    behind = [
        fact_text(fact, begun.label if (begun := since(fact.code)) else "")
        for fact in lagging_facts(status, wanted.unit)
        if fact.code in wanted.items
    ]
    reports = _report_facts(status, wanted)
    found = _found_facts(wanted)
    facts, cause = [*behind, *reports, *found], cause_of(wanted.items)
    if not facts:
        facts, cause = _unanswered_facts(wanted), LetterCause.UNANSWERED
    if not facts:
        name = status.plan.unit_name(wanted.unit)
        raise reject(f"{name}截至{status.period.label}没有滞后的工作", "不需要发函")
    numbered = [listed(number, fact) for number, fact in enumerate(facts, start=1)]
    told = _Told(status, wanted, cause, len(behind), len(reports))
    return "\n".join(_TEXTS[wanted.kind](told, numbered))


class _Told(Struct, frozen=True):
    """What a letter's sentences are chosen by; how many facts it tells of each sort."""

    status: YearStatus
    wanted: Wanted
    cause: LetterCause
    behind: int
    reports: int

    @property
    def until(self) -> str:
        """As at when it is so: figures by their period, what is missing by today."""
        known = self.cause in (LetterCause.BEHIND, LetterCause.BOTH)
        return f"截至{self.status.period.label}" if known else "截至发函之日"

    @property
    def due(self) -> str:
        return date_text(self.wanted.reply_by)


def _report_facts(status: YearStatus, wanted: Wanted) -> list[str]:
    return [
        _report_fact(
            status, Period.parse(item.removeprefix(REPORT_ITEM)), wanted.returned.get(item)
        )
        for item in wanted.items
        if item.startswith(REPORT_ITEM)
    ]


def _report_fact(status: YearStatus, period: Period, again_by: date | None) -> str:
    what = f"{period.label}工作进展和数据"
    if again_by is not None:
        return f"{what}，报送后被退回修改，应于{date_text(again_by)}前重新报送，至今没有重新报送。"
    due = working_calendar.report_due(period, status.rules)
    return f"{what}，报送截止日为{date_text(due)}，至今没有报送。"


def _found_facts(wanted: Wanted) -> list[str]:
    """Tell of doubtful data; of very much the first, since the list of it goes beside."""
    facts = [wanted.found[item] for item in wanted.found_items]
    more = len(facts) - _MOST_FOUND
    return facts if more <= 0 else [*facts[:_MOST_FOUND], f"另有{more}处，见数据质量问题清单。"]


def _unanswered_facts(wanted: Wanted) -> list[str]:
    """Say that the former letter was not answered, where the data say nothing more."""
    last = wanted.follows
    if last is None or last.reply:
        return []
    due = date_text(last.reply_by)
    return [f"对{last.kind.label}（{last.document_number}）应于{due}前书面回复，至今没有回复。"]


def _reminder(told: _Told, facts: Sequence[str]) -> list[str]:
    status, wanted = told.status, told.wanted
    if told.cause is LetterCause.FOUND:
        return [
            (
                f"根据{book_title(status.plan.name)}和数据质量管理的要求，对你单位截至"
                f"{status.period.label}的填报数据和台账进行了核查，发现{len(wanted.found_items)}处数据需要核实，"
                "现将有关情况函告如下："
            ),
            *facts,
            _REMIND[told.cause].format(due=told.due, voice=wanted.voice),
            "特此函告。",
        ]
    # One task may lag in several indicators and deliverables, each told by itself.
    tasks = sum(not item.startswith(REPORT_ITEM) for item in wanted.items)
    counted = f"（涉及{tasks}项任务）" if 0 < tasks < told.behind else ""
    wrong = "、".join(
        words
        for words, count in (
            (f"{told.behind}项工作进度滞后{counted}", told.behind),
            (f"{told.reports}期工作进展和数据没有按时报送", told.reports),
        )
        if count
    )
    return [
        (
            f"根据{book_title(status.plan.name)}和{status.plan.year}年度工作进度安排，"
            f"{told.until}，你单位有{wrong}，现将有关情况函告如下："
        ),
        *facts,
        _REMIND[told.cause].format(due=told.due, voice=wanted.voice),
        "特此函告。",
    ]


_REMIND_BEHIND = (
    "请你单位高度重视，认真分析滞后原因，明确责任人员和完成时限，采取有效措施加快推进，"
    "并于{due}前将整改落实情况和佐证材料书面反馈{voice}。"
    "逾期未反馈或者仍未达到序时进度的，将按规定启动后续督办程序。"
)
_REMIND_REPORT = (
    "请你单位明确负责报送的人员，于{due}前补报上述工作进展和数据，"
    "并将没有按时报送的原因书面反馈{voice}；今后按时如实报送。"
    "逾期未补报的，将按规定启动后续督办程序。"
)
_REMIND_BOTH = (
    "请你单位高度重视，认真分析滞后原因，明确责任人员和完成时限，采取有效措施加快推进；"
    "没有报送的工作进展和数据，请于{due}前补报，并一并将整改落实情况和佐证材料书面反馈{voice}。"
    "逾期未反馈、未补报或者仍未达到序时进度的，将按规定启动后续督办程序。"
)
_REMIND_FOUND = (
    "请你单位对照原始记录逐项核实。属于填报错误的，请更正后重新报送；情况属实的，请书面说明。"
    "请于{due}前将核实结果和佐证材料书面反馈{voice}。"
    "逾期未核实或者未反馈的，将按规定启动后续督办程序。"
)
_REMIND = {
    LetterCause.BEHIND: _REMIND_BEHIND,
    LetterCause.NO_REPORT: _REMIND_REPORT,
    LetterCause.BOTH: _REMIND_BOTH,
    LetterCause.UNANSWERED: _REMIND_BEHIND,
    LetterCause.FOUND: _REMIND_FOUND,
}
# What is still wrong when a stronger letter is written.
_STILL = {
    LetterCause.BEHIND: "下列问题仍没有整改到位",
    LetterCause.NO_REPORT: "下列内容仍没有报送",
    LetterCause.BOTH: "下列问题仍没有整改到位",
    LetterCause.UNANSWERED: "下列函件仍没有回复",
    LetterCause.FOUND: "下列数据仍没有核实更正",
}
_DEMAND_WORK = (
    "现要求你单位：一是逐项查明原因，制定整改方案，明确责任领导、责任人员和完成时限；"
    "二是立即采取措施补齐进度，举一反三，完善长效机制；"
    "三是于{due}前将整改结果连同佐证材料书面报{voice}。"
)
_DEMAND = {
    LetterCause.BEHIND: _DEMAND_WORK,
    LetterCause.NO_REPORT: (
        "现要求你单位：一是查明没有按时报送的原因，明确负责报送的领导和人员；"
        "二是于{due}前补报上述工作进展和数据，并对内容的真实性负责；"
        "三是完善报送制度，于{due}前将整改结果书面报{voice}。"
    ),
    LetterCause.BOTH: (
        "现要求你单位：一是逐项查明原因，制定整改方案，明确责任领导、责任人员和完成时限；"
        "二是立即采取措施补齐进度，补报没有报送的工作进展和数据；"
        "三是于{due}前将整改结果连同佐证材料书面报{voice}。"
    ),
    LetterCause.UNANSWERED: (
        "现要求你单位：一是查明没有按期回复的原因，明确责任人员；"
        "二是按原函要求逐项落实；三是于{due}前将落实情况连同佐证材料书面报{voice}。"
    ),
    LetterCause.FOUND: (
        "现要求你单位：一是对照原始记录逐项核实，查明原因，明确责任人员；"
        "二是属于填报错误的立即更正并重新报送，情况属实的书面说明；"
        "三是完善数据审核制度，于{due}前将整改结果连同佐证材料书面报{voice}。"
    ),
}
_FAILED = {
    LetterCause.BEHIND: "整改不到位",
    LetterCause.NO_REPORT: "仍未补报",
    LetterCause.BOTH: "整改不到位",
    LetterCause.UNANSWERED: "没有落实",
    LetterCause.FOUND: "仍未核实更正",
}


def _rectification(told: _Told, facts: Sequence[str]) -> list[str]:
    wanted = told.wanted
    return [
        f"{_before(wanted)}{told.until}，你单位{_STILL[told.cause]}：",
        *facts,
        _DEMAND[told.cause].format(due=told.due, voice=wanted.voice),
        (
            "确因客观原因不能按期完成的，应在期限届满前书面说明理由、目前进展和拟完成时间。"
            f"逾期未报告或者{_FAILED[told.cause]}的，将按规定予以约谈。"
        ),
    ]


def _interview(told: _Told, facts: Sequence[str]) -> list[str]:
    wanted = told.wanted
    return [
        (
            f"{_before(wanted)}{told.until}，{_STILL[told.cause]}，经研究，决定对你单位"
            "主要负责人进行约谈："
        ),
        *facts,
        Interview(contact=wanted.contact).line,
        (
            "请你单位主要负责人按时参加，不得委托他人，并携带事项进展、原因分析、整改措施和时限的"
            f"书面材料。约谈情况将形成纪要，请于{told.due}前将整改情况书面报{wanted.voice}。"
        ),
        f"约谈后{_FAILED[told.cause]}的，将提请挂牌督办。",
    ]


def _listed(told: _Told, facts: Sequence[str]) -> list[str]:
    wanted = told.wanted
    long = told.status.rules.listed_days >= _ASK_BEFORE + _ANSWER_WITHIN
    ask = f"应在期限届满前{_ASK_BEFORE}个工作日书面申请" if long else "应在期限届满前书面申请"
    return [
        (
            f"{_before(wanted)}{told.until}，{_STILL[told.cause]}。"
            "经批准，决定对你单位下列事项挂牌督办："
        ),
        *facts,
        (
            f"督办期限至{told.due}。请你单位主要负责人牵头，按期办结并书面申请验收；"
            "经验收合格的，予以摘牌销号。"
        ),
        (
            f"确需延期的，{ask}，{wanted.voice}在{_ANSWER_WITHIN}个工作日内答复。"
            "逾期未办结的，将按规定提请追究责任。"
        ),
    ]


_TEXTS = {
    LetterKind.REMINDER: _reminder,
    LetterKind.RECTIFICATION: _rectification,
    LetterKind.INTERVIEW: _interview,
    LetterKind.LISTED: _listed,
}


def _before(wanted: Wanted) -> str:
    last = wanted.follows
    if last is None or last.issued_on is None:
        return ""
    answered = "你单位虽已回复，但问题没有解决。" if last.reply else "你单位逾期没有回复。"
    return (
        f"{date_text(last.issued_on)}，{wanted.former_voice}向你单位发出{last.kind.label}"
        f"（{last.document_number}），要求于{date_text(last.reply_by)}前反馈落实情况，{answered}"
    )
