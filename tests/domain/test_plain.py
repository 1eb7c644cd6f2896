"""Values and their plain form: what is stored and travels has one spelling, to the byte."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from msgspec import Struct

from fsdesk.documents.ledger_file import load_builtin_ledgers
from fsdesk.documents.plan_file import load_builtin_plan
from fsdesk.domain.agenda.agenda import Event
from fsdesk.domain.assessment import Adjustment, Scheme
from fsdesk.domain.ledger.codec import ledgers_from_dict, ledgers_to_dict
from fsdesk.domain.ledger.ledger import Ledger
from fsdesk.domain.packet.updates import Update
from fsdesk.domain.plain import canonical, from_plain, to_plain
from fsdesk.domain.plan.codec import plan_from_dict, plan_to_dict
from fsdesk.domain.plan.plan import Section
from fsdesk.domain.quality.rules import QualityChoices
from fsdesk.domain.records.records import DataValue, Milestone, ProgressReport
from fsdesk.domain.settings import Rules
from fsdesk.domain.supervision.letters import Letter, LetterDraft
from fsdesk.places import project_file

KINDS = [
    Adjustment, DataValue, LetterDraft, Event, Ledger, Letter, Milestone, ProgressReport,
    QualityChoices, Rules, Scheme, Section, Update,
]  # fmt: skip


def text(plain):
    """Write JSON as the store does; days as they have always been written."""
    return json.dumps(plain, ensure_ascii=False, default=lambda day: day.isoformat())


def fields_of(thing):
    """What a value says, by names, down to what is no value of its own."""
    if isinstance(thing, Struct):
        return {name: fields_of(getattr(thing, name)) for name in thing.__struct_fields__}
    if isinstance(thing, (tuple, list)):
        return [fields_of(each) for each in thing]
    if isinstance(thing, dict):
        return {key: fields_of(each) for key, each in thing.items()}
    return thing


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_the_plain_form_is_the_fields_in_their_order_and_comes_back(kind):
    # A section of the plan holds points, tasks, indicators: large by nature.
    @settings(max_examples=25, suppress_health_check=[HealthCheck.data_too_large])
    @given(st.from_type(kind))
    def holds(thing):
        written = text(to_plain(thing))
        assert written == text(fields_of(thing))
        again = from_plain(kind, json.loads(written))
        assert repr(again) == repr(thing)  # a number that is none is not equal to itself
        assert text(to_plain(again)) == written

    holds()


def test_the_plan_and_the_ledgers_that_are_built_in_come_back():
    plan = load_builtin_plan(2026)
    plain = json.loads(text(plan_to_dict(plan)))
    assert plan_from_dict(plain) == plan
    assert text(plan_to_dict(plan_from_dict(plain))) == text(plain)
    ledgers = load_builtin_ledgers()
    plain = [fields_of(ledger) for ledger in ledgers]
    for each in plain:  # what came later is left out where it says nothing
        if not each["keyed_by_unit"]:
            del each["keyed_by_unit"]
    assert text(ledgers_to_dict(ledgers)) == text(plain)
    assert ledgers_from_dict(json.loads(text(ledgers_to_dict(ledgers)))) == ledgers


NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
# Values, texts that look like numbers in another form, and numbers that have two forms.
VALUES = st.none() | st.booleans() | NUMBERS | st.text() | st.from_regex(r"[:,]?-?0?\.?0*e?[0-9]*")
PLAIN = st.recursive(
    VALUES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=12
)


@given(PLAIN, st.booleans())
@example([1e16, 1e-5, 123456789012345678.0, 5e-324, 0.0001, {"e5": -1e-7}], True)
def test_what_seals_are_set_on_is_written_as_python_writes_it(plain, spaced):
    signs = (", ", ": ") if spaced else (",", ":")
    usual = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=signs)
    assert canonical(plain, spaced=spaced) == usual


@pytest.mark.parametrize(
    "plain",
    [
        {}, None, [], {"id": "a"}, {"id": 1, "unit": "", "points": 1, "reason": "", "day": "x"},
        {"id": "1", "unit": "u", "points": "1", "reason": "", "day": "2026-01-01"},
    ],
)  # fmt: skip
def test_what_is_not_of_its_kind_is_refused(plain):
    with pytest.raises(ValueError, match=r"Expected|missing"):
        from_plain(Adjustment, plain)


def test_what_a_later_program_adds_is_passed_over_and_what_an_earlier_lacks_is_as_declared():
    assert from_plain(Rules, {"due_days": 7, "of tomorrow": 1}) == Rules(due_days=7)


_AT_ONCE = """
import sys, threading
from enum import Enum
from msgspec import defstruct
from fsdesk.domain.plain import from_plain

sys.setswitchinterval(1e-6)
for _ in range(60):
    kind = Enum("Kind", {f"K{n}": f"k{n}" for n in range(40)})
    fields = [("kind", kind), ("kinds", tuple[kind, ...])]
    parts = [defstruct(f"Part{n}", fields) for n in range(6)]
    whole = defstruct("Whole", [(f"f{n}", tuple[each, ...]) for n, each in enumerate(parts)])
    plain = {f"f{n}": [{"kind": "k1", "kinds": ["k2"]}] for n in range(6)}
    begin = threading.Barrier(4)

    def read():
        begin.wait()
        for _ in range(3):
            from_plain(whole, plain)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for each in readers:
        each.start()
    for each in readers:
        each.join()
"""


def test_kinds_that_several_threads_read_first_at_once_end_no_program():
    """The library's own look at a kind stands no second thread: the window's start fell over it."""
    ended = subprocess.run(
        [sys.executable, "-c", _AT_ONCE],
        cwd=project_file("."),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
