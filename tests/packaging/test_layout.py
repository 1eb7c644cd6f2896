"""The .deb is laid out as UOS' store wants it, and what holds it against that finds faults."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from installers import archive, deb, icons, notices, origin, store_rules
from installers.deb import APP_ID, ENTRIES, HOME, PLACE

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.foreign("dpkg-deb")


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """What is installed, around a program of one file."""
    home = tmp_path_factory.mktemp("tree")
    program, made = home / "program", home / "tree"
    (program / "_internal").mkdir(parents=True)
    (program / "fsdesk").write_text("#!/bin/sh\n")
    (program / "fsdesk").chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(deb.linux, "check_glibc", lambda *_: (2, 28))
        patch.setattr(deb.linux, "asked_of_system", lambda _: {"libc.so.6"})
        deb.pack(program, "amd64", home, home, quick=True)
    return made


@pytest.fixture
def package(tree, tmp_path):
    """Pack the tree after a change to a copy of it."""

    def packed(change=lambda _: None, *, sums=True):
        copy, out = tmp_path / "copy", tmp_path / "changed.deb"
        subprocess.run(["cp", "-a", tree, copy], check=True)
        change(copy)
        if sums:
            (copy / "DEBIAN/md5sums").write_text(deb.md5sums(copy))
        line = ["dpkg-deb", "--root-owner-group", "-Zxz", "-z0", "--build", copy, out]
        subprocess.run(line, check=True, capture_output=True)
        return out

    return packed


def test_the_project_s_own_package_is_as_the_guide_wants_it(package, tmp_path):
    made = package()
    assert store_rules.violations(made, hooks=True) == []
    assert store_rules.violations(made) == [
        "安装时会运行脚本 postinst",
        "安装时会运行脚本 prerm",
    ]
    for_store = deb.for_store(made, tmp_path)
    assert for_store.name == f"{APP_ID}_{origin.version()}.0_amd64.deb"
    assert store_rules.violations(for_store) == []
    data = [next(m.data for m in archive.members(f) if "data" in m.name) for f in (made, for_store)]
    assert data[0] == data[1]
    told = subprocess.run(
        ["dpkg-deb", "--info", for_store], capture_output=True, text=True, check=True
    )
    assert "postinst" not in told.stdout


def test_info_tells_the_store_what_the_program_does(tree):
    info = json.loads((tree / HOME / "info").read_text(encoding="utf-8"))
    assert (info["appid"], info["version"]) == (APP_ID, f"{origin.version()}.0")
    window = "\n".join(file.read_text(encoding="utf-8") for file in (ROOT / "ui").rglob("*.py"))
    uses = {
        "trayicon": "QSystemTrayIcon",
        "notification": "showMessage",
        "clipboard": ".clipboard()",
        "camera": "QCamera",
        "audio_record": "QAudio",
        "bluetooth": "QBluetooth",
    }
    for name, call in uses.items():
        assert info["permissions"][name] == (call in window), name


def edit(name, before, after):
    def change(copy):
        file = copy / name
        text = file.read_text(encoding="utf-8")
        assert before in text
        file.write_text(text.replace(before, after), encoding="utf-8")

    return change


def put(name, text="x"):
    def change(copy):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_text(text)

    return change


def link(copy):
    (copy / PLACE / "out").symlink_to("/etc/passwd")


ENTRY = f"{ENTRIES}/applications/{APP_ID}.desktop"
ICON = f"{ENTRIES}/icons/hicolor/48x48/apps/{APP_ID}.png"
FAULTS = {
    "a name that is no domain": (edit("DEBIAN/control", APP_ID, "fsdesk"), "不是倒置域名"),
    "three parts": (edit("DEBIAN/control", ".0\nArch", "\nArch"), "不是四段数字"),
    "a file in /usr": (put("usr/bin/fsdesk"), "不在规定的文件夹里：/usr/bin/fsdesk"),
    "a file beside": (put(f"{HOME}/notes"), f"不在规定的文件夹里：/{HOME}/notes"),
    "a folder of no meaning": (put(f"{ENTRIES}/odd/file"), "没有这种文件夹：odd"),
    "rights of the owner": (lambda c: (c / PLACE / "fsdesk").chmod(0o4755), "带特殊权限"),
    "everybody writes": (lambda c: (c / PLACE / "fsdesk").chmod(0o777), "任何人可写"),
    "a way out": (link, "链接指向别处"),
    "no info": (lambda c: (c / HOME / "info").unlink(), "info 不是 JSON"),
    "another version": (edit(f"{HOME}/info", '"0.', '"9.'), "info 的 version 应为"),
    "a permission untold": (edit(f"{HOME}/info", '"camera": false,', ""), "没有逐项写明"),
    "no menu": (lambda c: (c / ENTRY).unlink(), "菜单项缺少 Exec"),
    "a program elsewhere": (edit(ENTRY, f"/{PLACE}/fsdesk", "/usr/bin/fsdesk"), "不是包里的程序"),
    "another icon": (edit(ENTRY, f"Icon={APP_ID}", "Icon=fsdesk"), "图标应为"),
    "a wrong size": (lambda c: (c / ICON).write_bytes(icons.png(16)), "大小与文件夹不符"),
    "kinds unreadable": (put(f"{ENTRIES}/mime/packages/{APP_ID}.xml", "<a>"), "文件类型读不出"),
    "a script of another name": (put("DEBIAN/preinst", "#!/bin/sh\n"), "脚本 preinst"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_found(package, fault):
    change, words = FAULTS[fault]

    def with_rights(copy):
        change(copy)
        for script in (copy / "DEBIAN").glob("p*"):
            script.chmod(0o755)

    found = store_rules.violations(package(with_rights), hooks=True)
    assert any(words in line for line in found), found


def test_a_changed_file_is_found_by_its_sum(package):
    found = store_rules.violations(
        package(put(f"{PLACE}/fsdesk", "#!/bin/sh\nchanged\n"), sums=False), hooks=True
    )
    assert f"md5sums 与 /{PLACE}/fsdesk 的内容不符" in found


def test_menu_kinds_and_metainfo_speak_of_one_program(tree):
    entry = (tree / ENTRY).read_text(encoding="utf-8")
    kinds = set(re.findall(r"application/x-fsdesk-\w+", entry))
    mime = (tree / f"{ENTRIES}/mime/packages/{APP_ID}.xml").read_text(encoding="utf-8")
    about = (tree / f"{ENTRIES}/metainfo/{APP_ID}.metainfo.xml").read_text(encoding="utf-8")
    assert set(re.findall(r'type="(application/[^"]+)"', mime)) == kinds
    assert set(re.findall(r"<mediatype>(.+)</mediatype>", about)) == kinds
    assert f'<launchable type="desktop-id">{APP_ID}.desktop</launchable>' in about
    assert f'<release version="{origin.version()}"' in about
    assert "@" not in about


def test_scripts_name_the_program_s_own_place():
    for name in deb.HOOKS:
        text = (ROOT / "installers/debian" / name).read_text(encoding="utf-8")
        assert f"place=/{HOME}\n" in text
        subprocess.run(["sh", "-n"], input=text, text=True, check=True)


def test_what_lintian_says_and_stays_has_a_reason():
    lines = (ROOT / "installers/debian/lintian").read_text(encoding="utf-8").splitlines()
    blocks = "\n".join(lines).split("\n\n")
    assert blocks
    for block in blocks:
        assert block.startswith("# "), block


def test_licence_and_owner_are_the_project_s():
    assert origin.licence() == "MIT"
    assert origin.copyright_line() in (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert origin.copyright_line().startswith("Copyright (c) ")
    assert notices.copyright_text()
