"""Why a figure is another one than was published: what the change log tells since then."""

from __future__ import annotations

import json
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from fsdesk.domain.clock import clock_text
from fsdesk.domain.periods import Period
from fsdesk.domain.plain import to_plain
from fsdesk.domain.records.merge import Revision
from fsdesk.domain.records.records import (
    DataValue,
    Milestone,
    RecordKey,
    RecordKind,
    content_from_dict,
)
from fsdesk.domain.records.submissions import SubmissionState
from fsdesk.domain.records.undo import ChangeKind
from fsdesk.domain.settings import Rules
from fsdesk.domain.status.comparison import Judged
from fsdesk.domain.status.drill_down import value_text
from fsdesk.domain.status.shares import share_text
from fsdesk.services.ledger import ledger_figures
from fsdesk.store import audit
from fsdesk.store.ledger import ledgers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from fsdesk.domain.plan.plan import Plan
    from fsdesk.domain.status.comparison import FigureChange
    from fsdesk.domain.status.results import YearStatus
    from fsdesk.store.audit import Change
    from fsdesk.workspace import Workspace

# So many causes are told of a figure; more are counted.
_MOST = 6
_UNKNOWN = "没有查到相应的修改，可能是程序升级后算法不同"
_TYPED: Mapping[str, str] = {
    ChangeKind.RECORD: "填报",
    ChangeKind.UNDO: "撤销填报",
    ChangeKind.REDO: "恢复填报",
    "undo": "撤销接收",
}
_NOTHING = "未报"
# Rules that decide whether a report is in time; the others bear on lights and figures.
_DUE_RULES = {"due_days": "按时截止日", "shift_to_working": "顺延至工作日"}
_RULES = {
    "yellow_margin": "偏慢界限",
    "least_coverage": "数据不足界限",
    "count_returned": "已退回的计入",
    "mend_days": "退回后重报期限",
}


class _Event(Struct, frozen=True):
    """Something that was done since.

    Attributes:
        words: When, by whom, what.
        kind: What sort of thing it bears on.
        items: Codes of indicators, deliverables, tasks, units or constants; empty for all.
        unit: Whose data; empty for all.
    """

    words: str
    kind: str
    items: frozenset[str] = frozenset()
    unit: str = ""


_DATA, _REPORT, _PLAN, _DUE, _RULE = "data", "report", "plan", "due", "rule"


class Causes:
    """What was done since a publication, sorted out by the figures that it bears on."""

    def __init__(self, workspace: Workspace, then: YearStatus, now: YearStatus) -> None:
        """Read the change log since then."""
        self._plans = (then.plan, now.plan)
        position = then.publication.change if then.publication else 0
        with workspace.reading() as session:
            lines = audit.since(session, position)
            titles = {each.code: each.title for each in ledgers.load_ledgers(session)}
        fed: dict[str, set[str]] = defaultdict(set)
        for code, source in ledger_figures.sources(workspace).items():
            fed[source.ledger.code].add(code)
            if source.feed.visits:
                fed[source.feed.visits].add(code)
        log = _Log(now.plan, now.period, titles, fed)
        self._events = tuple(event for line in lines for event in log.events_of(line))

    def of(self, change: FigureChange) -> tuple[str, ...]:
        """Return what bears on a figure, the newest first; never nothing."""
        items, unit = self._basis(change)
        if change.code in {"reporting_rate", "timeliness"} and change.what is Judged.YEAR:
            return _told(self._pick(_REPORT, _DUE) or self._pick(_PLAN))
        own = self._about(items, unit)
        whole = own if any(each.kind == _DATA for each in own) or not unit else self._about(items)
        return _told(whole or self._pick(_PLAN))

    def of_report(self, unit: str) -> tuple[str, ...]:
        """Return what bears on whether a unit's report has come."""
        own = [e for e in self._pick(_REPORT) if e.unit == unit]
        return _told(own or self._pick(_DUE))

    def _pick(self, *kinds: str) -> list[_Event]:
        return [event for event in self._events if event.kind in kinds]

    def _about(self, items: frozenset[str], unit: str = "") -> list[_Event]:
        return [
            event
            for event in self._pick(_DATA, _PLAN, _RULE)
            if (not event.items or not items or event.items & items)
            and (not unit or not event.unit or event.unit == unit)
        ]

    def _basis(self, change: FigureChange) -> tuple[frozenset[str], str]:
        """Return the codes that a figure rests on, and the unit whose alone it is; none for all."""
        if change.what is Judged.YEAR:
            return frozenset(), ""
        if change.what is Judged.UNIT:
            tasks = {
                task.code
                for plan in self._plans
                for task in plan.tasks
                if change.code in plan.roles(task.code)
            }
            return self._within(tasks) | {change.code}, change.code
        if change.what is Judged.TASK:
            return self._within({change.code}), ""
        found = {change.code, *self._sources(change.code)}
        return frozenset(found | {change.unit} - {""}), change.unit

    def _within(self, tasks: set[str]) -> frozenset[str]:
        """Return tasks with all that belongs to them."""
        found = set(tasks)
        for plan in self._plans:
            for task in plan.tasks:
                if task.code in tasks:
                    for part in (*task.indicators, *task.deliverables):
                        found |= {part.code, *self._sources(part.code)}
        return frozenset(found)

    def _sources(self, code: str) -> Iterator[str]:
        """Name what an indicator is derived from, and the task that an item belongs to."""
        for plan in self._plans:
            indicator = plan.indicators_by_code.get(code)
            if indicator is not None and indicator.derivation is not None:
                yield from filter(
                    None, (indicator.derivation.source, indicator.derivation.constant)
                )
            if code in plan.task_of:
                yield plan.task_of[code].code


