"""Quantified targets of a clause: each number with what is counted, as a proposed indicator.

A sentence is cut into parts at commas; in each part every number, or list of numbers, is given
the words before or behind it as its subject. Nothing here knows any document's wording; the rules
are those of the language: 分别 deals numbers out to a list, 均 gives one to each, 其中 is a part.
"""

from __future__ import annotations

import re
from functools import cached_property, lru_cache

from msgspec import Struct, field
from msgspec.structs import replace

from fsdesk.documents.official.targets.counting import ACTION, is_about_the_past, is_target
from fsdesk.documents.official.targets.quantities import (
    HEADS,
    Quantity,
    find_quantities,
    has_numbers,
    is_sentence,
    shifted,
)
from fsdesk.documents.official.targets.subjects import (
    activity,
    clean_subject,
    following_subject,
    generic,
    is_guessed,
    measured,
    ranked,
    split_subjects,
)
from fsdesk.documents.official.targets.target import Target
from fsdesk.domain.plan.indicators import Operator

_SENTENCE = re.compile(r"[。;!?\n]")
_LIST_GAP = re.compile(
    r"^\s*(?:以上|及以上|以下|以内)?\s*[、和及与/]\s*(?:每(?:季度|半年|年|月|周))?\s*$"
)
_WHOLE_COVER = re.compile(r"(?<!未)(?<!基本)(?:100%)?全覆盖")
_CHANGE = re.compile(
    r"(?:同比|较上年|较去年|比上年|比去年)?"
    r"(?P<what>增长|提升|提高|增加|上升|下降|降低|减少|压减|压缩|缩短|缩减|压降)(?:幅度)?\s*$"
)
_OF_EACH = (
    r"(?:每个|各|每)(?:镇街|街道|乡镇|镇|乡|县|区|市|所|站|校|学校|家|村|社区"
    r"|人|单位|户|企业|监管所)(?:\([^)]*\))?"
)
# At the beginning of a part, or right before the number: 飞行检查每家每年不少于4次.
_EACH = re.compile(
    rf"(?:^|[,、(]|\s|确保|推动)(?P<each>{_OF_EACH})"
    rf"|(?P<late>{_OF_EACH}|(?<=.)人均)(?:每年|全年|每月|每季度|每学期)?(?:不少于|不低于|至少|达到?)?$"
)
_OFTEN = re.compile(r"(?:每|按)(?P<often>季度|半年|月|周|学期|双月|日|天)|(?P<word>月|季度)均")
_EVERY_HEADS = re.compile(
    r"(?:每|按)?(?P<heads>百万人|10万人|十万人|千人|万人)(?:口)?(?!次)"
    r"|每(?P<tens>百万|10万|十万|千|万)名?(?:常住|户籍|服务)?人口"
)
_BRACKETS = re.compile(r"\((?!其中|含|包括)[^()\d]*\)")
_AMONG = re.compile(r"^\s*(?:其中|含|包括)[,:]?")
_LASTING = re.compile(r"设立|设置|布设|配备|保有|保持")
# Beside another target, a number with one of these is a target, too.
_PLAIN_UNITS = frozenset(
    ("批次", "家", "家次", "户", "户次", "万元", "人次", "场", "场次", "份", "所")
)
_POINTS = frozenset({"个百分点", "百分点"})
_NAMED = re.compile(r"“[^”]*”|《[^》]*》")
_PERIOD = re.compile(r"第?[一二三四1-4]季度|[上下]半年|\d+(?:-\d+)?月份?")
# Words that begin nothing that is counted; 在产, 在营 and the like begin names.
_SMALL = re.compile(r"^.$|^(?:在(?![产营岗校建册])|与|对|为|将|其|再|各)")
_DEED = re.compile(
    r"抽检|抽查|监测|检测|检查|巡查|排查|督查|培训|宣传|演练|快检|会商|走访|调研|回访"
)
_DEED_BEHIND = re.compile(rf"\s*(?:全覆盖)?的?(?P<deed>(?:监督)?(?:{_DEED.pattern}))")
_CARRIED_OUT = re.compile(r"(?:进行|开展|实施)\s*$")
_AGAIN = "与前面是同一指标，请核对以哪个数为准"
_UNKNOWN = "看不出数的是什么"
_ENDS_IN_VERB = re.compile(rf"(?:{ACTION.pattern})(?:不少于|至少|不低于)?$|^$")
# 示范店3家、示范街区2个: what is counted stands before each number of a list.
_COUNTED = re.compile(r"^[^,;。]*[一-鿿]{2,}[”》)]?$")
_DONE = re.compile(r"^(?:累计|完成|合计|共计|达到|总共|实现|新增)+$")
_GUESSED_UNITS = (
    (re.compile(r"满意度|得分|评分|分值|指数|成绩|测评"), "分"),
    (re.compile(r"(?:率|比例|占比|比重)$"), "%"),
    (re.compile(r"批次$"), "批次"),
)
_MEASURE = re.compile(r"(?:率|比例|占比|度|量)$")
_MEASURED = re.compile(r"(?:[一-鿿]{2}[率度]|比例|占比)$")
_COMPARES = re.compile(r"^\s*(?:较|比|同比|环比)")
NOTHING = "数量"
FULL = 100.0


