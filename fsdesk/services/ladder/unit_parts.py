"""分单位: what each unit contributes to the figures that are taken over, and what goes along."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from fsdesk.domain.findings import reject
from fsdesk.domain.ladder.carrying import MOST_ROWS, Carry
from fsdesk.domain.ladder.parts import (
    NO_AMOUNT,
    Amount,
    PartRow,
    PartSheet,
    UnitPart,
    added,
    sheet_digest,
)
from fsdesk.domain.plain import from_plain, to_plain
from fsdesk.domain.records.submissions import SubmissionState
from fsdesk.services.status import part_rows
from fsdesk.store.ladder import parts
from fsdesk.store.records import submissions
from fsdesk.store.settings import load_setting, save_setting

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from fsdesk.domain.ladder.parts import Path
    from fsdesk.domain.ladder.period_parts import PeriodPart
    from fsdesk.services.ladder.own_figures import OwnMonth
    from fsdesk.store.session import Writing
    from fsdesk.workspace import Workspace

_CARRY = "ladder-carry"
_DIGITS = 6  # as figures are typed; see `scaled`


class Pair(Struct, frozen=True):
    """An indicator of the level's own plan that answers one of the plan above.

    Attributes:
        factor: By what its amounts become those of the plan above (万元 for 元).
    """

    lower: str
    factor: float = 1.0


def carrying(workspace: Workspace) -> Carry:
    """Return what was chosen to carry with the unit's reports."""
    with workspace.reading() as session:
        plain = load_setting(session, _CARRY)
    return from_plain(Carry, plain) if plain else Carry()


def choose_carrying(workspace: Workspace, carry: Carry) -> None:
    """Choose what goes along from the next taking over on."""
    with workspace.writing() as writing:
        if load_setting(writing.session, _CARRY) != to_plain(carry):
            save_setting(writing, _CARRY, to_plain(carry))


def parts_of(
    own: Workspace, month: OwnMonth, pairs: Mapping[str, Pair], carry: Carry | None = None
) -> PartSheet:
    """Return what each unit of an office contributes to the figures of a period.

    `own`: the office's workspace; `month`: its aggregate of the period.
    `pairs`: by code of the indicator above, which of its own answers it, as people confirmed.
    `carry`: what goes along beside its own units' figures.

    Raises:
        InputRejectedError: When more ledger rows would go along than a report holds.
    """
    return _Taking(own, month, carry or Carry()).sheet(pairs)


