"""Attachments (佐证材料): files that prove an achievement, stored once by content digest."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.findings import Finding, notice, reject

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fsdesk.domain.records.records import RecordKey

LARGEST = 50 * 2**20
_PHONE_PICTURES = {".heic", ".heif", ".hif"}
# With macros, by the ending of the same without them.
_MACROS = {
    ".docm": ".docx", ".dotm": ".docx", ".xlsm": ".xlsx", ".xltm": ".xlsx", ".xlsb": ".xlsx",
    ".pptm": ".pptx", ".ppsm": ".pptx", ".potm": ".pptx",
}  # fmt: skip


class Attachment(Struct, frozen=True):
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


def hard_to_open(names: Iterable[str]) -> Iterator[Finding]:
    """Yield a notice for each evidence file that its receiver may not be able, or dare, to open."""
    for name in dict.fromkeys(names):
        ending = PurePath(name).suffix.lower()
        if ending in _PHONE_PICTURES:
            yield notice(
                f"“{name}”是手机的 HEIC 照片，旧电脑打不开",
                "照常收下；建议换成 JPG：苹果手机在“设置”“相机”“格式”中选“兼容性最佳”后重拍，"
                "或用微信发给自己（不选原图）、用看图软件另存为 .jpg",
            )
        elif ending in _MACROS:
            yield notice(
                f"“{name}”可能带有宏，收件单位的电脑多半不让打开",
                f"照常收下；建议用 WPS 或 Office 另存为 {_MACROS[ending]} 后重新添加",
            )
