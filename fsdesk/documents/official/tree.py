"""Paragraphs as a tree of headings, by their marks; the letter around them is set apart."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from fsdesk.documents.official.answers.closers import find_closers
from fsdesk.documents.official.answers.names import is_bare_name, is_likely_name, split_names
from fsdesk.documents.official.answers.responsible import LABEL
from fsdesk.documents.official.front import is_title, year_in
from fsdesk.documents.official.lines.headings import LONGEST_TITLE
from fsdesk.documents.official.lines.marks import HeadingMark, mark_of_level, read_mark
from fsdesk.documents.official.reflow.furniture import DAY
from fsdesk.documents.official.reflow.line import open_bracket
from fsdesk.documents.official.sources.passage import Passage
from fsdesk.documents.official.sources.source import Paragraph

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_ENDS = re.compile(
    r"^\s*[\[(]?\s*(?:此件|联系人|联系电话|抄送|抄报|印发|主动公开|信息公开|公开方式|公开属性|主题词"
    r"|附件\s*\d*\s*[:.]?|附\s*[:]|校对|审核|签发|打字|共印)"
)
_ONLY_LABEL = re.compile(rf"^\s*[\[(]?\s*(?:{LABEL.pattern})\s*$")
_HEADING_BEHIND = re.compile(
    r"(?<=[。;])\s*(?=[一二三四五六七八九十]{1,3}、[^。]|\([一二三四五六七八九十]{1,3}\)[^。])"
)
_MARK_INSIDE = re.compile(
    r"(?P<high>[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十]{1,3}\))(?=[一-鿿“《])"
    r"|(?P<low>(?<![\d.])\d{1,2}[.、](?!\d)|\(\d{1,2}\))\s*(?=[一-鿿“《])"
)
_BEFORE_HIGH, _BEFORE_LOW = ":。;)]”》", "。)]"
LONGEST_NAME = 30
_HALF = 0.5


class HeadingNode(Struct):
    """A heading with what stands under it.

    Attributes:
        mark: Its mark; None for what stands outside of every heading.
        head: Its line, without the mark.
        lead: How many characters of the line are set in bold at its beginning.
        body: Paragraphs under it that have no mark.
    """

    mark: HeadingMark | None
    head: Passage = field(default_factory=Passage)
    lead: int = 0
    body: list[Passage] = field(default_factory=list[Passage])
    children: list[HeadingNode] = field(default_factory=list["HeadingNode"])


class Tree(Struct):
    """A document's paragraphs in order of their headings.

    Attributes:
        front: What stands before the first heading.
        signed: Who signed the document; empty when nobody did.
    """

    front: list[Passage] = field(default_factory=list[Passage])
    roots: list[HeadingNode] = field(default_factory=list[HeadingNode])
    signed: str = ""


def grow(paragraphs: Iterable[Paragraph]) -> Tree:
    """Put paragraphs under the headings that they stand under."""
    tree = Tree()
    lines = _without_ends(_lines(paragraphs), tree)
    path: list[HeadingNode] = []
    for line, following in pairwise([*lines, None]):
        if line is None:
            continue
        mark = _as_heading(line, following, _mark(line))
        if mark is None and path and _begins_anew(line, tree):
            tree.front += [passage for root in tree.roots for passage in texts(root)]
            tree.roots, path = [], []
        if mark is None:
            (path[-1].body if path else tree.front).append(line.passage.stripped())
            continue
        while path and path[-1].mark and path[-1].mark.rank >= mark.rank:
            path.pop()
        head = line.passage.slice(mark.length)
        node = HeadingNode(mark, head.stripped(), max(line.lead - mark.length, 0))
        (path[-1].children if path else tree.roots).append(node)
        path.append(node)
    return tree


def texts(node: HeadingNode) -> list[Passage]:
    """Return all text under a heading, in order, its own line first."""
    below = [passage for child in node.children for passage in texts(child)]
    return [node.head, *node.body, *below]


def _begins_anew(line: Paragraph, tree: Tree) -> bool:
    """Tell whether the document proper begins here, after a letter that had headings itself."""
    text = line.passage.plain.strip()
    if not is_title(text) or year_in([text]) is None:
        return False
    return not any(find_closers(p.plain) for root in tree.roots for p in texts(root))


def _as_heading(
    line: Paragraph, following: Paragraph | None, mark: HeadingMark | None
) -> HeadingMark | None:
    """Let ——深入推进… stand over the numbered lines that follow it."""
    below = _mark(following) if following else None
    text = line.passage.plain
    heads = mark and mark.style == "bullet" and below and below.style != "bullet"
    if not (mark and below and heads) or len(text) > LONGEST_NAME or find_closers(text):
        return mark
    return None if text.rstrip().endswith(("。", ";")) else replace(mark, rank=below.rank - _HALF)


def _mark(line: Paragraph) -> HeadingMark | None:
    return read_mark(line.passage.plain) or mark_of_level(line.level)


def _lines(paragraphs: Iterable[Paragraph]) -> list[Paragraph]:
    """Cut and join paragraphs so that each heading begins a line and each label has its names."""
    found: list[Paragraph] = []
    seen: dict[str, int] = {}
    for paragraph in paragraphs:
        for part in _cut(paragraph, seen):
            if found and _ONLY_LABEL.match(found[-1].passage.plain) and _is_list(part):
                found[-1] = Paragraph(found[-1].passage + part.passage)
            else:
                found.append(part)
    return found


def _cut(paragraph: Paragraph, seen: dict[str, int]) -> list[Paragraph]:
    """Cut where a heading follows within the same line: behind who answers, a sentence, a title.

    `seen`: the last number of each style of heading so far; it is kept up.
    """
    text = paragraph.passage.plain
    behind = [closer.end for closer in find_closers(text) if closer.end < len(text)]
    cuts = {at for at in behind if read_mark(text[at:].lstrip("。; "))}
    cuts |= {mark.end() for mark in _HEADING_BEHIND.finditer(text)}
    begin = 0
    _note(_mark(paragraph), seen)
    for found in _MARK_INSIDE.finditer(text):
        at = found.start()
        begin = max([begin, *(cut for cut in cuts if cut <= at)])
        if text[begin:at].strip("。; ") == "" or _is_heading(text, begin, found, seen):
            cuts.add(at)
            begin = at
            _note(read_mark(text[at:]), seen)
    cuts = {at for at in cuts if text[:at].strip()}
    if not cuts:
        return [paragraph]
    bounds = [0, *sorted(cuts), len(text)]
    parts = [paragraph.passage.slice(start, end) for start, end in pairwise(bounds)]
    first = Paragraph(parts[0], paragraph.lead, paragraph.level)
    rest = (part.slice(len(part) - len(part.plain.lstrip("。; "))) for part in parts[1:])
    return [first, *(Paragraph(part) for part in rest if len(part))]


def _note(mark: HeadingMark | None, seen: dict[str, int]) -> None:
    if mark:
        seen[mark.style] = mark.number


def _is_heading(text: str, begin: int, found: re.Match[str], seen: dict[str, int]) -> bool:
    """Tell whether a number within a line begins a heading: it goes on counting, in a fit place.

    `begin`: where the heading or sentence before it begins.
    """
    at = found.start()
    mark = read_mark(text[at:])
    if mark is None:
        return False
    before = text[begin:at]
    over = read_mark(before)
    counts = mark.number in {1, seen.get(mark.style, 0) + 1}
    glued = over and over.rank < mark.rank and len(before) <= LONGEST_TITLE
    if glued and not re.search("[。:;]", before) and open_bracket(before) < 0:
        return counts or bool(found["high"])
    if not counts:
        return False
    last = before.rstrip()[-1:]
    if is_title(before.strip()) and (found["high"] or before[-1:].isspace()):
        return True
    if found["high"]:
        return last in _BEFORE_HIGH or (before[-1:].isspace() and open_bracket(before) < 0)
    return last in _BEFORE_LOW


def _is_list(line: Paragraph) -> bool:
    names = split_names(line.passage.plain.strip(" 。"))
    return bool(names) and all(is_bare_name(name) for name, *_ in names)


def _without_ends(lines: Sequence[Paragraph], tree: Tree) -> list[Paragraph]:
    """Leave out what belongs to the letter around the document: who signed it, when, copies."""
    kept: list[Paragraph] = []
    for line in lines:
        text = line.passage.plain.strip()
        if DAY.match(text):
            if kept and _is_signature(kept[-1]):
                tree.signed = kept.pop().passage.text.strip()
            continue
        if _ENDS.match(text) and not find_closers(text):
            continue
        kept.append(line)
    return kept


def _is_signature(line: Paragraph) -> bool:
    text = line.passage.plain.strip()
    return len(text) <= LONGEST_NAME and is_likely_name(text) and read_mark(text) is None
