"""dev.py, the developers' tool: its choices, without touching this machine."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def dev():
    spec = importlib.util.spec_from_file_location("dev", ROOT / "dev.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def checkout(tmp_path, dev):
    for names in dev.REQUIREMENTS.values():
        for name in names:
            (tmp_path / name).write_text("one==1.0\n")
    return tmp_path


@pytest.mark.parametrize(
    ("version", "fine"),
    [
        ((3, 10), False),
        ((3, 11), True),
        ((3, 13), True),
        ((3, 14), False),
        ((2, 7), False),
        ((), False),
    ],
)
def test_numpy_and_pyside_bound_the_versions_of_python(dev, version, fine):
    assert dev.suits(version) is fine


def test_the_python_that_runs_it_is_taken_when_it_suits(dev, monkeypatch):
    monkeypatch.setattr(sys, "_base_executable", "/usr/bin/python3.12")
    assert dev.choose_python((3, 12), find=lambda _: None) == "/usr/bin/python3.12"


def test_otherwise_the_first_on_path_that_starts_and_suits(dev):
    found = {"python3.12": "/broken/python3.12", "python3.13": "/opt/python3.13"}
    versions = {"/broken/python3.12": (), "/opt/python3.13": (3, 13)}
    assert dev.choose_python((3, 9), found.get, versions.get) == "/opt/python3.13"


def test_no_python_is_better_than_an_unsuitable_one(dev):
    assert dev.choose_python((3, 14), {"python3": "/p"}.get, {"/p": (3, 14)}.get) is None


def test_the_version_of_a_program_that_is_no_python_is_unknown(dev, tmp_path):
    assert dev.version_of(tmp_path / "absent") == ()
    assert dev.version_of(sys.executable) == sys.version_info[:2]
    assert dev.version_of(sys.executable, "no_such_module") == ()


def test_missing_libraries_are_named_by_their_packages(dev):
    def load(name):
        if name in {"libEGL.so.1", "libxcb-cursor.so.0"}:
            raise OSError(name)

    assert dev.missing_packages(load) == ["libegl1", "libxcb-cursor0"]
    assert dev.missing_packages(lambda _: None) == []


def test_a_system_without_apt_is_told_what_to_install(dev, monkeypatch, capsys):
    monkeypatch.setattr(dev.shutil, "which", lambda _: None)
    with pytest.raises(SystemExit) as end:
        dev.install_packages(["libegl1", "libgl1"])
    assert end.value.code == 2
    assert "请先安装：libegl1 libgl1" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("platform", "environment", "screen"),
    [
        ("linux", {}, False),
        ("linux", {"DISPLAY": ""}, False),
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ("win32", {}, True),
    ],
)
def test_only_linux_may_be_without_a_screen(dev, platform, environment, screen):
    assert dev.has_screen(platform, environment) is screen


def test_nothing_is_installed_without_a_stamp(dev, checkout):
    assert not dev.is_installed("run", (3, 11), checkout / "stamp", checkout)


def test_the_developers_set_holds_the_programs(dev, checkout):
    stamp = checkout / "stamp"
    dev.write_stamp("run", (3, 11), stamp, checkout)
    assert dev.is_installed("run", (3, 11), stamp, checkout)
    assert not dev.is_installed("dev", (3, 11), stamp, checkout)
    dev.write_stamp("dev", (3, 11), stamp, checkout)
    assert dev.is_installed("run", (3, 11), stamp, checkout)
    assert dev.is_installed("dev", (3, 11), stamp, checkout)


def test_a_new_pin_or_another_python_asks_for_a_new_set_up(dev, checkout):
    stamp = checkout / "stamp"
    dev.write_stamp("dev", (3, 11), stamp, checkout)
    assert not dev.is_installed("dev", (3, 12), stamp, checkout)
    (checkout / "requirements-dev.txt").write_text("one==1.1\n")
    assert dev.is_installed("run", (3, 11), stamp, checkout)
    assert not dev.is_installed("dev", (3, 11), stamp, checkout)


def test_an_unknown_command_shows_the_usage(dev, capsys):
    assert dev.main(["build"]) == 2
    assert "用法" in capsys.readouterr().out


@pytest.fixture
def started(dev, monkeypatch):
    """The program starts that would have happened."""
    calls = []
    monkeypatch.setattr(dev, "set_up", lambda level: calls.append([level]))
    monkeypatch.setattr(dev, "set_up_libraries", lambda: calls.append(["libraries"]))
    monkeypatch.setattr(dev, "start", lambda command, environment=None: calls.append(command) or 0)
    return calls


def test_run_without_a_screen_makes_the_demo_and_says_so(dev, started, monkeypatch, capsys):
    monkeypatch.setattr(dev, "has_screen", lambda *_: False)
    assert dev.main(["run"]) == 0
    main, out = str(ROOT / "main.py"), str(ROOT / "out" / "demo")
    assert started == [["run"], [main, "demo", "--out", out]]
    assert "没有屏幕" in capsys.readouterr().out


def test_run_with_a_screen_opens_the_window(dev, started, monkeypatch):
    monkeypatch.setattr(dev, "has_screen", lambda *_: True)
    assert dev.main(["run"]) == 0
    assert started == [["run"], ["libraries"], [str(ROOT / "main.py")]]


def test_run_passes_a_command_on(dev, started):
    assert dev.main(["run", "--", "status", "--json"]) == 0
    assert started == [["run"], [str(ROOT / "main.py"), "status", "--json"]]


def test_all_tests_are_run_or_the_quick_part_and_modules_stay_compiled(dev, started, monkeypatch):
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.delenv("CI", raising=False)
    environments = []

    def start(command, environment=None):
        started.append(command)
        environments.append(environment)
        return 0

    monkeypatch.setattr(dev, "start", start)
    assert dev.main(["test", "--strict", "tests/domain"]) == 0
    assert dev.main(["test", "--quick"]) == 0
    everything, quick = (command for command in started if "pytest" in command)
    assert everything[-1] == "tests/domain"
    assert "-m" not in everything[2:]
    assert quick == [*everything[:-1], *dev.QUICK]
    assert [environment.get("CI") for environment in environments] == ["true", None]
    assert all("PYTHONDONTWRITEBYTECODE" not in environment for environment in environments)


def test_check_goes_through_all_checks_and_names_what_failed(dev, started, monkeypatch, capsys):
    monkeypatch.setattr(dev, "start", lambda command, _=None: int("basedpyright" in command))
    assert dev.main(["check"]) == 1
    assert capsys.readouterr().out.endswith("未通过：类型\n")
