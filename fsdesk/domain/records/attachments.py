"""Attachments (佐证材料): files that prove an achievement, stored once by content digest."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fsdesk.domain.findings import reject

if TYPE_CHECKING:
    from fsdesk.domain.records.records import RecordKey

LARGEST = 50 * 2**20
_LONGEST_NAME = 120
# What Windows allows in no file name.
_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f]')


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that proves what a record says.

    Attributes:
        digest: SHA-256 of its content; its name in the workspace.
        name: The name that people know.
        size: In bytes.
        record: What it proves.
    """

    digest: str
    name: str
    size: int
    record: RecordKey


def check_size(name: str, size: int) -> None:
    """Refuse a file that is empty or too large.

    Raises:
        InputRejectedError: When it is.
    """
    if size == 0:
        raise reject(f"附件“{name}”是空文件", "请核对文件")
    if size > LARGEST:
        raise reject(f"附件“{name}”超过 {LARGEST >> 20} MB", "请压缩图片或拆分后再添加")


def safe_name(name: str) -> str:
    """Return a file name that every system can use and that names no other folder."""
    text = _UNSAFE.sub("_", name).strip(" .")
    stem, dot, ending = text.rpartition(".")
    if len(text) > _LONGEST_NAME:
        text = f"{stem[: _LONGEST_NAME - len(ending) - 1]}{dot}{ending}"[:_LONGEST_NAME]
    return text or "附件"
