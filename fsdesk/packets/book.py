"""A workbook of sheets that are XML already: only the file around them is made here."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from fsdesk.domain.findings import reject
from fsdesk.files import new_zip

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from fsdesk.packets.looks import Looks
    from fsdesk.packets.sheet_xml import XmlSheet

_CREATOR = "食药安工作台"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument"
_CORE = "application/vnd.openxmlformats-package.core-properties+xml"
# Beyond it a zip file needs a form of which Excel says that it is damaged.
_MOST_BYTES = 2_000_000_000
_AT_ONCE = 1 << 16  # characters that are compressed together


class Book:
    """A workbook, its sheets in order; the first is shown when it is opened."""

    def __init__(self, looks: Looks, sheets: Sequence[XmlSheet], created: datetime) -> None:
        self.looks, self.sheets = looks, sheets
        self._created = created

    def save(self, path: Path) -> None:
        """Write the workbook, if no sheet holds too much; see `fsdesk.files.written`."""
        with new_zip(path) as archive:
            for number, sheet in enumerate(self.sheets, start=1):
                _write_sheet(archive, f"xl/worksheets/sheet{number}.xml", sheet)
            archive.writestr("xl/workbook.xml", self._workbook())
            archive.writestr("xl/_rels/workbook.xml.rels", self._relations())
            archive.writestr("docProps/core.xml", self._about())
            for name, content in self.looks.parts.items():
                archive.writestr(name, content)
            archive.writestr("[Content_Types].xml", self._types())

    def _workbook(self) -> str:
        sheets = "".join(
            f'<sheet name={quoteattr(sheet.title)} sheetId="{number}"'
            f' state="{"veryHidden" if sheet.hidden else "visible"}" r:id="rId{number}"/>'
            for number, sheet in enumerate(self.sheets, start=1)
        )
        names = "".join(sheet.defined_names(place) for place, sheet in enumerate(self.sheets))
        named = f"<definedNames>{names}</definedNames>" if names else ""
        return (
            f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><workbookPr/>'
            '<bookViews><workbookView firstSheet="0" activeTab="0"/></bookViews>'
            f'<sheets>{sheets}</sheets>{named}<calcPr calcId="124519" fullCalcOnLoad="1"/>'
            "</workbook>"
        )

    def _relations(self) -> str:
        targets = [
            *(("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(self.sheets) + 1)),
            ("styles", "styles.xml"),
            ("theme", "theme/theme1.xml"),
        ]
        relations = "".join(
            f'<Relationship Id="rId{number}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'
            for number, (kind, target) in enumerate(targets, start=1)
        )
        return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{relations}</Relationships>'

    def _types(self) -> str:
        sheets = range(1, len(self.sheets) + 1)
        parts = {
            "/xl/workbook.xml": f"{_TYPE}.spreadsheetml.sheet.main+xml",
            **{
                f"/xl/worksheets/sheet{n}.xml": f"{_TYPE}.spreadsheetml.worksheet+xml"
                for n in sheets
            },
            "/xl/styles.xml": f"{_TYPE}.spreadsheetml.styles+xml",
            "/xl/theme/theme1.xml": f"{_TYPE}.theme+xml",
            "/docProps/core.xml": _CORE,
            "/docProps/app.xml": f"{_TYPE}.extended-properties+xml",
        }
        overrides = "".join(
            f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in parts.items()
        )
        return (
            f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
            '<Default Extension="rels"'
            ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
        )

    def _about(self) -> str:
        moment = f"{self._created:%Y-%m-%dT%H:%M:%SZ}"
        dates = "".join(
            f'<dcterms:{what} xsi:type="dcterms:W3CDTF">{moment}</dcterms:{what}>'
            for what in ("created", "modified")
        )
        return (
            f'{_HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
            ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
            ' xmlns:dcterms="http://purl.org/dc/terms/"'
            ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
            f"<dc:creator>{_CREATOR}</dc:creator>{dates}</cp:coreProperties>"
        )


def _write_sheet(archive: zipfile.ZipFile, name: str, sheet: XmlSheet) -> None:
    size = 0
    with archive.open(name, "w") as part:
        for piece in _gathered(sheet):
            content = piece.encode()
            size += len(content)
            if size > _MOST_BYTES:
                raise reject("内容太多，一个工作表放不下", "请先筛选，分几次导出")
            part.write(content)


def _gathered(sheet: XmlSheet) -> Iterator[str]:
    """Yield a sheet in pieces that are worth a call of the compressor."""
    pieces: list[str] = []
    length = 0
    for piece in sheet.xml():
        pieces.append(piece)
        length += len(piece)
        if length > _AT_ONCE:
            yield "".join(pieces)
            pieces, length = [], 0
    yield "".join(pieces)
