"""Remarks among the names: the first leads, it holds below as well, what a mark such as ★ means.

Everything here works on text in half width (see `passage.plain`).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from fsdesk.documents.official.answers.names import is_bare_name
from fsdesk.domain.plan.plan import Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fsdesk.documents.official.answers.responsible import Named
    from fsdesk.documents.official.draft import Answer

_One = TypeVar("_One", "Named", "Answer")
_OPEN = frozenset({Role.SOLE, Role.SHARED})

MARKS = "★☆*※▲△●◎#^◆■"
_MARK = f"[{re.escape(MARKS)}]"
_LEADS = r"(?:总?牵头|主办|主要(?:责任|负责)|第一责任|负总责|总负责|总?汇总)"
_PLACE = (
    r"(?:第[一1](?:位|个|名|家|顺位|(?:责任)?单位|(?=[的者为]))|首(?:位|个|家|名)|最前面?|前者"
    r"|前(?P<many>[两二三23])(?:位|个|名|家))"
)
_FIRST = (
    rf"(?:[列排名位居署]\S{{0,3}}|[^,;。、:]{{0,8}}?)?{_PLACE}[^,;。:]{{0,14}}?{_LEADS}(?:单位"
    rf"|部门|责任)?(?![^\s()\[\]]{{0,4}}:)"
    rf"|{_LEADS}(?:单位|部门)?(?:为|是|列|排|居"
    rf"|位)[^,;。:]{{0,6}}?{_PLACE.replace('many', 'also')}[^,;。:]{{0,8}}"
)
_MEANS = (
    rf"(?:前|后)?(?:带|加|标|注|打|有|画|划)[^,;。:]{{0,4}}?[“\"]?(?P<mark>{_MARK})[^,;。:]{{0,10"
    rf"}}?(?P<as>牵头|主办|主要责任|配合|协办|责任|参与)(?:单位|部门)?"
    rf"|(?P<sign>{_MARK})(?:号|标记|符号)?(?:为|是|表示|代表)[^,;。:]{{0,4}}?(?P<like>牵头|主办"
    rf"|主要责任|配合|协办|责任|参与)(?:单位|部门)?"
)
_STYLED = (
    r"(?:加粗|黑体|粗体|加黑|下划线|斜体|红字|标红)[^,;。:]{0,10}(?:牵头|主办|配合|责任)(?:单位"
    r"|部门)?"
)
_NO_ORDER = r"(?:排名|排序|顺序)?不分先后|排名无先后|(?:不分|无)主次"
_BELOW = r"(?:以)?下(?:均|各项|内容|部分|类)*(?:相)?同(?!步|时)|以下(?:均)?照此|(?:其)?余同"
_LEFT_OUT = (
    r"不再(?:一一|逐一|重复|另行|单独|赘述)*(?:列|注|标|说)?\S{0,4}|(?:均|都"
    r"|全部)?涉及[各所全有](?!单位:)|以下简称|下称|下简称|简称为?[“\"]"
)
_KEY = f"{_FIRST}|{_MEANS}|{_STYLED}|{_NO_ORDER}|{_BELOW}|{_LEFT_OUT}"
_BY_STYLE = re.compile(_STYLED)
_SAID_FIRST, _SAID_MEANS = re.compile(_FIRST), re.compile(_MEANS)
_SAID_BELOW, _SAID_NO_ORDER = re.compile(_BELOW), re.compile(_NO_ORDER)
_UNNAMED = re.sub(r"[?]P<[a-z]+>", "?:", _KEY)
_BRACKETED = re.compile(rf"[(\[][^()\[\]]*(?:{_UNNAMED})[^()\[\]]*[)\]]?")
_PART = re.compile(r"[^,;。、]+")
_IS_REMARK = re.compile(rf"^(?P<before>[^,;。、]{{0,10}}?)(?:{_KEY})")
_MAY_BE = re.compile(r"同|第[一1]|首|前|不再|涉及|简称|先后|主次|[粗黑线体红]|" + _MARK)
_MANY = {"两": 2, "二": 2, "2": 2, "三": 3, "3": 3}
_ABOVE = re.compile(
    r"^\s*(?:(?:牵头|责任|配合|主办|协办)?(?:单位|部门)?[及和、与]?)*\s*:?\s*同上\s*$"
)


class Order(Struct, frozen=True):
    """What a remark says about the roles of names that stand in a list.

    Attributes:
        first: How many of the first ones lead; 0 when the place says nothing.
        mark: The mark that gives the role; empty when the place does.
        below: Whether it holds for what follows as well (下同).
        start: Where the remark begins in the phrase.
        roles: Roles of the list that it stands in: below, it holds for lists of the same kind.
    """

    first: int = 0
    mark: str = ""
    role: Role = Role.LEAD
    below: bool = False
    start: int = 0
    end: int = 0
    roles: frozenset[Role] = frozenset({Role.SOLE})


def is_same_as_above(text: str) -> bool:
    """Tell whether a phrase only says that who answered above answers here: 责任单位同上."""
    return bool(_ABOVE.match(text))


def without_remarks(text: str) -> tuple[str, Order | None, list[tuple[int, int]]]:
    """Blank out the remarks of a phrase, so that places stay the same.

    Returns:
        The text without them, what they say about roles, and where those stand that say nothing of
        the kind, such as 具体事项均涉及各镇(街道),不再列出.
    """
    if not _MAY_BE.search(text):
        return text, None, []
    order: Order | None = None
    below = False
    unused: list[tuple[int, int]] = []
    found = [match.span() for match in _BRACKETED.finditer(text)]
    bare = _blanked(text, found)
    parts = [match.span() for match in _PART.finditer(bare) if _is_remark(match[0])]
    for start, end in sorted([*found, *parts]):
        words = text[start:end]
        said = order_in(words)
        below = below or bool(_SAID_BELOW.search(words))
        if said is not None:
            order = replace(said, start=start, end=end)
        elif unused and unused[-1][1] + 1 >= start:
            unused[-1] = (unused[-1][0], end)
        elif not _only_below(words) and "简称" not in words:
            unused.append((start, end))
    if order is not None:
        order = replace(order, below=below or order.below)
    return _blanked(bare, parts), order, unused


@lru_cache(maxsize=4096)  # a line is asked more than once
def order_in(text: str) -> Order | None:
    """Return what a text says about the roles of names in lists; None when it says nothing."""
    below = bool(_SAID_BELOW.search(text))
    if _BY_STYLE.search(text):
        return None
    means = _SAID_MEANS.search(text)
    if means:
        words = means["as"] or means["like"]
        role = Role.SUPPORT if words in {"配合", "协办", "参与"} else Role.LEAD
        role = Role.SHARED if words == "责任" else role
        return Order(0, means["mark"] or means["sign"], role, below, *means.span())
    first = _SAID_FIRST.search(text)
    if first:
        many = _MANY.get(first["many"] or first["also"] or "", 1)
        return Order(many, "", Role.LEAD, below, *first.span())
    none = _SAID_NO_ORDER.search(text)
    return Order(0, "", Role.SOLE, below, *none.span()) if none else None


def _is_remark(part: str) -> bool:
    """Tell whether a part is a remark and nothing else: no name stands before it."""
    found = _IS_REMARK.match(part)
    return found is not None and not is_bare_name(found["before"].strip())


def _only_below(words: str) -> bool:
    rest = _SAID_BELOW.sub("", words).strip(" ,;。、()")
    return not rest or rest.startswith("注")


def _blanked(text: str, spans: Sequence[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def ordered(named: Sequence[_One], order: Order) -> list[_One]:
    """Give the names of one list the roles that a remark gives them; a named leader stays alone."""
    if order.mark:
        rest = Role.SOLE if order.role is Role.SUPPORT else Role.SHARED
        marked = [one.mark == order.mark for one in named]
        return [
            replace(one, role=order.role if is_marked else rest, stated=True)
            if is_marked or (any(marked) and (one.role in _OPEN or not one.stated))
            else one
            for one, is_marked in zip(named, marked, strict=True)
        ]
    told = any(one.role is Role.LEAD and one.stated for one in named)
    open_ones = [at for at, one in enumerate(named) if one.role in order.roles or not one.stated]
    if not order.first or told or len(open_ones) <= 1:
        return list(named)
    roles = {at: Role.LEAD if at in open_ones[: order.first] else Role.SHARED for at in open_ones}
    return [
        replace(one, role=roles[at], stated=True) if at in roles else one
        for at, one in enumerate(named)
    ]
