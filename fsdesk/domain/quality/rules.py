"""Rules of data quality: what typed values and the rows of ledgers are examined for, as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from fsdesk.domain.findings import Severity, reject
from fsdesk.domain.labelled import LabelledEnum
from fsdesk.domain.ledger.conditions import Condition  # noqa: TC001 - field types are read at run time by the codec
from fsdesk.domain.ledger.ledger import ColumnType
from fsdesk.domain.ledger.rules import Rule, RuleKind
from fsdesk.domain.plain import from_plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fsdesk.domain.ledger.ledger import Ledger
    from fsdesk.domain.plan.plan import Plan


class QualityKind(LabelledEnum):
    """What a rule looks for; the value is the word in declarations."""

    AT_MOST = "at_most", "不大于另一项"
    NOT_BEFORE = "not_before", "日期不早于另一列"
    FUTURE = "future", "日期在将来"
    EXPIRED = "expired", "日期已过（到期）"
    OUTSIDE_YEAR = "outside_year", "日期不在计划年度内"
    REQUIRED = "required", "不能为空"
    UNWANTED = "unwanted", "不应出现的情况"
    SHARED = "shared", "几个单位重复登记"
    OUTLIER = "outlier", "与本单位历史相差过大"
    RATIO = "ratio", "分子大于分母"
    PART = "part", "其中项大于总数"
    FALLS = "falls", "累计数或存量下降"
    RUNNING = "running", "累计数填成本期数"
    DIFFERS = "differs", "填报数与台账不一致"

    @property
    def column_type(self) -> ColumnType | None:
        """Of which type a ledger's column must be; None for any."""
        if self is QualityKind.AT_MOST:
            return ColumnType.NUMBER
        return ColumnType.DATE if self in _DAYS else None

    @property
    def level(self) -> Severity:
        """How grave a finding is unless the rule says otherwise."""
        return _LEVELS.get(self, Severity.WARNING)


_LEVELS = {
    QualityKind.AT_MOST: Severity.ERROR,
    QualityKind.NOT_BEFORE: Severity.ERROR,
    QualityKind.FUTURE: Severity.ERROR,
    QualityKind.RATIO: Severity.ERROR,
    QualityKind.PART: Severity.ERROR,
    QualityKind.OUTSIDE_YEAR: Severity.NOTICE,
    QualityKind.OUTLIER: Severity.NOTICE,
}
_DAYS = frozenset(
    {
        QualityKind.NOT_BEFORE,
        QualityKind.FUTURE,
        QualityKind.EXPIRED,
        QualityKind.OUTSIDE_YEAR,
        QualityKind.OUTLIER,
    }
)
COMPARING = frozenset({QualityKind.AT_MOST, QualityKind.NOT_BEFORE})
LEDGER_KINDS = (
    QualityKind.AT_MOST,
    QualityKind.NOT_BEFORE,
    QualityKind.FUTURE,
    QualityKind.EXPIRED,
    QualityKind.OUTSIDE_YEAR,
    QualityKind.REQUIRED,
    QualityKind.UNWANTED,
    QualityKind.SHARED,
    QualityKind.OUTLIER,
)
VALUE_KINDS = (
    QualityKind.RATIO,
    QualityKind.PART,
    QualityKind.AT_MOST,
    QualityKind.FALLS,
    QualityKind.RUNNING,
    QualityKind.OUTLIER,
    QualityKind.DIFFERS,
    QualityKind.FUTURE,
    QualityKind.OUTSIDE_YEAR,
)
# On typed values these look at the days on which deliverables were done.
MILESTONE_KINDS = frozenset({QualityKind.FUTURE, QualityKind.OUTSIDE_YEAR})
OWN = "own-"


class QualityRule(Struct, frozen=True):
    """One rule.

    Attributes:
        code: Stable code; dismissed findings and the office's changes hang on it.
        ledger: Code of the ledger whose rows it examines; empty for typed values.
        other: For comparisons, the other column, or the code of the other indicator.
        indicator: For typed values, only this indicator; empty for all that it fits.
        where: Only rows for which all of these hold are examined.
        message: What people are told besides; empty for the program's own words.
    """

    code: str
    kind: QualityKind
    level: Severity
    ledger: str = ""
    column: str = ""
    other: str = ""
    indicator: str = ""
    where: tuple[Condition, ...] = ()
    message: str = ""

    @property
    def own(self) -> bool:
        """Whether the office added it; else it is declared with the program or a ledger."""
        return self.code.startswith(OWN)


class QualityChoices(Struct, frozen=True):
    """What the office decided about the rules; it travels with the plan.

    Attributes:
        rules: Rules that it added, and declared ones that it changed, under their own code.
        off: Codes of rules that are not applied.
    """

    rules: tuple[QualityRule, ...] = ()
    off: tuple[str, ...] = ()


