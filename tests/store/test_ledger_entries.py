"""Rows of ledgers: taken and edited in bulk, one row however often it comes, nothing lost."""

from __future__ import annotations

import hashlib
from datetime import date
from itertools import permutations

import pytest
from msgspec.structs import replace

from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.ledger.conditions import CellCheck, Condition, View
from fsdesk.domain.ledger.ledger import ColumnType, LedgerColumn, LedgerEntry
from fsdesk.store import audit
from fsdesk.store.ledger import ledgers
from fsdesk.store.ledger.batch import are_rows, rows_digest
from tests.workspaces import make_office

PCS = ("one", "two", "three")


def row(number, unit="scj", id_="", gone=False, **values):
    given = {"抽样编号": f"SC{number:04d}", "类别": "药品", "检验结论": "合格", **values}
    return LedgerEntry(id_, "sampling", unit, given, gone=gone)


def edit(workspace, *entries):
    with workspace.writing() as writing:
        return ledgers.edit_entries(writing, entries)


def take(workspace, entries):
    with workspace.writing() as writing:
        return ledgers.take_entries(writing, list(entries))


def counts(taken):
    return taken.added, taken.updated, taken.unchanged, taken.conflicts


def held(workspace):
    with workspace.reading() as session:
        return list(ledgers.all_entries(session, "sampling"))


def shown(workspace):
    with workspace.reading() as session:
        return {e.values["抽样编号"]: e.values for e in ledgers.entries(session, "sampling")}


def differences(workspace):
    with workspace.reading() as session:
        return ledgers.conflicts(session, "sampling")


@pytest.fixture
def office(tmp_path):
    with make_office(tmp_path / "office") as workspace:
        yield workspace


@pytest.fixture
def pcs(tmp_path):
    opened = [make_office(tmp_path / name) for name in PCS]
    yield opened
    for workspace in opened:
        workspace.close()


def test_every_kind_of_value_comes_back_as_it_was_stored(office):
    values = {
        "抽样编号": "001",
        "抽样日期": date(2026, 3, 5),
        "样品名称": "米",
        "以后才有的列": "x",
    }
    edit(office, LedgerEntry("", "sampling", "scj", values))
    case = {"案号": "1", "罚没金额": 1234.5, "移送公安": True, "处罚到人": False}
    edit(office, LedgerEntry("", "enforcement", "scj", case))
    with office.reading() as session:
        (sample,) = ledgers.entries(session, "sampling")
        (found,) = ledgers.entries(session, "enforcement")
    assert sample.values == values
    assert found.values == case
    assert (sample.unit, sample.gone) == ("scj", False)


def test_a_list_imported_again_in_halves_in_another_order_and_corrected(office):
    rows = [row(number) for number in range(100)]
    assert counts(edit(office, *rows)) == (100, 0, 0, 0)
    assert counts(edit(office, *rows)) == (0, 0, 100, 0)
    assert counts(edit(office, *reversed(rows))) == (0, 0, 100, 0)
    assert counts(edit(office, *rows[:50])) == (0, 0, 50, 0)
    corrected = [replace(r, values={**r.values, "检验结论": "不合格"}) for r in rows[:10]]
    assert counts(edit(office, *corrected, *rows[10:], row(100))) == (1, 10, 90, 0)
    assert len(shown(office)) == 101


def test_a_number_written_in_another_form_is_the_same_row(office):
    edit(office, row(1))
    other = LedgerEntry("", "sampling", "scj", {"抽样编号": "ｓｃ 0001", "类别": "药品"})
    assert counts(edit(office, other)) == (0, 1, 0, 0)


def test_the_same_number_of_two_units_is_two_rows(office):
    assert counts(edit(office, row(1), row(1, "fgj"))) == (2, 0, 0, 0)


def test_a_row_named_twice_in_one_list_counts_once(office):
    assert counts(edit(office, row(1), row(1), row(1, 类别="化妆品"))) == (1, 1, 1, 0)
    assert shown(office)["SC0001"]["类别"] == "化妆品"


