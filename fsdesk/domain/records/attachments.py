"""Attachments (佐证材料): files that prove an achievement, stored once by content digest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fsdesk.domain.findings import reject

if TYPE_CHECKING:
    from fsdesk.domain.records.records import RecordKey

LARGEST = 50 * 2**20


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that proves what a record says.

    Attributes:
        digest: SHA-256 of its content; its name in the workspace.
        size: In bytes.
    """

    digest: str
    name: str
    size: int
    record: RecordKey


def check_size(name: str, size: int) -> None:
    """Refuse a file that is empty or too large; InputRejectedError when it is."""
    if size == 0:
        raise reject(f"附件“{name}”是空文件", "请核对文件")
    if size > LARGEST:
        raise reject(f"附件“{name}”超过 {LARGEST >> 20} MB", "请压缩图片或拆分后再添加")
