"""What units record: data values, progress reports and milestones, and their identity."""

from __future__ import annotations

import math
from datetime import date
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from fsdesk.domain.findings import reject
from fsdesk.domain.labelled import LabelledEnum
from fsdesk.domain.plain import from_plain
from fsdesk.domain.records.merge import NO_EDITS, Revision
from fsdesk.domain.text import fold, tidy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


class RecordKind(LabelledEnum):
    """Which of the three things a record is."""

    VALUE = "value", "指标数据"
    PROGRESS = "progress", "进展填报"
    MILESTONE = "milestone", "事项"


class Status(LabelledEnum):
    """How far a task or a deliverable is."""

    NOT_STARTED = "not_started", "未启动"
    UNDER_WAY = "under_way", "进行中"
    DONE = "done", "已完成"

    @property
    def progress(self) -> float:
        """The share that counts as reached: nothing, half, all."""
        return {"not_started": 0.0, "under_way": 0.5, "done": 1.0}[self.value]

    @classmethod
    def parse(cls, text: str) -> Status:
        """Read a status by its identifier or by the word on screen.

        InputRejectedError when it is none of them.
        """
        found = _STATUS_WORDS.get(fold(text))
        if found is None:
            words = "、".join(status.label for status in cls)
            raise reject(f"状态“{text}”无法识别", f"请填写：{words}")
        return found


_STATUS_WORDS = {
    **{status.value: status for status in Status},
    **{fold(status.label): status for status in Status},
    **dict.fromkeys(("未开始", "未开展"), Status.NOT_STARTED),
    **dict.fromkeys(("推进中", "正在进行"), Status.UNDER_WAY),
    **dict.fromkeys(("完成", "已办结"), Status.DONE),
}


class RecordKey(Struct, frozen=True, order=True):
    """The identity of a record: one record for a kind, item, unit and period.

    Attributes:
        item: Code of the indicator, task or deliverable.
        period: Period in its text form.
    """

    kind: RecordKind
    item: str
    unit: str
    period: str

    def __str__(self) -> str:
        """Return a text form that is unique."""
        return f"{self.kind}/{self.item}/{self.unit}/{self.period}"

    @classmethod
    def of(cls, text: str) -> RecordKey:
        """Return the key with a text form; ValueError where it is none."""
        kind, *rest = cls.parts(text)
        return cls(RecordKind(kind), *rest)

    @staticmethod
    def parts(text: str) -> tuple[str, ...]:
        """Return kind, item, unit and period of a text form; less than four where it is none.

        An item may hold strokes: a letter's key does.
        """
        kind, _, rest = text.partition("/")
        return (kind, *rest.rsplit("/", 2))


class DataValue(Struct, frozen=True):
    """A figure of one indicator (指标数据), for the period alone, not summed up.

    Three states are told apart: a number (0 is a number), 无此项 (not applicable) and, with all
    fields empty, not reported.

    Attributes:
        value: For counts and derived indicators.
        numerator: For ratios.
        denominator: For ratios.
        not_applicable: The unit has nothing of the kind (无此项).
    """

    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    not_applicable: bool = False
    note: str = ""


class ProgressReport(Struct, frozen=True):
    """A unit's words on a task (进展填报); no status while none is chosen."""

    status: Status | None = None
    text: str = ""
    problems: str = ""
    next_steps: str = ""


class Milestone(Struct, frozen=True):
    """The state of a deliverable (事项); no status while none is chosen."""

    status: Status | None = None
    done_on: date | None = None
    evidence: str = ""


Content = DataValue | ProgressReport | Milestone

_TYPES: Mapping[RecordKind, type[DataValue | ProgressReport | Milestone]] = {
    RecordKind.VALUE: DataValue,
    RecordKind.PROGRESS: ProgressReport,
    RecordKind.MILESTONE: Milestone,
}


_EMPTY: Mapping[RecordKind, Content] = {kind: each() for kind, each in _TYPES.items()}
_FIELDS = {each: each.__struct_fields__ for each in _TYPES.values()}
_VALUES = {each: attrgetter(*names) for each, names in _FIELDS.items()}
_TEXTS = {
    each: tuple(name for name, kind in each.__annotations__.items() if kind == "str")
    for each in _TYPES.values()
}


class Record(Struct, frozen=True):
    """A recorded thing with its identity and its place in history.

    Attributes:
        revision: Which edits this state contains; see `fsdesk.domain.records.merge`.
    """

    key: RecordKey
    content: Content
    revision: Revision = NO_EDITS

    @property
    def empty(self) -> bool:
        """Whether nothing is typed in it."""
        nothing = _EMPTY[self.key.kind]
        return self.content is nothing or self.content == nothing


def empty_content(kind: RecordKind) -> Content:
    """Return the content of a record in which nothing is typed."""
    return _EMPTY[kind]


def filled_content(kind: RecordKind, values: Mapping[str, Any]) -> Content:
    """Return a content with these fields typed in, each of its own type, and the rest empty."""
    return _TYPES[kind](**values)


def content_in_order(kind: RecordKind, values: Iterable[Any]) -> Content:
    """Return a content from the values of all its fields, in their order."""
    return _TYPES[kind](*values)


def values_of(content: Content) -> tuple[Any, ...]:
    """Return the values of all fields, in their order."""
    return _VALUES[type(content)](content)


def texts_of(content: Content) -> Iterator[tuple[str, str]]:
    """Yield the texts that are typed in a content, each with its field."""
    for name in _TEXTS[type(content)]:
        value = getattr(content, name)
        if value:
            yield name, value


def tidy_content(content: Content) -> Content:
    """Return a content with its texts in the form in which they are stored and travel."""
    texts = {
        name: tidy(value)
        for name in content.__struct_fields__
        if isinstance(value := getattr(content, name), str) and not isinstance(value, Status)
    }
    return replace(content, **texts)


def content_to_dict(content: Content) -> dict[str, Any]:
    """Return a record's content as plain values that JSON can hold, in a canonical form."""
    kind = type(content)
    return {
        name: value if value is None or isinstance(value, str) else _plain(value)
        for name, value in zip(_FIELDS[kind], _VALUES[kind](content), strict=True)
    }


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def content_from_dict(kind: RecordKind, plain: Mapping[str, Any]) -> Content:
    """Rebuild a record's content, without unknown names; InputRejectedError for other values."""
    try:
        content = from_plain(_TYPES[kind], plain)
        values = content_to_dict(content).values()
        if any(isinstance(value, float) and not math.isfinite(value) for value in values):
            raise ValueError(plain)  # noqa: TRY301 - told like any other value that is none
    except ValueError as problem:
        raise reject("记录的内容无效") from problem
    return content
