"""`/changes`: what was added, changed, ended or removed, in order, and as feeds."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import Query, Response
from fastapi.responses import JSONResponse
from pydantic import Field, StringConstraints
from sqlalchemy import ColumnElement
from sqlmodel import Session, col

from app.changes import queries
from app.changes.entries import TITLE, make_entry
from app.changes.models import ORGANIZATION, Change, What
from app.changes.schemas import Changes, ChangeShown, ChangesMeta
from app.changes.tokens import place, token
from app.http.contract import JSON, Parameters, answers
from app.http.feeds import ATOM, JSON_FEED, Entry, Feed, write_atom, write_json_feed
from app.http.links import Link, Links, link
from app.http.paging import MAX_LIMIT
from app.http.routing import Router
from app.identity import identify
from app.opening_hours.live import Moment
from app.page_paths import resource_page, start_page
from app.resources.building import build_common
from app.resources.freshness import freshness_of
from app.resources.listing import Asking, AskingDep
from app.resources.models import Kind, Resource
from app.resources.queries import count
from app.resources.queries import resources as list_rows
from app.texts import text_of

router = Router(tags=["changes"])


Token = Annotated[str, StringConstraints(min_length=1, max_length=60)]


class FeedParameters(Parameters):
    """What a feed may be asked for."""

    limit: int = Field(20, ge=1, le=MAX_LIMIT, description="How many changes to return, at most.")
    before: Token | None = Field(
        None, description="What came before this token, as the links to the next page of a feed have it."
    )
    since: Moment | None = Field(
        None, description="What happened at or after this moment (RFC 3339 with offset, 2000 to 2076)."
    )


class ChangeParameters(FeedParameters):
    """What followers ask."""

    after: Token | None = Field(None, description="What came after this token: `_meta.after` of an earlier page.")


def _conditions(session: Session, wanted: FeedParameters) -> Iterator[ColumnElement[bool]]:
    if wanted.since is not None:
        yield col(Change.changed_at) >= wanted.since
    if wanted.before is not None:
        yield col(Change.sequence) < place(session, wanted.before, "before")
    if isinstance(wanted, ChangeParameters) and wanted.after is not None:
        yield col(Change.sequence) > place(session, wanted.after, "after")


def shown(asking: Asking, change: Change) -> ChangeShown:
    """A change as the API shows it."""
    kind: Kind | Literal["organization"] = ORGANIZATION if change.kind == ORGANIZATION else Kind(change.kind)
    collection = kind.collection if isinstance(kind, Kind) else "organizations"
    links: Links = {}
    if change.what is not What.REMOVED:
        links["related"] = link(asking, f"/v1/{collection}/{change.slug}", "related")
        if kind != ORGANIZATION:
            page = asking.base_url + resource_page(asking.language, change.slug)
            links["alternate"] = Link(href=page, rel="alternate", method="GET")
    return ChangeShown.model_construct(
        id=identify("change", str(change.sequence), change.changed_at.isoformat(), change.kind, change.slug),
        change=change.what,
        changed_at=change.changed_at,
        kind=kind,
        record=change.slug,
        former_record=change.former_slug,
        language=asking.language,
        name=text_of(change, "name", asking.language),
        status=change.status,
        links=links,
    )


@router.get(
    "/changes",
    summary="Ändringar",
    response_model=Changes,
)
@answers(JSON, ATOM, JSON_FEED, fresh=60)
def list_changes(wanted: Annotated[ChangeParameters, Query()], asking: AskingDep) -> Changes | Response:
    """What was added, changed, ended, renamed or removed, the oldest first, so that a copy can be kept up to date.

    Begin without parameters, or with `since`; follow `_links.next` while there is one, and keep `_meta.after`. Later,
    ask with `after` and that token: you get what has come since, and miss nothing, however many changes share a moment.
    A removed record leaves a tombstone. A renamed one has its earlier id in `former_record`: move what you keep under
    that. Fetch a record anew when something has happened to it. Where an organization, an area, an audience, a topic
    or the line that a record leads to gets another name, or a cited source another title, address or date, all records
    that show it are `changed`, in the same edition; their `updated_at` stays, as their own content does.

    With `Accept: application/atom+xml` or `application/feed+json` the same, newest first, for feed readers.

    Vad som är nytt, ändrat, inte längre gäller eller är borttaget, i ordning. Spara `_meta.after` och fråga med
    `after` nästa gång, så missas ingenting.
    """
    where = list(_conditions(asking.session, wanted))
    if asking.format != JSON:
        return _feed(asking, wanted, where)
    found = asking.session.scalars(queries.changes(where).limit(wanted.limit + 1)).all()
    rows = found[: wanted.limit]
    last = token(rows[-1]) if rows else wanted.after
    meta = ChangesMeta(
        total=asking.session.scalar(count(queries.changes(where))) or 0, count=len(rows), limit=wanted.limit, after=last
    )
    links = _links(asking, wanted, last if len(found) > len(rows) else None)
    return Changes.model_construct(meta=meta, links=links, items=[shown(asking, change) for change in rows])


@router.get(
    "/changes.atom",
    summary="Ändringar som Atom",
    response_class=Response,
)
@answers(ATOM, fresh=300)
def get_atom_feed(wanted: Annotated[FeedParameters, Query()], asking: AskingDep) -> Response:
    """The latest changes for feed readers, newest first: Atom 1.0, with `next` to older ones (RFC 5005).

    Entries lead to the page for people; the record as JSON is another link. Changes that were published together have
    the same `published`, and an `updated` each, a microsecond apart in their order.

    De senaste ändringarna för nyhetsläsare, de nyaste först.
    """
    return _feed(asking, wanted, list(_conditions(asking.session, wanted)))


@router.get(
    "/changes/feed.json",
    summary="Ändringar som JSON Feed",
    response_class=Response,
)
@answers(JSON_FEED, fresh=300)
def get_json_feed(wanted: Annotated[FeedParameters, Query()], asking: AskingDep) -> Response:
    """The latest changes for feed readers, newest first: JSON Feed 1.1, with `next_url` to older ones.

    Items lead to the page for people; the record as JSON is in `_stodkatalogen.record`. Changes that were published
    together have the same `date_published`, and a `date_modified` each, a microsecond apart in their order.

    De senaste ändringarna för nyhetsläsare, de nyaste först.
    """
    return _feed(asking, wanted, list(_conditions(asking.session, wanted)))


def _feed(asking: Asking, wanted: FeedParameters, where: list[ColumnElement[bool]]) -> Response:
    rows = asking.session.scalars(queries.newest(where).limit(wanted.limit + 1)).all()
    entries = _entries(asking, rows[: wanted.limit])
    following = token(rows[wanted.limit - 1]) if len(rows) > wanted.limit else None
    is_atom = asking.format == ATOM
    feed = Feed(
        identity=identify("changes", asking.language).urn,
        title=TITLE[asking.language],
        language=asking.language,
        author=asking.settings.publisher_name,
        home=asking.base_url + start_page(asking.language),
        data=f"{asking.base_url}/v1/changes",
        own=asking.address,
        following=_following(asking, wanted, following, "/v1/changes.atom" if is_atom else "/v1/changes/feed.json"),
        updated=entries[0].updated if entries else asking.at,
    )
    if is_atom:
        return Response(write_atom(feed, entries), media_type=ATOM)
    return JSONResponse(write_json_feed(feed, entries), media_type=JSON_FEED)


def _entries(asking: Asking, rows: Sequence[Change]) -> list[Entry]:
    """Feed readers order by `updated`, and take two entries that share it for one: changes that were published together
    are told a microsecond apart, in their order."""
    statement = queries.first_of_editions({row.edition for row in rows})
    first = dict(asking.session.execute(statement).all())
    slugs = [row.slug for row in rows if row.kind != ORGANIZATION]
    resources = asking.session.scalars(list_rows([col(Resource.slug).in_(slugs)])).all()
    freshness = {item.id: freshness_of(item) for item in build_common(asking, resources)}
    return [
        make_entry(
            shown(asking, row),
            row.changed_at + timedelta(microseconds=row.sequence - first[row.edition]),
            freshness.get(row.slug) if row.kind != ORGANIZATION and row.what is not What.REMOVED else None,
        )
        for row in rows
    ]


def _following(asking: Asking, wanted: FeedParameters, before: str | None, path: str) -> str | None:
    """The address of a feed's next page; it names the format."""
    if before is None:
        return None
    kept = {name: value for name, value in asking.request.query_params.items() if name in ("since", "after", "lang")}
    query = urlencode({"limit": str(wanted.limit), "before": before, **kept})
    return f"{asking.base_url}{path}?{query}"


def _links(asking: Asking, wanted: ChangeParameters, following: str | None) -> Links:
    request = asking.request
    kept = {name: value for name, value in request.query_params.items() if name not in ("after", "limit")}
    base = f"{asking.base_url}{request.url.path}"

    def address(rel: str, after: str | None) -> Link:
        query = urlencode({**kept, "limit": str(wanted.limit), **({"after": after} if after else {})})
        return Link(href=f"{base}?{query}", rel=rel, method="GET")

    links = {"self": address("self", wanted.after), "first": address("first", None)}
    return {**links, "next": address("next", following)} if following else links