def test_a_corrected_number_stays_the_same_row_and_its_old_number_is_free(office):
    (id_,) = edit(office, row(1)).ids
    assert counts(edit(office, row(2, id_=id_))) == (0, 1, 0, 0)
    taken = edit(office, row(1))
    assert counts(taken) == (1, 0, 0, 0)
    assert taken.ids != (id_,)
    assert edit(office, row(1), row(2)).ids == (*taken.ids, id_)
    assert set(shown(office)) == {"SC0001", "SC0002"}


def test_a_removed_row_comes_back_when_it_is_typed_again(office):
    (id_,) = edit(office, row(1)).ids
    with office.writing() as writing:
        assert counts(ledgers.remove(writing, "sampling", [id_])) == (0, 1, 0, 0)
    assert shown(office) == {}
    assert counts(edit(office, row(9, gone=True))) == (0, 0, 1, 0)
    assert edit(office, row(1)).ids == (id_,)
    assert set(shown(office)) == {"SC0001"}


def test_a_row_typed_on_two_pcs_is_one_row(pcs):
    one, two, _ = pcs
    edit(one, row(1))
    edit(two, row(1))
    take(one, held(two))
    assert len(held(one)) == 1
    assert differences(one) == ()


def test_a_removal_travels(pcs):
    one, two, _ = pcs
    (id_,) = edit(one, row(1)).ids
    take(two, held(one))
    with one.writing() as writing:
        ledgers.remove(writing, "sampling", [id_])
    assert counts(take(two, held(one))) == (0, 1, 0, 0)
    assert shown(two) == {}


def test_differing_edits_stand_side_by_side_until_somebody_decides(pcs):
    one, two, _ = pcs
    (id_,) = edit(one, row(1)).ids
    take(two, held(one))
    edit(one, row(1, id_=id_, 检验结论="不合格"))
    edit(two, row(1, id_=id_, 样品名称="米"))
    theirs = held(two)
    assert counts(take(one, theirs)) == (0, 1, 0, 1)
    assert counts(take(one, theirs)) == (0, 0, 1, 0)
    ((mine, other),) = differences(one)
    assert mine.values["检验结论"] == "不合格"
    assert other.values["样品名称"] == "米"
    assert len(shown(one)) == 1
    edit(one, mine)
    assert differences(one) == ()
    take(two, held(one))
    assert differences(two) == ()
    assert held(two) == held(one)


def test_every_order_of_exchange_ends_in_the_same_versions(pcs):
    (id_,) = edit(pcs[0], row(1)).ids
    for workspace in pcs[1:]:
        take(workspace, held(pcs[0]))
    states = []
    for number, workspace in enumerate(pcs):
        edit(workspace, row(1, id_=id_, 样品名称=f"第{number}种"))
        states += held(workspace)
    ends = set()
    for order, workspace in zip(permutations(states), pcs, strict=False):
        take(workspace, order)
        with workspace.reading() as session:
            (versions,) = ledgers.versions_of(session, "sampling", [id_]).values()
        ends.add(frozenset((v.entry.values["样品名称"], v.entry.revision) for v in versions))
    assert len(ends) == 1
    assert len(ends.pop()) == 3


def test_a_preview_tells_what_would_happen_and_changes_nothing(pcs):
    one, two, _ = pcs
    edit(one, row(1), row(2))
    edit(two, row(1), row(3))
    with one.reading() as session:
        told = ledgers.preview_taking(session, held(two), one.identity.id)
        typed = ledgers.preview_edits(session, [row(2), row(4), row(1, 类别="化妆品")], one.author)
    assert counts(told) == (1, 1, 0, 0)
    assert counts(typed) == (1, 1, 1, 0)
    assert set(shown(one)) == {"SC0001", "SC0002"}


def test_what_was_taken_can_be_undone_but_for_rows_edited_since(pcs):
    one, two, _ = pcs
    edit(one, row(1))
    edit(two, row(1, 类别="化妆品"), row(2), row(3))
    before = held(one)
    (trail,) = take(one, held(two)).trails
    id_ = next(e.id for e in held(one) if e.values["抽样编号"] == "SC0003")
    edit(one, row(3, 检验结论="不合格"))
    with one.writing() as writing:
        kept = ledgers.put_back(writing, "sampling", trail.before, trail.after)
    assert kept == (id_,)
    assert [e for e in held(one) if e.id != id_] == before
    assert set(shown(one)) == {"SC0001", "SC0003"}


