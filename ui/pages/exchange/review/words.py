"""What the review says in words: records, what is judged of them, and what became of a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.domain.clock import clock_text
from fsdesk.domain.records.records import DataValue, Milestone, ProgressReport
from fsdesk.services.packet.report_history import ReportStepKind
from ui.pages.wording import record_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fsdesk.domain.plan.plan import Plan
    from fsdesk.domain.quality.doubts import DataDoubt
    from fsdesk.domain.records.records import Content
    from fsdesk.domain.records.submissions import Opinion
    from fsdesk.services.packet.report_history import ReportStep
    from fsdesk.services.packet.review_desk import ReportRow

_CAME = (ReportStepKind.CAME, ReportStepKind.CAME_AGAIN)
_NOT_SAID = "未报"


def said_in(plan: Plan, row: ReportRow, content: Content | None) -> str:
    """Return what a content says in one line; 未报 where it says nothing."""
    if content is None:
        return ""
    if isinstance(content, ProgressReport):
        return content.text or _NOT_SAID
    if content is row.content and row.stays:
        return "沿用上期"
    said = record_text(plan, row.key, content)
    return said.removeprefix("本期数 ").removeprefix("状态 ") or _NOT_SAID


def whole_text(content: Content) -> str:
    """Return all that a content says, a paragraph a field."""
    if isinstance(content, ProgressReport):
        parts = (
            ("状态", content.status.label if content.status else ""),
            ("进展情况", content.text),
            ("存在问题", content.problems),
            ("下步打算", content.next_steps),
        )
    elif isinstance(content, Milestone):
        parts = (
            ("状态", content.status.label if content.status else ""),
            ("完成日期", content.done_on.isoformat() if content.done_on else ""),
            ("佐证材料", content.evidence),
        )
    else:
        parts = (("备注", content.note),)
    return "\n".join(f"{name}：{text}" for name, text in parts if text)


def row_text(plan: Plan, row: ReportRow) -> str:
    """Return the whole of a record as it was reported."""
    if row.empty:
        return "本期没有新的变化，沿用上期。" if row.stays else "本期未报。"
    figure = record_text(plan, row.key, row.content) if isinstance(row.content, DataValue) else ""
    return figure or whole_text(row.content)


def beside_text(
    plan: Plan, row: ReportRow, doubts: Iterable[DataDoubt], answers: Iterable[str]
) -> str:
    """Return what a record is judged by: doubts first, then answers, then the period before."""
    told = [f"疑点：{doubt.message}。{doubt.remedy}" for doubt in doubts]
    told += answers
    if row.previous is not None:
        before = row_text_of(plan, row, row.previous)
        told.append(f"上期：{before}" if "\n" not in before else f"上期\n{before}")
    else:
        told.append("上期没有填报。")
    return "\n".join(told)


def row_text_of(plan: Plan, row: ReportRow, content: Content) -> str:
    """Return the whole of another content of a row's record."""
    if isinstance(content, DataValue):
        return record_text(plan, row.key, content) or _NOT_SAID
    return whole_text(content) or _NOT_SAID


def answer_lines(opinions: Iterable[Opinion]) -> tuple[str, ...]:
    """Say what a report was returned with and what the unit answered, a line each."""
    return tuple(
        f"{'上次的意见' if each.item else '上次总的意见'}：{each.text.rstrip('。')}。"
        f"单位答复：{each.answer_text or '还没有'}。"
        for each in opinions
    )


def history_lines(steps: Iterable[ReportStep], names: Mapping[str, str]) -> Iterable[str]:
    """Tell what became of a report, a line a step; `names` are those of items, by code."""
    for step in steps:
        line = f"{clock_text(step.at)}　{step.kind.label}"
        if step.words:
            line += f"：{step.words}"
        made = f"{clock_text(step.made_at)} 生成，" if step.made_at else ""
        by = "收" if step.kind in _CAME else "办"
        yield f"{line}（{made}{step.who}{by}）"
        for code, words in step.rows:
            yield f"　　{names.get(code, code)}：{words}"
