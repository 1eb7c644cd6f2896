"""从本级汇总取数: what the own aggregate says of what is asked from above, and taking it over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from fsdesk.domain.findings import FsdeskError, InputRejectedError
from fsdesk.domain.ladder.carrying import NOTHING_MORE, Carry
from fsdesk.domain.ladder.drawing import (
    Basis,
    Drawn,
    DrawState,
    content_text,
    earlier_words,
    joint_milestone,
    joint_report,
    mark_words,
    partial_words,
    same,
    scaled,
    state_of,
    taken_over,
)
from fsdesk.domain.ladder.matching import ItemKind, factor
from fsdesk.domain.periods import Period
from fsdesk.domain.records.records import (
    Content,
    DataValue,
    RecordKey,
    RecordKind,
    empty_content,
)
from fsdesk.domain.records.submissions import RECEIVED, SubmissionState
from fsdesk.domain.records.undo import ChangeKind
from fsdesk.services.ladder import matching, unit_parts
from fsdesk.services.ladder.own_figures import own_month
from fsdesk.services.ladder.own_workspace import chosen, own_workspace
from fsdesk.services.records import locking, recording
from fsdesk.store.ladder import links
from fsdesk.store.records import records, submissions

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from fsdesk.domain.findings import Finding
    from fsdesk.domain.ladder.matching import Match, PlanItem
    from fsdesk.domain.ladder.parts import PartSheet
    from fsdesk.services.ladder.matching import MatchDesk
    from fsdesk.services.ladder.own_figures import OwnMonth
    from fsdesk.services.ladder.own_workspace import OwnWorkspace
    from fsdesk.workspace import Workspace

_RECORDED = {
    ItemKind.INDICATOR: RecordKind.VALUE,
    ItemKind.TASK: RecordKind.PROGRESS,
    ItemKind.DELIVERABLE: RecordKind.MILESTONE,
}


class DrawLine(Struct, frozen=True):
    """One thing that is asked from above, with what the own aggregate says of it.

    Attributes:
        name: Of the item in the upper plan.
        match: Its partner in the own plan, settled or not.
        present: What stands in the form.
        drawn: What was taken over; None where nothing was.
        now: What would be taken over now; None where no partner is confirmed.
        latest: The same by the latest data.
    """

    key: RecordKey
    name: str
    task: str
    match: Match
    present: Content
    drawn: Drawn | None
    now: Drawn | None
    latest: Drawn | None
    state: DrawState

    @property
    def note(self) -> str:
        """The reason for a change by hand, as it stands in the form."""
        return self.present.note if isinstance(self.present, DataValue) else ""

    @property
    def correction(self) -> str:
        """What was sent and what is known now, in words; empty where that is the same."""
        if self.state not in {DrawState.DIFFERS, DrawState.OUTDATED} or self.latest is None:
            return ""
        then = content_text(self.drawn.known_then) if self.drawn else ""
        present, now = content_text(self.present), content_text(self.latest.content)
        was = f"（当时汇总 {then}）" if then != present else ""
        return f"{self.key.item} {self.name}：{present}{was}，现为 {now}"


class DrawDesk(Struct, frozen=True):
    """What is asked from above for a period, beside the own aggregate.

    Attributes:
        basis_text: What the figures are, in words; `note`: what should be known of that.
        sent: Whether a report of the period has gone up; `locked`: whether it is accepted there.
    """

    own: OwnWorkspace
    period: Period
    basis: Basis
    basis_text: str
    note: str
    lines: tuple[DrawLine, ...]
    sent: bool
    locked: bool

    def count(self, *states: DrawState) -> int:
        """Return how many lines are in one of these states."""
        return sum(line.state in states for line in self.lines)

    @property
    def corrections(self) -> tuple[DrawLine, ...]:
        """The lines that differ from what was sent because the aggregate was corrected since."""
        return tuple(line for line in self.lines if line.state is DrawState.DIFFERS)


class DrawResult(Struct, frozen=True):
    """What became of taking over.

    Attributes:
        filled: How many records were filled; `kept`: how many stay as people typed them.
        unreported: How many the own aggregate knows nothing of: they stay 未报.
        unmatched: How many have no partner: they are typed by hand.
        refused: What a rule refused.
    """

    filled: int
    kept: int
    unreported: int
    unmatched: int
    refused: tuple[Finding, ...] = ()


def draw_desk(workspace: Workspace, period: Period, basis: Basis = Basis.PUBLISHED) -> DrawDesk:
    """Return what is asked from above for a period beside the own aggregate; changes nothing.

    Raises:
        InputRejectedError: When no own workspace was chosen.
        WorkspaceError: When it can't be found or opened.
    """
    with own_workspace(workspace) as own:
        return _desk(workspace, own, period, basis)


def _desk(workspace: Workspace, own: Workspace, period: Period, basis: Basis) -> DrawDesk:
    pairs = matching.desk_with(workspace, own)
    month = own_month(own, period, basis)
    latest = month if month.basis is Basis.LATEST else own_month(own, period, Basis.LATEST)
    unit = workspace.identity.unit
    with workspace.reading() as session:
        drawn = links.drawn(session, unit, str(period))
        held = records.load_records(session, unit=unit, period=str(period))
        report = submissions.find_submission(session, unit, str(period))
        locked = locking.locked(session, unit, str(period))
    present = {each.key: each.content for each in held}
    # What a returned report said still stands above, until it comes again.
    sent = report is not None and report.state in {*RECEIVED, SubmissionState.RETURNED}
    reader = _Reader(pairs, month, latest, unit)
    asked = matching.asked_items(pairs.upper.at(period), unit)
    codes = {(each.kind, each.code) for each in asked}
    lines = tuple(
        reader.line(match, present, drawn, sent=sent)
        for match in pairs.matches
        if (match.upper.kind, match.upper.code) in codes
    )
    return DrawDesk(
        pairs.own, period, month.basis, month.basis_text, month.note, lines, sent, locked
    )


class _Reader(Struct, frozen=True):
    """Reads of the own aggregate what answers each item of the upper plan."""

    pairs: MatchDesk
    month: OwnMonth
    latest: OwnMonth
    unit: str

    def line(
        self,
        match: Match,
        present: Mapping[RecordKey, Content],
        drawn: Mapping[RecordKey, Drawn],
        *,
        sent: bool,
    ) -> DrawLine:
        kind = _RECORDED[match.upper.kind]
        key = RecordKey(kind, match.upper.code, self.unit, str(self.month.period))
        stands, was = present.get(key, empty_content(kind)), drawn.get(key)
        now = latest = None
        state = DrawState.UNMATCHED
        if match.holds:
            latest = self._said(match, key, self.latest)
            now = self._said(match, key, self.month)
            if self.month is not self.latest and not same(now.content, latest.content):
                words = f"最新数据为 {content_text(latest.content)}"
                now = replace(now, latest=latest.content, remarks=(*now.remarks, words))
            state = state_of(stands, was, now, latest, sent=sent)
        return DrawLine(
            key, match.upper.name, match.upper.task, match, stands, was, now, latest, state
        )

    def _said(self, match: Match, key: RecordKey, month: OwnMonth) -> Drawn:
        """Return what the own aggregate says of an item, as it would be typed."""
        partner = match.lower
        if partner is None:  # pragma: no cover - only what holds is read
            raise ValueError(match)
        found = Drawn(
            key, empty_content(key.kind), partner.code, 0, 0,
            basis=month.basis, basis_text=month.basis_text,
        )  # fmt: skip
        said = {
            RecordKind.VALUE: self._figure,
            RecordKind.MILESTONE: self._state,
            RecordKind.PROGRESS: self._words,
        }[key.kind](match, month, found)
        return said or replace(found, remarks=("本级计划本期没有这一项",))

    def _figure(self, match: Match, month: OwnMonth, found: Drawn) -> Drawn | None:
        figure = month.figure(found.lower)
        if figure is None or match.lower is None:
            return None
        by, upper, lower = 1.0, match.upper.measure, match.lower.measure
        if not match.upper.is_ratio:
            by = factor(upper, lower) or 1.0
        levels = [p.as_of for p in month.parts.get(found.lower, ()) if p.counts and p.as_of]
        remarks = [*mark_words(figure.marks)]
        remarks += [f"由{lower}折算为{upper}"] if by != 1.0 else []
        first = min(levels, key=lambda each: each.order, default=None)
        remarks += filter(
            None, (earlier_words(figure.earlier, first), partial_words(figure.partial))
        )
        return replace(
            found,
            content=scaled(figure.data, by),
            known=figure.known,
            expected=figure.expected,
            missing=self._names(month, figure.missing),
            remarks=tuple(remarks),
        )

    def _state(self, _match: Match, month: OwnMonth, found: Drawn) -> Drawn | None:
        states = month.things.get(found.lower)
        if states is None:
            return None
        if states.latest:
            found = self._of_latest(found)
        missing = [unit for unit, status in states.by_unit.items() if status is None]
        content = joint_milestone(states.by_unit, states.done_on, self.pairs.own.level)
        return replace(
            found,
            content=content,
            known=len(states.by_unit) - len(missing),
            expected=len(states.by_unit),
            missing=self._names(month, missing),
        )

    def _words(self, _match: Match, month: OwnMonth, found: Drawn) -> Drawn | None:
        said = month.texts.get(found.lower)
        if said is None:
            return None
        given = {each.unit for each in said.words}
        waits = f"另有 {said.waiting} 个单位的报送尚未接收，未采用" if said.waiting else ""
        return replace(
            self._of_latest(found),
            content=joint_report(said.words, said.expected),
            known=len(given),
            expected=len(said.expected),
            missing=tuple(name for name in said.expected if name not in given),
            remarks=("草稿，由已接收的报送汇成", *filter(None, [waits])),
        )

    def _of_latest(self, found: Drawn) -> Drawn:
        """Say of what no publication keeps that it is of the latest data."""
        return replace(found, basis=self.latest.basis, basis_text=self.latest.basis_text)

    def _names(self, month: OwnMonth, units: Iterable[str]) -> tuple[str, ...]:
        return tuple(month.plan.unit_name(unit) for unit in units)


def draw(
    workspace: Workspace,
    period: Period,
    basis: Basis = Basis.PUBLISHED,
    keys: Collection[RecordKey] | None = None,
    *,
    again: bool = False,
) -> DrawResult:
    """Fill a period's records from the own aggregate.

    What people typed or changed by hand stays beside what was computed; what no unit reported stays
    未报. What a rule refuses is left out and told.

    `keys`: only these records; all by default.
    `again`: also in place of what was typed or changed by hand.

    Raises:
        InputRejectedError: When no own workspace was chosen, or the report is accepted.
        WorkspaceError: When the own workspace can't be found or opened.
    """
    with own_workspace(workspace) as own:
        desk = _desk(workspace, own, period, basis)
        lines = [line for line in desk.lines if keys is None or line.key in keys]
        sheet = _sheet(workspace, own, period, basis, lines)
    return _filled(workspace, lines, sheet, again=again)


def correct(workspace: Workspace, period: Period) -> DrawResult:
    """Take over anew, by the latest data, what was corrected below since it was sent.

    Raises: as `draw`.
    """
    with own_workspace(workspace) as own:
        desk = _desk(workspace, own, period, Basis.LATEST)
        changed = {DrawState.DIFFERS, DrawState.OUTDATED}
        found = [line for line in desk.lines if line.state in changed]
        sheet = _sheet(workspace, own, period, Basis.LATEST, found)
    return _filled(workspace, found, sheet, again=True)


def _sheet(
    workspace: Workspace, own: Workspace, period: Period, basis: Basis, lines: Sequence[DrawLine]
) -> PartSheet:
    """Return what each unit contributes to the figures that are taken over."""
    pairs = {
        line.match.upper.code: _pair(line.match.upper, line.match.lower)
        for line in lines
        if line.key.kind is RecordKind.VALUE and line.now is not None and line.match.lower
    }
    carry = unit_parts.carrying(workspace)
    return unit_parts.parts_of(own, own_month(own, period, basis), pairs, carry)


def _pair(upper: PlanItem, lower: PlanItem) -> unit_parts.Pair:
    by = 1.0 if upper.is_ratio else factor(upper.measure, lower.measure) or 1.0
    return unit_parts.Pair(lower.code, by)


def _filled(
    workspace: Workspace, lines: Sequence[DrawLine], sheet: PartSheet, *, again: bool
) -> DrawResult:
    matched = [line for line in lines if line.now is not None]
    filling: list[tuple[DrawLine, Drawn, Content | None]] = []
    kept = unreported = 0
    for line in matched:
        now = line.now
        if now is None or now.empty:
            unreported += 1
            if now is not None and line.drawn is not None and again:
                filling.append((line, now, empty_content(line.key.kind)))
            continue
        content = taken_over(line.present, line.drawn, now, again=again)
        stays = content is None and not same(line.present, now.content)
        kept += stays
        filling.append((line, now, content))
    refused = _stored(workspace, filling, sheet)
    filled = sum(content is not None for _, _, content in filling) - len(refused)
    told = tuple(finding for findings in refused.values() for finding in findings)
    return DrawResult(filled, kept, unreported, len(lines) - len(matched), told)


def _stored(
    workspace: Workspace,
    filling: Sequence[tuple[DrawLine, Drawn, Content | None]],
    sheet: PartSheet,
) -> dict[RecordKey, tuple[Finding, ...]]:
    """Store all at once, or else one by one what the rules allow; return what they refuse."""
    if not filling and not sheet.parts:
        return {}
    try:
        _store(workspace, filling, sheet, sheet.by_indicator)
    except InputRejectedError:
        refused: dict[RecordKey, tuple[Finding, ...]] = {}
        for each in filling:
            try:
                _store(workspace, [each], sheet, [each[0].key.item])
            except InputRejectedError as problem:
                refused[each[0].key] = problem.findings
        if len(refused) == sum(content is not None for *_, content in filling):
            raise  # nothing could be taken over, such as of an accepted report
        return refused
    return {}


def _store(
    workspace: Workspace,
    filling: Sequence[tuple[DrawLine, Drawn, Content | None]],
    sheet: PartSheet,
    indicators: Collection[str],
) -> None:
    entries = [(line.key, content) for line, _, content in filling if content is not None]
    with workspace.writing() as writing:
        if entries:
            recording.store(workspace, writing, entries, ChangeKind.RECORD)
        unit_parts.keep(writing, workspace.identity.unit, sheet, indicators)
        links.save_drawn(writing, [now for line, now, _ in filling if _is_news(line.drawn, now)])


def _is_news(before: Drawn | None, now: Drawn) -> bool:
    return before is None or replace(before, at="", who="") != replace(now, at="", who="")


class PeriodDifferences(Struct, frozen=True):
    """The figures of a period that was sent which the own aggregate says otherwise now."""

    period: Period
    lines: tuple[DrawLine, ...]
    locked: bool

    @property
    def text(self) -> str:
        """All of them in words, a line each."""
        return "\n".join(line.correction for line in self.lines)


def differences(workspace: Workspace) -> tuple[PeriodDifferences, ...]:
    """Return by period what the own aggregate says otherwise now than was sent, oldest first.

    Raises:
        InputRejectedError: When no own workspace was chosen.
        WorkspaceError: When it can't be found or opened.
    """
    with own_workspace(workspace) as own:
        return _differences(workspace, own)


def told_differences(workspace: Workspace) -> tuple[PeriodDifferences, ...]:
    """Return `differences`, or nothing where the own workspace can't be read now."""
    try:
        return differences(workspace) if chosen(workspace) is not None else ()
    except FsdeskError:
        return ()


def _differences(workspace: Workspace, own: Workspace) -> tuple[PeriodDifferences, ...]:
    with workspace.reading() as session:
        periods = [Period.parse(text) for text in links.drawn_periods(session)]
    found: list[PeriodDifferences] = []
    for period in sorted(periods, key=lambda each: each.order):
        desk = _desk(workspace, own, period, Basis.LATEST)
        if desk.corrections:
            found.append(PeriodDifferences(period, desk.corrections, desk.locked))
    return tuple(found)


class LadderView(Struct, frozen=True):
    """All that is shown of two levels at once, read at one opening of the own workspace."""

    figures: DrawDesk
    matches: MatchDesk
    differences: tuple[PeriodDifferences, ...]
    carry: Carry = NOTHING_MORE


def ladder_view(workspace: Workspace, period: Period, basis: Basis) -> LadderView:
    """Return a period's figures, the matches, and what differs from what was sent.

    Raises: as `draw_desk`.
    """
    with own_workspace(workspace) as own:
        return LadderView(
            _desk(workspace, own, period, basis),
            matching.desk_with(workspace, own),
            _differences(workspace, own),
            unit_parts.carrying(workspace),
        )
