"""Questions as people type them, and the paragraphs of a book that answer them; pure.

What holds every typed piece to the letter comes first. The rest is ranked by what it shares with
the question: pieces of two characters, rare ones counting more than those that stand everywhere,
and clerks' words that the book calls otherwise.
"""

from __future__ import annotations

import re
from itertools import pairwise
from math import log
from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_SHOWN = 12
# Found is what shares so much of the question's weight, and isn't far behind the best.
_ENOUGH, _BESIDE_BEST = 0.34, 0.3
_TITLED = 1.5  # added where it stands in the title
_LONG, _LONG_TITLE = 600, 20  # what has so many characters holds much by chance, and counts half
_OTHERWISE = 0.8  # of a word that was not typed, but means the same

# What asks and says nothing of the matter; longer ones first. What fills goes before that.
_FILLS = re.compile("一个|一条|一行|一项|一件|一下|一台|一份|请问|我们|我的|本单位的")
_STOP = re.compile(
    "怎么办|怎么样|什么时候|为什么|是不是|能不能|会不会|要不要|可不可以|有没有|在哪里|哪里|哪儿|哪个|怎么|怎样|如何|"
    "什么|多少|可以|已经|需要|应该|不了|没有|不出来|出来|不上去|上去|不到|不出|不清|意思|"
    "[了的吗呢吧啊呀怎么在是把被给想和与及或就都还去到我您你谁这那]|[^\\w]|_"
)
_LATIN = re.compile("[a-z0-9]+")

# As clerks say it, and as the books do.
_MEANT = {
    "照片": ("附件", "佐证材料"),
    "图片": ("附件", "佐证材料"),
    "太大": ("多大限制", "超过50mb", "很长时"),
    "传不上": ("添加附件", "不能添加"),
    "上传": ("添加附件",),
    "佐证": ("附件",),
    "打印机": ("打印",),
    "打不出": ("打印",),
    "微信": ("聊天窗口", "复制文件"),
    "qq": ("聊天窗口", "复制文件"),
    "发送": ("复制文件", "交给"),
    "撤回": ("撤销", "更正", "重新开放"),
    "作废": ("撤回", "撤销"),
    "报错": ("填错", "更正", "数字错了"),
    "错月份": ("填到别的月份", "移到其他月份"),
    "改正": ("更正", "改回"),
    "已报送": ("已经报送", "已经接收"),
    "上报市": ("上级", "逐级", "取数"),
    "报市": ("上级", "逐级", "取数"),
    "上级": ("逐级", "取数"),
    "催报": ("提醒单位", "催办", "提醒敦促函", "还没有报"),
    "催": ("提醒单位", "没有报"),
    "没交": ("没有报送", "还没有报"),
    "未报": ("没有报",),
    "存在": ("文件夹", "保存在", "数据的位置"),
    "位置": ("文件夹",),
    "数据存": ("数据只保存在本机", "数据的位置"),
    "换电脑": ("换了电脑", "新电脑", "登记新密钥"),
    "新电脑": ("换电脑", "登记新密钥"),
    "收不了": ("拒收", "密钥不一致", "没有接收"),
    "收不到": ("交到", "回执"),
    "没收到": ("交到", "回执", "尚未收到"),
    "交接": ("工作区文件夹复制", "从备份恢复", "换电脑"),
    "经办人": ("换电脑", "整个工作区文件夹"),
    "静默": ("批量安装",),
    "批量": ("一次", "几行"),
    "多人": ("几个人", "共享数据库"),
    "共用": ("几个人", "共享数据库"),
    "同事": ("几个人",),
    "新增单位": ("列为新单位", "新增的单位", "维护单位"),
    "加单位": ("列为新单位", "新增的单位", "维护单位"),
    "新增": ("新建", "列为新单位"),
    "增加": ("添加", "新增"),
    "登录": ("账号", "连接"),
    "设置密码": ("设密码",),
    "密码": ("口令",),
    "口令": ("密码",),
    "忘": ("忘记密码", "恢复码"),
    "崩溃": ("意外情况", "没有正常结束"),
    "闪退": ("意外情况", "没有正常结束"),
    "卡死": ("意外情况", "诊断包"),
    "死机": ("断电",),
    "停电": ("断电",),
    "重装": ("从备份恢复", "换电脑"),
    "误删": ("撤销", "恢复"),
    "删错": ("撤销",),
    "红灯": ("滞后", "亮红灯"),
    "黄灯": ("偏慢",),
    "晚报": ("逾期",),
    "迟报": ("逾期",),
    "更新": ("升级",),
    "升级": ("更新",),
    "字体": ("界面缩放", "字太小"),
    "放大": ("界面缩放",),
    "申诉": ("提出异议",),
    "不属实": ("说的不对", "不实", "异议"),
    "重复": ("只计一次", "同一编号", "由几个单位登记"),
    "科学计数": ("科学记数法", "4.4e+17"),
    "盖章": ("印章", "印发"),
    "公章": ("印章",),
    "改名": ("曾用名",),
    "合并": ("撤并", "并入"),
    "导不进": ("不能导入", "导入"),
    "excel": ("xlsx", "wps"),
    "表格": ("xlsx", "wps"),
    "杀毒": ("smartscreen",),
    "病毒": ("杀毒软件",),
    "离线": ("不联网",),
    "断网": ("连不上", "连接断了"),
    "内网": ("u盘", "邮件"),
    "优盘": ("u盘",),
    "泄密": ("个人信息", "密封"),
    "隐私": ("个人信息",),
    "加密": ("密码", "口令", "密封"),
}
_SAID = sorted(_MEANT, key=len, reverse=True)  # of two that overlap the longer one is meant


