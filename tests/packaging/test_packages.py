"""What packages say of themselves: control file, dependencies, digest, licences, SBOM, icon."""

from __future__ import annotations

import ast
import json
import os
import re
import struct
import subprocess

import pytest
from PIL import Image

from fsdesk.domain.packet import updates
from fsdesk.services.care import about
from installers import deb, icons, notices, origin, pictures, roots, wheels
from installers.notices import Component
from installers.roots import BuildError, Recipe
from ui.help import book


@pytest.fixture
def checkout(tmp_path):
    """A project of two files."""
    root = tmp_path / "checkout"
    for name, text in {
        "pyproject.toml": '[project]\nversion = "1.2.3"\n',
        "main.py": "print()\n",
        "fsdesk/__init__.py": "",
        "fsdesk/__pycache__/a.pyc": "x",
        "installers/built.txt": "old\n",
        "tests/test_a.py": "",
    }.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return root


def test_the_control_file_has_what_debian_asks_for():
    package = deb.Package("0.1.0.0", "amd64", ("libc6 (>= 2.28)", "libgl1"), ("libcups2",), 2048)
    lines = package.control().splitlines()
    assert lines[:2] == [f"Package: {deb.APP_ID}", "Version: 0.1.0.0"]
    assert "Architecture: amd64" in lines
    assert "Installed-Size: 2048" in lines
    assert "Depends: libc6 (>= 2.28), libgl1" in lines
    assert "Recommends: libcups2" in lines
    assert lines[-3].startswith("Description: fsdesk 食药安工作台")
    assert all(line.startswith(" ") for line in lines[-2:])
    # Packages of the first layout make room, and programs of before know the file by its name.
    assert {"Conflicts: fsdesk", "Replaces: fsdesk", "Provides: fsdesk (= 0.1.0.0)"} <= set(lines)
    assert package.file_name == "fsdesk_0.1.0_amd64.deb"
    assert updates.read_name(package.file_name) == ("linux-amd64", "0.1.0")


def test_depends_follow_from_the_libraries_and_the_glibc_floor():
    asked = {"libGL.so.1", "libc.so.6", "libm.so.6", "libxcb.so.1", "libcups.so.2"}
    assert deb.depends(asked, (2, 28)) == ("libc6 (>= 2.28)", "libgl1", "libxcb1")
    assert deb.recommends(asked) == ("libcups2 | libcups2t64",)


def test_a_library_of_no_known_package_stops_the_build():
    with pytest.raises(BuildError, match=r"libtk8\.so"):
        deb.depends({"libtk8.so", "libc.so.6"}, (2, 28))


def test_the_digest_changes_with_a_source_and_with_nothing_else(checkout):
    before = origin.digest(checkout)
    (checkout / "tests/test_a.py").write_text("pass\n")
    (checkout / "fsdesk/__pycache__/a.pyc").write_text("y")
    (checkout / "installers/built.txt").write_text("new\n")
    assert origin.digest(checkout) == before
    (checkout / "main.py").write_text("print(1)\n")
    assert origin.digest(checkout) != before


def test_a_package_is_made_anew_only_when_its_sources_changed(checkout):
    origin.record("windows", origin.digest(checkout), checkout)
    assert origin.is_recorded("windows", checkout)
    assert not origin.is_recorded("amd64", checkout)
    origin.record("amd64", origin.digest(checkout), checkout)
    assert origin.is_recorded("windows", checkout)
    (checkout / "main.py").write_text("print(2)\n")
    assert not origin.is_recorded("windows", checkout)
    assert not origin.is_recorded("amd64", checkout)


