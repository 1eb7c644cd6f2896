"""Archives that open with a passphrase alone: XChaCha20-Poly1305 under a key of Argon2id.

The file is a .zip of two entries: words for whoever opens it elsewhere, and a sealed stream that
holds the archive itself, so that not even the names in it can be seen. The stream's head says how
the key is made and carries its own digest: a wrong passphrase is told from a damaged file.
"""

from __future__ import annotations

import hashlib
import secrets
import struct
import unicodedata
import zipfile
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, cast

from fsdesk import files
from fsdesk.domain.findings import FindingCode, InputRejectedError, error, reject
from fsdesk.sealed import KEY_BYTES, DamagedSealError, SealingStream, UnsealingStream

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

LEAST_LENGTH = 8
_ENTRY, _WORDS_ENTRY = "backup.sealed", "说明.txt"
_WORDS = (
    "这是食药安工作台的备份文件，用口令加密。\r\n"
    "请在食药安工作台中选择“从备份恢复”，输入备份时设的口令。没有口令，任何人都不能打开。\r\n"
)
_MAGIC = b"fsdesk-sealed-1\n"
# Passes and memory (KiB) of Argon2id: about half a second, and what an old PC has to spare.
_PASSES, _MEMORY = 3, 128 << 10
_MOST_PASSES, _MOST_MEMORY = 16, 1 << 20
_SALT_BYTES, _MARK_BYTES, _DIGEST_BYTES = 16, 16, 32
_HEAD = struct.Struct(f">{len(_MAGIC)}s{_SALT_BYTES}sII{_MARK_BYTES}s")
HEAD_BYTES = _HEAD.size + _DIGEST_BYTES
_DAMAGED = ("备份文件已损坏，不能完整解开", "请换一份备份；同一份的另一个副本也可以一试")


def check_passphrase(passphrase: str, called: str = "口令") -> None:
    """Refuse a passphrase that is too short to keep anybody out."""
    if len(_plain(passphrase)) < LEAST_LENGTH:
        raise reject(
            f"{called}太短，至少 {LEAST_LENGTH} 个字符", f"请换一个较长、自己记得住的{called}"
        )


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


def new_lock(passphrase: str) -> tuple[bytes, bytes]:
    """Make a key of a passphrase; returns it, and the head from which `key_of` makes it again."""
    salt = secrets.token_bytes(_SALT_BYTES)
    key = _key(passphrase, salt, _PASSES, _MEMORY)
    head = _HEAD.pack(_MAGIC, salt, _PASSES, _MEMORY, _mark(key))
    return key, head + hashlib.sha256(head).digest()


def key_of(head: bytes, passphrase: str) -> bytes | None:
    """Return the key that a passphrase makes with a head of `new_lock`; None for a wrong one.

    DamagedSealError when the head is none. InputRejectedError when the memory doesn't suffice.
    """
    head, digest = head[: _HEAD.size], head[_HEAD.size :]
    if not head.startswith(_MAGIC) or hashlib.sha256(head).digest() != digest:
        raise DamagedSealError
    _, salt, passes, memory, mark = _HEAD.unpack(head)
    if passes > _MOST_PASSES or memory > _MOST_MEMORY:  # nothing that this program wrote
        raise DamagedSealError
    key = _key(passphrase, salt, passes, memory)
    return key if _mark(key) == mark else None


def _unsealing(stream: IO[bytes], passphrase: str) -> UnsealingStream:
    key = key_of(stream.read(HEAD_BYTES), passphrase)
    if key is None:
        raise _asked("口令不对", "请核对大小写和输入法，重新输入")
    return UnsealingStream(stream, key)


def _mark(key: bytes) -> bytes:
    """Return by what a key is known without telling it."""
    return hashlib.blake2b(b"fsdesk", key=key, digest_size=_MARK_BYTES).digest()


def _key(passphrase: str, salt: bytes, passes: int, memory: int) -> bytes:
    from nacl import pwhash
    from nacl.exceptions import RuntimeError as NoMemoryError

    word = _plain(passphrase).encode()
    try:
        return pwhash.argon2id.kdf(KEY_BYTES, word, salt, passes, memory << 10)
    except (NoMemoryError, MemoryError) as problem:
        raise reject("内存不足，不能处理口令", "请关闭其他程序后重试") from problem


def _plain(passphrase: str) -> str:
    """Return one form of what input methods write in several: １ is 1."""
    return unicodedata.normalize("NFKC", passphrase)


def _asked(message: str, remedy: str) -> InputRejectedError:
    return InputRejectedError(error(message, remedy, code=FindingCode.PASSPHRASE))
