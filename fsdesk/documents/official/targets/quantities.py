"""Numbers with their measure unit and how a figure is to compare with them: 不少于1900批次.

Everything here works on text in half width (see `passage.plain`).
"""

from __future__ import annotations

import re

from msgspec import Struct
from msgspec.structs import replace

from fsdesk.documents.official.numerals import CHINESE_DIGITS, from_chinese
from fsdesk.domain.plan.indicators import Operator

HEADS = {"百万人": 1e6, "10万人": 1e5, "十万人": 1e5, "千人": 1e3, "万人": 1e4}
_UNITS = (
    r"个百分点|百分点|批\(次\)|批次|批|件次|家次|个次|所次|点次|台次|户次|人次|场次|车次|班次|频次|起次|家|户|个|件|起|场|次|期|例"
    r"|份|条|项|所|处|座|台|套|名|人|支|辆|吨|万亩|亩|公里|平方米|学时|课时|小时|万元|亿元|元|篇|块|张|种|类|只"
    r"|岁|倍|ms|毫秒|秒|公顷|平方公里|学分|堂|笔|盒|瓶|箱|袋|羽|尾|棵|株|面|幅|本|册|层|口|孔|片|顶|把|辆次|例次|项次|轮次|人份|剂|针|床|张床位|轮|栋|件套|公斤|千克|毫克|克|升|头|间|分|%|‰|对|组|位|幢|门|部|集|个工作日|工作日|天|日|分钟|个月"
)
_UNIT = "|".join(sorted(_UNITS.split("|"), key=len, reverse=True))
TIMES = frozenset({"个月", "个工作日", "工作日", "天", "日", "小时", "分钟", "秒", "毫秒", "ms"})
_FRACTION = (
    r"(?:\s*/\s*(?:每?(?:千人|10万人|十万人|万人|百万人)(?:口)?(?:·?年)?|年|月|季度|人|家|户|所|个|校|村|亩|公顷"
    r"|平方公里))"
)
_NUMBER = r"\d{1,3}(?:,\d{3})+(?!\d)|\d+(?:\.\d+)?"
_CHINESE = f"[{CHINESE_DIGITS}]+"
_QUANTITY = re.compile(
    rf"(?:(?P<of>百|千|万)分之(?P<percent>{_CHINESE}|\d+(?:\.\d+)?)"
    rf"|(?P<whole>[二两三四五六七八九十]|\d)分之(?P<part>{_CHINESE}|\d)"
    rf"|(?P<tenths>[一二两三四五六七八九1-9])成(?P<half>[半一二三四五六七八九])?(?=[以左的,。;、)]|$)"
    rf"|(?P<rate>{_NUMBER})\s*/\s*(?P<heads>(?:10|十|百|千)?万|千)人?(?=[以之的,。;、)]|$)"
    rf"|(?P<number>{_NUMBER}|{_CHINESE}?)(?P<more>多|余)?(?P<times>[万千百亿](?=[^元亩]|元|亩))?(?P<odd>多|余)?\s*"
    rf"(?:[-~]{{1,2}}|至|到)?\s*(?P<second>(?<=[-~至到\s])(?:{_NUMBER}|{_CHINESE}?)(?P<again>[万千])?)?\s*(?P<unit>{_UNIT})(?P<per>{_FRACTION})?)"
)
_NUMBERS = re.compile(rf"[百千万]分之|[二两三四五六七八九十]分之|{_NUMBER}|{_CHINESE}")
_NO = r"(?:不|未|不得|不能|不应|不可|(?<!人)均不|都不|严禁|防止)"
_DO = r"(?:开展|组织|举办|召开|组织开展|完成|建成|新建|创建|检查|抽检|培训)"
_LEAST = (
    rf"{_NO}(?:低于|少于|小于|下于|低|少|亚于|弱于){_DO}?|至少[一-鿿]{{0,4}}|最少|最低|起码|大于等于|达到或超过|大于|高于|超过|超(?=\d)|多于|优于|≥|>=|>|突破"
    r"|下限(?:为|是)?"
)
_MOST = (
    rf"{_NO}(?:超过|超出|突破|高于|多于|大于|超)|(?:严格)?(?:控制|严控|限定|限制|压|保持|稳定)(?:在|到|至|于)(?=[^,。;]{{0,12}}(?:以内|以下|之内|之下))"
    r"|(?:控制|严控|限定|限制)(?:在|到|至|于)?|小于|低于|少于|≤|<=|<"
    r"|(?:下降|降低|减少|压减|压降|压缩|缩短|缩减|削减|控制|降|减|缩)(?:至|到|为)|最多|最高|至多|上限(?:为|是)?"
)
_REACH = (
    r"达到了?|达成|达|提升到|提升至|提升为|提高到|提高至|提高为|上升到|上升至|增加到|增加至|增长到|增长至|稳定在|保持在|维持在|力争"
    r"|争取|实现|确保|增至|升至|扩大到|扩大至|完成|=|为|到|至|约|近"
)
_BEFORE = re.compile(
    rf"(?:(?P<least>{_LEAST})|(?P<most>{_MOST})|(?P<reach>{_REACH}))\s*(?:每年|全年|均|各|人均|每(?:百万人|千人|万人)口?)?\s*$"
)
_SOFT = re.compile(
    r"(?:力争|争取|确保|要|应|须|人均|均|都|分别|各|总体|全部|基本|必须|努力|能够|有望)*$"
)
_BEHIND = re.compile(
    r"\s*(?:(?P<least>及?以上|之上|为下限)|(?P<most>及?以内|及?以下|之内|之下|内|封顶|为上限)|(?P<about>左右|上下))"
)
# A word of comparison further before the number, with what the number relates to between them.
_AFAR = re.compile(rf"(?P<least>{_LEAST.replace('至少[一-鿿]{0,4}', '至少')})|(?P<most>{_MOST})")
_RELATION = re.compile(
    r"^(?P<what>[^,;。:\d]{2,20}?)(?:的|之)?\s*$",
)
_RELATES = re.compile(
    r"的$|平均|均值|水平|标准|时限|期限|上年|去年|上一年|同期|基数|总数|总量|总额|规定|法定|要求|往年|限值|全[国省市区县]"
)
_DOES = re.compile(
    r"开展|组织|进行|约谈|检查|培训|抽检|完成|建[成立设]|实施|落实|列入|给予|召开|举办|创建|打造|的(?:企业|单位|学校|主体|门店|食堂|人员|产品)"
)
_FROM = re.compile(
    r"(?:从|由|较|比)(?:20\d\d年|上年|去年|上一年|目前|现在|当前|年初|现有|原来|基期)?(?:底|末|度)?(?:的|同期)?\s*$"
)
_UP_TO = re.compile(r"^[^,;。\d]{0,4}$")
_NO_GOAL = frozenset({"为", "到", "至", "约", "近", "完成", "="})
_RANGE = "写的是一个范围，按下限读取"
_RANGE_MOST = "写的是一个范围，按上限读取"
_NO_UNIT = "没有写明计量单位"
_UNITLESS_END = re.compile(
    r"\s*(?:及?以[上下内]|左右)?(?=\s*(?:[,。;、)\]]|$|的(?:目标|要求|标准)))"
)
_RANK = re.compile(
    r"(?:全[国省市区县]|进入|位居|跻身|保持(?:在)?|稳居|排名|名列|位列|列|居)(?:[^,。;\d]{0,6})前$"
)
_NAMED = re.compile(r"“[^”]*”|《[^》]*》|‘[^’]*’|\"[^\"]*\"")
_NOT_BEFORE = re.compile(r"(?:第|前|名后|倒数|[A-Za-z·/]|\d|年级|No\.|约占)$")
_NOT_BEHIND = re.compile(r"\s*(?:[A-Za-z]|·|月|年|号|季度|级|字|版|款|届|全会|全体会议|党代会)")


