"""What kind of disk a folder lies on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from pathlib import Path

_NETWORK = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "fuse.sshfs", "davfs", "9p"}
)


def on_network_drive(folder: Path) -> bool:
    """Tell whether a folder lies on a drive shared over the network.

    SQLite's locks do not hold there, so that two PCs could damage the database.
    """
    whole = folder.resolve()
    if str(whole).startswith("\\\\"):
        return True
    parts = [part for part in psutil.disk_partitions(all=True) if _holds(part.mountpoint, whole)]
    if not parts:
        return False
    nearest = max(parts, key=lambda part: len(part.mountpoint))
    return nearest.fstype.casefold() in _NETWORK or "remote" in nearest.opts.split(",")


def _holds(mountpoint: str, folder: Path) -> bool:
    return any(
        str(parent) == mountpoint.rstrip("/") or str(parent) == mountpoint
        for parent in (folder, *folder.parents)
    )
