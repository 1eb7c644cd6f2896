"""What a workspace on a server costs beside one in a folder, beside bare SQL, and many of them."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from functools import partial
from itertools import count, islice
from pathlib import Path
from typing import TYPE_CHECKING

from fsdesk.bench.cluster import ACCOUNT, SCHEMA, make_server, programs
from fsdesk.bench.ledgers import rows_of_year
from fsdesk.bench.packets import YEAR, benchmark_plan, write_packets
from fsdesk.bench.peers import PeerFailedError, program_environment, run_peer, words_of
from fsdesk.bench.readings import ROUNDS, fill, pages_of, year_plan
from fsdesk.documents.plan_file import load_builtin_plan
from fsdesk.domain.findings import reject
from fsdesk.domain.periods import months_of
from fsdesk.domain.steps import Progress
from fsdesk.places import project_file
from fsdesk.services.care import setup
from fsdesk.services.ledger import ledgers
from fsdesk.services.output import districts
from fsdesk.services.status import aggregation, published
from fsdesk.store.server.address import ServerAddress
from fsdesk.store.server.reading_views import read

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from fsdesk.bench.cluster import Server
    from fsdesk.workspace import Workspace

UNITS, IMPORTERS, DISTRICTS = 100, (1, 2, 4), (13, 50, 90)
# Rows of a ledger in each of the first number of districts, and of the others.
MANY_ROWS, FEW_ROWS = 100_000, 1_000
# As where the power can be cut: what a clerk typed waits for the disk.
_SAFE = ("autovacuum=on",)
Figures = dict[str, dict[str, float]]


def measure_server(packets: int) -> Generator[Progress, None, Figures]:
    """Measure on a PostgreSQL server of one's own.

    Seconds are by the clock, the least of several rounds: what a server does, its processes do.

    Returns:
        ``pages``: each page's first opening in a folder and on a server, how many statements it
        takes there, and the ratio of what the server adds to bare SQL on the same rows with as
        many round trips, which should stay below 1.5. ``import``: packets taken by one process in
        a folder, and by several on a server. ``districts``: so many workspaces beside each other.

    Raises:
        InputRejectedError: Where PostgreSQL's programs are missing, or something fails.
    """
    if programs() is None:
        raise reject(
            "没有安装 PostgreSQL 的服务器程序，不能测量", "Debian 上请安装 postgresql，再运行"
        )
    steps: tuple[tuple[str, str, Callable[[Server, Path], dict[str, float]]], ...] = (
        ("pages", "正在测量各页", measure_pages),
        ("import", "正在测量导入", partial(measure_imports, packets=packets)),
        ("districts", "正在测量各区对比", measure_districts),
    )
    figures: Figures = {}
    with own_server() as (server, place):
        for done, (name, words, job) in enumerate(steps):
            yield Progress(done, len(steps), words)
            try:
                figures[name] = job(server, place)
            except PeerFailedError as problem:
                raise reject(f"测量没有做完：{problem}", "请看日志") from problem
    yield Progress(len(steps), len(steps), "测量完成")
    return figures


@contextmanager
def own_server() -> Generator[tuple[Server, Path]]:
    """Start a server that loses nothing when its power is cut; gives it and an empty folder."""
    # A socket's path must be short.
    with (
        tempfile.TemporaryDirectory(prefix="fsdesk-pg-") as near,
        tempfile.TemporaryDirectory() as place,
    ):
        Path(near).chmod(0o755)
        server = make_server(Path(near, "server"), _SAFE)
        try:
            yield server, Path(place)
        finally:
            server.stop("immediate")


def _database(server: Server, name: str) -> str:
    server.ask(f'CREATE DATABASE "{name}" TEMPLATE template0')
    return name


# Pages


def measure_pages(
    server: Server, place: Path, units: int = UNITS, rounds: int = ROUNDS
) -> dict[str, float]:
    """Open the pages over a full year of so many units, in turn in a folder and on a server.

    Before a first opening nothing is remembered, and the database is opened anew.
    """
    plan, name = year_plan(units), _database(server, "pages")
    address = server.address(name)
    words = f"host={server.folder} user={ACCOUNT} dbname={name}"
    words += f" options='-c search_path={SCHEMA}'"
    with (
        setup.create_office(place / "folder", plan) as local,
        setup.create_office(place / "desk", plan, address) as shared,
    ):
        for office in (local, shared):
            fill(office, plan)
        server.ask("ANALYZE", name)
        bare_file, bare_server = list[float](), list[float]()
        times: dict[str, tuple[list[float], list[float]]] = {}
        for _ in range(rounds):
            bare_file.append(float(run_peer("read_year.py", place / "folder" / "fsdesk.db", "3")))
            bare_server.append(float(run_peer("read_year.py", words, "3")))
            for page in pages_of(local):
                here, there = times.setdefault(page, ([], []))
                here.append(_first_opening(local, pages_of(local)[page]))
                there.append(_first_opening(shared, pages_of(shared)[page]))
    told = run_peer("server_statements.py", place / "desk", environment=program_environment())
    asked: dict[str, float] = json.loads(told)
    trip = asked["round_trip"]
    bare = min(bare_server)
    found = {"round_trip": trip, "bare_file": min(bare_file), "bare_server": bare}
    for page, (here, there) in times.items():
        local_seconds, shared_seconds = min(here), min(there)
        found[f"{page}_folder"], found[f"{page}_server"] = local_seconds, shared_seconds
        found[f"{page}_statements"] = asked[page]
        added = max(0.0, shared_seconds - local_seconds)
        found[f"{page}_ratio"] = added / (bare + asked[page] * trip)
    return found


def _first_opening(office: Workspace, opening: Callable[[], object]) -> float:
    office.engine.dispose()  # nothing is remembered
    gc.collect()
    return _seconds(opening)


# Imports


def measure_imports(
    server: Server, place: Path, packets: int, importers: Sequence[int] = IMPORTERS
) -> dict[str, float]:
    """Take packets by one process in a folder, then by several on a server at once."""
    plan = benchmark_plan(packets)
    files = list(write_packets(plan, packets, place / "packets"))
    setup.create_office(place / "import-folder", plan).close()
    found = {"packets": float(packets)}
    found["folder"] = _taken([("--workspace", str(place / "import-folder"))], files)
    for number in importers:
        address = server.address(_database(server, f"import-{number}"))
        folders = [place / f"import-{number}-{each}" for each in range(number)]
        setup.create_office(folders[0], plan, address).close()
        desks = [("--workspace", str(folder), "--database", address) for folder in folders]
        found[f"server_{number}"] = _taken(desks, files)
    return found


def _taken(desks: Sequence[tuple[str, ...]], files: Sequence[Path]) -> float:
    """Let desks take packets at once, each in a process of its own and its share of them."""
    main = str(project_file("main.py"))

    def begun(number: int, desk: tuple[str, ...]) -> subprocess.Popen[bytes]:
        mine = map(str, files[number :: len(desks)])
        return subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, main, *desk, "packet", "import", *mine],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=program_environment(),
        )

    def work() -> None:
        started = [begun(number, desk) for number, desk in enumerate(desks)]
        told = [process.communicate()[0] for process in started]
        for process, said in zip(started, told, strict=True):
            if process.returncode:
                raise PeerFailedError(words_of(process.returncode, said))

    return _seconds(work)


# Districts


def measure_districts(
    server: Server,
    place: Path,
    sizes: Sequence[int] = DISTRICTS,
    rows: tuple[int, int] = (MANY_ROWS, FEW_ROWS),
) -> dict[str, float]:
    """Rank so many districts of one database by all indicators of a month that they published.

    The first number of them holds many ledger rows each, those that are added for the others few.
    ``…_bare`` is the reading of the views alone, ``…_busy`` what the ranking takes of this PC's
    processor.
    """
    name = _database(server, "districts")
    months = [str(month) for month in months_of(YEAR)[:3]]
    numbers = count(1)
    found: dict[str, float] = {"rows_first": rows[0], "rows_later": rows[1]}
    present = 0
    for size, each in zip(sizes, (rows[0], *[rows[1]] * (len(sizes) - 1)), strict=True):
        first = f"district_{next(numbers):03}"
        with setup.create_office(
            place / first, load_builtin_plan(YEAR), server.address(name, first)
        ) as office:
            _fill_ledger(server, office, name, first, each)
            found.setdefault("status_server", _first_opening(office, lambda: _status(office)))
            for month in months_of(YEAR)[:3]:
                published.publish(office, month)
        others = [f"district_{next(numbers):03}" for _ in range(size - present - 1)]
        server.copy_schema(name, first, others)
        present = size
        found |= _ranked(server.address(name), months[-1], size)
    return found


def _fill_ledger(
    server: Server, office: Workspace, database: str, schema: str, wanted: int
) -> None:
    """Multiply the rows that the program wrote until there are as many as wanted."""
    ledgers.save_rows(office, list(islice(rows_of_year(), wanted)))
    columns = server.ask(
        f"""SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns
        WHERE table_schema = '{schema}' AND table_name = 'ledger_entry'
        AND column_name NOT IN ('n', 'id', 'key')""",  # noqa: S608 - our own
        database,
    )
    while (left := wanted - _count(server, database, schema)) > 0:
        server.ask(
            f"INSERT INTO {schema}.ledger_entry (id, key, {columns}) "  # noqa: S608 - our own
            f"SELECT md5(random()::text), key || n, {columns} FROM {schema}.ledger_entry "
            f"LIMIT {left}",
            database,
        )
    server.ask("ANALYZE", database)


def _count(server: Server, database: str, schema: str) -> int:
    return int(server.ask(f"SELECT count(*) FROM {schema}.ledger_entry", database))  # noqa: S608


def _status(office: Workspace) -> object:
    return aggregation.status(office, months_of(YEAR)[-1])


def _ranked(address: str, month: str, size: int) -> dict[str, float]:
    renewed = _seconds(lambda: districts.renew_views(address))
    whole, busy, bare = list[float](), list[float](), list[float]()
    for _ in range(ROUNDS):
        bare.append(_seconds(lambda: read(ServerAddress.parse(address), month)))
        begun = time.process_time()
        whole.append(_seconds(lambda: _all_ranks(address, month, size)))
        busy.append(time.process_time() - begun)
    return {
        f"{size}_views": renewed,
        f"{size}_bare": min(bare),
        f"{size}_ranking": min(whole),
        f"{size}_busy": min(busy),
    }


def _all_ranks(address: str, month: str, size: int) -> None:
    found = districts.compare(address, month)
    ranked = [each for each in found.rankings() if each.places[0].district.status]
    if len(found.districts) != size or not ranked:
        raise PeerFailedError(f"对比中只有 {len(found.districts)} 个区")


def _seconds(job: Callable[[], object]) -> float:
    begun = time.perf_counter()
    job()
    return time.perf_counter() - begun
