"""What is no plan is refused, with the reason: minutes, summaries, stories, text without a task."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fsdesk.domain.findings import Place, reject

if TYPE_CHECKING:
    from fsdesk.documents.official.draft import DocumentDraft

_REMEDY = "请提供列有任务的工作要点、任务分解表或责任清单"
PLAN_WORDS = re.compile(r"要点|计划|安排|方案|任务|清单|分工|责任|目标|打算")
_OTHER_KIND = re.compile(
    r"会议纪要|纪要|会议记录|工作总结|总结|简报|讲话稿?|情况(?:汇报|报告|通报)|通报|汇报|述职报告|公示|公告"
    r"|表扬信|感谢信|合同|协议书?|判决书|决定书|新闻稿|^第[一二三四五六七八九十\d]+[章回]"
)
_SENTENCE = re.compile(r"[。；，：]")
_FIRST_LINES, _LONGEST_LINE = 8, 40
_LONGEST_POINT = 2000
_MOST_FOR_ONE = 800  # characters of text for each place that says who answers


def refuse_what_is_no_plan(draft: DocumentDraft, name: str, *, tabled: bool) -> None:
    """Refuse what holds no tasks; a document that only names nobody is a draft with a doubt.

    `name`: the file's.
    `tabled`: whether it has a table of tasks.
    InputRejectedError with the reason.
    """
    reason = _reason(draft, tabled=tabled)
    if reason:
        raise reject(f"不像工作要点：{reason}", _REMEDY, Place(file=name))


def _reason(draft: DocumentDraft, *, tabled: bool) -> str:
    other = _other_kind(draft)
    if other:
        return f"开头写的是“{other}”"
    clauses = draft.clauses
    answered = sum(bool(clause.answers) for clause in clauses)
    heads = (draft.title, *(section.head.text for section in draft.sections))
    named = tabled or any(PLAN_WORDS.search(head) for head in heads)
    length = sum(len(passage) for passage in draft.passages)
    if answered and not named and length > answered * _MOST_FOR_ONE:
        return f"全文 {length} 字，只有 {answered} 处写明责任单位，标题也不是要点、方案或清单"
    if answered:
        return ""
    if not named:
        return "没有写明责任单位，标题也不是要点、计划、方案或清单"
    if not clauses or any(len(clause.text) > _LONGEST_POINT for clause in clauses):
        return "没有找到逐项列出的任务，也没有写明责任单位"
    return ""


def _other_kind(draft: DocumentDraft) -> str:
    """Return what the first lines say that the document is, when that is no plan.

    A sentence says what is to be done, such as 听取工作汇报, and not what the document is.
    """
    for passage in draft.passages[:_FIRST_LINES]:
        line = passage.plain.strip()
        if len(line) > _LONGEST_LINE or _SENTENCE.search(line):
            continue
        if PLAN_WORDS.search(line):
            return ""
        other = _OTHER_KIND.search(line)
        if other:
            return other[0]
    return ""
