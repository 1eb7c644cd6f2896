"""What all tests share: no screen, two hypothesis profiles, and tests that need other programs."""

from __future__ import annotations

import os
import shutil
import tempfile
from itertools import count
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings

from fsdesk.bench import cluster
from fsdesk.commands.run import run
from fsdesk.services.care import known, setup
from fsdesk.store import engine
from tests.kept import KEEPER
from tests.store.server import servers

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


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the tests of store and services run over PostgreSQL as well."""
    parser.addoption(
        "--database",
        choices=("sqlite", "postgres"),
        default="sqlite",
        help="where the workspaces lie that tests make (tests/store and tests/services)",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Over a server, let go of the connections of workspaces that a test left open.

    What the program itself leaves open is looked for on the server, in test_one_schema.
    """
    if config.getoption("--database") == "postgres":
        left_open = r"ignore:Exception ignored in.*BaseConnection.__del__"
        config.addinivalue_line(
            "filterwarnings", f"{left_open}:pytest.PytestUnraisableExceptionWarning"
        )


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
def postgres(tmp_path_factory):
    """A PostgreSQL server of this process."""
    with tempfile.TemporaryDirectory(prefix="fsdesk-pg-") as place:  # a socket's path must be short
        Path(place).chmod(0o755)
        server = cluster.make_server(Path(place, "server"))
        try:
            yield server
        finally:
            server.stop("immediate")


@pytest.fixture(scope="session")
def databases(postgres):
    """The databases on the PostgreSQL server of this process."""
    made = servers.Databases(postgres, os.environ.get("PYTEST_XDIST_WORKER", "gw0"))
    yield made
    made.close()


@pytest.fixture
def new_database(databases):
    """Make databases that go with the test."""
    yield databases.new
    databases.clear()


@pytest.fixture(scope="session", autouse=True)
def chosen_database(request):
    """With --database postgres, all workspaces that tests make lie on a server."""
    if request.config.getoption("--database") != "postgres":
        yield
        return
    server = request.getfixturevalue("postgres")
    KEEPER.databases = databases = request.getfixturevalue("databases")
    create = setup.create_workspace

    def create_on_server(folder, whose, database=None, *others, **more):
        passing = KEEPER.is_of_test(folder)
        place = database or server.address(databases.new_with_tables(passing=passing))
        return create(folder, whose, place, *others, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(setup, "create_workspace", create_on_server)
        yield
    KEEPER.databases = None


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


@pytest.fixture(scope="session", autouse=True)
def no_list_of_the_user(tmp_path_factory):
    """Keep the user's list of workspaces out of what serves many tests as well."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(known.PLACE, str(tmp_path_factory.getbasetemp() / "known" / "workspaces.json"))
        yield


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


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the window's tests, and begin with the long ones: no process is left with them alone.

    Over a server, tests that are about the file itself are left out.
    """
    for item in items:
        if WINDOW in item.path.parents:
            item.add_marker("window")
    if config.getoption("--database") == "postgres":
        about_file = [item for item in items if item.get_closest_marker("file_database")]
        config.hook.pytest_deselected(items=about_file)
        items[:] = [item for item in items if item not in set(about_file)]
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
    over_server = item.config.getoption("--database") == "postgres"
    if (over_server or item.get_closest_marker("postgres")) and cluster.programs() is None:
        (pytest.fail if STRICT else pytest.skip)("needs PostgreSQL")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the build machine's run when a test was skipped: there everything is installed."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    if STRICT and skipped and session.exitstatus == pytest.ExitCode.OK:
        for report in skipped:
            reporter.write_line(f"skipped, which is not allowed here: {report.nodeid}", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
