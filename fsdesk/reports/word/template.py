"""Filling a Word template: its places, its tables by rows, its pictures.

The template is edited by people, so it is held in a sandbox: its places name figures and nothing
else, and a place that does not exist is told by its name.
"""

# docxtpl and python-docx carry incomplete annotations.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportMissingTypeStubs=false

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import TYPE_CHECKING, Any

from docx.oxml.ns import qn
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import StrictUndefined, TemplateError, UndefinedError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import SandboxedEnvironment
from msgspec import Struct

from fsdesk.domain.findings import InputRejectedError, reject
from fsdesk.reports.word.file_form import date_file

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from docx.document import Document

LARGEST = 20 * 2**20
_REMEDY = "请在 Word 中改正，或恢复默认模板后重新编辑"


class Picture(Struct, frozen=True):
    """A PNG picture for a place of a template, with its printed width.

    `words` say what it shows to who doesn't see it.
    """

    data: bytes
    width_mm: float
    words: str = ""


def fill_template(template: bytes, words: Mapping[str, Any], day: date) -> bytes:
    """Return a .docx template with its places, such as ``{{ 总进度 }}``, filled.

    ``day`` is the one on the paper; the file says that it was made then.

    Raises:
        InputRejectedError: When it is no Word file, or a place has no such name.
    """
    _check(template)
    try:
        document = DocxTemplate(BytesIO(template))
        filled = {
            name: InlineImage(document, BytesIO(value.data), width=Mm(value.width_mm))
            if isinstance(value, Picture)
            else value
            for name, value in words.items()
        }
        environment = SandboxedEnvironment(undefined=StrictUndefined, autoescape=True)
        document.render(filled, environment, autoescape=True)
        made: Document = document.docx  # pyright: ignore[reportAssignmentType] - there since rendering
        date_file(made, day)
        _describe(made, {v.data: v.words for v in words.values() if isinstance(v, Picture)})
        buffer = BytesIO()
        document.save(buffer)
    except (TemplateError, SecurityError) as problem:
        raise _refused(problem) from problem
    except (KeyError, ValueError, zipfile.BadZipFile) as problem:
        raise _no_word_file() from problem
    return buffer.getvalue()


def _describe(made: Document, told: Mapping[bytes, str]) -> None:
    """Say of each picture what it shows."""
    for shown in made.element.body.iter(qn("wp:inline")):
        blip, known = shown.find(f".//{qn('a:blip')}"), shown.find(qn("wp:docPr"))
        if blip is not None and known is not None:
            data = made.part.related_parts[blip.get(qn("r:embed"))].blob
            known.set("descr", told.get(data, ""))


def places_of(template: bytes) -> frozenset[str]:
    """Return the names of the places that a template has.

    Raises:
        InputRejectedError: When it is no Word file, or a place is not written whole.
    """
    _check(template)
    try:
        document = DocxTemplate(BytesIO(template))
        environment = SandboxedEnvironment(autoescape=True)
        return frozenset(document.get_undeclared_template_variables(environment))
    except TemplateError as problem:
        raise _refused(problem) from problem
    except (KeyError, ValueError, zipfile.BadZipFile) as problem:
        raise _no_word_file() from problem


def _check(template: bytes) -> None:
    if len(template) > LARGEST or not zipfile.is_zipfile(BytesIO(template)):
        raise _no_word_file()
    with zipfile.ZipFile(BytesIO(template)) as archive:
        size = sum(entry.file_size for entry in archive.infolist())
        if "word/document.xml" not in archive.namelist() or size > 10 * LARGEST:
            raise _no_word_file()


def _no_word_file() -> InputRejectedError:
    return reject("模板不是可用的 Word 文档", "请选择用 Word 或 WPS 另存为 .docx 的文件")


def _refused(problem: Exception) -> InputRejectedError:
    if isinstance(problem, UndefinedError):
        name = str(problem).split("'")[-2] if "'" in str(problem) else str(problem)
        return reject(f"模板中的“{name}”不是可用的名称", _REMEDY)
    if isinstance(problem, SecurityError):
        return reject("模板中有不允许的内容", _REMEDY)
    return reject(f"模板中的标记写得不完整（{problem}）", _REMEDY)
