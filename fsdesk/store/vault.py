"""The password of a workspace: the key of all that is kept in its folder, and what opens that key.

A workspace that has one keeps a small file beside its database, in two copies: the data key, sealed
once by the password and once by the recovery code. What was opened
stays open until the program ends, and is known by its mark: the workspaces of two years, a moved
one, and what lies in a backup, can have the same one.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
import unicodedata
from contextlib import suppress
from pathlib import Path
from typing import Any

from msgspec import Struct

from fsdesk import files
from fsdesk.domain.findings import (
    FindingCode,
    InputRejectedError,
    WorkspaceError,
    error,
    workspace_error,
)
from fsdesk.sealed import (
    HEAD_BYTES,
    DamagedSealError,
    check_passphrase,
    key_of,
    new_key,
    new_lock,
    seal,
    unseal,
)

FILE = "fsdesk.password"
FILES = (FILE, f"{FILE}-copy")
LOCK = "fsdesk.lock"  # in the folder of every workspace
# What takes the place of the file when the password is given up.
OPEN = json.dumps({"password": False}).encode()
_FARTHEST = 5  # folders of a workspace in each other, with those that copies are made in
_MARK_BYTES, _CODE_BYTES, _CHECK = 4, 16, 2
# Without letters that are taken for others when they are read out or written down.
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, "—": None, " ": None})
_GROUP, _CODE_LENGTH = 4, 28


class Vault(Struct, frozen=True):
    """What a password protects a workspace by.

    Attributes:
        mark: By which people tell one password from the next one, without telling it.
        key: With which database and files are encrypted.
        code: The recovery code, which opens it as the password does.
        former: Keys of earlier passwords: what was backed up under them opens still.
    """

    mark: str
    key: bytes
    code: str
    former: tuple[bytes, ...] = ()


_opened = dict[str, Vault]()


def new_vault(password: str, former: Vault | None = None) -> tuple[Vault, bytes]:
    """Make a key for a password; returns it, and the content of the file that keeps it.

    `former`: of the password before.
    InputRejectedError when the password is too short.
    """
    check_passphrase(password, "密码")
    keys = (former.key, *former.former) if former else ()
    mark = secrets.token_hex(_MARK_BYTES).upper()
    vault = Vault(mark, new_key(), _new_code(), keys)
    lock, head = new_lock(password)
    inside = {"code": vault.code, "former": [key.hex() for key in keys]}
    plain = {
        "password": True,
        "mark": mark,
        "by_password": _text(head + seal(vault.key, lock)),
        "by_code": _text(seal(vault.key, _code_key(vault.code))),
        "inside": _text(seal(json.dumps(inside).encode(), vault.key)),
    }
    text = "".join(str(plain[name]) for name in _PARTS)
    plain["digest"] = hashlib.sha256(text.encode()).hexdigest()
    return vault, json.dumps(plain, indent=1).encode()


def hold(vault: Vault) -> None:
    """Keep a password's key open until the program ends."""
    _opened[vault.mark] = vault


def keys_held() -> tuple[bytes, ...]:
    """Return all keys that are open, those of earlier passwords last."""
    held = _opened.values()
    former = (key for vault in held for key in vault.former)
    return tuple(dict.fromkeys((*(vault.key for vault in held), *former)))


def is_protected(folder: Path) -> bool:
    """Tell whether a workspace has a password; WorkspaceError when its file is damaged."""
    return _plain(folder) is not None


def is_locked(folder: Path) -> bool:
    """Tell whether a workspace has a password that was not given yet; see `is_protected`."""
    plain = _plain(folder)
    return plain is not None and _held(plain) is None


def mark_of(folder: Path) -> str:
    """Return the mark of a workspace's password; empty where it has none."""
    return str((_plain(folder) or {}).get("mark", ""))


def of(folder: Path) -> Vault | None:
    """Return what protects a workspace; None where it has no password.

    WorkspaceError, with FindingCode.PASSWORD, when its password was not given yet.
    """
    plain = _plain(folder)
    if plain is None:
        return None
    found = _held(plain)
    if found is None:
        raise workspace_error(
            f"工作区“{folder}”设有密码", "请输入密码后再打开", FindingCode.PASSWORD
        )
    return found


def around(file: Path) -> Vault | None:
    """Return what protects the workspace that a file lies in; see `of`."""
    # By their names as text: it is asked for each file that is kept.
    folder = os.path.abspath(file)  # noqa: PTH100
    for _ in range(_FARTHEST):
        folder = os.path.dirname(folder)  # noqa: PTH120
        if any(os.path.isfile(f"{folder}/{name}") for name in FILES):  # noqa: PTH113
            return of(Path(folder))
        if os.path.isfile(f"{folder}/{LOCK}"):  # noqa: PTH113
            return None
    return None


