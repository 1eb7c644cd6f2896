"""Plans from official documents: read to be checked, compared, taken into the workspace."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib import import_module
from typing import TYPE_CHECKING

from msgspec.structs import replace

from fsdesk.documents.official.sources.kinds import FileKind, kind_of
from fsdesk.documents.official.sources.text import decode, read_text
from fsdesk.domain.findings import Place, reject
from fsdesk.domain.periods import FIRST_YEAR, LAST_YEAR, Period
from fsdesk.domain.plan.changes import compare_plans
from fsdesk.domain.plan.effect import numbered, replaced_since
from fsdesk.domain.plan.revision import revise, roll_over
from fsdesk.domain.plan.workbook import is_plan_book
from fsdesk.files import read_bytes
from fsdesk.services.plan.plan_editing import codes_given
from fsdesk.services.plan.planning import current_plan, require_office, store_change
from fsdesk.services.status import plan_effects
from fsdesk.services.status.aggregation import status
from fsdesk.store.plan import plans

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from fsdesk.documents.official.parser import Known
    from fsdesk.documents.official.sources.source import DocumentSource
    from fsdesk.domain.plan.changes import PlanDifference
    from fsdesk.domain.plan.plan import Plan
    from fsdesk.domain.plan_document import ParsedPlan
    from fsdesk.services.status.plan_effects import MonthEffect
    from fsdesk.workspace import Workspace

MOST_BYTES = 20 * 2**20
PASTED = "粘贴的文字"


def read_document(
    file: Path, workspace: Workspace | None = None, year: int | None = None
) -> ParsedPlan:
    """Read an official document as a draft of a plan; nothing is saved.

    Its kind is .docx, .pdf, .ofd, .html, .mht, .txt or .xlsx; its content tells, and not its name.

    Units and aliases of the workspace are known; without one, those of the program are compared
    with, and names stay as the document writes them. The year is the document's unless given.

    Raises:
        InputRejectedError: When the file can't be read, or holds no tasks.
    """
    data, year = _bytes(file), _checked(year)
    kind = kind_of(data, file.name)
    if kind is FileKind.SHEET:
        return _read_workbook(data, file.name, workspace, year)
    return _parsed(_source(kind, data, file.name), workspace, year)


def _source(kind: FileKind, data: bytes, name: str) -> DocumentSource:
    """Read a file of a kind; each reader's library is loaded when it is needed."""
    if kind is FileKind.WORD:
        from fsdesk.documents.official.sources.word import read_word

        return read_word(data, name)
    if kind is FileKind.PDF:
        from fsdesk.documents.official.sources.pdf import read_pdf

        return read_pdf(data, name)
    if kind is FileKind.OFD:
        from fsdesk.documents.official.sources.ofd import read_ofd

        return read_ofd(data, name)
    if kind in {FileKind.WEB, FileKind.WEB_ARCHIVE}:
        from fsdesk.documents.official.sources import web

        if kind is FileKind.WEB_ARCHIVE:
            return web.read_web_archive(data, name)
        return web.read_web(decode(data, name), name)
    return read_text(decode(data, name), name)


def _read_workbook(
    data: bytes, name: str, workspace: Workspace | None, year: int | None
) -> ParsedPlan:
    """Read a table of tasks, or a plan that was exported."""
    from fsdesk.documents.official.sources.sheets import read_sheets, sheets_of
    from fsdesk.packets.safe.guard import scan_data
    from fsdesk.services.plan_document.plan_books import exported_plan, notes_of

    scanned = scan_data(data, name)
    sheets = sheets_of(scanned.readable, name)
    if not is_plan_book(sheets):
        return _parsed(read_sheets(sheets, name, notes_of(scanned, name)), workspace, year)
    parsed = exported_plan(sheets, scanned, name, current_plan(workspace) if workspace else None)
    plan = parsed.plan
    if year and year != plan.year:  # its days of effect lie in its own year
        plan = replace(plan, year=year, former=(), carried_from=plan.carried_from or plan.year)
    return replace(parsed, plan=plan)


def read_pasted(
    text: str, workspace: Workspace | None = None, year: int | None = None, *, html: str = ""
) -> ParsedPlan:
    """Read pasted text as `read_document` reads a file.

    `html`: what the clipboard holds beside the text; it goes first where it has tables, whose
    merged cells the text doesn't show.

    Raises:
        InputRejectedError: When it holds no tasks.
    """
    source = read_text(text, PASTED)
    if "<table" in html.lower():
        from fsdesk.documents.official.sources.web import read_web

        web = read_web(html, PASTED)
        source = web if web.blocks else source
    return _parsed(source, workspace, _checked(year))


def load_reader() -> None:
    """Load what reads documents, which takes a while: so that nobody waits for it later."""
    import_module("fsdesk.documents.official.parser")


def _parsed(source: DocumentSource, workspace: Workspace | None, year: int | None) -> ParsedPlan:
    from fsdesk.documents.official.parser import parse

    return parse(source, _known(workspace), year)


