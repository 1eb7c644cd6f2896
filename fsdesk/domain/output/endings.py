"""The endings that an output may be saved with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.domain.findings import Place, reject

if TYPE_CHECKING:
    from pathlib import Path


def required_ending(file: Path, what: str, endings: tuple[str, ...]) -> str:
    """Return a file's ending in small letters.

    `endings`: those that it can be saved with, each with its dot.
    InputRejectedError for another ending.
    """
    ending = file.suffix.lower()
    if ending not in endings:
        *others, last = endings
        known = f"{'、'.join(others)} 或 {last}" if others else last
        raise reject(
            f"{what}不能保存为“{file.suffix}”格式",
            f"请使用 {known} 结尾的文件名",
            Place(file=file.name),
        )
    return ending
