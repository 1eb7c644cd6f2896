"""Names of units as documents list them: where one ends, and what looks like one.

Everything here works on text in half width (see `passage.plain`).
"""

from __future__ import annotations

import re

MOST_LETTERS = 32
_LEVEL = r"(?:省|市|县|区|州|旗|盟|镇|乡|街道|本级|新区|国家|中央|驻\w)"
# How names of bodies end; what may stand in brackets behind them is no matter here.
_SURE_END = (
    r"(?:局|委|办|厅|部|法院|检察院|委员会|办公室|分局|街道|街办|街镇|镇|乡|(?<!市)场|政府|办事处"
    r"|管委会|园区"
    r"|开发区|经开区|高新区|高新园|度假区|示范区|新区|卫生院|派出所|工商所|司法所|供销社"
    r"|海关|大队|支队|总队|中队|指挥部|管理所|监管所|派出所|总工会|妇联|残联|科协|工商联|团委"
    r"|共青团(?:中央|[省市区县]委)?|团中央|文联"
    r"|侨联|党校|供销社|供销联社|联社|红十字会|融媒体中心|中心|协会|学会|联合会|集团|公司|研究院"
    r"|医院|学院|法制办"
    r"|单位|部门|机构|科室|处室|股室|科|股|处|室|专班|领导小组|工作组|疾控|网信办|信访局|银行|支行|分行"
    r"|电视台|报社|邮政管理局)"
)
_LIKELY_END = (
    r"(?:所|站|队|会|社|院|校|馆|组|台|署|司|关|企业|主体|平台|村|社区|县|市|区|州|旗|政|媒体)"
)
_BRACKETS = r"(?:\([^()]*(?:\([^()]*\)[^()]*)*\)?|\[[^\]]*\]?)"
_SURE = re.compile(rf"^(?:各|{_LEVEL})?.*{_SURE_END}{_BRACKETS}*$")
_LIKELY = re.compile(rf"^.*(?:{_SURE_END}|{_LIKELY_END}){_BRACKETS}*$")
_EVERY = re.compile(
    rf"^各.{{0,22}}?(?:{_SURE_END}|{_LIKELY_END}|地|级|方|方面|地区|片区|网格|系统|行业|战线"
    rf"|[县市区镇乡街]{{1,3}}|农场|林场|人)"
    rf"{_BRACKETS}*$|^[^等]*(?:成员单位|有关部门|相关部门|有关单位|相关单位|有关方面"
    rf"|部门[和及与]单位){_BRACKETS}*$"
)
_NO_NAME = re.compile(
    r"[。:!?%《》“”\"]|\d{3,}|^(?:的|在|对|把|将|按|以|为|从|通过|根据|加强|推进|落实|开展|做好"
    r"|强化|组织|确保)"
    r"|(?:(?<![稽检督监巡])查处|惩处|严处|工作|责任|机制|制度|建设|监管|安全|管理|任务|措施|问题"
    r"|情况)$"
)
_CUT_SHORT = re.compile(r"^[\u4e00-\u9fff]{2,8}$")
_MORE = re.compile(
    r"(?:等(?:\d+|[一二三四五六七八九十]+)?个?家?"
    r"(?:国务院|中央|国家|(?:市|县|区|省)(?:级|直|政府)?)?(?:有关|相关|各|成员|责任|职能|主管|监管|行业|配合"
    r"|其他)*(?:部门|单位|成员)?"
    r"(?:及其他(?:有关|相关)?(?:部门|单位))?)$"
)
# 各市、县(市、区)人民政府 is one group in two parts.
_EVERY_LEVEL = re.compile(
    r"^各(?:有关|相关)?(?:市|区|县|镇|乡镇|乡|街道)(?:、(?:县|区|镇|乡|街道))*$"
)
_EVERY_PARTY = re.compile(r"^各.{0,10}(?:党委|党工委|党\(工\)委|工委)$")
_GOVERNMENT = re.compile(rf"^(?:人民)?(?:政府|办事处|管委会){_BRACKETS}?$")
_GOES_ON = re.compile(
    r"^(?:县|区|市|镇|乡|街道).{0,8}(?:政府|管委会|办事处)$"
    r"|^(?:县级市|县|区|市|镇|乡|街道|街镇|镇街|园区|开发区|农场)(?:\((?:市|区|县|办"
    r"|场)(?:、(?:市|区|县|办|场))*\))?$"
)
_SEPARATOR = re.compile(r"[、,;\s/]|[和及与](?=各|其他)|以及|并(?!购|网)")
_AND = re.compile(r"以及|[和及与]")
_BEFORE_AND = re.compile(rf"(?:{_SURE_END}{_BRACKETS}*)$")


# 各有关部门和单位 is one group: what follows 和 is no body of its own.
_ONLY_KIND = re.compile(
    r"^(?:有关|相关|其他|所属|直属|各)*(?:单位|部门|机构|企业|科室|处室|股室|个人|人员|方面|科|站"
    r"|所|队)$"
)
_OF_GROUP = re.compile(r"^(?:各|全体|所有)|有关|相关|成员|其他|直属|所属|部门$|单位$")
_OWN_GROUP = re.compile(r"^(?:各|有关|相关|其他)")
_OF_LEVEL = re.compile(
    rf"^(?:各|全体|{_LEVEL})|(?:局|委|厅|署|法院|检察院|海关|办事处|街道|政府|管委会){_BRACKETS}*$"
)
_LEAST_NAME, _LEAST_TAIL = 3, 2


def of_a_level(name: str) -> bool:
    """Tell whether a name says of what level its body is, or that it is a group of bodies."""
    return bool(_OF_LEVEL.search(name))


