"""Update packets (更新包): newer installers, signed by the office, carried like any other file."""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.findings import InputRejectedError, reject
from fsdesk.domain.plain import from_plain, to_plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

FORMAT = 1
ENDING = ".fsupdate"
DAMAGED = ("更新包已损坏或不是本程序生成的", "请向汇总端重新索要")
_NAMES = {
    "windows-amd64": re.compile(r"fsdesk-(\d+\.\d+\.\d+)-windows-x64\.exe"),
    "linux-amd64": re.compile(r"fsdesk_(\d+\.\d+\.\d+)_amd64\.deb"),
    "linux-arm64": re.compile(r"fsdesk_(\d+\.\d+\.\d+)_arm64\.deb"),
}
_MACHINES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}


class Installer(Struct, frozen=True):
    """One installer in an update packet.

    Attributes:
        system: For which system, such as ``windows-amd64``.
        size: In bytes.
    """

    name: str
    system: str
    sha256: str
    size: int


class Update(Struct, frozen=True):
    """What an update packet says of itself.

    Attributes:
        version: Of the program, such as ``0.2.0``.
        made_at: When the packet was made, ISO text in UTC.
        installers: For each system at most one.
    """

    version: str
    made_at: str
    installers: tuple[Installer, ...]

    @property
    def digest(self) -> str:
        """What is signed; the words before it keep the signature from counting as a packet's."""
        plain = json.dumps(to_plain(self), ensure_ascii=False, sort_keys=True)
        return "update:" + hashlib.sha256(f"{FORMAT} {plain}".encode()).hexdigest()

    def installer_for(self, system: str) -> Installer:
        """Return the installer for a system; InputRejectedError when the packet has none."""
        found = next((one for one in self.installers if one.system == system), None)
        if found is None:
            raise reject("更新包里没有适合本机的安装程序", "请向汇总端索要适合本机系统的更新包")
        return found


def read_name(name: str) -> tuple[str, str]:
    """Return system and version from an installer's file name; other names are refused."""
    for system, pattern in _NAMES.items():
        found = pattern.fullmatch(name)
        if found:
            return system, found[1]
    raise reject(f"“{name}”不是本程序的安装程序", "请选择没有改过名的安装程序（.exe 或 .deb）")


def system_name(platform: str, machine: str) -> str:
    """Return a system's name from `sys.platform` and `platform.machine()`."""
    kind = "windows" if platform == "win32" else "linux"
    return f"{kind}-{_MACHINES.get(machine.lower(), machine.lower())}"


def is_newer(version: str, than: str) -> bool:
    """Tell whether a version is newer than another."""
    return _numbers(version) > _numbers(than)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def common_version(versions: Iterable[str]) -> str:
    """Return the one version of all installers; refused when there is none, or another one."""
    found = set(versions)
    if len(found) != 1:
        raise reject("安装程序的版本不一致", "请选择同一版本的安装程序")
    return found.pop()


def update_from(plain: Mapping[str, Any]) -> Update:
    """Build an update from what stands in the packet; InputRejectedError for anything else."""
    if plain.get("format", 0) > FORMAT:
        raise reject("更新包的格式比本程序新", "请直接运行新版本的安装程序")
    try:
        update = from_plain(Update, plain)
        named = {read_name(one.name) for one in update.installers}
    except (ValueError, InputRejectedError) as problem:
        raise reject(*DAMAGED) from problem
    if named != {(one.system, update.version) for one in update.installers}:
        raise reject(*DAMAGED)
    return update
