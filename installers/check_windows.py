"""Tries out what is for Windows under wine: install, start, work, upgrade, remove; portable."""

from __future__ import annotations

import json
import shlex
import shutil
import zipfile
from functools import partial
from typing import TYPE_CHECKING

from installers import earlier, origin, recipes, signing
from installers.roots import BuildError, enter, made, say
from installers.screen import SOCKETS, virtual_screen
from installers.windows import PROGRAMS, WINE, pack, prepare_wine

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from subprocess import CompletedProcess

_TITLE = "食药安工作台"
_USER = "drive_c/users/root"
_PLACE = f"{_USER}/AppData/Local/Programs/fsdesk"
_DATA = f"{_USER}/AppData/Local/fsdesk/fsdesk.db"
_LINKS = (
    f"{_USER}/Desktop/{_TITLE}.lnk",
    f"{_USER}/AppData/Roaming/Microsoft/Windows/Start Menu/Programs/{_TITLE}.lnk",
)
_FILES = (f"{_PLACE}/fsdesk.exe", f"{_PLACE}/fsdesk-command.exe", f"{_PLACE}/uninstall.exe")
_EARLIER_VERSION = "0.0.1"
_LEFTOVER = "_internal/gone-in-the-new-version"
# As wine writes them into user.reg.
_KEYS = (
    r"Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\fsdesk",
    r"Software\\Classes\\.fsdesk",
    r"Software\\Classes\\fsdesk.packet\\shell\\open\\command",
    r"Software\\Classes\\.fsupdate",
)
# For all users: the programs' folder, everybody's desktop and Start menu.
_FOR_ALL = "drive_c/Program Files/fsdesk"
_LINKS_OF_ALL = (
    f"drive_c/users/Public/Desktop/{_TITLE}.lnk",
    f"drive_c/ProgramData/Microsoft/Windows/Start Menu/Programs/{_TITLE}.lnk",
)
_OTHER_PLACE = "drive_c/工 作/台"
_PATIENCE_SECONDS = 2400  # where a question that nobody answers waits on the screen
_RUNS = 5  # exit code of the installer when the program runs


def check(package: Path, portable: Path, program: Path, work: Path) -> None:
    """Try an installer and a portable folder out.

    Raises:
        BuildError: When something does not work.
    """
    folder = work / "check"
    shutil.rmtree(folder, ignore_errors=True)  # of an earlier try
    prefix = prepare_wine(made(recipes.wine_root()), folder)
    exchange = folder / "exchange"
    exchange.mkdir()
    certificate, authority = signing.self_made(folder / "certificate")
    older = _older_version(program, work, exchange, certificate)
    shutil.copy(package, exchange)
    with virtual_screen() as screen:
        desk = _Desk(prefix, exchange, screen)
        desk.carry(portable)
        desk.install(older.name, _EARLIER_VERSION)
        desk.expect_signed(older, authority)
        desk.upgrade(package.name, origin.version())
        desk.start()
        for backup in earlier.backups():
            desk.open_earlier(backup)
        desk.remove()
        desk.install_for_all(package.name, origin.version())
        desk.install_elsewhere(package.name)


def _older_version(program: Path, work: Path, out: Path, certificate: signing.Certificate) -> Path:
    """Make a signed installer of an earlier version number that holds one file more."""
    leftover = program / _LEFTOVER
    leftover.write_text("old\n", encoding="utf-8")
    try:
        version = _EARLIER_VERSION
        return pack(program, work, out, version=version, quick=True, certificate=certificate)
    finally:
        leftover.unlink()


