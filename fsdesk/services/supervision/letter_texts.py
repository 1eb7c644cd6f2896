"""The text of a letter, drafted from the data: what lags, since when, what is asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fsdesk.domain.findings import reject
from fsdesk.domain.output.wording import date_text
from fsdesk.domain.periods import Period
from fsdesk.domain.supervision.interviews import Interview
from fsdesk.domain.supervision.letters import REPORT_ITEM, LetterKind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from fsdesk.domain.status.results import YearStatus
    from fsdesk.domain.supervision.letters import Letter

_OFFICE = "我办"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a letter is drafted from; it may follow one that it goes beyond.

    Attributes:
        contact: Whom to ask at the office, and under which number.
    """

    kind: LetterKind
    unit: str
    items: tuple[str, ...]
    reply_by: date
    follows: Letter | None = None
    contact: str = ""


def letter_text(status: YearStatus, since: Callable[[str], Period | None], wanted: Wanted) -> str:
    """Return the body of a letter, one paragraph a line.

    `since`: tells of a task, by its code, since when it has lagged.

    Raises:
        InputRejectedError: When it would press nothing.
    """
    from fsdesk.reports.word.letter_facts import fact_text, lagging_facts

    facts = [
        fact_text(fact, begun.label if (begun := since(fact.code)) else "")
        for fact in lagging_facts(status, wanted.unit)
        if fact.code in wanted.items
    ]
    facts += _report_facts(wanted)
    if not facts:
        name = status.plan.unit_name(wanted.unit)
        raise reject(f"{name}截至{status.period.label}没有滞后的工作", "不需要发函")
    numbered = [f"{number}.{fact}" for number, fact in enumerate(facts, start=1)]
    return "\n".join(_OPENERS[wanted.kind](status, wanted, numbered))


def _report_facts(wanted: Wanted) -> list[str]:
    return [
        f"{Period.parse(item.removeprefix(REPORT_ITEM)).label}工作进展和数据已过报送截止日，"
        "至今没有报送。"
        for item in wanted.items
        if item.startswith(REPORT_ITEM)
    ]


def _reminder(status: YearStatus, wanted: Wanted, facts: Sequence[str]) -> list[str]:
    # One task may lag in several indicators and deliverables, each told by itself.
    tasks = sum(not item.startswith(REPORT_ITEM) for item in wanted.items)
    counted = f"（涉及{tasks}项任务）" if 0 < tasks < len(facts) else ""
    return [
        (
            f"根据《{status.plan.name}》和{status.plan.year}年度工作进度安排，截至"
            f"{status.period.label}，你单位有{len(facts)}项工作进度滞后{counted}，"
            "现将有关情况函告如下："
        ),
        *facts,
        (
            "请你单位高度重视，认真分析滞后原因，明确责任人员和完成时限，采取有效措施加快推进，"
            f"并于{date_text(wanted.reply_by)}前将整改落实情况和佐证材料书面反馈{_OFFICE}。"
            "逾期未反馈或者仍未达到序时进度的，将按规定启动后续督办程序。"
        ),
        "特此函告。",
    ]


def _rectification(status: YearStatus, wanted: Wanted, facts: Sequence[str]) -> list[str]:
    return [
        f"{_before(wanted)}截至{status.period.label}，你单位仍有下列问题没有整改到位：",
        *facts,
        (
            "现要求你单位：一是逐项查明原因，制定整改方案，明确责任领导、责任人员和完成时限；"
            "二是立即采取措施补齐进度，举一反三，完善长效机制；"
            f"三是于{date_text(wanted.reply_by)}前将整改结果连同佐证材料书面报{_OFFICE}。"
        ),
        (
            "确因客观原因不能按期完成的，应在期限届满前书面说明理由、目前进展和拟完成时间。"
            "逾期未报告或者整改不到位的，将按规定予以约谈。"
        ),
    ]


def _interview(status: YearStatus, wanted: Wanted, facts: Sequence[str]) -> list[str]:
    return [
        (
            f"{_before(wanted)}截至{status.period.label}，下列事项仍未落实，经研究，决定对你单位"
            "主要负责人进行约谈："
        ),
        *facts,
        Interview(contact=wanted.contact).line,
        (
            "请你单位主要负责人按时参加，不得委托他人，并携带事项进展、原因分析、整改措施和时限的"
            f"书面材料。约谈情况将形成纪要，请于{date_text(wanted.reply_by)}前将整改情况书面报{_OFFICE}。"
        ),
        "约谈后仍未整改到位的，将提请挂牌督办。",
    ]


def _listed(status: YearStatus, wanted: Wanted, facts: Sequence[str]) -> list[str]:
    return [
        (
            f"{_before(wanted)}截至{status.period.label}，下列事项仍未完成。"
            "经批准，决定对你单位下列事项挂牌督办："
        ),
        *facts,
        (
            f"督办期限至{date_text(wanted.reply_by)}。请你单位主要负责人牵头，按期办结并书面申请验收；"
            "经验收合格的，予以摘牌销号。"
        ),
        (
            f"确需延期的，应在期限届满前 20 个工作日书面申请，{_OFFICE}在 10 个工作日内答复。"
            "逾期未办结的，将按规定提请追究责任。"
        ),
    ]


_OPENERS = {
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
        f"{date_text(last.issued_on)}，{_OFFICE}向你单位发出{last.kind.label}"
        f"（{last.document_number}），要求于{date_text(last.reply_by)}前反馈落实情况，{answered}"
    )
