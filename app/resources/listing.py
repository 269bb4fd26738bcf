"""Lists and single answers, the same way for every kind."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, TypeVar, TypeVarTuple, cast

from fastapi import Depends, Path, Request
from sqlalchemy import Row, Select
from sqlmodel import Session

from app.database import session_of
from app.http.context import Context, context_of
from app.http.contract import JSON
from app.http.languages import asked_language_of, language_of
from app.http.links import base_url
from app.http.paging import AtLeast, KeysetParameters, Page, PageParameters, build_page
from app.http.problems import NotFound
from app.opening_hours.live import parse_moment, this_day, this_minute
from app.resources import slices
from app.resources.queries import IN_ORDER, Order, look_up_in_order
from app.resources.reading import Reading
from app.resources.renaming import redirect_renamed
from app.resources.slices import (
    Counts,
    choose_citations,
    count_left_out,
    is_early,
    is_followed,
    load_slice,
    note_turn,
    place_after,
)
from app.settings import Settings
from app.texts import Language
from app.times import midnight_after

Columns = TypeVarTuple("Columns")
Item = TypeVar("Item")

RECORD = (JSON, "application/ld+json", "text/vcard")
"""The formats of one resource. `app.state.representations` makes those that are not JSON: standards are built on the
kinds, not the kinds on standards."""

Id = Annotated[
    str,
    Path(alias="id", description="The `id` that lists give. One that a record had before leads on to it (308)."),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking(Reading):
    """What a route has at hand: the reading, and the request that it is made for. What routes call takes a Reading."""

    request: Request

    @property
    def context(self) -> Context:
        """What the layers around the routes are told of this request."""
        return context_of(self.request.scope)

    @property
    def format(self) -> str:
        """The media type to answer in."""
        return self.context.format

    @property
    def settings(self) -> Settings:
        """Those of the service that was asked."""
        settings: Settings = self.request.app.state.settings
        return settings

    @property
    def address(self) -> str:
        """What was asked for, absolute."""
        url = self.request.url
        return f"{self.base_url}{url.path}" + (f"?{url.query}" if url.query else "")


async def asking_of(request: Request) -> Asking:
    """Who asks, for which moment: `at`, which the route's parameters check, or now."""
    # It asks for no other dependency: each takes its time.
    session, language = session_of(request), language_of(request)
    try:
        return make_asking(request, session, language, parse_moment(request.query_params["at"]), live=False)
    except (KeyError, ValueError):
        now = this_day() if context_of(request.scope).lasting else this_minute()
        return make_asking(request, session, language, now, live=True)


def make_asking(request: Request, session: Session, language: Language, at: datetime, *, live: bool) -> Asking:
    """What a route has at hand, of all that the request and its context say."""
    context = context_of(request.scope)
    return Asking(
        request=request,
        session=session,
        base_url=base_url(request),
        language=language,
        asked_language=asked_language_of(request),
        at=at,
        live=live,
        lasting=context.lasting,
        aging=context.aging,
    )


AskingDep = Annotated[Asking, Depends(asking_of)]


def answer_list(
    asking: Asking,
    statement: Select[*Columns],
    parameters: PageParameters,
    show: Callable[[Reading, Sequence[tuple[*Columns]]], list[Item]],
    order: Order = IN_ORDER,
) -> Page[Item]:
    """One page of a list. `order`: what a list that goes on by `after` is ordered by."""
    note_turn(asking, parameters)
    counted = _load_total(asking, statement, parameters)
    statement = look_up_in_order(statement) if is_early(parameters, counted) else statement
    rows, start = load_slice(asking, statement, parameters, order)
    following = place_after(rows, start, order) if rows and isinstance(parameters, KeysetParameters) else None
    left_out = None if counted else count_left_out(asking, statement, parameters)
    total: int | AtLeast = counted
    if counted > slices.MOST_COUNTED:
        has_next = is_followed(asking, statement, start + parameters.limit, following, order)
        total = AtLeast(slices.MOST_COUNTED, has_next)
    items = choose_citations(show(asking, rows), parameters)
    return build_page(asking.request, items, total, parameters, start, following, left_out)


def _load_total(asking: Asking, statement: Select[*Columns], parameters: PageParameters) -> int:
    """As `Counts.load_total`, at this minute where the list turns by the minute, else until the day's end."""
    moment = asking.at if parameters.turns_on_the_moment else midnight_after(asking.at)
    filters = parameters.model_dump_json(exclude={*KeysetParameters.model_fields, "citations"})
    counts: Counts = asking.request.app.state.counts
    of = (asking.request.url.path, asking.language, filters, moment)
    return counts.load_total(asking.session, statement, asking.context.version, of)


def answer_single(
    asking: Asking,
    statement: Select[*Columns],
    show: Callable[[Reading, Sequence[tuple[*Columns]]], list[Item]],
    collection: str,
    slug: str,
) -> Item:
    """The one thing with this id. Raises NotFound, or Moved where it has another id now."""
    row: Any = find_single(asking, statement, collection, slug)
    if represent := asking.request.app.state.representations.get(asking.format):
        return cast(Item, represent(asking, row[0]))  # a Response, which FastAPI sends as it is
    return show(asking, [row])[0]


def find_single(asking: Asking, statement: Select[*Columns], collection: str, slug: str) -> Row[*Columns]:
    """The first row of a statement for the one thing with this id. Raises NotFound, or Moved as `single` does."""
    row = asking.session.execute(statement).first()
    if row is None:
        redirect_renamed(asking.request.url, asking.session, collection, slug)
        raise NotFound(f"There is nothing with the id {slug[:80]!r} in /v1/{collection}, which lists those that are.")
    return row
