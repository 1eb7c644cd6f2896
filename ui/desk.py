"""What every page is given: the open workspace and the doors to work and to the user."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fsdesk.workspace import Workspace
    from ui.files import Files
    from ui.messages import Messages
    from ui.tasks import TaskRunner


@dataclass(frozen=True, slots=True)
class Desk:
    """The open workspace with its doors; only jobs in the runner touch its data."""

    workspace: Workspace
    messages: Messages
    runner: TaskRunner
    files: Files
    is_office: bool
    unit: str
