"""A document under review as text, and back: so that a review that was broken off goes on."""

from __future__ import annotations

import json

from msgspec import Struct

from fsdesk.domain.plain import from_plain, to_plain
from fsdesk.domain.plan.indicators import Indicator
from fsdesk.domain.plan.plan import Deliverable, Plan, Task
from fsdesk.domain.plan_document import NewParty, ParsedPlan, ReadingDoubt, SourceLine, TextSpan


class Review(Struct, frozen=True):
    """A document that was read, as far as it has been reviewed.

    Attributes:
        name: What the window calls the document: the file's name, 粘贴的文字.
        corrected: Whether something was corrected or looked at.
    """

    name: str
    draft: ParsedPlan
    corrected: bool = False


class _Written(Struct, frozen=True):
    """A review as it is written down: of plain lists, whose items say of what kind they are."""

    name: str
    corrected: bool
    plan: Plan
    lines: tuple[SourceLine, ...]
    spans: dict[str, tuple[TextSpan, ...]]
    assigned: tuple[tuple[str, str, TextSpan], ...]
    doubts: tuple[ReadingDoubt, ...]
    new_parties: tuple[NewParty, ...]
    coded: bool
    tasks: dict[str, Task]
    indicators: dict[str, Indicator]
    deliverables: dict[str, Deliverable]


def written(review: Review) -> str:
    """Return a review as text; `review_in` gives it back."""
    draft = review.draft
    plain = _Written(
        review.name,
        review.corrected,
        draft.plan,
        draft.lines,
        dict(draft.spans),
        tuple((task, party, span) for (task, party), span in draft.assignment_spans.items()),
        draft.doubts,
        draft.new_parties,
        draft.coded,
        {code: it for code, it in draft.read.items() if isinstance(it, Task)},
        {code: it for code, it in draft.read.items() if isinstance(it, Indicator)},
        {code: it for code, it in draft.read.items() if isinstance(it, Deliverable)},
    )
    return json.dumps(to_plain(plain), ensure_ascii=False)


def review_in(text: str) -> Review | None:
    """Return the review that a text holds; None where it is none, or of another program's form."""
    try:
        kept = from_plain(_Written, json.loads(text))
    except ValueError:
        return None
    draft = ParsedPlan(
        kept.plan,
        kept.lines,
        kept.spans,
        {(task, party): span for task, party, span in kept.assigned},
        kept.doubts,
        kept.new_parties,
        kept.coded,
        {**kept.tasks, **kept.indicators, **kept.deliverables},
    )
    return Review(kept.name, draft, kept.corrected)
