"""The one way to write a file: beside its place, onto the disk, then put in place.

Whoever reads the place finds the old file or the whole new one, also after a power cut. What fails
is told in words, and nothing half-written stays. Libraries that write by a path are given one by
`written`.
"""

from __future__ import annotations

import errno
import hashlib
import lzma
import os
import secrets
import shutil
import time
import zipfile
import zlib
from contextlib import contextmanager, nullcontext, suppress
from functools import partial
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING

from fsdesk.domain.faults import finding_of, held_by_another
from fsdesk.domain.findings import InputRejectedError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Generator
    from contextlib import AbstractContextManager

    from fsdesk.domain.findings import Finding

    # Gives what is written to in place of a file, such as what seals it on the way.
    Wrap = Callable[[IO[bytes]], AbstractContextManager[IO[bytes]]]

# Seconds between attempts while another program, such as a virus scanner, holds a file.
WAITS = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6)
# Of files under way; one that a killed process left behind is removed by `sweep`.
PART = ".part"
# What goes wrong inside a .zip file that was damaged, cut off, or made by somebody else.
BROKEN_ZIP = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, RuntimeError,
    KeyError,
)  # fmt: skip
_FOLDER = "文件夹"
_TOKEN_BYTES = 6
_BLOCK = 1 << 16
_FOR_OWNER, _FOR_ALL = 0o600, 0o666
# What file systems answer that cannot put a folder onto the disk by itself.
_NO_FOLDER_SYNC = frozenset({errno.EINVAL, errno.ENOTSUP, errno.EACCES, errno.EPERM, errno.EBADF})


@contextmanager
def told(verb: str, path: Path, kind: str = "文件") -> Generator[None]:
    """Put the faults of a block into words.

    `verb`: what is being done, such as ``写入``.
    `path`: to which file or folder, as the user knows it.
    `kind`: which of the two it is, in Chinese.
    InputRejectedError in place of an OSError.
    """
    try:
        yield
    except OSError as fault:
        raise InputRejectedError(finding_of(fault, verb, path, kind)) from fault


