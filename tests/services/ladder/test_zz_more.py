"""Any order and repetition of packets over three levels: sums agree, nothing counts twice."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fsdesk.demo.levels import CITY, DISTRICT, FOOD, PROVINCE, bureaus, districts, plan_of
from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.ladder.carrying import Carry
from fsdesk.domain.ladder.parts import gaps
from fsdesk.domain.plan.units import Unit, UnitKind
from fsdesk.domain.records.records import DataValue, RecordKey, RecordKind
from fsdesk.domain.records.submissions import SubmissionState
from fsdesk.domain.status.drill_down import Depth, FigureRef
from fsdesk.services.ladder import drawing, matching, own_workspace, unit_parts
from fsdesk.services.packet import exchange, reviewing
from fsdesk.services.packet.importing import Result
from fsdesk.services.records import recording
from fsdesk.services.status import aggregation
from fsdesk.services.status.drill_down import open_figure
from fsdesk.store.ladder import parts
from fsdesk.store.records import submissions
from tests.kept import KEEPER
from tests.workspaces import MARCH, Clock, import_files, make_office, make_unit

MATTERS = FOOD[:1]
DISTRICTS, UNITS = ("d01", "d02"), ("u01", "u02")
LOW, MID, TOP = "I101", "I401", "I701"
PLANS = (
    plan_of(DISTRICT, bureaus("区", 2), MATTERS, 1),
    plan_of(CITY, districts(2), MATTERS, 2),
    plan_of(PROVINCE, (Unit("c01", "本市", UnitKind.DISTRICT),), MATTERS, 4),
)
whose = st.tuples(st.sampled_from(DISTRICTS), st.sampled_from(UNITS))
steps = st.one_of(
    st.tuples(st.just("report"), whose, st.integers(0, 99)),  # a first figure, or a correction
    st.tuples(st.just("deliver"), whose, st.integers(0, 9)),  # one of the packets made so far
    st.tuples(st.just("send on"), st.sampled_from(DISTRICTS)),
    st.tuples(st.just("arrive"), st.sampled_from(DISTRICTS), st.integers(0, 9)),
    st.tuples(st.just("return"), st.sampled_from(DISTRICTS)),
    st.tuples(st.just("accept"), st.sampled_from(DISTRICTS)),
    st.tuples(st.just("reopen"), st.sampled_from(DISTRICTS)),
)


@dataclass
class Sent:
    """The packets that one sender made, oldest first, and which have arrived."""

    files: list[Path] = field(default_factory=list)
    said: list[object] = field(default_factory=list)
    arrived: set[int] = field(default_factory=set)

    @property
    def stands(self):
        """What the newest that arrived says; None where none did."""
        return self.said[max(self.arrived)] if self.arrived else None


class Ladder:
    """Three levels with real workspaces and packets, beside plain notes of what was sent."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.clock = folder, Clock()
        self.province = make_office(folder / "province", self.clock, PLANS[2])
        self.city = make_office(folder / "city", self.clock, PLANS[1])
        self.up = self._linked(
            make_unit(self.province, folder / "up", "c01", self.clock), self.city
        )
        unit_parts.choose_carrying(self.up, Carry(below=True))
        self.own, self.upper, self.units = {}, {}, {}
        for code in DISTRICTS:
            self.own[code] = own = make_office(folder / code, self.clock, PLANS[0])
            upper = make_unit(self.city, folder / f"{code}-up", code, self.clock)
            self.upper[code] = self._linked(upper, own)
            for unit in UNITS:
                self.units[code, unit] = make_unit(own, folder / f"{code}-{unit}", unit, self.clock)
        self.reports = {whose: Sent() for whose in self.units}
        self.sums = {code: Sent() for code in DISTRICTS}

    def _linked(self, upper, own):
        own_workspace.choose(upper, own.folder)
        matching.confirm_proposed(upper)
        return upper

    def close(self) -> None:
        ours = [self.province, self.city, self.up, *self.own.values(), *self.upper.values()]
        for workspace in [*ours, *self.units.values()]:
            workspace.close()

    def do(self, what: str, who, number: int = 0) -> None:
        minute = self.clock.now.hour * 60 + self.clock.now.minute + 1
        self.clock.now = self.clock.now.replace(hour=minute // 60, minute=minute % 60)
        {"report": self.report, "deliver": self.deliver, "send on": self.send_on,
         "arrive": self.arrive, "return": self.give_back, "accept": self.accept,
         "reopen": self.reopen}[what](who, number)  # fmt: skip

    def report(self, who, number: int) -> None:
        sent, unit = self.reports[who], self.units[who]
        key = RecordKey(RecordKind.VALUE, LOW, who[1], "2026-03")
        recording.save_all(unit, [(key, DataValue(float(number)))])
        file = self.folder / f"{'-'.join(who)}-{len(sent.files)}.xlsx"
        sent.files.append(exchange.export_report(unit, MARCH, file).file)
        sent.said.append(float(number))

    def deliver(self, who, number: int) -> None:
        self._take(self.own[who[0]], self.reports[who], number)

    def send_on(self, code: str, _: int) -> None:
        said = {unit: self.reports[code, unit].stands for unit in UNITS}
        drawing.draw(self.upper[code], MARCH, again=True)
        sent = self.sums[code]
        file = self.folder / f"{code}-{len(sent.files)}.xlsx"
        if all(each is None for each in said.values()):
            with pytest.raises(InputRejectedError, match="还没有填报"):
                exchange.export_report(self.upper[code], MARCH, file)
            return
        sent.files.append(exchange.export_report(self.upper[code], MARCH, file).file)
        sent.said.append(said)

    def arrive(self, code: str, number: int) -> None:
        self._take(self.city, self.sums[code], number, locked=self._is_accepted(code))

    def _take(self, office, sent: Sent, number: int, *, locked: bool = False) -> None:
        if sent.files:
            at = number % len(sent.files)
            (done,) = import_files(office, sent.files[at]).files
            if done.result is Result.REJECTED:
                assert locked, done.message  # what was accepted stays until it is opened again
            else:
                sent.arrived.add(at)

    def _is_accepted(self, code: str) -> bool:
        with self.city.reading() as session:
            found = submissions.find_submission(session, code, "2026-03")
        return found is not None and found.state is SubmissionState.ACCEPTED

    def give_back(self, code: str, _: int) -> None:
        if self.sums[code].arrived and not self._is_accepted(code):
            reviewing.return_report(self.city, code, MARCH, "请核对")

    def accept(self, code: str, _: int) -> None:
        if self.sums[code].arrived:
            reviewing.accept(self.city, code, MARCH)

    def reopen(self, code: str, _: int) -> None:
        if self._is_accepted(code):
            reviewing.reopen(self.city, code, MARCH, "更正")

    # What must hold

    def check(self) -> None:
        total = []
        for code, sent in self.sums.items():
            stands = sent.stands
            with self.city.reading() as session:
                sheet = parts.find(session, code, "2026-03")
            figure = self._figure(self.city, MID, code)
            if stands is None:
                assert (sheet, figure) == (None, None)
                continue
            assert {p.path[0]: p.amount.value for p in sheet.under(MID)} == stands
            total += [each for each in stands.values() if each is not None]
            assert figure == sum(each for each in stands.values() if each is not None)
            words = "".join(self._opened(self.city, MID, code).words)
            assert "与报送数一致" in words
        assert self._figure(self.city, MID) == (sum(total) if total else None)
        if total:
            self._check_province(sum(total))

    def _check_province(self, total: float) -> None:
        drawing.draw(self.up, MARCH)
        file = exchange.export_report(self.up, MARCH, self.folder / "市.xlsx").file
        for _ in range(2):
            import_files(self.province, file)
        assert self._figure(self.province, TOP) == total
        with self.province.reading() as session:
            sheet = parts.find(session, "c01", "2026-03")
        assert gaps(sheet, {TOP: sheet.total(TOP)}) == ()
        assert sheet.total(TOP).value == total
        for code, sent in self.sums.items():
            found = {p.path[1]: p.amount.value for p in sheet.under(TOP, (code,))}
            assert found == (sent.stands or {})

    def _figure(self, office, item, unit=""):
        result = next(
            each for each in aggregation.status(office, MARCH).indicators
            if each.indicator.code == item
        )  # fmt: skip
        if not unit:
            return result.figure.value
        return next(each for each in result.by_unit if each.unit == unit).figure.value

    def _opened(self, office, item, unit):
        return open_figure(office, MARCH, FigureRef(Depth.PARTS, item, unit))


@pytest.mark.slow
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(steps, min_size=8, max_size=24))
def test_sums_agree_at_every_level_with_what_was_sent(tmp_path, drawn):
    KEEPER.begin(tmp_path)  # each example begins with copies of what the first one made
    with tempfile.TemporaryDirectory(dir=tmp_path) as folder:
        ladder = Ladder(Path(folder))
        try:
            for number, who in enumerate(ladder.reports):  # so that most of it says something
                ladder.do("report", who, number + 1)
                ladder.do("deliver", who)
            ladder.do("send on", "d01")
            for step in drawn:
                ladder.do(*step)
            ladder.check()
        finally:
            ladder.close()
