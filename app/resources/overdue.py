"""What a person should have checked again, as a feed."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlmodel import col

from app.http.feeds import Entry, Feed
from app.identity import identify
from app.page_paths import resource_page, start_page
from app.resources import queries
from app.resources.building import build_common
from app.resources.freshness import freshness_of
from app.resources.models import Resource
from app.resources.reading import Reading
from app.resources.reviewing import Review, day_of, is_in_review
from app.resources.schemas import ResourceShown
from app.status import OFFERED
from app.texts import Text
from app.times import STOCKHOLM

TITLE = Text(sv="Att kontrollera igen i Stödkatalogen", en="To be checked again in Stödkatalogen")


def make_overdue_feed(reading: Reading, limit: int, author: str, own: str) -> tuple[Feed, list[Entry]]:
    """The records in force whose check is overdue, the latest to become so first, at most `limit`.

    `author`: who publishes the feed. `own`: its address.
    """
    where = [is_in_review(Resource, [Review.OVERDUE], day_of(reading.at)), col(Resource.status).in_(OFFERED)]
    latest = queries.resources(where).order_by(None).order_by(col(Resource.review_due).desc(), col(Resource.slug))
    items = build_common(reading, reading.session.scalars(latest.limit(limit)).all())
    entries = _make_entries(reading, items)
    base, language = reading.base_url, reading.language
    feed = Feed(
        identity=identify("overdue", language).urn,
        title=TITLE[language],
        language=language,
        author=author,
        home=base + start_page(language),
        data=f"{base}/v1/resources?review=overdue",
        own=own,
        following=None,
        updated=entries[0].updated if entries else datetime.combine(day_of(reading.at), time.min, STOCKHOLM),
    )
    return feed, entries


def _make_entries(reading: Reading, items: Sequence[ResourceShown]) -> list[Entry]:
    """An entry a record, each a microsecond after the next: feed readers take two of the same moment for one."""
    base = reading.base_url
    return [
        Entry(
            id=identify("overdue", item.kind, item.id, str(item.review_due)),
            title=item.name,
            content=freshness_of(item),
            published=(since := _find_beginning(item.review_due)),
            updated=since + timedelta(microseconds=len(items) - place),
            page=base + resource_page(reading.language, item.id),
            record=f"{base}/v1/{item.kind.collection}/{item.id}",
            tags=[item.kind],
            language=reading.language,
        )
        for place, item in enumerate(items)
    ]


def _find_beginning(review_due: date | None) -> datetime:
    """The midnight after the last day in time."""
    assert review_due is not None  # as the statement says
    return datetime.combine(review_due + timedelta(1), time.min, STOCKHOLM)
