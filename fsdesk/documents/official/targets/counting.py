"""Which numbers are targets, and which are dates, names, sizes or figures of the past."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fsdesk.documents.official.targets.quantities import TIMES
from fsdesk.domain.plan.indicators import Operator

if TYPE_CHECKING:
    from fsdesk.documents.official.targets.quantities import Quantity

_STATE = re.compile(
    r"(?:现有|已有|已建成|已建|目前|截至|截止|去年|上年|原有|共有|累计已|辖区内|连续|近|历时|为期|涉及)\s*$"
)
_STATE_PART = re.compile(r"去年|上年度|上一年|截至目前|目前已|已累计|现有|20\d\d年(?:全年)?已")
_ATTRIBUTE = re.compile(
    r"^\s*的(?!标准|要求|目标|比例|比率|频次|速度|强度|总体)|^\s*(?:不合格|违法|被)"
)
_STANDARD = re.compile(r"^\s*的?(?:标准|要求|目标|比例|频次|强度)")
_NAMES_THINGS = re.compile(
    r"^\s*(?:方面|领域|环节|部门|方向|维度|行业|关键|重点|责任|月|层面|阶段|步骤|专项|大|类|专题|主题|统一|子"
    r"|市级|区级|国家|省|镇|街道|乡|村|县|单位)"
)
ACTION = re.compile(
    r"(?:建成|建设|新建|新辟|新开|投放|改建|扩建|新增|新设|增设|设立|设置|打造|创建|培育|评选|评定|改造|完成|开展|组织|举办|召开|检查|抽检|抽查"
    r"|监测|修订|编制|出台|印发|清理|增加|增设|支持|引进|选拔|资助|遴选|选派|就业|创业|筹建|招商|培育|培训|发放|查办|办理|立案|破获|发布|推出|推广|覆盖|扶持|帮扶|引进|投入|争取|布设|配备|提升|选树|认定|建立"
    r"|制定|实施|发展|公布|曝光|征集|受理|升级|检测|采集|抽样|演练|宣传|走访|服务|督查|督导|约谈|开设|举行|完善|推进"
    r"|实现|整治|安排|落实|报告|上报|排查|走访|核查|巡查|复核|回访|监督|检验|采样|调研|推动|做好|抓好|承担|下达|接入|命名|挂牌|聘请|招募|招聘|组建|培养|选派|签订|购置|更新|维修|新聘|备案|抽取|提供|接待|惠及|吸引|受益|推荐|指导|处理|处置|查处|整改|扩大|覆盖|支持|举报|签约|入驻|上线|孵化|认证|取得|获得|争创)"
)
# 开展一次演练 is a number; 最多跑一次, 一次登录 and 推动表格一次填报 are ways of doing it.
_DOES_ONCE = re.compile(rf"(?!实现|推动){ACTION.pattern}[^、,跑]{{0,4}}$")
_VAGUE_UNITS = frozenset("个类项种件条分部组对门批位起")
_PERSON_UNITS = frozenset({"人", "名"})
# Beside these, 以上 says how large something is, not how much is to be done.
_SIZES = frozenset({"平方米", "人", "万元", "亿元", "元", "吨", "亩", "台", "张", "岁"})
_MONEY = frozenset({"万元", "元", "亿元"})
_PAID = re.compile(r"补助|补贴|奖励|资助|给予|发放|报销|罚款|处以|标准")
# 为23000名老年人提供服务: those who are served are counted.
_FOR = re.compile(r"(?:为|对|向|给)(?:全[市区县镇省乡])?\s*$")
_SERVES = re.compile(r"^[^,;。]*(?:提供|进行|开展|实施|落实|完成)")
_BOUNDS = frozenset({Operator.AT_LEAST, Operator.AT_MOST})
# 对得分低于60分的单位…: the number says whom it is about.
_FOR_WHOM = re.compile(r"^\s*(?:对|将|把|凡|如|若|因|针对|凡是)")
_OF_WHOM = re.compile(r"^\s*的(?!标准|要求|目标|比例|比率|频次|速度|强度|总体)")
# 对全县86家企业检查覆盖率达到100%: the rate is the goal, and the number says of whom.
_RATED = re.compile(r"^[^,;。]*(?:率|比例)[^,;。]*\d%")
# 5个工作日内受理率: the rate is the goal, and the time says which one.
_RATE_WITHIN = re.compile(r"^\s*[^,;。、\d]{2,12}率")
_HEADS = re.compile(r"每(?:千|万|10万|十万|百万)人")
_AROUND = ("以上", "以下", "以内")
_AMONG = re.compile(r"^\s*(?:其中|含|包括)[,:]?")


def is_about_the_past(part: str) -> bool:
    """Tell whether a part of a sentence reports what was reached before."""
    return bool(_STATE_PART.search(part))


def is_target(text: str, quantity: Quantity, bounds: tuple[int, int, int], *, sure: bool) -> bool:
    """Tell whether a number is something to be reached.

    `text`: the clause in half width.
    `bounds`: where its sentence begins, and where its part of the sentence begins and ends.
    `sure`: whether the text is known to name targets, as in a table's column of targets.
    """
    begin, start, end = bounds
    before, behind = text[start : quantity.start], text[quantity.end : end]
    if quantity.value == 0 or _STATE.search(before) or _is_date(text, quantity):
        return False
    if quantity.rank or quantity.alone or quantity.baseline is not None:
        return True
    # What somebody gets, or what a line of a checklist counts, as in (2分).
    marked = quantity.unit == "分" and text[: quantity.start].endswith("(")
    paid = quantity.unit in _MONEY and _PAID.search(text[start:end])
    whom = _FOR_WHOM.match(before) and (_OF_WHOM.match(behind) or _RATED.match(behind))
    whom = whom and quantity.unit != "%"
    if quantity.unit in TIMES:
        within = _RATE_WITHIN.match(behind)
        return not (marked or paid or within) and quantity.operator in _BOUNDS
    if marked or paid or whom or _describes(text, quantity, behind):
        return False
    by_heads = _HEADS.search(before) or quantity.per
    if sure or by_heads or quantity.unit == "%" or quantity.operator in _BOUNDS:
        return True
    return _is_plain_count(quantity, before, behind, text[begin : quantity.start])


def _is_date(text: str, quantity: Quantity) -> bool:
    before = text[max(quantity.number_at - 6, 0) : quantity.number_at]
    if quantity.unit in {"日", "天"} and re.search(r"月\s*$", before):
        return True
    return bool(re.search(r"每\s*$", before))


def _describes(text: str, quantity: Quantity, behind: str) -> bool:
    """Tell whether a number only says which ones are meant: 500平方米以上的餐饮单位."""
    around = text[: quantity.end].endswith(_AROUND)
    if quantity.unit == "%":
        return False
    noun = re.match(r"\s*[一-鿿]", behind) and quantity.unit in _SIZES
    return bool((around and (_ATTRIBUTE.match(behind) or noun)) or _past_offence(behind))


def _past_offence(behind: str) -> bool:
    return bool(re.match(r"\s*(?:及以上)?(?:抽检)?(?:不合格|违法|被)", behind))


def _is_plain_count(quantity: Quantity, before: str, behind: str, sentence: str) -> bool:
    """Judge a number that no word compares: what is done must stand before it."""
    # It belongs to what it stands before: 突出的17种产品, 三公里就业圈.
    of_it = before.rstrip().endswith("的") and quantity.operator is None
    if of_it or (quantity.chinese and quantity.unit in _SIZES | {"公里", "分"}):
        return False
    if quantity.chinese and (quantity.value == 1 or quantity.unit in _VAGUE_UNITS):
        return quantity.unit in {"次", "场", "期"} and bool(_DOES_ONCE.search(before))
    if quantity.unit in _VAGUE_UNITS and _NAMES_THINGS.match(behind):
        return False
    served = _FOR.search(before) and _SERVES.match(behind) and "全覆盖" not in behind
    if quantity.unit in _PERSON_UNITS and not (served or ACTION.search(before)):
        return False
    return bool(
        served
        or quantity.operator is Operator.EQUAL
        or _AMONG.match(before)
        or _STANDARD.match(behind)
        or ACTION.search(sentence)
    )
