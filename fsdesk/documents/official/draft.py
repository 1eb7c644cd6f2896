"""A document's tasks before they become a plan: what each says, and who answers for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

from fsdesk.documents.official.sources.passage import Passage
from fsdesk.domain.findings import FindingCode, Severity

if TYPE_CHECKING:
    from fsdesk.documents.official.answers.remarks import Order
    from fsdesk.domain.plan.plan import Role
    from fsdesk.domain.plan_document import TextSpan


class Answer(Struct, frozen=True):
    """A unit or group that answers for a clause, as the document names it.

    Attributes:
        stated: Whether the document says how it answers.
        more: Whether others are meant that aren't named (等部门).
        tail: Words behind it that aren't known to say how it answers.
        mark: A mark such as ★ that stands at it; empty when there is none.
    """

    name: str
    role: Role
    span: TextSpan
    stated: bool = True
    more: bool = False
    tail: str = ""
    mark: str = ""


class Clause(Struct):
    """A clause group: what is asked of somebody.

    Attributes:
        text: The official words, without who answers.
        title: Its heading; empty when it has none.
        due: The words about when it must be done, and where they stand.
        targets: Words of a table's column of targets; empty elsewhere.
        head: The heading's place in the document; empty when it has none.
        titled: Whether the heading stands in a table's column of titles, and so is one as it is.
    """

    text: Passage
    title: str = ""
    answers: list[Answer] = field(default_factory=list[Answer])
    due: tuple[str, TextSpan] | None = None
    targets: Passage = field(default_factory=Passage)
    head: Passage = field(default_factory=Passage)
    titled: bool = False


class DraftPoint(Struct):
    """A point (要点): its heading, where that stands in the document, and its clauses."""

    title: str
    clauses: list[Clause] = field(default_factory=list[Clause])
    number: int = 0
    head: Passage = field(default_factory=Passage)


class DraftSection(Struct):
    """A section (部分): its heading, where that stands in the document, and its points."""

    title: str
    points: list[DraftPoint] = field(default_factory=list[DraftPoint])
    number: int = 0
    head: Passage = field(default_factory=Passage)

    @property
    def clauses(self) -> list[Clause]:
        """All clauses in order."""
        return [clause for point in self.points for clause in point.clauses]


class Remark(Struct, frozen=True):
    """Something to tell about a place before there are codes; `item` only where it has one."""

    level: Severity
    message: str
    remedy: str
    span: TextSpan
    clause: Clause | None = None
    item: str = ""
    code: FindingCode = FindingCode.INPUT


class DocumentDraft(Struct):
    """A whole document.

    Attributes:
        title: As it stands in the document; empty when there is none.
        year: Year that the document names; None when it names none.
        issuer: Who signed it; empty when nobody did.
        orders: What remarks in brackets say about the roles of names, with their places.
        settled: Where names stand whose own bracket says what their order means.
        last: Who answered last, for 同上.
        passages: All text of the document in order, as it was read: paragraphs and cells of tables,
            whose spans say where each of their characters stands.
        aside: Text that was left out as a whole, which a remark has told.
        cells: Those of them that are cells of tables.
        head: The title's place in the document; empty when there is none.
    """

    title: str = ""
    year: int | None = None
    issuer: str = ""
    requirement: list[Passage] = field(default_factory=list[Passage])
    sections: list[DraftSection] = field(default_factory=list[DraftSection])
    remarks: list[Remark] = field(default_factory=list[Remark])
    orders: list[tuple[TextSpan, Order]] = field(default_factory=list["tuple[TextSpan, Order]"])
    settled: set[TextSpan] = field(default_factory=set["TextSpan"])
    last: list[Answer] = field(default_factory=list[Answer])
    passages: list[Passage] = field(default_factory=list[Passage])
    cells: list[Passage] = field(default_factory=list[Passage])
    aside: list[Passage] = field(default_factory=list[Passage])
    head: Passage = field(default_factory=Passage)

    @property
    def clauses(self) -> list[Clause]:
        """All clauses in order."""
        return [clause for section in self.sections for clause in section.clauses]

    def warn(self, message: str, remedy: str, span: TextSpan, clause: Clause | None = None) -> None:
        """Note a place that somebody should look at."""
        self.remarks.append(Remark(Severity.WARNING, message, remedy, span, clause))

    def tell(self, message: str, remedy: str, span: TextSpan, clause: Clause | None = None) -> None:
        """Note a place where a rule was followed that may be known."""
        self.remarks.append(Remark(Severity.NOTICE, message, remedy, span, clause))
