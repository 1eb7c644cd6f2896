"""What the office's own aggregate says of a period: figures, states and words, as they climb."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.ladder.drawing import Basis, UnitWords
from fsdesk.domain.ladder.period_parts import (
    PeriodFigure,
    by_indicator,
    period_figure,
)
from fsdesk.domain.periods import Period
from fsdesk.domain.plan.indicators import IndicatorKind
from fsdesk.domain.plan.plan import DeliverableKind
from fsdesk.domain.records.records import Milestone, ProgressReport, RecordKind, Status
from fsdesk.domain.records.submissions import SubmissionState
from fsdesk.services.plan.planning import plan_in
from fsdesk.services.status import aggregation
from fsdesk.store.records import records, submissions

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from fsdesk.domain.ladder.period_parts import PeriodPart
    from fsdesk.domain.plan.plan import Plan
    from fsdesk.workspace import Workspace

_DONE = Status.DONE


class ThingStates(Struct, frozen=True):
    """What the units say of one deliverable.

    Attributes:
        by_unit: Status by unit code; None where it is not reported.
        done_on: The days on which units say that it was done.
        latest: Whether that is read of the latest data whatever was published: what recurs is
            published up to a month, and of that month alone nothing is kept.
    """

    by_unit: Mapping[str, Status | None]
    done_on: tuple[date, ...] = ()
    latest: bool = False


class TaskWords(Struct, frozen=True):
    """What accepted reports say of one task, by the units' names; `expected` names all its units.

    Attributes:
        waiting: How many units reported whose report is not accepted, so that it is left out.
    """

    words: tuple[UnitWords, ...]
    expected: tuple[str, ...]
    waiting: int = 0


class OwnMonth(Struct, frozen=True):
    """The aggregate of a period.

    Attributes:
        plan: As it was in force at the period's end.
        basis: What the figures are; `basis_text`: which, in words.
        note: What should be known of the basis, in words; mostly nothing.
        parts: What each unit contributes, by the code of the indicator.
    """

    plan: Plan
    period: Period
    basis: Basis
    basis_text: str
    note: str
    parts: Mapping[str, tuple[PeriodPart, ...]]
    things: Mapping[str, ThingStates]
    texts: Mapping[str, TaskWords]

    def figure(self, indicator: str) -> PeriodFigure | None:
        """Return an indicator over all units; None where the plan knows none of that code."""
        known = self.plan.indicators_by_code.get(indicator)
        if known is None:
            return None
        is_ratio = known.kind is IndicatorKind.RATIO
        return period_figure(self.parts.get(indicator, ()), is_ratio=is_ratio)


def own_month(own: Workspace, period: Period, basis: Basis) -> OwnMonth:
    """Return the aggregate of a period in an office's workspace.

    `basis`: published figures where the period is published, or the latest in any case.

    Raises:
        InputRejectedError: When published figures can't be read.
        WorkspaceError: When the workspace holds no plan of the year.
    """
    kept = aggregation.kept_figures(own, period) if basis is Basis.PUBLISHED else None
    note = ""
    if kept is not None and kept.parts is None:
        kept, note = None, "当时发布的程序没有留存分月数，按最新数据取"
    elif kept is None and basis is Basis.PUBLISHED:
        note = "本期尚未发布，按最新数据取"
    if kept is not None and kept.parts is not None and kept.status.publication is not None:
        plan, parts, status = kept.status.plan, kept.parts, kept.status
        text = str(kept.status.publication)
        used = Basis.PUBLISHED
    else:
        status = aggregation.status_now(own, period)
        plan, parts = status.plan, aggregation.parts_of(own.latest, period)
        day = own.clock().astimezone().date()
        text, used = f"{day.month}月{day.day}日{Basis.LATEST.label}", Basis.LATEST
    latest = {each.deliverable.code: each.by_unit for each in status.deliverables}
    return OwnMonth(
        plan,
        period,
        used,
        text,
        note,
        by_indicator(parts),
        _things(own, plan, period, latest),
        _texts(own, plan, period),
    )


def _things(
    own: Workspace,
    plan: Plan,
    period: Period,
    latest: Mapping[str, Mapping[str, Status | None]],
) -> Mapping[str, ThingStates]:
    """Return what units say of each deliverable: the last of it, or of what recurs, this period's.

    What was done in an earlier cycle is not done again.
    """
    year, inside = aggregation.year_of(own.latest, []), {period, *period.months}
    days = _days(own, period)
    found: dict[str, ThingStates] = {}
    for code, by_unit in latest.items():
        thing = plan.deliverables_by_code.get(code)
        recurs = thing is not None and thing.kind is DeliverableKind.RECURRING
        if recurs:
            said = year.known.statuses.get(code, {})
            by_unit = {  # noqa: PLW2901 - the period's own in place of the last
                unit: next((s.status for s in said.get(unit, ()) if s.period in inside), None)
                for unit in by_unit
            }
        done = (days.get((code, unit)) for unit, status in by_unit.items() if status is _DONE)
        found[code] = ThingStates(by_unit, tuple(filter(None, done)), latest=recurs)
    return found


def _days(own: Workspace, period: Period) -> Mapping[tuple[str, str], date | None]:
    """Return by deliverable and unit the day of completion that it named last up to a period."""
    said: dict[tuple[str, str], tuple[tuple[int, int, int], date | None]] = {}
    with own.reading() as session:
        for item in records.held(session, kinds=[RecordKind.MILESTONE]):
            content, key = item.record.content, item.record.key
            when = Period.parse(key.period)
            if not isinstance(content, Milestone) or item.record.empty or not when.within(period):
                continue
            held = said.get((key.item, key.unit))
            if held is None or held[0] < when.order:
                said[key.item, key.unit] = (when.order, content.done_on)
    return {key: day for key, (_, day) in said.items()}


def _texts(own: Workspace, plan: Plan, period: Period) -> Mapping[str, TaskWords]:
    """Return what accepted reports of a period say of each task."""
    said: dict[str, dict[str, ProgressReport]] = {}
    with own.reading() as session:
        year = plan_in(session, own.identity.year)
        # The office reports to nobody: what it recorded itself counts as it stands.
        accepted = {own.identity.unit}
        for one in (*period.months, period) if period.length > 1 else (period,):
            accepted |= {
                each.unit
                for each in submissions.submissions(session, str(one))
                if each.state is SubmissionState.ACCEPTED
            }
            for item in records.held(session, period=str(one), kinds=[RecordKind.PROGRESS]):
                content, key = item.record.content, item.record.key
                if isinstance(content, ProgressReport) and not item.record.empty:
                    said.setdefault(key.item, {})[key.unit] = content  # of months the last
    return {
        task.code: TaskWords(
            tuple(
                UnitWords(year.unit_name(unit), said[task.code][unit])
                for unit in plan.roles(task.code)
                if unit in accepted and unit in said.get(task.code, {})
            ),
            tuple(year.unit_name(unit) for unit in plan.roles(task.code)),
            sum(unit not in accepted for unit in said.get(task.code, {})),
        )
        for task in plan.tasks
    }
