"""Sealing: what only a key opens again, and keys that only their receiver opens.

Streams are sealed block by block (XChaCha20-Poly1305), so that files of any size need little
memory: a block that was changed, left out or put elsewhere, and a stream that was cut, are noticed.
A key is sealed with the public half of the Ed25519 key by which its receiver signs.
"""

from __future__ import annotations

import secrets
from typing import IO

KEY_BYTES = 32
BLOCK = 1 << 18


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
