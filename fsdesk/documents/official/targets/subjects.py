"""What a number counts: the words before or behind it, without verbs, times and small words."""

from __future__ import annotations

import re

MOST_LETTERS = 30
_LEAST_SHARED = 2
# Words that lead to what is counted, taken off at the left as long as one fits.
_LEADING = re.compile(
    r"^(?:\s|(?:每个|每所|每家|各|每)(?:镇街|街道|乡镇|镇|乡|县|区|市|所|站|校|学校|家|村|社区|单位|户|企业|监管所)(?:\([^)]*\))?(?=[至不建开完新组举设配选聘抽检培打创改]|$)"
    r"|(?:\d+|[一二三四五六七八九十]+)年(?:内|来)|其中|去年|上年|共(?![享建治同])|同时|并且?|且|力争|争取|确保|使(?!用)|让|实现|推动|推进|全面|进一步|切实|持续|积极|努力|稳步|扎实|大力|着力|不断|加快|有效(?!期)|深入"
    r"|(?:到|至)?(?:20\d\d年度?|\d+月|今年|本年度?|全年度?|年度|年内|年(?!度)|年底|本年度|计划|第?[一二三四]季度|上半年|下半年|月底|\d+日|[上中下]旬|底)+(?:之?前|内|止)?"
    r"|(?:全|我|本)(?:区|县|市|镇|年|省)(?:范围内?)?|全国|辖区内?|总体|基本(?!药)|要(?![求点素])|应(?![急用对])|须|将|计划|年均|每(?:年|季度|月|半年|周|学期|人|家)?(?=不|至|开|组|[一-鿿])"
    r"|按照?|依据|根据|结合实际|(?:每|按)?(?:千人|10万人|十万人|万人|百万人)(?:口)?|含(?!量)|包括|[:、,;.\-·]|\d+[.、])+"
)
_VERBS = (
    r"建成|新建|新辟|新开|新投放|投放(?![量点])|建设|设立|设置|布设|打造|创建|培育|评选|评定|完成|开展|组织开展|组织|举办|召开|检查(?!员)|抽查|发放|查办|办理|立案查处|立案|发布|推出"
    r"|推广|提供|投入|引进|培养(?!皿)|选拔|资助|遴选|选派|筹建|招聘|招募|聘请|扶持|跟踪|择优|择优设立|直接|重点(?!人群|学生|对象|群体|病种|传染病)(?=[一-鿿]{2})|配备|提升|选树|认定|建立|制定|实施|公布|曝光|征集|受理|改造|升级|安排|落实|做好|抓好|加强|强化|加大|聚焦|完善|引导|督促|指导"
    r"|对|将|把|实行|开设|举行|扶持|帮扶|引进|争取|整治|深化|优化|支持|鼓励|规范|健全|参加|参与|进行|达成"
)
_LEADING_VERB = re.compile(
    rf"^(?:{_VERBS})(?!化|时间|时限|次数|周期|流程|质量|效率)(?=[一-鿿“《A-Z])"
)
_ONLY_VERB = re.compile(
    rf"^(?:{_VERBS}|新增|增设|新设|发展|达到?|实现|不|其中|抽检|监测|检测|培训|宣传|增加|新|共|约|近"
    r"|全[市区县镇省乡]|重点|和|并|、|服务|产生|认定|支持|发动|在|与|同|跟|为|向|给|计划|竣工)+$"
)
# Words at the right that belong to the comparison or the verb, not to what is counted.
_TRAILING = re.compile(
    r"(?:\s|[:、,;的]|实施|实行|开展(?=$)|均|都|各|至少|分别|全部|总体|应当?|须|必须|要|力争|争取|确保|稳定|保持|维持|控制|提升|提高|上升|增长|增加|下降|降低|减少|压减|压缩|缩短|缩减|压降|(?:较|比)(?:法定|规定|承诺|往年|同期)[一-鿿]{0,4}"
    r"|达到?|实现|不|至|到|同比|较上年|较去年|比上年|比去年|每年|全年|每?季度|每月|每半年|今年|年内|努力|有望|能够|也|将|约|近|为|共|完成|开展|总数|总量不|总量"
    r"|每?(?:千人|10万人|十万人|万人|百万人)(?:口)?|人均|从|由|每(?:家|人|校|户|镇|村|所|站|单位)|\d{1,2}月(?:\d{1,2}日|底|末|[上中下]旬)?(?:之?前|以前))+$"
)
# 在甲领域重点培养3名乙: the words before the number are all about how it is done.
_ONLY_DONE = re.compile(
    rf"(?:^|[一-鿿])(?:(?:重点|择优|跟踪|直接|联合)?(?:{_VERBS})(?:和|并|、)?)+$"
)
_WHERE = re.compile(
    r"^\s*(?:(?:\d+|[一二三四五六七八九十]+)年内)?(?:在|从|于|面向|面对|围绕|针对|为|对|向|.{0,12}两级)[^,;。]*$"
)
_SHARE_OF = re.compile(r"^(?P<what>.+?)(?:达到?|占到?)(?P<whole>[^\d,、%]{2,14})的$")
_GENERIC = re.compile(
    r"^(?:覆盖率|完成率|合格率|比例|占比|达标率|建档率|整改率|处置率|满意度|满意率|知晓率|参与率|总数|数量|面积|抽检|批次"
    r"|总量|持证率|及时率|办结率|培训|检查|频次|比率|率|通过率|上线率|使用率|安装率|普及率|公示率|签订率|其中|每|参与"
    r"|比重|规模)$"
)
_MEASURES = re.compile(
    r"(?:之比|之差|排名|率|比例|占比|度|数|数量|量|面积|比重|权重|得分|频次|批次|额|规模)$"
)
# 甲抽检合格率、乙和丙抽检合格率 are two: what is measured ends an item.
_RATES = re.compile(r"(?<=率)[、和及与](?=[^率]{2})")
_SUBJECT_LIST = re.compile(r"、|和|及|与|以及")
_ACTIVITY = re.compile(
    r"(?:监督抽检|评价性抽检|风险监测|监督抽查|抽检监测|监督检查|快速检测|覆盖率|合格率|达标率|完成率|处置率|整改率"
    r"|持证率|建设率|比例|抽检|抽查|检查|培训|监测|检测|演练|快检|每(?:千|万|百万)人口?.{0,6}|报告数|数量|总数|率)$"
)
_GRADED, _GRADE = re.compile(r"^[A-Z]级"), re.compile(r"^[A-Z]级?$")
_HEAD = re.compile(rf"(?:{_ACTIVITY.pattern[:-1]}|数|量|度|额)$")
_INNER_VERB = re.compile(
    r"^[^“《]*(?:建成|打造|创建|设立|组织开展|开展|实现|推出|覆盖(?!率)(?=.{3}))(?=.{2,})"
)
# 区政府常务会议每年至少研究食品安全2次: what is counted stands behind 至少.
_AT_LEAST = re.compile(r"^.*(?:至少|不少于)(?=[一-鿿]{4})")
_PER_HEADS = re.compile(r"^.*每(?:千|万|10万|十万|百万)名?(?:常住|户籍|服务)?人口?(?:配备|拥有)?")
_UNITS_IN_NAMES = frozenset({"批次", "人次", "场次", "家次", "件次", "户次"})


