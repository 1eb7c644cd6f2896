"""Supervision letters as Word files, laid out after GB/T 9704—2012 in letter form (信函格式).

A4 with margins of 37, 28, 26 and 35 mm; title 2号小标宋, body 3号仿宋 at a pitch of 28.99 points,
22 lines of 28 characters. 小标宋 and 仿宋 are licensed fonts: the file names them, and the PC that
opens it shows its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fsdesk.domain.figures import PER_CENT
from fsdesk.domain.indicators import number_text
from fsdesk.domain.lights import Light
from fsdesk.reports.wording import (
    date_text,
    missing_text,
    percent_text,
    value_text,
)

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from fsdesk.domain.results import Part, TaskResult, YearStatus


@dataclass(frozen=True, slots=True)
class LetterFact:
    """One thing that lags.

    Attributes:
        code: Code of the task.
        task: Title of the task.
        item: Name of the indicator or deliverable.
        value: What was reached, in words; 未报 when nothing was reported.
        target: What was asked, in words.
        attainment: Reached part as a percentage, in words.
        pace: What should have been reached, in words.
        gap: How far behind, e.g. 15.8个百分点; empty where it can't be counted.
        responsible: Who answers.
    """

    code: str
    task: str
    item: str
    value: str
    target: str
    attainment: str
    pace: str
    gap: str
    responsible: str


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """All that a reminder (提醒敦促函) says.

    Attributes:
        number: Document number such as 滨食药安办函〔2026〕3号; empty for a draft.
        year: Year of the plan.
        plan_title: The plan's title.
        addressee: Unit that is reminded.
        period: Words for the period, e.g. 2026年3月.
        facts: At least one thing that lags.
        reply_by: Last day for the reply.
        signatory: Who signs.
        issued_on: Date of the letter.
    """

    number: str
    year: int
    plan_title: str
    addressee: str
    period: str
    facts: tuple[LetterFact, ...]
    reply_by: date
    signatory: str
    issued_on: date


def lagging_facts(status: YearStatus, unit: str) -> tuple[LetterFact, ...]:
    """Return the red parts of a unit's red tasks, in the plan's order.

    Args:
        status: The year judged.
        unit: Unit code.
    """
    found = next((result for result in status.units if result.unit == unit), None)
    if found is None:
        return ()
    return tuple(
        _fact(status, unit, task, part)
        for task in found.tasks
        for part in task.parts
        if part.light is Light.RED
    )


def _fact(status: YearStatus, unit: str, task: TaskResult, part: Part) -> LetterFact:
    value, target = _value_and_target(status, unit, part)
    gap = ""
    if part.progress is not None and part.pace > part.progress:
        gap = f"{number_text((part.pace - part.progress) * PER_CENT, 1)}个百分点"
    return LetterFact(
        code=task.task.code,
        task=task.task.title,
        item=part.name,
        value=value,
        target=target,
        attainment=percent_text(part.progress),
        pace=percent_text(part.pace),
        gap=gap,
        responsible=status.plan.directory.name(unit),
    )


def _value_and_target(status: YearStatus, unit: str, part: Part) -> tuple[str, str]:
    for result in status.indicators:
        if result.indicator.code == part.code:
            own = next(found for found in result.by_unit if found.unit == unit)
            indicator = result.indicator
            target = indicator.target if own.target is None else own.target
            words = f"{indicator.operator.value}{number_text(target)}{indicator.measure_unit}"
            if own.target is None and own.figure.reported:
                # Judged by what all its units have reached together, so that is what is told.
                whole = value_text(result.figure, indicator.measure_unit)
                return f"各单位合计{whole}", words
            return value_text(own.figure, indicator.measure_unit), words
    thing = next(r for r in status.deliverables if r.deliverable.code == part.code)
    state = thing.by_unit.get(unit)
    due = thing.deliverable.due
    target = f"{date_text(due)}前完成" if due else "年内完成"
    return (missing_text(reported=False) if state is None else state.label), target


def paragraphs_of(letter: LetterFacts) -> tuple[str, ...]:
    """Return the body of a reminder, paragraph by paragraph."""
    opening = (
        f"根据《{letter.plan_title}》和{letter.year}年度工作进度安排，"
        f"截至{letter.period}，你单位有{len(letter.facts)}项工作进度滞后，现将有关情况函告如下："
    )
    listed = [fact_text(number, fact) for number, fact in enumerate(letter.facts, start=1)]
    request = (
        "请你单位高度重视，认真分析滞后原因，明确责任人员和完成时限，采取有效措施加快推进，"
        f"并于{date_text(letter.reply_by)}前将整改落实情况和佐证材料书面反馈我办。"
        "逾期未反馈或者仍未达到序时进度的，将按规定启动后续督办程序。"
    )
    return (opening, *listed, request, "特此函告。")


def fact_text(number: int, fact: LetterFact) -> str:
    """Return one numbered fact as a sentence."""
    reached = "" if fact.attainment == missing_text(reported=True) else f"完成率{fact.attainment}，"
    gap = f"，落后{fact.gap}" if fact.gap else ""
    return (
        f"{number}.{fact.item}（任务“{fact.task}”）：目标为{fact.target}，目前为{fact.value}，"
        f"{reached}应达到序时进度{fact.pace}{gap}。责任单位：{fact.responsible}。"
    )


def write_reminder(path: Path, letter: LetterFacts) -> None:
    """Write a reminder (提醒敦促函) as a Word file.

    Args:
        path: The .docx file; an older one is replaced.
        letter: What it says.

    Raises:
        InputRejectedError: When the file can't be written.
    """
    from fsdesk.reports.official_document import OfficialDocument
    from fsdesk.reports.saving import save_bytes

    paper = OfficialDocument(f"关于{letter.period}重点工作进度滞后的提醒敦促函")
    paper.letterhead(letter.signatory, letter.number)
    paper.title(("关于" + letter.period + "重点工作", "进度滞后的提醒敦促函"))
    paper.addressee(letter.addressee)
    for paragraph in paragraphs_of(letter):
        paper.paragraph(paragraph)
    paper.signature(letter.signatory, date_text(letter.issued_on))
    save_bytes(path, paper.data())
