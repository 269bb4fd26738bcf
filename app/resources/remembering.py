"""Single records as they were shown last: read once while the store is as it was, told anew for each moment."""

from collections.abc import Callable, Hashable, Sequence
from datetime import date
from typing import Any, TypeVar, TypeVarTuple, cast

from fastapi import Response
from pydantic_core import from_json, to_json, to_jsonable_python
from sqlalchemy import Select
from starlette.concurrency import run_in_threadpool

from app.http.contract import JSON
from app.opening_hours.live import Exceptional
from app.resources.listing import Asking, answer_single
from app.resources.reading import Reading, build_hours_at, tell_review
from app.resources.reviewing import day_of
from app.resources.schemas import ResourceShown

MAX_BYTES = 3 * 1024 * 1024
OVERHEAD = 500
"""What one record takes beside its text, in bytes, roughly."""

Columns = TypeVarTuple("Columns")
Shown = TypeVar("Shown", bound=ResourceShown)


class Records:
    """Records as JSON, by what they depend on beside the moment; bounded in bytes.

    They belong to the version of the store that was seen before they were read, and are given to those who have seen
    the same. Each is whole, from one snapshot: an answer is made from it alone, or from the store alone. For the event
    loop's thread only.
    """

    def __init__(self) -> None:
        self._version: Hashable | None = None
        self._texts: dict[Hashable, bytes] = {}
        self._size = 0

    def get(self, version: Hashable | None, key: Hashable) -> bytes | None:
        """What is known; nothing without a version, which is where nobody has looked at the store."""
        return self._texts.get(key) if version is not None and version == self._version else None

    def keep(self, version: Hashable | None, key: Hashable, text: bytes) -> None:
        """Know this for whoever comes next; what has been known for longest makes way."""
        if version != self._version:
            self._version, self._texts, self._size = version, {}, 0
        if version is None or key in self._texts:
            return
        self._texts[key] = text
        self._size += len(text) + OVERHEAD
        while self._size > MAX_BYTES:
            self._size -= len(self._texts.pop(next(iter(self._texts)))) + OVERHEAD


async def answer_record(
    asking: Asking,
    find: Callable[[str], Select[*Columns]],
    show: Callable[[Reading, Sequence[tuple[*Columns]]], list[Shown]],
    collection: str,
    slug: str,
) -> Shown:
    """The one resource with this id, as the answer that FastAPI sends as it is. Raises NotFound."""
    records: Records = asking.request.app.state.records
    version = asking.context.version
    # Links keep the `lang` of the address, which the language alone does not tell.
    # What machines saw of the sources makes no version: the day stands for it.
    day = day_of(asking.at) if asking.live else None
    key = (collection, slug, asking.language, asking.asked_language, asking.base_url, day)
    text = records.get(version, key) if asking.format == JSON and not asking.lasting else None
    if text is not None:
        text = update_moment(asking, text)
    else:
        record: Any = await run_in_threadpool(lambda: answer_single(asking, find(slug), show, collection, slug))
        if not isinstance(record, ResourceShown) or asking.lasting:
            return cast(Shown, record)
        text = record.model_dump_json(by_alias=True).encode()
        records.keep(version, key, text)
    return cast(Shown, Response(text, media_type=JSON))


def update_moment(asking: Reading, text: bytes) -> bytes:
    """The same record at the moment asked about: nothing else that is shown depends on it."""
    record = from_json(text)
    verified_at, review_due = (
        record[name] and date.fromisoformat(record[name]) for name in ("verified_at", "review_due")
    )
    record["review"] = tell_review(asking, verified_at, review_due)
    for point in record["contact_points"]:
        if (hours := point["opening_hours"]) is not None:
            exceptions = [_exceptional(exception) for exception in hours["exceptions"]]
            hours.update(to_jsonable_python(build_hours_at(asking, hours["expression"], exceptions)))
    return to_json(record)


def _exceptional(exception: dict[str, str]) -> Exceptional:
    starts_on, ends_on = date.fromisoformat(exception["starts_on"]), date.fromisoformat(exception["ends_on"])
    return Exceptional(starts_on, ends_on, exception["expression"])
