"""Text as people in offices type it, brought to one form for comparison."""

from __future__ import annotations

import unicodedata


def fold(text: str) -> str:
    """Bring a name to the form in which names are compared.

    Full-width letters, digits and brackets become half-width, white space goes, letters become
    lower case: ``区发改局（农业农村局）`` and ``区发改局(农业农村局)`` are the same unit.
    """
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()
