"""The words behind names that say how they answer: 负责, 牵头, 依法履职, 结合实际抓好落实.

A tail is a run of known words, each of a kind; the weightiest kind gives the role. Words that only
say how eagerly or in what way give none.

Everything here works on text in half width (see `passage.plain`).
"""

from __future__ import annotations

import re

from fsdesk.domain.plan.plan import Role

_BODY = r"(?:责任)?(?:单位|部门)?"
_LEAD = (
    rf"(?:为|作为|是)?(?:总|共同|联合|分别)?牵头(?:抓总|协调)?{_BODY}|主办{_BODY}|承办{_BODY}"
    rf"|统筹(?:协调|抓总)?|负总责|总负责|抓总|为主|主抓"
    r"|汇总"
)
_SUPPORT = (
    rf"(?:为|作为|是)?配合{_BODY}|参与{_BODY}|参加|协助|协办{_BODY}|支持|协作|督促|督导|指导|监督"
    rf"|督查|督办|技术支撑|协同(?=[。,;、\s)\]]|$)"
)
_DUTY = (
    r"(?:工作|法定|部门|岗位|监管|行业)?(?:职责|职能)(?:任务|范围"
    r"|权限)?(?:之?内)?的?(?:分工)?(?:范围内)?"
)
_SHARED = (
    rf"(?:根据|按照?|依据|依照?|依|结合|在|立足|围绕)?(?:各自|其|本|自身|本部门|本单位|部门"
    rf"|单位)?的?{_DUTY}|按?(?:任务)?分工|分别|各自"
    rf"|各负其责|各司其职|(?:依法)?(?:认真|全面|切实)?(?:履职尽责|履职"
    rf"|履行(?:好)?[一-鿿]{{0,8}}?(?:职责|责任|职能))"
)
_SOLE = (
    r"负责|落实|承担|办结|整改|建成|(?:组织)?实施|推进|推动|办理|执行|完成|开展|主责|抓落实|落细"
    r"|为责任(?:单位|部门)"
)
# Words that a tail may hold beside those; 社会组织 and the like end in a noun.
_FILL = (
    r"(?:结合|根据|按照?)(?:本地区?|本单位|本部门|各自|自身|当地|地方|工作|职责|的)*实际(?:情况)?"
    r"|因地制宜"
    r"|依法(?:依规|依职权?)?|依规|(?:按|按照|根据)(?:有关|相关)?(?:要求|规定)|积极|主动|认真|切实"
    r"|密切|共同|联合|协同|同步|一并|具体|直接|全面|主要|统一|属地"
    r"|技术|业务|保障|严格|抓紧|全力|日常|做好|抓好|抓实|做实|加强|进行|给予|予以|提供"
    r"|(?<!社会)(?<!群团)(?<!行业)(?<!基层)(?<!党)(?<!工会)组织(?!部)|协调|相关|有关"
    r"|(?:各项)?工作|任务|(?:主体|属地|监管|行业|部门|首要|第一)?责任|到位|落地|见效|好(?=$|[,;。])"
)
_KINDS = (
    (Role.LEAD, re.compile(_LEAD)),
    (Role.SUPPORT, re.compile(_SUPPORT)),
    (Role.SHARED, re.compile(_SHARED)),
    (Role.SOLE, re.compile(_SOLE)),
)
_SAID = f"(?:{_LEAD}|{_SUPPORT}|{_SHARED}|{_SOLE})"
TAIL = rf"(?:{_FILL})*{_SAID}(?:{_SAID}|{_FILL})*"
ROLE_WORDS = re.compile(TAIL)
_WITH_TAIL = re.compile(rf"^(?P<names>.*?)(?P<tail>{TAIL}|(?:{_FILL})+)?$", re.DOTALL)
_IN_BRACKETS = re.compile(rf"^(?P<name>.+?)\((?P<tail>{TAIL})\)$")


def role_of(tail: str) -> Role | None:
    """Return the role that the words of a tail give; None when they give none."""
    return next((role for role, words in _KINDS if words.search(tail)), None)


def names_and_tail(text: str) -> tuple[str, str]:
    """Part a stretch between commas into the names and the tail behind them, which may be empty."""
    match = _WITH_TAIL.match(text)
    return (match["names"], match["tail"] or "") if match else (text, "")


def name_with_role(text: str) -> tuple[str, Role | None]:
    """Return a name and the role that stands in brackets behind it: 区教育局(牵头)."""
    match = _IN_BRACKETS.match(text)
    return (match["name"], role_of(match["tail"])) if match else (text, None)
