"""Builds changes as the API shows them, and entries of feeds."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Literal

from sqlmodel import col

from app.changes import queries
from app.changes.entries import make_entry
from app.changes.fields import read_fields
from app.changes.models import ORGANIZATION, Change, What
from app.changes.schemas import ChangeShown
from app.http.feeds import Entry
from app.http.links import Link, Links, link
from app.identity import identify
from app.page_paths import resource_page
from app.resources.building import build_common
from app.resources.freshness import freshness_of
from app.resources.models import Kind, Resource
from app.resources.queries import resources as list_rows
from app.resources.reading import Reading
from app.texts import text_of


def describe_change(reading: Reading, change: Change) -> ChangeShown:
    """A change as the API shows it."""
    kind: Kind | Literal["organization"] = ORGANIZATION if change.kind == ORGANIZATION else Kind(change.kind)
    collection = kind.collection if isinstance(kind, Kind) else "organizations"
    links: Links = {}
    if change.what is not What.REMOVED:
        links["related"] = link(reading, f"/v1/{collection}/{change.slug}", "related")
        if kind != ORGANIZATION:
            page = reading.base_url + resource_page(reading.language, change.slug)
            links["alternate"] = Link(href=page, rel="alternate", method="GET")
    return ChangeShown.model_construct(
        id=identify("change", str(change.sequence), change.changed_at.isoformat(), change.kind, change.slug),
        change=change.what,
        changed_at=change.changed_at,
        kind=kind,
        record=change.slug,
        former_record=change.former_slug,
        fields=read_fields(change),
        language=reading.language,
        name=text_of(change, "name", reading.language),
        status=change.status,
        links=links,
    )


def make_entries(reading: Reading, rows: Sequence[Change]) -> list[Entry]:
    """Entries of a feed for changes.

    Feed readers order by `updated` and merge entries that share it, so changes that were published together get an
    `updated` a microsecond apart, in their order.
    """
    statement = queries.first_of_editions({row.edition for row in rows})
    first = dict(reading.session.execute(statement).all())
    slugs = [row.slug for row in rows if row.kind != ORGANIZATION]
    resources = reading.session.scalars(list_rows([col(Resource.slug).in_(slugs)])).all()
    freshness = {item.id: freshness_of(item) for item in build_common(reading, resources)}
    return [
        make_entry(
            describe_change(reading, row),
            row.changed_at + timedelta(microseconds=row.sequence - first[row.edition]),
            freshness.get(row.slug) if row.kind != ORGANIZATION and row.what is not What.REMOVED else None,
        )
        for row in rows
    ]
