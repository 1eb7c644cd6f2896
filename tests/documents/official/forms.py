"""The forms in which people have a document: each made from a document of the corpus.

A document's text is broken by paper, copied out of PDF files and web pages, strewn with characters
that nobody sees, and pasted with its tables as text. Whatever the form, the document is the same.
"""

from __future__ import annotations

import random
import zipfile
from email.mime.image import MIMEImage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from html import escape
from io import BytesIO
from itertools import pairwise

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

from fsdesk.domain.output.pages import Face
from fsdesk.reports.paper.fonts import font_of, register_for_pdf
from tests.documents.official.corpus_files import cells_of, merged, word_file

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


def on_paper(line, width):
    """Break a line where paper does: letters and figures are half as wide."""
    parts, room = [""], width
    for character in line:
        wide = 0.5 if character.isascii() else 1
        if room < wide:
            parts.append("")
            room = width
        parts[-1] += character
        room -= wide
    return parts


def broken_anywhere(seed, least=20, most=45):
    def form(text):
        rng = random.Random(seed)
        lines = []
        for line in text.splitlines():
            rest = line
            while len(rest) > most:
                at = rng.randint(least, most)
                lines.append(rest[:at])
                rest = rest[at:]
            lines.append(rest)
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
    for before, here in pairwise(text):
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
        cells = cells_of(line)
        width = len(parts[-1][0]) if parts[-1] else len(cells)
        parts[-1].append((cells + [""] * width)[:width])
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


def scanned_pdf():
    """A PDF file of one page with a drawing and no text."""
    file = BytesIO()
    canvas = Canvas(file)
    canvas.rect(50, 50, 400, 600, fill=1)
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def pdf_file(source, password=None):
    """Print a source: paragraphs, ruled tables, a head on each page and its number below."""
    register_for_pdf()
    font = font_of(Face.PLAIN).name
    style = ParagraphStyle("text", fontName=font, fontSize=12, leading=20, wordWrap="CJK")
    grid = [("GRID", (0, 0), (-1, -1), 0.5, "black"), ("VALIGN", (0, 0), (-1, -1), "TOP")]
    story = []
    for part in rows_of(source):
        if isinstance(part, str):
            story.append(Paragraph(escape(part) or "&nbsp;", style))
            continue
        spans = [("SPAN", (left, top), (right, down)) for top, left, down, right in merged(part)]
        cells = [[Paragraph(escape(shown(cell)), style) for cell in row] for row in part]
        story.append(Table(cells, style=[*grid, *spans]))

    def furniture(canvas, document):
        canvas.setFont(font, 9)
        canvas.drawString(80, 810, "江城区食品药品安全委员会办公室文件")
        canvas.drawString(280, 30, f"— {document.page} —")

    file = BytesIO()
    SimpleDocTemplate(file, pagesize=A4, encrypt=password).build(
        story, onFirstPage=furniture, onLaterPages=furniture
    )
    return file.getvalue()


def ofd_file(source, width=34, lines=30):
    """Lay a source out as an OFD file: a text object a line, with the steps between letters."""
    printed_lines = [part for line in text_of(source) for part in on_paper(line, width)]
    pages = [printed_lines[at : at + lines] for at in range(0, len(printed_lines), lines)]
    name = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(
            "OFD.xml",
            f"<ofd:OFD {name}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>"
            "</ofd:DocBody></ofd:OFD>",
        )
        refs = "".join(
            f'<ofd:Page ID="{n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(pages))
        )
        archive.writestr(
            "Doc_0/Document.xml",
            f"<ofd:Document {name}><ofd:Pages>{refs}</ofd:Pages></ofd:Document>",
        )
        for number, page in enumerate(pages):
            objects = [_ofd_line(line, 20 + 8 * at) for at, line in enumerate(page) if line.strip()]
            objects.append(_ofd_line(f"- {number + 1} -", 280))
            random.Random(number).shuffle(objects)  # their order says nothing
            archive.writestr(
                f"Doc_0/Pages/Page_{number}/Content.xml",
                f"<ofd:Page {name}><ofd:Content><ofd:Layer>{''.join(objects)}</ofd:Layer>"
                "</ofd:Content></ofd:Page>",
            )
    return file.getvalue()


def _ofd_line(text, top):
    steps = " ".join("2.5" if c.isascii() else "5" for c in text[:-1])
    if len(set(steps.split())) == 1:
        steps = f"g {len(text) - 1} {steps.split()[0]}"
    return (
        f'<ofd:TextObject ID="1" Boundary="20 {top} 180 6" Size="5">'
        f'<ofd:TextCode X="0" Y="4.4" DeltaX="{steps}">{escape(text)}</ofd:TextCode>'
        "</ofd:TextObject>"
    )


def web_file(source, encoding="utf-8"):
    """Give a source as a browser saves it, with the page's frame around it."""
    page = web_page(source).replace("<head>", f'<head><meta charset="{encoding}">')
    return f"<!DOCTYPE html>\n{page}".encode(encoding)


def web_archive(source):
    """Give a source as a browser keeps it in one file with the page's pictures."""
    archive = MIMEMultipart("related")
    archive["Subject"] = "工作要点"
    archive.attach(MIMEText(web_page(source), "html", "gb18030"))
    archive.attach(MIMEImage(b"GIF89a", "gif"))
    return archive.as_bytes()


FILE_FORMS = {
    "docx": ("docx", word_file),
    "pdf": ("pdf", pdf_file),
    "ofd": ("ofd", ofd_file),
    "html": ("html", web_file),
    "html in GB 18030": ("htm", lambda source: web_file(source, "gb18030")),
    "html in UTF-16": ("html", lambda source: web_file(source, "utf-16")),
    "mht": ("mht", web_archive),
}
