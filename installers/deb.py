"""Makes the .deb: what is put where, and what the package says of itself.

Its layout is that of UOS' store: all below ``/opt/apps`` and the program's reversed domain, with
``info`` for the store, ``entries`` for the menu and ``files`` for the program.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from installers import archive, icons, linux, notices, origin
from installers.origin import ROOT
from installers.roots import BuildError, call, say

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

NAME = "fsdesk"
# The package's name as well. Who hands it to a store must own the domain: then it is changed here
# and in installers/debian, before the first version goes out.
APP_ID = "io.github.fsdesk.fsdesk"
HOME = f"opt/apps/{APP_ID}"
PLACE, ENTRIES = f"{HOME}/files", f"{HOME}/entries"
# What the program does of all that UOS asks about: it tells of what is due in the tray, and copies.
PERMISSIONS = {
    "autostart": False,
    "notification": True,
    "trayicon": True,
    "clipboard": True,
    "account": False,
    "bluetooth": False,
    "camera": False,
    "audio_record": False,
    "installed_apps": False,
}
# Run at installing and removing; UOS' store takes no package with any.
HOOKS = ("postinst", "prerm")
_TITLE = "食药安工作台"
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
_DESCRIPTION = """Description: fsdesk 食药安工作台，食品药品安全工作要点的离线填报和汇总
 区（县）食品药品安全工作要点执行情况的离线桌面程序：下发计划、离线填报、
 报送包往返、自动汇总、亮灯、出图出表。数据只保存在本机。
"""


def four_parts(version: str) -> str:
    """Return a version as UOS counts: ``0.1.0`` is ``0.1.0.0``."""
    return f"{version}.0"


@dataclass(frozen=True, slots=True)
class Package:
    """What the control file says; only a part of the program needs what is recommended.

    `version`: of four parts.
    """

    version: str
    architecture: str
    depends: tuple[str, ...]
    recommends: tuple[str, ...]
    kilobytes: int

    @property
    def file_name(self) -> str:
        """Name of the .deb; programs of before 0.2 look for it in update packets."""
        return f"{NAME}_{self.version.removesuffix('.0')}_{self.architecture}.deb"

    def control(self) -> str:
        """Return the control file."""
        lines = {
            "Package": APP_ID,
            "Version": self.version,
            "Architecture": self.architecture,
            "Maintainer": "fsdesk contributors <fsdesk@localhost>",
            "Section": "misc",
            "Priority": "optional",
            "Installed-Size": str(self.kilobytes),
            "Depends": ", ".join(self.depends),
            "Recommends": ", ".join(self.recommends),
            # Packages of the first layout; the new one takes their place at once.
            "Conflicts": NAME,
            "Replaces": NAME,
            "Provides": f"{NAME} (= {self.version})",
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
    version = four_parts(origin.version())
    _lay_out(program, tree)
    _write_info(tree, version, architecture)
    _add_hooks(tree)
    size = sum(file.lstat().st_size for file in tree.rglob("*") if not file.is_dir())
    package = Package(version, architecture, needed, better, size // 1024)
    return seal(tree, package, out, quick=quick)


def seal(tree: Path, package: Package, out: Path, *, quick: bool = False) -> Path:
    """Write the control file into a tree and pack it; the same tree gives the same bytes."""
    control = tree / "DEBIAN" / "control"
    control.parent.mkdir(exist_ok=True)
    control.write_text(package.control(), encoding="utf-8")
    sums = control.with_name("md5sums")
    sums.write_text(md5sums(tree), encoding="utf-8")
    for place in tree.rglob("*"):
        if not place.is_symlink():
            starts = place.stat().st_mode & 0o100 and ".so" not in place.name  # libraries are read
            runs = place.is_dir() or bool(starts)
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


def md5sums(tree: Path) -> str:
    """List the digests of all files that are installed, as dpkg holds them."""
    files = (file for file in sorted(tree.rglob("*")) if file.is_file() and not file.is_symlink())
    names = {file: file.relative_to(tree).as_posix() for file in files}
    return "".join(
        f"{hashlib.md5(file.read_bytes(), usedforsecurity=False).hexdigest()}  {name}\n"
        for file, name in names.items()
        if not name.startswith("DEBIAN/")
    )


def _lay_out(program: Path, tree: Path) -> None:
    files, entries = tree / PLACE, tree / ENTRIES
    files.parent.mkdir(parents=True)
    shutil.copytree(program, files, symlinks=True)
    icons.write_pngs(entries / "icons/hicolor", APP_ID)
    _copy(_PARTS / "entry.desktop", entries / f"applications/{APP_ID}.desktop")
    _copy(_PARTS / "mime.xml", entries / f"mime/packages/{APP_ID}.xml")
    _write(entries / f"metainfo/{APP_ID}.metainfo.xml", metainfo())
    about = files / "doc"
    _write(about / "copyright", notices.copyright_text())
    changes = (ROOT / "CHANGELOG.md").read_bytes()
    (about / "changelog.gz").write_bytes(gzip.compress(changes, mtime=0))


def metainfo() -> str:
    """Return what software centres show of the program (AppStream)."""
    day = datetime.fromtimestamp(origin.moment(), UTC).date().isoformat()
    text = (_PARTS / "metainfo.xml").read_text(encoding="utf-8")
    given = {"@LICENCE@": origin.licence(), "@VERSION@": origin.version(), "@DATE@": day}
    for mark, value in given.items():
        text = text.replace(mark, value)
    return text


def _write_info(tree: Path, version: str, architecture: str) -> None:
    facts = {
        "appid": APP_ID,
        "name": _TITLE,
        "version": version,
        "arch": [architecture],
        "permissions": PERMISSIONS,
        "support-plugins": [],
        "plugins": [],
    }
    _write(tree / HOME / "info", json.dumps(facts, ensure_ascii=False, indent=2) + "\n")


def _add_hooks(tree: Path) -> None:
    for name in HOOKS:
        _copy(_PARTS / name, tree / "DEBIAN" / name)
        (tree / "DEBIAN" / name).chmod(0o755)


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def for_store(package: Path, out: Path) -> Path:
    """Return the same package without what is run at installing, as UOS' store takes it.

    Its menus need no links. What is installed is not packed anew.
    """
    shown = call(["dpkg-deb", "--field", str(package), "Version", "Architecture"], quiet=True)
    fields = dict(line.split(": ", 1) for line in shown.stdout.splitlines())
    target = out / f"{APP_ID}_{fields['Version']}_{fields['Architecture']}.deb"
    members = list(archive.members(package))
    kept = [archive.without(each, HOOKS) if each.is_control else each for each in members]
    archive.write(target, kept, origin.moment())
    return target
