"""A plan from the sheets of a workbook, as `plan_sheets` writes them and people edit them.

Codes may be left out for new rows, and units may be named by code or by name. What can't be taken
is told with sheet and cell, all at once.
"""

from __future__ import annotations

import json
import re
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import Struct, field

from fsdesk.domain.cells import column_letters
from fsdesk.domain.findings import Finding, InputRejectedError, Place, error
from fsdesk.domain.periods import MONTHS
from fsdesk.domain.plan import sheets as sheet
from fsdesk.domain.plan.codec import former_plans
from fsdesk.domain.plan.indicators import (
    Aggregation,
    Derivation,
    Indicator,
    IndicatorKind,
    Operator,
    Pace,
    PaceRule,
    TargetShare,
)
from fsdesk.domain.plan.plan import (
    Assignment,
    Cycle,
    Deliverable,
    DeliverableKind,
    FormerPlan,
    Plan,
    PlanConstant,
    Point,
    Role,
    Section,
    Task,
)
from fsdesk.domain.plan.units import Directory, Unit, UnitGroup, UnitKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_Word = TypeVar(
    "_Word", Role, IndicatorKind, Aggregation, PaceRule, UnitKind, DeliverableKind, Cycle
)


def is_plan_book(sheets: Mapping[str, object]) -> bool:
    """Tell whether a workbook with these sheets was written from a plan."""
    return {sheet.PLAN, sheet.TASKS, sheet.ASSIGNMENTS, sheet.UNITS} <= set(sheets)


def plan_from_sheets(sheets: Mapping[str, Sequence[Sequence[str]]], file: str = "") -> Plan:
    """Rebuild a plan from the texts of its sheets.

    `sheets`: rows by sheet, the first of each being the header.
    `file`: name of the workbook, for the words about what is wrong.
    InputRejectedError with every problem, its sheet and cell.
    """
    if lacking := list(_lacking(sheets, file)):
        raise InputRejectedError(*lacking)
    book = _Book(sheets, file)
    plan = _PlanSheetsReader(book).plan()
    if book.problems:
        raise InputRejectedError(*book.problems)
    return plan


def _lacking(sheets: Mapping[str, Sequence[Sequence[str]]], file: str) -> Iterator[Finding]:
    """Find sheets and columns that are gone or renamed: what they held would be, too."""
    remedy = "请把工作表名和表头改回导出时的样子，没有内容的也要留着"
    for title, names in sheet.HEADERS.items():
        rows = sheets.get(title, ())
        if title != sheet.FORMER and not rows:
            yield error(f"缺少工作表“{title}”，或其中没有表头", remedy, Place(file))
        header = [text.strip() for text in rows[0]] if rows else []
        for name in names if rows else ():
            count = header.count(name)
            if count > 1:
                told = f"“{name}”列有 {count} 个"
            elif count == 0 and name not in sheet.LATER.get(title, ()):
                told = f"缺少“{name}”列"
            else:
                continue
            yield error(told, remedy, Place(file, title, "A1"))


class _Row(Struct, frozen=True):
    """A row of a sheet: text and column by the header's words."""

    sheet: str
    number: int
    cells: Mapping[str, tuple[str, str]]

    def text(self, name: str) -> str:
        return self.cells[name][0] if name in self.cells else ""

    def words(self, name: str, mark: str) -> tuple[str, ...]:
        return tuple(part for part in self.text(name).split(mark) if part)


_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")


