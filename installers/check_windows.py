"""Tries out the installer for Windows under wine: install, start, work, upgrade, remove."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING

from installers import recipes
from installers.roots import BuildError, enter, made, say
from installers.screen import SOCKETS, virtual_screen
from installers.windows import WINE, prepare_wine

if TYPE_CHECKING:
    from pathlib import Path

_TITLE = "食药安工作台"
_USER = "drive_c/users/root"
_PLACE = f"{_USER}/AppData/Local/Programs/fsdesk"
_DATA = f"{_USER}/AppData/Local/fsdesk/fsdesk.db"
_LINKS = (
    f"{_USER}/Desktop/{_TITLE}.lnk",
    f"{_USER}/AppData/Roaming/Microsoft/Windows/Start Menu/Programs/{_TITLE}.lnk",
)
_FILES = (f"{_PLACE}/fsdesk.exe", f"{_PLACE}/fsdesk-command.exe", f"{_PLACE}/uninstall.exe")
_LEFTOVER = f"{_PLACE}/_internal/gone-in-the-new-version"
# As wine writes them into user.reg.
_KEYS = (
    r"Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\fsdesk",
    r"Software\\Classes\\.fsdesk",
    r"Software\\Classes\\fsdesk.packet\\shell\\open\\command",
    r"Software\\Classes\\.fsupdate",
)
_OTHER_PLACE = "drive_c/工 作/台"
_RUNS = 5  # exit code of the installer when the program runs


def check(package: Path, work: Path) -> None:
    """Try an installer out.

    Args:
        package: The installer.
        work: Folder for what is made on the way.

    Raises:
        BuildError: When something does not work.
    """
    prefix = prepare_wine(made(recipes.wine_root()), work / "check")
    results = work / "check" / "results"
    results.mkdir(exist_ok=True)
    with virtual_screen() as screen:
        desk = _Desk(prefix, package, results, screen)
        desk.install()
        desk.start()
        desk.upgrade()
        desk.remove()
        desk.install_elsewhere()


class _Desk:
    """A wine with one user who gets the installer."""

    def __init__(self, prefix: Path, package: Path, results: Path, screen: str) -> None:
        self._prefix, self._package, self._results = prefix, package, results
        self._screen = screen
        self._setup = f"wine /packages/{package.name} /S"

    def install(self) -> None:
        """Install without a question; files, links and registry are there."""
        say("wine：安装")
        self._sh(self._setup)
        missing = [name for name in (*_FILES, *_LINKS) if not self._has(name)]
        self._expect(not missing, f"安装后缺少：{missing}")
        absent = [key for key in _KEYS if key not in self._registry()]
        self._expect(not absent, f"注册表中缺少：{absent}")

    def start(self) -> None:
        """Run the self-test from where it was installed, and through the Start menu's link."""
        program = shlex.quote(f"/wine/{_FILES[0]}")
        self._self_test(f"wine {program} --self-test Z:/results/direct.json", "direct")
        link = shlex.quote(f"/wine/{_LINKS[1]}")
        self._self_test(
            f"wine start /wait /unix {link} --self-test Z:/results/link.json || true", "link"
        )

    def upgrade(self) -> None:
        """Install over it: refused while it runs, then done, data as before."""
        say("wine：运行中不得升级，关闭后升级")
        command = shlex.quote(f"/wine/{_FILES[1]}")
        self._sh(f"wine {command} init --role office --year 2026")
        show = f"wine {command} status --period 2026-03 --json > /results/%s.json"
        self._sh(show % "before")
        running = shlex.quote(f"/wine/{_FILES[0]}")
        self._sh(
            f"wine {running} & sleep 30; code=0; {self._setup} || code=$?; "
            f"echo $code > /results/running; wineserver --kill; true"
        )
        code = (self._results / "running").read_text().strip()
        self._expect(code == str(_RUNS), f"程序运行时升级没有被拒绝（{code}）")
        (self._prefix / _LEFTOVER).write_text("old\n", encoding="utf-8")
        self._sh(self._setup)
        self._expect(not self._has(_LEFTOVER), "旧版本的文件没有清除")
        self._sh(show % "after")
        before, after = ((self._results / f"{n}.json").read_text() for n in ("before", "after"))
        self._expect(before == after and "units" in before, "升级后数据与升级前不同")

    def remove(self) -> None:
        """Uninstall: everything but the data goes."""
        say("wine：卸载")
        self._sh(f"wine {shlex.quote(f'/wine/{_FILES[2]}')} /S")
        left = [name for name in (_PLACE, *_LINKS) if self._has(name)]
        self._expect(not left, f"卸载后留下：{left}")
        keys = [key for key in _KEYS if key in self._registry()]
        self._expect(not keys, f"卸载后注册表中留下：{keys}")
        self._expect(self._has(_DATA), "卸载时丢了数据")

    def install_elsewhere(self) -> None:
        """Install into a folder with Chinese letters and a space; remove it with the data."""
        say("wine：安装到带空格的中文文件夹，连同数据卸载")
        # As chosen on the wizard's page and remembered; wine would quote it as an argument.
        key = r"HKCU\Software\fsdesk"
        self._sh(f"wine reg add '{key}' /v InstallDir /d 'C:\\工 作\\台' /f; {self._setup}")
        command = shlex.quote(f"/wine/{_OTHER_PLACE}/fsdesk-command.exe")
        self._sh(f"wine {command} verify")
        self._sh(f"wine {shlex.quote(f'/wine/{_OTHER_PLACE}/uninstall.exe')} /S /PURGE")
        left = [name for name in (f"{_OTHER_PLACE}/fsdesk.exe", _DATA) if self._has(name)]
        self._expect(not left, f"连同数据卸载后留下：{left}")

    def _self_test(self, command: str, name: str) -> None:
        self._sh(command)
        file = self._results / f"{name}.json"
        self._expect(file.is_file(), f"自检没有结果：{name}")
        outcome = json.loads(file.read_text(encoding="utf-8"))
        self._expect(outcome["ok"] and outcome["packaged"], f"自检没有通过：{outcome}")
        say(f"自检通过：{len(outcome['pages'])} 页，{outcome['seconds']} 秒")

    def _sh(self, script: str) -> None:
        """Run shell commands in wine's system; the registry is written when they end."""
        enter(
            made(recipes.wine_root()),
            ["sh", "-ec", f"exec </dev/null; {script}; wineserver --wait"],
            binds={
                self._prefix: "/wine",
                self._package.parent: "/packages",
                self._results: "/results",
                SOCKETS: str(SOCKETS),
            },
            environment={**WINE, "DISPLAY": self._screen},
            quiet=True,
        )

    def _registry(self) -> str:
        return (self._prefix / "user.reg").read_text(encoding="utf-8", errors="replace")

    def _has(self, name: str) -> bool:
        return (self._prefix / name).exists()

    def _expect(self, fine: bool, otherwise: str) -> None:  # noqa: FBT001 - an assertion
        if not fine:
            raise BuildError(f"wine：{otherwise}")
