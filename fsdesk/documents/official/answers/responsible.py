"""What a bracket or label says: who answers, how, and by when, as a small grammar.

phrase  = part { (, | ; | 。) part }
part    = remark | deadline | [ label ] names [ tail ] | names 会同 names tail
label   = 责任单位： 牵头单位： 配合部门： 责任科室： 完成时限： …
names   = name { (、 | ， | 和) name } [ 等部门 ]; also with a mark (★) or a role in brackets
tail    = 负责 | 按职责分工负责 | 牵头 | 配合 | 依法履职 | … (see `tails`)
remark  = 列第一位的为牵头单位 | 下同 | 带★的为牵头单位 | … (see `remarks`)

A tail that isn't known keeps the names, and how they answer is open.
Everything here works on text in half width (see `passage.plain`).
"""

from __future__ import annotations

import re
from functools import lru_cache

from msgspec import Struct, field
from msgspec.structs import replace

from fsdesk.documents.official.answers.names import (
    balanced,
    is_bare_name,
    is_likely_name,
    is_name_like,
    of_a_level,
    split_names,
    without_tail,
)
from fsdesk.documents.official.answers.remarks import (
    MARKS,
    Order,
    is_same_as_above,
    ordered,
    without_remarks,
)
from fsdesk.documents.official.answers.tails import (
    ROLE_WORDS,
    name_with_role,
    names_and_tail,
    role_of,
)
from fsdesk.documents.official.targets.dues import SAID_DUE, SAID_STANDING
from fsdesk.domain.plan.plan import Role

__all__ = ["ANY_LABEL", "LABEL", "ROLE_WORDS", "Named", "Phrase", "names_under", "read_phrase"]

_WHO = (
    r"(?:项目|主要|第一|共同|协同|具体|总|省级|市级|县级|区级|分管|包保)?"
    r"(?:责任|牵头|配合|主办|协办|承办|参与|参加|落实|实施|负责|协作|协同|主责|指导|责任分工|分工"
    r"|分管)"
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

_JOINTLY = re.compile(r"会同|会商|联合|商(?=[省市县区])")
_BEGIN = re.compile(
    r"^(?:\s|(?:上述|以上|上列|该|此|本)(?:\d+|[一二三四五六七八九十]+)?[项类个]?(?:各项)?"
    r"(?:重点)?(?:工作|任务|项目|事项|内容|措施)?均?由"
    r"|由|并由|以及|和|及|与|请|其中|另由|另|同时)+"
)
# 各项目牵头单位 are units that another paper names, and none that leads here.
_WHOSE = re.compile(r"^各.{0,8}(?:牵头|责任|配合|主办|承办|参与|落实|实施)单位$")
_CUTS = re.compile(r"[,;。]")


_ONLY_WHEN = re.compile(rf"^\s*(?:{SAID_DUE.pattern}|{SAID_STANDING.pattern})\s*$")
_LONGEST_TAIL = 16


class Named(Struct, frozen=True):
    """A unit or group as a phrase names it.

    Attributes:
        name: The name, in half width and without the words around it.
        stated: Whether the phrase says how it answers.
        more: Whether “等部门” follows, so that others are meant that aren't named.
        tail: Words behind it that aren't known to say how it answers.
        mark: A mark such as ★ that stands at it; empty when there is none.
    """

    name: str
    role: Role
    start: int
    end: int
    stated: bool = True
    more: bool = False
    tail: str = ""
    mark: str = ""


class Phrase(Struct):
    """What a phrase says.

    Attributes:
        named: Units and groups in order, each once.
        due: The words about when it must be done; empty when nothing is said.
        due_start: Where these words begin in the phrase.
        labelled: Whether it is written with labels such as 责任单位：.
        people: Whether it names persons, who are left out.
        above: Whether it says that who answered above answers here (同上).
        order: What a remark says about the roles; None when it says nothing.
        unused: Where remarks stand of which nothing was taken.
    """

    named: list[Named] = field(default_factory=list[Named])
    due: str = ""
    due_start: int = 0
    labelled: bool = False
    people: bool = False
    above: bool = False
    order: Order | None = None
    unused: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])

    @property
    def is_said(self) -> bool:
        """Whether the words themselves show that this is about who answers or by when."""
        return self.labelled or self.above or any(one.stated for one in self.named)


