"""What reading an official document yields: a plan to check, and where each part of it stands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from fsdesk.domain.findings import FindingCode, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fsdesk.domain.plan.plan import Plan
    from fsdesk.domain.plan.revision import AsRead

# What a doubt's words say of its own place: names in quotation marks, and numbers.
_PARTICULARS = re.compile(r"“[^”]*”|\d+(?:\.\d+)?")


class SourceLine(Struct, frozen=True):
    """One line of the document: a line of text, a paragraph, or a row of a table.

    Attributes:
        number: Counts through the document, from 1.
        text: The line as it stands; the cells of a row with tabs between them.
        place: What the user calls it: 第 3 行, 第 12 段, 表格 1 第 2 行, 工作表“分解表”第 5 行.
    """

    number: int
    text: str
    place: str


class TextSpan(Struct, frozen=True, order=True):
    """A stretch of one line of the document.

    Attributes:
        start: First character within `SourceLine.text`, from 0.
        end: Character after the last.
    """

    line: int
    start: int
    end: int


class ReadingDoubt(Struct, frozen=True):
    """A place where the reader wasn't sure, or something was left out.

    Attributes:
        level: Warning: somebody should look; notice: a rule was followed that may be known.
        item: Code of the task, indicator or party that it concerns; empty when it concerns none.
    """

    level: Severity
    message: str
    remedy: str
    span: TextSpan
    text: str
    item: str = ""
    code: FindingCode = FindingCode.INPUT

    @property
    def kind(self) -> str:
        """What is doubted, whatever it is about; doubts of one kind are settled together."""
        return _PARTICULARS.sub("", self.message)


class NewParty(Struct, frozen=True):
    """An unknown unit or group, and the code of a known one that it may be, if any."""

    code: str
    name: str
    suggestion: str
    span: TextSpan


class ParsedPlan(Struct, frozen=True):
    """A document as a draft of a plan; nothing of it is saved.

    Attributes:
        plan: The draft, with codes counted from 1; units not known before are in its directory.
        lines: The document, line by line.
        spans: Where each task, indicator and deliverable stands, by code.
        assignment_spans: Where a party of a task is named, by code of the task and of the party.
        doubts: What should be looked at, in the order of the document.
        new_parties: Units and groups that weren't known.
        coded: Whether the document gives the codes itself, as an exported plan does.
        read: Its tasks and items as the program made them, whatever was corrected since.
    """

    plan: Plan
    lines: tuple[SourceLine, ...] = ()
    spans: Mapping[str, tuple[TextSpan, ...]] = field(
        default_factory=dict[str, "tuple[TextSpan, ...]"]
    )
    assignment_spans: Mapping[tuple[str, str], TextSpan] = field(
        default_factory=dict["tuple[str, str]", TextSpan]
    )
    doubts: tuple[ReadingDoubt, ...] = ()
    new_parties: tuple[NewParty, ...] = ()
    coded: bool = False
    read: AsRead = field(default_factory=dict[str, Any])

    @property
    def warnings(self) -> tuple[ReadingDoubt, ...]:
        """The doubts that somebody should look at."""
        return tuple(doubt for doubt in self.doubts if doubt.level is Severity.WARNING)

    @property
    def without_doubt(self) -> int:
        """How many tasks have nothing left to be looked at: no item of them and nobody in them.

        A name that nobody has looked at is unsure however mildly it is told, and so is every task
        of a document that names nobody.
        """
        new = {party.code for party in self.new_parties}
        doubted = {it.item for it in self.doubts if it.level is Severity.WARNING or it.item in new}
        unowned = any(doubt.code is FindingCode.NOBODY_NAMED for doubt in self.doubts)
        return sum(
            (bool(task.assignments) or not unowned)
            and doubted.isdisjoint(
                (
                    task.code,
                    *(item.code for item in (*task.indicators, *task.deliverables)),
                    *(assignment.party for assignment in task.assignments),
                )
            )
            for task in self.plan.tasks
        )

    def words_of(self, doubt: ReadingDoubt, file: str) -> str:
        """Return where in a file a doubt lies, what it is and what to do, as one sentence."""
        where = f"文件“{file}” {self.lines[doubt.span.line - 1].place}"
        return f"{where}：{doubt.message}。{doubt.remedy}".rstrip("。") + "。"

    def text_of(self, span: TextSpan) -> str:
        """Return the text that a span covers."""
        return self.lines[span.line - 1].text[span.start : span.end]
