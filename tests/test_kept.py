"""A kept workspace is as good as a new one: whole, in a place of its own, with a key of its own."""

from __future__ import annotations

import pytest

from fsdesk.domain.settings import Rules
from fsdesk.services.care import maintenance
from fsdesk.services.packet import signing
from fsdesk.store.identity import save_rules
from tests import kept
from tests.workspaces import Clock, make_office, make_unit


@pytest.fixture
def keeper(tmp_path, monkeypatch):
    """A keeper of this test alone, so that what comes first is made and what follows is copied."""
    keeper = kept.Keeper()
    monkeypatch.setattr("tests.workspaces.KEEPER", keeper)
    yield keeper
    keeper.close()


def pair(keeper, folder, clock=None):
    folder.mkdir()
    keeper.begin(folder)
    office = make_office(folder / "office", clock)
    return office, make_unit(office, folder / "unit", clock=clock)


def tables(workspace):
    """All that stands in a database."""
    with workspace.engine.connect() as connection:
        return list(connection.connection.driver_connection.iterdump())


def files(folder):
    return {
        path.relative_to(folder): path.read_bytes() if path.is_file() else path.stat().st_mode
        for path in sorted(folder.rglob("*"))
        if not path.name.startswith("fsdesk.")
    }


def test_a_copy_is_what_was_made(keeper, tmp_path):
    made, copied = pair(keeper, tmp_path / "a"), pair(keeper, tmp_path / "b")
    for one, other in zip(made, copied, strict=True):
        assert one.identity == other.identity
        assert tables(one) == tables(other)
    assert files(tmp_path / "a") == files(tmp_path / "b")
    for workspace in (*made, *copied):
        workspace.close()


def test_a_copy_is_whole_locked_and_a_place_of_its_own(keeper, tmp_path):
    for workspace in pair(keeper, tmp_path / "a"):
        workspace.close()
    office, unit = pair(keeper, tmp_path / "b")
    with office, unit:
        assert maintenance.verify(office) == maintenance.verify(unit) == ()
        assert (office.folder / "fsdesk.holder.json").is_file()
        assert office.folder == tmp_path / "b" / "office"


def test_two_offices_of_one_test_are_two(keeper, tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        keeper.begin(tmp_path / name)
        with (
            make_office(tmp_path / name / "one") as one,
            make_office(tmp_path / name / "two") as two,
        ):
            assert one.identity.id != two.identity.id
            assert signing.signing_key(one).public != signing.signing_key(two).public


def test_an_office_that_was_changed_issues_anew(keeper, tmp_path):
    for workspace in pair(keeper, tmp_path / "a"):
        workspace.close()
    keeper.begin(tmp_path / "b")
    with make_office(tmp_path / "b" / "office") as office:
        with office.writing() as writing:
            save_rules(writing, Rules(due_days=9))
        with make_unit(office, tmp_path / "b" / "unit") as unit:
            assert unit.rules.due_days == 9


def test_another_time_is_another_story(keeper, tmp_path):
    for workspace in pair(keeper, tmp_path / "a"):
        workspace.close()
    office, unit = pair(keeper, tmp_path / "b", Clock("2026-05-06T01:00:00+00:00"))
    with office, unit:
        assert unit.identity.created_at == "2026-05-06T01:00:00+00:00"
        assert office.identity.created_at == "2026-05-06T01:00:00+00:00"
