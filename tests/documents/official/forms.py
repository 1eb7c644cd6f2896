"""The forms in which people have a document: each made from a document of the corpus.

A document's text is broken by paper, copied out of PDF files and web pages, strewn with characters
that nobody sees, and pasted with its tables as text. Whatever the form, the document is the same.
"""

from __future__ import annotations

import random
from html import escape

from tests.documents.official.corpus_files import cells_of

INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u202c"
PAGE_LINES = 22


def text_of(source: str) -> list[str]:
    """Return the lines of a source as plain text, without what only a Word file has."""
    return [line for line in source.splitlines() if not line.startswith("|")]


def broken_at(width):
    return lambda text: "\n".join(
        line[at : at + width]
        for line in text.splitlines()
        for at in range(0, max(len(line), 1), width)
    )


def broken_anywhere(seed, least=20, most=45):
    def form(text):
        rng = random.Random(seed)
        lines = []
        for line in text.splitlines():
            while len(line) > most:
                at = rng.randint(least, most)
                lines.append(line[:at])
                line = line[at:]
            lines.append(line)
        return "\n".join(lines)

    return form


def printed(text, width=32):
    """Break a text as paper does, and copy heads and numbers of pages with it."""
    lines = broken_at(width)(text).split("\n")
    pages = [lines[at : at + PAGE_LINES] for at in range(0, len(lines), PAGE_LINES)]
    return "\n".join(
        line
        for number, page in enumerate(pages, start=1)
        for line in ["食品药品安全委员会办公室文件", *page, f"— {number} —"]
    )


def sprinkled(text, what, seed, share):
    rng = random.Random(seed)
    return "".join(
        (rng.choice(what) if i and rng.random() < share else "") + c for i, c in enumerate(text)
    )


def invisible(text):
    return sprinkled(text, INVISIBLE, 3, 0.05)


def spaced(text, share=0.05):
    """Put gaps between Chinese characters."""
    rng = random.Random(4)
    found = text[:1]
    for before, here in zip(text, text[1:]):
        chinese = all("\u4e00" <= c <= "\u9fff" for c in (before, here))
        found += (rng.choice(" \u3000") if chinese and rng.random() < share else "") + here
    return found


TEXT_FORMS = {
    "28": broken_at(28),
    "40": broken_at(40),
    "some column": lambda text: broken_at(random.Random(len(text)).randint(24, 60))(text),
    "any columns": broken_anywhere(1),
    "printed": printed,
    "invisible": invisible,
    "spaced": spaced,
    "all at once": lambda text: printed(invisible(spaced(text))),
    "indented": lambda text: "\n".join("　　" + line for line in text.splitlines()),
    "no line ends": lambda text: text.replace("\n", "\r\n\r\n"),
}
