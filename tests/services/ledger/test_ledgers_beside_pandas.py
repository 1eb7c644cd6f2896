"""Every indicator that a ledger feeds, beside an independent script over the exported ledgers.

The script below knows nothing of fsdesk: it reads the workbooks with pandas and counts by its own
rules, written down from what each indicator means.
"""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from fsdesk.documents.plan_file import load_builtin_plan
from fsdesk.domain.ledger.ledger import ColumnType, LedgerEntry
from fsdesk.domain.periods import Period
from fsdesk.domain.plan.indicators import IndicatorKind
from fsdesk.services.care import setup
from fsdesk.services.ledger import ledger_figures, ledger_files, ledgers
from fsdesk.services.packet import reviewing
from fsdesk.services.plan import planning
from fsdesk.store.ledger import ledgers as store
from tests.workspaces import Clock

pytestmark = pytest.mark.slow

pd = pytest.importorskip("pandas")
YEAR = 2026
ROWS = 300
# Days around every boundary: the year's ends, months' ends, a leap day's place, no day at all.
EDGES = (
    date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 1),
    date(2026, 3, 31), date(2026, 4, 1), date(2026, 6, 30), date(2026, 7, 1), date(2026, 12, 31),
    date(2027, 1, 1), None,
)  # fmt: skip
UNITS = ("scjg", "fgj", "wjj", "jyj")
# 不计入, and the months that this takes out.
LEFT_OUT = {"fgj": ("2026-02", "2026-Q2"), "jyj": ("2026-03",), "scjg": ("2026-12",)}
OUT = {"fgj": (2, 4, 5, 6), "jyj": (3,), "scjg": (12,)}


def value_for(column, luck, number, key):
    """Return a cell: often an edge, sometimes empty; keys are never empty."""
    if column.title in key and column.type is ColumnType.TEXT:
        return f"{column.title}{number % 220}"  # some things stand in several rows
    if luck.random() < 0.12 and column.title not in key:
        return None
    near = date(2026, 1, 1) + timedelta(days=luck.randrange(365))
    days = [day for day in EDGES if day or column.title not in key]
    return {
        ColumnType.CHOICE: luck.choice(column.choices or ("",)),
        ColumnType.FLAG: luck.random() < 0.5,
        ColumnType.NUMBER: float(luck.choice((0, 1, 2, 7, 1000))),
        ColumnType.DATE: luck.choice([*days, near, near]),
        ColumnType.TEXT: f"{column.title}{luck.randrange(40)}",
    }[column.type]


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pandas") / "office"
    luck = random.Random(20260331)
    with setup.create_office(folder, load_builtin_plan(YEAR), clock=Clock()) as made:
        units = [u for u in UNITS if u in load_builtin_plan(YEAR).directory.by_code]
        with made.reading() as session:
            declared = store.load_ledgers(session)
        for ledger in declared:
            rows = {}
            for number in range(ROWS):
                values = {c.title: value_for(c, luck, number, ledger.key) for c in ledger.columns}
                if ledger.code == "inspection" and (values["已整改数"] or 0) > (
                    values["发现问题数"] or 0
                ):
                    values["已整改数"] = values["发现问题数"]
                if (
                    ledger.code == "inspection"
                ):  # visits are paid to what the list of subjects names
                    values["主体"] = f"主体{luck.randrange(220)}"
                kept = {title: value for title, value in values.items() if value is not None}
                rows[tuple(kept.get(t) for t in ledger.key)] = LedgerEntry(
                    "", ledger.code, luck.choice(units), kept
                )
            found = list(rows.values())
            # Some things are registered by two units, not always with the same words.
            found += [
                replace(
                    row,
                    unit=luck.choice([unit for unit in units if unit != row.unit]),
                    values={
                        title: value
                        for title, value in row.values.items()
                        if title in ledger.key or luck.random() < 0.8
                    },
                )
                for row in luck.sample(found, 40)
            ]
            luck.shuffle(found)
            ledgers.save_rows(made, found)
        for unit, periods in LEFT_OUT.items():
            for period in periods:
                reviewing.leave_out(made, unit, Period.parse(period), "存疑")
        yield made


@pytest.fixture(scope="module")
def books(office, tmp_path_factory):
    """The exported ledgers as data frames, by the ledger's code."""
    folder = tmp_path_factory.mktemp("exported")
    found = {}
    with office.reading() as session:
        codes = [ledger.code for ledger in store.load_ledgers(session)]
    for code in codes:
        file = folder / f"{code}.xlsx"
        ledger_files.export_ledger(office, code, file)
        frame = pd.read_excel(file, dtype=object)
        for title in frame.columns:
            if title.endswith("日期") or title == "许可证有效期":
                frame[title] = pd.to_datetime(frame[title])
        found[code] = frame
    return found