class _Taking:
    def __init__(self, own: Workspace, month: OwnMonth, carry: Carry) -> None:
        self._own, self._month, self._carry = own, month, carry
        self._names: dict[Path, str] = {}
        self._held: dict[str, Mapping[str, PartSheet]] = {}
        with own.reading() as session:
            self._states = {
                each.unit: each.state
                for each in submissions.submissions(session, str(month.period))
            }
            self._with_sheets = (
                parts.units_with_sheets(session) if carry.below else frozenset[str]()
            )

    def sheet(self, pairs: Mapping[str, Pair]) -> PartSheet:
        """Put the sheet together, indicator by indicator in the order of the pairs."""
        found: list[UnitPart] = []
        rows: list[PartRow] = []
        for upper, pair in pairs.items():
            indicator = self._month.plan.indicators_by_code.get(pair.lower)
            if indicator is None:
                continue
            for part in self._month.parts.get(pair.lower, ()):
                if not part.expected and not part.counts:
                    continue
                found.append(self._part(upper, pair, part))
                below = self._sheets_below(part)
                found += self._below(upper, pair, part, below)
                if self._carry.rows:
                    rows += self._rows(upper, pair, part, below)
            if len(rows) > MOST_ROWS:
                raise reject(
                    f"随报送带上的台账记录超过 {MOST_ROWS} 条", "请在“随报送带上”中取消台账记录"
                )
        return PartSheet(
            str(self._month.period),
            self._own.now(),
            tuple(sorted(self._names.items())),
            tuple(found),
            tuple(rows),
            f"{self._month.plan.unit_name(self._own.identity.unit)}，{self._month.basis_text}",
        )

    def _part(self, upper: str, pair: Pair, part: PeriodPart) -> UnitPart:
        path = (part.unit,)
        self._names[path] = self._month.plan.unit_name(part.unit)
        amount = Amount(part.value, part.numerator, part.denominator)
        known = int(part.reported)
        return UnitPart(path, upper, _scaled(amount, pair.factor), known, 1, self._origin(part))

    def _origin(self, part: PeriodPart) -> str:
        """Say where a unit's figure comes from."""
        said: list[str] = []
        if part.from_ledger:
            said.append("台账")
        elif part.unit == self._own.identity.unit:
            said.append("本办填报")
        elif part.reported:
            state = self._states.get(part.unit, SubmissionState.NONE)
            said.append(_STATES.get(state, "填报"))
        if not part.reported and part.as_of is not None and part.counts:
            said.append(f"截至{part.as_of.last_month}月")
        if part.lacking:
            said.append(f"缺 {part.lacking} 个月")
        if not part.expected:
            said.append("已不承担")
        said += [mark.label for mark in part.marks]
        return "，".join(said)

    # What came from units of units

    def _sheets_below(self, part: PeriodPart) -> tuple[PartSheet, ...]:
        """Return the sheets that came with what a unit reported of an indicator for the period."""
        if part.unit not in self._with_sheets or part.from_ledger or not part.counts:
            return ()
        if part.unit not in self._held:
            with self._own.reading() as session:
                self._held[part.unit] = parts.sheets(session, part.unit)
        held, period = self._held[part.unit], self._month.period
        if part.as_of is not None:  # of a level, that of the state that counts
            wanted = [str(part.as_of)]
        else:
            wanted = [str(each) for each in period.months if str(each) in held] or [str(period)]
        return tuple(held[each] for each in wanted if each in held)

    def _below(
        self, upper: str, pair: Pair, part: PeriodPart, sheets: Iterable[PartSheet]
    ) -> Iterator[UnitPart]:
        found: dict[Path, list[UnitPart]] = {}
        for sheet in sheets:
            for each in sheet.by_indicator.get(pair.lower, ()):
                path = (part.unit, *each.path)
                found.setdefault(path, []).append(each)
                for depth in range(1, len(each.path) + 1):
                    name = sheet.name_of.get(each.path[:depth], each.path[depth - 1])
                    self._names[part.unit, *each.path[:depth]] = name
        for path, several in found.items():
            amount = added(each.amount for each in several) if several else NO_AMOUNT
            yield UnitPart(
                path,
                upper,
                _scaled(amount, pair.factor),
                sum(each.known for each in several),
                sum(each.expected for each in several),
                "；".join(dict.fromkeys(each.origin for each in several if each.origin)),
            )

    def _rows(
        self, upper: str, pair: Pair, part: PeriodPart, sheets: Iterable[PartSheet]
    ) -> Iterator[PartRow]:
        for ledger, cells in part_rows.rows_behind(
            self._own, self._month.period, pair.lower, part.unit
        ):
            yield PartRow((part.unit,), upper, ledger, cells)
        for sheet in sheets:
            for row in sheet.rows:
                if row.indicator == pair.lower:
                    yield replace(row, path=(part.unit, *row.path), indicator=upper)


_STATES = {
    SubmissionState.ACCEPTED: "已接收的报送",
    SubmissionState.SUBMITTED: "报送（待审核）",
    SubmissionState.RETURNED: "报送（已退回）",
}


def _scaled(amount: Amount, factor: float) -> Amount:
    if amount.value is None or factor == 1.0:
        return amount
    return replace(amount, value=round(amount.value * factor, _DIGITS))


def keep(writing: Writing, unit: str, sheet: PartSheet, indicators: Collection[str]) -> None:
    """Keep what a sheet says of some indicators, for the unit's next report of its period.

    What was kept of other indicators stays as it is.
    """
    before = parts.find(writing.session, unit, sheet.period)
    merged = _merged(before, sheet, frozenset(indicators))
    if not merged.parts:
        parts.remove(writing, unit, sheet.period)
    elif before is None or sheet_digest(before) != sheet_digest(merged):
        parts.save(writing, unit, merged)


def _merged(before: PartSheet | None, sheet: PartSheet, indicators: frozenset[str]) -> PartSheet:
    own = [part for part in sheet.parts if part.indicator in indicators]
    rows = [row for row in sheet.rows if row.indicator in indicators]
    names = dict(before.names) if before else {}
    if before is not None:
        own += [part for part in before.parts if part.indicator not in indicators]
        rows += [row for row in before.rows if row.indicator not in indicators]
    names |= dict(sheet.names)
    used = {part.path[:n] for part in own for n in range(1, len(part.path) + 1)}
    return replace(
        sheet,
        names=tuple(sorted((path, name) for path, name in names.items() if path in used)),
        parts=tuple(sorted(own, key=lambda part: (part.indicator, part.path))),
        rows=tuple(rows),
    )
