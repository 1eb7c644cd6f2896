"""Lines of the change log in plain words: what going back to a copy would lose."""

from __future__ import annotations

import json
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from fsdesk.domain.clock import clock_text
from fsdesk.domain.labelled import LabelledEnum
from fsdesk.domain.periods import Period
from fsdesk.domain.records.records import (
    DataValue,
    RecordKey,
    RecordKind,
    content_from_dict,
)
from fsdesk.domain.records.submissions import SubmissionState
from fsdesk.domain.status.drill_down import value_text
from fsdesk.domain.supervision.amendments import PREFIX
from fsdesk.domain.supervision.letters import letter_of_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fsdesk.store.audit import Change

    Names = Mapping[str, Mapping[str, str]]

_MOST_TOLD = 200


class LostKind(LabelledEnum):
    """What a change was made to."""

    RECORD = "record", "填报数据"
    EVIDENCE = "evidence", "附件"
    LEDGER = "ledger", "台账"
    PACKET = "packet", "接收的报送包或下发包"
    REPORT = "report", "报送和审核"
    LETTER = "letter", "函件"
    PLAN = "plan", "计划修订"
    PUBLISHED = "published", "公布的月份"
    SETTING = "setting", "设置和其他"


class LostChanges(Struct, frozen=True):
    """Changes of one side that the other lacks.

    Attributes:
        count: How many changes.
        kinds: How many of each kind, as far as there are any.
        told: The newest in words, newest first.
        reports: Reports that were sent or came in, such as ``市场监管局2026年3月``.
        letters: Highest number of each series of letters, such as ``reminder/2026``.
        revision: Highest revision of the plan; 0 without one.
    """

    count: int
    kinds: tuple[tuple[LostKind, int], ...] = ()
    told: tuple[str, ...] = ()
    reports: tuple[str, ...] = ()
    letters: tuple[tuple[str, int], ...] = ()
    revision: int = 0

    def __str__(self) -> str:
        """Say how many of each kind: ``12 处改动：填报数据 10、函件 2``."""
        kinds = "、".join(f"{kind.label} {count}" for kind, count in self.kinds)
        return f"{self.count} 处改动：{kinds}" if self.count else "没有改动"


def describe(lines: Iterable[Change], names: Names) -> LostChanges:
    """Put lines of the change log, newest first, into words.

    `names`: names by code, as of `fsdesk.store.care.outside.names_in`.
    """
    found = [(kind, line) for line in lines if (kind := kind_of(line)) is not None]
    counts = Counter(kind for kind, _ in found)
    words = _Words(names)
    letters: Counter[str] = Counter()
    reports: dict[str, None] = {}
    for kind, line in reversed(found):
        after = _plain(line.after)
        if kind is LostKind.LETTER and "number" in after:
            series = f"{after['kind']}/{after['year']}"
            letters[series] = max(letters[series], after["number"])
        if line.action == "submission" and after.get("state") == SubmissionState.SUBMITTED:
            _, unit, period = line.subject.split("/", 2)
            reports[words.report(unit, period)] = None
    revisions = [
        _plain(line.after).get("revision", 0) for kind, line in found if kind is LostKind.PLAN
    ]
    return LostChanges(
        len(found),
        tuple((kind, counts[kind]) for kind in LostKind if counts[kind]),
        tuple(islice((words.of(kind, line) for kind, line in found), _MOST_TOLD)),
        tuple(reports),
        tuple(letters.items()),
        max(revisions, default=0),
    )


def kind_of(line: Change) -> LostKind | None:
    """Return what a line of the change log is about; None for the program's own notes."""
    head = line.subject.partition("/")[0]
    if line.subject == "workspace" or head == "restored":
        return None
    if line.action == "paper":  # kept along with what is told by itself, but for amendments
        return LostKind.LETTER if line.subject.startswith(PREFIX) else None
    if line.action in {"attach", "detach"}:
        return LostKind.EVIDENCE
    if head in set(RecordKind) or line.action == "move":
        return LostKind.RECORD
    if line.action.startswith("letter"):
        return LostKind.LETTER
    return _BY_SUBJECT.get(head, LostKind.SETTING)


_BY_SUBJECT = {
    "ledger": LostKind.LEDGER,
    "packet": LostKind.PACKET,
    "import": LostKind.PACKET,
    "submission": LostKind.REPORT,
    "letter": LostKind.LETTER,
    "plan": LostKind.PLAN,
    "published": LostKind.PUBLISHED,
    "evidence": LostKind.EVIDENCE,
}


