"""Builds and tries out packages; called by ``python3 dev.py package``, as root on Debian.

    python -m installers [amd64] [arm64] [windows] [--no-check] [--if-changed] [--quick]
        [--sign CERTIFICATE.pfx] [--downloads ADDRESS]

Without names all are made. Packages appear in ``dist/packages``: of Linux that for all systems and
the same without scripts for UOS' store, of Windows an installer and a portable folder. With a
certificate what is for Windows is signed (its password in ``FSDESK_SIGN_PASSWORD``, the address of
a time server in ``FSDESK_SIGN_TIME``); with the address where installers lie winget's manifest is
written.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from installers import (
    check_deb,
    check_windows,
    deb,
    emulation,
    linux,
    notices,
    origin,
    recipes,
    signing,
    wheels,
    windows,
    winget,
)
from installers.origin import ROOT
from installers.roots import BuildError, made, say

if TYPE_CHECKING:
    from argparse import Namespace

OUT = ROOT / "dist" / "packages"
WORK = ROOT / "build" / "packages"
EVERYTHING = (*linux.MACHINES, "windows")
_TOOLS = ("debootstrap", "dpkg-deb", "unshare", "Xvfb")


def main(arguments: list[str]) -> int:
    """Make what is named; return 0 when all was made and works, else 1."""
    parser = argparse.ArgumentParser(prog="dev.py package")
    parser.add_argument("what", nargs="*", help="、".join(EVERYTHING))
    parser.add_argument("--no-check", action="store_true")
    parser.add_argument("--if-changed", action="store_true")
    parser.add_argument("--quick", action="store_true", help="little compression, only to try out")
    parser.add_argument("--sign", type=Path, help="certificate for what is for Windows (.pfx)")
    parser.add_argument("--downloads", default="", help="address where installers lie, for winget")
    options = parser.parse_args(arguments)
    wanted = options.what or EVERYTHING
    unknown = sorted(set(wanted) - set(EVERYTHING))
    if unknown:
        parser.error(f"没有这种软件包：{'、'.join(unknown)}")
    os.umask(0o022)
    try:
        _look_for_tools()
        for package in (name for name in EVERYTHING if name in wanted):
            if options.if_changed and origin.is_recorded(package):
                say(f"{package}：源文件与上次生成并试装通过时相同，不重新生成。")
            elif package == "windows":
                make_windows(options)
            else:
                make_deb(package, check=not options.no_check, quick=options.quick)
    except BuildError as problem:
        say(f"失败：{problem}")
        return 1
    return 0


def make_deb(architecture: str, *, check: bool, quick: bool) -> Path:
    """Build the .deb and try it out; what passed is noted."""
    begun = time.monotonic()
    sources = origin.digest()  # now, since somebody may go on writing meanwhile
    emulation.enable(architecture)
    work = WORK / f"deb-{architecture}"
    program = linux.build(architecture, work)
    machine, glibc = linux.MACHINES[architecture]
    root = made(recipes.build_root(architecture))
    parts = [
        *notices.of_project(),
        *notices.of_root(root),
        *notices.of_packages(wheels.unpacked(wheels.linux(machine, glibc))),
        *notices.of_debian(program, root),
    ]
    notices.write(program / "_internal" / notices.PLACE, parts, origin.moment())
    package = deb.pack(program, architecture, work, OUT, quick=quick)
    _tell(package, program, begun)
    for_store = deb.for_store(package, OUT)
    if check:
        check_deb.check(package, for_store, architecture, work)
        origin.record(architecture, sources)
    return package


def make_windows(options: Namespace) -> Path:
    """Build what is for Windows and try it out; what passed is noted."""
    begun = time.monotonic()
    work = WORK / "windows"
    sources = origin.digest()
    certificate = signing.from_environment(options.sign, work / "key") if options.sign else None
    program = windows.build(work)
    parts = [
        *notices.of_project(),
        *notices.of_runtime(work / "python"),
        *notices.of_packages(wheels.unpacked(wheels.windows())),
    ]
    notices.write(program / "_internal" / notices.PLACE, parts, origin.moment())
    package = windows.pack(program, work, OUT, quick=options.quick, certificate=certificate)
    portable = windows.pack_portable(program, work, OUT, certificate=certificate)
    _tell(package, program, begun)
    say(f"{portable.name}：{portable.stat().st_size / 1e6:.1f} MB")
    if options.downloads:
        winget.write(package, options.downloads, OUT)
    if not options.no_check:
        check_windows.check(package, portable, program, work)
        origin.record("windows", sources)
    return package


def _look_for_tools() -> None:
    missing = [name for name in _TOOLS if shutil.which(name) is None]
    if missing:
        raise BuildError(f"缺少程序：{'、'.join(missing)}")
    if os.geteuid() != 0:
        raise BuildError("请以管理员（root）身份运行：要建立和进入 Debian 系统文件夹")


def _tell(package: Path, program: Path, begun: float) -> None:
    sizes = [file.lstat().st_size for file in program.rglob("*") if not file.is_dir()]
    say(
        f"{package.name}：{package.stat().st_size / 1e6:.1f} MB，"
        f"安装后 {sum(sizes) / 1e6:.0f} MB，用时 {time.monotonic() - begun:.0f} 秒"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
