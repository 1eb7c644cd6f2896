"""Layouts of tables that the user keeps under a name; they lie in the workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from fsdesk.domain.findings import reject
from fsdesk.domain.output.arrangement import PLAIN, Arrangement, from_plain, to_plain
from fsdesk.domain.status.measures import Measure
from fsdesk.domain.text import tidy
from fsdesk.store import settings

if TYPE_CHECKING:
    from fsdesk.workspace import Workspace

SETTING = "table_layouts"
_LONGEST = 30
# What columns of a table were called when layouts with them may have been kept.
_RENAMED = {
    "tasks": {"进度": Measure.TASK_PROGRESS.label, "序时": Measure.PACE.label},
    "indicators": {"序时": Measure.PACE.label},
    "units": {"进度": Measure.UNIT_PROGRESS.label, "序时": Measure.PACE.label},
    "reports": {
        "报送率": Measure.REPORTING_TO_DATE.label,
        "及时率": Measure.TIMELINESS_TO_DATE.label,
    },
}


def saved(workspace: Workspace, kind: str) -> tuple[Arrangement, ...]:
    """Return the layouts that are kept for a table, by their name."""
    with workspace.reading() as session:
        found = settings.load_setting(session, SETTING).get(kind, {})
    renamed = _RENAMED.get(kind, {})
    kept = (from_plain(found[name]) for name in sorted(found))
    return tuple(
        replace(each, columns=tuple(renamed.get(title, title) for title in each.columns))
        for each in kept
    )


def named(workspace: Workspace, kind: str, name: str) -> Arrangement:
    """Return the layout of a name; the plain one for no name.

    Raises:
        InputRejectedError: When there is none.
    """
    if not name:
        return PLAIN
    kept = {wanted.name: wanted for wanted in saved(workspace, kind)}
    if name not in kept:
        words = f"已保存的版式：{'、'.join(kept)}" if kept else "还没有保存过版式"
        raise reject(f"没有名为“{name}”的版式", words)
    return kept[name]


def save(workspace: Workspace, kind: str, name: str, wanted: Arrangement) -> Arrangement:
    """Keep a layout under a name; one of the same name is replaced.

    Raises:
        InputRejectedError: When the name is empty or too long.
    """
    short = tidy(name).strip()
    if not short or len(short) > _LONGEST:
        raise reject("版式名称应为 1 至 30 个字", "请重新填写名称")
    kept = replace(wanted, name=short)
    with workspace.writing() as writing:
        values = settings.load_setting(writing.session, SETTING)
        values.setdefault(kind, {})[short] = to_plain(kept)
        settings.save_setting(writing, SETTING, values)
    return kept


def remove(workspace: Workspace, kind: str, name: str) -> None:
    """Forget a layout.

    Raises:
        InputRejectedError: When there is none of this name.
    """
    named(workspace, kind, name)
    with workspace.writing() as writing:
        values = settings.load_setting(writing.session, SETTING)
        values[kind].pop(name, None)
        settings.save_setting(writing, SETTING, values)
