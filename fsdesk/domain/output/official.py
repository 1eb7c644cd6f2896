"""How official papers write what screens and tables write shortly: quotation marks, lists, targets.

Every letter and bulletin takes these from here, so that no paper quotes within quotation marks,
numbers a list so that it reads as a decimal, or sets half-width signs among characters.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fsdesk.domain.plan.indicators import IndicatorKind, Operator, number_text
from fsdesk.domain.plan.plan import DeliverableKind

if TYPE_CHECKING:
    from fsdesk.domain.plan.indicators import Indicator
    from fsdesk.domain.plan.plan import Deliverable

_HAN = "\u3400-\u9fff\uf900-\ufaff"
_INNER = str.maketrans("“”‘’", "‘’“”")
_STRAIGHT = re.compile(r'"([^"\n]*)"')
_BRACKETS = re.compile(rf"\((?=[^()\n]*[{_HAN}])([^()\n]*)\)|(?<=[{_HAN}”’》])\(([^()\n]*)\)")
_MARKS = re.compile(rf"(?<=[{_HAN}”’》）])[,;:](?=[{_HAN}“‘《（])")
_WIDE = {",": "，", ";": "；", ":": "："}
_SIGNS = "“”‘’《》（）〔〕、，。；："
_SPACES = re.compile(
    rf"(?<=[{_HAN}{_SIGNS}])[ \t]+(?=[\w{_SIGNS}])|(?<=[\w%‰℃])[ \t]+(?=[{_HAN}{_SIGNS}])"
)
_NUMERALS = "一二三四五六七八九十"


def official(text: str) -> str:
    """Bring a name or sentence into the signs of official papers.

    Brackets and stops among characters are full-width, and no spaces stand beside characters;
    numbers and Latin words stay as they are.
    """
    text = _STRAIGHT.sub(r"“\1”", text)
    text = _BRACKETS.sub(lambda found: f"（{found[1] or found[2] or ''}）", text)
    text = _MARKS.sub(lambda found: _WIDE[found[0]], text)
    return _SPACES.sub("", text)


def quoted(name: str) -> str:
    """Put a name into quotation marks; those within it become single ones (GB/T 15834—2011)."""
    return f"“{official(name).translate(_INNER)}”"


def book_title(name: str) -> str:
    """Put a document's name into 《》; those within it become single ones."""
    inner = official(name).replace("《", "〈").replace("》", "〉")
    return f"《{inner}》"


def listed(number: int, text: str) -> str:
    """Number one of a list so that it never reads as a decimal with what follows: （1）10项指标."""
    return f"（{number}）{text}"


def numeral(number: int) -> str:
    """Return a number as headings of official papers count, such as 十二; larger than 99 never."""
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else f"{_NUMERALS[tens - 1]}十"
    return head + (_NUMERALS[ones - 1] if ones else "")


def target_clause(indicator: Indicator, target: float) -> str:
    """Say in a sentence what an indicator must come to: 目标为不低于30%, 目标应达到100%."""
    number = f"{number_text(target, 4)}{indicator.measure_unit}"
    if indicator.operator is Operator.EQUAL:
        return f"目标应达到{number}"
    if indicator.operator is Operator.AT_MOST:
        return f"目标为不超过{number}"
    counted = indicator.kind is IndicatorKind.COUNT
    return f"目标为不{'少于' if counted else '低于'}{number}"


def due_clause(thing: Deliverable) -> str:
    """Say in a sentence by when or how often something must be done: 要求2026年3月31日前完成."""
    undated = thing.kind is DeliverableKind.ONCE and thing.due is None
    return thing.schedule_text if undated else f"要求{thing.schedule_text}"
