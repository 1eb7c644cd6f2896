"""All outputs alike: what each is called, what it is saved as, how it is laid out and written.

Window and command line ask an output and know none by its name.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from fsdesk.domain.findings import FindingCode, InputRejectedError
from fsdesk.domain.output import drawing
from fsdesk.domain.output.arrangement import PLAIN, Arrangement
from fsdesk.domain.output.issued_papers import PDF, XLSX
from fsdesk.domain.output.kinds import (
    KINDS,
    LEDGER,
    REGISTER,
    SCORE,
    YEARS,
    Form,
    kind_of,
)
from fsdesk.domain.output.pages import SCREEN_DOTS
from fsdesk.domain.status.measures import Measure
from fsdesk.domain.steps import Steps
from fsdesk.services import assessment
from fsdesk.services.output import (
    bulletin,
    cards,
    charts,
    evidence_pack,
    month_set,
    poster,
    reporting,
)
from fsdesk.services.output.evidence_pack import Pack
from fsdesk.services.output.heads import require
from fsdesk.services.output.month_set import Part, WrittenSet
from fsdesk.services.output.publishing import PutOut
from fsdesk.services.plan import planning
from fsdesk.services.supervision import letter_files, taking_back

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from fsdesk.domain.output.pages import PaperPage
    from fsdesk.domain.periods import Period
    from fsdesk.workspace import Workspace

# How many pages were written, None where only Word will tell; what was published with it; or long
# work that is still to do.
Saved: TypeAlias = int | PutOut | Steps[Pack] | Steps[WrittenSet] | None


class Chosen(Struct, frozen=True):
    """What was chosen for an output; each heeds what concerns it.

    Attributes:
        item: Code of the ledger, unit, indicator or letter that it is about; see `Items`.
        earlier: Folder of last year's workspace, where this year is compared with it.
        issue: Its number in the year; 0 for that of the month.
        personal: Whether columns that name citizens go along.
        publish: Whether the period's figures are published with it.
        dots: How finely what is kept as a PDF is drawn on pages, in dots per inch.
    """

    item: str = ""
    arrangement: Arrangement = PLAIN
    earlier: Path | None = None
    issue: int = 0
    personal: bool = False
    publish: bool = False
    dots: int = SCREEN_DOTS


class Items(Struct, frozen=True):
    """What an output may be about, one at a time; ``found`` gives the name and code of each."""

    word: str
    found: Callable[[Workspace], Iterable[tuple[str, str]]]


class Output(Struct, frozen=True):
    """One output.

    Attributes:
        saves: By the words of a button, the endings that it saves with; the first is proposed.
        pages: Lays it out for the printer; None for what isn't printed from here.
        items: What it may be about; None for what needs no such choice.
        judged: Whether it shows the period's figures: those that were published, where some were.
        of_a_period: Whether it says another thing in another period.
        printed: Notes that it went to the printer; None where nothing hangs on that.
    """

    form: Form
    kind: str
    saves: Mapping[str, tuple[str, ...]]
    save: Callable[[Workspace, Period, Chosen, Path], Saved]
    pages: Callable[[Workspace, Period, Chosen], tuple[PaperPage, ...]] | None = None
    items: Items | None = None
    judged: bool = True
    printed: Callable[[Workspace, Chosen], object] | None = None
    of_a_period: bool = True

    @property
    def title(self) -> str:
        """Its name on screen, and of its file."""
        return kind_of(self.form, self.kind).title


def offered(*, is_office: bool) -> tuple[Output, ...]:
    """Return the outputs of the office or of a unit."""
    return tuple(
        output
        for output in OUTPUTS
        if kind_of(output.form, output.kind).maker.may_be(office=is_office)
    )


def find(form: str, kind: str = "") -> Output:
    """Return the output of a form; where there are several, the one of a kind."""
    return next(o for o in OUTPUTS if o.form == form and o.kind == (kind or form))


def _units(workspace: Workspace) -> list[tuple[str, str]]:
    return [(name, code) for code, name in assessment.assessed_units(workspace).items()]


def _ledgers(workspace: Workspace) -> list[tuple[str, str]]:
    known = planning.ledgers(workspace)
    return [(f"{ledger.title}（{count} 行）", ledger.code) for ledger, count in known]


def _indicators(workspace: Workspace) -> list[tuple[str, str]]:
    indicators = planning.current_plan(workspace).indicators
    return [(Measure.OVERALL.label, ""), *((each.name, each.code) for each in indicators)]


def _letters(workspace: Workspace) -> list[tuple[str, str]]:
    return [(each.name, each.key) for each in letter_files.listed(workspace)]


_ITEMS = {
    (Form.TABLE, LEDGER): Items("台账", _ledgers),
    (Form.TABLE, SCORE): Items("单位", _units),
    (Form.CHART, "trend"): Items("指标", _indicators),
}


def _table(kind: str) -> Output:
    def pages(workspace: Workspace, period: Period, chosen: Chosen) -> tuple[PaperPage, ...]:
        sheets = reporting.table_sheets(
            workspace, kind, period, chosen.arrangement, chosen.item, chosen.dots
        )
        if sheets.refused is not None:
            raise sheets.refused
        return sheets.pages

    def save(workspace: Workspace, period: Period, chosen: Chosen, file: Path) -> int:
        return reporting.write_table(workspace, kind, period, file, chosen.arrangement, chosen.item)

    saves = {"存为 PDF": (PDF,), "存为 Excel": (XLSX,)}
    items = _ITEMS.get((Form.TABLE, kind))
    judged = kind not in {"breakdown", REGISTER, LEDGER}
    return Output(Form.TABLE, kind, saves, save, pages, items, judged)


def _chart(kind: str) -> Output:
    def pages(workspace: Workspace, period: Period, chosen: Chosen) -> tuple[PaperPage, ...]:
        found = charts.numbers(workspace, kind, period, chosen.item, chosen.earlier)
        return charts.pages(found, chosen.arrangement.paper)

    def save(workspace: Workspace, period: Period, chosen: Chosen, file: Path) -> int:
        found = charts.numbers(workspace, kind, period, chosen.item, chosen.earlier)
        return charts.write(found, file, chosen.arrangement.paper)

    saves, items = {"保存图": drawing.ENDINGS}, _ITEMS.get((Form.CHART, kind))
    return Output(Form.CHART, kind, saves, save, pages, items)


def _save_poster(workspace: Workspace, period: Period, chosen: Chosen, file: Path) -> int:
    poster.write_poster(workspace, period, file, chosen.arrangement.size)
    return 1


_POSTER = Output(
    Form.POSTER,
    Form.POSTER,
    {"保存": poster.ENDINGS},
    _save_poster,
    lambda workspace, period, chosen: poster.pages(workspace, period, chosen.arrangement.size),
)
_BULLETIN = Output(
    Form.BULLETIN,
    Form.BULLETIN,
    {"生成 Word 文档": (bulletin.WORD,), "存为 PDF": (bulletin.PDF,)},
    lambda workspace, period, chosen, file: bulletin.write_bulletin(
        workspace, period, file, chosen.issue, publish=chosen.publish
    ),
    lambda workspace, period, chosen: bulletin.pages(
        workspace.latest if chosen.publish else workspace, period, chosen.issue, chosen.dots
    ),
)
# It is made from its own panel, as a folder or packed, and says there what is missing.
_EVIDENCE_PACK = Output(
    Form.EVIDENCE_PACK,
    Form.EVIDENCE_PACK,
    {},
    lambda workspace, period, chosen, file: evidence_pack.write_pack(
        workspace, period, file, personal=chosen.personal
    ),
    judged=False,
)


def _set_parts(workspace: Workspace, period: Period, chosen: Chosen) -> list[Part]:
    """Return the files of a period's set, numbered in their order.

    Years are compared where last year's figures are at hand; in a first year none are missed.
    """
    comparable = charts.last_year(workspace, period, chosen.earlier) is not None
    parts: list[Part] = []
    known = month_set.contents(office=workspace.identity.is_office)
    for number, (kind, endings) in enumerate(known, start=1):
        if kind.kind == YEARS and not comparable:
            continue
        output = find(kind.form, kind.kind)
        offers = [each for saves in output.saves.values() for each in saves]
        parts += [
            Part(
                f"{number:02}-{kind.title}{ending}",
                partial(_put, workspace, period, output, chosen),
            )
            for ending in endings
            if ending in offers
        ]
    return parts


def _put(workspace: Workspace, period: Period, output: Output, chosen: Chosen, file: Path) -> None:
    """Write an output as it is without further choice, on wider paper where it needs that."""
    try:
        output.save(workspace, period, chosen, file)
    except InputRejectedError as problem:
        if not problem.tells(FindingCode.TOO_WIDE):
            raise
        papers = reporting.table_sheets(workspace, output.kind, period).instead
        if not papers:
            raise
        wider = Arrangement(size=papers[0].size, landscape=papers[0].landscape)
        output.save(workspace, period, Chosen(arrangement=wider), file)


# As many files as there are outputs; its panel says what became of each.
_SET = Output(
    Form.SET,
    Form.SET,
    {},
    lambda workspace, period, chosen, folder: month_set.write_set(
        workspace, period, folder, _set_parts(workspace, period, chosen)
    ),
)


def _letter(kind: str) -> Output:
    def save(workspace: Workspace, _period: Period, chosen: Chosen, file: Path) -> None:
        require(workspace, Form.LETTER, kind)
        letter_files.write_letter(workspace, chosen.item, file)

    def pages(workspace: Workspace, _period: Period, chosen: Chosen) -> tuple[PaperPage, ...]:
        require(workspace, Form.LETTER, kind)
        return letter_files.pages_of(workspace, chosen.item, chosen.dots)

    return Output(
        Form.LETTER,
        kind,
        {"保存": letter_files.ENDINGS},
        save,
        pages,
        Items("函件", _letters),
        judged=False,
        printed=lambda workspace, chosen: taking_back.note_printed(workspace, chosen.item),
    )


def _card(kind: str) -> Output:
    def save(workspace: Workspace, _period: Period, _chosen: Chosen, file: Path) -> int:
        cards.write_card(workspace, kind, file)
        return 1

    def pages(workspace: Workspace, _period: Period, _chosen: Chosen) -> tuple[PaperPage, ...]:
        return cards.pages(workspace, kind)

    return Output(
        Form.CARD, kind, {"存为 PDF": (cards.PDF,)}, save, pages, judged=False, of_a_period=False
    )


_MAKE: Mapping[Form, Callable[[str], Output]] = {
    Form.TABLE: _table,
    Form.CHART: _chart,
    Form.POSTER: lambda _kind: _POSTER,
    Form.BULLETIN: lambda _kind: _BULLETIN,
    Form.EVIDENCE_PACK: lambda _kind: _EVIDENCE_PACK,
    Form.SET: lambda _kind: _SET,
    Form.LETTER: _letter,
    Form.CARD: _card,
}
OUTPUTS: tuple[Output, ...] = tuple(_MAKE[each.form](each.kind) for each in KINDS)
