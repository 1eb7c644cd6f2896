"""Lets this system run programs of another processor, by qemu and the kernel's binfmt_misc."""

from __future__ import annotations

import subprocess
from pathlib import Path

from installers.roots import BuildError, call

_REGISTER = Path("/proc/sys/fs/binfmt_misc")
_QEMU = {"arm64": "qemu-aarch64"}


def enable(architecture: str) -> None:
    """Make programs of a processor start on this system, also inside roots.

    A container has the register of formats seldom mounted, and qemu's packages then leave it alone.

    Raises:
        BuildError: When the kernel does not let it be registered.
    """
    own = subprocess.run(
        ["dpkg", "--print-architecture"], capture_output=True, text=True, check=True
    )
    if architecture == own.stdout.strip():
        return
    if not (_REGISTER / "register").exists():
        call(["mount", "-t", "binfmt_misc", "binfmt_misc", str(_REGISTER)])
    name = _QEMU[architecture]
    if not (_REGISTER / name).exists():
        call(["update-binfmts", "--enable", name])
    # Without F the interpreter would be looked for inside the root, where there is none.
    entry = (_REGISTER / name).read_text(encoding="ascii").splitlines()
    flags = next((line for line in entry if line.startswith("flags:")), "")
    if "enabled" not in entry or "F" not in flags.partition(":")[2]:
        raise BuildError(f"内核没有登记 {name}，不能运行 {architecture} 的程序")
