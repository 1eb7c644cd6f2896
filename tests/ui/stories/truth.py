"""What is true of a unit's month, worked out anew: from tables and from the files that went out.

None of the program's own bookkeeping is asked: contents of the database are compared with contents
of packets that are read back, and with what the office's database held when it answered.
"""

from __future__ import annotations

import hashlib
import sqlite3
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

from chinese_calendar import is_workday

from fsdesk.services.packet import checking

RECORDS = {
    "data_value": ("value", "value, numerator, denominator, not_applicable, note"),
    "progress_report": ("progress", "status, text, problems, next_steps"),
    "milestone": ("milestone", "status, done_on, evidence"),
}
_MENDING = 3  # working days in which a report that was returned is to come again
MEASURES = {"evidence": "佐证材料 {} 个", "opinion": "意见答复 {} 条", "record": "{} 项"}


@dataclass(frozen=True)
class Thing:
    """A thing that a unit hands over: what it is, where it stands, and of which month."""

    kind: str
    key: tuple
    period: str = ""


@dataclass
class Truth:
    """The truth about one unit's workspace on a day."""

    folder: object
    unit: str
    today: date
    sent: list = field(default_factory=list)  # what each packet of the unit held, oldest first
    at_office: dict = field(default_factory=dict)  # what it held when it answered last
    there: set = field(default_factory=set)  # digests of the reports that it had then
    form: object = None  # the PLAN packet of the month

    # What happened

    def came(self, file):
        """The unit had the office's form for a month."""
        self.form = checking.read(file)

    def left(self, file):
        """A report was written: what is really in the file."""
        packet = checking.read(file)
        held = {
            Thing("record", (r.key.kind.value, r.key.item), r.key.period): _plain(r.content)
            for r in packet.records
        }
        for digest in _enclosed(file):
            held[Thing("evidence", digest)] = True
        for reply in packet.replies:
            held[Thing("reply", reply.letter)] = _words(
                reply.text, reply.wanted_until, reply.wanted_why, reply.objection
            )
        for said in packet.answers:
            key = Thing("opinion", said.item, packet.header.period)
            held[key] = (said.answer.value, said.words)
        self.sent.append((packet, held))

    def office_answers(self, folder):
        """The office wrote an answer, which the unit takes at once."""
        with Tables(folder) as tables:
            self.at_office = contents(tables, self.unit)
            self.there = {row[0] for row in tables.execute("SELECT digest FROM packet")}

    # What is so

    @property
    def own(self):
        """What stands in the unit's workspace now."""
        with Tables(self.folder) as tables:
            return contents(tables, self.unit)

    def unsent(self):
        """What no file holds as it stands now."""
        carried = {}
        for _packet, held in self.sent:
            carried |= held
        return [
            thing
            for thing, content in self.own.items()
            if _known(carried, thing) != content and (_known(carried, thing) or not _blank(content))
        ]

    def unconfirmed(self):
        """What went out and the office has not said that it has."""
        there = self.at_office
        unsent = set(self.unsent())
        return [
            thing
            for thing, content in self.own.items()
            if thing not in unsent and not _blank(content) and _known(there, thing) != content
        ]

    def rows(self, words):
        with Tables(self.folder) as tables:
            return tables.execute(words).fetchall()

    def state(self, period):
        """What the table of reports says of a month: submitted, returned, accepted or nothing."""
        found = self.rows("SELECT period, state FROM submission")
        return dict(found).get(period, "")

    def open_opinions(self, period=""):
        """How many opinions on reports that are not accepted wait for an answer."""
        said = self.rows("SELECT period, kind, answer, words FROM review_comment")
        said = [row for row in said if self.state(row[0]) not in {"", "accepted"}]
        listed = [
            row
            for row in said
            if row[1] != "report" or not any(o[0] == row[0] and o[1] != "report" for o in said)
        ]
        return sum(
            (row[2] == "" or (row[2] == "explained" and not row[3])) and period in {"", row[0]}
            for row in listed
        )

    def returned(self):
        """The months whose report is still to be mended, or whose opinions are to be answered."""
        months = [row[0] for row in self.rows("SELECT period FROM submission")]
        return [m for m in months if self.state(m) == "returned" or self.open_opinions(m)]

    def letters_waiting(self):
        """How many open letters have no reply."""
        found = self.rows("SELECT reply, state FROM letter WHERE closed_on IS NULL")
        return sum(not row[0] for row in found)

    def filled(self, period):
        """How many of the items of the office's form have something typed in a month."""
        own = self.own
        asked = [Thing("record", (r.key.kind.value, r.key.item), period) for r in self.form.records]
        done = [own.get(each, ()) for each in asked]
        # Of a report on a task the words count, of all else anything that is typed.
        return sum(
            bool(content[1] if each.key[0] == "progress" else any(content))
            for each, content in zip(asked, done, strict=True)
            if content
        ), len(asked)

    def days_left(self, period):
        """Days to the day that stands in the office's form; returned, to the third working day."""
        due = date.fromisoformat(self.form.header.due)
        if self.state(period) == "returned":
            day, left = date.fromisoformat(self._returned_at(period)[:10]), _MENDING
            while left:
                day += timedelta(days=1)
                left -= is_workday(day)
            due = max(due, day)
        return (due - self.today).days

    def _returned_at(self, period):
        return dict(self.rows("SELECT period, reviewed_at FROM submission"))[period]

    def _named(self, thing):
        """What sort of thing it is, in the words that count it."""
        if thing.kind != "reply":
            return MEASURES[thing.kind]
        text, until, *_ = self.own[thing]
        return "回复 {} 件" if text else "申请延期 {} 件" if until else "异议 {} 件"

    # What may be said

    def handed(self):
        """What strip and notes must say of all that is handed over, as a list of words."""
        unsent = self.unsent()
        if unsent:
            counts = Counter((each.period, self._named(each)) for each in unsent)
            months = sorted({each.period for each in unsent if each.period})
            words = [f"{int(month[5:])}月" for month in months]
            words += [named.format(n) for (_, named), n in counts.items()]
            return ["未导出：", *words]
        returned = [m for m in self.returned() if self.state(m) == "returned"]
        if returned:
            return [f"{int(returned[0][5:])}月已退回，改正后请重新导出"]
        if not self.own or all(_blank(each) for each in self.own.values()):
            return ["还没有填报内容"]
        if self.unconfirmed():
            return ["已导出，尚未收到回执"]
        return ["已全部交出并收到回执"]