# The independent script


KEYS = {
    "sampling": ["抽样编号"], "risk": ["编号"], "sentinel": ["名称"], "meal": ["名称"],
    "inspection": ["主体", "督导日期"], "subject": ["主体"], "cadre": ["姓名", "街道"],
    "canteen": ["名称"], "delivery": ["名称"], "tracing": ["主体", "品种"],
}  # fmt: skip
NAMES = {
    "区发改局(农业农村局)": "fgj",
    "区教育局": "jyj",
    "区市场监管局": "scjg",
    "区卫健局": "wjj",
}


def once(frame, key, answering):
    """Keep of what several units registered the rows of one: the first code that answers."""
    codes = frame["责任单位"].map(NAMES)
    order = (~codes.isin(answering)).astype(int).astype(str) + codes
    return frame[order == order.groupby([frame[title] for title in key]).transform("min")]


def out_of(unit):
    return OUT.get(NAMES[unit], ())


def in_year(frame, title, last):
    """Keep rows of the year up to a day, none of a month that is left out."""
    day = frame[title]
    inside = frame[(day >= f"{YEAR}-01-01") & (day <= pd.Timestamp(last))]
    pairs = zip(inside["责任单位"], inside[title], strict=True)
    return inside[[day.month not in out_of(unit) for unit, day in pairs]]


def until(frame, title, last):
    """Keep rows up to the end of the last month that is not left out."""

    def end(unit):
        month = max(m for m in range(1, last.month + 1) if m not in out_of(unit))
        return pd.Timestamp(YEAR, month, 1) + pd.offsets.MonthEnd(0)

    pairs = zip(frame["责任单位"], frame[title], strict=True)
    return frame[[day <= end(unit) for unit, day in pairs]]


def undated(frame, last):
    """Keep rows of units whose last month is not left out."""
    return frame[[last.month not in out_of(unit) for unit in frame["责任单位"]]]


def counts(frame):
    return frame.groupby("责任单位").size().to_dict()


def ratio(frame, above):
    """Rows that meet `above` over all rows, by unit."""
    over = frame.groupby("责任单位").size()
    part = frame[above.loc[frame.index]].groupby("责任单位").size()
    return {unit: (float(part.get(unit, 0)), float(n)) for unit, n in over.items()}


def expected(books, last, answering):
    """Return what each indicator is by unit name: a number, or above and below the line.

    `answering`: codes of the units that answer for each indicator.
    """

    def rows(ledger, indicator):
        return once(books[ledger], KEYS[ledger], answering[indicator])

    def sampled(indicator, *kinds):
        frame = in_year(rows("sampling", indicator), "抽样日期", last)
        return frame[frame["类别"].isin(kinds)]

    def listed(ledger, indicator, title, kind):
        frame = undated(rows(ledger, indicator), last)
        return frame[frame[title] == kind]

    def built(indicator):
        return in_year(rows("canteen", indicator), "日期", last)

    failed = sampled("I04-2", "食用农产品", "其他食品")
    failed = failed[failed["检验结论"] == "不合格"]
    visits = in_year(rows("inspection", "I01-2"), "督导日期", last)
    sums = (
        visits.assign(
            a=pd.to_numeric(visits["已整改数"]).fillna(0),
            b=pd.to_numeric(visits["发现问题数"]).fillna(0),
        )
        .groupby("责任单位")[["a", "b"]]
        .sum()
    )
    cadres = undated(rows("cadre", "I01-3"), last)
    trained = in_year(cadres, "培训日期", last)
    schools = listed("canteen", "I07-1", "类型", "学校")
    homes = listed("canteen", "I07-2", "类型", "养老机构")
    elderly = listed("canteen", "I07-3", "类型", "老年食堂")
    delivered = listed("delivery", "I07-4", "性质", "学校")
    key = listed("tracing", "I09-1", "是否重点", "是")
    return {
        "I01-1": coverage(rows("subject", "I01-1"), books["inspection"], last),
        "I01-2": {unit: (row.a, row.b) for unit, row in sums.iterrows()},
        "I01-3": {
            unit: (float((trained["责任单位"] == unit).sum()), float(n))
            for unit, n in counts(cadres).items()
        },
        "I04-1": counts(until(rows("sentinel", "I04-1"), "设立日期", last)),
        "I04-2": ratio(failed, failed["核查处置状态"] == "已处置"),
        "I04-3": counts(sampled("I04-3", "食用农产品", "其他食品")),
        "I04-4": counts(sampled("I04-4", "食用农产品")),
        "I04-6": counts(sampled("I04-6", "药品")),
        "I04-7": counts(sampled("I04-7", "医疗器械")),
        "I04-8": counts(sampled("I04-8", "化妆品")),
        "I04-9": counts(in_year(rows("risk", "I04-9"), "采样日期", last)),
        "I07-1": ratio(schools, schools["等级"] == "A"),
        "I07-2": ratio(homes, homes["等级"].isin(["A", "B"])),
        "I07-3": ratio(elderly, elderly["许可证号"].notna()),
        "I07-4": ratio(delivered, delivered["是否阳光配送"] == "是"),
        "I08-1": counts(built("I08-1").query("类型 == '学校' and 示范 == '是'")),
        "I08-2": counts(in_year(rows("meal", "I08-2"), "启用日期", last)),
        "I08-3": counts(built("I08-3").query("阳光厨房 == '是'")),
        "I09-1": ratio(key, key["是否上链"] == "是"),
    }