class _Part(Struct, frozen=True):
    """A stretch of a sentence between commas or brackets."""

    start: int
    end: int
    bracketed: bool = False


class _NumberList(Struct):
    """Numbers that stand in one list, with the words before and behind them."""

    numbers: list[Quantity]
    before: str
    behind: str
    part: _Part


def has_targets(text: str) -> bool:
    """Tell whether a text in half width holds a quantified target."""
    return bool(_targets(text, sure=False))


def find_targets(text: str, *, sure: bool = False) -> list[Target]:
    """Find the targets of a clause in the order of the text.

    `text`: the clause in half width.
    `sure`: whether the text is known to name targets, as in a table's column of targets.
    """
    return list(_targets(text, sure=sure))


# Whether a text has any is asked before they are, and again when a line break is read otherwise.
@lru_cache(maxsize=4096)
def _targets(text: str, *, sure: bool) -> tuple[Target, ...]:
    text = with_sentences_open(text)
    found: list[Target] = []
    start = 0
    for mark in [*_SENTENCE.finditer(text), None]:
        end = mark.start() if mark else len(text)
        if has_numbers(text, start, end) or _WHOLE_COVER.search(text, start, end):
            sentence = _Sentence(text, start, end, sure).targets()
            found += [_moved(target, len(found)) for target in sentence] if found else sentence
        start = mark.end() if mark else end
    return tuple(found)


def with_sentences_open(text: str) -> str:
    """Make commas of quotation marks around sentences that set goals, so that they are read."""
    for quoted in re.finditer(r"“[^”]*”", text):
        if is_sentence(quoted[0][1:-1]):
            start, end = quoted.span()
            text = f"{text[:start]},{text[start + 1 : end - 1]},{text[end:]}"
    return text


def _moved(target: Target, by: int) -> Target:
    part = None if target.part_of is None else target.part_of + by
    source = None if target.source is None else target.source + by
    return replace(target, part_of=part, source=source)


