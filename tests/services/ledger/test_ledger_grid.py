"""The grid of a ledger: cells typed as text, kept or refused one by one, and undone."""

from __future__ import annotations

from datetime import date

import pytest

from fsdesk.domain.ledger.conditions import BY_UNIT, CellCheck, Condition, View
from fsdesk.domain.ledger.ledger import LedgerEntry
from fsdesk.services.ledger import ledger_grid, ledgers
from fsdesk.services.ledger.ledger_grid import UNIT, RowEdit


def type_in(workspace, *edits, ledger="sampling"):
    return ledger_grid.apply_cells(workspace, ledger, [RowEdit(row, cells) for row, cells in edits])


def shown(workspace, ledger="sampling", view=View()):  # noqa: B008 - frozen
    numbers = ledger_grid.window(workspace, ledger, view).numbers
    held = ledger_grid.rows(workspace, ledger, numbers)
    return [(n, dict(held[n].values)) for n in numbers]


def test_typed_cells_are_read_as_their_columns_ask(unit):
    done = type_in(
        unit,
        (
            -1,
            {"抽样编号": " ＳＣ1", "类别": "农产品", "抽样日期": "3月5日", "检验结论": "问题样品"},
        ),
    )
    assert done.faults == ()
    ((number, values),) = shown(unit)
    assert done.numbers == {-1: number}
    assert values == {
        "抽样编号": "ＳＣ1",
        "类别": "食用农产品",
        "抽样日期": date(2026, 3, 5),
        "检验结论": "不合格",
    }


def test_a_bad_cell_keeps_none_of_the_others_from_being_stored(unit):
    done = type_in(unit, (-1, {"抽样编号": "1", "类别": "玩具", "样品名称": "=1+1"}))
    assert [(f.row, f.title, f.text) for f in done.faults] == [(-1, "类别", "玩具")]
    ((number, values),) = shown(unit)
    assert values == {"抽样编号": "1", "样品名称": "=1+1"}
    done = type_in(unit, (number, {"抽样日期": "去年", "类别": "药品", "样品名称": ""}))
    assert [f.title for f in done.faults] == ["抽样日期"]
    assert shown(unit) == [(number, {"抽样编号": "1", "类别": "药品"})]


def test_a_new_row_waits_for_what_identifies_it(unit):
    done = type_in(unit, (-1, {"类别": "药品"}))
    assert [(f.title, f.text) for f in done.faults] == [("抽样编号", "")]
    assert shown(unit) == []


def test_what_identifies_a_row_is_never_emptied_nor_given_twice(unit):
    type_in(unit, (-1, {"抽样编号": "1"}), (-2, {"抽样编号": "2"}))
    (one, _), (two, _) = shown(unit)
    done = type_in(
        unit,
        (one, {"抽样编号": "", "样品名称": "甲"}),
        (two, {"抽样编号": " １", "样品名称": "乙"}),
        (-3, {"抽样编号": "2"}),
        (-4, {"抽样编号": "5"}),
        (-5, {"抽样编号": "5"}),
    )
    assert [f.row for f in done.faults] == [one, two, -3, -5]
    assert [(v["抽样编号"], v.get("样品名称")) for _, v in shown(unit)] == [
        ("1", "甲"),
        ("2", "乙"),
        ("5", None),
    ]


def test_an_edited_row_stays_in_its_place(unit):
    type_in(unit, *((-n, {"抽样编号": str(n)}) for n in range(1, 4)))
    first = shown(unit)[0][0]
    type_in(unit, (first, {"抽样编号": "9"}))
    assert [v["抽样编号"] for _, v in shown(unit)] == ["9", "2", "3"]
    assert shown(unit)[0][0] == first


def test_steps_are_undone_and_done_again(unit):
    added = type_in(unit, (-1, {"抽样编号": "1"}), (-2, {"抽样编号": "2"}))
    (one, _), _ = shown(unit)
    edited = type_in(unit, (one, {"样品名称": "甲"}))
    removed = ledger_grid.remove(unit, "sampling", [one])
    assert [v["抽样编号"] for _, v in shown(unit)] == ["2"]
    ledger_grid.restore(unit, "sampling", removed.changes, back=True)
    assert shown(unit)[0] == (one, {"抽样编号": "1", "样品名称": "甲"})
    back = ledger_grid.restore(unit, "sampling", edited.changes, back=True)
    assert back.rows[one].values == {"抽样编号": "1"}
    ledger_grid.restore(unit, "sampling", added.changes, back=True)
    assert shown(unit) == []
    ledger_grid.restore(unit, "sampling", added.changes, back=False)
    ledger_grid.restore(unit, "sampling", edited.changes, back=False)
    assert shown(unit)[0] == (one, {"抽样编号": "1", "样品名称": "甲"})


