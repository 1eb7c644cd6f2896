"""A workspace is at home in one schema alone, so that schemas can be spread over machines.

What Citus' schema-based sharding allows is held here by PostgreSQL's own rights: an account that
may use its schema and nothing else beside it does all of an office's work. Only the reading views
reach over several schemas.
"""

from __future__ import annotations

import gc

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from fsdesk.bench.packets import benchmark_plan, write_packets
from fsdesk.domain.ledger.conditions import View
from fsdesk.domain.periods import Period
from fsdesk.domain.records.records import DataValue
from fsdesk.domain.steps import run_through
from fsdesk.services import assessment
from fsdesk.services.care import maintenance, setup
from fsdesk.services.ledger import ledgers
from fsdesk.services.output import charts, districts, publishing, reporting
from fsdesk.services.packet import exchange, import_undo, importing
from fsdesk.services.packet.importing import Result
from fsdesk.services.quality import data_quality
from fsdesk.services.records import recording
from fsdesk.services.search import search
from fsdesk.services.status import aggregation, published
from fsdesk.services.supervision import supervision
from fsdesk.workspace import open_workspace

pytestmark = pytest.mark.postgres
PACKETS, ROWS = 3, 4
OWN = "fsdesk_one"


def work(folder, place, packets):
    """Do all that an office does in a year, and open its pages."""
    plan = benchmark_plan(PACKETS)
    setup.create_office(folder, plan, place).close()
    with open_workspace(folder, place) as office:
        office.others_stored()
        summary = run_through(importing.import_packets(office, packets))
        assert summary.count(Result.IMPORTED) == PACKETS
        month = Period.parse("2026-01")
        recording.record_value(office, "I01-1", str(month), DataValue(5), unit="u000")
        run_through(exchange.issue_packets(office, month, folder / "issued"))
        aggregation.status(office, month)
        assessment.assess(office, month)
        supervision.case_desk(office, month)
        charts.progress(office, month)
        run_through(data_quality.examine(office, month))
        ledgers.page(office, "sampling", View(sort="抽样日期"), 0, 10)
        search.build_index(office)
        publishing.publish(office, month, "工作通报第1期")
        published.differences(office, month)
        reporting.write_table(office, "indicators", month, folder / "表.xlsx")
        maintenance.back_up(office, folder / "备份.zip")
        assert maintenance.verify(office) == ()
        import_undo.undo_last_import(office)


@pytest.fixture
def packets(tmp_path):
    return list(write_packets(benchmark_plan(PACKETS), PACKETS, tmp_path / "packets", ROWS))


@pytest.fixture
def alone(postgres, new_database):
    """An account that may use one schema of a database, and nothing beside it."""
    name = new_database()
    for words in (
        "CREATE ROLE one LOGIN",
        f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC',  # nor temporary tables
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        f'GRANT CONNECT ON DATABASE "{name}" TO one',
        f"CREATE SCHEMA {OWN} AUTHORIZATION one",
    ):
        postgres.ask(words, name)
    yield name
    for words in (f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', "DROP ROLE one"):
        postgres.ask(words)


def test_an_office_works_with_no_right_beside_its_schema(postgres, alone, tmp_path, packets):
    said = set()

    def note(_connection, _cursor, statement, *_more):
        said.add(statement)

    event.listen(Engine, "before_cursor_execute", note)
    gc.disable()  # what is left open stays open
    try:
        work(tmp_path / "office", postgres.address(alone, OWN, "one"), packets)
        assert postgres.ask("SELECT query FROM pg_stat_activity WHERE usename = 'one'") == ""
    finally:
        gc.enable()
        event.remove(Engine, "before_cursor_execute", note)
    assert len(said) > 200
    # Its own schema isn't named either, but in the rights that go with new tables: where the
    # tables lie is the connection's matter alone.
    said = {words for words in said if "GRANT" not in words}
    assert [words for words in said if OWN in words or "search_path" in words.lower()] == []


# Each yields what would tie a schema to another one, or to the server as a whole.
TIES = {
    "a foreign key to another schema": """SELECT conrelid::regclass FROM pg_constraint k
        JOIN pg_class a ON a.oid = k.conrelid JOIN pg_class b ON b.oid = k.confrelid
        WHERE a.relnamespace <> b.relnamespace""",
    "a trigger whose function lies elsewhere": """SELECT tgname FROM pg_trigger t
        JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
        WHERE NOT tgisinternal AND p.pronamespace <> c.relnamespace""",
    "a sequence without a table of its own": """SELECT s.relname FROM pg_class s
        WHERE s.relkind = 'S' AND NOT EXISTS (SELECT 1 FROM pg_depend d
        JOIN pg_class c ON c.oid = d.refobjid WHERE d.objid = s.oid
        AND d.deptype IN ('a', 'i') AND c.relnamespace = s.relnamespace)""",
    "an extension": "SELECT extname FROM pg_extension WHERE extname <> 'plpgsql'",
    "a view, or what isn't a plain table": """SELECT relname FROM pg_class
        WHERE relnamespace = 'fsdesk_one'::regnamespace AND relkind NOT IN ('r', 'i', 'S')""",
    "a type of its own": """SELECT typname FROM pg_type
        WHERE typnamespace = 'fsdesk_one'::regnamespace AND typtype NOT IN ('c', 'b')""",
    "a rule": "SELECT rulename FROM pg_rules WHERE schemaname NOT LIKE 'pg_%'",
    "an inherited or divided table": "SELECT inhrelid::regclass FROM pg_inherits",
    "a table that lies outside": """SELECT relname FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'v', 'S', 'm')
        AND nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'fsdesk_one')""",
}


def test_nothing_ties_a_schema_to_another_one(postgres, alone, tmp_path):
    setup.create_office(
        tmp_path / "office", benchmark_plan(1), postgres.address(alone, OWN, "one")
    ).close()
    assert {
        what: found for what, asked in TIES.items() if (found := postgres.ask(asked, alone))
    } == {}
    for broken in (
        "CREATE TABLE public.other (id text PRIMARY KEY)",
        f"ALTER TABLE {OWN}.packet ADD CONSTRAINT x FOREIGN KEY (id) REFERENCES public.other",
        "CREATE SEQUENCE public.numbers",
    ):
        postgres.ask(broken, alone)
    found = {what for what, asked in TIES.items() if postgres.ask(asked, alone)}
    assert found == {
        "a foreign key to another schema",
        "a sequence without a table of its own",
        "a table that lies outside",
    }


def test_only_the_reading_views_reach_over_schemas(postgres, new_database, tmp_path):
    name = new_database()
    for schema in ("fsdesk_a", "fsdesk_b"):
        place = postgres.address(name, schema)
        setup.create_office(tmp_path / schema, benchmark_plan(1), place).close()
    said = []

    def note(_connection, _cursor, statement, *_more):
        said.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        districts.renew_views(place)
        districts.compare(place, "2026-01")
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    over = [words for words in said if "fsdesk_a" in words and "fsdesk_b" in words]
    assert len(over) == 3
    assert all(words.startswith("CREATE OR REPLACE VIEW fsdesk_reading.") for words in over)
