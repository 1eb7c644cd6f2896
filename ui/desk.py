"""What every page is given: the open workspace and the doors to work and to the user."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fsdesk.workspace import Workspace
    from ui.drafts import Drafts
    from ui.files import Files
    from ui.messages import Messages
    from ui.tasks import BackgroundTask, Progress, TaskRunner


class Desk(Struct, frozen=True):
    """The open workspace with its doors; only jobs in the runner touch its data.

    `switch_to` opens the workspace of another folder in the window, in place of this one, with
    packets to check there and words to tell if need be, and
    `leave_for` does a job between the two; see `ui.app.Program`. `climbs`: whether the unit is an
    office, too, whose own aggregate may fill its report.
    """

    workspace: Workspace
    messages: Messages
    runner: TaskRunner
    files: Files
    is_office: bool
    unit: str
    switch_to: Callable[..., object]
    leave_for: Callable[..., object]
    drafts: Drafts
    climbs: bool = False

    def run(
        self,
        work: Callable[[Workspace], object],
        on_done: Callable[[Any], object] | None = None,
        on_failed: Callable[[Exception], object] | None = None,
        on_progress: Callable[[Progress], object] | None = None,
        title: str = "",
    ) -> BackgroundTask:
        """Give the runner work on the workspace."""
        job = partial(work, self.workspace)
        return self.runner.run(job, on_done, on_failed, on_progress, title)

    def tell_written(self, words: str, place: Path) -> None:
        """Tell of a file or a folder that was written, and offer to open where it lies."""
        self.messages.info(words, "打开所在文件夹", lambda: self.files.reveal(place))