@lru_cache(maxsize=4096)  # the same few dozen stand in the brackets of a whole document
def read_phrase(text: str) -> Phrase | None:
    """Read a phrase; None when it says nothing of the kind. What is returned is shared: no changes.

    `text`: the phrase in half width, without the brackets around it.
    """
    if is_same_as_above(text):
        return Phrase(above=True)
    bare, order, unused = without_remarks(text)
    phrase = Phrase(order=order, unused=unused)
    labels = list(ANY_LABEL.finditer(bare))
    if labels and not bare[: labels[0].start()].strip(" ,;。、"):
        _labelled(phrase, bare, labels)
    else:
        phrase.named = _unlabelled(phrase, bare, 0)
        if not _is_about_answers(phrase):
            return None
    phrase.named = _once(phrase.named)
    if order is not None:
        roles = frozenset({one.role for one in phrase.named} & {Role.SOLE, Role.SHARED})
        phrase.order = replace(order, roles=roles or order.roles)
        phrase.named = ordered(phrase.named, phrase.order)
    return phrase


def _is_about_answers(phrase: Phrase) -> bool:
    """Tell whether names without a label are such as stand in a bracket that says who answers."""
    named = phrase.named
    cut_short = any(one.more and one.stated for one in named)
    if not named or not all(is_name_like(one.name, cut_short=cut_short) for one in named):
        return False
    if any(one.stated for one in named):
        return True
    tails = [one for one in named if one.tail]
    return all(is_bare_name(one.name) for one in named) and all(
        of_a_level(one.name) for one in (named if tails else ())
    )


def _labelled(phrase: Phrase, text: str, labels: list[re.Match[str]]) -> None:
    phrase.labelled = True
    led = any("牵头" in label[0] and not _PERSON.search(label[0]) for label in labels)
    ends = [label.start() for label in labels[1:]] + [len(text)]
    for label, end in zip(labels, ends, strict=True):
        content = text[label.end() : end]
        if label["due"]:
            shown = content.strip(" ,;。、()[]")
            behind = _names_behind(phrase, content, label.end())
            phrase.named += behind
            if behind:
                shown = shown[: content.find(behind[0].name)].rstrip(" ,;。、由")
            phrase.due = shown
            phrase.due_start = label.end() + content.find(shown)
        elif _PERSON.search(label[0]):
            phrase.people = True
        elif is_same_as_above(content):
            phrase.above = True
        else:
            role = _label_role(label[0], led=led)
            phrase.named += _under_label(phrase, content, label.end(), role)


def _names_behind(phrase: Phrase, content: str, offset: int) -> list[Named]:
    """Return those who are named with their role behind the words about the time."""
    cut = re.search(r"[,;。]", content)
    if cut is None:
        return []
    found = _unlabelled(phrase, content[cut.end() :], offset + cut.end())
    return [one for one in found if one.stated and is_bare_name(one.name)]


def _label_role(label: str, *, led: bool) -> Role:
    """Return the role that a label gives; beside a leader, the others share."""
    if any(word in label for word in ("牵头", "主办", "主要", "主责", "第一")):
        return Role.LEAD
    if any(word in label for word in ("配合", "协办", "参与", "参加", "协作", "协同", "指导")):
        return Role.SUPPORT
    return Role.SHARED if led else Role.SOLE


def names_under(text: str, role: Role) -> Phrase:
    """Read what stands under a label or in a column of a table that gives the role."""
    if is_same_as_above(text):
        return Phrase(above=True, labelled=True)
    bare, order, unused = without_remarks(text)
    phrase = Phrase(labelled=True, order=order, unused=unused)
    phrase.named = _once(_under_label(phrase, bare, 0, role))
    if order is not None:
        phrase.order = replace(order, roles=frozenset({role}))
        phrase.named = ordered(phrase.named, phrase.order)
    return phrase


def _under_label(phrase: Phrase, text: str, offset: int, role: Role) -> list[Named]:
    found = _unlabelled(phrase, text, offset)
    if any(one.role is Role.LEAD for one in found) and role is Role.SOLE:
        role = Role.SHARED
    return [
        one if one.stated or one.tail or one.mark else replace(one, role=role, stated=True)
        for one in found
    ]


