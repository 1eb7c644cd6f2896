"""Forged packets of every kind: nothing is taken without a word, nor does it outlast the truth.

The model: what holds its seal is its sender's word, about the sender alone. All else changes
nothing, or is taken as filled in by hand once a person said yes to just that; and what the units
and the office really send later counts as if nothing had been forged.
"""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.packet.signing import SignatureState
from fsdesk.domain.plain import canonical
from fsdesk.domain.steps import run_through
from fsdesk.packets.layout import SHEETS
from fsdesk.services.as_json import checked_json, summary_json
from fsdesk.services.care import maintenance
from fsdesk.services.packet import checking, exchange, history, import_undo, importing, signing
from fsdesk.services.packet.importing import Accepted, Result
from fsdesk.services.status_line import status_line
from fsdesk.unforeseen import UNEXPECTED
from tests.services.packet.forged_world import (
    LATER,
    NOW,
    UNITS,
    everything,
    lead,
    letters_of,
    make_world,
    word_of_office,
)
from tests.services.packet.forger import SEAL, Forgery, bundled
from tests.workspaces import MARCH, import_files

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
FORGERIES = 25 if settings().max_examples < 1000 else 800
MOSTLY = 0.8
NOTHING, ALL = Accepted(), Accepted(unsigned=True, missing=True, plan=True)
BY_HAND = {SignatureState.UNSIGNED, SignatureState.MISSING}
# What is put into cells of the hidden sheet: other units, periods, times, numbers and edits.
ABSURD = (
    "", None, "0", "-1", "9" * 15, "9" * 5000, 1e308, 2.5, True, "２０２６", "fgj", "xx", "nobody",
    "2026-04", "2026-Q1", "2025-03", "9999-99", "2099-01-01T00:00:00+00:00", "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59-23:59", "2026-04-02", "PLAN", "REPORT", "FEEDBACK", "x" * 32_000, "[]",
    "{}", "null", "[[[[", "é\u200b\U0001f600", "a:1", "h000000000000000:1", "00" * 32, "zz",
    "../../x", "=1+1",
)  # fmt: skip


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    return make_world(tmp_path_factory.mktemp("forged"))


class Bench:
    """Open copies of workspaces, each until something was taken into it."""

    def __init__(self, world, folder):
        self.world, self.folder = world, folder
        self._open, self._count = {}, 0

    def fresh(self, role):
        if role not in self._open:
            self._count += 1
            self._open[role] = self.world.opened(role, self.folder / f"{role}-{self._count}")
        return self._open[role]

    def use_up(self, role):
        self._open.pop(role).close()

    def next_file(self, ending):
        self._count += 1
        return self.folder / f"forged-{self._count}{ending}"


@pytest.fixture(scope="module")
def bench(world, tmp_path_factory):
    made = Bench(world, tmp_path_factory.mktemp("bench"))
    yield made
    for role in ("office", *UNITS):
        made.fresh(role)
        made.use_up(role)


def take(workspace, file, accepted):
    (taken,) = run_through(importing.import_packets(workspace, [file], accepted=accepted)).files
    assert UNEXPECTED not in taken.message, taken.checked.findings
    return taken


def whose_word(workspace, file):
    """Give the unit whose seal a file holds as it is; none for anything else."""
    try:
        packet = checking.read(file)
    except InputRejectedError:
        return None
    if packet.seal is None or packet.hand_edited:
        return None
    signers = signing.registered(workspace)
    return next((s.unit for s in signers if s.public_key == packet.seal.public_key), None)


# Who sends what to whom, and signs it with which key.
SENT = (
    ("scj-second", "office", "scj"), ("fgj-second", "office", "fgj"),
    ("scj-first", "office", "scj"), ("scj-feedback", "scj", "office"),
    ("scj-april", "scj", "office"), ("fgj-feedback", "fgj", "office"),
)  # fmt: skip


# Forgeries

SWAPS = (
    ("unit", "fgj"), ("unit", "scj"), ("unit", "xx"), ("unit", "ban"), ("period", "2026-04"),
    ("period", "2026-02"), ("year", "2025"), ("year", "2027"), ("kind", "REPORT"),
    ("kind", "FEEDBACK"), ("kind", "PLAN"), ("plan_revision", "9"), ("plan_revision", "9" * 15),
    ("author", "0" * 12), ("packet_id", "0" * 16), ("created_at", "2099-01-01T00:00:00+00:00"),
    ("created_at", "2026-04-01T00:00:00+00:00"), ("format_version", "2"),
)  # fmt: skip


def alter(dice, forged):
    """Another value in a cell of the hidden sheet."""
    rows = forged.rows()
    row = rows[dice.randrange(len(rows))]
    place = dice.randrange(len(row))
    row[place] = dice.choice(ABSURD)


def lose(dice, forged):
    """A line of the hidden sheet is gone."""
    rows = forged.rows()
    del rows[dice.randrange(len(rows))]