class _Book(Struct):
    sheets: Mapping[str, Sequence[Sequence[str]]]
    file: str
    problems: list[Finding] = field(default_factory=list[Finding])
    taken: set[str] = field(default_factory=set[str])

    def rows(self, title: str) -> list[_Row]:
        lines = self.sheets.get(title, ())
        if not lines:
            return []
        header = [text.strip() for text in lines[0]]
        found: list[_Row] = []
        for number, line in enumerate(lines[1:], start=2):
            if any(text.strip() for text in line):
                named = enumerate(zip(header, line, strict=False))
                cells = {name: (text, column_letters(at)) for at, (name, text) in named if name}
                found.append(_Row(title, number, cells))
        return found

    def grouped(self, title: str, name: str) -> dict[str, list[_Row]]:
        found: dict[str, list[_Row]] = {}
        for row in self.rows(title):
            found.setdefault(row.text(name), []).append(row)
        return found

    def note(self, row: _Row, name: str, message: str, remedy: str) -> None:
        column = row.cells[name][1] if name in row.cells else "A"
        place = Place(self.file, row.sheet, f"{column}{row.number}")
        self.problems.append(error(message, remedy, place))

    def number(self, row: _Row, name: str, default: float | None = None) -> float:
        text = row.text(name)
        if not text and default is not None:
            return default
        try:
            number = float(text)
        except ValueError:
            number = float("nan")
        if not abs(number) < float("inf"):
            self.note(row, name, f"“{name}”应为数字", "请改成数字")
            return 0.0
        return number

    def whole(self, row: _Row, name: str) -> int:
        number = self.number(row, name)
        if number % 1:
            self.note(row, name, f"“{name}”应为整数", "请改成整数")
        return int(number)

    def word(self, row: _Row, name: str, words: type[_Word]) -> _Word:
        text = row.text(name)
        text = sheet.FORMER_WORDS.get(text, text)
        for word in words:
            if text in {word.label, word.value}:
                return word
        usable = "、".join(word.label for word in words)
        self.note(row, name, f"“{name}”的取值“{text}”无效", f"可用：{usable}")
        return next(iter(words))

    def yes(self, row: _Row, name: str, *, default: bool) -> bool:
        text = row.text(name)
        if text not in {"", sheet.YES, sheet.NO}:
            told = f"“{name}”的取值“{text}”无效"
            self.note(row, name, told, f"可用：{sheet.YES}、{sheet.NO}")
        return text == sheet.YES if text else default

    def code(self, row: _Row, name: str, stem: str) -> str:
        """Return a row's code; a new row without one gets the next that is free."""
        code, count = row.text(name), 1
        while not code:
            code = "" if f"{stem}-{count}" in self.taken else f"{stem}-{count}"
            count += 1
        self.taken.add(code)
        return code


