"""Archives that open with a passphrase alone: XChaCha20-Poly1305 under a key of Argon2id.

The file is a .zip of two entries: words for whoever opens it elsewhere, and a sealed stream that
holds the archive itself, so that not even the names in it can be seen. The stream's head says how
the key is made and carries its own digest: a wrong passphrase is told from a damaged file.
"""

from __future__ import annotations

import hashlib
import struct
import unicodedata
import zipfile
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, cast

from fsdesk import files
from fsdesk.domain.findings import FindingCode, FsdeskError, InputRejectedError, error, reject

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
_CHECK = b"fsdesk"
# Passes and memory (KiB) of Argon2id: about half a second, and what an old PC has to spare.
_PASSES, _MEMORY = 3, 128 << 10
_MOST_PASSES, _MOST_MEMORY = 16, 1 << 20
_SALT_BYTES = 16
_FIGURES = struct.Struct(">II")
_DIGEST_BYTES = 32
_BLOCK = 1 << 18
_DAMAGED = ("备份文件已损坏，不能完整解开", "请换一份备份；同一份的另一个副本也可以一试")


def check_passphrase(passphrase: str) -> None:
    """Refuse a passphrase that is too short to keep anybody out."""
    if len(_plain(passphrase)) < LEAST_LENGTH:
        raise reject(f"口令太短，至少 {LEAST_LENGTH} 个字符", "请换一个较长、自己记得住的口令")


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
            sealed = _SealedWriter(stream, passphrase)
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
                    files.save_stream(cast("IO[bytes]", _Unsealed(stream, passphrase)), plain)
            except (zipfile.BadZipFile, EOFError) as problem:
                raise reject(*_DAMAGED) from problem
            with zipfile.ZipFile(plain) as archive:
                yield archive


class _SealedWriter:
    """Takes bytes and writes them sealed, block by block; it can't be read or moved in."""

    def __init__(self, out: IO[bytes], passphrase: str) -> None:
        from nacl import bindings, utils

        self._out, self._held = out, bytearray()
        self._state = bindings.crypto_secretstream_xchacha20poly1305_state()
        salt = utils.random(_SALT_BYTES)
        key = _key(passphrase, salt, _PASSES, _MEMORY)
        head = _MAGIC + salt + _FIGURES.pack(_PASSES, _MEMORY)
        head += bindings.crypto_secretstream_xchacha20poly1305_init_push(self._state, key)
        head += self._pushed(_CHECK)
        out.write(head + hashlib.sha256(head).digest())

    def write(self, data: bytes) -> int:
        self._held += data
        while len(self._held) > _BLOCK:
            self._out.write(self._pushed(bytes(self._held[:_BLOCK])))
            del self._held[:_BLOCK]
        return len(data)

    def flush(self) -> None:
        """Nothing to do: only whole blocks are written."""

    def finish(self) -> None:
        """Write what is left, marked as the end."""
        self._out.write(self._pushed(bytes(self._held), last=True))

    def _pushed(self, data: bytes, *, last: bool = False) -> bytes:
        from nacl import bindings

        tag = (
            bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL
            if last
            else bindings.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
        )
        return bindings.crypto_secretstream_xchacha20poly1305_push(self._state, data, None, tag)


class _Unsealed:
    """Reads a sealed stream as what was sealed; each block is whole or refused."""

    name = _ENTRY

    def __init__(self, stream: IO[bytes], passphrase: str) -> None:
        from nacl import bindings

        self._stream, self._over = stream, False
        self._overhead = bindings.crypto_secretstream_xchacha20poly1305_ABYTES
        sizes = bindings.crypto_secretstream_xchacha20poly1305_HEADERBYTES
        fixed = len(_MAGIC) + _SALT_BYTES + _FIGURES.size
        length = fixed + sizes + len(_CHECK) + self._overhead
        head, digest = stream.read(length), stream.read(_DIGEST_BYTES)
        if not head.startswith(_MAGIC) or hashlib.sha256(head).digest() != digest:
            raise reject(*_DAMAGED)
        salt = head[len(_MAGIC) : len(_MAGIC) + _SALT_BYTES]
        passes, memory = _FIGURES.unpack(head[fixed - _FIGURES.size : fixed])
        if passes > _MOST_PASSES or memory > _MOST_MEMORY:
            raise reject(*_DAMAGED)
        key = _key(passphrase, salt, passes, memory)
        self._state = bindings.crypto_secretstream_xchacha20poly1305_state()
        start = head[fixed : fixed + sizes]
        bindings.crypto_secretstream_xchacha20poly1305_init_pull(self._state, start, key)
        try:
            self._pulled(head[fixed + sizes :])
        except FsdeskError as problem:
            raise _asked("口令不对", "请核对大小写和输入法，重新输入") from problem

    def read(self, size: int) -> bytes:
        """Return the next block, whatever `size`; nothing at the end."""
        del size
        data = b""
        while not data and not self._over:
            data, self._over = self._pulled(self._stream.read(_BLOCK + self._overhead))
        if self._over and self._stream.read(1):
            raise reject(*_DAMAGED)
        return data

    def _pulled(self, block: bytes) -> tuple[bytes, bool]:
        from nacl import bindings, exceptions

        try:
            data, tag = bindings.crypto_secretstream_xchacha20poly1305_pull(self._state, block)
        except (exceptions.CryptoError, ValueError) as problem:  # it ends too early, or was changed
            raise reject(*_DAMAGED) from problem
        return data, tag == bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL


def _key(passphrase: str, salt: bytes, passes: int, memory: int) -> bytes:
    from nacl import pwhash
    from nacl.exceptions import RuntimeError as NoMemoryError

    try:
        return pwhash.argon2id.kdf(32, _plain(passphrase).encode(), salt, passes, memory << 10)
    except (NoMemoryError, MemoryError) as problem:
        raise reject("内存不足，不能处理口令", "请关闭其他程序后重试") from problem


def _plain(passphrase: str) -> str:
    """Return one form of what input methods write in several: １ is 1."""
    return unicodedata.normalize("NFKC", passphrase)


def _asked(message: str, remedy: str) -> InputRejectedError:
    return InputRejectedError(error(message, remedy, code=FindingCode.PASSPHRASE))