def swap(dice, forged):
    """The packet of another unit, period, year, kind or office by its own words."""
    forged.note(*dice.choice(SWAPS))


def claim(dice, forged):
    """Rows claim edits, known ones or such as nobody ever made."""
    known = [str(row[3]) for row in forged.rows() if row[0] == "row" and row[3]]
    author = known[0].split(":")[0] if known else "0" * 22
    claims = ["", f"{author}:1", f"{author}:999", f"{author[:12]}:9", "a:1,b:2"]
    claimed = dice.choice(claims)
    for row in forged.rows():
        if row[0] in {"row", "entry"}:
            row[3] = claimed


def fill(dice, forged):
    """Other figures where people look."""
    for sheet in SHEETS:
        rows = forged.rows(sheet.title)
        head = next(n for n, row in enumerate(rows) if "编码" in row[0])
        titles = [str(title) for title in rows[head]]
        for row in rows[head + 1 :]:
            for column in sheet.inputs:
                if column.title in titles and column.title in {"本期数", "进展情况"}:
                    row[titles.index(column.title)] = dice.choice([999.0, 7.0])


def hand_down(dice, forged):
    """Another plan, other rules, letters and reviews."""
    plain = forged.handed_down
    if plain is None:
        return
    what = dice.choice(["plan", "rules", "ledgers", "events", "review", "letters"])
    if what == "plan":
        plain["plan"]["revision"] = dice.choice([1, 2, 9, 10**14])
        plain["plan"]["title"] = "冒充的计划"
    elif what == "rules":
        plain["rules"]["report_day"] = 28
        plain["rules"]["seal_all"] = True
    elif what in {"ledgers", "events"}:
        plain[what] = plain[what][:1]
    elif what == "review":
        plain["review"] = {
            "state": "accepted", "comment": "冒充", "at": "2099-01-01T00:00:00+00:00",
            "report": "", "rows": [],
        }  # fmt: skip
    else:
        for notice in plain["letters"]:
            notice["letter"] |= {"state": "closed", "reply_by": "2026-12-31"}
            notice["body"] = dice.choice([notice["body"], "冒充的函"])
    forged.handed_down = plain


def alter_plan(dice, forged):
    """Another value somewhere in what the office hands down."""
    plain = forged.handed_down
    if plain is None:
        return
    there = plain
    for _ in range(dice.randrange(1, 9)):
        name = dice.choice(list(there) if isinstance(there, dict) else range(len(there)))
        if not isinstance(there[name], dict | list) or not there[name]:
            break
        inside, name_inside, there = there, name, there[name]
    else:
        there, name = inside, name_inside
    there[name] = dice.choice(ABSURD)
    forged.handed_down = plain


def strip(dice, forged):
    """The seal, or half of it, is gone."""
    forged.strip(*dice.choice([SEAL, SEAL[:1], SEAL[1:]]))


def break_sealed(dice, forged):
    """What travels sealed is another, or of another packet."""
    if "_sealed" in forged.titles:
        rows = forged.rows("_sealed")
        row = rows[dice.randrange(len(rows))]
        row[1] = dice.choice(["||", "|{}|", str(row[1])[:-9] + "AAAAAAAA|"])


WAYS = (
    alter, lose, swap, swap, claim, claim, fill, fill, hand_down, hand_down, strip, break_sealed,
)  # fmt: skip
ENDS = ("as it is", "strip", "strip", "strip", "other seal", "sign")


def forge(dice, world, bench):
    """Draw a forgery and for whom it is; None when what came out can't even be signed."""
    role = dice.choice(["office", *UNITS])
    all_names = sorted(world.packets)
    fitting = [name for name in all_names if role == "office" or role in name]
    names = fitting if dice.random() < MOSTLY else all_names
    source = world.packets[dice.choice(names)]
    forged = Forgery(source, bench.next_file(source.suffix))
    for way in dice.choices(WAYS, k=dice.choice((0, 1, 1, 1, 2, 2, 3))):
        way(dice, forged)
    end = dice.choice(ENDS)
    event(end)
    if end == "strip":
        forged.strip(*SEAL)
    elif end == "other seal":
        other = world.packets[dice.choice(sorted(world.packets))]
        forged.seal_of(Forgery(other, source))
    elif end == "sign":
        try:
            forged.sign(world.keys[dice.choice(["fgj", "fake", "stranger"])])
        except (InputRejectedError, OverflowError):
            return None, role
    return forged.write(), role


