"""All kinds of output, and who makes each: the one place that decides whose paper it is.

Window and commands offer what a role may make, and refuse the rest by what stands here. A unit's
papers are of its own tasks and in its own name; what compares units is the office's alone.
"""

from __future__ import annotations

from enum import Enum, StrEnum

from msgspec import Struct

from fsdesk.domain.findings import reject


class Form(StrEnum):
    """What kind of thing an output is; also its word on the command line."""

    TABLE = "table"
    CHART = "chart"
    POSTER = "poster"
    BULLETIN = "bulletin"
    EVIDENCE_PACK = "inspection"
    SET = "set"
    LETTER = "letter"
    CARD = "card"


class Maker(Enum):
    """Who makes an output."""

    OFFICE = "office"
    UNIT = "unit"
    EITHER = "either"  # the office of all units, a unit of its own tasks

    def may_be(self, *, office: bool) -> bool:
        """Tell whether the office may make it, or else a unit."""
        return self is Maker.EITHER or (self is Maker.OFFICE) == office


class OutputKind(Struct, frozen=True):
    """A kind of output, its name on screen and on paper, and who makes it."""

    form: Form
    kind: str
    title: str
    maker: Maker


# The score sheet of one unit, the register, and the rows of a ledger; the last is named apart.
SCORE, REGISTER, LEDGER = "score", "register", "ledger"
YEARS = "years"
# The letters that an office writes, and those that came to a unit.
LETTERS_OUT, LETTERS_IN = "letter", "received"
# How to do the month's work, for who never saw the program; the office hands them out.
UNIT_CARD, OFFICE_CARD = "unit", "office"

KINDS = (
    OutputKind(Form.TABLE, "tasks", "进展情况表", Maker.EITHER),
    OutputKind(Form.TABLE, "indicators", "指标完成情况表", Maker.EITHER),
    OutputKind(Form.TABLE, "units", "单位完成情况表", Maker.OFFICE),
    OutputKind(Form.TABLE, "comparison", "单位均量比较表", Maker.OFFICE),
    OutputKind(Form.TABLE, "reports", "单位报送情况表", Maker.OFFICE),
    OutputKind(Form.TABLE, "breakdown", "任务分解表", Maker.EITHER),
    OutputKind(Form.TABLE, "assessment", "评议考核排名表", Maker.OFFICE),
    OutputKind(Form.TABLE, SCORE, "评议考核计分表", Maker.OFFICE),
    OutputKind(Form.TABLE, REGISTER, "督办登记簿", Maker.OFFICE),
    OutputKind(Form.TABLE, LEDGER, "台账明细", Maker.EITHER),
    OutputKind(Form.CHART, "indicators", "指标完成率图", Maker.EITHER),
    OutputKind(Form.CHART, "trend", "走势与预测图", Maker.EITHER),
    OutputKind(Form.CHART, "heat", "单位任务亮灯图", Maker.OFFICE),
    OutputKind(Form.CHART, "units", "单位进度图", Maker.OFFICE),
    OutputKind(Form.CHART, "completeness", "单位报送情况图", Maker.OFFICE),
    OutputKind(Form.CHART, "sections", "分部分亮灯图", Maker.EITHER),
    OutputKind(Form.CHART, YEARS, "同比图", Maker.EITHER),
    OutputKind(Form.POSTER, "poster", "一图读懂", Maker.OFFICE),
    OutputKind(Form.BULLETIN, "bulletin", "工作通报", Maker.OFFICE),
    OutputKind(Form.EVIDENCE_PACK, "inspection", "迎检台账", Maker.EITHER),
    OutputKind(Form.SET, "set", "本月一套", Maker.EITHER),
    OutputKind(Form.LETTER, LETTERS_OUT, "督办函件", Maker.OFFICE),
    OutputKind(Form.LETTER, LETTERS_IN, "来函", Maker.UNIT),
    OutputKind(Form.CARD, UNIT_CARD, "单位使用卡", Maker.OFFICE),
    OutputKind(Form.CARD, OFFICE_CARD, "本办使用卡", Maker.OFFICE),
)
_BY_NAME = {(each.form, each.kind): each for each in KINDS}


def kinds_of(form: Form) -> tuple[OutputKind, ...]:
    """Return the kinds of a form, in their order."""
    return tuple(each for each in KINDS if each.form is form)


def kind_of(form: Form, kind: str) -> OutputKind:
    """Return a kind by its form and word.

    Raises:
        InputRejectedError: When there is none.
    """
    if (form, kind) not in _BY_NAME:
        known = "、".join(each.kind for each in kinds_of(form))
        raise reject(f"没有名为“{kind}”的{_FORM_NAMES[form]}", f"可选：{known}")
    return _BY_NAME[form, kind]


def require_maker(form: Form, kind: str, *, office: bool, name: str) -> None:
    """Make sure that the office, or else a unit, may make a kind of output.

    `name`: what the office is called.

    Raises:
        InputRejectedError: When it may not, or there is no such kind.
    """
    wanted = kind_of(form, kind)
    if wanted.maker.may_be(office=office):
        return
    own = "、".join(each.title for each in KINDS if each.maker.may_be(office=office))
    if office:
        raise reject(f"{wanted.title}是责任单位收到的函件，汇总端没有", f"汇总端可以出：{own}")
    raise reject(
        f"{wanted.title}反映各单位的情况，由{name}出具，责任单位不能出",
        f"本单位可以出：{own}；需要{wanted.title}的，请与{name}联系",
    )


_FORM_NAMES = {
    Form.TABLE: "表",
    Form.CHART: "图",
    Form.POSTER: "一图读懂",
    Form.BULLETIN: "通报",
    Form.EVIDENCE_PACK: "迎检台账",
    Form.SET: "一套材料",
    Form.LETTER: "函件",
    Form.CARD: "使用卡",
}
