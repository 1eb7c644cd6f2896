"""Whose paper it is, and on whose reports its figures rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fsdesk.domain.office import UNTOLD, OfficeIdentity
from fsdesk.domain.output.reporting import Reporting

if TYPE_CHECKING:
    from datetime import date

NOBODY = Reporting()


@dataclass(frozen=True, slots=True)
class PaperHead:
    """What stands over every paper.

    Attributes:
        maker: In whose name it is: the office's full name, or the unit's.
        unit: Code of the unit whose own tasks it shows; empty for the office's papers.
        office: What the coordinating office has said of itself.
        reporting: Which units have reported; of nobody where none is expected to.
    """

    maker: str
    made_on: date
    unit: str = ""
    reporting: Reporting = NOBODY
    office: OfficeIdentity = UNTOLD
