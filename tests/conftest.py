"""What all tests share: no screen, two hypothesis profiles, and tests that need other programs."""

from __future__ import annotations

import os
import shutil
from itertools import count
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings

from fsdesk.commands.run import run
from fsdesk.services.care import known
from fsdesk.store import engine
from tests.kept import KEEPER

# Before anything imports Qt, and even where there is a screen: no window may flash up.
os.environ["QT_QPA_PLATFORM"] = "offscreen"

# `quick` runs everywhere and always draws the same examples; `heavy` is asked for with
# --hypothesis-profile heavy and searches on.
settings.register_profile("quick", derandomize=True, deadline=None, max_examples=60)
settings.register_profile("heavy", deadline=None, max_examples=2000)
settings.load_profile("quick")

STRICT = os.environ.get("CI") == "true"
WINDOW = Path(__file__).parent / "ui"
OFFICE_AND_PDF = ("soffice", "pdftotext", "pdftoppm")


PREPARE = engine._prepare


def prepare_quickly(connection, record):
    PREPARE(connection, record)
    connection.execute("PRAGMA synchronous=OFF")


@pytest.fixture(scope="session", autouse=True)
def no_waiting_for_the_disk():
    """Let SQLite leave it to the system when it writes: nothing cuts the power of this process.

    What tests kill runs in a process of its own, as users run it.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "_prepare", prepare_quickly)
        yield
    KEEPER.close()


@pytest.fixture(scope="session")
def demo_year(tmp_path_factory):
    """The demo, made by its command once in a run of all tests; each process has a copy."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    original = shared / "demo" / "年度演示"
    with FileLock(shared / "demo.lock"):
        if not (shared / "demo.made").exists():
            assert run(["demo", "--out", str(original), "--json"]) == 0
            (shared / "demo.made").touch()
    return shutil.copytree(original, own / "copy" / original.name)


@pytest.fixture
def waiting_for_the_disk(monkeypatch):
    """Open databases as users do."""
    monkeypatch.setattr(engine, "_prepare", PREPARE)


NUMBERS = count()


@pytest.fixture(autouse=True)
def own_list_of_workspaces(tmp_path_factory, monkeypatch):
    """Keep the user's list of workspaces out of all tests, and what one test opens out of others.

    It is told by the environment, so it holds for programs that a test starts as well.
    """
    file = tmp_path_factory.getbasetemp() / f"known-{next(NUMBERS)}" / "workspaces.json"
    monkeypatch.setenv(known.PLACE, str(file))
    return file


@pytest.fixture
def tmp_path(tmp_path):
    """The test's own folder; workspaces that are made in it may be kept ones."""
    KEEPER.begin(tmp_path)
    yield tmp_path
    KEEPER.begin(None)


@pytest.fixture
def made_anew(tmp_path):
    """Make workspaces really: the test is about that."""
    KEEPER.begin(None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the window's tests, and begin with the long ones: no process is left with them alone."""
    for item in items:
        if WINDOW in item.path.parents:
            item.add_marker("window")
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test marked `foreign` where a program is missing; on the build machine it fails.

    The mark names the programs: `@pytest.mark.foreign("soffice")`; bare, it means LibreOffice and
    poppler.
    """
    for mark in item.iter_markers("foreign"):
        missing = [name for name in mark.args or OFFICE_AND_PDF if shutil.which(name) is None]
        if missing and STRICT:
            pytest.fail("needs " + ", ".join(missing), pytrace=False)
        elif missing:
            pytest.skip("needs " + ", ".join(missing))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the build machine's run when a test was skipped: there everything is installed."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    if STRICT and skipped and session.exitstatus == pytest.ExitCode.OK:
        for report in skipped:
            reporter.write_line(f"skipped, which is not allowed here: {report.nodeid}", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
