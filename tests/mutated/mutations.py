"""Valid files spoiled by a seed, as a stick, another program or malice would.

A mutation takes bytes and a source of chance, and gives bytes; the same seed gives the same file.
"""

from __future__ import annotations

import io
import lzma
import re
import struct
import warnings
import zipfile
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    Mutation = Callable[[bytes, random.Random], bytes]

ENDINGS = (".xlsx", ".xls", ".ods", ".csv", ".txt", ".zip", ".et", ".xlsm", ".XLSX", "")
HUGE = ("1048577", "99999999999", "-1", "1e999", "9" * 400, "", "A1:XFD1048576", "NaN", "²", "真")
WORDS = (
    b"<",
    b"&",
    b"]]>",
    b"\0",
    b"\xff\xfe",
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>",
    b"&#x0;",
    b"<a>" * 3000,
)


def spoil(data: bytes, chance: random.Random) -> bytes:
    """Spoil a file in one to three ways of those that its form has."""
    ways = list(_ANY)
    if data[:2] == b"PK":
        ways += 2 * _ZIP
    elif data[:4] == b"\xd0\xcf\x11\xe0":
        ways += 2 * _COMPOUND
    elif b"\0" not in data:
        ways += 2 * _TEXT
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        data = chance.choice(ways)(data, chance)
    return data


# Any file


def flip(data: bytes, chance: random.Random) -> bytes:
    found = bytearray(data)
    for _ in range(chance.randint(1, 12)):
        if found:
            found[chance.randrange(len(found))] ^= 1 << chance.randrange(8)
    return bytes(found)


def cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def lose_part(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data) + 1)
    return data[:start] + data[start + chance.randint(1, 600) :]


def double_part(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data) + 1)
    return data[: start + chance.randint(1, 600)] + data[start:]


def zeros(data: bytes, chance: random.Random) -> bytes:
    """A block of a stick that was never written."""
    start = chance.randrange(len(data) + 1) // 512 * 512
    return data[:start] + bytes(min(512, len(data) - start)) + data[start + 512 :]


def append(data: bytes, chance: random.Random) -> bytes:
    return data + chance.randbytes(chance.randint(1, 2000))


# Text


def stray_sign(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data) + 1)
    sign = chance.choice(
        (b'"', b"\0", b"\r", b",", b"\t", b"\xef\xbb\xbf", b"\xff", b"\x81", b"," * 20_000)
    )
    return data[:start] + sign + data[start:]


