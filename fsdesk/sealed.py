"""Sealing: what only a key opens again, and keys that only their receiver opens.

Streams are sealed block by block (XChaCha20-Poly1305), so that files of any size need little
memory: a block that was changed, left out or put elsewhere, and a stream that was cut, are noticed.
A key is sealed with the public half of the Ed25519 key by which its receiver signs.
A key can be made of a word that a person remembers: slowly, so that words are hard to guess.
"""

from __future__ import annotations

import hashlib
import secrets
import struct
import unicodedata
from typing import IO

from fsdesk.domain.findings import reject

KEY_BYTES = 32
BLOCK = 1 << 18
LEAST_LENGTH = 8
_MAGIC = b"fsdesk-sealed-1\n"
# Passes and memory (KiB) of Argon2id: about half a second, and what an old PC has to spare.
_PASSES, _MEMORY = 3, 128 << 10
_MOST_PASSES, _MOST_MEMORY = 16, 1 << 20
_SALT_BYTES, _MARK_BYTES, _DIGEST_BYTES = 16, 16, 32
_HEAD = struct.Struct(f">{len(_MAGIC)}s{_SALT_BYTES}sII{_MARK_BYTES}s")
HEAD_BYTES = _HEAD.size + _DIGEST_BYTES


class DamagedSealError(ValueError):
    """Something sealed was changed, cut, or sealed with another key."""


def new_key() -> bytes:
    """Return a key for one use."""
    return secrets.token_bytes(KEY_BYTES)


def seal(data: bytes, key: bytes) -> bytes:
    """Seal a piece of data."""
    from nacl.secret import SecretBox

    return bytes(SecretBox(key).encrypt(data))


def unseal(data: bytes, key: bytes) -> bytes:
    """Return what `seal` sealed; DamagedSealError when it isn't that."""
    from nacl.exceptions import CryptoError
    from nacl.secret import SecretBox

    try:
        return SecretBox(key).decrypt(data)
    except (CryptoError, ValueError) as problem:
        raise DamagedSealError from problem


def check_passphrase(passphrase: str, called: str = "口令") -> None:
    """Refuse a passphrase that is too short to keep anybody out."""
    if len(_plain(passphrase)) < LEAST_LENGTH:
        raise reject(
            f"{called}太短，至少 {LEAST_LENGTH} 个字符", f"请换一个较长、自己记得住的{called}"
        )


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


def wrap_key(key: bytes, public_key: str) -> bytes:
    """Seal a key for who holds the private half of a signing key.

    `public_key`: in hexadecimal digits.
    """
    from nacl.public import SealedBox
    from nacl.signing import VerifyKey

    return SealedBox(VerifyKey(bytes.fromhex(public_key)).to_curve25519_public_key()).encrypt(key)


class SealingStream:
    """Takes bytes and writes them sealed to another stream; `finish` marks the end."""

    def __init__(self, out: IO[bytes], key: bytes) -> None:
        """Begin a sealed stream where `out` stands."""
        from nacl import bindings

        self._out, self._held = out, bytearray()
        self._state = bindings.crypto_secretstream_xchacha20poly1305_state()
        out.write(bindings.crypto_secretstream_xchacha20poly1305_init_push(self._state, key))

    def write(self, data: bytes) -> int:
        """Take bytes; they are written when a block is full."""
        self._held += data
        while len(self._held) > BLOCK:
            self._push(bytes(self._held[:BLOCK]))
            del self._held[:BLOCK]
        return len(data)

    def flush(self) -> None:
        """Nothing is written but whole blocks."""

    def finish(self) -> None:
        """Write what is left, marked as the end."""
        self._push(bytes(self._held), last=True)

    def _push(self, data: bytes, *, last: bool = False) -> None:
        from nacl import bindings

        end = bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL
        tag = end if last else bindings.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
        push = bindings.crypto_secretstream_xchacha20poly1305_push
        self._out.write(push(self._state, data, None, tag))


class UnsealingStream:
    """Reads what a `SealingStream` wrote; DamagedSealError where it isn't that any more."""

    name = ""

    def __init__(self, stream: IO[bytes], key: bytes) -> None:
        """Begin where the sealed stream begins."""
        from nacl import bindings

        self._stream, self._over = stream, False
        self._state = bindings.crypto_secretstream_xchacha20poly1305_state()
        head = stream.read(bindings.crypto_secretstream_xchacha20poly1305_HEADERBYTES)
        if len(head) < bindings.crypto_secretstream_xchacha20poly1305_HEADERBYTES:
            raise DamagedSealError
        bindings.crypto_secretstream_xchacha20poly1305_init_pull(self._state, head, key)

    def read(self, size: int = -1) -> bytes:
        """Return the next block, whatever `size`; nothing at the end."""
        del size
        data = b""
        while not data and not self._over:
            data = self._pull()
        if self._over and self._stream.read(1):
            raise DamagedSealError
        return data

    def _pull(self) -> bytes:
        from nacl import bindings
        from nacl.exceptions import CryptoError

        block = self._stream.read(BLOCK + bindings.crypto_secretstream_xchacha20poly1305_ABYTES)
        try:
            data, tag = bindings.crypto_secretstream_xchacha20poly1305_pull(self._state, block)
        except (CryptoError, ValueError) as problem:
            raise DamagedSealError from problem
        self._over = tag == bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL
        return data