ALL_SAID = ("未导出：", "已退回，改正后", "还没有填报内容", "尚未收到回执", "已全部交出")


def said_of(text):
    """Which of the sentences on what is handed over a text says."""
    return [each for each in ALL_SAID if each in text]


def contents(tables, unit):
    """What a database holds of a unit's, by what it is."""
    held = {}
    for table, (kind, fields) in RECORDS.items():
        query = f"SELECT item, period, {fields} FROM {table} WHERE unit=? AND leading=1"  # noqa: S608
        for item, period, *content in tables.execute(query, (unit,)):
            held[Thing("record", (kind, item), period)] = tuple(map(_text, content))
    for digest, item, period in tables.execute(
        "SELECT digest, item, period FROM attachment WHERE unit=?", (unit,)
    ):
        held[Thing("evidence", digest, "" if "/" in item else period)] = True
    for row in tables.execute(
        "SELECT kind, year, number, reply, wanted_until, wanted_why, objection, replied_at"
        " FROM letter WHERE unit=?", (unit,)
    ):  # fmt: skip
        if row[-1]:
            held[Thing("reply", "{}/{}/{}".format(*row))] = _words(*row[3:7])
    for item, period, answer, words in tables.execute(
        "SELECT item, period, answer, words FROM review_comment WHERE unit=? AND answered_at<>''"
        " AND (unit, period) NOT IN (SELECT unit, period FROM submission WHERE state='accepted')",
        (unit,),
    ):
        if answer == "mended" or words:
            held[Thing("opinion", item, period)] = (answer, words)
    return held


def _known(held, thing):
    # A file in a packet has no month of its own: its content tells.
    if thing.kind == "evidence":
        return any(each.kind == "evidence" and each.key == thing.key for each in held)
    return held.get(thing, ())


def _blank(content):
    return content is not True and not any(content)


def _plain(content):
    return (
        ()
        if content == type(content)()
        else tuple(map(_text, (getattr(content, name) for name in content.__struct_fields__)))
    )


def _text(value):
    if value is None or (isinstance(value, int) and not value):  # a figure is no whole number here
        return ""
    if value is True:
        return "1"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(getattr(value, "value", value))


def _words(*parts):
    return tuple(_text(part) for part in parts)


def _enclosed(file):
    """Digests of the evidence in a .zip; none in a table alone."""
    if not zipfile.is_zipfile(file) or file.suffix == ".xlsx":
        return []
    with zipfile.ZipFile(file) as pack:
        return [
            hashlib.sha256(pack.read(name)).hexdigest()
            for name in pack.namelist()
            if not name.endswith((".xlsx", "/"))
        ]


class Tables:
    """A workspace's tables, read beside the running program."""

    def __init__(self, folder):
        self._tables = sqlite3.connect(f"file:{folder / 'fsdesk.db'}?mode=ro", uri=True)

    def __enter__(self):
        return self._tables

    def __exit__(self, *_):
        self._tables.close()
