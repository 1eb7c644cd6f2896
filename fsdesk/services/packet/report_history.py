"""What became of a report: sent, returned and why, sent again, accepted; by whom and when."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from fsdesk.domain.labelled import LabelledEnum
from fsdesk.domain.records.records import RecordKey
from fsdesk.domain.records.submissions import SubmissionState
from fsdesk.store import audit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from fsdesk.domain.periods import Period
    from fsdesk.store.audit import Change
    from fsdesk.workspace import Workspace


class ReportStepKind(LabelledEnum):
    """What happened to a report."""

    CAME = "came", "收到报送"
    CAME_AGAIN = "came-again", "收到重新报送"
    ACCEPTED = "accepted", "接收"
    RETURNED = "returned", "退回"
    REOPENED = "reopened", "重新开放"
    LEFT_OUT = "left-out", "不计入汇总"
    COUNTED = "counted", "恢复计入汇总"
    UNDONE = "undone", "撤销"


class ReportStep(Struct, frozen=True):
    """One step in the life of a report.

    Attributes:
        at: When, ISO text in UTC.
        who: Who did it here.
        made_at: When the unit made what came, as it says; else empty.
        words: The reason or the opinion on the whole; of what was undone, what stands since.
        rows: Code and words of each opinion on a single record.
    """

    kind: ReportStepKind
    at: str
    who: str
    made_at: str = ""
    words: str = ""
    rows: tuple[tuple[str, str], ...] = ()


_VERDICTS = {
    SubmissionState.ACCEPTED: ReportStepKind.ACCEPTED,
    SubmissionState.RETURNED: ReportStepKind.RETURNED,
    SubmissionState.REOPENED: ReportStepKind.REOPENED,
}


def report_history(workspace: Workspace, unit: str, period: Period) -> tuple[ReportStep, ...]:
    """Return what became of a unit's report for a period, the first step first."""
    name = f"{unit}/{period}"
    with workspace.reading() as session:
        lines = audit.history(session, f"submission/{name}")
        spoken = audit.history(session, f"review/{name}")
    # What is said of single records is told beside the verdict, at the same moment.
    opinions = {str(said.get("at")): said.get("rows", {}) for said in map(_after, spoken)}
    return tuple(_steps(reversed(lines), opinions))


def _steps(
    lines: Iterable[Change], opinions: Mapping[str, Mapping[str, str]]
) -> Iterator[ReportStep]:
    came = False
    for line in lines:
        before, after = _plain(line.before), _after(line)
        if line.action == "leave out":
            kind = ReportStepKind.LEFT_OUT if after else ReportStepKind.COUNTED
            yield ReportStep(kind, line.at, line.who, words=str(after.get("reason", "")))
        elif line.action == "undo":
            stands: list[dict[str, Any]] = after.get("submission") or [{}]
            state = SubmissionState(str(stands[0].get("state", "")))
            came = came and state is not SubmissionState.NONE
            yield ReportStep(ReportStepKind.UNDONE, line.at, line.who, words=state.label)
        elif line.action == "submission":
            verdict = _VERDICTS.get(SubmissionState(str(after["state"])))
            if after.get("digest") != before.get("digest"):
                kind = ReportStepKind.CAME_AGAIN if came else ReportStepKind.CAME
                came = True
                yield ReportStep(kind, line.at, line.who, str(after.get("made_at", "")))
            elif verdict and after.get("reviewed_at") != before.get("reviewed_at"):
                at = str(after["reviewed_at"])
                rows = _by_item(opinions.get(at, {}))
                words = str(after.get("comment", ""))
                yield ReportStep(verdict, line.at, line.who, words=words, rows=rows)


def _by_item(said: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return code and words of what was said of single records, not of the report as a whole."""
    named = ((RecordKey.parts(name), words) for name, words in said.items())
    return tuple((parts[1], words) for parts, words in named if parts[1])


def _plain(logged: str | None) -> dict[str, Any]:
    return json.loads(logged) if logged else {}


def _after(line: Change) -> dict[str, Any]:
    return _plain(line.after)
