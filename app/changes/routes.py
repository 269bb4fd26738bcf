"""`/changes`: what was added, changed, ended or removed, in order, and as feeds."""

from collections.abc import Iterator
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Query, Response
from fastapi.responses import JSONResponse
from sqlalchemy import ColumnElement
from sqlmodel import Session, col

from app.changes import queries
from app.changes.entries import TITLE
from app.changes.fields import touching
from app.changes.models import Change
from app.changes.reading import describe_change, make_entries
from app.changes.schemas import ChangeParameters, Changes, ChangesMeta, FeedParameters
from app.changes.tokens import make_token, parse_token
from app.http.contract import JSON, answers
from app.http.feeds import ATOM, JSON_FEED, Feed, write_atom, write_json_feed
from app.http.links import Link, Links
from app.http.routing import Router
from app.identity import identify
from app.page_paths import start_page
from app.resources.listing import Asking, AskingDep
from app.resources.queries import count

router = Router(tags=["changes"])


def _conditions(session: Session, parameters: FeedParameters) -> Iterator[ColumnElement[bool]]:
    if parameters.since is not None:
        yield col(Change.changed_at) >= parameters.since
    if parameters.changed:
        yield touching(parameters.changed)
    if parameters.before is not None:
        yield col(Change.sequence) < parse_token(session, parameters.before, "before")
    if isinstance(parameters, ChangeParameters) and parameters.after is not None:
        yield col(Change.sequence) > parse_token(session, parameters.after, "after")


@router.get(
    "/changes",
    summary="Ändringar",
    response_model=Changes,
)
@answers(JSON, ATOM, JSON_FEED, fresh=60)
def list_changes(parameters: Annotated[ChangeParameters, Query()], asking: AskingDep) -> Changes | Response:
    """What was added, changed, ended, renamed or removed, the oldest first, so that a copy can be kept up to date.

    Begin without parameters, or with `since`; follow `_links.next` while there is one, and keep `_meta.after`. Later,
    pass that token as `after` to get the changes since; none is missed, however many changes share a moment. A removed
    record leaves a tombstone. A renamed record has its earlier id in `former_record`: move what you keep under that id.
    Fetch a record again after each change to it. When an organization, an area, an audience, a topic or the line that
    a record leads to gets another name, or a cited source another title, address or date, all records that show it are
    `changed` in the same edition; their `updated_at` stays, because their own content does. `changed` narrows the list
    to some fields: `changed=contact_points.value` to changed numbers and addresses.

    `Accept: application/atom+xml` or `application/feed+json` returns the changes newest first, for feed readers.

    Vad som är nytt, ändrat, inte längre gäller eller är borttaget, i ordning. Spara `_meta.after` och fråga med
    `after` nästa gång, så missas ingenting.
    """
    where = list(_conditions(asking.session, parameters))
    if asking.format != JSON:
        return _feed(asking, parameters, where)
    rows_and_next = asking.session.scalars(queries.changes(where).limit(parameters.limit + 1)).all()
    rows = rows_and_next[: parameters.limit]
    last = make_token(rows[-1]) if rows else parameters.after
    meta = ChangesMeta(
        total=asking.session.scalar(count(queries.changes(where))) or 0,
        count=len(rows),
        limit=parameters.limit,
        after=last,
    )
    links = _links(asking, parameters, last if len(rows_and_next) > len(rows) else None)
    return Changes.model_construct(meta=meta, links=links, items=[describe_change(asking, change) for change in rows])


@router.get(
    "/changes.atom",
    summary="Ändringar som Atom",
    response_class=Response,
)
@answers(ATOM, fresh=300)
def get_atom_feed(parameters: Annotated[FeedParameters, Query()], asking: AskingDep) -> Response:
    """The latest changes for feed readers, newest first: Atom 1.0, with `next` to older ones (RFC 5005).

    Entries lead to the page for people; the record as JSON is another link. Changes that were published together have
    the same `published`, and an `updated` each, a microsecond apart in their order.

    De senaste ändringarna för nyhetsläsare, de nyaste först.
    """
    return _feed(asking, parameters, list(_conditions(asking.session, parameters)))


@router.get(
    "/changes/feed.json",
    summary="Ändringar som JSON Feed",
    response_class=Response,
)
@answers(JSON_FEED, fresh=300)
def get_json_feed(parameters: Annotated[FeedParameters, Query()], asking: AskingDep) -> Response:
    """The latest changes for feed readers, newest first: JSON Feed 1.1, with `next_url` to older ones.

    Items lead to the page for people; the record as JSON is in `_stodkatalogen.record`. Changes that were published
    together have the same `date_published`, and a `date_modified` each, a microsecond apart in their order.

    De senaste ändringarna för nyhetsläsare, de nyaste först.
    """
    return _feed(asking, parameters, list(_conditions(asking.session, parameters)))


def _feed(asking: Asking, parameters: FeedParameters, where: list[ColumnElement[bool]]) -> Response:
    rows = asking.session.scalars(queries.newest(where).limit(parameters.limit + 1)).all()
    entries = make_entries(asking, rows[: parameters.limit])
    following = make_token(rows[parameters.limit - 1]) if len(rows) > parameters.limit else None
    is_atom = asking.format == ATOM
    feed = Feed(
        identity=identify("changes", asking.language, *parameters.changed).urn,
        title=": ".join((TITLE[asking.language], *([", ".join(parameters.changed)] if parameters.changed else []))),
        language=asking.language,
        author=asking.settings.publisher_name,
        home=asking.base_url + start_page(asking.language),
        data=f"{asking.base_url}/v1/changes",
        own=asking.address,
        following=_following(asking, parameters, following, "/v1/changes.atom" if is_atom else "/v1/changes/feed.json"),
        updated=entries[0].updated if entries else asking.at,
    )
    if is_atom:
        return Response(write_atom(feed, entries), media_type=ATOM)
    return JSONResponse(write_json_feed(feed, entries), media_type=JSON_FEED)


def _following(asking: Asking, parameters: FeedParameters, before: str | None, path: str) -> str | None:
    """The address of a feed's next page, with a path that names the format."""
    if before is None:
        return None
    pairs = asking.request.query_params.multi_items()
    filters = [(name, value) for name, value in pairs if name in ("since", "after", "changed", "lang")]
    query = urlencode([("limit", str(parameters.limit)), ("before", before), *filters])
    return f"{asking.base_url}{path}?{query}"


def _links(asking: Asking, parameters: ChangeParameters, following: str | None) -> Links:
    request = asking.request
    filters = [pair for pair in request.query_params.multi_items() if pair[0] not in ("after", "limit")]
    base = f"{asking.base_url}{request.url.path}"

    def address(rel: str, after: str | None) -> Link:
        query = urlencode([*filters, ("limit", str(parameters.limit)), *([("after", after)] if after else [])])
        return Link(href=f"{base}?{query}", rel=rel, method="GET")

    links = {"self": address("self", parameters.after), "first": address("first", None)}
    return {**links, "next": address("next", following)} if following else links