class _Sentence(Struct, dict=True):
    text: str
    start: int
    end: int
    sure: bool
    found: list[Target] = field(default_factory=list[Target])
    _whole: int | None = None
    _named_behind: str = ""
    _begins_with_numbers: bool = False

    def targets(self) -> list[Target]:
        previous: _Part | None = None
        for part in self._parts():
            self._part(part, previous)
            previous = previous if part.bracketed else part
        self._derive()
        return self.found

    def _parts(self) -> list[_Part]:
        parts: list[_Part] = []
        begin = self.start
        quoted = bracketed = False
        for at in range(self.start, self.end):
            character = self.text[at]
            quoted = (quoted or character in "“《") and character not in "”》"
            if not quoted and character in ",()[]:" and self._splits(at):
                parts.append(_Part(begin, at, bracketed))
                begin = at + 1
                bracketed = character in "(["
        parts.append(_Part(begin, self.end, bracketed))
        return [part for part in parts if self.text[part.start : part.end].strip()]

    def _splits(self, at: int) -> bool:
        """Tell whether a mark parts the sentence: not within 1,900 or a bracket of words."""
        if re.fullmatch(r"\d,\d", self.text[max(at - 1, 0) : at + 2]):
            return False
        return not any(start <= at < end for start, end in self._plain_brackets)

    @cached_property
    def _plain_brackets(self) -> list[tuple[int, int]]:
        """Where brackets stand that hold no number: they part nothing, as in 批(次)."""
        found = _BRACKETS.finditer(self.text, self.start, self.end)
        return [(match.start(), match.end()) for match in found]

    def _part(self, part: _Part, previous: _Part | None) -> None:
        text = self.text[part.start : part.end]
        numbers = [shifted(quantity, part.start) for quantity in find_quantities(text)]
        if is_about_the_past(text):
            numbers = [q for q in numbers if q.operator in {Operator.AT_LEAST, Operator.AT_MOST}]
        every = self._runs(numbers, part)
        listed = len(every) > 1 and all(
            _COUNTED.search(run.before) and run.numbers[0].unit in _PLAIN_UNITS | {"个", "条"}
            for run in every
        )
        runs = [
            run
            for run in every
            if is_target(
                self.text,
                run.numbers[0],
                (self.start, part.start, part.end),
                sure=self.sure or self._is_one_more(run) or listed,
            )
        ]
        first = len(self.found)
        self._begins_with_numbers = len(runs) > 1 and all(
            following_subject(run.behind) and _ENDS_IN_VERB.search(run.before.rstrip()) is not None
            if run is runs[0]
            else following_subject(run.behind)
            for run in runs
        )
        for run in runs:
            self._run(run, previous)
        self._share_activity(first)
        if not runs:
            self._cover(part)
        if _AMONG.match(text) or self._goes_on(first, text):
            self._mark_parts(first)
        elif not part.bracketed:
            wholes = [at for at in range(first, len(self.found)) if not self.found[at].per]
            self._whole = wholes[-1] if wholes else self._whole

    def _is_one_more(self, run: _NumberList) -> bool:
        """Tell whether a number goes on what the one before began: ,1000名甲, 3000名乙."""
        number = run.numbers[0]
        if not self.found:
            return False
        same = self.found[-1].unit == number.unit and not run.before.strip(" ,、和")
        return number.unit in _PLAIN_UNITS or same

    def _share_activity(self, first: int) -> None:
        """Give what is done to all of a list: 药品抽检20批次、化妆品5批次."""
        for at in range(first + 1, len(self.found)):
            one, before = self.found[at], self.found[first]
            shared = activity(before.name, before.unit)
            if (
                one.unit != before.unit
                or not one.unit.startswith("批")
                or activity(one.name, one.unit)
            ):
                continue
            name = measured(one.name.removesuffix(one.unit) + shared, one.unit)
            self.found[at] = replace(one, name=name)

    def _goes_on(self, first: int, text: str) -> bool:
        """Tell whether a part goes on listing what 其中 began: without a verb, within the whole."""
        if self._whole is None or first in {0, len(self.found)} or ACTION.search(text):
            return False
        if self.found[first - 1].part_of != self._whole:
            return False
        whole = self.found[self._whole]
        told = [one for one in self.found[:first] if one.part_of == self._whole]
        total = sum(one.value for one in (*told, *self.found[first:]))
        return total <= whole.value and all(one.unit == whole.unit for one in self.found[first:])

    def _mark_parts(self, first: int) -> None:
        """Note that the targets behind 其中 are parts of the one before that holds them all."""
        if self._whole is None or first == len(self.found):
            return
        unit = self.found[first].unit
        total = sum(one.value for one in self.found[first:] if one.unit == unit)
        holds = [
            at
            for at, one in enumerate(self.found[:first])
            if one.unit == unit and one.part_of is None and not one.per and one.value >= total
        ]
        if unit == self.found[self._whole].unit and self.found[self._whole].value < total and holds:
            self._whole = holds[-1]
        whole = self.found[self._whole]
        for at in range(first, len(self.found)):
            target = self.found[at]
            if target.unit == whole.unit and target.unit != "%" and target.value <= whole.value:
                self.found[at] = replace(target, part_of=self._whole, name=f"其中:{target.name}")

    def _runs(self, numbers: list[Quantity], part: _Part) -> list[_NumberList]:
        """Put numbers of one list together: 100批次、27批次和76批次."""
        runs: list[_NumberList] = []
        begin = part.start
        for at, number in enumerate(numbers):
            last = runs[-1].numbers[-1] if runs else None
            compared = self.text[number.start : number.number_at]
            gap = self.text[last.end : number.number_at] if last else ""
            near = last and _LIST_GAP.match(gap.removesuffix(compared))
            if last and near and last.unit == number.unit:
                runs[-1].numbers.append(number)
            else:
                # 4期、200人次 count one thing in two ways.
                before = runs[-1].before if near else self.text[begin : number.start]
                runs.append(_NumberList([number], before, "", part))
            begin = number.end
            following = numbers[at + 1].start if at + 1 < len(numbers) else part.end
            runs[-1].behind = self.text[number.end : following]
        return runs

    def _run(self, run: _NumberList, previous: _Part | None) -> None:
        """Give each number of a list its subject."""
        subject, is_behind = self._subject(run, previous)
        numbers, doubt = run.numbers, ""
        subjects = [subject] if is_behind else self._subjects(subject, run)
        if len(numbers) == 1:
            numbers = numbers * len(subjects)
        elif len(numbers) != len(subjects):
            doubt = "数字的个数与所列对象的个数不一致，看不出各属于哪一项"
            count = len(numbers)
            subjects = [f"{subject}({at + 1})" if at else subject for at in range(count)]
        operator = next((number.operator for number in run.numbers if number.operator), None)
        if not doubt and is_guessed(subjects, subject):
            doubt = "几个对象共用后面的词，名称是程序补的"
        for name, number in zip(subjects, numbers, strict=True):
            whole = replace(number, operator=number.operator or operator)
            made = self._target(run, name, whole)
            again = any((one.name, one.unit) == (made.name, made.unit) for one in self.found)
            more = doubt or (_AGAIN if again and made.name != NOTHING else "")
            self.found.append(replace(made, doubt=made.doubt or more))

    def _subjects(self, subject: str, run: _NumberList) -> list[str]:
        words = self.text[run.part.start : run.numbers[0].number_at]
        return split_subjects(
            subject,
            dealt="分别" in words or len(run.numbers) > 1,
            each=bool(re.search(r"(?:均|都)\W*$", run.before)) or "均" in words[-8:],
            plain_count=run.numbers[0].unit != "%",
            count=len(run.numbers),
        )

    def _target(self, run: _NumberList, subject: str, number: Quantity) -> Target:
        words = self.text[run.part.start : number.number_at]
        heads = _EVERY_HEADS.search(_NAMED.sub("", words))
        said = (heads["heads"] or f"{heads['tens']}人") if heads else ""
        per = number.per or (HEADS[said] if said and number.unit != "%" else 0)
        unit, doubt = number.unit, number.doubt
        often = _OFTEN.search(words[-5:]) or _OFTEN.search(words)
        each = _EACH.search(words)
        if often and not per and unit != "%":
            unit = f"{unit}/{often['often'] or often['word']}"
        if each and not per and unit != "%":
            whose = each["each"] or each["late"]
            doubt = doubt or f"这是“{whose}”的数量，不是合计数"
        if (subject == NOTHING and not per) or _SMALL.match(subject) or _DONE.match(subject):
            doubt = f"{doubt}；{_UNKNOWN}" if doubt else _UNKNOWN
        if number.alone:
            unit, doubt = _guessed_unit(subject)
        elif number.per and not unit:
            unit = "例"
        if number.relation:
            subject = f"{subject}与{number.relation}之{'差' if unit in _POINTS else '比'}"
        change = _CHANGE.search(run.before)
        if change and (unit == "%" or unit in _POINTS):
            subject += change["what"] + ("率" if unit == "%" else "")
        return Target(
            measured(subject, unit),
            _operator(number),
            number.value,
            unit,
            number.start,
            number.end,
            per=per,
            doubt=doubt,
            change=change is not None,
            lasting=bool(_LASTING.search(words[-6:])) or number.rank,
            baseline=number.baseline,
        )

    def _subject(self, run: _NumberList, previous: _Part | None) -> tuple[str, bool]:
        """Return what is counted, and whether it stands behind the number."""
        number = run.numbers[-1]
        if number.rank:
            return ranked(run.before, self._last_measure()), False
        if self._begins_with_numbers and number.unit != "%":
            return following_subject(run.behind), True
        own = self._own(run)
        if own and not generic(own):
            return own, False
        following = following_subject(run.behind)
        if following and not number.per and (number.unit != "%" or run.behind.startswith("的")):
            self._named_behind = run.behind.strip(" 、和及与")
            return following, True
        if _COMPARES.match(run.before) and self.found:
            return self._last_measure() or NOTHING, False
        return self._from_context(run, previous, own, following), False

    def _own(self, run: _NumberList) -> str:
        """Return what the words right before a number say that it counts."""
        unit = run.numbers[-1].unit
        own = clean_subject(run.before)
        carried, deed = _CARRIED_OUT.search(run.before), _DEED_BEHIND.match(run.behind)
        if carried and deed and unit == "%":  # 对甲进行100%检查 is 甲检查率
            whom = clean_subject(run.before[: carried.start()])
            own = whom + deed["deed"] if whom else own
        period = _PERIOD.search(run.before)
        if self._whole is not None and period and (not own or own in {"其中", "完成"}):
            own = f"{self.found[self._whole].name.removesuffix(unit)}({period[0]})"
        elif self._named_behind and run.before.strip(" 、和及与") == self._named_behind:
            own = ""  # 3个甲、10个乙: what stands between belongs to the number before it
        self._named_behind = ""
        return own

    def _from_context(
        self, run: _NumberList, previous: _Part | None, own: str, following: str
    ) -> str:
        """Return what is counted where the words at the number say too little."""
        number = run.numbers[-1]
        earlier = self.text[previous.start : previous.end] if previous else ""
        counted = find_quantities(earlier)
        # Of several numbers in the part before none is meant alone.
        until = counted[0].start if counted else len(re.split(r"\d", earlier)[0])
        told_before = "" if len(counted) > 1 else earlier[:until]
        context = "" if number.per and not own else clean_subject(told_before)
        context = context.removesuffix(own) if own else context
        if _MEASURE.search(own):  # 食品安全满意度80分以上,知晓率85%: the two measure one thing
            context = _MEASURED.sub("", context)
        deed = _DEED.findall(run.before)
        if deed and (not own or own == deed[-1]) and counted:
            context, own = "", deed[-1]
        verb = run.before.strip(" 、和及与")
        same = self.found and self.found[-1].unit == number.unit and not number.per
        if not context and same and not _MEASURE.search(verb):
            return f"{verb}{self.found[-1].name.removesuffix(number.unit)}"
        nothing = deed[-1] if deed and not number.per else NOTHING
        return context + own or (nothing if number.per else following or nothing)

    def _last_measure(self) -> str:
        """Return the name of the target before, but for places among others."""
        return next((one.name for one in self.found[::-1] if not one.name.endswith("排名")), "")

    def _cover(self, part: _Part) -> None:
        """Take 全覆盖 as a ratio that must be whole."""
        text = self.text[part.start : part.end]
        cover = _WHOLE_COVER.search(text)
        if cover is None or text.count("“", 0, cover.start()) > text.count("”", 0, cover.start()):
            return
        subject = clean_subject(text[: cover.start()])
        behind = re.match(r"(?:的)?([一-鿿]{2,6})", text[cover.end() :])
        tail = behind[1] if behind and behind[1] not in {"要求", "目标"} else ""
        if subject or tail:
            start, end = part.start + cover.start(), part.start + cover.end()
            name = measured(f"{subject}{tail}覆盖率", "%")
            self.found.append(Target(name, Operator.EQUAL, FULL, "%", start, end))

    def _derive(self) -> None:
        """Tie a target by heads to the count of the same kind that the sentence names beside it."""
        for at, target in enumerate(self.found):
            if not target.per or not target.name.startswith(NOTHING):
                continue
            counts = [
                other
                for other, one in enumerate(self.found)
                if not one.per and one.unit == target.unit and one.part_of is None
            ]
            if counts:
                nearest = min(counts, key=lambda other: (abs(other - at), other < at))
                name = self.found[nearest].name.removesuffix(target.unit)
                self.found[at] = replace(target, source=nearest, name=f"{name}强度")
            else:
                self.found[at] = replace(target, doubt=target.doubt or _UNKNOWN)


def _guessed_unit(subject: str) -> tuple[str, str]:
    """Return the unit that a number without one seems to have, with the doubt about it."""
    unit = next((unit for words, unit in _GUESSED_UNITS if words.search(subject)), "")
    return unit, f"没有写明计量单位{f'，暂按“{unit}”读取' if unit else ''}"


def _operator(number: Quantity) -> Operator:
    """Return how a figure compares: a ratio that must be whole can't be more than whole."""
    if number.operator is Operator.AT_MOST:
        return Operator.AT_MOST
    whole = number.unit == "%" and number.value == FULL
    return Operator.EQUAL if whole else Operator.AT_LEAST