def other_mark(data: bytes, chance: random.Random) -> bytes:
    return chance.choice((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\0\0\xfe\xff")) + data


# Old workbooks: records within sectors


def change_record(data: bytes, chance: random.Random) -> bytes:
    """Change kind, length or content of a record."""
    found = bytearray(data)
    for _ in range(chance.randint(1, 5)):
        at = chance.randrange(512, max(513, len(found) - 4))
        value = chance.choice((0, 1, 0xFF, 0x7F, 0x80, 0xFFFF, 0x7FFF, 0x0809, 0x85, 0xFC, 0x3C))
        found[at : at + 2] = struct.pack("<H", value)
    return bytes(found)


def change_header(data: bytes, chance: random.Random) -> bytes:
    """Change what the head of a compound file says: sizes and places of its tables."""
    found = bytearray(data)
    at = chance.randrange(24, 512) // 4 * 4
    struct.pack_into(
        "<I", found, at, chance.choice((0, 1, 2, 0xFFFFFFFF, 0xFFFFFFFE, 0x7FFFFFFF, 9))
    )
    return bytes(found)


def change_sectors(data: bytes, chance: random.Random) -> bytes:
    """Let the table of sectors lead elsewhere, round in a ring, or nowhere."""
    found = bytearray(data)
    last = len(found) - 512
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(max(512, last - 1024), len(found) - 4) // 4 * 4
        struct.pack_into("<I", found, at, chance.choice((0, 1, 5, 0xFFFFFFFE, 0xFFFFFFFF, 70_000)))
    return bytes(found)


# Archives


def members(data: bytes) -> list[tuple[str, bytes]]:
    try:
        with warnings.catch_warnings(), zipfile.ZipFile(io.BytesIO(data)) as archive:
            warnings.simplefilter("ignore")
            return [(item.filename, archive.read(item)) for item in archive.infolist()]
    except (
        zipfile.BadZipFile,
        OSError,
        ValueError,
        NotImplementedError,
        EOFError,
        RuntimeError,
        zlib.error,
        lzma.LZMAError,
    ):
        return []  # spoiled before


def archived(found: list[tuple[str, bytes]], way: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(stream, "w", way) as archive:
        warnings.simplefilter("ignore")
        for name, content in found:
            archive.writestr(name, content)
    return stream.getvalue()


def in_members(change: Callable[[list[tuple[str, bytes]], random.Random], None]) -> Mutation:
    def apply(data: bytes, chance: random.Random) -> bytes:
        found = members(data)
        if not found:
            return flip(data, chance)
        change(found, chance)
        return archived(
            found,
            chance.choice(
                (
                    zipfile.ZIP_DEFLATED,
                    zipfile.ZIP_DEFLATED,
                    zipfile.ZIP_STORED,
                    zipfile.ZIP_BZIP2,
                    zipfile.ZIP_LZMA,
                )
            ),
        )

    return apply


def remove(found: list[tuple[str, bytes]], chance: random.Random) -> None:
    del found[chance.randrange(len(found))]


def rename(found: list[tuple[str, bytes]], chance: random.Random) -> None:
    at = chance.randrange(len(found))
    name, content = found[at]
    other = chance.choice(
        (
            name.upper(),
            f"../{name}",
            f"/{name}",
            name.replace("/", "\\"),
            "a",
            f"{name}/",
            "长" * 300,
            found[0][0],
            "",
        )
    )
    found[at] = other or "x", content


def double(found: list[tuple[str, bytes]], chance: random.Random) -> None:
    found.append(chance.choice(found))


def swap(found: list[tuple[str, bytes]], chance: random.Random) -> None:
    one, other = chance.randrange(len(found)), chance.randrange(len(found))
    (first, content), (second, others) = found[one], found[other]
    found[one], found[other] = (first, others), (second, content)


def empty(found: list[tuple[str, bytes]], chance: random.Random) -> None:
    at = chance.randrange(len(found))
    found[at] = (
        found[at][0],
        chance.choice((b"", b"\0" * 2_000_000, b" ", found[at][1][: len(found[at][1]) // 2])),
    )


def spoil_inner(found: list[tuple[str, bytes]], chance: random.Random) -> None:
    """Spoil a member as a file of its own: a workbook in a bundle, a picture, a part."""
    at = chance.randrange(len(found))
    found[at] = found[at][0], spoil(found[at][1], chance)


def in_xml(change: Callable[[str, random.Random], str]) -> Mutation:
    """Change the text of a part, above all of one with cells; in a bundle that of its workbook."""

    def apply(found: list[tuple[str, bytes]], chance: random.Random) -> None:
        likely = [n for n, (name, content) in enumerate(found) if content[:1] in (b"<", b"\xef")
                  for _ in range(4 if "sheet" in name or "content" in name else 1)]  # fmt: skip
        inner = [n for n, (_, content) in enumerate(found) if content[:2] == b"PK"]
        if inner:
            at = chance.choice(inner)
            found[at] = found[at][0], in_members(apply)(found[at][1], chance)
        elif likely:
            at = chance.choice(likely)
            text = found[at][1].decode("utf-8", "surrogateescape")
            for _ in range(chance.randint(1, 3)):
                text = change(text, chance)
            found[at] = found[at][0], text.encode("utf-8", "surrogateescape")

    return in_members(apply)


_ELEMENT = re.compile(r"<([\w:]+)(?:\s[^<>]*)?(?:/>|>[^<>]*</\1>)")
_TAG = re.compile(r"</?[\w:]+[^<>]*>")
_ATTRIBUTE = re.compile(r'([\w:]+)="([^"<>]*)"')
_INDEX = re.compile(r"<v>(\d+)</v>")
_TYPE = re.compile(r' t="(\w+)"|office:value-type="(\w+)"')


def _replaced(
    form: re.Pattern[str], text: str, chance: random.Random, how: Callable[[re.Match[str]], str]
) -> str:
    found = list(form.finditer(text))
    if not found:
        return text
    one = chance.choice(found)
    return text[: one.start()] + how(one) + text[one.end() :]


def drop_element(text: str, chance: random.Random) -> str:
    return _replaced(_ELEMENT, text, chance, lambda _: "")


def double_element(text: str, chance: random.Random) -> str:
    return _replaced(_ELEMENT, text, chance, lambda one: one[0] * chance.choice((2, 2, 500)))


def drop_tag(text: str, chance: random.Random) -> str:
    return _replaced(_TAG, text, chance, lambda _: "")


def change_attribute(text: str, chance: random.Random) -> str:
    value = chance.choice((*HUGE, "x", "str", "s", "n", "e", "d"))
    return _replaced(_ATTRIBUTE, text, chance, lambda one: f'{one[1]}="{value}"')


def drop_attribute(text: str, chance: random.Random) -> str:
    return _replaced(_ATTRIBUTE, text, chance, lambda _: "")


def other_type(text: str, chance: random.Random) -> str:
    kinds = ("s", "str", "inlineStr", "b", "e", "n", "d", "q")
    ods = ("float", "date", "boolean", "string", "time", "percentage", "currency", "q")

    def other(one: re.Match[str]) -> str:
        return (
            f' t="{chance.choice(kinds)}"'
            if one[1]
            else f'office:value-type="{chance.choice(ods)}"'
        )

    return _replaced(_TYPE, text, chance, other)


def other_index(text: str, chance: random.Random) -> str:
    """A shared text that is not there, or another number."""
    return _replaced(_INDEX, text, chance, lambda _: f"<v>{chance.choice(HUGE)}</v>")


def stray_word(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text) + 1)
    return text[:at] + chance.choice(WORDS).decode("utf-8", "surrogateescape") + text[at:]


_ANY = [flip, cut, lose_part, double_part, zeros, append]
_TEXT = [stray_sign, other_mark]
_COMPOUND = [change_record, change_record, change_header, change_sectors]
_ZIP = [
    *map(in_members, (remove, rename, double, swap, empty, spoil_inner)),
    *map(in_xml, (drop_element, double_element, drop_tag, change_attribute, change_attribute,
                  drop_attribute, other_type, other_index, stray_word)),
]  # fmt: skip
