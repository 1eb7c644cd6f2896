"""The concrete things that a clause asks for: its sentences, cut where a new action begins."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.documents.official.lines.titles import short_title, thing_of, verb_of
from fsdesk.documents.official.targets.dues import without_dates
from fsdesk.documents.official.targets.schedules import proposed, schedule_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fsdesk.documents.official.targets.schedules import Schedule
    from fsdesk.documents.official.targets.target import Target

_NAMED = re.compile(r"“[^”]*”|《[^》]*》|\([^()]*\)")
_EAGER = (
    r"(?:进一步|持续|深入|积极|大力|扎实|切实|全面|认真|不断|着力|加快|加速|稳步|有序|统筹|依法|严格|坚决|继续|纵深|常态化|广泛|充分|同步|逐步|并|同时"
    r"|(?:20\d\d年)?\d{1,2}月(?:底|末|\d+日)?前|[一二三四五六七八九十]是)*"
)
_ACTIONS = (
    r"开展|组织|推进|推动|加强|强化|建立|健全|完善|落实|实施|深化|加大|指导|督促|制定|编制|修订|举办|召开|建设|打造|创建|培育|推广|推行|探索|构建"
    r"|规范|优化|整治|查处|查办|打击|严打|严查|严厉打击|严惩|严控|严把|抓好|抓实|做好|办好|组建|发布|公布|公开|进行|排查|检查|抽检|监测|培训|宣传|普及|支持|扶持|帮扶|助力"
    r"|畅通|拓展|参与|配合|对接|争取|完成|设立|新增|建成|引导|鼓励|发挥|动员|结合|贯彻|宣贯|执行|压实|履行|配齐|提升|提高|巩固|改造|升级|应用|运用|试点|评选|评估"
    r"|考核|督查|督导|约谈|通报|曝光|处置|整改|受理|处理|回应|防控|防范化解|治理|管控|监管|纳入|纳管|统筹|协调|会商|共享|畅通|创新|启动|出台|印发|签订|研究|牵头|服务|保护|严守|筑牢|聚焦|紧盯|围绕"
)
_BEGINS = re.compile(rf"^\s*{_EAGER}(?:{_ACTIONS})")
_PURPOSE = re.compile(
    r"^\s*(?:确保|保障|保证|形成|营造|全力保障|全面营造|防止|防范|避免|做到|实现|切实(?:提升|提高|增强|保障|维护)|不断(?:提升|提高|增强)|有效|全面提升|持续提升"
    r"|着力提升|提升.{0,14}(?:水平|能力|质量|素养)$|提高.{0,14}(?:水平|能力|质量)$|守牢|守住|坚决守|让|使|从而|进而|切实做到|努力)"
)
_LEADS = re.compile(
    r"^\s*(?:根据|按照?|结合|围绕|以|依托|针对|聚焦|紧盯|通过|在|为|对照|立足|坚持|对)"
)
_ENUMERATED = re.compile(rf"、(?=(?:{_ACTIONS})[一-鿿]{{3,}})")
# Of what is only counted, these are things to do as well: 组织演练2场.
_DEED = re.compile(
    r"^(?:组织|开展|举办|召开|建成|新建|建设|打造|创建|改造|新增|设立|检查|培训|评选|培育|完成|听取|发放|查办|查处|抽检|监测)"
)
# What can't be shown as a thing of its own.
_VAGUE = re.compile(
    r"^(?:主要措施|工作措施|具体措施|工作内容|主要内容|工作目标|目标任务|主要任务|齐抓共管|(?:工作)?合力|组织领导|统筹协调|协调配合|沟通协调|沟通联系|责任意识|思想认识|政治站位|高度重视|重视|工作力度|责任担当|作用)$"
    r"|^形成.{0,6}(?:合力|格局|氛围)|^(?:提高|强化).{0,4}(?:认识|站位)|(?:高度重视|齐抓共管)$"
)
_ENDS = re.compile(r"[。;!?]")
_LEAST = 4
MOST = 24


class Item(Struct, frozen=True):
    """A concrete thing to do.

    Attributes:
        title: Its name, as a thing that can be shown.
        schedule: What its words say about when or how often; None when they say nothing.
        proposed: What is to be expected of such a thing when nothing is said.
        only_target: Whether its words are nothing but a target.
    """

    title: str
    start: int
    end: int
    schedule: Schedule | None
    proposed: Schedule
    only_target: bool = False


def find_items(text: str, targets: Sequence[Target], year: int) -> list[Item]:
    """Split a clause into concrete things.

    `text`: the clause in half width.
    `targets`: its quantified targets; a part that is nothing but a target is no thing of its own,
        unless it is to be done again and again.
    `year`: the plan's year, for dates.
    """
    parts = [part for start, end in _sentences(text) for part in _parts(text, start, end)]
    recurring = {part for part in parts if _recurs(text[slice(*part)], year)}
    only = {part for part in parts if _only_target(text, part, targets)}
    things = [part for part in parts if part in recurring or part not in only]
    things = things or [part for part in parts if _DEED.match(verb_of(text[slice(*part)]))]
    items: list[Item] = []
    for start, end in things[:MOST]:
        words = without_dates(text[start:end])
        title = thing_of(words)
        title = title if len(title) >= _LEAST else short_title(words)
        if len(title) >= _LEAST and title not in {item.title for item in items}:
            said = schedule_in(text[start:end], year)
            expected = proposed(verb_of(words), title, words)
            only_target = (start, end) in only and (start, end) not in recurring
            items.append(Item(title, start, end, said, expected, only_target))
    return [item for item in items if not _VAGUE.search(item.title) or item.schedule]


def _recurs(words: str, year: int) -> bool:
    schedule = schedule_in(words, year)
    return schedule is not None and schedule.firm


def _sentences(text: str) -> list[tuple[int, int]]:
    hidden = _NAMED.sub(lambda named: "某" * len(named[0]), text)
    found: list[tuple[int, int]] = []
    start = 0
    for mark in _ENDS.finditer(hidden):
        found.append((start, mark.start()))
        start = mark.end()
    found.append((start, len(text)))
    return [(first, last) for first, last in found if len(text[first:last].strip()) >= _LEAST]


def _parts(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Cut a sentence at the marks behind which a new action begins."""
    hidden = _NAMED.sub(lambda named: "某" * len(named[0]), text[start:end])
    cuts = [at for at, sign in enumerate(hidden) if sign == ","]
    cuts += [mark.start() for mark in _ENUMERATED.finditer(hidden)]
    bounds = [0, *(cut + 1 for cut in sorted(cuts)), len(hidden) + 1]
    found: list[tuple[int, int]] = []
    for first, last in pairwise(bounds):
        piece = hidden[first : last - 1]
        new = bool(_BEGINS.match(piece)) and not _PURPOSE.match(piece)
        # What begins with 根据 or 围绕 leads up to the action that follows.
        leading = (
            found
            and _LEADS.match(hidden[found[-1][0] : found[-1][1]])
            and (not _NAMES_ACTION.search(hidden[found[-1][0] : found[-1][1]]))
        )
        if found and (not new or leading):
            found[-1] = (found[-1][0], last - 1)
        else:
            found.append((first, last - 1))
    return [(start + first, start + last) for first, last in found]


_NAMES_ACTION = re.compile(rf",\s*{_EAGER}(?:{_ACTIONS})")


def _only_target(text: str, part: tuple[int, int], targets: Sequence[Target]) -> bool:
    """Tell whether a part says little beside its targets."""
    start, end = part
    inside = [target for target in targets if start <= target.start < end]
    if not inside:
        return False
    first = min(target.start for target in inside)
    last = max(target.end for target in inside)
    before, behind = text[start:first], text[last:end].strip(" ,。的")
    if inside[0].name.endswith("覆盖率") and text[first:last].endswith("全覆盖") and behind:
        return False  # 开展全覆盖培训 is a thing to do as well
    commas = [start - 1, *(at for at in range(start, end) if text[at] == ","), end]
    each = all(any(a < one.start < b for one in inside) for a, b in pairwise(commas))
    return each and not (len(before) > MOST and behind)
