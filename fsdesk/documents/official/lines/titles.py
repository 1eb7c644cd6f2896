"""Short wordings, as a coordinator would write them, derived from the official words.

The title of a task says what is done, with a verb and an object; a deliverable names the thing that
is done and can be shown: the task 开展校园食品安全检查 has the deliverable 校园食品安全检查.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from fsdesk.documents.official.lines.verbs import EMPTY, NAMED, VERBS, WITHIN
from fsdesk.documents.official.lines.words import cut_from_left

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST = 16
LONGEST_THING = 24
_LEAST = 4
_REMEMBERED = 4096  # words of a document that are asked about more than once
# A shorter name for an object than this hardly tells it from others.
_CLEAR = 8
_ADVERBS = re.compile(
    r"^(?:全[区县市省镇](?!性)|进一步|持续|深入|积极|大力|扎实|切实|全面|认真|不断|着力"
    r"|加快(?=[一-鿿]{2})|加速|稳步|有序|统筹(?!推进|协调)|依法|严格(?!落实责任)|坚决|突出(?=打击"
    r"|抓|整治)|广泛|充分|有效|努力|全力"
    r"|常态化|常态|继续|纵深|精准|科学(?=[一-鿿]{4})|分类|逐步|及时|同步|强力|高质量|高标准"
    r"|扎实有序|要(?![素点求件])|应当?(?![急用对收诉])|须(?!知)|并(?![网购])|同时|另外|此外|定期"
    r"|不定期|适时|重点(?=整治|打击|推进|加强|开展|抓|检查)|[一二三四五六七八九十]是"
    r"|力争|争取(?=实现|达到)|实现(?=[一-鿿“]{4})|首先|其次|年内|今年|本年度|全年|\s|[、,;:。])+"
)
_BY = re.compile(
    r"^(?:[到至]?20\d\d年[底末]?前?"
    r"|(?:根据|按照?|结合|围绕|以|依托|针对|聚焦|紧盯|通过|在|为|对照|立足|借助|贯彻落实|坚持"
    r"|充分利用|面向)[^,]{2,40}),(?=.{4})"
)
_WHERE = re.compile(r"^\s*(?:对(?=.{4})|[一两二三四五六]次(?=.{3})|全[区县市省镇](?!性))")
_WITHIN = re.compile(
    r"(?:较|比)(?:上年|去年|上一年|同期)(?:增长|提高|减少|下降)?|同比(?:增长|提高|下降)?"
    r"|(?:每|按)(?:半年|季度?|学期|年|月|周|两个月)度?(?:至少|不少于)?|依法依规|依法(?=[一-鿿]{4})"
    r"|进一步|积极(?=[一-鿿]{4})|切实|扎实|深入(?=[一-鿿]{4})|全面(?=推|加|落|提|开|规)|充分"
    r"|有效(?=防|提|落|防)|广泛|准确客观|理性有序"
)
_AMOUNT = re.compile(
    r"(?:(?:不少于|不低于|至少|达到?|力争|不超过|完成)?\d[\d,.]*(?:\s*[-~至到]+\s*\d[\d,.]*)?(?:多"
    r"|余)?[万千]?\s*(?:批次|人次|场次|家次|户次|%|个百分点|家|户|个|件|起|场|次|期|份|条|项|所"
    r"|处|名|人|轮|类|种|套|台|辆|亩|元|万元|分(?!钟)|座|吨|天|个?工作日|课时|学时|米"
    r"|公里)(?:/[一-鿿]{1,4})?(?:以上|以下|以内|左右)?(?=[一-鿿“]|[^\w]|$)(?:、(?=\d))?"
    r"|分别(?=$|\d|不|达|至)|(?:不少于|不低于|至少)(?=[一-鿿]*\d))"
)
_TAIL = re.compile(
    r"(?:[、,;:。\s]|和|及|与|的|以及|以|等|并|或|对|在|将|等活|分别|不少于|不低于"
    r"|不超过|达到?|至少|实现|人均|每[人家校]|均|力争|确保|[≥≤<>=])+$"
)
_PAIRS = {"“": "”", "《": "》", "(": ")", "「": "」", "‘": "’"}
_NAMED = re.compile(r"“[^”]*”|《[^》]*》|\([^()]*\)")
_DEED = re.compile(
    rf"^(?P<verb>(?:{VERBS})(?:(?:、|和|与|并|及)(?:{VERBS}))*)(?![率度数量到至])(?P<object>.*)$",
    re.DOTALL,
)
_DEED_WITHIN = re.compile(rf"(?P<verb>{WITHIN})(?![率度数量到至])(?P<object>[^,;。]{{3,}})")
# 对甲开展乙 is 开展甲乙.
_UPON = re.compile(
    r"^对(?:于)?(?P<whom>.{2,60}?)(?P<verb>开展|进行|实施|实行|予以|给予|组织开展"
    r"|组织)(?P<deed>[^,;。]{2,})"
)
_LED_TO = re.compile(r"^(?:将|把)(?=.{2,30}?(?:纳入|列入|作为|转化为|融入))")
_EMPTY = re.compile(
    rf"^(?:{EMPTY}|、|和|与|工作|任务|措施|有关|相关|各项|力度|水平|要求|领导|组织|重点|责任(?=$)"
    rf"|情况|落细|落地|见效)*$"
)
_ANY_EVENT = re.compile(
    r"^(?:专项|集中|综合|联合)?(?:整治|行动|检查|培训|演练|活动|工作|监测|宣传|治理|督查|督导"
    r"|排查|执法|抽检|改造|提升)(?:行动|活动|工作)?$"
)
# What ends so is a thing already, and needs no word for the deed.
_THING = re.compile(
    r"(?:行动|整治|检查|培训|演练|活动|机制|制度|体系|网络|平台|中心|清单|方案|预案|办法|细则"
    r"|标准|规范|计划|队伍|品牌|工程|建设|改革|调查|宣传|会商|会议|例会|监测|抽检"
    r"|抽查|评估|评价|管理|监管|服务|保障|试点|工作|作用|治理|提升|督导|督查|暗访|巡查|排查|执法"
    r"|交流|合作|研判|改造|比武|竞赛|大赛|主题日|宣传周|宣传月|用药月|培育|帮扶|追溯|审查"
    r"|台账|档案|目录|指南|手册|报告|协议|责任书|基地|站点|服务站|街区|示范店|食堂|指引|名单|案件"
    r"|审核|备案|化|模式|规划|意见|通知|考核|评议|通报|约谈|公示|上链|准入|会|率|库|图|册|栏|周"
    r"|月|日|点)$"
)
_PIVOTS = re.compile(
    r"^(?:督促|指导|引导|推动|鼓励|支持|动员|助力|组织|督促指导|引导和鼓励|鼓励和引导)$"
)
_SHARED_DEED = re.compile(
    r"^[^、的]{2,8}(?P<rest>、.*?)(?P<deed>(?:监督抽检|监督检查|风险监测|专项检查|抽检|检查|监测"
    r"|培训|整治|抽查)(?:工作)?)$"
)
_AGAINST = frozenset({"打击", "查办", "整治", "取缔", "严控", "制止", "关停", "淘汰", "控制"})
# Words that lead a heading as its verb, and only say how eagerly elsewhere.
_HEADING_VERBS = re.compile(r"^(?:严格|聚焦|突出|坚持|紧盯|围绕)(?=[^,;。\d]{4,}$)")
_RATE = re.compile(r"(?:率|比例|占比)$")
_OF_RATES = re.compile(r"提升|提高|增强|降低|减少|控制|完成|落实|优化|扩大|压减|推动|推进|巩固")
_GENERAL = re.compile(r"(?:等各?类?|有关|相关|各类|一批)")
_HEADS = re.compile(
    r"(?:三年)?(?:专项|提升|巩固提升|清源打链|综合治理|攻坚|集中整治)?(?:行动|整治|工程|计划|活动"
    r"|机制|制度|品牌|建设|改革|改革试点|平台|体系|主题日活动|主题日|宣传周|办理模式|工作机制"
    r"|培训|大比武|模式|要求|规定)$"
)


def short_title(text: str, limit: int = LONGEST) -> str:
    """Return a title for a clause: its first deed, as a verb and its object.

    `text`: the clause in half width.
    `limit`: most characters.
    """
    parts = list(_parts(text))
    named = next((title for part in parts if (title := _with_verb(part, limit))), "")
    named = named or next((title for part in parts if (title := _with_inner(part, limit))), "")
    if named:
        return named
    first = next((part for part in parts if len(part) > 1), text.strip(" 。;,、:"))
    what = _clean(re.split(r"(?:控制|保持|稳定|维持)在", first)[0])
    if len(what) < _LEAST or (parts and _deed(parts[0])[0]):
        return _trimmed(first)[:limit]
    if _ENDS_IN_DEED.search(what):  # 农贸市场快检室提升 says what is done
        return _shrunk(what, limit)
    return _short(_fitting_verb(first, what), what, limit)


def _with_verb(part: str, limit: int) -> str:
    """Return the title of a part that begins with a verb; empty when it doesn't."""
    verb, thing = _deed(part)
    if _LED_TO.match(part) and len(part) <= limit:
        return part
    return _short(verb, thing, limit) if verb and not _EMPTY.match(thing) else ""


