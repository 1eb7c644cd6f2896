"""Rows of a table that hold no entry: totals, what was carried over, remarks, titles, headings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fsdesk.domain.text import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

_TOTAL = re.compile(
    r".{0,8}?(?:合计|小计|总计|共计|累计)[:(]{0,2}(?:共?[0-9][0-9.,]*.{0,3})?\)?"
    r"|共计?[0-9][0-9.,]*.{0,3}"
    r"|.{0,6}(?:结转|承前页|承上页|接上页|过次页|转下页|转次页).{0,4}"
)
# What a quick look finds in every text that names a total.
_HINT = re.compile(r"[计共]|结转|[承接过转][前上次下]")
_DIGIT = re.compile(r"\d")
_COUNT = re.compile(r"共?计?[0-9][0-9.,]*(?:批次|[家个户批条起件人份所名次行处元吨项组])")
_CLOSING = re.compile(r"(注|备注|说明|填表|填报|制表|审核|联系|单位负责|日期)[^:]{0,4}:|以下空白")
_GROUP = re.compile(r"[(]?[一二三四五六七八九十]+[)、.].*")
_SENTENCE = re.compile(r"[。;;:!]|,.*,")
# How headings end, whatever they are headings of.
_HEADING = re.compile(
    r"序号?|.{0,8}(?:姓名|名称|编号|号码|电话|手机|日期|时间|单位|部门|科室|备注|说明|地址|职务|职称|岗位"
    r"|类型|类别|种类|数量|金额|人数|次数|件数|状态|等级|街道|联系人|负责人|经办人|内容|情况|结果|结论|性质)"
)
_LONGEST_HEADING = 12
_FEW = 2
_USUAL = 3  # cells that most rows fill, so that a row with one is no entry


def is_total(text: str) -> bool:
    """Tell whether a folded text names a total, or what is carried over, and nothing else."""
    return _TOTAL.fullmatch(text) is not None


def is_count(text: str) -> bool:
    """Tell whether a folded text is no more than a number of things: 共4家, 2批次."""
    return _COUNT.fullmatch(text) is not None


def looks_like_headings(texts: Collection[str]) -> bool:
    """Tell whether folded texts of a row are headings of some table."""
    if len(texts) < _FEW or _DIGIT.search("".join(texts)):
        return False
    if any(len(text) > _LONGEST_HEADING for text in texts):
        return False
    found = sum(_HEADING.fullmatch(text) is not None for text in texts)
    return found >= max(_FEW, len(texts) / 2)


def hints_at_aside(first: str, texts: Iterable[str]) -> bool:
    """Tell by a quick look whether a row with every key may be no entry.

    `first`: its first text, folded.
    `texts`: all that is filled.
    """
    return _HINT.search(fold("".join(texts))) is not None or _CLOSING.match(first) is not None


def why_aside(
    texts: Mapping[int, str], keys: Collection[int], columns: Collection[int], usual: int
) -> str:
    """Tell why a row is no entry; empty when it may be one.

    `texts`: what is filled, folded, by number of the column.
    `keys`, `columns`: columns that identify entries, and all that are read.
    `usual`: how many of these an entry of this table fills.
    """
    has_key = all(place in texts for place in keys)
    first = min(texts)
    hinted = _HINT.search("".join(texts.values())) is not None
    for place, text in texts.items() if hinted else ():
        if not is_total(text):
            continue
        other = sum(at in columns for at in texts if at != place)
        counted = any(is_count(texts[at]) for at in keys if at in texts)
        if place in keys or not has_key or counted or other * 2 <= usual:
            return "合计、结转"
    if not has_key and all(is_count(text) or text.isdecimal() for text in texts.values()):
        return "合计、结转"
    if _CLOSING.match(texts[first]) and (first in keys or not has_key):
        return "备注、落款"
    if len(texts) == 1 and usual >= _USUAL and _only_text(texts[first]):
        return "标题、说明"
    return ""


def _only_text(text: str) -> bool:
    return _GROUP.fullmatch(text) is not None or _SENTENCE.search(text) is not None
