"""The words that say who answers for a task: names, lists and roles, as a small grammar.

phrase  = { label names | names role | names 会同 names role } [ names ]
label   = 责任单位： 牵头单位： 配合部门： 责任科室： 完成时限： …
names   = name { (、 | ， | 和) name } [ 等部门 ]
role    = 负责 | 按职责分工负责 | 牵头 | 配合 | 参与 | …

Everything here works on text in half width (see `passage.plain`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from fsdesk.documents.official.answers.names import (
    balanced,
    is_bare_name,
    is_name_like,
    split_names,
)
from fsdesk.domain.plan.plan import Role

_WHO = (
    r"(?:主要|第一|共同|协同|具体|总|省级|市级|县级|区级|分管|包保)?"
    r"(?:责任|牵头|配合|主办|协办|承办|参与|参加|落实|实施|负责|协作|协同|主责|指导|责任分工|分工|分管)"
    r"(?:责任|配合|落实|实施|承办|参与|负责|主管)?"
    r"(?:单位|主体|部门|科室|处室|股室|机构|领导|县领导|区领导|人员|人|科|处)?(?:及分工|及责任人)?"
)
LABEL = re.compile(
    rf"\[\s*{_WHO}\s*\]\s*:?|{_WHO}\s*(?::|(?<=单位)为|(?<=部门)为|(?<=单位)\s+(?=[各区县市省]))"
)
DUE_LABEL = re.compile(
    r"(?:计划|目标|工作|任务)?(?:完成|办结|推进|时间|进度|整改)?"
    r"(?:时限|期限|时间|节点|安排|进度)(?:节点|要求|安排|时限)?\s*:"
)
ANY_LABEL = re.compile(f"(?P<who>{LABEL.pattern})|(?P<due>{DUE_LABEL.pattern})")
_PERSON = re.compile(r"领导|人员?\s*[:\]]")

_DOING = r"(?:抓总|负责|组织|实施|推进|推动|落实|协调|承办|做好|抓好|完成|办理|开展|具体|共同)*"
_LEAD = rf"(?:总|共同|联合|分别)?(?:牵头|为主|主办|承办|统筹|负总责|总负责|抓总){_DOING}(?:单位)?"
_SUPPORT = (
    r"(?:积极|共同|予以|分别|密切|协同|(?:根据|按照?)(?:各自)?(?:职责|职能)(?:分工)?)*"
    rf"(?:配合|参与|参加|协助|协办|支持|协作){_DOING}(?:单位)?"
)
_DUTY = r"(?:工作|法定|部门|岗位)?(?:职责|职能|责任)(?:任务|范围)?内?(?:的?分工)?"
_SHARED = (
    rf"(?:(?:根据|按照?|依据|依照|依|结合|在)(?:各自|其|本)?的?{_DUTY}|各自{_DUTY}|职责分工|分工|分别|各自)"
    r"(?:范围内)?(?:分别|共同|协同|各自|依法|具体|抓好|做好|组织|密切)*"
    r"(?:负责|落实|实施|推进|承担|完成|开展|办理|抓)(?:落实|实施|推进|到位|相关工作|有关工作)*"
    r"|各负其责|分工负责"
)
_SOLE = (
    r"(?:属地|具体|共同|组织|主要|直接|全面|依法|联合|抓好|推进|统一)*(?:负责|落实|承担|实施|组织实施|主责|办理)"
    r"(?:落实|实施|推进|组织|办理|开展|具体|工作)*"
)
_ROLES = (
    (Role.LEAD, _LEAD),
    (Role.SUPPORT, _SUPPORT),
    (Role.SHARED, _SHARED),
    (Role.SOLE, _SOLE),
)
_ROLE = "|".join(f"(?P<{role.name}>{pattern})" for role, pattern in _ROLES)
ROLE_WORDS = re.compile(_ROLE)
_SEGMENT = re.compile(rf"^(?P<names>.*?)(?:{_ROLE})?$", re.DOTALL)
_ROLE_IN_BRACKETS = re.compile(rf"^(?P<name>.+?)\((?:{_ROLE})\)$")
_JOINTLY = re.compile(r"会同|会商|联合|商(?=[省市县区])")
_BEGIN = re.compile(
    r"^(?:\s|(?:上述|以上|上列|该|此|本)(?:\d+|[一二三四五六七八九十]+)?[项类个]?(?:各项)?"
    r"(?:重点)?(?:工作|任务|项目|事项|内容|措施)?均?由"
    r"|由|并由|以及|和|及|与|请|其中|另由|另|同时)+"
)
# 各项目牵头单位 are units that another paper names, and none that leads here.
_WHOSE = re.compile(r"^各.{0,8}(?:牵头|责任|配合|主办|承办|参与|落实|实施)单位$")
_WHEN = re.compile(r"^(?:\d|[一二三四上下]?半?年|长期|全年|持续|常态|年底|第?[一二三四]季度|每)")
_REMARK = re.compile(r"\([^()]*(?:下同|列第一|排第一|排名|为牵头|为主)[^()]*\)?")
_CUTS = re.compile(r"[,;。]")


@dataclass(frozen=True, slots=True)
class Named:
    """A unit or group as a phrase names it.

    Attributes:
        name: The name, in half width and without the words around it.
        stated: Whether the phrase says how it answers.
        more: Whether “等部门” follows, so that others are meant that aren't named.
    """

    name: str
    role: Role
    start: int
    end: int
    stated: bool = True
    more: bool = False


@dataclass(slots=True)
class Phrase:
    """What a phrase says.

    Attributes:
        named: Units and groups in order, each once.
        due: The words about when it must be done; empty when nothing is said.
        due_start: Where these words begin in the phrase.
        labelled: Whether it is written with labels such as 责任单位：.
        people: Whether it names persons, who are left out.
    """

    named: list[Named] = field(default_factory=list[Named])
    due: str = ""
    due_start: int = 0
    labelled: bool = False
    people: bool = False

    @property
    def is_said(self) -> bool:
        """Whether the words themselves show that this is about who answers or by when."""
        return self.labelled or any(one.stated for one in self.named)


def read_phrase(text: str) -> Phrase | None:
    """Read a phrase; None when it says nothing of the kind.

    `text`: the phrase in half width, without the brackets around it.
    """
    labels = list(ANY_LABEL.finditer(text))
    if labels and not text[: labels[0].start()].strip(" ,;。、"):
        return _labelled(text, labels)
    found, due = _without_dues(_unlabelled(text, 0))
    cut_short = any(one.more and one.stated for one in found)
    if not found or not all(is_name_like(one.name, cut_short=cut_short) for one in found):
        return None
    if not any(one.stated for one in found) and not all(is_bare_name(one.name) for one in found):
        return None
    phrase = Phrase(_once(found))
    if due:
        phrase.due, phrase.due_start = due.name, due.start
    return phrase


def _without_dues(found: list[Named]) -> tuple[list[Named], Named | None]:
    """Set apart what stands among the names and says by when, or how eagerly."""
    due = next((one for one in found if _WHEN.match(one.name)), None)
    told = any(one.stated for one in found)
    names = [one for one in found if not _WHEN.match(one.name)]
    return [one for one in names if one.stated or not told or is_bare_name(one.name)], due


def _labelled(text: str, labels: list[re.Match[str]]) -> Phrase:
    phrase = Phrase(labelled=True)
    led = any("牵头" in label[0] for label in labels)
    ends = [label.start() for label in labels[1:]] + [len(text)]
    for label, end in zip(labels, ends, strict=True):
        content = text[label.end() : end]
        # What is said about the names behind them, such as that it holds below as well, goes.
        first, mark, rest = content.partition("。")
        content = first if mark and re.search(r"[,、。]?(?:下同|不再)|涉及", rest) else content
        if label["due"]:
            shown = content.strip(" ,;。、()[]")
            phrase.due = shown
            phrase.due_start = label.end() + content.find(shown)
        elif _PERSON.search(label[0]):
            phrase.people = True
        else:
            phrase.named += _under_label(content, label.end(), _label_role(label[0], led=led))
    phrase.named = _once(phrase.named)
    return phrase


def _label_role(label: str, *, led: bool) -> Role:
    """Return the role that a label gives; beside a leader, the others share."""
    if any(word in label for word in ("牵头", "主办", "主要", "主责", "第一")):
        return Role.LEAD
    if any(word in label for word in ("配合", "协办", "参与", "参加", "协作", "协同", "指导")):
        return Role.SUPPORT
    return Role.SHARED if led else Role.SOLE


def names_under(text: str, role: Role) -> list[Named]:
    """Read what stands under a label or in a column of a table that gives the role."""
    return _once(_under_label(text, 0, role))


def _under_label(text: str, offset: int, role: Role) -> list[Named]:
    found = _unlabelled(text, offset)
    if any(one.stated and one.role is Role.LEAD for one in found) and role is Role.SOLE:
        role = Role.SHARED
    return [one if one.stated else replace(one, role=role, stated=True) for one in found]


def _unlabelled(text: str, offset: int) -> list[Named]:
    """Read names and roles; names that no role follows get one that is marked as not stated."""
    found: list[Named] = []
    waiting: list[Named] = []
    for start, end in _segments(text):
        match = _SEGMENT.match(text[start:end])
        if match is None:  # the pattern takes every text; this only tells the type checker
            continue
        whose = _WHOSE.match(text[start:end].strip())
        role = None if whose else _role_of(match)
        begin = _BEGIN.match(match["names"])
        skipped = begin.end() if begin else 0
        joint = bool(begin and "会同" in begin[0])
        listed = text[start:end] if whose else match["names"]
        names, jointly = _names(listed[skipped:], start + skipped + offset)
        waiting += names
        if role is not None:
            found += _with_role(waiting, role, jointly=jointly or joint, after=found)
            waiting = []
    led = any(one.role is Role.LEAD for one in (*found, *waiting))
    rest = Role.SUPPORT if led else Role.SOLE
    return found + [one if one.stated else replace(one, role=rest) for one in waiting]


def _with_role(
    waiting: list[Named], role: Role, *, jointly: bool, after: list[Named]
) -> list[Named]:
    """Give names their role; who is named with a role in brackets keeps it."""
    led = any(one.role is Role.LEAD for one in (*after, *waiting) if one.stated or one in after)
    given: list[Named] = []
    for at, one in enumerate(waiting):
        if one.stated:
            given.append(one)
        elif jointly and role is Role.SOLE:
            given.append(replace(one, role=Role.SUPPORT if at or led else Role.LEAD, stated=True))
        else:
            given.append(replace(one, role=role, stated=True))
    return given


def _role_of(match: re.Match[str]) -> Role | None:
    return next((role for role, _ in _ROLES if match[role.name]), None)


def _segments(text: str) -> list[tuple[int, int]]:
    """Cut outside of brackets at commas and the like, and wherever a role has been named."""
    cuts: list[tuple[int, int]] = []
    depth = start = 0
    for at, character in enumerate(text):
        depth += (character in "([") - (character in ")]" and depth > 0)
        if depth:
            continue
        if _CUTS.match(character) or (character in "、 " and _ends_in_role(text[start:at])):
            cuts.append((start, at))
            start = at + 1
    cuts.append((start, len(text)))
    return [(first, last) for first, last in cuts if text[first:last].strip()]


def _ends_in_role(text: str) -> bool:
    match = _SEGMENT.match(text)
    return match is not None and bool(match["names"].strip()) and _role_of(match) is not None


def _names(text: str, offset: int) -> tuple[list[Named], bool]:
    """Split a list of names; tell whether its first does the work together with the others."""
    jointly = _JOINTLY.search(text)
    if jointly and jointly.start() == 0:
        names, _ = _names(text[jointly.end() :], offset + jointly.end())
        return names, True
    if jointly and is_name_like(text[: jointly.start()].strip()):
        first, _ = _names(text[: jointly.start()], offset)
        others, _ = _names(text[jointly.end() :], offset + jointly.end())
        return first + others, True
    found: list[Named] = []
    for name, start, end, more in split_names(text):
        bracketed = _ROLE_IN_BRACKETS.match(name)
        role = _role_of(bracketed) if bracketed else None
        shown = bracketed["name"] if bracketed else name
        last = start + len(shown) if bracketed else end
        found.append(
            Named(
                shown,
                role or Role.SOLE,
                start + offset,
                last + offset,
                stated=role is not None,
                more=more,
            )
        )
    return found, False


def _once(found: list[Named]) -> list[Named]:
    seen: dict[str, Named] = {}
    for one in found:
        whole = replace(one, name=balanced(_REMARK.sub("", one.name)))
        seen.setdefault(whole.name, whole)
    return list(seen.values())