def _with_inner(part: str, limit: int) -> str:
    """Return the title of a part in which a verb stands behind who does it."""
    within = None if _RATE.search(_clean(part)) else _DEED_WITHIN.search(part)
    thing = _clean(within["object"]) if within else ""
    return _short(within["verb"], thing, limit) if within and not _EMPTY.match(thing) else ""


def _fitting_verb(part: str, what: str) -> str:
    """Return the verb that goes with what a part without one names."""
    if re.search(r"(?:检出|阳性|不合格|发生|死亡|超标|投诉)率|时限$", what) or re.search(
        r"控制在|不超过|不高于|(?<!不)低于|以内", part
    ):
        return "控制"
    if re.search(r"(?:率|比例|占比|满意度|水平|得分|指数)$", what):
        return "提升"
    if re.search(r"全覆盖$|清零$", what):
        return "实现"
    if re.search(r"(?:中心|站|点|基地|街区|平台|实验室|快检室|品牌|队伍)$", what):
        return "建设"
    if re.search(r"(?:店|食堂|超市|市场)$", what):  # those that are there are not to be built
        return "建设" if _TO_BE_BUILT.search(part) else "规范"
    return "开展" if _EVENT.search(what) else "落实"


_TO_BE_BUILT = re.compile(r"示范|标杆|标准化|星级|放心|阳光|\d\s*[家个所]")
_ENDS_IN_DEED = re.compile(
    r"(?:提升|改造|整治|建设|升级|整改|创建|治理|帮扶|推广|优化|提质|增效|扩面|提质扩面|达标|上链"
    r"|入网|减量|扩容|提档|[规标数]\S化)$"
)
_EVENT = re.compile(
    r"(?:抽检|抽查|检查|监测|培训|演练|宣传|排查|整治|调查|会商|活动|行动|督导|巡查|快检|检测)$"
)


