"""What is left behind when a library breaks the whole process: where it stood.

What was typed is in the database by then: every field is stored as it is typed. What Python can
catch leaves a report by `fsdesk.unforeseen`.
"""

from __future__ import annotations

import faulthandler
import sys
from datetime import datetime
from typing import TYPE_CHECKING

from fsdesk.files import discard, set_aside

if TYPE_CHECKING:
    from pathlib import Path

_HARD = "fault.log"


class HardFaults:
    """Catches what Python can't: a library that breaks the whole process."""

    def __init__(self, folder: Path) -> None:
        """Write into the folder of logs from now on."""
        self._file = folder / _HARD
        self.last = self._take_last()
        self._stream = self._file.open("w", encoding="utf-8")
        faulthandler.enable(self._stream)

    def _take_last(self) -> Path | None:
        """Set aside what the last run left, and return it."""
        if not self._file.is_file() or not self._file.stat().st_size:
            return None
        moment = datetime.fromtimestamp(self._file.stat().st_mtime).astimezone()
        name = f"crash-{moment:%Y%m%d-%H%M%S}-fault.txt"
        set_aside(self._file, name)
        return self._file.with_name(name)

    def close(self) -> None:
        """Leave nothing behind: the program ended well."""
        faulthandler.disable()
        if sys.stderr is not None:
            faulthandler.enable()
        self._stream.close()
        discard(self._file)
