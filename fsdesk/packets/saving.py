"""Saving a workbook: written beside its place, then put in place, with a failure in words."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Protocol

from fsdesk.domain.findings import reject

if TYPE_CHECKING:
    from pathlib import Path


class Savable(Protocol):
    """A workbook of openpyxl's, or one of ours."""

    def save(self, filename: IO[bytes], /) -> None:
        """Write it into a stream."""
        ...


def save_workbook(book: Savable, path: Path) -> None:
    """Save a workbook so that there is never half a file in its place.

    Raises:
        InputRejectedError: When the file can't be written, e.g. since it is open elsewhere.
    """
    partial = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("wb") as stream:
            book.save(stream)
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(path)
    except OSError as problem:
        other = path.with_stem(f"{path.stem}(2)").name
        remedy = "请检查磁盘空间和文件夹的写入权限，或换一个文件夹"
        if isinstance(problem, PermissionError):
            remedy = f"文件可能正被其他程序打开，请先关闭，或换一个文件名，如“{other}”"
        raise reject(f"不能写入文件“{path}”", remedy) from problem
    finally:
        with suppress(OSError):
            partial.unlink()  # it is still there only when something failed
