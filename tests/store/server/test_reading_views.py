"""Districts beside each other by reading views: their own published figures, and nothing else."""

from __future__ import annotations

import json

import pytest
from msgspec.structs import replace
from openpyxl import load_workbook

from fsdesk.bench.peers import PeerFailedError
from fsdesk.commands.run import run
from fsdesk.domain.findings import WorkspaceError
from fsdesk.domain.office import OfficeIdentity
from fsdesk.domain.output.wording import value_text
from fsdesk.domain.records.records import DataValue
from fsdesk.domain.steps import run_through
from fsdesk.services.care import maintenance, restoring, setup
from fsdesk.services.output import districts
from fsdesk.services.records import recording
from fsdesk.services.status import aggregation, published
from fsdesk.store import identity
from fsdesk.store.server.address import ServerAddress
from fsdesk.store.server.survey import look_around
from fsdesk.workspace import open_workspace
from tests.plans import small_plan
from tests.workspaces import MARCH, Clock, all_year

pytestmark = pytest.mark.postgres
SAMPLES = "抽检批次"


def with_schema(place, schema):
    return place.replace("schema=fsdesk", f"schema={schema}")


def make(tmp_path, place, name, plan=None):
    office = setup.create_office(
        tmp_path / name, plan or small_plan(), with_schema(place, f"fsdesk_{name}"), Clock()
    )
    with office.writing() as writing:
        identity.save_office(writing, OfficeIdentity(district=f"某市{name}区"))
        all_year(2026)(writing)
    return office


def record(office, number):
    recording.record_value(office, "I01-1", "2026-03", DataValue(number), unit="scj")


@pytest.fixture(scope="module")
def made(postgres, databases, tmp_path_factory):
    """A database of four districts; two have the same figure, the last hasn't published."""
    name = databases.new(passing=False)
    for schema, number in zip("abcd", (600, 300, 600, 900), strict=True):
        with make(tmp_path_factory.mktemp("made"), postgres.address(name), schema) as office:
            record(office, number)
            if schema != "d":
                published.publish(office, MARCH)
    districts.renew_views(postgres.address(name))
    return name


@pytest.fixture
def place(postgres, new_database, made):
    return postgres.address(new_database(made))


@pytest.fixture
def offices(tmp_path, place):
    opened = {
        name: open_workspace(tmp_path / name, with_schema(place, f"fsdesk_{name}"), clock=Clock())
        for name in "abcd"
    }
    yield opened
    for office in opened.values():
        office.close()


def ranking(place, wanted=SAMPLES):
    (found,) = districts.compare(place, "2026-03").rankings(wanted)
    return [(each.district.name, each.place_text, each.value) for each in found.places]


def test_districts_stand_by_what_they_published(place):
    assert ranking(place) == [
        ("某市a区", "并列第1", "600批次"),
        ("某市c区", "并列第1", "600批次"),
        ("某市b区", "第3", "300批次"),
        ("某市d区", "—", ""),
    ]


def test_a_figure_is_the_one_on_the_districts_own_page(place, offices):
    """Also after more was typed: both stay with what was put out."""
    record(offices["a"], 700)
    compared = {each.schema: each for each in districts.compare(place, "2026-03").districts}
    for name in ("a", "b", "c"):
        own = aggregation.status(offices[name], MARCH)
        assert compared[f"fsdesk_{name}"].status == own
    for each in districts.compare(place, "2026-03").rankings():
        for at in each.places:
            if at.result is not None:
                own = aggregation.status(offices[at.district.schema[-1]], MARCH)
                (same,) = [r for r in own.indicators if r.indicator == at.result.indicator]
                assert at.value == value_text(same.indicator, same.figure, MARCH)


def test_who_has_not_published_is_told_and_is_no_zero(place):
    (found,) = districts.compare(place, "2026-03").rankings("I01-1")
    last = found.places[-1]
    assert (last.place, last.result) == (None, None)
    assert last.why == "未发布（已收到本月报送0份）"
    assert "4月2日发布" in found.places[0].why
    assert "未报：区市场监管局" in found.places[0].district.told


