"""Tries out a .deb in clean Debian systems: install, start, work, upgrade, remove."""

from __future__ import annotations

import json
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from installers import deb, earlier, icons, recipes, store_rules
from installers.deb import APP_ID, ENTRIES, HOME, PLACE, Package
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
_EARLIER_VERSION = "0.0.9.0"
# What the package of the first layout held beside the program.
_FIRST = ROOT / "tests/golden/packages/first-layout"
_FIRST_PLACE = "opt/apps/fsdesk/files"
# Input methods, and what presses keys and reads what was copied.
_TYPE = ROOT / "installers/debian/type-chinese.sh"
_TYPING = "ibus ibus-libpinyin fcitx5 fcitx5-pinyin dbus dbus-x11 xdotool xclip"
# The last without fcitx5's part that stands in for ibus, so that the interface of fcitx 4 is used.
_WAYS = (("ibus",), ("fcitx5", "wayland"), ("fcitx5", "wayland,ibusfrontend"))
# What every desktop has: it reads which files belong to which program.
_DESKTOP = "desktop-file-utils shared-mime-info libglib2.0-bin"
_KINDS = ("application/x-fsdesk-packet", "application/x-fsdesk-update")
_APT = "apt-get -q -y --no-install-recommends -o Acquire::Retries=5"
_LINTIAN = ROOT / "installers/debian/lintian"


def check(package: Path, for_store: Path, architecture: str, work: Path) -> None:
    """Hold the two packages against the rules; try the one for all systems on Debian 11 and 12.

    Raises:
        BuildError: When something does not work.
    """
    _check_rules(package, for_store)
    packages = Packages(*_older_versions(package, architecture, work), package)
    for suite in recipes.CLEAN_SUITES:
        with _system(suite, architecture) as system:
            system.try_out(packages)


@dataclass(frozen=True, slots=True)
class Packages:
    """What is installed one over the other: of the first layout, of the present one, the new."""

    first: Path
    older: Path
    newest: Path


def _check_rules(package: Path, for_store: Path) -> None:
    """Hold the packages against UOS' guide, and what is in them against Debian's own tools."""
    say("核对打包规范")
    store_rules.check(for_store)
    store_rules.check(package, hooks=True)
    entries = f"/tree/{ENTRIES}"
    script = f"""
        cp /packages/{package.name} /tmp && dpkg-deb --raw-extract /tmp/{package.name} /tree
        desktop-file-validate {entries}/applications/*.desktop
        appstreamcli validate --no-net --no-color {entries}/metainfo/*.xml
        lintian --allow-root --fail-on error,warning --tag-display-limit 0 \
            --suppress-tags-from-file /lintian/lintian /tmp/{package.name}
    """
    binds = {package.parent: "/packages", _LINTIAN.parent: "/lintian"}
    with copied(made(recipes.checking_root())) as root:
        enter(root, ["sh", "-ec", script], binds=binds, quiet=True)


def _older_versions(package: Path, architecture: str, work: Path) -> tuple[Path, Path]:
    """Make what was before: a package of the first layout, and one of an earlier number."""
    tree = work / "older"
    shutil.rmtree(tree, ignore_errors=True)
    call(["dpkg-deb", "--raw-extract", str(package), str(tree)])
    control = (tree / "DEBIAN/control").read_text(encoding="utf-8")
    fields = dict(line.split(": ", 1) for line in control.splitlines() if ": " in line)
    (tree / PLACE / _LEFTOVER).write_text("old\n", encoding="utf-8")
    earlier = Package(
        _EARLIER_VERSION,
        architecture,
        tuple(fields["Depends"].split(", ")),
        tuple(fields["Recommends"].split(", ")),
        int(fields["Installed-Size"]),
    )
    older = deb.seal(tree, earlier, work, quick=True)
    return _first_layout(tree, earlier, work), older


def _first_layout(tree: Path, like: Package, work: Path) -> Path:
    """Lay a package out as the first version was, from the files that are kept of it."""
    for name in (*deb.HOOKS, "md5sums"):
        (tree / "DEBIAN" / name).unlink()
    program = tree / _FIRST_PLACE
    program.parent.mkdir()
    (tree / PLACE).rename(program)
    for size in icons.SIZES:
        place = f"icons/hicolor/{size}x{size}/apps"
        target = tree / "usr/share" / place / "fsdesk.png"
        target.parent.mkdir(parents=True)
        shutil.copyfile(tree / ENTRIES / place / f"{APP_ID}.png", target)
    shutil.rmtree(tree / HOME)
    _copy(_FIRST / "fsdesk.desktop", tree / "usr/share/applications")
    _copy(_FIRST / "fsdesk.xml", tree / "usr/share/mime/packages")
    start = tree / "usr/bin/fsdesk"
    start.parent.mkdir()
    start.symlink_to(f"/{_FIRST_PLACE}/fsdesk")
    control = (_FIRST / "control").read_text(encoding="utf-8")
    for mark, value in {
        "@ARCHITECTURE@": like.architecture,
        "@KILOBYTES@": str(like.kilobytes),
        "@DEPENDS@": ", ".join(like.depends),
        "@RECOMMENDS@": ", ".join(like.recommends),
    }.items():
        control = control.replace(mark, value)
    (tree / "DEBIAN/control").write_text(control, encoding="utf-8")
    target = work / "fsdesk-first-layout.deb"
    packing = ["dpkg-deb", "--root-owner-group", "-Zgzip", "-z1", "--build", str(tree), str(target)]
    call(packing, quiet=True)
    return target


