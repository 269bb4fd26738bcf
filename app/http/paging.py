"""Pages of lists: `limit` and `offset`, an envelope, and links that keep the other parameters."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Generic, NamedTuple, Required, TypeVar
from urllib.parse import urlencode

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from typing_extensions import TypedDict  # pydantic reads no other before Python 3.12

from app.http.contract import Parameters
from app.http.links import Link, base_url
from app.http.problems import invalid

Item = TypeVar("Item")

MAX_LIMIT = 100
MAX_OFFSET = 1_000_000
FIRST_PAGES = 1000
"""From here on, `_links.next` goes on by `after`."""


class PageParameters(Parameters):
    """The parameters of every list."""

    limit: int = Field(20, ge=1, le=MAX_LIMIT, description="How many to return, at most.")
    offset: int = Field(0, ge=0, le=MAX_OFFSET, description="How many to pass over first. Past the end: an empty list.")

    @property
    def turns_on_the_moment(self) -> bool:
        """Whether what is listed, and not only what is shown of it, may be other the next minute."""
        return False


class KeysetParameters(PageParameters):
    """The parameters of lists that may be long."""

    after: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,400}$")] | None = Field(
        None,
        description="Where to go on, as `_links.next` gave it; outranks `offset`, and is faster far down a list.",
    )


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a list: how many rows come before it, and what the last of them is ordered by."""

    offset: int
    values: tuple[str | int, ...]

    def token(self) -> str:
        """The place as `after` has it."""
        written = json.dumps([self.offset, *self.values], separators=(",", ":"))
        return base64.urlsafe_b64encode(written.encode()).decode().rstrip("=")


def place_of(parameters: PageParameters, types: Sequence[type]) -> Place | None:
    """The place that `after` names, in a list ordered by columns of these types. Raises InvalidParameter."""
    token = parameters.after if isinstance(parameters, KeysetParameters) else None
    if token is None:
        return None
    try:
        offset, *values = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    except (ValueError, TypeError):
        offset, values = -1, []
    if [type(part) for part in (offset, *values)] == [int, *types] and offset >= 0 and all(map(_storable, values)):
        return Place(offset, tuple(values))
    raise invalid("after", "is not a value that `_links.next` of this list gave")


def _storable(value: str | int) -> bool:
    return value.isprintable() if isinstance(value, str) else abs(value) < 2**31


class Meta(BaseModel):
    """Which part of the whole a page is."""

    total: int = Field(description="How many there are in all, with these filters.")
    total_is_exact: bool = Field(
        exclude_if=bool,
        description="`false` where there are more than `total`: a long list is counted up to 10,000, which is then its "
        "`total`. Left out where `total` is exact.",
    )
    count: int = Field(description="How many are on this page.")
    limit: int = Field(description="How many a page may hold.")
    offset: int = Field(description="How many come before this page.")
    left_out: int | None = Field(
        description="Where `total` is 0: how many records match the filters but are `outdated` or `ended`, which are "
        "listed only if `status` names them. Null otherwise, and for lists without `status`."
    )


class AtLeast(NamedTuple):
    """The total of a list that has more rows than are counted, and whether a page comes after the one that is built."""

    number: int
    has_next: bool


class PageLinks(TypedDict, total=False):
    """Where the pages of a list are. The last page has no `next`, the first no `prev`."""

    self: Required[Link]
    first: Required[Link]
    last: Link
    prev: Link
    next: Link


class Page(BaseModel, Generic[Item]):
    """A page of a list."""

    model_config = ConfigDict(populate_by_name=True)

    meta: Meta = Field(alias="_meta", description="Which part of the whole this is.")
    links: PageLinks = Field(
        alias="_links",
        description="`self`, `first`, `last` where `total` is exact, and `prev` and `next` where there are such.",
    )
    items: list[Item] = Field(description="The page's items, in the order of the list.")


def build_page(
    request: Request,
    items: Sequence[Item],
    total: int | AtLeast,
    parameters: PageParameters,
    offset: int | None = None,
    following: Place | None = None,
    left_out: int | None = None,
) -> Page[Item]:
    """The envelope around one page.

    `following`: the place after it, for a list that has such. `left_out`: as in `Meta`.
    """
    start = parameters.offset if offset is None else offset
    is_exact = isinstance(total, int)
    number, has_next = (total, start + parameters.limit < total) if isinstance(total, int) else total
    meta = Meta(
        total=number, total_is_exact=is_exact, count=len(items), limit=parameters.limit, offset=start, left_out=left_out
    )
    return Page[Item].model_construct(meta=meta, links=_links(request, meta, following, has_next), items=list(items))


def previous_offset(offset: int, limit: int, count: int, total: int) -> int:
    """Where the page before one with `count` items begins. Before a page past the end comes the last."""
    before = offset - limit
    return max(0, before if count else min(before, last_offset(limit, total)))


def last_offset(limit: int, total: int) -> int:
    """Where the page with the last of so many begins."""
    return max(0, (total - 1) // limit * limit)


def _links(request: Request, meta: Meta, following: Place | None, has_next: bool) -> PageLinks:
    address = f"{base_url(request)}{request.url.path}"
    ours = ("limit", "offset", "after")
    pairs = [(name, value) for name, value in request.query_params.multi_items() if name not in ours]

    def at(rel: str, **place: object) -> Link:
        query = urlencode([*pairs, ("limit", meta.limit), *place.items()])
        return Link(href=f"{address}?{query}", rel=rel, method="GET")

    links: PageLinks = {"self": at("self", offset=meta.offset), "first": at("first", offset=0)}
    if meta.total_is_exact:
        links["last"] = at("last", offset=last_offset(meta.limit, meta.total))
    if meta.offset > 0:
        links["prev"] = at("prev", offset=previous_offset(meta.offset, meta.limit, meta.count, meta.total))
    if has_next:
        if following is not None and following.offset >= FIRST_PAGES:
            links["next"] = at("next", after=following.token())
        else:
            links["next"] = at("next", offset=meta.offset + meta.limit)
    return links
