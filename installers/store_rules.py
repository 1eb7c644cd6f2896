"""Holds a .deb against UOS' packaging guide for its store (应用打包规范).

    python -m installers.store_rules FILE…

The guide wants: a reversed domain as name, everything below ``/opt/apps/<name>`` in ``entries``,
``files`` and ``info``, versions of four numbers, nothing that is run at installing.
"""

from __future__ import annotations

import configparser
import hashlib
import io
import json
import re
import struct
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from installers import archive, deb
from installers.roots import BuildError, say

if TYPE_CHECKING:
    from collections.abc import Iterator

_APP_ID = re.compile(r"[a-z][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*){2,}")
_VERSION = re.compile(r"\d+\.\d+\.\d+\.\d+")
_FIELDS = ("Package", "Version", "Architecture", "Maintainer", "Section", "Description")
# What systems of UOS look for in entries; metainfo is for software centres elsewhere.
_ENTRIES = {
    "applications", "autostart", "fonts", "help", "icons", "locale", "metainfo", "mime", "plugins",
    "polkit", "services",
}  # fmt: skip
_TOLD = {"control", "md5sums"}
_SIZED = re.compile(r"(\d+)x\1/apps")
_PNG_SIZE = slice(16, 24)  # width and height in a PNG's head
_OTHERS_WRITE, _AS_OWNER = 0o002, 0o6000


@dataclass(frozen=True, slots=True)
class _Deb:
    """A package as it is packed: what is told of it and what is installed, by name."""

    control: dict[str, str]
    told: dict[str, bytes]
    entries: dict[str, tarfile.TarInfo]
    content: tarfile.TarFile

    @property
    def app_id(self) -> str:
        return self.control.get("Package", "")

    @property
    def home(self) -> str:
        return f"opt/apps/{self.app_id}"

    def read(self, name: str) -> bytes:
        """Return a file's content; empty where there is none."""
        found = self.entries.get(name)
        stream = self.content.extractfile(found) if found is not None and found.isfile() else None
        return stream.read() if stream else b""

    def below(self, folder: str) -> list[str]:
        """Return the names of files and links in a folder of the program's own."""
        place = f"{self.home}/{folder}/"
        return [n for n, e in self.entries.items() if n.startswith(place) and not e.isdir()]


class _Entry(configparser.ConfigParser):
    """A desktop entry, whose keys are in upper and lower case."""

    def optionxform(self, optionstr: str) -> str:
        return optionstr


def violations(package: Path, *, hooks: bool = False) -> list[str]:
    """Return in which ways a package is not as the guide wants it, in Chinese.

    `hooks`: whether it may bring the project's own scripts, as the file for other systems does.
    """
    found = _opened(package)
    allowed = _TOLD | (set(deb.HOOKS) if hooks else set())
    return [
        *(f"安装时会运行脚本 {name}" for name in sorted(set(found.told) - allowed)),
        *_of_control(found),
        *_of_places(found),
        *_of_info(found),
        *_of_menu(found),
        *_of_icons(found),
        *_of_kinds(found),
        *_of_sums(found),
    ]


def _opened(package: Path) -> _Deb:
    parts = list(archive.members(package))
    control = next(part for part in parts if part.is_control)
    data = next(part for part in parts if part.name.startswith("data.tar"))
    with tarfile.open(fileobj=io.BytesIO(archive.plain(control))) as tar:
        told = {
            entry.name.removeprefix("./"): stream.read()
            for entry in tar
            if (stream := tar.extractfile(entry)) is not None
        }
    lines = told["control"].decode().splitlines()
    fields = dict(line.split(": ", 1) for line in lines if not line.startswith(" "))
    content = tarfile.open(fileobj=io.BytesIO(archive.plain(data)))  # noqa: SIM115 - read from later
    entries = {e.name.removeprefix("./").rstrip("/"): e for e in content if e.name != "./"}
    return _Deb(fields, told, entries, content)


def _of_control(found: _Deb) -> Iterator[str]:
    yield from (f"control 缺少 {name}" for name in _FIELDS if not found.control.get(name))
    if not _APP_ID.fullmatch(found.app_id):
        yield f"包名“{found.app_id}”不是倒置域名"
    if not _VERSION.fullmatch(found.control.get("Version", "")):
        yield f"版本号“{found.control.get('Version')}”不是四段数字"


