"""From a tree of headings to sections, points and clauses with those who answer for them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec.structs import replace

from fsdesk.documents.official.answers.closers import (
    find_closers,
    groups,
    leading_phrase,
    subject_phrase,
)
from fsdesk.documents.official.clauses import Gathering, answers_of, chunks_of, combined
from fsdesk.documents.official.draft import Clause, DraftPoint, DraftSection
from fsdesk.documents.official.lines.headings import (
    is_about_answers,
    is_about_the_how,
    is_requirement,
    title_end,
)
from fsdesk.documents.official.lines.marks import RANKS
from fsdesk.documents.official.lines.titles import short_title
from fsdesk.documents.official.sources.passage import Passage, joined
from fsdesk.documents.official.targets.targets import has_targets
from fsdesk.documents.official.tree import HeadingNode, Tree, texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fsdesk.documents.official.draft import Answer, DocumentDraft
    from fsdesk.domain.plan_document import TextSpan

ONE_SECTION = "重点任务"
LONGEST_POINT = 25
_SPOKEN = re.compile(r"[一二三四五六七八九十]{1,2}是(?=.{3})")
# 【风险防控】 before a task is its heading.
_FRAMED = re.compile(r"\[([^\[\]]{2,20})\](?=[^\s。])")


def read_outline(tree: Tree, draft: DocumentDraft) -> None:
    """Put a tree's sections, points and clauses into a draft."""
    roots = _without_lower_beginning(tree, draft)
    if not roots:
        sections = _unmarked(tree, draft)
    elif not any(root.children for root in roots) and _rank(roots[0]) > RANKS["chinese"]:
        sections = [DraftSection(ONE_SECTION, [_point(root, draft, ()) for root in roots])]
    else:
        sections = [_section(root, draft) for root in roots]
    if roots:
        sections = [*_before_headings(tree, draft), *sections]
    named = any(clause.answers for section in sections for clause in section.clauses)
    for section in sections:
        only = len(sections) == 1 or (not named and not is_requirement(section.title))
        if not only and not any(clause.answers for clause in section.clauses):
            _set_aside(section, draft)
        elif section.points:
            draft.sections.append(section)


def _rank(node: HeadingNode) -> float:
    return node.mark.rank if node.mark else 0


def _without_lower_beginning(tree: Tree, draft: DocumentDraft) -> list[HeadingNode]:
    """Leave out numbered lines before the first of the highest headings: an introduction."""
    if not tree.roots:
        return []
    highest = min(_rank(root) for root in tree.roots)
    first = next(at for at, root in enumerate(tree.roots) if _rank(root) == highest)
    early = tree.roots[:first]
    if any(find_closers(p.plain) for root in early for p in texts(root)):
        return tree.roots
    draft.requirement += [passage for root in early for passage in texts(root)]
    return tree.roots[first:]


def _unmarked(tree: Tree, draft: DocumentDraft) -> list[DraftSection]:
    """Take paragraphs that end in who answers, in a document without headings."""
    points: list[DraftPoint] = []
    for passage in tree.front:
        cut = groups(passage.plain)
        if any(closers and end > start for start, end, closers in cut):
            if passage in draft.requirement:
                draft.requirement.remove(passage)
            points.append(_point(HeadingNode(None, passage), draft, ()))
    if not points and draft.title:
        points = _unowned(tree, draft)
    return [DraftSection(ONE_SECTION, points)] if points else []


def _unowned(tree: Tree, draft: DocumentDraft) -> list[DraftPoint]:
    """Take paragraphs with targets, in a plan without headings that names nobody."""
    found = [
        passage
        for passage in tree.front
        if has_targets(passage.plain) and not any(p in draft.head.pieces for p in passage.pieces)
    ]
    draft.requirement = [passage for passage in draft.requirement if passage not in found]
    return [_point(HeadingNode(None, passage), draft, ()) for passage in found]


def _before_headings(tree: Tree, draft: DocumentDraft) -> list[DraftSection]:
    """Take what stands before the first heading and says who answers, and tell of it."""
    sections = _unmarked(tree, draft) if any(find_closers(p.plain) for p in tree.front) else []
    for clause in (clause for section in sections for clause in section.clauses):
        message = "这段话在第一个标题之前，写明了责任单位，已列为任务"
        draft.warn(message, "请核对是否为任务，以及前面的标题", clause.text.span(), clause)
    return sections


def _section(root: HeadingNode, draft: DocumentDraft) -> DraftSection:
    title, rest = _title(root)
    number = root.mark.number if root.mark else 0
    section = DraftSection(title.text, number=number, head=title)
    inherited, _, rest = _inherited(root.head, rest, draft)
    if root.children:
        above = _above(root.body, draft)
        inherited = inherited or above
    own = HeadingNode(root.mark, Passage(), body=[*([rest] if len(rest) else []), *root.body])
    if not root.children:
        section.points.append(_point_of(title, own, draft, inherited))
        return section
    if any(find_closers(p.plain) or has_targets(p.plain) for p in own.body):
        section.points.append(_point_of(title, own, draft, inherited))
    elif own.body:
        whole = joined(own.body)
        draft.tell("标题下的说明文字没有列为任务", "如有任务请在计划中补上", whole.span())
    points = [_point(child, draft, inherited) for child in root.children]
    section.points += _with_answers_shared(points)
    return section


