"""Pages of lists: `limit` and `offset`, an envelope, and links that keep the other parameters."""

from collections.abc import Sequence
from typing import Generic, TypeVar
from urllib.parse import urlencode

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field

from app.http.contract import Parameters
from app.http.links import Link, Links, base_url

Item = TypeVar("Item")

MAX_LIMIT = 100
MAX_OFFSET = 1_000_000


class PageParameters(Parameters):
    """The parameters of every list."""

    limit: int = Field(20, ge=1, le=MAX_LIMIT, description="How many to return, at most.")
    offset: int = Field(0, ge=0, le=MAX_OFFSET, description="How many to pass over first. Past the end: an empty list.")


class Meta(BaseModel):
    """Which part of the whole a page is."""

    total: int = Field(description="How many there are in all, with these filters.")
    count: int = Field(description="How many are on this page.")
    limit: int = Field(description="How many a page may hold.")
    offset: int = Field(description="How many come before this page.")


class Page(BaseModel, Generic[Item]):
    """A page of a list."""

    model_config = ConfigDict(populate_by_name=True)

    meta: Meta = Field(alias="_meta", description="Which part of the whole this is.")
    links: Links = Field(
        alias="_links", description="`self`, `first`, `last`, and `prev` and `next` where there are such."
    )
    items: list[Item] = Field(description="The page's items, in the order of the list.")


def page(request: Request, items: Sequence[Item], total: int, wanted: PageParameters) -> Page[Item]:
    """The envelope around one page."""
    meta = Meta(total=total, count=len(items), limit=wanted.limit, offset=wanted.offset)
    return Page[Item].model_construct(meta=meta, links=_links(request, meta), items=list(items))


def _links(request: Request, meta: Meta) -> Links:
    last = max(0, (meta.total - 1) // meta.limit * meta.limit)
    offsets = {"self": meta.offset, "first": 0, "last": last}
    if meta.offset > 0:
        offsets["prev"] = max(0, min(meta.offset - meta.limit, last))
    if meta.offset + meta.limit < meta.total:
        offsets["next"] = meta.offset + meta.limit
    return {
        rel: Link(href=_address(request, meta.limit, offset), rel=rel, method="GET") for rel, offset in offsets.items()
    }


def _address(request: Request, limit: int, offset: int) -> str:
    kept = [(name, value) for name, value in request.query_params.multi_items() if name not in ("limit", "offset")]
    query = urlencode([*kept, ("limit", limit), ("offset", offset)])
    return f"{base_url(request)}{request.url.path}?{query}"