def test_the_state_before_a_restoring_is_no_district(tmp_path, place, offices):
    """It is a workspace like the others, and lies beside them."""
    maintenance.back_up(offices["b"], tmp_path / "b.zip")
    record(offices["b"], 900)
    published.publish(offices["b"], MARCH, "更正")
    offices["b"].close()
    run_through(restoring.put_back(offices["b"].folder, tmp_path / "b.zip", clock=Clock()))
    before = districts.compare(place, "2026-03")
    districts.renew_views(place)
    for compared in (before, districts.compare(place, "2026-03")):
        assert [each.name for each in compared.districts] == [f"某市{name}区" for name in "abcd"]
        assert compared.unlisted == ()
    assert ranking(place)[2] == ("某市b区", "第3", "300批次")
    told = {each.name: each.whose for each in look_around(ServerAddress.parse(place)).schemas}
    assert [name for name, whose in told.items() if "（恢复前的数据）" in whose] == [
        name for name in told if "_before_" in name
    ]


def test_a_kept_state_that_took_the_place_is_a_district(tmp_path, place, offices, postgres):
    maintenance.back_up(offices["b"], tmp_path / "b.zip")
    offices["b"].close()
    done = run_through(restoring.put_back(offices["b"].folder, tmp_path / "b.zip", clock=Clock()))
    aside, name = done.kept.rpartition(" ")[2], ServerAddress.parse(place).database
    postgres.ask("DROP SCHEMA fsdesk_b CASCADE", name)
    postgres.ask(f"ALTER SCHEMA {aside} RENAME TO fsdesk_b", name)
    assert districts.renew_views(place).schemas == tuple(f"fsdesk_{each}" for each in "abcd")
    assert ranking(place)[2] == ("某市b区", "第3", "300批次")


def test_what_was_published_anew_or_taken_back_counts_at_once(place, offices):
    record(offices["b"], 900)
    published.publish(offices["b"], MARCH, "更正")
    published.revoke(offices["a"], MARCH)
    assert ranking(place) == [
        ("某市b区", "第1", "900批次"),
        ("某市c区", "第2", "600批次"),
        ("某市a区", "—", ""),
        ("某市d区", "—", ""),
    ]


def test_an_indicator_of_another_name_is_another_one(tmp_path, place):
    """Plans number their indicators for themselves: a code alone says nothing across them."""
    plan = small_plan()
    (point,) = plan.sections[0].points
    task = point.tasks[0]
    renamed = replace(task.indicators[0], name="抽检任务数")
    task = replace(task, indicators=(renamed, *task.indicators[1:]))
    point = replace(point, tasks=(task, *point.tasks[1:]))
    plan = replace(plan, sections=(replace(plan.sections[0], points=(point,)),))
    with make(tmp_path, place, "e", plan) as office:
        record(office, 5)
        published.publish(office, MARCH)
    districts.renew_views(place)
    by_code = districts.compare(place, "2026-03").rankings("I01-1")
    assert [each.measured.name for each in by_code] == [SAMPLES, "抽检任务数"]
    (samples, _) = by_code
    (other,) = [each for each in samples.places if each.district.schema == "fsdesk_e"]
    assert other.place is None
    assert other.why.startswith("本区计划中没有这项指标")


def test_units_and_other_years_are_no_districts(tmp_path, place):
    setup.create_unit(
        tmp_path / "u", small_plan(), "scj", with_schema(place, "fsdesk_u"), Clock()
    ).close()
    districts.renew_views(place)
    names = [each.name for each in districts.compare(place, "2026-03").districts]
    assert names == [f"某市{name}区" for name in "abcd"]
    assert districts.compare(place, "2025-03").districts == ()


def test_a_workspace_that_the_views_do_not_know_is_named(tmp_path, place):
    make(tmp_path, place, "e").close()
    found = districts.compare(place, "2026-03")
    assert found.unlisted == ("fsdesk_e",)
    assert any("fsdesk_e" in note for note in found.notes)


