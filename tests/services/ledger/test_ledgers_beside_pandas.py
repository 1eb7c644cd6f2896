"""Every indicator that a ledger feeds, beside an independent script over the exported ledgers.

The script below knows nothing of fsdesk: it reads the workbooks with pandas and counts by its own
rules, written down from what each indicator means.
"""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, timedelta

import pytest

from fsdesk.documents.plan_file import load_builtin_plan
from fsdesk.domain.ledger.ledger import ColumnType, LedgerEntry
from fsdesk.domain.periods import Period
from fsdesk.domain.plan.indicators import IndicatorKind
from fsdesk.services.care import setup
from fsdesk.services.ledger import ledger_figures, ledger_files, ledgers
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
            ledgers.save_rows(made, list(rows.values()))
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


def in_year(frame, title, last):
    day = frame[title]
    return frame[(day >= f"{YEAR}-01-01") & (day <= pd.Timestamp(last))]


def counts(frame):
    return frame.groupby("责任单位").size().to_dict()


def ratio(frame, above):
    """Rows that meet `above` over all rows, by unit."""
    over = frame.groupby("责任单位").size()
    part = frame[above.loc[frame.index]].groupby("责任单位").size()
    return {unit: (float(part.get(unit, 0)), float(n)) for unit, n in over.items()}


def expected(books, last):
    """Return what each indicator is by unit name: a number, or above and below the line."""
    sampling = in_year(books["sampling"], "抽样日期", last)
    food = sampling[sampling["类别"].isin(["食用农产品", "其他食品"])]
    failed = food[food["检验结论"] == "不合格"]
    canteen, built = books["canteen"], in_year(books["canteen"], "日期", last)
    kind = canteen["类型"]
    delivery = books["delivery"]
    schools = delivery[delivery["性质"] == "学校"]
    tracing = books["tracing"]
    key = tracing[tracing["是否重点"] == "是"]
    visits = in_year(books["inspection"], "督导日期", last)
    sums = (
        visits.assign(
            a=pd.to_numeric(visits["已整改数"]).fillna(0),
            b=pd.to_numeric(visits["发现问题数"]).fillna(0),
        )
        .groupby("责任单位")[["a", "b"]]
        .sum()
    )
    sentinel = books["sentinel"]
    trained = in_year(books["cadre"], "培训日期", last)
    return {
        "I01-1": coverage(books, last),
        "I01-2": {unit: (row.a, row.b) for unit, row in sums.iterrows()},
        "I01-3": {
            unit: (float((trained["责任单位"] == unit).sum()), float(n))
            for unit, n in books["cadre"].groupby("责任单位").size().items()
        },
        "I04-1": counts(sentinel[sentinel["设立日期"] <= pd.Timestamp(last)]),
        "I04-2": ratio(failed, failed["核查处置状态"] == "已处置"),
        "I04-3": counts(food),
        "I04-4": counts(food[food["类别"] == "食用农产品"]),
        "I04-6": counts(sampling[sampling["类别"] == "药品"]),
        "I04-7": counts(sampling[sampling["类别"] == "医疗器械"]),
        "I04-8": counts(sampling[sampling["类别"] == "化妆品"]),
        "I04-9": counts(in_year(books["risk"], "采样日期", last)),
        "I07-1": ratio(canteen[kind == "学校"], canteen["等级"] == "A"),
        "I07-2": ratio(canteen[kind == "养老机构"], canteen["等级"].isin(["A", "B"])),
        "I07-3": ratio(canteen[kind == "老年食堂"], canteen["许可证号"].notna()),
        "I07-4": ratio(schools, schools["是否阳光配送"] == "是"),
        "I08-1": counts(built[(built["类型"] == "学校") & (built["示范"] == "是")]),
        "I08-2": counts(in_year(books["meal"], "启用日期", last)),
        "I08-3": counts(built[built["阳光厨房"] == "是"]),
        "I09-1": ratio(key, key["是否上链"] == "是"),
    }


def coverage(books, last):
    """Subjects owed a visit in each ended window of their level, and those that had one."""
    months = {"A": 3, "B": 3, "C": 3, "D": 3}
    subjects, visits = books["subject"], books["inspection"]
    days = defaultdict(list)
    for row in visits.itertuples():
        days[row.主体].append(row.督导日期)
    found = defaultdict(lambda: [0.0, 0.0])
    for row in subjects.itertuples():
        if row.分级 not in months:
            continue
        for end_month in range(months[row.分级], 13, months[row.分级]):
            end = pd.Timestamp(YEAR, end_month, 1) + pd.offsets.MonthEnd(0)
            begin = pd.Timestamp(YEAR, end_month - months[row.分级] + 1, 1)
            if end > pd.Timestamp(last) or (pd.notna(row.纳入日期) and row.纳入日期 > end):
                continue
            open_ = (
                row.退出日期 > end
                if pd.notna(row.退出日期)
                else row.经营状态 == "在产在营" or pd.isna(row.经营状态)
            )
            if open_:
                found[row.责任单位][1] += 1
                found[row.责任单位][0] += any(begin <= day <= end for day in days[row.主体])
    return {unit: tuple(pair) for unit, pair in found.items()}


@pytest.mark.parametrize("month", ["2026-01", "2026-03", "2026-06", "2026-12"])
def test_each_indicator_is_what_the_script_counts(office, books, month):
    period = Period.parse(month)
    wanted = expected(books, period.last_day)
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
