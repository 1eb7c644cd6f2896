"""Published figures in the database; every publishing and revoking is a line of the change log."""

from __future__ import annotations

import hashlib
import json
import zlib
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Integer, LargeBinary, String, Table, delete, insert, select

from fsdesk.domain.periods import Period
from fsdesk.domain.status.published import Publication
from fsdesk.store import audit
from fsdesk.store.tables import Base

if TYPE_CHECKING:
    from fsdesk.store.session import Session, Writing


# The figures of a period as they were published; of several, the newest counts.
PUBLISHED = Table(
    "published",
    Base.metadata,
    Column("id", Integer, primary_key=True),
    *(Column(each, String, nullable=False) for each in ("period", "at", "who", "occasion")),
    Column("change", Integer, nullable=False),
    Column("status", LargeBinary, nullable=False),
)
_COLUMNS = PUBLISHED.c
_PUBLICATIONS = select(*(each for each in _COLUMNS if each.name != "status"))


def save(writing: Writing, period: Period, occasion: str, figures: object) -> Publication:
    """Keep plain figures of a period as they are published now."""
    session = writing.session
    change = audit.position(session)
    plain = json.dumps(figures, ensure_ascii=False).encode()
    row = {
        "period": str(period),
        "at": writing.at,
        "who": writing.author.who,
        "occasion": occasion,
        "change": change,
        "status": zlib.compress(plain),
    }
    added = session.execute(insert(PUBLISHED).returning(_COLUMNS.id), row)
    after = {"occasion": occasion, "change": change, "digest": hashlib.sha256(plain).hexdigest()}
    audit.log(writing, "publish", f"published/{period}", None, after)
    return Publication(added.scalar_one(), period, writing.at, writing.author.who, occasion, change)


def remove(writing: Writing, publication: Publication) -> None:
    """Forget a publication with its figures; the change log keeps that it was."""
    mine = _COLUMNS.id == publication.id
    row = writing.session.execute(_PUBLICATIONS.where(mine)).one()
    before = {"at": row.at, "who": row.who, "occasion": row.occasion, "change": row.change}
    audit.log(writing, "revoke", f"published/{row.period}", before, None)
    writing.session.execute(delete(PUBLISHED).where(mine))


def publications(session: Session) -> tuple[Publication, ...]:
    """Return every publication that was not revoked, oldest first."""
    return tuple(_publication(*row) for row in session.execute(_PUBLICATIONS.order_by(_COLUMNS.id)))


def newest(session: Session, period: Period) -> Publication | None:
    """Return the publication of a period that counts; None where it was not published."""
    query = _PUBLICATIONS.where(_COLUMNS.period == str(period))
    row = session.execute(query.order_by(_COLUMNS.id.desc()).limit(1)).first()
    return None if row is None else _publication(*row)


def figures(session: Session, publication: Publication) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return the plain figures that were kept with a publication."""
    return plain_figures(
        session.execute(select(_COLUMNS.status).where(_COLUMNS.id == publication.id)).scalar_one()
    )


def plain_figures(status: bytes) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return plain figures from the form in which they are stored."""
    return json.loads(zlib.decompress(status))


def _publication(
    id_: int, period: str, at: str, who: str, occasion: str, change: int
) -> Publication:
    return Publication(id_, Period.parse(period), at, who, occasion, change)
