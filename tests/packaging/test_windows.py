"""What is for Windows: winget's manifest, the portable folder, one NSIS everywhere, signing."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest
import yaml

from fsdesk.places import PORTABLE
from installers import origin, recipes, signing, windows, winget
from installers.roots import BuildError

ROOT = Path(__file__).parents[2]
SCRIPT = (ROOT / "installers/windows/fsdesk.nsi").read_text(encoding="utf-8")


@pytest.fixture
def manifest(tmp_path):
    installer = tmp_path / f"fsdesk-{origin.version()}-windows-x64.exe"
    installer.write_bytes(b"an installer")
    folder = winget.write(installer, "https://downloads.example/fsdesk/", tmp_path)
    return {file.name: yaml.safe_load(file.read_bytes()) for file in folder.iterdir()}


def test_winget_installs_for_one_user_or_for_all(manifest):
    (found,) = (it for it in manifest.values() if it["ManifestType"] == "installer")
    chosen = {one["Scope"]: one["InstallerSwitches"]["Custom"] for one in found["Installers"]}
    assert chosen == {"user": "/CurrentUser", "machine": "/AllUsers"}
    for one in found["Installers"]:
        assert one["InstallerUrl"].startswith("https://downloads.example/fsdesk/fsdesk-")
        assert one["InstallerSha256"] == hashlib.sha256(b"an installer").hexdigest().upper()
        assert f'"{one["InstallerSwitches"]["Custom"]}"' in SCRIPT
    assert found["ProductCode"] == re.search(r"Uninstall\\(\w+)", SCRIPT)[1]


def test_the_manifest_s_exit_codes_are_those_of_the_installer(manifest):
    (found,) = (it for it in manifest.values() if it["ManifestType"] == "installer")
    told = {one["InstallerReturnCode"] for one in found["ExpectedReturnCodes"]}
    assert told == {1, *map(int, re.findall(r"SetErrorLevel (\d)", SCRIPT))} - {2}


def test_the_three_files_agree(manifest):
    assert len(manifest) == 3
    for name, found in manifest.items():
        assert name.startswith(winget.IDENTIFIER)
        assert found["PackageIdentifier"] == winget.IDENTIFIER
        assert found["PackageVersion"] == origin.version()


def test_a_real_windows_builds_with_the_same_nsis():
    workflow = (ROOT / ".github/workflows/windows.yml").read_text(encoding="utf-8")
    assert re.findall(r"choco install nsis --version=(\S+)", workflow) == [recipes.NSIS]


def test_a_real_windows_gives_the_script_what_it_is_given_here():
    workflow = (ROOT / ".github/workflows/windows.yml").read_text(encoding="utf-8")
    given = set(re.findall(r"-D([A-Z]+)=", workflow))
    assert given == {
        *("VERSION", "PROGRAM", "STARTS", "ICON", "OUT", "KILOBYTES", "COPYRIGHT", "SIGN")
    }
    assert all(f"${{{name}}}" in SCRIPT for name in given)


def test_the_portable_folder_says_what_it_is():
    text = (ROOT / "installers/windows" / PORTABLE).read_text(encoding="utf-8")
    for program in windows.PROGRAMS:
        assert program in text
    assert "“数据”" in text


def test_signing_takes_any_certificate_and_hides_its_password(tmp_path, monkeypatch):
    with pytest.raises(BuildError, match="没有这份证书"):
        signing.from_environment(tmp_path / "none.pfx", tmp_path / "key")
    (tmp_path / "own.pfx").write_bytes(b"x")
    monkeypatch.setenv(signing.PASSWORD, "secret word")
    monkeypatch.setenv(signing.TIME_SERVER, "https://time.example")
    found = signing.from_environment(tmp_path / "own.pfx", tmp_path / "key")
    line = signing.command("/a b.exe", found)
    assert "secret" not in line
    assert "-ts https://time.example" in line
    assert found.password.read_text() == "secret word"
    assert found.password.parent.stat().st_mode & 0o077 == 0
