"""Reads and writes the archive that a .deb is, so that a part of it can be left out."""

from __future__ import annotations

import io
import lzma
import tarfile
import zlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from installers.roots import BuildError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

_BEGIN = b"!<arch>\n"
_HEAD = 60  # bytes before each member: name, time, owner, group, mode, size


@dataclass(frozen=True, slots=True)
class Member:
    """One of the three files in a .deb: its format, what is told of it, what is installed."""

    name: str
    data: bytes

    @property
    def is_control(self) -> bool:
        """Whether it tells of the package."""
        return self.name.startswith("control.tar")


def members(package: Path) -> Iterator[Member]:
    """Give the members of a .deb in order; BuildError when it is none."""
    with package.open("rb") as stream:
        if stream.read(len(_BEGIN)) != _BEGIN:
            raise BuildError(f"{package.name} 不是 .deb")
        while len(head := stream.read(_HEAD)) == _HEAD:
            size = int(head[48:58])
            yield Member(head[:16].decode().rstrip(" /"), stream.read(size))
            stream.read(size % 2)


def write(package: Path, parts: Iterable[Member], moment: int) -> None:
    """Write a .deb of some members; `moment` is the time that they all bear."""
    with package.open("wb") as stream:
        stream.write(_BEGIN)
        for part in parts:
            facts = (part.name.ljust(16), str(moment).ljust(12), "0".ljust(6), "0".ljust(6))
            size = str(len(part.data)).ljust(10)
            stream.write(f"{''.join(facts)}{'100644'.ljust(8)}{size}`\n".encode())
            stream.write(part.data + b"\n" * (len(part.data) % 2))


def without(control: Member, left_out: Collection[str]) -> Member:
    """Return what is told of a package without some of its files."""
    packed = io.BytesIO()
    with (
        tarfile.open(fileobj=io.BytesIO(plain(control))) as before,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.GNU_FORMAT) as after,
    ):
        for entry in before:
            if entry.name.removeprefix("./") not in left_out:
                after.addfile(entry, before.extractfile(entry) if entry.isfile() else None)
    return replace(control, name="control.tar.xz", data=lzma.compress(packed.getvalue()))


def plain(member: Member) -> bytes:
    """Return the tar file in a member."""
    if member.name.endswith(".xz"):
        return lzma.decompress(member.data)
    return zlib.decompress(member.data, wbits=31)  # with gzip's head
