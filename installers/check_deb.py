"""Tries out a .deb in clean Debian systems: install, start, work, upgrade, remove."""

from __future__ import annotations

import json
import shutil
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from installers import deb, earlier, recipes
from installers.deb import PLACE, Package
from installers.origin import ROOT
from installers.roots import BuildError, call, copied, enter, made, say
from installers.screen import SOCKETS, virtual_screen

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from pathlib import Path

_USER = "li"
_HOME = f"/home/{_USER}"
_WORKSPACE = f"{_HOME}/.local/share/fsdesk"
_LEFTOVER = "gone-in-the-new-version"
# Input methods, and what presses keys and reads what was copied.
_TYPE = ROOT / "installers/debian/type-chinese.sh"
_TYPING = "ibus ibus-libpinyin fcitx5 fcitx5-pinyin dbus dbus-x11 xdotool xclip"
# The last without fcitx5's part that stands in for ibus, so that the interface of fcitx 4 is used.
_WAYS = (("ibus",), ("fcitx5", "wayland"), ("fcitx5", "wayland,ibusfrontend"))
_APT = "apt-get -q -y --no-install-recommends -o Acquire::Retries=5"


def check(package: Path, architecture: str, work: Path) -> None:
    """Try a package out on Debian 11 and 12.

    Raises:
        BuildError: When something does not work.
    """
    older = _older_version(package, architecture, work)
    for suite in recipes.CLEAN_SUITES:
        with _system(suite, architecture) as system:
            system.try_out(older, package)


def _older_version(package: Path, architecture: str, work: Path) -> Path:
    """Make a package of an earlier version number that holds one file more."""
    tree = work / "older"
    shutil.rmtree(tree, ignore_errors=True)
    call(["dpkg-deb", "--raw-extract", str(package), str(tree)])
    control = (tree / "DEBIAN/control").read_text(encoding="utf-8")
    fields = dict(line.split(": ", 1) for line in control.splitlines() if ": " in line)
    (tree / PLACE / _LEFTOVER).write_text("old\n", encoding="utf-8")
    earlier = Package(
        f"{fields['Version']}~earlier",
        architecture,
        tuple(fields["Depends"].split(", ")),
        tuple(fields["Recommends"].split(", ")),
        int(fields["Installed-Size"]),
    )
    return deb.seal(tree, earlier, work, quick=True)


@contextmanager
def _system(suite: str, architecture: str) -> Generator[_System]:
    with copied(made(recipes.clean_root(suite, architecture))) as root, virtual_screen() as screen:
        (root / "packages").mkdir()
        yield _System(root, suite, screen)


class _System:
    """A clean Debian with one user and the packages to be tried."""

    def __init__(self, root: Path, suite: str, screen: str) -> None:
        self._root, self._suite, self._screen = root, suite, screen

    def try_out(self, older: Path, package: Path) -> None:
        self._step("安装")
        self._install(older)
        self._as_root("useradd", "--create-home", _USER)
        self._as_user("fsdesk", "init", "--role", "office", "--year", "2026")
        before = self._as_user("fsdesk", "status", "--period", "2026-03", "--json")
        self._step("升级")
        self._install(package)
        self._expect(not self._has(f"{PLACE}/{_LEFTOVER}"), "旧版本的文件没有清除")
        after = self._as_user("fsdesk", "status", "--period", "2026-03", "--json")
        self._expect(before == after, "升级后数据与升级前不同")
        self._self_test()
        for backup in earlier.backups():
            self._open_earlier(backup)
        if self._suite == recipes.CLEAN_SUITES[-1]:
            self._type_chinese()
        self._step("卸载")
        self._as_root("dpkg", "--purge", "fsdesk")
        left = [name for name in _INSTALLED if self._has(name)]
        self._expect(not left, f"卸载后留下：{left}")
        self._expect(self._has(f"{_WORKSPACE}/fsdesk.db"), "卸载时丢了数据")

    def _step(self, what: str) -> None:
        say(f"{self._suite}：{what}")

    def _install(self, package: Path) -> None:
        shutil.copy(package, self._root / "packages" / package.name)
        command = f"{_APT} update && {_APT} install ./packages/{package.name}"
        enter(self._root, ["sh", "-ec", command], quiet=True)
        missing = [name for name in _INSTALLED if not self._has(name)]
        self._expect(not missing, f"安装后缺少：{missing}")

    def _self_test(self) -> None:
        told = self._as_user("fsdesk", "--self-test", display=self._screen)
        outcome = json.loads(told[told.index("{") :])
        fine = outcome["ok"] and outcome["packaged"] and len(outcome["pages"]) > len("pages")
        self._expect(fine, f"自检没有通过：{told}")
        say(f"自检通过：{len(outcome['pages'])} 页，{outcome['seconds']} 秒")

    def _open_earlier(self, backup: Path) -> None:
        self._step(f"打开较早的工作区 {backup.stem}")
        shutil.copy(backup, self._root / "packages")
        place = f"{_HOME}/{backup.stem}"
        run = partial(self._as_user, "fsdesk", "--workspace", place)
        database = self._root / place.lstrip("/") / "fsdesk.db"
        earlier.open_earlier(f"/packages/{backup.name}", database, run)

    def _type_chinese(self) -> None:
        """Type with ibus, and with fcitx5 by Qt's plug-in and by the interface of fcitx 4."""
        self._step("输入汉字")
        enter(self._root, ["sh", "-ec", f"{_APT} install {_TYPING}"], quiet=True)
        for file in (_TYPE, _TYPE.with_name("fcitx5-profile")):
            shutil.copy(file, self._root / "packages")
        for way in _WAYS:
            session = ("dbus-run-session", "--", "sh", f"/packages/{_TYPE.name}")
            told = self._as_user(*session, _WORKSPACE, *way, display=self._screen)
            self._expect(told.split()[-1:] == ["你好"], f"打字没有得到“你好”（{way}）：{told}")

    def _as_root(self, *command: str) -> None:
        enter(self._root, command, quiet=True)

    def _as_user(self, *command: str, display: str = "", succeeds: bool = True) -> str:
        given = {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"} if display else {}
        switch = ("setpriv", f"--reuid={_USER}", f"--regid={_USER}", "--clear-groups")
        done = enter(
            self._root,
            [*switch, *command],
            binds={SOCKETS: str(SOCKETS)},
            environment={"HOME": _HOME, **given},
            quiet=True,
            check=succeeds,
        )
        self._expect(succeeds == (done.returncode == 0), f"没有被拒绝：{command}")
        return done.stdout

    def _has(self, name: str) -> bool:
        place = self._root / name.lstrip("/")
        return place.exists() or place.is_symlink()

    def _expect(self, fine: bool, otherwise: str) -> None:  # noqa: FBT001 - an assertion
        if not fine:
            raise BuildError(f"{self._suite}：{otherwise}")


_INSTALLED: Sequence[str] = (
    f"{PLACE}/fsdesk",
    "usr/bin/fsdesk",
    "usr/share/applications/fsdesk.desktop",
    "usr/share/icons/hicolor/48x48/apps/fsdesk.png",
    "usr/share/mime/packages/fsdesk.xml",
    "usr/share/doc/fsdesk/copyright",
)
