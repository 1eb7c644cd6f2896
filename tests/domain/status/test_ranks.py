"""Places of units: equal ones share one, the office judges and has none."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from fsdesk.domain.status.ranks import ranks
from fsdesk.domain.status.shares import share_text
from tests.reports.conftest import make_status

STATUS = make_status()
OFFICE = "sya"


def with_progress(shares):
    """The small year with other figures for its units."""
    units = []
    for unit, share in zip(STATUS.units, shares, strict=False):
        part = replace(unit.tasks[0].parts[0], progress=share)
        task = replace(unit.tasks[0], progress=share, parts=(part,))
        units.append(replace(unit, progress=share, tasks=(task,)))
    return replace(STATUS, units=tuple(units))


FIGURES = st.one_of(st.none(), st.sampled_from([0.0, 0.5, 0.9999, 1.0]), st.floats(0, 1))


@given(st.lists(FIGURES, min_size=5, max_size=5))
def test_what_reads_the_same_has_the_same_place_and_more_is_never_behind(shares):
    status = with_progress(shares)
    found = ranks(status)
    assert {each.unit.unit for each in found} == {unit.unit for unit in status.units}
    placed = [each for each in found if each.place is not None]
    for one in placed:
        before = [o for o in placed if o.place < one.place]
        assert one.place == len(before) + 1
        same = [o for o in placed if share_text(o.unit.standing) == share_text(one.unit.standing)]
        assert {each.place for each in same} == {one.place}
        assert one.tied == (len(same) > 1) == one.text.startswith("并列第")
        assert all(o.unit.standing >= one.unit.standing for o in before)
    assert all(each.unit.progress is None for each in found if each.text == "—")


def test_the_office_stands_last_without_a_place():
    last = ranks(with_progress([1.0] * 5))[-1]
    assert (last.unit.unit, last.place, last.text) == (OFFICE, None, "不排名")


def test_units_that_share_the_first_place_are_all_first():
    texts = [each.text for each in ranks(with_progress([0.1, 1.0, 1.0, 1.0, 0.5]))]
    assert texts == ["并列第1", "并列第1", "并列第1", "第4", "不排名"]
