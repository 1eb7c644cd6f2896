"""Pages as plain values that JSON can hold, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fsdesk.domain.output.pages import (
    Bookmark,
    Item,
    LineItem,
    PaperPage,
    PictureItem,
    RectItem,
    TextItem,
)
from fsdesk.domain.plain import from_plain, to_plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# What is stored goes by these words, whatever the classes are called.
_WORDS: Mapping[type[Item], str] = {
    TextItem: "text", LineItem: "line", RectItem: "rect", PictureItem: "picture",
}  # fmt: skip
_KINDS: Mapping[str, type[Item]] = {word: kind for kind, word in _WORDS.items()}


def pages_to_plain(pages: Iterable[PaperPage]) -> list[dict[str, Any]]:
    """Return pages as plain values."""
    return [
        {
            "width": page.width,
            "height": page.height,
            "items": [[_WORDS[type(item)], _plain(item)] for item in page.items],
            "bookmarks": to_plain(page.bookmarks),
        }
        for page in pages
    ]


def _plain(item: Item) -> dict[str, Any]:
    """Return an item as it looks: what is read aloud of it is in the file that is kept as well."""
    plain: dict[str, Any] = to_plain(item)
    plain.pop("part", None)
    return plain


def pages_from_plain(plain: Iterable[Mapping[str, Any]]) -> tuple[PaperPage, ...]:
    """Rebuild pages; KeyError, TypeError or ValueError for other values."""
    return tuple(
        PaperPage(
            page["width"],
            page["height"],
            tuple(from_plain(_KINDS[word], values) for word, values in page["items"]),
            tuple(from_plain(Bookmark, mark) for mark in page["bookmarks"]),
        )
        for page in plain
    )