def clean_subject(text: str) -> str:
    """Return what is counted from the words before a number; empty when they are only a verb."""
    said = _AT_LEAST.sub("", text.strip(" ,、:;。[]"))
    subject = _PER_HEADS.sub("", said) or said
    if _ONLY_VERB.match(subject):
        return ""
    share = _SHARE_OF.match(subject)
    if share:
        subject = re.sub(r"(?:数量|数|比例)$", "", share["what"]) + "占比"
    for _ in range(6):
        shorter = _TRAILING.sub("", _LEADING.sub("", subject))
        bare = _LEADING_VERB.sub("", shorter)
        shorter = shorter if generic(bare) and bare != shorter else bare
        if shorter == subject:
            break
        subject = shorter
    if _ONLY_VERB.match(subject) or (_WHERE.match(text) and _ONLY_DONE.search(subject)):
        return ""
    return _INNER_VERB.sub("", subject) or subject


_RANKED = re.compile(
    r"(?:力争|争取|确保|努力)*(?:进入|跻身|位居|保持(?:在)?|稳居|名列|位列|排名|排在?|居|列)*(?:在)?(?P<scope>全[国省市区县][^,;。\d]{0,4})?前$"
)


def ranked(text: str, before: str) -> str:
    """Return what a place among others is about: 满意度排名保持全市前5位.

    `text`: the words before the number. `before`: the name of the target before it.
    """
    found = _RANKED.search(text.strip())
    subject = clean_subject(text.strip()[: found.start()]) if found else ""
    scope = (found["scope"] or "") if found else ""
    subject = subject.removesuffix("排名") or before
    return f"{subject}{scope}排名"


def following_subject(text: str) -> str:
    """Return what is counted from the words behind a number; nothing where a list goes on."""
    if re.match(r"\s*(?:及?以[上下内]|左右)?\s*(?:[、,;。]|[和及与])", text):
        return ""
    subject = re.split(r"[,;。()\[\]]|(?<=[一-鿿])以上(?=$)", _outside_quotes(text))[0]
    subject = text[: len(subject)].strip(" 的、:")
    subject = re.sub(r"^(?:以上|及以上|以内|左右)", "", subject).strip(" 的、")
    subject = re.sub(r"(?<=.{2})[和及与]$", "", subject)
    subject = re.sub(r"(?<=.{2})(?:进行|提供)", "", subject, count=1)
    if "的" in subject:
        # Without one outside of quotes the search gives -1, and the whole stays.
        subject = subject[_outside_quotes(subject).rfind("的") + 1 :] or subject
    return _short(re.sub(r"(?:建设|工作|创建|任务|标准|要求|目标)$", "", subject) or subject)


