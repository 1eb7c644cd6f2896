"""The books that come with the program: handbook and questions; which place explains what.

A question that a fault leads to has the fault's identity in a comment above it:
``<!-- workspace_in_use -->``. A link to a place in the window is ``fsdesk:`` and a page's key.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from fsdesk.domain.handbook.asked import Passage
from fsdesk.places import project_file

if TYPE_CHECKING:
    from collections.abc import Sequence

FILES = (
    "docs/handbook.md", "docs/questions.md", "docs/trial.md", "docs/installing.md",
    "docs/server.md",
)  # fmt: skip
SCHEME = "fsdesk"
_FAULT = re.compile(r"^<!-- (\w+) -->\n### (.+)\n", re.MULTILINE)
# As the books call the coordinating office; who reads them knows the name of the own one.
OFFICE = "区食药安办"
# Chapters that are one role's alone, by their heading.
_UNITS = re.compile("二、|责任单位常问")
_OFFICES = re.compile(f"三、|(?!{_UNITS.pattern}).*常问")
# Sections that are told to others than their chapter: whether an office reads them, and a unit.
_SECTIONS = {"来函": {False}, "包保督导": {True, False}}
_NUMBER = re.compile("^[一二三四五六七八九十]+、")
# The bold words that a paragraph begins with, and what stands in a cell for a picture.
_LEAD = re.compile("([^：。，]{1,24})：")
_PICTURE = "\ufffc"
_SHOWN = 22  # characters of a paragraph that has no name
_NAME = 12  # what is no longer is a name itself, such as a figure's in a table
# What the other role is told counts for so much; and a book's title, or a point to tick off.
_FOREIGN, _ASIDE = 0.6, 0.6
_TICK = "[ ]"
_QUESTION = 1.4  # it was written because it is asked

Block = tuple[str, int, int]
"""A paragraph or heading as it is shown: text, level of a heading or 0, and place."""


def read(office: str = "") -> str:
    """Return all books as one text, the handbook first; `office`: as its plan calls it."""
    text = "\n\n".join(project_file(file).read_text(encoding="utf-8") for file in FILES)
    return text.replace(OFFICE, office or OFFICE)


def title_of(file: str) -> str:
    """Return the title of a book, by its file's name."""
    named = next(each for each in FILES if each.endswith(f"/{file}"))
    return project_file(named).read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")


def questions_of_faults(text: str) -> dict[str, str]:
    """Return the question that explains a fault, by the fault's identity."""
    return dict(_FAULT.findall(text))


class Section(Struct, frozen=True):
    """A heading, and where it stands in the shown text.

    Attributes:
        level: 1 for a book, 2 for a chapter, 3 and more below.
    """

    title: str
    level: int
    place: int


def sections_of(blocks: Sequence[Block]) -> list[Section]:
    """Return the contents: all headings."""
    return [Section(text, level, place) for text, level, place in blocks if level]


def passages_of(blocks: Sequence[Block], *, office: bool) -> list[Passage]:
    """Return what can be found: each paragraph, a question or heading together with its first."""
    foreign = _foreign(blocks, office=office)
    found: list[Passage] = []
    chapter, heading = "", None
    for text, level, place in blocks:
        if level in {1, 2}:
            chapter = text
        weight = _FOREIGN if place in foreign else 1.0
        if level == 1 or text.startswith(_TICK):
            weight *= _ASIDE
        elif level and text.endswith("？"):
            weight *= _QUESTION
        if level:
            heading = Passage(text, "", place, chapter, weight)
            found.append(heading)
        elif text.strip(f"{_PICTURE} "):
            if heading is None:
                title = text if len(text) <= _NAME else _lead(text)
                found.append(Passage(title, text, place, chapter, weight))
            else:
                found[-1] = replace(heading, text=text)
            heading = None
    return found


def name_of(passage: Passage) -> str:
    """Return by what a passage is listed."""
    text = passage.text
    return passage.title or (text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…")


def place_of(words: str, blocks: Sequence[Block], *, office: bool) -> int:
    """Return where something is explained to a role; below 0 where nowhere is.

    What is named exactly so (a figure, a question, a chapter but for its number) counts most, then
    a paragraph that begins with the words and a colon. What only the other role is told is last.
    """
    foreign = _foreign(blocks, office=office)
    found = [
        (place in foreign, not named, place)
        for text, level, place in blocks
        if (named := words in {text, _NUMBER.sub("", text) if level else ""})
        or (not level and _lead(text) == words)
    ]
    return min(found, default=(False, False, -1))[2]


def _lead(text: str) -> str:
    """Return the words that a paragraph begins with, without whom they are for."""
    found = _LEAD.match(text)
    return found[1].partition("（")[0] if found else ""


def _foreign(blocks: Sequence[Block], *, office: bool) -> frozenset[int]:
    """Return the places in chapters that are the other role's alone."""
    others = _UNITS if office else _OFFICES
    chapter = inside = False
    found = set[int]()
    for text, level, place in blocks:
        if level in {1, 2}:
            chapter = others.match(text) is not None
        if level:
            inside = office not in _SECTIONS[text] if text in _SECTIONS else chapter
        if inside:
            found.add(place)
    return frozenset(found)
