"""A key that rows of several units have is found, however it came about, and counts once."""

from __future__ import annotations

import random
from collections import defaultdict

import pytest
from msgspec.structs import replace

from fsdesk.domain.ledger.ledger import LedgerEntry, natural_key
from fsdesk.store.ledger import ledgers
from fsdesk.store.ledger.columns import columns
from fsdesk.store.ledger.doubles import Rows
from tests.workspaces import make_office

UNITS = ("fgj", "scj", "xx")


@pytest.fixture
def office(tmp_path):
    with make_office(tmp_path / "office") as workspace:
        yield workspace


def row(key, unit, id_="", *, gone=False, ledger="sampling", **values):
    title = {"sampling": "抽样编号", "complaint": "编号"}.get(ledger)
    named = {title: key} if title else {}
    return LedgerEntry(id_, ledger, unit, named | values, gone=gone)


def edit(workspace, *entries):
    with workspace.writing() as writing:
        return ledgers.edit_entries(writing, entries)


def doubles(workspace, ledger="sampling"):
    """Return the unit that counts and the others by key."""
    with workspace.reading() as session:
        return {d.key: (d.unit, d.others) for d in ledgers.doubles(session, ledger)}


def expected(workspace, ledger="sampling"):
    """The same by going through all rows."""
    units = defaultdict(set)
    with workspace.reading() as session:
        declared = next(x for x in ledgers.load_ledgers(session) if x.code == ledger)
        for entry in ledgers.entries(session, ledger):
            units[natural_key(declared, entry.values)].add(entry.unit)
    several = {key: sorted(held) for key, held in units.items() if len(held) > 1}
    return {key: (first, tuple(rest)) for key, (first, *rest) in several.items()}


def test_the_unit_with_the_smallest_code_counts_and_the_others_are_named(office):
    edit(office, row("S1", "xx"), row("S1", "scj"), row("S1", "fgj"), row("S2", "xx"))
    assert doubles(office) == {"s1": ("fgj", ("scj", "xx"))}


def test_of_very_many_rows_each_is_found(office):
    keys = [f"S{number}" for number in range(1203)]
    edit(office, *(row(key, "xx") for key in keys))
    again = edit(office, *(row(key, "xx", 检测项目="铅") for key in keys))
    assert (again.added, again.updated) == (0, len(keys))
    edit(office, *(row(key, "fgj") for key in keys[::2]))
    assert doubles(office) == expected(office)
    assert len(doubles(office)) == len(keys[::2])


def test_forms_of_writing_make_no_difference(office):
    edit(office, row("sc 07", "scj"), row("ＳＣ07", "fgj"))
    assert doubles(office) == {"sc07": ("fgj", ("scj",))}


def test_another_ledger_is_another_thing(office):
    edit(office, row("S1", "scj"), row("S1", "fgj", ledger="complaint"))
    assert doubles(office) == doubles(office, "complaint") == {}


def test_a_row_that_is_removed_or_renamed_is_no_double_any_more_and_undone_it_is_again(office):
    taken = edit(office, row("S1", "scj"), row("S1", "fgj"))
    first, second = taken.ids
    edit(office, row("S1", "fgj", second, gone=True))
    assert doubles(office) == {}
    edit(office, row("S1", "fgj", second))
    assert set(doubles(office)) == {"s1"}
    renamed = edit(office, row("S2", "scj", first))
    assert doubles(office) == {}
    edit(office, row("S2", "xx"))
    assert doubles(office) == {"s2": ("scj", ("xx",))}
    (trail,) = renamed.trails
    with office.writing() as writing:
        ledgers.put_back(writing, "sampling", trail.before, trail.after)
    assert doubles(office) == {"s1": ("fgj", ("scj",))}


def test_rows_that_come_from_elsewhere_are_looked_at_too(office, tmp_path):
    edit(office, row("S1", "scj"))
    with make_office(tmp_path / "other") as other:
        edit(other, row("S1", "fgj"))
        with other.reading() as session:
            came = list(ledgers.all_entries(session, "sampling"))
    with office.writing() as writing:
        ledgers.take_entries(writing, came)
    assert doubles(office) == {"s1": ("fgj", ("scj",))}


def declare(workspace, **changes):
    with workspace.writing() as writing:
        known = ledgers.load_ledgers(writing.session)
        ledgers.save_ledgers(
            writing, [replace(x, **changes) if x.code == "sampling" else x for x in known]
        )


def test_another_column_as_key_makes_other_doubles(office):
    edit(office, row("S1", "scj", 样品名称="米"), row("S2", "fgj", 样品名称="米"))
    assert doubles(office) == {}
    declare(office, key=("样品名称",))
    assert doubles(office) == {"米": ("fgj", ("scj",))}
    declare(office, key=("抽样编号",))
    assert doubles(office) == {}


def test_rows_without_anything_in_their_key_are_not_the_same_thing(office):
    edit(office, row("S1", "scj"), row("S2", "fgj"))
    declare(office, key=("样品名称", "被抽样单位"))
    assert doubles(office) == {}


def test_where_each_unit_has_keys_of_its_own_nothing_is_double(office):
    edit(office, row("S1", "scj"), row("S1", "fgj"))
    declare(office, keyed_by_unit=True)
    assert doubles(office) == {}
    with office.reading() as session:
        assert len(list(columns(session, "sampling", ["抽样编号"]))) == 2


def test_of_two_units_the_rows_of_one_are_read(office):
    edit(office, row("S1", "scj"), row("S1", "fgj"), row("S2", "scj"))
    with office.reading() as session:
        read = {
            rows: sorted((u, v[0]) for u, v in columns(session, "sampling", ["抽样编号"], rows))
            for rows in Rows
        }
    assert read[Rows.ALL] == [("fgj", "S1"), ("scj", "S1"), ("scj", "S2")]
    assert read[Rows.COUNTED] == [("fgj", "S1"), ("scj", "S2")]
    assert read[Rows.DOUBLED] == [("fgj", "S1"), ("scj", "S1")]


@pytest.mark.parametrize("seed", range(6))
def test_after_any_history_they_are_what_all_rows_say(office, seed):
    luck = random.Random(seed)
    ids = {}
    for _ in range(25):
        chosen = []
        for _ in range(luck.randrange(1, 6)):
            key, unit = f"S{luck.randrange(8)}", luck.choice(UNITS)
            known = luck.choice([*ids]) if ids and luck.random() < 0.5 else ""
            unit = ids.get(known, unit)
            chosen.append(row(key, unit, known, gone=bool(known) and luck.random() < 0.4))
        one_each = list({(e.id or e.unit + e.values["抽样编号"]): e for e in chosen}.values())
        taken = edit(office, *one_each)
        ids |= {id_: e.unit for id_, e in zip(taken.ids, one_each, strict=True)}
        if luck.random() < 0.3 and taken.trails:
            (trail,) = taken.trails
            with office.writing() as writing:
                ledgers.put_back(writing, "sampling", trail.before, trail.after)
            ids = {}
        assert doubles(office) == expected(office)