def declared_rules(
    values: Iterable[QualityRule], ledgers: Iterable[Ledger]
) -> tuple[QualityRule, ...]:
    """Return the rules that come with the program and with the declarations of ledgers.

    `ledgers`: the ledgers, each with its rules.
    """
    found = {rule.code: rule for rule in values}
    for ledger in ledgers:
        own = ledger.rules
        if not ledger.keyed_by_unit and ledger.key:
            # A key that several units have counts once, so that somebody must be told.
            own = (Rule(RuleKind.SHARED, ledger.key[0]), *own)
        for rule in own:
            kind = QualityKind(rule.kind.value)
            words = "+".join(condition.text for condition in rule.where)
            code = f"ledger/{ledger.code}/{kind}/{rule.column}/{rule.other}/{words}"
            found[code] = QualityRule(
                code,
                kind,
                kind.level,
                ledger.code,
                rule.column,
                rule.other,
                where=rule.where,
                message=rule.message,
            )
    return tuple(found.values())


def all_rules(
    declared: Iterable[QualityRule], choices: QualityChoices
) -> tuple[tuple[QualityRule, bool], ...]:
    """Return every rule as the office wants it, and whether it is applied."""
    rules = {rule.code: rule for rule in declared}
    rules |= {rule.code: rule for rule in choices.rules if rule.own or rule.code in rules}
    return tuple((rule, rule.code not in choices.off) for rule in rules.values())


def fault_of(rule: QualityRule, plan: Plan, ledgers: Mapping[str, Ledger]) -> str:
    """Say why a rule can't be applied; empty when it can."""
    if not rule.ledger:
        return _value_fault(rule, plan)
    ledger = ledgers.get(rule.ledger)
    if ledger is None:
        return "没有这个台账"
    if rule.kind not in LEDGER_KINDS:
        return f"“{rule.kind.label}”只用于指标数据"
    titles = [rule.column, *(c.column for c in rule.where)]
    titles += [rule.other] if rule.kind in COMPARING else []
    missing = [title for title in titles if ledger.column(title) is None]
    if missing:
        return f"台账“{ledger.title}”没有“{missing[0]}”这一列" if missing[0] else "请选择列"
    return _type_fault(rule, ledger)


def _type_fault(rule: QualityRule, ledger: Ledger) -> str:
    wanted = rule.kind.column_type
    titles = [rule.column, rule.other] if rule.kind in COMPARING else [rule.column]
    for title in titles:
        column = ledger.column(title)
        if wanted and column and column.type is not wanted:
            return f"“{title}”不是{wanted.label}列"
    if rule.kind in COMPARING and rule.column == rule.other:
        return "两列相同，请选择不同的列"
    if rule.kind is QualityKind.UNWANTED and not rule.where:
        return "请写明什么情况不应出现"
    return ""


def _value_fault(rule: QualityRule, plan: Plan) -> str:
    if rule.kind not in VALUE_KINDS:
        return f"“{rule.kind.label}”只用于台账"
    known = plan.indicators_by_code
    codes = [rule.indicator] if rule.indicator else []
    if rule.kind is QualityKind.AT_MOST:
        codes = [rule.indicator, rule.other]
    missing = [code for code in codes if code not in known]
    if missing:
        return f"计划中没有指标“{missing[0]}”" if missing[0] else "请选择两个指标"
    if rule.kind is QualityKind.AT_MOST and rule.indicator == rule.other:
        return "两个指标相同，请选择不同的指标"
    return ""


def rule_text(rule: QualityRule, plan: Plan) -> str:
    """Say in words what a rule looks for."""
    known = plan.indicators_by_code
    words = rule.kind.label
    if rule.ledger:
        words = _ledger_words(rule)
    elif rule.kind is QualityKind.AT_MOST:
        names = [known[c].name if c in known else c for c in (rule.indicator, rule.other)]
        words = f"“{names[0]}”应不大于“{names[1]}”"
    elif rule.kind in MILESTONE_KINDS:
        words = f"事项完成{rule.kind.label}"
    elif rule.indicator:
        name = known[rule.indicator].name if rule.indicator in known else rule.indicator
        words = f"“{name}”{rule.kind.label}"
    if rule.where and rule.kind is not QualityKind.UNWANTED:
        words += f"（{'，'.join(condition.text for condition in rule.where)}）"
    return words


def _ledger_words(rule: QualityRule) -> str:
    column, other = f"“{rule.column}”", f"“{rule.other}”"
    if rule.kind is QualityKind.UNWANTED:
        return f"不应出现：{'，'.join(condition.text for condition in rule.where)}"
    return {
        QualityKind.AT_MOST: f"{column}应不大于{other}",
        QualityKind.NOT_BEFORE: f"{column}应不早于{other}",
        QualityKind.FUTURE: f"{column}在将来",
        QualityKind.EXPIRED: f"{column}已过期",
        QualityKind.OUTSIDE_YEAR: f"{column}不在计划年度内",
        QualityKind.REQUIRED: f"{column}不能为空",
        QualityKind.SHARED: "同一记录由几个单位登记",
        QualityKind.OUTLIER: "每月条数与本单位历史相差过大",
    }[rule.kind]


def choices_from_dict(plain: Mapping[str, Any]) -> QualityChoices:
    """Rebuild choices, without rules of unknown kinds; InputRejectedError for other values."""
    try:
        rules = [each for each in plain.get("rules", ()) if each["kind"] in set(QualityKind)]
        return from_plain(QualityChoices, {**plain, "rules": rules})
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        raise reject("数据质量规则不完整或已损坏", "请向汇总端重新索要下发包") from problem