def _of_places(found: _Deb) -> Iterator[str]:
    above = {str(place) for place in PurePosixPath(found.home).parents} | {found.home}
    parts = {f"{found.home}/{name}" for name in ("entries", "files", "info")}
    for name, entry in found.entries.items():
        if name not in above and not any(name == p or name.startswith(f"{p}/") for p in parts):
            yield f"文件不在规定的文件夹里：/{name}"
        if entry.mode & _AS_OWNER:
            yield f"文件带特殊权限：/{name}"
        if entry.mode & _OTHERS_WRITE and not entry.issym():
            yield f"文件任何人可写：/{name}"
        if (entry.uid, entry.gid) != (0, 0):
            yield f"文件不属于 root：/{name}"
        if not (entry.isfile() or entry.isdir() or entry.issym()):
            yield f"不是普通文件：/{name}"
        if entry.issym() and not _stays(found, name, entry.linkname):
            yield f"链接指向别处：/{name}"
    kinds = {name.split("/")[4] for name in found.below("entries")}
    yield from (f"entries 中没有这种文件夹：{name}" for name in sorted(kinds - _ENTRIES))


def _stays(found: _Deb, name: str, target: str) -> bool:
    """Tell whether a link leads to something in the package."""
    parts: list[str] = [] if target.startswith("/") else name.split("/")[:-1]
    for part in target.split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts) in found.entries


def _of_info(found: _Deb) -> Iterator[str]:
    try:
        info = json.loads(found.read(f"{found.home}/info"))
    except ValueError:
        yield "info 不是 JSON"
        return
    wanted = {
        "appid": found.app_id,
        "version": found.control.get("Version"),
        "arch": [found.control.get("Architecture")],
    }
    for key, value in wanted.items():
        if info.get(key) != value:
            yield f"info 的 {key} 应为 {value}，现为 {info.get(key)}"
    if not info.get("name"):
        yield "info 缺少 name"
    permissions = info.get("permissions", {})
    if set(permissions) != set(deb.PERMISSIONS) or not all(
        isinstance(value, bool) for value in permissions.values()
    ):
        yield "info 的 permissions 没有逐项写明"


def _of_menu(found: _Deb) -> Iterator[str]:
    name = f"{found.home}/entries/applications/{found.app_id}.desktop"
    reader = _Entry(interpolation=None, delimiters=("=",))
    reader.read_string(found.read(name).decode() or "[Desktop Entry]")
    entry = dict(reader["Desktop Entry"]) if reader.has_section("Desktop Entry") else {}
    for key in ("Type", "Name", "Exec", "Icon", "Categories"):
        if not entry.get(key):
            yield f"菜单项缺少 {key}"
    program = entry.get("Exec", "").split(" ")[0].lstrip("/")
    started = found.entries.get(program)
    if not program.startswith(f"{found.home}/files/") or not started or not started.mode & 0o111:
        yield f"菜单项启动的不是包里的程序：{entry.get('Exec')}"
    if entry.get("Icon") != found.app_id:
        yield f"菜单项的图标应为 {found.app_id}"


def _of_icons(found: _Deb) -> Iterator[str]:
    names = found.below("entries/icons/hicolor")
    if not names:
        yield "没有图标"
    for name in names:
        folder, _, file = name.rpartition("/")
        if file.rpartition(".")[0] != found.app_id:
            yield f"图标没有用包名命名：/{name}"
        sized = _SIZED.search(folder)
        if sized and struct.unpack(">II", found.read(name)[_PNG_SIZE]) != (int(sized[1]),) * 2:
            yield f"图标的大小与文件夹不符：/{name}"


def _of_kinds(found: _Deb) -> Iterator[str]:
    for name in found.below("entries/mime"):
        if name != f"{found.home}/entries/mime/packages/{found.app_id}.xml":
            yield f"文件类型没有用包名命名：/{name}"
        try:
            ET.fromstring(found.read(name))  # noqa: S314 - our own file
        except ET.ParseError:
            yield f"文件类型读不出：/{name}"


def _of_sums(found: _Deb) -> Iterator[str]:
    lines = found.told.get("md5sums", b"").decode().splitlines()
    listed = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    files = {name for name, entry in found.entries.items() if entry.isfile()}
    yield from (f"md5sums 缺少 /{name}" for name in sorted(files - set(listed)))
    yield from (f"md5sums 多出 /{name}" for name in sorted(set(listed) - files))
    for name in sorted(files & set(listed)):
        if hashlib.md5(found.read(name), usedforsecurity=False).hexdigest() != listed[name]:
            yield f"md5sums 与 /{name} 的内容不符"


def check(package: Path, *, hooks: bool = False) -> None:
    """Hold a package against the guide; BuildError when it is otherwise."""
    found = violations(package, hooks=hooks)
    if found:
        raise BuildError(f"{package.name} 不合 UOS 的打包规范：{'；'.join(found[:20])}")


def main(files: list[str]) -> int:
    """Tell of each file what is against the guide; 1 when something is."""
    found = {file: violations(Path(file)) for file in files}
    for file, lines in found.items():
        say(f"{file}：{'；'.join(lines) or '符合打包规范'}")
    return 1 if any(found.values()) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
