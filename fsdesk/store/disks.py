"""What kind of disk a folder lies on."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOUNTS = Path("/proc/self/mounts")
_NETWORK = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "fuse.sshfs", "davfs", "9p"}
)


class Drive(NamedTuple):
    """Where a drive is, of what kind, and by which options."""

    place: str
    kind: str
    options: str


def on_network_drive(folder: Path) -> bool:
    """Tell whether a folder lies on a drive shared over the network.

    SQLite's locks do not hold there, so that two PCs could damage the database.
    """
    whole = folder.resolve()
    if str(whole).startswith("\\\\"):
        return True
    holding = [drive for drive in drives() if _holds(drive.place, whole)]
    if not holding:
        return False
    nearest = max(holding, key=lambda drive: len(drive.place))
    return nearest.kind.casefold() in _NETWORK or "remote" in nearest.options.split(",")


def drives() -> Iterator[Drive]:
    """Yield all drives of this PC."""
    if sys.platform == "linux":
        for line in _MOUNTS.read_text(encoding="utf-8", errors="surrogateescape").splitlines():
            _device, place, kind, options, *_ = line.split(" ")
            # A blank in a name is written as \040, and so on.
            yield Drive(re.sub(r"\\(\d{3})", lambda it: chr(int(it[1], 8)), place), kind, options)
        return
    import psutil  # Linux tells by itself, and each command would wait for it

    for part in psutil.disk_partitions(all=True):
        yield Drive(part.mountpoint, part.fstype, part.opts)


def _holds(mountpoint: str, folder: Path) -> bool:
    return any(
        str(parent) == mountpoint.rstrip("/") or str(parent) == mountpoint
        for parent in (folder, *folder.parents)
    )