@settings(
    max_examples=FORGERIES,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(seed=st.integers(0, 2**32))
def test_nothing_forged_is_taken_without_a_word_or_outlasts_the_truth(world, bench, seed):
    dice = Random(seed)
    file, role = forge(dice, world, bench)
    if file is None:
        return
    workspace = bench.fresh(role)
    theirs = whose_word(workspace, file)
    before = everything(workspace)
    own = lead(workspace, role)
    checked = run_through(checking.check_packets(workspace, [file]))[0]
    assert not any(UNEXPECTED in finding.message for finding in checked.findings), checked.findings
    assert everything(workspace) == before
    quietly = take(workspace, file, NOTHING)
    if theirs is None and quietly.result is not Result.REJECTED:
        # Nothing but the first file of a unit that never sent one, and that is said.
        assert quietly.checked.signature is SignatureState.NEW
        assert "首次收到，已登记密钥" in quietly.message
    elif theirs is None:
        assert everything(workspace) == before
    loudly = take(workspace, file, ALL)
    event(f"{role} {loudly.result} {loudly.checked.signature}")
    if everything(workspace) == before:
        return
    packet = loudly.checked.packet
    if packet is not None and theirs is None and loudly.result is Result.IMPORTED:
        assert loudly.checked.signature in BY_HAND
        assert loudly.checked.needs_yes or loudly.checked.plan_doubt
    take(workspace, file, ALL)
    workspace.clock.set(LATER)
    if role == "office":
        at_office_the_truth_counts(world, workspace, theirs)
    else:
        assert own == lead(workspace, role)
        if role == "scj":
            at_the_unit_the_office_counts(world, workspace)
    bench.use_up(role)
    workspace.clock.set(NOW)


@settings(
    max_examples=FORGERIES,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(seed=st.integers(0, 2**32))
def test_whatever_its_sender_writes_is_taken_or_refused_in_words(world, bench, seed):
    dice = Random(seed)
    name, role, key = dice.choice(SENT)
    source = world.packets[name]
    forged = Forgery(source, bench.next_file(source.suffix))
    for way in dice.choices(
        (alter, swap, claim, hand_down, break_sealed), k=dice.choice((1, 1, 2))
    ):
        way(dice, forged)
    try:
        forged.sign(world.keys[key])
    except (InputRejectedError, OverflowError):
        forged.strip(*SEAL)
    file, workspace = forged.write(), bench.fresh(role)
    before = everything(workspace)
    (checked,) = run_through(checking.check_packets(workspace, [file]))
    assert not any(UNEXPECTED in finding.message for finding in checked.findings), checked.findings
    assert canonical(checked_json(checked))
    taken = take(workspace, file, ALL)
    assert canonical(summary_json(importing.ImportSummary((taken,))))
    event(f"{role} {taken.result}")
    if everything(workspace) == before:
        return
    # What was taken can be read, summed up and sent on.
    assert maintenance.verify(workspace) == ()
    lead(workspace, role)
    letters_of(workspace)
    history.history(workspace)
    status_line(workspace, MARCH)
    import_files(workspace, *(world.later[each] for each in ("scj", "fgj", "feedback")))
    if role == "office":
        answers = run_through(exchange.answer_reports(workspace, MARCH, bench.folder / "answers"))
        assert [checking.read(each.file).header.unit for each in answers]
    else:
        exchange.export_report(workspace, MARCH, bench.next_file(".zip"), early=True)
    import_undo.undo_last_import(workspace)
    bench.use_up(role)


@pytest.mark.parametrize("ending", [".zip", ".fsdesk"])
def test_a_bundle_of_several_packets_is_refused_and_stops_no_other(world, bench, ending):
    file = bundled([world.packets["scj-plan"], world.packets["scj-first"]], bench.next_file(ending))
    office = bench.fresh("office")
    found = run_through(checking.check_packets(office, [file, world.packets["fgj-first"]]))
    assert [item.ok for item in found] == [False, True]
    assert "正好有一个报送包工作簿，现有 2 个" in str(found[0].findings[0])


def at_office_the_truth_counts(world, office, theirs):
    """What the units send now leads, whatever was forged; except what one said of itself."""
    units = [unit for unit in UNITS if unit != theirs]
    summary = import_files(office, *(world.later[unit] for unit in units))
    assert summary.count(Result.REJECTED) == 0, [item.message for item in summary.files]
    for unit in units:
        found = lead(office, unit)
        assert {key: found.get(key) for key in world.truth["office"][unit]} == world.truth[
            "office"
        ][unit]
    assert letters_of(office) == world.truth["replies"]
    # Nor does a replay of what was sent before change that.
    import_files(office, *(world.packets[f"{u}-{n}"] for u in units for n in ("first", "second")))
    assert all(lead(office, u).items() >= world.truth["office"][u].items() for u in units)


def at_the_unit_the_office_counts(world, unit):
    """The office's next packet counts, and its former ones change nothing of that."""
    import_files(unit, world.later["feedback"])
    assert differing(word_of_office(unit), world.truth["scj"]) == []
    import_files(unit, world.packets["scj-feedback"], world.packets["scj-plan"])
    assert differing(word_of_office(unit), world.truth["scj"]) == []
    assert lead(unit, "scj") == world.truth["own"]


def differing(one, other):
    """Give the names under which two say different things."""
    return [name for name in one if one[name] != other[name]]