class _Log(Struct, frozen=True, dict=True):
    """Puts lines of the change log into words, as far as they bear on a period.

    Attributes:
        titles: Titles of the ledgers by code.
        fed: Codes of the indicators that a ledger feeds, by the ledger's code.
    """

    plan: Plan
    period: Period
    titles: Mapping[str, str]
    fed: Mapping[str, set[str]]

    @cached_property
    def _readers(self) -> Mapping[str, Callable[[Change], Iterable[_Event]]]:
        return {
            "import": self._imported,
            "plan": self._planned,
            "settings": self._settled,
            "leave out": self._left_out,
            "submission": self._submitted,
            "undo": self._undone,
            "declare": self._ledger,
            **dict.fromkeys(ChangeKind, self._recorded),
        }

    def events_of(self, line: Change) -> Iterable[_Event]:
        read = (
            self._ledger if line.subject.startswith("ledger/") else self._readers.get(line.action)
        )
        return read(line) if read is not None else ()

    def _recorded(self, line: Change) -> Iterator[_Event]:
        key = _key_of(line.subject)
        before, after = _plain(line.before), _plain(line.after)
        if key is not None and self._counts(key):
            deed = "处理差异" if _decides(before, after) else _TYPED[line.action]
            words = f"{_head(line)}{deed}：{self._record_words(key, before, after)}"
            yield _Event(words, _DATA, frozenset({key.item}), key.unit)

    def _imported(self, line: Change) -> Iterator[_Event]:
        """Tell of each record that a packet brought, with the packet."""
        old = _plain(line.before)
        for subject, plain in _plain(line.after).items():
            key = _key_of(subject)
            if key is not None and self._counts(key):
                told = self._record_words(key, old.get(subject) or {}, plain or {})
                words = f"{_head(line)}接收报送包 {line.packet}：{told}"
                yield _Event(words, _DATA, frozenset({key.item}), key.unit)

    def _counts(self, key: RecordKey) -> bool:
        return key.kind is not RecordKind.PROGRESS and self._within_period(key.period)

    def _within_period(self, period: str) -> bool:
        return Period.parse(period).within(self.period)

    def _record_words(
        self, key: RecordKey, before: Mapping[str, Any], after: Mapping[str, Any]
    ) -> str:
        plan = self.plan
        name = plan.unit_name(key.unit)
        indicator = plan.indicators_by_code.get(key.item)
        thing = plan.deliverables_by_code.get(key.item)
        item = indicator.name if indicator else thing.title if thing else key.item
        unit = indicator.measure_unit if indicator else ""
        was, now = (_content_words(key.kind, each, unit) for each in (before, after))
        return f"{name}{Period.parse(key.period).label}“{item}”{was} → {now}"

    def _planned(self, line: Change) -> Iterator[_Event]:
        after = _plain(line.after)
        lines = [each for name in ("changed", "added", "removed") for each in after.get(name, ())]
        head = f"{_head(line)}修改计划（第 {after.get('revision')} 版）"
        for told in lines:
            kind, _, rest = told.partition(" ")
            code = rest.partition(" ")[0].partition("：")[0]
            yield _Event(f"{head}：{kind} {rest}", _PLAN, frozenset({code} if rest else ()))

    def _settled(self, line: Change) -> Iterator[_Event]:
        if line.subject != "rules":
            return
        before, after = to_plain(Rules()) | _plain(line.before), _plain(line.after)
        for kind, names in ((_RULE, _RULES), (_DUE, _DUE_RULES)):
            for name, words in names.items():
                if name in after and before[name] != after[name]:
                    was, now = (_rule_words(each[name]) for each in (before, after))
                    yield _Event(f"{_head(line)}修改规则：{words} {was} → {now}", kind)

    def _left_out(self, line: Change) -> Iterator[_Event]:
        _, unit, period = line.subject.split("/", 2)
        if self._within_period(period):
            reason = _plain(line.after).get("reason", "")
            done = f"不计入汇总（{reason}）" if reason else "恢复计入汇总"
            words = f"{_head(line)}{self._report_name(unit, period)}{done}"
            yield _Event(words, _DATA, unit=unit)
            yield _Event(words, _REPORT, unit=unit)

    def _submitted(self, line: Change) -> Iterator[_Event]:
        _, unit, period = line.subject.split("/", 2)
        before, after = _plain(line.before), _plain(line.after)
        state = SubmissionState(after.get("state", ""))
        same = all(before.get(name) == after.get(name) for name in ("state", "made_at"))
        if same or not self._within_period(period):
            return
        done = f"收到报送包 {line.packet}" if line.packet else state.label
        reason = f"（{after['comment']}）" if after.get("comment") else ""
        words = f"{_head(line)}{self._report_name(unit, period)}{done}{reason}"
        yield _Event(words, _REPORT, unit=unit)
        if SubmissionState.RETURNED in {state, before.get("state")}:
            yield _Event(words, _DATA, unit=unit)

    def _report_name(self, unit: str, period: str) -> str:
        return f"{self.plan.unit_name(unit)}{Period.parse(period).label}的报送"

    def _undone(self, line: Change) -> Iterator[_Event]:
        """Tell of an import that was taken back; its records are lines of their own."""
        kind, _, rest = line.subject.partition("/")
        if kind == "submission":
            unit, _, period = rest.partition("/")
            if self._within_period(period):
                words = f"{_head(line)}撤销接收{self._report_name(unit, period)}"
                yield _Event(words, _REPORT, unit=unit)
        elif kind == "rules":
            yield from (_Event(f"{_head(line)}撤销导入的规则", each) for each in (_RULE, _DUE))
        elif _key_of(line.subject) is not None:
            yield from self._recorded(line)

    def _ledger(self, line: Change) -> Iterator[_Event]:
        code = line.subject.split("/")[1]
        title = self.titles.get(code, code)
        told = _plain(line.after)
        numbers = [f"新增 {told['added']} 行"] if told.get("added") else []
        numbers += [f"修改 {told['updated']} 行"] if told.get("updated") else []
        source = f"接收报送包 {line.packet}，" if line.packet else ""
        deed = "、".join(numbers) or ("修改设置" if line.action == "declare" else "修改 1 行")
        words = f"{_head(line)}{source}台账“{title}”{deed}"
        if self.fed.get(code):
            yield _Event(words, _DATA, frozenset(self.fed[code]), str(told.get("unit", "")))


