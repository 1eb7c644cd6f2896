"""Update packets: signed by the office, checked by everybody, never half taken."""

from __future__ import annotations

import json
import sys
import zipfile

import pytest

from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.packet import updates
from fsdesk.places import PORTABLE
from fsdesk.services.care import updating
from tests.workspaces import make_office, make_unit

WINDOWS, LINUX = "fsdesk-9.1.0-windows-x64.exe", "fsdesk_9.1.0_amd64.deb"


@pytest.fixture
def office(tmp_path):
    with make_office(tmp_path / "office") as workspace:
        yield workspace


@pytest.fixture
def unit(office, tmp_path):
    """A unit that knows the office's key from the packet it was made from."""
    with make_unit(office, tmp_path / "unit") as workspace:
        yield workspace


@pytest.fixture
def installers(tmp_path):
    files = [tmp_path / WINDOWS, tmp_path / LINUX]
    for file in files:
        file.write_bytes(f"installer {file.name}".encode())
    return files


@pytest.fixture
def packet(office, installers, tmp_path):
    file = tmp_path / "更新包-9.1.0.fsupdate"
    updating.write_update(office, installers, file)
    return file


def rewritten(packet, change):
    """Write the packet again with other parts; `change` gets them by name."""
    with zipfile.ZipFile(packet) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    change(parts)
    other = packet.with_name("改过.fsupdate")
    with zipfile.ZipFile(other, "w") as new:
        for name, data in parts.items():
            new.writestr(name, data)
    return other


def refused(workspace, file, words, system="linux-amd64"):
    with pytest.raises(InputRejectedError, match=words):
        updating.take_update(workspace, file, system)
    assert not list((workspace.folder / "updates").glob("*"))


@pytest.mark.parametrize(("system", "name"), [("windows-amd64", WINDOWS), ("linux-amd64", LINUX)])
def test_the_installer_for_the_own_system_is_taken_out(unit, packet, system, name):
    update, file = updating.take_update(unit, packet, system)
    assert update.version == "9.1.0"
    assert file.name == name
    assert file.read_bytes() == f"installer {name}".encode()


def test_the_portable_program_is_replaced_by_hand(unit, packet, tmp_path, monkeypatch):
    home = tmp_path / "E" / "fsdesk"
    home.mkdir(parents=True)
    (home / PORTABLE).write_text("便携版", encoding="utf-8")
    monkeypatch.setattr(sys, "_MEIPASS", str(home / "_internal"), raising=False)
    monkeypatch.setattr(sys, "executable", str(home / "fsdesk.exe"))
    refused(
        unit, packet, "便携版不能用更新包升级.*_internal 文件夹替换“.*fsdesk”.*“数据”文件夹不动"
    )
    (home / PORTABLE).unlink()
    assert updating.take_update(unit, packet, "windows-amd64")[1].name == WINDOWS


def test_the_next_update_takes_the_place_of_the_last(unit, packet):
    updating.take_update(unit, packet, "windows-amd64")
    updating.take_update(unit, packet, "linux-amd64")
    assert [file.name for file in (unit.folder / "updates").iterdir()] == [LINUX]


def test_the_office_takes_its_own_update_too(office, packet):
    assert updating.take_update(office, packet, "linux-amd64")[0].version == "9.1.0"


def test_an_exchanged_installer_is_refused_though_its_size_is_right(unit, packet):
    def change(parts):
        parts[LINUX] = parts[LINUX].replace(b"installer", b"deceiver!")

    refused(unit, rewritten(packet, change), "与签名不符")


def test_a_longer_installer_is_not_even_unpacked(unit, packet):
    refused(unit, rewritten(packet, lambda parts: parts.update({LINUX: b"0" * 999})), "已损坏")


def test_a_changed_description_is_refused(unit, packet):
    def change(parts):
        plain = json.loads(parts["update.json"])
        plain["made_at"] = "2030-01-01T00:00:00+00:00"
        parts["update.json"] = json.dumps(plain).encode()

    refused(unit, rewritten(packet, change), "可能被改动过")


def test_another_offices_update_is_refused_with_its_fingerprint(unit, installers, tmp_path):
    with make_office(tmp_path / "stranger") as stranger:
        file = tmp_path / "外来.fsupdate"
        updating.write_update(stranger, installers, file)
    refused(unit, file, "不是已登记的区食药安办密钥")


def test_what_runs_already_is_not_installed_again(unit, packet, monkeypatch):
    monkeypatch.setattr(updating, "__version__", "9.1.0")
    refused(unit, packet, "本机已是 9.1.0 版")


def test_another_system_is_told_so(unit, packet):
    refused(unit, packet, "没有适合本机", "linux-loong64")


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x05\x06" + bytes(18)])
def test_other_files_are_refused(unit, tmp_path, content):
    file = tmp_path / "x.fsupdate"
    file.write_bytes(content)
    refused(unit, file, "已损坏")


@pytest.mark.parametrize(
    "change",
    [
        {"format": 2},
        {"installers": "all"},
        {"installers": [{"name": "../evil.exe", "system": "linux-amd64", "sha256": "", "size": 1}]},
        {"version": "9.2.0"},
        {"seal": {}},
    ],
)
def test_a_strange_description_is_refused(unit, packet, change):
    def apply(parts):
        plain = json.loads(parts["update.json"]) | change
        parts["update.json"] = json.dumps(plain).encode()

    refused(unit, rewritten(packet, apply), "更新包")


def test_only_the_office_makes_updates_and_only_of_one_version(unit, office, installers, tmp_path):
    with pytest.raises(InputRejectedError, match="只能由区食药安办"):
        updating.write_update(unit, installers, tmp_path / "a.fsupdate")
    older = tmp_path / "fsdesk_9.0.0_amd64.deb"
    older.write_bytes(b"older")
    with pytest.raises(InputRejectedError, match="版本不一致"):
        updating.write_update(office, [installers[0], older], tmp_path / "a.fsupdate")
    with pytest.raises(InputRejectedError, match="不是本程序的安装程序"):
        updating.write_update(office, [tmp_path / "setup.exe"], tmp_path / "a.fsupdate")
    with pytest.raises(InputRejectedError, match="结尾的文件名"):
        updating.write_update(office, installers, tmp_path / "a.zip")
    with pytest.raises(InputRejectedError, match="不能读取"):
        updating.write_update(
            office, [tmp_path / "fsdesk_9.2.0_amd64.deb"], tmp_path / "a.fsupdate"
        )
    assert not list(tmp_path.glob("a.*"))


@pytest.mark.parametrize(
    ("version", "than", "newer"),
    [("0.10.0", "0.9.9", True), ("1.0.0", "1.0.0", False), ("0.9.0", "0.10.0", False)],
)
def test_versions_are_compared_by_their_numbers(version, than, newer):
    assert updates.is_newer(version, than) is newer


@pytest.mark.parametrize(
    ("platform", "machine", "name"),
    [
        ("win32", "AMD64", "windows-amd64"),
        ("linux", "x86_64", "linux-amd64"),
        ("linux", "aarch64", "linux-arm64"),
        ("linux", "loongarch64", "linux-loongarch64"),
    ],
)
def test_systems_are_named_alike_everywhere(platform, machine, name):
    assert updates.system_name(platform, machine) == name
