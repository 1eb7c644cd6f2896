"""Updates without a network: the office signs newer installers, everybody else checks them."""

from __future__ import annotations

import json
import platform
import sys
import zipfile
from contextlib import suppress
from typing import TYPE_CHECKING

from fsdesk import __version__
from fsdesk.domain.findings import error, reject
from fsdesk.domain.packet.packet import Seal
from fsdesk.domain.packet.signing import fingerprint
from fsdesk.domain.packet.updates import (
    DAMAGED,
    ENDING,
    FORMAT,
    Installer,
    Update,
    common_version,
    is_newer,
    read_name,
    system_name,
    update_from,
)
from fsdesk.domain.plain import to_plain
from fsdesk.domain.plan.naming import office_of
from fsdesk.files import discard, new_zip, opened_zip, save_stream, sha256_of, told
from fsdesk.places import portable_data
from fsdesk.services.packet.signing import registered, signing_key
from fsdesk.services.plan.planning import current_plan
from fsdesk.store.packet import keys

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import IO

    from fsdesk.workspace import Workspace

_ABOUT = "update.json"
_LARGEST_ABOUT = 100_000


def write_update(workspace: Workspace, installers: Sequence[Path], file: Path) -> Update:
    """Pack installers of one version into an update packet, signed by the office.

    Raises:
        InputRejectedError: When this is not the office's workspace, a file is no installer, or the
            packet can't be written.
    """
    if not workspace.identity.is_office:
        office = office_of(current_plan(workspace))
        raise reject(f"更新包只能由{office}生成", "请在汇总端生成")
    if file.suffix.lower() != ENDING:
        raise reject(f"更新包不能保存为“{file.suffix}”格式", f"请使用 {ENDING} 结尾的文件名")
    named = [(path, *read_name(path.name)) for path in installers]
    version = common_version(version for _, _, version in named)
    listed: list[Installer] = []
    for path, system, _ in named:
        with told("读取", path):
            listed.append(Installer(path.name, system, sha256_of(path), path.stat().st_size))
    update = Update(version, workspace.now(), tuple(listed))
    seal = signing_key(workspace).sign(update.digest)
    plain = {"format": FORMAT, **to_plain(update), "seal": to_plain(seal)}
    with new_zip(file, zipfile.ZIP_STORED) as archive:
        archive.writestr(_ABOUT, json.dumps(plain, ensure_ascii=False, indent=1))
        for path in installers:
            archive.write(path, path.name)
    return update


def take_update(workspace: Workspace, file: Path, system: str = "") -> tuple[Update, Path]:
    """Check an update packet and take out the installer for this system.

    The signature must be by a key that is registered here for the office, the installer must be the
    one that was signed, and newer than this program. Return what the packet says, and the installer
    in the workspace's folder; the system is this one unless named.

    Raises:
        InputRejectedError: When anything of that does not hold, or this is the portable program;
            nothing is left behind.
    """
    _refuse_portable()
    try:
        with opened_zip(file, error(*DAMAGED)) as archive:
            update = _checked(workspace, archive)
            wanted = update.installer_for(system or system_name(sys.platform, platform.machine()))
            if archive.getinfo(wanted.name).file_size != wanted.size:
                raise reject(*DAMAGED)
            with archive.open(wanted.name) as stream:
                return update, _kept(workspace.folder / "updates", wanted, stream)
    except TypeError as problem:
        raise reject(*DAMAGED) from problem


def _refuse_portable() -> None:
    """Refuse where an installer would add a second program, with other data."""
    data = portable_data()
    if data is not None:
        raise reject(
            "便携版不能用更新包升级：安装程序会在这台电脑上另装一个程序，看不到便携版的数据",
            "请关闭程序，用新版便携版压缩包（.zip）里的 fsdesk.exe、fsdesk-command.exe 和"
            f" _internal 文件夹替换“{data.parent}”中的同名文件和文件夹；“{data.name}”文件夹不动",
        )


def _checked(workspace: Workspace, archive: zipfile.ZipFile) -> Update:
    if archive.getinfo(_ABOUT).file_size > _LARGEST_ABOUT:
        raise reject(*DAMAGED)
    plain = json.loads(archive.read(_ABOUT))
    update = update_from(plain)
    seal = Seal(**plain["seal"])
    if not keys.seal_holds(seal, update.digest):
        raise reject("更新包的签名与内容不符，可能被改动过", "请不要安装，向汇总端重新索要")
    plan = current_plan(workspace)
    office, name = plan.directory.office, office_of(plan)
    trusted = {
        signer.public_key
        for signer in registered(workspace)
        if not signer.revoked and office is not None and signer.unit == office.code
    }
    if seal.public_key not in trusted:
        raise reject(
            f"更新包的签名密钥 {fingerprint(seal.public_key)} 不是已登记的{name}密钥",
            f"请先导入一份{name}的下发包，或打电话核对密钥指纹",
        )
    if not is_newer(update.version, __version__):
        raise reject(f"更新包是 {update.version} 版，本机已是 {__version__} 版", "不需要更新")
    return update


def _kept(folder: Path, wanted: Installer, stream: IO[bytes]) -> Path:
    """Copy an installer out of the packet, unless it is not the signed one."""
    target = folder / wanted.name
    if save_stream(stream, target, wanted.sha256) != wanted.sha256:
        raise reject("更新包里的安装程序与签名不符，可能被改动过", "请不要安装，向汇总端重新索要")
    with suppress(OSError):  # those of earlier updates are only in the way
        for earlier in folder.iterdir():
            if earlier != target:
                discard(earlier)
    return target
