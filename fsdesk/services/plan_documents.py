"""Plans from official documents: read to be checked, compared, taken into the workspace."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from fsdesk.documents.official.kinds import Kind, kind_of
from fsdesk.documents.official.parser import Known, parse
from fsdesk.documents.official.text_source import decode, read_text
from fsdesk.domain.findings import Place, reject
from fsdesk.services.planning import current_plan
from fsdesk.services.setup import FIRST_YEAR, LAST_YEAR

if TYPE_CHECKING:
    from pathlib import Path

    from fsdesk.documents.official.result import ParsedPlan
    from fsdesk.documents.official.source import Source
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


def _known(workspace: Workspace | None) -> Known:
    if workspace is not None:
        plan = current_plan(workspace)
        return Known(plan.directory, ours=True, year=plan.year, constants=plan.constants)
    from fsdesk.documents.plan_file import load_builtin_plan

    year = datetime.now(UTC).astimezone().year
    plan = load_builtin_plan(year)
    return Known(plan.directory, ours=False, year=year, constants=plan.constants)
