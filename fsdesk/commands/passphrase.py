"""Passphrases for commands: from a file or typed; among the arguments others would see them."""

from __future__ import annotations

import getpass
import sys
from typing import TYPE_CHECKING

from fsdesk.domain.findings import reject
from fsdesk.files import told

if TYPE_CHECKING:
    from argparse import Namespace
    from pathlib import Path


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
