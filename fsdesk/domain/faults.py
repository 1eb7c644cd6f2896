"""Faults of disks and files in plain words: what happened, where, and what to do."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import TYPE_CHECKING

from fsdesk.domain.findings import FindingCode, error

if TYPE_CHECKING:
    from fsdesk.domain.findings import Finding

FULL = ("磁盘已满", "请清理磁盘后重试")
READ_ONLY = ("磁盘是只读的", "请换一个可以写入的位置保存")
BROKEN = ("磁盘读写出错，U盘或移动硬盘可能已经拔出", "请接好磁盘后重试")
_HELD = "文件正被其他程序占用"
_REFUSED = "文件可能正被其他程序打开，或者没有写入权限"
_UNREADABLE = "文件可能正被其他程序打开，或者没有访问权限"
_LONG = ("文件名或路径太长", "请缩短文件名后重试")
_GONE = ("文件或文件夹不存在", "请确认它没有被移走")
_IN_THE_WAY = ("这个位置已有同名的文件或文件夹", "请换一个文件名")
_FOLDER = ("这是文件夹，不是文件", "请选择文件")
_ELSEWHERE = "，或换一个位置保存"
_SYSTEM = ("系统没有完成这一步", "请确认磁盘可用、位置可以写入后重试")

# By the number that every system gives, and by the one of Windows where that tells more.
_ERRNO = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: ("磁盘配额已用完", FULL[1]),
    errno.EFBIG: ("文件超过这个磁盘允许的大小", "请换一个磁盘保存"),
    errno.EROFS: READ_ONLY,
    errno.EIO: BROKEN,
    errno.ENXIO: BROKEN,
    errno.ENODEV: BROKEN,
    errno.ENAMETOOLONG: _LONG,
    errno.ENOENT: _GONE,
    errno.ENOTDIR: _GONE,
    errno.EEXIST: _IN_THE_WAY,
    errno.EISDIR: _IN_THE_WAY,
    errno.ENOTEMPTY: _IN_THE_WAY,
    errno.EMFILE: ("打开的文件太多", "请关闭一些程序后重试"),
    errno.ENFILE: ("打开的文件太多", "请关闭一些程序后重试"),
    errno.EPIPE: ("接收输出的程序已经结束", "请重新运行"),
}
_WINERROR = {
    19: READ_ONLY,  # write protected
    21: BROKEN,  # not ready
    39: FULL,
    112: FULL,
    123: ("文件名不合规定", "请换一个文件名"),
    206: _LONG,
    433: BROKEN,  # no such device
    1006: BROKEN,  # the volume changed
    1117: BROKEN,  # device error
    1167: BROKEN,  # not connected
}
# Another program reads or locks it; Windows also says "access denied" of a file that is open.
_HELD_WINERROR = frozenset({32, 33})
_DENIED_WINERROR = 5


def held_by_another(fault: OSError) -> bool:
    """Tell whether another program may hold the file, so that trying again is worth while."""
    code = _winerror(fault)
    return fault.errno == errno.EBUSY or code in _HELD_WINERROR or code == _DENIED_WINERROR


def finding_of(
    fault: OSError, verb: str = "读写", path: Path | None = None, kind: str = "文件"
) -> Finding:
    """Put a fault into words.

    `path`: the file or folder as the user knows it; what the fault names when it is left out.
    `kind`: which of the two it is, in Chinese.
    """
    named = path or (Path(str(fault.filename)) if fault.filename else None)
    cause, remedy = _words(fault, named, writes=verb == "写入")
    what = f"不能{verb}{kind}“{named}”" if named is not None else f"不能{verb}{kind}"
    return error(f"{what}：{cause}", remedy, code=FindingCode.FILE)


def _words(fault: OSError, path: Path | None, *, writes: bool) -> tuple[str, str]:
    """Return cause and remedy; only what is written can go elsewhere."""
    code = _winerror(fault)
    held = fault.errno == errno.EBUSY or code in _HELD_WINERROR
    if held or (isinstance(fault, PermissionError) and code not in _WINERROR):
        remedy = "请关闭打开它的程序（如WPS）后重试"
        if writes and path is not None and path.suffix:
            remedy += f"，或换一个文件名保存，例如“{path.stem}（2）{path.suffix}”"
        elif writes and not held:
            remedy += _ELSEWHERE
        return _HELD if held else _REFUSED if writes else _UNREADABLE, remedy
    if fault.errno == errno.EISDIR and not writes:
        return _FOLDER
    found = _WINERROR.get(code) or _ERRNO.get(fault.errno or 0, _SYSTEM)
    cause, remedy = found
    return cause, remedy if not writes or found is READ_ONLY else f"{remedy}{_ELSEWHERE}"


def _winerror(fault: OSError) -> int:
    return int(getattr(fault, "winerror", None) or 0)