def _unlabelled(phrase: Phrase, text: str, offset: int) -> list[Named]:
    """Read names and roles; names that no role follows get one that is marked as not stated."""
    found: list[Named] = []
    waiting: list[Named] = []
    for start, end in _segments(text):
        part = _without_due(phrase, text[start:end], start + offset)
        if not part.strip():
            continue
        whose = _WHOSE.match(part.strip())
        names, tail = (part, "") if whose else names_and_tail(part)
        begin = _BEGIN.match(names)
        skipped = begin.end() if begin else 0
        joint = bool(begin and "会同" in begin[0])
        listed, jointly = _names(names[skipped:], start + skipped + offset)
        role = role_of(tail)
        if listed and tail and role is None:  # words that only say in what way
            listed[-1] = replace(listed[-1], tail=listed[-1].tail + tail)
        waiting += listed
        if role is not None:
            found += _with_role(waiting, role, jointly=jointly or joint, after=found)
            waiting = []
        elif listed and listed[-1].tail and not tail:  # what is said here holds for none behind it
            found += waiting
            waiting = []
    found += waiting
    rest = Role.SUPPORT if any(one.role is Role.LEAD for one in found) else Role.SOLE
    return [one if one.stated or one.mark else replace(one, role=rest) for one in found]


def _without_due(phrase: Phrase, part: str, offset: int) -> str:
    """Take the words that say by when out of a part, so that names and tail are left."""
    if _ONLY_WHEN.match(part):
        phrase.due = phrase.due or part.strip()
        phrase.due_start = phrase.due_start or offset + len(part) - len(part.lstrip())
        return ""
    due = SAID_DUE.search(part)
    if due is None:
        return part
    phrase.due = phrase.due or due[0].strip()
    phrase.due_start = phrase.due_start or offset + due.start()
    end = due.end("day")  # 完成 behind it says how a unit answers
    return (part[: due.start()] + " " * (end - due.start()) + part[end:]).rstrip()


def _with_role(
    waiting: list[Named], role: Role, *, jointly: bool, after: list[Named]
) -> list[Named]:
    """Give names their role; who is named with a role in brackets keeps it."""
    led = any(one.role is Role.LEAD for one in (*after, *waiting) if one.stated or one in after)
    given: list[Named] = []
    for at, one in enumerate(waiting):
        if one.stated or (one.tail and one is not waiting[-1]):
            given.append(one)
        elif jointly and role is Role.SOLE:
            given.append(replace(one, role=Role.SUPPORT if at or led else Role.LEAD, stated=True))
        else:
            given.append(replace(one, role=role, stated=True, tail=""))
    return given


def _segments(text: str) -> list[tuple[int, int]]:
    """Cut outside of brackets at commas and the like, and wherever a role has been named."""
    cuts: list[tuple[int, int]] = []
    depth = start = 0
    for at, character in enumerate(text):
        depth += (character in "([") - (character in ")]" and depth > 0)
        if depth:
            continue
        if _CUTS.match(character) or (character in "、 " and _ends_a_part(text[start:at])):
            cuts.append((start, at))
            start = at + 1
    cuts.append((start, len(text)))
    return [(first, last) for first, last in cuts if text[first:last].strip()]


def _ends_a_part(text: str) -> bool:
    names, tail = names_and_tail(text)
    return bool(names.strip() and tail) or bool(_ONLY_WHEN.match(text.strip()))


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
    return [
        _named(name, start + offset, end + offset, more=more)
        for name, start, end, more in split_names(text)
        if name.strip(MARKS + " ")
    ], False


def _named(written: str, start: int, end: int, *, more: bool) -> Named:
    """Read one name with what hangs at it: a mark, a role in brackets, a tail that isn't known."""
    begin = len(written) - len(written.lstrip(MARKS + " "))
    shown = written[begin:].rstrip(MARKS + " ")
    marks = written[:begin].strip() + written[begin + len(shown) :].strip()
    name, role = name_with_role(shown)
    tail = ""
    if role is None and not is_likely_name(name):
        name, tail = without_tail(name, _LONGEST_TAIL)
    first = start + begin
    last = first + len(name) if name != written else end
    mark = marks[:1]
    return Named(
        name,
        role or (Role.LEAD if mark else Role.SOLE),
        first,
        last,
        stated=role is not None,
        more=more,
        tail=tail,
        mark=mark,
    )


def _once(found: list[Named]) -> list[Named]:
    seen: dict[str, Named] = {}
    for one in found:
        whole = replace(one, name=balanced(one.name))
        seen.setdefault(whole.name, whole)
    return list(seen.values())
