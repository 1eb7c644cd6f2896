"""Writes the manifest by which winget installs the program, for one user or for all."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from installers import origin

if TYPE_CHECKING:
    from pathlib import Path

IDENTIFIER = "fsdesk.fsdesk"
_SCHEMA = "1.6.0"
# Exit codes of windows/fsdesk.nsi, in winget's words.
_RETURNS = {1: "cancelledByUser", 5: "packageInUse", 6: "systemNotSupported", 7: "blockedByPolicy"}


def write(installer: Path, downloads: str, out: Path) -> Path:
    """Write the three files of the manifest and return their folder.

    `downloads`: address of the folder from which people get the installer.
    """
    folder = out / "winget"
    folder.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256(installer.read_bytes()).hexdigest().upper()
    url = f"{downloads.rstrip('/')}/{installer.name}"
    for name, text in {
        f"{IDENTIFIER}.yaml": _version(),
        f"{IDENTIFIER}.installer.yaml": _installer(url, digest),
        f"{IDENTIFIER}.locale.zh-CN.yaml": _locale(),
    }.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def _head(kind: str) -> str:
    return (
        f"# yaml-language-server: $schema=https://aka.ms/winget-manifest.{kind}.{_SCHEMA}.schema.json\n"
        f"PackageIdentifier: {IDENTIFIER}\nPackageVersion: {origin.version()}\n"
    )


def _foot(kind: str) -> str:
    return f"ManifestType: {kind}\nManifestVersion: {_SCHEMA}\n"


def _version() -> str:
    return f"{_head('version')}DefaultLocale: zh-CN\n{_foot('version')}"


def _installer(url: str, digest: str) -> str:
    scopes = "".join(
        f"- Architecture: x64\n  Scope: {scope}\n  InstallerUrl: {url}\n"
        f"  InstallerSha256: {digest}\n  InstallerSwitches:\n    Custom: {switch}\n{more}"
        for scope, switch, more in (
            ("user", "/CurrentUser", ""),
            ("machine", "/AllUsers", "  ElevationRequirement: elevationRequired\n"),
        )
    )
    returns = "".join(
        f"- InstallerReturnCode: {code}\n  ReturnResponse: {words}\n"
        for code, words in _RETURNS.items()
    )
    return (
        f"{_head('installer')}InstallerType: nullsoft\nMinimumOSVersion: 10.0.0.0\n"
        "InstallModes:\n- interactive\n- silent\nUpgradeBehavior: install\n"
        f"ProductCode: fsdesk\nFileExtensions:\n- fsdesk\n- fsupdate\n"
        f"ExpectedReturnCodes:\n{returns}Installers:\n{scopes}{_foot('installer')}"
    )


def _locale() -> str:
    return (
        f"{_head('defaultLocale')}PackageLocale: zh-CN\nPublisher: fsdesk contributors\n"
        f"PackageName: 食药安工作台\nLicense: {origin.licence()}\n"
        f"Copyright: {origin.copyright_line()}\n"
        "ShortDescription: 食品药品安全工作要点的离线填报、汇总和印制\n"
        f"Moniker: fsdesk\n{_foot('defaultLocale')}"
    )