class Passage(Struct, frozen=True):
    """A paragraph of a book, with the words that stand over it.

    Attributes:
        title: Its question, its own heading, or the bold words that it begins with.
        place: Where it stands, as whoever shows it counts.
        chapter: What it belongs to, which is told and is no part of what is searched.
        weight: Less than 1 for what others than the reader are told.
    """

    title: str
    text: str
    place: int = 0
    chapter: str = ""
    weight: float = 1.0


class _Term(Struct, frozen=True):
    """A piece of the question, and what means the same; each with what finding it is worth."""

    pieces: tuple[tuple[str, float], ...]

    @property
    def most(self) -> float:
        return max(worth for _, worth in self.pieces)

    def score(self, title: str, text: str) -> tuple[float, float]:
        """Return what is shared with a passage, and that with title and lengths counted in."""
        found = ((worth, piece in title) for piece, worth in self.pieces if piece in text)
        worth, titled = max(found, default=(0.0, False))
        by_title = _TITLED / (1 + len(title) / _LONG_TITLE) if titled else 0
        return worth, worth * (1 / (1 + len(text) / _LONG) + by_title)


class Answers:
    """The passages of a book, ready to be asked."""

    def __init__(self, passages: Iterable[Passage]) -> None:
        self._passages = tuple(
            (fold(each.title), f"{fold(each.title)}\n{fold(each.text)}", each) for each in passages
        )

    def find(self, typed: str, most: int = MOST_SHOWN) -> tuple[Passage, ...]:
        """Return the passages that answer best, best first; none for what nothing answers."""
        words = [fold(word) for word in typed.split()]
        if not words:
            return ()
        terms = self._terms(words)
        whole = sum(term.most for term in terms)
        ranked: list[tuple[bool, float, int]] = []
        for number, (title, text, passage) in enumerate(self._passages):
            parts = [term.score(title, text) for term in terms]
            literal = all(word in text for word in words)
            if literal or (whole and sum(share for share, _ in parts) >= _ENOUGH * whole):
                score = sum(score for _, score in parts) * passage.weight
                score += literal * all(word in title for word in words) * (whole + 1)
                ranked.append((literal, score, -number))
        ranked.sort(reverse=True)
        best = max((score for _, score, _ in ranked), default=0.0)
        return tuple(
            self._passages[-number][2]
            for literal, score, number in ranked
            if literal or score >= _BESIDE_BEST * best
        )[:most]

    def _terms(self, words: Iterable[str]) -> list[_Term]:
        """Cut a question into its pieces, each once."""
        found: dict[str, _Term] = {}
        for word in words:
            rest = _FILLS.sub("", word)
            for said in _SAID:
                if said in rest:
                    same = ((said, 1.0), *((other, _OTHERWISE) for other in _MEANT[said]))
                    found[said] = self._worth(same)
                    rest = rest.replace(said, " ")
            for part in _STOP.sub(" ", rest).split():
                found |= {piece: self._worth(((piece, 1.0),)) for piece in _pieces(part)}
        return list(found.values())

    def _worth(self, pieces: Iterable[tuple[str, float]]) -> _Term:
        return _Term(tuple((piece, share * self._rareness(piece)) for piece, share in pieces))

    def _rareness(self, piece: str) -> float:
        held = sum(piece in text for _, text, _ in self._passages)
        return log(1 + len(self._passages) / (held + 1))


def _pieces(part: str) -> list[str]:
    """Return all pairs of neighbours; a run of Latin letters and figures is one of a pair."""
    units = re.findall(f"{_LATIN.pattern}|.", part)
    pairs = [first + second for first, second in pairwise(units)]
    return [unit for unit in units if len(unit) > 1] + pairs or units