def unlock(folder: Path, password: str) -> None:
    """Open what protects a workspace, by its password; nothing where there is none.

    InputRejectedError, with FindingCode.PASSWORD, when it is wrong.
    """
    plain = _plain(folder)
    if plain is None:
        return
    sealed = base64.b64decode(plain["by_password"])
    try:
        lock = key_of(sealed[:HEAD_BYTES], password)
        if lock is None:
            raise _wrong("密码不对", "请核对大小写和输入法，重新输入；忘记密码的，请用恢复码")
        hold(_inside(plain, unseal(sealed[HEAD_BYTES:], lock)))
    except (DamagedSealError, ValueError, KeyError, TypeError) as problem:
        raise _damaged(folder) from problem


def unlock_by_code(folder: Path, code: str) -> None:
    """Open what protects a workspace, by its recovery code; see `unlock`."""
    plain = _plain(folder)
    if plain is None:
        return
    try:
        key = unseal(base64.b64decode(plain["by_code"]), _code_key(read_code(code)))
    except DamagedSealError as problem:
        raise _wrong(
            f"恢复码不是这个密码（标记 {plain['mark']}）的", "请核对标记，重新索要恢复码"
        ) from problem
    try:
        hold(_inside(plain, key))
    except (DamagedSealError, ValueError, KeyError, TypeError) as problem:
        raise _damaged(folder) from problem


def read_code(text: str) -> str:
    """Return a recovery code as it was made, however it was typed; InputRejectedError if wrong."""
    plain = unicodedata.normalize("NFKC", text).upper().translate(_READ_AS)
    plain = "".join(plain.split())
    if len(plain) != _CODE_LENGTH:
        raise _wrong(f"恢复码应为 {_CODE_LENGTH} 位，现为 {len(plain)} 位", "请核对后重新输入")
    if plain[-_CHECK:] != _check(plain[:-_CHECK]):
        raise _wrong("恢复码有抄错的字", "请逐组核对后重新输入")
    return "-".join(plain[at : at + _GROUP] for at in range(0, _CODE_LENGTH, _GROUP))


def bring(source: Path, target: Path) -> None:
    """Give a new workspace the password of another one; nothing where that has none."""
    plain = _plain(source)
    if plain is not None:
        for name in FILES:
            files.save_text(target / name, json.dumps(plain, indent=1))


def _new_code() -> str:
    number = int.from_bytes(secrets.token_bytes(_CODE_BYTES), "big")
    letters = _letters(number, _CODE_LENGTH - _CHECK)
    return read_code(letters + _check(letters))


def _check(letters: str) -> str:
    digest = hashlib.sha256(letters.encode()).digest()
    return _letters(int.from_bytes(digest[:2], "big"), _CHECK)


def _letters(number: int, count: int) -> str:
    found = ""
    for _ in range(count):
        number, digit = divmod(number, len(_LETTERS))
        found += _LETTERS[digit]
    return found


def _code_key(code: str) -> bytes:
    # A code is 128 drawn bits: nothing is gained by making this slow.
    return hashlib.blake2b(code.encode(), digest_size=32, person=b"fsdesk-recovery").digest()


def _held(plain: dict[str, Any]) -> Vault | None:
    """Return what was opened, or opens by a key that was: of an earlier password, too."""
    if plain["mark"] not in _opened:
        for key in keys_held():
            with suppress(DamagedSealError, ValueError, KeyError, TypeError):
                hold(_inside(plain, key))
                break
    return _opened.get(plain["mark"])


def _inside(plain: dict[str, Any], key: bytes) -> Vault:
    inside = json.loads(unseal(base64.b64decode(plain["inside"]), key))
    former = tuple(bytes.fromhex(each) for each in inside["former"])
    return Vault(plain["mark"], key, inside["code"], former)


def _plain(folder: Path) -> dict[str, Any] | None:
    """Return what the file says, or the second one where the first is gone or damaged."""
    there = False
    for name in FILES:
        file = folder / name
        there = there or file.is_file()
        plain = _read(file) if file.is_file() else None
        if plain is not None:
            return plain if plain["password"] else None
    if there:
        raise _damaged(folder)
    return None


def _read(file: Path) -> dict[str, Any] | None:
    """Return what one of the files says; None where it can't be read or is damaged."""
    try:
        plain = json.loads(file.read_bytes())
        text = "".join(str(plain[name]) for name in _PARTS) if plain["password"] else ""
        if plain["password"] and plain["digest"] != hashlib.sha256(text.encode()).hexdigest():
            return None
    except (ValueError, TypeError, KeyError, OSError):
        return None
    return plain


_PARTS = ("mark", "by_password", "by_code", "inside")


def problems_of(folder: Path) -> tuple[str, ...]:
    """Say which of the two files is damaged or gone, in Chinese; empty where all is well."""
    if not is_protected(folder):
        return ()
    wanted = next(filter(None, (_read(folder / name) for name in FILES)), None)
    return tuple(
        f"密码文件 {name} 已损坏或不见了，另一份完好"
        for name in FILES
        if _read(folder / name) != wanted
    )


def _damaged(folder: Path) -> WorkspaceError:
    return workspace_error(
        f"工作区“{folder}”的密码文件 {FILE} 已损坏",
        "请从备份文件（.zip）中取出这个文件放回原处，或从备份恢复",
    )


def _wrong(message: str, remedy: str) -> InputRejectedError:
    return InputRejectedError(error(message, remedy, code=FindingCode.PASSWORD))


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
