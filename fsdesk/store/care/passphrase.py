"""Archives that open with a passphrase alone: XChaCha20-Poly1305 under a key of Argon2id.

The file is a .zip of two entries: words for whoever opens it elsewhere, and a sealed stream that
holds the archive itself, so that not even the names in it can be seen. The stream's head says how
the key is made and carries its own digest: a wrong passphrase is told from a damaged file.
"""

from __future__ import annotations

import zipfile
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, cast

from fsdesk import files
from fsdesk.domain.findings import FindingCode, InputRejectedError, error, reject
from fsdesk.sealed import (
    HEAD_BYTES,
    DamagedSealError,
    SealingStream,
    UnsealingStream,
    check_passphrase,
    key_of,
    new_lock,
)

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

_ENTRY, _WORDS_ENTRY = "backup.sealed", "说明.txt"
_WORDS = (
    "这是食药安工作台的备份文件，用口令加密。\r\n"
    "请在食药安工作台中选择“从备份恢复”，输入备份时设的口令。没有口令，任何人都不能打开。\r\n"
)
_DAMAGED = ("备份文件已损坏，不能完整解开", "请换一份备份；同一份的另一个副本也可以一试")


def is_sealed(file: Path) -> bool:
    """Tell whether an archive asks for a passphrase; one that can't be read doesn't."""
    try:
        with zipfile.ZipFile(file) as archive:
            return _ENTRY in archive.namelist()
    except (OSError, zipfile.BadZipFile):
        return False


@contextmanager
def new_archive(file: Path, passphrase: str = "") -> Generator[zipfile.ZipFile]:
    """Write an archive for its owner alone, sealed where a passphrase is given.

    InputRejectedError when the passphrase is too short or the file can't be written.
    """
    if not passphrase:
        with files.new_zip(file, private=True) as archive:
            yield archive
        return
    check_passphrase(passphrase)
    with files.new_zip(file, zipfile.ZIP_STORED, private=True) as outer:
        outer.writestr(_WORDS_ENTRY, _WORDS.encode("utf-8-sig"))
        with outer.open(_ENTRY, "w", force_zip64=True) as stream:
            key, head = new_lock(passphrase)
            stream.write(head)
            sealed = SealingStream(stream, key)
            # It has what an archive needs that is written from end to end.
            into = cast("IO[bytes]", sealed)
            with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
                yield archive
            sealed.finish()


@contextmanager
def opened_archive(file: Path, passphrase: str, near: Path) -> Generator[zipfile.ZipFile]:
    """Open an archive, sealed or not.

    `passphrase`: empty for one that is not sealed.
    `near`: a path on the disk on which there is room to unseal it for a while.
    InputRejectedError, with FindingCode.PASSPHRASE, when a passphrase is missing or wrong; without
    it when the sealed part is damaged. What else is damaged raises as `zipfile.ZipFile` does.
    """
    with zipfile.ZipFile(file) as outer:
        if _ENTRY not in outer.namelist():
            yield outer
            return
        if not passphrase:
            raise _asked(f"备份文件“{file.name}”用口令加密", "请输入备份时设的口令")
        with files.scratch(near) as aside:
            plain = aside / "backup.zip"
            try:
                with outer.open(_ENTRY) as stream:
                    files.save_stream(cast("IO[bytes]", _unsealing(stream, passphrase)), plain)
            except (zipfile.BadZipFile, EOFError, DamagedSealError) as problem:
                raise reject(*_DAMAGED) from problem
            with zipfile.ZipFile(plain) as archive:
                yield archive


def _unsealing(stream: IO[bytes], passphrase: str) -> UnsealingStream:
    key = key_of(stream.read(HEAD_BYTES), passphrase)
    if key is None:
        raise _asked("口令不对", "请核对大小写和输入法，重新输入")
    return UnsealingStream(stream, key)


def _asked(message: str, remedy: str) -> InputRejectedError:
    return InputRejectedError(error(message, remedy, code=FindingCode.PASSPHRASE))