class _Desk:
    """A wine with one user who gets installers; it knows the folder for exchange as /exchange."""

    def __init__(self, prefix: Path, exchange: Path, screen: str) -> None:
        self._prefix, self._exchange, self._screen = prefix, exchange, screen

    def install(self, package: str, version: str) -> None:
        """Install without a question; files, links and registry are there."""
        say(f"wine：安装 {version}")
        self._sh(_silently(package))
        self._expect_installed((*_FILES, *_LINKS), "user.reg", version)

    def _expect_installed(self, names: Sequence[str], registry: str, version: str) -> None:
        missing = [name for name in names if not self._has(name)]
        self._expect(not missing, f"安装后缺少：{missing}")
        keys = (*_KEYS, f'"DisplayVersion"="{version}"')
        absent = [key for key in keys if key not in self._registry(registry)]
        self._expect(not absent, f"注册表中缺少：{absent}")

    def expect_signed(self, installer: Path, authority: Path) -> None:
        """Find the installer, and all that it installed and that is started, signed."""
        say("wine：核对签名")
        place = self._prefix / _PLACE
        installed = [place / name for name in (*PROGRAMS, "uninstall.exe")]
        signing.verify([installer, *installed], authority)

    def carry(self, portable: Path) -> None:
        """Work from an unpacked folder; its data lie in it and go with it, nothing in the PC."""
        say("wine：便携版")
        first, second = "U 盘", "另一个盘符"
        with zipfile.ZipFile(portable) as packed:
            packed.extractall(self._exchange / first)
        command = f"/exchange/{first}/fsdesk/fsdesk-command.exe"
        self._run("init", "--role", "office", "--year", "2026", program=command)
        status = ("status", "--period", "2026-03", "--json")
        before = self._run(*status, program=command)
        data = self._exchange / first / "fsdesk" / "数据"
        self._expect((data / "fsdesk" / "fsdesk.db").is_file(), "便携版的数据不在它旁边")
        (self._exchange / first).rename(self._exchange / second)
        command = f"/exchange/{second}/fsdesk/fsdesk-command.exe"
        self._expect(before == self._run(*status, program=command), "便携版换地方后数据不同")
        window = shlex.quote(f"/exchange/{second}/fsdesk/fsdesk.exe")
        self._self_test(f"wine {window} --self-test Z:/exchange/portable.json", "portable")
        places = (f"{_USER}/AppData/{kind}/fsdesk" for kind in ("Local", "Roaming"))
        left = [place for place in places if self._has(place)]
        self._expect(not left, f"便携版写到了电脑里：{left}")

    def start(self) -> None:
        """Run the self-test from where it was installed, and through the Start menu's link."""
        program = shlex.quote(f"/wine/{_FILES[0]}")
        self._self_test(f"wine {program} --self-test Z:/exchange/direct.json", "direct")
        link = shlex.quote(f"/wine/{_LINKS[1]}")
        self._self_test(
            f"wine start /wait /unix {link} --self-test Z:/exchange/link.json || true", "link"
        )

    def upgrade(self, package: str, version: str) -> None:
        """Install over an older one: refused while it runs, then done, data as before."""
        say("wine：运行中不得升级，关闭后升级")
        self._run("init", "--role", "office", "--year", "2026")
        status = ("status", "--period", "2026-03", "--json")
        before = self._run(*status)
        running = shlex.quote(f"/wine/{_FILES[0]}")
        self._sh(
            f"wine {running} & sleep 30; code=0; {_silently(package)} || code=$?; "
            f"echo $code > /exchange/running; wineserver --kill; true"
        )
        code = (self._exchange / "running").read_text().strip()
        self._expect(code == str(_RUNS), f"程序运行时升级没有被拒绝（{code}）")
        self._expect(self._has(f"{_PLACE}/{_LEFTOVER}"), "被拒绝的升级改动了程序")
        self.install(package, version)
        self._expect(not self._has(f"{_PLACE}/{_LEFTOVER}"), "旧版本的文件没有清除")
        after = self._run(*status)
        self._expect(before == after and "units" in before, "升级后数据与升级前不同")

    def open_earlier(self, backup: Path) -> None:
        """Open a workspace of an earlier package."""
        say(f"wine：打开较早的工作区 {backup.stem}")
        shutil.copy(backup, self._exchange)
        run = partial(self._run, "--workspace", f"Z:/exchange/{backup.stem}")
        database = self._exchange / backup.stem / "fsdesk.db"
        earlier.open_earlier(f"Z:/exchange/{backup.name}", database, run)

    def remove(self) -> None:
        """Uninstall: everything but the data goes."""
        say("wine：卸载")
        self._sh(f"wine {shlex.quote(f'/wine/{_FILES[2]}')} /S")
        left = [name for name in (_PLACE, *_LINKS) if self._has(name)]
        self._expect(not left, f"卸载后留下：{left}")
        keys = [key for key in _KEYS if key in self._registry()]
        self._expect(not keys, f"卸载后注册表中留下：{keys}")
        self._expect(self._has(_DATA), "卸载时丢了数据")

    def install_for_all(self, package: str, version: str) -> None:
        """Install for all users, upgrade there without being told to, remove; data stay."""
        say("wine：为所有用户安装、升级、卸载")
        names = (f"{_FOR_ALL}/fsdesk.exe", f"{_FOR_ALL}/uninstall.exe", *_LINKS_OF_ALL)
        self._sh(f"{_silently(package)} /AllUsers")
        self._expect_installed(names, "system.reg", version)
        self._expect(not self._has(_PLACE), "为所有用户安装时也装给了一个用户")
        self._sh(_silently(package))
        self._expect(not self._has(_PLACE), "升级时换了安装范围")
        self._run("verify", program=f"/wine/{_FOR_ALL}/fsdesk-command.exe")
        self._sh(f"wine {shlex.quote(f'/wine/{_FOR_ALL}/uninstall.exe')} /S")
        left = [name for name in (_FOR_ALL, *_LINKS_OF_ALL) if self._has(name)]
        self._expect(not left, f"卸载后留下：{left}")
        keys = [key for key in _KEYS if key in self._registry("system.reg")]
        self._expect(not keys, f"卸载后注册表中留下：{keys}")
        self._expect(self._has(_DATA), "为所有用户卸载时丢了数据")

    def install_elsewhere(self, package: str) -> None:
        """Install into a folder with Chinese letters and a space; remove it with the data."""
        say("wine：安装到带空格的中文文件夹，连同数据卸载")
        # As chosen on the wizard's page and remembered; wine would quote it as an argument.
        key = r"HKCU\Software\fsdesk"
        chosen = f"wine reg add '{key}' /v InstallDir /d 'C:\\工 作\\台' /f"
        self._sh(f"{chosen}; {_silently(package)}")
        command = shlex.quote(f"/wine/{_OTHER_PLACE}/fsdesk-command.exe")
        self._sh(f"wine {command} verify")
        self._sh(f"wine {shlex.quote(f'/wine/{_OTHER_PLACE}/uninstall.exe')} /S /PURGE")
        left = [name for name in (f"{_OTHER_PLACE}/fsdesk.exe", _DATA) if self._has(name)]
        self._expect(not left, f"连同数据卸载后留下：{left}")

    def _self_test(self, command: str, name: str) -> None:
        self._sh(command)
        file = self._exchange / f"{name}.json"
        self._expect(file.is_file(), f"自检没有结果：{name}")
        outcome = json.loads(file.read_text(encoding="utf-8"))
        self._expect(outcome["ok"] and outcome["packaged"], f"自检没有通过：{outcome}")
        say(f"自检通过：{len(outcome['pages'])} 页，{outcome['seconds']} 秒")

    def _run(
        self, *command: str, succeeds: bool = True, program: str = f"/wine/{_FILES[1]}"
    ) -> str:
        """Run a command of the installed program, or another, and give what it printed."""
        line = shlex.join((program, *command))
        done = self._sh(f"wine {line} >/exchange/told 2>&1", check=False)
        told = (self._exchange / "told").read_text(encoding="utf-8")
        self._expect(succeeds == (done.returncode == 0), f"{command}：{told}")
        return told

    def _sh(self, script: str, *, check: bool = True) -> CompletedProcess[str]:
        """Run shell commands in wine's system; the registry is written when they end."""
        return enter(
            made(recipes.wine_root()),
            [
                "timeout",
                str(_PATIENCE_SECONDS),
                "sh",
                "-ec",
                f"exec </dev/null; trap 'wineserver --wait' EXIT; {script}",
            ],
            binds={
                self._prefix: "/wine",
                self._exchange: "/exchange",
                SOCKETS: str(SOCKETS),
            },
            environment={**WINE, "DISPLAY": self._screen},
            quiet=True,
            check=check,
        )

    def _registry(self, file: str = "user.reg") -> str:
        return (self._prefix / file).read_text(encoding="utf-8", errors="replace")

    def _has(self, name: str) -> bool:
        return (self._prefix / name).exists()

    def _expect(self, fine: bool, otherwise: str) -> None:  # noqa: FBT001 - an assertion
        if not fine:
            raise BuildError(f"wine：{otherwise}")


def _silently(package: str) -> str:
    return f"wine /exchange/{package} /S"