def _checked(year: int | None) -> int | None:
    if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
        raise reject(f"年度 {year} 无效", f"请填写 {FIRST_YEAR} 至 {LAST_YEAR} 之间的年份")
    return year


def _bytes(file: Path) -> bytes:
    place = Place(file=file.name)
    data = read_bytes(file, MOST_BYTES)
    if len(data) > MOST_BYTES:
        raise reject(
            f"文件超过 {MOST_BYTES >> 20} MB，不像工作要点", "请去掉其中的图片后再试", place
        )
    return data


def compare_document(workspace: Workspace, draft: ParsedPlan) -> PlanDifference:
    """Return what taking a draft would change in the workspace; nothing is saved."""
    return _difference(*revised_plan(workspace, draft))


def _difference(before: Plan, after: Plan) -> PlanDifference:
    """Return what differs; a document that knows no days of effect is held against what is now."""
    return compare_plans(before if after.former else replace(before, former=()), after)


def effects_of_document(
    workspace: Workspace, draft: ParsedPlan, since: date | None = None
) -> tuple[MonthEffect, ...]:
    """Return what taking a draft would change in the months that have ended; nothing is saved.

    Raises:
        InputRejectedError: When the day lies outside the plan's year.
    """
    if draft.plan.year != workspace.identity.year:
        return ()
    before, after = revised_plan(workspace, draft)
    return plan_effects.effects(workspace, before, replaced_since(before, after, since))


def import_document(
    workspace: Workspace, draft: ParsedPlan, since: date | None = None
) -> PlanDifference:
    """Take a draft as the plan of its year; what stayed keeps its code and its recorded data.

    A draft for another year than the workspace's is kept as that year's plan.

    `since`: the day from which it holds in place of what the plan was; None for the whole year.

    Raises:
        InputRejectedError: When this isn't the office, or the day lies outside the plan's year.
    """
    require_office(workspace, "修改年度计划")
    before, after = revised_plan(workspace, draft)
    difference = _difference(before, after)
    after = replaced_since(before, after, since)
    if not difference.is_empty:
        with workspace.writing() as writing:
            if after.revision > 1:
                store_change(writing, before, after, since)
            else:
                plans.save_plan(writing, after)
    return difference


def export_plan(plan: Plan, file: Path) -> None:
    """Write a plan: as .xlsx, which imports back to the same plan, or as .docx, its table of tasks.

    Raises:
        InputRejectedError: When the ending is another one, or the file can't be written.
    """
    ending = file.suffix.lower()
    if ending == ".xlsx":
        from fsdesk.reports.tables.plan_workbook import write_plan_workbook

        write_plan_workbook(file, plan)
    elif ending == ".docx":
        from fsdesk.reports.word.task_breakdown import write_plan_word

        write_plan_word(file, plan, datetime.now().astimezone().date())
    else:
        raise reject(
            f"不能输出“{file.suffix}”格式", "请使用 .xlsx 或 .docx 结尾", Place(file=file.name)
        )


def next_year(workspace: Workspace, year: int | None = None) -> Plan:
    """Make next year's plan from the workspace's; nothing is saved.

    Tasks, targets and codes are those of the running year; each indicator's baseline is what the
    running year has reached.
    """
    plan = current_plan(workspace)
    year = _checked(year) or plan.year + 1
    if year != plan.year + 1:
        return roll_over(plan, year, None)
    lines = status(workspace, Period.parse(f"{plan.year}-12")).indicators
    return roll_over(plan, year, {line.indicator.code: line.figure.value for line in lines})


def revised_plan(workspace: Workspace, parsed: ParsedPlan) -> tuple[Plan, Plan]:
    """Return the plan as it stands for a draft's year, and as the draft would make it.

    For a year that the workspace has no plan of, what stands is this year's plan rolled over.
    """
    draft = parsed.plan
    with workspace.reading() as session:
        stored = plans.load_plan(session, draft.year)
        given = codes_given(session, draft.year)
    # A year that there was nothing of yet was no draft before it either.
    carried = stored or next_year(workspace, draft.year)
    before = stored or replace(carried, carried_from=draft.carried_from)
    if parsed.coded:
        return before, numbered(draft, before.revision + 1 if stored else 1)
    after = revise(before, draft, given, parsed.read)
    return before, after if stored else replace(after, revision=1)


def _known(workspace: Workspace | None) -> Known:
    from fsdesk.documents.official.parser import Known

    if workspace is not None:
        plan = current_plan(workspace)
        ours = Known(plan.directory, ours=True, year=plan.year, constants=plan.constants)
        return replace(ours, title=plan.title)
    from fsdesk.documents.plan_file import load_builtin_plan

    year = datetime.now(UTC).astimezone().year
    plan = load_builtin_plan(year)
    return Known(plan.directory, ours=False, year=year, constants=plan.constants)
