"""Records that have another id now: their old addresses lead to the new ones."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import Select, exists, select
from sqlmodel import Session, col
from starlette.datastructures import URL

from app.http.problems import Moved
from app.records.models import CurrentRecord, Revision
from app.resources.kind import Kind

RECORDS: Final[Mapping[str, tuple[str, str | None]]] = {
    "resources": ("resource", None),
    "opening-hours": ("resource", None),
    **{kind.collection: ("resource", kind.value) for kind in Kind},
    "organizations": ("organization", None),
    "sources": ("source", None),
    "audiences": ("audience", None),
    "topics": ("topic", None),
    "coordination-regions": ("area", "coordination_region"),
    "counties": ("area", "county"),
    "municipalities": ("area", "municipality"),
}
"""By collection: the family of its records and, where it holds one kind of a family, that kind."""
PLACE = 3
"""Where the id stands among the parts of an address: `/v1/hotlines/{id}`, `/sv/resurser/{id}`."""


def select_current_slug(family: str, kind: str | None, slug: str) -> Select[str]:
    """The slug today of the record that had this one last; none where another record has it now."""
    is_in_use = exists().where(col(CurrentRecord.family) == family, col(CurrentRecord.slug) == slug)
    statement = (
        select(col(CurrentRecord.slug))
        .join(Revision, col(Revision.record) == col(CurrentRecord.id))
        .where(col(Revision.family) == family, col(Revision.slug) == slug, ~is_in_use)
        .order_by(col(Revision.number).desc())
        .limit(1)
    )
    return statement if kind is None else statement.where(col(CurrentRecord.kind) == kind)


def find_current_slug(session: Session, family: str, slug: str) -> str | None:
    """The slug today of a record that once had this one; asked only where no record has it."""
    return session.scalar(select_current_slug(family, None, slug))


def redirect_renamed(url: URL, session: Session, collection: str, slug: str) -> None:
    """Raise Moved, with the address of today, where a record of this collection was once known by this slug.

    `url`: what was asked for. Asked only where no record has the slug. `slug` may go on after a dot, as those of
    opening hours do.
    """
    family, kind = RECORDS[collection]
    old = slug.partition(".")[0]
    new = session.scalar(select_current_slug(family, kind, old))
    if new is None:
        return
    parts = url.path.split("/")
    parts[PLACE] = new + parts[PLACE].removeprefix(old)
    query = f"?{url.query}" if url.query else ""
    raise Moved("/".join(parts) + query)
