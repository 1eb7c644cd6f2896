"""Putting a finished file in its place: whole or not at all, with a clear word when it fails."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from fsdesk.domain.findings import Place, reject

if TYPE_CHECKING:
    from pathlib import Path


def save_bytes(path: Path, data: bytes) -> None:
    """Write a file beside its place, then move it there; missing folders are made.

    Raises:
        InputRejectedError: When the file is open in another program or can't be written.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    place = Place(file=path.name)
    other = f"{path.stem}（2）{path.suffix}"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except PermissionError as refusal:
        raise reject(
            "文件无法写入，可能正被其他程序打开，或没有写入权限",
            f"请关闭该文件后重试，或换一个文件名保存，例如“{other}”",
            place,
        ) from refusal
    except OSError as failure:
        raise reject(
            f"文件无法保存（{failure.strerror or failure}）",
            "请检查磁盘是否已满、文件夹是否可用，或换一个位置保存",
            place,
        ) from failure
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
