"""The books that come with the program: handbook and questions; which place explains what.

A question that a fault leads to has the fault's identity in a comment above it:
``<!-- workspace_in_use -->``. A link to a place in the window is ``fsdesk:`` and a page's key.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct

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
    """A heading with what stands below it, up to the next heading.

    Attributes:
        place: Where the heading stands in the shown text.
        level: 1 for a book, 2 for a chapter, 3 and more below.
    """

    title: str
    level: int
    place: int
    text: str = ""

    def holds(self, words: Sequence[str]) -> bool:
        """Tell whether all words stand in it, in whatever order."""
        whole = f"{self.title}\n{self.text}".casefold()
        return all(word.casefold() in whole for word in words)


def sections_of(blocks: Sequence[tuple[str, int, int]]) -> list[Section]:
    """Gather blocks, each as text, level of heading (0: none) and place, into sections."""
    found: list[Section] = []
    for text, level, place in blocks:
        if level:
            found.append(Section(text, level, place))
        elif found:
            last = found[-1]
            found[-1] = Section(last.title, last.level, last.place, f"{last.text}\n{text}")
    return found


def place_of(words: str, blocks: Sequence[tuple[str, int, int]], *, office: bool) -> int:
    """Return where something is explained to a role; below 0 where nowhere is.

    What is named exactly so (a figure, a question) counts most, then a heading that holds the
    words, then a paragraph that begins with them. The other role's chapters come last.
    """
    foreign = _foreign(blocks, office=office)

    def rank(block: tuple[str, int, int]) -> int:
        text, level, place = block
        found = (
            text == words,
            bool(level) and words in text,
            text.startswith((words, f"“{words}”")),
            f"“{words}”" in text,
        )
        if not any(found):
            return -1
        return found.index(True) + (len(found) if place in foreign and not found[0] else 0)

    ranked = [(rank(block), block[2]) for block in blocks]
    return min((each for each in ranked if each[0] >= 0), default=(0, -1))[1]


def _foreign(blocks: Sequence[tuple[str, int, int]], *, office: bool) -> frozenset[int]:
    """Return the places in chapters that are the other role's alone."""
    others = _UNITS if office else _OFFICES
    inside, found = False, set[int]()
    for text, level, place in blocks:
        if level in {1, 2}:
            inside = others.match(text) is not None
        if inside:
            found.add(place)
    return frozenset(found)