def coverage(subjects, visits, last):
    """Subjects owed a visit in each ended window of their level, and those that had one.

    A window that is left out as a whole is owed nothing, a visit in a month left out is none.
    """
    months = {"A": 3, "B": 3, "C": 3, "D": 3}
    days = defaultdict(list)
    for row in visits.itertuples():
        days[row.主体].append(row.督导日期)
    found = defaultdict(lambda: [0.0, 0.0])
    for row in subjects.itertuples():
        if row.分级 not in months:
            continue
        out = set(out_of(row.责任单位))
        seen = [day for day in days[row.主体] if day.month not in out]
        for end_month in range(months[row.分级], 13, months[row.分级]):
            end = pd.Timestamp(YEAR, end_month, 1) + pd.offsets.MonthEnd(0)
            begin = pd.Timestamp(YEAR, end_month - months[row.分级] + 1, 1)
            if end > pd.Timestamp(last) or (pd.notna(row.纳入日期) and row.纳入日期 > end):
                continue
            if set(range(begin.month, end.month + 1)) <= out:
                continue
            open_ = (
                row.退出日期 > end
                if pd.notna(row.退出日期)
                else row.经营状态 == "在产在营" or pd.isna(row.经营状态)
            )
            if open_:
                found[row.责任单位][1] += 1
                found[row.责任单位][0] += any(begin <= day <= end for day in seen)
    return {unit: tuple(pair) for unit, pair in found.items()}


@pytest.mark.parametrize("month", ["2026-01", "2026-03", "2026-06", "2026-12"])
def test_each_indicator_is_what_the_script_counts(office, books, month):
    period = Period.parse(month)
    plan = planning.current_plan(office)
    answering = {i.code: set(plan.reporters(i)) for i in plan.indicators}
    wanted = expected(books, period.last_day, answering)
    made = defaultdict(dict)
    for line in ledger_figures.compared(office, period):
        figure = line.computed
        # Of a derived indicator the ledger gives what stands above the line.
        above = figure.value if figure.numerator is None else figure.numerator
        is_ratio = line.indicator.kind is IndicatorKind.RATIO
        made[line.indicator.code][line.unit_name] = (
            (figure.numerator, figure.denominator) if is_ratio else above
        )

    fed = set(ledger_figures.sources(office))
    assert fed == set(wanted), "an indicator is fed that the script does not know"
    if period.last_day.month == 12:
        assert all(any(map(any_of, by_unit.values())) for by_unit in wanted.values())
    for code, by_unit in wanted.items():
        for unit in {*by_unit, *made[code]}:
            nothing = (0.0, 0.0) if isinstance(next(iter(by_unit.values()), 0), tuple) else 0
            got = made[code].get(unit)
            got = nothing if got is None else got
            assert plain(got) == plain(by_unit.get(unit, nothing)), (code, unit, month)


def plain(figure):
    """Return a figure without telling nothing from zero: both mean that no row counts."""
    if isinstance(figure, tuple):
        return tuple(float(side or 0) for side in figure)
    return float(figure or 0)


def any_of(figure):
    """Tell whether a figure is anything but nothing."""
    return any(figure) if isinstance(figure, tuple) else bool(figure)
