"""Plans from official documents: read to be checked, compared, taken into the workspace."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from fsdesk.documents.official.kinds import Kind, kind_of
from fsdesk.documents.official.parser import Known, parse
from fsdesk.documents.official.text_source import decode, read_text
from fsdesk.domain.findings import Place, reject
from fsdesk.domain.periods import Period
from fsdesk.domain.plan_changes import compare_plans
from fsdesk.domain.plan_revision import revise, roll_over
from fsdesk.services.aggregation import status
from fsdesk.services.planning import current_plan, plan_in, require_office
from fsdesk.services.setup import FIRST_YEAR, LAST_YEAR
from fsdesk.store import plans, records

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from fsdesk.documents.official.result import ParsedPlan
    from fsdesk.documents.official.source import Source
    from fsdesk.domain.plan import Plan
    from fsdesk.domain.plan_changes import PlanDifference
    from fsdesk.store.session import Session
    from fsdesk.workspace import Workspace

MOST_BYTES = 20 * 2**20
PASTED = "粘贴的文字"


def read_document(
    file: Path, workspace: Workspace | None = None, year: int | None = None
) -> ParsedPlan:
    """Read an official document (.txt, .docx, .xlsx) as a draft of a plan; nothing is saved.

    Args:
        file: The document.
        workspace: Whose units and aliases are known; without one, those of the program are
            compared with, and names stay as the document writes them.
        year: The plan's year, when the user gives it; else the document's.

    Raises:
        InputRejectedError: When the file can't be read, or holds no tasks.
    """
    return parse(_source(_bytes(file), file.name), _known(workspace), _checked(year))


def read_pasted(
    text: str, workspace: Workspace | None = None, year: int | None = None
) -> ParsedPlan:
    """Read pasted text as `read_document` reads a file.

    Raises:
        InputRejectedError: When it holds no tasks.
    """
    return parse(read_text(text, PASTED), _known(workspace), _checked(year))


def _checked(year: int | None) -> int | None:
    if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
        raise reject(f"年度 {year} 无效", f"请填写 {FIRST_YEAR} 至 {LAST_YEAR} 之间的年份")
    return year


def _bytes(file: Path) -> bytes:
    place = Place(file=file.name)
    try:
        with file.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
    except OSError as problem:
        raise reject("文件打不开", "请确认文件存在，并且没有被其他程序占用", place) from problem
    if len(data) > MOST_BYTES:
        raise reject(
            f"文件超过 {MOST_BYTES >> 20} MB，不像工作要点", "请去掉其中的图片后再试", place
        )
    return data


def _source(data: bytes, name: str) -> Source:
    kind = kind_of(data, name)
    if kind is Kind.WORD:
        from fsdesk.documents.official.word_source import read_word

        return read_word(data, name)
    if kind is Kind.SHEET:
        from fsdesk.documents.official.sheet_source import read_sheets
        from fsdesk.packets.guard import scan_data

        scanned = scan_data(data, name)
        return read_sheets(scanned.data, name, scanned.merged)
    return read_text(decode(data, name), name)


def compare_document(workspace: Workspace, draft: Plan) -> PlanDifference:
    """Return what taking a draft would change in the workspace; nothing is saved."""
    with workspace.reading() as session:
        before, after = _revised(session, workspace.identity.year, draft)
    return compare_plans(before, after)


def import_document(workspace: Workspace, draft: Plan) -> PlanDifference:
    """Take a draft as the plan of its year; what stayed keeps its code and its recorded data.

    A draft for another year than the workspace's is kept as that year's plan.

    Raises:
        InputRejectedError: When this isn't the office.
    """
    require_office(workspace, "修改年度计划")
    with workspace.writing() as writing:
        before, after = _revised(writing.session, workspace.identity.year, draft)
        difference = compare_plans(before, after)
        if not difference.is_empty:
            plans.save_plan(writing, after)
    return difference


@dataclass(frozen=True, slots=True)
class NextYear:
    """Next year's plan as it follows from this one.

    Attributes:
        plan: The plan, with the codes of the running year.
        baselines: By indicator, the value that the running year has reached; None for no data.
    """

    plan: Plan
    baselines: Mapping[str, float | None]


def next_year(workspace: Workspace, year: int | None = None) -> NextYear:
    """Make next year's plan from the workspace's; nothing is saved.

    Args:
        workspace: The office's workspace.
        year: The year that begins; the one after the plan's by default.
    """
    plan = current_plan(workspace)
    december = Period.parse(f"{plan.year}-12")
    lines = status(workspace, december).indicators
    reached = {line.indicator.code: line.figure.value for line in lines}
    return NextYear(roll_over(plan, _checked(year) or plan.year + 1), reached)


def _revised(session: Session, year: int, draft: Plan) -> tuple[Plan, Plan]:
    """Return the plan as it stands for the draft's year, and as it would be."""
    stored = plans.load_plan(session, draft.year)
    before = stored or roll_over(plan_in(session, year), draft.year)
    recorded = {item.record.key.item for item in records.held(session, leading_only=False)}
    after = revise(before, draft, recorded)
    return before, after if stored else replace(after, revision=1)


def _known(workspace: Workspace | None) -> Known:
    if workspace is not None:
        plan = current_plan(workspace)
        ours = Known(plan.directory, ours=True, year=plan.year, constants=plan.constants)
        return replace(ours, title=plan.title)
    from fsdesk.documents.plan_file import load_builtin_plan

    year = datetime.now(UTC).astimezone().year
    plan = load_builtin_plan(year)
    return Known(plan.directory, ours=False, year=year, constants=plan.constants)
