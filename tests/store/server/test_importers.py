"""Several desks that take packets at once: what stands is what one after the other gives."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest
from msgspec.structs import replace
from sqlalchemy import MetaData, inspect, select

from fsdesk.bench.packets import benchmark_plan, write_packets
from fsdesk.domain.periods import Period
from fsdesk.domain.steps import run_through
from fsdesk.places import project_file
from fsdesk.services.care import maintenance, setup
from fsdesk.services.packet import importing, signing
from fsdesk.services.packet.importing import Result
from fsdesk.services.status import aggregation
from fsdesk.workspace import open_workspace

pytestmark = [pytest.mark.postgres, pytest.mark.slow]
PACKETS, ROWS = 24, 5
DECEMBER = Period.parse("2026-12")
# What says who came first and when, and where files lie; and what a desk keeps for itself.
OF_ITS_TIME = {
    "id", "n", "batch", "facet", "previous", "digest", "at", "who", "handled_at", "received_at",
    "recorded_at", "added_at", "log_end", "rows_end", "created_at", "recorded_by", "added_by",
    "workspace", "signature",
}  # fmt: skip
KEPT_APART = {
    "change", "import_batch", "import_change", "kept_key", "kept_part", "workspace", "setting",
    "ledger_batch",
}  # fmt: skip


def state(office):
    """All rows of all tables, but for when and in which order they came."""
    found = {}
    with office.engine.connect() as connection:
        tables = MetaData()
        names = [n for n in inspect(connection).get_table_names() if n not in KEPT_APART]
        tables.reflect(connection, only=names)
        for table in tables.tables.values():
            columns = [c for c in table.columns if c.name not in OF_ITS_TIME]
            rows = connection.execute(select(*columns)) if columns else []
            found[table.name] = sorted(map(repr, rows))
        packet = tables.tables["packet"]
        new = select(packet.c.unit).where(packet.c.signature == "new").order_by(packet.c.unit)
        found["met first"] = connection.scalars(new).all()  # whichever came first, one of a unit
    found["signer"] = [row for row in found["signer"] if "'ban'" not in row]  # each its own
    return found


@pytest.fixture(scope="module")
def packets(tmp_path_factory):
    """Reports of two units, some of which come twice; with the plan."""
    plan = benchmark_plan(PACKETS)
    files = list(write_packets(plan, PACKETS, tmp_path_factory.mktemp("packets"), ROWS))
    return plan, [*files, *files[::5]]


@pytest.fixture(scope="module")
def in_turn(packets, tmp_path_factory):
    """The state after one desk took them all, in a folder."""
    plan, files = packets
    with setup.create_office(tmp_path_factory.mktemp("alone") / "office", plan) as office:
        summary = run_through(importing.import_packets(office, files))
        assert summary.count(Result.REJECTED) == 0
        return state(office), aggregation.status(office, DECEMBER)


def check(desk, in_turn):
    expected, status = in_turn
    found = state(desk)
    assert {name: rows for name, rows in found.items() if rows != expected[name]} == {}
    assert replace(aggregation.status(desk, DECEMBER), plan=status.plan) == status
    assert maintenance.verify(desk) == ()


@pytest.fixture
def place(postgres, new_database, packets, tmp_path):
    place = postgres.address(new_database())
    setup.create_office(tmp_path / "0", packets[0], place).close()
    return place


@pytest.mark.parametrize("count", [2, 4])
def test_importers_in_one_program_give_what_one_gives(tmp_path, place, packets, in_turn, count):
    desks = [open_workspace(tmp_path / str(number), place) for number in range(count)]
    done = []

    def work(number, desk):
        mine = packets[1][number::count]
        done.append(run_through(importing.import_packets(desk, mine)))

    threads = [threading.Thread(target=work, args=each) for each in enumerate(desks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [summary.count(Result.REJECTED) for summary in done] == [0] * count
    check(desks[0], in_turn)
    for desk in desks:
        desk.close()


@pytest.mark.parametrize("count", [2, 4])
def test_importers_in_programs_of_their_own_give_it_too(tmp_path, place, packets, in_turn, count):
    started = [
        subprocess.Popen(
            [
                sys.executable, "main.py", "--workspace", str(tmp_path / str(number)),
                "--database", place, "packet", "import", *map(str, packets[1][number::count]),
            ],
            cwd=project_file("."), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )
        for number in range(count)
    ]  # fmt: skip
    for process in started:
        told, _ = process.communicate()
        assert process.returncode == 0, told
    with open_workspace(tmp_path / "0") as desk:
        check(desk, in_turn)


def test_a_key_that_another_desk_revoked_meanwhile_opens_nothing(tmp_path, place, packets):
    """What an importer has read of the keys holds for one packet, not for all that follow."""
    first, second = packets[1][:2]
    with (
        open_workspace(tmp_path / "0", place) as desk,
        open_workspace(tmp_path / "1", place) as other,
    ):
        taking = importing.import_packets(desk, [first, second])
        next(taking)
        next(taking)  # the first is in, with its key
        (signer,) = [key.signer for key in signing.known_keys(other) if key.signer.unit != "ban"]
        signing.revoke(other, signer.fingerprint)
        summary = run_through(taking)
    assert [each.result for each in summary.files] == [Result.IMPORTED, Result.REJECTED]
