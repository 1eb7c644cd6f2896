"""The office's own rules of assessment, and the points that it gave by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.domain.assessment import (
    Adjustment,
    Scheme,
    scheme_from_dict,
    scheme_to_dict,
)
from fsdesk.domain.plain import from_plain, to_plain
from fsdesk.store.settings import load_setting, save_setting

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fsdesk.store.session import Session, Writing

_SCHEME, ADJUSTMENTS = "assessment", "assessment-adjustments"


def own_scheme(session: Session) -> Scheme | None:
    """Return the rules as the office changed them; None where it did not."""
    plain = load_setting(session, _SCHEME)
    return scheme_from_dict(plain) if plain else None


def save_scheme(writing: Writing, scheme: Scheme) -> None:
    """Store the office's rules."""
    save_setting(writing, _SCHEME, scheme_to_dict(scheme))


def adjustments(session: Session) -> tuple[Adjustment, ...]:
    """Return the points given by hand, by their day."""
    found = load_setting(session, ADJUSTMENTS).get("adjustments", ())
    return tuple(sorted((from_plain(Adjustment, plain) for plain in found), key=lambda a: a.day))


def save_adjustments(writing: Writing, kept: Iterable[Adjustment]) -> None:
    """Store all the points given by hand."""
    plain = {"adjustments": to_plain(tuple(kept))}
    save_setting(writing, ADJUSTMENTS, plain)