class Quantity(Struct, frozen=True):
    """A number that somebody may have to reach.

    Attributes:
        start: Where it begins, with the words that compare.
        end: Where it ends, with the words that compare.
        number_at: Where the number itself begins.
        value: The number; the lower one of a range, but the upper one of a range not to be passed.
        unit: Its measure unit; empty when a later one of a list carries it, or none is written.
        per: How many heads one unit of the denominator holds (千人: 1000); 0 when there are none.
        operator: How a figure is to compare; None when no word says so.
        doubt: Why it isn't sure; empty when it is.
        chinese: Whether it is written in Chinese digits.
        relation: What the number relates to (不高于法定时限的80%); empty when nothing is said.
        baseline: What it was before (从80%提高到95%); None when nothing is said.
        alone: Whether it has no unit and belongs to no list that has one.
        rank: Whether it is a place among others (全省前三名).
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
    relation: str = ""
    baseline: float | None = None
    alone: bool = False
    rank: bool = False


def has_numbers(text: str, start: int, end: int) -> bool:
    """Tell whether a stretch of a text has any number; most sentences have none."""
    return _NUMBERS.search(text, start, end) is not None


def find_quantities(text: str) -> list[Quantity]:
    """Find the numbers with measure units of a text in order, but for those in names and dates."""
    if not has_numbers(text, 0, len(text)):
        return []
    hidden = hidden_names(text)
    found: list[Quantity] = []
    at = 0
    while number := _NUMBERS.search(text, at):
        at = number.end()
        if any(start < number.start() < end for start, end in hidden):
            continue
        quantity = _quantity(text, number.start(), found[-1].end if found else 0)
        if quantity is None:
            continue
        counts = found and found[-1].unit == "个" and found[-1].end == quantity.number_at
        if counts and quantity.unit == "%":  # 4个100% says how many rates there are
            quantity = replace(quantity, start=found.pop().start)
        found.append(quantity)
        at = max(quantity.end, at)
    return _with_baselines(text, _with_shared_units(text, found))


def hidden_names(text: str) -> list[tuple[int, int]]:
    """Return where names stand whose numbers count nothing: “664铸军”, 《…》.

    What stands in quotation marks and compares a number with a goal is a sentence, and no name.
    """
    return [
        name.span()
        for name in _NAMED.finditer(text)
        if name[0][0] == "《" or not is_sentence(name[0][1:-1])
    ]


def is_sentence(words: str) -> bool:
    """Tell whether words in quotation marks set a goal: 抽检合格率达到98%以上."""
    for number in _NUMBERS.finditer(words):
        found = _QUANTITY.match(words, number.start())
        if found is None or not re.match(r"[\d百千万二三四五六七八九]", number[0]):
            continue
        compared = _BEFORE.search(words[: number.start()]) or _BEHIND.match(words, found.end())
        rate = found["unit"] == "%" and number.start() > 1
        if compared or rate or found["of"]:
            return True
        if number[0].isdigit() and _DOES.search(words[: number.start()]):
            return True
    return False


def _quantity(text: str, start: int, floor: int) -> Quantity | None:
    """Return the number at a place; None when it counts nothing: 每千人, 第3家, 5G."""
    match = _QUANTITY.match(text, start)
    before = text[max(start - 16, floor) : start]
    if match and match["unit"] in {"名", "位"} and _RANK.search(before):
        return _rank(start, match)
    if _COUNTED_HEADS.match(text, start) or _NOT_BEFORE.search(before[-3:]):
        return None
    if match is None or not any(match[g] for g in (*_SHARES, "number")):
        return _bare(text, start, floor)
    share = any(match[group] for group in _SHARES)
    behind = not share and match["unit"] != "%" and _NOT_BEHIND.match(text, match.end())
    value, unit = _value(match)
    return None if behind or value is None else _whole(text, match, floor, (value, unit))


def _whole(text: str, match: re.Match[str], floor: int, counted: tuple[float, str]) -> Quantity:
    """Put a number together with what its words compare it with."""
    value, unit = counted
    begin, end, operator, relation = _compared(text, match, floor)
    per = next((size for head, size in HEADS.items() if head in (match["per"] or "")), 0)
    if match["rate"]:
        per = _HEADS_WRITTEN[match["heads"]]
    elif match["per"] and not per:
        unit += re.sub(r"\s", "", match["per"])
    chinese = not (match["number"] or "1")[0].isdigit()
    doubt = _doubt(text, match, operator)
    if operator is Operator.AT_MOST and match["second"]:
        value = _second(match) or value
    if relation:
        doubt = f"写的是与“{relation}”相比，请核对怎样计算和达标方向"
    start = match.start()
    return Quantity(begin, end, start, value, unit, per, operator, doubt, chinese, relation)


# 每万名常住人口 counts nobody.
_COUNTED_HEADS = re.compile(r"(?:千|万|10万|十万|百万)(?:人|名(?=常住|户籍|服务|人口))")
_SHARES = ("percent", "part", "tenths", "rate")
_HEADS_WRITTEN = {"万": 1e4, "10万": 1e5, "十万": 1e5, "百万": 1e6, "千万": 1e7, "千": 1e3}


def _rank(start: int, match: re.Match[str]) -> Quantity | None:
    number = from_chinese(match["number"]) if not match["number"][0].isdigit() else None
    value = float(number if number is not None else match["number"].replace(",", ""))
    doubt = "写的是名次，数值越小越好"
    return Quantity(start, match.end(), start, value, "名", 0, Operator.AT_MOST, doubt, rank=True)


def _doubt(text: str, match: re.Match[str], operator: Operator | None) -> str:
    about = _BEHIND.match(text, match.end())
    if match["more"] or match["odd"] or (about and about["about"]):
        return "数字不是准数"
    if match["second"]:
        return _RANGE_MOST if operator is Operator.AT_MOST else _RANGE
    return ""


def _second(match: re.Match[str]) -> float | None:
    written = match["second"].replace(",", "").rstrip("万千")
    number = float(written) if written[:1].isdigit() else from_chinese(written)
    times = {"万": 1e4, "千": 1e3}.get(match["again"] or match["times"] or "", 1)
    return None if number is None else round(float(number) * times, 6)


def _number(written: str) -> float | None:
    number = float(written) if written[0].isdigit() else from_chinese(written)
    return None if number is None else float(number)


def _value(match: re.Match[str]) -> tuple[float | None, str]:
    """Return a number with its unit, shares as per cent; None when the digits make no number."""
    number: float | None
    if match["percent"]:
        number, unit = _number(match["percent"]), "‰" if match["of"] == "千" else "%"
        return (number / 100 if number and match["of"] == "万" else number), unit
    if match["part"]:
        part, whole = _number(match["part"]), _number(match["whole"])
        number, unit = (round(part / whole * 100, 2) if part and whole else None), "%"
    elif match["tenths"]:
        tenths = _number(match["tenths"])
        half = {"半": 5.0}.get(match["half"]) or _number(match["half"] or "0") or 0
        number, unit = (tenths * 10 + half if tenths else None), "%"
    elif match["rate"]:
        number, unit = _number(match["rate"].replace(",", "")), ""
    else:
        number, unit = _counted(match)
    return number, unit


def _counted(match: re.Match[str]) -> tuple[float | None, str]:
    unit = match["unit"].replace("批(次)", "批次")
    number = _number(match["number"].replace(",", ""))
    times = {"万": 1e4, "千": 1e3, "百": 1e2, "亿": 1e8}.get(match["times"] or "", 1)
    if number is not None and unit in {"元", "亩"} and times in {1e4, 1e8}:
        return number, f"{match['times']}{unit}"  # 万元 and 万亩 are units themselves
    return (None if number is None else round(number * times, 6)), unit


def _bare(text: str, start: int, floor: int) -> Quantity | None:
    """Return a number without a unit: of a list whose end carries one, or compared all the same."""
    number = re.compile(_NUMBER).match(text, start)
    if number is None:
        return None
    value = float(number[0].replace(",", ""))
    before = _BEFORE.search(text, floor, start)
    begin = _begin(text, start, before)
    listed = re.compile(r"\s*[、和及与/]\s*\d").match(text, number.end())
    if listed or _FROM.search(text[floor:start]):
        return Quantity(begin, number.end(), start, value, "", operator=_operator(before))
    ends = _UNITLESS_END.match(text, number.end())
    if before is None or ends is None or before["reach"] in _NO_GOAL:
        return None
    behind = _BEHIND.match(text, number.end())
    operator = _operator(before)
    if behind:
        operator = Operator.AT_LEAST if behind["least"] else operator
        operator = Operator.AT_MOST if behind["most"] else operator
    return Quantity(
        begin, ends.end(), start, value, "", operator=operator, doubt=_NO_UNIT, alone=True
    )


def _compared(text: str, match: re.Match[str], floor: int) -> tuple[int, int, Operator | None, str]:
    """Return where a number begins and ends with the words that compare, and what they say.

    A word of comparison may stand further before the number: 不高于法定时限的80%. What stands
    between them is what the number relates to.
    """
    before = _BEFORE.search(text, floor, match.start())
    begin = _begin(text, match.start(), before)
    operator, relation = _operator(before), ""
    if before is None or (before["reach"] and operator is Operator.EQUAL):
        afar = _afar(text, floor, match.start(), match["unit"] or "%")
        if afar is not None:
            begin, operator, relation = afar
    behind = _BEHIND.match(text, match.end())
    end = match.end()
    if behind and not (behind["most"] == "内" and match["unit"] not in TIMES):
        end = behind.end()
        if behind["least"]:
            operator = Operator.AT_LEAST
        elif behind["most"]:
            operator = Operator.AT_MOST
    return begin, end, operator, relation


def _afar(text: str, floor: int, number: int, unit: str) -> tuple[int, Operator, str] | None:
    """Find a word of comparison that doesn't stand right before the number."""
    start = max(text.rfind(mark, floor, number) for mark in ",;:。") + 1
    said = list(_AFAR.finditer(text, max(start, floor), number))
    if not said:
        return None
    last = said[-1]
    between = text[last.end() : number]
    what = _RELATION.match(between)
    if what is None or _DOES.search(between):
        return None
    if not _RELATES.search(between) and (last["least"] or unit in {"%", "‰"}):
        return None
    operator = Operator.AT_LEAST if last["least"] else Operator.AT_MOST
    return last.start(), operator, what["what"].strip()


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
        gap = text[quantity.end : following.number_at].strip() if following else ""
        if following and following.unit == quantity.unit and gap in {"~", "-", "--", "至", "到"}:
            most = Operator.AT_MOST in {quantity.operator, following.operator}
            whole = replace(
                quantity,
                end=following.end,
                value=following.value if most else quantity.value,
                operator=quantity.operator or following.operator,
                doubt=_RANGE_MOST if most else _RANGE,
            )
            result.pop()
        elif not quantity.unit and not quantity.alone and not quantity.per:
            near = gap in {"、", "和", "及", "与", "/"} or bool(
                _FROM.search(text[: quantity.start])
            )
            whole = (
                replace(quantity, unit=following.unit, per=following.per)
                if near and following
                else None
            )
        if whole is not None:
            result.append(whole)
        following = whole
    return result[::-1]


def _with_baselines(text: str, found: list[Quantity]) -> list[Quantity]:
    """Make one of 从80%提高到95%: the first number is what it was before."""
    result: list[Quantity] = []
    for quantity in found:
        first = result[-1] if result else None
        begins = _FROM.search(text[: first.start]) if first else None
        if (
            first
            and begins
            and first.unit == quantity.unit
            and quantity.start >= first.end
            and _UP_TO.match(text[first.end : quantity.start])
            and re.search(r"[到至为]\s*$|达", text[quantity.start : quantity.number_at])
        ):
            falls = quantity.value < first.value
            result[-1] = replace(
                quantity,
                start=begins.start(),
                operator=Operator.AT_MOST if falls else quantity.operator,
                baseline=first.value,
            )
        else:
            result.append(quantity)
    return result


def shifted(quantity: Quantity, by: int) -> Quantity:
    """Return a quantity of a part of a text as one of the text: its places are further on."""
    if not by:
        return quantity
    start, end, number_at = quantity.start + by, quantity.end + by, quantity.number_at + by
    return replace(quantity, start=start, end=end, number_at=number_at)