def _outside_quotes(text: str) -> str:
    """Return the text with all within quotation marks made unremarkable, of the same length."""
    return re.sub(
        r"“[^”]*”|《[^》]*》", lambda quoted: "“" + "某" * (len(quoted[0]) - 2) + "”", text
    )


def generic(subject: str) -> bool:
    """Tell whether a subject says nothing without what stands before it."""
    return bool(_GENERIC.match(subject))


def measured(subject: str, unit: str) -> str:
    """Return a subject as a name, with its unit where it reads better so: 药品监督抽检批次."""
    subject = _short(subject)
    if unit in _UNITS_IN_NAMES and not subject.endswith((unit, "数", "量")):
        return subject + unit
    if unit == "%" and subject.endswith(("以上", "以下", "级")):
        return f"{subject}比例"
    if unit == "%" and not _MEASURES.search(subject):
        return f"{subject}率" if len(subject) <= MOST_LETTERS else subject
    return subject


def is_guessed(names: list[str], subject: str) -> bool:
    """Tell whether 高血压率 was made of 高血压、糖尿病患者规范管理率, which share more than 率."""
    return any(
        name.endswith("率")
        and name not in subject
        and name[:-1] in subject
        and len(names[-1]) > len(name) + _LEAST_SHARED
        for name in names
    )


def split_subjects(
    subject: str, *, dealt: bool, each: bool, plain_count: bool, count: int = 1
) -> list[str]:
    """Split what is counted where a sentence deals numbers out or gives one to each.

    `dealt`: whether several numbers follow, or 分别.
    `each`: whether 均 or 都 says that each is meant.
    `plain_count`: whether the number counts things and is no ratio.
    `count`: how many numbers there are for them.
    """
    rates = [item for item in _RATES.split(subject) if item.strip()]
    if len(rates) > 1 and all(map(_MEASURES.search, rates)) and count in {1, len(rates)}:
        return rates
    hidden = _outside_quotes(subject)
    items: list[str] = []
    start = 0
    for mark in _SUBJECT_LIST.finditer(hidden):
        items.append(subject[start : mark.start()])
        start = mark.end()
    items = [item.strip() for item in [*items, subject[start:]] if item.strip()]
    if len(items) < 2:  # noqa: PLR2004 - a list has two items at least
        return [subject]
    if not dealt and not (each and plain_count) and not all(map(_MEASURES.search, items)):
        return [subject]
    head = _common_head(items)
    front = _common_front(items) if dealt or each else ""
    named = [item if not head or item.endswith(head) else item + head for item in items]
    return [
        named[0],
        *(front + item if front and not item.startswith(front) else item for item in named[1:]),
    ]


def _common_head(items: list[str]) -> str:
    """Return the words that the last item carries for all: 药品、化妆品监督抽检 share 监督抽检."""
    last = items[-1]
    graded = _GRADED.match(last)
    if graded and _GRADE.match(items[0]):
        return last[graded.end() :] if items[0].endswith("级") else last[graded.end() - 1 :]
    if all(map(_HEAD.search, items)):
        return ""
    # Items that end alike show where the last one's own name ends: 学校食堂、医院食堂A级比例.
    at = last.rfind(items[0][-2:])
    if 0 <= at < len(last) - 2:
        return last[at + 2 :]
    known = _ACTIVITY.search(last)
    return known[0] if known and len(known[0]) < len(last) else ""


def _common_front(items: list[str]) -> str:
    """Return the words that the first item carries for all: 学校食堂A级、B级比例 share 学校食堂."""
    rest = [item for item in items[1:] if re.match(r"^[A-Z甲乙丙一二三四五六]级", item)]
    first = re.match(r"^(.{2,}?)[A-Z甲乙丙一二三四五六]级", items[0])
    return first[1] if first and len(rest) == len(items) - 1 else ""


def activity(name: str, unit: str) -> str:
    """Return the words of a name that tell what is done: 监督抽检 of 药品监督抽检批次."""
    found = _ACTIVITY.search(name.removesuffix(unit))
    return found[0] if found else ""


def _short(subject: str) -> str:
    """Keep the last words of a subject that is too long for a name."""
    subject = subject.strip(" 、,:的")
    if len(subject) <= MOST_LETTERS:
        return subject
    cuts = [match.end() for match in re.finditer(r"[、的和及与]", subject)]
    for cut in cuts:
        if len(subject) - cut <= MOST_LETTERS:
            return subject[cut:]
    return subject[-MOST_LETTERS:]