def is_title_as_it_is(heading: str) -> bool:
    """Tell whether a heading that was written as a title can stand: short, and no empty words."""
    return 1 < len(heading) <= LONGEST and not _EMPTY.match(heading)


@lru_cache(maxsize=_REMEMBERED)
def title_of(heading: str, text: str, limit: int = LONGEST) -> str:
    """Return the title of a task that has a heading, which may say all, or only about what.

    `heading`, `text`: in half width; either may be empty.
    """
    heading = _trimmed(heading.strip(" 。;,、:"))
    if len(heading) <= limit and _HEADING_VERBS.match(heading):
        return heading
    verb, thing = _deed(_plain_part(heading))
    if heading and verb and not _EMPTY.match(thing):
        whole = len(heading) <= limit and not re.search(r"[,;\d]", heading)
        return heading if whole else short_title(heading, limit)
    derived = short_title(text, limit)
    return derived if not heading or verb else _about(heading, derived, limit)


def _about(heading: str, derived: str, limit: int) -> str:
    """Put a heading that only says about what together with the deed of its text."""
    deed, thing = _deed(derived)
    if not deed:
        return heading if len(heading) <= limit else derived
    if _ANY_EVENT.match(thing) and len(deed + heading + thing) <= limit:
        return f"{deed}{heading}{thing}"
    return _short(deed, heading, limit) if _EMPTY.match(thing) else derived


