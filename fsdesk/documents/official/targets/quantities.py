"""Numbers with their measure unit and how a figure is to compare with them: 不少于1900批次.

Everything here works on text in half width (see `passage.plain`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from fsdesk.documents.official.numerals import CHINESE_DIGITS, from_chinese
from fsdesk.domain.plan.indicators import Operator

HEADS = {"百万人": 1e6, "千人": 1e3, "万人": 1e4}
_UNITS = (
    r"个百分点|百分点|批\(次\)|批次|批|件次|家次|户次|人次|场次|车次|班次|频次|起次|家|户|个|件|起|场|次|期|例"
    r"|份|条|项|所|处|座|台|套|名|人|支|辆|吨|万亩|亩|公里|平方米|学时|课时|小时|万元|亿元|元|篇|块|张|种|类|只"
    r"|轮|辈|栋|件套|公斤|千克|毫克|克|升|头|间|分|%|‰|对|组|位|幢|栋|株|门|轮|部|集|个工作日|工作日|天|日|分钟"
)
_UNIT = "|".join(sorted(_UNITS.split("|"), key=len, reverse=True))
TIMES = frozenset({"个工作日", "工作日", "天", "日", "小时", "分钟"})
_FRACTION = (
    r"(?:\s*/\s*(?:每?(?:千人|万人|百万人)(?:口)?(?:·?年)?|年|月|季度|人|家|户|所|个|校|村|亩|公顷"
    r"|平方公里))"
)
_NUMBER = r"\d{1,3}(?:,\d{3})+(?!\d)|\d+(?:\.\d+)?"
_CHINESE = f"[{CHINESE_DIGITS}]+"
_QUANTITY = re.compile(
    rf"(?:百分之(?P<percent>{_CHINESE}|\d+(?:\.\d+)?)"
    rf"|(?P<number>{_NUMBER}|{_CHINESE}?)(?P<more>多|余)?(?P<times>[万千百亿](?=[^元亩]|元|亩))?(?P<odd>多|余)?\s*"
    rf"(?:-|~|至|到)?\s*(?P<second>(?<=[-~至到\s])(?:{_NUMBER})[万千]?)?\s*(?P<unit>{_UNIT})(?P<per>{_FRACTION})?)"
)
_NUMBERS = re.compile(rf"百分之|{_NUMBER}|{_CHINESE}")
_LEAST = (
    r"不少于|不低于|不得低于|不得少于|不能少于|不能低于|不小于|至少|大于等于|大于|高于|超过|多于|≥|>=|>|突破"
    r"|不下于|至少[一-鿿]{1,4}|不少于(?:开展|组织|举办|召开|组织开展)"
)
_MOST = (
    r"不超过|不得超过|不高于|不得高于|不多于|不大于|控制在|小于|低于|少于|≤|<=|<|降至|降到|降低到|降低至|压减至"
    r"|压缩至|压缩到|缩短至|缩短到|缩短为|压减到|限定在"
)
_REACH = (
    r"达到了?|达成|达|提升到|提升至|提高到|提高至|上升到|上升至|增加到|增加至|增长到|稳定在|保持在|维持在|力争"
    r"|争取|实现|确保|增至|扩大到|扩大至|升至|完成|=|为|到|约|近"
)
_BEFORE = re.compile(
    rf"(?:(?P<least>{_LEAST})|(?P<most>{_MOST})|(?P<reach>{_REACH}))\s*(?:每年|全年|均|各|人均|每(?:百万人|千人|万人)口?)?\s*$"
)
_SOFT = re.compile(
    r"(?:力争|争取|确保|要|应|须|均|都|分别|各|总体|全部|基本|必须|努力|能够|有望)*$"
)
_BEHIND = re.compile(
    r"\s*(?:(?P<least>及?以上|之上)|(?P<most>及?以内|及?以下|之内|内)|(?P<about>左右))"
)
_RANGE = "写的是一个范围，按下限读取"
_NAMED = re.compile(r"“[^”]*”|《[^》]*》|‘[^’]*’|\"[^\"]*\"")
_NOT_BEFORE = re.compile(r"(?:第|前|[A-Za-z·/]|\d|年级|No\.|约占)$")
_NOT_BEHIND = re.compile(r"\s*(?:[A-Za-z]|·|月|年|号|季度|级|字|版|款|届)")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number that somebody may have to reach.

    Attributes:
        start: Where it begins, with the words that compare.
        end: Where it ends, with the words that compare.
        number_at: Where the number itself begins.
        value: The number; the lower one of a range.
        unit: Its measure unit; empty when a later one of a list carries it.
        per: How many heads one unit of the denominator holds (千人: 1000); 0 when there are none.
        operator: How a figure is to compare; None when no word says so.
        doubt: Why it isn't sure; empty when it is.
        chinese: Whether it is written in Chinese digits.
    """

    start: int
    end: int
    number_at: int
    value: float
    unit: str
    per: float = 0
    operator: Operator | None = None
    doubt: str = ""
    chinese: bool = False