def test_undoing_leaves_rows_that_were_edited_since(unit):
    type_in(unit, (-1, {"抽样编号": "1"}), (-2, {"抽样编号": "2"}))
    (one, _), (two, _) = shown(unit)
    step = type_in(unit, (one, {"样品名称": "甲"}), (two, {"样品名称": "甲"}))
    type_in(unit, (one, {"样品名称": "乙"}))
    back = ledger_grid.restore(unit, "sampling", step.changes, back=True)
    assert back.kept == 1
    assert [v.get("样品名称") for _, v in shown(unit)] == ["乙", None]


def test_undoing_is_an_edit_of_its_own_so_that_it_travels(unit):
    (change,) = type_in(unit, (-1, {"抽样编号": "1"})).changes
    ledger_grid.restore(unit, "sampling", [change], back=True)
    ledger_grid.restore(unit, "sampling", [change], back=False)
    (entry,) = ledgers.page(unit, "sampling")
    assert entry.revision.contains(change.after.revision)
    assert entry.revision != change.after.revision


def test_the_office_says_whose_row_it_is(office):
    done = type_in(
        office,
        (-1, {"抽样编号": "1"}),
        (-2, {"抽样编号": "2", UNIT: "西兴"}),
        (-3, {"抽样编号": "3", UNIT: "某局"}),
        (-4, {"抽样编号": "4", UNIT: "区市监局"}),
    )
    assert [(f.row, f.title) for f in done.faults] == [(-1, UNIT), (-3, UNIT)]
    ordered = ledger_grid.window(office, "sampling", View(sort=BY_UNIT)).numbers
    texts = ledger_grid.block(office, "sampling", ordered, [UNIT, "抽样编号"])
    assert texts == [["区市场监管局", "4"], ["西兴街道", "2"]]
    some = ledger_grid.window(office, "sampling", View(units=("xx",)))
    assert (len(some.numbers), some.total) == (1, 2)
    moved = type_in(office, (some.numbers[0], {UNIT: "区市监局"}))
    assert "不能改换单位" in moved.faults[0].message


def test_what_is_empty_comes_last_in_both_directions(unit):
    for number, name in (("1", "乙"), ("2", ""), ("3", "甲")):
        type_in(unit, (-1, {"抽样编号": number, "样品名称": name}))
    for descending in (False, True):
        view = View(sort="样品名称", descending=descending)
        assert [v["抽样编号"] for _, v in shown(unit, view=view)][-1] == "2"
    empty = View(conditions=(Condition("样品名称", CellCheck.EMPTY),))
    assert len(shown(unit, view=empty)) == 1


def test_copies_are_masked_unless_shown(unit):
    type_in(
        unit, (-1, {"编号": "T1", "投诉人": "张三", "联系电话": "13812345678"}), ledger="complaint"
    )
    numbers = ledger_grid.window(unit, "complaint", View()).numbers
    titles = ["编号", "投诉人", "联系电话"]
    assert ledger_grid.block(unit, "complaint", numbers, titles, covered=True) == [
        ["T1", "张*", "138****5678"]
    ]
    assert ledger_grid.block(unit, "complaint", numbers, titles) == [["T1", "张三", "13812345678"]]


def test_checking_changes_nothing(unit):
    edits = [RowEdit(-1, {"抽样编号": "1"}), RowEdit(-2, {"抽样编号": "2", "类别": "玩具"})]
    assert [f.row for f in ledger_grid.check_cells(unit, "sampling", edits)] == [-2]
    assert shown(unit) == []


def test_a_row_that_somebody_removed_is_told(unit):
    type_in(unit, (-1, {"抽样编号": "1"}))
    ((number, _),) = shown(unit)
    ledger_grid.remove(unit, "sampling", [number])
    assert "已被删除" in type_in(unit, (number, {"样品名称": "甲"})).faults[0].message


def test_rows_of_other_units_are_not_touched_by_a_unit(office, unit):
    entry = LedgerEntry("", "sampling", "fgj", {"抽样编号": "1"})
    with unit.writing() as writing:
        ledger_grid.ledgers.edit_entries(writing, [entry])
    ((number, _),) = shown(unit)
    for refused in (
        lambda: type_in(unit, (number, {"样品名称": "甲"})),
        lambda: ledger_grid.remove(unit, "sampling", [number]),
    ):
        with pytest.raises(Exception, match="不是本单位"):
            refused()