@lru_cache(maxsize=_REMEMBERED)
def thing_of(text: str, limit: int = LONGEST_THING) -> str:
    """Return the name of what some words ask for: 提升基层监管能力 is 基层监管能力提升.

    `text`: a part of a clause, in half width.
    """
    part = next((one for one in _parts(text) if len(one) >= _LEAST), text.strip(" 。;,、:"))
    verb, thing = _deed(part)
    plain_noun = _RATE.search(_clean(part)) or _LED_TO.match(part)
    within = None if verb or plain_noun else _DEED_WITHIN.search(part)
    if within and len(_clean(within["object"])) >= _LEAST:
        verb, thing = within["verb"], _clean(within["object"])
    part = _LED_TO.sub("", part)
    if not verb or _EMPTY.match(thing):
        return _shrunk(_clean(part), limit)
    said = NAMED.get(re.split(r"[、和与并及]", verb)[-1], "")
    shown = _PIVOTS.match(verb) or _THING.search(thing) or thing.endswith(("”", "》", said))
    if shown and not (said in _AGAINST and not thing.endswith(said)):
        said = ""
    return f"{_shrunk(thing, limit - len(said))}{said}"


def verb_of(text: str) -> str:
    """Return the verb that a text's first deed begins with; empty when it begins with none."""
    return next((verb for part in _parts(text) for verb, _ in [_deed(part)] if verb), "")


@lru_cache(maxsize=_REMEMBERED)
def _parts(text: str) -> tuple[str, ...]:
    """Return what a text asks for, part by part, without the words that say how eagerly."""
    return tuple(_each_part(text))


def _each_part(text: str) -> Iterator[str]:
    rest = text.strip(" 。;,、:")
    hidden = _hidden(rest)
    start = 0
    cuts = [mark.start() for mark in re.finditer(r"[,。;:!?]", hidden)]
    for end in [*cuts, len(rest)]:
        if end > start:
            part = _plain_part(rest[start:end])
            if len(part) > 1 and not _LEADS_UP.match(part):
                yield part
        start = end + 1


_LEADS_UP = re.compile(
    r"^(?:根据|按照|围绕|依托|针对|紧盯|聚焦|通过|对照|立足|借助|以[^,]{2,80}为"
    r"|坚持[^,]{2,30}(?:原则|导向|方针|结合|并重|底线)$|确保|为了?[^,]{2,30}$|工作目标$|主要措施$"
    r"|主要任务$|重点任务$|工作措施$)"
)


# Who does it is no part of what is done: 区商务局负责督促….
_WHO = re.compile(
    r"^[^,。“”]{1,40}?(?:局|委|办|厅|院|部|部门|街道|政府|中心|所|站|队|社)(?:要|应|须|将|负责|牵头|组织"
    r"|会同[^,]{2,12}?(?:局|委|办|部))+(?=[一-鿿]{4})"
)


@lru_cache(maxsize=_REMEMBERED)
def _plain_part(text: str) -> str:
    rest = _WHO.sub("", text.strip())
    for _ in range(4):
        shorter = _BY.sub("", _ADVERBS.sub("", rest))
        if shorter == rest or len(shorter) < _LEAST:
            break
        rest = shorter
    return rest


@lru_cache(maxsize=_REMEMBERED)
def _deed(part: str) -> tuple[str, str]:
    """Return the verb of a part and its object; nothing where it begins with no verb."""
    upon = _UPON.match(part)
    if upon:
        whom = re.sub(r"(?:问题|情况|工作)$", "", _after_list(upon["whom"]))
        return "开展", _clean(whom + upon["deed"])
    found = _DEED.match(part)
    if found is None:
        return "", ""
    verb = found["verb"].split("、")[-1]
    thing = _clean(found["object"])
    if _RATE.search(thing) and not _OF_RATES.match(verb):
        return "", ""  # 登记备案率 is what is measured, and no deed
    if verb == "加大" and thing.endswith("力度"):
        return "加强", thing.removesuffix("力度")
    return verb, thing


