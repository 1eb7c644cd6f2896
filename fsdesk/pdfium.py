"""PDFium, which reads and draws PDF files: for one thread at a time, since it knows no other."""

# The library brings no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false

from __future__ import annotations

from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator

    from pypdfium2 import PdfDocument

_TURN = Lock()


@contextmanager
def opened(data: bytes) -> Generator[PdfDocument]:
    """Open a PDF file while nobody else has one open.

    Raises:
        PdfiumError: When the file is locked by a password, or damaged.
    """
    import pypdfium2

    with _TURN:
        document = pypdfium2.PdfDocument(data)
        try:
            yield document
        finally:
            document.close()