def _with_answers_shared(points: list[DraftPoint]) -> list[DraftPoint]:
    """Let a heading 责任分工 that only names units hold for the headings beside it."""
    shared = [
        point
        for point in points
        if is_about_answers(point.title)
        and all(clause.answers and len(clause.text) <= len(point.title) for clause in point.clauses)
    ]
    answers = [answer for point in shared for clause in point.clauses for answer in clause.answers]
    dues = [clause.due for point in shared for clause in point.clauses if clause.due]
    if not shared or len(shared) == len(points):
        return points
    kept = [point for point in points if point not in shared]
    for clause in (clause for point in kept for clause in point.clauses):
        clause.answers = clause.answers or list(answers)
        clause.due = clause.due or (dues[0] if dues else None)
    return kept


def _above(body: list[Passage], draft: DocumentDraft) -> list[Answer]:
    """Take from under a heading what only says who answers for all that follows."""
    found: list[Answer] = []
    for at, passage in enumerate(body):
        cut = groups(passage.plain)
        if cut and all(closers and start == end for start, end, closers in cut):
            for _, _, closers in cut:
                answers, _ = answers_of(closers, passage, draft)
                found += answers
            body[at] = Passage()
        elif leading := leading_phrase(passage.plain):
            answers, _ = answers_of([leading], passage, draft)
            found += answers
            body[at] = passage.slice(leading.end)
    body[:] = [passage for passage in body if len(passage)]
    return found


def _point(node: HeadingNode, draft: DocumentDraft, inherited: Sequence[Answer]) -> DraftPoint:
    leading = leading_phrase(node.head.plain)
    above: list[Answer] = []
    if leading:
        above, _ = answers_of([leading], node.head, draft)
        node = replace(node, head=node.head.slice(leading.end).stripped(), lead=0)
    title, rest = _title(node)
    below_it = node.children or node.body
    if (len(rest) or not below_it) and (leading or subject_phrase(node.head.plain)):
        title, rest = Passage(), node.head  # the line is a sentence, and no heading
    own, due, rest = _inherited(node.head, rest, draft)
    below = HeadingNode(
        node.mark,
        Passage(),
        body=[*([rest] if len(rest) else []), *node.body],
        children=node.children,
    )
    point = _point_of(title, below, draft, combined(own or above, inherited), due)
    point.number = node.mark.number if node.mark else 0
    return point


def _point_of(
    title: Passage,
    below: HeadingNode,
    draft: DocumentDraft,
    inherited: Sequence[Answer],
    due: tuple[str, TextSpan] | None = None,
) -> DraftPoint:
    gathering = Gathering(draft, inherited, due=due)
    chunks = chunks_of(below)
    gathering.take(chunks)
    point = DraftPoint(title.text, gathering.clauses, head=title)
    if not gathering.clauses:
        point.clauses.append(Clause(title, "", list(gathering.inherited), gathering.due))
        if len(title) > LONGEST_POINT:  # the line is a task and no heading
            point.title = short_title(title.plain)
    return point


def _title(node: HeadingNode) -> tuple[Passage, Passage]:
    """Return a heading's title and what stands behind it in the same line."""
    text = node.head.plain
    framed = _FRAMED.match(text)
    if framed:
        return node.head.slice(*framed.span(1)), node.head.slice(framed.end())
    closers = find_closers(text)
    closer = closers[0].start if closers else len(text)
    end = node.lead if 0 < node.lead < closer else title_end(text, closer)
    spoken = _SPOKEN.match(text)
    title = node.head.slice(spoken.end() if spoken else 0, end)
    while title.plain.endswith(("。", ":", " ")):
        title = title.slice(0, len(title) - 1)
    skip = len(text[end:]) - len(text[end:].lstrip("。: "))
    return title, node.head.slice(end + skip)


def _inherited(
    head: Passage, rest: Passage, draft: DocumentDraft
) -> tuple[list[Answer], tuple[str, TextSpan] | None, Passage]:
    """Take who answers right behind a title: it holds for all that stands under it."""
    found = groups(rest.plain)
    if found and found[0][2] and found[0][0] == found[0][1]:
        last = found[0][2][-1].end
        answers, due = answers_of(found[0][2], rest, draft)
        return answers, due, rest.slice(last).stripped()
    # A bracket of nothing but names is known only by the sentence before it.
    begin = len(head) - len(rest)
    closers = find_closers(head.plain) if not find_closers(rest.plain) else []
    if closers and closers[0].start == begin and closers[0].end == len(head.plain.rstrip("。 ")):
        answers, due = answers_of(closers[:1], head, draft)
        return answers, due, Passage()
    return [], None, rest


def _set_aside(section: DraftSection, draft: DocumentDraft) -> None:
    """Decide on a section that names nobody while others do."""
    clauses = section.clauses
    whole = joined(clause.text for clause in clauses)
    with_targets = [clause for clause in clauses if has_targets(clause.text.plain)]
    if is_requirement(section.title) and not with_targets:
        draft.requirement += [clause.text for clause in clauses]
    elif is_about_the_how(section.title) and not with_targets:
        draft.tell(
            f"“{section.title}”没有写明责任单位，没有列为任务",
            "如有任务请在计划中补上",
            whole.span(),
        )
        draft.aside.append(whole)
    else:
        if is_requirement(section.title):
            draft.requirement += [clause.text for clause in clauses]
        draft.sections.append(section)
