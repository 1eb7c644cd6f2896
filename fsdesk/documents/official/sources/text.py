"""Plain text as a source: its encoding found out, its lines numbered."""

from __future__ import annotations

import codecs
import unicodedata

from fsdesk.documents.official.sources.source import DocumentSource
from fsdesk.domain.findings import Place, reject

# Plans have some ten thousand characters; whatever is far longer is something else.
MOST_CHARACTERS = 1_000_000
_SAMPLE = 200_000
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Share of characters that no official text holds, above which the encoding is a wrong one.
_MOST_STRANGE = 0.02
# What programs end a line with beside the usual; a form feed begins a page.
_LINE_ENDS = str.maketrans(dict.fromkeys("\r\v\x85\u2028\u2029", "\n"))
_REMEDY = "请提供 .txt、.docx 或 .xlsx 格式的工作要点，或把文字粘贴进来"


def decode(data: bytes, name: str) -> str:
    """Return a file's text in UTF-8, UTF-16 or GB 18030, found out from its bytes, or refuse it."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decoded(data, encoding) or _refuse(name)
    candidates = ["utf-8", "gb18030"]
    if b"\0" in data[:_SAMPLE]:
        candidates = ["utf-16-le", "utf-16-be"]
    for encoding in (*candidates, "utf-16-le", "utf-16-be"):
        text = _decoded(data, encoding)
        if text is not None and _strange(text) <= _MOST_STRANGE:
            return text
    return _refuse(name)


def read_text(text: str, name: str) -> DocumentSource:
    """Take text, typed, pasted or from a file, line by line; refused when empty or far too long."""
    if not text.strip():
        raise reject("没有文字内容", _REMEDY, Place(file=name))
    if len(text) > MOST_CHARACTERS:
        raise reject(
            f"文字超过 {MOST_CHARACTERS // 10_000} 万字，不像工作要点", _REMEDY, Place(file=name)
        )
    source = DocumentSource(name)
    text = text.replace("\r\n", "\n").translate(_LINE_ENDS).removesuffix("\n")
    number = 0
    for page, lines in enumerate(text.split("\f")):
        if page:
            source.pages.append(number + 1)
        for line in lines.split("\n"):
            number += 1
            source.add_paragraph(line, f"第 {number} 行")
    return source


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, UnicodeError):
        return None


def _strange(text: str) -> float:
    """Return the share of characters that no official text holds."""
    sample = text[:_SAMPLE]
    strange = sum(1 for character in sample if _is_strange(character))
    return strange / max(len(sample), 1)


def _is_strange(character: str) -> bool:
    if character in "\n\r\t\f" or character.isascii():
        return not (character.isprintable() or character.isspace())
    return not (
        "\u4e00" <= character <= "\u9fff"
        or "\u3000" <= character <= "\u303f"
        or "\uff00" <= character <= "\uffef"
        or unicodedata.category(character)[0] in "PNSZ"
    )


def _refuse(name: str) -> str:
    raise reject("看不出文件的文字编码，或不是文本文件", _REMEDY, Place(file=name))
