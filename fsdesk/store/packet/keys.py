"""The workspace's own signing key, and the keys of others that are registered."""

from __future__ import annotations

import base64
import json
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column

from fsdesk.domain.findings import reject
from fsdesk.domain.packet.packet import Seal
from fsdesk.domain.packet.signing import FIRST_CONTACT, Signer
from fsdesk.files import make_folder, set_aside, told
from fsdesk.sealed import DamagedSealError
from fsdesk.store import audit, kept, shelf
from fsdesk.store.tables import Base

if TYPE_CHECKING:
    from pathlib import Path

    from nacl.signing import SigningKey as PrivateKey

    from fsdesk.domain.findings import InputRejectedError
    from fsdesk.store.session import Session, Writing


class SignerRow(Base):
    """A key with which a unit, or the office, signs its packets."""

    __tablename__ = "signer"

    fingerprint: Mapped[str] = mapped_column(primary_key=True)
    unit: Mapped[str]
    public_key: Mapped[str]
    state: Mapped[str]
    added_at: Mapped[str]
    added_by: Mapped[str]


_FILE = "signing.pem"
# An Ed25519 key in a PEM file is this opening in DER and its 32 bytes (RFC 8410, section 7).
_OPENING = bytes.fromhex("302e020100300506032b657004220420")
_PEM = ("-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----")
_REVOKED, _TRUSTED = "revoked", "trusted"


class SigningKey(Struct, frozen=True):
    """An Ed25519 key with which this workspace signs; the public half in hexadecimal digits."""

    _private: PrivateKey
    public: str

    def sign(self, digest: str) -> Seal:
        """Set a seal on a packet's digest."""
        return Seal(self.public, self._private.sign(digest.encode()).signature.hex())

    def unwrap(self, wrapped: bytes) -> bytes:
        """Return a key that `fsdesk.sealed.wrap_key` sealed for this one; DamagedSealError."""
        from nacl.exceptions import CryptoError
        from nacl.public import SealedBox

        try:
            return SealedBox(self._private.to_curve25519_private_key()).decrypt(wrapped)
        except (CryptoError, ValueError) as problem:
            raise DamagedSealError from problem


def own_key(folder: Path) -> SigningKey:
    """Return the workspace's key; it is made when there is none or it can't be read.

    The file is for its owner alone. A key that was lost is a new key: whoever knew the old one
    has to register it (`fsdesk.services.packet.signing`). On a server all desks sign with the one
    that was made with the workspace; InputRejectedError where the account may not.
    """
    from nacl.signing import SigningKey as PrivateKey

    file = folder / _FILE
    private, shared = _read(file), shelf.around(file)
    if private is None and shared is not None and not shared.is_new:
        private = _read(file)  # a copy that was damaged comes anew
        if private is None:
            raise _not_to_be_had(shared)
    if private is None:
        private = PrivateKey.generate()
        content = base64.b64encode(_OPENING + bytes(private)).decode()
        text = f"{_PEM[0]}\n{content}\n{_PEM[1]}\n".encode()
        make_folder(file.parent)
        protect(file.parent)  # readable by its owner alone from the first moment
        kept.save_bytes(file, text, private=True)
    return SigningKey(private, bytes(private.verify_key).hex())


def _read(file: Path) -> PrivateKey | None:
    from nacl.signing import SigningKey as PrivateKey

    try:
        with told("读取", file):
            return PrivateKey(_from_pem(kept.read_bytes(file))) if kept.is_there(file) else None
    except (ValueError, kept.DamagedError):
        set_aside(file, file.with_suffix(".damaged").name)
        return None


def _not_to_be_had(shared: shelf.Shelf) -> InputRejectedError:
    if shared.may_sign():
        return reject("服务器上没有工作区的签名密钥，或已损坏", "请管理员从备份恢复")
    return reject(
        "这个数据库账号不能使用工作区的签名密钥",
        "请管理员给账号签名的权限，或在有权限的电脑上操作",
    )


def own_public(folder: Path) -> str:
    """Return the public half of the workspace's key; empty where there is none to be read."""
    from nacl.signing import SigningKey as PrivateKey

    try:
        file = folder / _FILE
        private = PrivateKey(_from_pem(file.read_bytes())) if kept.is_there(file) else None
    except (OSError, ValueError):
        return ""
    if private is None:
        return ""
    return bytes(private.verify_key).hex()


def copy_key(source: Path, target: Path) -> None:
    """Let another workspace of the same unit sign with this one's key; without one, nothing.

    InputRejectedError when it can't be read or written.
    """
    file = source / _FILE
    if not kept.is_there(file):
        return
    make_folder(target)
    protect(target)
    kept.copy(file, target / _FILE, private=True)


def _from_pem(text: bytes) -> bytes:
    """Return the 32 bytes of a key; ValueError when it is none."""
    middle = text.decode("ascii").strip().removeprefix(_PEM[0]).removesuffix(_PEM[1])
    content = base64.b64decode(middle.strip(), validate=True)
    if not content.startswith(_OPENING):
        raise ValueError("not an Ed25519 key in PKCS #8")
    return content.removeprefix(_OPENING)


def protect(folder: Path) -> None:
    """Let nobody but its owner look into a folder of keys; it matters where PCs are shared."""
    with told("保护", folder, "文件夹"):
        folder.chmod(0o700)
        for file in folder.iterdir():
            file.chmod(0o600)


@lru_cache(maxsize=16)  # asked more than once of each packet
def seal_holds(seal: Seal, digest: str) -> bool:
    """Tell whether a seal was set on this digest by the key that it names."""
    from nacl.exceptions import BadSignatureError
    from nacl.signing import VerifyKey

    try:
        key = VerifyKey(bytes.fromhex(seal.public_key))
        key.verify(digest.encode(), bytes.fromhex(seal.signature))
    except (BadSignatureError, ValueError):
        return False
    return True


def signers(session: Session) -> tuple[Signer, ...]:
    """Return all registered keys, oldest first."""
    rows = session.scalars(select(SignerRow).order_by(SignerRow.added_at, SignerRow.fingerprint))
    return tuple(
        Signer(row.unit, row.public_key, row.state == _REVOKED, row.added_at, row.added_by)
        for row in rows
    )


def past_of(session: Session, signer: Signer) -> tuple[str, str]:
    """Return by whom or by which packet a key was registered, and when a person compared it.

    The latter is ISO text in UTC; empty where it didn't come first with a packet, or still waits.
    """
    first, compared_at = signer.added_by, ""
    for line in reversed(audit.history(session, f"key/{signer.fingerprint}")):
        after = json.loads(line.after or "{}")
        by = str(after.get("added_by", ""))
        if line.before is None:
            first = by
        elif after.get("state") == _TRUSTED and not by.startswith(FIRST_CONTACT):
            compared_at = line.at
    return first, compared_at


def save_signer(writing: Writing, signer: Signer) -> None:
    """Register a key, or change what is known of it, and log it."""
    session = writing.session
    row = session.get(SignerRow, signer.fingerprint)
    before = {"unit": row.unit, "state": row.state} if row else None
    after = {"unit": signer.unit, "state": _REVOKED if signer.revoked else _TRUSTED}
    after |= {
        "public_key": signer.public_key,
        "added_at": signer.added_at or writing.at,
        "added_by": signer.added_by or writing.author.who,
    }
    session.merge(SignerRow(fingerprint=signer.fingerprint, **after))
    audit.log(writing, "key", f"key/{signer.fingerprint}", before, after)
