"""Lists and single answers, the same way for every kind."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Annotated, TypeVar, TypeVarTuple, cast

from fastapi import Depends, Path, Request
from sqlalchemy import Select

from app.database import SessionDep
from app.http.contract import JSON, fresh_until
from app.http.languages import LanguageDep
from app.http.paging import Page, PageParameters, page
from app.http.problems import NotFound
from app.opening_hours.live import parse_moment, this_day, this_minute
from app.resources.filters import ReachableParameters
from app.resources.queries import count
from app.resources.reading import Asking

Columns = TypeVarTuple("Columns")
Item = TypeVar("Item")

RECORD = (JSON, "application/ld+json", "text/vcard")
"""The formats of one resource. `app.state.representations` makes those that are not JSON: standards are built on the
kinds, not the kinds on standards."""

Id = Annotated[str, Path(alias="id", description="The `id` that lists give.")]


def asking_of(request: Request, session: SessionDep, language: LanguageDep) -> Asking:
    """Who asks, for which moment: `at`, which the route's parameters check, or now."""
    try:
        return Asking(request, session, language, parse_moment(request.query_params["at"]), live=False)
    except (KeyError, ValueError):
        now = this_day() if getattr(request.state, "lasting", None) else this_minute()
        return Asking(request, session, language, now, live=True)


AskingDep = Annotated[Asking, Depends(asking_of)]


def listing(
    asking: Asking,
    statement: Select[*Columns],
    wanted: PageParameters,
    show: Callable[[Asking, Sequence[tuple[*Columns]]], list[Item]],
) -> Page[Item]:
    """One page of a list."""
    if asking.live and isinstance(wanted, ReachableParameters) and wanted.turns_on_the_moment:
        fresh_until(asking.request, asking.at + timedelta(minutes=1))
    total = asking.session.scalar(count(statement)) or 0
    rows = asking.session.execute(statement.limit(wanted.limit).offset(wanted.offset)).all()
    return page(asking.request, show(asking, rows), total, wanted)


def single(
    asking: Asking,
    statement: Select[*Columns],
    show: Callable[[Asking, Sequence[tuple[*Columns]]], list[Item]],
    collection: str,
    slug: str,
) -> Item:
    """The one thing with this id. Raises NotFound."""
    rows = asking.session.execute(statement).all()
    if not rows:
        raise NotFound(f"There is nothing with the id {slug[:80]!r} in /v1/{collection}, which lists those that are.")
    if represent := asking.request.app.state.representations.get(asking.request.state.format):
        return cast(Item, represent(asking, rows[0][0]))  # a Response, which FastAPI sends as it is
    return show(asking, rows)[0]