class _PlanSheetsReader:
    def __init__(self, book: _Book) -> None:
        self._book = book
        self._directory = self._units()
        by_task = (sheet.ASSIGNMENTS, sheet.INDICATORS, sheet.DELIVERABLES)
        self._of_task = {title: book.grouped(title, "任务编码") for title in by_task}
        self._shares = book.grouped(sheet.SHARES, "指标编码")
        for title, name in (
            (sheet.TASKS, "任务编码"),
            (sheet.INDICATORS, "指标编码"),
            (sheet.DELIVERABLES, "事项编码"),
        ):
            book.taken |= {row.text(name) for row in book.rows(title)}

    def plan(self) -> Plan:
        book = self._book
        about = {row.text("项目"): row for row in book.rows(sheet.PLAN)}
        for name in (sheet.YEAR, sheet.TITLE):
            if name not in about:
                message, place = f"缺少“{name}”", Place(book.file, sheet.PLAN)
                book.problems.append(error(message, "请补上这一行", place))
        texts = {name: row.text("内容") for name, row in about.items()}
        sections = self._sections()
        self._refuse_strays()
        return Plan(
            year=book.whole(about[sheet.YEAR], "内容") if sheet.YEAR in about else 0,
            title=texts.get(sheet.TITLE, ""),
            issuer=texts.get(sheet.ISSUER, ""),
            overall_requirement=texts.get(sheet.REQUIREMENT, ""),
            sections=sections,
            directory=self._directory,
            constants=tuple(self._constant(row) for row in book.rows(sheet.CONSTANTS)),
            revision=book.whole(about[sheet.REVISION], "内容") if sheet.REVISION in about else 1,
            former=self._former(),
            carried_from=book.whole(about[sheet.CARRIED], "内容") if sheet.CARRIED in about else 0,
        )

    def _former(self) -> tuple[FormerPlan, ...]:
        """Read what the plan was earlier in the year; each state may go over several rows."""
        states: list[dict[str, Any]] = []
        last = None
        for row in self._book.rows(sheet.FORMER):
            last, (until, text) = row, (row.text(name) for name in sheet.HEADERS[sheet.FORMER])
            if until:
                states.append({"until": until, "plan": ""})
            if states:
                states[-1]["plan"] += text
        try:
            read = [each | {"plan": json.loads(each["plan"])} for each in states]
            return tuple(sorted(former_plans(read), key=lambda former: former.until))
        except ValueError:
            if last is not None:
                name, remedy = sheet.HEADERS[sheet.FORMER][1], "请重新导出，不要修改这张表"
                self._book.note(last, name, f"“{sheet.FORMER}”读不出来", remedy)
            return ()

    def _bases(self, row: _Row) -> tuple[tuple[str, float], ...]:
        """Read lines such as ``population=320000``."""
        found: list[tuple[str, float]] = []
        for part in row.words("基数", sheet.LINES):
            code, _, text = part.partition("=")
            number = _NUMBER.fullmatch(text.strip())
            if not code.strip() or number is None or float(text) <= 0:
                told = f"“{part}”不是“参数编码=大于0的数”的写法"
                self._book.note(row, "基数", told, "如 population=320000")
                continue
            found.append((code.strip(), float(text)))
        return tuple(found)

    def _constant(self, row: _Row) -> PlanConstant:
        value = self._book.number(row, "数值")
        return PlanConstant(row.text("参数编码"), row.text("参数"), value, row.text("计量单位"))

    def _units(self) -> Directory:
        book = self._book
        units = tuple(
            Unit(
                row.text("单位编码"),
                row.text("单位"),
                book.word(row, "类别", UnitKind),
                row.words("别名", sheet.LINES),
                row.text("并入"),
                book.yes(row, "按季度报送", default=False),
                row.words("曾用名", sheet.LINES),
                self._bases(row),
            )
            for row in book.rows(sheet.UNITS)
        )
        known = {unit.code for unit in units}
        groups: list[UnitGroup] = []
        for row in book.rows(sheet.GROUPS):
            members = row.words("成员编码", sheet.CODES)
            for member in members:
                if member not in known:
                    book.note(row, "成员编码", f"没有编码为“{member}”的单位", "请核对“单位”表")
            code, name = row.text("单位组编码"), row.text("单位组")
            groups.append(UnitGroup(code, name, members, row.words("别名", sheet.LINES)))
        return Directory(units, tuple(groups))

    def _party(self, row: _Row) -> str:
        code, name = row.text("单位编码"), row.text("单位")
        if code in self._directory.by_code or code in self._directory.groups_by_code:
            return code
        found = self._directory.find(name) if name else None
        if found is None:
            self._book.note(row, "单位编码", f"没有单位“{name or code}”", "请在“单位”表中加上")
        return found.code if found else code

    def _sections(self) -> tuple[Section, ...]:
        book = self._book
        sections: dict[int, tuple[str, dict[int, tuple[str, list[Task]]]]] = {}
        for row in book.rows(sheet.TASKS):
            _, points = sections.setdefault(book.whole(row, "部分序号"), (row.text("部分"), {}))
            if not any(row.text(name) for name in ("要点序号", "要点", "任务编码", "任务", "内容")):
                continue
            number = book.whole(row, "要点序号")
            _, tasks = points.setdefault(number, (row.text("要点"), []))
            if row.text("任务编码") or row.text("任务"):
                tasks.append(self._task(row, f"{number:02}"))
        return tuple(
            Section(
                number,
                title,
                tuple(Point(n, name, tuple(tasks)) for n, (name, tasks) in points.items()),
            )
            for number, (title, points) in sections.items()
        )

    def _task(self, row: _Row, stem: str) -> Task:
        book = self._book
        written = row.text("任务编码")
        code = book.code(row, "任务编码", f"T{stem}")
        mine = {title: rows.pop(written, []) for title, rows in self._of_task.items()}
        return Task(
            code=code,
            title=row.text("任务"),
            text=row.text("内容"),
            assignments=tuple(
                Assignment(self._party(one), book.word(one, "分工", Role))
                for one in mine[sheet.ASSIGNMENTS]
            ),
            indicators=tuple(self._indicator(one, f"I{stem}") for one in mine[sheet.INDICATORS]),
            deliverables=tuple(
                self._deliverable(one, f"D{code[1:]}") for one in mine[sheet.DELIVERABLES]
            ),
        )

    def _deliverable(self, row: _Row, stem: str) -> Deliverable:
        """Read a deliverable; books of earlier programs say nothing of its kind."""
        book = self._book
        code, title = book.code(row, "事项编码", stem), row.text("事项")
        kind = book.word(row, "类别", DeliverableKind) if row.text("类别") else DeliverableKind.ONCE
        if kind is not DeliverableKind.RECURRING:
            return Deliverable(code, title, self._due(row), kind)
        times, cycle = book.whole(row, "次数"), book.word(row, "周期", Cycle)
        if times < 1:
            book.note(row, "次数", "“次数”应为大于 0 的整数", "请改成整数")
        return Deliverable(code, title, None, kind, times, cycle)

    def _indicator(self, row: _Row, stem: str) -> Indicator:
        book = self._book
        code = book.code(row, "指标编码", stem)
        derivation = None
        if row.text("推算参数"):
            factor = book.number(row, "推算除数", 1.0)
            derivation = Derivation(row.text("推算参数"), factor, row.text("推算来源"))
        return Indicator(
            code=code,
            name=row.text("指标"),
            kind=book.word(row, "类型", IndicatorKind),
            aggregation=book.word(row, "汇总方式", Aggregation),
            operator=self._operator(row),
            target=book.number(row, "目标值"),
            measure_unit=row.text("计量单位"),
            pace=self._pace(row),
            part_of=row.text("所属指标"),
            bounded=book.yes(row, "不超过总数", default=True),
            derivation=derivation,
            numerator_name=row.text("分子"),
            denominator_name=row.text("分母"),
            reporters=row.words("填报单位", sheet.CODES),
            shares=tuple(
                TargetShare(self._party(one), book.number(one, "目标值"))
                for one in self._shares.pop(code, [])
            ),
            whole_numbers=book.yes(row, "只填整数", default=True),
            baseline=book.number(row, "上年完成值") if row.text("上年完成值") else None,
        )

    def _operator(self, row: _Row) -> Operator:
        text = row.text("比较")
        if text in set(Operator):
            return Operator(text)
        usable = "、".join(Operator)
        self._book.note(row, "比较", f"“比较”的取值“{text}”无效", f"可用：{usable}")
        return Operator.AT_LEAST

    def _pace(self, row: _Row) -> Pace:
        rule = self._book.word(row, "序时进度", PaceRule)
        if rule is not PaceRule.CURVE:
            return Pace(rule)
        try:
            curve = tuple(float(text) for text in row.words("各月进度", sheet.CODES))
        except ValueError:
            curve = ()
        if len(curve) != MONTHS or not all(0 <= share <= 1 for share in curve):
            remedy = "请写 12 个 0 到 1 之间的数，用顿号隔开"
            self._book.note(row, "各月进度", "“各月进度”不合规定", remedy)
        return Pace(rule, curve)

    def _due(self, row: _Row) -> date | None:
        text = row.text("完成时限")
        if not text:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            self._book.note(row, "完成时限", "“完成时限”应为日期", "请写成 2026-06-30")
            return None

    def _refuse_strays(self) -> None:
        """Note rows that belong to no task or indicator: nothing is dropped in silence."""
        for title, rows in self._of_task.items():
            for code, lines in rows.items():
                for row in lines:
                    self._book.note(
                        row, "任务编码", f"“任务”表中没有任务“{code}”", f"请核对“{title}”表"
                    )
        for code, lines in self._shares.items():
            for row in lines:
                self._book.note(row, "指标编码", f"没有指标“{code}”", "请核对“分解目标”表")
