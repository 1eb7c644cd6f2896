"""Records, changes and moments in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from fsdesk.domain.ledger.ledger import plain_value
from fsdesk.domain.packet.signing import SignatureState
from fsdesk.domain.plan.indicators import number_text
from fsdesk.domain.records.checks import item_name
from fsdesk.domain.records.records import Content, DataValue, Milestone, RecordKey, empty_content

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fsdesk.domain.ledger.ledger import LedgerEntry
    from fsdesk.domain.plan.plan import Plan
    from fsdesk.services.packet.checking import CheckedPacket

_NOTHING, _EMPTY = "未报", "（空）"


class FieldDifference(Struct, frozen=True):
    """One field of a record that would change, in words."""

    item: str
    field: str
    before: str
    after: str
    conflict: bool = False


def field_changes(
    plan: Plan, key: RecordKey, before: Content | None, after: Content
) -> tuple[FieldDifference, ...]:
    """Return the fields in which two contents of a record differ, old beside new."""
    old = dict(_fields(plan, key, before or empty_content(key.kind)))
    return tuple(
        FieldDifference(item_name(plan, key), name, old[name], text)
        for name, text in _fields(plan, key, after)
        if text != old[name]
    )


def packet_changes(plan: Plan, checked: CheckedPacket) -> tuple[FieldDifference, ...]:
    """Return field by field what a file would change."""
    return tuple(
        replace(field, conflict=change.conflict)
        for change in checked.changes
        for field in field_changes(
            plan,
            change.after.key,
            change.before.content if change.before else None,
            change.after.content,
        )
    )


def packet_lines(checked: CheckedPacket) -> Iterable[str]:
    """Say line by line what is to be told of a file, beside its changes."""
    if checked.sheets:
        yield f"读取的是{'、'.join(map(str, checked.sheets))}。"
    for finding in checked.findings:
        yield f"{finding.level.value}：{finding}"
    if not checked.ok:
        yield "这个文件不会被接收，本机数据没有改变。"
        return
    yield from _signature_lines(checked)
    yield from checked.news
    if checked.plan_doubt:
        yield f"{checked.plan_doubt}。"
    if checked.new_plan:
        yield "计划将更新为文件中的版本。"
    entries = checked.entries
    if entries.added or entries.updated:
        yield f"台账将新增 {entries.added} 条、更新 {entries.updated} 条。"
    if not checked.brings_anything:
        yield "内容已在库中，没有变化。"


def _signature_lines(checked: CheckedPacket) -> Iterable[str]:
    if checked.signature is SignatureState.NEW:
        yield (
            f"首次收到用这个密钥签名的文件（指纹 {checked.fingerprint}）：接收后密钥先登记，"
            "还不能确认是不是该单位的，请打电话核对，在“密钥”中填写对方念的后 4 位。"
        )
    if checked.lacks_seal:
        yield (
            "发件单位平时用已登记的密钥签名，这个文件应有签名而没有，可能被人改动或冒名："
            "请打电话核实，最好请其重新导出。"
        )
    elif checked.needs_yes:
        yield f"这个文件{checked.unsigned_words}，请与发件单位核对后接收。"


def record_text(plan: Plan, key: RecordKey, content: Content) -> str:
    """Return what is filled in of a record, in one line."""
    return "；".join(
        f"{change.field} {change.after}" for change in field_changes(plan, key, None, content)
    )


def entry_difference(mine: LedgerEntry, theirs: LedgerEntry) -> tuple[str, str]:
    """Return in what two versions of a ledger's row differ, as texts of both."""
    if mine.gone or theirs.gone:
        return ("已删除" if mine.gone else "保留"), ("已删除" if theirs.gone else "保留")
    titles = [
        t for t in {**mine.values, **theirs.values} if mine.values.get(t) != theirs.values.get(t)
    ]
    texts = ["；".join(f"{t} {_entry_value(e, t)}" for t in titles) for e in (mine, theirs)]
    return texts[0], texts[1]


def _entry_value(entry: LedgerEntry, title: str) -> str:
    value = plain_value(entry.values.get(title))
    return number_text(value, 4) if isinstance(value, int | float) else value or _EMPTY


def _fields(plan: Plan, key: RecordKey, content: Content) -> Iterable[tuple[str, str]]:
    """Name the fields of a content and write what stands in them."""
    if isinstance(content, DataValue):
        indicator = plan.indicators_by_code.get(key.item)
        above = indicator.numerator_name if indicator else ""
        below = indicator.denominator_name if indicator else ""
        yield "本期数", _number(content.value)
        yield above or "分子", _number(content.numerator)
        yield below or "分母", _number(content.denominator)
        yield "无此项", "是" if content.not_applicable else "否"
        yield "备注", content.note or _EMPTY
        return
    yield "状态", content.status.label if content.status else _NOTHING
    if isinstance(content, Milestone):
        yield "完成日期", content.done_on.isoformat() if content.done_on else _EMPTY
        yield "佐证材料", content.evidence or _EMPTY
        return
    yield "进展情况", content.text or _EMPTY
    yield "存在问题", content.problems or _EMPTY
    yield "下步打算", content.next_steps or _EMPTY


def _number(number: float | None) -> str:
    return _NOTHING if number is None else number_text(number, 4)
