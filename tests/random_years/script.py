"""Every figure of a random year, reckoned anew: fractions, plain loops, nothing of the program.

Written from the rules of figures alone (see docs and the F1 page of each figure), to be held
against what the program says. A figure is a dict; without data its value is None.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from fractions import Fraction
from functools import cache

from tests.random_years.generator import (
    MONTHS,
    OFFICE,
    QUARTERS,
    YEAR,
    last_day,
    plan_at,
    reporters,
    roles,
)

PROGRESS = {"not_started": Fraction(0), "under_way": Fraction(1, 2), "done": Fraction(1)}
RECEIVED = ("submitted", "accepted", "reopened")
CYCLES = {"month": 1, "quarter": 3, "year": 12}


@cache
def end(period):
    """The last month of a period, from 1."""
    return last_day(period).month


@cache
def months_in(period):
    """The numbers of the months of a period."""
    last = end(period)
    return frozenset(range(last - 2, last + 1) if "Q" in period else [last])


@cache
def order(period):
    return (end(period), len(months_in(period)))


def mean(numbers):
    known = [number for number in numbers if number is not None]
    return sum(known) / len(known) if known else None


class Script:
    """A year's figures."""

    def __init__(self, year):
        self.plans, self.rules = year["plans"], year["rules"]
        self.reports, self.books = year["reports"], year["ledgers"]
        self.today = year["today"]
        self.left_out = defaultdict(set)  # months, by unit
        for unit, period in year["left_out"]:
            self.left_out[unit] |= months_in(period)
        self.returned = defaultdict(set)
        for (unit, period), report in self.reports.items():
            if report["state"] == "returned":
                self.returned[unit] |= months_in(period)
        self.recorded = defaultdict(lambda: defaultdict(list))  # by item and unit
        self.out = defaultdict(list)  # by item and unit, the periods that do not count
        for record in (*year["values"], *year["milestones"]):
            if self.counts(record["unit"], record["period"]):
                marked = record | {"marks": self.marks(record)}
                self.recorded[record["item"]][record["unit"]].append(marked)
            else:
                self.out[record["item"], record["unit"]].append(record["period"])
        self.kept = {}  # what ledgers come to, by item and period
        self.answering = [answering(plan) for plan in self.plans]
        self.number_at = {  # of the plan that a period is judged by
            period: self.plans.index(plan_at(self.plans, period)) for period in (*MONTHS, *QUARTERS)
        }

    def counts(self, unit, period):
        """Whether what a unit recorded for a period counts at all."""
        months = months_in(period)
        if months & self.left_out[unit]:
            return False
        return self.rules["count_returned"] or not months & self.returned[unit]

    def marks(self, record):
        """What must be said beside a figure that a record is part of."""
        found = set()
        if months_in(record["period"]) & self.returned[record["unit"]]:
            found.add("returned")
        if record.get("rival") and record["rival"] != record["content"]:
            found.add("disputed")
        return found

    # Time

    def last_ended(self):
        """The last month of the year that has ended, from 1; 0 for none."""
        return min(max((self.today.year - YEAR) * 12 + self.today.month - 1, 0), 12)

    def judged(self, period):
        """The month whose pace counts."""
        return min(end(period), self.last_ended())

    # Who answered when

    def plan_at(self, period):
        return self.plans[self.number_at[period]]

    def holders(self, item, period):
        """The units that answer for an item in a period; none where its plan has it not."""
        return self.answering[self.number_at[period]].get(item, [])

    def held_by(self, item, period):
        """By unit, its records of an item up to a period: those now asked, and former ones."""
        now = self.holders(item, period)
        found = {unit: [] for unit in now}
        for unit, own in self.recorded[item].items():
            inside = [
                record
                for record in own
                if end(record["period"]) <= end(period)
                and (unit in now or unit in self.holders(item, record["period"]))
            ]
            if inside:
                found[unit] = sorted(inside, key=lambda record: order(record["period"]))
        return found

    def heir(self, unit, item, period):
        """Who answers now for what a former holder answered for; None where nobody does."""
        plan = self.plan_at(period)
        now = self.holders(item, period)
        successors = {each["code"]: each["successor"] for each in plan["units"]}
        last = unit
        while successors.get(last):
            last = successors[last]
        if last in now:
            return last
        before = self.answering[self.last_held(unit, item, period)][item]
        new = [each for each in now if each not in before]
        return new[0] if len(new) == 1 else None

    def last_held(self, unit, item, period):
        """The number of the last plan in which a former holder answered for an item."""
        numbers = range(self.number_at[period])
        return max(n for n in numbers if unit in self.answering[n].get(item, ()))

    def after(self, unit, item, when, period):
        """Whether a former holder no longer answered for an item at a time."""
        return self.number_at[when] > self.last_held(unit, item, period)

    # Ledgers

    def computed(self, item, period):
        """By unit, what its ledger comes to where that counts in place of what was typed."""
        if (item, period) not in self.kept:
            self.kept[item, period] = self.computed_now(item, period)
        return self.kept[item, period]

    def computed_now(self, item, period):
        for book in self.books:
            for feed in book["feeds"]:
                if feed["indicator"] == item:
                    return self.fed(book, feed, period) if feed["counts"] else {}
        return {}

    def fed(self, book, feed, period):
        answering = {
            unit for by_item in self.answering for unit in by_item.get(feed["indicator"], ())
        }
        keepers = defaultdict(set)  # by number: it counts for the first, of those who answer
        for row in book["rows"]:
            keepers[row["number"]].add(row["unit"])
        found = {row["unit"]: [] for row in book["rows"]}
        doubled = set()
        for row in book["rows"]:
            same = sorted(keepers[row["number"]], key=lambda unit: (unit not in answering, unit))
            met = feed["where"] in {"", row["kind"]} or feed["ratio"]
            if self.row_counts(row, feed["span"], period):
                if same[0] == row["unit"]:
                    found[row["unit"]].append(row)
                if len(same) > 1 and met:
                    doubled.add(row["unit"])
        contents = {}
        for unit, rows in found.items():
            if self.all_left_out(unit, feed["span"], period):
                contents[unit] = None
                continue
            if feed["ratio"]:
                above = sum(row["kind"] == "甲" for row in rows)
                content = {"above": above, "below": len(rows)}
            else:
                met = [row for row in rows if feed["where"] in ("", row["kind"])]
                number = {
                    "count": len(met),
                    "sum": sum(row["amount"] for row in met),
                    "distinct": len({row["place"] for row in met}),
                }[feed["action"]]
                content = {"number": number}
            marks = {"doubled"} if unit in doubled else set()
            if any(month <= end(period) for month in self.left_out[unit]):
                marks.add("left_out")
            contents[unit] = {"content": content, "marks": marks}
        return contents

    def all_left_out(self, unit, span, period):
        """Whether nothing of a unit's rows can be counted: what has no day can't be parted."""
        out = self.left_out[unit]
        return set(range(1, end(period) + 1)) <= out or (span == "always" and end(period) in out)

    def row_counts(self, row, span, period):
        out = self.left_out[row["unit"]]
        if span == "always":
            return end(period) not in out
        day = row["day"]
        if day is None:
            return False
        if span == "within":
            inside = date(YEAR, 1, 1) <= day <= last_day(period)
            return inside and day.month not in out
        kept = [month for month in range(1, end(period) + 1) if month not in out]
        return bool(kept) and day <= last_day(MONTHS[kept[-1] - 1])

    # Indicators

    def contents(self, indicator, period):
        """By unit, the figures that make up its own, each with its period."""
        item = indicator["source"] or indicator["code"]
        now = self.holders(item, period)
        held = {unit: without_twice(own) for unit, own in self.held_by(item, period).items()}
        for month in range(1, end(period) + 1):
            answering_then = self.holders(item, MONTHS[month - 1])
            for unit, content in self.computed(item, MONTHS[month - 1]).items():
                made = [] if content is None else [{"period": MONTHS[month - 1], **content}]
                if (month == end(period) and unit in now) or (
                    unit not in now and unit in answering_then
                ):
                    held[unit] = made
        lines = {unit: self.over_time(indicator, held[unit]) for unit in now}
        for unit in [unit for unit in held if unit not in now]:
            heir, own = self.heir(unit, item, period), self.over_time(indicator, held[unit])
            if heir is None:
                lines[unit] = own
                continue
            taken_over = any(self.after(unit, item, v["period"], period) for v in held[heir])
            if indicator["over_time"] == "cumulative" or not taken_over:
                lines[heir] = [*lines[heir], *as_inherited(own)]
        return lines

    def over_time(self, indicator, own):
        return own[-1:] if indicator["over_time"] == "level" else own

    def indicator(self, task, indicator, period):
        plan = self.plan_at(period)
        divisor = None
        if indicator["kind"] == "derived" and indicator["constant"] in plan["constants"]:
            divisor = Fraction(plan["constants"][indicator["constant"]], indicator["factor"])
        lines = self.contents(indicator, period)
        now = reporters(plan, task, indicator)
        every = [value for own in lines.values() for value in own]
        whole = figure(indicator, every, divisor)
        target = Fraction(indicator["target"], 100)
        whole["attainment"] = attained(whole["value"], target, indicator["operator"])
        whole["pace"] = self.pace(indicator, period)
        whole["known"] = sum(bool(lines[unit]) for unit in now)
        whole["expected"] = len(now)
        whole["light"] = self.light(whole["attainment"], whole["pace"])
        reached = (
            indicator["kind"] != "ratio"
            and indicator["operator"] == "≥"
            and whole["attainment"] is not None
            and whole["attainment"] >= 1
        )
        if not reached:
            whole["light"] = self.covered(whole)
        whole["units"] = {}
        for unit, own in lines.items():
            part = whole["units"][unit] = figure(indicator, own, divisor)
            out = self.out[indicator["source"] or indicator["code"], unit]
            if any(end(each) <= end(period) for each in out):
                part["marks"].add("left_out")
            part |= {"attainment": None, "pace": whole["pace"]}
            part |= {"former": unit not in now, "joint": False}
            if unit in now and unit in indicator["shares"]:
                share = Fraction(indicator["shares"][unit], 100)
                part["attainment"] = attained(part["value"], share, indicator["operator"])
            elif unit in now and indicator["kind"] == "ratio":
                part["attainment"] = attained(part["value"], target, indicator["operator"])
            elif unit in now and part["reported"]:
                part["attainment"] = whole["attainment"]
                part["joint"] = len(lines) > 1
            part["light"] = self.light(part["attainment"], part["pace"])
        whole["marks"] = set().union(*(part["marks"] for part in whole["units"].values()))
        return whole

    def pace(self, indicator, period):
        month = self.judged(period)
        if indicator["operator"] == "≤" or indicator["pace"] == "constant":
            return Fraction(1)
        if indicator["pace"] == "curve":
            return Fraction(indicator["curve"][month - 1], 100) if month else Fraction(0)
        return Fraction(month, 12)

    # Deliverables

    def deliverable(self, item, period):
        now = self.holders(item["code"], period)
        held = self.held_by(item["code"], period)
        own, kept, inherited = {unit: held[unit] for unit in now}, {}, defaultdict(list)
        for unit in [unit for unit in held if unit not in now]:
            heir = self.heir(unit, item["code"], period)
            if heir is not None:
                inherited[heir] += as_inherited(held[unit])
            elif held[unit][-1]["status"] == "done":
                kept[unit] = held[unit]
        for heir, states in inherited.items():
            if not own[heir] or item["kind"] == "recurring":
                own[heir] = sorted([*own[heir], *states], key=least_last)
        units = {unit: self.thing(item, states, period) for unit, states in (own | kept).items()}
        progress = mean(each["progress"] for each in units.values())
        whole = {
            "progress": progress,
            "pace": self.thing_pace(item, progress, period),
            "missed": self.overdue(item, period) and (progress or 0) < 1,
            "known": sum(bool(states) for states in own.values()),
            "expected": len(now),
        }
        whole["light"] = self.light(progress, whole["pace"], missed=whole["missed"])
        whole["light"] = self.covered(whole)
        whole["units"] = units
        whole["marks"] = set().union(*(part["marks"] for part in units.values()))
        return whole

    def thing(self, item, states, period):
        """One unit's part in a deliverable."""
        status = states[-1]["status"] if states else None
        made_of = states if item["kind"] == "recurring" else states[-1:]
        progress = None
        if status:
            if item["kind"] == "once":
                progress = PROGRESS[status]
            elif item["kind"] == "standing":
                under_way = status != "not_started"
                progress = Fraction(self.judged(period), 12) if under_way else Fraction(0)
            else:
                progress = self.times_done(item, states) / self.times(item, 12)
        part = {
            "status": status,
            "marks": set().union(*(state["marks"] for state in made_of)),
            "progress": progress,
            "pace": self.thing_pace(item, progress, period),
            "missed": self.overdue(item, period) and status != "done",
        }
        part["light"] = self.light(progress, part["pace"], missed=part["missed"])
        return part

    def times_done(self, item, states):
        """How often it was done, no cycle counting for more than it asks."""
        length, times = CYCLES[item["cycle"]], item["times"]
        each = max(Fraction(1), Fraction(times, length))
        done = defaultdict(Fraction)
        for state in states:
            if state["status"] != "done":
                continue
            months = months_in(state["period"])
            for cycle in {(month - 1) // length for month in months}:
                whole = len(months) == 3 and length < 12
                done[cycle] += times if whole else each
        return sum(min(count, times) for count in done.values())

    def times(self, item, month):
        """How often it should have been done by the end of a month."""
        if item["cycle"] == "year":
            return Fraction(item["times"] * month // 12)
        return Fraction(item["times"] * (month // CYCLES[item["cycle"]]))

    def thing_pace(self, item, progress, period):
        month, due = self.judged(period), item["due"]
        if item["kind"] == "recurring":
            return self.times(item, month) / self.times(item, 12)
        if item["kind"] == "standing":
            return Fraction(month, 12)
        if due is None:
            return progress or Fraction(0)
        return min(Fraction(month, 12 * (due.year - YEAR) + due.month), Fraction(1))

    def overdue(self, item, period):
        return item["due"] is not None and min(last_day(period), self.today) > item["due"]

    # Lights

    def light(self, reached, pace, *, missed=False):
        if missed:
            return "red"
        if reached is None or reached == pace == 0:  # nothing done and nothing due
            return "grey"
        gap = pace - reached
        if gap <= 0:
            return "green"
        return "yellow" if gap <= Fraction(self.rules["margin"], 100) else "red"

    def covered(self, part):
        """The light of what rests on too little is none, unless it is red."""
        known, expected, light = part["known"], part["expected"], part["light"]
        too_little = known * 100 < expected * self.rules["least_coverage"]
        return "grey" if too_little and light != "red" else light

    # Tasks, units, the year

    def at(self, period):
        """All figures of a period."""
        plan = self.plan_at(period)
        found = {"period": period, "indicators": {}, "deliverables": {}, "tasks": {}, "units": {}}
        for task in plan["tasks"]:
            parts = {}
            for indicator in task["indicators"]:
                parts[indicator["code"]] = self.indicator(task, indicator, period)
            found["indicators"] |= parts
            for item in task["deliverables"]:
                parts[item["code"]] = self.deliverable(item, period)
                found["deliverables"][item["code"]] = parts[item["code"]]
            found["tasks"][task["code"]] = self.together(list(parts.values()))
            for unit in roles(plan, task):
                own = {code: part["units"][unit] for code, part in parts.items()
                       if unit in part["units"]}  # fmt: skip
                own = {
                    code: part | {"known": was_reported(part), "expected": 1}
                    for code, part in own.items()
                }
                result = self.together(list(own.values()))
                result["parts"] = own
                found["units"].setdefault(unit, {"tasks": {}})["tasks"][task["code"]] = result
        for own in found["units"].values():
            own.update(self.over_tasks(list(own["tasks"].values())))
        found |= self.over_tasks(list(found["tasks"].values()))
        found |= self.reporting(period)
        return found

    def together(self, parts):
        """A task, as a whole or of one unit, from its parts."""
        known = [part for part in parts if progress_of(part) is not None]
        done = [min(progress_of(part), Fraction(1)) for part in known]
        result = {
            "progress": mean(done),
            "pace": mean(part["pace"] for part in known or parts) or Fraction(0),
            "standing": sum(done, Fraction(0)) / len(parts) if parts else None,
            "known": sum(part["known"] for part in parts),
            "expected": sum(part["expected"] for part in parts),
            "known_parts": len(known),
            "all_parts": len(parts),
        }
        missed = any(part.get("missed") for part in parts)
        result["light"] = self.light(result["progress"], result["pace"], missed=missed)
        result["light"] = self.covered(result)
        return result

    def over_tasks(self, tasks):
        known = [task for task in tasks if task["progress"] is not None]
        result = {
            "progress": mean(task["progress"] for task in known),
            "pace": mean(task["pace"] for task in known or tasks) or Fraction(0),
            "standing": mean(task["standing"] for task in tasks),
            "known": sum(task["known"] for task in tasks),
            "expected": sum(task["expected"] for task in tasks),
        }
        result["light"] = self.light(result["progress"], result["pace"])
        result["light"] = self.covered(result)
        return result

    # Reports

    def owed(self, period):
        """Which reports are due for a period: of each unit its months, or a quarter that ends."""
        found = []
        for month in sorted(months_in(period)):
            plan = self.plan_at(MONTHS[month - 1])
            with_task = {unit for task in plan["tasks"] for unit in roles(plan, task)}
            for unit in plan["units"]:
                if unit["code"] not in with_task or unit["code"] == OFFICE:
                    continue
                if not unit["quarterly"]:
                    found.append((unit["code"], MONTHS[month - 1]))
                elif month % 3 == 0:
                    found.append((unit["code"], QUARTERS[month // 3 - 1]))
        return found

    def came(self, unit, period):
        """Whether the report for a period came in time; None when it has not come.

        A month may come with its quarter, and a quarter as its three months.
        """
        report = self.reports.get((unit, period), {"state": ""})
        if report["state"] in RECEIVED:
            return (report["made"] - last_day(period)).days <= self.rules["due_days"]
        if "Q" not in period:
            quarter = QUARTERS[(end(period) - 1) // 3]
            whole = self.reports.get((unit, quarter), {"state": ""})
            return self.came(unit, quarter) if whole["state"] in RECEIVED else None
        months = [MONTHS[month - 1] for month in sorted(months_in(period))]
        states = [self.reports.get((unit, month), {"state": ""})["state"] for month in months]
        if not all(state in RECEIVED for state in states):
            return None
        return all(self.came(unit, month) for month in months)

    def reporting(self, period):
        owed = self.owed(period)
        came = [pair for pair in owed if self.came(*pair) is not None]
        in_time = [pair for pair in came if self.came(*pair)]
        return {
            "owed": owed,
            "came": came,
            "reporting_rate": Fraction(len(came), len(owed)) if owed else None,
            "timeliness": Fraction(len(in_time), len(owed)) if owed else None,
        }


def answering(plan):
    """By item, the units that answer for it in a plan."""
    found = {}
    for task in plan["tasks"]:
        for indicator in task["indicators"]:
            found[indicator["code"]] = reporters(plan, task, indicator)
        for item in task["deliverables"]:
            found[item["code"]] = roles(plan, task)
    return found


def least_last(state):
    """Sort by time; of what several said at one time, what is least far counts as the last."""
    return (*order(state["period"]), -PROGRESS[state["status"]])


def as_inherited(records):
    return [record | {"marks": record["marks"] | {"inherited"}} for record in records]


def without_twice(own):
    """Where months of a quarter were reported as well as the quarter, the months."""
    months = {end(v["period"]) for v in own if "Q" not in v["period"]}
    return [v for v in own if "Q" not in v["period"] or not months & months_in(v["period"])]


def figure(indicator, values, divisor):
    """Some values of an indicator put together."""
    contents = [value["content"] for value in values]
    live = [content for content in contents if "none" not in content]
    found = {"value": None, "above": None, "below": None, "reported": bool(contents)}
    found["marks"] = set().union(*(value["marks"] for value in values))
    if indicator["kind"] == "ratio":
        if live:
            found["above"] = Fraction(sum(content["above"] for content in live))
            found["below"] = Fraction(sum(content["below"] for content in live))
        if found["below"]:
            found["value"] = found["above"] / found["below"] * 100
        return found
    total = Fraction(sum(content["number"] for content in live)) if live else None
    if indicator["kind"] == "count":
        found["value"] = total
        return found
    if contents:
        found |= {"above": total, "below": divisor}
    if total is not None and divisor:
        found["value"] = total / divisor
    return found


def attained(value, target, operator):
    if value is None:
        return None
    if operator == "≤":
        return Fraction(1) if value <= target else target / value
    return value / target if target else Fraction(1)


def was_reported(part):
    """Whether a unit said anything, were it only 无此项."""
    return part["reported"] if "reported" in part else part["status"] is not None


def progress_of(part):
    return part["attainment"] if "attainment" in part else part["progress"]