def _copy(source: Path, folder: Path) -> None:
    folder.mkdir(parents=True)
    shutil.copyfile(source, folder / source.name)


@contextmanager
def _system(suite: str, architecture: str) -> Generator[_System]:
    with copied(made(recipes.clean_root(suite, architecture))) as root, virtual_screen() as screen:
        (root / "packages").mkdir()
        yield _System(root, suite, screen)


class _System:
    """A clean Debian with one user and the packages to be tried."""

    def __init__(self, root: Path, suite: str, screen: str) -> None:
        self._root, self._suite, self._screen = root, suite, screen

    def try_out(self, packages: Packages) -> None:
        self._step("安装第一版的软件包")
        enter(self._root, ["sh", "-ec", f"{_APT} update && {_APT} install {_DESKTOP}"], quiet=True)
        self._install(packages.first)
        self._expect(self._has(f"{_FIRST_PLACE}/fsdesk"), "第一版没有装上")
        self._as_root("useradd", "--create-home", _USER)
        self._as_user("fsdesk", "init", "--role", "office", "--year", "2026")
        before = self._as_user("fsdesk", "status", "--period", "2026-03", "--json")
        self._expect_kinds("fsdesk.desktop")
        self._step("升级到新的布局")
        self._install_by_dpkg(packages.older)
        left = [name for name in _OF_FIRST if self._has(name)]
        self._expect(not left, f"第一版留下：{left}")
        self._expect_installed()
        self._step("升级")
        self._install(packages.newest)
        self._expect_installed()
        self._expect(not self._has(f"{PLACE}/{_LEFTOVER}"), "旧版本的文件没有清除")
        after = self._as_user("fsdesk", "status", "--period", "2026-03", "--json")
        self._expect(before == after, "升级后数据与升级前不同")
        self._self_test()
        for backup in earlier.backups():
            self._open_earlier(backup)
        if self._suite == recipes.CLEAN_SUITES[-1]:
            self._type_chinese()
        self._step("卸载")
        self._as_root("dpkg", "--purge", APP_ID)
        self._expect_gone()
        self._expect(self._has(f"{_WORKSPACE}/fsdesk.db"), "卸载时丢了数据")
        self._step("在 UOS 上只放在 /opt/apps")
        release = self._root / "etc/os-release"
        release.unlink()
        release.write_text("ID=uos\n", encoding="utf-8")
        self._install_by_dpkg(packages.newest)
        self._expect(self._has(f"{PLACE}/fsdesk") and not self._links(), "在 UOS 上改动了 /usr")

    def _step(self, what: str) -> None:
        say(f"{self._suite}：{what}")

    def _install(self, package: Path) -> None:
        shutil.copy(package, self._root / "packages" / package.name)
        command = f"{_APT} install ./packages/{package.name}"
        enter(self._root, ["sh", "-ec", command], quiet=True)

    def _install_by_dpkg(self, package: Path) -> None:
        """Install as desktops' own installers do, which fetch nothing."""
        shutil.copy(package, self._root / "packages" / package.name)
        self._as_root("dpkg", "--install", f"/packages/{package.name}")

    def _expect_installed(self) -> None:
        """Find the program, its entry in the menu, its icons and kinds of files."""
        missing = [name for name in _INSTALLED if not self._has(name)]
        self._expect(not missing, f"安装后缺少：{missing}")
        self._expect_kinds(f"{APP_ID}.desktop")

    def _expect_kinds(self, entry: str) -> None:
        """Find that a double click on the program's files opens it."""
        for kind in _KINDS:
            told = self._as_user("gio", "mime", kind)
            self._expect(entry in told.splitlines()[0], f"{kind} 不由 {entry} 打开：{told}")
        ask = "echo PK > ~/a.fsdesk; gio info -a standard::content-type ~/a.fsdesk"
        told = self._as_user("sh", "-c", ask)
        self._expect(_KINDS[0] in told, f"没有认出 .fsdesk：{told}")

    def _expect_gone(self) -> None:
        left = [name for name in _INSTALLED if self._has(name)] + self._links()
        self._expect(not left, f"卸载后留下：{left}")

    def _links(self) -> list[str]:
        """Return all links below /usr that lead to the program."""
        script = f"find /usr -lname '/{HOME}/*'"
        return self._as_user("sh", "-c", script).split()

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
    f"{HOME}/info",
    f"{PLACE}/fsdesk",
    f"{PLACE}/doc/copyright",
    "usr/bin/fsdesk",
    f"usr/share/applications/{APP_ID}.desktop",
    f"usr/share/icons/hicolor/48x48/apps/{APP_ID}.png",
    f"usr/share/mime/packages/{APP_ID}.xml",
    f"usr/share/metainfo/{APP_ID}.metainfo.xml",
)
_OF_FIRST: Sequence[str] = (
    _FIRST_PLACE,
    "usr/share/applications/fsdesk.desktop",
    "usr/share/icons/hicolor/48x48/apps/fsdesk.png",
    "usr/share/mime/packages/fsdesk.xml",
)
