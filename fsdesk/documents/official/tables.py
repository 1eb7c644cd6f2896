"""Tables of tasks (任务分解表): the header says what each column holds, each row is a task."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fsdesk.documents.official.draft import Draft, DraftSection
    from fsdesk.documents.official.source import Table


def read_table(table: Table, draft: Draft) -> list[DraftSection]:
    """Read the tasks of a table."""
    return []
