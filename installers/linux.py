"""Builds the program for Linux with PyInstaller inside the build root."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from installers import elf, icu, origin, recipes, wheels
from installers.roots import BuildError, enter, made, say

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

# Processor by Debian's name: by the wheels' name, and the highest glibc that a file may ask for.
# 2.28 is that of Kylin V10 and UOS 20 on x86; of Kylin V10 on ARM it is 2.31.
MACHINES = {"amd64": ("x86_64", 28), "arm64": ("aarch64", 31)}
_SITE = "/usr/local/lib/python3.11/dist-packages"


def build(architecture: str, work: Path) -> Path:
    """Build the program for Debian's ``architecture``; return its folder."""
    machine, glibc = MACHINES[architecture]
    root = made(recipes.build_root(architecture))
    site = wheels.unpacked(wheels.linux(machine, glibc))
    origin.stage(work / "source")
    out = work / "program"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    say(f"正在生成 Linux 程序（{architecture}）……")
    command = ["python3.11", "-B", "-m", "PyInstaller", "--noconfirm", "--clean", "-y"]
    command += ["--log-level=WARN", "--distpath=/out/dist", "--workpath=/out/work"]
    enter(
        root,
        ["sh", "-ec", f"cd /source && {' '.join(command)} pyinstaller.spec"],
        binds={work / "source": "/source", site: _SITE, out: "/out"},
        environment=origin.build_environment(),
        quiet=True,
    )
    program = out / "dist" / "fsdesk"
    prune(program / "_internal", debian_files(root))
    for file in program.rglob("libicudata.so.*"):
        if not file.is_symlink():
            icu.slim(file)
    return program


def debian_files(root: Path) -> dict[str, str]:
    """Return the names of all files of a Debian system, each with its package."""
    owners: dict[str, str] = {}
    for listing in sorted((root / "var/lib/dpkg/info").glob("*.list")):
        package = listing.stem.partition(":")[0]
        lines = listing.read_text(encoding="utf-8").splitlines()
        owners |= {line.rpartition("/")[2]: package for line in lines}
    return owners


def prune(folder: Path, debian: Mapping[str, str]) -> None:
    """Remove the system's libraries that came along for something that was left out."""
    while True:
        asked = {name for file in elf_files(folder) for name in elf.wants(file).libraries}
        idle = [
            file for file in folder.glob("*.so*") if file.name in debian and file.name not in asked
        ]
        if not idle:
            return
        for file in idle:
            file.unlink()


def check_glibc(program: Path, architecture: str) -> tuple[int, int]:
    """Hold every file against the oldest glibc promised; return the highest that one asks for.

    Raises:
        BuildError: When a file asks for a newer one.
    """
    floor = (2, MACHINES[architecture][1])
    asked = {file: elf.wants(file).glibc for file in elf_files(program)}
    above = sorted(file.name for file, version in asked.items() if version > floor)
    if above:
        raise BuildError(f"以下文件需要比 {floor[0]}.{floor[1]} 更新的 glibc：{'、'.join(above)}")
    return max(asked.values())


def elf_files(program: Path) -> list[Path]:
    """Return every library and program below a folder."""
    files = (
        file for file in sorted(program.rglob("*")) if file.is_file() and not file.is_symlink()
    )
    return [file for file in files if elf.is_elf(file)]


def asked_of_system(program: Path) -> set[str]:
    """Return the libraries that the program's files load and that don't come with it."""
    files = elf_files(program)
    own = {file.name for file in program.rglob("*")}
    return {name for file in files for name in elf.wants(file).libraries} - own
