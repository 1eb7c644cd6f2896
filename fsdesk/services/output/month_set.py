"""The month's outputs in one folder (本月一套): numbered files and a list of what they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk import files, unforeseen
from fsdesk.domain.findings import reject
from fsdesk.domain.output.kinds import REGISTER, YEARS, Form, OutputKind, kind_of
from fsdesk.domain.periods import date_text
from fsdesk.domain.steps import Progress
from fsdesk.services.output.heads import head_of, require

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from pathlib import Path

    from fsdesk.domain.periods import Period
    from fsdesk.workspace import Workspace

LIST = "00-清单.txt"
_TABLE, _PICTURE = (".pdf", ".xlsx"), (".pdf",)
# What goes into a folder and as which files, in the order of their numbers.
_CONTENTS = (
    (Form.BULLETIN, "bulletin", (".docx", ".pdf")),
    (Form.POSTER, "poster", _PICTURE),
    (Form.TABLE, "tasks", _TABLE),
    (Form.TABLE, "indicators", _TABLE),
    (Form.TABLE, "units", _TABLE),
    (Form.TABLE, "reports", _TABLE),
    (Form.TABLE, "assessment", _TABLE),
    (Form.TABLE, REGISTER, _TABLE),
    (Form.CHART, "indicators", _PICTURE),
    (Form.CHART, "trend", _PICTURE),
    (Form.CHART, "heat", _PICTURE),
    (Form.CHART, "units", _PICTURE),
    (Form.CHART, "completeness", _PICTURE),
    (Form.CHART, "sections", _PICTURE),
    (Form.CHART, YEARS, _PICTURE),
)


class Part(Struct, frozen=True):
    """One file of a set; ``write`` puts it at a path."""

    name: str
    write: Callable[[Path], object]


class SetLine(Struct, frozen=True):
    """What became of one file; ``why`` says why it was not written and is empty where it was."""

    name: str
    why: str = ""


class WrittenSet(Struct, frozen=True):
    """A set that was written."""

    folder: Path
    lines: tuple[SetLine, ...]

    @property
    def written(self) -> tuple[str, ...]:
        """The names of the files that there are."""
        return tuple(line.name for line in self.lines if not line.why)

    @property
    def missing(self) -> tuple[SetLine, ...]:
        """What could not be written."""
        return tuple(line for line in self.lines if line.why)


def contents(*, office: bool) -> tuple[tuple[OutputKind, tuple[str, ...]], ...]:
    """Return the kinds in the set of the office, or of a unit, with their files' endings."""
    every = ((kind_of(form, kind), endings) for form, kind, endings in _CONTENTS)
    return tuple((kind, endings) for kind, endings in every if kind.maker.may_be(office=office))


def folder_name(period: Period) -> str:
    """Return what the folder of a period's set is called."""
    return f"{period.label}材料"


def free_folder(parent: Path, period: Period) -> Path:
    """Return where a period's set goes: a folder of its name, with a number if there is one."""
    return files.unused(parent / folder_name(period))


def write_set(
    workspace: Workspace, period: Period, out: Path, parts: Sequence[Part]
) -> Generator[Progress, None, WrittenSet]:
    """Write the parts of a period's set and their list into a new or empty folder.

    What can't be written is in the list with the reason, and the rest is written all the same. Cut
    short, nothing is.

    Raises:
        InputRejectedError: When the folder isn't empty or can't be written.
    """
    require(workspace, Form.SET, Form.SET)
    if out.exists() and (out.is_file() or any(out.iterdir())):
        raise reject(f"“{out.name}”已存在", "请另选一个空文件夹或新的文件夹名")
    lines: list[SetLine] = []
    with files.scratch(out) as folder:
        for number, part in enumerate(parts):
            yield Progress(number, len(parts), f"正在生成{part.name}")
            lines.append(_written(workspace, part, folder))
        words = _list(workspace, period, lines)
        files.save_bytes(folder / LIST, words.encode("utf-8-sig"))
        files.move_tree(folder, out, last=LIST)
    return WrittenSet(out, tuple(lines))


def _written(workspace: Workspace, part: Part, folder: Path) -> SetLine:
    try:
        part.write(folder / part.name)
    except Exception as problem:  # noqa: BLE001 - one that fails stops none of the others
        files.discard(folder / part.name)
        told = unforeseen.told(problem, workspace.folder / "logs")
        return SetLine(part.name, "；".join(found.message for found in told))
    return SetLine(part.name)


def _list(workspace: Workspace, period: Period, lines: Sequence[SetLine]) -> str:
    head = head_of(workspace, period)
    said = [
        f"{folder_name(period)}清单",
        f"制作：{head.maker}　{date_text(head.made_on)}",
        head.reporting.line,
        "",
        *(line.name for line in lines if not line.why),
    ]
    missing = [f"{line.name}：{line.why}" for line in lines if line.why]
    said += ["", "以下没有生成：", *missing] if missing else []
    return "".join(f"{line}\r\n" for line in said)