def find_quantities(text: str) -> list[Quantity]:
    """Find the numbers with measure units of a text in order, but for those in names and dates."""
    hidden = [(name.start(), name.end()) for name in _NAMED.finditer(text)]
    found: list[Quantity] = []
    at = 0
    while number := _NUMBERS.search(text, at):
        at = number.end()
        if any(start < number.start() < end for start, end in hidden):
            continue
        quantity = _quantity(text, number.start())
        if quantity is None:
            continue
        found.append(quantity)
        at = max(quantity.end, at)
    return _with_shared_units(text, found)


def _quantity(text: str, start: int) -> Quantity | None:
    match = _QUANTITY.match(text, start)
    before = text[max(start - 3, 0) : start]
    if text.startswith(tuple(HEADS), start) or _NOT_BEFORE.search(before):
        return None  # 每千人 counts nobody
    if match is None or not (match["percent"] or match["number"]):
        return _bare(text, start)
    if not match["percent"] and _NOT_BEHIND.match(text, match.end()) and match["unit"] != "%":
        return None
    value, unit = _value(match)
    if value is None:
        return None
    begin, end, operator = _compared(text, match)
    per = next((size for head, size in HEADS.items() if head in (match["per"] or "")), 0)
    if match["per"] and not per:
        unit += re.sub(r"\s", "", match["per"])
    chinese = not (match["number"] or "1")[0].isdigit()
    return Quantity(begin, end, start, value, unit, per, operator, _doubt(text, match), chinese)


def _doubt(text: str, match: re.Match[str]) -> str:
    about = _BEHIND.match(text, match.end())
    if match["more"] or match["odd"] or (about and about["about"]):
        return "数字不是准数"
    return _RANGE if match["second"] else ""


def _value(match: re.Match[str]) -> tuple[float | None, str]:
    if match["percent"]:
        written = match["percent"]
        number = float(written) if written[0].isdigit() else from_chinese(written)
        return (None if number is None else float(number)), "%"
    unit = match["unit"].replace("批(次)", "批次")
    written = match["number"].replace(",", "")
    number = float(written) if written[0].isdigit() else from_chinese(written)
    times = {"万": 1e4, "千": 1e3, "百": 1e2, "亿": 1e8}.get(match["times"] or "", 1)
    if number is None:
        return None, unit
    if unit in {"元", "亩"} and times in {1e4, 1e8}:  # 万元 and 万亩 are units themselves
        return float(number), f"{match['times']}{unit}"
    return round(float(number) * times, 6), unit


def _bare(text: str, start: int) -> Quantity | None:
    """Return a number without a unit when it begins or goes on a list whose end carries one."""
    number = re.compile(rf"(?:{_NUMBER})(?=\s*[、和及与/])").match(text, start)
    if number is None:
        return None
    value = float(number[0].replace(",", ""))
    before = _BEFORE.search(text[:start])
    begin = _begin(text, start, before)
    return Quantity(begin, number.end(), start, value, "", operator=_operator(before))


def _compared(text: str, match: re.Match[str]) -> tuple[int, int, Operator | None]:
    """Return where a number begins and ends with the words that compare, and what they say."""
    before = _BEFORE.search(text[: match.start()])
    begin = _begin(text, match.start(), before)
    behind = _BEHIND.match(text, match.end())
    operator = _operator(before)
    end = match.end()
    if behind and not (behind["most"] == "内" and match["unit"] not in TIMES):
        end = behind.end()
        if behind["least"]:
            operator = Operator.AT_LEAST
        elif behind["most"]:
            operator = Operator.AT_MOST
    return begin, end, operator


def _begin(text: str, start: int, before: re.Match[str] | None) -> int:
    """Return where the words that compare begin."""
    if before is None:
        return start
    soft = _SOFT.search(text[: before.start()])
    return soft.start() if soft else before.start()


def _operator(before: re.Match[str] | None) -> Operator | None:
    if before is None:
        return None
    if before["least"]:
        return Operator.AT_LEAST
    return Operator.AT_MOST if before["most"] else Operator.EQUAL


def _with_shared_units(text: str, found: list[Quantity]) -> list[Quantity]:
    """Give the numbers of a list the unit that only the last one carries: 100、27和76批次."""
    result: list[Quantity] = []
    following: Quantity | None = None
    for quantity in reversed(found):
        whole: Quantity | None = quantity
        gap = text[quantity.end : following.number_at] if following else "-"
        if following and following.unit == quantity.unit and gap in {"~", "-", "至", "到"}:
            end, operator = following.end, quantity.operator or following.operator
            whole = replace(quantity, end=end, operator=operator, doubt=_RANGE)
            result.pop()
        elif not quantity.unit:
            near = following is not None and gap.strip() in {"、", "和", "及", "与", "/"}
            whole = (
                replace(quantity, unit=following.unit, per=following.per)
                if near and following
                else None
            )
        if whole is not None:
            result.append(whole)
        following = whole
    return result[::-1]
