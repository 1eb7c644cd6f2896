"""Random years as plain data: a plan and how it changed, what was reported, when, and by whom.

Everything is made of dicts, lists, texts, whole numbers and days, so that it can be read and
printed, brought into a workspace (`tests.random_years.workspace`), and reckoned by a script that
knows nothing of the program (`tests.random_years.script`). The same seed gives the same year.
"""

from __future__ import annotations

import copy
import random
from datetime import date, timedelta
from functools import cache

YEAR = 2026
OFFICE = "ban"
MONTHS = tuple(f"{YEAR}-{month:02}" for month in range(1, 13))
QUARTERS = tuple(f"{YEAR}-Q{quarter}" for quarter in range(1, 5))
NEW_YEAR = date(YEAR, 1, 1)


def months_of(quarter):
    """The three months of a quarter, by its number from 0."""
    return MONTHS[quarter * 3 : quarter * 3 + 3]


@cache
def last_day(period):
    """The last day of a month or a quarter."""
    month = int(period[6:]) * 3 if "Q" in period else int(period[5:])
    return date(YEAR + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def random_year(seed):
    """Make a year."""
    luck = random.Random(seed)
    plans = random_plans(luck)
    year = {
        "seed": seed,
        "today": NEW_YEAR + timedelta(days=luck.choice((luck.randrange(9, 365), 400))),
        "rules": {
            "margin": luck.choice((0, 5, 10, 10, 25)),  # points
            "least_coverage": luck.choice((0, 30, 50, 50, 80)),  # per cent
            "count_returned": luck.random() < 0.5,
            "due_days": luck.choice((3, 5, 10)),
        },
        "plans": plans,
    }
    fullness = luck.choice((0.3, 0.7, 0.95))
    year["values"] = random_values(luck, plans, fullness)
    year["milestones"] = random_milestones(luck, plans, fullness)
    year["reports"] = random_reports(luck, plans)
    year["left_out"] = random_left_out(luck, plans)
    year["ledgers"] = random_ledgers(luck, plans)
    return year


# The plan and its changes


def random_plans(luck):
    """A plan and what it becomes; each but the last holds until a day."""
    names = iter(range(1, 100))
    plans = [{"until": None, **first_plan(luck, names)}]
    months = sorted(luck.sample(range(1, 12), luck.choice((0, 0, 1, 2, 3))))
    for month in months:
        plan = copy.deepcopy(plans[-1])
        day = date(YEAR, month + 1, luck.choice((1, 1, luck.randrange(2, 29))))
        plans[-1]["until"] = day - timedelta(days=1)
        for _ in range(luck.randrange(1, 4)):
            luck.choice(CHANGES)(luck, plan, names)
            tidied(luck, plan)
        plans.append(plan)
    return plans


def new_unit(luck, names):
    code = f"u{next(names):02}"
    return {"code": code, "successor": "", "quarterly": luck.random() < 0.2}


def first_plan(luck, names):
    units = [{"code": OFFICE, "successor": "", "quarterly": False}]
    units += [new_unit(luck, names) for _ in range(luck.randrange(4, 12))]
    codes = [unit["code"] for unit in units]
    groups = {
        f"g{number}": luck.sample(codes, luck.randrange(2, len(codes)))
        for number in range(luck.randrange(1, 4))
    }
    plan = {
        "units": units,
        "groups": groups,
        "constants": {"people": luck.choice((400_000, 37_000))},
        "tasks": [],
    }
    for number in range(luck.randrange(6, 21)):
        # Other numbers than those of the built-in plan, whose indicators the built-in ledgers feed.
        plan["tasks"].append(new_task(luck, plan, 51 + number))
    return tidied(luck, plan)


def new_task(luck, plan, number):
    parties = [unit["code"] for unit in plan["units"]] + list(plan["groups"])
    task = {
        "code": f"T{number}-1",
        "parties": luck.sample(parties, min(luck.choice((1, 1, 2, 3)), len(parties))),
        "indicators": [],
        "deliverables": [],
    }
    for place in range(1, luck.randrange(4) + 1):
        task["indicators"].append(new_indicator(luck, plan, task, f"I{number}-{place}"))
    for place in range(1, luck.randrange(1, 4) + 1):
        task["deliverables"].append(new_deliverable(luck, f"D{number}-1-{place}"))
    return task


def new_indicator(luck, plan, task, code):
    kind = luck.choice(("count", "count", "count", "ratio", "ratio", "derived"))
    own = roles(plan, task)
    indicator = {
        "code": code,
        "kind": kind,
        "over_time": luck.choice(("cumulative", "cumulative", "level")),
        "reporters": luck.sample(own, luck.randrange(1, len(own) + 1))
        if luck.random() < 0.3
        else [],
        "shares": {},
        "part_of": "",
        "constant": "",
        "factor": 1,
        "source": "",
        **new_target(luck, kind),
    }
    counts = [i for i in task["indicators"] if i["kind"] == "count" and not i["source"]]
    if kind == "derived":
        indicator["constant"] = luck.choice(("people",) * 9 + ("unknown",))
        indicator["factor"] = luck.choice((1000, 10_000))
        if counts and luck.random() < 0.6:
            source = luck.choice(counts)
            indicator["source"] = source["code"]
            indicator["over_time"] = source["over_time"]
            indicator["reporters"] = list(source["reporters"])
    elif kind == "count" and counts and luck.random() < 0.2:
        indicator["part_of"] = luck.choice(counts)["code"]
    if kind != "ratio" and luck.random() < 0.35:
        units = reporters(plan, task, indicator)
        some = luck.sample(units, luck.randrange(1, len(units) + 1))
        indicator["shares"] = {unit: some_target(luck, kind) for unit in some}
    return indicator


def some_target(luck, kind):
    """A target in hundredths: per cent for a ratio, small for what is divided by the people."""
    numbers = {"count": (0, 1000, 3000, 12_000), "ratio": (0, 3000, 9500, 10_000),
               "derived": (10, 50, 350)}  # fmt: skip
    return luck.choice((*numbers[kind], *numbers[kind][1:], luck.randrange(1, numbers[kind][-1])))


def new_target(luck, kind):
    pace = luck.choice(("linear", "linear", "linear", "constant", "curve"))
    return {
        "operator": luck.choice(("≥", "≥", "≥", "=", "≤")),
        "target": some_target(luck, kind),
        "pace": pace,
        "curve": sorted(luck.randrange(0, 101) for _ in range(12)) if pace == "curve" else [],
    }


def new_deliverable(luck, code):
    item = {"code": code, "kind": luck.choice(("once", "once", "recurring", "standing"))}
    item |= {"due": None, "times": 1, "cycle": "year"}
    if item["kind"] == "once" and luck.random() < 0.7:
        item["due"] = NEW_YEAR + timedelta(days=luck.randrange(31, 540))
    if item["kind"] == "recurring":
        item["cycle"] = luck.choice(("month", "quarter", "year"))
        item["times"] = luck.choice((1, 1, 2, 4))
    return item


def expand(plan, party):
    return plan["groups"].get(party, [party])


def roles(plan, task):
    """The units that answer for a task."""
    return list(dict.fromkeys(u for party in task["parties"] for u in expand(plan, party)))


def reporters(plan, task, indicator):
    if not indicator["reporters"]:
        return roles(plan, task)
    return list(dict.fromkeys(u for p in indicator["reporters"] for u in expand(plan, p)))


def active(plan):
    return [u["code"] for u in plan["units"] if not u["successor"] and u["code"] != OFFICE]


def indicators(plan):
    return [(task, indicator) for task in plan["tasks"] for indicator in task["indicators"]]


def change_target(luck, plan, _names):
    found = indicators(plan)
    if found:
        task, indicator = luck.choice(found)
        indicator |= new_target(luck, indicator["kind"])
        if indicator["kind"] != "ratio":
            units = luck.sample(roles(plan, task), 1) if luck.random() < 0.5 else []
            indicator["shares"] = {unit: some_target(luck, indicator["kind"]) for unit in units}


def hand_over(luck, plan, _names):
    task = luck.choice(plan["tasks"])
    place = luck.randrange(len(task["parties"]))
    task["parties"][place] = luck.choice(active(plan))


def change_members(luck, plan, _names):
    members = plan["groups"][luck.choice(list(plan["groups"]))]
    unit = luck.choice(active(plan))
    if unit not in members:
        members.append(unit)
    elif len(members) > 1:
        members.remove(unit)


def add_unit(luck, plan, names):
    unit = new_unit(luck, names)
    plan["units"].append(unit)
    luck.choice(list(plan["groups"].values())).append(unit["code"])
    luck.choice(plan["tasks"])["parties"].append(unit["code"])


def drop_unit(luck, plan, _names):
    if len(active(plan)) > 2:
        gone = luck.choice(active(plan))
        plan["units"] = [unit for unit in plan["units"] if unit["code"] != gone]
        put_in_place(plan, gone, None)


def merge_units(luck, plan, _names):
    if len(active(plan)) > 2:
        gone, heir = luck.sample(active(plan), 2)
        next(unit for unit in plan["units"] if unit["code"] == gone)["successor"] = heir
        put_in_place(plan, gone, heir)


def put_in_place(plan, gone, heir):
    """Let another unit, or none, stand wherever a unit stood."""

    def changed(parties):
        new = [heir if party == gone else party for party in parties]
        return list(dict.fromkeys(party for party in new if party))

    for group, members in plan["groups"].items():
        plan["groups"][group] = changed(members)
    for task in plan["tasks"]:
        task["parties"] = changed(task["parties"])
    for _, indicator in indicators(plan):
        indicator["reporters"] = changed(indicator["reporters"])


def change_people(luck, plan, _names):
    plan["constants"]["people"] = luck.choice((410_000, 52_000))


def change_due(luck, plan, _names):
    item = luck.choice([item for task in plan["tasks"] for item in task["deliverables"]])
    if item["due"]:
        item["due"] += timedelta(days=luck.choice((-31, 45, 120)))


def change_rhythm(luck, plan, _names):
    unit = luck.choice([unit for unit in plan["units"] if unit["code"] != OFFICE])
    unit["quarterly"] = not unit["quarterly"]


def add_items(luck, plan, names):
    number = next(names) + 100
    plan["tasks"].append(new_task(luck, plan, number))


def drop_item(luck, plan, _names):
    task = luck.choice(plan["tasks"])
    if task["indicators"]:
        gone = task["indicators"].pop(luck.randrange(len(task["indicators"])))["code"]
        task["indicators"] = [i for i in task["indicators"] if i["source"] != gone]
        for indicator in task["indicators"]:
            if indicator["part_of"] == gone:
                indicator["part_of"] = ""


CHANGES = (
    change_target, hand_over, hand_over, change_members, add_unit, drop_unit, merge_units,
    change_people, change_due, change_rhythm, add_items, drop_item,
)  # fmt: skip


def tidied(luck, plan):
    """Leave no group empty, no task without a unit, no share with a unit that has no part."""
    for group, members in plan["groups"].items():
        plan["groups"][group] = list(dict.fromkeys(members)) or [luck.choice(active(plan))]
    for task in plan["tasks"]:
        task["parties"] = list(dict.fromkeys(task["parties"])) or [luck.choice(active(plan))]
        by_code = {indicator["code"]: indicator for indicator in task["indicators"]}
        for indicator in task["indicators"]:
            if not set(reporters(plan, task, indicator)) & set(roles(plan, task)):
                indicator["reporters"] = []
            if indicator["source"]:
                indicator["reporters"] = list(by_code[indicator["source"]]["reporters"])
            units = reporters(plan, task, indicator)
            shares = indicator["shares"]
            indicator["shares"] = {unit: shares[unit] for unit in units if unit in shares}
    return plan


# What was reported


def plan_at(plans, period):
    """The plan in force on a period's last day."""
    day = last_day(period)
    return next(plan for plan in plans if plan["until"] is None or day <= plan["until"])


def all_units(plans):
    return sorted({unit["code"] for plan in plans for unit in plan["units"]})


def all_quarterly(plans):
    return {unit["code"] for plan in plans for unit in plan["units"] if unit["quarterly"]}


def asked_for(plans, period):
    """By item, what is asked of which units in a period: (indicator or deliverable, units)."""
    plan = plan_at(plans, period)
    found = {}
    for task in plan["tasks"]:
        for indicator in task["indicators"]:
            if not indicator["source"]:
                found[indicator["code"]] = indicator, reporters(plan, task, indicator)
        for item in task["deliverables"]:
            found[item["code"]] = item, roles(plan, task)
    return found


def random_values(luck, plans, fullness):
    """Figures by month, by quarter or by both; some of units that nobody asked (any more)."""
    found, every, quarterly = [], all_units(plans), all_quarterly(plans)
    for quarter in range(4):
        periods = (*months_of(quarter), QUARTERS[quarter])
        for period in periods:
            for code, (indicator, units) in asked_for(plans, period).items():
                if "over_time" not in indicator:
                    continue
                others = [u for u in every if u not in units and luck.random() < 0.05]
                for unit in [*units, *others]:
                    usual = ("Q" in period) == (unit in quarterly)
                    if luck.random() < (fullness if usual else 0.06):
                        value = {"item": code, "unit": unit, "period": period}
                        value["content"] = random_content(luck, indicator["kind"])
                        rival = luck.random() < 0.04
                        value["rival"] = random_content(luck, indicator["kind"]) if rival else None
                        found.append(value)
    return found


def random_content(luck, kind):
    """A figure: a number, two numbers, or 无此项."""
    if luck.random() < 0.05:
        return {"none": True}
    if kind == "ratio":
        below = luck.choice((0, 1, 7, luck.randrange(200)))
        return {"above": luck.choice((below, luck.randrange(below + 1))), "below": below}
    return {"number": luck.choice((0, 1, 5, luck.randrange(40), luck.randrange(600)))}


def random_milestones(luck, plans, fullness):
    found, every, quarterly = [], all_units(plans), all_quarterly(plans)
    for quarter in range(4):
        for period in (*months_of(quarter), QUARTERS[quarter]):
            for code, (item, units) in asked_for(plans, period).items():
                if "over_time" in item:
                    continue
                others = [u for u in every if u not in units and luck.random() < 0.05]
                for unit in [*units, *others]:
                    usual = ("Q" in period) == (unit in quarterly)
                    if usual and luck.random() < fullness * 0.5:
                        status = luck.choice(("not_started", "under_way", "done", "done"))
                        found.append(
                            {"item": code, "unit": unit, "period": period, "status": status}
                        )
    return found


STATES = ("submitted", "submitted", "accepted", "accepted", "returned", "reopened", "draft")


def random_reports(luck, plans):
    """By unit and period, how a report stands and on which day it was made."""
    found, quarterly = {}, all_quarterly(plans)
    for unit in all_units(plans):
        for period in (*MONTHS, *QUARTERS):
            usual = ("Q" in period) == (unit in quarterly)
            if unit != OFFICE and luck.random() < (0.85 if usual else 0.05):
                state = luck.choice(STATES)
                made = last_day(period) + timedelta(days=luck.choice((1, 2, 4, 5, 6, 11, 20)))
                found[unit, period] = {"state": state, "made": made}
    return found


def random_left_out(luck, plans):
    units = all_units(plans)
    count = luck.choice((0, 0, 1, 3, 6))
    return {(luck.choice(units), luck.choice((*MONTHS, *QUARTERS))) for _ in range(count)}


# Ledgers


def random_ledgers(luck, plans):
    """Ledgers with their rows; each feeds some indicators that units type as well."""
    typed = {
        i["code"]: (i, set(reporters(p, t, i)))
        for p in plans
        for t, i in indicators(p)
        if i["kind"] != "derived"
    }
    found = []
    codes = sorted(typed)
    luck.shuffle(codes)
    for number in range(luck.choice((0, 0, 1, 2))):
        fed = [codes.pop() for _ in range(luck.randrange(1, 4)) if codes]
        feeds = [new_feed(luck, code, typed[code][0]["kind"]) for code in fed]
        keepers = sorted({unit for code in fed for unit in typed[code][1]})
        keepers = luck.sample(keepers, luck.randrange(1, len(keepers) + 1)) if keepers else []
        found.append({"code": f"book{number}", "feeds": feeds, "rows": random_rows(luck, keepers)})
    return found


def new_feed(luck, indicator, kind):
    action = "count" if kind == "ratio" else luck.choice(("count", "sum", "distinct"))
    where = "" if kind == "ratio" else luck.choice(("", "甲"))
    span = luck.choice(("within", "within", "until", "always"))
    return {
        "indicator": indicator,
        "ratio": kind == "ratio",  # rows of kind 甲 over all rows
        "action": action,
        "where": where,
        "span": span,
        "counts": luck.random() < 0.75,
    }


def random_rows(luck, keepers):
    """Rows by unit and number; now and then two units hold the same number."""
    numbers = iter(range(1, 10_000))
    rows = {}
    for unit in keepers:
        for _ in range(luck.choice((0, 3, 12, 40))):
            day = NEW_YEAR + timedelta(days=luck.randrange(-40, 400))
            row = {
                "number": f"A{next(numbers):04}",
                "unit": unit,
                "day": None if luck.random() < 0.05 else day,
                "kind": luck.choice(("甲", "乙")),
                "amount": luck.randrange(30),
                "place": f"P{luck.randrange(8)}",
            }
            rows[unit, row["number"]] = row
            if len(keepers) > 1 and luck.random() < 0.1:
                other = luck.choice([each for each in keepers if each != unit])
                rows[other, row["number"]] = row | {"unit": other}
    return list(rows.values())
