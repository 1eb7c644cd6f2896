"""The files that a workspace keeps as they came: packets, evidence, its signing key.

All that reads or writes one goes through here. Where the workspace has a password each lies sealed
under its data key; which one it is, the place of the file tells (`vault.around`). What leaves the
workspace, leaves it as it came.
"""

from __future__ import annotations

import hashlib
import io
from contextlib import contextmanager, nullcontext, suppress
from functools import partial
from typing import IO, TYPE_CHECKING, cast

from fsdesk import files
from fsdesk.domain.findings import InputRejectedError, error
from fsdesk.sealed import BLOCK, DamagedSealError, SealingStream, UnsealingStream
from fsdesk.store import shelf, vault

if TYPE_CHECKING:
    from collections.abc import Collection, Generator
    from pathlib import Path

    from sqlalchemy.orm import Session


class DamagedError(InputRejectedError):
    """A sealed file is not what was kept any more."""


_MAGIC = b"fsdesk-kept-1\n"


@contextmanager
def opened(file: Path) -> Generator[IO[bytes]]:
    """Open a kept file to read it from beginning to end.

    InputRejectedError when it can't be read, or is not what was kept.
    """
    _bring(file)
    with files.told("读取", file), file.open("rb") as stream:
        found = vault.around(file)
        yield stream if found is None else cast("IO[bytes]", _Unsealing(stream, found.key, file))


def is_there(file: Path) -> bool:
    """Tell whether a file is kept; on a server it is brought into the folder.

    InputRejectedError when it can't be written there.
    """
    _bring(file)
    return file.is_file()


def read_bytes(file: Path) -> bytes:
    """Return the content of a kept file; see `opened`."""
    with opened(file) as stream:
        parts = list(iter(lambda: stream.read(BLOCK), b""))
    return b"".join(parts)


def sha256_of(file: Path) -> str:
    """Return the SHA-256 of what was kept; see `opened`."""
    digest = hashlib.sha256()
    with opened(file) as stream:
        while block := stream.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def read_to_end(file: Path) -> None:
    """Read a file; DamagedError when it lies sealed and is not what was kept any more."""
    sha256_of(file)


def bring_in(session: Session, folder: Path) -> None:
    """Put the packets, evidence, templates and key of a folder into a database on a server.

    What is there already stays, but for templates. Those that are damaged are passed over.
    InputRejectedError when one can't be read.
    """
    for name in (_PACKETS, _EVIDENCE):
        for item in _files_in(folder / name):
            if name == _EVIDENCE and not is_named(item):
                continue
            with suppress(DamagedError), opened(item) as stream, session.begin_nested():
                shelf.put_where_missing(session, item.relative_to(folder).as_posix(), stream)
    for item in _files_in(folder / _TEMPLATES):  # no password covers them
        with files.told("读取", item), item.open("rb") as stream:
            shelf.put_where_missing(session, item.relative_to(folder).as_posix(), stream)
    for item in (folder / _KEYS).glob("*.pem"):
        with suppress(DamagedError):
            shelf.put_key_where_missing(session, f"{_KEYS}/{item.name}", read_bytes(item))


def _files_in(folder: Path) -> list[Path]:
    return [item for item in sorted(folder.rglob("*")) if item.is_file()]


_PACKETS, _EVIDENCE, _TEMPLATES, _KEYS = "packets", "attachments", "templates", "keys"


def is_named(file: Path) -> bool:
    """Tell whether a file that is named by the digest of its content holds that."""
    try:
        return sha256_of(file) == file.name
    except DamagedError:
        return False


def save_bytes(file: Path, data: bytes, *, private: bool = False) -> None:
    """Keep a piece of data.

    `private`: whether nobody but its owner may read the file.
    InputRejectedError when it can't be written.
    """
    files.save_stream(io.BytesIO(data), file, private=private, wrap=_wrap(file))
    _note(file)


def copy(source: Path, target: Path, *, private: bool = False) -> None:
    """Keep in one place what is kept in another, each as its place wants it."""
    with opened(source) as stream:
        files.save_stream(stream, target, private=private, wrap=_wrap(target))
    _note(target)


def copy_in(source: Path, target: Path) -> None:
    """Keep a file that lies elsewhere; InputRejectedError when it can't be read or written."""
    with files.told("读取", source), source.open("rb") as stream:
        files.save_stream(stream, target, wrap=_wrap(target))
    _note(target)


def copy_out(source: Path, target: Path) -> None:
    """Write what was kept, as it came, to a place outside; see `opened`."""
    with opened(source) as stream:
        files.save_stream(stream, target)


def keep_content(
    stream: IO[bytes], folder: Path, wanted: Collection[str] | None = None
) -> tuple[str, bool]:
    """Keep what a stream gives under the name of its digest; see `files.keep_content`."""
    digest, is_new = files.keep_content(stream, folder, wanted, _wrap(folder / "content"))
    _note(folder / digest)
    return digest, is_new


def _note(file: Path) -> None:
    """Let other desks have a file as well."""
    found = shelf.around(file)
    if found is not None:
        found.note(file)


def _bring(file: Path) -> None:
    found = shelf.around(file)
    if found is not None:
        found.bring(file)


def _wrap(file: Path) -> files.Wrap:
    found = vault.around(file)
    return nullcontext if found is None else partial(_sealing, key=found.key)


@contextmanager
def _sealing(out: IO[bytes], key: bytes) -> Generator[IO[bytes]]:
    out.write(_MAGIC)
    stream = SealingStream(out, key)
    yield cast("IO[bytes]", stream)
    stream.finish()


class _Unsealing:
    """Reads a sealed file; damage is told in words."""

    def __init__(self, stream: IO[bytes], key: bytes, file: Path) -> None:
        self.name, self._file = str(file), file
        with self._told():
            if stream.read(len(_MAGIC)) != _MAGIC:
                raise DamagedSealError
            self._stream = UnsealingStream(stream, key)

    def read(self, size: int = -1) -> bytes:
        with self._told():
            return self._stream.read(size)

    @contextmanager
    def _told(self) -> Generator[None]:
        try:
            yield
        except DamagedSealError as problem:
            raise DamagedError(
                error(f"工作区中的文件“{self._file.name}”已损坏，打不开", "请从备份恢复")
            ) from problem
