"""What rules of data quality say of the rows of ledgers: pure functions over plain values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.domain.ledger.cells import cell_text, masked
from fsdesk.domain.periods import Period
from fsdesk.domain.quality.doubts import DataDoubt, DoubtPlace, outlier
from fsdesk.domain.quality.rules import COMPARING, QualityKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from fsdesk.domain.ledger.ledger import Ledger, LedgerEntry
    from fsdesk.domain.quality.rules import QualityRule

_MONTHS = 12


def name_of(ledger: Ledger, entry: LedgerEntry) -> str:
    """Return what identifies a row, for people; what names citizens is masked."""
    return "，".join(_text(ledger, entry, title) for title in ledger.key)


def _text(ledger: Ledger, entry: LedgerEntry, title: str) -> str:
    text = cell_text(entry.values.get(title))
    column = ledger.column(title)
    return masked(text) if column and column.personal else text


def row_doubt(
    rule: QualityRule, ledger: Ledger, entry: LedgerEntry, today: date, year: int
) -> DataDoubt:
    """Say what is doubtful in a row that breaks a rule."""
    titles = [rule.column, rule.other] if rule.kind in COMPARING else [rule.column]
    titles += [c.column for c in rule.where]
    seen = "|".join(cell_text(entry.values.get(title)) for title in titles)
    message, remedy = _words(rule, ledger, entry, today, year)
    spot = DoubtPlace(
        unit=entry.unit,
        ledger=ledger.code,
        row=entry.id,
        name=name_of(ledger, entry),
        column=rule.column,
    )
    return DataDoubt(rule.code, rule.level, rule.message or message, remedy, spot, seen)


def _words(
    rule: QualityRule, ledger: Ledger, entry: LedgerEntry, today: date, year: int
) -> tuple[str, str]:
    own = f"“{rule.column}”{_text(ledger, entry, rule.column)}"
    other = f"“{rule.other}”{_text(ledger, entry, rule.other)}"
    because = "，".join(condition.text for condition in rule.where)
    missing = f"“{rule.column}”没有填写" + (f"（{because}）" if because else "")
    return {
        QualityKind.AT_MOST: (f"{own} 大于{other}", "请核对这两列"),
        QualityKind.NOT_BEFORE: (f"{own} 早于{other}", "请核对这两个日期"),
        QualityKind.FUTURE: (f"{own} 晚于今天（{today.isoformat()}）", "请核对日期"),
        QualityKind.EXPIRED: (f"{own} 已过", "请核实是否已换证或续期，并更新日期"),
        QualityKind.OUTSIDE_YEAR: (
            f"{own} 不在 {year} 年度内，不计入本年指标",
            "请核对年份，确属往年的可不再提示",
        ),
        QualityKind.REQUIRED: (missing, "请补充填写"),
        QualityKind.UNWANTED: (f"出现了不应有的情况：{because}", "请核对并更正"),
    }[rule.kind]


def shared_doubt(
    rule: QualityRule, ledger: Ledger, entry: LedgerEntry, units: Sequence[str], key: str
) -> DataDoubt:
    """Say that several units registered the same thing.

    `entry`: the row that came first.
    `key`: the natural key, folded.
    """
    name = name_of(ledger, entry)
    spot = DoubtPlace(
        unit=entry.unit, ledger=ledger.code, row=entry.id, name=name, column=rule.column
    )
    message = f"“{name}”由 {len(units)} 个单位重复登记：{'、'.join(units)}"
    if not ledger.keyed_by_unit:
        message += "，台账数只计一次"
    remedy = "请与有关单位核实由谁登记，其他单位删去，以免重复计数"
    seen = f"{'、'.join(units)}|{key}"
    return DataDoubt(rule.code, rule.level, rule.message or message, remedy, spot, seen)


def month_doubts(
    rule: QualityRule, ledger: Ledger, counts: Mapping[tuple[str, str], int], through: Period
) -> Iterator[DataDoubt]:
    """Yield the months of a year in which a unit's number of rows stands out.

    `counts`: rows by unit and month ``2026-03``; months without rows are left out.
    `through`: the last period that is examined; earlier years are history.
    """
    last = f"{through.last_day:%Y-%m}"
    for unit in sorted({unit for unit, _month in counts}):
        months = _months_through(min(m for u, m in counts if u == unit), last)
        numbers = [float(counts.get((unit, month), 0)) for month in months]
        for place, month in enumerate(months):
            found = outlier(numbers[:place], numbers[place])
            if found is None or int(month[:4]) != through.year:
                continue
            label = Period.parse(month).label
            words = f"{label}登记 {found.text}"
            spot = DoubtPlace(unit=unit, period=month, ledger=ledger.code, column=rule.column)
            yield DataDoubt(
                rule.code,
                rule.level,
                rule.message or words,
                "请核对是否漏登或重复登记，属实请说明原因",
                spot,
                f"{found.middle!r}|{found.value!r}",
            )


def _months_through(first: str, last: str) -> list[str]:
    found: list[str] = []
    year, month = int(first[:4]), int(first[5:])
    while f"{year:04d}-{month:02d}" <= last:
        found.append(f"{year:04d}-{month:02d}")
        year, month = (year, month + 1) if month < _MONTHS else (year + 1, 1)
    return found