@lru_cache(maxsize=_REMEMBERED)
def _clean(text: str) -> str:
    """Take amounts, brackets and words of manner out of an object."""
    parts = re.split(r"(“[^”]*”)", re.sub(r"\([^()]*\)", "", text))  # “15分钟购药圈” is a name
    text = "".join(part if at % 2 else _AMOUNT.sub("", part) for at, part in enumerate(parts))
    return _trimmed(_WHERE.sub("", _WITHIN.sub("", text)).strip(" 、,的"))


def _short(verb: str, thing: str, limit: int) -> str:
    """Put a verb and its object together, so that they fit."""
    if len(verb) + len(thing) <= limit:
        return verb + thing
    single = re.split(r"[、和与并及]", verb)[0] if len(verb) > 2 else verb  # noqa: PLR2004
    single = {"组织开展": "开展", "组织实施": "实施", "建立健全": "健全", "建立完善": "完善"}.get(
        single, single
    )
    return single + _shrunk(thing, limit - len(single))


def _shrunk(thing: str, room: int) -> str:
    """Return a shorter name for an object, whole words only."""
    for shorter in _shorter(thing):
        named = _trimmed(shorter)
        if _LEAST - 1 <= len(named) <= room:
            return named
    return cut_from_left(_trimmed(_after_list(thing)), room)


def _shorter(thing: str) -> Iterator[str]:
    """Yield names for an object, from the fullest to the shortest."""
    yield thing
    yield _GENERAL.sub("", thing) if not re.search(r"、.*等", thing) else thing
    after = _after_list(thing)
    yield after
    quoted = re.search(r"“[^”]*”(?:、?“[^”]*”)*|《[^》]*》", thing)
    if quoted:
        head = _HEADS.search(thing[quoted.end() :])
        before, behind = thing[: quoted.start()], thing[quoted.end() :]
        yield quoted[0] + behind
        yield quoted[0] + (head[0] if head else "")
        first = re.match(r"“[^”]*”|《[^》]*》", quoted[0])
        yield (first[0] if first else "") + (head[0] if head else "")
        yield from sorted([before + behind, quoted[0]], key=lambda one: len(one) < _CLEAR)
    shared = _SHARED_DEED.match(_hidden(thing))
    if shared and len(thing) - thing.rfind("、") - len(shared["deed"]) <= _LEAST + 3:
        yield f"{thing[: shared.start('rest')]}等{shared['deed']}"
    yield from _coordinates(after)
    of = _hidden(after).rfind("的")
    if of > 0 and len(after) - of > _LEAST + 2:
        yield after[of + 1 :]
        yield from _coordinates(after[of + 1 :])
    elif of > 0:
        yield cut_from_left(after[:of], LONGEST - 2)


def _after_list(text: str) -> str:
    """Return what a list says all its members are: 鳊鱼、鲈鱼等养殖水产品 are 养殖水产品."""
    hidden = _hidden(text)
    marks = [mark.end() for mark in re.finditer(r"、[^,;。]*?等(?=[^、等]{3,})", hidden)]
    return re.sub(r"^(?:之间|方面|领域|环节)的", "", text[marks[-1] :]) if marks else text


def _coordinates(text: str) -> Iterator[str]:
    """Yield the members of a list that stand by themselves, the first one first."""
    hidden = _hidden(text)
    for mark in reversed(list(re.finditer(r"[、,]|[和与及以](?!上|下|内|外|谐|平|解|睦)", hidden))):
        first = text[: mark.start()]
        if len(first) >= _LEAST and _THING.search(first):
            yield first
    for mark in re.finditer(r"[、,]|[和与及](?!上|谐|平|解|睦)|以及", hidden):
        first = text[: mark.start()]
        if len(first) >= _LEAST + 2:
            yield first
    for mark in re.finditer(r"[、]|[和与及](?!谐|平|解|睦)", hidden):
        if len(text) - mark.end() >= _LEAST:
            yield text[mark.end() :]


def _hidden(text: str) -> str:
    """Make all within quotation marks and brackets unremarkable, of the same length."""
    return _NAMED.sub(lambda named: "某" * len(named[0]), text)


@lru_cache(maxsize=_REMEMBERED)
def _trimmed(text: str) -> str:
    """Take off what hangs at the end: small words, and brackets or quotes that don't close."""
    for opening, closing in _PAIRS.items():
        while text.count(opening) > text.count(closing):
            text = text[: text.rfind(opening)]
    return _TAIL.sub("", text)
