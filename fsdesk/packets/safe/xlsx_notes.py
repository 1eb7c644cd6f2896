"""What stands on the sheets of an .xlsx workbook and in no cell: comments, and boxes of text."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from fsdesk.domain.cells import cell_name
from fsdesk.packets.safe.archive import elements
from fsdesk.packets.safe.scanned import CellNote

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from xml.etree import ElementTree as ET

    from fsdesk.packets.safe.archive import Archive

_ANCHORS = ("twoCellAnchor", "oneCellAnchor", "absoluteAnchor")
_Notes = dict[str, list[CellNote]]


def notes_in(archive: Archive, titles: Mapping[str, str]) -> dict[str, _Notes]:
    """Return what is written at cells and not in them, by sheet and cell.

    `titles`: of the worksheets, by the names of their parts.
    ValueError when a part is damaged; also zipfile.BadZipFile and expat.ExpatError.
    """
    notes: dict[str, _Notes] = {}
    for part, title in titles.items():
        for kind, target in _related(archive, part):
            found = _comments if kind in {"comments", "threadedComment"} else _boxes
            for cell, note in found(archive, target):
                listed = notes.setdefault(title, {}).setdefault(cell, [])
                # What was answered to a comment is written twice, for older programs.
                if note.text.strip() and not any(note.text in each.text for each in listed):
                    listed.append(note)
    return notes


def _related(archive: Archive, part: str) -> Iterator[tuple[str, str]]:
    """Yield kind and name of the parts that hold notes of a sheet."""
    folder, name = posixpath.split(part)
    relations = f"{folder}/_rels/{name}.rels"
    if relations not in archive.names:
        return
    for relation in elements(archive, relations):
        kind = relation.get("Type", "").rpartition("/")[2]
        target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", "")))
        if kind in {"comments", "threadedComment", "drawing"} and target[1:] in archive.names:
            yield kind, target[1:]


def _comments(archive: Archive, part: str) -> Iterator[tuple[str, CellNote]]:
    found = elements(archive, part)
    authors = [each.text or "" for each in found if _name(each) == "author"]
    for each in found:
        if _name(each) in {"comment", "threadedComment"} and "ref" in each.keys():  # noqa: SIM118
            number = each.get("authorId", "")
            known = number.isdecimal() and int(number) < len(authors)
            yield each.get("ref", ""), CellNote(authors[int(number)] if known else "", _text(each))


def _boxes(archive: Archive, part: str) -> Iterator[tuple[str, CellNote]]:
    """Yield the texts of drawn boxes, each with the cell at which the box begins."""
    for anchor in elements(archive, part):
        if _name(anchor) in _ANCHORS:
            yield _begin(anchor), CellNote("", _text(anchor))


def _begin(anchor: ET.Element) -> str:
    start = next((each for each in anchor if _name(each) == "from"), None)
    places = {_name(each): each.text or "" for each in (start if start is not None else ())}
    row, column = places.get("row", ""), places.get("col", "")
    return cell_name(int(row), int(column)) if row.isdecimal() and column.isdecimal() else ""


def _text(element: ET.Element) -> str:
    """Return the text below an element; paragraphs are lines."""
    pieces: list[str] = []
    for each in element.iter():
        if _name(each) == "p":
            pieces.append("\n")
        elif _name(each) in {"t", "text"} and each.text:
            pieces.append(each.text)
    return "".join(pieces).strip()


def _name(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]
