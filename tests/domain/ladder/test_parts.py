"""分单位: sums over units, at every height, in one form."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from fsdesk.domain.ladder.parts import (
    NO_AMOUNT,
    Amount,
    PartRow,
    PartSheet,
    UnitPart,
    added,
    gaps,
    parts_of_text,
    parts_text,
    rows_of_plain,
    rows_plain,
    sheet_digest,
)

amounts = st.one_of(
    st.just(NO_AMOUNT),
    st.integers(-50, 5000).map(lambda n: Amount(n / 100)),
    st.tuples(st.integers(0, 90), st.integers(0, 90)).map(
        lambda sides: Amount(None, float(sides[0]), float(sides[1]))
    ),
)
paths = st.lists(st.sampled_from("abc"), min_size=1, max_size=3).map(tuple)
sheets = st.dictionaries(st.tuples(paths, st.sampled_from(["I1", "I2"])), amounts).map(
    lambda found: PartSheet(
        "2026-03",
        "2026-04-02T01:00:00+00:00",
        tuple(sorted({(path, f"单位{path[-1]}") for path, _ in found})),
        tuple(
            UnitPart(path, code, amount, int(amount != NO_AMOUNT), 1, "报送")
            for (path, code), amount in found.items()
        ),
    )
)


def part(amount, *path, indicator="I1", known=1):
    return UnitPart(path, indicator, amount, known, 1)


@given(sheets)
def test_what_travels_comes_back_the_same(sheet):
    again = parts_of_text(json.loads(parts_text(sheet)))
    assert set(again.parts) == set(sheet.parts)
    assert again.name_of == sheet.name_of
    assert parts_text(again) == parts_text(replace(again, names=sheet.names))
    assert sheet_digest(again) == sheet_digest(replace(sheet, names=again.names))


@given(st.lists(amounts), st.randoms())
def test_a_sum_is_the_same_in_any_order_and_nothing_is_no_zero(found, luck):
    mixed = list(found)
    luck.shuffle(mixed)
    assert added(mixed) == added(found)
    assert (added(found).value is None) is all(each.value is None for each in found)


def test_only_units_just_below_add_up_so_that_nothing_counts_twice():
    sheet = PartSheet(
        "2026-03",
        "",
        parts=(
            part(Amount(5.0), "a"),
            part(Amount(2.0), "a", "x"),
            part(Amount(3.0), "a", "y"),
            part(Amount(7.0), "b"),
        ),
    )
    assert sheet.total("I1") == Amount(12.0)
    assert sheet.total("I1", ("a",)) == Amount(5.0)
    assert sheet.depth == 2
    assert gaps(sheet, {"I1": Amount(12.0)}) == ()


def test_a_difference_is_told_at_the_level_at_which_it_lies():
    sheet = PartSheet("2026-03", "", parts=(part(Amount(5.0), "a"), part(Amount(2.0), "a", "x")))
    (own, below) = gaps(sheet, {"I1": Amount(6.0)})
    assert (own.path, own.stated, own.summed) == ((), Amount(6.0), Amount(5.0))
    assert (below.path, below.stated, below.summed) == (("a",), Amount(5.0), Amount(2.0))


def test_what_nobody_reported_differs_from_a_zero():
    sheet = PartSheet("2026-03", "", parts=(part(NO_AMOUNT, "a", known=0),))
    assert sheet.coverage("I1") == (0, 1)
    assert gaps(sheet, {}) == ()
    (gap,) = gaps(sheet, {"I1": Amount(0.0)})
    assert gap.summed == NO_AMOUNT
    assert gap.summed.text("家") == "未填"


@pytest.mark.parametrize(
    "change",
    [
        lambda plain: plain["parts"][0].__setitem__(0, 9),
        lambda plain: plain["parts"][0].__setitem__(2, "12"),
        lambda plain: plain["parts"].append(plain["parts"][0]),
        lambda plain: plain["units"][0].__setitem__(0, []),
        lambda plain: plain["parts"][0].__setitem__(5, -1),
        lambda plain: plain.pop("indicators"),
    ],
)
def test_anything_else_is_refused(change):
    plain = json.loads(parts_text(PartSheet("2026-03", "", parts=(part(Amount(5.0), "a"),))))
    change(plain)
    with pytest.raises((ValueError, IndexError)):
        parts_of_text(plain)


def test_rows_come_back_the_same():
    rows = (PartRow(("a", "x"), "I1", "监督抽检", (("抽样编号", "C-1"), ("结论", "合格"))),)
    assert rows_of_plain(json.loads(json.dumps(rows_plain(rows)))) == rows
