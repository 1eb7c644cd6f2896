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


def rows_of(source):
    """Return the parts of a source in order: lines of text, and tables as lists of rows."""
    parts = []
    for line in source.splitlines():
        if not line.startswith("|"):
            parts.append(line)
            continue
        if not parts or isinstance(parts[-1], str):
            parts.append([])
        parts[-1].append(cells_of(line))
    return parts


def tables_as(form):
    """Make a form of a source that gives each of its tables by a function of its rows."""
    return lambda source: "\n".join(
        part if isinstance(part, str) else form(part) for part in rows_of(source)
    )


def shown(cell):
    return "" if cell in {"^", "<"} else cell


def tabbed(rows):
    return "\n".join("\t".join(shown(cell) for cell in row) for row in rows)


def quoted(rows):
    """Give a table as Excel pastes it: a cell with a line break stands in quotation marks."""
    return "\n".join(
        "\t".join(
            f'"{shown(cell).replace("。", "。" + chr(10), 1)}"'
            if "。" in cell[:-1]
            else shown(cell)
            for cell in row
        )
        for row in rows
    )


def cell_by_cell(rows):
    """Give a table as Word pastes it: the sentences of a cell on lines of their own."""
    return "\n".join(
        "\t".join(shown(cell).replace("。", "。\n").removesuffix("\n") for cell in row)
        for row in rows
    )


def piped(rows):
    lines = ["| " + " | ".join(shown(cell) for cell in row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + " --- |" * len(rows[0]), *lines[1:]])


def as_html(rows):
    lines = []
    for at, row in enumerate(rows):
        cells = []
        for column, cell in enumerate(row):
            if cell in {"^", "<"}:
                continue
            high = wide = 1
            while at + high < len(rows) and rows[at + high][column : column + 1] == ["^"]:
                high += 1
            while column + wide < len(row) and row[column + wide] == "<":
                wide += 1
            cells.append(
                f"<td rowspan={high} colspan='{wide}' class=x><p class=MsoNormal><span lang=EN-US>"
                f"{escape(cell)}<o:p></o:p></span></p></td>"
            )
        lines.append("<tr>" + "".join(cells) + "</tr>")
    return "<table border=1>" + "\n".join(lines) + "</table>"


def web_page(source):
    """Give a source as a browser or Word lays it on the clipboard."""
    body = "\n".join(
        f"<p>{escape(part)}</p>" if isinstance(part, str) else as_html(part)
        for part in rows_of(source)
    )
    return (
        "<html><head><title>页面</title><style>p {margin: 0}</style></head><body>"
        f"<!--StartFragment-->{body}<!--EndFragment--></body></html>"
    )


TABLE_FORMS = {
    "tabs": tables_as(tabbed),
    "Excel": tables_as(quoted),
    "Word": tables_as(cell_by_cell),
    "pipes": tables_as(piped),
}
