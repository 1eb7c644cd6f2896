"""Makes the .deb: what is put where, and what the package says of itself."""

from __future__ import annotations

import gzip
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from installers import icons, linux, notices, origin
from installers.origin import ROOT
from installers.roots import BuildError, call, say

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

NAME = "fsdesk"
PLACE = "opt/apps/fsdesk/files"  # where UOS and Kylin want programs that are not their own
_PARTS = ROOT / "installers" / "debian"
# Libraries that stay the system's own, and Debian's packages of them; everything else comes along.
_PACKAGES = {
    "ld-linux-x86-64.so.2": "libc6", "ld-linux-aarch64.so.1": "libc6", "libc.so.6": "libc6",
    "libdl.so.2": "libc6", "libm.so.6": "libc6", "libpthread.so.0": "libc6",
    "libresolv.so.2": "libc6", "librt.so.1": "libc6", "libutil.so.1": "libc6",
    "libEGL.so.1": "libegl1", "libGL.so.1": "libgl1", "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1", "libfreetype.so.6": "libfreetype6",
    "libxcb.so.1": "libxcb1", "libX11.so.6": "libx11-6", "libICE.so.6": "libice6",
    "libSM.so.6": "libsm6",
}  # fmt: skip
# Asked for by parts that only work where these are: printers of CUPS, screens of Wayland.
_BETTER = {
    "libcups.so.2": "libcups2 | libcups2t64", "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0", "libwayland-egl.so.1": "libwayland-egl1",
}  # fmt: skip
_DESCRIPTION = """Description: 食药安工作台
 区（县）食品药品安全工作要点执行情况的离线桌面程序：下发计划、离线填报、
 报送包往返、自动汇总、亮灯、出图出表。数据只保存在本机。
"""


@dataclass(frozen=True, slots=True)
class Package:
    """What the control file says; only a part of the program needs what is recommended."""

    version: str
    architecture: str
    depends: tuple[str, ...]
    recommends: tuple[str, ...]
    kilobytes: int

    @property
    def file_name(self) -> str:
        """Name of the .deb."""
        return f"{NAME}_{self.version}_{self.architecture}.deb"

    def control(self) -> str:
        """Return the control file."""
        lines = {
            "Package": NAME,
            "Version": self.version,
            "Architecture": self.architecture,
            "Maintainer": "fsdesk contributors <fsdesk@localhost>",
            "Section": "misc",
            "Priority": "optional",
            "Installed-Size": str(self.kilobytes),
            "Depends": ", ".join(self.depends),
            "Recommends": ", ".join(self.recommends),
        }
        return "".join(f"{key}: {value}\n" for key, value in lines.items()) + _DESCRIPTION


def depends(libraries: Iterable[str], glibc: tuple[int, int]) -> tuple[str, ...]:
    """Name the packages that a program needs for its libraries and its highest glibc.

    Raises:
        BuildError: When a library has no known package: then it must come along.
    """
    unknown = sorted(set(libraries) - set(_PACKAGES) - set(_BETTER))
    if unknown:
        raise BuildError(f"程序用到而没有带上的库：{'、'.join(unknown)}")
    found = {_PACKAGES[library] for library in libraries if library in _PACKAGES} | {"libc6"}
    versioned = f"libc6 (>= {glibc[0]}.{glibc[1]})"
    return tuple(sorted(versioned if name == "libc6" else name for name in found))


def recommends(libraries: Iterable[str]) -> tuple[str, ...]:
    """Name the packages that make the program better, from what its files load."""
    return tuple(sorted(_BETTER[library] for library in libraries if library in _BETTER))


def pack(program: Path, architecture: str, work: Path, out: Path, *, quick: bool = False) -> Path:
    """Put the built program into a .deb for Debian's ``architecture`` and return it.

    Raises:
        BuildError: When a file of the program would not run on the systems that are promised.
    """
    glibc = linux.check_glibc(program, architecture)
    asked = linux.asked_of_system(program)
    needed, better = depends(asked, glibc), recommends(asked)
    tree = work / "tree"
    shutil.rmtree(tree, ignore_errors=True)
    _lay_out(program, tree)
    size = sum(file.lstat().st_size for file in tree.rglob("*") if not file.is_dir())
    package = Package(origin.version(), architecture, needed, better, size // 1024)
    return seal(tree, package, out, quick=quick)


def seal(tree: Path, package: Package, out: Path, *, quick: bool = False) -> Path:
    """Write the control file into a tree and pack it; the same tree gives the same bytes."""
    control = tree / "DEBIAN" / "control"
    control.parent.mkdir(exist_ok=True)
    control.write_text(package.control(), encoding="utf-8")
    for place in tree.rglob("*"):
        if not place.is_symlink():
            runs = place.is_dir() or bool(place.stat().st_mode & 0o100)
            place.chmod(0o755 if runs else 0o644)
    origin.settle_times(tree)
    out.mkdir(parents=True, exist_ok=True)
    target = out / package.file_name
    say(f"正在打包 {target.name}……")
    strength = ["-Zgzip", "-z1"] if quick else ["-Zxz", "-z9", "-Sextreme"]
    options = ["--root-owner-group", *strength]
    call(
        ["dpkg-deb", *options, "--build", str(tree), str(target)],
        quiet=True,
        variables={"SOURCE_DATE_EPOCH": str(origin.moment())},
    )
    return target


def _lay_out(program: Path, tree: Path) -> None:
    files = tree / PLACE
    files.parent.mkdir(parents=True)
    shutil.copytree(program, files, symlinks=True)
    start = tree / "usr" / "bin" / NAME
    start.parent.mkdir(parents=True)
    start.symlink_to(f"/{PLACE}/{NAME}")
    icons.write_pngs(tree / "usr/share/icons/hicolor")
    _copy(_PARTS / "fsdesk.desktop", tree / "usr/share/applications/fsdesk.desktop")
    _copy(_PARTS / "fsdesk.xml", tree / "usr/share/mime/packages/fsdesk.xml")
    about = tree / "usr/share/doc" / NAME
    about.mkdir(parents=True)
    (about / "copyright").write_text(notices.copyright_text(), encoding="utf-8")
    changes = (ROOT / "CHANGELOG.md").read_bytes()
    (about / "changelog.gz").write_bytes(gzip.compress(changes, mtime=0))


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