def test_sources_are_copied_alone_and_all_of_one_moment(checkout, tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    target = tmp_path / "stage"
    origin.stage(target, checkout)
    files = {file.relative_to(target).as_posix() for file in target.rglob("*") if file.is_file()}
    assert files == {"pyproject.toml", "main.py", "fsdesk/__init__.py"}
    assert {file.stat().st_mtime for file in target.rglob("*")} == {1700000000}


def test_pictures_of_a_screen_become_smaller_and_look_the_same(tmp_path):
    colours = [(30, 90, 160), (255, 255, 255), (20, 20, 20)]
    picture = Image.new("RGB", (60, 40))
    picture.putdata([colours[(x * y) % 3] for y in range(40) for x in range(60)])
    file = tmp_path / "window.png"
    picture.save(file, compress_level=0)
    before = file.stat().st_size
    pictures.shrink(tmp_path)
    assert file.stat().st_size < before
    again = Image.open(file).convert("RGB")
    assert again.tobytes() == picture.tobytes()
    assert [one.name for one in tmp_path.iterdir()] == ["window.png"]


def test_the_version_is_the_projects():
    from fsdesk import __version__

    assert origin.version() == __version__


def make_distribution(site, name, version, **fields):
    folder = site / f"{name}-{version}.dist-info"
    (folder / "licenses").mkdir(parents=True)
    lines = [f"Name: {name}", f"Version: {version}", "Metadata-Version: 2.4"]
    lines += [f"{key.replace('_', '-')}: {value}" for key, value in fields.items()]
    (folder / "METADATA").write_text("\n".join(lines) + "\n")
    (folder / "licenses" / "LICENSE").write_text(f"licence of {name}\n")
    record = [f"{folder.name}/METADATA,,", f"{folder.name}/licenses/LICENSE,,"]
    (folder / "RECORD").write_text("\n".join(record) + "\n")


def test_packages_are_listed_with_their_licences_but_not_the_tools(tmp_path):
    make_distribution(tmp_path, "Beta", "2.0", License_Expression="MIT")
    make_distribution(tmp_path, "alpha", "1.0", Classifier="License :: OSI Approved :: BSD License")
    make_distribution(tmp_path, "setuptools", "9.0", License="MIT")
    found = notices.of_packages(tmp_path)
    assert [(part.name, part.licence) for part in found] == [
        ("alpha", "BSD License"),
        ("Beta", "MIT"),
    ]
    assert found[1].texts == ("licence of Beta\n",)
    text = notices.licences_text(found)
    assert text.index("alpha 1.0：BSD License") < text.index("licence of alpha")


def test_the_bill_of_materials_is_cyclonedx_and_the_same_every_time(tmp_path):
    parts = [
        Component("dotted.name", "0.19.1", "MIT", ()),
        Component("libxcb-cursor0", "0.1.1-4", "见说明", (), "deb/debian"),
    ]
    notices.write(tmp_path, parts, 1700000000)
    bom = json.loads((tmp_path / notices.SBOM).read_text(encoding="utf-8"))
    assert (bom["bomFormat"], bom["specVersion"]) == ("CycloneDX", "1.5")
    assert bom["metadata"]["timestamp"] == "2023-11-14T22:13:20Z"
    assert bom["metadata"]["component"]["name"] == "fsdesk"
    assert [part["purl"] for part in bom["components"]] == [
        "pkg:pypi/dotted-name@0.19.1",
        "pkg:deb/debian/libxcb-cursor0@0.1.1-4",
    ]
    first = (tmp_path / notices.SBOM).read_bytes()
    notices.write(tmp_path, parts, 1700000000)
    assert (tmp_path / notices.SBOM).read_bytes() == first


def test_the_projects_own_font_and_icons_are_named_too():
    licences = [part.licence for part in notices.of_project()]
    assert licences == ["OFL-1.1"] * 3 + [
        *("ISC", "BSD-3-Clause", "Apache-2.0"),
        *("PostgreSQL", "Apache-2.0"),
    ]


def test_debian_packages_are_found_by_the_libraries_that_were_taken(tmp_path):
    program, root = tmp_path / "program", tmp_path / "root"
    for file, text in {
        program / "_internal/libxcb-cursor.so.0": "",
        program / "_internal/libown.so.1": "",
        root / "var/lib/dpkg/info/libxcb-cursor0:amd64.list": "/usr/lib/libxcb-cursor.so.0\n",
        root / "var/lib/dpkg/info/bash.list": "/bin/bash\n",
        root / "var/lib/dpkg/status": "Package: libxcb-cursor0\nStatus: ok\nVersion: 0.1.1-4\n",
        root / "usr/share/doc/libxcb-cursor0/copyright": "MIT-like\n",
    }.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    (found,) = notices.of_debian(program, root)
    assert (found.name, found.version, found.texts) == (
        "libxcb-cursor0",
        "0.1.1-4",
        ("MIT-like\n",),
    )


def test_the_windows_icon_holds_every_size():
    data = icons.ico((16, 256))
    assert struct.unpack_from("<HHH", data) == (0, 1, 2)
    edge, *_, length, place = struct.unpack_from("<BBBBHHII", data, 6 + 16)
    assert edge == 0
    assert data[place : place + 8] == b"\x89PNG\r\n\x1a\n"
    assert place + length == len(data)


def test_another_recipe_is_another_root():
    bare = Recipe("clean", "bookworm")
    assert bare.digest == Recipe("clean", "bookworm").digest
    assert bare.digest != Recipe("clean", "bookworm", packages=("vim",)).digest


def test_newer_wheels_than_the_glibc_allows_are_not_asked_for():
    system = wheels.linux("x86_64", 28)
    assert "manylinux_2_28_x86_64" in system.platforms
    assert "manylinux_2_29_x86_64" not in system.platforms
    assert "manylinux2014_x86_64" in system.platforms


def test_a_failed_command_is_told_with_what_it_wrote(capsys):
    with pytest.raises(BuildError, match="没有成功（3）"):
        roots.call(["sh", "-c", "echo the reason; exit 3"], quiet=True)
    assert "the reason" in capsys.readouterr().out


@pytest.mark.foreign("dpkg-deb")
def test_the_same_tree_gives_the_same_package_which_dpkg_reads(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    package = deb.Package("1.0", "amd64", ("libc6",), ("libcups2",), 1)
    made = []
    for name in ("one", "two"):
        tree = tmp_path / name
        (tree / "usr/bin").mkdir(parents=True)
        program = tree / "usr/bin/fsdesk"
        program.write_text("#!/bin/sh\n")
        program.chmod(0o700)
        os.utime(program, (1, 1))
        made.append(deb.seal(tree, package, tmp_path / f"{name}.out", quick=True))
    assert made[0].read_bytes() == made[1].read_bytes()
    shown = subprocess.run(
        ["dpkg-deb", "--field", str(made[0]), "Version"], capture_output=True, text=True, check=True
    )
    assert shown.stdout == "1.0\n"
    listed = subprocess.run(
        ["dpkg-deb", "--contents", str(made[0])], capture_output=True, text=True, check=True
    )
    assert "-rwxr-xr-x root/root" in listed.stdout


def test_everything_that_the_spec_takes_along_is_copied_for_the_build():
    spec = ast.parse((origin.ROOT / "pyinstaller.spec").read_text(encoding="utf-8"))
    (datas,) = (
        ast.literal_eval(node.value)
        for node in spec.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "DATAS"
    )
    assert datas
    copied = {file.as_posix() for file in origin.source_files()}
    for source, _place in datas:
        assert any(file == source or file.startswith(f"{source}/") for file in copied), source


def test_what_the_handbook_leads_to_comes_along(tmp_path, monkeypatch):
    spec = (origin.ROOT / "pyinstaller.spec").read_text(encoding="utf-8")
    packed = re.findall(r'^    \("([^"]+)", "[^"]+"\),', spec, re.MULTILINE)
    assert {"docs/handbook.md", "docs/pictures", "resources"} <= set(packed)

    def in_the_package(name):
        found = any(name == place or name.startswith(f"{place}/") for place in packed)
        return origin.ROOT / name if found else tmp_path / "not-there"

    monkeypatch.setattr(about, "project_file", in_the_package)
    assert about.dead_links(book.FILES) == ()
    assert about.changes()


def test_a_download_that_is_not_the_expected_one_is_refused_and_thrown_away(tmp_path, monkeypatch):
    monkeypatch.setenv("FSDESK_BUILD_CACHE", str(tmp_path))
    kept = tmp_path / "downloads" / "runtime-1.0.tar.gz"
    kept.parent.mkdir()
    kept.write_bytes(b"something else")
    with pytest.raises(BuildError, match=r"runtime-1\.0\.tar\.gz"):
        wheels.fetched_source("runtime==1.0", "0" * 64, kept.name)
    assert not kept.exists()