def _told(events: Iterable[_Event]) -> tuple[str, ...]:
    words = tuple(dict.fromkeys(event.words for event in events))
    if len(words) > _MOST:
        return (*words[:_MOST], f"另有 {len(words) - _MOST} 项修改")
    return words or (_UNKNOWN,)


def _head(line: Change) -> str:
    return f"{clock_text(line.at)} {line.who} "


def _plain(text: str | None) -> dict[str, Any]:
    return json.loads(text) if text else {}


def _key_of(subject: str) -> RecordKey | None:
    kind, *rest = subject.split("/", 3)
    if kind not in set(RecordKind) or len(rest) != 3:  # noqa: PLR2004 - item, unit, period
        return None
    return RecordKey(RecordKind(kind), *rest)


def _decides(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Tell whether an edit joins what was done on several PCs: a conflict was decided."""
    was, now = (dict(Revision.parse(p.get("revision", "")).edits) for p in (before, after))
    return sum(now[author] > was.get(author, 0) for author in now) > 1


def _content_words(kind: RecordKind, plain: Mapping[str, Any], measure_unit: str) -> str:
    content = content_from_dict(kind, plain) if plain else None
    if isinstance(content, DataValue):
        return value_text(content, measure_unit)
    if isinstance(content, Milestone) and content.status is not None:
        return content.status.label
    return _NOTHING


def _rule_words(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return share_text(value) if isinstance(value, float) else str(value)