def without_tail(text: str, most: int) -> tuple[str, str]:
    """Part a name from words behind it that aren't known: 区法院做实释法说理; the longest wins.

    `most`: the most characters that such words may have.
    """
    for end in range(len(text) - _LEAST_TAIL, _LEAST_NAME - 1, -1):
        tail = text[end:]
        if len(tail) > most:
            break
        if is_bare_name(text[:end]) and re.fullmatch(r"[一-鿿]+", tail):
            return text[:end], tail
    return text, ""


def is_name_like(name: str, *, cut_short: bool = False) -> bool:
    """Tell whether a text may be a name where the words around it call for one.

    `cut_short`: whether the names may lack their end, as in 县农业农村、市场监管等部门.
    """
    if cut_short and _CUT_SHORT.match(name):
        return True
    if not 1 < len(name) <= MOST_LETTERS or _NO_NAME.search(name):
        return False
    return bool(_LIKELY.match(name) or _EVERY.match(name) or "(" not in name)


def is_likely_name(name: str) -> bool:
    """Tell whether a text looks like the name of a body or of a group."""
    return (
        1 < len(name) <= MOST_LETTERS
        and not _NO_NAME.search(name)
        and bool(_LIKELY.match(name) or _EVERY.match(name))
    )


def is_bare_name(name: str) -> bool:
    """Tell whether a text is surely a name though nothing around it says so."""
    return (
        1 < len(name) <= MOST_LETTERS
        and not _NO_NAME.search(name)
        and bool(_SURE.match(name) or _EVERY.match(name))
    )


def ends_in_name(text: str) -> bool:
    """Tell whether a text ends as the name of a body does."""
    return bool(_BEFORE_AND.search(text[-MOST_LETTERS:]))


def split_names(text: str) -> list[tuple[str, int, int, bool]]:
    """Split a list of names at the marks outside of brackets.

    Returns:
        Name, where it begins, where it ends, and whether “等” or the like follows it.
    """
    found: list[tuple[str, int, int, bool]] = []
    for start, end in _pieces(text):
        piece = text[start:end]
        begin = start + len(piece) - len(piece.lstrip())
        begin += len(_leading(text[begin:end]))
        name = text[begin:end].rstrip()
        more = _MORE.search(name)
        if more and more.start() > 0 and not _EVERY.match(name):
            name = name[: more.start()].rstrip()
        elif more and more.start() == 0:  # 等部门 on its own, after a mark
            if found:
                found[-1] = (*found[-1][:3], True)
            continue
        if found and _goes_on(found[-1][0], name):
            whole = text[found[-1][1] : begin + len(name)]
            found[-1] = (whole, found[-1][1], begin + len(name), bool(more))
        elif name:
            found += _cut_at_and(name, begin, more=bool(more))
    return found


def _goes_on(before: str, name: str) -> bool:
    """Tell whether two names are one group in two parts: 各镇党委、政府, 各区、县(市)政府."""
    if _EVERY_PARTY.match(before) and _GOVERNMENT.match(name):
        return True
    return bool(_EVERY_LEVEL.match(before) and _GOES_ON.match(name))


def _leading(text: str) -> str:
    match = re.match(
        r"(?:由|以及|和(?=[各省市县区])|及(?=[各省市县区])|与(?=[各省市县区])|\s)*", text
    )
    return match[0] if match else ""


def _pieces(text: str) -> list[tuple[int, int]]:
    cuts: list[tuple[int, int]] = []
    depth = start = at = 0
    while at < len(text):
        character = text[at]
        depth += (character in "([") - (character in ")]" and depth > 0)
        mark = _SEPARATOR.match(text, at) if depth == 0 else None
        if mark and not (character.isspace() and not _parts_here(text, start, at)):
            cuts.append((start, at))
            start = at = mark.end()
            continue
        at += 1
    cuts.append((start, len(text)))
    return [(first, last) for first, last in cuts if text[first:last].strip()]


def _parts_here(text: str, start: int, at: int) -> bool:
    """Tell whether a space parts two names; a line broken within a name doesn't."""
    before = text[start:at].rstrip()
    if _BEFORE_AND.search(before):
        return True
    behind = re.match(r"[^、,;\s]+", text[at:].lstrip())
    return bool(behind) and is_likely_name(before) and is_likely_name(behind[0])


def _cut_at_and(name: str, begin: int, *, more: bool) -> list[tuple[str, int, int, bool]]:
    """Cut 区教育局和区卫健局 in two, but leave 区发展和改革局 whole."""
    for mark in _AND.finditer(name):
        left, right = name[: mark.start()], name[mark.end() :]
        if _OF_GROUP.search(left) and _ONLY_KIND.match(right) and not _OWN_GROUP.match(right):
            continue
        whole = left.count("(") == left.count(")")
        if whole and _BEFORE_AND.search(left) and is_likely_name(right):
            others = _MORE.search(left)  # 市公安局等有关部门和各街道
            if others and others.start() and not _EVERY.match(left):
                left = left[: others.start()]
            first = (left, begin, begin + len(left), others is not None)
            return [first, *_cut_at_and(right, begin + mark.end(), more=more)]
    return [(name, begin, begin + len(name), more)]


def balanced(name: str) -> str:
    """Give a name its closing bracket back, as in 区发改局(农业农村局, and close its gaps."""
    name = name.replace(" ", "")
    if "(" in name and "]" in name and "[" not in name:
        name = name.replace("]", ")")
    return name + ")" * (name.count("(") - name.count(")"))
