"""Passphrases and passwords for commands: from a file or typed; among arguments others see them."""

from __future__ import annotations

import getpass
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from fsdesk.domain.findings import FindingCode, reject, workspace_error
from fsdesk.files import told
from fsdesk.services.care import protecting

if TYPE_CHECKING:
    from argparse import Namespace

PASSWORD_FILE = "FSDESK_PASSWORD_FILE"  # noqa: S105 - the name of a variable that names a file


def new_passphrase(options: Namespace) -> str:
    """Return the passphrase for something new; empty when none is wished.

    InputRejectedError when it can't be read, or what was typed twice differs.
    """
    if options.passphrase_file:
        return _from_file(options.passphrase_file)
    if not options.passphrase:
        return ""
    first = _typed("口令：")
    if sys.stdin.isatty() and _typed("再输入一次：") != first:
        raise reject("两次输入的口令不一样", "请重新输入")
    return first


def known_passphrase(options: Namespace, *, needed: bool) -> str:
    """Return the passphrase of something that has one; asked for on a terminal where it is needed.

    InputRejectedError when it can't be read.
    """
    if options.passphrase_file:
        return _from_file(options.passphrase_file)
    if options.passphrase or (needed and sys.stdin.isatty()):
        return _typed("口令：")
    return ""


def unlock(options: Namespace, folder: Path) -> None:
    """Open what a workspace's password protects.

    It is read from the file that an option or the environment names, or typed on a terminal.
    InputRejectedError when it is wrong or can't be read; WorkspaceError when there is none.
    """
    protecting.unlock(folder, known_password(options, f"工作区“{folder}”"))


def known_password(options: Namespace, what: str) -> str:
    """Return the password of something that has one; see `unlock`.

    `what`: that has it, in Chinese.
    """
    file = options.password_file or os.environ.get(PASSWORD_FILE)
    if file:
        return _from_file(Path(file))
    if not sys.stdin.isatty():
        raise workspace_error(
            f"{what}设有密码",
            f"请用 --password-file 指定第一行是密码的文件，或在环境变量 {PASSWORD_FILE} 中指定",
            FindingCode.PASSWORD,
        )
    return _given(getpass.getpass(f"{what}的密码："))


def new_password(options: Namespace) -> str:
    """Return the password that a workspace shall get: of a file, or typed, on a terminal twice.

    InputRejectedError when it can't be read, or what was typed twice differs.
    """
    if options.new_password_file:
        return _from_file(options.new_password_file)
    first = _typed("新密码：")
    if sys.stdin.isatty() and _typed("再输入一次：") != first:
        raise reject("两次输入的密码不一样", "请重新输入")
    return first


def recovery_code(options: Namespace) -> str:
    """Return a recovery code: of a file or typed; InputRejectedError when it can't be read."""
    return _from_file(options.code_file) if options.code_file else _typed("恢复码：")


def _typed(prompt: str) -> str:
    seen = sys.stdin.isatty()
    return _given(getpass.getpass(prompt) if seen else sys.stdin.readline().rstrip("\r\n"))


def _from_file(file: Path) -> str:
    try:
        with told("读取", file):
            lines = file.read_text("utf-8-sig").splitlines()
    except UnicodeDecodeError as problem:
        raise reject(f"口令文件“{file}”不是 UTF-8 文本", "请另存为 UTF-8 文本") from problem
    return _given(lines[0] if lines else "")


def _given(passphrase: str) -> str:
    if not passphrase:
        raise reject("口令是空的", "请输入口令；不需要加密的，不要加口令参数")
    return passphrase
