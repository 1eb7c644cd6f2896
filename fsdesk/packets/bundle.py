"""Packets with evidence files: a .zip of the workbook and the files that it names."""

from __future__ import annotations

import time
import zipfile
from typing import IO, TYPE_CHECKING, cast

from fsdesk.domain.findings import InputRejectedError, Place, error, reject
from fsdesk.domain.names import file_name
from fsdesk.domain.records.attachments import LARGEST
from fsdesk.files import new_zip, opened_zip
from fsdesk.sealed import BLOCK, DamagedSealError, SealingStream, UnsealingStream

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from fsdesk.domain.records.attachments import Attachment

    # Gives the content that has a digest, and keeps what a stream gives if its digest is wanted.
    Opens = Callable[[str], AbstractContextManager[IO[bytes]]]
    Keeps = Callable[[IO[bytes], Collection[str]], tuple[str, bool]]

WORKBOOKS = (".xlsx", ".xls", ".et", ".ods")
MOST_FILES = 2000
MOST_TOTAL = 2 * 2**30
_FOLDER = "佐证材料"
_SEALED = ".sealed"
_SEAL_ROOM = LARGEST >> 10  # more than what sealing adds
_ENCRYPTED = 1
_ASK_AGAIN = "请向发件单位重新索要"


def pack(
    target: Path, book: Path, files: Iterable[Attachment], opened: Opens, key: bytes = b""
) -> None:
    """Write a packet with its evidence files.

    `files`: the evidence files; each content goes along once.
    `opened`: gives the content that has a digest.
    `key`: with which their contents are sealed; their names then stay out as well.
    InputRejectedError when a file is missing or the packet can't be written.
    """
    with new_zip(target) as archive:
        archive.write(book, f"{target.stem}.xlsx")
        for digest, name in {file.digest: file.name for file in files}.items():
            number = len(archive.namelist())
            called = f"{number}{_SEALED}" if key else f"{digest[:8]}-{file_name(name)}"
            entry = zipfile.ZipInfo(f"{_FOLDER}/{called}", time.localtime()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            with opened(digest) as source, archive.open(entry, "w", force_zip64=True) as out:
                _pour(source, out, key)


def _pour(source: IO[bytes], out: IO[bytes], key: bytes) -> None:
    sealing = SealingStream(out, key) if key else None
    while block := source.read(BLOCK):
        (sealing or out).write(block)
    if sealing is not None:
        sealing.finish()


def open_bundle(path: Path, largest_book: int) -> bytes:
    """Look at a .zip packet and take out its workbook.

    `largest_book`: most bytes that a workbook may have.

    Returns:
        The workbook's bytes.

    Raises:
        InputRejectedError: When it is damaged, encrypted, too large, or holds no single workbook.
    """
    place = Place(file=path.name)
    with opened_zip(path, error("压缩包不完整或已损坏", _ASK_AGAIN, place)) as archive:
        entries = archive.infolist()
        _check(entries, place)
        books = [e for e in entries if "/" not in e.filename and _is_book(e.filename)]
        if len(books) != 1:
            raise reject(
                f"压缩包里应当正好有一个报送包工作簿，现有 {len(books)} 个",
                "请使用本程序导出的 .zip 文件，不要自行打包",
                place,
            )
        if books[0].file_size > largest_book:
            raise reject("压缩包里的工作簿过大", "请确认它是报送包", place)
        return archive.read(books[0])


def _is_book(name: str) -> bool:
    return name.lower().endswith(WORKBOOKS)


def _check(entries: Sequence[zipfile.ZipInfo], place: Place) -> None:
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise reject("压缩包设有密码", "请去掉密码后重新打包", place)
    if len(entries) > MOST_FILES or sum(entry.file_size for entry in entries) > MOST_TOTAL:
        raise reject("压缩包里的文件过多或过大", "请减少佐证材料后重新导出", place)
    large = next((entry for entry in entries if entry.file_size > _largest(entry)), None)
    if large is not None:
        raise reject(
            f"佐证材料“{large.filename}”超过 {LARGEST >> 20} MB", "请压缩或拆分后重新添加", place
        )


def _largest(entry: zipfile.ZipInfo) -> int:
    return LARGEST + _SEAL_ROOM if entry.filename.endswith(_SEALED) else LARGEST


def unpack(bundle: Path, files: Iterable[Attachment], keep: Keeps, key: bytes = b"") -> None:
    """Take evidence files out of a packet and keep them by their digest.

    `keep`: keeps what a stream gives.
    `key`: with which their contents are sealed, if they are.

    Names in the archive are never used as paths: a file is known by its content alone.
    InputRejectedError when one of them is missing or is not what was signed.
    """
    wanted = {file.digest: file for file in files}
    damaged = error("佐证材料读不出来", _ASK_AGAIN, Place(bundle.name))
    try:
        with opened_zip(bundle, damaged) as archive:
            for entry in archive.infolist():
                if wanted and not entry.is_dir():
                    _take_out(archive, entry, wanted, keep, key)
    except DamagedSealError as problem:
        raise InputRejectedError(damaged) from problem
    if wanted:
        names = "、".join(sorted(file.name for file in wanted.values()))
        raise reject(f"缺少佐证材料：{names}", _ASK_AGAIN, Place(bundle.name))


def _take_out(
    archive: zipfile.ZipFile,
    entry: zipfile.ZipInfo,
    wanted: dict[str, Attachment],
    keep: Keeps,
    key: bytes,
) -> None:
    """Keep one entry if it is wanted: it is known by its content."""
    if key and entry.filename.endswith(_SEALED):
        with archive.open(entry) as source:
            opened = cast("IO[bytes]", UnsealingStream(source, key))
            digest, kept = keep(opened, wanted)
        if kept:
            del wanted[digest]
    elif entry.file_size in {file.size for file in wanted.values()}:
        with archive.open(entry) as source:
            digest, kept = keep(source, wanted)
        if kept:
            del wanted[digest]
