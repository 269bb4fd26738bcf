"""Single records as they were shown last: read once while the store is as it was, told anew for each moment."""

from collections.abc import Callable, Hashable, Sequence
from typing import Any, TypeVar, TypeVarTuple, cast

from sqlalchemy import Select
from starlette.concurrency import run_in_threadpool

from app.http.contract import JSON
from app.http.links import base_url
from app.resources.listing import single
from app.resources.reading import Asking, hours_at
from app.resources.schemas import ResourceShown

MOST = 1000
Columns = TypeVarTuple("Columns")
Shown = TypeVar("Shown", bound=ResourceShown)


class Records:
    """What was shown, by what it depends on beside the moment.

    It belongs to the version of the store that was seen before it was read, and is given to those who have seen the
    same. It is whole, from one snapshot: an answer is made from it alone, or from the store alone. For the event loop's
    thread only.
    """

    def __init__(self) -> None:
        self._version: Hashable | None = None
        self._shown: dict[Hashable, ResourceShown] = {}

    def get(self, version: Hashable | None, key: Hashable) -> ResourceShown | None:
        """What is known; nothing without a version, which is where nobody has looked at the store."""
        return self._shown.get(key) if version is not None and version == self._version else None

    def keep(self, version: Hashable | None, key: Hashable, shown: ResourceShown) -> None:
        """Know this for whoever comes next; what has been known for longest makes way."""
        if version is None:
            return
        if version != self._version:
            self._version, self._shown = version, {}
        elif len(self._shown) >= MOST:
            del self._shown[next(iter(self._shown))]
        self._shown[key] = shown


async def record(
    asking: Asking,
    find: Callable[[str], Select[*Columns]],
    show: Callable[[Asking, Sequence[tuple[*Columns]]], list[Shown]],
    collection: str,
    slug: str,
) -> Shown:
    """The one resource with this id, read where it is not known. Raises NotFound."""
    request, records = asking.request, cast(Records, asking.request.app.state.records)
    version, key = getattr(request.state, "version", None), (collection, slug, asking.language, base_url(request))
    known = records.get(version, key) if request.state.format == JSON and not asking.lasting else None
    if known is not None:
        return told_anew(asking, cast(Shown, known))
    found: Any = await run_in_threadpool(lambda: single(asking, find(slug), show, collection, slug))
    if isinstance(found, ResourceShown) and not asking.lasting:  # and not a Response in another format
        records.keep(version, key, found)
    return cast(Shown, found)


def told_anew(asking: Asking, shown: Shown) -> Shown:
    """The same record at the moment asked about: what else is shown does not depend on it."""
    points = [
        point
        if (hours := point.opening_hours) is None
        else point.model_copy(
            update={"opening_hours": hours.model_copy(update=hours_at(asking, hours.expression, hours.exceptions))}
        )
        for point in shown.contact_points
    ]
    return shown.model_copy(update={"contact_points": points})