class _Words:
    """Puts single lines into words."""

    def __init__(self, names: Names) -> None:
        self._units, self._items = names["unit"], names["item"]
        self._measures, self._ledgers = names["measure"], names["ledger"]

    def of(self, kind: LostKind, line: Change) -> str:
        told = {
            LostKind.RECORD: self._record,
            LostKind.EVIDENCE: self._evidence,
            LostKind.LEDGER: self._ledger,
            LostKind.PACKET: self._packet,
            LostKind.REPORT: self._report,
            LostKind.LETTER: self._letter,
            LostKind.PLAN: self._plan,
        }.get(kind, self._other)
        try:
            words = told(line, _plain(line.after))
        except (ValueError, KeyError, TypeError, AttributeError):  # of another program's version
            words = f"{kind.label}：{line.subject}"
        return f"{clock_text(line.at)} {words}"

    def report(self, unit: str, period: str) -> str:
        return f"{self._units.get(unit, unit)}{_period(period)}"

    def _record(self, line: Change, after: Mapping[str, Any]) -> str:
        key = _key(line.subject)
        if key is None:
            return f"移动填报数据：{line.subject}"
        content = content_from_dict(key.kind, after) if after else None
        if content is None:
            value = "（撤销）"
        elif isinstance(content, DataValue):
            value = value_text(content, self._measures.get(key.item, ""))
        else:
            value = content.status.label if content.status else "未选状态"
        return f"{self._named(key)}：{value}"

    def _evidence(self, line: Change, after: Mapping[str, Any]) -> str:
        key = _key(line.subject)
        name = after.get("name") or _plain(line.before).get("name", "")
        where = self._named(key) if key else line.subject
        return f"{where}：{'移除' if line.action == 'detach' else '添加'}附件“{name}”"

    def _ledger(self, line: Change, after: Mapping[str, Any]) -> str:
        _, code, *row = line.subject.split("/")
        counts = (("新增", after.get("added")), ("修改", after.get("updated")))
        many = "、".join(f"{verb} {count} 行" for verb, count in counts if count)
        deed = "1 行" if row else many or "设置"
        return f"台账“{self._ledgers.get(code, code)}”：{deed}"

    def _packet(self, line: Change, after: Mapping[str, Any]) -> str:
        if line.action != "import":
            return "撤销接收"
        keys = [key for subject in after if (key := _key(subject))]
        whose = "、".join(dict.fromkeys(self.report(key.unit, key.period) for key in keys))
        return f"接收{whose or '报送包'}，{len(after)} 条记录"

    def _report(self, line: Change, after: Mapping[str, Any]) -> str:
        _, unit, period = line.subject.split("/", 2)
        if line.action == "leave out":
            return f"{self.report(unit, period)}：{'不计入汇总' if after else '恢复计入汇总'}"
        state = SubmissionState(after["state"]).label if after else "撤销"
        return f"{self.report(unit, period)}：{state}"

    def _letter(self, line: Change, after: Mapping[str, Any]) -> str:
        if line.action == "letter draft":
            return "函件拟稿"
        if line.action == "paper":
            kind, year, number = letter_of_key("/".join(line.subject.split("/")[1:4]))
            return f"{kind.label}〔{year}〕{number}号：另发延期复函或更正通知"
        unit = self._units.get(after.get("unit", ""), "")
        return f"函件 {line.subject}：{f'印发给{unit}' if 'number' in after else '办理'}"

    def _plan(self, line: Change, after: Mapping[str, Any]) -> str:
        del line
        return f"计划第 {after['revision']} 版：{after.get('label') or after.get('title', '')}"

    def _other(self, line: Change, after: Mapping[str, Any]) -> str:
        head, _, rest = line.subject.partition("/")
        if head == "published":
            return f"{_period(rest)}：{'公布数据' if after else '撤回公布'}"
        return "修改设置" if line.action == "settings" else "其他改动"

    def _named(self, key: RecordKey) -> str:
        item = self._items.get(key.item, key.item)
        return f"{self.report(key.unit, key.period)}“{item}”"


def _period(text: str) -> str:
    return Period.parse(text).label


def _key(subject: str) -> RecordKey | None:
    kind, *rest = subject.split("/", 3)
    if kind not in set(RecordKind) or len(rest) != 3:  # noqa: PLR2004 - item, unit, period
        return None
    return RecordKey(RecordKind(kind), *rest)


def _plain(text: str | None) -> dict[str, Any]:
    return json.loads(text) if text else {}