def test_rows_by_hand_are_logged_one_by_one_and_lists_as_a_whole(office):
    (id_,) = edit(office, row(1)).ids
    edit(office, *(row(number) for number in range(2, 80)))
    with office.reading() as session:
        (typed,) = audit.history(session, f"ledger/sampling/{id_}")
        (listed,) = audit.history(session, "ledger/sampling")
        assert audit.broken_links(session) == []
    assert "SC0001" in (typed.after or "")
    assert '"added": 78' in (listed.after or "")


def test_a_ledger_that_is_not_declared_is_refused(office):
    with pytest.raises(InputRejectedError, match="没有台账"):
        edit(office, LedgerEntry("", "nosuch", "scj", {"编号": "1"}))


def test_values_of_a_column_wait_for_its_declaration(office):
    edit(office, row(1, 金额=12.5))
    with office.writing() as writing:
        first, *rest = ledgers.load_ledgers(writing.session)
        wider = replace(first, columns=(*first.columns, LedgerColumn("金额", ColumnType.NUMBER)))
        ledgers.save_ledgers(writing, (wider, *rest))
    assert shown(office)["SC0001"]["金额"] == 12.5
    with office.reading() as session:
        assert ledgers.totals(session, "sampling") == {"金额": 12.5}


def test_more_columns_than_there_is_room_for_are_refused(office):
    with office.writing() as writing:
        first, *_ = ledgers.load_ledgers(writing.session)
        wide = replace(first, columns=tuple(LedgerColumn(f"列{number}") for number in range(30)))
        with pytest.raises(InputRejectedError, match="列太多"):
            ledgers.save_ledgers(writing, [wide])


def test_a_column_that_changes_its_kind_keeps_what_it_held(office):
    edit(office, row(1, 样品名称="12"), row(2, 样品名称="米"))
    with office.writing() as writing:
        first, *_ = ledgers.load_ledgers(writing.session)
        columns = tuple(
            replace(c, type=ColumnType.CHOICE, choices=("米", "12")) if c.title == "样品名称" else c
            for c in first.columns
        )
        ledgers.save_ledgers(writing, [replace(first, columns=columns)])
    found = {number: values["样品名称"] for number, values in shown(office).items()}
    assert found == {"SC0001": "12", "SC0002": "米"}
    rice = View(conditions=(Condition("样品名称", CellCheck.IS, ("米",)),))
    with office.reading() as session:
        assert ledgers.count(session, "sampling", rice) == 1


def test_a_span_of_days_and_numbers_of_rows(office):
    days = [date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 31), date(2026, 4, 1)]
    edit(office, *(row(number, 抽样日期=day) for number, day in enumerate(days)))
    march = View(
        conditions=(
            Condition("抽样日期", CellCheck.AT_LEAST, ("2026-03-01",)),
            Condition("抽样日期", CellCheck.AT_MOST, ("2026-03-31",)),
        ),
        sort="抽样日期",
        descending=True,
    )
    with office.reading() as session:
        assert ledgers.count(session, "sampling", march) == 2
        numbers = ledgers.row_numbers(session, "sampling", march)
        found = ledgers.numbered(session, "sampling", numbers)
    assert [found[n].values["抽样日期"] for n in numbers] == [days[2], days[1]]


def test_rows_logged_by_an_earlier_program_still_hold():
    """Earlier digests are of Python's own form; neither form takes other rows for these."""
    rows = [("a1", "sampling", 2.5, None), ("b2", "sampling", 3.0, "否")]
    earlier = hashlib.sha256(repr(rows).encode()).hexdigest()
    for digest in (earlier, rows_digest(rows)):
        assert are_rows(rows, digest)
        assert not are_rows([*rows[:1], ("b2", "sampling", 3.0, "是")], digest)
        assert not are_rows(rows[::-1], digest)