def test_views_that_stand_for_what_was_renamed_are_refused(postgres, place):
    """PostgreSQL's views go with the tables: by the old name they would show an earlier state."""
    name = place.split("/")[3].split("?")[0]
    postgres.ask("ALTER SCHEMA fsdesk_a RENAME TO fsdesk_a_old", name)
    with pytest.raises(WorkspaceError, match="已过时"):
        districts.compare(place, "2026-03")
    districts.renew_views(place)
    assert ranking(place)[0][0].startswith("某市a区")


def test_where_nobody_made_views_that_is_said(postgres, new_database):
    place = postgres.address(new_database())
    with pytest.raises(WorkspaceError, match="没有这个账号可以读取的工作区"):
        districts.renew_views(place)
    with pytest.raises(WorkspaceError, match="还没有各区对比的视图"):
        districts.compare(place, "2026-03")


@pytest.fixture
def reader(postgres, place):
    name = place.split("/")[3].split("?")[0]
    postgres.ask("CREATE ROLE city LOGIN", name)
    yield place.replace("fsdesk_test@", "city@")
    for words in ("DROP OWNED BY city", "DROP ROLE city"):
        postgres.ask(words, name)


def test_a_reader_compares_and_may_do_nothing_else(postgres, place, reader):
    with pytest.raises(WorkspaceError, match="没有做这一步的权限"):
        districts.compare(reader, "2026-03")
    districts.renew_views(place, ["city"])
    assert ranking(reader) == ranking(place)
    districts.renew_views(place)  # once more, and the reader still may
    assert ranking(reader) == ranking(place)
    with pytest.raises(WorkspaceError, match="没有这个账号可以读取的工作区"):
        districts.renew_views(reader)
    name = place.split("/")[3].split("?")[0]
    with pytest.raises(PeerFailedError, match="permission denied for schema fsdesk_a"):
        postgres.ask("SELECT 1 FROM fsdesk_a.published", name, "city")
    with pytest.raises(PeerFailedError, match=r"cannot delete|permission denied"):
        postgres.ask("DELETE FROM fsdesk_reading.received", name, "city")
    with pytest.raises(WorkspaceError, match="没有账号“nobody”"):
        districts.renew_views(place, ["nobody"])


def test_who_may_not_read_a_workspace_leaves_it_out(postgres, place, reader):
    name = place.split("/")[3].split("?")[0]
    for words in (
        f'GRANT CREATE ON DATABASE "{name}" TO city',
        "DROP SCHEMA fsdesk_reading CASCADE",
        "GRANT USAGE ON SCHEMA fsdesk_a TO city",
        "GRANT SELECT ON ALL TABLES IN SCHEMA fsdesk_a TO city",
    ):
        postgres.ask(words, name)
    found = districts.renew_views(reader)
    assert found.schemas == ("fsdesk_a",)
    assert found.left_out == ("fsdesk_b", "fsdesk_c", "fsdesk_d")
    assert districts.compare(reader, "2026-03").unlisted == found.left_out


def test_the_commands_do_it_too(tmp_path, place, capsys):
    assert run(["server", "views", place]) == 0
    assert "4 个工作区" in capsys.readouterr().out
    file = tmp_path / "对比.xlsx"
    compare = ["server", "compare", place, "--period", "2026-03"]
    assert run([*compare, "--indicator", "I01-1", "--out", str(file)]) == 0
    told = capsys.readouterr().out
    assert "第3\t某市b区\t300批次\t≥1200批次\t25.0%" in told
    assert "某市d区\t未发布" in told
    sheet = load_workbook(file).active
    cells = [[str(cell.value or "") for cell in row] for row in sheet.iter_rows()]
    assert [row[2] for row in cells if row[1].endswith(("第1", "第3", "—"))] == [
        f"某市{name}区" for name in "acbd"
    ]
    assert run([*compare, "--json"]) == 0
    plain = json.loads(capsys.readouterr().out)
    (samples,) = [each for each in plain["rankings"] if each["indicator"] == SAMPLES]
    assert [each["value"] for each in samples["places"]] == [600, 600, 300, None]
    assert run([*compare, "--indicator", "没有"]) == 2