def read_bytes(path: Path, most: int | None = None) -> bytes:
    """Read a file; InputRejectedError when that can't be done.

    `most`: with it little more is read, by which the caller sees that it is more.
    """
    with told("读取", path), path.open("rb") as stream:
        if most is None:
            return stream.read()
        # Piece by piece: else room for the most is made each time.
        pieces = iter(partial(stream.read, _BLOCK), b"")
        return b"".join(islice(pieces, most // _BLOCK + 1))


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@contextmanager
def written(path: Path, *, private: bool = False) -> Generator[Path]:
    """Give a path to write to; what stands there when the block ends well is put in place.

    `path`: the file; an older one is replaced, missing folders are made.
    `private`: whether nobody but its owner may read it, from the first moment on.
    InputRejectedError when it can't be written; an older file stays as it was.
    """
    make_folder(path.parent)
    with _part(path, path.parent, private=private) as part:
        yield part
        _put(part, path)


def save_bytes(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write a file; see `written`."""
    with written(path, private=private) as part:
        part.write_bytes(data)


def save_text(path: Path, text: str) -> None:
    """Write a text in UTF-8, its line ends as they are; see `written`."""
    save_bytes(path, text.encode())


@contextmanager
def new_zip(
    path: Path, compression: int = zipfile.ZIP_DEFLATED, *, private: bool = False
) -> Generator[zipfile.ZipFile]:
    """Write a .zip file; see `written`."""
    with written(path, private=private) as part, zipfile.ZipFile(part, "w", compression) as archive:
        yield archive


@contextmanager
def opened_zip(path: Path, damaged: Finding) -> Generator[zipfile.ZipFile]:
    """Open a .zip file to read it.

    `damaged`: what is told when it is none, or is not whole.
    InputRejectedError for that, and when the disk can't be read.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (*BROKEN_ZIP, ValueError) as problem:
        # zipfile calls a file none of its own when the disk fails while it looks for the directory.
        cause = problem.__context__
        if isinstance(cause, OSError) and cause.errno not in {None, errno.EINVAL}:
            raise InputRejectedError(finding_of(cause, "读取", path)) from problem
        raise InputRejectedError(damaged) from problem
    except OSError as fault:
        # A damaged directory leads to places before the file's begin.
        found = damaged if fault.errno == errno.EINVAL else finding_of(fault, "读取", path)
        raise InputRejectedError(found) from fault


def copy_file(source: Path, target: Path) -> None:
    """Copy a file; see `written`."""
    with told("读取", source), source.open("rb") as stream:
        save_stream(stream, target)


def save_stream(
    stream: IO[bytes],
    target: Path,
    sha256: str = "",
    *,
    private: bool = False,
    wrap: Wrap = nullcontext,
) -> str:
    """Write what a stream gives.

    `stream`: a file, or an entry of an archive.
    `sha256`: only what has this digest is put in place.
    `private`: see `written`.

    Returns:
        The digest of what it gave.

    Raises:
        InputRejectedError: When it can't be read or written.
    """
    make_folder(target.parent)
    with _part(target, target.parent, private=private) as part:
        found = _poured(stream, part, wrap)
        if sha256 in {"", found}:
            _put(part, target)
    return found


def keep_content(
    stream: IO[bytes],
    folder: Path,
    wanted: Collection[str] | None = None,
    wrap: Wrap = nullcontext,
) -> tuple[str, bool]:
    """Keep what a stream gives under the name of its SHA-256 digest.

    `stream`: a file, or an entry of an archive.
    `wanted`: digests that are kept; all when left out.

    Returns:
        The digest, and whether it was kept.

    Raises:
        InputRejectedError: When it can't be read or written.
    """
    make_folder(folder)
    with _part(folder, folder) as part:
        digest = _poured(stream, part, wrap)
        keeps = wanted is None or digest in wanted
        if keeps:
            _put(part, folder / digest)
    return digest, keeps


def make_folder(folder: Path) -> None:
    """Make a folder, and those that it lies in, unless they are there.

    InputRejectedError when that can't be done.
    """
    with told("写入", folder, _FOLDER):
        folder.mkdir(parents=True, exist_ok=True)


@contextmanager
def scratch(near: Path) -> Generator[Path]:
    """Give an empty folder on the same disk; it goes with all that is in it when the block ends."""
    make_folder(near.parent)
    folder = near.parent / _new_name()
    try:
        with told("写入", near.parent, _FOLDER):
            folder.mkdir(mode=0o700)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def all_or_none(*places: Path) -> Generator[None]:
    """Let what is written in a block stay only if the block ends well.

    `places`: the files that are written. What stood there comes back, and where nothing stood
    nothing stays: so a file can go with a transaction, or with other files.
    InputRejectedError when what stands there can't be kept meanwhile.
    """
    former = dict[Path, Path | None]()
    try:
        for place in places:
            with told("写入", place):
                if not place.is_dir():
                    former[place] = _kept_aside(place)
        yield
    except BaseException:
        for place, aside in former.items():
            if aside is None:
                discard(place)
            else:
                with suppress(OSError):
                    _patiently(partial(aside.replace, place))
        raise
    finally:
        for aside in filter(None, former.values()):
            discard(aside)


def _kept_aside(place: Path) -> Path | None:
    """Keep a file under a second name for a while; None where there is no file."""
    aside = _second_name(place)
    if aside is None and place.exists():  # not every disk knows second names
        aside = place.parent / _new_name()
        try:
            shutil.copyfile(place, aside)
        except OSError:
            discard(aside)
            raise
    return aside


def _second_name(place: Path) -> Path | None:
    aside = place.parent / _new_name()
    try:
        os.link(place, aside)
    except OSError:
        return None
    return aside


def move_tree(source: Path, target: Path, last: str = "") -> None:
    """Move all files below a folder to another one on the same disk, or none.

    `source`: the folder, such as one of `scratch`.
    `target`: where they go; folders are made, older files are replaced.
    `last`: name of the file that goes last, since it makes the rest count.
    InputRejectedError when one can't be moved.
    """
    with told("读取", source, _FOLDER):
        names = [item.relative_to(source) for item in source.rglob("*") if item.is_file()]
    names.sort(key=lambda name: (str(name) == last, name))
    folders = {folder for name in names for folder in (target / name).parents}
    new = sorted((folder for folder in folders if not folder.exists()), reverse=True)
    try:
        with all_or_none(*(target / name for name in names)):
            for name in names:
                make_folder((target / name).parent)
                with told("写入", target / name):
                    _put(source / name, target / name)
    except BaseException:
        for folder in new:  # the innermost first
            discard_empty(folder)
        raise


def move(source: Path, target: Path) -> None:
    """Move a file or a folder to another place on the same disk; InputRejectedError if it can't."""
    with told("移动", source, _FOLDER if source.is_dir() else "文件"):
        _patiently(lambda: source.replace(target))
        _sync_folder(target.parent)


def set_aside(path: Path, name: str) -> None:
    """Give a file another name in its folder; InputRejectedError when that can't be done."""
    with told("改名", path):
        _patiently(lambda: path.replace(path.with_name(name)))


def remove(path: Path) -> None:
    """Remove a file that the user no longer wants, if it is there; refused when that fails."""
    with told("删除", path):
        _patiently(lambda: path.unlink(missing_ok=True))


def discard(path: Path) -> None:
    """Remove a file or a folder as far as that can be done; for cleaning up it never fails."""
    with suppress(OSError):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            _patiently(lambda: path.unlink(missing_ok=True))


def unused(path: Path, *endings: str) -> Path:
    """Return a path at which nothing is yet: the one that is given, else one with a number.

    `endings`: nothing is there with one of these behind the name either.
    """
    stem, suffix = (path.name, "") if path.is_dir() else (path.stem, path.suffix)
    count, candidate = 1, path
    while any(candidate.with_name(candidate.name + each).exists() for each in ("", *endings)):
        count += 1
        candidate = path.with_name(f"{stem}-{count}{suffix}")
    return candidate


def discard_empty(folder: Path) -> None:
    """Remove a folder that holds nothing, as far as that can be done."""
    with suppress(OSError):
        folder.rmdir()


def sweep(folder: Path) -> None:
    """Remove what killed processes left below a folder that nobody else writes to now."""
    for pattern in (f".*{PART}", f"*/.*{PART}", f"*/*/.*{PART}", f"*/*/*/.*{PART}"):
        for left in folder.glob(pattern):
            discard(left)


def _new_name() -> str:
    # Short, so that a name that fits its place also fits while it is under way.
    return f".{secrets.token_hex(_TOKEN_BYTES)}{PART}"


@contextmanager
def _part(path: Path, folder: Path, *, private: bool = False) -> Generator[Path]:
    """Give an empty file beside a place, and remove it in the end wherever it still is."""
    part = folder / _new_name()
    mode = _FOR_OWNER if private else _FOR_ALL
    try:
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode))
        yield part
    except OSError as fault:
        raise InputRejectedError(_whose(fault, part, path)) from fault
    finally:
        discard(part)


def _whose(fault: OSError, part: Path, path: Path) -> Finding:
    """Tell a fault of the file that is written from one of another that is read for it."""
    named = Path(os.fsdecode(fault.filename)) if fault.filename else part
    if named.absolute() in (part.absolute(), path.absolute()):
        return finding_of(fault, "写入", path)
    return finding_of(fault, "读取", named)


def _poured(stream: IO[bytes], part: Path, wrap: Wrap) -> str:
    """Copy a stream; returns its digest."""
    digest = hashlib.sha256()
    with part.open("wb") as file, wrap(file) as out:
        while block := _read(stream):
            digest.update(block)
            out.write(block)
    return digest.hexdigest()


def _read(stream: IO[bytes]) -> bytes:
    with told("读取", Path(str(getattr(stream, "name", "")))):
        return stream.read(_BLOCK)


def _put(part: Path, path: Path) -> None:
    """Bring a file onto the disk, then to its place; the old one comes back if that fails."""
    with part.open("rb+") as stream:
        os.fsync(stream.fileno())
    stood = path.exists()
    aside = _second_name(path) if stood else None
    try:
        _patiently(lambda: part.replace(path))
        try:
            _sync_folder(path.parent)
        except OSError:
            if aside is not None:
                aside.replace(path)
            elif not stood:
                discard(path)
            raise
    finally:
        if aside is not None:
            discard(aside)


def _patiently(act: Callable[[], object]) -> None:
    """Do something to a file; try again for some seconds while another program holds it."""
    for wait in WAITS:
        try:
            act()
        except OSError as fault:
            if not held_by_another(fault):
                raise
            time.sleep(wait)
        else:
            return
    act()


def _sync_folder(folder: Path) -> None:
    """Bring the new name onto the disk as well; Windows does that by itself."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as fault:
        if fault.errno not in _NO_FOLDER_SYNC:
            raise
    finally:
        os.close(descriptor)
