"""What is unsure about a draft: who answers, names that aren't known, targets without a task."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.documents.official.answers.names import is_likely_name
from fsdesk.documents.official.draft import Remark
from fsdesk.documents.official.targets.targets import find_targets
from fsdesk.domain.findings import FindingCode, Severity

if TYPE_CHECKING:
    from fsdesk.documents.official.answers.parties import Parties
    from fsdesk.documents.official.draft import DocumentDraft


def tell_doubts(draft: DocumentDraft, parties: Parties) -> None:
    """Note what is unsure about who answers."""
    open_clauses = [clause for clause in draft.clauses if not clause.answers]
    if draft.clauses and len(open_clauses) == len(draft.clauses):
        first = draft.clauses[0]
        draft.remarks.append(
            Remark(
                Severity.WARNING,
                "文件没有写明任何责任单位",
                "请指定由哪个单位负责，或逐项指定",
                first.text.span(),
                first,
                code=FindingCode.NOBODY_NAMED,
            )
        )
        open_clauses = []
    for clause in open_clauses:
        draft.remarks.append(
            Remark(
                Severity.WARNING,
                "这段话没有写明责任单位",
                "请指定责任单位，或并入相邻的任务",
                clause.text.span(),
                clause,
                code=FindingCode.NO_RESPONSIBLE_UNIT,
            )
        )
    for clause in draft.clauses:
        for answer in clause.answers:
            if not answer.stated:
                said = f"“{answer.name}”后写的是“{answer.tail}”，看不出如何负责"
                said = said if answer.tail else f"没有写明“{answer.name}”如何负责"
                if answer.mark:
                    said = f"“{answer.name}”标有“{answer.mark}”，文件没有说明它的意思"
                message = f"{said}，按“{answer.role.label}”处理"
                draft.warn(message, "请核对责任分工", answer.span, clause)
            if not is_likely_name(answer.name):
                message = f"“{answer.name}”不像单位的全称"
                draft.warn(message, "请核对责任单位", answer.span, clause)
            if answer.more:
                message = f"“{answer.name}”后的“等”字表示还有未列出的单位"
                draft.tell(message, "如有请补上", answer.span, clause)
    _doubts_about_requirement(draft)
    _doubts_about_names(draft, parties)


def _doubts_about_requirement(draft: DocumentDraft) -> None:
    """Note targets that stand where no task is: in the overall requirement."""
    taken = {span for clause in draft.clauses for span in clause.text.spans()}
    for passage in draft.requirement:
        if taken & set(passage.spans()):
            continue
        for target in find_targets(passage.plain):
            span = passage.span(target.start, target.end)
            message = f"总体要求中的量化目标“{target.name}”没有列为指标"
            draft.warn(message, "如要考核，请在计划中补上", span)


def _doubts_about_names(draft: DocumentDraft, parties: Parties) -> None:
    directory = parties.directory
    if parties.strange:
        names = "、".join(party.name for party in parties.new[:12])
        more = "等" if len(parties.new) > 12 else ""  # noqa: PLR2004 - as many as a line holds
        draft.warn(
            f"文件中的单位多数不在单位表中，新建 {len(parties.new)} 个：{names}{more}",
            "请确认文件属于本地区，并核对单位名称",
            parties.new[0].span,
        )
    level = Severity.NOTICE if parties.strange else Severity.WARNING
    for party in parties.new:
        meant = directory.name(party.suggestion) if party.suggestion else ""
        remedy = f"可能就是“{meant}”，请确认" if meant else "请核对名称，或作为新单位保留"
        message = f"单位表中没有“{party.name}”，已作为新单位列出"
        draft.remarks.append(Remark(level, message, remedy, party.span, item=party.code))
    for name, known in parties.by_alias.items():
        span = next(a.span for c in draft.clauses for a in c.answers if a.name == name)
        code = parties.codes[name]
        unit = directory.by_code.get(code)
        word = "曾用名" if unit is not None and unit.former_name(name) else "别名"
        message = f"“{name}”按{word}对应“{known}”"
        draft.remarks.append(
            Remark(Severity.NOTICE, message, "如不是同一单位请改正", span, item=code)
        )
